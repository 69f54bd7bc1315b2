"""Scores as pages of music: engraved by Verovio as SVG, typeset by Typst as PDF or PNG.

Typst brings its own fonts, so pages look the same on a machine without fonts.
"""

import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from xml.etree.ElementTree import Element, fromstring, register_namespace, tostring

from jazzgen.engraving.document import musicxml_bytes
from jazzgen.engraving.instruments import Instrument
from jazzgen.engraving.line_breaks import BARS_A_LINE, line_starts
from jazzgen.engraving.verovio_input import for_verovio, with_large_title
from jazzgen.errors import OptionError
from jazzgen.harmony.unfold import Signs
from jazzgen.music.score import Score
from jazzgen.system.extras import require
from jazzgen.system.files import write_bytes
from jazzgen.system.marks import MAKER, marked_png

Sheet = Literal["lead", "full"]
SUFFIXES = (".musicxml", ".svg", ".png", ".pdf")
_PIXELS_PER_INCH = 150  # set by hand
_SVG = "http://www.w3.org/2000/svg"
_OPTIONS = {  # Verovio's: A4 in tenths of a millimetre; the rest set by eye
    "pageWidth": 2100,
    "pageHeight": 2970,
    "pageMarginLeft": 130,
    "pageMarginRight": 130,
    "pageMarginTop": 130,
    "pageMarginBottom": 130,
    "header": "encoded",
    "footer": "none",
    "mnumInterval": 0,
    "spacingSystem": 10,
    "harmDist": 1.5,
    "lyricSize": 4.0,
}
# On a screen a page is as high as its content. The width of a bar and the margin, in tenths of a millimetre, by eye.
_SCREEN_BAR_WIDTH = 500
_SCREEN_MARGIN = 20
_SCALES: Mapping[Sheet, int] = {"lead": 40, "full": 32}
# Code points of SMuFL, the standard for music fonts, in texts, and characters for them in any font.
_FLATS = (0xEA64, 0xED60, 0xE260)
_NATURALS = (0xEA65, 0xED61, 0xE261)
_SHARPS = (0xEA66, 0xED62, 0xE262)
_LETTERS = dict.fromkeys(_FLATS, "♭") | dict.fromkeys(_NATURALS, "♮") | dict.fromkeys(_SHARPS, "♯")
_LETTERS |= {0xECA5: "♩", 0xE1D5: "♩", 0xECB7: ".", 0xE1E7: "."}
_PLACE = ("x", "y", "text-anchor")
_HELD = (*_PLACE, "font-size", "font-family", "font-style", "font-weight")
_ALTERED = re.compile(r"([b#])(?=\d)")


@dataclass(frozen=True, slots=True)
class Screen:
    """A scrolling page for a screen, `bars` bars wide."""

    bars: int = BARS_A_LINE

    def options(self) -> dict[str, Any]:
        margins = {f"pageMargin{side}": _SCREEN_MARGIN for side in ("Left", "Right", "Top", "Bottom")}
        width = self.bars * _SCREEN_BAR_WIDTH
        # 60_000 is Verovio's limit; the page is cut to its content.
        return {**margins, "pageWidth": width, "pageHeight": 60_000, "adjustPageHeight": True, "svgViewBox": True}


@dataclass(frozen=True, slots=True)
class Written:
    """The files of a sheet, in the order of its pages, and how many notes are grace notes in it."""

    paths: tuple[Path, ...]
    graces: int


@dataclass(frozen=True, slots=True)
class Look:
    """How a sheet looks.

    Attributes:
        sheet: the melody with chord symbols, or all parts.
        exact: whether to print all times as they are, not as they are easiest to read.
        instrument: who reads the part, of a lead sheet at written pitch (`instruments.part_for`).
        signs: repeats and jumps of the bars, if the score is as written.
    """

    sheet: Sheet = "lead"
    exact: bool = False
    instrument: Instrument | None = None
    signs: Sequence[Signs] = ()


LEAD_SHEET = Look()


def write_sheet(score: Score, path: Path, look: Look = LEAD_SHEET) -> Written:
    """Write the pages of a sheet as .svg, .png, .pdf or .musicxml.

    A second page is x-2.svg beside x.svg; a .pdf holds all pages.

    Raises:
        OptionError: if the suffix is none of those.
        OutputError: if a file cannot be written.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise OptionError(f"{path}: a sheet is written as {', '.join(SUFFIXES)}")
    if suffix == ".musicxml":
        document = _document(score, look)
        files = [document]
    else:
        document = _document(score, look, BARS_A_LINE)
        pages = [_plain(page) for page in _pages(document, look.sheet)]
        files = [f"{page}<!-- {MAKER} -->".encode() for page in pages] if suffix == ".svg" else _typeset(pages, suffix)
    paths = [path, *(path.with_stem(f"{path.stem}-{number}") for number in range(2, len(files) + 1))]
    for target, data in zip(paths, files, strict=True):
        write_bytes(target, data)
    return Written(tuple(paths), document.count(b"<grace "))


def engrave(score: Score, look: Look = LEAD_SHEET, screen: Screen | None = None) -> Iterator[str]:
    """Yield pages as SVG, A4 or for a screen.

    Raises:
        ExtraError: if Verovio is not installed.
    """
    return _pages(_document(score, look, screen.bars if screen else BARS_A_LINE), look.sheet, screen)


def _document(score: Score, look: Look, bars_a_line: int = 0) -> bytes:
    """Return the MusicXML of the parts that the sheet shows, with line breaks if a line has so many bars at most."""
    is_lead = look.sheet == "lead"
    return musicxml_bytes(
        score.with_parts(*score.parts[:1]) if is_lead else score,
        tidy=True,
        exact=look.exact,
        system_starts=set(line_starts(score, bars_a_line)) if bars_a_line and is_lead else (),
        instrument=look.instrument,
        signs=look.signs,
    )


def _pages(document: bytes, sheet: Sheet, screen: Screen | None = None) -> Iterator[str]:
    require("notation")
    import verovio  # noqa: PLC0415 - 20 MB

    verovio.enableLog(verovio.LOG_OFF)
    toolkit = verovio.toolkit()
    paper = {"scale": _SCALES[sheet]} if screen is None else screen.options()
    breaks = "line" if sheet == "lead" else "auto"
    toolkit.setOptions({**_OPTIONS, **paper, "breaks": breaks, "xmlIdSeed": 1})
    toolkit.loadData(for_verovio(document, is_lead=sheet == "lead"))
    toolkit.loadData(with_large_title(toolkit.getMEI()))
    for page in range(1, toolkit.getPageCount() + 1):
        yield toolkit.renderToSVG(page)


def _plain(page: str) -> str:
    """Remove what only browsers understand: nested spans, and a music font in texts."""
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
    """Yield the spans with text below an element with inherited attributes; only the first keeps the place."""
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
    """Return a span with the signs of the music font replaced by characters."""
    letters = text.translate(_LETTERS)
    span = Element(f"{{{_SVG}}}tspan", dict(attributes))
    if letters != text:
        span.attrib.pop("font-family", None)
    span.text = letters
    return span


def _with_signs(spans: Sequence[Element]) -> None:
    """Write b and # of a chord symbol as flats and sharps, all in the size of its first letter."""
    for span in spans:
        span.set("font-size", spans[0].get("font-size", ""))
        span.text = _ALTERED.sub(lambda match: "♭" if match[1] == "b" else "♯", span.text or "")


def _typeset(pages: list[str], suffix: str) -> list[bytes]:
    """Return the pages as one PDF, or as one PNG each."""
    import typst  # noqa: PLC0415 - 30 MB

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number, page in enumerate(pages):
            (folder / f"{number}.svg").write_text(page, encoding="utf-8")
        images = "#pagebreak()\n".join(f'#image("{number}.svg", width: 100%)\n' for number in range(len(pages)))
        source = folder / "sheet.typ"
        source.write_text(
            f'#set document(author: "{MAKER}")\n#set page(width: 210mm, height: 297mm, margin: 0mm)\n{images}',
            encoding="utf-8",
        )
        made = typst.compile(
            source,
            format="pdf" if suffix == ".pdf" else "png",
            ppi=_PIXELS_PER_INCH,
            ignore_system_fonts=True,
            timestamp=0,
            pdf_tags=False,
        )
    files = made if isinstance(made, list) else [made]
    return files if suffix == ".pdf" else [marked_png(data) for data in files]
