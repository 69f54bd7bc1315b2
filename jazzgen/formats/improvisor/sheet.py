"""Sort the words of an Impro-Visor leadsheet into headers, bars of chords and melody parts.

Words that start with a capital are chords and those with a small letter are notes, wherever they stand.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from jazzgen.errors import CorpusError
from jazzgen.formats.improvisor.text import Form, Word, read_items
from jazzgen.harmony.changes import MAX_BARS
from jazzgen.music.score import MarkKind

BAR_LINES = ("|", ",")
HOLD = "/"
# Directives that become part of the score; those that only concern display and playback; and those that are reported
# as left out unless they are empty or 0.
_HEADERS = ("title", "composer", "meter", "key", "tempo", "style")
_UNHEARD = (
    *("volume", "bass-volume", "drum-volume", "chord-volume", "melody-volume", "bass-instrument", "breakpoint"),
    *("chord-font-size", "layout", "roadmap-layout", "bars", "show", "year", "swing"),
)
_LEFT_OUT = {
    "comments": "comments",
    "transpose": "a transposition: all is as written",
    "playback-transpose": "a playback transposition: all is as written",
}
_MAX_UNKNOWN = 10  # kinds of things reported as left out; set by hand


@dataclass
class MelodyPart:
    """A melody part as written: its title, General MIDI program, and its words."""

    title: str = ""
    program: int = 0
    words: list[Word] = field(default_factory=list)


@dataclass
class Sheet:
    """A leadsheet's contents.

    Attributes:
        headers: directives, by name.
        bars: the words of each bar of chords.
        marks: (index of the bar, kind, style) where a section or a phrase starts.
        left_out: what else the sheet holds.
    """

    headers: dict[str, Form] = field(default_factory=dict)
    bars: list[list[Word]] = field(default_factory=list)
    marks: list[tuple[int, MarkKind, str]] = field(default_factory=list)
    parts: list[MelodyPart] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def read_sheet(text: str) -> Sheet:
    """Sort the words of a sheet.

    Raises:
        CorpusError: naming the line of a word or parenthesis that is out of place.
    """
    sorter = _Sorter()
    for item in read_items(text):
        if isinstance(item, Form):
            sorter.take_form(item)
        else:
            sorter.take_word(item)
    sorter.close_bar()
    return sorter.sheet


def number(form: Form, low: int, high: int, place: int = 1) -> int:
    """Return the integer at `place` in a directive.

    Raises:
        CorpusError: when there is none, or it is not between `low` and `high`.
    """
    text = str(form.items[place]) if len(form.items) > place else ""
    try:
        value = int(text)
    except ValueError:
        value = low - 1
    if not low <= value <= high:
        raise CorpusError(f"line {form.line}: ({form.name} {form.value[:40]}): write a whole number, {low} to {high}")
    return value


class _Sorter:
    """Sorts items one by one. A bar line ends a bar of chords, or of melody if no chords came since the last."""

    def __init__(self) -> None:
        self.sheet = Sheet()
        self._bar: list[Word] = []
        self._in_melody = False
        self._forms: Mapping[str, Callable[[Form], None]] = {
            "part": self._part,
            "section": self._section,
            "phrase": self._section,
            "style": self._style,
        }

    def take_form(self, form: Form) -> None:
        if handle := self._forms.get(form.name):
            handle(form)
        elif form.name in _HEADERS:
            self.sheet.headers[form.name] = form
        elif form.name in _LEFT_OUT:
            if form.value.strip(" 0"):
                self._leave_out(_LEFT_OUT[form.name])
        elif form.name not in _UNHEARD:
            self._leave_out(f"the directive ({form.name[:20]} ..)")

    def take_word(self, word: Word) -> None:
        if word.text in BAR_LINES:
            if self._bar or (self.sheet.bars and not self._in_melody):
                self._end_bar(word)
        elif word.text.startswith(HOLD) or word.text[0].isupper():
            self._bar.append(word)
        elif word.text[0].islower():
            if not self.sheet.parts:
                self.sheet.parts.append(MelodyPart())
            self.sheet.parts[-1].words.append(word)
        else:
            self._leave_out(f"line {word.line}: '{word.text[:40]}', no chord, note or directive")

    def close_bar(self) -> None:
        """End the last bar, as its bar line may be missing."""
        if self._bar:
            self._end_bar(self._bar[-1])

    def _end_bar(self, word: Word) -> None:
        self.sheet.bars.append(self._bar)
        self._bar = []
        if len(self.sheet.bars) > MAX_BARS:
            raise CorpusError(f"line {word.line}: the sheet goes on past {MAX_BARS} bars; split it")

    def _part(self, form: Form) -> None:
        inside = {inner.name: inner for inner in form.forms()}
        kind = inside["type"].value if "type" in inside else ""
        self._in_melody = kind == "melody"
        if self._in_melody:
            program = number(inside["instrument"], 0, 127) if "instrument" in inside else 0
            title = inside["title"].value if "title" in inside else ""
            self.sheet.parts.append(MelodyPart(title, program))
        elif kind != "chords":
            raise CorpusError(f"line {form.line}: a part of type '{kind[:20]}'; write chords or melody")
        if "roadmap" in inside:
            self._leave_out("a roadmap")

    def _section(self, form: Form) -> None:
        style = next((inner.items[1] for inner in form.forms() if inner.name == "style" and len(inner.items) > 1), "")
        self._mark("section" if form.name == "section" else "phrase", str(style))

    def _style(self, form: Form) -> None:
        self.sheet.headers.setdefault("style", form)
        if self.sheet.bars or self._bar:
            self._mark("section", str(form.items[1]) if len(form.items) > 1 else "")

    def _mark(self, kind: MarkKind, style: str) -> None:
        """Add a mark at the start of this bar, or of the next if this bar has chords already."""
        self.sheet.marks.append((len(self.sheet.bars) + bool(self._bar), kind, style))

    def _leave_out(self, what: str) -> None:
        if what not in self.sheet.left_out and len(self.sheet.left_out) < _MAX_UNKNOWN:
            self.sheet.left_out.append(what)
