"""Improvise with a soloist: m solos over one form, a choice at a time, each fed back to the next."""

import copy
from collections.abc import Sequence
from typing import Self

import numpy as np

from jazzgen.learning.lstm import State
from jazzgen.learning.soloist.bounds import LOWEST
from jazzgen.learning.soloist.habits import Plan
from jazzgen.learning.soloist.hearing import heard_rows
from jazzgen.learning.soloist.memory import Memory, SoloMotifs, advise
from jazzgen.learning.soloist.moments import (
    COLUMNS,
    IDEA,
    INDEX,
    LATELY,
    PARTS,
    PLACE,
    PROFILED,
    START_PITCH,
    WHO,
    WIDEST,
    PartName,
    degree_column,
    next_degree_column,
    phrase_column,
    rest_column,
    starts_phrase,
)
from jazzgen.learning.soloist.net import Given, Net
from jazzgen.learning.soloist.profile import ECHO_BARS, mean_pitch, profile_columns
from jazzgen.learning.soloist.recency import Recency
from jazzgen.learning.soloist.stage import Stage

_ROOM = 512  # notes; doubled as needed
_PLANNED_WHO = [INDEX[name] for name in ("performer", "style", "instrument")]
_ECHOED = 128  # notes searched for one some bars before, set by hand


class Session:
    """m solos, all at the same choice, each at its own time. `logits` scores the next choice, `choose` makes it.

    Attributes:
        part: what is chosen next: ioi, then pitch, then duration, then the next note's ioi.
        columns: (m, columns), as in `moments`.
        onset: (m,) tatum at which the last note starts, or the current one once its ioi is chosen; 0 at first.
        pitch: (m,) MIDI pitch of the last note, or `START_PITCH`.
        echoes: (m,) number of notes that repeat one some bars before (see `echoed`); 0 without plans.
        wanted: (m, 7) figures of each solo's profile, NaN for any; None without plans.
        limits: (m, 2) lowest and highest pitch of each solo's plan; None without plans.
        left: (m,) set by a policy: log of the probability left to each solo's steps once quotes were ruled out.

    Example:
        >>> from jazzgen.harmony.changes import parse_chart
        >>> from jazzgen.learning.sampling import choose
        >>> from jazzgen.learning.soloist.bundle import load_soloist
        >>> from jazzgen.music.score import Score
        >>> from jazzgen.system.places import shipped_soloist
        >>> soloist = load_soloist(shipped_soloist())
        >>> stage = Stage.of(Score(changes=parse_chart("Dm7 | G7").changes))
        >>> session = Session(soloist.net, soloist.memory, stage, m=1)
        >>> for _ in range(3 * len(PARTS)):
        ...     session.choose(choose(session.logits()))
        >>> [column.shape for column in session.notes()]
        [(1, 3), (1, 3), (1, 3)]
    """

    def __init__(
        self,
        net: Net,
        memory: Memory,
        stage: Stage,
        m: int,
        who: tuple[int, int, int] = (0, 0, 0),
        instrument: int = 0,
    ) -> None:
        self._net = net
        self._memory = memory
        self._stage = stage
        self._chords = stage.heard(net.embedding)
        self._states = {part: net.voices[part].start(m) for part in PARTS}
        self._motifs = {part: SoloMotifs(part, m) for part in PARTS}
        self._notes = np.zeros((len(PARTS), m, _ROOM), np.int64)  # onsets, pitches, durations, and room for more
        self._n = 0
        self._sum = np.zeros(m, np.int64)
        self._phrase = np.zeros(m, np.int64)
        self._recency = Recency(m)
        self.part: PartName = "ioi"
        self.left = np.zeros(m)
        self.onset = np.zeros(m, np.int64)
        self.pitch = np.full(m, START_PITCH)
        self.columns = np.zeros((m, len(COLUMNS)), np.int64)
        self.columns[:, WHO] = who
        self.columns[:, INDEX["instrument"]] = instrument
        self.wanted: np.ndarray | None = None
        self.limits: np.ndarray | None = None
        self.echoes = np.zeros(m, np.int64)
        self._ideas: np.ndarray | None = None  # (plans, tatums, 2), the columns
        self._plan = np.zeros(m, np.int64)  # index of each solo's plan
        self._look()

    def __len__(self) -> int:
        return len(self.onset)

    def follow(self, plans: Sequence[Plan]) -> None:
        """Follow a plan for each solo from here on."""
        self.wanted = np.stack([plan.profile for plan in plans])
        self.limits = np.stack([plan.limits for plan in plans])
        self.columns[:, PROFILED] = profile_columns(self.wanted)
        self.columns[:, _PLANNED_WHO] = [plan.who for plan in plans]
        self._ideas = np.stack([plan.ideas.astype(np.int8) for plan in plans]) + 1
        self._plan = np.arange(len(plans))
        self._look()

    def logits(self, *, motif_strength: float | np.ndarray = 1.0) -> np.ndarray:
        """Return the next choice's logits (m, classes); call it once a choice, as it steps the LSTM.

        Args:
            motif_strength: factor, or factors (m, 1, 1), on the advice of the solo's own motifs.
        """
        x = self._heard()
        voice = self._net.voices[self.part]
        state = self._states[self.part] = voice.step(x, self._states[self.part])
        memory = self._memory[self.part]
        motifs = self._motifs[self.part]
        advice = advise(memory, motifs, self.columns, motif_strength=motif_strength)
        return voice.logits(state.a, Given(x, advice, self.columns, self._recency.levels(self.pitch)))

    def choose(self, classes: np.ndarray, wait: int | np.ndarray = 0) -> None:
        """Make this choice, whose classes are (m,).

        Args:
            classes: what was chosen.
            wait: for an ioi, the tatums (m,) that folding removed from it.
        """
        part = self.part
        self._motifs[part].add(classes)
        lately = self.columns[:, LATELY[part]]
        lately[:, 1:] = lately[:, :-1].copy()
        lately[:, 0] = classes + 1
        if part == "ioi":
            self.onset = self.onset + classes + wait
            self.columns[:, INDEX["rest"]] = rest_column(self.columns)
            self._phrase = np.where(starts_phrase(self.columns), 0, self._phrase) + 1
            self.columns[:, INDEX["phrase"]] = phrase_column(self._phrase)
        elif part == "pitch":
            self.pitch = self.pitch + classes - WIDEST
            if self.wanted is not None:
                self.echoes = self.echoes + (self.echoed() == self.pitch[:, None]).any(axis=1)
            self._recency.add(self.pitch)
            self._sum = self._sum + self.pitch - LOWEST
            self.columns[:, INDEX["centre"]] = mean_pitch(self._sum, self._n + 1) + 1
        self._look()
        self._note({"ioi": self.onset, "pitch": self.pitch, "duration": classes + 1}[part])
        self.part = PARTS[(PARTS.index(part) + 1) % len(PARTS)]

    def _note(self, values: np.ndarray) -> None:
        if self._n == self._notes.shape[-1]:
            self._notes = np.pad(self._notes, ((0, 0), (0, 0), (0, self._n)))
        self._notes[PARTS.index(self.part), :, self._n] = values
        self._n += self.part == PARTS[-1]

    def notes(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return onsets, durations (both in tatums) and pitches of the completed notes, each (m, n)."""
        onset, pitch, duration = self._notes[..., : self._n]
        return onset, duration, pitch

    def echoed(self) -> np.ndarray:
        """Return the pitches (m, 3) played `ECHO_BARS` before the current note, at its place in the bar; 0 for none."""
        onset, _, pitch = (values[:, -_ECHOED:] for values in self.notes())
        if not onset.shape[1]:
            return np.zeros((len(self), len(ECHO_BARS)), np.int64)
        before = self._stage.echoed[:, np.minimum(self.onset, self._stage.echoed.shape[1] - 1)].T
        return (pitch[:, None] * (onset[:, None] == before[..., None])).max(axis=-1)

    def take(self, rows: np.ndarray) -> Self:
        """Copy some of the solos (k,), to continue independently."""
        taken = copy.copy(self)
        taken._states = {part: State(state.a[rows], state.c[rows]) for part, state in self._states.items()}
        taken._motifs = {part: motifs.take(rows) for part, motifs in self._motifs.items()}
        taken._notes = self._notes[:, rows]
        taken.onset = self.onset[rows]
        taken.pitch = self.pitch[rows]
        taken.columns = self.columns[rows]
        taken._harmony = self._harmony[rows]
        taken._plan = self._plan[rows]
        taken._recency = self._recency.take(rows)
        taken.left = self.left[rows]
        taken.wanted = None if self.wanted is None else self.wanted[rows]
        taken.echoes = self.echoes[rows]
        taken.limits = None if self.limits is None else self.limits[rows]
        taken._sum = self._sum[rows]
        taken._phrase = self._phrase[rows]
        return taken

    def _look(self) -> None:
        """Update the columns of place and last pitch."""
        tatum = np.minimum(self.onset, len(self._stage.place) - 1)
        self._harmony = self._stage.harmony[tatum]
        self.columns[:, PLACE] = self._stage.place[tatum]
        if self._ideas is not None:
            self.columns[:, IDEA] = self._ideas[self._plan, tatum]
        self.columns[:, INDEX["pitch"]] = self.pitch - LOWEST + 1
        self.columns[:, INDEX["degree"]] = degree_column(self.columns)
        self.columns[:, INDEX["next_degree"]] = next_degree_column(self.columns)

    def _heard(self) -> np.ndarray:
        rows = self._net.embedding[heard_rows(self.columns)].sum(axis=1)
        return rows + self._chords[self._harmony, self.pitch % 12]
