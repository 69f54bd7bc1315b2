"""The band over changes of every kind, in every style and meter."""

from collections.abc import Sequence
from itertools import groupby, pairwise

import numpy as np
import pytest
from helpers.any_chords import any_chords
from helpers.chart_text import parse_changes
from helpers.strategies import scores
from hypothesis import given, settings
from hypothesis import strategies as st

from jazzgen.band.players import PLAYERS, TRIO, part_name
from jazzgen.band.rhythm_section import Lineup, add_band
from jazzgen.band.sounding import sounding_at, soundings
from jazzgen.band.styles import load_style, style_names
from jazzgen.harmony.changes import ChordSpan
from jazzgen.harmony.chords import Chord
from jazzgen.music.score import DRUM_CHANNEL, Mark, Note, Part, Score
from jazzgen.music.timing import Meter

CASES = [
    pytest.param(name, meter, id=f"{name} {meter}")
    for name in style_names()
    for meter in (*load_style(name).meters, Meter(13, 16))
]
EVERYBODY = Lineup(tuple(PLAYERS), bass="rules")  # tests/band/test_bassist.py asks what the learned bass promises
CHORDS = [name for name, player in PLAYERS.items() if player.role == "chords"]
DRUMS, BASS = PLAYERS["drums"].kit, PLAYERS["bass"].register
SYMBOLS = (
    "Dm7 | G7alt | Cmaj7 | F7 | Bm7b5 | E7b9 | Am6 | Ab13#11 | Dbmaj7/F | C/G | Gsus4 | F#dim7 | Eaug | C5 | N.C. | Bb6"
)


def part(score: Score, name: str) -> Part:
    return next(part for part in score.parts if part.name == name)


def random_changes(meter: Meter, rng: np.random.Generator) -> tuple[ChordSpan, ...]:
    """A dozen bars of one or two chords each, some of them N.C."""
    pool = parse_changes(SYMBOLS)
    spans: list[ChordSpan] = []
    for bar in range(12):
        onset, whole = bar * meter.bar_ticks, meter.bar_ticks
        half = meter.numerator // 2 * meter.beat_ticks
        lengths = (half, whole - half) if half and rng.random() < 0.4 else (whole,)
        for length in lengths:
            spans.append(ChordSpan(onset, length, pool[int(rng.integers(len(pool)))].chord))
            onset += length
    return tuple(spans)


def play(score: Score, name: str, seed: int = 0, lineup: Lineup = EVERYBODY) -> Score:
    return add_band(score, load_style(name), lineup, rng=np.random.default_rng(seed))


def check_bass(score: Score) -> None:
    bass = part(score, "Bass")
    onsets = {note.onset: note for note in bass.notes}
    for chord in soundings(score.changes):
        if chord.onset < score.pickup:
            continue
        assert onsets[chord.onset].pitch % 12 == chord.chord.bass_class
    assert bass.is_monophonic
    assert all(BASS.low <= note.pitch <= BASS.high for note in bass.notes)
    assert all(abs(a.pitch - b.pitch) <= 12 for a, b in pairwise(bass.notes))


def voicings_of(notes: Sequence[Note]) -> list[tuple[int, list[int]]]:
    """What sounds together wherever somebody strikes, low to high."""
    onsets = sorted({note.onset for note in notes})
    return [(onset, sorted(n.pitch for n in notes if n.onset <= onset < n.end)) for onset in onsets]


def check_chords(score: Score, name: str) -> None:
    sounding, register = soundings(score.changes), PLAYERS[name].register
    voicings = voicings_of(part(score, part_name(name)).notes)
    for onset, voicing in voicings:
        here, ahead = sounding_at(sounding, onset), sounding_at(sounding, onset + 240)
        assert register.low <= voicing[0] <= voicing[-1] <= register.high
        chords = [chord.chord for chord in (here, ahead) if chord]
        assert any(set(chord.guide_tones) <= {pitch % 12 for pitch in voicing} for chord in chords)
    farthest = 12 if register.open else 9  # an open voice is an octave lower
    for (_, before), (_, after) in pairwise(voicings):
        assert len(before) < 3 or all(min(abs(p - other) for other in before) <= farthest for p in after)


def check_silence_and_end(score: Score) -> None:
    for player in score.parts[1:]:
        if player.channel == DRUM_CHANNEL:
            assert {note.pitch for note in player.notes} <= {key for key, _ in DRUMS.values()}
            assert player.end == score.end
            continue
        for span in score.changes:
            if span.chord is None:
                assert not any(note.onset < span.end and note.end > span.onset for note in player.notes)
    last = [chord.end for chord in soundings(score.changes)][-1]
    assert {player.end for player in score.parts[1:] if player.channel != DRUM_CHANNEL} == {last}


@pytest.mark.parametrize(("name", "meter"), CASES)
def test_every_style_in_every_meter_keeps_the_changes(name: str, meter: Meter) -> None:
    rng = np.random.default_rng(sum(map(ord, f"{name} {meter}")))
    for seed in range(2):
        changes = random_changes(meter, rng)
        solo = Part("Solo", tuple(Note(240 * i, 240, 60 + i % 12) for i in range(0, 60, 1 + seed)))
        score = play(Score(meters=((0, meter),), changes=changes, parts=(solo,)), name, seed)
        check_bass(score)
        for player in CHORDS:
            check_chords(score, player)
        check_silence_and_end(score)


@given(score=scores(), name=st.sampled_from(style_names()), seed=st.integers(0, 9))
@settings(max_examples=100, deadline=None)
def test_any_score_can_be_accompanied(score: Score, name: str, seed: int) -> None:
    """With a pickup, meters and tempos that change, chords at odd places."""
    found = play(score, name, seed)
    assert found.parts[: len(score.parts)] == score.parts
    names = [player.name for player in found.parts[len(score.parts) :]]
    assert names == [part_name(name) for name in PLAYERS]
    assert len({player.channel for player in found.parts}) == len(found.parts)
    for player in found.parts[len(score.parts) :]:
        assert all(note.onset >= score.pickup for note in player.notes)
        assert player.end <= score.end


@given(chords=st.lists(any_chords(), min_size=1, max_size=8), seed=st.integers(0, 99))
@settings(max_examples=60, deadline=None)
def test_any_chords_can_be_played(chords: list[Chord], seed: int) -> None:
    changes = tuple(ChordSpan(960 * i, 960, chord) for i, chord in enumerate(chords))
    score = play(Score(changes=changes, parts=(Part("Solo"),)), "swing-medium", seed)
    check_bass(score)
    for player in CHORDS:
        check_chords(score, player)


def test_one_player_less_changes_nothing_for_the_others() -> None:
    score = Score(changes=parse_changes("Dm7 | G7 | Cmaj7 | A7"), parts=(Part("Solo"),))
    trio = play(score, "swing-medium", lineup=Lineup(TRIO))
    duo = play(score, "swing-medium", lineup=Lineup(("bass", "drums")))
    assert [part(duo, name) for name in ("Bass", "Drums")] == [part(trio, name) for name in ("Bass", "Drums")]


def test_without_a_bass_the_piano_plays_roots() -> None:
    score = Score(changes=parse_changes("Dm7 | G7 | Cmaj7/E | A7"), parts=(Part("Solo"),))
    piano = part(play(score, "ballad", lineup=Lineup(("piano",))), "Piano")
    lowest = {onset: min(n.pitch for n in notes) for onset, notes in groupby(piano.notes, key=lambda n: n.onset)}
    assert [lowest[bar * 1920] % 12 for bar in range(4)] == [2, 7, 4, 9]


def test_the_same_seed_gives_the_same_band_and_another_seed_another() -> None:
    score = Score(changes=parse_changes("Dm7 | G7 | Cmaj7 | A7"), parts=(Part("Solo"),))
    assert play(score, "swing-medium") == play(score, "swing-medium")
    assert play(score, "swing-medium") != play(score, "swing-medium", seed=1)


def strokes(score: Score) -> int:
    return len({note.onset for note in part(score, "Piano").notes})


def test_the_piano_leaves_room_where_the_solo_is_dense() -> None:
    changes = parse_changes(" | ".join(["Dm7", "G7"] * 40))
    dense = Part("Solo", tuple(Note(240 * i, 240, 60 + i % 12) for i in range(640)))
    busy, silent = (play(Score(changes=changes, parts=(solo,)), "swing-medium") for solo in (dense, Part("Solo")))
    assert strokes(busy) < 0.7 * strokes(silent)
    sizes = [len(list(notes)) for _, notes in groupby(part(busy, "Piano").notes, key=lambda note: note.onset)]
    assert np.mean(sizes) == 2  # shells


@pytest.mark.parametrize("denser", [("sparse", "medium"), ("medium", "busy")], ids=str)
def test_density_is_how_much_the_chords_do(denser: tuple[str, str]) -> None:
    # a solo of one note a beat: neither dense nor resting
    solo = Part("Solo", tuple(Note(480 * i, 480, 60 + i % 12) for i in range(320)))
    score = Score(changes=parse_changes(" | ".join(["Dm7", "G7"] * 40)), parts=(solo,))
    less, more = (strokes(play(score, "swing-medium", lineup=Lineup(TRIO, density))) for density in denser)  # type: ignore[arg-type]
    assert less < 0.9 * more


def test_drums_fill_at_the_end_of_a_section_and_crash_after_it() -> None:
    bars = 64
    marks = tuple(Mark(1920 * bar, 1920 * 8, "section", "A") for bar in range(0, bars, 8))
    score = Score(changes=parse_changes(" | ".join(["Dm7"] * bars)), parts=(Part("Solo"),), marks=marks)
    notes = part(play(score, "swing-medium"), "Drums").notes
    crashes = {note.onset for note in notes if note.pitch == DRUMS["crash"][0]}
    assert crashes
    assert all(onset % (8 * 1920) == 0 for onset in crashes)
    for onset in crashes:
        before = [note.pitch for note in notes if onset - 1920 <= note.onset < onset]
        assert before.count(DRUMS["ride"][0]) < 6  # the time gives way to the fill


def test_the_drums_go_on_where_no_chord_sounds() -> None:
    score = Score(changes=parse_changes("Dm7 | N.C. | N.C. | G7"), parts=(Part("Solo"),))
    drums = part(play(score, "swing-medium"), "Drums")
    assert any(1920 <= note.onset < 5760 for note in drums.notes)


def walking(seed: int = 3) -> tuple[Note, ...]:
    changes = parse_changes(" | ".join(["Dm7", "G7", "Cmaj7", "A7"] * 40))
    score = Score(changes=changes, tempos=((0, 240.0),), parts=(Part("Solo"),))
    return part(play(score, "swing-up", seed), "Bass").notes


def test_a_walking_line_goes_by_step_and_leaps_seldom() -> None:
    moves = [abs(a.pitch - b.pitch) for a, b in pairwise(walking())]
    assert np.mean([move <= 2 for move in moves]) > 0.55
    assert np.mean([move > 5 for move in moves]) < 0.2
    assert np.mean([move == 0 for move in moves]) < 0.1


def test_the_note_before_a_change_approaches_the_root() -> None:
    approaches = [abs(a.pitch - b.pitch) for a, b in pairwise(walking()) if b.onset % 1920 == 0]
    assert np.mean([move in (1, 2, 5, 7) for move in approaches]) > 0.85


def test_a_pedal_is_honoured() -> None:
    changes = parse_changes("Dm7/G | C/G | F/G | Bb/G | Dm7/G | C/G | F/G | Bb/G")
    score = play(Score(changes=changes, parts=(Part("Solo"),)), "swing-medium")
    classes = [note.pitch % 12 for note in part(score, "Bass").notes]
    assert classes.count(7) > 0.45 * len(classes)


def test_two_beat_is_root_and_fifth() -> None:
    changes = parse_changes(" | ".join(["C6", "F6"] * 20))
    bass = part(play(Score(changes=changes, parts=(Part("Solo"),)), "two-beat"), "Bass").notes
    halves = [note.pitch % 12 for note in bass if note.onset % 3840 == 960]
    assert halves.count(7) > 0.6 * len(halves)


TWO_FIVE = Score(changes=parse_changes(" | ".join(["Dm7", "G7"] * 20)), parts=(Part("Solo"),))


def chords_of(name: str, others: tuple[str, ...] = ("bass", "drums"), style: str = "swing-medium") -> tuple[Note, ...]:
    return part(play(TWO_FIVE, style, lineup=Lineup((name, *others))), part_name(name)).notes


def sounding_share(notes: Sequence[Note]) -> float:
    sounds = np.zeros(TWO_FIVE.end, dtype=bool)
    for note in notes:
        sounds[note.onset : note.end] = True
    return float(sounds.mean())


def test_an_organ_is_held_where_a_piano_is_struck() -> None:
    organ, piano = chords_of("organ"), chords_of("piano")
    assert sounding_share(organ) > 0.9
    assert sounding_share(piano) < 0.7
    assert len({note.velocity for note in organ}) == 1
    assert len({note.velocity for note in piano}) > 10


def test_an_organ_holds_the_tones_that_two_chords_share() -> None:
    sounding = soundings(TWO_FIVE.changes)

    def held_on(notes: Sequence[Note]) -> set[int]:
        """Pitch classes of the notes that sound on a whole beat into another chord."""
        chords = [
            (note, sounding_at(sounding, note.onset + 240), sounding_at(sounding, note.end - 1)) for note in notes
        ]
        return {n.pitch % 12 for n, first, last in chords if first != last and n.end - n.onset > 480}

    assert held_on(chords_of("organ")) == {5, 9}  # F and A: third and fifth of Dm7, seventh and ninth of G7
    assert not held_on(chords_of("piano"))


def test_a_vibraphone_plays_open_voicings_that_ring_for_a_beat() -> None:
    notes = chords_of("vibraphone")
    voicings = voicings_of(notes)
    four = [voicing for _, voicing in voicings if len(voicing) == 4]
    assert len(four) > 20
    assert all(voicing[-1] - voicing[0] > 12 for voicing in four)
    stops = {onset for onset, _ in voicings} | {chord.end for chord in soundings(TWO_FIVE.changes)}
    assert all(note.duration >= 480 or note.end in stops for note in notes)


@pytest.mark.parametrize(
    ("band", "rooted"),
    [
        (("vibraphone", "guitar"), "guitar"),
        (("organ", "guitar"), "guitar"),
        (("organ",), "organ"),
        (("vibraphone",), ""),
    ],
    ids=str,
)
def test_without_a_bass_the_first_who_has_room_plays_roots(band: tuple[str, ...], rooted: str) -> None:
    for name in band:
        low = any(note.pitch < 45 for note in chords_of(name, band))
        assert low == (name == rooted)


def test_a_second_player_of_chords_leaves_room() -> None:
    alone, beside = (len(voicings_of(chords_of("organ", others))) for others in (("bass",), ("bass", "piano")))
    assert beside < 0.8 * alone
