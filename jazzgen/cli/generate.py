"""Run `jazzgen generate`."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import click

from jazzgen.band.arrange import Arrangement
from jazzgen.band.touch import strange_to_touch
from jazzgen.cli.band_options import arrangement_from, layout_from
from jazzgen.cli.changes_argument import read_tune
from jazzgen.cli.control_options import read_ear
from jazzgen.cli.options import choose_seed
from jazzgen.cli.retake import retake_bars
from jazzgen.cli.takes import Output, numbered, write_takes
from jazzgen.cli.typed import say
from jazzgen.cli.warned import read_warned
from jazzgen.errors import OptionError
from jazzgen.formats.reading import ReadOptions
from jazzgen.formats.registry import SUFFIXES
from jazzgen.harmony.pitch import Key, pitch_class
from jazzgen.harmony.tunes import Tune, find_tune
from jazzgen.improvise.asking import controls_from
from jazzgen.improvise.models import Model, load_model
from jazzgen.improvise.options import Options
from jazzgen.improvise.primer import Primer
from jazzgen.improvise.written import as_written
from jazzgen.learning.soloist.bundle import Soloist
from jazzgen.music.timing import Meter, ticks_to_beats
from jazzgen.system.extras import require
from jazzgen.system.files import require_writable
from jazzgen.system.places import last_trained, shipped_soloist
from jazzgen.takes.take import Take, make_takes
from jazzgen.takes.titles import made_up_title

_USUAL_TUNE = "blues-f"
# Options that do not go with --retake, the old spelling of `jazzgen retake`: the file decides them, or they concern a
# whole solo.
_NOT_OF_RETAKE = (
    *("changes", "tune_name", "tune_number", "meter", "key", "transpose", "title", "choruses", "tempo"),
    *("join_repeats", "primer", "melody", "primer_before", "keep", "ear", "beam", "straight"),
    *("style", "band", "solo_only", "mute"),
    *("comping", "bass", "intro", "ending", "any_meter", "laid_back"),
    *("touch", "dynamics", "player", "gestures"),
)


def generate(
    model: Path | None,
    changes: str | None,
    tune_name: str | None,
    tune_number: int | None,
    meter: str | None,
    key: str | None,
    transpose: int | None,
    title: str | None,
    choruses: int,
    tempo: float | None,
    join_repeats: bool,
    primer: str | None,
    melody: str | None,
    primer_before: bool,
    best_of: int | None,
    keep: int | None,
    ear: str | None,
    beam: int | None,
    retake: Path | None,
    bars: str | None,
    seed: int | None,
    picture: bool,
    out: Path,
    **asked: Any,
) -> None:
    if picture:
        require("plots")

    chosen = choose_seed(seed)
    if retake is not None or bars is not None:
        if retake is None or bars is None:
            raise click.UsageError("to play bars of a solo anew, type jazzgen retake FILE --bars A-B")
        _check_retake()
        hold = partial(controls_from, asked)
        output = Output(layout_from(asked), picture=picture, stems=asked["stems"])
        retake_bars(retake, bars, hold, model or shipped_soloist(), best_of, asked["swing"], chosen, out, output)
        return
    model = model or last_trained() or shipped_soloist()
    original = _tune(changes, tune_name, meter, tune_number, melody if primer is None else None)
    form = _moved(original, key, transpose)
    options = Options(
        choruses=choruses,
        bpm=form.bpm if tempo is None else tempo,
        join_repeats=join_repeats,
        primer=None if primer is None else _primer(primer, melody),
        primer_before=primer_before,
        takes=1 if best_of is None else best_of,
        tag=asked["ending"],
        beam=beam,
        ear=read_ear(ear),
    )
    outs = _outs(out, keep, options.takes)
    player = load_model(model)
    _warn_of_meters(player, form)
    options = replace(options, controls=controls_from(asked, player))
    tune = replace(form, title=title or made_up_title(chosen))
    how = _arrangement(player, asked)
    takes = make_takes(player, tune, options, how, seed=chosen, keep=len(outs))
    over = f"of {form.title}{_move_text(original.key, form.key)}, {options.bpm:g} bpm, by {model}, seed {chosen}."
    output = Output(layout_from(asked), picture=picture, stems=asked["stems"])
    runs = getattr(player, "runs", None)
    write_takes(takes, outs, over, output, runs)
    if how.perform and how.touch:
        _warn_of_touch(takes.best[0])
    if changes is None and tune_name is None:
        say(
            f"That was over {_USUAL_TUNE}: 'jazzgen tunes' lists others, and for your own changes type "
            "jazzgen generate --changes 'Dm7 G7 | Cmaj7'"
        )


def _check_retake() -> None:
    """Print the new spelling; raise UsageError if an option is given that does not go with a retake."""
    say(
        "note: 'generate --retake FILE' is now jazzgen retake FILE --bars A-B; the next version knows that alone",
        err=True,
    )
    context = click.get_current_context()
    given = click.core.ParameterSource.COMMANDLINE
    for option in context.command.params:
        if option.name in _NOT_OF_RETAKE and context.get_parameter_source(option.name) == given:
            raise click.UsageError(f"{option.opts[0]} does not go with --retake")


def _outs(out: Path, keep: int | None, takes: int) -> list[Path]:
    """Return the files to write, and check that each can be written."""
    count = 1 if keep is None else keep
    if not 1 <= count <= takes:
        raise OptionError(f"--keep {count}: keep 1 or more, and play as many or more with --best-of")
    for path in numbered(out, count):
        require_writable(path)
    return numbered(out, count)


def _arrangement(model: Model, asked: Mapping[str, Any]) -> Arrangement:
    """Return the arrangement. A soloist chooses how long notes sound; a grammar model's notes are shortened instead."""
    return arrangement_from(asked, articulate=not isinstance(model, Soloist))


def _warn_of_meters(model: Model, tune: Tune) -> None:
    """Warn on stderr of meters that the model has not learnt."""
    if not isinstance(model, Soloist):
        return
    known = model.config.meters
    strange = dict.fromkeys(
        str(meter) for _, meter in tune.chart.meters if ticks_to_beats(meter.bar_ticks) not in known
    )
    if strange:
        learnt = ", ".join(f"{beats:g}" for beats in known)
        click.echo(
            f"warning: {', '.join(strange)}: model '{model.name}' has learnt bars of {learnt} quarter notes alone; "
            "it plays, and knows less of these",
            err=True,
        )


def _warn_of_touch(take: Take) -> None:
    """Print a warning for what the model of touch has never heard: a tempo, an instrument."""
    for what in strange_to_touch(take.written):
        click.echo(f"warning: {what}: touch has learnt none like it; it plays, and knows less of these", err=True)


def _primer(argument: str, melody: str | None) -> Primer:
    """Read a primer from text or from a file."""
    path = Path(argument)
    if path.suffix.lower() not in SUFFIXES:
        return Primer.parse(argument)
    score = as_written(read_warned(path, ReadOptions(melody), cures={}))
    return Primer.of(score.melody.notes, list(score.bars()))


def _tune(changes: str | None, name: str | None, meter: str | None, number: int | None, melody: str | None) -> Tune:
    if changes is not None and name is not None:
        raise click.UsageError("give either --changes 'Dm7 | G7 | Cmaj7 | %' or --tune NAME")
    if changes is not None:
        return read_tune(changes, Meter.parse(meter) if meter else None, number, melody)
    if number:
        raise click.UsageError("--tune-number goes with --changes, for a file or a link that holds several tunes")
    if meter:
        raise click.UsageError("--meter goes with --changes; a tune has its own")
    return find_tune(name or _USUAL_TUNE)


def _moved(tune: Tune, key: str | None, semitones: int | None) -> Tune:
    if key and semitones is not None:
        raise click.UsageError("give either --key or --transpose")
    return tune.in_key(Key.parse(key)) if key else tune.transposed(semitones or 0)


def _move_text(start: Key, target: Key) -> str:
    """Describe how the key changed, by the shorter way."""
    if start == target:
        return ""
    steps = (pitch_class(target.tonic) - pitch_class(start.tonic) + 5) % 12 - 5
    direction = f"{'up' if steps > 0 else 'down'} {abs(steps)} half step{'s' * (abs(steps) > 1)} "
    return f" moved {direction if steps else ''}from {start} to {target}"
