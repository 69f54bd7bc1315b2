"""Run workers on this machine: processes that train with this one, and end with it however it ends."""

import os
import socket
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import wait
from contextlib import ExitStack, contextmanager
from functools import partial

from pebble import ProcessFuture

from jazzgen.errors import JazzgenError, TrainingError
from jazzgen.learning.distributed import Cluster
from jazzgen.system.processes import LostError, new_pool, result_of

_END_SECONDS = 20.0  # set by hand; TensorFlow takes about one to shut down


@contextmanager
def local_workers(count: int, work: Callable[..., object]) -> Iterator[Cluster]:
    """Start `count - 1` processes that each call `work(cluster=...)` with their own cluster, and yield the chief's.

    Args:
        count: number of workers, this process included; 2 or more.
        work: what the others run; it must be picklable, and prints nothing.
    """
    addresses = tuple(f"127.0.0.1:{port}" for port in _free_ports(count))
    clusters = [Cluster(addresses, rank) for rank in range(1, count)]
    pool = new_pool(len(clusters), memory_bytes=None)  # TensorFlow reserves more than it uses
    try:
        children = [pool.schedule(_follow, args=(work, cluster)) for cluster in clusters]
        yield Cluster(addresses, watch=partial(_require_alive, children))
        wait(children, _END_SECONDS)
    finally:
        pool.stop()
        pool.join()


def _require_alive(children: Sequence[ProcessFuture]) -> None:
    for rank, child in enumerate(children, start=1):
        if child.done():
            _require_well(rank, child)


def _require_well(rank: int, child: ProcessFuture) -> None:
    """Raise TrainingError unless a worker that ended had done its work."""
    try:
        result_of(child)
    except (JazzgenError, LostError) as error:
        raise TrainingError(
            f"worker {rank} on this machine ended ({error}), as it does when memory runs out; "
            "resume it with fewer workers"
        ) from None


def _follow(work: Callable[..., object], cluster: Cluster) -> None:
    """Run `work` in a child process; the chief reports errors."""
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    work(cluster=cluster)


def _free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        servers = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [int(server.getsockname()[1]) for server in servers]
