"""Throw spoilt files, chords, changes, configs and recipes at their readers, and report what is no error of our own.

Every reader of a format begins with the files of that kind among the tests and the starter corpus. What it may do is
read, or say in one line why not, within `LIMIT_SECONDS` of the processor's time.
"""

import faulthandler
import json
import random
import secrets
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import click

import jazzgen
from experiments.spoil import spoilt, spoilt_json
from jazzgen.errors import JazzgenError
from jazzgen.formats import registry
from jazzgen.formats.charts import tune_of_text
from jazzgen.formats.reading import Unread
from jazzgen.harmony.chords import parse_chord
from jazzgen.learning.folder import CONFIG_FILE, sealed
from jazzgen.learning.names.model import load_names_model
from jazzgen.system.limits import TooSlowError, time_limit
from jazzgen.system.places import shipped_names, starter_corpus
from jazzgen.takes.recipe import Recipe, recipe_in

ROOT = Path(jazzgen.__file__).parents[1]
LIMIT_SECONDS = 2.0  # a quiet machine takes half of it
_BY_MUSIC21 = (".krn", ".mei", ".rntxt", ".rntext", ".capx", ".nwctxt")
_MUSIC21_SECONDS = 60.0  # for `_MUSIC21_BYTES`; it takes 0.035 s for a measure of five bytes
_MUSIC21_BYTES = 4 * 1024
_STUCK_SECONDS = 90.0
_LARGEST_SEED = 32 * 1024  # bytes; mutations of larger ones take the time of many
_OUR_LIMITS = ("it takes more than", "it is too much for the reader")
_BUG = "the reader failed on it"
_ROOTS = ("A", "Bb", "C#", "Db", "E", "F", "G", "H", "Es", "B♭", "c", "")
_QUALITIES = (
    "7",
    "maj7",
    "^7",
    "m7b5",
    "-7",
    "o7",
    "ø",
    "sus4",
    "alt",
    "6/9",
    "13#11",
    "add9",
    "no3",
    "m(maj7)",
    "+",
    "5",
)
_TAILS = ("", "/E", "/Bb", "(b9)", "(#9,b13)", "*", "/", "(", "\u266f", "\0", "9" * 40)
_SIGNS = ("|", "||", "|:", ":|", "1.", "2.", "1,2.", "[A]", "[B]", "%", "N.C.", "D.C.", "D.S. al Coda", "Fine")
_OTHER_SIGNS = (
    "Coda",
    "x3",
    "\n",
    "(3/4)",
    "{",
    "}",
    "key: F\n",
    "meter: 5/4\n",
    "# note\n",
    "|x9",
    ",",
    ":",
    "~",
    "\u2028",
)

Random = random.Random


@dataclass(frozen=True)
class Target:
    """A reader, and how to make something for it.

    Attributes:
        ending: of a file that holds one input.
        make: makes an input.
        read: reads one; raises what is a fault, and JazzgenError where it refuses.
        limit_seconds: of the processor's time; more is a fault.
    """

    name: str
    ending: str
    make: Callable[[Random], bytes]
    read: Callable[[bytes], None]
    limit_seconds: float = LIMIT_SECONDS


@dataclass
class Report:
    """What came of it: inputs and refusals by target, the slowest, and faults with files to reproduce them."""

    tried: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    limited: Counter[str] = field(default_factory=Counter)
    slowest: dict[str, float] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


class ReaderError(Exception):
    """A reader failed in a way that is not its own; the message is what the registry says of it."""


class LimitError(Exception):
    """A reader stopped at one of its limits, and said so."""


def targets(folder: Path) -> Iterator[Target]:
    """Yield every target; `folder` is for files that must have a name."""
    for suffix in registry.SUFFIXES:
        if seeds := _seeds(suffix):
            slow = suffix in _BY_MUSIC21
            most, limit = (_MUSIC21_BYTES, _MUSIC21_SECONDS) if slow else (None, LIMIT_SECONDS)
            yield Target(suffix, suffix, _maker(seeds, most), _file_reader(folder / f"input{suffix}"), limit)
    yield Target("chords", ".txt", lambda rng: _chord(rng).encode("utf-8", "surrogatepass"), _read_chord)
    yield Target("changes", ".changes", lambda rng: _changes(rng).encode("utf-8", "surrogatepass"), _read_changes)
    model = folder / "model"
    shutil.copytree(shipped_names(), model)
    whole = (model / CONFIG_FILE).read_bytes()
    yield Target("config.json", ".json", lambda rng: _config(whole, rng), lambda data: _read_model(model, data))
    recipes = [
        recipe for path in _files((".mid",), ROOT / "tests" / "takes") if (recipe := recipe_in(path.read_bytes()))
    ]
    yield Target(
        "recipes", ".json", lambda rng: json.dumps(spoilt_json(rng.choice(recipes), rng)).encode(), _read_recipe
    )


def fuzz(chosen: Sequence[Target], rng: Random, kept: Path, *, seconds: float, count: int | None = None) -> Report:
    """Try inputs for each target in turn, for so long or so many each.

    Args:
        chosen: the targets.
        rng: draws them.
        kept: folder for inputs that are faults.
        seconds: how long in all.
        count: inputs of each target; None for as many as fit.
    """
    report = Report()
    ends = time.monotonic() + seconds
    while time.monotonic() < ends and (count is None or min(report.tried[one.name] for one in chosen) < count):
        for target in chosen:
            if count is None or report.tried[target.name] < count:
                _try(target, target.make(rng), report, kept)
    return report


def _try(target: Target, data: bytes, report: Report, kept: Path) -> None:
    current = kept / f"current{target.ending}"  # it is still there if the process dies
    current.write_bytes(data)
    report.tried[target.name] += 1
    spent, outcome = _outcome(target, data)
    if spent > target.limit_seconds:  # once more: the first may have loaded a library, or the machine is busy
        spent, outcome = min((spent, outcome), _outcome(target, data), key=lambda one: one[0])
    report.slowest[target.name] = max(spent, report.slowest.get(target.name, 0.0))
    report.refused[target.name] += outcome == "refused"
    report.limited[target.name] += outcome == "limited"
    if spent > target.limit_seconds or outcome not in (None, "refused", "limited"):
        path = kept / f"{target.name.strip('.')}-{report.tried[target.name]}{target.ending}"
        path.write_bytes(data)
        report.faults.append(f"{path}: {outcome or 'read'}, {spent:.1f} s")
    current.unlink()


def _outcome(target: Target, data: bytes) -> tuple[float, str | None]:
    """Return the seconds of the processor's time, and what came of it; None for what was read."""
    begun = time.process_time()
    outcome: str | None = None
    try:
        with time_limit(_STUCK_SECONDS):
            target.read(data)
    except JazzgenError:
        outcome = "refused"
    except LimitError:
        outcome = "limited"
    except TooSlowError:
        outcome = f"it takes more than {_STUCK_SECONDS:g} s"
    except Exception as error:
        outcome = f"{type(error).__name__}: {error}"
    return time.process_time() - begun, outcome


def _files(suffixes: tuple[str, ...], *folders: Path) -> list[Path]:
    return sorted(path for folder in folders for path in folder.rglob("*") if path.suffix.lower() in suffixes)


def _seeds(suffix: str) -> list[bytes]:
    found = _files((suffix,), ROOT / "tests" / "formats", ROOT / "tests" / "takes")
    found += _files((suffix,), starter_corpus())[:3]
    return [path.read_bytes() for path in found if path.stat().st_size <= _LARGEST_SEED]


def _maker(seeds: Sequence[bytes], most: int | None) -> Callable[[Random], bytes]:
    """Return a maker of spoilt files, cut to `most` bytes."""
    return lambda rng: spoilt(rng.choice(seeds), seeds, rng)[:most]


def _file_reader(path: Path) -> Callable[[bytes], None]:
    def read(data: bytes) -> None:
        path.write_bytes(data)
        for piece in registry.read_file(path):
            if isinstance(piece, Unread):
                _judge(piece.reason)

    return read


def _judge(reason: str) -> None:
    if reason.startswith(_OUR_LIMITS):
        raise LimitError(reason)
    raise (ReaderError if reason.startswith(_BUG) else JazzgenError)(reason)


def _chord(rng: Random) -> str:
    parts = [rng.choice(_ROOTS), *rng.choices(_QUALITIES, k=rng.randint(0, 3)), rng.choice(_TAILS)]
    if rng.random() < 0.3:
        rng.shuffle(parts)
    text = "".join(parts)
    if rng.random() < 0.2:
        text = text.replace(rng.choice(text or "7"), chr(rng.randrange(0x3000)), 1)
    return text


def _changes(rng: Random) -> str:
    words = [
        _chord(rng) if rng.random() < 0.3 else rng.choice((*_ROOTS[:7], *_QUALITIES[:2], "Dm7", "G7"))
        for _ in range(12)
    ]
    signs = (*_SIGNS, *_OTHER_SIGNS)
    count = rng.choice((3, 10, 30, 100))
    return " ".join(rng.choice(words) if rng.random() < 0.5 else rng.choice(signs) for _ in range(count))


def _config(whole: bytes, rng: Random) -> bytes:
    if rng.random() < 0.5:
        return spoilt(whole, [whole], rng)
    about = spoilt_json(json.loads(whole), rng)
    return json.dumps(sealed(about) if isinstance(about, dict) and rng.random() < 0.8 else about).encode()


def _read_chord(data: bytes) -> None:
    text = data.decode("utf-8", "surrogatepass")
    chord = parse_chord(text)
    if parse_chord(str(chord)) != chord:
        raise ReaderError(f"{text!r} is read as {chord}, which is read as another")


def _read_changes(data: bytes) -> None:
    tune_of_text(data.decode("utf-8", "surrogatepass"))


def _read_model(model: Path, config: bytes) -> None:
    (model / CONFIG_FILE).write_bytes(config)
    load_names_model(model)


def _read_recipe(data: bytes) -> None:
    recipe = json.loads(data)
    if not isinstance(recipe, dict):
        return
    Recipe.from_json(recipe)


@click.command()
@click.option("--seconds", type=float, default=60.0, show_default=True, help="How long.")
@click.option("--count", type=int, help="Inputs for each reader.  [default: as many as fit]")
@click.option("--seed", type=int, help="Same seed, same inputs.  [default: a new one, printed]")
@click.option("--only", multiple=True, metavar="NAME", help="Only these readers, as they are called in the table.")
@click.option(
    "--keep", type=click.Path(path_type=Path), help="Folder for inputs that are faults.  [default: a new one]"
)
def main(seconds: float, count: int | None, seed: int | None, only: tuple[str, ...], keep: Path | None) -> None:
    """Throw spoilt inputs at every reader; exit with 1 if any answers with more than an error of our own."""
    with suppress(ValueError):  # stderr may be no file
        faulthandler.enable()
    seed = secrets.randbelow(2**31) if seed is None else seed
    kept = keep or Path(tempfile.mkdtemp(prefix="jazzgen-fuzz-"))
    kept.mkdir(parents=True, exist_ok=True)
    click.echo(f"seed {seed}; faults are kept in {kept}")
    with tempfile.TemporaryDirectory() as name:
        chosen = [target for target in targets(Path(name)) if not only or target.name in only]
        report = fuzz(chosen, random.Random(seed), kept, seconds=seconds, count=count)
    click.echo(f"{'reader':<14}{'inputs':>8}{'refused':>9}{'limited':>9}{'slowest s':>11}")
    for target in chosen:
        n = target.name
        row = f"{n:<14}{report.tried[n]:>8}{report.refused[n]:>9}{report.limited[n]:>9}"
        click.echo(f"{row}{report.slowest.get(n, 0):>11.2f}")
    click.echo("\n".join(report.faults) or "Nothing but errors of our own.")
    if report.faults:
        raise SystemExit(1)
