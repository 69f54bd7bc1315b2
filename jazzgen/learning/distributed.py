"""Train on several machines: name the workers, connect them, and sum what each computed.

Every worker holds all of the data and the whole model, computes its share of each batch's rows, and takes the same step
from the sums over all workers. So they stay identical bit for bit, and agree with one process up to rounding.
TensorFlow carries the sums (`MultiWorkerMirroredStrategy`). It would wait an hour for a missing worker, so the workers
first connect by a plain socket. Nothing here loads TensorFlow before `connect`.
"""

import json
import re
import signal
import socket
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from typing import Any

import numpy as np

from jazzgen.errors import OptionError, TrainingError

Tensor = Any
_FORM = '{"cluster": {"worker": ["HOST:PORT", ...]}, "task": {"type": "worker", "index": 0}}'
_WAIT_SECONDS = 300.0  # long enough to start the workers by hand, one after the other; set by hand
_HELLO = "jazzgen worker"
_GO = b"go\n"
_AGAIN = "then start all of them again, resuming"


def _nothing_to_watch() -> None:
    pass


@dataclass(frozen=True)
class Cluster:
    """The workers of a training, seen from one of them; `ALONE`, a cluster of one, changes nothing.

    Attributes:
        addresses: HOST:PORT of every worker, the chief's first.
        rank: index of this process.
        watch: raises TrainingError when a worker is known to have died.
    """

    addresses: tuple[str, ...] = ("localhost:0",)
    rank: int = 0
    watch: Callable[[], None] = field(default=_nothing_to_watch, compare=False, repr=False)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Cluster":
        """Read TensorFlow's TF_CONFIG; `ALONE` if it is not set.

        Raises:
            OptionError: TF_CONFIG is invalid.
        """
        text = environment.get("TF_CONFIG", "")
        if not text:
            return ALONE
        try:
            config = json.loads(text)
            jobs = config["cluster"]
            task = config["task"]
            chiefs, workers = list(jobs.get("chief", ())), list(jobs.get("worker", ()))
            rank = int(task["index"]) + {"chief": 0, "worker": len(chiefs)}[task["type"]]
            size_of_job = len({"chief": chiefs, "worker": workers}[task["type"]])
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            reason = f"{type(error).__name__}: {error}"
            raise OptionError(f"TF_CONFIG does not say who the workers are ({reason}); it reads {_FORM}") from None
        if not 0 <= int(task["index"]) < size_of_job:
            raise OptionError(f"TF_CONFIG: index {task['index']} of {size_of_job} {task['type']}s; they count from 0")
        return cls(_checked([*chiefs, *workers]), rank)

    @property
    def size(self) -> int:
        return len(self.addresses)

    @property
    def is_chief(self) -> bool:
        """True for the worker that writes files and talks to the user."""
        return self.rank == 0

    def rows(self, batch: np.ndarray) -> np.ndarray:
        """Return this worker's share of a batch's rows, every size-th; all shares make the whole batch."""
        return batch[self.rank :: self.size]

    def connect(self, wait_seconds: float = _WAIT_SECONDS) -> None:
        """Wait for the other workers and join TensorFlow's cluster; call it before TensorFlow looks for devices.

        Raises:
            TrainingError: a worker does not come, or a port is in use.
        """
        if self.size > 1:
            _meet(self, time.monotonic() + wait_seconds)
            _strategy(self)

    def sum(self, tensors: Sequence[Tensor]) -> list[Tensor]:
        """Sum float32 tensors over all workers; call it inside a `tf.function` that all workers call.

        They are sent as one, since each message costs over a millisecond. Divide by a count common to all workers, not
        by each worker's own, to get the gradient of the whole batch.
        """
        if self.size == 1:
            return list(tensors)
        import tensorflow as tf  # noqa: PLC0415 - see the module

        def all_reduce(flat: Tensor) -> Tensor:
            # tf.identity puts the tensor on this worker's device, where the strategy looks for it.
            return tf.distribute.get_replica_context().all_reduce(tf.distribute.ReduceOp.SUM, tf.identity(flat))

        flat = tf.concat([tf.reshape(tensor, [-1]) for tensor in tensors], axis=0)
        total = _strategy(self).run(all_reduce, args=(flat,))
        parts = tf.split(total, [int(np.prod(tensor.shape)) for tensor in tensors])
        return [tf.reshape(part, tensor.shape) for part, tensor in zip(parts, tensors, strict=True)]

    def from_chief(self, data: bytes | None) -> bytes | None:
        """Return the chief's `data` on every worker; what the others pass is ignored."""
        if self.size == 1:
            return data
        marked = b"" if data is None else b"+" + data  # tells None from an empty file
        length = int.from_bytes(self._gather(len(marked).to_bytes(8))[0])
        if length == 0:
            return None
        mine = np.frombuffer(marked, np.uint8) if self.is_chief else np.zeros(length, np.uint8)
        return self._sum_of_bytes(mine)[1:]

    def require_same(self, what: str) -> None:
        """Raise TrainingError on all workers unless all pass the same text."""
        digests = self._gather(sha256(what.encode()).digest()) if self.size > 1 else []
        for digest, address in zip(digests, self.addresses, strict=False):
            if digest != digests[0]:
                raise TrainingError(
                    f"the worker at {address} has another corpus, other options or another jazzgen than the chief at "
                    f"{self.addresses[0]}; give all workers the same files and options"
                )

    @contextmanager
    def guarded(self) -> Iterator[None]:
        """Turn the loss of a worker into a TrainingError."""
        if self.size == 1:
            yield
            return
        import tensorflow as tf  # noqa: PLC0415 - see the module

        try:
            yield
        except tf.errors.OpError as error:
            self.watch()
            raise TrainingError(self._loss(error.message)) from None

    def _loss(self, message: str) -> str:
        """Word TensorFlow's error for the user; it names a lost worker by its task number, and the chief not at all."""
        tasks = [int(task) for task in re.findall(r"task:(\d+)", message)]
        lost = next((task for task in tasks if task != self.rank), 0)
        return f"the worker at {self.addresses[lost]} is gone, or cannot be reached; see what it said, {_AGAIN}"

    def _gather(self, data: bytes) -> list[bytes]:
        """Return every worker's bytes, all of one length."""
        table = np.zeros((self.size, len(data)), np.uint8)
        table[self.rank] = np.frombuffer(data, np.uint8)
        together = self._sum_of_bytes(table)
        return [together[start : start + len(data)] for start in range(0, len(together), len(data))]

    def _sum_of_bytes(self, array: np.ndarray) -> bytes:
        """Sum bytes where all workers but one pass 0."""
        import tensorflow as tf  # noqa: PLC0415 - see the module

        (total,) = tf.function(self.sum)([tf.constant(array, tf.float32)])
        return bytes(total.numpy().astype(np.uint8).tobytes())


ALONE = Cluster()


def require_rows(batch_size: int, workers: int) -> None:
    """Raise OptionError if a batch has fewer rows than there are workers."""
    if batch_size < workers:
        raise OptionError(
            f"batch size {batch_size}: {workers} workers share a batch; give a batch size of {workers} or more, "
            "or fewer workers"
        )


@cache
def _strategy(cluster: Cluster) -> Any:
    """Join TensorFlow's cluster once a process; all workers must have connected."""
    import tensorflow as tf  # noqa: PLC0415 - see the module

    resolver = tf.distribute.cluster_resolver.SimpleClusterResolver(
        tf.train.ClusterSpec({"worker": list(cluster.addresses)}),
        task_type="worker",
        task_id=cluster.rank,
        rpc_layer="grpc",
    )
    try:
        strategy = tf.distribute.MultiWorkerMirroredStrategy(cluster_resolver=resolver)
    except tf.errors.OpError as error:
        raise TrainingError(f"TensorFlow cannot join its cluster ({error.message}); start all workers again") from None
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # TensorFlow takes the signal over, and `kill` would do nothing
    if strategy.num_replicas_in_sync != cluster.size:
        raise TrainingError(
            f"{strategy.num_replicas_in_sync} devices for {cluster.size} workers: each takes one; start a worker for "
            "each GPU, with CUDA_VISIBLE_DEVICES set to it"
        )
    return strategy


def _checked(addresses: list[Any]) -> tuple[str, ...]:
    for address in addresses:
        if not re.fullmatch(r"[^\s:]+:\d{1,5}", str(address)):
            raise OptionError(f"TF_CONFIG: the worker '{address}' is no HOST:PORT")
    if len(set(addresses)) < len(addresses):
        raise OptionError("TF_CONFIG: two workers have one address; give each a port of its own")
    return tuple(addresses)


def _meet(cluster: Cluster, deadline: float) -> None:
    """Return on every worker once all are there."""
    with _listen(cluster.addresses[cluster.rank]) as server:  # on all workers, to see that the port is free
        if cluster.is_chief:
            _await_workers(cluster, server, deadline)
            return
    _call_chief(cluster, deadline)


def _listen(address: str) -> socket.socket:
    """Listen on the port, on all of this machine's addresses, as TensorFlow will."""
    try:
        return socket.create_server(("", int(address.rpartition(":")[2])))
    except (OSError, OverflowError) as error:
        raise TrainingError(
            f"port of {address}: cannot be listened on ({error}); choose another in TF_CONFIG"
        ) from None


def _await_workers(cluster: Cluster, server: socket.socket, deadline: float) -> None:
    callers: dict[int, socket.socket] = {}
    # Timeouts set by hand: how often missing workers are looked for, and how long a caller may take to say who it is.
    server.settimeout(0.5)
    with ExitStack() as stack:
        while missing := set(range(1, cluster.size)) - set(callers):
            cluster.watch()
            if time.monotonic() > deadline:
                names = ", ".join(cluster.addresses[rank] for rank in sorted(missing))
                raise TrainingError(f"no word from {names}; start 'jazzgen train' there, see that it reaches this port")
            with suppress(OSError):
                caller = stack.enter_context(server.accept()[0])
                caller.settimeout(2)
                hello = caller.recv(100)  # a restarted worker replaces its earlier call
                callers |= {rank: caller for rank in range(1, cluster.size) if hello == _hello(rank)}
        for caller in callers.values():
            with suppress(OSError):
                caller.sendall(_GO)


def _call_chief(cluster: Cluster, deadline: float) -> None:
    host, _, port = cluster.addresses[0].rpartition(":")
    while (left := deadline - time.monotonic()) > 0:
        with suppress(OSError), socket.create_connection((host, int(port)), timeout=min(left, 5)) as chief:
            chief.sendall(_hello(cluster.rank))
            chief.settimeout(left)
            if chief.recv(len(_GO)) == _GO:
                return
        time.sleep(0.2)
    raise TrainingError(
        f"no word from the chief at {cluster.addresses[0]}; start 'jazzgen train' there, or the worker that it lacks"
    )


def _hello(rank: int) -> bytes:
    return f"{_HELLO} {rank}\n".encode()
