"""The studio's server, on this machine only."""

import asyncio
import socket
import threading
import webbrowser
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import uvicorn

from jazzgen.audio.soundfont import check_soundfont
from jazzgen.errors import OptionError
from jazzgen.studio.app import make_app
from jazzgen.studio.connections import Connection
from jazzgen.studio.desk import Desk, find_models
from jazzgen.studio.guard import Door
from jazzgen.studio.keys import BROWSER_SECONDS
from jazzgen.studio.log import LOG_CONFIG
from jazzgen.studio.routes import UPLOAD_PATHS
from jazzgen.studio.session import SessionFile
from jazzgen.studio.workers import Workers

HOST = "127.0.0.1"
_SECONDS_TO_CLOSE = 2  # set by hand


def serve(
    port: int,
    session: Path,
    *,
    soundfont: Path | None = None,
    open_browser: bool = True,
    say: Callable[[str], None] = print,
) -> None:
    """Serve the studio until Ctrl-C.

    Args:
        port: to listen on; 0 for any free one.
        session: the session file, created if missing.
        soundfont: to play with; None to look for one.
        open_browser: whether to open the page in the browser.
        say: receives messages for the user.

    Raises:
        OptionError: if the port is taken.
        SessionError, SoundError: if a file is not what it should be.
    """
    if soundfont:
        check_soundfont(soundfont)
    sessions = SessionFile(session)
    models = find_models()
    with closing(_listen(port)) as listener:
        desk = Desk(sessions, Workers(list(models.values())[:1]), models, soundfont)
        door = Door(listener.getsockname()[1], UPLOAD_PATHS, say)
        config = uvicorn.Config(
            make_app(desk, door),
            http=Connection,
            log_config=LOG_CONFIG,
            access_log=False,
            server_header=False,
            ws="none",
            timeout_graceful_shutdown=_SECONDS_TO_CLOSE,
        )
        say(f"jazzgen studio: {door.printed()}\nTakes are kept in {session}. Ctrl-C stops the studio.")
        if why_not := desk.soundfont()[1]:
            say(f"It makes no sound yet: {why_not}.")
        if open_browser:
            opened = door.address(door.keys.new_code(BROWSER_SECONDS))
            threading.Thread(target=webbrowser.open, args=(opened,), daemon=True).start()
        with suppress(KeyboardInterrupt):
            _Server(config, desk.workers).run([listener])
    say("The studio is closed; its takes are kept.")


class _Server(uvicorn.Server):
    """A server that stops the workers before it closes connections, so that waiting requests get an answer."""

    def __init__(self, config: uvicorn.Config, workers: Workers) -> None:
        super().__init__(config)
        self._workers = workers

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await asyncio.to_thread(self._workers.close)
        await super().shutdown(sockets)


def _listen(port: int) -> socket.socket:
    # Named as TCP so that asyncio recognises it and sends at once (TCP_NODELAY).
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen(128)  # connections that may wait; set by hand
    except OSError as error:
        listener.close()
        raise OptionError(
            f"--port {port}: cannot be used ({error.strerror}); is a studio running already? Choose another port"
        ) from None
    return listener
