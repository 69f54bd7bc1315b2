"""`jazzgen generate`."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from jazzgen.cli.band_options import arrangement_from, band_options, layout_from
from jazzgen.cli.control_options import EAR_OPTION, control_options, read_ear
from jazzgen.cli.options import choose_seed
from jazzgen.cli.retake import retake_bars
from jazzgen.cli.takes import Output, numbered, write_takes
from jazzgen.cli.typed import say
from jazzgen.errors import OptionError
from jazzgen.system.extras import require
from jazzgen.system.quiet import compute_in_one_thread

if TYPE_CHECKING:
    from jazzgen.band.arrange import Arrangement
    from jazzgen.harmony.pitch import Key
    from jazzgen.harmony.tunes import Tune
    from jazzgen.improvise.models import Model
    from jazzgen.improvise.primer import Primer

_USUAL_TUNE = "blues-f"
# What --retake, as `jazzgen retake` was spelled, leaves no choice of: the file says it, or it is about a whole solo.
_NOT_OF_RETAKE = (
    *("changes", "tune_name", "tune_number", "meter", "key", "transpose", "title", "choruses", "tempo"),
    *("join_repeats", "primer", "primer_before", "keep", "ear", "beam", "straight"),
    *("style", "band", "solo_only", "mute"),
    *("comping", "intro", "ending", "any_meter", "laid_back"),
)


@click.command()
@click.option(
    "--model",
    type=click.Path(path_type=Path),
    help="Folder of a trained model.  [default: the one trained last, or else models/soloist, which comes along]",
)
@click.option(
    "--changes",
    metavar="TEXT|FILE|-",
    help="Chord changes, as in 'Dm7 G7alt | Cmaj7 | F7 . . Bb7 | %', or a file of them, or - to read them in.",
)
@click.option(
    "--tune",
    "tune_name",
    metavar="NAME",
    help="Built-in changes instead; 'jazzgen tunes' lists them.  [default without --changes: blues-f]",
)
@click.option(
    "--tune-number", type=click.IntRange(1), metavar="N", help="Which tune of --changes, if it holds several."
)
@click.option("--meter", help="Meter of --changes.  [default: what they say, or 4/4]")
@click.option("--key", metavar="KEY", help="Play in this key, as in Bb or F#m.  [default: the tune's own]")
@click.option("--transpose", type=int, metavar="N", help="Play so many half steps higher, or lower if negative.")
@click.option("--title", help="Title of the piece; one is made up if not given.")
@click.option("--choruses", type=int, default=1, show_default=True, help="Times through the changes.")
@click.option("--tempo", type=float, help="Quarter notes a minute.  [default: the tune's, or 140]")
@control_options
@click.option("--join-repeats", is_flag=True, help="One long note instead of one struck again at once.")
@click.option(
    "--primer", metavar="TEXT|FILE", help="Begin with these notes: 'C4:1/2 Eb4:1/2 G4:1 r:1', or a MIDI file."
)
@click.option("--primer-before", is_flag=True, help="The primer is heard as if right before bar 1, and left out.")
@click.option("--best-of", type=int, metavar="N", help="Play N takes and choose the best.")
@click.option("--keep", type=int, metavar="N", help="Write the N best of --best-of: out.mid, out-2.mid, ...")
@EAR_OPTION
@click.option("--beam", type=int, metavar="N", help="Search for the likeliest solo, N under way, instead of chance.")
@click.option("--retake", type=click.Path(path_type=Path), hidden=True)
@click.option("--bars", hidden=True)
@band_options
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
    """Improvise over chord changes and write a MIDI file; 'jazzgen retake' plays some bars of one anew.

    A CURVE is a value for each of some bars, with straight lines between, as in '1:0.8 9:1.2'; bars count from 1
    through all choruses. docs/controls.md says what each control does.
    """
    compute_in_one_thread()
    if picture:
        require("plots")
    from jazzgen.improvise.asking import controls_from  # noqa: PLC0415
    from jazzgen.improvise.models import load_model  # noqa: PLC0415
    from jazzgen.improvise.options import Options  # noqa: PLC0415
    from jazzgen.system.places import last_trained, shipped_soloist  # noqa: PLC0415
    from jazzgen.takes.take import make_takes  # noqa: PLC0415
    from jazzgen.takes.titles import made_up_title  # noqa: PLC0415

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
    original = _tune(changes, tune_name, meter, tune_number)
    form = _moved(original, key, transpose)
    options = Options(
        choruses=choruses,
        bpm=form.bpm if tempo is None else tempo,
        join_repeats=join_repeats,
        primer=None if primer is None else _primer(primer),
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
    tune, how = replace(form, title=title or made_up_title(chosen)), _arrangement(player, asked)
    takes = make_takes(player, tune, options, how, seed=chosen, keep=len(outs))
    over = f"of {form.title}{_move_text(original.key, form.key)}, {options.bpm:g} bpm, by {model}, seed {chosen}."
    output, runs = Output(layout_from(asked), picture=picture, stems=asked["stems"]), getattr(player, "runs", None)
    write_takes(takes, outs, over, output, runs)
    if changes is None and tune_name is None:
        say(
            f"That was over {_USUAL_TUNE}: 'jazzgen tunes' lists others, and for your own changes type "
            "jazzgen generate --changes 'Dm7 G7 | Cmaj7'"
        )


def _check_retake() -> None:
    """Says how it is spelled now; UsageError if an option is given that a retake has no use for."""
    say(
        "note: 'generate --retake FILE' is now jazzgen retake FILE --bars A-B; the next version knows that alone",
        err=True,
    )
    context, given = click.get_current_context(), click.core.ParameterSource.COMMANDLINE
    for option in context.command.params:
        if option.name in _NOT_OF_RETAKE and context.get_parameter_source(option.name) == given:
            raise click.UsageError(f"{option.opts[0]} does not go with --retake")


def _outs(out: Path, keep: int | None, takes: int) -> list[Path]:
    """The files to write, all of which can be."""
    from jazzgen.system.files import require_writable  # noqa: PLC0415 - help stays quick

    count = 1 if keep is None else keep
    if not 1 <= count <= takes:
        raise OptionError(f"--keep {count}: keep 1 or more, and play as many or more with --best-of")
    for path in numbered(out, count):
        require_writable(path)
    return numbered(out, count)


def _arrangement(model: "Model", asked: Mapping[str, Any]) -> "Arrangement":
    """How a solo is played; a soloist has chosen how long each note sounds, a grammar model only how it is written."""
    from jazzgen.learning.soloist.bundle import Soloist  # noqa: PLC0415 - help stays quick

    return arrangement_from(asked, articulate=not isinstance(model, Soloist))


def _warn_of_meters(model: "Model", tune: "Tune") -> None:
    """Says on stderr which bars the model has not learnt."""
    from jazzgen.learning.soloist.bundle import Soloist  # noqa: PLC0415 - help stays quick
    from jazzgen.music.timing import ticks_to_beats  # noqa: PLC0415

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


def _primer(argument: str) -> "Primer":
    """Notes as text, or those of a file."""
    from jazzgen.corpus import read_score  # noqa: PLC0415 - help stays quick
    from jazzgen.formats.registry import SUFFIXES  # noqa: PLC0415
    from jazzgen.improvise.primer import Primer  # noqa: PLC0415
    from jazzgen.improvise.written import as_written  # noqa: PLC0415

    path = Path(argument)
    if path.suffix.lower() not in SUFFIXES:
        return Primer.parse(argument)
    score = as_written(read_score(path))
    return Primer.of(score.melody.notes, list(score.bars()))


def _tune(changes: str | None, name: str | None, meter: str | None, number: int | None) -> "Tune":
    from jazzgen.cli.changes_argument import read_tune  # noqa: PLC0415 - help stays quick
    from jazzgen.harmony.tunes import find_tune  # noqa: PLC0415
    from jazzgen.music.timing import Meter  # noqa: PLC0415

    if changes is not None and name is not None:
        raise click.UsageError("give either --changes 'Dm7 | G7 | Cmaj7 | %' or --tune NAME")
    if changes is not None:
        return read_tune(changes, Meter.parse(meter) if meter else None, number)
    if number:
        raise click.UsageError("--tune-number goes with --changes, for a file or a link that holds several tunes")
    if meter:
        raise click.UsageError("--meter goes with --changes; a tune has its own")
    return find_tune(name or _USUAL_TUNE)


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
