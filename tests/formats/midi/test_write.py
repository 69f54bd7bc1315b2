"""Scores to MIDI files, and back through the reader."""

import io
from dataclasses import replace
from pathlib import Path

import mido
import pytest
from helpers.strategies import scores
from hypothesis import given, settings
from hypothesis import strategies as st

from jazzgen.corpus import read_score
from jazzgen.errors import OutputError
from jazzgen.formats.midi.texts import read_recipe_text
from jazzgen.formats.midi.write import MIN_NOTE_TICKS, Layout, midi_bytes, playable, write_midi, write_stems
from jazzgen.formats.reading import ReadOptions
from jazzgen.harmony.changes import ChordSpan
from jazzgen.harmony.chords import parse_chord
from jazzgen.harmony.pitch import Key
from jazzgen.music.melody import apart
from jazzgen.music.score import Mark, Note, Part, Score
from jazzgen.music.timing import Meter

FOUR = tuple(Note(480 * beat, 480, 60 + beat) for beat in range(4))


def reread(score: Score, folder: Path) -> Score:
    path = folder / "score.mid"
    write_midi(score, path)
    return read_score(path, ReadOptions(melody="1"))


def parsed(score: Score, recipe: dict[str, object] | None = None) -> mido.MidiFile:
    return mido.MidiFile(file=io.BytesIO(midi_bytes(score, recipe)), charset="utf-8")


def timed(track: mido.MidiTrack, kind: str) -> list[tuple[int, mido.Message]]:
    tick, found = 0, []
    for message in track:
        tick += message.time
        if message.type == kind:
            found.append((tick, message))
    return found


@given(score=scores())
@settings(max_examples=80)
def test_a_written_score_is_read_back_whole(score: Score, tmp_path_factory: pytest.TempPathFactory) -> None:
    assert reread(score, tmp_path_factory.getbasetemp()) == score


@given(score=scores())
@settings(max_examples=30)
def test_the_same_score_gives_the_same_bytes(score: Score) -> None:
    assert midi_bytes(score) == midi_bytes(replace(score))


@pytest.mark.parametrize("bpm", [4, 57.3, 132.5, 290, 333.333, 1000])
def test_writing_a_score_that_was_read_gives_the_same_bytes_at_any_tempo(bpm: float, tmp_path: Path) -> None:
    score = Score(title="Fast", tempos=((0, float(bpm)),), parts=(Part("Solo", FOUR),))
    once = reread(score, tmp_path)
    write_midi(once, tmp_path / "again.mid")
    assert parsed(once).tracks[0] == parsed(reread(once, tmp_path)).tracks[0]
    assert timed(parsed(once).tracks[0], "set_tempo") == timed(parsed(score).tracks[0], "set_tempo")


def test_files_are_type_1_at_480_ticks_with_a_conductor_and_a_named_track_a_part() -> None:
    score = Score("Tune", parts=(Part("Sax", FOUR, program=65), Part("Chords", FOUR, program=4, channel=1)))
    file = parsed(score)
    assert (file.type, file.ticks_per_beat) == (1, 480)
    assert [track.name for track in file.tracks] == ["Tune", "Sax", "Chords"]
    programs = [(m.channel, m.program) for track in file.tracks for m in track if m.type == "program_change"]
    assert programs == [(0, 65), (1, 4)]


def test_the_conductor_track_has_no_notes_and_holds_key_meter_and_tempo_at_the_start() -> None:
    score = Score(tempos=((0, 150.0),), meters=((0, Meter(3, 4)),), key=Key("Bb", minor=True), parts=(Part("S", FOUR),))
    conductor = parsed(score).tracks[0]
    assert not timed(conductor, "note_on")
    assert [(tick, m.key) for tick, m in timed(conductor, "key_signature")] == [(0, "Bbm")]
    assert [(t, m.numerator, m.denominator) for t, m in timed(conductor, "time_signature")] == [(0, 3, 4)]
    assert [(tick, m.tempo) for tick, m in timed(conductor, "set_tempo")] == [(0, 400_000)]


def test_every_track_ends_where_the_score_ends() -> None:
    score = Score(parts=(Part("S", FOUR),), changes=(ChordSpan(0, 3840, parse_chord("C6")),))
    assert [timed(track, "end_of_track")[0][0] for track in parsed(score).tracks] == [3840, 3840]


def test_a_note_off_comes_before_the_note_on_of_the_same_tick() -> None:
    repeated = Part("S", (Note(0, 480, 60), Note(480, 480, 60), Note(960, 480, 60)))
    messages = [m.type for m in parsed(Score(parts=(repeated,))).tracks[1] if not m.is_meta]
    settings = ["program_change", "control_change", "control_change"]
    assert messages == [*settings, *["note_on", "note_off"] * 3]


def test_chords_are_markers_at_their_onsets() -> None:
    spans = (
        ChordSpan(0, 960, parse_chord("DmΔ")),
        ChordSpan(960, 960, None),
        ChordSpan(1920, 1920, parse_chord("Bb13")),
    )
    markers = timed(parsed(Score(parts=(Part("S", FOUR),), changes=spans)).tracks[0], "marker")
    assert [(tick, m.text) for tick, m in markers] == [(0, "Dmmaj7"), (960, "N.C."), (1920, "Bb13")]


def test_a_pickup_is_a_first_bar_of_its_own_length() -> None:
    score = Score(pickup=720, parts=(Part("S", FOUR),))
    signatures = timed(parsed(score).tracks[0], "time_signature")
    assert [(t, m.numerator, m.denominator) for t, m in signatures] == [(0, 3, 8), (720, 4, 4)]


def test_a_pickup_that_no_meter_holds_is_an_error_that_names_the_tune_and_the_cure() -> None:
    score = Score("Triplet Start", pickup=160, parts=(Part("S", FOUR),))
    with pytest.raises(OutputError, match=r"'Triplet Start': .*pickup of 160 ticks; fill it up with a rest"):
        midi_bytes(score)


def test_the_recipe_is_kept_as_text_that_does_not_depend_on_its_order() -> None:
    score = Score("Tune", parts=(Part("S", FOUR),))
    recipe: dict[str, object] = {"seed": 7, "model": "bop", "changes": "Dm7 | G♭7"}
    backwards = dict(reversed(recipe.items()))
    texts = [m.text for _, m in timed(parsed(score, recipe).tracks[0], "text")]
    assert read_recipe_text(texts) == recipe
    assert midi_bytes(score, recipe) == midi_bytes(score, backwards)
    assert not timed(parsed(score).tracks[0], "text")


@pytest.mark.parametrize("title", ["Évidence", "酒とバラの日々", "Naïve in G♭", "Über Bb – 2. Chorus"])
def test_titles_and_part_names_keep_every_letter(title: str, tmp_path: Path) -> None:
    found = reread(Score(title, parts=(Part(title, FOUR),)), tmp_path)
    assert (found.title, found.melody.name) == (title, title)


def test_a_part_without_notes_is_written_all_the_same() -> None:
    assert [t.name for t in parsed(Score("T", parts=(Part("S", FOUR), Part("Tacet")))).tracks] == ["T", "S", "Tacet"]


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"nowhere.*is not there; make it"):
        write_midi(Score(parts=(Part("S", FOUR),)), tmp_path / "nowhere" / "score.mid")


def test_a_part_sets_program_volume_and_pan_before_its_first_note() -> None:
    part = Part("Bass", (Note(0, 480, 40),), program=32, channel=2, volume=90, pan=20)
    track = parsed(Score(parts=(part,))).tracks[1]
    first = [(tick, m.program) for tick, m in timed(track, "program_change")]
    settings = [(tick, m.control, m.value) for tick, m in timed(track, "control_change")]
    assert (first, settings) == ([(0, 32)], [(0, 7, 90), (0, 10, 20)])
    assert [tick for tick, _ in timed(track, "note_on")] == [1]
    assert [tick for tick, _ in timed(track, "note_off")] == [480]


def test_drums_volumes_pans_and_form_are_read_back(tmp_path: Path) -> None:
    drums = Part("Drums", (Note(0, 60, 36), Note(0, 60, 51), Note(480, 60, 38)), 40, 9, 86, 64)
    form = [("chorus", "1", 0, 2), ("section", "A", 0, 1), ("section", "B", 1, 1), ("chorus", "2", 2, 1)]
    form += [("section", "A", 2, 1), ("section", "Tag", 3, 1), ("section", "Ending", 4, 1)]
    marks = tuple(Mark(1920 * bar, 1920 * bars, kind, label) for kind, label, bar, bars in form)  # type: ignore[arg-type]
    symbols = ("C", "A7", "Dm7", "G7", "C")
    spans = tuple(ChordSpan(1920 * i, 1920, parse_chord(symbol)) for i, symbol in enumerate(symbols))
    score = Score("Tune", parts=(Part("S", FOUR, 66, 0, 90, 30), drums), changes=spans, marks=marks, feel="straight")
    assert reread(score, tmp_path) == score


def test_chord_symbols_may_be_texts_so_that_markers_show_the_form_alone(tmp_path: Path) -> None:
    spans = (ChordSpan(0, 1920, parse_chord("Dm7")),)
    score = Score(parts=(Part("S", FOUR),), changes=spans, marks=(Mark(0, 1920, "section", "A"),), feel="straight")
    path = tmp_path / "a.mid"
    write_midi(score, path, layout=Layout(chord_text=True))
    assert [m.text for _, m in timed(mido.MidiFile(path).tracks[0], "marker")] == ["Section A"]
    found = read_score(path)
    assert (found.changes, found.marks) == (spans, score.marks)


def test_type_0_has_all_on_one_track_each_on_its_channel(tmp_path: Path) -> None:
    score = Score("T", parts=(Part("A", FOUR), Part("B", FOUR, 32, 2), Part("Drums", FOUR, 0, 9)))
    path = tmp_path / "a.mid"
    write_midi(score, path, layout=Layout(kind=0))
    file = mido.MidiFile(path)
    assert (file.type, len(file.tracks)) == (0, 1)
    assert [(p.channel, p.notes) for p in read_score(path).parts] == [(p.channel, p.notes) for p in score.parts]


def test_stems_are_a_file_for_each_part_that_end_with_the_music(tmp_path: Path) -> None:
    score = Score("T", parts=(Part("Solo", FOUR), Part("Bass", FOUR[:2], 32, 2)))
    spans = (ChordSpan(0, 5000, parse_chord("C6")),)
    paths = write_stems(replace(score, changes=spans), tmp_path / "t.mid", {"seed": 1})
    assert [path.name for path in paths] == ["t-solo.mid", "t-bass.mid"]
    for path, part in zip(paths, score.parts, strict=True):
        file = mido.MidiFile(path)
        assert [track.name for track in file.tracks] == ["T", part.name]
        assert read_recipe_text(m.text for m in file.tracks[0] if m.type == "text") == {"seed": 1, "stem": part.name}
        assert sum(message.time for message in file.tracks[1]) == 5000


def test_track_names_are_ascii_whatever_the_title() -> None:
    file = parsed(Score("Naïve in G♭", parts=(Part("Évidence", FOUR),)))
    assert [track.name for track in file.tracks] == ["Naive in G?", "Evidence"]


@given(notes=st.lists(st.builds(Note, st.integers(0, 60), st.integers(1, 30), st.integers(60, 62)), max_size=12))
def test_notes_in_a_file_are_apart_and_long_enough_and_none_is_at_tick_0(notes: list[Note]) -> None:
    found = playable(apart(notes))
    assert all(note.onset >= 1 and note.duration >= MIN_NOTE_TICKS for note in found)
    assert Part("S", found).notes == tuple(sorted(found))
    kept = {(note.onset, note.pitch) for note in found}
    for note in apart(notes):
        onset = max(note.onset, 1)
        near = any(pitch == note.pitch and 0 < other - onset < MIN_NOTE_TICKS for other, pitch in kept)
        assert (onset, note.pitch) in kept or near
