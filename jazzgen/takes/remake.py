"""Make MIDI files again from their recipes: the same model and version give the same bytes."""

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256

from jazzgen.band.arrange import models_of
from jazzgen.errors import OptionError
from jazzgen.formats.midi.events import load_events
from jazzgen.formats.midi.texts import is_own_text
from jazzgen.formats.midi.write import midi_bytes
from jazzgen.improvise.models import Model
from jazzgen.learning.soloist.bundle import Soloist
from jazzgen.music.score import Score
from jazzgen.takes.new_bars import Retake, make_retake
from jazzgen.takes.plain import Json
from jazzgen.takes.reading import read_played_bytes
from jazzgen.takes.recipe import Recipe, chain
from jazzgen.takes.steps import Improvised, Lengthened, Retaken, Retimed, Transposed
from jazzgen.takes.take import Take, make_takes
from jazzgen.takes.transform import Longer, Timing, make_longer, make_retimed, make_transposed

# Finds a model by its name and the checksum of its weights.
FindModel = Callable[[str, str], Model]


def remake(recipe: Json, find_model: FindModel) -> bytes:
    """Make the MIDI file of a recipe again and return its bytes, which hold the recipe unchanged.

    Args:
        recipe: as `recipe.read_recipe` returns it.
        find_model: finds the model that made it; raises if it is missing.

    Raises:
        OptionError: when the recipe cannot be read, or a file in its chain was changed by hand before the next step.
    """
    steps = list(chain(recipe))
    if not isinstance(steps[-1].step, Improvised):
        raise OptionError(
            "it was made from a solo that is not by jazzgen and not in the file; repeat the step on that solo"
        )
    data = b""
    for step, words in reversed(list(zip(steps, [recipe, *(step.source for step in steps)], strict=False))):
        data = _file(step, words or {}, data, find_model)
    return data


def _file(recipe: Recipe, words: Json, source: bytes, find_model: FindModel) -> bytes:
    """Do one step and return the bytes of its file.

    Args:
        recipe: the step's.
        words: the same as JSON, as it is in the file.
        source: the bytes of the file that the step was done to; empty for an improvised solo.
        find_model: as in `remake`.
    """
    step = recipe.step
    take = _improvised(step, find_model) if isinstance(step, Improvised) else _worked(recipe, source, find_model)
    played = take.played
    parts = [part for part in played.parts if recipe.stem in (None, part.name)]
    if not parts:
        raise OptionError(f"its recipe is for the part '{recipe.stem}', which no player has")
    own = {name: value for name, value in words.items() if name != "sha256"}
    data = midi_bytes(played.with_parts(*parts), own, recipe.layout)
    if recipe.sha256 is not None and sha256(data).hexdigest() != recipe.sha256:
        raise OptionError(
            "the solo that it was made of was changed by hand, or played otherwise by an older version, "
            "and cannot be made again"
        )
    return data


def _improvised(step: Improvised, find_model: FindModel) -> Take:
    for name, weights in models_of(step.arrangement).items():
        if getattr(step, name) not in {"", weights}:
            raise OptionError(f"models/{name} has other weights than the one that it was made with; put that one back")
    model = find_model(step.model, step.weights)
    takes = make_takes(model, step.tune, step.options, step.arrangement, seed=step.seed, keep=step.rank)
    return takes.best[step.rank - 1]


def _worked(recipe: Recipe, data: bytes, find_model: FindModel) -> Take:
    """Do a step on another take, given by the bytes of its file."""
    step, source = recipe.step, recipe.source
    played = read_played_bytes(data, step.asked) if isinstance(step, Retaken) else read_midi(data)
    if isinstance(step, Transposed):
        return make_transposed(played, step.semitones, source)
    if isinstance(step, Retimed):
        return make_retimed(played, Timing(step.bpm, step.swing), source)
    assert isinstance(step, Retaken | Lengthened)
    model = find_model(step.model, step.weights)
    if not isinstance(model, Soloist):
        raise OptionError(f"grammar model '{model.name}' plays no retakes; give the soloist that made it")
    if isinstance(step, Lengthened):
        longer = Longer(step.choruses, step.controls, step.candidates)
        return make_longer(model, played, longer, seed=step.seed, source=source)
    retake = Retake(step.bars, step.controls, step.candidates, step.swing)
    return make_retake(model, played, retake, seed=step.seed, source=source, asked=step.asked)


def is_same_music(one: bytes, other: bytes) -> bool:
    """Return whether two MIDI files hold the same music, whatever their recipes and the order of their bytes.

    Compares notes with their ticks and velocities, tracks, programs, volumes and pans, tempos, meters, key, title and
    all other texts.

    Raises:
        CorpusError: when one of them is not MIDI.
    """
    first, second = (
        replace(events, texts=tuple(text for text in events.texts if not is_own_text(text.text)))
        for events in map(load_events, (one, other))
    )
    return first == second


def read_midi(data: bytes) -> Score:
    """Read the score in the bytes of a MIDI file that jazzgen wrote; its solo comes first.

    Raises:
        CorpusError: when they are not such a file.
    """
    return read_played_bytes(data)
