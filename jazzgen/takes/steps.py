"""The steps that make a take: it is improvised, and then it may be retaken, lengthened, transposed and retimed.

Each holds all that went into it beside the take before it.
"""

from dataclasses import dataclass, field

from jazzgen.band.arrange import Arrangement
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
    """A solo over changes: who played, the tune, what was asked for, and which of the seed's takes it is."""

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

    def __post_init__(self) -> None:
        _check_seed(self.seed)
        if not 1 <= self.rank <= self.options.takes:
            raise OptionError(f"rank {self.rank}: of {self.options.takes} takes it is 1 to {self.options.takes}")

    @classmethod
    def over(
        cls, tune: Tune, options: Options, how: Arrangement, *, model: Model, seed: int, rank: int
    ) -> "Improvised":
        """What `model` played over a tune."""
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
        )

    @property
    def tune(self) -> Tune:
        """What it is over."""
        chart = parse_chart(self.changes, self.meter)
        return Tune(self.title, chart, self.key, straight=self.straight, style=self.style)


@dataclass(frozen=True, slots=True)
class Retaken:
    """With some bars anew, as `new_bars.Retake` asks; `asked` is what was said of the solo that it is of."""

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
    """With choruses more, as `transform.Longer` asks."""

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
    """In another key."""

    semitones: int


@dataclass(frozen=True, slots=True)
class Retimed:
    """At another tempo, None as it was, with eighths in this ratio."""

    swing: float
    bpm: float | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.swing <= MAX_RATIO:
            raise OptionError(f"swing ratio {self.swing:g}: it is 1 to {MAX_RATIO:g}")


Step = Improvised | Retaken | Lengthened | Transposed | Retimed


def _check_seed(seed: int) -> None:
    if seed < 0:
        raise OptionError(f"seed {seed}: it is 0 or more")
