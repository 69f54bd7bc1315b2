"""What the API answers, as the page reads it."""

from typing import Any

from pydantic import BaseModel

from jazzgen.studio.session import KeptTake, Session


class Refused(BaseModel):
    """Why not, in one line; `bar` where it is about one of the changes."""

    error: str
    bar: int | None = None


class About(BaseModel):
    """What a list shows of a take (`view.about`)."""

    title: str
    key: str
    meter: str
    bpm: float
    bars: int
    choruses: int
    notes: int
    seconds: float
    swing: float
    style: str
    model: str
    seed: int | None


class TakeReply(BaseModel):
    """A take without its notes."""

    id: int
    session: int
    parent: int | None
    created: str
    what: str
    rating: int
    about: About

    @classmethod
    def of(cls, take: KeptTake) -> "TakeReply":
        return cls.model_validate(take, from_attributes=True)


class SessionReply(BaseModel):
    """A session as it stands."""

    id: int
    name: str
    created: str
    draft: dict[str, Any]
    shown: int | None
    can_undo: bool
    can_redo: bool
    takes: list[TakeReply]

    @classmethod
    def of(cls, session: Session) -> "SessionReply":
        return cls.model_validate(session.to_json())


class SessionRow(BaseModel):
    """A session in a list."""

    id: int
    name: str
    created: str
    takes: int


class MadeReply(BaseModel):
    """New takes, and their session with them in it."""

    made: list[int]
    session: SessionReply


class ChangesReply(BaseModel):
    """Changes in a file, as text."""

    text: str
