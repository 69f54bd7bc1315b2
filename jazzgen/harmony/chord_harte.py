"""Chords in the syntax of Harte et al., as in corpora of annotated recordings: `Bb:min7(11)/5`.

    chord     = note [":" (shorthand ["(" degrees ")"] | "(" degrees ")")] ["/" degree]
    degrees   = ["*"] degree {"," ["*"] degree}              a star leaves the degree out
    degree    = {b | #} (1 .. 13)                            counted on the major scale, a bass's from the root

Source: C. Harte, M. Sandler, S. Abdallah, E. Gomez: "Symbolic representation of musical chords: a proposed syntax
for text annotations", ISMIR 2005. Of the shorthands added since by others, all are read and `sus2` is written.
"""

import re

from jazzgen.harmony.chord_parts import MisreadError, Parts
from jazzgen.harmony.chord_qualities import NAMED, Skeleton, Tones, base_of, stacked_number
from jazzgen.harmony.chord_reader import read_parts
from jazzgen.harmony.chord_value import NOTE_NAMES, Chord
from jazzgen.harmony.pitch import FLAT_NAMES, LETTERS, pitch_class

_SHORTHANDS = (
    *("maj", "min", "dim", "aug", "sus2", "sus4", "5", "maj6", "min6", "7", "maj7", "min7", "minmaj7", "dim7", "hdim7"),
    *("9", "maj9", "min9", "11", "maj11", "min11", "13", "maj13", "min13"),
)
_WITH_NINTH = ("7", "maj7", "min7")
_LABEL = re.compile(
    r"(?P<root>[A-G](?:bb?|##?)?)(?::(?P<shorthand>[a-z0-9]*)(?:\((?P<degrees>[^()]*)\))?)?"
    r"(?:/(?P<bass_sign>b*|#*)(?P<bass>1[0-3]|[1-9]))?"
)
_DEGREE = re.compile(r"(?P<star>\*?)(?P<sign>b*|#*)(?P<degree>1[0-3]|[1-9])")
_TENSIONS = {
    1: "b9", 2: "9", 3: "#9", 4: "b11", 5: "11", 6: "#11", 7: "5", 8: "b13", 9: "13", 10: "#13", 11: "7",
}  # fmt: skip
_FIFTHS = {6: "b5", 7: "5", 8: "#5"}
_SEVENTHS = {9: "6", 10: "b7", 11: "7"}
_OCTAVES = {8: 1, 10: 3, 12: 5}  # compound degrees and their simple ones
_SCALE = (0, 2, 4, 5, 7, 9, 11)
_NAMES = "CDEFGAB"


def format_harte(chord: Chord) -> str:
    """Write a label; the inverse of `parse_harte`."""
    shorthand, degrees = _shorthand(chord.skeleton, chord.tones, chord.tensions)
    listed = f"({','.join(degrees)})" if degrees else ""
    return f"{chord.root}:{shorthand}{listed}" + (f"/{_degree_of(chord.root, chord.bass)}" if chord.bass else "")


def _shorthand(skeleton: Skeleton, tones: Tones, tensions: Tones) -> tuple[str, list[str]]:
    """Return the shorthand and the degrees that it does not imply."""
    exact = NAMED[tones].harte if tones in NAMED else None
    if exact in _WITH_NINTH:
        number, tensions = stacked_number(tensions, {"9": (2,)})
        exact = exact.replace("7", number)
    listed = [_TENSIONS[tension] for tension in tensions]
    if exact:
        return exact, listed
    if skeleton.third is None:
        structure = [_FIFTHS.get(skeleton.fifth or 0, ""), _SEVENTHS.get(skeleton.seventh or 0, "")]
        return "", [degree for degree in structure if degree] + listed or ["1"]
    fifth = [] if skeleton.fifth == 7 else ["*5", *([_FIFTHS[skeleton.fifth]] if skeleton.fifth else [])]
    if skeleton.third in (2, 5):
        seventh = [_SEVENTHS[skeleton.seventh]] if skeleton.seventh else []
        return ("sus2" if skeleton.third == 2 else "sus4"), fifth + seventh + listed
    return base_of(skeleton).harte or "", fifth + listed


def parse_harte(label: str) -> Chord:
    """Read a label.

    Raises:
        MisreadError: with the position of what is not understood.
    """
    match = _LABEL.match(label)
    if not match:
        raise MisreadError("a label starts with its root, A to G", 0)
    if match.end() < len(label) or (match["shorthand"] == "" and match["degrees"] is None):
        raise MisreadError(f"'{label[match.end() :]}' is not understood", match.end())
    parts = _read_shorthand(match)
    if match["degrees"] is not None:
        _read_degrees(parts, match["degrees"], match.start("degrees"))
    bass = match["bass"] and _note_at(match["root"], int(match["bass"]), _shift(match["bass_sign"]))
    return Chord(match["root"], *parts.spelled(), bass)


def _read_shorthand(match: re.Match[str]) -> Parts:
    shorthand = match["shorthand"]
    if shorthand is None:
        return Parts()
    if shorthand in ("", "1"):
        return Parts(None, None)
    if shorthand not in _SHORTHANDS:
        raise MisreadError(f"'{shorthand}' is no shorthand", match.start("shorthand"))
    return read_parts(shorthand)


def _read_degrees(parts: Parts, listed: str, start: int) -> None:
    for word in listed.split(","):
        match = _DEGREE.fullmatch(word.strip())
        degree = match and _OCTAVES.get(int(match["degree"]), int(match["degree"]))
        if not match or not degree or (degree == 1 and (match["star"] or match["sign"])):
            raise MisreadError(f"'{word.strip()}' is no degree that can be read here", start)
        start += len(word) + 1
        if degree > 1:
            _apply(parts, degree, _shift(match["sign"]), omit=bool(match["star"]))


def _apply(parts: Parts, degree: int, by: int, *, omit: bool) -> None:
    if omit:
        parts.omit(degree)
    else:  # the major scale's seventh is 11 semitones, a chord symbol's 10
        parts.fill(degree, by + (1 if degree == 7 else 0))


def _shift(signs: str) -> int:
    return signs.count("#") - signs.count("b")


def _wrapped(semitones: int) -> int:
    """Return the same interval modulo the octave, within -6 to 5 semitones."""
    return (semitones + 6) % 12 - 6


def _degree_of(root: str, note: str) -> str:
    """Return the degree of a note above a root; the inverse of `_note_at`."""
    steps = (_NAMES.index(note[0]) - _NAMES.index(root[0])) % 7
    by = _wrapped(pitch_class(note) - pitch_class(root) - _SCALE[steps])
    return ("b" if by < 0 else "#") * abs(by) + str(steps + 1)


def _note_at(root: str, degree: int, by: int) -> str:
    steps = (degree - 1) % 7
    letter = _NAMES[(_NAMES.index(root[0]) + steps) % 7]
    tone = (pitch_class(root) + _SCALE[steps] + by) % 12
    shift = _wrapped(tone - LETTERS[letter])
    name = letter + ("b" if shift < 0 else "#") * abs(shift)
    return name if name in NOTE_NAMES else FLAT_NAMES[tone]
