"""What lines of a file are there for: programs, ranges and notes decide before names do."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from jazzgen.formats.midi.melody import find_melody
from jazzgen.formats.midi.roles import is_bass, is_kit, without_pitch
from jazzgen.formats.midi.voices import Voice
from jazzgen.music.score import Note

SCALE = (60, 62, 64, 65, 67, 69, 71, 72) * 4


def voice(name: str = "", pitches: Sequence[int] = SCALE, program: int | None = None, length: int = 220) -> Voice:
    notes = tuple(Note(240 * i, length, pitch) for i, pitch in enumerate(pitches))
    return Voice(1, name, 0, program or 0, notes, says_program=program is not None)


@pytest.mark.parametrize(
    ("found", "bass"),
    [
        (voice("Bass Clarinet", [p - 10 for p in SCALE], 71), False),
        (voice("Bass Clarinet", [p - 10 for p in SCALE]), False),
        (voice("Bass Trombone", [p - 14 for p in SCALE], 57), False),
        (voice("Bass Blues", SCALE, 65), False),
        (voice("Upright Bass", [p - 12 for p in SCALE]), True),
        (voice("Kontrabass", [p - 12 for p in SCALE]), True),
        (voice("Bassline", [p - 30 for p in SCALE]), True),
        (voice("Track 3", [p - 26 for p in SCALE], 33), True),
        (voice("Solo", [p - 10 for p in SCALE], 33), True),
        (voice("Piano", [p - 24 for p in SCALE]), True),
    ],
)
def test_basses(found: Voice, bass: bool) -> None:
    assert is_bass(found) is bass


def kit(
    name: str, pitches: Sequence[Sequence[int]] = ((36, 51), (42,), (38, 44, 51), (42,)), program: int = 0
) -> Voice:
    notes = [Note(240 * i, 60, pitch) for i, struck in enumerate(list(pitches) * 8) for pitch in struck]
    return Voice(2, name, 3, program, tuple(sorted(notes)))


@pytest.mark.parametrize(
    ("found", "what"),
    [
        (kit("Drums"), "a drum kit"),
        (kit("Perc 1", ((42,), (46,))), "a drum kit"),
        (kit(""), "a drum kit"),
        (kit("Track 4"), "a drum kit"),
        (kit("Piano"), ""),
        (replace(voice("Steel Drums", program=114)), ""),
        (voice("Drum Machine Lead", SCALE), ""),
        (voice("Metronome", [76, 77, 77, 77] * 8, length=60), "a click track"),
        (voice("", [37] * 32, length=40), "a click track"),
        (voice("Taiko", [60, 62] * 8, program=116), "unpitched percussion"),
        (voice("Alto", SCALE, program=65), ""),
    ],
)
def test_kits_clicks_and_percussion_off_channel_10(found: Voice, what: str) -> None:
    assert without_pitch(found) == what


def test_a_walking_bass_is_no_kit() -> None:
    assert not is_kit(voice("", [36, 38, 40, 41, 43, 45, 47, 48] * 4).notes, "", 0)


@pytest.mark.parametrize("name", ["Melody", "Lead", "Vocal", "Vox", "Solo 2", "melodie"])
def test_a_name_that_says_outright_that_it_is_the_solo_wins(name: str) -> None:
    others = [voice("Guitar 3", SCALE * 2), voice("Tenor Sax", SCALE * 2)]
    assert find_melody([*others, voice(name)], None).voice.name == name


def test_several_solos_are_named() -> None:
    found = find_melody([voice("Solo Sax", SCALE * 2), replace(voice("Solo Trumpet"), track=4)], None)
    assert found.reason.endswith("named like one; other solos: track 4 'Solo Trumpet'")


def test_the_instrument_of_a_soloist_wins_among_equals() -> None:
    voices = [replace(voice(program=program), channel=channel) for channel, program in enumerate((24, 65, 48))]
    assert find_melody(voices, None).voice.channel == 1
