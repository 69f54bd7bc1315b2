"""The dialects of chord symbols: how each is read and written.

The lead-sheet dialects share one reader; they differ in where an accidental stands and in a few words. The `Vocabulary`
of each is for writing only.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from jazzgen.harmony.chord_harte import format_harte, parse_harte
from jazzgen.harmony.chord_music21 import format_music21, parse_music21
from jazzgen.harmony.chord_parts import MisreadError
from jazzgen.harmony.chord_reader import plain_signs, read_parts
from jazzgen.harmony.chord_value import NOTE_NAMES, Chord, join_symbol
from jazzgen.harmony.chord_writer import PLAIN_WORDS, Vocabulary, write_body

# Before a number, the second of two accidentals belongs to the number: Bbb9 is Bb with a flat 9.
_ROOT = re.compile(r"([A-G](?:(?:bb|##)(?!4|5|6|9|11|13)|[b#])?) *")
_VOICING = "_"  # ends a symbol that asks for another voicing of the same chord
_SMALL_BASS = re.compile(r"(?<=/)[a-g](?=[b#]{0,2}$)")


@dataclass(frozen=True, eq=False)
class Dialect:
    """One way to write chords.

    Attributes:
        read: reads a symbol; raises MisreadError. The inverse of `write`.
        no_chord: the dialect's symbol for no chord.
    """

    name: str
    read: Callable[[str], Chord]
    write: Callable[[Chord], str]
    no_chord: str = "NC"

    def __repr__(self) -> str:
        return self.name


def _read_symbol(text: str, trailing: bool = False, words: Mapping[str, str] | None = None) -> Chord:
    plain = plain_signs(text).rstrip(_VOICING)
    root = _ROOT.match(plain)
    if not root:
        raise MisreadError("a chord starts with its root, A to G", 0)
    body, slash, bass = plain[root.end() :].rpartition("/")
    bass = bass.strip()
    if not slash or bass not in NOTE_NAMES:
        body, bass = plain[root.end() :], ""
    try:
        parts = read_parts(words.get(body, body) if words else body, trailing=trailing)
    except MisreadError as error:
        raise MisreadError(str(error), root.end() + error.position) from None
    return Chord(root[1], *parts.spelled(), bass or None)


def read_any(text: str) -> Chord:
    """Read a symbol of any dialect: accidentals before their degrees, or after them if that fails."""
    try:
        return _read_symbol(text)
    except MisreadError as as_plain:
        try:
            return _read_symbol(text, trailing=True)
        except MisreadError:
            raise as_plain from None


def _read_improvisor(text: str) -> Chord:
    r"""Read a symbol or a polychord: `Ab\C7` is an Ab chord over a C7 chord."""
    upper, over, lower = _SMALL_BASS.sub(lambda bass: bass[0].upper(), text.rstrip(_VOICING)).partition("\\")
    if not over:
        return _read_symbol(upper, words=_IMPROVISOR_WORDS)
    above = _read_symbol(upper, words=_IMPROVISOR_WORDS)
    try:
        chord = _read_symbol(lower, words=_IMPROVISOR_WORDS)
    except MisreadError as error:
        raise MisreadError(str(error), len(upper) + 1 + error.position) from None
    return chord.under(above)


def _write_symbol(vocabulary: Vocabulary, chord: Chord) -> str:
    return join_symbol(chord, write_body(chord.tones, chord.tensions, vocabulary))


_IMPROVISOR_WORDS = {
    "4": "7sus4no5",
    "quartal": "7sus4no5",
    "diminished": "dim7",
    "Blues": "m7#11add11",
    "Bass": "no3no5",
    "Note": "no3no5",
    "phryg": "7sus4b9",
    "susb9": "7sus4b9",
    "11": "9sus4",
    "11b9": "7sus4b9",
    "10": "no5",
}
_IREAL_WORDS = Vocabulary("ireal", sus="last", sus4="sus", own={"7sus4b11": "7susadd3", "maddb13": "-b6"})
_WEIMAR_WORDS = Vocabulary(
    "weimar", sus="first", sus4="sus", stacks=False, trailing=True, bare_sixths=True, own={"maj7#5": "+j7"}
)
_OWN_WORDS = Vocabulary("improvisor", bare_sixths=True, own={"maddb13": "mb6", "11": "9add11", "11b9": "7b9add11"})

PLAIN = Dialect("plain", _read_symbol, partial(_write_symbol, PLAIN_WORDS), "N.C.")
IREAL = Dialect("iReal Pro", _read_symbol, partial(_write_symbol, _IREAL_WORDS), "n")
WEIMAR = Dialect("Weimar", partial(_read_symbol, trailing=True), partial(_write_symbol, _WEIMAR_WORDS))
IMPROVISOR = Dialect("Impro-Visor", _read_improvisor, partial(_write_symbol, _OWN_WORDS))
MUSIC21 = Dialect("music21", parse_music21, format_music21, "N.C.")
HARTE = Dialect("Harte", parse_harte, format_harte, "N")
DIALECTS = (PLAIN, IREAL, WEIMAR, IMPROVISOR, MUSIC21, HARTE)
