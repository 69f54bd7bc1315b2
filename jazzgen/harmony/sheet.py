"""Text sheets: headers, one a line, then blocks, and changes in lines as musicians like to see them.

title: Basement Stairs        headers: title, form, key, meter, tempo, feel, style, pickup
changes:                      a block; `harmony.tunes` reads the changes, `corpus.leadsheet` the melody too
  | F7 | Bb7 |
melody:
  ...
"""

import re
from collections.abc import Iterator, Mapping
from itertools import zip_longest

from jazzgen.errors import ChordError
from jazzgen.harmony.changes import Chart, bar_texts

HEADERS = ("title", "form", "key", "meter", "tempo", "feel", "style", "pickup")
BLOCKS = ("changes", "melody")
# A name before a colon that is no part of a repeat sign.
_NAMED = re.compile(r"\s*([A-Za-z]+)\s*:(?![|:])(.*)")


def split_sheet(text: str, block: str | None = None) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Headers by name, and blocks by name.

    Args:
        text: the sheet.
        block: the one that starts without a line that names it, or None where each must be named.

    Raises:
        ChordError: naming a line that belongs to neither.
    """
    headers: dict[str, str] = {}
    blocks: dict[str, str] = {}
    for line in text.splitlines():
        name, value = _named(line)
        if name in BLOCKS:
            if blocks.get(name, "").strip():
                first = blocks[name].split()[0]
                raise ChordError(
                    f"'{first}' and what follows stand before '{name}:'; put it after that, or take it out"
                )
            block = name
            blocks[block] = value
        elif name in HEADERS:
            headers[name] = value
        elif block and not name:
            blocks[block] = blocks.get(block, "") + "\n" + line
        elif line.strip():
            raise ChordError(f"the line '{line.strip()}' is neither a header ({', '.join(HEADERS)}) nor in a block")
    return headers, blocks


def lines_of_changes(text: str) -> Iterator[tuple[int, str]]:
    """The lines of a sheet that `split_sheet` takes for changes where those need not be named, each with its place."""
    block, place = "changes", 0
    for whole in text.splitlines(keepends=True):
        line = whole.rstrip("\r\n")
        name, value = _named(line)
        if name in BLOCKS:
            block = name
        if block == "changes" and (name == block or not name):
            yield place + (line.rfind(value) if name else 0), value if name else line
        place += len(whole)


def _named(line: str) -> tuple[str, str]:
    """The name that a line starts with and what follows its colon; no name for other lines."""
    match = _NAMED.fullmatch(line)
    return (match[1].lower(), match[2].strip()) if match else ("", "")


def chart_lines(chart: Chart, bars_a_line: int = 4) -> Iterator[str]:
    """A chart in lines with its bars below one another, as `parse_chart` reads it again.

    A section starts a line; a bar like the one before it in its line is `%`. Errors are those of `format_chart`.
    """
    lines = list(_cells(chart, bars_a_line))
    widths = [max(map(len, column)) for column in zip_longest(*lines, fillvalue="")]
    for line in lines:
        mark, *bars = (cell.ljust(width) for cell, width in zip(line, widths, strict=False))
        yield " | ".join((mark, *bars, "")).rstrip()[0 if widths[0] else 1 :]


def _cells(chart: Chart, bars_a_line: int) -> Iterator[list[str]]:
    """Lines as the mark of a section, or nothing, and bars."""
    line: list[str] = []
    previous = ""
    for section, meter, chords in bar_texts(chart):
        if line and (section or len(line) > bars_a_line):
            yield line
            line = []
        again = line and not meter and chords == previous
        line = line or [section]
        line.append("%" if again else f"{meter} {chords}".lstrip())
        previous = chords
    yield line
