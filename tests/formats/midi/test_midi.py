"""Which track of a MIDI file is the melody, and what its chords are."""

from pathlib import Path

import pytest
from helpers.strategies import TimedMessage, meta, midi_note, save_midi

from jazzgen.corpus import read_score
from jazzgen.errors import CorpusError
from jazzgen.formats.midi import readings
from jazzgen.formats.reading import Reading, ReadOptions
from jazzgen.harmony.changes import Chart, format_chart
from jazzgen.music.score import Score
from jazzgen.music.timing import Meter

BAR = 1920
C7, F = (60, 64, 67, 70), (57, 60, 65)
SCALE = (72, 74, 76, 77, 79, 77, 76, 74)


def read_reading(path: Path, options: ReadOptions = ReadOptions()) -> Reading:
    return next(readings(path, options))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "tune.mid"


def line(
    name: str, pitches: tuple[int, ...] = SCALE, *, start: int = 0, step: int = 480, channel: int = 0
) -> list[TimedMessage]:
    notes = [m for i, pitch in enumerate(pitches) for m in midi_note(start + i * step, step, pitch, channel=channel)]
    return [meta(0, "track_name", name=name), *notes]


def comp(name: str, *chords: tuple[int, ...], channel: int = 1) -> list[TimedMessage]:
    """A chord a bar."""
    notes = [
        m for i, chord in enumerate(chords) for pitch in chord for m in midi_note(i * BAR, BAR, pitch, channel=channel)
    ]
    return [meta(0, "track_name", name=name), *notes]


def symbols(kind: str, *texts: str) -> list[TimedMessage]:
    """A text a bar."""
    return [meta(i * BAR, kind, text=text) for i, text in enumerate(texts)]


def pitches(score: Score) -> tuple[int, ...]:
    return tuple(note.pitch for note in score.melody.notes)


def chords(score: Score) -> str:
    return format_chart(Chart(score.changes))


def test_the_melody_comes_first_and_the_rest_follows_drums_among_it(path: Path) -> None:
    drums = line("Lead drums", (36, 38) * 8, channel=9)
    score = read_score(save_midi(path, drums, comp("Piano", C7, F), line("Sax")))
    assert [part.name for part in score.parts] == ["Sax", "Lead drums", "Piano"]
    assert score.melody.is_monophonic
    assert score.feel == "straight"


@pytest.mark.parametrize("place", [0, 1, 2])
def test_the_melody_is_found_in_any_track(place: int, path: Path) -> None:
    tracks = [comp("", C7, F), comp("", (48, 55), (41, 48), channel=2)]
    tracks.insert(place, line("", channel=5))
    reading = read_reading(save_midi(path, *tracks))
    assert pitches(reading.score) == SCALE
    assert reading.melody_reason == f"melody: track {place} (channel 6): 8 notes, 100% of them one at a time"


@pytest.mark.parametrize(
    "other",
    [
        line("Line", tuple(p - 30 for p in SCALE * 3), channel=1),
        line("Line", (110,) * 24, channel=1),
        line("Line", SCALE[:4], channel=1),
        line("Piano", SCALE * 3, channel=1),
        line("Bass", SCALE * 3, channel=1),
        comp("Line", *[C7, F] * 4),
    ],
    ids=["below the bass", "above singing", "less busy", "named like chords", "named bass", "polyphonic"],
)
def test_what_is_less_like_a_solo_loses(other: list[TimedMessage], path: Path) -> None:
    solo = line("Line", (*SCALE, *SCALE))
    for tracks in ([solo, other], [other, solo]):
        assert pitches(read_score(save_midi(path, *tracks))) == (*SCALE, *SCALE)


def test_a_name_tells_the_solo_among_equals(path: Path) -> None:
    reading = read_reading(save_midi(path, line("Strings"), line("Tenor Solo", SCALE[::-1], channel=1)))
    assert pitches(reading.score) == SCALE[::-1]
    assert reading.melody_reason.endswith("named like one")


def test_a_type_0_file_is_divided_by_channel(path: Path) -> None:
    track = [*line("All", channel=4), *comp("All", C7, F)[1:], *line("All", (36, 38) * 4, channel=9)[1:]]
    score = read_score(save_midi(path, track, kind=0))
    assert pitches(score) == SCALE
    assert [part.channel for part in score.parts] == [4, 1, 9]


@pytest.mark.parametrize("wanted", ["Horn", "horn", "orn", "1"])
def test_the_melody_track_may_be_asked_for_by_name_part_of_it_or_number(wanted: str, path: Path) -> None:
    save_midi(path, line("Lead"), line("Horn", SCALE[::-1], channel=1))
    reading = read_reading(path, ReadOptions(melody=wanted))
    assert pitches(reading.score) == SCALE[::-1]
    assert reading.melody_reason == "melody: track 1 'Horn', as asked"


def test_a_full_name_comes_before_part_of_one(path: Path) -> None:
    save_midi(path, line("Sax 2", (*SCALE, *SCALE)), line("Sax", SCALE[::-1], channel=1))
    assert pitches(read_score(path, ReadOptions(melody="sax"))) == SCALE[::-1]


def test_a_track_that_is_not_there_is_an_error_that_lists_those_that_are(path: Path) -> None:
    save_midi(path, line("Sax"), comp("Piano", C7, F))
    with pytest.raises(CorpusError, match=r"tune\.mid: no track is 'Tuba' \(melody\); .*: 0 'Sax' .*, 1 'Piano'"):
        read_score(path, ReadOptions(melody="Tuba"))
    with pytest.raises(CorpusError, match=r"no track is '7' \(chords\); tracks with notes: 1 'Piano'"):
        read_score(path, ReadOptions(chords="7"))


def test_a_melody_asked_for_that_has_too_few_notes_is_an_error(path: Path) -> None:
    save_midi(path, line("Sax"), line("Bell", (84,), channel=1))
    with pytest.raises(CorpusError, match=r"tune\.mid: track 1 'Bell' has 1 notes there; a melody has 4 or more"):
        read_score(path, ReadOptions(melody="Bell"))


@pytest.mark.parametrize(
    "tracks",
    [[[meta(0, "track_name", name="Empty")]], [line("Kit", channel=9)], [line("Bass", (40, 43, 45, 40))]],
    ids=["nothing", "only drums", "only bass"],
)
def test_a_file_without_a_melody_is_an_error(tracks: list[list[TimedMessage]], path: Path) -> None:
    with pytest.raises(CorpusError, match=r"tune\.mid: no usable melody: .* 4 notes or more"):
        read_score(save_midi(path, *tracks))


def test_the_higher_of_notes_struck_together_is_kept_and_a_later_note_cuts_an_earlier(path: Path) -> None:
    together = [*midi_note(0, 960, 60), *midi_note(10, 470, 72), *midi_note(480, 960, 74), *midi_note(960, 480, 76)]
    notes = read_score(save_midi(path, [*together, *midi_note(1440, 480, 77)])).melody.notes
    assert [(n.onset, n.duration, n.pitch) for n in notes] == [
        (10, 470, 72),
        (480, 480, 74),
        (960, 480, 76),
        (1440, 480, 77),
    ]


@pytest.mark.parametrize("kind", ["marker", "text", "lyrics", "cue_marker"])
def test_chord_symbols_are_taken_from_texts_of_every_kind(kind: str, path: Path) -> None:
    written = symbols(kind, "C-7", "F7", "B♭Δ".encode().decode("latin1"), "N.C.")
    reading = read_reading(save_midi(path, written, line("Sax", SCALE + SCALE)))
    assert chords(reading.score) == "Cm7 | F7 | Bbmaj7 | N.C."
    assert reading.chords_reason == f"chords: 4 symbols written as {kind}s"


def test_markers_come_before_texts(path: Path) -> None:
    save_midi(path, symbols("text", "Dm7", "G7"), symbols("marker", "Em7", "A7"), line("Sax"))
    assert chords(read_score(path)) == "Em7 | A7"


def test_a_few_symbols_among_many_words_are_not_the_changes(path: Path) -> None:
    words = symbols("text", "by A. Nonymous", "Am7", "played late", "and later", "G7", "than that")
    assert "no chord symbols" in read_reading(save_midi(path, words, line("Sax"), comp("Piano", C7, F))).chords_reason


@pytest.mark.parametrize("letters", [("A", "B"), ("A", "A", "B", "A"), ("Intro", "A", "B", "C", "Coda"), ("A",)])
def test_rehearsal_letters_are_not_chords(letters: tuple[str, ...], path: Path) -> None:
    reading = read_reading(save_midi(path, symbols("marker", *letters), line("Sax"), comp("Piano", C7, F)))
    assert reading.chords_reason == "chords: inferred from track 2 'Piano'; no chord symbols in the file"
    assert chords(reading.score.excerpt(1, 1)) == "C7"


def test_major_triads_that_are_no_rehearsal_letters_are_chords(path: Path) -> None:
    assert chords(read_score(save_midi(path, symbols("marker", "A", "D"), line("Sax")))) == "A | D"


def test_the_last_chord_fills_its_bar_though_the_melody_has_ended(path: Path) -> None:
    written = symbols("marker", "Dm7", "G7", "C6")
    score = read_score(save_midi(path, written, line("Sax", SCALE[:4])))
    assert [(span.onset, span.duration, span.symbol) for span in score.changes] == [
        (0, BAR, "Dm7"),
        (BAR, BAR, "G7"),
        (2 * BAR, BAR, "C6"),
    ]


def test_of_two_symbols_at_one_tick_the_later_holds(path: Path) -> None:
    save_midi(path, [meta(0, "marker", text="C7"), meta(0, "marker", text="F7")], line("Sax", SCALE[:4]))
    assert chords(read_score(path)) == "F7"


def test_without_symbols_chords_are_inferred_from_comping_and_bass(path: Path) -> None:
    bass = line("Bass", (36, 36, 41, 41), step=960, channel=2)
    reading = read_reading(save_midi(path, line("Sax"), comp("Piano", C7, F), bass))
    assert chords(reading.score) == "C7 | F"
    assert reading.chords_reason.startswith("chords: inferred from track 1 'Piano' and track 2 'Bass'")


def test_the_chord_track_may_be_asked_for_and_then_goes_before_symbols(path: Path) -> None:
    tracks = symbols("marker", "Em7", "A7"), line("Sax"), comp("Piano", F, F), comp("Strings", C7, F, channel=3)
    reading = read_reading(save_midi(path, *tracks), ReadOptions(chords="strings"))
    assert chords(reading.score) == "C7 | F"
    assert reading.chords_reason == "chords: inferred from track 3 'Strings', as asked"


def test_a_melody_alone_gives_chords_that_are_called_a_guess(path: Path) -> None:
    arpeggios = (60, 64, 67, 70, 65, 69, 72, 69)
    reading = read_reading(save_midi(path, line("Sax", arpeggios)))
    assert "from the melody alone, so a guess" in reading.chords_reason
    assert reading.score.changes[0].onset == 0


def test_a_short_first_bar_is_a_pickup(path: Path) -> None:
    meters = [
        meta(0, "time_signature", numerator=1, denominator=4),
        meta(480, "time_signature", numerator=4, denominator=4),
    ]
    score = read_score(save_midi(path, meters, line("Sax", (*SCALE, 72))))
    assert (score.pickup, score.meters) == (480, ((0, Meter()),))
    assert [(bar.number, bar.onset, bar.duration) for bar in score.bars()] == [
        (0, 0, 480),
        (1, 480, BAR),
        (2, 480 + BAR, BAR),
    ]


def test_a_longer_first_bar_is_a_bar(path: Path) -> None:
    meters = [
        meta(0, "time_signature", numerator=4, denominator=4),
        meta(BAR, "time_signature", numerator=3, denominator=4),
    ]
    score = read_score(save_midi(path, meters, line("Waltz", (*SCALE, 72))))
    assert (score.pickup, score.meters) == (0, ((0, Meter()), (BAR, Meter(3, 4))))


def test_tempos_and_times_are_the_files_own(path: Path) -> None:
    tempos = [meta(0, "set_tempo", tempo=400_000), meta(BAR, "set_tempo", tempo=300_000)]
    score = read_score(save_midi(path, tempos, line("Sax", start=17, step=151)))
    assert score.tempos == ((0, 150.0), (BAR, 200.0))
    assert [note.onset for note in score.melody.notes] == [17 + 151 * i for i in range(8)]


def test_bars_are_cut_out_and_moved_to_the_start(path: Path) -> None:
    save_midi(path, symbols("marker", "Dm7", "G7", "Cmaj7", "A7"), line("Sax", SCALE + SCALE))
    score = read_score(path, ReadOptions(bars=(2, 3)))
    assert chords(score) == "G7 | Cmaj7"
    assert pitches(score) == (*SCALE[4:], *SCALE[:4])
    assert [note.onset for note in score.melody.notes] == [480 * i for i in range(8)]


@pytest.mark.parametrize("bars", [(3, 4), (2, 1), (0, 1), (9, 12)])
def test_bars_that_are_not_there_are_an_error_that_says_which_are(bars: tuple[int, int], path: Path) -> None:
    save_midi(path, line("Sax"))
    with pytest.raises(CorpusError, match=rf"tune\.mid: has no bars {bars[0]}-{bars[1]}; it has bars 1-2"):
        read_score(path, ReadOptions(bars=bars))


def test_the_melody_is_the_solo_of_the_bars_that_are_taken(path: Path) -> None:
    save_midi(path, line("", SCALE), line("", SCALE[::-1], start=2 * BAR, channel=1))
    assert pitches(read_score(path, ReadOptions(bars=(3, 4)))) == SCALE[::-1]


def test_a_file_of_absurd_length_is_an_error(path: Path) -> None:
    save_midi(path, [*line("Sax"), *midi_note(100_000_000, 480, 60)])
    with pytest.raises(CorpusError, match=r"tune\.mid: is longer than 50000 bars"):
        read_score(path)


def test_what_is_left_out_is_told(path: Path) -> None:
    chords = [*symbols("marker", "Dm7", "G7"), *symbols("text", "by A. Nonymous"), *symbols("lyrics", "Oh", "no")]
    chorus = [*line("Sax"), *midi_note(0, 480, 60)]
    reading = read_reading(save_midi(path, chords, chorus, line("Kit", (36, 38), channel=9)))
    assert reading.left_out == (
        "texts (1)",
        "lyrics (2)",
        "notes of the melody struck together with a higher one (1)",
    )


def test_chord_symbols_that_a_chord_track_takes_the_place_of_are_no_sections(path: Path) -> None:
    tracks = symbols("marker", "Em7", "A7"), line("Sax"), comp("Piano", C7, F)
    assert not read_reading(save_midi(path, *tracks), ReadOptions(chords="piano")).score.marks
