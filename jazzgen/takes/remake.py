"""Music made again from the recipe in its file: the same bytes, from the same model."""

from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from jazzgen.band.arrange import Arrangement
from jazzgen.corpus import read_score
from jazzgen.errors import JazzgenError, OptionError
from jazzgen.formats.midi.write import Layout, midi_bytes
from jazzgen.formats.reading import ReadOptions
from jazzgen.harmony.changes import parse_chart
from jazzgen.harmony.pitch import Key
from jazzgen.harmony.tunes import Tune
from jazzgen.improvise.models import Model
from jazzgen.improvise.options import Options, controls_from_json
from jazzgen.improvise.solo import SOLO_NAME
from jazzgen.learning.soloist.bundle import Soloist
from jazzgen.music.score import Score
from jazzgen.music.timing import Meter
from jazzgen.takes.new_bars import Retake, make_retake
from jazzgen.takes.take import Take, make_takes
from jazzgen.takes.transform import Longer, Timing, make_longer, make_retimed, make_transposed

_Recipe = Mapping[str, Any]
# A model by its name and the checksum of its weights.
FindModel = Callable[[str, str], Model]


def remake(recipe: _Recipe, find_model: FindModel) -> bytes:
    """The bytes of the MIDI file that a recipe is of.

    Args:
        recipe: as `new_bars.read_recipe` gives it.
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
    if "source" in recipe:
        return _remake_worked(recipe, find_model)
    model = find_model(recipe["model"], recipe["weights"])
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


def _remake_worked(recipe: _Recipe, find_model: FindModel) -> Take:
    """A take that was made of another."""
    played, source = _source(recipe, find_model), recipe["source"]
    op = recipe.get("op", "retake")
    if op == "transposed":
        return make_transposed(played, recipe["semitones"], source)
    if op == "retimed":
        return make_retimed(played, Timing(recipe["bpm"], recipe["swing"]), source)
    model = find_model(recipe["model"], recipe["weights"])
    if not isinstance(model, Soloist):
        raise OptionError(f"grammar model '{model.name}' plays no retakes; give the soloist that made it")
    controls, candidates = controls_from_json(recipe["controls"]), recipe["candidates"]
    if op == "longer":
        longer = Longer(recipe["choruses"], controls, candidates)
        return make_longer(model, played, longer, seed=recipe["seed"], source=source)
    first, last = recipe["bars"]
    retake = Retake((first, last), controls, candidates, recipe["swing"])
    return make_retake(model, played, retake, seed=recipe["seed"], source=source)


def _source(recipe: _Recipe, find_model: FindModel) -> Score:
    """What a take was made of, made again."""
    source = recipe["source"]
    if source is None:
        raise OptionError("it was made of a solo that jazzgen did not make, which is not in it; do that again")
    before = {name: value for name, value in source.items() if name != "sha256"}
    data = remake(before, find_model)
    if sha256(data).hexdigest() != source["sha256"]:
        raise OptionError("the solo that it was made of was changed by hand, and cannot be made again")
    return read_midi(data)


def read_midi(data: bytes) -> Score:
    """The score in the bytes of a MIDI file that jazzgen wrote, its solo first.

    Raises:
        CorpusError: when they are something else.
    """
    with TemporaryDirectory() as folder:
        path = Path(folder) / "solo.mid"
        path.write_bytes(data)
        return read_score(path, ReadOptions(melody=SOLO_NAME))
