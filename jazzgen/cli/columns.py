"""Text in aligned columns."""

from collections.abc import Iterable, Iterator, Sequence


def aligned(lines: Iterable[Sequence[str]], right: Iterable[int] = ()) -> Iterator[str]:
    """Yield lines of cells padded to the widest of their column; the columns in `right` are right-aligned.

    Example:
        >>> list(aligned([("bars", "12"), ("bpm", "160")], right=[1]))
        ['bars   12', 'bpm   160']
    """
    table = [tuple(line) for line in lines]
    to_the_right = set(right)
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for line in table:
        cells = (
            cell.rjust(width) if column in to_the_right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        yield "  ".join(cells).rstrip()


def counted(number: int, what: str) -> str:
    """Return a number with its noun, such as `1 note` or `2 notes`."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def shortened(text: str, widest: int, *, keep_end: bool = False) -> str:
    """Shorten a text to one line of at most `widest` characters; an ellipsis marks what was cut."""
    line = " ".join(text.split())
    if len(line) <= widest:
        return line
    return "\u2026" + line[1 - widest :] if keep_end else line[: widest - 1] + "\u2026"
