"""Turn solos into training examples: what is heard, what the memories advise, what was chosen.

The licks of a training corpus know its solos by heart, but not those of strangers. So their advice on a solo is asked
with all solos over its tune taken out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from jazzgen.codec.context import SoloArrays
from jazzgen.learning.soloist.hearing import HEARD, N_CHORD, N_ROWS, OFFSETS, chord_classes, heard_chords, heard_rows
from jazzgen.learning.soloist.licks import Advice, Licks, hash_contexts
from jazzgen.learning.soloist.memory import Memory, lick_advice, motif_advice
from jazzgen.learning.soloist.moments import INDEX, PARTS, START_PITCH, PartName, Who, choices_of, in_range, moments_of
from jazzgen.learning.soloist.net import ORDER_SCALE
from jazzgen.learning.soloist.profile import N_PITCHES, PROFILE
from jazzgen.learning.soloist.recency import recency_of

N_HEARD = N_ROWS + N_CHORD
_FURTHEST_KEYS = range(-6, 6)  # half steps of transposition: each key once
_PITCHES = [HEARD.index(name) for name in ("pitch", "centre", "tessitura")]
_NAMES = [[HEARD.index(name)] for name in ("performer", "style", "instrument")]
_PROFILE = [[HEARD.index(name)] for name in PROFILE]
_PLANS = [[place for (place,) in _PROFILE], [HEARD.index(name) for name in ("idea", "back")]]
_LEAST_NOTES = 8  # shorter windows at a solo's end are dropped in training, as cuts vary by epoch; set by hand


@dataclass(frozen=True, eq=False)
class Examples:
    """Solos end to end, n notes in all.

    Attributes:
        rows: (n, 3, heard), the embedding's rows that are heard.
        chords: (n, 3, 36), which of its last rows are heard.
        choices: (n, 3).
        pitch, degree, next_degree: (n,), those columns where the pitch is chosen.
        recency: (n, steps), from `recency_of`.
        advice: by part.
        starts: (solos + 1,), where each solo starts, and the end.
        room: (solos, 2), half steps that a solo may be transposed down and up.
    """

    rows: np.ndarray
    chords: np.ndarray
    choices: np.ndarray
    pitch: np.ndarray
    degree: np.ndarray
    next_degree: np.ndarray
    recency: np.ndarray
    advice: dict[PartName, Advice]
    starts: np.ndarray
    room: np.ndarray

    def __len__(self) -> int:
        return len(self.room)


class Batch(NamedTuple):
    """Windows of notes (m, tx); notes past a solo's end have weight 0.

    Attributes:
        heard: for each part (m, tx, N_HEARD), float32, ones and zeros.
        advice, orders: for each part (m, tx, advisers, classes) and (m, tx, advisers), float32.
        pitch, degree, next_degree: (m, tx), int32.
        recency: (m, tx, steps), int32.
        choices: (m, tx, 3), int32.
        weights: (m, tx), float32, 1 for a note.
    """

    heard: tuple[np.ndarray, ...]
    advice: tuple[np.ndarray, ...]
    orders: tuple[np.ndarray, ...]
    pitch: np.ndarray
    degree: np.ndarray
    next_degree: np.ndarray
    recency: np.ndarray
    choices: np.ndarray
    weights: np.ndarray


def build_examples(
    solos: Sequence[SoloArrays],
    who: Who,
    memory: Memory,
    tunes: Sequence[str] | None = None,
    *,
    planned: bool = False,
) -> Examples:
    """Build the examples of some solos.

    Args:
        solos: one or more, each with a note or more.
        who: names that the model knows.
        memory: the licks.
        tunes: of each solo, if the memory was learnt from them; a tune's own licks are then left out.
        planned: include the solos' profiles and ideas.
    """
    moments = [moments_of(solo, who, planned=planned) for solo in solos]
    choices = [choices_of(solo.notes) for solo in solos]
    together = np.concatenate(moments)
    pitch = [columns[:, :, INDEX["pitch"]] - 1 for columns in moments]
    return Examples(
        rows=heard_rows(together).astype(np.int16),
        chords=np.concatenate([_chords(solo, columns) for solo, columns in zip(solos, moments, strict=True)]),
        choices=np.concatenate(choices).astype(np.int32),
        pitch=together[:, 1, INDEX["pitch"]].astype(np.int32),
        degree=together[:, 1, INDEX["degree"]].astype(np.int32),
        next_degree=together[:, 1, INDEX["next_degree"]].astype(np.int32),
        recency=np.concatenate([recency_of(in_range(solo.notes.pitch), START_PITCH) for solo in solos]),
        advice={
            part: _advice(memory[part], [m[:, i] for m in moments], [c[:, i] for c in choices], tunes)
            for i, part in enumerate(PARTS)
        },
        starts=np.cumsum([0, *map(len, moments)]),
        room=np.array([(values.min(), N_PITCHES - 1 - values.max()) for values in pitch]),
    )


def _chords(solo: SoloArrays, moments: np.ndarray) -> np.ndarray:
    before = chord_classes(solo.before)
    here = chord_classes(solo.here)
    return heard_chords(np.stack([before, here, here], axis=1), moments)


def _advice(
    licks: Licks, moments: Sequence[np.ndarray], classes: Sequence[np.ndarray], tunes: Sequence[str] | None
) -> Advice:
    """Return both memories' advice on all choices of one part, the solos end to end."""
    # Licks: all solos over one tune at a time, asking the licks without them.
    learnt: dict[int, Advice] = {}
    for tune in sorted(set(tunes)) if tunes else [None]:
        ids = [i for i in range(len(moments)) if tunes is None or tunes[i] == tune]
        columns, chosen = (np.concatenate([arrays[i] for i in ids]) for arrays in (moments, classes))
        others = licks if tunes is None else licks - Licks.of(licks.part, hash_contexts(licks.part, columns), chosen)
        ends = np.cumsum([len(moments[i]) for i in ids])[:-1]
        parts = (np.split(field, ends) for field in lick_advice(others, columns))
        learnt |= {i: Advice(*fields) for i, *fields in zip(ids, *parts, strict=True)}
    # Motifs: each solo by itself; then both memories' advice side by side.
    motifs = motif_advice(licks.part, list(zip(moments, classes, strict=True)))
    pairs = [(learnt[i], own) for i, own in enumerate(motifs)]
    probabilities, orders = (
        np.concatenate([np.concatenate([lick[field], motif[field]], axis=1) for lick, motif in pairs])
        for field in (0, 1)
    )
    return Advice(probabilities, orders.astype(np.uint8))


def windows(examples: Examples, tx: int, rng: np.random.Generator | None = None) -> np.ndarray:
    """Cut windows of `tx` notes; return for each its solo and first note, (windows, 2).

    Args:
        examples: to cut.
        tx: notes of a window.
        rng: varies cuts and order from epoch to epoch; without it, each note is in exactly one window.
    """
    cuts: list[tuple[int, int]] = []
    # With `rng`, half the solos start at a random note; the notes before it get a window of their own if many.
    for solo, length in enumerate(np.diff(examples.starts).tolist()):
        first = int(rng.integers(tx)) if rng and rng.random() < 0.5 else 0
        starts = [*range(first, length, tx)]
        if first > tx // 4:
            starts.insert(0, 0)
        least = _LEAST_NOTES if rng else 1
        cuts += [(solo, start) for start in starts if length - start >= least or start == 0]
    found = np.array(cuts)
    return found if rng is None else rng.permutation(found)


def make_batch(
    examples: Examples,
    chosen: np.ndarray,
    tx: int,
    *,
    nameless: float = 0.0,
    planless: float = 0.0,
    rng: np.random.Generator | None = None,
) -> Batch:
    """Turn windows (m, 2) into arrays.

    Args:
        examples: where they are.
        chosen: from `windows`.
        tx: notes of a window.
        nameless: share of windows that hide the performer; likewise style, instrument and each profile figure.
        planless: share of windows that hide the whole profile; likewise the ideas.
        rng: transposes each window at random and hides names and plans; without it, windows stay as they are.
    """
    solos, starts = chosen.T
    notes = examples.starts[solos][:, None] + starts[:, None] + np.arange(tx)
    known = notes < examples.starts[solos + 1][:, None]
    notes = np.where(known, notes, 0)
    rows = examples.rows[notes].astype(np.int64)
    move = np.zeros(len(chosen), np.int64)
    if rng:
        # Transpose: shift the rows of pitches, except those that stand for no pitch.
        down, up = examples.room[solos].T
        move = rng.integers(np.maximum(_FURTHEST_KEYS[0], -down), np.minimum(_FURTHEST_KEYS[-1], up) + 1)
        for place in _PITCHES:
            rows[..., place] += move[:, None, None] * (rows[..., place] != OFFSETS[place])
        # Hide names and plans: replace their rows by those that stand for nothing.
        for share, groups in ((nameless, [*_NAMES, *_PROFILE]), (planless, _PLANS)):
            for group in groups:
                hidden = np.flatnonzero(rng.random(len(chosen)) < share)
                rows[hidden[:, None], ..., group] = OFFSETS[group][:, None, None]
    return Batch(
        heard=tuple(_heard(rows[:, :, i], examples.chords[notes, i]) for i in range(len(PARTS))),
        advice=tuple(examples.advice[part].log_probabilities[notes].astype(np.float32) for part in PARTS),
        orders=tuple(examples.advice[part].orders[notes] * ORDER_SCALE for part in PARTS),
        pitch=(examples.pitch[notes] + move[:, None]).astype(np.int32),
        degree=examples.degree[notes],
        next_degree=examples.next_degree[notes],
        recency=examples.recency[notes].astype(np.int32),
        choices=examples.choices[notes],
        weights=known.astype(np.float32),
    )


def _heard(rows: np.ndarray, chords: np.ndarray) -> np.ndarray:
    """Return (m, tx, N_HEARD), 1 where a row is heard."""
    heard = np.zeros((*rows.shape[:2], N_HEARD), np.float32)
    np.put_along_axis(heard, rows, 1, axis=-1)
    heard[..., N_ROWS:] = chords
    return heard
