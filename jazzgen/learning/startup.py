"""Set up TensorFlow: one thread an operation, operations in parallel, no log messages.

The LSTM's operations are small, and splitting one among threads costs more than it saves; training uses the cores by
splitting batches into shards. TensorFlow's C++ code logs to stderr before any setting reaches it, so stderr is closed.
"""

import os
from contextlib import suppress

from jazzgen.learning.distributed import ALONE, Cluster
from jazzgen.system.extras import require
from jazzgen.system.quiet import stderr_closed


def load_tensorflow(cluster: Cluster = ALONE) -> None:
    """Import TensorFlow, join the cluster and find the devices; an already running TensorFlow keeps its settings.

    Raises:
        ExtraError: it is not installed.
        TrainingError: the cluster's other workers do not come.
    """
    require("train")
    log_level = "2" if cluster.size == 1 else "3"  # we report a lost worker ourselves, in one line
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", log_level)
    with stderr_closed():
        import tensorflow as tf  # noqa: PLC0415 - that it is imported here is the point

        with suppress(RuntimeError):
            tf.config.threading.set_intra_op_parallelism_threads(1)
            tf.config.threading.set_inter_op_parallelism_threads(os.cpu_count() or 1)
        cluster.connect()
        tf.config.list_logical_devices()
