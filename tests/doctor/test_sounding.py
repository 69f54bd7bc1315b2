"""Whatever the doctor mends, the music sounds the same after as before: several hundred spoilt files."""

import random
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from helpers.raw_midi import META_KEY, META_METER, META_NAME, META_TEMPO, line, meta, mutated, note, smf
from helpers.sounding import Sound, sounds_of

from jazzgen.doctor.checks import CHECKS, examine, misplaced_drums
from jazzgen.doctor.mend import mended
from jazzgen.doctor.song import Song, load_song, song_bytes
from jazzgen.errors import CorpusError
from jazzgen.formats.midi.write import MIN_NOTE_TICKS

CASES = sorted((Path(__file__).parents[1] / "formats" / "midi" / "cases").glob("*.mid"))


def control(channel: int, number: int, value: int, delta: int = 0) -> bytes:
    return bytes([delta, 0xB0 | channel, number, value])


def bend(channel: int, value: int, delta: int = 0) -> bytes:
    return bytes([delta, 0xE0 | channel, value & 127, value >> 7])


def program(channel: int, number: int) -> bytes:
    return bytes([0, 0xC0 | channel, number])


RICH = smf(
    meta(META_NAME, b"Song") + meta(META_METER, b"\x04\x02\x18\x08") + program(3, 11),
    program(0, 65) + control(0, 7, 90) + line() + bend(0, 9000) + line() + control(0, 64, 127) + line(),
    meta(META_TEMPO, b"\x07\xa1\x20") + control(0, 10, 20) + line((48, 52, 55), 960) + bend(0, 5000) + line((48, 52)),
    meta(0x21, b"\x01") + program(0, 32) + line((36, 43), 960) + program(0, 33) + line((36, 43), 960),
    note(60, channel=3) + control(3, 1, 77) + note(62, channel=3) + meta(META_KEY, b"\xfe\xff") + note(64, channel=3),
    division=960,
)


def without_kits(sounds: Counter[Sound], song: Song) -> Counter[Sound]:
    """Kits are moved to the drums' channel, where they sound as they were meant to, not as they did."""
    kits = dict(misplaced_drums(song))
    keys = {e.pitch for n, t in enumerate(song.tracks) if n in kits for e in t if e.is_note and e.channel == kits[n]}
    return Counter({sound: count for sound, count in sounds.items() if sound.pitch not in keys})


def differences(before: Song, after: Song) -> list[Sound]:
    """Notes of either that the other has not; one that came with program changes may be a tick or two later."""
    shortest = before.scaled(MIN_NOTE_TICKS)
    old, new = (without_kits(sounds_of(song, shortest), before) for song in (before, after))
    for sound in [*(old - new).elements()]:
        later = [
            replace(sound, onset=sound.onset + delay, end=max(sound.end, sound.onset + least))
            for delay in (1, 2)
            for least in (0, delay + shortest)
        ]
        with suppress(StopIteration):
            found = next(s for s in (new - old).elements() if _alike(s, later))
            old[sound] -= 1
            new[found] -= 1
    return [*(old - new).elements(), *(new - old).elements()]


def _alike(sound: Sound, later: list[Sound]) -> bool:
    return any(replace(sound, changes=()) == replace(other, changes=()) for other in later)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_every_case_sounds_the_same_after(path: Path) -> None:
    before = load_song(path.read_bytes())
    assert differences(before, load_song(song_bytes(mended(before)))) == []


def test_500_spoilt_files_sound_the_same_after_and_have_nothing_left() -> None:
    rng, told = random.Random(1), 0
    sources = [RICH, *(path.read_bytes() for path in CASES)]
    for _ in range(500):
        data = rng.choice([RICH, rng.choice(sources)])
        for _ in range(rng.randint(1, 3)):
            data = mutated(data, rng)
        try:
            before = load_song(data)
        except CorpusError:
            continue
        if before.division < 0:
            continue
        after = load_song(song_bytes(mended(before)))
        assert differences(before, after) == []
        assert {f.check for f in examine(after) if CHECKS[f.check].mends} <= {"shared-channel"}
        told += 1
    assert told > 400


def test_a_note_that_comes_before_a_program_change_keeps_the_sound_that_it_has() -> None:
    before = load_song(smf(b"", bytes([0, 0x90, 60, 80, 0, 0xC0, 65, 0x60, 0x80, 60, 0])))
    after = mended(before)
    assert [e.tick for e in after.tracks[1] if e.is_program] == [1]
    assert differences(before, after) == []
