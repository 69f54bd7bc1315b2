"""A file of ours as other programs give it back, and what somebody has to say of it then."""

from collections.abc import Callable, Iterable
from pathlib import Path

import mido
import pytest
from helpers.small_soloist import small_soloist

from jazzgen.band.arrange import Arrangement
from jazzgen.errors import CorpusError
from jazzgen.formats.midi.write import Layout, midi_bytes
from jazzgen.harmony.changes import Chart, format_chart
from jazzgen.harmony.tunes import find_tune
from jazzgen.improvise.options import Options
from jazzgen.takes.new_bars import Retake, make_retake
from jazzgen.takes.reading import Asked, read_played, read_played_bytes
from jazzgen.takes.recipe import read_source, source_in
from jazzgen.takes.remake import remake
from jazzgen.takes.take import make_take

CASES = Path(__file__).parents[1] / "formats" / "midi" / "cases"
OWN = CASES / "own-swing-blues.mid"
TEXTS = {"marker", "text", "lyrics", "cue_marker"}
Change = Callable[[mido.MidiFile], mido.MidiFile]


def again(file: mido.MidiFile, tracks: Iterable[mido.MidiTrack], kind: int = 1, division: int = 480) -> mido.MidiFile:
    new = mido.MidiFile(type=kind, ticks_per_beat=division)
    new.tracks += [mido.MidiTrack(track) for track in tracks]
    return new


def renamed(file: mido.MidiFile) -> mido.MidiFile:
    """Tracks called by their number."""
    for number, track in enumerate(file.tracks):
        for message in track:
            if message.type == "track_name":
                message.name = f"Track {number}"
    return file


def reordered(file: mido.MidiFile) -> mido.MidiFile:
    return renamed(again(file, [file.tracks[0], *file.tracks[:0:-1]]))


def merged(file: mido.MidiFile) -> mido.MidiFile:
    """All players on one track of type 1, conductor apart."""
    return renamed(again(file, [file.tracks[0], mido.merge_tracks(file.tracks[1:])]))


def in_type_0(file: mido.MidiFile) -> mido.MidiFile:
    return again(file, [mido.merge_tracks(file.tracks)], kind=0)


def without_texts(file: mido.MidiFile) -> mido.MidiFile:
    tracks = []
    for track in file.tracks:
        waiting, kept = 0, []
        for message in track:
            waiting += message.time
            if message.type not in TEXTS:
                kept.append(message.copy(time=waiting))
                waiting = 0
        tracks.append(kept)
    return again(file, tracks)


def with_division(division: int) -> Change:
    def change(file: mido.MidiFile) -> mido.MidiFile:
        tracks = []
        for track in file.tracks:
            time, before, scaled = 0, 0, []
            for message in track:
                time += message.time
                tick = round(time * division / 480)
                scaled.append(message.copy(time=tick - before))
                before = tick
            tracks.append(scaled)
        return again(file, tracks, division=division)

    return change


def on_channel_1(file: mido.MidiFile) -> mido.MidiFile:
    """Each track but drums on channel 1, without programs, as some programs export clips."""
    tracks = [
        [m.copy(channel=0) if getattr(m, "channel", 9) != 9 else m for m in track if m.type != "program_change"]
        for track in file.tracks
    ]
    return renamed(again(file, tracks))


CHANGES = {
    "renamed": renamed,
    "reordered": reordered,
    "merged": merged,
    "type 0": in_type_0,
    "no texts": without_texts,
    "96 ticks": with_division(96),
    "960 ticks": with_division(960),
    "channel 1": on_channel_1,
}


@pytest.mark.parametrize("name", CHANGES)
def test_the_solo_is_found_whatever_a_program_does_and_bars_are_played_anew(name: str, tmp_path: Path) -> None:
    path = tmp_path / "back.mid"
    CHANGES[name](mido.MidiFile(OWN)).save(path)
    first, back = read_played(OWN).score, read_played(path)
    assert [note.pitch for note in back.score.melody.notes] == [note.pitch for note in first.melody.notes]
    assert all(abs(a.onset - b.onset) <= 3 for a, b in zip(back.score.melody.notes, first.melody.notes, strict=True))
    assert [warning[:21] for warning in back.warnings] == (["no chords are written"] if name == "no texts" else [])
    take = make_retake(small_soloist(), back.score, Retake((5, 6), candidates=2), seed=1, source=read_source(path))
    kept = [[n for n in s.melody.notes if not 7680 <= n.onset < 11520] for s in (take.played, back.score)]
    assert kept[0] == kept[1]
    assert midi_bytes(take.played, take.recipe.to_json())


def test_chords_that_are_inferred_are_said_to_be_and_can_be_given() -> None:
    path = CASES / "nomark.mid"
    assert "no chords are written in it; inferred from" in read_played(path).warnings[0]
    given = read_played(path, Asked(changes="Dm7 | G7 | Cmaj7 | C6"))
    assert given.warnings == ()
    assert format_chart(Chart(given.score.changes)) == "Dm7 | G7 | Cmaj7 | C6 | Dm7 | G7 | Cmaj7 | C6"


def test_a_clip_alone_is_read_with_its_tempo_and_changes_given(tmp_path: Path) -> None:
    solo = next(track for track in mido.MidiFile(OWN).tracks if track.name == "Solo")
    clip = again(mido.MidiFile(), [[m for m in solo if m.type in ("note_on", "note_off")]], kind=0)
    clip.save(tmp_path / "clip.mid")
    asked = Asked(changes="F7 | Bb7", bpm=140.0)
    played = read_played(tmp_path / "clip.mid", asked).score
    assert (played.bpm, played.melody.name) == (140.0, "Solo")
    assert [note.pitch for note in played.melody.notes] == [m.note for m in solo if m.type == "note_on"]
    assert format_chart(Chart(played.changes)).startswith("F7 | Bb7 | F7 | Bb7")


def test_a_track_that_is_not_there_is_an_error() -> None:
    with pytest.raises(CorpusError, match=r"nomark\.mid: no track is 'Kazoo' \(melody\)"):
        read_played(CASES / "nomark.mid", Asked(melody="Kazoo"))


def test_a_retake_of_what_was_said_otherwise_is_made_again() -> None:
    soloist = small_soloist()
    take = make_take(soloist, find_tune("blues-f"), Options(bpm=150), Arrangement(), seed=3)
    data = midi_bytes(take.played, take.recipe.to_json(Layout(0)), Layout(0))
    said = Asked(changes="F7 | Bb7", bpm=160.0)
    how = Retake((3, 4), candidates=2)
    played = read_played_bytes(data, said)
    new = make_retake(soloist, played, how, seed=1, source=source_in(data), asked=said)
    recipe = new.recipe.to_json()
    assert remake(recipe, lambda *_: soloist) == midi_bytes(new.played, recipe)
