"""Recipes: how a take was made, and from what. They are written, read, chained and upgraded here alone.

A recipe is JSON in a text event of its MIDI file. It describes one step with all its inputs: how a solo was improvised,
or what was done to a take. A step on another take holds that take's recipe as `source`, unchanged, with the checksum
of its file (`sha256`), and so on back to the first.

    {"jazzgen": "0.1.0", "recipe": 2, "op": "transposed", "semitones": 3, "file": {...}, "source": {...}}

`recipe` is the number of the format; without it, it is 1. To add a field, give it a default, and say in `_PASTS` what
held before if that is not the default. To remove a field or change its meaning, raise the number and add an entry to
`_UPGRADES`.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields
from hashlib import sha256
from pathlib import Path
from typing import Any

from jazzgen import __version__
from jazzgen.band.arrange import Arrangement
from jazzgen.errors import CorpusError, JazzgenError, OptionError
from jazzgen.formats.midi.events import load_events
from jazzgen.formats.midi.texts import read_recipe_text
from jazzgen.formats.midi.write import Layout
from jazzgen.formats.reading import read_bytes
from jazzgen.harmony.changes import parse_chart
from jazzgen.improvise.control_table import OFF
from jazzgen.improvise.controls import Controls
from jazzgen.improvise.options import Options
from jazzgen.takes.plain import Json, Past, from_plain, shown, to_plain
from jazzgen.takes.steps import Improvised, Lengthened, Retaken, Retimed, Step, Transposed

FORM = 2
# Steps in a recipe's chain: each is a level of nesting, and JSON is read and written by recursion. Set by hand.
MAX_DEPTH = 400
_LAYOUT = Layout()
_STEPS: Mapping[str, type[Step]] = {
    "improvised": Improvised,
    "retake": Retaken,
    "longer": Lengthened,
    "transposed": Transposed,
    "retimed": Retimed,
}
_OPS = {kind: op for op, kind in _STEPS.items()}
_PASTS: Mapping[type, Past] = {
    Options: Past(("choruses", "bpm"), {"controls": {}, "ear": 1}),
    Controls: Past((), {"ideas": OFF, "profile": OFF}),
    # Before there was a rhythm section, a piano comped in any meter, and solos were not laid back. Until there was a
    # learned bassist, basses went by rules, and until touch was learned, so did it.
    Arrangement: Past(
        ("comping", "swing", "articulate"),
        {"band": ["piano"], "any_meter": True, "laid_back": 0.0, "bass": "rules", "touch": 0.0},
    ),
}


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a take was made.

    Attributes:
        step: the last step.
        source: the recipe of the take that the step was done to, with that file's checksum; None for an improvised solo
            or one from elsewhere.
        layout: how the MIDI file is laid out.
        stem: the name of the only part in the file; None for all parts.
        version: of the jazzgen that made it.
        sha256: of its file, if it is the source of another recipe.
    """

    step: Step
    source: Json | None = None
    layout: Layout = _LAYOUT
    stem: str | None = None
    version: str = __version__
    sha256: str | None = None

    def to_json(self, layout: Layout | None = None) -> dict[str, Any]:
        """Convert to JSON, for a file in `layout`; None for the recipe's own layout."""
        whole = {
            **to_plain(self.step),
            "jazzgen": self.version,
            "recipe": FORM,
            "op": _OPS[type(self.step)],
            "file": to_plain(layout or self.layout),
        }
        if not isinstance(self.step, Improvised):
            whole["source"] = self.source
        return whole | {name: value for name in ("stem", "sha256") if (value := getattr(self, name)) is not None}

    @classmethod
    def from_json(cls, json: Json) -> "Recipe":
        """Read a recipe, whichever version wrote it; the inverse of `to_json`.

        Raises:
            OptionError: when it is damaged or of a later version.
        """
        form = json.get("recipe", 1)
        if type(form) is int and form > FORM:
            raise OptionError(
                f"its recipe is in format {shown(form)}, but this jazzgen reads formats up to {FORM}: get a later one"
            )
        try:
            return _read(_upgraded(json, form))
        except JazzgenError as error:
            raise OptionError(f"its recipe is damaged ({error}): take the file as jazzgen wrote it") from None


@dataclass(frozen=True, slots=True)
class _Around:
    """The fields of a recipe other than its step."""

    file: Layout
    jazzgen: str = ""
    recipe: int = FORM
    stem: str | None = None
    sha256: str | None = None


_AROUND = frozenset(field.name for field in fields(_Around))


def _read(json: Json) -> Recipe:
    """Read a recipe in the current format."""
    whole = {"file": {}, "op": "retake" if "source" in json else "improvised", **json}
    op = whole.pop("op")
    source = whole.pop("source", None)
    kind = _STEPS.get(op) if isinstance(op, str) else None
    if kind is None:
        raise OptionError(f"op is {shown(op)}, not one of {', '.join(_STEPS)}")
    if source is not None and (not isinstance(source, Mapping) or kind is Improvised):
        raise OptionError(f"source is {shown(source)}, and {op} has none")
    step = from_plain(kind, {name: value for name, value in whole.items() if name not in _AROUND}, _PASTS)
    if isinstance(step, Improvised):
        _check_changes(step)
    around = from_plain(_Around, {name: value for name, value in whole.items() if name in _AROUND}, _PASTS)
    return Recipe(step, source, around.file, around.stem, around.jazzgen, around.sha256)


def _check_changes(step: Improvised) -> None:
    try:
        parse_chart(step.changes, step.meter)
    except JazzgenError as error:
        raise OptionError(f"changes: {error}") from None


def _upgraded(json: Json, form: object) -> Json:
    """Convert JSON of format `form` to the current format."""
    if type(form) is not int or form < 1:
        raise OptionError(f"recipe is {shown(form)}, not a number from 1 to {FORM}")
    for number in range(form, FORM):
        json = _UPGRADES[number](json)
    return json


def _from_1(old: Json) -> Json:
    """Rename what format 1 called otherwise, from before there was a rhythm section."""
    new = dict(old)
    for name, upgrade in (("options", _options_1), ("controls", _controls_1), ("arrangement", _arrangement_1)):
        if isinstance(old.get(name), Mapping):
            new[name] = upgrade(old[name])
    return new


def _options_1(old: Json) -> Json:
    """Turn the first solos' temperature and top-k/top-p options into controls."""
    new = dict(old)
    asked: dict[str, Any] = {name: new.pop(name) for name in ("top_k", "top_p") if name in new}
    if "temperature" in new:
        asked |= dict.fromkeys(("pitch_temperature", "rhythm_temperature"), str(new.pop("temperature")))
    if isinstance(old.get("controls", {}), Mapping):
        new["controls"] = {**asked, **_controls_1(old.get("controls", {}))}
    return new


def _controls_1(old: Json) -> Json:
    """Rename `style` to `school`: it meant a player's school until bands had styles."""
    return {"school" if name == "style" else name: value for name, value in old.items()}


def _arrangement_1(old: Json) -> Json:
    """Turn the boolean `comping`, whether a piano plays, into a band."""
    comping = old.get("comping")
    return old if not isinstance(comping, bool) else {**old, "band": ["piano"] * comping, "comping": "medium"}


_UPGRADES: Mapping[int, Callable[[Json], Json]] = {1: _from_1}


def chain(source: Json | None) -> Iterator[Recipe]:
    """Yield the recipe, its source's, and so on to the first.

    Raises:
        OptionError: at the first recipe that cannot be read.
    """
    while source is not None:
        recipe = Recipe.from_json(source)
        yield recipe
        source = recipe.source


def known_steps(source: Json | None) -> list[Step]:
    """Return the steps, the last first, as far back as they can be read."""
    found: list[Step] = []
    with suppress(OptionError):
        for recipe in chain(source):
            found.append(recipe.step)
    return found


def improvised(source: Json | None) -> Improvised | None:
    """Return the step that improvised the first take of the chain; None if it is not known."""
    first = next(reversed(known_steps(source)), None)
    return first if isinstance(first, Improvised) else None


def read_recipe(path: Path) -> Json | None:
    """Read the recipe in a MIDI file that jazzgen wrote, as JSON; None if it holds none.

    Raises:
        CorpusError: when the file is not MIDI.
    """
    try:
        return recipe_in(read_bytes(path))
    except CorpusError as error:
        raise CorpusError(f"{path}: {error}") from None


def recipe_in(data: bytes) -> Json | None:
    """Read the recipe in the bytes of a MIDI file, like `read_recipe`."""
    found = read_recipe_text(text.text for text in load_events(data).texts)
    return found if found and _depth(found) <= MAX_DEPTH else None


def read_source(path: Path) -> Json | None:
    """Read the recipe of a file to be worked on, with the file's checksum, which reveals changes by hand.

    None if it holds none, or if the chain is as long as it may be (`MAX_DEPTH`).
    """
    return _summed(read_recipe(path), read_bytes(path))


def source_in(data: bytes) -> Json | None:
    """Read the recipe in the bytes of a MIDI file, like `read_source`."""
    return _summed(recipe_in(data), data)


def _summed(recipe: Json | None, data: bytes) -> Json | None:
    if not recipe or _depth(recipe) >= MAX_DEPTH:
        return None
    return {**recipe, "sha256": sha256(data).hexdigest()}


def _depth(json: Any) -> int:
    """Count the levels of nesting, without recursion."""
    depth = 0
    level = [json]
    while level := [item for item in level if isinstance(item, Mapping | list)]:
        depth += 1
        level = [part for item in level for part in (item.values() if isinstance(item, Mapping) else item)]
    return depth
