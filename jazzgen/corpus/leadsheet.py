"""Lead sheets as plain text: the readable source of the starter corpus.

    title: Basement Stairs        headers, one a line: title, key, meter, tempo, feel, pickup (beats), form
    changes:                      bars in the language of `harmony.changes`
      | F7 | Bb7 |
    melody:                       as many bars, and the pickup bar before them if there is one
      | 4 r 8 C5 A4 | 4. Bb4 8 - 2 r |

    value = 1 | 2 | 4 | 8 | 16, with a dot or not | 3 (eighth-note triplet) | 6 (quarter-note triplet)
    item  = value | pitch | "r" (rest) | "-" (the note before goes on)

A value holds until the next. Each bar adds up exactly. Eighths are written even.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import get_args

from jazzgen.errors import CorpusError, JazzgenError
from jazzgen.harmony.changes import ChordSpan, parse_changes, split_bars
from jazzgen.harmony.pitch import Key, parse_pitch
from jazzgen.score import TENOR_SAX, Feel, Note, Part, Score
from jazzgen.timing import TICKS_PER_BEAT, Meter

MELODY_NAME = "Melody"
_WHOLE = 4 * TICKS_PER_BEAT
VALUES = {str(n): _WHOLE // n for n in (1, 2, 4, 8, 16)}
VALUES |= {f"{name}.": ticks * 3 // 2 for name, ticks in VALUES.items()}
VALUES |= {"3": TICKS_PER_BEAT // 3, "6": 2 * TICKS_PER_BEAT // 3}
_HEADERS = ("title", "form", "key", "meter", "tempo", "feel", "pickup")


def read_leadsheet(path: Path) -> Score:
    """Reads a lead sheet.

    Raises:
        CorpusError: naming the file, the bar and what is wrong in it.
    """
    try:
        return parse_leadsheet(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, JazzgenError) as error:
        raise CorpusError(f"{path}: {error}") from None


def parse_leadsheet(text: str) -> Score:
    """The score that a lead sheet's text describes."""
    headers, blocks = _split(text)
    try:
        meter, key = Meter.parse(headers.get("meter", "4/4")), Key.parse(headers["key"])
        tempo, pickup = float(headers["tempo"]), round(float(headers.get("pickup", 0)) * meter.beat_ticks)
        changes = parse_changes(blocks["changes"], meter)
        melody = blocks["melody"]
    except KeyError as error:
        raise CorpusError(
            f"the lead sheet has no {error}; write 'key: F', 'tempo: 160', 'changes:' and 'melody:'"
        ) from None
    except (ValueError, OverflowError) as error:
        raise CorpusError(f"tempo and pickup are numbers: {error}") from None
    feel = headers.get("feel", "swing")
    if feel not in get_args(Feel):
        raise CorpusError(f"feel '{feel}': write swing or straight")
    return Score(
        title=headers.get("title", "Untitled"),
        tempos=((0, tempo),),
        meters=((0, meter),),
        key=key,
        pickup=pickup,
        changes=tuple(ChordSpan(span.onset + pickup, span.duration, span.chord) for span in changes),
        parts=(Part(MELODY_NAME, tuple(_notes(melody, meter, pickup, changes[-1].end)), program=TENOR_SAX),),
        feel="straight" if feel == "straight" else "swing",
    )


def _split(text: str) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Headers, and the two blocks."""
    headers: dict[str, str] = {}
    blocks: dict[str, str] = {}
    block = None
    for line in text.splitlines():
        name, colon, value = line.partition(":")
        if not line.strip():
            continue
        if colon and name.strip() in ("changes", "melody"):
            block = name.strip()
            blocks[block] = value
        elif colon and name.strip() in _HEADERS:
            headers[name.strip()] = value.strip()
        elif block:
            blocks[block] += "\n" + line
        else:
            raise CorpusError(f"the line '{line.strip()}' is neither a header ({', '.join(_HEADERS)}) nor in a block")
    return headers, blocks


def _notes(melody: str, meter: Meter, pickup: int, changes_end: int) -> Iterator[Note]:
    bars = split_bars(melody)
    onset, value, held = 0, VALUES["4"], None
    first = 0 if pickup else 1
    for number, items in enumerate(bars, first):
        end = onset + (meter.bar_ticks if number else pickup)
        for item in items:
            if item in VALUES:
                value = VALUES[item]
                continue
            if item == "-":
                if held is None:
                    raise CorpusError(f"bar {number}: '-' holds a note, and there is none before it")
                held = Note(held.onset, held.duration + value, held.pitch)
            else:
                if held:
                    yield held
                held = None if item == "r" else Note(onset, value, _pitch(item, number))
            onset += value
        if onset != end:
            whole = meter if number else "the pickup"
            raise CorpusError(f"bar {number}: it is {(onset - end) / TICKS_PER_BEAT:+g} beats off {whole}")
    if held:
        yield held
    if onset != changes_end + pickup:
        raise CorpusError(f"the melody has {len(bars)} bars and the changes do not end with it; write as many of each")


def _pitch(item: str, number: int) -> int:
    try:
        return parse_pitch(item)
    except JazzgenError as error:
        raise CorpusError(f"bar {number}: {error}") from None
