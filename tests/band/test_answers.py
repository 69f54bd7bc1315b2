"""The band answers the peaks of the solo's phrases."""

from jazzgen.band.answers import phrase_peaks, with_answers
from jazzgen.band.players import PLAYERS
from jazzgen.music.score import DRUM_CHANNEL, Note, Part, Score

LINE = tuple(Note(240 * place, 240, 60, 100 if place == 3 else 70) for place in range(6))
CHORDS = tuple(Note(onset, 100, 64, 60) for onset in (0, 720, 960, 1440))


def band(*parts: Part) -> Score:
    return with_answers(Score(parts=(Part("Solo", LINE), *parts)))


def test_the_loudest_note_of_a_phrase_is_its_peak() -> None:
    later = tuple(Note(note.onset + 2400, 240, 60, 80) for note in LINE[:4])
    short = (Note(4800, 240, 60, 120),)
    assert list(phrase_peaks((*LINE, *later, *short))) == [720, 2400]
    assert not list(phrase_peaks(()))


def test_the_stroke_at_or_after_a_peak_is_an_accent_and_no_other() -> None:
    accent = PLAYERS["piano"].touch.accent
    assert [note.velocity for note in band(Part("Piano", CHORDS)).parts[1].notes] == [60, 60 + accent, 60, 60]
    without = (CHORDS[0], *CHORDS[2:])
    assert [note.velocity for note in band(Part("Piano", without)).parts[1].notes] == [60, 60 + accent, 60]


def test_a_stroke_a_beat_later_is_no_answer() -> None:
    late = (CHORDS[0], CHORDS[3])
    assert band(Part("Piano", late)).parts[1].notes == late


def test_the_bass_and_strangers_play_on_and_drums_answer_within_the_limits() -> None:
    drums = tuple(Note(note.onset, 100, 38, 125) for note in CHORDS)
    answered = band(Part("Bass", CHORDS), Part("Kazoo", CHORDS, 0, 2), Part("Drums", drums, channel=DRUM_CHANNEL)).parts
    assert (answered[1].notes, answered[2].notes) == (CHORDS, CHORDS)
    assert [note.velocity for note in answered[3].notes] == [125, 127, 125, 125]
