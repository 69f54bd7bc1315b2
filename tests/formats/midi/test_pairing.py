"""Which note-off ends which note-on."""

import pytest

from jazzgen.formats.midi.pairing import paired

ON, OFF = 0x90, 0x80


@pytest.mark.parametrize(
    ("messages", "spans", "late", "stray"),
    [
        ([(0, ON, 60, 80), (240, OFF, 60, 0)], [(0, 240)], [], []),
        ([(0, ON, 60, 80), (240, ON, 60, 0)], [(0, 240)], [], []),
        ([(0, ON, 60, 80), (240, ON, 60, 80), (480, OFF, 60, 0)], [(0, 240), (240, 480)], [], []),
        ([(0, ON, 60, 80), (240, ON, 60, 80), (240, OFF, 60, 0), (480, OFF, 60, 0)], [(0, 240), (240, 480)], [2], []),
        ([(0, OFF, 60, 0), (0, ON, 60, 80)], [(0, 960)], [], [0]),
        ([(0, ON, 200, 80), (240, OFF, 200, 0)], [], [], []),
        ([(0, ON, 60, 80), (240, OFF | 1, 60, 0)], [(0, 960)], [], [1]),
    ],
    ids=["plain", "velocity 0", "struck again", "its own off comes late", "never ended", "no pitch", "other channel"],
)
def test_notes_are_paired(
    messages: list[tuple[int, int, int, int]], spans: list[tuple[int, int]], late: list[int], stray: list[int]
) -> None:
    found = paired(messages, 960)
    assert [(onset, end) for _, _, onset, end, *_ in found.notes] == spans
    assert (found.late, found.stray) == (late, stray)
