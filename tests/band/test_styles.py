"""Styles: every one is whole, and the right one is found."""

import pytest

from jazzgen.band.choice import check_meters, find_style, plain_groove, style_for
from jazzgen.band.players import PLAYERS
from jazzgen.band.styles import DENSITIES, Groove, load_style, style_names
from jazzgen.errors import OptionError
from jazzgen.harmony.tunes import find_tune, tune_names
from jazzgen.improvise.form import form_score
from jazzgen.learning.soloist.bounds import GROOVES
from jazzgen.music.score import Feel, Score
from jazzgen.music.timing import Meter

GROOVES_BY_STYLE = [
    pytest.param(load_style(name).groove(meter), meter, id=f"{name} {meter}")
    for name in style_names()
    for meter in load_style(name).meters
]


def score(meter: str = "4/4", bpm: float = 140, feel: Feel = "swing") -> Score:
    return Score(tempos=((0, bpm),), meters=((0, Meter.parse(meter)),), feel=feel)


@pytest.mark.parametrize("name", style_names())
def test_a_style_has_sounds_and_a_name_that_soloists_know(name: str) -> None:
    style = load_style(name)
    assert set(style.band) <= set(PLAYERS)
    assert all(sound in PLAYERS[player].programs for player, sound in style.sounds.items())
    assert style.rhythm_feel in GROOVES
    assert style.groove(style.home) is not None


@pytest.mark.parametrize(("groove", "meter"), GROOVES_BY_STYLE)
def test_every_meter_has_chords_of_each_density_a_bass_and_drums_that_stay_in_the_bar(
    groove: Groove, meter: Meter
) -> None:
    for density in DENSITIES:
        assert groove.comping[density]
    assert groove.bass
    assert all(rhythm and rhythm[0].beats == 0 for rhythm in groove.bass)  # the bass says where the bar starts
    assert any(rhythm for bars in groove.drums.values() for rhythm in bars)
    assert groove.fills
    played = [*groove.bass, *(bar for bars in groove.drums.values() for bar in bars)]
    played += [rhythm for beats in (*groove.answers, *groove.fills) for rhythm in beats.values()]
    assert all(hit.beats < meter.numerator for rhythm in played for hit in rhythm)


@pytest.mark.parametrize(
    ("asked", "bpm", "found"),
    [("swing", 90, "swing-slow"), ("swing", 140, "swing-medium"), ("swing", 250, "swing-up"), ("bossa", 300, "bossa")],
)
def test_a_family_of_styles_is_chosen_from_by_tempo(asked: str, bpm: float, found: str) -> None:
    assert find_style(asked, bpm).name == found


@pytest.mark.parametrize(("name", "hint"), [("bosa", "did you mean bossa"), ("polka", "choose from swing-medium")])
def test_an_unknown_style_is_answered_with_the_nearest_or_all(name: str, hint: str) -> None:
    with pytest.raises(OptionError, match=hint):
        find_style(name, 120)


@pytest.mark.parametrize(
    ("piece", "found"),
    [
        (score(bpm=60), "ballad"),
        (score(bpm=90), "swing-slow"),
        (score(bpm=150), "swing-medium"),
        (score(bpm=280), "swing-up"),
        (score("3/4"), "waltz"),
        (score("5/4"), "five"),
        (score("7/4"), "swing-medium"),
        (score("2/2"), "swing-medium"),
        (score(feel="straight", bpm=130), "bossa"),
        (score(feel="straight", bpm=220), "samba"),
        (score(feel="straight", bpm=80), "funk"),
        (score("7/8", feel="straight"), "straight"),
        (score("6/8", feel="straight", bpm=80), "six-eight"),
        (score("6/8", feel="straight", bpm=150), "afro"),
    ],
    ids=lambda value: value if isinstance(value, str) else f"{value.meter} {value.feel} {value.bpm:g}",
)
def test_a_style_that_nobody_asks_for_goes_by_feel_meter_and_tempo(piece: Score, found: str) -> None:
    assert style_for(piece).name == found


@pytest.mark.parametrize("name", tune_names())
def test_there_is_a_style_for_every_built_in_tune(name: str) -> None:
    tune = find_tune(name)
    form = form_score(tune, 1, tune.bpm, tune.feel)
    style = find_style(tune.style, tune.bpm) if tune.style else style_for(form)
    assert style.feel == tune.feel
    assert not style.misses(form)


def test_a_meter_without_a_pattern_is_named_with_the_bar_and_the_cure() -> None:
    tune = find_tune("blues-f")
    form = form_score(tune, 1, 140, "swing")
    odd = Score(meters=((0, Meter(4, 4)), (3840, Meter(13, 16))), changes=form.changes)
    with pytest.raises(OptionError, match=r"'swing-medium' has no pattern for 13/16 \(bar 3\).*with any meter"):
        check_meters(load_style("swing-medium"), odd)
    with pytest.raises(OptionError, match="with any meter"):
        style_for(odd)
    assert style_for(odd, any_meter=True).name == "swing-medium"


@pytest.mark.parametrize("meter", [Meter(1, 4), Meter(13, 16), Meter(11, 8), Meter(2, 2), Meter(64, 32)], ids=str)
def test_a_plain_groove_fits_any_meter(meter: Meter) -> None:
    groove = plain_groove(meter)
    hits = [hit for rhythm in (*groove.bass, *groove.comping["medium"]) for hit in rhythm]
    assert hits[0].beats == 0
    assert all(hit.beats + (hit.length or 0) <= meter.numerator for hit in hits)
