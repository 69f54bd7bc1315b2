"""What the studio works with: the session file, the workers, the models and the soundfont."""

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import ParamSpec, TypeVar

from jazzgen import __version__
from jazzgen.audio.soundfont import find_soundfont
from jazzgen.band.players import PLAYERS, TRIO
from jazzgen.band.styles import load_style, style_names
from jazzgen.errors import BundleError, OptionError, SoundError
from jazzgen.harmony.tunes import find_tune, format_tune, tune_names
from jazzgen.improvise.control_table import CONTROLS, ModelKind
from jazzgen.improvise.options import MIN_TEMPO
from jazzgen.learning.folder import read_about
from jazzgen.learning.grammar.bundle import KIND as GRAMMAR
from jazzgen.learning.soloist.bundle import KIND as SOLOIST
from jazzgen.studio.replies import Limits, ModelChoice, Setting, Sound, StyleChoice, TuneChoice
from jazzgen.studio.requests import MAX_CHORUSES, MAX_TEMPO
from jazzgen.studio.session import SessionFile
from jazzgen.studio.workers import Workers
from jazzgen.system.places import models_here, shipped_soloist

_Result = TypeVar("_Result")
_Arguments = ParamSpec("_Arguments")
_KINDS: Mapping[str, ModelKind] = {SOLOIST: "soloist", GRAMMAR: "grammar"}
# The controls that take a name, and the key of the known names in a soloist's config.
_NAMED = {"performer": "performers", "school": "styles"}


@dataclass(frozen=True)
class Desk:
    """Everything that the API works with.

    Attributes:
        models: folders by the names for requests, the default first.
        asked_soundfont: the soundfont that the user named, or None.
    """

    sessions: SessionFile
    workers: Workers
    models: Mapping[str, Path]
    asked_soundfont: Path | None = None
    _thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "sessions"))

    async def kept(
        self, method: Callable[_Arguments, _Result], *args: _Arguments.args, **kwargs: _Arguments.kwargs
    ) -> _Result:
        """Call a method of `sessions` in a thread of its own, so that only sessions wait for a slow disk or a lock."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, partial(method, *args, **kwargs))

    def soundfont(self) -> tuple[Path | None, str]:
        """Return the soundfont; or None, with the reason and the command that gets one (it may run meanwhile)."""
        try:
            return find_soundfont(self.asked_soundfont), ""
        except SoundError as error:
            return None, str(error)

    def model(self, name: str) -> Path:
        """Return the folder of a model; raise OptionError for an unknown name."""
        if name not in self.models:
            raise OptionError(f"model '{name}': choose from {', '.join(self.models)}")
        return self.models[name]


def find_models() -> dict[str, Path]:
    """Return the soloist that comes with jazzgen, then the models trained here, by name."""
    found: dict[str, Path] = {}
    for folder in (shipped_soloist(), *models_here()):
        if _kind(folder):
            found.setdefault(folder.name, folder)
    return found


def setting(desk: Desk) -> Setting:
    """Return all choices and limits for the page."""
    models = ((name, folder, _kind(folder)) for name, folder in desk.models.items())
    return Setting(
        version=__version__,
        models=[_model(name, folder, kind) for name, folder, kind in models if kind],
        styles=_styles(),
        players=list(PLAYERS),
        band=list(TRIO),
        tunes=_tunes(),
        controls=list(CONTROLS),
        limits=Limits(choruses=MAX_CHORUSES, tempos=(MIN_TEMPO, MAX_TEMPO)),
        sound=_sound(desk),
    )


def _model(name: str, folder: Path, kind: ModelKind) -> ModelChoice:
    config = read_about(folder).get("config") or {} if kind == "soloist" else {}
    return ModelChoice(
        name=name,
        kind=kind,
        names={control: list(config.get(known, ())) for control, known in _NAMED.items()},
    )


def _kind(folder: Path) -> ModelKind | None:
    """Return the kind of model in a folder, None if it holds none."""
    try:
        return _KINDS.get(read_about(folder).get("kind", ""))
    except BundleError:
        return None


def _sound(desk: Desk) -> Sound:
    font, why_not = desk.soundfont()
    return Sound(there=font is not None, notice=why_not)


@cache
def _styles() -> list[StyleChoice]:
    styles = map(load_style, style_names())
    return [StyleChoice(name=style.name, title=style.title, feel=style.feel, band=list(style.band)) for style in styles]


@cache
def _tunes() -> list[TuneChoice]:
    tunes = ((name, find_tune(name)) for name in tune_names())
    return [
        TuneChoice(
            name=name,
            title=tune.title,
            key=str(tune.key),
            meter=str(tune.chart.meter),
            bars=sum(1 for _ in tune.chart.bars()),
            bpm=tune.bpm,
            text=format_tune(tune),
        )
        for name, tune in tunes
    ]
