"""iReal Pro links: the letters' order, the chart language, cells and beats, the way through a form."""

import random
import re
from pathlib import Path
from urllib.parse import quote

import pytest
from helpers.mutations import mutated
from hypothesis import given, settings
from hypothesis import strategies as st

from jazzgen.errors import CorpusError, JazzgenError
from jazzgen.formats.ireal import ABBREVIATIONS, MUSIC_PREFIX, parse_links, readings, unscramble
from jazzgen.formats.ireal.cells import Slot, lay_out
from jazzgen.formats.ireal.chart import MAX_CHARACTERS, MAX_WRITTEN_BARS
from jazzgen.formats.reading import Reading, ReadOptions, Unread
from jazzgen.harmony.changes import ChordSpan
from jazzgen.harmony.pitch import Key
from jazzgen.music.score import Credits, Mark
from jazzgen.music.timing import Bar, Meter

FORM = "[T44*AC^7   |A-7 D7 ][*BG-7   |C7   Z"


def encode(music: str) -> str:
    """What iReal Pro writes for a chart: signs abbreviated, letters moved about; the inverse of the reader's."""
    for short, sign in ABBREVIATIONS.items():
        music = music.replace(sign, short)
    return MUSIC_PREFIX + unscramble(music)


def song(music: str = FORM, *, title: str = "Tin Roof", style: str = "Medium Swing", bpm: str = "140") -> str:
    return f"{title}=Doe Jane=={style}=F==" + encode(music) + f"=Jazz-{style}={bpm}=3"


def link(*songs: str, name: str = "") -> str:
    return "irealb://" + quote("===".join([*songs, *([name] if name else [])]))


def book(music: str, *, key: str = "C", style: str = "Medium Swing") -> str:
    return f"irealbook://Tin Roof=Doe Jane={style}={key}=n={music}"


def read(text: str, options: ReadOptions = ReadOptions()) -> Reading:
    (reading,) = parse_links(text, options)
    assert isinstance(reading, Reading)
    return reading


def in_bar(span: ChordSpan, bar: Bar) -> bool:
    return bar.onset <= span.onset < bar.end


def bars(music: str) -> str:
    """The chords of each bar as it is played, each with its beats where a bar has more than one."""
    score = read(book(music)).score
    written = []
    for bar in score.bars():
        spans = [span for span in score.changes if in_bar(span, bar)]
        alone = len(spans) == 1
        written.append(" ".join(s.symbol + ("" if alone else f":{s.duration / 480:g}") for s in spans))
    return " | ".join(written)


def sections(music: str) -> list[tuple[str, int]]:
    """Label and length in bars of 4/4."""
    return [(mark.label, mark.duration // 1920) for mark in read(book(music)).score.marks]


@given(st.text(st.characters(max_codepoint=0x2000), max_size=400))
def test_scrambling_is_its_own_inverse(music: str) -> None:
    assert unscramble(unscramble(music)) == music


@pytest.mark.parametrize(("length", "moved"), [(50, 0), (51, 0), (52, 38), (100, 38), (102, 76)])
def test_a_last_block_is_left_as_it_is(length: int, moved: int) -> None:
    music = "".join(chr(0x100 + place) for place in range(length))
    assert sum(a != b for a, b in zip(music, unscramble(music), strict=True)) == moved


@given(st.text("ABCG^7-|[]{} x*T4,ZQ", max_size=300))
def test_a_chart_comes_through_encoded(music: str) -> None:
    music += "Z"  # a chart's last bar line; blanks at the end of a plain link are none of it
    assert outcome(link(song(music))) == outcome(book(music))


def outcome(text: str) -> object:
    """The changes of a link's one song, or why it has none."""
    try:
        return read(text).score.changes
    except JazzgenError as error:
        return str(error)


def test_a_song_with_all_its_fields() -> None:
    reading = read(link(song(title="Roof, The")))
    score = reading.score
    assert score.title == "The Roof"
    assert score.credits == Credits(composer="Jane Doe", style="Medium Swing", rhythm_feel="Jazz-Medium Swing")
    assert (score.key, score.bpm, score.meter, score.feel) == (Key("F"), 140, Meter(4, 4), "swing")
    assert [str(span.chord) for span in score.changes] == ["Cmaj7", "Am7", "D7", "Gm7", "C7"]
    assert score.parts == ()
    assert score.marks == (Mark(0, 3840, "section", "A"), Mark(3840, 3840, "section", "B"))
    assert (reading.piece, reading.left_out) == ("", ())
    assert reading.provenance.source == "iReal Pro chart"
    assert reading.chords_reason == "chords: as written in the chart"


def test_a_playlist_gives_each_song_and_goes_on_after_a_bad_one() -> None:
    songs = (song(title="One"), song("[C |C7-q Z", title="Two"), song(title="Three"))
    found = list(parse_links(link(*songs, name="Mine")))
    assert [reading.piece for reading in found] == ["One", "Two", "Three"]
    assert isinstance(found[1], Unread)
    assert found[1].reason.startswith("bar 2: chord 'C7-'")
    assert isinstance(found[2], Reading)


def test_songs_of_the_old_plain_format_and_their_playlist_name() -> None:
    text = "irealbook://" + "=".join(
        [f"{title}=Doe Jane=Bossa Nova=D-=n=T34[C-7  |F7  Z" for title in ("One", "Two")] + ["Mine"]
    )
    first, second = parse_links(text)
    assert isinstance(first, Reading)
    assert isinstance(second, Reading)
    assert (first.piece, second.piece) == ("One", "Two")
    assert (first.score.key, first.score.meter, first.score.feel) == (Key("D", minor=True), Meter(3, 4), "straight")


def test_an_empty_composer_and_missing_tail_do_not_shift_the_fields() -> None:
    text = "irealb://" + quote(f"Bare===Up Tempo Swing=Eb=={encode(FORM)}==0=0===Next=Doe J==Ballad=G=4={encode(FORM)}")
    bare, following = parse_links(text)
    assert isinstance(bare, Reading)
    assert isinstance(following, Reading)
    assert (bare.score.credits.composer, bare.score.key, bare.score.bpm) == ("", Key("Eb"), 240)
    assert bare.left_out == ("a tempo: the link has none, the style's usual one is taken",)
    assert following.score.title == "Next"
    assert following.left_out[0] == "a transposition (4): chords are in the song's own key"


def test_a_key_that_no_signature_holds_is_guessed_and_said() -> None:
    reading = read(book("[C^7   |F^7   |G7   |C^7   Z", key="Db-"))
    assert reading.score.key == Key("C")
    assert reading.left_out[0] == "the key 'Db-', which has no signature: it is guessed from the chords"


@pytest.mark.parametrize(
    ("style", "feel", "bpm"),
    [
        ("Bossa Nova", "straight", 130),
        ("Up Tempo Swing", "swing", 240),
        ("Slow Swing", "swing", 75),
        ("Ballad", "swing", 65),
        ("Latin-Cuba: Son", "straight", 130),
        ("Even 8ths", "straight", 130),
        ("Klezmer", "swing", 130),
    ],
)
def test_feel_and_usual_tempo_come_from_the_style(style: str, feel: str, bpm: float) -> None:
    score = read(book(FORM, style=style)).score
    assert (score.feel, score.bpm) == (feel, bpm)


@pytest.mark.parametrize(
    "page",
    [
        '<html><body><h3><a href="{}">Tin Roof</a> - Jane Doe</h3></body></html>',
        "<a href='{}'>Tin Roof</a>",
        "My blues: {} and that is all\nsecond line",
        "{}",
        "first {}\n\nsecond",
    ],
)
def test_links_are_found_wherever_they_stand(page: str, tmp_path: Path) -> None:
    path = tmp_path / "chart.html"
    path.write_text("\ufeff" + page.format(link(song())), encoding="utf-8")
    (reading,) = readings(path)
    assert isinstance(reading, Reading)
    assert len(reading.score.changes) == 5


def test_a_page_in_latin_1_and_one_without_a_link(tmp_path: Path) -> None:
    path = tmp_path / "chart.html"
    path.write_bytes("Grüße ".encode("latin-1") + link(song()).encode())
    assert len(list(readings(path))) == 1
    path.write_text("nothing here, irealb:// neither", encoding="utf-8")
    with pytest.raises(CorpusError, match=r"holds no song in an irealb:// or irealbook:// link; export"):
        list(readings(path))


def test_several_links_in_one_text_and_bars_of_each() -> None:
    found = list(parse_links(f"{link(song(title='One'))}\n{book(FORM)}", ReadOptions(bars=(2, 3))))
    assert [reading.piece for reading in found] == ["One", "Tin Roof"]
    for reading in found:
        assert isinstance(reading, Reading)
        assert [str(span.chord) for span in reading.score.changes] == ["Am7", "D7", "Gm7"]


@pytest.mark.parametrize(
    ("music", "expected"),
    [
        ("[C^7   |A-7 D7 |G7 F7  Z", "Cmaj7 | Am7:2 D7:2 | G7:2 F7:2"),
        ("[C7 G7   ZG F-7", "C7:1 G7:3 | G:2 Fm7:2"),
        ("[C   |x   |D   | x", "C | C | D | D"),
        ("[C   |D   | r|   |E   Z", "C | D | C | D | E"),
        ("[C   |n   |ppF p|W/G   Z", "C | N.C. | N.C.:2 F:2 | F/G"),
        ("[C7 W/E   |W   |W/C   Z", "C7:1 C7/E:3 | C7/E | C7"),
        ("[C(Eb7)   | (Gb7)  F   Z", "C | F"),
        ("[sA-7,D7,|lG,C7,sB-7,E7,l|Gsus F7sus Z", "Am7:2 D7:2 | G:1 C7:1 Bm7:1 E7:1 | Gsus4:2 F7sus4:2"),
        ("T34[C  |D E |T54F A |T22G A |T12C D Z", "C | D:2 E:1 | F:3 A:2 | G:2 A:2 | C:3 D:3"),
        ("[T44C|D|T34EZ", "C | D | E"),
        ("T68[C-7 F7 |A B C Z", "Cm7:1.5 F7:1.5 | A:1 B:1 C:1"),
        ("[C D E F G Z", "C:1 D:1 E:1 F:0.5 G:0.5"),
        ("{*AC   }      [YYD   ]   ZE   UZ", "C | C | D | E"),
    ],
)
def test_chords_share_their_bar(music: str, expected: str) -> None:
    assert bars(music) == expected


@given(
    st.lists(st.builds(Slot, st.none(), st.integers(1, 6), st.booleans()), min_size=1, max_size=12),
    st.sampled_from(["4/4", "3/4", "5/4", "6/8", "12/8", "2/2", "7/8", "9/8"]),
)
def test_a_bar_is_filled_to_the_tick(slots: list[Slot], meter: str) -> None:
    ticks = [duration for duration, _ in lay_out(slots, Meter.parse(meter))]
    assert sum(ticks) == Meter.parse(meter).bar_ticks
    assert len(ticks) == len(slots)
    assert min(ticks) > 0


@pytest.mark.parametrize(
    ("music", "order"),
    [
        ("{C |D }E Z", "CDCDE"),
        ("{C |D <3x>}[E Z", "CDCDCDE"),
        ("C |D }E |F }G Z", "CDCDEFEFG"),
        ("{C |N1D }|N2E ][F Z", "CDCEF"),
        ("{C |N1D |E }   |N2F |G ][A Z", "CDECFGA"),
        ("{C |N1D }{N2E ][F Z", "CDCEF"),
        ("{C |N1D |N2E ]F Z", "CDCEF"),
        ("{C |N1D }|N2E }|N0F ]G Z", "CDCECFG"),
        ("{C |N1D }[E Z", "CDCE"),
        ("[C |D <Fine>|E ][F<D.C. al Fine> ]G Z", "CDEFCD"),
        ("[C |SD |E ][F |G<D.S. al Fine> ]<Fine>Z", "CDEFGDEFG"),
        ("[C |SD Q|E ][F <D.S. al Coda>|G ]Y[QA |B Z", "CDEFGDAB"),
        ("[C |D |E ][F |G<D.C. al Coda> ]Y[QA |B Z", "CDEFGCDEFGAB"),
        ("{C |N1D }|N2E Q][F <D.C. al Coda>]Y[QA Z", "CDCEFCEA"),
        ("{C |N1D }|N2E ][F<D.C. al 2nd End.> Z", "CDCEFCE"),
        ("{C |N1D }|N2E ][F <D.C. al 3rd End.>]|N3G |A Z", "CDCEFCGA"),
        ("[C |D ][F<D.C.> Z", "CDF"),
        ("[C |D<Fine> ][F<D.C.> Z", "CDFCD"),
        ("[C |D Q|E Z[QF |G Z", "CDE"),
        ("[C |D |E Z[QF |G Z", "CDE"),
        ("[C |D U|E Z", "CDE"),
    ],
)
def test_the_way_through_a_form(music: str, order: str) -> None:
    assert bars(music).replace(" | ", "") == order


def test_what_is_not_played_is_said() -> None:
    reading = read(book("{C(E7) |D <3x>!}<Open>[F<D.C.> ]Y[Q?G |A<till cue> Z"))
    assert reading.left_out == (
        "alternate chords in brackets",
        "the sign '!'",
        "the sign '?'",
        "the coda, for after the last chorus (2 bars)",
        "1 D.C. or D.S. without the sign that it leads to",
        "texts: 'Open', 'till cue'",
        "a tempo: the link has none, the style's usual one is taken",
    )
    assert reading.chords_reason == "chords: as written in the chart, 5 bars played as 7"


def test_bars_without_a_chord_are_layout_and_counted() -> None:
    assert read(book("[C   |    |D   ]      [E   Z")).left_out[0] == "bars without a chord: 1"


def test_sections_follow_the_playing() -> None:
    assert sections("{*iC |D }[*AE |F Q][*BG <D.S. al Coda>]Y[QA |B Z") == [
        ("Intro", 2),
        ("Intro", 2),
        ("A", 2),
        ("B", 1),
        ("Intro", 2),
        ("A", 2),
        ("Coda", 2),
    ]
    assert sections("C |D Z") == []


@pytest.mark.parametrize(
    ("music", "message"),
    [
        ("[C |Hm |Db9foo Z", None),
        ("[C |D |C7-q Z", "bar 3: chord 'C7-'"),
        ("[x |C Z", "bar 1: 'x' repeats 1 bar and there are not so many before it"),
        ("[C |r| |C Z", "bar 2: 'r' repeats 2 bars and there are not so many before it"),
        ("[W/G |C Z", "bar 1: 'W/G' lets a chord go on and there is none before it; write its root"),
        ("[C |T47D Z", "bar 2: meter 4/7"),
        ("[" + "C" * 200 + " Z", "bar 1: 200 chords do not fit into 4/4; a bar line is missing"),
        ("[   |  Z", "the chart holds no chords; write bars such as"),
        ("C|" * (MAX_WRITTEN_BARS + 1), f"the chart goes on past {MAX_WRITTEN_BARS} bars; split it"),
        ("," * (MAX_CHARACTERS + 1), f"the chart has {MAX_CHARACTERS + 1} characters; at most {MAX_CHARACTERS}"),
        ("C|" * 990 + "<99x>}", "is longer than 50000 bars with its repeats played"),
    ],
)
def test_what_is_wrong_is_named_with_its_bar(music: str, message: str | None) -> None:
    if message is None:
        read(book(music))
        return
    with pytest.raises(JazzgenError, match=re.escape(message)):
        read(book(music))


SPLICES = ("<D.C. al Coda>", "N2", "{", "}", "x", "r", "W/", "=", "===", "%", "*", "T9", "Q", "\n", "\u2028", "é")
PLAIN = (
    "{*AT44C^7 |A-7 |N1D-9 |G7#5 }   |N2x |Gh7,C7 ]*B[T34C-7 F7 |W/F x|r|   |n   |ppT44 sA-7,D7,|lG Q]"
    "[F <D.S. al Coda>]Y[QC Z"
)


@settings(max_examples=1)
@given(st.integers(0, 1 << 30))
def test_broken_links_end_in_one_line(seed: int) -> None:
    rng = random.Random(seed)
    sources = (book(PLAIN), link(song(PLAIN), song(FORM), name="Mine"), f"irealb://{song(PLAIN)}")
    for _ in range(300):
        for reason in _reasons(mutated(rng.choice(sources), SPLICES, rng)):
            assert len(reason.splitlines()) == 1


def _reasons(text: str) -> list[str]:
    """Everything that reading a text says, whatever comes of it."""
    try:
        found = list(parse_links(text))
    except JazzgenError as error:
        return [str(error)]
    read = [reading for reading in found if isinstance(reading, Reading)]
    said = [line for reading in read for line in (*reading.left_out, reading.chords_reason, reading.score.title)]
    return said + [reading.reason for reading in found if isinstance(reading, Unread)]
