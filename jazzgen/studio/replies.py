"""What the API answers besides what `session` keeps, as the page reads it."""

from pydantic import BaseModel

from jazzgen.studio.session import Session


class Refused(BaseModel):
    """Why not, in one line; `bar` where it is about one of the changes."""

    error: str
    bar: int | None = None


class Made(BaseModel):
    """New takes, and their session with them in it."""

    made: list[int]
    session: Session


class Written(BaseModel):
    """Changes in a file, as text."""

    text: str
