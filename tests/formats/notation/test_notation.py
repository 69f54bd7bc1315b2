"""MusicXML and archives of it as scores, and what is said about it."""

import random
import zipfile
from pathlib import Path

import pytest
from helpers.musicxml import FOUR_FOUR, direction, harmony, note, save

from jazzgen.errors import CorpusError, JazzgenError
from jazzgen.formats.notation import readings
from jazzgen.formats.reading import Reading, ReadOptions
from jazzgen.harmony.pitch import Key
from jazzgen.music.score import Mark, Score
from jazzgen.music.timing import Meter

WHOLE = note("C5", 48)
TRANSPOSE = "<attributes><transpose><chromatic>-2</chromatic></transpose></attributes>"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "tune.musicxml"


def read(path: Path, **options: object) -> Reading:
    (reading,) = readings(path, ReadOptions(**options))  # type: ignore[arg-type]
    assert isinstance(reading, Reading)
    return reading


def line(score: Score) -> list[tuple[int, int, int]]:
    return [(n.onset, n.duration, n.pitch) for n in score.melody.notes]


def test_notes_rests_ties_and_triplets_keep_time(path: Path) -> None:
    first = [note("Bb4", 12), note("r", 12), *(note(pitch, 4) for pitch in ("F5", "E5", "Eb5"))]
    tied = [note("D5", 12, '<tie type="start"/>')]
    score = read(
        save(path, [FOUR_FOUR + "".join(first + tied), note("D5", 12, '<tie type="stop"/>') + note("r", 36)])
    ).score
    assert line(score) == [(0, 480, 70), (960, 160, 77), (1120, 160, 76), (1280, 160, 75), (1440, 960, 74)]
    assert (score.meter, score.key) == (Meter(4, 4), Key("Bb"))


def test_a_tie_that_is_never_closed_still_joins(path: Path) -> None:
    score = read(save(path, [FOUR_FOUR + note("D5", 48, '<tie type="start"/>'), note("D5", 48)])).score
    assert line(score) == [(0, 3840, 74)]


def test_chord_symbols_are_read_from_kind_text_and_degrees(path: Path) -> None:
    flat_nine = (
        "<degree><degree-value>9</degree-value><degree-alter>-1</degree-alter><degree-type>add</degree-type></degree>"
    )
    symbols = [
        harmony("B", "dominant", "7", alter=-1),
        harmony("G", "dominant", "7(b9)", more=flat_nine),
        harmony("C", "major-seventh", more="<bass><bass-step>E</bass-step></bass>"),
        harmony("C", "none", "N.C."),
    ]
    first, second, third, fourth = (symbol + note("C5", 24) for symbol in symbols)
    reading = read(save(path, [FOUR_FOUR + first + second, third + fourth]))
    assert [(s.onset, s.duration, s.symbol) for s in reading.score.changes] == [
        (0, 960, "Bb7"),
        (960, 960, "G7b9"),
        (1920, 960, "Cmaj7/E"),
        (2880, 960, "N.C."),
    ]
    assert reading.chords_reason == "chords: 4 symbols written"


def test_an_offset_moves_a_chord_symbol_to_its_beat(path: Path) -> None:
    late = harmony("G", "dominant", more="<offset>24</offset>")
    changes = read(save(path, [FOUR_FOUR + harmony("D", "minor") + late + WHOLE])).score.changes
    assert [(s.onset, s.symbol) for s in changes] == [(0, "Dm"), (960, "G7")]


def test_a_symbol_that_is_not_understood_is_told_with_its_bar_and_the_tune_is_kept(path: Path) -> None:
    reading = read(save(path, [FOUR_FOUR + harmony("C", "major") + WHOLE, harmony("C", "Neapolitan") + WHOLE]))
    assert len(reading.score.melody.notes) == 2
    assert any(text.startswith("bar 2: ") and "Neapolitan" in text for text in reading.left_out)


def test_transposing_parts_sound_as_they_do_with_their_key_and_chords(path: Path) -> None:
    score = read(
        save(path, [FOUR_FOUR.replace("</attributes>", TRANSPOSE[12:]) + harmony("D", "minor-seventh") + WHOLE])
    ).score
    assert line(score) == [(0, 1920, 70)]
    assert (score.key, score.changes[0].symbol) == (Key("Ab"), "Cm7")


def test_a_score_in_concert_pitch_is_not_transposed(path: Path) -> None:
    concert = "<defaults><concert-score/></defaults>"
    assert line(read(save(path, [FOUR_FOUR + TRANSPOSE + WHOLE], titles=concert)).score) == [(0, 1920, 72)]


def test_a_short_first_bar_is_a_pickup(path: Path) -> None:
    score = read(save(path, [FOUR_FOUR + note("G4", 12), WHOLE, WHOLE])).score
    assert score.pickup == 480
    assert [(bar.number, bar.onset) for bar in score.bars()] == [(0, 0), (1, 480), (2, 2400)]


def test_a_bar_split_at_a_repeat_is_one_bar(path: Path) -> None:
    repeat = '<barline location="right"><repeat direction="backward"/></barline>'
    measures = [FOUR_FOUR + note("G4", 12), WHOLE, note("C5", 36) + repeat, note("D5", 12), WHOLE]
    score = read(save(path, measures)).score
    assert [bar.duration for bar in score.bars()] == [480, 1920, 1920, 1920, 1920, 1920]
    assert score.meters == ((0, Meter(4, 4)),)


def test_repeats_and_endings_are_played_out(path: Path) -> None:
    first = '<barline location="left"><ending number="1" type="start"/></barline>' + note("D5", 48)
    first += '<barline location="right"><ending number="1" type="stop"/><repeat direction="backward"/></barline>'
    second = '<barline location="left"><ending number="2" type="start"/></barline>' + note("E5", 48)
    second += '<barline location="right"><ending number="2" type="discontinue"/></barline>'
    score = read(save(path, [FOUR_FOUR + WHOLE, first, second, note("F5", 48)])).score
    assert [n.pitch for n in score.melody.notes] == [72, 74, 72, 76, 77]


@pytest.mark.parametrize(
    "sign", [direction("<words>D.C. al Fine</words>"), direction("<words/>", '<sound dacapo="yes"/>')]
)
def test_da_capo_is_followed_whether_words_or_sounds_say_it(path: Path, sign: str) -> None:
    fine = direction("<words>Fine</words>")
    score = read(save(path, [FOUR_FOUR + WHOLE + fine, note("D5", 48) + sign])).score
    assert [n.pitch for n in score.melody.notes] == [72, 74, 72]


def test_tempos_meters_sections_and_feel(path: Path) -> None:
    over = direction("<rehearsal>A</rehearsal>") + direction("<words>Medium Swing</words>", '<sound tempo="160"/>')
    metronome = "<metronome><beat-unit>half</beat-unit><per-minute>90</per-minute></metronome>"
    waltz = "<attributes><time><beats>3</beats><beat-type>4</beat-type></time></attributes>"
    second = waltz + direction("<rehearsal>B</rehearsal>") + direction(metronome) + note("D5", 36)
    score = read(save(path, [FOUR_FOUR + over + WHOLE, second])).score
    assert score.tempos == ((0, 160.0), (1920, 180.0))
    assert score.meters == ((0, Meter(4, 4)), (1920, Meter(3, 4)))
    assert score.marks == (Mark(0, 1920, "section", "A"), Mark(1920, 1440, "section", "B"))
    assert (score.feel, score.credits.rhythm_feel) == ("swing", "Medium Swing")


def test_the_first_voice_is_the_melody_and_the_others_go_along(path: Path) -> None:
    two = WHOLE + "<backup><duration>48</duration></backup>" + note("E4", 48, voice=2)
    score = read(save(path, [FOUR_FOUR + two])).score
    assert [(part.name, [n.pitch for n in part.notes]) for part in score.parts] == [
        ("Sax", [72]),
        ("Sax (voice 2)", [64]),
    ]


def test_grace_notes_slashes_lower_notes_and_lyrics_are_counted(path: Path) -> None:
    grace = "<note><grace/><pitch><step>B</step><octave>4</octave></pitch><voice>1</voice></note>"
    slash = note("B4", 12, "<notehead>slash</notehead>")
    chord = note("C5", 36, "<lyric><text>la</text></lyric>") + note("E4", 36, "<chord/>")
    reading = read(save(path, [FOUR_FOUR + grace + chord + slash]))
    assert line(reading.score) == [(0, 1440, 72)]
    assert set(reading.left_out) == {
        "1 grace notes",
        "1 rhythm slashes",
        "1 syllables of lyrics",
        "1 notes that sound under others in part 1 'Sax'",
    }


def test_the_melody_is_asked_for_or_named_or_on_top(path: Path) -> None:
    parts = [[FOUR_FOUR + note("C3", 48)], [FOUR_FOUR + WHOLE], [FOUR_FOUR + note("E5", 48)]]
    plain = save(path, *parts, names=("Cello", "Viola", "Kazoo"))
    assert read(plain).melody_reason == "melody: part 1 'Cello': 1 notes, the topmost part"
    assert read(plain, melody="kaz").score.melody.name == "Kazoo"
    assert read(plain, melody="2").score.melody.name == "Viola"
    named = save(path, *parts, names=("Piano", "Solo Sax", "Kazoo"))
    assert read(named).melody_reason == "melody: part 2 'Solo Sax': 1 notes, named like one"
    with pytest.raises(CorpusError, match=r"no part is 'Tuba' .*1 'Piano'"):
        read(named, melody="Tuba")


def test_chords_are_inferred_from_the_other_parts_if_none_are_written(path: Path) -> None:
    comping = FOUR_FOUR + note("F3", 48) + "".join(note(p, 48, "<chord/>") for p in ("A3", "C4", "Eb4"))
    reading = read(save(path, [FOUR_FOUR + WHOLE], [comping], names=("Sax", "Piano")))
    assert [span.symbol for span in reading.score.changes] == ["F7"]
    assert "inferred from part 2 'Piano'" in reading.chords_reason


def test_a_chart_without_a_melody_is_chords_alone(path: Path) -> None:
    reading = read(save(path, [FOUR_FOUR + harmony("F", "dominant") + note("r", 48)] * 2))
    assert reading.score.parts == ()
    assert [span.symbol for span in reading.score.changes] == ["F7", "F7"]
    assert reading.melody_reason == "no melody: the file holds chords alone"


def test_drums_are_left_out_and_said_so(path: Path) -> None:
    drums = "<midi-instrument><midi-channel>10</midi-channel></midi-instrument>"
    with pytest.raises(CorpusError, match="neither notes nor chord"):
        read(save(path, [FOUR_FOUR + WHOLE], entry=drums))


def test_bars_can_be_chosen(path: Path) -> None:
    score = read(save(path, [FOUR_FOUR + WHOLE, note("D5", 48), note("E5", 48)]), bars=(2, 3)).score
    assert line(score) == [(0, 1920, 74), (1920, 1920, 76)]


def test_the_title_is_never_blank(path: Path) -> None:
    titles = "<work><work-title>Song\n  One</work-title></work>"
    titles += "<identification><creator type='composer'>A. B.</creator></identification>"
    named = read(save(path, [FOUR_FOUR + WHOLE], titles=titles)).score
    assert (named.title, named.credits.composer) == ("Song One", "A. B.")
    assert read(save(path, [FOUR_FOUR + WHOLE], titles="<work><work-title> </work-title></work>")).score.title == "tune"


def test_a_timewise_score_is_the_same_score(path: Path) -> None:
    measures = enumerate([FOUR_FOUR + WHOLE, note("D5", 48)], 1)
    inside = "".join(f'<measure number="{n}"><part id="P1">{measure}</part></measure>' for n, measure in measures)
    entry = '<part-list><score-part id="P1"><part-name>Sax</part-name></score-part></part-list>'
    path.write_text(f"<score-timewise>{entry}{inside}</score-timewise>")
    assert line(read(path).score) == [(0, 1920, 72), (1920, 1920, 74)]


def test_a_compressed_score_is_the_same_score(path: Path, tmp_path: Path) -> None:
    plain, packed = save(path, [FOUR_FOUR + WHOLE]), tmp_path / "tune.mxl"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(
            "META-INF/container.xml", '<container><rootfiles><rootfile full-path="x/a.xml"/></rootfiles></container>'
        )
        archive.writestr("x/a.xml", plain.read_bytes())
    assert read(packed).score == read(plain).score


BAD = [
    ("<score-partwise/>", "has 0 parts"),
    ("<opus/>", "<opus> is no score"),
    (FOUR_FOUR.replace("12", "0") + WHOLE, "bar 1: has 0 divisions"),
    (FOUR_FOUR + note("C5", 10**9), "bar 1: '1000000000' is no number"),
    (FOUR_FOUR + note("C5", 999_999_999), "bar 1: lasts"),
    (FOUR_FOUR + WHOLE.replace("<step>C", "<step>H"), "bar 1: a note's step is 'H'"),
    (FOUR_FOUR + note("C9", 48) + note("C1", 48).replace(">1<", ">99<"), "outside MIDI's range"),
]


@pytest.mark.parametrize(("text", "reason"), BAD)
def test_what_cannot_be_is_told_in_one_line(path: Path, text: str, reason: str) -> None:
    if text.startswith("<attributes"):
        save(path, [text])
    else:
        path.write_text(text)
    with pytest.raises(CorpusError, match=reason):
        read(path)


def test_damaged_files_raise_nothing_but_our_errors(path: Path) -> None:
    whole = save(path, [FOUR_FOUR + harmony("C", "dominant", "7") + WHOLE, note("D5", 48)]).read_bytes()
    rng = random.Random(1)
    outcomes = set()
    for _ in range(300):
        damaged = bytearray(whole)
        for _ in range(rng.randint(1, 3)):
            place = rng.randrange(len(damaged))
            if rng.random() < 0.7:
                damaged[place] = rng.choice(b"0123456789<>/abcxyz\xff")
            else:
                del damaged[place : place + rng.randrange(30)]
        path.write_bytes(damaged)
        try:
            read(path)
            outcomes.add("read")
        except JazzgenError as error:
            outcomes.add("error" if "\n" not in str(error) else str(error))
    assert outcomes == {"read", "error"}


def test_what_a_file_says_of_its_source_and_rights_is_kept(tmp_path: Path) -> None:
    stated = "<identification><rights>CC0</rights><source>A book</source></identification>"
    xml = save(tmp_path / "a.musicxml", [FOUR_FOUR + note("C4", 4)], titles=stated)
    abc = tmp_path / "a.abc"
    abc.write_text("X:1\nT:One\nB:A book\nS:A fiddler\nK:C\nCDEF|GABc|\n", encoding="utf-8")
    provenances = [
        str(piece.provenance) for path in (xml, abc) for piece in readings(path) if isinstance(piece, Reading)
    ]
    assert provenances == ["A book; licence CC0", "A book"]


OFFSETS = [(0, 0), (5, 0), (-5, 0), (11, 1), (13, 1), (6, 0.5), (24, 2), (30, 2.5), (45, 3), (400, 3)]


@pytest.mark.parametrize(("offset", "beat"), OFFSETS)
def test_an_offset_moves_the_print_and_a_symbol_goes_to_the_nearest_beat(path: Path, offset: int, beat: float) -> None:
    more = f"<offset>{offset}</offset>"
    reading = read(save(path, [FOUR_FOUR + harmony("F", "major", more=more) + note("C5", 48)]))
    assert reading.score.changes[0].onset == round(beat * 480)


def test_an_offset_that_sounds_is_kept(path: Path) -> None:
    more = '<offset sound="yes">5</offset>'
    reading = read(save(path, [FOUR_FOUR + harmony("F", "major", more=more) + note("C5", 48)]))
    assert reading.score.changes[0].onset == 200


@pytest.mark.parametrize(
    ("mode", "roots", "last", "key"),
    [
        ("", ["G", "G"], "G4", Key("G", minor=True)),
        ("", ["B", "B"], "Bb4", Key("Bb")),
        ("<mode>none</mode>", ["G", "G"], "G4", Key("G", minor=True)),
        ("<mode>major</mode>", ["G", "G"], "G4", Key("Bb")),
        ("<mode>aeolian</mode>", ["B", "B"], "Bb4", Key("G", minor=True)),
    ],
)
def test_a_signature_without_a_mode_is_told_by_chords_and_last_note(
    path: Path, mode: str, roots: list[str], last: str, key: Key
) -> None:
    chords = [harmony(r, "minor" if r == "G" else "major", alter=0 if r == "G" else -1) for r in roots]
    first = FOUR_FOUR.replace("</fifths>", f"</fifths>{mode}")
    score = read(save(path, [first + chords[0] + note("D5", 48), chords[1] + note(last, 48)])).score
    assert score.key == key


def test_a_tie_leads_into_another_voice_where_the_file_has_it_end_there(path: Path) -> None:
    start, stop, back = '<tie type="start"/>', '<tie type="stop"/>', "<backup><duration>48</duration></backup>"
    bar = note("C5", 24, start) + note("r", 24) + back + note("r", 24, voice=2) + note("C5", 24, stop, voice=2)
    assert line(read(save(path, [FOUR_FOUR + bar])).score) == [(0, 1920, 72)]
    struck = bar.replace(stop, "")
    assert line(read(save(path, [FOUR_FOUR + struck])).score) == [(0, 960, 72)]


def test_several_jumps_go_as_far_as_each_says(path: Path) -> None:
    fine, coda = (direction(f"<words>D.C. al {end}</words>") for end in ("Fine", "Coda"))
    measures = [
        FOUR_FOUR + note("C4", 48) + direction("<words>Fine</words>"),
        note("D4", 48) + direction("<words>To Coda</words>"),
        note("E4", 48) + coda,
        direction("<coda/>") + note("F4", 48),
        note("G4", 48) + fine,
    ]
    assert [pitch for _, _, pitch in line(read(save(path, measures)).score)] == [60, 62, 64, 60, 62, 65, 67, 60]


def test_a_lone_second_ending_is_played_and_named(path: Path) -> None:
    ending = '<barline location="left"><ending number="2" type="start"/></barline>'
    end = '<barline location="right"><ending number="2" type="stop"/></barline>'
    reading = read(save(path, [FOUR_FOUR + note("C4", 48), ending + note("D4", 48) + end, note("E4", 48)]))
    assert [pitch for _, _, pitch in line(reading.score)] == [60, 62, 64]
    assert any("ending without a first one" in what for what in reading.left_out)
