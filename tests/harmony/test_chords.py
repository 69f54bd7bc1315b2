"""Chord symbols: what is heard, whatever the spelling."""

from typing import Any

import pytest
from helpers.any_chords import any_chords
from helpers.strategies import chord_symbols, chords
from hypothesis import given
from hypothesis import strategies as st

from jazzgen.errors import ChordError
from jazzgen.harmony.chords import NO_CHORD, Chord, is_chord, is_no_chord, parse_chord
from jazzgen.harmony.pitch import pitch_class

ROOTS = {
    "C": 0, "C#": 1, "Db": 1, "D": 2, "D#": 3, "Eb": 3, "E": 4, "Fb": 4, "E#": 5, "F": 5, "F#": 6, "Gb": 6,
    "G": 7, "G#": 8, "Ab": 8, "A": 9, "A#": 10, "Bb": 10, "B": 11, "Cb": 11, "B#": 0,
}  # fmt: skip
DOUBLY_ALTERED = {
    "Cbb": 10, "Dbb": 0, "Ebb": 2, "Fbb": 3, "Gbb": 5, "Abb": 7, "Bbb": 9,
    "C##": 2, "D##": 4, "E##": 6, "F##": 7, "G##": 9, "A##": 11, "B##": 1,
}  # fmt: skip
# Written out by hand: root, then the notes above it of the major, minor, seventh, minor seventh, half-diminished and
# diminished seventh chords.
NOTES = """
C   E G         Eb G        E G Bb      Eb G Bb     Eb Gb Bb    Eb Gb Bbb
C#  E# G#       E G#        E# G# B     E G# B      E G B       E G Bb
Db  F Ab        Fb Ab       F Ab Cb     Fb Ab Cb    Fb Abb Cb   Fb Abb Cbb
D   F# A        F A         F# A C      F A C       F Ab C      F Ab Cb
D#  F## A#      F# A#       F## A# C#   F# A# C#    F# A C#     F# A C
Eb  G Bb        Gb Bb       G Bb Db     Gb Bb Db    Gb Bbb Db   Gb Bbb Dbb
E   G# B        G B         G# B D      G B D       G Bb D      G Bb Db
F   A C         Ab C        A C Eb      Ab C Eb     Ab Cb Eb    Ab Cb Ebb
F#  A# C#       A C#        A# C# E     A C# E      A C E       A C Eb
Gb  Bb Db       Bbb Db      Bb Db Fb    Bbb Db Fb   Bbb Dbb Fb  Bbb Dbb Fbb
G   B D         Bb D        B D F       Bb D F      Bb Db F     Bb Db Fb
G#  B# D#       B D#        B# D# F#    B D# F#     B D F#      B D F
Ab  C Eb        Cb Eb       C Eb Gb     Cb Eb Gb    Cb Ebb Gb   Cb Ebb Gbb
A   C# E        C E         C# E G      C E G       C Eb G      C Eb Gb
A#  C## E#      C# E#       C## E# G#   C# E# G#    C# E G#     C# E G
Bb  D F         Db F        D F Ab      Db F Ab     Db Fb Ab    Db Fb Abb
B   D# F#       D F#        D# F# A     D F# A      D F A       D F Ab
Cb  Eb Gb       Ebb Gb      Eb Gb Bbb   Ebb Gb Bbb  Ebb Gbb Bbb Ebb Gbb Bbbb
"""
SUFFIXES = (
    ("", "maj", "M"),
    ("m", "-", "min"),
    ("7",),
    ("m7", "-7", "mi7"),
    ("m7b5", "ø7", "h7"),
    ("dim7", "o7", "°7"),
)

# Canonical suffix: chord tones, tensions, and the other ways to write it.
QUALITIES: dict[str, tuple[str, str, str]] = {
    "": ("0 4 7", "", "maj M MA Ma ma major j"),
    "m": ("0 3 7", "", "- mi min minor MI MIN"),
    "dim": ("0 3 6", "", "o ° º m(b5) mb5 -b5"),
    "aug": ("0 4 8", "", "+ (#5) +5 (+5)"),
    "(b5)": ("0 4 6", "", "-5 (-5) majb5"),
    "5": ("0 7", "", "no3 omit3"),
    "sus4": ("0 5 7", "", "sus (sus4)"),
    "sus2": ("0 2 7", "", "(sus2)"),
    "6": ("0 4 7 9", "", "M6 maj6"),
    "m6": ("0 3 7 9", "", "-6 min6 mi6"),
    "69": ("0 4 7 9", "2", "6/9 6add9 6(9)"),
    "m69": ("0 3 7 9", "2", "-69 m6/9"),
    "add9": ("0 4 7", "2", "2 add2 (add9) Madd9 maj(add9) Ma(add9)"),
    "madd9": ("0 3 7", "2", "m(add9) -add9 m2 mi(add9) minadd9"),
    "7": ("0 4 7 10", "", "(7)"),
    "maj7": ("0 4 7 11", "", "^ ^7 Δ Δ7 △ △7 M7 Maj7 MAJ7 MA7 Ma7 ma7 j7 (maj7) major7"),
    "m7": ("0 3 7 10", "", "-7 mi7 min7 minor7 MI7 MIN7 m(7)"),
    "mmaj7": ("0 3 7 11", "", "-^7 -^ mM7 m(maj7) minmaj7 -Δ7 mΔ mMaj7 m^7"),
    "m7b5": ("0 3 6 10", "", "ø ø7 h h7 -7b5 m7(b5) m7-5 mi7b5"),
    "dim7": ("0 3 6 9", "", "o7 °7 º7"),
    "mmaj7b5": ("0 3 6 11", "", "dimmaj7 o^7 oΔ7"),
    "7#5": ("0 4 8 10", "", "+7 aug7 7+ 7+5 7(#5)"),
    "7b5": ("0 4 6 10", "", "7-5 7(b5)"),
    "maj7#5": ("0 4 8 11", "", "^7#5 +M7 augmaj7 +^7 M7+5"),
    "maj7b5": ("0 4 6 11", "", "^7b5 M7-5"),
    "7sus4": ("0 5 7 10", "", "7sus"),
    "9": ("0 4 7 10", "2", "7(9) 7add9"),
    "m9": ("0 3 7 10", "2", "-9 mi9 min9"),
    "maj9": ("0 4 7 11", "2", "^9 Δ9 M9 ^7(9)"),
    "m9b5": ("0 3 6 10", "2", "h9 ø9 -9b5"),
    "11": ("0 4 7 10", "2 5", "9(11)"),
    "m11": ("0 3 7 10", "2 5", "-11 mi11"),
    "13": ("0 4 7 10", "2 9", "9(13) 7(9,13)"),
    "maj13": ("0 4 7 11", "2 9", "^13 M13"),
    "m13": ("0 3 7 10", "2 5 9", "-13"),
    "9sus4": ("0 5 7 10", "2", "9sus"),
    "13sus4": ("0 5 7 10", "2 9", "13sus"),
    "7sus4b9": ("0 5 7 10", "1", "7b9sus 7susb9 7b9sus4"),
    "7sus4b13": ("0 5 7 10", "8", "7b13sus"),
    "7b9": ("0 4 7 10", "1", "7-9 7(b9)"),
    "7#9": ("0 4 7 10", "3", "7+9 7(#9)"),
    "7#11": ("0 4 7 10", "6", "7+11 7(#11)"),
    "7b13": ("0 4 7 10", "8", "7(b13) 7-13"),
    "9#11": ("0 4 7 10", "2 6", "9+11"),
    "13#11": ("0 4 7 10", "2 6 9", "13(#11)"),
    "13b9": ("0 4 7 10", "1 9", "13(b9)"),
    "13#9": ("0 4 7 10", "3 9", "13(#9)"),
    "7b9#9": ("0 4 7 10", "1 3", "7(b9,#9)"),
    "7b9#11": ("0 4 7 10", "1 6", "7(b9,#11) 7(b9)(#11) 7b9(#11)"),
    "7b9b13": ("0 4 7 10", "1 8", "7(b9b13)"),
    "7#9#11": ("0 4 7 10", "3 6", "7(#9,#11)"),
    "7b5b9": ("0 4 6 10", "1", "7b9b5"),
    "7#5b9": ("0 4 8 10", "1", "7b9#5 +7b9"),
    "7b5#9": ("0 4 6 10", "3", "7#9b5"),
    "7#5#9": ("0 4 8 10", "3", "7#9#5 +7#9"),
    "9b5": ("0 4 6 10", "2", "9(b5)"),
    "9#5": ("0 4 8 10", "2", "+9 aug9"),
    "7alt": ("0 4 10", "1 3 6 8", "alt 7(alt)"),
    "maj7#11": ("0 4 7 11", "6", "^7#11 Δ#11 M7(#11)"),
    "maj9#11": ("0 4 7 11", "2 6", "^9#11"),
    "m#5": ("0 3 8", "", "-#5"),
    "maddb13": ("0 3 7", "8", "-b6 mb6"),
    "7add13": ("0 4 7 10", "9", "7(13)"),
    "7no5": ("0 4 10", "", "7omit5"),
    "no5": ("0 4", "", "omit5"),
    "7sus4b11": ("0 5 7 10", "4", "7susadd3"),
}  # fmt: skip
SPELLINGS = [(other, name) for name, (_, _, others) in QUALITIES.items() for other in others.split()]


def semitones(text: str) -> tuple[int, ...]:
    return tuple(int(tone) for tone in text.split())


@pytest.mark.parametrize("suffix", QUALITIES)
def test_every_quality_holds_its_pitch_classes_on_every_root(suffix: str) -> None:
    tones, tensions, _ = QUALITIES[suffix]
    for root, root_class in ROOTS.items():
        chord = parse_chord(root + suffix)
        assert chord == Chord(root, semitones(tones), semitones(tensions))
        assert chord.root_class == chord.bass_class == root_class
        assert chord.pitch_classes == tuple((root_class + tone) % 12 for tone in semitones(tones))
        assert str(chord) == root + suffix


@pytest.mark.parametrize(("spelling", "suffix"), SPELLINGS)
def test_spellings_of_one_chord_are_equal(spelling: str, suffix: str) -> None:
    for root in ("C", "Bb", "F#"):
        assert parse_chord(root + spelling) == parse_chord(root + suffix)


@pytest.mark.parametrize(
    ("symbol", "plain"),
    [("B♭7", "Bb7"), ("F♯m7♭5", "F#m7b5"), ("E♭△7", "Ebmaj7"), ("A♭7♯11/G♭", "Ab7#11/Gb"), ("  Dm7 ", "Dm7")],
)
def test_unicode_accidentals_and_spaces_around_a_symbol_are_read(symbol: str, plain: str) -> None:
    assert parse_chord(symbol) == parse_chord(plain)


def test_flat_seven_chords_keep_their_flat_roots() -> None:
    assert parse_chord("Bb7").pitch_classes == (10, 2, 5, 8)


def note(name: str) -> int:
    """By hand, too: this table must not lean on the package."""
    return ({"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}[name[0]] + name.count("#") - name.count("b")) % 12


@pytest.mark.parametrize("row", NOTES.strip().splitlines(), ids=lambda row: row.split()[0])
def test_chords_hold_the_notes_that_a_pianist_names(row: str) -> None:
    root, *names = row.split()
    sizes, start = (2, 2, 3, 3, 3, 3), 0
    for size, suffixes in zip(sizes, SUFFIXES, strict=True):
        expected = tuple(note(name) for name in [root, *names[start : start + size]])
        start += size
        for suffix in suffixes:
            assert parse_chord(root + suffix).pitch_classes == expected, root + suffix


@pytest.mark.parametrize(("root", "root_class"), DOUBLY_ALTERED.items())
def test_roots_may_be_doubly_altered(root: str, root_class: int) -> None:
    for suffix, (tones, tensions, _) in QUALITIES.items():
        chord = Chord(root, semitones(tones), semitones(tensions), "Ebb" if root != "Ebb" else None)
        assert chord.root_class == root_class
        assert parse_chord(str(chord)) == chord, suffix
    assert parse_chord(root + "m7b5").root == root


@pytest.mark.parametrize(
    ("symbol", "bass", "bass_class"), [("C/E", "E", 4), ("F#m7b5/C", "C", 0), ("C6/9/Bb", "Bb", 10)]
)
def test_a_slash_names_the_bass(symbol: str, bass: str, bass_class: int) -> None:
    chord = parse_chord(symbol)
    assert (chord.bass, chord.bass_class) == (bass, bass_class)
    assert chord.root_class == pitch_class(chord.root)


def test_the_root_under_a_slash_says_nothing_new() -> None:
    assert parse_chord("Dm7/D") == parse_chord("Dm7")


@pytest.mark.parametrize(
    ("symbol", "third", "seventh"),
    [("C", 4, None), ("Cm6", 3, 9), ("Cmaj7", 4, 11), ("C7sus4", 5, 10), ("Csus2", 2, None), ("C5", None, None),
     ("Cdim7", 3, 9), ("C7alt", 4, 10)],
)  # fmt: skip
def test_third_and_seventh_tell_chords_apart(symbol: str, third: int | None, seventh: int | None) -> None:
    chord = parse_chord(symbol)
    assert (chord.third, chord.seventh) == (third, seventh)


def test_guide_tones_are_the_third_and_seventh_as_pitch_classes() -> None:
    assert parse_chord("G7").guide_tones == (11, 5)
    assert parse_chord("Db7").guide_tones == (5, 11)
    assert parse_chord("F5").guide_tones == ()


@pytest.mark.parametrize(
    ("symbol", "tensions"),
    [("C13b9", (1, 9)), ("C9#9", (3,)), ("C13b13", (2, 8)), ("C11#11", (2, 6)), ("Cm11b9", (1, 5))],
)
def test_an_altered_degree_stands_for_the_natural_one(symbol: str, tensions: tuple[int, ...]) -> None:
    assert parse_chord(symbol).tensions == tensions


@given(chord_symbols())
def test_every_chord_reads_back_from_its_canonical_spelling(symbol: str) -> None:
    chord = parse_chord(symbol)
    assert parse_chord(str(chord)) == chord
    assert str(parse_chord(str(chord))) == str(chord)


@given(any_chords())
def test_every_valid_chord_reads_back_from_its_canonical_spelling(chord: Chord) -> None:
    assert parse_chord(str(chord)) == chord


@pytest.mark.parametrize(
    ("symbol", "quality"),
    [
        ("C", "major"), ("C6", "major"), ("Cmaj7b5", "major"), ("C6no3", "major"), ("C7", "dominant"),
        ("C7#5", "dominant"), ("C7alt", "dominant"), ("C7no3", "dominant"), ("Cm", "minor"), ("Cm7#5", "minor"),
        ("Cm7b5", "half-diminished"), ("Cdim", "diminished"), ("Cdim7", "diminished"), ("Cmmaj7b5", "diminished"),
        ("Caug", "augmented"), ("Cmaj7#5", "augmented"), ("Cmmaj7", "minor-major"), ("Csus2", "suspended"),
        ("C13sus4", "suspended"), ("C5", "power"), ("Cno3no5", "power"),
    ],
)  # fmt: skip
def test_a_chord_has_a_quality_class(symbol: str, quality: str) -> None:
    assert parse_chord(symbol).quality == quality


def test_tensions_are_given_as_pitch_classes_too() -> None:
    assert parse_chord("Ab13b9").tension_classes == (9, 5)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (("H", (0, 4, 7)), "'H' is not a note name"),
        (("C", (0, 4, 7), (), "X"), "'X' is not a note name"),
        (("C", (4, 7)), "write 0, then at most one of 2-5"),
        (("C", (0, 3, 4, 7)), "write 0, then at most one of 2-5"),
        (("C", (0, 7, 4)), "write 0, then at most one of 2-5"),
        (("C", (0, 4, 7), (4,)), "none of the chord tones"),
        (("C", (0, 4, 7), (9, 2)), "ascending"),
        (("C", (0, 4, 7), (14,)), "write 1 to 11"),
        (("C", (0, 4, 7), (-3,)), "write 1 to 11"),
    ],
)
def test_a_chord_of_no_sense_cannot_be_made(fields: tuple[Any, ...], message: str) -> None:
    with pytest.raises(ChordError, match=message):
        Chord(*fields)


@pytest.mark.parametrize(
    ("tones", "tensions", "symbol"),
    [
        ((0, 4), (7,), "C"),
        ((0, 4, 7), (11,), "Cmaj7"),
        ((0, 4, 7, 9), (11,), "Cmaj7add13"),
        ((0, 4), (2, 7, 11), "Cmaj9"),
        ((0, 4, 6), (7,), "C(b5)add5"),
        ((0, 4, 7, 10), (11,), "C7addmaj7"),
    ],
)
def test_a_lone_fifth_and_major_seventh_are_chord_tones(
    tones: tuple[int, ...], tensions: tuple[int, ...], symbol: str
) -> None:
    assert Chord("C", tones, tensions, "C") == parse_chord(symbol)
    assert str(Chord("C", tones, tensions, "C")) == symbol


@pytest.mark.parametrize("text", ["N.C.", "NC", "n.c.", " N.C ", "N", "No chord"])
def test_no_chord_is_known_in_its_spellings(text: str) -> None:
    assert is_no_chord(text)
    assert is_no_chord(NO_CHORD)
    assert not is_no_chord("C")
    assert not is_no_chord("")


THIRDS, FIFTHS, SEVENTHS = st.sampled_from([None, 2, 3, 4, 5]), st.sampled_from([None, 6, 7, 8]), (None, 9, 10, 11)


@given(THIRDS, FIFTHS, st.sampled_from(SEVENTHS), st.sets(st.sampled_from([1, 2, 3, 4, 5, 6, 8, 9, 10])))
def test_every_chord_that_can_be_built_can_be_written(
    third: int | None, fifth: int | None, seventh: int | None, tensions: set[int]
) -> None:
    tones = {0} | {tone for tone in (third, fifth, seventh) if tone is not None}
    chord = Chord("F#", tuple(sorted(tones)), tuple(sorted(tensions - tones)), "Ab")
    assert parse_chord(str(chord)) == chord


@given(st.integers(-24, 24), chords())
def test_transposing_moves_every_tone_and_the_bass_alike(semitones: int, chord: Chord) -> None:
    moved = chord.transposed(semitones)
    assert moved.pitch_classes == tuple((tone + semitones) % 12 for tone in chord.pitch_classes)
    assert moved.bass_class == (chord.bass_class + semitones) % 12
    assert (moved.tones, moved.tensions) == (chord.tones, chord.tensions)


def test_transposing_spells_with_flats_unless_told() -> None:
    sharps = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
    assert str(parse_chord("Dm7/C").transposed(-1)) == "Dbm7/B"
    assert str(parse_chord("Dm7/C").transposed(-1, sharps)) == "C#m7/B"


@pytest.mark.parametrize(
    ("symbol", "message"),
    [
        ("H7", r"chord 'H7': a chord starts with its root, A to G; did you mean .7\? \(at character 1\)$"),
        ("cm7", "chord 'cm7': .*did you mean Cm7"),
        ("", "chord '': a chord starts with its root"),
        ("Cmaj77", r"chord 'Cmaj77': '7' is not understood; did you mean Cmaj7\? \(at character 6\)$"),
        ("Bbm7b55", r"chord 'Bbm7b55': '5' is not understood; did you mean Bbm7b5\? \(at character 7\)$"),
        ("Am7/H", "chord 'Am7/H': '/H' is not understood"),
        ("C7b10", "'b10' is not understood; did you mean C7b"),
        ("Cm5", "chord 'Cm5': '5' is not understood"),
        ("C97", "chord 'C97': '7' is not understood"),
        ("C7/", "chord 'C7/': '/' is not understood"),
        ("C7M9M", "'M' is not understood"),
        ("Gzzzzzzzz", r"chord 'Gzzzzzzzz': 'zzzzzzzz' is not understood \(at character 2\)$"),
        ("  Dmm7 ", r"chord '  Dmm7 ': 'm7' is not understood; did you mean Dm7\? \(at character 5\)$"),
        ("B𝄫mm7", r"'m7' is not understood.*\(at character 4\)$"),
        ("C♮mm", r"'m' is not understood.*\(at character 4\)$"),
        ("C" * 101, "chord 'CCCCCCCCCCCCCCCCCCCC...' has 101 characters: at most 100 are read"),
    ],
)
def test_an_unknown_symbol_is_an_error_that_names_it_its_place_and_suggests(symbol: str, message: str) -> None:
    with pytest.raises(ChordError, match=message):
        parse_chord(symbol)


@given(st.text(max_size=12) | st.builds("".join, st.lists(st.sampled_from("ABCGbm#7-+/9o^(), 135susadd"), max_size=10)))
def test_any_text_is_a_chord_or_a_chord_error(text: str) -> None:
    try:
        chord = parse_chord(text)
    except ChordError as error:
        assert f"chord '{text}'" in error.args[0]  # noqa: PT017
        assert len(str(error).splitlines()) == 1  # noqa: PT017
    else:
        assert parse_chord(str(chord)) == chord


@pytest.mark.parametrize("text", ["Cm7", " Bb7/Ab ", "CΔ", "H7", "", "N.C.", "Cfoo", "C" * 200])
def test_a_text_is_a_chord_if_it_can_be_read(text: str) -> None:
    try:
        parse_chord(text)
    except ChordError:
        assert not is_chord(text)
    else:
        assert is_chord(text)
