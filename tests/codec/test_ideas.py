"""Ideas: labels as the database has them, and which idea is under way when."""

import numpy as np
import pytest

from jazzgen.codec.ideas import GOES_BACK, IDEAS, NO_IDEA, Idea, ideas_at, parse_idea
from jazzgen.music.score import Mark
from jazzgen.music.timing import TICKS_PER_TATUM


@pytest.mark.parametrize(
    ("label", "kind", "back"),
    [
        ("lick", "lick", "new"),
        ("~#-lick", "lick", "last"),
        ("#16lick", "lick", "earlier"),
        ("##+lick_blues", "lick", "earlier"),
        ("*theme:t1-2", "theme", "earlier"),
        ("void->line_w_h", "line", "new"),
        ("line_w_d", "line_down", "new"),
        ("line_t_alds", "line_tick", "new"),
        ("~line_i_dd", "line_woven", "new"),
        ("line_cx", "line_arc", "new"),
        ("quote:?", "quote", "new"),
        ("~#=rhythm_mi", "rhythm", "last"),
    ],
)
def test_labels(label: str, kind: str, back: str) -> None:
    assert parse_idea(label) == Idea(IDEAS.index(kind), GOES_BACK.index(back))


@pytest.mark.parametrize("kind", IDEAS)
def test_kinds_are_labels_too(kind: str) -> None:
    assert parse_idea(f"#{kind}") == Idea(IDEAS.index(kind), GOES_BACK.index("last"))


@pytest.mark.parametrize("label", ["", "#", "ghost", "LICK", "lick!", "void->"])
def test_what_is_none(label: str) -> None:
    assert parse_idea(label) == NO_IDEA


def test_an_idea_lasts_until_the_next_and_the_first_from_the_start() -> None:
    marks = (Mark(4 * TICKS_PER_TATUM + 5, 10, "idea", "lick"), Mark(20 * TICKS_PER_TATUM, 10, "idea", "#melody"))
    kinds = [IDEAS[kind] for kind, _ in ideas_at(marks, np.array([0, 4, 19, 20, 99]))]
    assert kinds == ["lick", "lick", "lick", "melody", "melody"]
    assert ideas_at(marks, np.array([20])).tolist() == [[IDEAS.index("melody"), GOES_BACK.index("last")]]
    assert ideas_at((), np.array([0, 7])).tolist() == [list(NO_IDEA)] * 2
