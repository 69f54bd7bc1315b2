"""Standard MIDI files taken apart as mido does it where they are sound, and as far as they go where not."""

import io
from itertools import accumulate
from pathlib import Path

import mido
import pytest
from helpers.raw_midi import END, META_MARKER, META_NAME, SCALE, chunk, line, meta, note, number, smf
from hypothesis import given
from hypothesis import strategies as st

from jazzgen.errors import CorpusError
from jazzgen.formats.midi import messages
from jazzgen.formats.midi.messages import CUT, DAMAGED, SYSTEM, Track, nearest, parse_midi

HEADER = smf()
_DATA = st.integers(0, 127)
_CHANNEL = st.integers(0, 15)
_TIME = st.integers(0, 127) | st.integers(0, 0x0FFF_FFFF)
_TEXT = st.text(st.characters(max_codepoint=255), max_size=200)


def any_messages() -> st.SearchStrategy[mido.Message]:
    """Messages of every kind that a track may hold, its end left out."""
    pair = {"channel": _CHANNEL, "note": _DATA, "velocity": _DATA, "time": _TIME}
    return st.one_of(
        st.builds(mido.Message, st.sampled_from(["note_on", "note_off"]), **pair),
        st.builds(mido.Message, st.just("control_change"), channel=_CHANNEL, control=_DATA, value=_DATA, time=_TIME),
        st.builds(mido.Message, st.just("program_change"), channel=_CHANNEL, program=_DATA, time=_TIME),
        st.builds(mido.Message, st.just("pitchwheel"), channel=_CHANNEL, pitch=st.integers(-8192, 8191), time=_TIME),
        st.builds(mido.Message, st.just("aftertouch"), channel=_CHANNEL, value=_DATA, time=_TIME),
        st.builds(mido.Message, st.just("polytouch"), channel=_CHANNEL, note=_DATA, value=_DATA, time=_TIME),
        st.builds(mido.Message, st.just("sysex"), data=st.lists(_DATA, max_size=200), time=_TIME),
        st.builds(mido.MetaMessage, st.sampled_from(["text", "marker", "lyrics"]), text=_TEXT, time=_TIME),
        st.builds(mido.MetaMessage, st.just("track_name"), name=_TEXT, time=_TIME),
        st.builds(mido.MetaMessage, st.just("set_tempo"), tempo=st.integers(1, 0xFFFFFF), time=_TIME),
        st.builds(mido.MetaMessage, st.just("midi_port"), port=_DATA, time=_TIME),
    )


def by_mido(track: mido.MidiTrack) -> Track:
    """What we make of a track, made of mido's messages instead."""
    found, time = Track(), 0
    for message in track:
        time += message.time
        found.end = time
        status, *data = message.bytes()
        if not message.is_meta and message.type != "sysex":
            first, second = (*data, 0)[:2]
            found.messages.append((time, status, first, second))
        elif message.type != "end_of_track":
            kind, *content = data if message.is_meta else (0, *data)
            if message.is_meta:
                content = content[1 if content[0] < 128 else 2 :]
            found.messages.append((time, status, kind, len(found.contents)))
            found.contents.append(bytes(content))
    return found


@given(
    tracks=st.lists(st.lists(any_messages(), max_size=30), min_size=1, max_size=3),
    division=st.integers(1, 0x7FFF),
    kind=st.sampled_from([1, 2]),
)
def test_whatever_mido_writes_is_read_as_mido_reads_it(
    tracks: list[list[mido.Message]], division: int, kind: int
) -> None:
    file = mido.MidiFile(type=kind, ticks_per_beat=division)
    file.tracks += [mido.MidiTrack(track) for track in tracks]
    buffer = io.BytesIO()
    file.save(file=buffer)
    again = mido.MidiFile(file=io.BytesIO(buffer.getvalue()))
    assert parse_midi(buffer.getvalue()).tracks == tuple(by_mido(track) for track in again.tracks)


def test_the_starter_corpus_is_read_as_mido_reads_it(repository: Path) -> None:
    paths = sorted((repository / "midi" / "starter").glob("*.mid"))
    assert paths
    for path in paths:
        tracks = mido.MidiFile(path).tracks
        assert parse_midi(path.read_bytes()).tracks == tuple(by_mido(track) for track in tracks)


def test_the_exercises_own_file_is_read_as_mido_reads_it(metheny_path: Path) -> None:
    file = mido.MidiFile(metheny_path)
    tracks = tuple(by_mido(track) for track in file.tracks)
    assert parse_midi(metheny_path.read_bytes()).tracks == tracks


@pytest.mark.parametrize(
    ("division", "ticks"),
    [(-(24 << 8) | 4, 10), (-(25 << 8) | 40, 24), (-(29 << 8) | 100, 320), (-(30 << 8) | 80, 2), (-(24 << 8) | 160, 1)],
)
def test_film_frames_are_real_time_at_two_beats_a_second(division: int, ticks: int) -> None:
    rate = {24: 24, 25: 25, 29: 30_000 / 1001, 30: 30}[-(division >> 8)]
    found = parse_midi(smf(note(60, ticks), division=division))
    assert found.in_frames
    assert nearest(found.tracks[0].end, found.scale) == round(960 * ticks / (rate * (division & 0xFF)))


@pytest.mark.parametrize("division", [0, -(23 << 8) | 4, -(24 << 8), -1])
def test_a_header_that_does_not_say_how_long_a_tick_is_is_an_error(division: int) -> None:
    with pytest.raises(CorpusError, match=rf"does not say how long a tick is \(division {division}\); export it"):
        parse_midi(smf(line(), division=division))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "the file is empty; export it"),
        (b"hello, this is no music at all", "is not MIDI"),
        (b"MThd", "is not MIDI"),
        (HEADER[:12], "is not MIDI, or its header is cut; export it"),
        (HEADER, "holds no tracks; export it"),
        (HEADER + b"MTr", "holds no tracks"),
        (HEADER + chunk(b"XFIH", line() + END), "holds no tracks"),
        (bytes(70_000) + smf(line()), "is not MIDI"),
    ],
    ids=["empty", "text", "four bytes", "half a header", "no tracks", "half a track", "no track", "header far off"],
)
def test_what_is_not_midi_is_an_error_that_names_the_cure(data: bytes, reason: str) -> None:
    with pytest.raises(CorpusError, match=reason) as caught:
        parse_midi(data)
    assert "export it again as a standard MIDI file" in str(caught.value)


def pitches(data: bytes) -> list[list[int]]:
    return [[pitch for _, status, pitch, _ in track.notes if status >= 0x90] for track in parse_midi(data).tracks]


@pytest.mark.parametrize(
    "wrapper", [b"RIFF\x00\x00\x01\x00RMIDdata\x00\x00\x01\x00", b"\x00\x08song.mid" + bytes(118), b"\xef\xbb\xbf\r\n"]
)
def test_what_stands_before_the_header_is_passed_over(wrapper: bytes) -> None:
    assert pitches(wrapper + smf(line())) == [[*SCALE]]


def test_other_chunks_and_bytes_after_the_last_are_passed_over() -> None:
    tracks = smf(line())[14:]
    data = HEADER + chunk(b"XFIH", b"MTrk") + tracks + chunk(b"XFKM", b"") + tracks + bytes(5)
    assert pitches(data) == [[*SCALE], [*SCALE]]


@pytest.mark.parametrize("length", [0, 3, 30, 60, 10_000, 0xFFFF_FFFF])
def test_a_track_whose_length_is_wrong_ends_where_the_next_one_starts(length: int) -> None:
    first, second = line() + END, smf(line(SCALE[::-1]))[14:]
    assert pitches(HEADER + chunk(b"MTrk", first, length) + second) == [[*SCALE], [*SCALE[::-1]]]


@pytest.mark.parametrize("length", [0, 5, 0x0600_0000])
def test_a_header_whose_length_is_wrong_ends_where_the_first_track_starts(length: int) -> None:
    assert pitches(chunk(b"MThd", HEADER[8:], length) + smf(line())[14:]) == [[*SCALE]]


def test_a_file_cut_short_anywhere_gives_the_messages_that_are_whole() -> None:
    data = smf(line())
    whole = parse_midi(data).tracks[0]
    sizes = [size for pitch in SCALE for size in (4, len(number(480)) + 3)]
    ends = list(accumulate(sizes, initial=len(HEADER) + 8))[1:]
    for length in range(len(HEADER) + 8, len(data)):
        (track,) = parse_midi(data[:length]).tracks
        assert track.flaw == CUT
        assert track.notes == whole.notes[: sum(end <= length for end in ends)]
    assert not whole.flaw


def test_a_text_that_is_cut_short_is_not_read() -> None:
    (track,) = parse_midi(smf(meta(META_NAME, b"Sax") + meta(META_MARKER, b"Solo"))[: -len(END) - 1]).tracks
    assert (track.flaw, track.metas) == (CUT, [(0, META_NAME, b"Sax")])


def track_of(*content: bytes) -> Track:
    return parse_midi(smf(b"".join(content))).tracks[0]


@pytest.mark.parametrize(
    "broken",
    [b"\x00\x3c\x50", b"\x80\x80\x80\x80\x00\x90\x3c\x50", b"\xff" * 2_000, b"\x00\xff\x06\xff\xff\xff\xff\x00"],
    ids=["no status to run on", "five bytes of delta", "no end of delta", "five bytes of length"],
)
def test_a_track_is_read_up_to_where_it_is_damaged(broken: bytes) -> None:
    track = track_of(meta(META_NAME, b"Sax"), broken)
    assert (track.flaw, track.metas, track.notes) == (DAMAGED, [(0, META_NAME, b"Sax")], [])


def test_a_status_runs_on_through_messages_that_are_for_no_channel() -> None:
    system = meta(META_MARKER, b"A"), b"\x00\xf0\x03\x7e\x7f\xf7", b"\x00\xf7\x01\x00", b"\x00\xf2\x01\x02", b"\x00\xf8"
    track = track_of(b"\x00\x91\x3c\x50", *system, b"\x78\x3e\x51")
    assert track.notes == [(0, 0x91, 60, 80), (120, 0x91, 62, 81)]
    assert [status >> 4 for _, status, _, _ in track.others] == [SYSTEM] * 5
    assert track.contents == [b"A", b"\x7e\x7f\xf7", b"\x00", b"\x01\x02", b""]
    assert not track.flaw


def test_messages_of_one_data_byte_run_on_too() -> None:
    track = track_of(b"\x00\xc3\x41", b"\x00\x05", b"\x00\xd4\x20")
    assert track.messages == [(0, 0xC3, 65, 0), (0, 0xC3, 5, 0), (0, 0xD4, 32, 0)]


def test_what_comes_after_the_end_of_a_track_is_not_read() -> None:
    track = track_of(note(60), END, note(62))
    assert track.notes == track_of(note(60)).notes
    assert track.unread == len(note(62)) + len(END)


@pytest.mark.parametrize("name", ["MAX_MESSAGES", "MAX_TRACKS"])
def test_a_file_that_holds_too_much_is_an_error(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, name, 16)
    assert parse_midi(smf(line(SCALE[:4]), line(SCALE[:3]))).tracks
    with pytest.raises(CorpusError, match=r"has over .* messages or .* tracks; cut it into several files"):
        parse_midi(smf(*[note(60)] * 17))
