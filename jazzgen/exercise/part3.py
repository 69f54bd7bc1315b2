"""Part 3: a jazz model in Keras.

    from jazzgen.exercise.part3 import *

    X, Y, n_values, indices_values = load_music_utils()
    model = djmodel(Tx=30, n_a=64, n_values=78)
    opt = Adam(lr=0.01, beta_1=0.9, beta_2=0.999, decay=0.01)
    model.compile(optimizer=opt, loss="categorical_crossentropy", metrics=["accuracy"])
    model.fit([X, np.zeros((60, 64)), np.zeros((60, 64))], list(Y), epochs=100)
    inference_model = music_inference_model(LSTM_cell, densor, n_values=78, n_a=64, Ty=50)
    generate_music(inference_model)

`reshapor`, `LSTM_cell` and `densor` are Keras layers of 78 values and 64 units, made on first use; a notebook that
makes its own trains those. Importing this module does not load TensorFlow; making a layer does.
"""

import sys
from collections.abc import Mapping
from dataclasses import fields
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from jazzgen.errors import ArrayError, CorpusError, OptionError
from jazzgen.exercise.music import MusicOptions, load_music, play_tokens
from jazzgen.learning.grammar.bundle import Config
from jazzgen.learning.grammar.vocabulary import Vocabulary
from jazzgen.learning.grammar.windows import examples
from jazzgen.learning.startup import load_tensorflow

if TYPE_CHECKING:
    from jazzgen.learning.grammar.layers import SharedLayers
    from jazzgen.music.score import Score

__all__ = [  # noqa: F822 - the layers are made by __getattr__
    "Adam",
    "LSTM_cell",
    "densor",
    "djmodel",
    "generate_music",
    "load_music_utils",
    "mid2wav",
    "music_inference_model",
    "predict_and_sample",
    "reshapor",
]

# Keras's types, which are not imported here because that would load it.
KerasModel: TypeAlias = Any
KerasLayer: TypeAlias = Any
N_VALUES, N_A = 78, 64  # the exercise's
_LAYERS = ("reshapor", "LSTM_cell", "densor")


def load_music_utils(
    path: Path | str | None = None, Tx: int = 30, m: int = 60, **options: Any
) -> tuple[np.ndarray, np.ndarray, int, dict[int, str]]:
    """Load the exercise's data: `m` windows of `Tx` steps from one solo, evenly spread over it.

    >>> X, Y, n_values, indices_values = load_music_utils()
    >>> X.shape, Y.shape, n_values, indices_values[0]
    ((60, 30, 78), (30, 60, 78), 78, 'A,0.250,<M2,M-3>')

    Args:
        path: a file with a solo; None is data/original_metheny.mid if it exists, otherwise two tunes of the starter
            corpus.
        Tx: steps of an example.
        m: number of examples.
        options: of `music.MusicOptions`: grid, gap, bars, melody, through_music21.

    Returns:
        X (m, Tx, n_values), one-hot, each example starting from the zero vector; Y (Tx, m, n_values) with Y[t] the
        value after X's step t; n_values; indices_values, from index to token.

    Raises:
        CorpusError: there is no such file, or its solo is too short.
    """
    for name, value in (("Tx", Tx), ("m", m)):
        if not isinstance(value, int) or value < 1:
            raise OptionError(f"{name} {value!r}: must be a whole number from 1")
    music = load_music(path, _options(options))
    try:
        X, Y, vocabulary = examples(music.tokens, Tx, m)
    except CorpusError as error:
        raise CorpusError(f"{music.name}: {error}") from None
    return X, Y, len(vocabulary), dict(enumerate(vocabulary.tokens))


def Adam(  # noqa: N802 - its name
    lr: float = 0.001, beta_1: float = 0.9, beta_2: float = 0.999, decay: float = 0.0
) -> Any:
    """Make Keras's Adam from its arguments before Keras 3: `lr`, and `decay` of the learning rate."""
    return _keras_side().adam(lr, beta_1, beta_2, decay)


def djmodel(
    Tx: int, n_a: int, n_values: int, *, unrolled: bool = False, layers: Mapping[str, Any] | None = None
) -> KerasModel:
    """Make the training model: X (m, Tx, n_values), a0 and c0 (m, n_a) to a list of Tx outputs (m, n_values).

    Args:
        Tx: steps.
        n_a: units of the LSTM.
        n_values: size of the vocabulary.
        unrolled: call the layers Tx times; it computes the same, and takes longer to start.
        layers: reshapor, LSTM_cell and densor by name. None takes the caller's global variables of these names, as the
            exercise's own function does, or, where there are none, this module's layers.

    Raises:
        OptionError: a layer is of another size or kind.
    """
    named = sys._getframe(1).f_globals if layers is None else layers
    shared = _shared(*(named[name] if name in named else _layers()[name] for name in _LAYERS))
    config = _config(shared, n_values, n_a, "Tx", Tx)
    return _keras_side().steps_training_graph(shared, config, unrolled=unrolled)


def music_inference_model(
    LSTM_cell: KerasLayer,
    densor: KerasLayer,
    n_values: int = N_VALUES,
    n_a: int = N_A,
    Ty: int = 100,
) -> KerasModel:
    """Make the model that plays: x0 (m, 1, n_values), a0 and c0 (m, n_a) to a list of Ty outputs (m, n_values).

    Each step is fed the one-hot of the likeliest value of the step before.

    Raises:
        OptionError: a layer is of another size or kind, or was never in a training model.
    """
    if not getattr(LSTM_cell, "built", True):
        raise OptionError("LSTM_cell: it has no weights yet; make the training model of it first, with djmodel")
    shared = _shared(_keras_side().default_layers(n_values, n_a)[0], LSTM_cell, densor)
    return _keras_side().steps_inference_graph(shared, _config(shared, n_values, n_a, "Ty", Ty), Ty)


def predict_and_sample(
    inference_model: KerasModel,
    x_initializer: np.ndarray | None = None,
    a_initializer: np.ndarray | None = None,
    c_initializer: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Generate the likeliest values.

    Args:
        inference_model: from `music_inference_model`.
        x_initializer: first input, (1, 1, n_values); None is zeros, here and below.
        a_initializer, c_initializer: first states, (1, n_a).

    Returns:
        results (Ty, n_values), one-hot, and indices (Ty, 1).

    Raises:
        OptionError: the model is of another kind.
        ArrayError: an array has another shape.
    """
    shapes = _input_shapes(inference_model)
    given = {"x_initializer": x_initializer, "a_initializer": a_initializer, "c_initializer": c_initializer}
    inputs = [_initial(name, array, shape) for (name, array), shape in zip(given.items(), shapes, strict=True)]
    return _keras_side().predict_and_sample(inference_model, *inputs)


def generate_music(
    inference_model: KerasModel,
    indices_values: Mapping[int, str] | None = None,
    chords: str | None = None,
    *,
    music: Path | str | None = None,
    path: Path | str = Path("output") / "my_music.midi",
    bpm: float = 130.0,
    seed: int = 0,
    **options: Any,
) -> "Score":
    """Write what the model plays as a MIDI file, over the changes that it learnt from, with a band.

    Args:
        inference_model: from `music_inference_model`.
        indices_values: from `load_music_utils`; None is that of `music`.
        chords: other changes to play over, as in "Dm7 G7 | Cmaj7".
        music: the file that `load_music_utils` was given, None if it was given none; `options` likewise.
        path: the file to write; its folder is created.
        bpm: tempo, quarter notes a minute.
        seed: of the pitches within the windows of the grammar, and of the band.

    Returns:
        The solo as written.

    Raises:
        OptionError: the vocabulary has another size than the model.
        GrammarError: a value is not a token of the grammar.
    """
    learnt = load_music(music, _options(options))
    values = indices_values or dict(enumerate(Vocabulary.of([learnt.tokens]).tokens))
    _, indices = predict_and_sample(inference_model)
    n_values = inference_model.output_shape[0][-1]
    if sorted(values) != list(range(n_values)):
        raise OptionError(
            f"indices_values: it has {len(values)} values, the model {n_values}; give what load_music_utils returned"
        )
    tokens = tuple(values[int(index)] for index in indices[:, 0])
    score = play_tokens(tokens, learnt, chords, bpm, Path(path), rng=np.random.default_rng(seed))
    over = chords or f"the changes of '{learnt.score.title}'"
    print(f"{path}: {len(score.melody.notes)} notes, {sum(1 for _ in score.bars())} bars over {over}, {bpm:g} bpm.")
    return score


def mid2wav(path: Path | str, out: Path | str = Path("output") / "rendered.wav") -> Path:
    """Render a MIDI file as sound, for `IPython.display.Audio`.

    Raises:
        CorpusError: the file is missing.
        SoundError: there is no soundfont; the message tells how to get one.
    """
    from jazzgen.audio.sound_file import write_audio  # noqa: PLC0415 - brings the synthesizer
    from jazzgen.corpus import read_score  # noqa: PLC0415

    write_audio(read_score(Path(path)), Path(out))
    return Path(out)


def __getattr__(name: str) -> Any:
    """Make the layers on first use."""
    if name in _LAYERS:
        return _layers()[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


@lru_cache(maxsize=1)
def _layers() -> Mapping[str, Any]:
    return dict(zip(_LAYERS, _keras_side().default_layers(N_VALUES, N_A), strict=True))


def _keras_side() -> Any:
    """Import the module that needs Keras."""
    load_tensorflow()
    from jazzgen.exercise import graphs as exercise_graphs  # noqa: PLC0415 - brings TensorFlow

    return exercise_graphs


def _shared(reshapor: Any, LSTM_cell: Any, densor: Any) -> "SharedLayers":
    load_tensorflow()
    from jazzgen.learning.grammar.layers import SharedLayers  # noqa: PLC0415 - brings TensorFlow

    return SharedLayers.around(reshapor, LSTM_cell, densor)


def _config(shared: "SharedLayers", n_values: int, n_a: int, name: str, steps: int) -> Config:
    if not isinstance(steps, int) or steps < 1:
        raise OptionError(f"{name} {steps!r}: must be a whole number from 1")
    shared.check_sizes(n_values, n_a)
    return Config(n_values=n_values, n_a=n_a, tx=steps)


def _options(options: Mapping[str, Any]) -> MusicOptions:
    known = [field.name for field in fields(MusicOptions)]
    strange = next((name for name in options if name not in known), None)
    if strange:
        raise OptionError(f"{strange}: there is no such option; choose from {', '.join(known)}")
    return MusicOptions(**options)


def _input_shapes(model: Any) -> list[tuple[int, ...]]:
    """Return the shapes (1, n_values), (n_a,) and (n_a,)."""
    inputs, outputs = getattr(model, "inputs", None), getattr(model, "outputs", None)
    shapes = [tuple(one.shape[1:]) for one in inputs or ()]
    if len(shapes) != 3 or not outputs or shapes[0] != (1, outputs[0].shape[-1]) or shapes[1] != shapes[2]:
        found = ", ".join(map(str, shapes)) or type(model).__name__
        raise OptionError(
            f"inference_model: its inputs are {found}, expected (1, n_values), (n_a,), (n_a,); "
            "give what music_inference_model returned"
        )
    return shapes


def _initial(name: str, array: Any, shape: tuple[int, ...]) -> np.ndarray:
    expected = (1, *shape)
    given = np.zeros(expected, np.float32) if array is None else np.asarray(array)
    if given.shape != expected or given.dtype.kind not in "biuf":
        raise ArrayError(f"{name} has shape {given.shape}, expected {expected}")
    return given.astype(np.float32)
