"""Pages: what stands on them, and that they are there."""

import re
from dataclasses import replace
from itertools import chain
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest
from helpers.chart_text import parse_changes

from jazzgen.engraving.engrave import Look, Sheet, engrave, write_sheet
from jazzgen.errors import OptionError, OutputError
from jazzgen.music.score import Mark, Note, Part, Score
from jazzgen.music.timing import Meter

CHANGES = "Dm7 G7alt | Cmaj7 | Bm7b5 E7b9 | Am6 | C/G | F#dim7 | Bb13#11 | N.C."
SOLO = Part("Solo", tuple(Note(480 * i, 480, 60 + i % 12) for i in range(30)), 66)
BASS = Part("Bass", tuple(Note(960 * i, 960, 36 + i % 5) for i in range(16)), 32, 2)
DRUMS = Part("Drums", tuple(Note(480 * i, 80, 51) for i in range(32)), 32, 9)
SCORE = Score("Tune", changes=parse_changes(CHANGES), parts=(SOLO, BASS, DRUMS))


def texts(page: str, kind: str) -> list[str]:
    groups = [g for g in fromstring(page).iter("{http://www.w3.org/2000/svg}g") if kind in g.get("class", "").split()]
    return ["".join("".join(group.itertext()).split()) for group in groups]


def page(path: Path, score: Score = SCORE, sheet: Sheet = "lead") -> str:
    return write_sheet(score, path, Look(sheet)).paths[0].read_text(encoding="utf-8")


def test_chord_symbols_stand_as_musicians_write_them(tmp_path: Path) -> None:
    found = texts(page(tmp_path / "a.svg"), "harm")
    assert found == ["Dm7", "G7alt", "Cmaj7", "Bm7♭5", "E7♭9", "Am6", "C/G", "F♯dim7", "B♭13♯11", "N.C."]


def test_a_lead_sheet_has_the_melody_and_a_full_score_every_part(tmp_path: Path) -> None:
    lead, full = page(tmp_path / "a.svg"), page(tmp_path / "b.svg", sheet="full")
    assert "Solo" not in "".join(texts(lead, "label"))
    assert [name for name in ("Solo", "Bass", "Drums") if name in "".join(texts(full, "label"))] == [
        *("Solo", "Bass", "Drums")
    ]
    assert lead.count('class="note') == 30 or len(re.findall(r'class="note\b', lead)) == 30
    assert len(re.findall(r'class="note\b', full)) > 70


def test_title_tempo_and_swing_are_said(tmp_path: Path) -> None:
    svg = page(tmp_path / "a.svg")
    assert "Tune" in "".join(texts(svg, "pgHead"))
    assert "Swing♩=120" in "".join(texts(svg, "pgHead"))
    assert "Swing" not in page(tmp_path / "b.svg", Score("T", changes=SCORE.changes, parts=(SOLO,), feel="straight"))


def test_no_text_needs_a_font_of_music(tmp_path: Path) -> None:
    svg = page(tmp_path / "a.svg", sheet="full")
    spans = list(chain.from_iterable(t.iter() for t in fromstring(svg).iter("{http://www.w3.org/2000/svg}text")))
    assert spans
    assert not any(ord(letter) >= 0xE000 for span in spans for letter in span.text or "")


def test_a_section_starts_a_line(tmp_path: Path) -> None:
    marks = (Mark(0, 1920 * 3, "section", "A"), Mark(1920 * 3, 1920 * 5, "section", "B"))
    starts = Score("T", changes=SCORE.changes, parts=(SOLO,), marks=marks)
    assert (
        page(tmp_path / "a.svg", starts).count('class="system ') == 3
        or len(re.findall(r'class="system\b(?!Milestone)', page(tmp_path / "a.svg", starts))) == 3
    )
    assert len(re.findall(r'class="system\b(?!Milestone)', page(tmp_path / "b.svg"))) == 2


@pytest.mark.parametrize(("suffix", "head"), [(".png", b"\x89PNG"), (".pdf", b"%PDF"), (".musicxml", b"<?xml")])
def test_other_kinds_of_file_are_what_they_say_and_the_same_each_time(suffix: str, head: bytes, tmp_path: Path) -> None:
    for name in ("a", "b"):
        assert write_sheet(SCORE, tmp_path / f"{name}{suffix}").paths == (tmp_path / f"{name}{suffix}",)
    data = (tmp_path / f"a{suffix}").read_bytes()
    assert data.startswith(head)
    assert data == (tmp_path / f"b{suffix}").read_bytes()


def test_pages_after_the_first_are_files_of_their_own_but_in_a_pdf(tmp_path: Path) -> None:
    changes = parse_changes(" | ".join(["Dm7", "G7"] * 40))
    long = Score("T", changes=changes, parts=(Part("Solo", tuple(Note(480 * i, 480, 60) for i in range(320))),))
    names = [path.name for path in write_sheet(long, tmp_path / "a.png").paths]
    assert names[:2] == ["a.png", "a-2.png"]
    assert write_sheet(long, tmp_path / "a.pdf").paths == (tmp_path / "a.pdf",)
    assert len(list(engrave(long))) == len(names)


def test_changes_alone_are_a_sheet_too(tmp_path: Path) -> None:
    assert texts(page(tmp_path / "a.svg", Score("T", changes=SCORE.changes)), "harm")[:2] == ["Dm7", "G7alt"]


def test_an_unknown_suffix_is_answered_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match=r"a sheet is written as \.musicxml, \.svg, \.png, \.pdf"):
        write_sheet(SCORE, tmp_path / "a.docx")


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="is not there"):
        write_sheet(SCORE, tmp_path / "nowhere" / "a.svg")


def test_no_sign_of_the_music_font_is_left_in_a_text(tmp_path: Path) -> None:
    compound = replace(SCORE, meters=((0, Meter(6, 8)),), changes=(), tempos=((0, 90.0),))
    (path,) = write_sheet(compound, tmp_path / "six.svg").paths
    page = path.read_text(encoding="utf-8")
    assert "♩" in page
    assert not [hex(ord(sign)) for sign in page if 0xE000 <= ord(sign) <= 0xF8FF]
