"""Which notes get an accidental."""

from xml.etree.ElementTree import Element, fromstring

from helpers.chart_text import parse_changes

from jazzgen.engraving import musicxml_bytes
from jazzgen.harmony.pitch import Key
from jazzgen.music.score import Note, Part, Score


def printed(score: Score) -> list[list[str]]:
    """By measure, each note as it is printed: step and accidental."""

    def text(note: Element) -> str:
        return (
            note.findtext("pitch/step", "")
            + {"flat": "b", "sharp": "#", "natural": "n", "": ""}[note.findtext("accidental", "")]
        )

    root = fromstring(musicxml_bytes(score))
    return [[text(note) for note in m.iter("note") if note.find("pitch") is not None] for m in root.iter("measure")]


def score(*pitches: int, key: str = "F", changes: str = "N.C. | N.C.") -> Score:
    notes = tuple(Note(480 * i, 480, pitch) for i, pitch in enumerate(pitches))
    return Score(key=Key.parse(key), changes=parse_changes(changes), parts=(Part("Solo", notes),), feel="straight")


def test_a_note_that_is_in_the_key_has_none_and_one_that_is_not_has_one_once_a_bar() -> None:
    assert printed(score(70, 63, 63, 64, 63)) == [["B", "Eb", "E", "En"], ["Eb"]]


def test_an_accidental_is_for_its_octave_alone() -> None:
    assert printed(score(63, 75)) == [["Eb", "Eb"]] * 1 + printed(score(63, 75))[1:]


def test_a_note_that_the_key_alters_gets_a_natural() -> None:
    assert printed(score(71, 70))[0] == ["Bn", "Bb"]


def test_a_tied_note_keeps_what_it_had_in_the_bar_before() -> None:
    tied = Score(
        key=Key("C"),
        changes=parse_changes("N.C. | N.C."),
        parts=(Part("Solo", (Note(1440, 960, 61), Note(2400, 480, 61))),),
        feel="straight",
    )
    assert printed(tied) == [["Db"], ["D", "Db"]] or printed(tied) == [["C#"], ["C", "C#"]]


def test_chord_tones_are_spelled_as_the_chord_is() -> None:
    # in F: the third of D7 is F#, that of Bbm7 Db, that of E7alt G#
    for changes, pitch, name in (("D7 | D7", 66, "F#"), ("Bbm7 | Bbm7", 61, "Db"), ("E7alt | E7alt", 68, "G#")):
        assert printed(score(pitch, changes=changes))[0] == [name]


def courtesies(score: Score) -> list[list[str]]:
    """By measure, the steps of the notes that have a courtesy accidental."""

    def has_one(note: Element) -> bool:
        sign = note.find("accidental")
        return sign is not None and sign.get("cautionary") == "yes"

    root = fromstring(musicxml_bytes(score))
    return [[n.findtext("pitch/step", "") for n in m.iter("note") if has_one(n)] for m in root.iter("measure")]


def test_a_courtesy_accidental_takes_back_one_of_the_bar_before() -> None:
    line = score(66, 67, 69, 71, 65, 65, 67, 69, key="C", changes="D7 | G7 | C6")
    assert printed(line)[1][:2] == ["Fn", "F"]
    assert courtesies(line) == [[], ["F"], []]


def test_a_courtesy_accidental_takes_back_one_of_another_octave() -> None:
    line = score(66, 77, 67, 69, key="C", changes="D7")
    assert printed(line)[0][:2] == ["F#", "Fn"]
    assert courtesies(line)[0] == ["F"]


def test_after_a_tie_the_sign_is_needed_again_or_taken_back() -> None:
    def after(pitch: int) -> Score:
        tied = (Note(1440, 960, 66), Note(2400, 480, pitch))
        return Score(key=Key("C"), changes=parse_changes("D7 | D7"), parts=(Part("Solo", tied),), feel="straight")

    assert printed(after(66)) == [["F#"], ["F", "F#"]]
    assert printed(after(65)) == [["F#"], ["F", "Fn"]]
    assert courtesies(after(65)) == [[], ["F"]]


def test_a_line_that_stays_in_the_key_has_no_courtesies() -> None:
    assert courtesies(score(65, 67, 69, 70, 72, 74, 76, 77, changes="F6 | F6")) == [[], []]
