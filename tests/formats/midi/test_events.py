"""What a MIDI file says, before anyone decides what it means."""

from pathlib import Path

import mido
import pytest
from helpers.raw_midi import META_NAME, line, smf
from helpers.raw_midi import meta as meta_bytes
from helpers.strategies import TimedMessage, meta, midi_note, save_midi
from hypothesis import given
from hypothesis import strategies as st

from jazzgen.formats.midi.events import MidiEvents, Text, decoded, load_events
from jazzgen.harmony.pitch import Key
from jazzgen.music.score import Note
from jazzgen.music.timing import Meter


def message(tick: int, kind: str, **fields: int) -> TimedMessage:
    return tick, mido.Message(kind, **fields)


def read_events(path: Path) -> MidiEvents:
    return load_events(path.read_bytes())


def notes_of(path: Path) -> list[tuple[int, int, int]]:
    (voice,) = read_events(path).voices
    return [(note.onset, note.duration, note.pitch) for note in voice.notes]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "tune.mid"


@pytest.mark.parametrize("division", [24, 96, 120, 384, 480, 960, 15360])
def test_every_division_becomes_480_ticks_a_beat(division: int, path: Path) -> None:
    beat, half = division, division // 2
    track = [*midi_note(0, beat, 60), *midi_note(beat, half, 62), meta(2 * beat, "marker", text="Bb7")]
    events = read_events(save_midi(path, track, ticks_per_beat=division))
    assert events.voices[0].notes == (Note(0, 480, 60), Note(480, 240, 62))
    assert events.texts == (Text(960, "marker", "Bb7"),)


def test_times_between_our_ticks_go_to_the_nearest(path: Path) -> None:
    # 1000 a beat: 333 is tick 159.84, 667 is 320.16, 999 is 479.52
    track = [*midi_note(333, 334, 60), *midi_note(999, 1, 62)]
    assert notes_of(save_midi(path, track, ticks_per_beat=1000)) == [(160, 160, 60), (480, 1, 62)]


def test_a_type_0_file_has_a_voice_for_each_channel(path: Path) -> None:
    track = [
        message(0, "program_change", channel=2, program=65),
        *midi_note(0, 480, 60, channel=2),
        *midi_note(0, 960, 40, channel=5),
    ]
    events = read_events(save_midi(path, track, kind=0))
    assert [(v.track, v.channel, v.program, len(v.notes)) for v in events.voices] == [(0, 2, 65, 1), (0, 5, 0, 1)]


def test_type_1_tracks_are_counted_from_0_and_those_without_notes_have_no_voice(path: Path) -> None:
    conductor, sax = [meta(0, "track_name", name="Song")], [meta(0, "track_name", name="Sax"), *midi_note(0, 480, 60)]
    events = read_events(save_midi(path, conductor, sax))
    assert events.title == "Song"
    assert [(voice.track, voice.name) for voice in events.voices] == [(1, "Sax")]


def test_the_tracks_of_a_type_2_file_are_taken_as_one(path: Path) -> None:
    events = read_events(save_midi(path, midi_note(0, 480, 60), midi_note(480, 480, 62), kind=2))
    assert [voice.notes for voice in events.voices] == [(Note(0, 480, 60),), (Note(480, 480, 62),)]


def test_channel_10_is_drums(path: Path) -> None:
    drums = [*midi_note(0, 480, 38, channel=9), *midi_note(480, 480, 36, channel=9)]
    events = read_events(save_midi(path, drums, midi_note(0, 480, 60, channel=8)))
    assert [(voice.channel, voice.is_drums) for voice in events.voices] == [(9, True), (8, False)]
    assert not events.left_out


def test_tempos_meters_and_key_come_from_any_track(path: Path) -> None:
    first = [meta(0, "set_tempo", tempo=500_000), meta(0, "time_signature", numerator=3, denominator=4)]
    second = [
        meta(0, "key_signature", key="Ebm"),
        meta(1440, "time_signature", numerator=6, denominator=8),
        meta(1440, "set_tempo", tempo=400_000),
    ]
    events = read_events(save_midi(path, first, second))
    assert events.tempos == ((0, 120.0), (1440, 150.0))
    assert events.meters == ((0, Meter(3, 4)), (1440, Meter(6, 8)))
    assert events.key == Key("Eb", minor=True)


def test_until_a_first_tempo_or_meter_that_comes_late_it_is_120_and_4_4_as_the_standard_says(path: Path) -> None:
    track = [meta(960, "set_tempo", tempo=300_000), meta(960, "time_signature", numerator=5, denominator=4)]
    events = read_events(save_midi(path, track))
    assert events.tempos == ((0, 120.0), (960, 200.0))
    assert events.meters == ((0, Meter()), (960, Meter(5, 4)))
    assert not events.says_tempo
    assert not events.says_meter


def test_a_first_tempo_or_meter_that_comes_a_moment_late_is_at_the_start(path: Path) -> None:
    track = [meta(1, "set_tempo", tempo=300_000), meta(1, "time_signature", numerator=5, denominator=4)]
    events = read_events(save_midi(path, track))
    assert (events.tempos, events.meters) == (((0, 200.0),), ((0, Meter(5, 4)),))


def test_a_file_that_says_nothing_is_at_120_in_common_time_in_c_and_has_no_title(path: Path) -> None:
    events = read_events(save_midi(path, midi_note(0, 480, 60)))
    assert (events.title, events.tempos, events.meters, events.key) == ("", ((0, 120.0),), ((0, Meter()),), Key())


def test_tempos_out_of_range_are_brought_into_it(path: Path) -> None:
    track = [meta(0, "set_tempo", tempo=1), meta(480, "set_tempo", tempo=0xFFFFFF), meta(960, "set_tempo", tempo=0)]
    assert read_events(save_midi(path, track)).tempos == ((0, 1000.0), (480, 4.0))


@pytest.mark.parametrize(("numerator", "denominator"), [(0, 4), (65, 4), (255, 8), (4, 64)])
def test_meters_that_no_music_has_are_passed_over(numerator: int, denominator: int, path: Path) -> None:
    track = [meta(0, "time_signature", numerator=numerator, denominator=denominator), *midi_note(0, 480, 60)]
    assert read_events(save_midi(path, track)).meters == ((0, Meter()),)


@pytest.mark.parametrize("kind", ["marker", "text", "lyrics", "cue_marker"])
def test_texts_of_all_tracks_are_in_order_of_time(kind: str, path: Path) -> None:
    events = read_events(save_midi(path, [meta(480, kind, text=" late ")], [meta(0, kind, text="early")]))
    assert events.texts == (Text(0, kind, "early"), Text(480, kind, "late"))


@pytest.mark.parametrize("charset", ["utf-8", "latin1"])
def test_names_are_read_in_utf_8_and_in_latin_1(charset: str, path: Path) -> None:
    file = mido.MidiFile(charset=charset)
    file.tracks.append(
        mido.MidiTrack(
            [
                mido.MetaMessage("track_name", name="Été"),
                mido.MetaMessage("marker", text="Crème"),
                *(m for _, m in midi_note(0, 0, 60)),
            ]
        )
    )
    file.save(path)
    events = read_events(path)
    assert (events.title, events.voices[0].name, events.texts[0].text) == ("Été", "Été", "Crème")


def test_a_note_on_of_velocity_0_ends_the_note(path: Path) -> None:
    track = [
        message(0, "note_on", note=60, velocity=90),
        message(240, "note_on", note=60, velocity=0),
        message(480, "note_on", note=62, velocity=90),
        message(960, "note_off", note=62),
    ]
    assert notes_of(save_midi(path, track)) == [(0, 240, 60), (480, 480, 62)]


def test_a_note_that_starts_again_is_ended_there(path: Path) -> None:
    track = [*midi_note(0, 960, 60), *midi_note(480, 960, 60)]
    assert notes_of(save_midi(path, track)) == [(0, 480, 60), (480, 480, 60)]


@pytest.mark.parametrize("off_first", [True, False])
def test_notes_of_one_pitch_that_touch_stay_two_whichever_message_comes_first(off_first: bool, path: Path) -> None:
    start, end, again, last = *midi_note(0, 480, 60), *midi_note(480, 480, 60)
    middle = [end, again] if off_first else [again, end]
    assert notes_of(save_midi(path, [start, *middle, last])) == [(0, 480, 60), (480, 480, 60)]


def test_a_note_that_is_never_ended_lasts_to_the_end_of_its_track(path: Path) -> None:
    track = [message(480, "note_on", note=60, velocity=90), meta(1920, "end_of_track")]
    assert notes_of(save_midi(path, track)) == [(480, 1440, 60)]


def test_a_note_of_no_length_lasts_a_tick(path: Path) -> None:
    assert notes_of(save_midi(path, midi_note(480, 0, 60))) == [(480, 1, 60)]


def test_a_note_off_without_a_note_is_nothing(path: Path) -> None:
    assert notes_of(save_midi(path, [message(0, "note_off", note=64), *midi_note(0, 480, 60)])) == [(0, 480, 60)]


def test_one_pitch_on_two_channels_is_two_notes(path: Path) -> None:
    voices = read_events(save_midi(path, [*midi_note(0, 960, 60), *midi_note(480, 960, 60, channel=1)])).voices
    assert [voice.notes for voice in voices] == [(Note(0, 960, 60),), (Note(480, 960, 60),)]


@pytest.mark.parametrize(("name", "expected"), [("Sax", "track 0 'Sax'"), ("", "track 0 (channel 4)")])
def test_voices_are_called_by_name_or_by_the_channel_that_musicians_count(name: str, expected: str, path: Path) -> None:
    track = [meta(0, "track_name", name=name), *midi_note(0, 480, 60, channel=3)]
    assert str(read_events(save_midi(path, track)).voices[0]) == expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("Blue Bossa ♭9".encode(), "Blue Bossa ♭9"),
        ("Été à Nîmes".encode("latin-1"), "Été à Nîmes"),
        ("élève, forêt, Müßiggang, señor".encode("latin-1"), "élève, forêt, Müßiggang, señor"),
        ("Rock ’n’ roll – “live”".encode("cp1252"), "Rock ’n’ roll – “live”"),
        ("枯葉".encode("shift_jis"), "枯葉"),
        ("ピアノ".encode("shift_jis"), "ピアノ"),
        ("いつか王子様が".encode("shift_jis"), "いつか王子様が"),
        ("いつか王子様が".encode(), "いつか王子様が"),
        (b"Sax\x00\x00", "Sax"),
        (b"\x00\r\n\x1b", ""),
        (b" two\r\nlines\x1b[31m ", "two lines [31m"),
        (b"\x81\x8d", "\ufffd\ufffd"),
    ],
)
def test_the_encoding_of_a_text_is_guessed_and_it_is_made_one_line(content: bytes, expected: str) -> None:
    assert decoded(content) == expected


@given(st.binary(max_size=40))
def test_any_bytes_are_a_text_of_one_line(content: bytes) -> None:
    text = decoded(content)
    assert text == text.strip()
    assert len(text.splitlines()) <= 1
    assert len(text) <= len(content)


@given(st.text(st.characters(exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp"))))
def test_a_text_in_utf_8_is_that_text(text: str) -> None:
    assert decoded(text.encode()) == text


def test_what_the_score_has_no_place_for_is_counted(path: Path) -> None:
    track = [
        *(message(0, "control_change", control=64, value=n) for n in (127, 0)),
        message(0, "pitchwheel", pitch=100),
        message(0, "aftertouch", value=3),
        *midi_note(0, 480, 60),
    ]
    assert read_events(save_midi(path, track)).left_out == (
        "controllers (2)",
        "channel pressure (1)",
        "pitch bends (1)",
    )


def test_an_overlong_name_is_cut() -> None:
    assert load_events(smf(meta_bytes(META_NAME, b"x" * 10_000) + line())).title == "x" * 200
