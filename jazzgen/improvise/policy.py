"""Policy: the soloist's logits, bent by the controls, without what the guards forbid."""

import difflib
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from jazzgen.codec.events import IOIS
from jazzgen.errors import OptionError
from jazzgen.improvise.controls import OCTAVE, Controls, Curve
from jazzgen.improvise.form import bars_of
from jazzgen.improvise.guards import Breath, Haste, InForm, Stuck, silence
from jazzgen.improvise.quotes import Quotes, quotes_of
from jazzgen.improvise.recall import Recall
from jazzgen.improvise.sayings import Sayings
from jazzgen.improvise.steering import Steering
from jazzgen.improvise.syncopation import Syncopation
from jazzgen.improvise.targets import Targets
from jazzgen.learning.sampling import nucleus_mask, softmax, top_k_mask
from jazzgen.learning.soloist.bounds import HIGHEST, LOWEST
from jazzgen.learning.soloist.bundle import Soloist
from jazzgen.learning.soloist.moments import CLASSES, WIDEST, PartName
from jazzgen.learning.soloist.session import Session
from jazzgen.learning.soloist.stage import Stage

_STEPS = np.arange(CLASSES["pitch"]) - WIDEST
_LOG_IOIS = np.log(np.maximum(IOIS, 1)).astype(np.float32)
# Exponent of the ioi in its odds, for each factor e of density below 1 and above; set by hand. docs/controls.md has the
# densities that come out.
_THINNER = 1.0
_DENSER = 1.5
_SILENT_TATUMS = 4  # more than a sixteenth, as in `metrics.rhythm.rest_share`
_REGISTER_SD = 6.0  # semitones; set by hand
_OUTSIDE_STRENGTH = 1.0  # log-odds of a note outside the scale for `outside` 1; set by hand
_NEVER = np.float32(-np.inf)
_REACHED = np.arange(128)[:, None] + _STEPS
# (pitches, classes): -inf for steps from a pitch off the piano.
_INSTRUMENT = np.where((_REACHED >= LOWEST) & (_REACHED <= HIGHEST), np.float32(0), _NEVER)
# Returns what to add to scores (m, classes), or a mask of what to forbid; None for nothing.
Rule = Callable[[Session], np.ndarray | None]


def who_of(controls: Controls, soloist: Soloist) -> tuple[int, int, int]:
    """Return the columns of performer, school and groove.

    Raises:
        OptionError: when the soloist does not know one of them.
    """
    config = soloist.config
    _check_known("performer", controls.performer, config.performers, soloist.name)
    _check_known("school", controls.school, config.styles, soloist.name)
    return config.who.columns(controls.performer, controls.school, controls.groove)


def _check_known(what: str, name: str, known: Sequence[str], model: str) -> None:
    if name and name not in known:
        near = difflib.get_close_matches(name, known, 3, 0.4) or known[:8]
        named = f"it knows {', '.join(near)}" if near else "it knows none by name"
        raise OptionError(f"{what} '{name}': model '{model}' has not heard of it; {named}")


class Policy:
    """Scores choices. It keeps no state: everything it needs is in the session, so solos can be copied freely.

    Guards apply one by one, the most binding first; a guard that would leave nothing is skipped.
    """

    def __init__(self, controls: Controls, stage: Stage, soloist: Soloist) -> None:
        """Prepare the rules for controls on a stage.

        Raises:
            OptionError: when a target is outside the form.
        """
        self._controls = controls
        self._stage = stage
        self._bars = bars_of(stage)
        rhythm = self._along(controls.rhythm_temperature, 1)
        pitch = self._along(controls.pitch_temperature, 1)
        self._temperatures = {"ioi": rhythm, "pitch": pitch, "duration": rhythm}
        self._motifs = self._along(controls.motifs, 1)
        recall = None if soloist.runs is None else Recall(soloist.runs)
        quotes = self._quotes = quotes_of(soloist, controls.max_quote, recall) if controls.max_quote else None
        targets = Targets(controls, stage) if controls.targets else None
        steering = Steering(stage)
        self._biases: dict[PartName, list[Rule]] = {
            "ioi": [*self._ioi_biases(), steering.ioi_bias],
            "pitch": [*self._pitch_biases(recall), steering.step_bias],
            "duration": [],
        }
        self._guards: dict[PartName, list[Rule]] = {
            "ioi": list(_ioi_guards(stage, targets, quotes)),
            "pitch": list(self._pitch_guards(soloist, targets)),
            "duration": [],
        }

    def scores(self, session: Session) -> np.ndarray:
        """Return log-probabilities (m, classes) of the next choice up to a constant, -inf where forbidden.

        At least one in each row is finite.
        """
        part = session.part
        scores = (
            session.logits()
            if self._motifs is None
            else session.logits(motif_strength=self._here(self._motifs, session)[:, None, None])
        )
        temperature = self._temperatures[part]
        if temperature is not None:
            scores = scores / self._here(temperature, session)[:, None]
        for bias in self._biases[part]:
            extra = bias(session)
            if extra is not None:
                scores = scores + extra
        if part == "pitch" and self._quotes:
            scores = self._unquoted(scores, self._quotes, session)
        for guard in self._guards[part]:
            forbidden = guard(session)
            if forbidden is not None:
                scores = _without(scores, forbidden)
        return self._filtered(scores)

    def _unquoted(self, scores: np.ndarray, quotes: Quotes, session: Session) -> np.ndarray:
        """Forbid quotes in scores (m, classes); add to `session.left` the log of the share that remains."""
        forbidden = quotes.forbidden(session)
        if forbidden is None:
            return scores
        left = _without(scores, forbidden)
        session.left += np.logaddexp.reduce(left, axis=1) - np.logaddexp.reduce(scores, axis=1)
        return left

    def _filtered(self, scores: np.ndarray) -> np.ndarray:
        top_k = self._controls.top_k
        top_p = self._controls.top_p
        if top_k is not None:
            scores = np.where(top_k_mask(scores, top_k), scores, -np.inf)
        if top_p is not None:
            scores = np.where(nucleus_mask(softmax(scores), top_p), scores, -np.inf)
        return scores

    def _along(self, curve: Curve, neutral: float) -> np.ndarray | None:
        """Return the curve's value at each tatum of the stage; None if it is neutral everywhere."""
        return None if curve.is_all(neutral) else curve.at(self._bars).astype(np.float32)

    def _here(self, values: np.ndarray, session: Session) -> np.ndarray:
        """Return the values, given by tatum, where the last notes start (m,)."""
        return values[np.minimum(session.onset, len(values) - 1)]

    def _ioi_biases(self) -> Iterator[Rule]:
        density = self._along(self._controls.density, 1)
        rests = self._along(self._controls.rests, 1)
        if density is not None:
            tilt = -np.log(density) * np.where(density < 1, _THINNER, _DENSER)
            yield lambda session: self._here(tilt, session)[:, None] * _LOG_IOIS
        if rests is not None:
            odds = np.log(rests)
            yield lambda session: self._here(odds, session)[:, None] * silence(session, _SILENT_TATUMS)
        syncopation = self._along(self._controls.syncopation, 1)
        if syncopation is not None:
            yield Syncopation(syncopation, self._stage).bias
        yield Breath().bias
        yield InForm(self._stage).bias

    def _pitch_biases(self, recall: Recall | None) -> Iterator[Rule]:
        if recall is not None:
            yield Sayings(recall).bias
        yield lambda session: _INSTRUMENT[session.pitch]
        if self._controls.register is not None:
            register = self._controls.register.at(self._bars).astype(np.float32)
            yield lambda session: _near(session.pitch, self._here(register, session))
        outside = self._along(self._controls.outside, 0)
        if outside is not None:
            table = _outside_table(self._stage)
            harmony = self._stage.harmony
            yield (
                lambda session: (
                    self._here(outside, session)[:, None] * table[self._here(harmony, session), session.pitch % 12]
                )
            )

    def _pitch_guards(self, soloist: Soloist, targets: Targets | None) -> Iterator[Rule]:
        if targets:
            yield targets.missed
        ranges, which = np.unique(_ranges(self._controls, soloist, self._bars), axis=0, return_inverse=True)
        tables = np.stack([_out_of_range(low, high) for low, high in ranges.tolist()])
        place = which.ravel()
        yield lambda session: tables[self._here(place, session), session.pitch]
        yield _beyond_plan
        yield Stuck().forbidden


def _ioi_guards(stage: Stage, targets: Targets | None, quotes: Quotes | None) -> Iterator[Rule]:
    if targets:
        yield targets.jumped_over
    if targets and quotes:
        yield lambda session: _quoting(session, targets, quotes)
    yield Haste(stage).forbidden


def _quoting(session: Session, targets: Targets, quotes: Quotes) -> np.ndarray | None:
    """Return a mask (m, classes) of iois that reach a target where all pitches would quote: one must come first."""
    forbidden = quotes.forbidden(session)
    if forbidden is None:
        return None
    return targets.arrives(session) & targets.unreachable(session, forbidden)[:, None]


def _without(scores: np.ndarray, forbidden: np.ndarray) -> np.ndarray:
    """Set forbidden scores (m, classes) to -inf, except in rows where that would leave nothing."""
    left = np.where(forbidden, _NEVER, scores)
    some = left.max(axis=1) > _NEVER
    return left if some.all() else np.where(some[:, None], left, scores)


def _near(pitch: np.ndarray, centre: np.ndarray) -> np.ndarray:
    """Return normal log-densities (m, classes) about `centre` (m,), up to a constant, for steps from `pitch` (m,)."""
    away = (pitch[:, None] + _STEPS - centre[:, None]) / _REGISTER_SD
    return (-0.5 * away**2).astype(np.float32)


def _ranges(controls: Controls, soloist: Soloist, bars: np.ndarray) -> np.ndarray:
    """Return the lowest and highest pitch (n, 2) at bars (n,): as asked for, or else the soloist's usual range.

    The soloist's range does not apply if the user asks for a register, or if the soloist has plans.
    """
    low, high = controls.range_at(bars)
    config = soloist.config
    if controls.register is not None or soloist.habits is not None:
        return np.stack([low, high], axis=-1)
    if controls.low is None:
        low = np.minimum(config.low, high - OCTAVE)
    if controls.high is None:
        high = np.maximum(config.high, low + OCTAVE)
    return np.stack([low, high], axis=-1)


def _beyond_plan(session: Session) -> np.ndarray | None:
    """Return a mask (m, classes) of steps beyond each solo's plan, like `_out_of_range`; None without plans."""
    if session.limits is None:
        return None
    low, high = session.limits.T[..., None]
    reached = session.pitch[:, None] + _STEPS
    beyond = np.maximum(low - reached, reached - high).clip(0)
    return np.asarray(beyond > beyond.min(axis=1, keepdims=True))


def _out_of_range(low: int, high: int) -> np.ndarray:
    """Return a mask (pitches, classes) of steps out of range; where none leads into it, all but the nearest."""
    beyond = np.maximum(low - _REACHED, _REACHED - high).clip(0)
    return beyond > beyond.min(axis=1, keepdims=True)


def _outside_table(stage: Stage) -> np.ndarray:
    """Return weights (harmonies, 12, classes) of steps from a pitch class: 1 off the scale, -1 to chord tones."""
    weights = np.where(stage.classes[:, 0], -1, np.where(stage.scales, 0, 1)) * _OUTSIDE_STRENGTH
    weights[~stage.scales.any(axis=1)] = 0
    return weights[:, (np.arange(12)[:, None] + _STEPS) % 12].astype(np.float32)
