"""Chord symbols: what is heard, whatever the spelling."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import chord_symbols, chords

from jazzgen.errors import ChordError
from jazzgen.harmony.chords import Chord, parse_chord
from jazzgen.harmony.pitch import pitch_class

ROOTS = {
    "C": 0, "C#": 1, "Db": 1, "D": 2, "D#": 3, "Eb": 3, "E": 4, "Fb": 4, "E#": 5, "F": 5, "F#": 6, "Gb": 6,
    "G": 7, "G#": 8, "Ab": 8, "A": 9, "A#": 10, "Bb": 10, "B": 11, "Cb": 11, "B#": 0,
}  # fmt: skip

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
        ("H7", "chord 'H7': a chord starts with its root, A to G; did you mean .7"),
        ("cm7", "chord 'cm7': .*did you mean Cm7"),
        ("", "chord '': a chord starts with its root"),
        ("Cmaj77", "chord 'Cmaj77': '7' is not understood; did you mean Cmaj7"),
        ("Bbm7b55", "chord 'Bbm7b55': '5' is not understood; did you mean Bbm7b5"),
        ("Am7/H", "chord 'Am7/H': '/H' is not understood"),
        ("C7b10", "'b10' is not understood; did you mean C7b"),
        ("Cm5", "chord 'Cm5': '5' is not understood"),
        ("Gzzzzzzzz", "chord 'Gzzzzzzzz': 'zzzzzzzz' is not understood$"),
    ],
)
def test_an_unknown_symbol_is_an_error_that_names_it_and_suggests(symbol: str, message: str) -> None:
    with pytest.raises(ChordError, match=message):
        parse_chord(symbol)


@given(st.text(max_size=12) | st.builds("".join, st.lists(st.sampled_from("ABCGbm#7-+/9o^(), 135susadd"), max_size=10)))
def test_any_text_is_a_chord_or_a_chord_error(text: str) -> None:
    try:
        chord = parse_chord(text)
    except ChordError as error:
        assert f"chord '{text}'" in str(error)  # noqa: PT017
    else:
        assert parse_chord(str(chord)) == chord
