"""`jazzgen generate`."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jazzgen.cli.columns import counted
from jazzgen.cli.options import choose_seed

if TYPE_CHECKING:
    from jazzgen.harmony.pitch import Key
    from jazzgen.harmony.tunes import Tune
    from jazzgen.score import Score

DEFAULT_MODEL = Path("models/demo")
_OPEN_IN = (
    "Drag it into a DAW's arrangement (Ableton, Logic, Reaper, Cubase, FL Studio, GarageBand), or File > Import > MIDI."
)


@click.command()
@click.option(
    "--model",
    type=click.Path(path_type=Path),
    default=DEFAULT_MODEL,
    show_default=True,
    help="Folder of a trained model.",
)
@click.option(
    "--changes",
    metavar="TEXT|FILE|-",
    help="Chord changes, as in 'Dm7 G7alt | Cmaj7 | F7 . . Bb7 | %', or a file of them, or - to read them in.",
)
@click.option("--tune", "tune_name", metavar="NAME", help="Built-in changes instead; 'jazzgen tunes' lists them.")
@click.option("--meter", help="Meter of --changes.  [default: what they say, or 4/4]")
@click.option("--key", metavar="KEY", help="Play in this key, as in Bb or F#m.  [default: the tune's own]")
@click.option("--transpose", type=int, metavar="N", help="Play so many half steps higher, or lower if negative.")
@click.option("--title", help="Title of the piece; one is made up if not given.")
@click.option("--choruses", type=int, default=1, show_default=True, help="Times through the changes.")
@click.option("--tempo", type=float, help="Quarter notes a minute.  [default: the tune's, or 140]")
@click.option(
    "--temperature", type=float, default=1.0, show_default=True, help="1 as learnt, lower safer, higher bolder."
)
@click.option("--top-k", type=int, help="Choose among so many likeliest tokens.")
@click.option("--top-p", type=float, help="Choose among the likeliest tokens that hold this much probability.")
@click.option("--join-repeats", is_flag=True, help="One long note instead of one struck again at once.")
@click.option(
    "--swing", type=float, metavar="RATIO", help="First eighth over second: 1 even, 2 triplets.  [default: by tempo]"
)
@click.option("--straight", is_flag=True, help="Even eighths, whatever the model learnt.")
@click.option("--solo-only", is_flag=True, help="No chord track.")
@click.option("--seed", type=int, help="Same seed, same bytes.  [default: a new one, printed]")
@click.option("--picture", is_flag=True, help="Also draw a piano roll beside the MIDI file.")
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    default=Path("solo.mid"),
    show_default=True,
    help="MIDI file to write.",
)
def generate(
    model: Path,
    changes: str | None,
    tune_name: str | None,
    meter: str | None,
    key: str | None,
    transpose: int | None,
    title: str | None,
    choruses: int,
    tempo: float | None,
    temperature: float,
    top_k: int | None,
    top_p: float | None,
    join_repeats: bool,
    swing: float | None,
    straight: bool,
    solo_only: bool,
    seed: int | None,
    picture: bool,
    out: Path,
) -> None:
    """Improvise over chord changes and write a MIDI file."""
    from jazzgen.arrange import Arrangement  # noqa: PLC0415 - help stays quick
    from jazzgen.files import require_writable  # noqa: PLC0415
    from jazzgen.improvise import Options  # noqa: PLC0415
    from jazzgen.midifile import write_midi  # noqa: PLC0415
    from jazzgen.network.bundle import load_bundle  # noqa: PLC0415
    from jazzgen.take import make_take  # noqa: PLC0415

    original, chosen = _tune(changes, tune_name, meter), choose_seed(seed)
    form = _moved(original, key, transpose)
    options = Options(
        choruses=choruses,
        bpm=form.bpm if tempo is None else tempo,
        temperature=temperature,
        top_k=top_k,
        top_p=top_p,
        join_repeats=join_repeats,
        feel="straight" if straight else None,
    )
    require_writable(out)
    tune = replace(form, title=title or _made_up_title(chosen))
    take = make_take(load_bundle(model), tune, options, Arrangement(comping=not solo_only, swing=swing), seed=chosen)
    write_midi(take.played, out, take.recipe)
    bars = sum(1 for _ in take.written.bars())
    what = (
        f"'{tune.title}', {counted(len(take.written.melody.notes), 'note')} over {counted(bars, 'bar')} of {form.title}"
    )
    click.echo(f"{out}: {what}{_move_text(original.key, form.key)}, {options.bpm:g} bpm, seed {chosen}.")
    if picture:
        _draw(take.written, out.with_suffix(".png"))
    click.echo(_OPEN_IN)


def _draw(score: "Score", path: Path) -> None:
    from jazzgen.plots import write_piano_roll  # noqa: PLC0415 - brings matplotlib

    write_piano_roll(score, path)
    click.echo(f"{path}: its piano roll.")


def _made_up_title(seed: int) -> str:
    """From a stream of its own, so that a title changes no note."""
    import numpy as np  # noqa: PLC0415 - help stays quick

    from jazzgen.titles import name_tune  # noqa: PLC0415

    return name_tune(np.random.default_rng([seed, 1]))


def _tune(changes: str | None, name: str | None, meter: str | None) -> "Tune":
    from jazzgen.cli.changes_argument import read_tune  # noqa: PLC0415 - help stays quick
    from jazzgen.harmony.tunes import find_tune  # noqa: PLC0415
    from jazzgen.timing import Meter  # noqa: PLC0415

    if changes is not None and name is None:
        return read_tune(changes, Meter.parse(meter) if meter else None)
    if name is None or changes is not None:
        raise click.UsageError("give either --changes 'Dm7 | G7 | Cmaj7 | %' or --tune NAME")
    if meter:
        raise click.UsageError("--meter goes with --changes; a tune has its own")
    return find_tune(name)


def _moved(tune: "Tune", key: str | None, semitones: int | None) -> "Tune":
    from jazzgen.harmony.pitch import Key  # noqa: PLC0415 - help stays quick

    if key and semitones is not None:
        raise click.UsageError("give either --key or --transpose")
    return tune.in_key(Key.parse(key)) if key else tune.transposed(semitones or 0)


def _move_text(start: "Key", target: "Key") -> str:
    """How the key changed, the nearest way."""
    from jazzgen.harmony.pitch import pitch_class  # noqa: PLC0415 - help stays quick

    if start == target:
        return ""
    steps = (pitch_class(target.tonic) - pitch_class(start.tonic) + 5) % 12 - 5
    direction = f"{'up' if steps > 0 else 'down'} {abs(steps)} half step{'s' * (abs(steps) > 1)} "
    return f" moved {direction if steps else ''}from {start} to {target}"
