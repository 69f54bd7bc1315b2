"""Play a grammar model: solos in parallel, the scores of each next token, and how a choice moves time on."""

from collections.abc import Sequence
from itertools import accumulate, chain, product

import numpy as np

from jazzgen.learning.grammar.balance import Account
from jazzgen.learning.grammar.bundle import Config, Weights
from jazzgen.learning.grammar.engine import Engine
from jazzgen.learning.grammar.tilt import Steps, place_name, strength_name
from jazzgen.music.timing import TATUMS_PER_BEAT, TICKS_PER_BEAT, TICKS_PER_TATUM, Bar, Meter


class Places:
    """Which tokens may start where in the bars of some meters, and how much likelier they are made.

    Places that are alike in everything share a row.

    Attributes:
        names: of the place whose offsets each row uses, see `tilt`.
        strengths: of each row.
        indices: (rows, n_values) the step that each token is there.
        offsets: (rows, n_values) added to the token's logit; -inf where it may not start.
    """

    def __init__(self, steps: Steps, config: Config, meters: Sequence[Meter], *, own: bool = True) -> None:
        """Tabulate the places; `own` False treats each meter as new to the model."""
        self._steps = steps
        self._config = config
        found: dict[tuple[str, str, int, int], int] = {}
        self._rows: dict[Meter, list[int]] = {meter: [] for meter in meters}
        for meter in meters:
            for tick, after_rest in product(range(0, meter.bar_ticks, TICKS_PER_TATUM), (False, True)):
                place = config.tilt.place_of(meter if own else None, tick, after_rest=after_rest)
                left = min(meter.bar_ticks - tick, steps.longest + 1)
                key = place, strength_name(meter, tick), tick % TICKS_PER_BEAT // TICKS_PER_TATUM, left
                self._rows[meter].append(found.setdefault(key, len(found)))
        self.names = [place for place, *_ in found]
        self.strengths = [strength for _, strength, *_ in found]
        self.indices = np.array([steps.indices(left) for *_, left in found])
        self.offsets = np.array([self._offsets(*key) for key in found], np.float32)

    def rows_of(self, meter: Meter) -> list[int]:
        """Return the rows of the bar's tatums, each after a note and after a rest in turn."""
        return self._rows[meter]

    def _offsets(self, place: str, strength: str, tatum: int, left: int) -> np.ndarray:
        """Return a row's offsets: a note may start where the corpus starts such a note.

        A rest may start where the corpus starts anything, and must end where the corpus goes on after a rest, or at the
        bar line.
        """
        tilt = self._config.tilt
        by_step = tilt.rhythm.get(place, {})
        by_kind = tilt.kinds.get(strength, {})
        notes = np.isin(self._steps.durations, self._config.rhythm[tatum])
        rests = self._leads_on(tatum) | (self._steps.durations >= left)
        may = np.where(self._steps.rests, rests & bool(place in tilt.rhythm or notes.any()), notes)
        return np.where(may, self._steps.offsets(by_step, by_kind, left), -np.inf)

    def _leads_on(self, tatum: int) -> np.ndarray:
        """Mark tokens that end on a tatum of the beat where the corpus goes on after a rest."""
        rhythm = self._config.tilt.rhythm
        known = [place_name(None, t * TICKS_PER_TATUM, after_rest=True) in rhythm for t in range(TATUMS_PER_BEAT)]
        ends = (tatum + self._steps.durations // TICKS_PER_TATUM) % TATUMS_PER_BEAT
        return np.array(known)[ends] if rhythm else np.ones(len(ends), bool)


class Playing:
    """m solos played in parallel, each over its own bars, to their end.

    Attributes:
        rows: (m,) where each solo stands, as rows of `places`.
        places: of all bars.
    """

    rows: np.ndarray
    _position: np.ndarray
    _tick: np.ndarray
    _bar_end: np.ndarray

    def __init__(
        self, weights: Weights, steps: Steps, config: Config, forms: Sequence[Sequence[Bar]], *, own: bool = True
    ) -> None:
        """Start the solos; `forms` holds each one's bars, from tick 0 on, and `own` is as in `Places`."""
        self._steps = steps
        self._engine = Engine(weights)
        self._lay(forms)
        meters = list(dict.fromkeys(bar.meter for form in forms for bar in form))
        self.places = Places(steps, config, meters, own=own)
        self._strong = np.array([strength == "strong" for strength in self.places.strengths])
        tables = [self.places.rows_of(meter) for meter in meters]
        first = dict(zip(meters, accumulate(map(len, tables), initial=0), strict=False))
        self._table = np.array(list(chain.from_iterable(tables)))
        self._first = np.array([first[bar.meter] for bar in chain.from_iterable(forms)])
        self._heard, self._state = self._engine.start(len(forms))
        balance = config.tilt.balance
        self._account = None if balance is None else Account(balance, steps, len(forms))
        self._stand(np.ones(len(forms), bool))

    @property
    def under_way(self) -> np.ndarray:
        """Mark the solos (m,) that are not over."""
        return self._position < self._over

    def scores(self) -> np.ndarray:
        """Return tilted logits (m, n_values) of the next token; -inf for what may not come, possibly everything."""
        logits, self._state = self._engine.step(self._heard, self._state)
        scores = logits + self.places.offsets[self.rows]
        if self._account is not None:
            scores += self._account.offsets(self._strong[self.rows]).astype(np.float32)
        fits = self._steps.rests | (self._steps.durations <= (self._over - self._position)[:, None])
        return np.where(fits, scores, -np.inf)

    def take(self, chosen: np.ndarray, stuck: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Move every solo on by one token.

        A rest is cut at the bar line, and the network is fed the shorter rest if it knows it.

        Args:
            chosen: (m,) indices of tokens.
            stuck: (m,) solos with nothing to choose; they rest to the next beat.

        Returns:
            Ticks that each moves on (0 when it is over), and whether it rests, both (m,).
        """
        # How long each token lasts, rests cut at the bar line; 0 for solos that are over.
        resting = self._steps.rests[chosen] | stuck
        to_beat = TICKS_PER_BEAT - self._tick % TICKS_PER_BEAT
        ticks = np.where(stuck, to_beat, self._steps.durations[chosen])
        ticks = np.where(resting, np.minimum(ticks, self._bar_end - self._position), ticks) * self.under_way
        if self._account is not None:
            self._account.count(ticks, resting, self._steps.kinds[chosen], self._strong[self.rows])
        # What the network is fed next.
        known = self._steps.rest_of(ticks)
        self._heard = np.where(resting & (known >= 0), known, np.where(stuck, self._heard, chosen))
        self._position = self._position + ticks
        self._stand(resting)
        return ticks, resting

    def _lay(self, forms: Sequence[Sequence[Bar]]) -> None:
        """Lay the forms end to end on one time line, so that one search finds every solo's bar."""
        edges = np.array([0, *accumulate(form[-1].end for form in forms)])
        shift = np.repeat(edges[:-1], [len(form) for form in forms])
        bars = list(chain.from_iterable(forms))
        self._onsets = np.array([bar.onset for bar in bars]) + shift
        self._ends = np.array([bar.end for bar in bars]) + shift
        self._downbeats = np.array([bar.downbeat for bar in bars]) + shift
        self._position, self._over = edges[:-1], edges[1:]

    def _stand(self, after_rest: np.ndarray) -> None:
        """Find each solo's bar, its tick in the bar and its row; one that is over stays on its last tick."""
        place = np.minimum(self._position, self._over - 1)
        bar = np.searchsorted(self._onsets, place, side="right") - 1
        self._bar_end = self._ends[bar]
        self._tick = place - self._downbeats[bar]
        self.rows = self._table[self._first[bar] + self._tick // TICKS_PER_TATUM * 2 + after_rest]
