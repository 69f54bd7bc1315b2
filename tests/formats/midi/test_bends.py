"""Gestures in a file: what is written, that every note starts in tune, and that they are read back."""

import io
from dataclasses import replace
from pathlib import Path

import mido
import numpy as np
import pytest
from helpers.strategies import scores
from hypothesis import given, settings
from hypothesis import strategies as st

from jazzgen.band.gestures import with_gestures
from jazzgen.corpus import read_score
from jazzgen.doctor.checks import examine
from jazzgen.doctor.song import load_song
from jazzgen.formats.midi import readings
from jazzgen.formats.midi.texts import GESTURES_TEXT
from jazzgen.formats.midi.write import Layout, midi_bytes, stems_bytes, write_midi
from jazzgen.formats.reading import ReadOptions
from jazzgen.formats.score_json import reading_from_json, reading_to_json
from jazzgen.music.gesture import Gesture
from jazzgen.music.score import TENOR_SAX, Note, Part, Score

NOTES = (Note(0, 480, 60), Note(960, 480, 62), Note(1920, 480, 64), Note(2400, 480, 65))
SCOOP = ((0, -100), (20, -50), (40, 0))
FALL = Gesture(960, ((300, -100), (400, -250), (479, -500)), ((300, 90), (479, 16)))
MOVED = Score(parts=(Part("Solo", NOTES, TENOR_SAX, gestures=(Gesture(0, SCOOP), FALL, Gesture(1920, SCOOP))),))
Said = list[tuple[int, str, int]]


def said(data: bytes, track: int = 1) -> Said:
    """(tick, what, value) of a track's bends, controllers and note-ons."""
    tick, found = 0, []
    for message in mido.MidiFile(file=io.BytesIO(data)).tracks[track]:
        tick += message.time
        if message.type == "pitchwheel":
            found.append((tick, "bend", message.pitch))
        elif message.type == "control_change":
            found.append((tick, f"cc{message.control}", message.value))
        elif message.type == "note_on":
            found.append((tick, "on", message.note))
        elif message.type == "note_off":
            found.append((tick, "off", message.note))
    return found


def test_a_track_with_gestures_sets_the_range_of_a_bend_and_lets_the_parameter_go() -> None:
    start = [(what, value) for tick, what, value in said(midi_bytes(MOVED)) if tick == 0]
    assert start[2:] == [
        *(("cc101", 0), ("cc100", 0), ("cc6", 5), ("cc38", 0), ("cc101", 127), ("cc100", 127)),
        *(("cc1", 0), ("cc11", 127), ("bend", 0)),
    ]


def test_steps_stand_in_their_notes_and_a_fall_is_taken_back_in_the_rest_after() -> None:
    found = [(tick, value) for tick, what, value in said(midi_bytes(MOVED)) if what == "bend"]
    scoop = [-1638, -819, 0]
    assert found == [
        *((0, 0), *zip((1, 20, 40), scoop, strict=True)),
        *((1260, -1638), (1360, -4096), (1439, -8192), (1680, 0)),
        *zip((1920, 1940, 1960), scoop, strict=True),
    ]
    levels = [(tick, value) for tick, what, value in said(midi_bytes(MOVED)) if what == "cc11"]
    assert levels == [(0, 127), (1260, 90), (1439, 16), (1680, 127)]


@pytest.mark.parametrize(("gap", "back"), [(0, 0), (5, 0), (60, 50), (240, 230), (1000, 240)])
def test_a_fall_is_taken_back_before_the_next_note(gap: int, back: int) -> None:
    notes = (NOTES[1], Note(1440 + gap, 100, 60))
    data = midi_bytes(Score(parts=(Part("Solo", notes, gestures=(FALL,)),)))
    assert [tick for tick, what, value in said(data) if what == "bend" and not value] == [0, 1440 + back]
    order = [what for _, what, _ in said(data) if what in {"bend", "on", "off"}]
    assert order[-4:] == ["off", "bend", "on", "off"]


@given(score=scores(), seed=st.integers(0, 99), kind=st.sampled_from([0, 1]))
@settings(max_examples=100, deadline=None)
def test_a_file_with_gestures_is_in_tune_and_read_back(
    score: Score, seed: int, kind: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    solo = replace(score.melody, program=TENOR_SAX)
    moved = with_gestures(score.with_parts(solo, *score.parts[1:]), rng=np.random.default_rng(seed))
    data = midi_bytes(moved)
    _check_in_tune(said(data), moved.melody)
    assert not {f.check for f in examine(load_song(data))} & {"no-bend-range", "odd-bend-range", "held-bend"}
    path = tmp_path_factory.getbasetemp() / "moved.mid"
    write_midi(moved, path, layout=Layout(kind=kind))  # type: ignore[arg-type]
    again = read_score(path, ReadOptions(melody="1" if kind else "channel 1"))
    assert (again.melody.notes, again.melody.gestures) == (moved.melody.notes, moved.melody.gestures)
    assert not any(part.gestures for part in again.parts[1:])


def _check_in_tune(found: Said, solo: Part) -> None:
    """Every note starts in tune or with its own scoop, and where none sounds things are taken back, no more."""
    scoops = {max(g.onset, 1): g.bends[0] for g in solo.gestures if g.bends[0][0] == 0}
    bend, level, sounding = 0, 127, 0
    for tick, what, value in found:
        sounding += {"on": 1, "off": -1}.get(what, 0)
        if what in {"bend", "cc11"} and not sounding and tick not in scoops:
            assert value == {"bend": 0, "cc11": 127}[what]
        bend = value if what == "bend" else bend
        level = value if what == "cc11" else level
        if what == "on":
            assert level == 127
            assert (bend < 0) if tick in scoops else (bend == 0)
    assert (bend, level) == (0, 127)


def test_a_part_without_gestures_is_written_as_before() -> None:
    plain = midi_bytes(MOVED.with_parts(replace(MOVED.melody, gestures=())))
    assert {what for _, what, _ in said(plain)} == {"cc7", "cc10", "on", "off"}
    assert GESTURES_TEXT.encode() not in plain
    assert [one for one in said(midi_bytes(MOVED)) if one[1] in {"on", "off"}] == [
        one for one in said(plain) if one[1] in {"on", "off"}
    ]


def test_a_gesture_without_its_note_is_not_written() -> None:
    lost = replace(MOVED.melody, gestures=(Gesture(500, SCOOP),))
    assert [tick for tick, what, _ in said(midi_bytes(MOVED.with_parts(lost))) if what == "bend"] == [0]


def test_the_stem_of_the_solo_has_them_and_others_have_not() -> None:
    stems = stems_bytes(MOVED.with_parts(MOVED.melody, Part("Piano", NOTES, channel=1)))
    assert [what for _, what, _ in said(stems["solo"])].count("bend") == 11
    assert "bend" not in {what for _, what, _ in said(stems["piano"])}


def test_nothing_of_them_is_said_to_be_left_out_and_the_cache_keeps_them(tmp_path: Path) -> None:
    write_midi(MOVED, tmp_path / "a.mid")
    (reading,) = readings(tmp_path / "a.mid")
    assert reading.left_out == ()
    assert reading.score.melody == MOVED.melody
    assert reading_from_json(reading_to_json(reading)) == reading


def test_bends_from_elsewhere_are_left_out_as_they_were(tmp_path: Path) -> None:
    data = midi_bytes(MOVED).replace(GESTURES_TEXT.encode(), b"some other words")
    (tmp_path / "a.mid").write_bytes(data)
    (reading,) = readings(tmp_path / "a.mid")
    assert reading.score.melody == replace(MOVED.melody, gestures=())
    assert reading.left_out == ("controllers (11)", "pitch bends (11)", "texts (1)")


def test_another_range_in_the_file_is_heeded(tmp_path: Path) -> None:
    data = midi_bytes(MOVED)
    wide = data.replace(bytes((6, 5, 0, 0xB0, 38)), bytes((6, 2, 0, 0xB0, 38))).replace(bytes((6, 5)), bytes((6, 2)))
    (tmp_path / "a.mid").write_bytes(wide)
    assert wide != data
    assert read_score(tmp_path / "a.mid").melody.gestures[0].bends == ((0, -40), (20, -20), (40, 0))
