"""Gather what the bars of all parts share; any part of a file may hold some of it."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from jazzgen.formats.notation.written import SheetBar
from jazzgen.harmony.pitch import Key
from jazzgen.harmony.unfold import Signs
from jazzgen.music.score import Feel
from jazzgen.music.timing import Meter

MAX_BAR_BEATS = 2_000  # chant and cadenzas are written as one long bar; set by hand
SWING = re.compile(r"\bsw[iu]ng\b", re.I)
# Words for jumps, in files that mark them with text only.
_ROAD_WORDS = {
    "da_capo": re.compile(r"\W*(?:d\.? ?c\b|da ?capo)", re.I),
    "dal_segno": re.compile(r"\W*(?:d\.? ?s\b|dal ?segno)", re.I),
    "to_coda": re.compile(r"\W*to (?:the )?coda", re.I),
    "fine": re.compile(r"\W*fine\W*$", re.I),
}
_UNTIL = re.compile(r"\bal(?:la)?\s+(?:the\s+)?(coda|fine)\b", re.I)


@dataclass(slots=True)
class BarDraft:
    """What all parts share in a bar, while it is gathered; `length` in ticks, 0 until a part has something in it."""

    number: str = ""
    length: int = 0
    meter: Meter | None = None
    signs: Signs = field(default_factory=Signs)
    tempos: dict[int, float] = field(default_factory=dict)
    section: str = ""

    def sign(self, **signs: object) -> None:
        """Set signs by their names in `Signs`."""
        self.signs = replace(self.signs, **signs)  # type: ignore[arg-type] # the names come from tables


@dataclass(slots=True)
class Setting:
    """What all parts share in the whole piece, while it is gathered.

    Attributes:
        concert: whether all parts are written at concert pitch, so that transpositions are ignored.
        has_mode: whether the mode of the key is known; true if no key is written, which is C major.
        left_out: how many things of each kind are not read.
        not_understood: messages, each with its bar.
    """

    concert: bool = False
    key: Key = Key()
    has_key: bool = False
    has_mode: bool = True
    feel: Feel = "straight"
    rhythm_feel: str = ""
    left_out: Counter[str] = field(default_factory=Counter)
    not_understood: list[str] = field(default_factory=list)


def signs_in(words: str) -> dict[str, object]:
    """Return the signs that words over the staff mean, by their names in `Signs`.

    Example:
        >>> signs_in("D.S. al Coda")
        {'dal_segno': True, 'until': 'coda'}
    """
    signs: dict[str, object] = {sign: True for sign, pattern in _ROAD_WORDS.items() if pattern.match(words)}
    if signs.keys() & {"da_capo", "dal_segno"} and (until := _UNTIL.search(words)):
        signs["until"] = until[1].lower()
    return signs


def bars_of(drafts: Sequence[BarDraft]) -> Iterator[SheetBar]:
    """Yield the finished bars; one that is empty in all parts is as long as its meter."""
    meter = next((draft.meter for draft in drafts if draft.meter), Meter())
    for draft in drafts:
        meter = draft.meter or meter
        yield SheetBar(
            number=draft.number,
            length=draft.length or meter.bar_ticks,
            meter=meter,
            signs=draft.signs,
            tempos=tuple(sorted(draft.tempos.items())),
            section=draft.section,
        )
