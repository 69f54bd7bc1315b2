"""Plans: before its first note, each solo gets a profile, limits of pitch, and a sequence of ideas.

They are drawn from what players did at like tempos (`learning.soloist.habits`), within what the user asks for: a
performer or school, a range, ideas in bars. Figures of the profile that a control bends are left open.
"""

import numpy as np

from jazzgen.codec.columns import NONE
from jazzgen.codec.context import solo_arrays
from jazzgen.errors import OptionError
from jazzgen.improvise.asked_ideas import parse_ideas
from jazzgen.improvise.control_table import OFF
from jazzgen.improvise.controls import Controls
from jazzgen.improvise.form import bars_of
from jazzgen.improvise.policy import who_of
from jazzgen.learning.soloist.bounds import HIGHEST, LOWEST
from jazzgen.learning.soloist.bundle import Soloist
from jazzgen.learning.soloist.habits import Habits, Plan, limits_of
from jazzgen.learning.soloist.moments import INDEX, PLACE, bpm_of, in_range
from jazzgen.learning.soloist.profile import FIGURES, figures_of
from jazzgen.learning.soloist.session import Session
from jazzgen.learning.soloist.stage import Stage
from jazzgen.music.score import Score
from jazzgen.system.stopping import stop_if_asked

_NOTHING = np.zeros(0, np.int64)
# Semitones that a plan allows beyond the player's lowest and highest pitch: few solos reach both. Set by hand.
_ROOM = 1
_MARGIN = 3  # semitones from the lowest or highest pitch to the mean; set by hand
# The figures of the profile that each control bends, and the control's neutral value.
_BENDS = {
    "density": (("pace", "space"), 1),
    "rests": (("space",), 1),
    "outside": (("inside",), 0),
    "motifs": (("unity", "echo"), 1),
}


def draw_plans(
    soloist: Soloist,
    stage: Stage,
    controls: Controls,
    who: tuple[int, int, int],
    n: int,
    *,
    rng: np.random.Generator,
    heard: np.ndarray = _NOTHING,
) -> list[Plan]:
    """Draw plans for n solos; an empty list if the soloist holds nothing to draw from.

    Args:
        soloist: the model.
        stage: the changes and bars that are played over.
        controls: what the user asks for.
        who: the columns of performer, school and groove.
        n: the number of plans.
        rng: source of randomness.
        heard: MIDI pitches of notes already played, such as a primer's; a plan has room for them.

    Raises:
        OptionError: when ideas are asked for that the soloist cannot play, or in bars that the form does not have.
    """
    habits = soloist.habits
    if habits is None:
        if parse_ideas(controls.ideas):
            raise OptionError(f"ideas: model '{soloist.name}' knows none; leave them out, or train it anew")
        return []
    tempo = float(np.log(bpm_of(stage.place[0, INDEX["tempo"] - PLACE.start])))
    beats = stage.place[:, INDEX["beat"] - PLACE.start] - 1
    allowed = _allowed(habits, controls, who, heard)
    plans = []
    for _ in range(n):
        stop_if_asked()
        like = habits.draw_solo(tempo, allowed, rng)
        drawn = habits.draw_ideas(tempo, beats, rng)
        profile = _left_open(habits.profile[like], controls)
        limits = _limits(_widened(habits.limits[like]), controls)
        ideas = _with_asked(drawn, controls, stage)
        plans.append(Plan(_who(habits.who[like], controls, who), profile, limits, ideas))
    return plans


def follow_plans(
    session: Session, soloist: Soloist, stage: Stage, controls: Controls, *, rng: np.random.Generator
) -> None:
    """Give each solo of a session a plan of its own, if the soloist has plans; see `draw_plans`."""
    who = who_of(controls, soloist)
    heard = session.notes()[2].ravel()
    if plans := draw_plans(soloist, stage, controls, who, len(session), rng=rng, heard=heard):
        session.follow(plans)


def plan_like(written: Score, controls: Controls, stage: Stage, who: tuple[int, int, int]) -> Plan:
    """Return the plan of an existing solo, for playing bars of it anew; its ideas are unknown."""
    solo = solo_arrays(written)
    profile = figures_of(solo, in_range(solo.notes.pitch) - LOWEST)
    unknown = np.full((len(stage.place), 2), NONE)
    limits = _limits(limits_of(solo) + np.array([-_MARGIN, _MARGIN]), controls)
    return Plan(np.array([*who[:2], 0]), _left_open(profile, controls), limits, _with_asked(unknown, controls, stage))


def _widened(limits: np.ndarray) -> np.ndarray:
    return np.clip(limits + np.array([-_ROOM, _ROOM]), LOWEST, HIGHEST)


def _limits(own: np.ndarray, controls: Controls) -> np.ndarray:
    """Return the lowest and highest pitch (2,): the solo's `own`, or all pitches if the controls ask for others."""
    asked = controls.low, controls.high, controls.register
    is_free = controls.profile == OFF or controls.targets or any(value is not None for value in asked)
    return np.array([LOWEST, HIGHEST]) if is_free else own


def _who(drawn: np.ndarray, controls: Controls, asked: tuple[int, int, int]) -> np.ndarray:
    """Return the columns of performer, school and instrument: the drawn solo's, unless a player is asked for."""
    if controls.profile == OFF:
        return np.array([*asked[:2], 0])
    return drawn if not any(asked[:2]) else np.array([*asked[:2], drawn[2]])


def _allowed(habits: Habits, controls: Controls, who: tuple[int, int, int], heard: np.ndarray) -> np.ndarray:
    """Return which solos (solos,) fit what is asked for; where conditions conflict, the earlier ones win."""
    fits = np.ones(len(habits.tempo), bool)
    low = LOWEST if controls.low is None else controls.low.highest
    high = np.inf if controls.high is None else controls.high.lowest
    mean = habits.profile[:, 0] + LOWEST
    named = [(column == asked) | (asked == 0) for column, asked in zip(habits.who.T[:2], who, strict=False)]
    lowest, highest = habits.limits.T
    has_room = (lowest <= heard.min(initial=HIGHEST)) & (highest >= heard.max(initial=LOWEST))
    for condition in (*named, (mean >= low + _MARGIN) & (mean <= high - _MARGIN), has_room):
        if (fits & condition).any():
            fits &= condition
    return fits


def _left_open(profile: np.ndarray, controls: Controls) -> np.ndarray:
    """Return the profile with NaN for the figures that a control bends."""
    if controls.profile == OFF:
        return np.full_like(profile, np.nan)
    bent = {"tessitura", "spread"} if controls.register is not None else set()
    for name, (figures, neutral) in _BENDS.items():
        if not getattr(controls, name).is_all(neutral):
            bent.update(figures)
    return np.where(np.isin(FIGURES, list(bent)), np.nan, profile)


def _with_asked(ideas: np.ndarray, controls: Controls, stage: Stage) -> np.ndarray:
    """Return the ideas (tatums, 2) with those asked for in their bars."""
    if controls.ideas == OFF:
        return np.full_like(ideas, NONE)
    found = ideas.copy()
    bars = np.floor(bars_of(stage))
    last = int(bars[stage.end - 1])
    for asked in parse_ideas(controls.ideas):
        if asked.bar > last:
            raise OptionError(f"ideas: bar {asked.bar}: the form has bars 1 to {last}")
        found[bars >= asked.bar] = asked.idea
    return found
