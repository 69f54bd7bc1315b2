"""Chord symbols: one language for every spelling that musicians type.

    chord    = root (5 | [quality] [number]) {modifier} ["/" bass]
    root     = A..G [b | #]                             Unicode accidentals too
    quality  = minor | major | diminished | half-diminished | augmented      (`_QUALITIES`)
    number   = 6 | 69 | 6/9 | 7 | 9 | 11 | 13 | 2
    modifier = (b | # | - | +)(5 | 6 | 9 | 11 | 13) | add.. | no3 | no5 | sus[2|4] | alt | + | aug | 9 | 11 | 13

Before a 5, + and - alter it: `C-5` is C(b5), `C+5` is Caug. Elsewhere they are qualities first: `C-7`, `C+7`.

A `Chord` holds what is heard, so two spellings of one chord are equal: `Cmaj7`, `CΔ` and `C^7` are.
Chord tones are the root, third (or suspension), fifth and seventh (or sixth); the rest are tensions.
"""

import difflib
import re
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from jazzgen.errors import ChordError
from jazzgen.harmony.pitch import FLAT_NAMES, SHARP_NAMES, pitch_class, plain_accidentals

# Longest first within each quality: the first that matches is taken.
_QUALITIES = {
    "half-diminished": ("ø", "h"),
    "diminished": ("dim", "°", "º", "o(?!mit)"),
    "augmented": ("aug", r"\+(?!5)"),
    "minor": ("minor", "min", "mi", "MIN", "MI", "Min", "Mi", "m(?!aj|a(?!dd|lt|ug))", "-(?!5)"),
}
_MAJOR_WORD = ("major", "maj", "Maj", "MAJ", "MA", "Ma(?!dd|lt|ug)", "ma", "M", "j")
_MAJOR_SIGN = (r"\^", "Δ", "△")
_THIRDS = "|".join(f"(?P<{name.replace('-', '_')}>{'|'.join(signs)})" for name, signs in _QUALITIES.items())
_HEAD = re.compile(
    rf"(?P<power>5)|(?:{_THIRDS})?\(?(?:(?P<word>{'|'.join(_MAJOR_WORD)})|(?P<sign>{'|'.join(_MAJOR_SIGN)}))?"
    r"(?P<number>6/9|69|13|11|9|7|6|2)?\)?"
)
_MODIFIER = re.compile(
    r"[(), ]*(?:(?P<alter>[b#+-])(?P<degree>5|6|9|11|13)|add(?P<added>[b#]?(?:2|3|4|6|9|11|13))"
    r"|(?:no|omit)(?P<omit>[35])|(?P<sus>sus[24]?)|(?P<alt>alt)|(?P<aug>aug|\+)|(?P<natural>9|11|13))[(), ]*"
)
_ROOT = re.compile(r"[A-G][b#]?")
_BASS = re.compile(r"/([A-G][b#]?)$")
_ALTER = {"b": -1, "-": -1, "#": 1, "+": 1, "": 0}
_DEGREES = {2: 2, 3: 4, 4: 5, 5: 7, 6: 9, 9: 2, 11: 5, 13: 9}
_TENSION_NAMES = {1: "b9", 2: "9", 3: "#9", 4: "b11", 5: "11", 6: "#11", 8: "b13", 9: "13", 10: "#13"}
_ALTERED = (1, 3, 6, 8)
_NATURAL = (2, 5, 9)
# The altered degrees that stand for a natural one.
_REPLACES = {2: {1, 3}, 5: {4, 6}, 9: {8, 10}}

# What stacks up when a number is written, by third: tensions in semitones above the root.
_STACKS = {"9": (2,), "11": (2, 5), "13": (2, 9)}
_MINOR_STACKS = {"9": (2,), "11": (2, 5), "13": (2, 5, 9)}
# (third, fifth, seventh) that have names of their own; all others are composed.
_NAMED_TONES: dict[tuple[int | None, int | None, int | None], str] = {
    (3, 6, None): "dim",
    (3, 6, 9): "dim7",
    (4, 8, None): "aug",
    (None, 7, None): "5",
}


@dataclass(frozen=True)
class Chord:
    """A chord as it is heard.

    Attributes:
        root: note name.
        tones: chord tones in semitones above the root, ascending, the root (0) among them.
        tensions: the other tones that the symbol asks for, 0 to 11 above the root, ascending.
        bass: note name under a slash, or None for the root.
    """

    root: str
    tones: tuple[int, ...]
    tensions: tuple[int, ...] = ()
    bass: str | None = None

    @cached_property
    def root_class(self) -> int:
        return pitch_class(self.root)

    @property
    def bass_class(self) -> int:
        return pitch_class(self.bass or self.root)

    @property
    def pitch_classes(self) -> tuple[int, ...]:
        """Pitch classes of the chord tones, from the root up."""
        return tuple((self.root_class + tone) % 12 for tone in self.tones)

    @property
    def third(self) -> int | None:
        """The third, or the suspension that stands for it, above the root."""
        return next((tone for tone in (4, 3, 5, 2) if tone in self.tones), None)

    @property
    def seventh(self) -> int | None:
        """The seventh, or the sixth that stands for it, above the root."""
        return next((tone for tone in (10, 11, 9) if tone in self.tones), None)

    @property
    def guide_tones(self) -> tuple[int, ...]:
        """Pitch classes of third and seventh: what tells one chord from the next."""
        return tuple((self.root_class + tone) % 12 for tone in (self.third, self.seventh) if tone is not None)

    def transposed(self, semitones: int, names: tuple[str, ...] = FLAT_NAMES) -> "Chord":
        """The same chord that many semitones away, spelled with `names`."""

        def move(name: str) -> str:
            return names[(pitch_class(name) + semitones) % 12]

        return replace(self, root=move(self.root), bass=self.bass and move(self.bass))

    def __str__(self) -> str:
        """The canonical spelling; `parse_chord` is its inverse."""
        return self.root + _suffix(self) + (f"/{self.bass}" if self.bass else "")


@lru_cache(maxsize=4096)
def parse_chord(text: str) -> Chord:
    """Reads a chord symbol.

    Raises:
        ChordError: naming the symbol, the place that was not understood and the nearest spelling.
    """
    plain = plain_accidentals(text.strip())
    root = _ROOT.match(plain)
    if not root:
        raise ChordError(f"chord '{text}': a chord starts with its root, A to G{_suggestion(plain)}")
    bass = _BASS.search(plain, root.end())
    body = plain[root.end() : bass.start() if bass else len(plain)]
    tones, tensions = _parse_body(body, text)
    return Chord(root[0], tones, tensions, bass[1] if bass and bass[1] != root[0] else None)


@dataclass
class _Parts:
    """The chord while it is being read."""

    third: int | None = 4
    fifth: int | None = 7
    seventh: int | None = None

    def __post_init__(self) -> None:
        self.tensions: set[int] = set()

    def tones(self) -> tuple[int, ...]:
        return tuple(sorted({0} | {t for t in (self.third, self.fifth, self.seventh) if t is not None}))


def _parse_body(body: str, text: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    head = _HEAD.match(body)
    assert head is not None  # every part of the head is optional
    parts = _read_head(head)
    position = head.end()
    while position < len(body):
        modifier = _MODIFIER.match(body, position)
        if not modifier:
            raise ChordError(f"chord '{text}': '{body[position:]}' is not understood{_suggestion(text)}")
        _modify(parts, modifier)
        position = modifier.end()
    tones = parts.tones()
    return tones, tuple(sorted(parts.tensions - set(tones)))


def _read_head(head: re.Match[str]) -> _Parts:
    diminished, half = head["diminished"], head["half_diminished"]
    parts = _Parts(third=3 if diminished or half or head["minor"] else 4)
    parts.fifth = 6 if diminished or half else 8 if head["augmented"] else 7
    number = head["number"] or ("7" if half or head["sign"] else "")
    if number in ("7", "9", "11", "13"):
        parts.seventh = 11 if head["word"] or head["sign"] else 9 if diminished else 10
        parts.tensions |= set((_MINOR_STACKS if parts.third == 3 else _STACKS).get(number, ()))
    elif head["power"]:
        parts.third = None
    elif number == "2":
        parts.tensions.add(2)
    elif number:  # 6, 69, 6/9
        parts.seventh = 9
        parts.tensions |= {2} if number != "6" else set()
    return parts


def _modify(parts: _Parts, modifier: re.Match[str]) -> None:
    if degree := modifier["degree"]:
        altered = (_DEGREES[int(degree)] + _ALTER[modifier["alter"]]) % 12
        if degree == "5" and parts.fifth in (7, None):
            parts.fifth = altered
        else:  # an altered degree stands for the natural one that the number stacked up
            parts.tensions = parts.tensions - {_DEGREES[int(degree)]} | {altered}
    elif added := modifier["added"]:
        parts.tensions.add((_DEGREES[int(added.lstrip("b#"))] + _ALTER[added[0] if added[0] in "b#" else ""]) % 12)
    elif natural := modifier["natural"]:
        parts.tensions.add(_DEGREES[int(natural)])
    elif sus := modifier["sus"]:
        parts.third = 2 if sus == "sus2" else 5
    elif modifier["alt"]:
        parts.fifth, parts.seventh = None, 10
        parts.tensions |= set(_ALTERED)
    elif modifier["aug"]:
        parts.fifth = 8
    elif modifier["omit"] == "3":
        parts.third = None
    else:
        parts.fifth = None


def _suffix(chord: Chord) -> str:
    """Everything after the root and before the slash."""
    third, seventh = chord.third, chord.seventh
    fifth = next((t for t in (7, 6, 8) if t in chord.tones), None)
    if (third, fifth, seventh, chord.tensions) == (4, None, 10, _ALTERED):
        return "7alt"
    named = _NAMED_TONES.get((third, fifth, seventh))
    number, rest = _number(third, seventh, chord.tensions)
    if named:
        number, rest = named, chord.tensions
        third, fifth = 4, 7
    text = ("m" if third == 3 else "") + number
    text += {5: "sus4", 2: "sus2"}.get(third or 0, "")
    text += {6: "b5", 8: "#5"}.get(fifth or 0, "") if text else {6: "(b5)", 8: "(#5)"}.get(fifth or 0, "")
    bare = seventh in (10, 11) and not named  # then an alteration needs no "add", and goes first
    altered = [_TENSION_NAMES[t] for t in rest if bare and t not in _NATURAL]
    added = ["add" + _TENSION_NAMES[t] for t in rest if not bare or t in _NATURAL]
    text += "".join(altered + added)
    return text + ("no3" if third is None else "") + ("no5" if fifth is None else "")


def _number(third: int | None, seventh: int | None, tensions: tuple[int, ...]) -> tuple[str, tuple[int, ...]]:
    """The number that says most, and the tensions that it leaves to be written out."""
    if seventh is None:
        return "", tensions
    if seventh == 9:
        return ("69", tuple(t for t in tensions if t != 2)) if 2 in tensions else ("6", tensions)
    major = "maj" if seventh == 11 else ""
    replaced = {natural for natural, altered in _REPLACES.items() if altered & set(tensions)}
    for number, stack in reversed((_MINOR_STACKS if third == 3 else _STACKS).items()):
        stacked = set(stack) - replaced
        if stack[-1] in stacked <= set(tensions) and not replaced & set(tensions):
            return major + number, tuple(t for t in tensions if t not in stacked)
    return major + "7", tensions


@lru_cache(maxsize=1)
def _known_spellings() -> tuple[str, ...]:
    numbers = ("", "6", "69", "7", "9", "11", "13")
    bases = [q + n for q in ("", "m", "maj", "dim", "aug") for n in numbers]
    extra = [
        "m7b5",
        "mmaj7",
        "7alt",
        "7sus4",
        "9sus4",
        "sus4",
        "sus2",
        "7b9",
        "7#9",
        "7#11",
        "7b13",
        "7#5",
        "7b5",
        "add9",
    ]
    return tuple(root + base for root in (*FLAT_NAMES, *SHARP_NAMES) for base in bases + extra)


def _suggestion(text: str) -> str:
    near = difflib.get_close_matches(text[:1].upper() + text[1:], _known_spellings(), n=1, cutoff=0.5)
    return f"; did you mean {near[0]}?" if near else ""
