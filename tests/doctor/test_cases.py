"""Small files that the doctor got wrong, each for a whole kind; what is right of each."""

from pathlib import Path

import pytest

from jazzgen.doctor.checks import examine
from jazzgen.doctor.mend import mended
from jazzgen.doctor.song import Event, Song, load_song, notes_of, song_bytes
from jazzgen.formats.midi import readings

CASES = Path(__file__).parents[1] / "formats" / "midi" / "cases"
ALL = sorted(CASES.glob("*.mid"))


def load(name: str) -> Song:
    return load_song((CASES / f"{name}.mid").read_bytes())


def fix(name: str) -> Song:
    return load_song(song_bytes(mended(load(name))))


def checks(song: Song) -> set[str]:
    return {finding.check for finding in examine(song) if finding.severity != "note"}


def others(song: Song) -> list[tuple[int, int, bytes, int]]:
    """All but notes and ends, of all tracks."""
    return sorted((e.tick, e.status, e.data, e.meta) for t in song.tracks for e in t if not e.is_note and not e.is_end)


def test_onoffon_keeps_the_note_that_sounds() -> None:
    notes = notes_of(fix("onoffon").tracks[1]).notes
    assert [(onset, end) for _, _, onset, end, *_ in notes][:2] == [(0, 240), (480, 720)]


def test_organ2_the_second_hand_keeps_its_organ() -> None:
    song = fix("organ2")
    left = next(track for number, track in enumerate(song.tracks) if song.name(number) == "Organ LH")
    (program,) = [event for event in left if event.is_program]
    assert program.data == bytes([16])
    assert {event.channel for event in left if event.is_note} == {program.channel} != {0}


def test_key255_loses_its_key_and_nothing_else() -> None:
    before, after = load("key255"), fix("key255")
    assert after.division == before.division == 480
    gone = [event for event in others(before) if event not in others(after)]
    assert [meta for *_, meta in gone] == [0x59]
    assert others(after) == [event for event in others(before) if event not in gone]


def test_steel_drums_stay_where_they_are() -> None:
    assert checks(load("steel")) == set()
    assert mended(load("steel")) == load("steel")


def test_sparse_d_the_kit_goes_to_channel_10_and_the_others_apart() -> None:
    song = fix("sparse_d")
    channels = {song.name(n): {e.channel for e in t if e.is_note} for n, t in enumerate(song.tracks)}
    assert channels["Drums"] == {9}
    assert channels["Sax"].isdisjoint(channels["Rhodes"])


def test_latemeter34_is_in_4_4_until_its_first_meter() -> None:
    assert "late-meter" in checks(load("latemeter34"))
    meters = [(e.tick, e.data[:2]) for t in fix("latemeter34").tracks for e in t if e.is_meta and e.meta == 0x58]
    assert meters == [(0, b"\x04\x02"), (1920, b"\x03\x02")]


def test_hugedelta_is_found_and_mended() -> None:
    assert "damaged" in checks(load("hugedelta"))
    assert checks(fix("hugedelta")) == set()


def test_ports_are_no_shared_channels() -> None:
    assert checks(load("ports")) == set()


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_what_is_mended_reads_as_before_and_has_nothing_left(path: Path, tmp_path: Path) -> None:
    song = fix(path.stem)
    assert checks(song) == set()
    (tmp_path / path.name).write_bytes(song_bytes(song))
    before, after = next(readings(path)).score, next(readings(tmp_path / path.name)).score
    assert (after.tempos, after.meters, after.key, after.changes) == (
        before.tempos,
        before.meters,
        before.key,
        before.changes,
    )
    old, new = ([(n.pitch, n.end) for n in score.melody.notes] for score in (before, after))
    assert old == new
    assert all(0 <= b.onset - a.onset <= 2 for a, b in zip(before.melody.notes, after.melody.notes, strict=True))
    assert {part.program for part in after.parts} == {part.program for part in before.parts}


def test_only_what_is_wrong_is_changed() -> None:
    for path in ALL:
        song = load(path.stem)
        if not [finding for finding in examine(song) if finding.check != "leading-silence"]:
            assert mended(song) == song


def test_an_event_says_what_it_is() -> None:
    assert Event(0, 0x93, b"\x3c\x50").is_note_on
    assert Event(0, 0x93, b"\x3c\x50").channel == 3
    assert not Event(0, 0x93, b"\x3c\x00").is_note_on
    assert not Event(0, 0xB0, b"\x07\x80").is_sound
    assert Event(0, 0xF0, b"\x43\xf7").is_sound
