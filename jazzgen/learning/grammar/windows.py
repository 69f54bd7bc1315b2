"""Turn scores into arrays: prepare a melody for training, cut windows of tokens, count rhythms."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from jazzgen.codec import grammar
from jazzgen.errors import CorpusError
from jazzgen.learning.grammar.vocabulary import Vocabulary
from jazzgen.music.melody import ARTICULATION_TICKS, close_gaps, quantized
from jazzgen.music.score import Score
from jazzgen.music.timing import TATUMS_PER_BEAT, TICKS_PER_BEAT, TICKS_PER_TATUM
from jazzgen.music.written import written_line

NOTHING = -1  # the input before the first token, and the target after the last


@dataclass(frozen=True)
class Windows:
    """Stretches of Tx tokens: `inputs` and `targets`, both (m, Tx), hold indices or `NOTHING`.

    A target is the token that follows its input.
    """

    inputs: np.ndarray
    targets: np.ndarray

    def __len__(self) -> int:
        return len(self.inputs)


def prepare(score: Score, grid_ticks: int = TICKS_PER_TATUM, gap_ticks: int = ARTICULATION_TICKS) -> Score:
    """Prepare a score's melody for training: monophonic, on the grid, eighths even, gaps closed.

    Args:
        score: any score with a melody.
        grid_ticks: the grid; 120 is sixteenths, which hold no triplets. Swing is removed first.
        gap_ticks: gaps up to this length count as articulation, and are closed.
    """
    line, swings = written_line(score)
    melody = replace(score.melody, notes=close_gaps(quantized(line, grid_ticks), gap_ticks))
    return replace(score, parts=(melody, *score.parts[1:]), feel="swing" if swings else score.feel)


def make_windows(sequences: Sequence[np.ndarray], tx: int, stride: int | None = None) -> Windows:
    """Cut windows that start every `stride` tokens (None: Tx) and together cover every token.

    A window's first input is the token before it, or `NOTHING` at the start of a solo; a window that runs past the end
    is filled up with `NOTHING`.
    """
    rows: list[tuple[np.ndarray, np.ndarray]] = []
    filler = np.full(tx, NOTHING, np.int32)
    for sequence in filter(len, sequences):
        inputs = np.concatenate([[NOTHING], sequence[:-1], filler]).astype(np.int32)
        targets = np.concatenate([sequence, filler]).astype(np.int32)
        step = stride or tx
        starts = range(0, max(len(sequence) - (tx - step), 1), step)
        rows += [(inputs[s : s + tx], targets[s : s + tx]) for s in starts]
    if not rows:
        raise CorpusError("there are no tokens to make windows of; give a corpus with a melody")
    return Windows(np.stack([row for row, _ in rows]), np.stack([row for _, row in rows]))


def one_hot(indices: np.ndarray, n_values: int) -> np.ndarray:
    """Turn indices (...,) into one-hots (..., n_values), float32; `NOTHING` becomes the zero vector."""
    table = np.concatenate([np.eye(n_values, dtype=np.float32), np.zeros((1, n_values), np.float32)])
    return table[indices]


def rhythm_table(sequences: Sequence[Sequence[str]], pickups: Sequence[int]) -> tuple[tuple[int, ...], ...]:
    """Return, for each tatum of the beat, the durations of the notes that start there; all in ticks, pickups too.

    Rests are left out: they may start wherever notes do, and last to the bar line at most.
    """
    durations: list[set[int]] = [set() for _ in range(TATUMS_PER_BEAT)]
    for sequence, pickup in zip(sequences, pickups, strict=True):
        position = -pickup
        for token in map(grammar.parse_token, sequence):
            if token.kind != grammar.REST:
                durations[position % TICKS_PER_BEAT // TICKS_PER_TATUM].add(token.duration)
            position += token.duration
    return tuple(tuple(sorted(found)) for found in durations)


def examples(tokens: Sequence[str], tx: int, m: int) -> tuple[np.ndarray, np.ndarray, Vocabulary]:
    """Cut the exercise's examples: `m` windows of `tx` steps from one solo, evenly spread from start to end.

    Returns:
        X (m, Tx, n_values), float32 one-hot, each example starting from the zero vector; Y (Tx, m, n_values) with Y[t]
        the token after X's step t; and the vocabulary.

    Raises:
        CorpusError: there are fewer than Tx + 1 tokens.
    """
    if len(tokens) <= tx:
        raise CorpusError(f"the solo has {len(tokens)} tokens; examples of {tx} steps need {tx + 1}")
    vocabulary = Vocabulary.of([tokens])
    starts = np.linspace(0, len(tokens) - tx, m).round().astype(int)
    targets = vocabulary.encode(tokens)[starts[:, None] + np.arange(tx)]
    inputs = np.concatenate([np.full((m, 1), NOTHING), targets[:, :-1]], axis=1)
    X, Y = one_hot(inputs, len(vocabulary)), one_hot(targets, len(vocabulary))
    return X, Y.transpose(1, 0, 2), vocabulary
