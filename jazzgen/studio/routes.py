"""Routes for sessions and takes: check changes, keep and play takes."""

import secrets
from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated, Literal, ParamSpec, TypeVar

from fastapi import APIRouter, Depends, Query, Request

from jazzgen.studio import opening, replies, work
from jazzgen.studio import requests as models
from jazzgen.studio.desk import Desk, setting
from jazzgen.studio.kept import KeptTake, NewTake, Session, SessionRow
from jazzgen.studio.workers import DRAW, PLAY, READ, Lane

router = APIRouter(prefix="/api")
_Result = TypeVar("_Result")
_Arguments = ParamSpec("_Arguments")
UPLOAD_PATHS = ("/api/uploads/changes", "/api/uploads/solo")
_Music = Literal[".mid", ".midi", ".musicxml", ".mxl", ".xml", ".mscz", ".abc"]
_Charts = Literal[".ls", ".html", ".cho", ".crd", ".chordpro", ".txt", ".changes"]
Suffix = Literal[_Music, _Charts]


class Room:
    """The desk for one request; its work is stopped when the page no longer waits."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self.desk: Desk = request.app.state.desk

    async def do(
        self, function: Callable[_Arguments, _Result], *args: _Arguments.args, **kwargs: _Arguments.kwargs
    ) -> _Result:
        """Return the result of a function, called in a worker, as drawing a take is."""
        return await self._done(DRAW, function, *args, **kwargs)

    async def play(
        self, function: Callable[_Arguments, _Result], *args: _Arguments.args, **kwargs: _Arguments.kwargs
    ) -> _Result:
        """Return new takes, sound or a picture, which may take longer."""
        return await self._done(PLAY, function, *args, **kwargs)

    async def read(
        self, function: Callable[_Arguments, _Result], *args: _Arguments.args, **kwargs: _Arguments.kwargs
    ) -> _Result:
        """Return what a file from elsewhere holds: one at a time, and within seconds."""
        return await self._done(READ, function, *args, **kwargs)

    async def _done(
        self, lane: Lane, function: Callable[_Arguments, _Result], *args: _Arguments.args, **kwargs: _Arguments.kwargs
    ) -> _Result:
        return await self.desk.workers.do(lane, self._request.is_disconnected, function, *args, **kwargs)

    async def keep(self, session: int, made: list[work.Made], what: str, parent: int | None = None) -> replies.Made:
        """Store takes; they are on disk when this returns."""
        takes = [NewTake(what, take.about, take.midi) for take in made]
        kept = await self.desk.kept(self.desk.sessions.add, session, takes, parent)
        now = await self.desk.kept(self.desk.sessions.session, session)
        return replies.Made(made=[take.id for take in kept], session=now)


RoomOf = Annotated[Room, Depends(Room)]


def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


DeskOf = Annotated[Desk, Depends(_desk)]
TakeId = models.Id


def seed_of(asked: int | None) -> int:
    """Return the seed asked for, or a random one."""
    return secrets.randbelow(2**31) if asked is None else asked


@router.get("/setting")
def get_setting(desk: DeskOf) -> replies.Setting:
    """Return the choices: models, styles, tunes, controls, and whether there is a soundfont."""
    return setting(desk)


@router.post("/changes")
async def look_at_changes(asked: models.ChangesAsked, room: RoomOf) -> replies.Looked:
    """Return changes as understood, or the error with its bar."""
    return await room.do(work.look_at_changes, asked.text, asked.key, asked.tune)


@router.get("/sessions")
async def list_sessions(desk: DeskOf) -> list[SessionRow]:
    """Return all sessions, newest first."""
    return await desk.kept(desk.sessions.sessions)


@router.post("/sessions", status_code=HTTPStatus.CREATED)
async def begin_session(asked: models.SessionAsked, desk: DeskOf) -> Session:
    """Begin a session."""
    return await desk.kept(desk.sessions.begin, asked.name)


@router.get("/sessions/{session}")
async def get_session(session: models.Id, desk: DeskOf) -> Session:
    """Return a session with its draft and all its takes."""
    return await desk.kept(desk.sessions.session, session)


@router.put("/sessions/{session}/name")
async def rename_session(session: models.Id, asked: models.SessionAsked, desk: DeskOf) -> Session:
    """Rename a session."""
    return await desk.kept(desk.sessions.rename, session, asked.name)


@router.put("/sessions/{session}/draft", status_code=HTTPStatus.NO_CONTENT)
async def keep_draft(session: models.Id, asked: models.DraftAsked, desk: DeskOf) -> None:
    """Store the page's draft."""
    await desk.kept(desk.sessions.keep_draft, session, asked.draft)


@router.post("/sessions/{session}/undo")
async def undo(session: models.Id, desk: DeskOf) -> Session:
    """Show the take shown before."""
    return await desk.kept(desk.sessions.step, session, -1)


@router.post("/sessions/{session}/redo")
async def redo(session: models.Id, desk: DeskOf) -> Session:
    """Redo what was undone."""
    return await desk.kept(desk.sessions.step, session, 1)


@router.post("/sessions/{session}/takes", status_code=HTTPStatus.CREATED)
async def generate(session: models.Id, order: models.Order, room: RoomOf) -> replies.Made:
    """Play new solos over changes, best first, and show the first."""
    await room.desk.kept(room.desk.sessions.session, session)
    made = await room.play(work.improvise, room.desk.model(order.model), order, seed_of(order.seed))
    return await room.keep(session, made, "new")


@router.post("/takes/{take}/bars", status_code=HTTPStatus.CREATED)
async def play_bars_anew(take: TakeId, asked: models.BarsAsked, room: RoomOf) -> replies.Made:
    """Play some bars of a take anew; the others stay, to the tick."""
    kept, midi = await _found(take, room)
    made = await room.play(work.play_bars_anew, room.desk.model(asked.model), midi, asked, seed_of(asked.seed))
    bars = f"bar {asked.first}" if asked.first == asked.last else f"bars {asked.first}-{asked.last}"
    return await room.keep(kept, made, f"{bars} anew", take)


@router.post("/takes/{take}/longer", status_code=HTTPStatus.CREATED)
async def play_on(take: TakeId, asked: models.LongerAsked, room: RoomOf) -> replies.Made:
    """Add choruses after a take's last one."""
    kept, midi = await _found(take, room)
    made = await room.play(work.play_on, room.desk.model(asked.model), midi, asked, seed_of(asked.seed))
    return await room.keep(kept, made, f"{asked.choruses} chorus{'es' * (asked.choruses > 1)} longer", take)


@router.post("/takes/{take}/transposed", status_code=HTTPStatus.CREATED)
async def transpose(take: TakeId, asked: models.TransposedAsked, room: RoomOf) -> replies.Made:
    """Transpose a take to another key."""
    kept, midi = await _found(take, room)
    made = await room.do(work.transpose, midi, asked.semitones)
    return await room.keep(kept, made, f"transposed {asked.semitones:+}", take)


@router.post("/takes/{take}/like", status_code=HTTPStatus.CREATED)
async def play_alike(take: TakeId, asked: models.LikeAsked, room: RoomOf) -> replies.Made:
    """Play takes like one: they start with its opening phrase and are near it in density, range and other measures."""
    kept, midi = await _found(take, room)
    model = room.desk.model(asked.model)
    made = await room.play(work.play_alike, model, midi, asked, seed_of(asked.seed))
    return await room.keep(kept, made, f"like take {take}", take)


@router.post("/takes/{take}/show")
async def show(take: TakeId, desk: DeskOf) -> Session:
    """Show a take, as a step that can be undone."""
    return await desk.kept(desk.sessions.show, take)


@router.put("/takes/{take}/rating")
async def rate(take: TakeId, asked: models.RatingAsked, desk: DeskOf) -> KeptTake:
    """Rate a take with stars."""
    return await desk.kept(desk.sessions.rate, take, asked.rating)


async def _found(take: int, room: Room) -> tuple[int, bytes]:
    """Return the session of a take and its file."""
    kept = await room.desk.kept(room.desk.sessions.take, take)
    return kept.session, await room.desk.kept(room.desk.sessions.midi, take)


_OCTETS = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
_FILE = {"requestBody": {"required": True, "content": _OCTETS}}


@router.post("/uploads/changes", openapi_extra=_FILE)
async def open_changes(
    suffix: Annotated[Suffix, Query()], request: Request, room: RoomOf, tune: models.TuneNumber = None
) -> replies.Written:
    """Return the changes in a file: the body is the file, `suffix` the end of its name, `tune` one of several tunes."""
    return await room.read(opening.open_changes, await request.body(), suffix, tune)


@router.post("/uploads/solo", status_code=HTTPStatus.CREATED, openapi_extra=_FILE)
async def open_solo(
    session: Annotated[models.Id, Query()],
    suffix: Annotated[Suffix, Query()],
    request: Request,
    room: RoomOf,
    tune: models.TuneNumber = None,
) -> replies.Opened:
    """Open a file of music as a take to work on; `tune` is one of several tunes."""
    await room.desk.kept(room.desk.sessions.session, session)
    solo = await room.read(opening.open_solo, await request.body(), suffix, tune)
    kept = await room.keep(session, [solo.take], "opened")
    return replies.Opened(made=kept.made, session=kept.session, tune=solo.tune, tunes=list(solo.tunes))
