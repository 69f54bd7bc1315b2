"""Rosegarden opens our files: it keeps tracks, pitches, tempos, meter and every marker."""

import gzip
from pathlib import Path
from xml.etree import ElementTree

import pytest
from daw_desk import Desk, make_desk, need, wait, with_screen
from daw_files import SCORES, write

from jazzgen.midi_texts import marker_text
from jazzgen.score import Score

pytestmark = [pytest.mark.daw, pytest.mark.slow]
_TICKS = 960  # a beat
_TEMPO_UNIT = 100_000  # of a beat a minute


def opened(name: str, folder: Path) -> ElementTree.Element:
    """What Rosegarden saves after it has opened a file."""
    need("rosegarden", "Xvfb", "xdotool")
    desk = make_desk(folder)
    target = folder / "out.rg"
    with with_screen(desk) as screen, screen.running("rosegarden", "--nosplash", "--nosound", str(write(name, folder))):
        window = screen.window(rf"{name}\.mid - Rosegarden")
        _dismiss_welcome(screen)
        return ElementTree.fromstring(gzip.decompress(screen.save_as(window, "Save as", target)))


def _dismiss_welcome(screen: Desk) -> None:
    """Closes what greets those who start it for the first time."""
    screen.press(screen.window("Welcome!"), "Return")
    wait("end of the welcome", lambda: not screen.windows("Welcome!"))


@pytest.mark.parametrize("name", SCORES)
def test_tracks_notes_tempos_meter_and_markers_are_kept(name: str, tmp_path: Path) -> None:
    root, score = opened(name, tmp_path), SCORES[name]
    labels = {track.get("id"): track.get("label") for track in root.iter("track")}
    segments = [segment for segment in root.iter("segment") if segment.findall(".//event[@type='note']")]
    assert [labels[segment.get("track")] for segment in segments] == [part.name for part in score.parts]
    for segment, part in zip(segments, score.parts, strict=True):
        pitches = sorted(
            int(pitch.get("int", 0)) for pitch in segment.findall(".//event[@type='note']/property[@name='pitch']")
        )
        assert pitches == sorted(note.pitch for note in part.notes)
    found = [(int(t.get("time", 0)), int(t.get("tempo", 0)) / _TEMPO_UNIT) for t in root.iter("tempo")]
    assert found == [(onset * _TICKS // 480, pytest.approx(bpm, abs=0.01)) for onset, bpm in score.tempos]
    meter = next(root.iter("timesignature"))
    assert (int(meter.get("numerator", 0)), int(meter.get("denominator", 0))) == (
        *(score.meter.numerator, score.meter.denominator),
    )
    marked = sorted((int(marker.get("time", 0)), marker.get("name")) for marker in root.iter("marker"))
    assert marked == sorted(written_markers(score))


def written_markers(score: Score) -> list[tuple[int, str]]:
    forms = [(mark.onset, marker_text(mark)) for mark in score.marks if marker_text(mark)]
    return [(onset * _TICKS // 480, text) for onset, text in (*forms, *((s.onset, s.symbol) for s in score.changes))]
