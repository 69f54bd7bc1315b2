"""Scores as pages of music: engraved by Verovio as SVG, and put on paper by Typst as PDF or PNG.

Typst brings its own fonts, so that a page looks the same on a machine that has none.
"""

import re
import tempfile
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from xml.etree.ElementTree import Element, fromstring, register_namespace, tostring

from jazzgen.engraving.document import musicxml_bytes
from jazzgen.errors import OptionError
from jazzgen.music.score import Part, Score
from jazzgen.system.extras import require
from jazzgen.system.files import write_bytes

Sheet = Literal["lead", "full"]
SUFFIXES = (".musicxml", ".svg", ".png", ".pdf")
# A line has four bars, or fewer if there are more notes in them.
_BARS_A_SYSTEM, _NOTES_A_LINE_BAR, _NOTES_A_BAR = 4, 11, 4
_PIXELS_PER_INCH = 150
_SVG = "http://www.w3.org/2000/svg"
_OPTIONS = {
    "pageWidth": 2100,
    "pageHeight": 2970,
    "pageMarginLeft": 130,
    "pageMarginRight": 130,
    "pageMarginTop": 130,
    "pageMarginBottom": 130,
    "header": "auto",
    "footer": "none",
    "mnumInterval": 0,
    "spacingSystem": 10,
    "harmDist": 1.5,
    "lyricSize": 4.0,
}
# On a screen a page is as high as what is on it, and a bar so wide.
_SCREEN_BAR_WIDTH, _SCREEN_MARGIN = 500, 20
_SCALES: Mapping[Sheet, int] = {"lead": 40, "full": 32}
# Signs of the music font inside texts, and letters that mean the same in any font.
_FLATS, _NATURALS, _SHARPS = (0xEA64, 0xED60, 0xE260), (0xEA65, 0xED61, 0xE261), (0xEA66, 0xED62, 0xE262)
_LETTERS = dict.fromkeys(_FLATS, "♭") | dict.fromkeys(_NATURALS, "♮") | dict.fromkeys(_SHARPS, "♯")
_LETTERS |= {0xECA5: "♩", 0xE1D5: "♩"}
_PLACE = ("x", "y", "text-anchor")
_HELD = (*_PLACE, "font-size", "font-family", "font-style", "font-weight")
_ALTERED = re.compile(r"([b#])(?=\d)")


@dataclass(frozen=True, slots=True)
class Screen:
    """A page for a screen, as wide as so many bars, that scrolls."""

    bars: int = _BARS_A_SYSTEM

    def options(self) -> dict[str, Any]:
        margins = {f"pageMargin{side}": _SCREEN_MARGIN for side in ("Left", "Right", "Top", "Bottom")}
        width = self.bars * _SCREEN_BAR_WIDTH
        return {**margins, "pageWidth": width, "pageHeight": 60_000, "adjustPageHeight": True, "svgViewBox": True}


def write_sheet(score: Score, path: Path, *, sheet: Sheet = "lead") -> list[Path]:
    """Writes the pages of a lead sheet or a full score as .svg, .png, .pdf or .musicxml; gives the files.

    Of several pages, the second is x-2.svg beside x.svg; a .pdf holds them all.

    Raises:
        OptionError: when the suffix is none of those.
        OutputError: when a file cannot be written.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise OptionError(f"{path}: a sheet is written as {', '.join(SUFFIXES)}")
    if suffix == ".musicxml":
        write_bytes(path, musicxml_bytes(_chosen(score, sheet), tidy=True))
        return [path]
    pages = [_plain(page) for page in engrave(score, sheet)]
    files = [page.encode() for page in pages] if suffix == ".svg" else _typeset(pages, suffix)
    paths = [path, *(path.with_stem(f"{path.stem}-{number}") for number in range(2, len(files) + 1))]
    for target, data in zip(paths, files, strict=True):
        write_bytes(target, data)
    return paths


def _chosen(score: Score, sheet: Sheet) -> Score:
    """The parts that a sheet shows: of a lead sheet, the melody."""
    return score if sheet == "full" else score.with_parts(*score.parts[:1])


def engrave(score: Score, sheet: Sheet = "lead", screen: Screen | None = None) -> Iterator[str]:
    """Pages as SVG, A4 or for a screen.

    Raises:
        ExtraError: when Verovio is not installed.
    """
    require("notation")
    import verovio  # noqa: PLC0415 - 20 MB

    verovio.enableLog(verovio.LOG_OFF)
    toolkit = verovio.toolkit()
    breaks = "line" if sheet == "lead" else "auto"
    paper = {"scale": _SCALES[sheet]} if screen is None else screen.options()
    toolkit.setOptions({**_OPTIONS, **paper, "breaks": breaks, "xmlIdChecksum": True})
    bars = _BARS_A_SYSTEM if screen is None else screen.bars
    starts = set(_system_starts(score, bars)) if sheet == "lead" else set()
    document = musicxml_bytes(_named(_chosen(score, sheet), sheet), tidy=True, system_starts=starts)
    toolkit.loadData(_without_degrees(document))
    for page in range(1, toolkit.getPageCount() + 1):
        yield toolkit.renderToSVG(page)


def _system_starts(score: Score, most: int = _BARS_A_SYSTEM) -> Iterator[int]:
    """Numbers of the bars that start a line of a lead sheet: every section, and wherever a line is full."""
    onsets = sorted(note.onset for part in score.parts[:1] for note in part.notes)
    sections = {mark.onset for mark in score.marked("section")}
    bars, notes = 0, 0
    for bar in score.bars():
        size = max(bisect_left(onsets, bar.end) - bisect_left(onsets, bar.onset), _NOTES_A_BAR)
        if bars == most or (bars and (notes + size > most * _NOTES_A_LINE_BAR or bar.onset in sections)):
            yield bar.number
            bars, notes = 0, 0
        bars, notes = bars + 1, notes + size


def _without_degrees(document: bytes) -> str:
    """The document with chord symbols as their texts say.

    Verovio would print degrees after them once more, and the root that N.C. has because MusicXML wants one.
    """
    root = fromstring(document)  # noqa: S314 - our own
    for harmony in root.iter("harmony"):
        for degree in harmony.findall("degree"):
            harmony.remove(degree)
        if harmony.findtext("kind") == "none":
            harmony.remove(harmony[0])
    return tostring(root, encoding="unicode")


def _named(score: Score, sheet: Sheet) -> Score:
    """A lead sheet's one part without a name, as there is no other to tell it from."""
    if sheet == "full":
        return score
    return score.with_parts(*(Part(" ", part.notes, part.program, part.channel) for part in score.parts))


def _plain(page: str) -> str:
    """The page without what only browsers understand: spans inside spans, and a music font in texts."""
    register_namespace("", _SVG)
    register_namespace("xlink", "http://www.w3.org/1999/xlink")
    root = fromstring(page)  # noqa: S314 - Verovio's own
    for group in root.iter(f"{{{_SVG}}}g"):
        is_chord = "harm" in group.get("class", "").split()
        for text in group.findall(f"{{{_SVG}}}text"):
            spans = list(_flat(text, {}))
            text[:] = spans
            text.text = None
            if is_chord:
                _with_signs(spans)
    return tostring(root, encoding="unicode")


def _flat(element: Element, inherited: Mapping[str, str]) -> Iterator[Element]:
    """The spans below an element that hold text, each with all that holds for it; a place holds for the first alone."""
    found = {**inherited, **{name: value for name, value in element.attrib.items() if name in _HELD}}
    if element.tag == f"{{{_SVG}}}tspan" and element.text and element.text.strip():
        yield _lettered(element.text, found)
        found = {name: value for name, value in found.items() if name not in _PLACE}
    for child in element.findall(f"{{{_SVG}}}tspan"):
        spans = list(_flat(child, found))
        if spans:
            found = {name: value for name, value in found.items() if name not in _PLACE}
        yield from spans


def _lettered(text: str, attributes: Mapping[str, str]) -> Element:
    """A span, its signs of the music font as letters."""
    letters = text.translate(_LETTERS)
    span = Element(f"{{{_SVG}}}tspan", dict(attributes))
    if letters != text:
        span.attrib.pop("font-family", None)
    span.text = letters
    return span


def _with_signs(spans: Sequence[Element]) -> None:
    """A chord symbol with flats and sharps for b and #, all in the size of its first letter."""
    for span in spans:
        span.set("font-size", spans[0].get("font-size", ""))
        span.text = _ALTERED.sub(lambda match: "♭" if match[1] == "b" else "♯", span.text or "")


def _typeset(pages: list[str], suffix: str) -> list[bytes]:
    """The pages as one PDF, or as a PNG each."""
    import typst  # noqa: PLC0415 - 30 MB

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number, page in enumerate(pages):
            (folder / f"{number}.svg").write_text(page, encoding="utf-8")
        images = "#pagebreak()\n".join(f'#image("{number}.svg", width: 100%)\n' for number in range(len(pages)))
        source = folder / "sheet.typ"
        source.write_text(f"#set page(width: 210mm, height: 297mm, margin: 0mm)\n{images}", encoding="utf-8")
        made = typst.compile(
            source,
            format="pdf" if suffix == ".pdf" else "png",
            ppi=_PIXELS_PER_INCH,
            ignore_system_fonts=True,
            timestamp=0,
            pdf_tags=False,
        )
    return list(made) if isinstance(made, list) else [made]
