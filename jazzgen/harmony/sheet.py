"""Text sheets: headers, one per line, then blocks; and changes laid out in lines for a reader.

title: Basement Stairs        headers: title, form, key, meter, tempo, feel, style, pickup
changes:                      a block; `harmony.tunes` reads the changes, `formats.leadsheet` the melody too
  | F7 | Bb7 |
melody:
  ...
"""

import re
from collections.abc import Iterator, Mapping
from itertools import zip_longest

from jazzgen.errors import ChordError
from jazzgen.harmony.changes import Chart, bar_texts
from jazzgen.system.limits import short_lines

HEADERS = ("title", "form", "key", "meter", "tempo", "feel", "style", "pickup")
BLOCKS = ("changes", "melody")
# A name and a colon that is not part of a repeat sign.
_NAMED = re.compile(r"\s*([A-Za-z]+)\s*:(?![|:])(.*)")


def split_sheet(text: str, block: str | None = None) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Split a sheet into headers and blocks, both by name.

    Args:
        text: the sheet.
        block: the one that needs no line with its name, or None if each must be named.

    Raises:
        ChordError: quotes the line that belongs to neither.
        CorpusError: a line is too long.
    """
    headers: dict[str, str] = {}
    blocks: dict[str, str] = {}
    for line in short_lines(text).splitlines():
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
    """Yield each line of the changes with its offset in the text, as `split_sheet(text, "changes")` finds them."""
    block = "changes"
    place = 0
    for whole in text.splitlines(keepends=True):
        line = whole.rstrip("\r\n")
        name, value = _named(line)
        if name in BLOCKS:
            block = name
        if block == "changes" and (name == block or not name):
            yield place + (line.rfind(value) if name else 0), value if name else line
        place += len(whole)


def _named(line: str) -> tuple[str, str]:
    """Return the name before a line's colon and the text after it; both empty for other lines."""
    match = _NAMED.fullmatch(line)
    return (match[1].lower(), match[2].strip()) if match else ("", "")


def chart_lines(chart: Chart, bars_a_line: int = 4) -> Iterator[str]:
    """Yield the lines of a chart, their bars aligned in columns; `parse_chart` reads them back.

    A section starts a new line; a bar equal to the one before it in its line is `%`. Raises as `format_chart` does.
    """
    lines = list(_cells(chart, bars_a_line))
    widths = [max(map(len, column)) for column in zip_longest(*lines, fillvalue="")]
    for line in lines:
        mark, *bars = (cell.ljust(width) for cell, width in zip(line, widths, strict=False))
        yield " | ".join((mark, *bars, "")).rstrip()[0 if widths[0] else 1 :]


def _cells(chart: Chart, bars_a_line: int) -> Iterator[list[str]]:
    """Yield lines as lists of cells: the section or nothing, then the bars."""
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
