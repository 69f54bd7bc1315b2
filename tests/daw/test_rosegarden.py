"""Rosegarden opens our files: it keeps tracks, pitches, tempos, meter and every marker."""

import gzip
from functools import partial
from pathlib import Path
from xml.etree import ElementTree

import pytest
from helpers.daw_desk import Desk, make_desk, need, twice, wait, with_screen
from helpers.daw_files import SCORES, write

from jazzgen.formats.midi.texts import marker_text
from jazzgen.formats.midi.write import playable
from jazzgen.music.score import Score

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
    welcome = screen.window("Welcome!")

    def is_gone() -> bool:
        screen.press(welcome, "Return")
        return not screen.windows("Welcome!")

    wait("end of the welcome", is_gone)


@pytest.mark.parametrize("name", SCORES)
def test_tracks_notes_tempos_meter_and_markers_are_kept(name: str, tmp_path: Path) -> None:
    root, score = twice(partial(opened, name), tmp_path), SCORES[name]
    labels = {track.get("id"): track.get("label") for track in root.iter("track")}
    segments = [segment for segment in root.iter("segment") if segment.findall(".//event[@type='note']")]
    assert [labels[segment.get("track")] for segment in segments] == [part.name for part in score.parts]
    for segment, part in zip(segments, score.parts, strict=True):
        assert onsets(segment) == sorted((note.onset * _TICKS // 480, note.pitch) for note in playable(part.notes))
    found = [(int(t.get("time", 0)), int(t.get("tempo", 0)) / _TEMPO_UNIT) for t in root.iter("tempo")]
    assert [time for time, _ in found] == [onset * _TICKS // 480 for onset, _ in score.tempos]
    assert [bpm for _, bpm in found] == pytest.approx([bpm for _, bpm in score.tempos], abs=0.01)
    meter = next(root.iter("timesignature"))
    assert (int(meter.get("numerator", 0)), int(meter.get("denominator", 0))) == (
        *(score.meter.numerator, score.meter.denominator),
    )
    marked = sorted((int(marker.get("time", 0)), marker.get("name")) for marker in root.iter("marker"))
    assert marked == sorted(written_markers(score))


def onsets(segment: ElementTree.Element) -> list[tuple[int, int]]:
    """Onset and pitch of a segment's notes: a timeOffset moves the clock, a chord lasts as its shortest note does."""
    now, found = int(segment.get("start", 0)), []
    for item in segment:
        lengths = []
        for event in [item] if item.tag == "event" else item.findall("event"):
            now = int(event.get("absoluteTime", now + int(event.get("timeOffset", 0))))
            lengths.append(int(event.get("duration", 0)))
            if event.get("type") == "note":
                pitch = next(child for child in event if child.get("name") == "pitch")
                found.append((now, int(pitch.get("int", 0))))
        now += min((length for length in lengths if length), default=0)
    return sorted(found)


def written_markers(score: Score) -> list[tuple[int, str]]:
    forms = [(mark.onset, marker_text(mark)) for mark in score.marks if marker_text(mark)]
    return [(onset * _TICKS // 480, text) for onset, text in (*forms, *((s.onset, s.symbol) for s in score.changes))]
