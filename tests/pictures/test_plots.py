"""Pictures are PNGs that show what they are given."""

from pathlib import Path

import pytest
from helpers.chart_text import parse_changes
from matplotlib.image import imread

from jazzgen.music.score import Note, Part, Score
from jazzgen.pictures.plots import TrainingCurve, write_piano_roll, write_training_curve

CHORD_TONE = (0x1B, 0x6C, 0xA8)
OUTSIDE = (0xC8, 0x55, 0x3D)


def colours(path: Path) -> set[tuple[int, ...]]:
    pixels = (imread(path)[..., :3] * 255).round().astype(int)
    return {tuple(pixel) for pixel in pixels.reshape(-1, 3)[::3].tolist()}


def width_of(path: Path, colour: tuple[int, ...]) -> int:
    pixels = (imread(path)[..., :3] * 255).round().astype(int)
    return int((pixels[150:] == colour).all(axis=-1).sum())


@pytest.mark.parametrize(("pitch", "colour"), [(60, CHORD_TONE), (61, OUTSIDE)])
def test_a_note_has_the_colour_of_its_kind_in_proportion_to_its_length(
    tmp_path: Path, pitch: int, colour: tuple[int, ...]
) -> None:
    areas = []
    for duration in (480, 960):
        notes = (Note(0, duration, pitch),)
        score = Score(changes=parse_changes("Cmaj7 | %"), parts=(Part("Solo", notes),))
        write_piano_roll(score, tmp_path / "roll.png")
        areas.append(width_of(tmp_path / "roll.png", colour))
    assert areas[0] > 100
    assert areas[1] == pytest.approx(2 * areas[0], rel=0.05)


def test_a_solo_without_notes_is_drawn_too(tmp_path: Path) -> None:
    write_piano_roll(Score(changes=parse_changes("Cmaj7 | N.C."), parts=(Part("Solo"),)), tmp_path / "roll.png")
    assert imread(tmp_path / "roll.png").shape[1] == 1200


@pytest.mark.parametrize("validation", [[3.0, 2.5, 2.6], [None, None, None]])
def test_a_training_curve_shows_the_losses_held_out_if_there_are_any(
    tmp_path: Path, validation: list[float | None]
) -> None:
    write_training_curve(tmp_path / "curve.png", TrainingCurve([3.0, 2.0, 1.0], validation, best=2))
    found = colours(tmp_path / "curve.png")
    assert CHORD_TONE in found
    assert (OUTSIDE in found) == (validation[0] is not None)
