"""MIDI as it comes: what goes wrong in real files, each trouble by its name, from the bytes to the score."""

import random
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from helpers.raw_midi import (
    META_KEY,
    META_LYRICS,
    META_MARKER,
    META_METER,
    META_NAME,
    META_TEMPO,
    META_TEXT,
    SCALE,
    chunk,
    line,
    meta,
    mutated,
    note,
    number,
    smf,
)
from hypothesis import given
from hypothesis import strategies as st

from jazzgen.codec import grammar
from jazzgen.corpus import read_score
from jazzgen.errors import CorpusError, JazzgenError
from jazzgen.formats.midi import readings
from jazzgen.formats.midi.messages import MAX_MESSAGES
from jazzgen.formats.reading import Reading
from jazzgen.harmony import chords
from jazzgen.harmony.changes import Chart, format_chart
from jazzgen.harmony.pitch import Key
from jazzgen.learning.grammar.windows import prepare
from jazzgen.music.melody import quantized
from jazzgen.music.score import Mark, Note
from jazzgen.music.timing import TICKS_PER_BEAT, Meter

Read = Callable[[bytes], Reading]
FOUR_FOUR = meta(META_METER, b"\x04\x02\x18\x08")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "tune.mid"


@pytest.fixture
def read(path: Path) -> Read:
    def reading(data: bytes) -> Reading:
        path.write_bytes(data)
        return next(readings(path))

    return reading


def pitches(reading: Reading) -> tuple[int, ...]:
    return tuple(note.pitch for note in reading.score.melody.notes)


def onsets(reading: Reading) -> list[int]:
    return [note.onset for note in reading.score.melody.notes]


# What a file may lack, and where things may stand


def test_melody_in_any_channel_of_a_single_track(read: Read) -> None:
    chords = note(52, 1920, channel=1) + b"".join(note(pitch, 1920, channel=1) for pitch in (55, 59))
    reading = read(smf(line(channel=7) + chords, kind=0))
    assert pitches(reading) == SCALE
    assert [part.channel for part in reading.score.parts] == [7, 1]


def test_no_time_signature_no_tempo_no_key(read: Read) -> None:
    score = read(smf(line())).score
    assert (score.meters, score.tempos, score.key) == (((0, Meter(4, 4)),), ((0, 120.0),), Key("C"))


def test_tempo_and_meter_off_track_0(read: Read) -> None:
    score = read(smf(b"", meta(META_TEMPO, b"\x06\x1a\x80") + meta(META_METER, b"\x03\x02\x18\x08") + line())).score
    assert (score.tempos, score.meters) == (((0, 150.0),), ((0, Meter(3, 4)),))


def test_several_tempos_and_meters(read: Read) -> None:
    tempos = meta(META_TEMPO, b"\x07\xa1\x20") + meta(META_TEMPO, b"\x06\x1a\x80", delta=1920)
    meters = FOUR_FOUR + meta(META_METER, b"\x03\x02\x18\x08", delta=1920)
    score = read(smf(tempos, meters, line())).score
    assert score.tempos == ((0, 120.0), (1920, 150.0))
    assert [(bar.onset, bar.duration) for bar in score.bars()] == [(0, 1920), (1920, 1440), (3360, 1440)]


@pytest.mark.parametrize(
    ("signature", "meter", "bars"),
    [(b"\x0c\x03\x18\x08", Meter(12, 8), [2880, 2880]), (b"\x05\x02\x18\x08", Meter(5, 4), [2400, 2400])],
)
def test_12_8_and_5_4(signature: bytes, meter: Meter, bars: list[int], read: Read) -> None:
    score = read(smf(meta(META_METER, signature) + line())).score
    assert score.meter == meter
    assert [bar.duration for bar in score.bars()] == bars


def test_a_pickup_bar(read: Read) -> None:
    meters = meta(META_METER, b"\x01\x02\x18\x08") + meta(META_METER, b"\x04\x02\x18\x08", delta=480)
    score = read(smf(meters, line())).score
    assert (score.pickup, score.meters) == (480, ((0, Meter(4, 4)),))


def test_smpte_division_is_read_as_real_time(read: Read) -> None:
    # 25 frames of 40 ticks: 1000 ticks a second, so a beat at 120 is 500
    reading = read(smf(meta(META_TEMPO, b"\x06\x1a\x80") + line(duration=500), division=-(25 << 8) | 40))
    assert onsets(reading) == [480 * place for place in range(8)]
    assert reading.score.tempos == ((0, 120.0),)
    assert reading.left_out == ("tempos (times are in film frames, taken at 120 beats a minute)",)


# Notes


def test_running_status_and_note_ons_of_velocity_0(read: Read) -> None:
    notes = b"".join(b"\x00" + bytes([pitch, 80]) + number(480) + bytes([pitch, 0]) for pitch in SCALE[1:])
    reading = read(smf(b"\x00\x90\x48\x50" + number(480) + b"\x48\x00" + notes))
    assert pitches(reading) == SCALE
    assert {note.duration for note in reading.score.melody.notes} == {480}


def on(pitch: int, delta: int = 0) -> bytes:
    return number(delta) + bytes([0x90, pitch, 80])


def off(pitch: int, delta: int = 0) -> bytes:
    return number(delta) + bytes([0x80, pitch, 0])


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        (on(60) + on(60, 240) + off(60, 240) + off(60, 240), [Note(0, 240, 60), Note(240, 240, 60)]),
        (on(60) + off(60, 240) + on(60) + off(60, 480), [Note(0, 240, 60), Note(240, 480, 60)]),
        (on(60) + on(60, 240) + off(60) + off(60, 480), [Note(0, 240, 60), Note(240, 480, 60)]),
        (on(60) + off(60) + on(62, 480) + off(62, 240), [Note(0, 1, 60), Note(480, 240, 62)]),
        (on(60) + off(64, 240) + off(60, 240), [Note(0, 480, 60)]),
    ],
    ids=["overlapping", "touching", "touching, on before off", "of no length", "off without on"],
)
def test_notes_of_one_pitch(start: bytes, expected: list[Note], read: Read) -> None:
    reading = read(smf(start + note(72, delta=1920) + line()))
    assert list(reading.score.melody.notes[: len(expected)]) == expected


def test_notes_never_ended(read: Read) -> None:
    reading = read(smf(b"".join(on(pitch, 480) for pitch in SCALE[:4]) + meta(META_TEXT, delta=960)))
    assert reading.score.melody.notes == tuple(
        Note(480 * place, 960 if place == 4 else 480, pitch) for place, pitch in enumerate(SCALE[:4], 1)
    )


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_tune_of_3_notes_is_too_short_to_learn_from(count: int, read: Read) -> None:
    with pytest.raises(CorpusError, match=rf"no usable melody: .* {count} notes at most; a melody has 4 notes or more"):
        read(smf(line(SCALE[:count])))
    assert read(smf(line(SCALE[:4]))).score.melody.notes


def test_data_bytes_over_127(read: Read) -> None:
    loud = note(60, velocity=200) + b"\x00\x90\xc8\x50" + b"\x00\xc0\xff" + line()
    reading = read(smf(loud))
    assert reading.score.melody.notes[0].velocity == 127
    assert 0xC8 not in pitches(reading)
    assert reading.score.melody.program == 127
    assert reading.left_out[0] == "notes of no MIDI pitch (1)"


# What a file says


def test_of_two_tempos_or_meters_at_one_tick_the_first_holds(read: Read) -> None:
    tempos = meta(META_TEMPO, b"\x06\x1a\x80") + meta(META_TEMPO, b"\x07\xa1\x20")
    score = read(smf(tempos + meta(META_METER, b"\x03\x05") + FOUR_FOUR, line())).score
    assert (score.tempos, score.meters) == (((0, 150.0),), ((0, Meter(3, 32)),))


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"\xf9\x00", Key("Cb")),
        (b"\x07\x01", Key("A#", minor=True)),
        (b"\xf8\x00", None),
        (b"\x08\x01", None),
        (b"\x63\x00", None),
        (b"\x00\x02", None),
        (b"\x00", None),
        (b"", None),
    ],
)
def test_odd_key_signatures(content: bytes, key: Key | None, read: Read) -> None:
    reading = read(smf(meta(META_KEY, content) + line()))
    assert reading.score.key == (key or Key("C"))
    assert reading.left_out == (() if key else ("keys that make no sense (1)",))


@pytest.mark.parametrize(
    ("kind", "contents", "what"),
    [
        (META_TEMPO, (b"\x00\x00\x00", b"\x07", b"", b"\x07\xa1\x20\x00"), "tempos"),
        (META_METER, (b"\x04\xc8\x18\x08", b"\x04\x06", b"\x04", b"", b"\x00\x02", b"\xff\x02"), "meters"),
    ],
)
def test_tempos_and_meters_that_make_no_sense(kind: int, contents: tuple[bytes, ...], what: str, read: Read) -> None:
    reading = read(smf(b"".join(meta(kind, content) for content in contents) + line()))
    assert (reading.score.tempos, reading.score.meters) == (((0, 120.0),), ((0, Meter()),))
    assert reading.left_out == (f"{what} that make no sense ({len(contents)})",)


def test_empty_meta_texts(read: Read) -> None:
    empty = b"".join(meta(kind) for kind in (META_NAME, META_MARKER, META_TEXT, META_LYRICS, 0x02, 0x04, 0x7F))
    reading = read(smf(empty + line()))
    assert (reading.score.title, reading.score.marks, reading.left_out) == ("tune", (), ())


def test_names_in_latin_1_and_shift_jis(read: Read) -> None:
    tracks = meta(META_NAME, "Été".encode("latin-1")), meta(META_NAME, "サックス".encode("shift_jis")) + line()
    reading = read(smf(*tracks))
    assert (reading.score.title, reading.score.melody.name) == ("Été", "サックス")


def test_karaoke_texts_are_no_chords(read: Read) -> None:
    tags = [b"@KMIDI KARAOKE FILE", b"@LENGL", b"@TA Song", b"@TA Band", b"@Isung by E"]
    words = [b"\\A", b"E", b"/B", b"Am", b"D", b"G"]
    sung = b"".join(meta(META_TEXT, word, delta=240) for word in words) + meta(META_LYRICS, b"Em")
    tagged = b"".join(meta(META_TEXT, tag) for tag in tags)
    reading = read(smf(meta(META_NAME, b"Soft karaoke"), tagged + sung, line()))
    assert reading.score.title == "A Song"
    assert "inferred" in reading.chords_reason
    assert reading.left_out == ("lyrics (7)",)


def test_no_spelling_is_looked_for_that_words_may_have_meant(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    def look(*_: object) -> str:
        raise AssertionError("that takes milliseconds a word")

    monkeypatch.setattr(chords, "_suggestion", look)
    words = b"".join(meta(META_LYRICS, f"And{place}".encode()) for place in range(3_000))
    assert read(smf(words + line())).left_out == ("lyrics (3000)",)


@pytest.mark.parametrize(
    ("texts", "symbols"),
    [
        ("C7 Bad", 1),
        ("C7 C7 Bad Enough", 2),
        ("C7 Bad Enough", 0),
        ("C7 slowly then F7 again", 0),
        ("N.C. C7 rit.", 2),
    ],
)
def test_half_of_the_texts_or_more_are_chords_or_none_is(texts: str, symbols: int, read: Read) -> None:
    lyrics = b"".join(meta(META_LYRICS, text.encode(), delta=240) for text in texts.split())
    reason = read(smf(lyrics, line())).chords_reason
    assert reason.startswith(f"chords: {symbols} symbols" if symbols else "chords: inferred")


def test_markers_that_are_no_chords_are_sections(read: Read) -> None:
    markers = [(b"Intro", 0), (b"A", 960), (b"A again", 0), (b"", 480), (b"B", 480)]
    score = read(smf(b"".join(meta(META_MARKER, text, delta=delta) for text, delta in markers), line())).score
    assert score.marks == (
        Mark(0, 960, "section", "Intro"),
        Mark(960, 960, "section", "A again"),
        Mark(1920, 1920, "section", "B"),
    )


def test_sections_stand_beside_chords_and_are_cut_with_them(path: Path, read: Read) -> None:
    markers = b"".join(meta(META_MARKER, text) for text in (b"Head", b"Dm7", b"G7"))
    reading = read(smf(markers + meta(META_MARKER, b"Cmaj7", delta=1920), line()))
    assert reading.score.marks == (Mark(0, 3840, "section", "Head"),)
    assert format_chart(Chart(reading.score.changes)) == "G7 | Cmaj7"


def test_lines_that_mean_nothing_to_music(read: Read) -> None:
    asides = meta(0x20, b"\x05") + meta(0x21, b"\x01") + meta(0x60, b"?") + b"\x00\xf0\x05\x7e\x7f\x09\x01\xf7"
    reading = read(smf(asides + line()))
    assert pitches(reading) == SCALE
    assert reading.left_out == ("system messages (1)",)


# The file itself


def test_a_file_of_0_bytes(read: Read) -> None:
    with pytest.raises(CorpusError, match="the file is empty"):
        read(b"")


def test_a_file_of_100_mb_is_refused_at_once(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(100_000_000)
    with pytest.raises(CorpusError, match="it has 95 MiB; at most 64 are read"):
        next(readings(path))


def test_a_file_full_of_messages_is_refused_in_time(read: Read) -> None:
    started = time.perf_counter()
    with pytest.raises(CorpusError, match=f"has over {MAX_MESSAGES} messages"):
        read(smf(on(60) + b"\x01\x3c\x50" * MAX_MESSAGES))
    assert time.perf_counter() - started < 10


def test_truncated_chunks(read: Read) -> None:
    whole = smf(meta(META_NAME, b"Song"), line(), line(SCALE[::-1], channel=1))
    reading = read(whole[:-30])
    assert pitches(reading) == SCALE
    assert reading.left_out == ("the end of track 2, which is cut short",)


def test_a_track_that_is_damaged(read: Read) -> None:
    reading = read(smf(line() + b"\x80\x80\x80\x80\x00", line(SCALE[:5], channel=1)))
    assert pitches(reading) == SCALE
    assert reading.left_out == ("the end of track 0, which is damaged",)


def test_very_many_cut_tracks_are_told_in_one_line(read: Read) -> None:
    reading = read(smf(line()) + b"MTrk\x00\x00\x00\x00" * 500)
    assert reading.left_out == ("the ends of 500 tracks, which are cut short",)


@pytest.mark.parametrize(("announced", "left_out"), [(0, ()), (1, ()), (2, ()), (5, ("(3)",))])
def test_more_and_fewer_tracks_than_announced(announced: int, left_out: tuple[str, ...], read: Read) -> None:
    reading = read(smf(line(SCALE[:5]), line(SCALE * 2, channel=1), announced=announced))
    assert pitches(reading) == SCALE * 2
    assert tuple(text[-3:] for text in reading.left_out) == left_out


@pytest.mark.parametrize("name", ["🎷 solo.mid", 'it\'s "live".mid', "ü ' b.MID", "tune;rm -rf.mid"])
def test_names_with_emoji_and_quotes(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(smf(line()))
    assert read_score(path).title == path.stem
    path.write_bytes(b"")
    with pytest.raises(CorpusError, match="the file is empty") as caught:
        read_score(path)
    assert str(caught.value).startswith(f"{path}: ")


def test_a_riff_file(tmp_path: Path) -> None:
    path = tmp_path / "tune.rmi"
    data = smf(line())
    path.write_bytes(b"RIFF" + (len(data) + 12).to_bytes(4, "little") + b"RMID" + chunk(b"data", data))
    assert len(read_score(path).melody.notes) == 8


# Rhythm

RHYTHMS = {"swing": (0, 64), "straight": (0, 48), "triplets": (0, 32, 64), "sixteenths": (0, 24, 48, 72)}


def played(name: str, rng: random.Random) -> bytes:
    """Four bars of that rhythm, 96 ticks a beat, each note up to 3 ticks (about 15 ms) late."""
    times = [96 * beat + place + rng.randint(0, 3) for beat in range(16) for place in RHYTHMS[name]]
    steps = zip(times, [*times[1:], 96 * 16], strict=True)
    notes = [note(60 + (7 * place) % 24, stop - start - 2, delta=2) for place, (start, stop) in enumerate(steps)]
    return smf(number(times[0]) + notes[0][1:] + b"".join(notes[1:]), division=96)


@pytest.mark.parametrize("name", RHYTHMS)
def test_every_rhythm_lies_on_the_grid_where_it_was_meant(name: str, read: Read) -> None:
    line_ = quantized(read(played(name, random.Random(1))).score.melody.notes)
    places = [place * TICKS_PER_BEAT // 96 for place in RHYTHMS[name]]
    assert [n.onset for n in line_] == [TICKS_PER_BEAT * beat + place for beat in range(16) for place in places]


def test_swing_straight_eighths_triplets_and_sixteenths_come_out_different(read: Read) -> None:
    scores = {name: prepare(read(played(name, random.Random(2))).score) for name in RHYTHMS}
    durations = {name: tuple(map(grammar.token_ticks, grammar.encode(score))) for name, score in scores.items()}
    assert [name for name, score in scores.items() if score.feel == "swing"] == ["swing"]
    assert durations["swing"] == durations["straight"] == (240,) * 32
    assert durations["triplets"] == (160,) * 48
    assert durations["sixteenths"] == (120,) * 64


# Damage of every kind


def test_damaged_files_are_scores_or_one_line_errors(path: Path) -> None:
    conductor = meta(META_NAME, b"Song") + FOUR_FOUR + meta(META_TEMPO, b"\x07\xa1\x20") + meta(META_KEY, b"\xff\x00")
    markers = meta(META_MARKER, b"Gm7") + meta(META_MARKER, b"C7", delta=1920)
    sound = smf(conductor + markers, line(), line((48, 52, 55, 58), 960, channel=1), note(36, channel=9))
    rng, outcomes = random.Random(0), Counter[str]()
    for _ in range(400):
        data = sound
        for _ in range(rng.randint(1, 4)):
            data = mutated(data, rng)
        path.write_bytes(data)
        try:
            (reading,) = readings(path)
        except JazzgenError as error:
            outcomes[f"error of {len(str(error).splitlines())} line"] += 1
        else:
            assert all(part.is_monophonic for part in reading.score.parts[:1])
            outcomes["score"] += 1
    assert outcomes["score"] > 200
    assert outcomes["error of 1 line"] == 400 - outcomes["score"] > 20


@given(st.binary(max_size=60))
def test_any_bytes_in_a_track_do_no_harm(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.mid"
    path.write_bytes(smf(line(), content))
    with suppress(CorpusError):  # a note may last longer than any music
        assert pitches(next(readings(path)))


def test_what_a_file_says_of_its_rights_is_kept(read: Read) -> None:
    assert read(smf(meta(0x02, "© 2026 Doe".encode()) + line())).provenance.licence == "© 2026 Doe"
    assert not str(read(smf(line())).provenance)
