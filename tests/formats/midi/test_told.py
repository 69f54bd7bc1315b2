"""How notes are written, as a text of their track."""

import io
from pathlib import Path

import mido
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jazzgen.formats.midi import readings
from jazzgen.formats.midi.told import PREFIX, read_told, told_text
from jazzgen.formats.midi.write import Layout, midi_bytes
from jazzgen.formats.score_json import reading_from_json, reading_to_json
from jazzgen.music.score import Note, Part, Score, Written

NOTES = (
    Note(0, 200, 60, 90, written=Written(0, 240)),
    Note(335, 100, 62, 80, written=Written(95, 240)),
    Note(470, 300, 62, 70, written=Written(-10, 480)),
    Note(960, 100, 65, 70),
)
SCORE = Score(parts=(Part("Solo", NOTES), Part("Bass", (Note(0, 480, 40), Note(480, 480, 43)), 32, 1)))
WRITTEN = [note.written for note in NOTES]


def read(data: bytes, folder: Path) -> list[Written | None]:
    (folder / "a.mid").write_bytes(data)
    (reading,) = readings(folder / "a.mid")
    assert reading.score.melody.notes == NOTES
    assert reading_from_json(reading_to_json(reading)).score.melody.notes[1].written == WRITTEN[1]
    assert not [what for what in reading.left_out if "text" in what]
    return [note.written for note in reading.score.melody.notes]


@pytest.mark.parametrize("kind", [0, 1])
def test_notes_come_back_with_how_they_are_written(kind: int, tmp_path: Path) -> None:
    assert read(midi_bytes(SCORE, layout=Layout(kind=1 if kind else 0)), tmp_path) == WRITTEN


def test_other_resolutions_keep_it(tmp_path: Path) -> None:
    midi = mido.MidiFile(file=io.BytesIO(midi_bytes(SCORE)))
    for track in midi.tracks:
        for message in track:
            message.time *= 2
    midi.ticks_per_beat = 960
    buffer = io.BytesIO()
    midi.save(file=buffer)
    assert read(buffer.getvalue(), tmp_path) == WRITTEN


def test_a_note_moved_by_hand_says_nothing(tmp_path: Path) -> None:
    midi = mido.MidiFile(file=io.BytesIO(midi_bytes(SCORE)))
    solo = midi.tracks[1]
    place = next(i for i, message in enumerate(solo) if message.type == "note_on" and message.note == 60)
    solo[place].note = solo[place + 1].note = 61
    buffer = io.BytesIO()
    midi.save(file=buffer)
    (tmp_path / "a.mid").write_bytes(buffer.getvalue())
    (reading,) = readings(tmp_path / "a.mid")
    assert [note.written for note in reading.score.melody.notes] == [None, *WRITTEN[1:]]


def test_files_without_it_have_no_text() -> None:
    assert PREFIX.encode() not in midi_bytes(Score(parts=(Part("Solo", (Note(0, 480, 60),)),)))


@given(st.lists(st.tuples(st.integers(0, 9999), st.integers(0, 127), st.integers(-1920, 1920), st.integers(1, 9999))))
def test_text_comes_back(rows: list[tuple[int, int, int, int]]) -> None:
    notes = [Note(onset, 10, pitch, written=Written(*told)) for onset, pitch, *told in rows]
    assert read_told([told_text(notes)]) == {(n.onset, n.pitch): n.written for n in notes}


@pytest.mark.parametrize(
    "text",
    [
        "[1, 2, 3, 4",
        "{}",
        "3",
        '[1, 2, "x", 4]',
        "[1, 2, true, 4]",
        "[1, 2, 1e9, 4]",
        "[1, 2, 99999, 4]",
        "[1, 2, 3, 0]",
        "[[1, 2, 3, 4]]",
        "[" * 100_000,
    ],
)
def test_damage_tells_nothing(text: str) -> None:
    assert not read_told([PREFIX + text])
