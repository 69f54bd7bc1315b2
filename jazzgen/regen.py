"""Music made again from the recipe in its file: the same bytes, from the same model."""

from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from jazzgen.arrange import Arrangement
from jazzgen.corpus import read_score
from jazzgen.corpus.reading import ReadOptions
from jazzgen.errors import JazzgenError, OptionError
from jazzgen.harmony.changes import parse_chart
from jazzgen.harmony.pitch import Key
from jazzgen.harmony.tunes import Tune
from jazzgen.improvise.models import Model
from jazzgen.improvise.options import Options, controls_from_json
from jazzgen.improvise.solo import SOLO_NAME
from jazzgen.midifile import Layout, midi_bytes
from jazzgen.retake import Retake, make_retake
from jazzgen.score import Score
from jazzgen.soloist.bundle import Soloist
from jazzgen.take import Take, make_takes
from jazzgen.timing import Meter

_Recipe = Mapping[str, Any]
# A model by its name and the checksum of its weights.
FindModel = Callable[[str, str], Model]


def remake(recipe: _Recipe, find_model: FindModel) -> bytes:
    """The bytes of the MIDI file that a recipe is of.

    Args:
        recipe: as `retake.read_recipe` gives it.
        find_model: finds the model that made it; raises if it is not there.

    Raises:
        OptionError: when the recipe is incomplete, or of a retake whose solo was changed by hand before it.
    """
    try:
        take = _remake_take(recipe, find_model)
        layout = Layout(**recipe["file"])
        parts = [part for part in take.played.parts if part.name == recipe.get("stem", part.name)]
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        if isinstance(error, JazzgenError):
            raise
        raise OptionError(
            f"its recipe is incomplete ({type(error).__name__}: {error}); version {recipe.get('jazzgen', 'unknown')} "
            "of jazzgen made it, and this one cannot make it again"
        ) from None
    return midi_bytes(take.played.with_parts(*parts), recipe, layout)


def _remake_take(recipe: _Recipe, find_model: FindModel) -> Take:
    model = find_model(recipe["model"], recipe["weights"])
    if "source" in recipe:
        return _remake_retake(recipe, model, find_model)
    tune = Tune(
        title=recipe["title"],
        chart=parse_chart(recipe["changes"], Meter.parse(recipe["meter"])),
        key=Key.parse(recipe["key"]),
        straight=recipe["straight"],
        style=recipe["style"],
    )
    options, how = Options.from_json(recipe["options"]), Arrangement.from_json(recipe["arrangement"])
    rank = recipe.get("rank", 1)
    return make_takes(model, tune, options, how, seed=recipe["seed"], keep=rank).best[rank - 1]


def _remake_retake(recipe: _Recipe, model: Model, find_model: FindModel) -> Take:
    source = recipe["source"]
    if source is None:
        raise OptionError("it is a retake of a solo that jazzgen did not make, which is not in it; take that again")
    before = {name: value for name, value in source.items() if name != "sha256"}
    data = remake(before, find_model)
    if sha256(data).hexdigest() != source["sha256"]:
        raise OptionError("the solo that it is a retake of was changed by hand, and cannot be made again")
    if not isinstance(model, Soloist):
        raise OptionError(f"grammar model '{model.name}' plays no retakes; give the soloist that made it")
    first, last = recipe["bars"]
    retake = Retake((first, last), controls_from_json(recipe["controls"]), recipe["candidates"], recipe["swing"])
    return make_retake(model, _read(data), retake, seed=recipe["seed"], source=source)


def _read(data: bytes) -> Score:
    """The score in a MIDI file's bytes, its solo first."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "solo.mid"
        path.write_bytes(data)
        return read_score(path, ReadOptions(melody=SOLO_NAME))
