"""The steps that make a take: it is improvised, then perhaps retaken, lengthened, transposed or retimed.

Each step holds all its inputs except the take before it.
"""

from dataclasses import dataclass, field

from jazzgen.band.arrange import Arrangement, models_of
from jazzgen.errors import OptionError
from jazzgen.harmony.changes import format_chart, parse_chart
from jazzgen.harmony.pitch import Key
from jazzgen.harmony.tunes import Tune
from jazzgen.improvise.controls import ONLY_IF_ASKED, Controls
from jazzgen.improvise.models import Model
from jazzgen.improvise.options import Options
from jazzgen.music.swing import MAX_RATIO
from jazzgen.music.timing import Meter
from jazzgen.takes.reading import NOTHING_ASKED, Asked


@dataclass(frozen=True, slots=True)
class Improvised:
    """Improvise over changes: the model, the tune, the options, and the rank among the seed's takes.

    `touch` and `bass` are the checksums of the band's models; empty if they did not play.
    """

    model: str
    weights: str
    seed: int
    title: str
    key: Key
    meter: Meter
    changes: str
    options: Options
    arrangement: Arrangement
    straight: bool = False
    style: str = ""
    rank: int = 1
    touch: str = field(default="", metadata={ONLY_IF_ASKED: True})
    bass: str = field(default="", metadata={ONLY_IF_ASKED: True})

    def __post_init__(self) -> None:
        _check_seed(self.seed)
        if not 1 <= self.rank <= self.options.takes:
            raise OptionError(f"rank {self.rank}: it is 1 to {self.options.takes}, the number of takes")

    @classmethod
    def over(
        cls, tune: Tune, options: Options, how: Arrangement, *, model: Model, seed: int, rank: int
    ) -> "Improvised":
        """Return the step by which `model` improvised over a tune."""
        return cls(
            model=model.name,
            weights=model.checksum,
            seed=seed,
            title=tune.title,
            key=tune.key,
            meter=tune.chart.meter,
            changes=format_chart(tune.chart),
            options=options,
            arrangement=how,
            straight=tune.straight,
            style=tune.style,
            rank=rank,
            **models_of(how),
        )

    @property
    def tune(self) -> Tune:
        """The tune that was played over."""
        chart = parse_chart(self.changes, self.meter)
        return Tune(self.title, chart, self.key, straight=self.straight, style=self.style)


@dataclass(frozen=True, slots=True)
class Retaken:
    """Play some bars anew, as `new_bars.Retake` says; `asked` is what was said of the solo as it was read."""

    model: str
    weights: str
    seed: int
    bars: tuple[int, int]
    controls: Controls
    candidates: int
    swing: float | None = None
    asked: Asked = field(default=NOTHING_ASKED, metadata={ONLY_IF_ASKED: True})

    def __post_init__(self) -> None:
        _check_seed(self.seed)


@dataclass(frozen=True, slots=True)
class Lengthened:
    """Add choruses, as `transform.Longer` says."""

    model: str
    weights: str
    seed: int
    choruses: int
    controls: Controls
    candidates: int

    def __post_init__(self) -> None:
        _check_seed(self.seed)


@dataclass(frozen=True, slots=True)
class Transposed:
    """Transpose by half steps, down if negative."""

    semitones: int


@dataclass(frozen=True, slots=True)
class Retimed:
    """Change the swing ratio and the tempo; `bpm` None keeps the tempo."""

    swing: float
    bpm: float | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.swing <= MAX_RATIO:
            raise OptionError(f"swing ratio {self.swing:g}: it is 1 to {MAX_RATIO:g}")


Step = Improvised | Retaken | Lengthened | Transposed | Retimed


def _check_seed(seed: int) -> None:
    if seed < 0:
        raise OptionError(f"seed {seed}: it is 0 or more")
