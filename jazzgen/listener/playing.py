"""Generate solos over the changes of human ones, as long and as fast, for a listener to tell apart."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np

from jazzgen.improvise.controls import Controls
from jazzgen.improvise.grammar import grammar_notes
from jazzgen.improvise.models import Model
from jazzgen.improvise.options import EAR_CANDIDATES
from jazzgen.improvise.solo import SOLO_CHANNEL, SOLO_NAME, notes_over
from jazzgen.learning.grammar.bundle import Bundle
from jazzgen.learning.soloist.bundle import Soloist
from jazzgen.music.score import TENOR_SAX, Part, Score


def play_over(
    model: Model, piece: Score, controls: Controls, ear: int = EAR_CANDIDATES, *, rng: np.random.Generator
) -> Score:
    """Generate a solo over the piece's form, replacing the piece's own; as written."""
    form = replace(piece.with_parts(), feel="swing")
    notes = (
        grammar_notes(model, form, controls, rng=rng)
        if isinstance(model, Bundle)
        else notes_over(model, form, controls, ear, rng=rng)
    )
    return form.with_parts(Part(SOLO_NAME, notes, TENOR_SAX, SOLO_CHANNEL))


def play_over_all(
    model: Model,
    pieces: Iterable[Score],
    controls: Controls,
    seed: int,
    *,
    manner: bool = False,
    ear: int = EAR_CANDIDATES,
) -> Iterator[Score]:
    """Yield a solo over each piece; equal arguments give equal solos.

    Args:
        model: who plays.
        pieces: solos over changes.
        controls: held to by every solo.
        seed: of all randomness.
        manner: play in the style of the piece's own performer and school, if the model is a soloist that knows them.
        ear: candidates for a soloist's ear to choose from, if it has one.
    """
    for number, piece in enumerate(pieces):
        held = in_manner_of(piece, controls, model) if manner and isinstance(model, Soloist) else controls
        yield play_over(model, piece, held, ear, rng=np.random.default_rng([seed, number]))


def in_manner_of(piece: Score, controls: Controls, soloist: Soloist) -> Controls:
    """Set the piece's own performer and school in the controls, where the soloist knows them."""
    who = piece.credits
    known = soloist.config
    return replace(
        controls,
        performer=who.performer if who.performer in known.performers else controls.performer,
        school=who.style if who.style in known.styles else controls.school,
    )


def has_changes(score: Score) -> bool:
    """Return True if there are chords to play over."""
    return any(span.chord for span in score.changes)
