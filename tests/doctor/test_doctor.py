"""What the doctor finds in broken files, and what is left after mending."""

from collections.abc import Sequence

import mido
import pytest
from helpers.strategies import scores
from hypothesis import given, settings
from hypothesis import strategies as st

from jazzgen.doctor.checks import CHECKS, Finding, examine, is_sound
from jazzgen.doctor.mend import mended
from jazzgen.doctor.song import Event, Events, Places, Song, as_midi, end_at, load_song, song_bytes
from jazzgen.errors import CorpusError
from jazzgen.formats.midi.write import Layout, midi_bytes
from jazzgen.music.score import Note, Part, Score

Messages = Sequence[tuple[int, mido.Message]]
SCENE: Messages = [(0, mido.MetaMessage("set_tempo")), (0, mido.MetaMessage("time_signature"))]


def on(tick: int, pitch: int = 60, channel: int = 0) -> tuple[int, mido.Message]:
    return tick, mido.Message("note_on", note=pitch, channel=channel, velocity=80)


def off(tick: int, pitch: int = 60, channel: int = 0) -> tuple[int, mido.Message]:
    return tick, mido.Message("note_off", note=pitch, channel=channel)


def named(name: str) -> tuple[int, mido.Message]:
    return 0, mido.MetaMessage("track_name", name=name)


def song(*tracks: Messages, kind: int = 1) -> Song:
    """As it would be read; a track ends with its last event."""

    def ended(messages: Messages) -> Events:
        last = max((tick for tick, _ in messages), default=0)
        return (*(event(tick, message) for tick, message in messages), end_at(last))

    return Song(kind, 480, tuple(map(ended, tracks)))


def event(tick: int, message: mido.Message) -> Event:
    status, *data = message.bytes()
    if message.is_meta:
        return Event(tick, status, bytes(data[2:]), data[0])
    return Event(tick, status, bytes(data[:-1] if message.type == "sysex" else data))


def onsets(whole: Song) -> list[tuple[int, int]]:
    return sorted((e.tick, e.pitch) for track in whole.tracks for e in track if e.is_note_on)


def found(*tracks: Messages, kind: int = 1) -> list[Finding]:
    return examine(song(*tracks, kind=kind))


LINE = [named("Sax"), on(0), off(480)]
BROKEN: dict[str, list[Messages]] = {
    "no-tempo": [SCENE[1:], LINE],
    "late-tempo": [[SCENE[1], (960, SCENE[0][1])], LINE],
    "no-meter": [SCENE[:1], LINE],
    "late-meter": [[SCENE[0], (960, SCENE[1][1])], LINE],
    "tempo-off-conductor": [SCENE, [named("Sax"), on(0), (240, SCENE[0][1]), off(480)]],
    "notes-in-conductor": [[*SCENE, *LINE]],
    "shared-channel": [SCENE, LINE, [named("Piano"), on(0, 48), off(480, 48)]],
    "drums-off-10": [SCENE, [named("Drum Kit"), on(0, 36, 4), off(480, 36, 4)]],
    "unnamed-track": [SCENE, [on(0), off(480)]],
    "non-ascii-name": [SCENE, [named("Évidence"), on(0), off(480)]],
    "overlap": [SCENE, [named("Sax"), on(0), on(240), off(480)]],
    "off-after-on": [SCENE, [named("Sax"), on(0), on(480), off(480), off(960)]],
    "no-note-off": [SCENE, [named("Sax"), on(0), on(480, 62), off(960, 62)]],
    "stray-note-off": [SCENE, [*LINE, off(960, 72)]],
    "zero-length": [SCENE, [named("Sax"), on(480), off(480)]],
    "short-note": [SCENE, [named("Sax"), on(480), off(489)]],
    "note-at-program-change": [SCENE, [named("Sax"), (0, mido.Message("program_change", program=66)), on(0), off(480)]],
}


def test_every_check_that_mends_has_a_broken_file_here() -> None:
    assert {name for name, check in CHECKS.items() if check.mends} - set(BROKEN) == {
        "damaged",
        "end-of-track",
        "nonsense",
    }


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_is_found_alone_and_mended(name: str) -> None:
    broken = song(*BROKEN[name])
    assert {finding.check for finding in examine(broken)} == {name}
    whole = load_song(song_bytes(mended(broken)))
    assert examine(whole) == []
    assert len(onsets(whole)) == len(onsets(broken))


def test_a_sound_file_has_nothing() -> None:
    assert found(SCENE, LINE) == []


def test_a_long_silence_before_the_music_is_noted_and_no_fault() -> None:
    findings = found(SCENE, [named("Sax"), on(1920), off(2400)])
    assert [finding.check for finding in findings] == ["leading-silence"]
    assert is_sound(findings)


def test_two_tracks_of_drums_may_share_channel_10() -> None:
    assert (
        found(SCENE, [named("Kick"), on(0, 36, 9), off(48, 36, 9)], [named("Hat"), on(0, 42, 9), off(48, 42, 9)]) == []
    )


def bend(tick: int, pitch: int) -> tuple[int, mido.Message]:
    return tick, mido.Message("pitchwheel", pitch=pitch)


def reach(half_steps: int, parameter: int = 0) -> Messages:
    said = ((101, 0), (100, parameter), (6, half_steps), (101, 127), (100, 127))
    return [(0, mido.Message("control_change", control=control, value=value)) for control, value in said]


BENT = [on(0), bend(240, -4096), bend(480, 0), off(480), on(960), off(1440)]
HELD = [on(0), bend(240, -4096), off(480), on(960), off(1440)]
BENDS: list[tuple[Messages, list[tuple[str, int]]]] = [
    ([*reach(5), *BENT], []),
    (BENT, [("no-bend-range", 240)]),
    ([*reach(5, parameter=1), *BENT], [("no-bend-range", 240)]),  # fine tuning
    ([on(0), bend(240, 0), off(480)], []),  # nothing bends
    ([*reach(0), *BENT], [("odd-bend-range", 0)]),
    ([*reach(48), *BENT], [("odd-bend-range", 0)]),
    ([*reach(2), *HELD], [("held-bend", 960)]),
    ([*reach(2), *HELD[:3], bend(900, 0), *HELD[3:]], []),
    ([*reach(2), *HELD[:3], bend(960, -4096), *HELD[3:], bend(1000, 0)], []),  # bent before it is struck, as on guitars
]


@pytest.mark.parametrize(("messages", "expected"), BENDS)
def test_bends_that_sound_otherwise_than_meant_are_noted(messages: Messages, expected: list[tuple[str, int]]) -> None:
    findings = found(SCENE, [named("Sax"), *messages])
    assert [(finding.check, finding.tick) for finding in findings] == expected
    assert is_sound(findings)


def test_a_range_that_another_track_sets_on_the_channel_counts() -> None:
    assert found([*SCENE, *reach(5)], [named("Sax"), *BENT]) == []


def test_type_2_is_an_error_that_is_not_mended() -> None:
    assert "type-2" in {finding.check for finding in examine(mended(song(SCENE, LINE, kind=2)))}


def test_places_are_bars_and_beats_by_the_files_own_meters() -> None:
    waltz = mido.MetaMessage("time_signature", numerator=3, denominator=4)
    places = Places(song([SCENE[0], SCENE[1], (3840, waltz)], LINE))
    assert [places.text(tick) for tick in (0, 720, 3840, 3840 + 1440, 3840 + 1920)] == [
        *("bar 1 beat 1", "bar 1 beat 2.5", "bar 3 beat 1", "bar 4 beat 1", "bar 4 beat 2")
    ]


@given(score=scores(), layout=st.builds(Layout, st.sampled_from((0, 1)), st.booleans()))
@settings(max_examples=60)
def test_nothing_that_jazzgen_writes_has_anything(score: Score, layout: Layout) -> None:
    assert is_sound(examine(load_song(midi_bytes(score, {"seed": 1}, layout))))


notes = st.tuples(st.integers(0, 30), st.integers(-1, 8), st.integers(60, 62), st.integers(0, 2))


@given(tracks=st.lists(st.lists(notes, max_size=12), min_size=1, max_size=3), kind=st.sampled_from((0, 1)))
@settings(max_examples=150)
def test_whatever_is_broken_is_mended_and_what_was_sound_stays(
    tracks: list[list[tuple[int, int, int, int]]], kind: int
) -> None:
    def messages(written: list[tuple[int, int, int, int]]) -> Messages:
        events = [on(100 * start, pitch, channel) for start, _, pitch, channel in written]
        events += [off(100 * (start + size), p, c) for start, size, p, c in written if size >= 0]
        return sorted(events, key=lambda event: event[0])

    broken = song(*map(messages, tracks[: 1 if kind == 0 else 3]), kind=kind)
    whole = load_song(song_bytes(mended(broken)))
    assert all(not CHECKS[finding.check].mends for finding in examine(whole))
    assert set(onsets(whole)) == set(onsets(broken))


def test_other_events_are_kept() -> None:
    bend = mido.Message("pitchwheel", pitch=100)
    lyric = mido.MetaMessage("lyrics", text="oh")
    system = mido.Message("sysex", data=(1, 2, 3))
    others = [(120, bend), (130, lyric), (140, system)]
    broken = song(SCENE, [named("Sax"), on(0), *others, on(240), off(480)])
    kept = [e for e in load_song(song_bytes(mended(broken))).tracks[1] if not e.is_note]
    assert kept[1:-1] == [e for e in broken.tracks[1] if not e.is_note][1:-1]


@given(score=scores())
@settings(max_examples=60)
def test_a_sound_file_stays_as_it_is_to_the_byte(score: Score) -> None:
    sound = load_song(midi_bytes(score, {"seed": 1}))
    assert mended(sound) == sound
    assert as_midi(load_song(song_bytes(sound))) == as_midi(sound)


def test_a_damaged_file_is_said_to_be_and_its_notes_are_saved() -> None:
    score = Score("Tune", parts=(Part("Sax", tuple(Note(480 * i, 240, 60 + i) for i in range(8))),))
    data = midi_bytes(score)
    cut = load_song(data[:-20])
    assert "cut short" in next(f.what for f in examine(cut) if f.check == "damaged")
    whole = load_song(song_bytes(mended(cut)))
    assert is_sound(examine(whole))
    assert len(onsets(whole)) >= 5


SOUND = midi_bytes(Score("Tune", parts=(Part("Sax", (Note(0, 240, 60), Note(480, 240, 62))),)))
edits = st.lists(st.tuples(st.integers(0, len(SOUND) - 1), st.integers(0, 255)), min_size=1, max_size=8)


@given(edits=edits, kept=st.integers(len(SOUND) // 2, len(SOUND)))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_examined_and_mended_or_refused_in_our_own_words(edits: list[tuple[int, int]], kept: int) -> None:
    data = bytearray(SOUND)
    for place, value in edits:
        data[place] = value
    try:
        broken = load_song(bytes(data[:kept]))
    except CorpusError:
        return
    examine(broken)
    if broken.division > 0:
        song_bytes(mended(broken))
