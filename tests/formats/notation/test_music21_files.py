"""Formats that music21 reads, through it."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from jazzgen.errors import CorpusError
from jazzgen.formats.notation import readings
from jazzgen.formats.reading import Reading, ReadOptions, Unread
from jazzgen.harmony.pitch import Key
from jazzgen.music.timing import Meter

KERN = """!!!OTL: Two voices
!!!COM: Someone
**kern\t**kern
*M4/4\t*M4/4
*k[b-]\t*k[b-]
*F:\t*F:
=1-\t=1-
4C\t4cc
4C\t8dd
.\t8ee
2F\t[2ff
=2\t=2
1F\t1ff]
==\t==
*-\t*-
"""
ROMAN = "Composer: Someone\nTitle: Cadence\nTime Signature: 4/4\nm1 b1 C: I b3 V7\nm2 ii6 b3 viio7/V\nm3 I\n"
MEI = (
    '<?xml version="1.0"?><mei xmlns="http://www.music-encoding.org/ns/mei"><music><body><mdiv><score>'
    '<scoreDef meter.count="4" meter.unit="4"><staffGrp><staffDef n="1" lines="5" clef.shape="G" clef.line="2"/>'
    '</staffGrp></scoreDef><section><measure n="1"><staff n="1"><layer n="1"><note pname="c" oct="5" dur="2"/>'
    '<note pname="d" oct="5" dur="2"/></layer></staff></measure></section></score></mdiv></body></music></mei>'
)
NOTEWORTHY = (
    '!NoteWorthyComposer(2.0)\n|AddStaff|Name:"Sax"\n|Clef|Type:Treble\n|Note|Dur:Half|Pos:1\n|Note|Dur:Half|Pos:2\n'
)
CAPELLA = (
    '<?xml version="1.0"?><score xmlns="http://www.whc.de/capella"><systems><system><staves><staff layout="S"><voices>'
    '<voice><noteObjects><clefSign clef="treble"/>'
    '<chord><duration base="1/2"/><heads><head pitch="C5"/></heads></chord>'
    '<chord><duration base="1/2"/><heads><head pitch="D5"/></heads></chord></noteObjects></voice></voices></staff>'
    "</staves></system></systems></score>"
)


def read(path: Path, text: str) -> Reading:
    path.write_text(text, encoding="utf-8")
    (reading,) = readings(path, ReadOptions())
    assert isinstance(reading, Reading)
    return reading


def test_humdrum_spines_are_parts(tmp_path: Path) -> None:
    score = read(tmp_path / "a.krn", KERN).score
    assert (score.title, score.credits.composer, score.key) == ("Two voices", "Someone", Key("F"))
    lines = [[(n.onset, n.duration, n.pitch) for n in part.notes] for part in score.parts]
    assert [(0, 480, 72), (480, 240, 74), (720, 240, 76), (960, 2880, 77)] in lines
    assert [(0, 480, 48), (480, 480, 48), (960, 960, 53), (1920, 1920, 53)] in lines


def test_roman_numerals_are_changes_without_a_melody(tmp_path: Path) -> None:
    reading = read(tmp_path / "a.rntxt", ROMAN)
    assert reading.score.parts == ()
    assert [(s.onset, s.symbol) for s in reading.score.changes] == [
        (0, "C"),
        (960, "G7"),
        (1920, "Dm/F"),
        (2880, "Gbdim7"),
        (3840, "C"),
    ]
    assert reading.melody_reason == "no melody: the file holds chords alone"


@pytest.mark.parametrize(("name", "text"), [("a.mei", MEI), ("a.nwctxt", NOTEWORTHY)])
def test_mei_and_noteworthy(tmp_path: Path, name: str, text: str) -> None:
    score = read(tmp_path / name, text).score
    assert [(n.onset, n.duration) for n in score.melody.notes] == [(0, 960), (960, 960)]
    assert score.meter == Meter(4, 4)


def test_capella_archives(tmp_path: Path) -> None:
    path = tmp_path / "a.capx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("score.xml", CAPELLA)
    (reading,) = readings(path)
    assert not isinstance(reading, Unread)
    assert [(n.onset, n.duration) for n in reading.score.melody.notes] == [(0, 960), (960, 960)]


@pytest.mark.parametrize("name", ["a.krn", "a.mei", "a.rntxt", "a.nwctxt", "a.capx"])
@pytest.mark.parametrize("text", ["", "nothing of the kind", "<a/>", "**kern\n4c\t4d\n*-\n"])
def test_what_music21_cannot_read_is_told_in_one_line(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], name: str, text: str
) -> None:
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(CorpusError) as caught:
        list(readings(path))
    assert "\n" not in str(caught.value)
    assert capfd.readouterr() == ("", "")


def test_mei_with_entities_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="entity"):
        read(tmp_path / "a.mei", '<!DOCTYPE mei [<!ENTITY a "b">]><mei>&a;</mei>')


COSTLY = [
    ("a.krn", KERN.replace("M4/4", "M2000/4"), "2000 of beats in a meter"),
    ("a.mei", MEI.replace('count="4"', 'count="2000"'), "2000 of beats in a meter"),
    ("a.mei", MEI.replace('count="4"', 'count="-2000"'), "2000 of beats in a meter"),
    ("a.mei", MEI.replace('count="4"', 'count="1e308"'), "1e308 of beats in a meter"),
    ("a.rntxt", ROMAN.replace("m3", "m999999"), "999999 of measures"),
    ("a.rntxt", ROMAN.replace("m3", "m1e308"), "1e308 of measures"),
    ("a.rntxt", ROMAN.replace("Signature: 4/4", "Signature: 1e308/4"), "1e308 of beats in a meter"),
    ("a.rntxt", ROMAN + "Time Signature: 3/4\nm4 I\n" * 200, "has 201 time signatures; at most 100 are read"),
    ("a.nwctxt", NOTEWORTHY.replace("Pos:2", "Pos:-99999"), "99999 of steps"),
    ("a.capx", '<score><duration base="9999999999/2"/></score>', "9999999999 of whole notes in a duration"),
    ("a.capx", '<score><duration base="1/2" dots="4000"/></score>', "4000 of dots"),
]


@pytest.mark.parametrize(("name", "text", "reason"), COSTLY)
def test_numbers_that_music21_takes_minutes_over_are_refused(tmp_path: Path, name: str, text: str, reason: str) -> None:
    with pytest.raises(CorpusError, match=reason):
        read(tmp_path / name, text)


def test_a_signature_that_is_left_empty_hides_no_number(tmp_path: Path) -> None:
    assert read(tmp_path / "a.rntxt", ROMAN.replace("Time Signature: 4/4", "Time Signature: 4/4\nKey Signature:"))


def test_nothing_is_written_but_the_answer(tmp_path: Path) -> None:
    """No pickles, no temporary files, no settings: neither beside the file nor in the home or temporary folder."""
    home, music = tmp_path / "home", tmp_path / "music"
    home.mkdir()
    music.mkdir()
    (music / "a.krn").write_text(KERN)
    code = "from pathlib import Path; from jazzgen.formats.notation import readings; print(*readings(Path('a.krn')))"
    environment = {**os.environ, "HOME": str(home), "TMPDIR": str(home), "PYTHONDONTWRITEBYTECODE": "1"}
    run = subprocess.run([sys.executable, "-c", code], cwd=music, env=environment, capture_output=True, check=True)
    assert run.stdout.startswith(b"Reading(")
    assert list(home.rglob("*")) == []
    assert [path.name for path in music.iterdir()] == ["a.krn"]
