"""Draw gradients on their way back through time."""

import io
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from jazzgen.reference.gradient_flow import Latch, lstm_flow, rnn_flow
from jazzgen.system.files import write_bytes
from jazzgen.system.marks import MAKER

# What is drawn, and the descent near the cliff: all set by hand.
RADII = {0.5: "#5fb49c", 1.0: "#1b6ca8", 1.5: "#c8553d"}
FORGET_BIASES = {1.0: ("#777777", "-"), 3.0: ("#777777", ":")}
INPUT_DEVIATION = 0.4
START = (1.4, -0.4)
RATE, MOVES, MAX_VALUE = 0.05, 40, 5.0
_PLAIN, _CLIPPED = "#c8553d", "#1b6ca8"


def write_gradients(path: Path, rng: np.random.Generator, steps: int = 40) -> None:
    """Draw gradient norm against steps back in time, and descent near a cliff with and without clipping.

    Every curve has networks of its own, drawn from `rng`.
    """
    figure = Figure(figsize=(13, 5.6), layout="constrained")
    flow, cliff = figure.subplots(1, 2)
    _draw_flow(flow, rng, steps)
    _draw_cliff(cliff, Latch())
    buffer = io.BytesIO()
    FigureCanvasAgg(figure)
    figure.savefig(buffer, format="png", metadata={"Software": MAKER})
    write_bytes(path, buffer.getvalue())


def _draw_flow(axes: Axes, rng: np.random.Generator, steps: int) -> None:
    back = np.arange(steps + 1)
    for radius, colour in RADII.items():
        axes.semilogy(back, rnn_flow(radius, steps, rng), color=colour, label=f"RNN, radius {radius}, no input")
    for radius, colour in RADII.items():
        norms = rnn_flow(radius, steps, rng, input_deviation=INPUT_DEVIATION)
        axes.semilogy(back, norms, color=colour, linestyle="--", label=f"RNN, radius {radius}, with inputs")
    for bias, (colour, line) in FORGET_BIASES.items():
        norms = lstm_flow(bias, steps, rng)
        axes.semilogy(back, norms, color=colour, linestyle=line, linewidth=2.2, label=f"LSTM, forget bias {bias:g}")
    axes.axhline(1, color="#bbbbbb", linewidth=0.8, zorder=0)
    axes.set(xlabel="steps back from the loss", ylabel="norm of the gradient", xlim=(0, steps))
    axes.set_title("How much of a gradient arrives", loc="left")
    axes.grid(alpha=0.3)
    axes.legend(fontsize=9, loc="lower left")


def _draw_cliff(axes: Axes, latch: Latch) -> None:
    ws = np.linspace(0.9, 1.9, 201)
    bs = np.linspace(-0.8, 2.4, 321)
    drawn = axes.pcolormesh(ws, bs, latch.surface(ws, bs), cmap="Greys", vmin=0, vmax=6, shading="nearest")
    axes.figure.colorbar(
        drawn, ax=axes, label="loss (nats)", boundaries=np.linspace(0, 2.1, 100), ticks=[0, 0.5, 1, 1.5, 2]
    )
    for max_value, colour, label in ((None, _PLAIN, "as it is"), (MAX_VALUE, _CLIPPED, f"clipped at {MAX_VALUE:g}")):
        places = latch.descend(*START, rate=RATE, moves=MOVES, max_value=max_value)
        axes.plot(*places.T, color=colour, marker="o", markersize=4, linewidth=1.4, label=f"gradient {label}")
    axes.plot(*START, color="black", marker="s", markersize=8, linestyle="", label="start")
    axes.set(xlabel="w, recurrent weight", ylabel="b, bias", xlim=(ws[0], ws[-1]), ylim=(bs[0], bs[-1]))
    axes.set_title(f"One unit learns to keep a bit for {latch.steps} steps: {MOVES} moves of descent", loc="left")
    axes.legend(fontsize=9, loc="upper left")
