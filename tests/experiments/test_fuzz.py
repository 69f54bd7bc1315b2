"""`scripts/fuzz.py`: a minute of spoilt inputs, new ones each time; it tells faults from refusals."""

import json
import random
import re
import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from experiments.fuzz import LIMIT_SECONDS, Target, fuzz, main, targets
from experiments.spoil import spoilt, spoilt_json

from jazzgen.errors import CorpusError


@pytest.mark.slow
def test_a_minute_of_spoilt_inputs_brings_nothing_but_our_own_errors(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    result = CliRunner().invoke(main, ["--seconds", "60", "--keep", str(tmp_path / "faults")])
    with capsys.disabled():
        print("\nfuzz:", result.output.splitlines()[0])
    assert result.exit_code == 0, result.output
    assert "Nothing but errors of our own." in result.output


def _read(data: bytes) -> None:
    if b"slow" in data:
        begun = time.process_time()
        while time.process_time() < begun + LIMIT_SECONDS + 0.1:
            pass
    if b"bug" in data:
        raise KeyError("bug")
    if b"refused" in data:
        raise CorpusError("refused")


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"bug", "KeyError: 'bug'"),
        (b"slow", "read, "),
        (b"refused", None),
        (b"good", None),
    ],
)
def test_faults_are_kept_to_reproduce_them(data: bytes, fault: str | None, tmp_path: Path) -> None:
    target = Target("one", ".txt", lambda _: data, _read)
    report = fuzz([target], random.Random(1), tmp_path, seconds=60, count=1)
    if fault is None:
        assert report.faults == []
        assert list(tmp_path.iterdir()) == []
        assert report.refused["one"] == (data == b"refused")
        return
    (told,) = report.faults
    assert fault in told
    assert (tmp_path / "one-1.txt").read_bytes() == data
    assert told.startswith(f"{tmp_path / 'one-1.txt'}: ")


def test_every_kind_of_file_that_is_read_has_seeds(tmp_path: Path) -> None:
    names = {target.name for target in targets(tmp_path)}
    assert {".mid", ".musicxml", ".mxl", ".mscx", ".abc", ".krn", ".mei", ".rntxt", ".capx", ".nwctxt"} <= names
    assert {".db", ".csv", ".ls", ".cho", ".html", ".txt", ".changes"} <= names
    assert {"chords", "changes", "config.json", "recipes"} <= names


def test_one_seed_spoils_alike() -> None:
    seeds = [b"X:1\nK:C\nCDEF 12 34|\n", b"| Dm7 | G7 |"]
    first, again = (spoilt(seeds[0], seeds, random.Random(3)) for _ in range(2))
    assert first == again != seeds[0]
    value = {"a": [1, {"b": "c"}], "d": 2.5}
    one, other = (json.dumps(spoilt_json(value, random.Random(4))) for _ in range(2))
    assert one == other != json.dumps(value)
    assert value == {"a": [1, {"b": "c"}], "d": 2.5}


def test_the_seed_is_printed_and_may_be_given(tmp_path: Path) -> None:
    options = ["--seconds", "1", "--count", "1", "--only", "chords", "--keep", str(tmp_path)]
    new = CliRunner().invoke(main, options).output
    assert re.match(r"seed \d+; faults are kept in ", new)
    assert CliRunner().invoke(main, [*options, "--seed", "5"]).output.startswith("seed 5; ")
