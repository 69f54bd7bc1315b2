"""A form is all choruses of a tune, and may have bars before it."""

import pytest

from jazzgen.errors import OptionError
from jazzgen.harmony.changes import parse_chart
from jazzgen.harmony.pitch import Key
from jazzgen.harmony.tunes import Tune
from jazzgen.improvise.form import form_score, led_in
from jazzgen.learning.soloist.stage import Stage
from jazzgen.music.score import Mark
from jazzgen.music.timing import Meter

WALK = Tune("A walk", parse_chart("C | [A] F | G | [B] 3/4 Am"), Key("C"))


def test_all_choruses_are_there_and_marked() -> None:
    form = form_score(WALK, 2, 97.5, "straight")
    assert (form.title, form.bpm, form.key, form.feel, form.parts) == ("A walk", 97.5, Key("C"), "straight", ())
    assert form.end == 2 * 7200
    assert form.meters == ((0, Meter()), (5760, Meter(3, 4)), (7200, Meter()), (12960, Meter(3, 4)))
    assert form.marks[:4] == (
        Mark(0, 7200, "chorus", "1"),
        Mark(1920, 3840, "section", "A"),
        Mark(5760, 1440, "section", "B"),
        Mark(7200, 7200, "chorus", "2"),
    )


@pytest.mark.parametrize(
    ("changes", "choruses", "message"), [("N.C. | %", 1, r"only N\.C\."), ("C | F", 30_000, "60000 bars")]
)
def test_what_cannot_be_played_over_is_refused(changes: str, choruses: int, message: str) -> None:
    with pytest.raises(OptionError, match=message):
        form_score(Tune("None", parse_chart(changes), Key("C")), choruses, 140, "swing")


def test_a_primer_before_is_heard_over_the_last_bars_of_the_form() -> None:
    tune = Tune("Three", parse_chart("Dm7 | 3/4 G7 | Cmaj7"), Key("C"))
    stage, start = led_in(form_score(tune, 2, 140.0, "swing"), tune.chart.end, 1500)
    plain = Stage.of(form_score(tune, 2, 140.0, "swing"))
    assert start == 2 * 36
    assert (stage.place == plain.place[48:]).all()
    assert (stage.harmony == plain.harmony[48:]).all()
    assert stage.end == start + tune.chart.end // 40
    assert stage.has_pickup
    assert stage.bar_starts[:4].tolist() == [0, start, start + 48, start + 84]
    assert stage.bar[[0, start - 1, start, start + 47, start + 48]].tolist() == [0, 0, 1, 1, 2]


def test_a_tag_is_the_last_four_bars_once_more_outside_the_choruses() -> None:
    form = form_score(WALK, 2, 140, "swing", tag=True)
    plain = form_score(WALK, 2, 140, "swing")
    assert form.end == plain.end + 7200  # the form has four bars
    assert [span.symbol for span in form.changes[-4:]] == ["C", "F", "G", "Am"]
    assert form.meters == (*plain.meters, (14400, Meter()), (20160, Meter(3, 4)))
    assert form.marks == (*plain.marks, Mark(plain.end, 7200, "section", "Tag"))
    assert Stage.of(form).end == form.end // 40
