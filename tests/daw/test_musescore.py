"""MuseScore 3 opens our files: it keeps parts, pitches, meters and tempos, on its grid."""

from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pytest
from helpers.daw_desk import make_desk, need, wait
from helpers.daw_files import SCORES, write

from jazzgen.music.score import Score

pytestmark = [pytest.mark.daw, pytest.mark.slow]
_TOLERANCE_TICKS = 30  # of MuseScore's grid; measured at most 25
_TOUCHED_TICKS = 120  # MuseScore puts what is played freely on its grid of sixteenths and triplets


def opened(name: str, folder: Path) -> ElementTree.Element:
    """What MuseScore makes of a file, as MusicXML."""
    need("mscore3")
    desk = make_desk(folder)
    source, target = write(name, folder), folder / "out.musicxml"
    environment = {**desk.environment, "QT_QPA_PLATFORM": "offscreen"}
    with type(desk)(desk.home, environment).running("mscore3", "-o", str(target), str(source)):
        wait("MusicXML from MuseScore", lambda: target.exists() and b"</score-partwise>" in target.read_bytes()[-100:])
    return ElementTree.parse(target).getroot()


def struck(part: ElementTree.Element) -> Counter[int]:
    """How often each pitch is struck; ties and the second halves of them count once."""
    steps = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
    transposition = int(part.findtext(".//transpose/chromatic") or 0) + 12 * int(
        part.findtext(".//transpose/octave-change") or 0
    )
    pitches: Counter[int] = Counter()
    for note in part.iter("note"):
        if note.find("pitch") is not None and not is_tied_over(note):
            step = steps[note.findtext("pitch/step", "")] + int(note.findtext("pitch/alter") or 0)
            pitches[step + 12 * (int(note.findtext("pitch/octave", "")) + 1) + transposition] += 1
    return pitches


def onsets(part: ElementTree.Element) -> list[float]:
    """The ticks at which notes are struck, drums included."""
    divisions = int(part.findtext(".//divisions", ""))
    found, bar = [], 0
    for measure in part.iter("measure"):
        now = struck = end = bar
        for element in measure:
            length = int(element.findtext("duration") or 0)
            if element.tag == "note" and element.find("chord") is None:
                struck = now
            if element.tag == "note" and element.find("rest") is None and not is_tied_over(element):
                found.append(struck * 480 / divisions)
            if element.tag == "backup":
                now -= length
            elif element.find("chord") is None:
                now += length
            end = max(end, now)
        bar = end
    return sorted(found)


def is_tied_over(note: ElementTree.Element) -> bool:
    return any(tie.get("type") == "stop" for tie in note.findall("tie"))


@pytest.mark.parametrize("name", SCORES)
def test_parts_pitches_meter_and_tempos_are_kept(name: str, tmp_path: Path) -> None:
    root, score = opened(name, tmp_path), SCORES[name]
    names = [element.text or "" for element in root.iter("part-name")]
    assert [name.split(", ")[-1] for name in names] == [part.name for part in score.parts]
    for element, part in zip(root.findall("part"), score.parts, strict=True):
        if not part.is_drums:
            assert struck(element) == Counter(note.pitch for note in part.notes)
        near = _TOUCHED_TICKS if any(note.written for note in part.notes) else _TOLERANCE_TICKS
        assert onsets(element) == pytest.approx([note.onset for note in part.notes], abs=near)
    times = [(t.findtext("beats"), t.findtext("beat-type")) for t in root.findall("part")[0].iter("time")]
    assert times == [(str(score.meter.numerator), str(score.meter.denominator))]
    assert tempos(root) == pytest.approx([bpm for _, bpm in score.tempos], rel=0.01)
    assert len(root.findall("part")[0].findall("measure")) == bars_of(score)


def tempos(root: ElementTree.Element) -> list[float]:
    return [float(sound.get("tempo", "")) for sound in root.findall("part")[0].iter("sound") if sound.get("tempo")]


def bars_of(score: Score) -> int:
    return sum(1 for _ in score.bars())
