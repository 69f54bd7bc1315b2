"""The built-in forms, and tunes as players write them."""

import re

import pytest

from jazzgen.errors import ChordError, JazzgenError
from jazzgen.harmony.changes import format_chart, parse_chart
from jazzgen.harmony.keyfinding import guess_key
from jazzgen.harmony.pitch import Key, pitch_class
from jazzgen.harmony.tunes import Tune, find_tune, format_tune, parse_tune, tune_names
from jazzgen.music.timing import Meter

NAMES = tune_names()
COUNTS = {"Eight": 8, "Sixteen": 16, "Twenty-four": 24}
# What a title promises, the first that it says: bars, and sections.
PROMISES = [
    *((rf"{word}-bar", bars, "") for word, bars in COUNTS.items()),
    ("lues with a bridge", 12 + 12 + 8 + 12, "AABA"),
    ("lues", 12, ""),
    ("Rhythm changes|AABA", 32, "AABA"),
    ("all twelve keys|round the circle", 24, ""),
]
OTHER_BARS = {
    **dict.fromkeys(("ballad-eb", "lydian-f", "phrygian-e", "thirds-minor-f"), 8),
    **dict.fromkeys(("two-five-steps-c", "backdoor-c", "mixolydian-a", "son-c", "montuno-g", "afro-6-8-f"), 12),
    **dict.fromkeys(("funk-e", "vamp-5-4-c", "vamp-7-4-d"), 12),
    **dict.fromkeys(("two-five-c", "two-five-chromatic-c", "two-five-descent-f", "minor-two-five-d", "thirds-c"), 16),
    **dict.fromkeys(("turnarounds-c", "tag-eb", "secondary-g", "diminished-g", "modal-d", "sus-f", "minor-line-d"), 16),
    **dict.fromkeys(("andalusian-a", "pedal-bb", "bossa-a", "samba-g", "gospel-c", "waltz-g", "minor-waltz-d"), 16),
    **dict.fromkeys(("gypsy-a", "minor-circle-a", "bossa-d", "waltz-f"), 24),
    "mixed-c": 28,
}
NAMED_AFTER_NO_TONIC = {"two-five-12", "minor-two-five-12", "lydian-f"}
# Sequences that leave their key, and a mode whose signature is another's.
FAR_FROM_HOME = {"two-five-steps-c", "sus-f", "mixolydian-a"}


def promise(tune: Tune, name: str) -> tuple[int, str]:
    found = ((bars, sections) for pattern, bars, sections in PROMISES if re.search(pattern, tune.title))
    return next(found, (OTHER_BARS.get(name, 0), ""))


def related(key: Key, other: Key) -> bool:
    """The same key, its parallel or its relative, or one a fifth away."""
    return key.tonic == other.tonic or abs(key.fifths - other.fifths) <= 1


def test_there_are_40_forms_and_more() -> None:
    assert len(NAMES) >= 40
    assert len({find_tune(name).title for name in NAMES}) == len(NAMES)
    assert len({format_chart(find_tune(name).chart) for name in NAMES}) == len(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_form_has_the_bars_and_sections_that_its_title_says(name: str) -> None:
    tune = find_tune(name)
    bars, sections = promise(tune, name)
    assert sum(1 for _ in tune.chart.bars()) == bars
    assert not sections or "".join(label for _, label in tune.chart.sections) == sections


@pytest.mark.parametrize("name", NAMES)
def test_every_form_fills_whole_bars_and_can_be_played(name: str) -> None:
    tune = find_tune(name)
    assert list(tune.chart.bars())[-1].end == tune.chart.end
    assert parse_chart(format_chart(tune.chart)) == tune.chart
    assert all(span.chord for span in tune.chart.changes)
    assert 50 <= tune.bpm <= 300


@pytest.mark.parametrize("name", NAMES)
def test_every_form_is_named_after_its_key_and_sounds_like_it(name: str) -> None:
    tune = find_tune(name)
    assert name.endswith(f"-{tune.key.tonic.lower()}") != (name in NAMED_AFTER_NO_TONIC)
    assert related(guess_key(tune.chart.changes), tune.key) != (name in FAR_FROM_HOME)


@pytest.mark.parametrize("name", NAMES)
def test_every_form_is_written_as_it_is_read(name: str) -> None:
    assert parse_tune(format_tune(find_tune(name))) == find_tune(name)


def test_a_blues_goes_to_the_fourth_in_bar_five() -> None:
    twelve = [
        name for name in NAMES if re.match("(bird-|minor-)?blues-", name) and promise(find_tune(name), name)[0] == 12
    ]
    assert len(twelve) > 10
    for name in twelve:
        chart, key = find_tune(name).chart, find_tune(name).key
        fifth = list(chart.bars())[4]
        chord = next(span.chord for span in chart.changes if span.onset == fifth.onset)
        assert chord is not None
        assert (chord.root_class - pitch_class(key.tonic)) % 12 == 5, name


def test_circles_go_through_all_twelve_keys() -> None:
    for name in ("two-five-12", "minor-two-five-12"):
        spans = find_tune(name).chart.changes
        assert len({span.chord.root_class for span in spans if span.chord and span.duration == 1920}) == 12
    assert len({span.chord.root_class for span in find_tune("dominants-c").chart.changes if span.chord}) == 12


@pytest.mark.parametrize(
    ("name", "meter", "straight"),
    [
        ("blues-f", Meter(4, 4), False),
        ("waltz-g", Meter(3, 4), False),
        ("blues-slow-6-8-g", Meter(6, 8), True),
        ("vamp-5-4-c", Meter(5, 4), False),
        ("vamp-7-4-d", Meter(7, 4), True),
        ("bossa-a", Meter(4, 4), True),
        ("samba-g", Meter(4, 4), True),
        ("montuno-g", Meter(4, 4), True),
        ("funk-e", Meter(4, 4), True),
    ],
)
def test_forms_have_the_meter_and_feel_of_their_style(name: str, meter: Meter, straight: bool) -> None:
    assert (find_tune(name).chart.meter, find_tune(name).straight) == (meter, straight)


@pytest.mark.parametrize(
    ("wrong", "hint"), [("blues-g", "did you mean blues-"), ("xyzzy", "'jazzgen tunes' lists them")]
)
def test_an_unknown_name_is_an_error_with_a_hint(wrong: str, hint: str) -> None:
    with pytest.raises(ChordError, match=f"no tune is called '{wrong}'; {hint}"):
        find_tune(wrong)


def test_a_line_of_changes_is_a_tune_in_the_key_that_it_sounds_like() -> None:
    tune = parse_tune("Dm7 | G7 | Cmaj7 | %")
    assert tune == Tune("your changes", parse_chart("Dm7 | G7 | Cmaj7 | %"), Key("C"), 140.0, straight=False)


def test_headers_say_what_the_tune_is_and_the_melody_is_left_out() -> None:
    tune = parse_tune(
        "title: Mine\nkey: Gm\nmeter: 3/4\ntempo: 99.5\nfeel: straight\n\n| Gm7 | Cm7 |\nmelody:\n2. r | 2. r"
    )
    assert tune == Tune("Mine", parse_chart("Gm7 | Cm7", Meter(3, 4)), Key("G", minor=True), 99.5, straight=True)


def test_a_meter_that_is_asked_for_is_stronger_than_the_header() -> None:
    assert parse_tune("meter: 3/4\nC | F", Meter(5, 4)).chart.meter == Meter(5, 4)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the changes are empty"),
        ("key: C", "the changes are empty"),
        ("key: H\nC", "key 'H'"),
        ("meter: 4\nC", "meter '4'"),
        ("tempo: fast\nC", "tempo 'fast': write quarter notes a minute"),
        ("feel: funky\nC", "feel 'funky': write swing or straight"),
        ("composer: me\nC", "the line 'composer: me' is neither a header"),
    ],
)
def test_what_a_header_cannot_say_is_named(text: str, message: str) -> None:
    with pytest.raises(JazzgenError, match=message):
        parse_tune(text)


def test_a_tune_goes_to_another_key_with_its_chords() -> None:
    moved = find_tune("blues-f").in_key(Key("Gb"))
    assert moved.key == Key("Gb")
    assert [span.symbol for span in moved.chart.changes][:4] == ["Gb7", "Cb7", "Gb7", "Dbm7"]
    assert find_tune("blues-f").in_key(Key("F")) == find_tune("blues-f")


@pytest.mark.parametrize("semitones", [-13, -5, -1, 1, 2, 6, 7, 11, 14])
@pytest.mark.parametrize("name", ["blues-f", "minor-blues-c", "mixed-c"])
def test_a_tune_moved_by_half_steps_and_back_sounds_the_same(name: str, semitones: int) -> None:
    tune = find_tune(name)
    moved = tune.transposed(semitones)
    assert pitch_class(moved.key.tonic) == (pitch_class(tune.key.tonic) + semitones) % 12
    assert moved.transposed(-semitones) == tune


@pytest.mark.parametrize("semitones", [-12, 0, 24])
def test_octaves_change_nothing(semitones: int) -> None:
    assert find_tune("ballad-db").transposed(semitones) == find_tune("ballad-db")


def test_a_tune_keeps_its_mode() -> None:
    with pytest.raises(
        ChordError, match="key D: Minor blues in C, in Cm, can go to another minor key only; ask for Dm"
    ):
        find_tune("minor-blues-c").in_key(Key("D"))
    with pytest.raises(ChordError, match="key Dm: Blues in F, in F, can go to another major key only; ask for D"):
        find_tune("blues-f").in_key(Key("D", minor=True))
