"""A recipe of any version is read as it was meant, or said in one line to be damaged."""

import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jazzgen.band.arrange import SOLO, Arrangement
from jazzgen.band.bassist import BASSES
from jazzgen.band.players import PLAYERS
from jazzgen.band.styles import DENSITIES
from jazzgen.errors import OptionError
from jazzgen.formats.midi.write import Layout, write_midi
from jazzgen.harmony.pitch import Key
from jazzgen.improvise.controls import Controls, Curve, Target
from jazzgen.improvise.options import Options
from jazzgen.improvise.primer import Primer
from jazzgen.music.score import Note, Part, Score
from jazzgen.music.timing import Meter
from jazzgen.takes.recipe import (
    FORM,
    MAX_DEPTH,
    Recipe,
    chain,
    improvised,
    known_steps,
    read_recipe,
    read_source,
    recipe_in,
)
from jazzgen.takes.steps import Improvised, Lengthened, Retaken, Retimed, Step, Transposed

FILES = Path(__file__).parent / "recipes"
NUMBERS = st.integers(1, 8).map(lambda number: number / 4)
CURVES = NUMBERS.map(Curve.of) | st.lists(NUMBERS, min_size=2, max_size=2).map(
    lambda values: Curve(((1.0, values[0]), (9.0, values[1])))
)
CONTROLS = st.builds(
    Controls,
    pitch_temperature=CURVES,
    density=CURVES,
    register=st.none() | st.integers(50, 80).map(Curve.of),
    top_k=st.none() | st.integers(1, 9),
    top_p=st.none() | st.sampled_from([0.5, 1.0]),
    school=st.sampled_from(["", "BEBOP"]),
    groove=st.sampled_from(["", "SWING"]),
    ideas=st.sampled_from(["", "off", "1:lick 3:#melody"]),
    profile=st.sampled_from(["", "off"]),
    targets=st.sampled_from([(), (Target(2, 1.5, 60), Target(3, 1, 7, any_octave=True))]),
    max_quote=st.none() | st.integers(4, 20),
)
OPTIONS = st.builds(
    Options,
    choruses=st.integers(1, 4),
    bpm=st.floats(40, 300),
    controls=CONTROLS,
    feel=st.sampled_from([None, "swing", "straight"]),
    join_repeats=st.booleans(),
    primer=st.none() | st.just(Primer.parse("C4:1/2 r:1 E4:1/3")),
    takes=st.integers(1, 9),
    tag=st.booleans(),
    ear=st.integers(1, 9),
)
ARRANGEMENTS = st.builds(
    Arrangement,
    style=st.none() | st.just("swing-medium"),
    band=st.sets(st.sampled_from(list(PLAYERS))).map(lambda band: tuple(sorted(band))),
    mute=st.sampled_from([(), (SOLO,)]),
    comping=st.sampled_from(DENSITIES),
    bass=st.sampled_from(BASSES),
    swing=st.none() | st.floats(1, 3.5),
    laid_back=st.floats(0, 2),
    perform=st.booleans(),
)
SEEDS = st.integers(0, 2**70)
SOLOS = st.builds(
    Improvised,
    model=st.just("soloist"),
    weights=st.text(max_size=3),
    seed=SEEDS,
    title=st.text(max_size=9),
    key=st.sampled_from([Key("Bb"), Key("F#", minor=True)]),
    meter=st.just(Meter(3, 4)),
    changes=st.just("Dm7 | G7 | C"),
    options=OPTIONS,
    arrangement=ARRANGEMENTS,
    straight=st.booleans(),
    style=st.sampled_from(["", "waltz"]),
)
WORKED = st.one_of(
    st.builds(
        Retaken,
        st.just("soloist"),
        st.text(max_size=3),
        SEEDS,
        st.just((3, 4)),
        CONTROLS,
        st.integers(1, 9),
        st.none() | st.floats(1, 3),
    ),
    st.builds(Lengthened, st.just("soloist"), st.just(""), SEEDS, st.integers(1, 3), CONTROLS, st.integers(1, 9)),
    st.builds(Transposed, st.integers(-12, 12)),
    st.builds(Retimed, st.floats(1, 3.5), st.none() | st.floats(40, 300)),
)
LAYOUTS = st.builds(Layout, kind=st.sampled_from([0, 1]), chord_text=st.booleans())


@st.composite
def recipes(draw: st.DrawFn) -> Recipe:
    """A solo and what was done to it, each step with the recipe before it."""
    recipe = Recipe(draw(SOLOS), layout=draw(LAYOUTS), stem=draw(st.sampled_from([None, "Bass"])))
    for step in draw(st.lists(WORKED, max_size=3)):
        recipe = Recipe(step, {**as_json(recipe), "sha256": "0" * 64}, draw(LAYOUTS))
    return recipe


def as_json(recipe: Recipe) -> dict[str, Any]:
    """As it comes out of a file."""
    found: dict[str, Any] = json.loads(json.dumps(recipe.to_json()))
    return found


@given(recipe=recipes())
def test_from_json_is_the_inverse_of_to_json(recipe: Recipe) -> None:
    assert Recipe.from_json(as_json(recipe)) == recipe
    assert as_json(recipe)["recipe"] == FORM


@given(recipe=recipes())
def test_the_chain_goes_to_the_first(recipe: Recipe) -> None:
    found = list(chain(as_json(recipe)))
    assert [type(one.step) is Improvised for one in found] == [False] * (len(found) - 1) + [True]
    assert improvised(as_json(recipe)) == found[-1].step
    assert [one.sha256 for one in found] == [None] + ["0" * 64] * (len(found) - 1)


GARBAGE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from([10**400, "\ud800", -1, ""]),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=5), inside, max_size=3),
    max_leaves=6,
)


def places(json_: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where there is something in JSON."""
    inside = json_.items() if isinstance(json_, dict) else enumerate(json_) if isinstance(json_, list) else ()
    for name, value in inside:
        yield (*path, name)
        yield from places(value, (*path, name))


def spoilt(json_: dict[str, Any], path: tuple[Any, ...], *value: Any) -> dict[str, Any]:
    """With another value there, or with none."""
    found = deepcopy(json_)
    where: Any = found
    for name in path[:-1]:
        where = where[name]
    if value:
        where[path[-1]] = value[0]
    else:
        del where[path[-1]]
    return found


def is_read_or_one_line(json_: dict[str, Any]) -> None:
    message = ""
    try:
        assert list(chain(json_))
    except OptionError as error:
        message = str(error)
    assert message.startswith("its recipe is") or not message
    assert "\n" not in message
    known_steps(json_)


@given(recipe=recipes(), garbage=GARBAGE, data=st.data())
@settings(max_examples=400)
def test_garbage_anywhere_is_one_line(recipe: Recipe, garbage: Any, data: st.DataObject) -> None:
    whole = as_json(recipe)
    for version in (whole, {name: value for name, value in whole.items() if name != "recipe"}):
        path = data.draw(st.sampled_from(list(places(version))))
        is_read_or_one_line(spoilt(version, path, garbage))
        is_read_or_one_line(spoilt(version, (*path[:-1], "strange") if isinstance(path[-1], str) else path, garbage))


@given(
    garbage=st.dictionaries(st.sampled_from(["recipe", "op", "source", "options", "seed", "file"]) | st.text(), GARBAGE)
)
def test_garbage_is_one_line(garbage: dict[str, Any]) -> None:
    is_read_or_one_line(garbage)


@pytest.mark.parametrize(
    "text", ["9" * 4000, "9" * 400 + ".5", "1:1 1:1", "1e400", "C4:" + "9" * 4000, "4/" + "9" * 4000]
)
def test_numbers_without_end_are_one_line(text: str) -> None:
    whole = as_json(Recipe(solo(Options(controls=Controls(register=Curve.of(60), targets=(Target(1, 1, 60),))))))
    for path in places(whole):
        is_read_or_one_line(spoilt(whole, path, text))


def solo(options: Options = Options(), how: Arrangement = Arrangement()) -> Improvised:
    return Improvised("soloist", "0", 1, "A", Key("F"), Meter(), "F7 | Bb7", options, how)


ALL = [path.name for path in sorted(FILES.glob("*.mid"))]


def kept(name: str) -> dict[str, Any]:
    found = read_recipe(FILES / name)
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("name", ALL)
def test_a_file_of_any_version_without_one_field_is_read_or_says_so(name: str) -> None:
    whole = kept(name)
    assert list(chain(whole))
    for path in places(whole):
        if isinstance(path[-1], str):
            is_read_or_one_line(spoilt(whole, path))


def test_a_control_that_is_absent_was_not_there_to_be_asked_for() -> None:
    asked = Controls(ideas="1:lick", density=Curve.of(2), syncopation=Curve.of(2))
    whole = as_json(Recipe(solo(Options(controls=asked))))
    for name in (field.name for field in fields(Controls)):
        step = Recipe.from_json(spoilt(whole, ("options", "controls", name))).step
        assert isinstance(step, Improvised)
        before = {"ideas": "off", "profile": "off"}.get(name, getattr(Controls(), name))
        assert getattr(step.options.controls, name) == before


BEFORE: list[tuple[str, str, object]] = [
    ("options", "ear", 1),
    ("options", "tag", False),
    ("options", "beam", None),
    ("options", "takes", 1),
    ("options", "controls", Controls(ideas="off", profile="off")),
    ("arrangement", "band", ("piano",)),
    ("arrangement", "mute", ()),
    ("arrangement", "style", None),
    ("arrangement", "laid_back", 0.0),
    ("arrangement", "bass", "rules"),
    ("arrangement", "any_meter", True),
    ("arrangement", "intro", False),
    ("arrangement", "perform", True),
]


@pytest.mark.parametrize(("where", "name", "before"), BEFORE)
def test_what_is_absent_is_as_it_was_before(where: str, name: str, before: object) -> None:
    full = Options(ear=8, tag=True), Arrangement(mute=("bass",), style="ballad", intro=True, perform=False)
    step = Recipe.from_json(spoilt(as_json(Recipe(solo(*full))), (where, name))).step
    assert getattr(getattr(step, where), name) == before


@pytest.mark.parametrize(
    "path",
    [
        *(
            (name,)
            for name in ("model", "weights", "seed", "title", "key", "meter", "changes", "options", "arrangement")
        ),
        *(("options", name) for name in ("choruses", "bpm")),
        *(("arrangement", name) for name in ("comping", "swing", "articulate")),
    ],
    ids=".".join,
)
def test_what_was_always_there_is_missed(path: tuple[str, ...]) -> None:
    with pytest.raises(OptionError, match=rf"its recipe is damaged \({'[.]'.join(path)} is missing\)"):
        Recipe.from_json(spoilt(as_json(Recipe(solo())), path))


FIRST = {
    "jazzgen": "0.1.0",
    "model": "demo",
    "weights": "0",
    "title": "A",
    "key": "F",
    "meter": "4/4",
    "changes": "F7 | Bb7",
    "seed": 3,
    "options": {"choruses": 2, "bpm": 120.0, "temperature": 0.9, "top_k": 5, "top_p": None, "feel": None},
    "arrangement": {"comping": True, "swing": None, "articulate": True},
}


def test_gestures_are_written_only_if_they_are_asked_for() -> None:
    assert "gestures" not in as_json(Recipe(solo()))["arrangement"]
    asked = Recipe(solo(how=Arrangement(gestures=True)))
    assert as_json(asked)["arrangement"]["gestures"] is True
    assert Recipe.from_json(as_json(asked)) == asked


def test_a_recipe_of_the_first_version() -> None:
    cool = Controls(Curve.of(0.9), Curve.of(0.9), top_k=5, ideas="off", profile="off")
    how = Arrangement(band=("piano",), bass="rules", any_meter=True, laid_back=0.0, touch=0.0)
    expected = Improvised("demo", "0", 3, "A", Key("F"), Meter(), "F7 | Bb7", Options(2, 120.0, cool, ear=1), how)
    assert Recipe.from_json(FIRST) == Recipe(expected)
    alone = {**FIRST, "arrangement": {"comping": False, "swing": None, "articulate": True}}
    assert improvised(alone) == replace(expected, arrangement=replace(how, band=()))


def test_a_school_was_called_style() -> None:
    controls = {"style": "BEBOP"}
    step = improvised({**FIRST, "options": {"choruses": 1, "bpm": 120.0, "controls": controls}})
    assert step is not None
    assert step.options.controls.school == "BEBOP"


@pytest.mark.parametrize(
    ("op", "step"),
    [
        ({"semitones": 3, "op": "transposed"}, Transposed(3)),
        ({"swing": 1.5, "bpm": None, "op": "retimed"}, Retimed(1.5)),
        (
            {"model": "m", "weights": "w", "seed": 1, "bars": [3, 4], "controls": {}, "candidates": 2, "swing": None},
            Retaken("m", "w", 1, (3, 4), Controls(ideas="off", profile="off"), 2),
        ),
    ],
)
def test_steps_before_they_were_numbered(op: dict[str, Any], step: Step) -> None:
    assert Recipe.from_json({"jazzgen": "0.1.0", **op, "source": None}).step == step


def test_a_recipe_of_a_later_version_says_so() -> None:
    says = f"format {FORM + 1}, but this jazzgen reads formats up to {FORM}: get a later one"
    with pytest.raises(OptionError, match=says):
        Recipe.from_json({**as_json(Recipe(solo())), "recipe": FORM + 1})
    for form in (0, -1, True, "2", None, 1.0):
        with pytest.raises(OptionError, match="recipe is damaged"):
            Recipe.from_json({**as_json(Recipe(solo())), "recipe": form})


def test_steps_are_known_up_to_what_cannot_be_read() -> None:
    source = {**as_json(Recipe(solo())), "seed": "x"}
    whole = as_json(Recipe(Transposed(2), as_json(Recipe(Retimed(2.0), source))))
    assert known_steps(whole) == [Transposed(2), Retimed(2.0)]
    assert improvised(whole) is None
    assert known_steps(None) == []


ONE_NOTE = Score("A", ((0, 120.0),), ((0, Meter()),), Key("F"), parts=(Part("Solo", (Note(0, 480, 60),), 65, 0),))


def write(path: Path, recipe: Recipe) -> Path:
    write_midi(ONE_NOTE, path, recipe.to_json())
    return path


def test_a_take_may_be_worked_on_without_end(tmp_path: Path) -> None:
    source = Recipe(solo()).to_json()
    for _ in range(MAX_DEPTH - 6):
        source = Recipe(Transposed(1), source).to_json()
    path, steps = tmp_path / "a.mid", []
    write_midi(ONE_NOTE, path, source)
    for _ in range(5):
        kept = read_source(path)
        steps.append(len(known_steps(kept)))
        write(path, Recipe(Transposed(1), kept))
    assert steps == [MAX_DEPTH - 5, MAX_DEPTH - 4, 0, 1, 2]  # too much to keep once: it begins anew


def test_what_is_nested_without_end_is_no_recipe(tmp_path: Path) -> None:
    deep: Any = 0
    for _ in range(MAX_DEPTH):
        deep = [deep]
    write_midi(ONE_NOTE, tmp_path / "a.mid", {"source": deep})
    assert recipe_in((tmp_path / "a.mid").read_bytes()) is None
