"""TensorFlow set up: one thread an operation, operations side by side, and no greetings.

The LSTM's operations are small, and sharing one among threads costs more than it saves; training gives the cores
several shards of a batch instead. Its C++ code logs to stderr before any setting reaches it, so that is closed.
"""

import os
from contextlib import suppress

from jazzgen.learning.distributed import ALONE, Cluster
from jazzgen.system.quiet import stderr_closed


def load_tensorflow(cluster: Cluster = ALONE) -> None:
    """Imports TensorFlow, joins the cluster and finds the devices; where something else started it, its settings stay.

    Raises:
        TrainingError: when the cluster's other workers do not come.
    """
    log_level = "2" if cluster.size == 1 else "3"  # the loss of a worker is an error of ours, in one line
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", log_level)
    with stderr_closed():
        import tensorflow as tf  # noqa: PLC0415 - that it is imported here is the point

        with suppress(RuntimeError):
            tf.config.threading.set_intra_op_parallelism_threads(1)
            tf.config.threading.set_inter_op_parallelism_threads(os.cpu_count() or 1)
        cluster.connect()
        tf.config.list_logical_devices()
