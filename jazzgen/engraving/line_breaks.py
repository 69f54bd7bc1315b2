"""Where the lines of a lead sheet start: four bars each if they fit, sections on a new line, few bars alone."""

from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from math import sqrt

from jazzgen.music.score import Score

BARS_A_LINE = 4  # or fewer if they have many notes; set by hand
_NOTES_A_LINE_BAR = 11  # a line holds so many notes for each of its bars
_NOTES_A_BAR = 4  # a bar counts as at least so many
# What a line costs, set by eye: the root of the bars that it lacks, the square of the notes too many, a bar alone,
# which would be stretched over the page, and a section that starts inside: more than all else, so that none does.
_SHORT, _CROWDED, _ALONE, _SECTION_INSIDE = 1.0, 0.15, 200.0, 1e9


def line_starts(score: Score, most: int = BARS_A_LINE) -> Iterator[int]:
    """Yield the numbers of the bars that start a line, the first aside; a pickup stands in the first line.

    Args:
        score: as printed.
        most: how many bars a line has at most.
    """
    onsets = sorted(note.onset for part in score.parts[:1] for note in part.notes)
    sections = {mark.onset for mark in score.marked("section")}
    bars = [bar for bar in score.bars() if bar.number]
    sizes = [bisect_left(onsets, bar.end) - bisect_left(onsets, bar.onset) for bar in bars]
    starts = {index for index, bar in enumerate(bars) if bar.onset in sections}
    for index in _breaks([max(size, _NOTES_A_BAR) for size in sizes], starts, most):
        yield bars[index].number


def _breaks(sizes: Sequence[int], sections: Collection[int], most: int) -> list[int]:
    """Return the indices of the bars that start a line, from the second line on, at the least cost of all lines."""
    best: list[tuple[float, int]] = [(0.0, 0)]  # cost of the lines up to a bar, and where the last of them starts
    for end in range(1, len(sizes) + 1):
        ways = [(best[start][0] + _cost(sizes, sections, start, end, most), start) for start in range(end)[-most:]]
        best.append(min(ways, key=lambda way: (way[0], -way[1])))  # of equal ones that with the shortest last line
    found: list[int] = []
    place = len(sizes)
    while place and (place := best[place][1]):
        found.append(place)
    return found[::-1]


def _cost(sizes: Sequence[int], sections: Collection[int], start: int, end: int, most: int) -> float:
    crowd = max(sum(sizes[start:end]) - most * _NOTES_A_LINE_BAR, 0)
    inside = sum(place in sections for place in range(start + 1, end))
    alone = end - start == 1 < most
    missing = sqrt(most - end + start)  # so that one line is short, and not each a little
    return _SHORT * missing + _CROWDED * crowd**2 + _ALONE * alone + _SECTION_INSIDE * inside
