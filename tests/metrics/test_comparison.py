"""All figures of a solo, and two sets of solos held against each other."""

import math
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
from helpers.melodies import line_of, played
from helpers.strategies import lines, scores
from hypothesis import given, settings

from jazzgen.metrics.comparison import RUN_LABELS, TIME_LABELS, Summary, compare
from jazzgen.metrics.figures import (
    FIGURE_LABELS,
    HISTOGRAM_LABELS,
    duration_histogram,
    histograms,
    interval_histogram,
    ioi_histogram,
    measure,
)
from jazzgen.metrics.line import Line
from jazzgen.metrics.originality import Entry
from jazzgen.music.score import Note, Score

SCALE = (60, 62, 64, 65, 67, 69, 71, 72)


def entries(name: str, *solos: Line) -> list[Entry]:
    return [Entry(f"{name} {number}", f"tune {number}", line) for number, line in enumerate(solos)]


@settings(max_examples=50)
@given(scores())
def test_every_line_can_be_measured(score: Score) -> None:
    line = Line.of(score)
    figures, shapes = asdict(measure(line)), histograms(line)
    assert not [name for name, value in figures.items() if math.isinf(value) or value < -1e-9]
    assert max(figures["entropy_1"], figures["entropy_4"]) <= math.log2(12) + 1e-9
    assert shapes.interval.sum() == shapes.inter_onset.sum() == len(line) - 1
    assert shapes.duration.sum() == len(line)
    assert shapes.degree.sum() <= len(line)


def test_the_documentation_has_every_figure_and_histogram(repository: Path) -> None:
    text = (repository / "docs" / "metrics.md").read_text(encoding="utf-8")
    assert not [label for label in (FIGURE_LABELS | TIME_LABELS | RUN_LABELS).values() if f"| {label} |" not in text]
    assert not [label for label in HISTOGRAM_LABELS.values() if label not in " ".join(text.split())]


def test_bins() -> None:
    line = line_of([Note(0, 60, 60), Note(480, 5, 74), Note(5000, 5000, 40), Note(10000, 20, 40)])
    assert np.flatnonzero(interval_histogram(line)).tolist() == [0, 13, 26]
    assert np.flatnonzero(duration_histogram(line)).tolist() == [0, 1, 47]
    assert np.flatnonzero(ioi_histogram(line)).tolist() == [11, 47]


def test_a_summary_passes_over_what_is_not_known() -> None:
    assert Summary.of(np.array([1, math.nan, 2, 3])) == Summary(2, 1, (1.5, 2, 2.5), 3)
    alone, none = Summary.of(np.array([1.0])), Summary.of(np.array([math.nan]))
    assert (alone.mean, alone.count, math.isnan(alone.sd)) == (1, 1, True)
    assert (none.count, math.isnan(none.mean)) == (0, True)


def test_a_set_against_itself_is_no_way_apart() -> None:
    solos = [played(SCALE * 2, changes="Cmaj7 | F7"), played(SCALE[::-1], 240), played([60, 60, 67, 64], 160)]
    comparison = compare(entries("ours", *solos), entries("theirs", *solos))
    figures = {row.name: row for row in comparison.figures}
    assert set(figures) == {*FIGURE_LABELS, *TIME_LABELS, "run_melody", "run_rhythm"}
    for name in (*FIGURE_LABELS, *TIME_LABELS):
        assert figures[name].sds_apart == pytest.approx(0) or math.isnan(figures[name].sds_apart)
    for row in comparison.histograms:
        assert row.overlap == pytest.approx(1)
        assert row.divergence_bits == pytest.approx(0)
    assert [solo.run_melody.notes for solo in comparison.generated] == [16, 8, 4]
    assert max(solo.run_melody.notes for solo in comparison.human) < 16  # their own tunes are left out


def test_how_far_apart_is_counted_in_human_deviations() -> None:
    def solo(high: int) -> Line:
        return played([60, 60, 60, high])

    comparison = compare(entries("ours", solo(70)), entries("theirs", solo(62), solo(64), solo(66)))
    row = next(row for row in comparison.figures if row.name == "pitch_range")
    assert (row.human.mean, row.human.sd, row.sds_apart) == (4, 2, 3)
    assert row.overlap < 0.5


def test_the_solos_pass_through_the_progress_given() -> None:
    seen: list[str] = []

    def count(solos: object) -> list[Entry]:
        assert isinstance(solos, list)
        seen.extend(entry.name for entry in solos)
        return solos

    compare(entries("ours", played(SCALE)), entries("theirs", played(SCALE)), count)
    assert seen == ["ours 0", "theirs 0"]


def test_a_very_large_set_is_compared_by_solos_spread_over_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jazzgen.metrics.comparison._MOST_COMPARED", 3)
    human = entries("theirs", *(played([60, 60, 60, 61 + n]) for n in range(9)))
    row = next(row for row in compare(human[:1], human).figures if row.name == "pitch_range")
    assert row.human.count == 9
    assert 0 < row.overlap < 1


@settings(max_examples=10)
@given(lines(min_size=2))
def test_one_solo_beside_one_other_is_compared_too(notes: tuple[Note, ...]) -> None:
    comparison = compare(entries("ours", line_of(notes)), entries("theirs", played(SCALE)))
    assert all(math.isnan(row.sds_apart) for row in comparison.figures)
