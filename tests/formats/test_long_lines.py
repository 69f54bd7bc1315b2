"""Lines have one limit in every text format."""

from pathlib import Path

import pytest

from jazzgen.errors import CorpusError
from jazzgen.formats.charts import tune_of_text
from jazzgen.formats.reading import Unread
from jazzgen.formats.registry import read_file
from jazzgen.system.limits import MAX_LINE

HEADS = {
    ".abc": "X:1\nK:C\nL:1/4\n{}|\n",
    ".krn": "**kern\n*M4/4\n{}\n*-\n",
    ".rntxt": "Composer: Doe\nTime Signature: 4/4\nm1 C: I {}\n",
    ".nwctxt": "!NoteWorthyComposer(2.75)\n|AddStaff|Name:a\n{}\n",
    ".ls": "(title a)\n\n{}\n",
    ".cho": "{{title: a}}\n\n{}\n",
    ".txt": "title: a\nchanges:\n| {} |\n",
    ".csv": "onset,pitch,tatum\n1,60,1\n{}\n",
}


@pytest.mark.parametrize("suffix", HEADS)
def test_a_long_line_is_refused_by_its_number(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"long{suffix}"
    path.write_text(HEADS[suffix].format("C " * MAX_LINE))
    (piece,) = read_file(path)
    assert isinstance(piece, Unread)
    line = HEADS[suffix].split("{}")[0].count("\n") + 1
    assert piece.reason.startswith(f"line {line} has 4000")
    assert piece.reason.endswith(f"characters; at most {MAX_LINE} are read, break it into several")


def test_a_chart_in_a_link_has_a_limit_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "long.html"
    path.write_text(f"irealbook://Riff=Doe Jane=Swing=C=n=[{'C7 |' * MAX_LINE}Z")
    (piece,) = read_file(path)
    assert isinstance(piece, Unread)
    assert "the chart has 80002 characters; at most 50000" in piece.reason


def test_typed_changes_are_held_to_it_too() -> None:
    with pytest.raises(CorpusError, match=f"line 2 has .* at most {MAX_LINE} are read"):
        tune_of_text("| C7 |\n" + "C " * MAX_LINE)
