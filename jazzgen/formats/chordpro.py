"""Read ChordPro songs: chords over a text, or in grids of bars (https://www.chordpro.org/chordpro/).

    song      = {line}
    line      = "{" name [":" value] "}"        a directive
              | text with [chords] in it        each chord takes a bar, as the song gives no durations
              | in a grid: | C . . . | G7 . |   as in `harmony.changes`, one cell per beat

If a song has grids, their bars are the changes, and the chords over the text are ignored. `{chorus}` repeats the last
chorus.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from jazzgen.errors import ChordError, CorpusError, ScoreError
from jazzgen.formats.notation.drafts import SWING
from jazzgen.formats.notation.loading import decoded
from jazzgen.formats.reading import Reading, ReadOptions, read_bytes, told
from jazzgen.harmony.changes import MAX_BARS, Changes, Chart, ChordSpan, parse_chart
from jazzgen.harmony.chords import is_no_chord, parse_chord
from jazzgen.harmony.keyfinding import guess_key
from jazzgen.harmony.pitch import Key
from jazzgen.music.score import Credits, Mark, Score
from jazzgen.music.timing import MAX_BPM, MIN_BPM, Meter
from jazzgen.system.limits import short_lines

MAX_BYTES = 1024 * 1024  # set by hand
_BPM = 120.0  # for songs without a tempo; the default of the MIDI standard
_DIRECTIVE = re.compile(r"\s*+\{\s*+([A-Za-z_]++)(?:-[\w!-]++)?(?:(?:\s*+:\s*+|\s++(?!\}))([^{}]*+))?\s*+\}\s*+")
_CHORD = re.compile(r"\[([^\[\]]*)\]")
_GRID_LINE = re.compile(r"[^|]*(\|.*[|\]])")  # skips text in the margins
_SHORT = {
    "t": "title", "st": "subtitle", "su": "subtitle", "sog": "start_of_grid", "eog": "end_of_grid",
    "soc": "start_of_chorus", "eoc": "end_of_chorus", "sov": "start_of_verse", "eov": "end_of_verse",
    "sob": "start_of_bridge", "eob": "end_of_bridge", "sot": "start_of_tab", "eot": "end_of_tab",
}  # fmt: skip
_NOT_CHORDS = ("tab", "abc", "ly", "svg", "textblock")  # sections of other content
_LEFT_OUT = {"capo": "a capo: all is as written", "transpose": "a transposition: all is as written"}


@dataclass
class _Song:
    """A song while it is read.

    Attributes:
        values: of directives, by name.
        chords: (symbol, label of the section it starts or "") of each chord over the text.
        chorus: those of the last chorus.
        grid: lines of grids, in the language of `harmony.changes`.
        left_out: messages, as keys to keep each once and in order.
    """

    values: dict[str, str] = field(default_factory=dict)
    chords: list[tuple[str, str]] = field(default_factory=list)
    chorus: list[tuple[str, str]] = field(default_factory=list)
    grid: list[str] = field(default_factory=list)
    section: str = ""
    label: str = ""
    has_text: bool = False
    left_out: dict[str, None] = field(default_factory=dict)


def readings(path: Path, options: ReadOptions = ReadOptions()) -> Iterator[Reading]:
    """Yield the one piece of a song.

    Raises:
        CorpusError: when it has no chords, or naming the bar of a grid and what is wrong in it.
    """
    reading = parse_song(short_lines(decoded(read_bytes(path, MAX_BYTES))), path.stem)
    yield replace(reading, score=reading.score.excerpt(*options.bars)) if options.bars else reading


def parse_song(text: str, title: str) -> Reading:
    r"""Read a song; `title` is used if the text names none.

    Raises:
        CorpusError: when it has no chords, or naming the bar of a grid and what is wrong in it.

    Example:
        >>> song = parse_song("{title: Riff}\n[F7]Oh the [Bb7]rain", "untitled")
        >>> song.score.title, [str(span.chord) for span in song.score.changes]
        ('Riff', ['F7', 'Bb7'])
    """
    song = _Song()
    for line in text.splitlines():
        directive = _DIRECTIVE.fullmatch(line)
        if directive:
            _take_directive(song, _SHORT.get(directive[1].lower(), directive[1].lower()), (directive[2] or "").strip())
        elif not line.startswith("#"):
            _take_line(song, line)
    return _reading(song, title)


def _take_directive(song: _Song, name: str, value: str) -> None:
    if name.startswith("start_of_"):
        song.section = name.removeprefix("start_of_")
        song.label = _label(value) or song.section.replace("_", " ").title()
        if song.section == "chorus":
            song.chorus = []
    elif name.startswith("end_of_"):
        song.section = song.label = ""
    elif name == "chorus":
        song.chords += song.chorus
    elif name in _LEFT_OUT and value.strip("0"):
        song.left_out[_LEFT_OUT[name]] = None
    elif value:
        song.values.setdefault(name, " ".join(value.split()))


def _label(value: str) -> str:
    """Return the label in `label="Chorus 1"`, or plain text that is neither an attribute nor a grid's shape."""
    named = re.search(r"label\s*=\s*[\"']([^\"']*)[\"']", value)
    return named[1].strip() if named else value if "=" not in value and not re.search(r"\dx\d", value) else ""


def _take_line(song: _Song, line: str) -> None:
    if song.section == "grid":
        if bars := _GRID_LINE.match(line):
            song.grid.append(bars[1].replace("|.", "|"))
        return
    if song.section in _NOT_CHORDS:
        return
    symbols = [symbol.strip() for symbol in _CHORD.findall(line) if symbol.strip() and not symbol.startswith("*")]
    found = [(symbol, "" if place else song.label) for place, symbol in enumerate(symbols)]
    song.chords += found
    if symbols:
        song.label = ""
    if song.section == "chorus":
        song.chorus += found
    song.has_text |= bool(_CHORD.sub("", line).strip())


def _reading(song: _Song, title: str) -> Reading:
    not_understood: list[str] = []
    meter = _meter(song)
    if song.grid:
        chart = parse_chart("\n".join(song.grid), meter)
        reason = "chords: as written in its grids"
    else:
        chart = _chart(song, meter, not_understood)
        reason = "chords: as written, a bar for each, which is a guess; the song has no grid to say how long they are"
    score = Score(
        title=song.values.get("title", title),
        tempos=((0, _bpm(song)),),
        meters=chart.meters,
        key=_key(song, chart.changes),
        changes=chart.changes,
        feel="swing" if SWING.search(song.values.get("subtitle", "")) else "straight",
        marks=tuple(_marks(chart)),
        credits=Credits(composer=song.values.get("composer", song.values.get("artist", ""))),
    )
    text = ["its text"] if song.has_text else []
    left_out = (*song.left_out, *text, *told([*dict.fromkeys(not_understood)]))
    return Reading(score, "melody: none, a song holds words and chords", reason, left_out=left_out)


def _marks(chart: Chart) -> Iterator[Mark]:
    ends = [*(onset for onset, _ in chart.sections[1:]), chart.end]
    for (onset, label), end in zip(chart.sections, ends, strict=False):  # without sections there is still an end
        yield Mark(onset, end - onset, "section", label)


def _chart(song: _Song, meter: Meter, not_understood: list[str]) -> Chart:
    if not song.chords:
        raise CorpusError("holds no chords; ChordPro writes them in brackets, as in [Am7], or in a grid")
    if len(song.chords) > MAX_BARS:
        raise CorpusError(f"has more than {MAX_BARS} chords with its choruses; split it")
    spans: list[ChordSpan] = []
    for number, (symbol, _) in enumerate(song.chords):
        try:
            chord = None if is_no_chord(symbol) else parse_chord(symbol)
        except ChordError as error:
            not_understood.append(f"{error}; no chord stands there")
            chord = None
        spans.append(ChordSpan(number * meter.bar_ticks, meter.bar_ticks, chord))
    if not any(span.chord for span in spans):
        raise CorpusError(not_understood[0] if not_understood else "holds no chord but N.C.")
    sections = tuple((n * meter.bar_ticks, label) for n, (_, label) in enumerate(song.chords) if label)
    return Chart(tuple(spans), ((0, meter),), sections)


def _meter(song: _Song) -> Meter:
    try:
        return Meter.parse(song.values.get("time", "4/4"))
    except ScoreError:
        song.left_out[f"the time '{song.values['time'][:20]}': 4/4 is taken"] = None
        return Meter()


def _key(song: _Song, changes: Changes) -> Key:
    try:
        return Key.parse(song.values["key"])
    except (KeyError, ChordError):
        return guess_key(changes)


def _bpm(song: _Song) -> float:
    text = song.values.get("tempo", "")
    bpm = float(text) if re.fullmatch(r"\d{1,4}(?:\.\d{1,4})?", text, re.ASCII) else 0.0
    return bpm if MIN_BPM <= bpm <= MAX_BPM else _BPM
