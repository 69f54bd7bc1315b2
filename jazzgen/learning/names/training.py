"""Train a names model on a list of names, keeping the weights that do best on names held out."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from jazzgen.errors import CorpusError, OptionError
from jazzgen.learning.names.model import FORMAT, NamesConfig, NamesModel
from jazzgen.reference.charlm import MAX_LENGTH, Progress, model, vocabulary
from jazzgen.reference.charlm_cells import Parameters, find_cell
from jazzgen.system.files import open_plain

RATES = {"rnn": 0.01, "lstm": 0.05}  # the exercise's, and one set by hand
# Limits set by hand.
_MAX_BYTES = 16 * 1024 * 1024
_LONGEST = 200
_LEAST_NAMES = 2
_MAX_UNITS = 1024


@dataclass(frozen=True, slots=True)
class TrainOptions:
    """How to train.

    Attributes:
        cell: rnn or lstm.
        units: n_a.
        iterations: names to learn, one at a time, over and over.
        learning_rate: of SGD; None takes the cell's in `RATES`.
        validation: share of the names to hold out.
        seed: of the names held out, the initial weights and the order.
        lower: learn lower case alone; names are capitalised when made.
        keep_last: keep the last weights, not those that did best on the names held out.
        every: iterations between evaluations on the names held out.
    """

    cell: str = "lstm"
    units: int = 50
    iterations: int = 20_000
    learning_rate: float | None = None
    validation: float = 0.1
    seed: int = 0
    lower: bool = False
    keep_last: bool = False
    every: int = 500

    def __post_init__(self) -> None:
        find_cell(self.cell)
        if not 1 <= self.units <= _MAX_UNITS:
            raise OptionError(f"units {self.units}: must be 1 to {_MAX_UNITS}")
        for name, value in (("iterations", self.iterations), ("learning rate", self.rate), ("every", self.every)):
            if not 0 < value < float("inf"):
                raise OptionError(f"{name} {value:g}: must be above 0")
        if not 0 <= self.validation < 1:
            raise OptionError(f"validation {self.validation:g}: the share of names to hold out must be 0 to below 1")
        if self.seed < 0:
            raise OptionError(f"seed {self.seed}: must be 0 or more")

    @property
    def rate(self) -> float:
        return RATES[self.cell] if self.learning_rate is None else self.learning_rate


def read_names(path: Path) -> tuple[str, ...]:
    """Read the names of a UTF-8 text, one a line, skipping empty lines.

    Raises:
        CorpusError: it cannot be read, is not such a text, or holds too little to learn from.
    """
    try:
        with open_plain(path) as file:
            data = file.read(_MAX_BYTES + 1)
        if len(data) > _MAX_BYTES:
            raise CorpusError(f"{path}: is larger than {_MAX_BYTES // 2**20} MB; give a list of names")
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise CorpusError(f"{path}: cannot be read ({error.strerror}); give a text with one name a line") from None
    except UnicodeDecodeError:
        raise CorpusError(f"{path}: is not UTF-8 text; save it as that, one name a line") from None
    try:
        return parse_names(text)
    except CorpusError as error:
        raise CorpusError(f"{path}: {error}") from None


def parse_names(text: str) -> tuple[str, ...]:
    r"""Parse the names of a text, as `read_names` does.

    >>> parse_names("Blue  Train\n\nSolar\n")
    ('Blue Train', 'Solar')
    """
    names: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        name = " ".join(line.split())
        if len(name) > _LONGEST or "\0" in name:
            raise CorpusError(f"line {number}: {name[:20]!r}... is not a name of 1 to {_LONGEST} characters")
        if name:
            names.append(name)
    vocabulary("\n".join(names))
    if len(set(names)) < _LEAST_NAMES:
        raise CorpusError(f"the text holds one name, '{names[0]}'; give {_LEAST_NAMES} or more, one a line")
    return tuple(names)


def train_names(
    name: str,
    names: Sequence[str],
    options: TrainOptions = TrainOptions(),
    *,
    progress: Callable[[Progress], None] = lambda _: None,
) -> tuple[NamesModel, dict[str, Any]]:
    """Train a model called `name`; repeated names are learnt once, and counted in the report.

    Returns:
        The model, with the weights that did best on the names held out (the last ones without any), and a report.

    Raises:
        TrainingError: the loss is not finite.
    """
    given = len(names)
    names = tuple(dict.fromkeys(n.lower() if options.lower else n for n in names))
    rng = np.random.default_rng(options.seed)
    train, held_out = _split(names, options.validation, rng)
    best = _Best(options.keep_last)

    def keep(now: Progress) -> None:
        best.see(now)
        progress(now)

    model(
        train,
        rng=rng,
        num_iterations=options.iterations,
        n_a=options.units,
        learning_rate=options.rate,
        cell=options.cell,
        sample_every=options.every,
        carry_state=False,
        validation=held_out,
        progress=keep,
    )
    characters = "".join(vocabulary("\n".join(names))[0])
    config = NamesConfig(options.cell, options.units, characters, max(MAX_LENGTH, *map(len, names)) + 1, options.lower)
    return NamesModel(name, config, best.parameters, names), best.report(
        options, len(train), len(held_out), given - len(names)
    )


class _Best:
    """Keeps the best weights and the history."""

    def __init__(self, keep_last: bool) -> None:
        self.keep_last = keep_last
        self.parameters: Parameters = {}
        self.history: list[Progress] = []
        self.iteration = 0
        self.held_out = float("inf")

    def see(self, now: Progress) -> None:
        self.history.append(now)
        if self.keep_last or now.held_out is None or now.held_out < self.held_out:
            self.parameters = {name: array.copy() for name, array in now.parameters.items()}
            self.iteration = now.iteration
            self.held_out = float("inf") if now.held_out is None else now.held_out

    def report(self, options: TrainOptions, trained: int, held_out: int, repeats: int) -> dict[str, Any]:
        return {
            "names": trained,
            "held_out_names": held_out,
            "repeats": repeats,
            "options": asdict(options) | {"learning_rate": options.rate},
            "kept_iteration": self.iteration,
            "loss": self.history[-1].loss,
            "validation_loss": self.held_out if held_out else None,
            "history": [[now.iteration, now.loss, now.held_out] for now in self.history],
        }


def make_card(name: str, report: dict[str, Any]) -> str:
    """Write the README.md of a names model."""
    options = report["options"]
    held_out = report["validation_loss"]
    figure = (
        f"{held_out:.3f} nats a character on {report['held_out_names']} names that it was not trained on"
        if held_out is not None
        else "no names were held out, so nothing is known of how it does on others"
    )
    return f"""# {name}

A jazzgen names model (format {FORMAT}), made by jazzgen {report["jazzgen"]}: {options["cell"].upper()} of
{options["units"]} units that writes names letter by letter.

    jazzgen names sample {name} -n 20

- Trained on {report["names"]} names, which `names.txt` lists together with those held out; none of them is made again
  unless `--allow-known` asks for it.
- Loss: {report["loss"]:.2f} nats a name in training (running mean at the end); {figure}.
- Weights of iteration {report["kept_iteration"]} of {options["iterations"]}; see `report.json`.

Options: `{json.dumps(options)}`
"""


def _split(names: tuple[str, ...], share: float, rng: np.random.Generator) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Split names into those to learn and those to hold out, at least one of each unless the share is 0."""
    count = min(max(round(share * len(names)), 1), len(names) - 1) if share else 0
    order = rng.permutation(len(names))
    return tuple(names[i] for i in order[count:]), tuple(names[i] for i in order[:count])
