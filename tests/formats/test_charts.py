"""The changes of a score as a chart."""

from dataclasses import replace
from pathlib import Path

import pytest
from helpers.small_model import STARTER
from hypothesis import given
from hypothesis import strategies as st

from jazzgen.corpus import read_score
from jazzgen.errors import CorpusError
from jazzgen.formats.charts import sheet_text, tune_of
from jazzgen.formats.leadsheet import parse_leadsheet
from jazzgen.harmony.changes import ChordSpan, format_chart, parse_chart
from jazzgen.harmony.pitch import Key
from jazzgen.music.score import Mark, Score
from jazzgen.music.timing import Meter

TEXTS = (
    "[A] Dm7 G7 | Cmaj7 | N.C. | [B] F7 . . Bb7",
    "3/4 Dm7 | G7 . Db7 | 4/4 Cmaj7 | 5/4 Am7 . . D7 .",
    "6/8 Cm7 F7 | Bb6",
)


def score_of(text: str, pickup: int = 0) -> Score:
    chart = parse_chart(text)
    return Score(
        "Stairs",
        ((0, 96.0),),
        ((0, chart.meter), *((onset + pickup, meter) for onset, meter in chart.meters[1:])),
        Key("F"),
        pickup,
        tuple(replace(span, onset=span.onset + pickup) for span in chart.changes),
        marks=tuple(Mark(onset + pickup, 480, "section", label) for onset, label in chart.sections),
        feel="straight",
    )


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("pickup", [0, 240])
def test_the_chart_of_a_score_is_the_one_that_it_was_made_of(text: str, pickup: int) -> None:
    tune = tune_of(score_of(text, pickup))
    assert tune.chart == parse_chart(text)
    assert (tune.title, tune.key, tune.bpm, tune.straight) == ("Stairs", Key("F"), 96.0, True)


@given(data=st.data())
def test_chords_a_little_early_or_late_are_on_their_beats(data: st.DataObject) -> None:
    score = score_of(TEXTS[0])
    offsets = [data.draw(st.integers(-239, 239)) for _ in score.changes]
    ends = [max(span.onset + offset, 0) for span, offset in zip(score.changes, offsets, strict=True)]
    ends += [score.changes[-1].end]
    moved = tuple(
        ChordSpan(onset, end - onset, span.chord)
        for span, onset, end in zip(score.changes, ends[:-1], ends[1:], strict=True)
    )
    assert format_chart(tune_of(replace(score, changes=moved)).chart) == TEXTS[0]


def test_where_no_chord_is_written_there_is_none() -> None:
    score = score_of("C | D | E")
    gap = replace(score, changes=(score.changes[0], score.changes[2]))
    assert format_chart(tune_of(gap).chart) == "C | N.C. | E"


def test_without_chords_there_is_no_tune() -> None:
    for changes in ((), (ChordSpan(0, 1920, None),)):
        with pytest.raises(CorpusError, match="no chords to play over"):
            tune_of(Score(changes=changes))


def test_chords_in_a_pickup_alone_are_no_tune() -> None:
    score = Score(meters=((0, Meter()),), pickup=480, changes=(replace(parse_chart("C").changes[0], duration=480),))
    with pytest.raises(CorpusError, match="pickup alone"):
        tune_of(score)


@pytest.mark.parametrize("path", sorted(STARTER.glob("*.mid"))[::5], ids=lambda path: path.stem)
def test_the_text_of_a_score_is_a_lead_sheet_with_its_changes(path: Path) -> None:
    score = read_score(path)
    sheet = parse_leadsheet(sheet_text(score))
    assert tune_of(sheet).chart == tune_of(score).chart
    assert (sheet.title, sheet.key, sheet.bpm) == (score.title, score.key, score.bpm)
    assert not sheet.parts
