"""Bass lines of a corpus as examples: what is heard at each beat, and the pitch that was played."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from jazzgen.codec.columns import NONE
from jazzgen.learning.bass.hearing import HIGH, LOW, N_HEARD, N_ROWS, Past, note_rows, place_rows
from jazzgen.learning.bass.places import Places, places_of
from jazzgen.music.score import Score

BASS = "Bass"  # the name of the part, as `formats.wjazzd` gives it


@dataclass(frozen=True, eq=False)
class Line:
    """A bass line, one row a beat.

    Attributes:
        places: of the beats.
        pitch: MIDI numbers; `NONE` for no note.
        last: the last pitch before each beat; `NONE` for none.
        rows: (n, columns), the embedding's rows that are heard.
    """

    places: Places
    pitch: np.ndarray
    last: np.ndarray
    rows: np.ndarray

    def __len__(self) -> int:
        return len(self.pitch)

    @property
    def counted(self) -> np.ndarray:
        """Whether each beat is learnt and scored: it has a note and a chord."""
        return (self.pitch != NONE) & (self.places.root != NONE)


class Batch(NamedTuple):
    """Windows of beats (m, tx).

    Attributes:
        heard: (m, tx, N_HEARD), float32, ones and zeros.
        last, root, next_bass: (m, tx), int32; `NONE` for none.
        choices: (m, tx), int32, pitches from `LOW` up.
        weights: (m, tx), float32, 1 for a beat that counts.
    """

    heard: np.ndarray
    last: np.ndarray
    root: np.ndarray
    next_bass: np.ndarray
    choices: np.ndarray
    weights: np.ndarray


def groove_of(score: Score) -> str:
    """Return the groove in the database's words; its first, where it names several."""
    return score.credits.rhythm_feel.upper().removeprefix("A:").split("/")[0]


def line_of(score: Score) -> Line | None:
    """Return the bass line of a score; None if it has none. Pitches are brought into the range by octaves."""
    part = next((part for part in score.parts[1:] if part.name == BASS), None)
    if part is None:
        return None
    sounding = {note.onset: _in_range(note.pitch) for note in part.notes}
    places = places_of(score, groove_of(score))
    return line_over(places, [sounding.get(onset) for onset in places.onset.tolist()])


def line_over(places: Places, pitches: Sequence[int | None]) -> Line:
    """Return the line of these pitches, one a beat; None for no note."""
    past = Past()
    rows, last = [], []
    for pitch, root, target in zip(pitches, places.root.tolist(), places.next_bass.tolist(), strict=True):
        rows.append(note_rows(past, root, target))
        last.append(past.pitches[-1] if past.pitches else NONE)
        past = past.then(pitch)
    heard = np.concatenate([place_rows(places), np.array(rows, np.int64).reshape(len(places), -1)], axis=1)
    played = [NONE if pitch is None else pitch for pitch in pitches]
    return Line(places, np.array(played, np.int64), np.array(last, np.int64), heard)


def windows(lines: Sequence[Line], tx: int, rng: np.random.Generator | None = None) -> np.ndarray:
    """Cut lines into windows (m, 2) of line and first beat; with `rng` from a random beat on, shuffled."""
    cuts = []
    for number, line in enumerate(lines):
        first = 0 if rng is None else -int(rng.integers(tx))
        cuts += [(number, start) for start in range(first, len(line), tx)]
    found = np.array(cuts, np.int64).reshape(-1, 2)
    return found if rng is None else found[rng.permutation(len(found))]


def make_batch(lines: Sequence[Line], cuts: np.ndarray, tx: int) -> Batch:
    """Return windows as arrays; beats outside of a line have weight 0."""
    m = len(cuts)
    heard = np.zeros((m, tx, N_HEARD), np.float32)
    last, root, target, choices = (np.full((m, tx), NONE, np.int32) for _ in range(4))
    weights = np.zeros((m, tx), np.float32)
    for row, (number, start) in enumerate(cuts.tolist()):
        line = lines[number]
        of_line = slice(max(start, 0), min(start + tx, len(line)))
        here = slice(of_line.start - start, of_line.stop - start)
        np.put_along_axis(heard[row, here], line.rows[of_line], 1, axis=1)
        heard[row, here, N_ROWS:] = line.places.tones[of_line]
        last[row, here] = line.last[of_line]
        root[row, here] = line.places.root[of_line]
        target[row, here] = line.places.next_bass[of_line]
        choices[row, here] = line.pitch[of_line] - LOW
        weights[row, here] = line.counted[of_line]
    return Batch(heard, last, root, target, np.maximum(choices, 0), weights)


def _in_range(pitch: int) -> int:
    while pitch < LOW:
        pitch += 12
    while pitch > HIGH:
        pitch -= 12
    return pitch
