"""Chords as MusicXML's kinds and degrees."""

import pytest
from helpers.any_chords import any_chords
from hypothesis import given
from hypothesis import strategies as st

from jazzgen.errors import ChordError
from jazzgen.harmony.chord_musicxml import Degree, MusicXmlHarmony, chord_from_musicxml, chord_to_musicxml
from jazzgen.harmony.chords import Chord, parse_chord

# The kinds of MusicXML 4.0 that are chords, and their tones as the standard lists them.
KINDS = {
    "major": (0, 4, 7), "minor": (0, 3, 7), "augmented": (0, 4, 8), "diminished": (0, 3, 6),
    "dominant": (0, 4, 7, 10), "major-seventh": (0, 4, 7, 11), "minor-seventh": (0, 3, 7, 10),
    "diminished-seventh": (0, 3, 6, 9), "augmented-seventh": (0, 4, 8, 10), "half-diminished": (0, 3, 6, 10),
    "major-minor": (0, 3, 7, 11), "major-sixth": (0, 4, 7, 9), "minor-sixth": (0, 3, 7, 9),
    "dominant-ninth": (0, 2, 4, 7, 10), "major-ninth": (0, 2, 4, 7, 11), "minor-ninth": (0, 2, 3, 7, 10),
    "dominant-11th": (0, 2, 4, 5, 7, 10), "major-11th": (0, 2, 4, 5, 7, 11), "minor-11th": (0, 2, 3, 5, 7, 10),
    "minor-13th": (0, 2, 3, 5, 7, 9, 10), "suspended-second": (0, 2, 7), "suspended-fourth": (0, 5, 7),
    "pedal": (0,), "power": (0, 7),
    # without the 11th that players leave out
    "dominant-13th": (0, 2, 4, 7, 9, 10), "major-13th": (0, 2, 4, 7, 9, 11),
}  # fmt: skip


def read(kind: str, *degrees: Degree, text: str = "") -> Chord | None:
    return chord_from_musicxml(MusicXmlHarmony("C", kind=kind, text=text, degrees=degrees))


@pytest.mark.parametrize(("kind", "tones"), KINDS.items())
def test_every_kind_of_the_standard_is_read(kind: str, tones: tuple[int, ...]) -> None:
    chord = read(kind)
    assert chord is not None
    assert {*chord.tones, *chord.tensions} == {*tones}


@given(any_chords())
def test_every_chord_reads_back_from_its_harmony(chord: Chord) -> None:
    harmony = chord_to_musicxml(chord)
    assert chord_from_musicxml(harmony) == chord
    assert harmony.kind in KINDS


@pytest.mark.parametrize(
    ("symbol", "kind", "degrees"),
    [
        ("C", "major", []),
        ("Cm7b5", "half-diminished", []),
        ("C9", "dominant-ninth", []),
        ("Cm11", "minor-11th", []),
        ("Cmaj13", "major-13th", []),
        ("C7b9", "dominant", [Degree(9, -1, "add")]),
        ("C13b9", "dominant-13th", [Degree(9, -1, "alter")]),
        ("C13#11", "dominant-13th", [Degree(11, 1, "alter")]),
        ("C7b9#9", "dominant", [Degree(9, -1, "add"), Degree(9, 1, "add")]),
        ("C7b5", "dominant", [Degree(5, -1, "alter")]),
        ("C7#5", "augmented-seventh", []),
        ("C7sus4", "suspended-fourth", [Degree(7, 0, "add")]),
        ("Cmaj7sus4", "suspended-fourth", [Degree(7, 1, "add")]),
        ("C6sus2", "suspended-second", [Degree(6, 0, "add")]),
        ("C7no5", "dominant", [Degree(5, 0, "subtract")]),
        ("C7no3", "dominant", [Degree(3, 0, "subtract")]),
        ("C5", "power", []),
    ],
)
def test_a_chord_is_written_as_the_nearest_kind_and_what_differs(symbol: str, kind: str, degrees: list[Degree]) -> None:
    harmony = chord_to_musicxml(parse_chord(symbol))
    assert (harmony.kind, list(harmony.degrees), harmony.text) == (kind, degrees, symbol[1:])


def test_notes_are_steps_and_alters() -> None:
    harmony = chord_to_musicxml(parse_chord("Bbm7/Ab"))
    assert (harmony.root_step, harmony.root_alter, harmony.bass_step, harmony.bass_alter) == ("B", -1, "A", -1)
    harmony = chord_to_musicxml(parse_chord("F##"))
    assert (harmony.root_step, harmony.root_alter, harmony.bass_step) == ("F", 2, None)


def test_a_kind_of_none_is_no_chord() -> None:
    assert read("none") is None


@pytest.mark.parametrize(
    ("kind", "degrees", "symbol"),
    [
        ("dominant", [Degree(3, -1, "alter")], "Cm7"),
        ("minor-seventh", [Degree(7, 1, "alter")], "Cmmaj7"),
        ("diminished", [Degree(5, 1, "alter")], "Cm"),
        ("half-diminished", [Degree(5, -1, "alter")], "Cm7b5"),  # said twice
        ("dominant-ninth", [Degree(9, 1, "alter")], "C7#9"),
        ("dominant", [Degree(9, -1, "alter")], "C7b9"),
        ("dominant-ninth", [Degree(9, 0, "subtract")], "C7"),
        ("dominant", [Degree(7, 0, "subtract")], "C"),
        ("major", [Degree(1, 0, "add")], "C"),
        ("major", [Degree(10, 0, "subtract"), Degree(12, 0, "subtract")], "Cno3no5"),
        ("major", [Degree(2, 0, "add")], "Cadd9"),
        ("major", [Degree(4, 0, "add")], "Cadd11"),
        ("major", [Degree(6, 0, "add")], "C6"),
        ("major-sixth", [Degree(7, 0, "add")], "C7add13"),
        ("dominant", [Degree(7, 1, "add")], "C7addmaj7"),
        ("dominant", [Degree(5, 1, "add")], "C7b13"),
        ("suspended-fourth", [Degree(3, 0, "add")], "Csus4addb11"),
    ],
)
def test_degrees_count_as_the_standard_says(kind: str, degrees: list[Degree], symbol: str) -> None:
    assert read(kind, *degrees) == parse_chord(symbol)


@given(st.permutations([Degree(3, 0, "subtract"), Degree(4, 0, "add"), Degree(5, -1, "alter"), Degree(9, 1, "add")]))
def test_the_order_of_degrees_does_not_matter(degrees: list[Degree]) -> None:
    assert str(read("dominant", *degrees)) == "C7sus4b5#9"


@pytest.mark.parametrize(
    ("harmony", "message"),
    [
        (MusicXmlHarmony("C", kind="Italian"), "harmony kind 'Italian' names a function and no tones"),
        (MusicXmlHarmony("C", kind="other"), "harmony kind 'other' with text '' is not understood"),
        (MusicXmlHarmony("C", kind="other", text="?!"), r"with text '\?!' is not understood"),
        (MusicXmlHarmony("C", kind="fancy"), "harmony kind 'fancy'"),
        (MusicXmlHarmony("C", kind="other", text="b9" * 999), f"with text '{'b9' * 20}' is not understood"),
        (MusicXmlHarmony("C", degrees=(Degree(16, 0, "add"),)), "degree 16 altered by 0: degrees are 1 to 15"),
        (MusicXmlHarmony("C", degrees=(Degree(0, 0, "add"),)), "degree 0 altered by 0"),
        (MusicXmlHarmony("C", degrees=(Degree(9, 3, "add"),)), "degree 9 altered by 3: .*alters -2 to 2"),
        (MusicXmlHarmony("H"), "'H' is not a note name"),
        (MusicXmlHarmony("C", 3), "note C altered by 3 semitones: at most a double sharp"),
        (MusicXmlHarmony("C", bass_step="E", bass_alter=-3), "note E altered by -3"),
    ],
)
def test_what_is_not_understood_is_named(harmony: MusicXmlHarmony, message: str) -> None:
    with pytest.raises(ChordError, match=message):
        chord_from_musicxml(harmony)


DEGREES = st.builds(Degree, st.integers(-1, 17), st.integers(-3, 3), st.sampled_from(["add", "alter", "subtract"]))


@given(
    st.builds(
        MusicXmlHarmony,
        st.sampled_from("ABCDEFGH"),
        st.integers(-2, 2),
        st.sampled_from([*KINDS, "other", "", "min7"]),
        st.sampled_from(["", "7", "m7b5", "7alt", "?"]),
        st.lists(DEGREES, max_size=6).map(tuple),
    )
)
def test_any_harmony_is_a_chord_or_a_chord_error(harmony: MusicXmlHarmony) -> None:
    try:
        chord = chord_from_musicxml(harmony)
    except ChordError:
        return
    assert chord is not None
    assert parse_chord(str(chord)) == chord
