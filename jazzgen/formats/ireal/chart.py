"""Read iReal Pro's chart language: the bars as written, before repeats are unfolded.

    chart = {sign}                           every sign is one of `_SIGNS`
    chord = root quality ["/" bass]          `W` keeps the root before, as in `W/G`; `n` is N.C.
    bar   = cells between `|`, `[ ]`, `{ }` or `Z`; a chord starts in a cell, a blank or `p` holds it

A cell is not a beat: `ireal.cells` shares a bar among its chords. A bar without a chord is layout and dropped; `x`
repeats the bar before, `r` the two bars before.
Source: https://www.irealpro.com/ireal-pro-custom-chord-chart-protocol
"""

import re
from dataclasses import dataclass, field, replace

from jazzgen.errors import CorpusError, JazzgenError
from jazzgen.formats.ireal.cells import Slot, count_beats
from jazzgen.harmony.chords import IREAL, Chord, parse_chord
from jazzgen.music.timing import Meter

# Limits far beyond the app's page, which has 12 lines of 16 cells; set by hand.
MAX_WRITTEN_BARS = 1_000
MAX_CHARACTERS = 50_000
_MAX_BLANKS = 64  # cells of one chord
_MAX_TEXTS = 16  # under one bar
_MAX_SIGNS_TOLD = 10  # kinds of things reported as left out

_ROOT = r"[A-G][b#]?"
_QUALITY = r"(?:sus|alt|add|dim|aug|maj|min|[-+^ohmM0-9#b]|\*[^*|\[\]{}]*\*)*"
# The pattern of each sign; the first match is taken.
_SIGNS = {
    "text": r"<[^<>]*>?",
    "section": r"\*[A-Za-z]",
    "meter": r"T[0-9]{2}",
    "ending": r"N[0-9]?",
    "alternate": r"\([^()]*\)?",
    "chord": rf"(?:{_ROOT}{_QUALITY}|W)(?:/{_ROOT})?",
    "open": r"[|\[{]",
    "close": r"[\]}Z]",
    "again": r"[xr]",
    "hold": r"[p ]",
    "no_chord": r"n",
    "size": r"[sl]",
    "segno": r"S",
    "coda": r"Q",
    "end": r"U",
    "layout": r"[Y,f]",
    "unknown": r".",
}
_SIGN = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _SIGNS.items()))
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_SECTIONS = {"i": "Intro", "I": "Intro", "v": "Verse", "V": "Verse"}
_RAISED = re.compile(r"\A\*[0-9]{2}")  # height of a text over the bar, as in *36


@dataclass(frozen=True, slots=True)
class WrittenBar:
    """A bar of the page.

    Attributes:
        section: its own rehearsal mark, or empty.
        ending: number of the ending that starts here, 0 for none.
        opens, closes: whether a repeat starts before it or ends after it.
        ends: whether a double bar line of any kind follows it.
        segno, coda, end: whether it has that sign.
        texts: written under it.
    """

    meter: Meter
    slots: tuple[Slot, ...]
    section: str = ""
    ending: int = 0
    opens: bool = False
    closes: bool = False
    ends: bool = False
    segno: bool = False
    coda: bool = False
    end: bool = False
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chart:
    """The bars of a page in order, and what was left out."""

    bars: tuple[WrittenBar, ...]
    left_out: tuple[str, ...]


def read_chart(music: str) -> Chart:
    """Read the bars of a chart, already unscrambled.

    Raises:
        CorpusError: naming the bar and what is wrong in it.

    Example:
        >>> [[str(slot.chord) for slot in bar.slots] for bar in read_chart("[T44D-7 G7|C^7|x Z").bars]
        [['Dm7', 'G7'], ['Cmaj7'], ['Cmaj7']]
    """
    if len(music) > MAX_CHARACTERS:
        raise CorpusError(f"the chart has {len(music)} characters; at most {MAX_CHARACTERS} are read, split it")
    writer = _Writer()
    for sign in _SIGN.finditer(_CONTROLS.sub("", music)):
        assert sign.lastgroup is not None  # every pattern is a group
        try:
            getattr(writer, f"on_{sign.lastgroup}")(sign[0])
        except JazzgenError as error:
            raise CorpusError(f"bar {len(writer.bars) + 1}: {error}") from None
    return writer.finish()


@dataclass
class _Draft:
    """A bar while it is read; `again` is how many bars to repeat, `blanks` the blank cells before any chord."""

    slots: list[Slot] = field(default_factory=list)
    again: int = 0
    blanks: int = 0
    meter: Meter | None = None
    section: str = ""
    ending: int = 0
    opens: bool = False
    segno: bool = False
    coda: bool = False
    end: bool = False
    texts: list[str] = field(default_factory=list)

    @property
    def is_written(self) -> bool:
        return bool(self.slots or self.again)


class _Writer:
    """Reads signs one by one. A sign for the start of a bar belongs to the next bar if this one has chords already."""

    def __init__(self) -> None:
        self.bars: list[WrittenBar] = []
        self._left_out: dict[str, None] = {}  # each once, in order
        self._draft = _Draft()
        self._next = _Draft()
        self._meter = Meter()
        self._small = False
        self._is_open = False
        self._chord: Chord | None = None  # the last one that was not N.C.
        self._ending = 0  # the last number
        self._empty = 0  # bars with neither chord nor repeat sign
        self._two_before = 0  # whether the last bar repeated two, so that the next is empty

    def finish(self) -> Chart:
        """Return the chart after the last sign."""
        self._close()
        self._hand_back()
        if self._empty:
            self._left_out[f"bars without a chord: {self._empty}"] = None
        return Chart(tuple(self.bars), tuple(self._left_out))

    def on_chord(self, text: str) -> None:
        root, slash, bass = text.replace("*", "").partition("/")
        if root == "W":
            if self._chord is None:
                raise CorpusError(f"'{text}' lets a chord go on and there is none before it; write its root")
            bass_name = bass if bass != self._chord.root else None
            self._chord = replace(self._chord, bass=bass_name) if slash else self._chord
        else:
            self._chord = parse_chord(root + slash + bass, IREAL)
        self._draft.slots.append(Slot(self._chord, small=self._small))

    def on_no_chord(self, _: str) -> None:
        self._draft.slots.append(Slot(None, small=self._small))

    def on_hold(self, sign: str) -> None:
        slots = self._draft.slots
        if slots:
            slots[-1] = replace(slots[-1], cells=min(slots[-1].cells + 1, _MAX_BLANKS))
        elif sign == "p":
            before = self.bars[-1].slots[-1].chord if self.bars else None
            slots.append(Slot(before, small=self._small))
        else:
            self._draft.blanks += 1

    def on_again(self, sign: str) -> None:
        self._draft.again, bars = {"x": (1, "1 bar"), "r": (2, "2 bars")}[sign]
        if len(self.bars) < self._draft.again:
            raise CorpusError(f"'{sign}' repeats {bars} and there are not so many before it")

    def on_open(self, line: str) -> None:
        self._close()
        self._draft.opens |= line == "{"
        self._is_open = True
        if self.bars and line != "|":
            self.bars[-1] = replace(self.bars[-1], ends=True)

    def on_close(self, line: str) -> None:
        self._close()
        self._hand_back()
        self._is_open = False
        if self.bars:
            self.bars[-1] = replace(self.bars[-1], ends=True, closes=self.bars[-1].closes or line == "}")

    def on_meter(self, text: str) -> None:
        self._starting.meter = Meter(12, 8) if text == "T12" else Meter(int(text[1]), int(text[2]))

    def on_section(self, text: str) -> None:
        self._starting.section = _SECTIONS.get(text[1], text[1])

    def on_ending(self, text: str) -> None:
        self._ending = int(text[1:] or 0) or self._ending + 1
        self._starting.ending = self._ending

    def on_segno(self, _: str) -> None:
        self._starting.segno = True

    def on_coda(self, _: str) -> None:
        self._draft.coda = True

    def on_end(self, _: str) -> None:
        self._draft.end = True

    def on_text(self, text: str) -> None:
        self._draft.texts.append(_RAISED.sub("", text.strip("<>")).strip())

    def on_size(self, sign: str) -> None:
        self._small = sign == "s"

    def on_layout(self, _: str) -> None:
        """Ignore spacers, commas and fermatas."""

    def on_alternate(self, _: str) -> None:
        self._left_out["alternate chords in brackets"] = None

    def on_unknown(self, sign: str) -> None:
        if len(self._left_out) < _MAX_SIGNS_TOLD:
            self._left_out[f"the sign {sign!r}"] = None

    @property
    def _starting(self) -> _Draft:
        return self._next if self._draft.is_written else self._draft

    def _close(self) -> None:
        draft = self._draft
        if not draft.is_written:
            self._empty += self._is_open and draft.blanks > 0 and not self._two_before
            self._two_before = draft.blanks = 0
            return
        self._meter = draft.meter or self._meter
        self.bars += self._write(draft)
        if len(self.bars) > MAX_WRITTEN_BARS:
            raise CorpusError(f"the chart goes on past {MAX_WRITTEN_BARS} bars; split it")
        self._draft, self._next = self._next, _Draft()
        self._two_before = draft.again == 2

    def _hand_back(self) -> None:
        """Move codas, ends and texts that stand after the bar line, in a bar without a chord, to the last bar."""
        draft = self._draft
        if self.bars and not draft.is_written:
            last = self.bars[-1]
            texts = (*last.texts, *draft.texts)[:_MAX_TEXTS]
            self.bars[-1] = replace(last, coda=last.coda or draft.coda, end=last.end or draft.end, texts=texts)
            draft.coda = False
            draft.end = False
            draft.texts = []

    def _write(self, draft: _Draft) -> list[WrittenBar]:
        """Return the bar, or two if two are repeated; the first gets the signs of a start, the last those of an end."""
        sources = [bar.slots for bar in self.bars[-draft.again :]] if draft.again else [tuple(draft.slots)]
        count_beats(self._meter, max(map(len, sources)))
        bars = [WrittenBar(self._meter, slots) for slots in sources]
        opens = draft.opens and draft.ending < 2  # some write `}{N2`, which does not start a repeat
        bars[0] = replace(bars[0], section=draft.section, ending=draft.ending, opens=opens, segno=draft.segno)
        bars[-1] = replace(bars[-1], coda=draft.coda, end=draft.end, texts=tuple(draft.texts[:_MAX_TEXTS]))
        return bars
