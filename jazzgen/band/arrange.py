"""Arrange a written solo: add the band, then perform it. Every file's notes go through here."""

from dataclasses import dataclass, field, replace

import numpy as np

from jazzgen.band.bassist import BASSES, BassKind, band_bassist
from jazzgen.band.choice import check_meters, find_style, style_for
from jazzgen.band.frame import with_ending, with_intro
from jazzgen.band.gestures import with_gestures
from jazzgen.band.perform import with_accents, with_articulation, with_swing, with_timing
from jazzgen.band.players import PLAYERS
from jazzgen.band.rhythm_section import Lineup, add_band
from jazzgen.band.seats import stream_of
from jazzgen.band.styles import DENSITIES, Density, Style
from jazzgen.band.touch import MAX_DYNAMICS, MAX_TOUCH, Amount, Kept, players_touch, with_touch
from jazzgen.errors import OptionError
from jazzgen.improvise.controls import ONLY_IF_ASKED
from jazzgen.music.score import Part, Score
from jazzgen.system.stopping import stop_if_asked

MAX_LAID_BACK = 2.0  # set by ear
SOLO = "solo"


@dataclass(frozen=True, slots=True)
class Arrangement:
    """How a solo is played.

    Attributes:
        style: of the band; None chooses by feel, meter and tempo.
        band: names of the players behind the solo; None for the style's.
        mute: players, or "solo", to leave out of the score; the others play as if they were there.
        comping: how dense the chords are where the solo is neither dense nor resting.
        bass: whether the bass goes by what was learnt from players, in the styles and meters that it knows, or by rules
            alone.
        intro: whether the band plays some bars alone first.
        ending: whether everybody holds a last chord after the form.
        any_meter: whether to play plainly in meters that the style has no pattern for.
        swing: ratio of the first eighth to the second; None for the tempo's. Straight scores stay straight.
        laid_back: how late the solo plays, 0 to 2; 1 is usual.
        touch: how much the solo is touched as players do, 0 to 1.5; 0 plays by rules.
        dynamics: how far its loudness varies, 0 to 2; 1 is usual.
        player: whose touch it has; empty for nobody's in particular.
        articulate: whether to shorten the solo's notes as players do; if not, each lasts as written.
        perform: whether to perform at all; if not, notes stay as written, even and on the grid.
        gestures: whether the solo scoops, bends, falls off and has vibrato where it is performed.
    """

    style: str | None = None
    band: tuple[str, ...] | None = None
    mute: tuple[str, ...] = ()
    comping: Density = "medium"
    bass: BassKind = "learned"
    intro: bool = False
    ending: bool = False
    any_meter: bool = False
    swing: float | None = None
    laid_back: float = 1.0
    touch: float = 1.0
    dynamics: float = 1.0
    player: str = ""
    articulate: bool = True
    perform: bool = True
    gestures: bool = field(default=False, metadata={ONLY_IF_ASKED: True})

    def __post_init__(self) -> None:
        _check_names("band", self.band or (), tuple(PLAYERS))
        _check_names("mute", self.mute, (SOLO, *PLAYERS))
        if self.comping not in DENSITIES:
            raise OptionError(f"comping {self.comping}: choose from {', '.join(DENSITIES)}")
        if self.bass not in BASSES:
            raise OptionError(f"bass {self.bass}: choose from {', '.join(BASSES)}")
        if not 0 <= self.laid_back <= MAX_LAID_BACK:
            raise OptionError(f"laid back {self.laid_back:g}: it is 0 (on the beat) to {MAX_LAID_BACK:g}; 1 is usual")
        if not 0 <= self.touch <= MAX_TOUCH:
            raise OptionError(f"touch {self.touch:g}: it is 0 (by rules) to {MAX_TOUCH:g}; 1 is as players do")
        if not 0 <= self.dynamics <= MAX_DYNAMICS:
            raise OptionError(
                f"dynamics {self.dynamics:g}: it is 0 (all alike) to {MAX_DYNAMICS:g}; 1 is as players do"
            )
        if self.gestures and not self.perform:
            raise OptionError("gestures: a solo that is not performed has none; ask for one or the other")

    def style_of(self, score: Score) -> Style:
        """Return the style that the band plays in.

        Raises:
            OptionError: when the style is unknown, or has no pattern for one of the score's meters.
        """
        if self.style is None:
            return style_for(score, any_meter=self.any_meter)
        style = find_style(self.style, score.bpm)
        return style if self.any_meter else check_meters(style, score)


def models_of(how: Arrangement) -> dict[str, str]:
    """Return the checksums of the models that the band of an arrangement plays with, by name."""
    found = {}
    if how.perform and how.touch:
        found["touch"] = players_touch().checksum
    if how.bass == "learned" and "bass" in (how.band or ()):
        found["bass"] = band_bassist().checksum
    return found


def _check_names(option: str, names: tuple[str, ...], known: tuple[str, ...]) -> None:
    for name in names:
        if name not in known:
            raise OptionError(f"{option} {name}: choose from {', '.join(known)}")


def arrange(score: Score, how: Arrangement = Arrangement(), *, kept: Kept = (), rng: np.random.Generator) -> Score:
    """Return the score as played, the solo first.

    Each step has its own random stream, so that one step more or less changes nothing in the others.

    Args:
        score: the solo as written.
        how: how to play it.
        kept: touches that its notes have already, None for those to draw; empty draws all.
        rng: source of randomness.

    Raises:
        OptionError: when the band cannot play the score, or everybody is mute.

    Example:
        >>> from jazzgen.harmony.changes import parse_chart
        >>> from jazzgen.music.score import Note
        >>> solo = Part("Solo", (Note(0, 480, 62),))
        >>> score = Score(changes=parse_chart("Dm7 | G7 | Cmaj7 | %").changes, parts=(solo,))
        >>> [part.name for part in arrange(score, rng=np.random.default_rng(0)).parts]
        ['Solo', 'Piano', 'Bass', 'Drums']
    """
    stop_if_asked()
    accents, band, timing, touch = rng.spawn(4)
    played = with_intro(score) if how.intro else score
    if how.perform and not how.touch:
        played = with_accents(played, rng=accents)
    if how.band is None or how.band:
        style = how.style_of(score)
        players = style.band if how.band is None else how.band
        played = add_band(played, style, Lineup(players, how.comping, how.bass), rng=band)
    if how.ending:
        played = with_ending(played)
    if how.perform:
        played = _touched(played, how, kept, timing, touch) if how.touch else _by_rules(played, how, timing)
    return _without(how.mute, played)


def _touched(
    score: Score, how: Arrangement, kept: Kept, timing: np.random.Generator, rng: np.random.Generator
) -> Score:
    asked = replace(score, credits=replace(score.credits, performer=how.player))
    amount = Amount(how.touch, how.dynamics, how.laid_back)
    played = with_touch(asked, amount, swing=how.swing, articulate=how.articulate, kept=kept, timing=timing, rng=rng)
    played = replace(played, credits=score.credits)
    return with_gestures(played, rng=stream_of("gestures", timing, {})) if how.gestures else played


def _by_rules(score: Score, how: Arrangement, rng: np.random.Generator) -> Score:
    played = with_swing(score, how.swing)
    if how.articulate:
        played = with_articulation(played)
    played = with_timing(played, how.laid_back, swung=score.feel == "swing", rng=rng)
    return with_gestures(played, rng=stream_of("gestures", rng, {})) if how.gestures else played


def _without(mute: tuple[str, ...], score: Score) -> Score:
    solo, *band = score.parts
    left: list[Part] = [] if SOLO in mute else [solo]
    left += (part for part in band if part.name.lower() not in mute)
    if not left:
        raise OptionError("everybody is mute; let somebody play")
    return score.with_parts(*left)
