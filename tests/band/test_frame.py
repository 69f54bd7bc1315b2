"""Intro and ending: what they add, and what they leave alone."""

from dataclasses import replace

from helpers.chart_text import parse_changes
from helpers.strategies import scores
from hypothesis import given
from hypothesis import strategies as st

from jazzgen.band.frame import with_ending, with_intro
from jazzgen.harmony.chords import parse_chord
from jazzgen.harmony.pitch import Key
from jazzgen.music.score import Mark, Note, Part, Score
from jazzgen.music.timing import Meter

SOLO = Part("Solo", (Note(0, 480, 66), Note(480, 480, 69)))
SCORE = Score(
    key=Key("C"),
    changes=parse_changes("C6 | A7 | Dm7 | G7 | Em7 | A7 | Dm7 | G7"),
    parts=(SOLO,),
    marks=(Mark(0, 8 * 1920, "chorus", "1"),),
)


def symbols(score: Score) -> list[str]:
    return [span.symbol for span in score.changes]


def test_an_intro_is_the_last_four_bars_of_the_chorus_without_the_solo() -> None:
    found = with_intro(SCORE)
    assert symbols(found)[:5] == ["Em7", "A7", "Dm7", "G7", "C6"]
    assert [note.onset for note in found.melody.notes] == [4 * 1920, 4 * 1920 + 480]
    assert found.marks == (Mark(0, 4 * 1920, "section", "Intro"), Mark(4 * 1920, 8 * 1920, "chorus", "1"))


def test_a_pickup_falls_into_the_last_bar_of_the_intro() -> None:
    moved = tuple(replace(span, onset=span.onset + 480) for span in SCORE.changes)
    score = replace(SCORE, pickup=480, changes=moved, marks=(Mark(480, 8 * 1920, "chorus", "1"),))
    found = with_intro(score)
    assert found.pickup == 0
    assert [note.onset for note in found.melody.notes] == [4 * 1920 - 480, 4 * 1920]
    assert found.changes[4].onset == 4 * 1920


@given(score=scores(), bars=st.integers(1, 4))
def test_an_intro_moves_everything_by_whole_bars_and_changes_nothing_in_it(score: Score, bars: int) -> None:
    found = with_intro(score, bars)
    shift = found.end - score.end
    assert [(n.onset - shift, n.duration, n.pitch) for n in found.melody.notes] == [
        (n.onset, n.duration, n.pitch) for n in score.melody.notes
    ]
    assert found.changes[-len(score.changes) :] == tuple(
        replace(span, onset=span.onset + shift) for span in score.changes
    )
    starts = {bar.onset for bar in found.bars()}
    assert all(bar.onset + shift in starts for bar in score.bars() if bar.number)


def test_everybody_holds_the_tonic_in_the_last_bar() -> None:
    piano = Part("Piano", (Note(0, 480, 52), Note(0, 480, 57), Note(0, 480, 59)), channel=1)
    bass, drums = Part("Bass", (Note(0, 480, 43),), 32, 2), Part("Drums", (Note(0, 60, 51),), 32, 9)
    found = with_ending(SCORE.with_parts(SOLO, piano, bass, drums))
    assert symbols(found)[-1] == "C6"
    last = {part.name: [note for note in part.notes if note.onset == 8 * 1920] for part in found.parts}
    assert {note.end for notes in last.values() for note in notes} == {9 * 1920} == {found.end}
    assert [note.pitch for note in last["Solo"]] == [69]  # the sixth, where the solo is
    assert [note.pitch % 12 for note in last["Bass"]] == [0]
    assert {4, 9} <= {note.pitch % 12 for note in last["Piano"]}
    assert sorted(note.pitch for note in last["Drums"]) == [36, 49]
    assert found.marks[-1] == Mark(8 * 1920, 1920, "section", "Ending")


def test_the_last_chord_is_kept_if_it_is_on_the_tonic_and_else_is_the_tonic_s_sixth_chord() -> None:
    def last(changes: str, key: str) -> str:
        return symbols(with_ending(replace(SCORE, changes=parse_changes(changes), key=Key.parse(key))))[-1]

    assert last("F7 | C7 | F7", "F") == "F7"
    assert last("G7 | Cm(maj7)", "Cm") == str(parse_chord("Cm(maj7)"))
    assert last("Dm7 | G7", "Cm") == "Cm6"


def test_who_has_not_played_does_not_play_the_last_note_but_for_chords_and_drums() -> None:
    found = with_ending(SCORE.with_parts(Part("Solo"), Part("Bass", (), 32, 2)))
    assert all(not part.notes for part in found.parts)


def test_the_ending_is_a_bar_of_the_last_meter() -> None:
    waltz = replace(SCORE, meters=((0, Meter(4, 4)), (4 * 1920, Meter(3, 4))), changes=SCORE.changes[:4])
    waltz = replace(waltz, changes=(*waltz.changes, replace(SCORE.changes[4], duration=1440)))
    assert with_ending(waltz).end - waltz.end == 1440
