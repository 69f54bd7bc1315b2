"""Requests and their limits: everything from a page is validated as one of these before use."""

import json
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    WithJsonSchema,
    create_model,
    field_validator,
    model_validator,
)

from jazzgen.band.arrange import MAX_LAID_BACK
from jazzgen.band.players import PLAYERS
from jazzgen.band.touch import MAX_DYNAMICS, MAX_TOUCH
from jazzgen.improvise.control_table import CONTROLS, Control, Kind
from jazzgen.improvise.options import MIN_TEMPO
from jazzgen.music.swing import MAX_RATIO
from jazzgen.studio.kept import MAX_RATING
from jazzgen.takes.transform import MAX_SEMITONES

# Limits, set by hand: characters of the changes, a control and a name; targets of a control; bytes and nesting of a
# draft; bytes of a body and of an uploaded file.
MAX_TEXT = 20_000
MAX_CONTROL = 300
MAX_NAME = 100
MAX_TARGETS = 64
MAX_DRAFT_BYTES = 64 * 1024
MAX_DRAFT_DEPTH = 20
MAX_BODY_BYTES = 256 * 1024
MAX_UPLOAD_BYTES = 4 * 1024 * 1024
# Limits of one solo, set by hand; `jazzgen generate` plays more.
MAX_SOLO_BARS = 512
MAX_CHORUSES = 32
MAX_TAKES = 5
MAX_TEMPO = 400.0
MAX_SEED = 2**53 - 1  # JavaScript's largest safe integer

Id = Annotated[int, Field(ge=1, le=MAX_SEED)]
Seed = Annotated[int, Field(ge=0, le=MAX_SEED)]
Name = Annotated[str, Field(min_length=1, max_length=MAX_NAME)]
ControlText = Annotated[str, Field(max_length=MAX_CONTROL)]
Tempo = Annotated[float, Field(ge=MIN_TEMPO, le=MAX_TEMPO, allow_inf_nan=False)]
Swing = Annotated[float, Field(ge=1, le=MAX_RATIO, allow_inf_nan=False)]
TuneNumber = Annotated[int | None, Field(ge=1, le=100_000)]  # in a file or link of several tunes, from 1
BarNumber = Annotated[int, Field(ge=0, le=MAX_SOLO_BARS * 2)]  # 0 is a pickup


def _known_player(name: str) -> str:
    if name not in PLAYERS:
        raise ValueError(f"there is no player '{name}'; choose from {', '.join(PLAYERS)}")
    return name


PlayerName = Annotated[str, AfterValidator(_known_player), WithJsonSchema({"type": "string", "enum": list(PLAYERS)})]


class Asked(BaseModel):
    """A request's body; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _field(row: Control) -> tuple[Any, Any]:
    """Return the type and the field of a control in a request."""
    if row.kind is Kind.TARGETS:
        return list[ControlText], Field(default=[], alias=row.name, description=row.help, max_length=MAX_TARGETS)
    return ControlText | None, Field(default=None, alias=row.name, description=row.help)


# The fields end in _, since the model class has attributes such as `register`.
_FIELDS: dict[str, Any] = {f"{row.name}_": _field(row) for row in CONTROLS}
_Controls: Any = create_model("_Controls", __base__=Asked, **_FIELDS)


class ControlsAsked(_Controls):
    """Controls as texts: numbers or curves over the bars (docs/controls.md); null for the default."""

    def asked(self) -> dict[str, Any]:
        """Return the controls by name, as `improvise.asking` takes them."""
        return self.model_dump(by_alias=True)


class ChangesAsked(Asked):
    """Changes to check, as written or pasted; `key` to transpose them; `tune` is one of a link's."""

    text: str = Field(max_length=MAX_TEXT)
    key: str | None = Field(default=None, max_length=8)
    tune: TuneNumber = None


class Playing(Asked):
    """How a solo is played: model, controls and seed."""

    model: Name = "soloist"
    controls: ControlsAsked = ControlsAsked()
    seed: Seed | None = None


class Order(Playing):
    """A request for one or more new solos."""

    changes: str = Field(max_length=MAX_TEXT)
    key: str | None = Field(default=None, max_length=8)
    tune: TuneNumber = None
    title: Name | None = None
    choruses: int = Field(default=1, ge=1, le=MAX_CHORUSES)
    bpm: Tempo | None = None
    style: str | None = Field(default=None, max_length=40)
    band: list[PlayerName] | None = Field(default=None, max_length=len(PLAYERS))  # None: whom the style names
    comping: Literal["sparse", "medium", "busy"] = "medium"
    bass: Literal["learned", "rules"] = "learned"
    intro: bool = False
    ending: bool = False
    laid_back: float = Field(default=1.0, ge=0, le=MAX_LAID_BACK, allow_inf_nan=False)
    touch: float = Field(default=1.0, ge=0, le=MAX_TOUCH, allow_inf_nan=False)
    dynamics: float = Field(default=1.0, ge=0, le=MAX_DYNAMICS, allow_inf_nan=False)
    gestures: bool = False
    count: int = Field(default=1, ge=1, le=MAX_TAKES)


class BarsAsked(Playing):
    """Bars of a take to play anew, both ends included; locked ones stay."""

    first: BarNumber
    last: BarNumber
    locked: list[BarNumber] = Field(default=[], max_length=MAX_SOLO_BARS)

    @model_validator(mode="after")
    def _in_order(self) -> "BarsAsked":
        if self.last < self.first:
            raise ValueError(f"bars {self.first}-{self.last}: give the lower number first")
        return self


class LongerAsked(Playing):
    """Choruses to add."""

    choruses: int = Field(default=1, ge=1, le=4)


class LikeAsked(Asked):
    """A request for takes like another one."""

    model: Name = "soloist"
    count: int = Field(default=3, ge=1, le=MAX_TAKES)
    seed: Seed | None = None


class TransposedAsked(Asked):
    """Semitones up, or down if negative."""

    semitones: int = Field(ge=-MAX_SEMITONES, le=MAX_SEMITONES)


class CodeAsked(Asked):
    """A code from an address."""

    code: Annotated[str, Field(max_length=MAX_NAME)]


class SessionAsked(Asked):
    """The name of a session."""

    name: Name


class DraftAsked(Asked):
    """The page's draft: texts, numbers, lists and objects, not deeply nested."""

    draft: dict[str, Any]

    @field_validator("draft")
    @classmethod
    def _can_be_told_again(cls, draft: dict[str, Any]) -> dict[str, Any]:
        _check_depth(draft, MAX_DRAFT_DEPTH)
        size = len(json.dumps(draft, ensure_ascii=False, allow_nan=False).encode())  # UnicodeError is a ValueError
        if size > MAX_DRAFT_BYTES:
            raise ValueError(f"the draft is larger than {MAX_DRAFT_BYTES // 1024} KiB")
        return draft


def _check_depth(value: Any, left: int) -> None:
    if left == 0:
        raise ValueError(f"the draft is nested deeper than {MAX_DRAFT_DEPTH}")
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _check_depth(inner, left - 1)


class RatingAsked(Asked):
    """Stars; 0 for none."""

    rating: int = Field(ge=0, le=MAX_RATING)
