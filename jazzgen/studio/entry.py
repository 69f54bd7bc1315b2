"""Routes that let browsers and programs in: a code is exchanged for the token, and another address is given out."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.exceptions import HTTPException

from jazzgen.studio import replies
from jazzgen.studio.guard import CODE_PATH, NOT_KNOWN, Door
from jazzgen.studio.requests import CodeAsked

router = APIRouter()


def _door(request: Request) -> Door:
    door: Door = request.app.state.door
    return door


DoorOf = Annotated[Door, Depends(_door)]


@router.post(CODE_PATH)
async def exchange_code(asked: CodeAsked, door: DoorOf) -> replies.Token:
    """Return the token for the code in an address, which works once. It needs no token itself."""
    token = door.let_in(asked.code)
    if token is None:
        raise HTTPException(HTTPStatus.UNAUTHORIZED, NOT_KNOWN)
    return replies.Token(token=token)


@router.post("/api/addresses", status_code=HTTPStatus.CREATED)
async def make_address(door: DoorOf) -> replies.Address:
    """Return an address for another browser, which works once."""
    return replies.Address(address=door.address(door.keys.new_code()))
