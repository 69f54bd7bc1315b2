"""Run workers on this machine: processes that train with this one, and end with it however it ends."""

import multiprocessing
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from multiprocessing.process import BaseProcess

from jazzgen.errors import JazzgenError, TrainingError
from jazzgen.learning.distributed import Cluster

_END_SECONDS = 20.0  # set by hand; TensorFlow takes about one to shut down


@contextmanager
def local_workers(count: int, work: Callable[..., object]) -> Iterator[Cluster]:
    """Start `count - 1` processes that each call `work(cluster=...)` with their own cluster, and yield the chief's.

    Args:
        count: number of workers, this process included; 2 or more.
        work: what the others run; it must be picklable, and prints nothing.
    """
    addresses = tuple(f"127.0.0.1:{port}" for port in _free_ports(count))
    context = multiprocessing.get_context("spawn")  # fork would copy locks that threads hold
    clusters = [Cluster(addresses, rank) for rank in range(1, count)]
    children = [context.Process(target=_follow, args=(work, cluster), daemon=True) for cluster in clusters]
    try:
        for child in children:
            child.start()
        yield Cluster(addresses, watch=partial(_require_alive, children))
        for child in children:
            child.join(_END_SECONDS)
    finally:
        for child in children:
            if child.pid is not None:
                child.kill()
                child.join()


def _require_alive(children: Sequence[BaseProcess]) -> None:
    for rank, child in enumerate(children, start=1):
        if child.exitcode:
            raise TrainingError(
                f"worker {rank} on this machine ended (exit code {child.exitcode}), as it does when memory runs out; "
                "resume it with fewer workers"
            )


def _follow(work: Callable[..., object], cluster: Cluster) -> None:
    """Run `work` in a child process; the chief reports errors."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C also reaches the chief, which ends its children
    threading.Thread(target=_end_with_parent, daemon=True).start()
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    try:
        work(cluster=cluster)
    except JazzgenError:
        sys.exit(1)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        servers = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [int(server.getsockname()[1]) for server in servers]
