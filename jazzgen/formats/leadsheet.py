"""Read lead sheets in plain text, as the starter corpus is written.

    title: Basement Stairs        headers, one per line: title, key, meter, tempo, feel, pickup (beats), form
    changes:                      bars in the language of `harmony.changes`
      | F7 | Bb7 |
    melody:                       as many bars, after the pickup bar if there is one
      | 4 r 8 C5 A4 | 4. Bb4 8 - 2 r |

A text without headers is all changes. The melody may be missing.

    value = 1 | 2 | 4 | 8 | 16, or dotted, as 4. | 3 (eighth-note triplet) | 6 (quarter-note triplet)
    item  = value | pitch | "r" (rest) | "-" (holds the note before)

A note value applies until the next one. Each bar must add up to its meter. Swing eighths are written even.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from jazzgen.errors import CorpusError, JazzgenError
from jazzgen.formats.reading import Reading, ReadOptions, read_bytes
from jazzgen.harmony.changes import Chart
from jazzgen.harmony.pitch import fifths_of, parse_pitch, plain_accidentals
from jazzgen.harmony.sheet import split_sheet
from jazzgen.harmony.tunes import Tune, parse_tune, parse_written_tune
from jazzgen.harmony.unfold import Signs
from jazzgen.music.score import TENOR_SAX, Mark, Note, Part, Score
from jazzgen.music.timing import TICKS_PER_BEAT, Bar, Meter, iter_bars

MELODY_NAME = "Melody"
_WHOLE = 4 * TICKS_PER_BEAT
VALUES = {str(n): _WHOLE // n for n in (1, 2, 4, 8, 16)}
VALUES |= {f"{name}.": ticks * 3 // 2 for name, ticks in VALUES.items()}
VALUES |= {"3": TICKS_PER_BEAT // 3, "6": 2 * TICKS_PER_BEAT // 3}


def readings(path: Path, options: ReadOptions = ReadOptions()) -> Iterator[Reading]:
    """Yield the one piece of a lead sheet.

    Raises:
        CorpusError: naming the bar and what is wrong in it.
    """
    try:
        text = read_bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CorpusError(f"is not UTF-8 text ({error.reason} at byte {error.start}); save it as such") from None
    signs: tuple[Signs, ...] = ()
    score = parse_leadsheet(text)
    if options.as_written and not score.parts and not options.bars:
        tune, signs = parse_written_tune(text)
        score = _score(tune, text)
    melody = "melody: as written" if score.parts else "no melody"
    yield Reading(score.excerpt(*options.bars) if options.bars else score, melody, "chords: as written", signs=signs)


def parse_leadsheet(text: str) -> Score:
    r"""Make a score of a lead sheet's text.

    Example:
        >>> score = parse_leadsheet("title: Riff\nchanges:\n| F7 |\nmelody:\n| 4 F4 A4 2 C5 |")
        >>> [(note.onset, note.duration, note.pitch) for note in score.melody.notes]
        [(0, 480, 65), (480, 480, 69), (960, 960, 72)]
    """
    return _score(parse_tune(text), text)


def _score(tune: Tune, text: str) -> Score:
    headers, blocks = split_sheet(text, block="changes")
    pickup = _pickup(headers.get("pickup", "0"), tune.chart.meter)
    meters = ((0, tune.chart.meter), *((onset + pickup, meter) for onset, meter in tune.chart.meters[1:]))
    bars = list(iter_bars(meters, pickup, pickup + tune.chart.end))
    melody = tuple(_notes(blocks["melody"], bars)) if "melody" in blocks else ()
    return Score(
        title=headers.get("title", "Untitled"),
        tempos=((0, tune.bpm),),
        meters=meters,
        key=tune.key,
        pickup=pickup,
        changes=tuple(replace(span, onset=span.onset + pickup) for span in tune.chart.changes),
        parts=(Part(MELODY_NAME, melody, program=TENOR_SAX),) if melody else (),
        feel=tune.feel,
        marks=tuple(_sections(tune.chart, pickup)),
    )


def _pickup(text: str, meter: Meter) -> int:
    """Return the length of the pickup in ticks; `text` is in beats."""
    try:
        return round(float(text) * meter.beat_ticks)
    except (ValueError, OverflowError):
        raise CorpusError(f"pickup '{text}': write how many beats come before bar 1, as in 1.5") from None


def _sections(chart: Chart, pickup: int) -> Iterator[Mark]:
    ends = [*(onset for onset, _ in chart.sections[1:]), chart.end]
    for (onset, label), end in zip(chart.sections, ends, strict=False):  # without sections there is still an end
        yield Mark(onset + pickup, end - onset, "section", label)


def _notes(melody: str, bars: Sequence[Bar]) -> Iterator[Note]:
    written = list(_melody_bars(melody))
    if len(written) != len(bars):
        raise CorpusError(
            f"the melody has {len(written)} bars and the changes, with the pickup, {len(bars)}; write as many of each"
        )
    onset = 0
    value = VALUES["4"]
    held: Note | None = None
    for bar, items in zip(bars, written, strict=True):
        for item in items:
            if item in VALUES:
                value = VALUES[item]
                continue
            if item == "-":
                if held is None:
                    raise CorpusError(f"bar {bar.number}: '-' holds a note, and there is none before it")
                held = replace(held, duration=held.duration + value)
            else:
                if held:
                    yield held
                held = None if item == "r" else _note(item, onset, value, bar.number)
            onset += value
        if onset != bar.end:
            whole = bar.meter if bar.number else "the pickup"
            raise CorpusError(f"bar {bar.number}: it is {(onset - bar.end) / TICKS_PER_BEAT:+g} beats off {whole}")
    if held:
        yield held


def _melody_bars(melody: str) -> Iterator[list[str]]:
    """Yield the items of each bar; bars are separated by `|` and line breaks."""
    for line in melody.splitlines():
        if line.strip(" \t|"):
            yield from (bar.split() for bar in line.strip().removeprefix("|").removesuffix("|").split("|"))


def _note(item: str, onset: int, duration: int, number: int) -> Note:
    try:
        name = plain_accidentals(item).rstrip("-0123456789").capitalize()
        return Note(onset, duration, parse_pitch(item), fifths=fifths_of(name))
    except JazzgenError as error:
        raise CorpusError(f"bar {number}: {error}") from None
