"""Count what a corpus plays where in the bar; a grammar model's tilt is fitted to it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from jazzgen.codec.grammar import REST, Token, parse_token
from jazzgen.learning.grammar.tilt import Balance, place_name, step_name, strength_name
from jazzgen.music.score import Score
from jazzgen.music.timing import TICKS_PER_BEAT, Bar

Counts = dict[str, Counter[str]]


@dataclass(frozen=True)
class Usage:
    """Counts of a corpus.

    Attributes:
        steps: by place, counted in its meter and in any meter; named as in `tilt`.
        kinds: of notes, by strength.
        balance: the corpus's overall figures.
        bars: all of them, end to end, without pickups.
    """

    steps: Counts
    kinds: Counts
    balance: Balance
    bars: tuple[Bar, ...]

    @classmethod
    def of(cls, encoded: Iterable[tuple[Score, Sequence[str]]]) -> "Usage":
        """Count scores and their tokens, which must include a note."""
        steps: Counts = {}
        kinds: Counts = {}
        bars: list[Bar] = []
        tokens: list[Token] = []
        for score, texts in encoded:
            line = [parse_token(text) for text in texts]
            found = list(score.bars())
            for bar, tick, token, after_rest in _placed(found, line):
                for meter in (bar.meter, None):
                    place = place_name(meter, tick, after_rest=after_rest)
                    steps.setdefault(place, Counter())[step_name(token, bar.end - bar.downbeat - tick)] += 1
                if token.kind != REST:
                    kinds.setdefault(strength_name(bar.meter, tick), Counter())[token.kind] += 1
            tokens += line
            bars += [bar for bar in found if bar.number] or found
        return cls(steps, kinds, _balance(tokens, kinds.get("strong", Counter())), tuple(bars))


def _placed(bars: Sequence[Bar], tokens: Iterable[Token]) -> Iterator[tuple[Bar, int, Token, bool]]:
    """Yield each token's bar, tick from beat 1, the token, and whether it follows a rest, as the first one does."""
    position = 0
    after_rest = True
    upcoming = iter(bars)
    bar = next(upcoming)
    for token in tokens:
        while position >= bar.end:
            bar = next(upcoming)
        yield bar, position - bar.downbeat, token, after_rest
        position += token.duration
        after_rest = token.kind == REST


def _balance(tokens: Sequence[Token], strong: Counter[str]) -> Balance:
    notes = [token.duration for token in tokens if token.kind != REST]
    time = sum(token.duration for token in tokens)
    return Balance(
        rests=1 - sum(notes) / time,
        note_beats=sum(notes) / len(notes) / TICKS_PER_BEAT,
        chord_tones=strong["C"] / strong.total() if strong else None,
    )
