"""What a request may hold, and how much of it: everything that comes from a page is one of these before it is used."""

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
from jazzgen.improvise.control_table import CONTROLS, Control, Kind
from jazzgen.improvise.options import MIN_TEMPO
from jazzgen.music.swing import MAX_RATIO
from jazzgen.studio.session import MAX_RATING
from jazzgen.takes.transform import MAX_SEMITONES

MAX_TEXT, MAX_CONTROL, MAX_NAME, MAX_TARGETS = 20_000, 300, 100, 64
MAX_DRAFT_BYTES, MAX_DRAFT_DEPTH = 64 * 1024, 20
MAX_BODY_BYTES, MAX_UPLOAD_BYTES = 256 * 1024, 4 * 1024 * 1024
# Of one solo; `jazzgen generate` plays more.
MAX_SOLO_BARS, MAX_CHORUSES, MAX_TAKES = 512, 32, 5
MAX_TEMPO = 400.0
MAX_SEED = 2**53 - 1  # what JavaScript counts to

Id = Annotated[int, Field(ge=1, le=MAX_SEED)]
Seed = Annotated[int, Field(ge=0, le=MAX_SEED)]
Name = Annotated[str, Field(min_length=1, max_length=MAX_NAME)]
ControlText = Annotated[str, Field(max_length=MAX_CONTROL)]
Tempo = Annotated[float, Field(ge=MIN_TEMPO, le=MAX_TEMPO, allow_inf_nan=False)]
Swing = Annotated[float, Field(ge=1, le=MAX_RATIO, allow_inf_nan=False)]
BarNumber = Annotated[int, Field(ge=0, le=MAX_SOLO_BARS * 2)]  # 0 is a pickup


def _known_player(name: str) -> str:
    if name not in PLAYERS:
        raise ValueError(f"there is no player '{name}'; choose from {', '.join(PLAYERS)}")
    return name


PlayerName = Annotated[str, AfterValidator(_known_player), WithJsonSchema({"type": "string", "enum": list(PLAYERS)})]


class Asked(BaseModel):
    """A request's body; what it does not know, it refuses."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _field(row: Control) -> tuple[Any, Any]:
    """A control's field in a request: its type, and what it is."""
    if row.kind is Kind.TARGETS:
        return list[ControlText], Field(default=[], alias=row.name, description=row.help, max_length=MAX_TARGETS)
    return ControlText | None, Field(default=None, alias=row.name, description=row.help)


# Their names in Python differ from those asked for, since a model has attributes of its own, such as `register`.
_FIELDS: dict[str, Any] = {f"{row.name}_": _field(row) for row in CONTROLS}
_Controls: Any = create_model("_Controls", __base__=Asked, **_FIELDS)


class ControlsAsked(_Controls):
    """Controls as texts: numbers or curves over the bars, as docs/controls.md has them; null for what is usual."""

    def asked(self) -> dict[str, Any]:
        """By name, as `improvise.asking` has them."""
        return self.model_dump(by_alias=True)


class ChangesAsked(Asked):
    """Changes to look at, as a player writes or pastes them; `key` to play them in another."""

    text: str = Field(max_length=MAX_TEXT)
    key: str | None = Field(default=None, max_length=8)


class Playing(Asked):
    """How a solo is asked for, whatever it is over: who plays it, held to what, by which chance."""

    model: Name = "soloist"
    controls: ControlsAsked = ControlsAsked()
    seed: Seed | None = None


class Order(Playing):
    """A new solo, or several."""

    changes: str = Field(max_length=MAX_TEXT)
    key: str | None = Field(default=None, max_length=8)
    title: Name | None = None
    choruses: int = Field(default=1, ge=1, le=MAX_CHORUSES)
    bpm: Tempo | None = None
    style: str | None = Field(default=None, max_length=40)
    band: list[PlayerName] | None = Field(default=None, max_length=len(PLAYERS))  # None: whom the style names
    comping: Literal["sparse", "medium", "busy"] = "medium"
    intro: bool = False
    ending: bool = False
    laid_back: float = Field(default=1.0, ge=0, le=MAX_LAID_BACK, allow_inf_nan=False)
    count: int = Field(default=1, ge=1, le=MAX_TAKES)


class BarsAsked(Playing):
    """Bars of a take to play anew, both ends included; those that are locked stay."""

    first: BarNumber
    last: BarNumber
    locked: list[BarNumber] = Field(default=[], max_length=MAX_SOLO_BARS)

    @model_validator(mode="after")
    def _in_order(self) -> "BarsAsked":
        if self.last < self.first:
            raise ValueError(f"bars {self.first}-{self.last}: the first comes first")
        return self


class LongerAsked(Playing):
    """Choruses more."""

    choruses: int = Field(default=1, ge=1, le=4)


class LikeAsked(Asked):
    """Takes like one."""

    model: Name = "soloist"
    count: int = Field(default=3, ge=1, le=MAX_TAKES)
    seed: Seed | None = None


class TransposedAsked(Asked):
    """Half steps up, or down if negative."""

    semitones: int = Field(ge=-MAX_SEMITONES, le=MAX_SEMITONES)


class SessionAsked(Asked):
    """A session's name."""

    name: Name


class DraftAsked(Asked):
    """What a page wants to find again: texts, numbers, lists and objects, not nested deep."""

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
