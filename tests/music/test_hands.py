"""Two hands of one keyboard told apart."""

import random

from jazzgen.music.hands import split_hands
from jazzgen.music.score import Note


def right_hand(bars: int, rng: random.Random) -> list[Note]:
    """Eighths, with a bar of rest now and then."""
    pitch, notes = 72, []
    for eighth in range(8 * bars):
        pitch = min(max(pitch + rng.randint(-4, 4), 64), 88)
        if eighth // 8 % 4 != 3 and rng.random() < 0.85:
            notes.append(Note(240 * eighth, 220, pitch))
    return notes


def walking(bars: int, rng: random.Random) -> list[Note]:
    return [Note(480 * beat, 460, rng.randint(34, 50)) for beat in range(4 * bars)]


def voicings(bars: int, rng: random.Random) -> list[Note]:
    roots = [rng.choice((46, 48, 50, 51)) for _ in range(bars)]
    return [Note(1920 * bar, 1800, root + step) for bar, root in enumerate(roots) for step in (0, 4, 7, 10)]


def test_a_right_hand_is_told_from_a_walking_or_a_comping_left_hand() -> None:
    for seed, left_hand in ((1, walking), (2, walking), (3, voicings), (4, voicings)):
        rng = random.Random(seed)
        right, left = right_hand(32, rng), left_hand(32, rng)
        found = split_hands(tuple(sorted(right + left)))
        assert found is not None
        assert len(set(found[1]) ^ set(right)) <= 0.05 * len(right)


def test_a_line_and_chords_alone_are_not_two_hands() -> None:
    rng = random.Random(0)
    assert split_hands(tuple(right_hand(16, rng))) is None
    assert split_hands(tuple(voicings(16, rng))) is None
    assert split_hands(()) is None


def test_a_line_that_leaps_between_registers_is_not_two_hands() -> None:
    assert split_hands(tuple(Note(240 * i, 240, (45, 76)[i % 2]) for i in range(64))) is None
