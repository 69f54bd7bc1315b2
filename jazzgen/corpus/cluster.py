"""Work on many files on a cluster of machines with Dask; `pool` does the same on one machine.

Only paths are sent, so every machine must see the files under the same paths. Each thread of a worker reads in a
process of its own: a file's limits hold there, and a file that kills it leaves the worker alive.
"""

import asyncio
import logging
import os
import platform
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import current_process
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from jazzgen import __version__
from jazzgen.corpus.cache import Cache
from jazzgen.corpus.pool import AHEAD, Work, batches_of, received, schedule
from jazzgen.errors import CorpusError
from jazzgen.formats.reading import ReadOptions
from jazzgen.system.extras import require

if TYPE_CHECKING:
    from distributed import Client, Future
    from pebble import ProcessPool

_CONNECT_SECONDS = 10  # set by hand
_WORKERS_SECONDS = 30  # a cluster may be without workers; set by hand
_Result = TypeVar("_Result")
_thread = threading.local()


def for_each_file_on_cluster(
    files: Sequence[Path], work: Work[_Result], on_crash: Work[_Result], address: str
) -> Iterator[tuple[Path, _Result]]:
    """Yield (file, result) in order.

    Args:
        files: on storage that all machines see.
        work: a function that can be pickled and raises nothing.
        on_crash: returns the result for a file that killed its process; can be pickled.
        address: of the scheduler, such as tcp://host:8786.

    Raises:
        CorpusError: if there is no such cluster, its workers are unfit for the work, or the connection is lost.
    """
    if not files:
        return
    with _connected(address) as client:
        _require_same_readers(client, address, files[0].absolute())
        yield from _Job(client, work, on_crash).results(files)


@dataclass(frozen=True, slots=True)
class _Job(Generic[_Result]):
    client: "Client"
    work: Work[_Result]
    on_crash: Work[_Result]

    def results(self, files: Sequence[Path]) -> Iterator[tuple[Path, _Result]]:
        """Yield the results in order, with at most a few batches in flight for each thread of the workers."""
        waiting: deque[tuple[Sequence[Path], Future]] = deque()
        for batch in batches_of(files, max(self._threads(), 1)):
            waiting.append((batch, self._send(batch)))
            while len(waiting) > self._threads() * AHEAD:
                yield from self._received(*waiting.popleft(), [future for _, future in waiting])
        while waiting:
            yield from self._received(*waiting.popleft(), [future for _, future in waiting])

    def _threads(self) -> int:
        return sum(self.client.nthreads().values())

    def _send(self, batch: Sequence[Path]) -> "Future":
        return self.client.submit(_do_all, self.work, self.on_crash, [file.absolute() for file in batch], pure=False)

    def _received(
        self, batch: Sequence[Path], future: "Future", others: Sequence["Future"]
    ) -> Iterator[tuple[Path, _Result]]:
        """Return the results of a batch; if its workers died, wait for the other batches and retry its files alone."""
        results = self._wait_for(future)
        if results is None:
            for other in others:
                self._wait_for(other)
            results = [self._alone(file) for file in batch]
        return zip(batch, results, strict=True)

    def _alone(self, file: Path) -> _Result:
        results = self._wait_for(self._send([file]))
        return results[0] if results else self.on_crash(file)

    def _wait_for(self, future: "Future") -> list[_Result] | None:
        """Return the results; None if every worker that got the batch died."""
        from distributed import KilledWorker  # noqa: PLC0415 - an extra

        while True:
            try:
                results: list[_Result] = future.result(_WORKERS_SECONDS)
            except TimeoutError:
                _require_workers(self.client)
            except KilledWorker:
                return None
            else:
                return results


@contextmanager
def _connected(address: str) -> "Iterator[Client]":
    """Connect to a scheduler that has workers."""
    require("cluster")
    from distributed import Client  # noqa: PLC0415 - an extra

    _require_scheduler(address)
    with _quiet(), Client(address, timeout=_CONNECT_SECONDS, set_as_default=False) as client:
        try:
            _require_workers(client)
            yield client
        except (CancelledError, OSError):
            raise CorpusError(f"cluster {address}: the connection to the scheduler is lost; run this again") from None


def _require_workers(client: "Client") -> None:
    """Raise CorpusError if there are no workers and none come in time."""
    address = client.scheduler.address
    try:
        client.wait_for_workers(1, timeout=_WORKERS_SECONDS)
    except TimeoutError:
        cure = f"start some with 'dask worker {address}'"
        raise CorpusError(f"cluster {address}: no workers for {_WORKERS_SECONDS} seconds; {cure}") from None


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Dask from printing a traceback for a lost connection; the error here is one line."""
    log = logging.getLogger("distributed.client")
    log.disabled = True
    try:
        yield
    finally:
        log.disabled = False


def _require_scheduler(address: str) -> None:
    """Raise CorpusError unless a scheduler answers; Dask's own client may wait forever on another server."""
    try:
        with ThreadPoolExecutor(1) as thread:  # this thread's event loop may be running, as in a notebook
            thread.submit(asyncio.run, _knock(address)).result()
    except (TimeoutError, OSError):
        raise CorpusError(f"cluster {address}: no scheduler answers there; start one with 'dask scheduler'") from None
    except ValueError:
        raise CorpusError(f"cluster {address}: no address; write it as tcp://HOST:PORT, or tls://HOST:PORT") from None
    except TypeError:
        raise CorpusError(
            f"cluster {address}: TLS needs certificates; docs/corpora.md tells how to name them"
        ) from None


async def _knock(address: str) -> None:
    from distributed import Security  # noqa: PLC0415 - an extra
    from distributed.comm import connect  # noqa: PLC0415

    async with asyncio.timeout(_CONNECT_SECONDS):
        connection = await connect(address, timeout=_CONNECT_SECONDS, **Security().get_connection_args("client"))
        await connection.close()


@dataclass(frozen=True, slots=True)
class _Machine:
    """The software of a machine for reading.

    Attributes:
        readers: the cache key of an empty file, which identifies the readers' source.
    """

    python: str
    readers: str | None
    sees_file: bool


def _about(file: Path) -> _Machine:
    """Describe the machine that runs this."""
    python = ".".join(platform.python_version_tuple()[:2])
    readers = Cache(Path()).key(Path(os.devnull), ReadOptions())
    return _Machine(python, readers, file.exists())


def _require_same_readers(client: "Client", address: str, file: Path) -> None:
    """Raise CorpusError unless all workers have this machine's Python and readers, and see the file."""
    here = _about(file)
    for worker, there in client.run(_about, file, on_error="return").items():
        if fault := _fault(here, there, file):
            raise CorpusError(f"cluster {address}: the worker {worker} {fault}")


def _fault(here: _Machine, there: _Machine | Exception, file: Path) -> str:
    """Return why another machine cannot replace this one, and the cure; empty if it can."""
    if isinstance(there, Exception):
        return f"cannot run jazzgen ({there}); install this version, {__version__}, on all machines"
    if there.python != here.python:
        return f"has Python {there.python} and this machine {here.python}; use the same on all machines"
    if there.readers != here.readers:
        return f"has another jazzgen than this machine; install this version, {__version__}, on all machines"
    if here.sees_file and not there.sees_file:
        return f"does not see {file}; keep the corpus on storage that all machines see under the same path"
    return ""


def _do_all(work: Work[_Result], on_crash: Work[_Result], files: Sequence[Path]) -> list[_Result]:
    """Return the results of a batch, on a worker: read in the process of this thread."""
    reader = _reader()
    return received(reader, schedule(reader, work, files), work, on_crash, files)


def _reader() -> "ProcessPool":
    from jazzgen.system.processes import new_pool  # noqa: PLC0415 - on a worker alone

    # Dask's workers are daemons, which may not have children, lest they outlive them; the pool ends its own.
    current_process().daemon = False
    if not hasattr(_thread, "reader"):
        _thread.reader = new_pool(1)
    reader: ProcessPool = _thread.reader
    return reader
