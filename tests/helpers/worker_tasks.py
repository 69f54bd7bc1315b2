"""What processes of `local_workers` do in its tests; a module, so that they can import it. As a script: a chief."""

import os
import time
from functools import partial
from pathlib import Path

from jazzgen.errors import TrainingError
from jazzgen.learning.distributed import Cluster
from jazzgen.learning.local_workers import local_workers


def idle(folder: Path, *, cluster: Cluster) -> None:
    """Says in a file which process this is, and waits."""
    (folder / f".{cluster.rank}").write_text(str(os.getpid()))
    (folder / f".{cluster.rank}").rename(folder / f"{cluster.rank}")
    time.sleep(60)


def fail(*, cluster: Cluster) -> None:
    raise TrainingError(f"worker {cluster.rank} fails")


def die(*, cluster: Cluster) -> None:
    os._exit(2 + cluster.rank)


if __name__ == "__main__":
    with local_workers(2, partial(idle, Path.cwd())) as chief:
        time.sleep(60)
