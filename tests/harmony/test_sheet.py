"""Headers and blocks of a text sheet, and changes in lines."""

import pytest

from jazzgen.errors import ChordError
from jazzgen.harmony.changes import parse_chart
from jazzgen.harmony.sheet import chart_lines, split_sheet


def test_headers_and_blocks_are_told_apart() -> None:
    headers, blocks = split_sheet("title: A: B\nKey : F\n\nchanges: F7 |\n| Bb7\nmelody:\n1 C5\ntempo: 99")
    assert headers == {"title": "A: B", "key": "F", "tempo": "99"}
    assert {name: text.split() for name, text in blocks.items()} == {
        "changes": ["F7", "|", "|", "Bb7"],
        "melody": ["1", "C5"],
    }


def test_a_block_may_start_without_its_name() -> None:
    headers, blocks = split_sheet("key: F\n|: F7 :|\nC:|\nA:| B\n# note: as played\n", block="changes")
    assert headers == {"key": "F"}
    assert [line.strip() for line in blocks["changes"].splitlines() if line] == [
        *("|: F7 :|", "C:|", "A:| B", "# note: as played")
    ]


@pytest.mark.parametrize(("text", "line"), [("F7 | Bb7", r"F7 \| Bb7"), ("changes:\nF7\ncomposer: me", "composer: me")])
def test_a_line_that_is_neither_is_an_error_with_the_headers(text: str, line: str) -> None:
    with pytest.raises(ChordError, match=rf"the line '{line}' is neither a header \(title, form, .*\) nor in a block"):
        split_sheet(text)


def test_changes_are_written_four_bars_a_line_and_a_section_starts_one() -> None:
    chart = parse_chart("[A] Dm7 | % | G7 C7 | % | F | % | [B] C . . F | 3/4 F | F | 4/4 F | F")
    assert list(chart_lines(chart)) == [
        "[A] | Dm7     | %     | G7 C7 | %     |",
        "    | F       | %     |",
        "[B] | C . . F | 3/4 F | %     | 4/4 F |",
        "    | F       |",
    ]


def test_lines_without_sections_start_with_the_bar_line() -> None:
    assert list(chart_lines(parse_chart("C | F | G"), 2)) == ["| C | F |", "| G |"]
