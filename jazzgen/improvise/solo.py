"""Improvise over a tune with any model: one solo, or several to choose from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from jazzgen.errors import OptionError
from jazzgen.harmony.tunes import Tune
from jazzgen.improvise.beam import beam_search
from jazzgen.improvise.by_ear import play_by_ear
from jazzgen.improvise.controls import Controls, Target
from jazzgen.improvise.critics import Verdict, check_human, judge
from jazzgen.improvise.form import form_score, led_in
from jazzgen.improvise.grammar import grammar_notes
from jazzgen.improvise.models import Model
from jazzgen.improvise.options import EAR_CANDIDATES, Options
from jazzgen.improvise.plan import follow_plans
from jazzgen.improvise.play import NotBefore, Tally, hear, play, solo_notes
from jazzgen.improvise.policy import Policy, who_of
from jazzgen.improvise.primer import Primer
from jazzgen.improvise.usual import in_groove
from jazzgen.learning.grammar.bundle import Bundle
from jazzgen.learning.soloist.bundle import Soloist
from jazzgen.learning.soloist.stage import Stage
from jazzgen.music.melody import Notes, without_repeats
from jazzgen.music.score import TENOR_SAX, Part, Score
from jazzgen.music.timing import TICKS_PER_TATUM, ticks_to_beats

SOLO_NAME = "Solo"
SOLO_CHANNEL = 0
SOLO_VOLUME = 110  # set by ear
_MOST_ROWS = 256  # solos played side by side, candidates included; set by hand


@dataclass(frozen=True, slots=True)
class Judged:
    """A solo as written, with the critics' verdict if they were asked."""

    score: Score
    verdict: Verdict | None = None


def improvise(model: Model, tune: Tune, options: Options = Options(), *, rng: np.random.Generator) -> Score:
    """Improvise a solo as written: even eighths, one velocity; `band.arrange` performs it.

    Notes come one at a time, on the grid, and the last ends with the form. Of several takes it is the best.

    Raises:
        OptionError: when the model cannot do what is asked for, or the form is too long or too short for it.

    Example:
        >>> from jazzgen.harmony.tunes import find_tune
        >>> from jazzgen.improvise.models import load_model
        >>> from jazzgen.system.places import shipped_soloist
        >>> solo = improvise(load_model(shipped_soloist()), find_tune("blues-f"), rng=np.random.default_rng(7))
        >>> len(list(solo.bars())), solo.melody.is_monophonic
        (12, True)
    """
    return improvise_takes(model, tune, options, rng=rng)[0].score


def improvise_takes(
    model: Model, tune: Tune, options: Options = Options(), *, rng: np.random.Generator
) -> list[Judged]:
    """Improvise all takes and return them, the one nearest to human solos first."""
    feel = options.feel or ("straight" if tune.straight else model.config.feel)
    form = form_score(tune, options.choruses, options.bpm, feel, tag=options.tag)
    if isinstance(model, Bundle):
        _check_for_grammar(model, options)
        return [Judged(_solo(form, grammar_notes(model, form, options.controls, rng=rng), options))]
    options = replace(options, controls=in_groove(options.controls, feel))
    human = check_human(model.config.human, model.name) if options.takes > 1 else None
    lines = soloist_lines(model, tune, form, options, rng=rng)
    scores = [_solo(form, notes, options) for notes, _ in lines]
    if human is None:
        return [Judged(score) for score in scores]
    verdicts = [judge(score, human, likely) for score, (_, likely) in zip(scores, lines, strict=True)]
    ranking = sorted(range(len(scores)), key=lambda take: verdicts[take].distance)
    return [Judged(scores[take], verdicts[take]) for take in ranking]


def _check_for_grammar(model: Bundle, options: Options) -> None:
    asked = {"a primer": options.primer, "best of several": options.takes > 1, "beam search": options.beam}
    for what, value in asked.items():
        if value:
            raise OptionError(f"{what}: grammar model '{model.name}' cannot do it; leave it out, or give a soloist")


def _solo(form: Score, notes: Notes, options: Options) -> Score:
    line = without_repeats(notes) if options.join_repeats else notes
    return form.with_parts(Part(SOLO_NAME, line, TENOR_SAX, SOLO_CHANNEL, SOLO_VOLUME))


def soloist_lines(
    soloist: Soloist, tune: Tune, form: Score, options: Options, *, rng: np.random.Generator
) -> list[tuple[Notes, float]]:
    """Return the notes of each take and its mean log-probability of a choice, 0 unless there are several takes."""
    stage, start = _stage(tune, form, options)
    policy = NotBefore(Policy(options.controls, stage, soloist), _primed_until(options.primer, start))
    session = _begun(soloist, stage, options)
    if options.beam is not None:
        follow_plans(session, soloist, stage, options.controls, rng=rng)
        return [(solo_notes(beam_search(session, policy, stage, options.beam), 0, start, form.end), 0.0)]
    lines = []
    for takes in _side_by_side(soloist, options):
        many = session.take(np.zeros(takes, int))
        follow_plans(many, soloist, stage, options.controls, rng=rng)
        if soloist.ear is None or options.ear == 1:
            means = play(many, policy, stage.end, rng=rng, weigh=options.takes > 1)
        else:
            many, means = play_by_ear(many, policy, stage, soloist.ear, options.ear, rng=rng, weigh=options.takes > 1)
        lines += [(solo_notes(many, row, start, form.end), float(mean)) for row, mean in enumerate(means)]
    return lines


def _side_by_side(soloist: Soloist, options: Options) -> Iterator[int]:
    """Yield how many takes to play at once: all, or as many as `_MOST_ROWS` allows with the ear's candidates."""
    at_once = options.takes if soloist.ear is None else max(_MOST_ROWS // options.ear, 1)
    for start in range(0, options.takes, at_once):
        yield min(at_once, options.takes - start)


def notes_over(
    soloist: Soloist, form: Score, controls: Controls, ear: int = EAR_CANDIDATES, *, rng: np.random.Generator
) -> Notes:
    """Improvise over the changes of any score; the soloist's ear, if it has one, chooses from `ear` continuations."""
    stage = Stage.of(form)
    held = in_groove(controls, form.feel)
    session = Tally(soloist.net, soloist.memory, stage, 1, who_of(held, soloist))
    policy = Policy(held, stage, soloist)
    follow_plans(session, soloist, stage, held, rng=rng)
    if soloist.ear is None or ear == 1:
        play(session, policy, stage.end, rng=rng)
    else:
        session, _ = play_by_ear(session, policy, stage, soloist.ear, ear, rng=rng)
    return solo_notes(session, 0, 0, form.end)


def _primed_until(primer: Primer | None, start: int) -> int:
    """Return the tatum before which the model plays nothing."""
    return start if primer is None or start else primer.ticks // TICKS_PER_TATUM


def _stage(tune: Tune, form: Score, options: Options) -> tuple[Stage, int]:
    """Return the stage and the tatum where the form starts on it, after the bars of a primer heard before the form."""
    if options.primer is None:
        return Stage.of(form), 0
    if options.primer.ticks > form.end:
        raise OptionError(
            f"the primer lasts {ticks_to_beats(options.primer.ticks):g} quarter notes, the form "
            f"{ticks_to_beats(form.end):g}; shorten it, or play more choruses"
        )
    if not options.primer_before:
        _check_targets(options.controls.targets, options.primer, form)
        return Stage.of(form), 0
    choruses = -(-options.primer.ticks // tune.chart.end)
    longer = form_score(tune, options.choruses + choruses, options.bpm, form.feel, tag=options.tag)
    return led_in(longer, choruses * tune.chart.end, options.primer.ticks)


def _check_targets(targets: Sequence[Target], primer: Primer, form: Score) -> None:
    """Raise OptionError if a target is where the primer plays something else."""
    starts = {bar.number: bar.onset for bar in form.bars()}
    played = {(note.onset, note.pitch) for note in primer.notes}
    for target in targets:
        tick = starts.get(target.bar, primer.ticks) + target.tatum * TICKS_PER_TATUM
        if tick < primer.ticks and not any((tick, pitch) in played for pitch in target.pitches):
            raise OptionError(f"target '{target}': the primer has another note there, or none; move it past the primer")


def _begun(soloist: Soloist, stage: Stage, options: Options) -> Tally:
    """Start a session of one solo that has heard the primer, if there is one."""
    session = Tally(soloist.net, soloist.memory, stage, 1, who_of(options.controls, soloist))
    if options.primer:
        hear(session, options.primer.arrays())
    return session
