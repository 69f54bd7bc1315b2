"""MIDI of the kinds in `cases`, with other instruments, names, marks and hands."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from helpers.raw_midi import meta, note, smf

from jazzgen.formats.midi import readings
from jazzgen.formats.reading import Reading

LINE = [72, 74, 76, 79, 77, 76, 74, 71] * 8
LOW_LINE = [pitch - 30 for pitch in LINE]
BAR = 4 * 480


def track(name: str, channel: int, program: int, pitches: Sequence[int], duration: int = 240) -> bytes:
    notes = b"".join(note(pitch, duration, channel=channel) for pitch in pitches)
    return meta(3, name.encode()) + bytes([0, 0xC0 | channel, program]) + notes


def comping(name: str, roots: Sequence[int] = (50, 55, 48, 48) * 2) -> bytes:
    """A bar of a minor seventh, and then of dominant sevenths."""
    bars = b""
    for number, root in enumerate(roots):
        pitches = [root + step for step in ((0, 3, 7, 10) if number % 4 == 0 else (0, 4, 7, 10))]
        bars += b"".join(bytes([0, 0x91, pitch, 70]) for pitch in pitches)
        bars += b"".join((b"\x8f\x00" if pitch == root else b"\0") + bytes([0x81, pitch, 0]) for pitch in pitches)
    return meta(3, name.encode()) + bytes([0, 0xC1, 0]) + bars


def read(path: Path, *tracks: bytes) -> Reading:
    path.write_bytes(smf(meta(0x58, bytes([4, 2, 24, 8])), *tracks))
    return next(readings(path))


@pytest.mark.parametrize(
    ("name", "program", "pitches"),
    [
        ("Double bass solo", 32, LOW_LINE),
        ("Lead (fretless)", 35, LOW_LINE),
        ("Mélodie", 24, LINE),
        ("Tema", 12, LINE),
        ("Gesang", 53, LINE),
    ],
)
def test_a_name_that_says_melody_wins_in_other_languages_and_for_basses(
    tmp_path: Path, name: str, program: int, pitches: Sequence[int]
) -> None:
    busy = track("Gitarre", 2, 25, [pitch for pitch in LINE for _ in range(2)], 120)
    reading = read(tmp_path / "a.mid", busy, track(name, 0, program, pitches), comping("Klavier"))
    assert [n.pitch for n in reading.score.melody.notes] == list(pitches)
    assert reading.chords_reason == "chords: inferred from track 3 'Klavier'; no chord symbols in the file"
    assert [str(span.chord) for span in reading.score.changes][:3] == ["Dm7", "G7", "C7"]


def test_of_lines_without_a_telling_name_the_one_that_strikes_several_at_once_has_the_chords(tmp_path: Path) -> None:
    busy = track("Two", 2, 25, [pitch - 12 for pitch in LINE for _ in range(2)], 120)
    reading = read(tmp_path / "a.mid", busy, track("One", 0, 65, LINE), comping("Three"))
    assert reading.chords_reason == "chords: inferred from track 3 'Three'; no chord symbols in the file"


@pytest.mark.parametrize("letters", ["ABCD", "AABA", "EFG", "CDEF", "BCD"])
def test_letters_in_turn_are_sections_where_the_notes_say_so(tmp_path: Path, letters: str) -> None:
    marks = b"".join(meta(6, letter.encode(), BAR if place else 0) for place, letter in enumerate(letters))
    reading = read(tmp_path / "a.mid", marks, track("Alto", 0, 65, LINE), comping("Piano"))
    assert [mark.label for mark in reading.score.marked("section")] == list(letters)
    assert [str(span.chord) for span in reading.score.changes][:3] == ["Dm7", "G7", "C7"]


def test_letters_are_chords_where_the_notes_say_that(tmp_path: Path) -> None:
    marks = b"".join(meta(6, letter.encode(), BAR if place else 0) for place, letter in enumerate("EFG"))
    line = [76, 80, 83, 80] * 2 + [77, 81, 84, 81] * 2 + [79, 83, 74, 83] * 2
    reading = read(tmp_path / "a.mid", marks, track("Alto", 0, 65, line))
    assert [str(span.chord) for span in reading.score.changes] == list("EFG")
