"""A take as it sounds: drawn on the page, or exported as MIDI, stems, a sheet, audio or a picture."""

from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import FileResponse
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from jazzgen.errors import SoundError
from jazzgen.formats.midi.write import file_name
from jazzgen.studio import work
from jazzgen.studio.replies import Drawn
from jazzgen.studio.requests import Id, Swing, Tempo
from jazzgen.studio.routes import DeskOf, RoomOf
from jazzgen.takes.transform import Timing

router = APIRouter()


class Heard:
    """A take at the tempo and swing that the page is set to."""

    def __init__(
        self,
        take: Id,
        room: RoomOf,
        bpm: Annotated[Tempo | None, Query(description="quarter notes a minute; else as it is")] = None,
        swing: Annotated[Swing | None, Query(description="first eighth over second; else as it is")] = None,
    ) -> None:
        self._take = take
        self.room = room
        self._timing = Timing(bpm, swing)

    async def midi(self) -> bytes:
        """Return its MIDI file."""
        midi = await self.room.desk.kept(self.room.desk.sessions.midi, self._take)
        return midi if self._timing == Timing() else await self.room.do(work.retimed, midi, self._timing)

    async def reply(self, data: bytes, media_type: str, suffix: str) -> Response:
        """Return a download named after the take."""
        title = (await self.room.desk.kept(self.room.desk.sessions.take, self._take)).about.title
        name = file_name(title) or "solo"
        headers = {"Content-Disposition": f'attachment; filename="{name}-{self._take}{suffix}"'}
        return Response(data, media_type=media_type, headers=headers)


HeardOf = Annotated[Heard, Depends(Heard)]


def _content(media_type: str) -> dict[int | str, dict[str, object]]:
    return {200: {"content": {media_type: {}}}}


@router.get("/api/takes/{take}")
async def get_take(heard: HeardOf) -> Drawn:
    """Return a take for the page to draw: bars, chords, parts and notes, times in ticks."""
    return await heard.room.do(work.draw, await heard.midi())


@router.get("/api/takes/{take}/midi", response_class=Response, responses=_content("audio/midi"))
async def get_midi(heard: HeardOf) -> Response:
    """Return the MIDI file with all parts."""
    return await heard.reply(await heard.midi(), "audio/midi", ".mid")


@router.get("/api/takes/{take}/stems", response_class=Response, responses=_content("application/zip"))
async def get_stems(heard: HeardOf) -> Response:
    """Return a ZIP archive with a MIDI file for each part."""
    return await heard.reply(await heard.room.do(work.stems, await heard.midi()), "application/zip", "-stems.zip")


@router.get(
    "/api/takes/{take}/musicxml",
    response_class=Response,
    responses=_content("application/vnd.recordare.musicxml+xml"),
)
async def get_musicxml(heard: HeardOf) -> Response:
    """Return the lead sheet as MusicXML."""
    data = await heard.room.do(work.musicxml, await heard.midi())
    return await heard.reply(data, "application/vnd.recordare.musicxml+xml", ".musicxml")


@router.get("/api/takes/{take}/wav", response_class=Response, responses=_content("audio/wav"))
async def get_wav(heard: HeardOf) -> Response:
    """Return the sound as WAV, 44.1 kHz stereo."""
    font, why_not = await run_in_threadpool(heard.room.desk.soundfont)
    if font is None:
        raise SoundError(why_not)
    return await heard.reply(await heard.room.play(work.sound, await heard.midi(), font), "audio/wav", ".wav")


@router.get("/api/takes/{take}/png", response_class=Response, responses=_content("image/png"))
async def get_png(heard: HeardOf, of: Literal["sheet", "roll"] = "sheet") -> Response:
    """Return a picture of the lead sheet's first page or of the piano roll."""
    picture = work.sheet_picture if of == "sheet" else work.roll_picture
    return await heard.reply(await heard.room.play(picture, await heard.midi()), "image/png", f"-{of}.png")


@router.get("/api/takes/{take}/sheet")
async def get_sheet(take: Id, room: RoomOf, bars: Annotated[int, Query(ge=1, le=4)] = 4) -> list[str]:
    """Return the lead sheet for a screen: pages as SVG, with at most `bars` bars per line."""
    return await room.do(work.sheet, await room.desk.kept(room.desk.sessions.midi, take), bars)


@router.get("/soundfont", response_class=FileResponse, responses=_content("application/octet-stream"))
def get_soundfont(desk: DeskOf) -> FileResponse:
    """Return the soundfont that the page plays with."""
    font, why_not = desk.soundfont()
    if font is None:
        raise HTTPException(HTTPStatus.NOT_FOUND, why_not)
    headers = {"Cache-Control": "private, no-cache"}  # the browser asks each time, and gets it again if it has changed
    return FileResponse(font, media_type="application/octet-stream", headers=headers)
