"""Improvisations under way: m solos over one form, a choice at a time, each fed back to the next."""

import copy
from collections.abc import Sequence
from typing import Self

import numpy as np

from jazzgen.learning.lstm import State
from jazzgen.learning.soloist.habits import Plan
from jazzgen.learning.soloist.hearing import heard_rows
from jazzgen.learning.soloist.memory import Memory, SoloMotifs, advise
from jazzgen.learning.soloist.moments import (
    COLUMNS,
    IDEA,
    INDEX,
    LATELY,
    LOWEST,
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

_ROOM = 512  # notes
_PLANNED_WHO = [INDEX[name] for name in ("performer", "style", "instrument")]
_ECHOED = 128  # notes that are looked through for one some bars before


class Session:
    """m solos, all about to make the same choice; their times differ. `logits` says what is likely, `choose` goes on.

    Attributes:
        part: what is chosen next: ioi, then pitch, then duration, then the next note's ioi.
        columns: (m, columns), as in `moments`.
        onset: (m,) tatums at which the last note starts, the one under way if its ioi is chosen; 0 at first.
        pitch: (m,) MIDI pitch of the last note, or `START_PITCH`.
        echoes: (m,) how many notes were there so many bars before, at the same pitch (see `echoed`); without plans, 0.
        wanted: (m, 7) the figures of each solo's profile, NaN for what is left open; None without plans.
        limits: (m, 2) the lowest and the highest pitch of each solo's plan; None without plans.
        left: (m,) what a policy says each solo has left of the probability of its steps, as a logarithm, where others
            would have been quotes.
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
        self._net, self._memory, self._stage = net, memory, stage
        self._chords = stage.heard(net.embedding)
        self._states = {part: net.voices[part].start(m) for part in PARTS}
        self._motifs = {part: SoloMotifs(part, m) for part in PARTS}
        self._notes = np.zeros((len(PARTS), m, _ROOM), np.int64)  # onsets, pitches, durations, and room for more
        self._n, self._sum, self._phrase = 0, np.zeros(m, np.int64), np.zeros(m, np.int64)
        self._recency = Recency(m)
        self.part: PartName = "ioi"
        self.left = np.zeros(m)
        self.onset, self.pitch = np.zeros(m, np.int64), np.full(m, START_PITCH)
        self.columns = np.zeros((m, len(COLUMNS)), np.int64)
        self.columns[:, WHO], self.columns[:, INDEX["instrument"]] = who, instrument
        self.wanted: np.ndarray | None = None
        self.limits: np.ndarray | None = None
        self.echoes = np.zeros(m, np.int64)
        self._ideas: np.ndarray | None = None  # (plans, tatums, 2), the columns
        self._plan = np.zeros(m, np.int64)  # which of the plans each goes by
        self._look()

    def __len__(self) -> int:
        return len(self.onset)

    def follow(self, plans: Sequence[Plan]) -> None:
        """Each solo goes by a plan of its own from here on."""
        self.wanted = np.stack([plan.profile for plan in plans])
        self.limits = np.stack([plan.limits for plan in plans])
        self.columns[:, PROFILED] = profile_columns(self.wanted)
        self.columns[:, _PLANNED_WHO] = [plan.who for plan in plans]
        self._ideas, self._plan = np.stack([plan.ideas.astype(np.int8) for plan in plans]) + 1, np.arange(len(plans))
        self._look()

    def logits(self, *, motif_strength: float | np.ndarray = 1.0) -> np.ndarray:
        """Logits (m, classes) of the next choice; each is asked for once.

        Args:
            motif_strength: factor, or factors (m, 1, 1), on what the solo's own motifs say.
        """
        x = self._heard()
        voice = self._net.voices[self.part]
        state = self._states[self.part] = voice.step(x, self._states[self.part])
        memory, motifs = self._memory[self.part], self._motifs[self.part]
        advice = advise(memory, motifs, self.columns, motif_strength=motif_strength)
        return voice.logits(state.a, Given(x, advice, self.columns, self._recency.levels(self.pitch)))

    def choose(self, classes: np.ndarray, wait: int | np.ndarray = 0) -> None:
        """The classes (m,) of this choice.

        Args:
            classes: what was chosen.
            wait: with an ioi, the tatums (m,) that folding took off a longer one.
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
        """Onsets, durations (both in tatums) and pitches of the notes so far that are whole, each (m, n)."""
        onset, pitch, duration = self._notes[..., : self._n]
        return onset, duration, pitch

    def echoed(self) -> np.ndarray:
        """The pitches (m, 3) that were played `ECHO_BARS` before the note under way, at the same place; 0 for none."""
        onset, _, pitch = (values[:, -_ECHOED:] for values in self.notes())
        if not onset.shape[1]:
            return np.zeros((len(self), len(ECHO_BARS)), np.int64)
        before = self._stage.echoed[:, np.minimum(self.onset, self._stage.echoed.shape[1] - 1)].T
        return (pitch[:, None] * (onset[:, None] == before[..., None])).max(axis=-1)

    def take(self, rows: np.ndarray) -> Self:
        """Copies of some of the solos (k,), each to go its own way."""
        taken = copy.copy(self)
        taken._states = {part: State(state.a[rows], state.c[rows]) for part, state in self._states.items()}
        taken._motifs = {part: motifs.take(rows) for part, motifs in self._motifs.items()}
        taken._notes = self._notes[:, rows]
        taken.onset, taken.pitch, taken.columns = self.onset[rows], self.pitch[rows], self.columns[rows]
        taken._harmony, taken._plan, taken._recency = self._harmony[rows], self._plan[rows], self._recency.take(rows)
        taken.left, taken.wanted = self.left[rows], None if self.wanted is None else self.wanted[rows]
        taken.echoes, taken.limits = self.echoes[rows], None if self.limits is None else self.limits[rows]
        taken._sum, taken._phrase = self._sum[rows], self._phrase[rows]
        return taken

    def _look(self) -> None:
        """Puts the place and the last pitch into the columns."""
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
