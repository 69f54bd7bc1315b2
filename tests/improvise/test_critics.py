"""Critics measure how far a solo is from what people play."""

import numpy as np
import pytest

from jazzgen.errors import OptionError
from jazzgen.improvise.critics import check_human, judge
from jazzgen.music.score import Note, Part, Score

EIGHTHS = Score(parts=(Part("Solo", tuple(Note(240 * i, 240, 60 + i % 5) for i in range(32))),))


def test_the_distance_is_the_mean_over_the_figures_in_standard_deviations() -> None:
    verdict = judge(EIGHTHS, {"density": (1.0, 0.5), "rest_share": (0.2, 0.1), "pitch_range": (4.0, 1.0)}, -np.log(2))
    assert verdict.figures["density"] == pytest.approx(2)
    assert verdict.distance == pytest.approx((2 + 2 + 0) / 3)
    assert verdict.bits == pytest.approx(1)


def test_no_figure_counts_for_more_than_five_standard_deviations() -> None:
    assert judge(EIGHTHS, {"density": (1.0, 0.01)}, 0).distance == 5


def test_what_is_not_the_notes_doing_is_not_judged() -> None:
    assert judge(EIGHTHS, {"density": (2.0, 1.0), "swing_ratio": (9.0, 0.1)}, 0).distance == pytest.approx(0)


def test_a_solo_too_short_to_measure_is_the_furthest() -> None:
    short = Score(parts=(Part("Solo", (Note(0, 240, 60),)),))
    verdict = judge(short, {"density": (1.0, 0.5)}, 0)
    assert verdict.distance == np.inf
    assert np.isnan(verdict.figures["density"])


@pytest.mark.parametrize("human", [None, {}, {"density": (1.0, 0.0)}])
def test_without_human_figures_there_is_nothing_to_judge_by(human: dict[str, tuple[float, float]] | None) -> None:
    with pytest.raises(OptionError, match="model 'x' holds no figures of human solos"):
        check_human(human, "x")
