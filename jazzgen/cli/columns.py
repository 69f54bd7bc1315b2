"""Text in columns."""

from collections.abc import Iterable, Iterator, Sequence


def aligned(lines: Iterable[Sequence[str]], right: Iterable[int] = ()) -> Iterator[str]:
    """Lines of cells, as wide as the widest of their column; those of the columns `right` end below one another."""
    table, to_the_right = [tuple(line) for line in lines], set(right)
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for line in table:
        cells = (
            cell.rjust(width) if column in to_the_right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        yield "  ".join(cells).rstrip()


def counted(number: int, what: str) -> str:
    """The number with its noun."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def shortened(text: str, widest: int, *, keep_end: bool = False) -> str:
    """The text in one line of at most `widest` characters; what is lost leaves an ellipsis."""
    line = " ".join(text.split())
    if len(line) <= widest:
        return line
    return "\u2026" + line[1 - widest :] if keep_end else line[: widest - 1] + "\u2026"
