"""Controls: what is read is what is written, and what cannot be asked for is said in one line."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jazzgen.errors import OptionError
from jazzgen.improvise.controls import Controls, Curve, Target, read_pitch

_VALUES = st.integers(-1000, 1000).map(lambda n: n / 8)


@st.composite
def curves(draw: st.DrawFn) -> Curve:
    bars = sorted(draw(st.sets(st.integers(4, 400).map(lambda n: n / 4), min_size=1, max_size=5)))
    return Curve(tuple((bar, draw(_VALUES)) for bar in bars))


@given(curves())
def test_a_curve_is_read_as_it_is_written(curve: Curve) -> None:
    again = Curve.parse(str(curve))
    bars = np.linspace(0.5, 110, 57)
    assert np.array_equal(again.at(bars), curve.at(bars))
    assert str(again) == str(curve)


@given(curves())
def test_a_curve_goes_through_its_points_and_no_further_than_they_do(curve: Curve) -> None:
    where, values = zip(*curve.points, strict=True)
    assert curve.at(np.array(where)).tolist() == list(values)
    assert curve.at(np.array([0.0, 1000.0])).tolist() == [values[0], values[-1]]
    between = curve.at(np.linspace(where[0], where[-1], 33))
    assert curve.lowest <= between.min() <= between.max() <= curve.highest


def test_between_points_a_curve_is_straight() -> None:
    assert Curve.parse("1:0.5 9:1 17:2").at(np.array([[1.0, 5.0], [13.0, 40.0]])).tolist() == [[0.5, 0.75], [1.5, 2]]


def test_a_curve_of_pitches_takes_names() -> None:
    assert Curve.parse("1:C4 9:Bb4", read_pitch) == Curve(((1, 60), (9, 70)))
    assert Curve.parse("61", read_pitch) == Curve.of(61)


@pytest.mark.parametrize("text", ["", "loud", "1:", "1:2:3", "1:0.5 0.7", "nan", "2:1 1:1", "1:1 1:2", "0:1", "1:inf"])
def test_what_is_no_curve_is_refused(text: str) -> None:
    with pytest.raises(OptionError) as error:
        Curve.parse(text)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("text", ["C", "Z4", "1:C4 2:H"])
def test_what_is_no_pitch_is_no_value_of_a_curve_of_pitches(text: str) -> None:
    with pytest.raises(OptionError):
        Curve.parse(text, read_pitch)


@given(st.integers(1, 500), st.integers(0, 95), st.integers(21, 108), st.booleans())
def test_a_target_is_read_as_it_is_written(bar: int, tatum: int, pitch: int, any_octave: bool) -> None:
    target = Target(bar, 1 + tatum / 12, pitch % 12 if any_octave else pitch, any_octave)
    again = Target.parse(str(target))
    assert (again.bar, again.tatum, again.pitches) == (bar, tatum, target.pitches)
    assert Target.parse(str(again)) == again


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5.1=E4", Target(5, 1, 64)),
        ("8.3.5=Bb", Target(8, 3.5, 10, any_octave=True)),
        ("8.3+1/3=70", Target(8, float(3 + 1 / 3), 70)),
        ("2.2.33=f#4", Target(2, 1 + 16 / 12, 66)),
        ("1.1=bb", Target(1, 1, 10, any_octave=True)),
    ],
)
def test_bar_beat_and_pitch_are_read(text: str, expected: Target) -> None:
    found = Target.parse(text)
    assert (found.bar, found.tatum, found.pitches) == (expected.bar, expected.tatum, expected.pitches)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("5=E4", "bar.beat=pitch"),
        ("5.1", "bar.beat=pitch"),
        ("5.1=H4", "bar.beat=pitch"),
        ("5.1+1/0=C4", "bar.beat=pitch"),
        ("5.1=E9", "A0 to C8"),
        ("0.1=E4", "count from 1"),
        ("1.0=E4", "count from 1"),
        ("1.1.4=E4", "1/12"),
    ],
)
def test_what_is_no_target_is_refused_with_what_to_write(text: str, said: str) -> None:
    with pytest.raises(OptionError, match=said) as error:
        Target.parse(text)
    assert "\n" not in str(error.value)


def test_any_octave_is_every_octave_of_the_piano() -> None:
    assert sorted(Target(1, 1, 0, any_octave=True).pitches) == [24, 36, 48, 60, 72, 84, 96, 108]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"pitch_temperature": Curve.of(0)}, "pitch temperature 0"),
        ({"rhythm_temperature": Curve.parse("1:1 9:-1")}, "rhythm temperature -1"),
        ({"top_k": 0}, "top-k"),
        ({"top_p": 1.5}, "top-p"),
        ({"density": Curve.of(5)}, "density 5: it is 0.25 to 4"),
        ({"rests": Curve.of(0)}, "rests 0"),
        ({"outside": Curve.parse("1:0 5:-2")}, "outside -2"),
        ({"motifs": Curve.of(-1)}, "motifs -1"),
        ({"register": Curve.of(130)}, "register 130"),
        ({"low": Curve.of(10)}, "low 10"),
        ({"low": Curve.of(60), "high": Curve.of(70)}, "range 60 to 70 in bar 1"),
        ({"low": Curve.parse("1:40 9:80"), "high": Curve.of(84)}, "range 80 to 84 in bar 9"),
        ({"low": Curve.of(100)}, "octave"),
        ({"groove": "POLKA"}, "SWING"),
        ({"max_quote": 3}, "max-quote 3: it is 4 or more"),
        ({"max_quote": 0}, "max-quote 0"),
        ({"targets": (Target.parse("5.1=E4"), Target.parse("5.1=F4"))}, "'5.1=E4' and '5.1=F4' are on the same beat"),
        ({"targets": (Target.parse("5.1=E4"), Target.parse("5.1=F"))}, "same beat"),
        ({"targets": (Target.parse("5.1=E4"),), "low": Curve.of(70)}, "'5.1=E4' is out of range, 70 to 108"),
    ],
)
def test_what_cannot_be_asked_for_is_named(change: dict[str, object], said: str) -> None:
    with pytest.raises(OptionError, match=said) as error:
        replace(Controls(), **change)  # type: ignore[arg-type]
    assert "\n" not in str(error.value)


def test_targets_on_one_beat_that_agree_are_no_contradiction() -> None:
    Controls(targets=(Target.parse("5.1=E4"), Target.parse("5.1=E")))


def test_the_range_is_whole_pitches_within_what_is_asked_for() -> None:
    low, high = Controls(low=Curve.parse("1:40 5:42")).range_at(np.array([1.0, 2.0, 9.0]))
    assert low.tolist() == [40, 41, 42]
    assert high.tolist() == [108] * 3
