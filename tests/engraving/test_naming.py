"""Names of notes on sheets: what the source spells stands, the rest goes by key, chord and line."""

from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

import pytest

from jazzgen.corpus import read_score
from jazzgen.engraving import musicxml_bytes
from jazzgen.engraving.naming import names_of
from jazzgen.harmony.changes import ChordSpan
from jazzgen.harmony.chords import parse_chord
from jazzgen.harmony.pitch import Key, fifths_of
from jazzgen.music.score import Note, Score

CASES = Path(__file__).parent / "cases"
# As printed in the cases: name by name.
WRITTEN = {
    "spell_am.abc": "A G# A E D C# D F# G# A A",
    "spell_g.abc": "Bb G Bb G G Bb G Eb D Bb A Bb B Db C",
    "spell_gb.abc": "Gb Ab Bb Cb Db Cb Bb Ab Cb Bb Gb Gb",
    "dim.abc": "Bb G E C# D B Ab F D C Eb C Eb C Ab B D F Gb Db Bb Cb Db C Db C",
    "tieacc.abc": "C F# F# F D# D G# G F# F# G F#",
}


def printed(score: Score) -> list[str]:
    """Return each note head's name, notes that are tied from another included."""
    signs = {-1: "b", 0: "", 1: "#"}

    def name(note: Element) -> str:
        return note.findtext("pitch/step", "") + signs[int(note.findtext("pitch/alter") or 0)]

    return [name(note) for note in fromstring(musicxml_bytes(score)).iter("note") if note.find("pitch") is not None]


@pytest.mark.parametrize("case", WRITTEN)
def test_what_the_source_spells_stands(case: str) -> None:
    assert " ".join(printed(read_score(CASES / case))) == WRITTEN[case]


def test_a_musicxml_file_keeps_its_names() -> None:
    source = fromstring((CASES / "spelled.musicxml").read_bytes())
    pitches = [note.find("pitch") for note in source.iter("note")]
    steps = [(p.findtext("step"), int(p.findtext("alter") or 0)) for p in pitches if p is not None]
    sheet = fromstring(musicxml_bytes(read_score(CASES / "spelled.musicxml")))
    kept = [p for note in sheet.iter("note") if (p := note.find("pitch")) is not None]
    assert [(p.findtext("step"), int(p.findtext("alter") or 0)) for p in kept] == steps


def without_names(score: Score) -> Score:
    """Return the score as a MIDI file would have it."""
    parts = (replace(part, notes=tuple(replace(note, fifths=None) for note in part.notes)) for part in score.parts)
    return replace(score, parts=tuple(parts))


@pytest.mark.parametrize("case", ["spell_am.abc", "spell_g.abc", "spell_gb.abc"])
def test_names_that_are_lost_are_found_again(case: str) -> None:
    assert " ".join(printed(without_names(read_score(CASES / case)))) == WRITTEN[case]


def test_a_note_tied_over_a_change_has_one_name_by_the_chord_it_is_tied_into() -> None:
    changes = (ChordSpan(0, 1920, parse_chord("Bbm7")), ChordSpan(1920, 1920, parse_chord("A7")))
    held = (Note(1680, 960, 61),)
    assert names_of(held, changes, Key("C")) == {(1680, 61): "C#"}
    lapping = (Note(1680, 260, 61),)  # 20 ticks are articulation
    assert names_of(lapping, changes, Key("C")) == {(1680, 61): "Db"}


def test_a_note_before_the_first_chord_goes_by_the_key() -> None:
    changes = (ChordSpan(960, 960, parse_chord("D7")),)
    assert names_of((Note(0, 480, 70),), changes, Key("F")) == {(0, 70): "Bb"}
    assert names_of((Note(0, 480, 70, fifths=fifths_of("A#")),), changes, Key("F")) == {(0, 70): "A#"}
