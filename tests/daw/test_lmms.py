"""LMMS opens our files: it keeps tracks, notes (on 48 ticks a beat), tempos and meter; it knows no markers."""

from functools import partial
from pathlib import Path
from xml.etree import ElementTree

import pytest
from helpers.daw_desk import make_desk, need, twice, with_screen
from helpers.daw_files import SCORES, write
from helpers.soundfonts import write_soundfont

pytestmark = [pytest.mark.daw, pytest.mark.slow]
_TICKS = 48  # a beat
_LOWEST = 12  # MIDI note of LMMS's key 0
_CONFIGURATION = """<?xml version="1.0"?>
<!DOCTYPE lmms-config-file>
<lmms version="1.2.2" configversion="1">
 <app configured="1" openlastproject="0" disablebackup="1" nommpz="1" nomsgaftersetup="1"/>
 <mixer audiodev="Dummy (no sound output)" mididev="Dummy (no MIDI support)"/>
 <paths workingdir="{home}/lmms/" defaultsf2="{soundfont}"/>
</lmms>
"""


def opened(name: str, folder: Path) -> ElementTree.Element:
    """What LMMS saves after it has imported a file."""
    need("lmms", "Xvfb", "xdotool")
    desk = make_desk(folder)
    (folder / "lmms").mkdir()
    font = write_soundfont(folder / "sine.sf2")
    (folder / ".lmmsrc.xml").write_text(_CONFIGURATION.format(home=folder, soundfont=font), encoding="utf-8")
    project = folder / "out.mmpz"
    with with_screen(desk) as screen, screen.running("lmms", "--allowroot", "--import", str(write(name, folder))):
        screen.save_as(screen.window("Untitled.* - LMMS"), "Save Project", project)
        return ElementTree.fromstring(screen.run("lmms", "--allowroot", "dump", str(project)))


@pytest.mark.parametrize("name", SCORES)
def test_tracks_notes_tempos_and_meter_are_kept(name: str, tmp_path: Path) -> None:
    root, score = twice(partial(opened, name), tmp_path), SCORES[name]
    tracks = [track for track in root.iter("track") if any(True for _ in track.iter("note"))]
    assert [track.get("name") for track in tracks] == [part.name for part in score.parts]
    for track, part in zip(tracks, score.parts, strict=True):
        found = sorted(
            (int(pattern.get("pos", 0)) + int(note.get("pos", 0)), int(note.get("key", 0)) + _LOWEST)
            for pattern in track.findall("pattern")
            for note in pattern.findall("note")
        )
        written = sorted((note.onset * _TICKS / 480, note.pitch) for note in part.notes)
        assert sorted(pitch for _, pitch in found) == sorted(pitch for _, pitch in written)
        assert [onset for onset, _ in found] == pytest.approx([onset for onset, _ in written], abs=1.01)
    values = {pattern.get("name"): pattern.findall("time") for pattern in root.iter("automationpattern")}
    tempos = [(int(time.get("pos", 0)), float(time.get("value", 0))) for time in values["Tempo"]]
    assert [tick for tick, _ in tempos] == [onset * _TICKS // 480 for onset, _ in score.tempos]
    assert [bpm for _, bpm in tempos] == pytest.approx([bpm for _, bpm in score.tempos], abs=0.01)
    meter = [int(values[part][0].get("value", 0)) for part in ("Numerator", "Denominator")]
    assert meter == [score.meter.numerator, score.meter.denominator]
