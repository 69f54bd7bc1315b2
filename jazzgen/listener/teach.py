"""Train an ear for a soloist: a listener that tells its solos from people's, over the tunes it was trained on.

The ear learns from solos played without one, and is written into the soloist's folder. It can be extended: a second
network then learns from solos that the first has chosen, and so on.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from jazzgen.corpus import Corpus, name_of
from jazzgen.corpus.split import Split
from jazzgen.errors import CorpusError
from jazzgen.improvise.by_ear import play_by_ear
from jazzgen.improvise.controls import Controls
from jazzgen.improvise.options import EAR_CANDIDATES
from jazzgen.improvise.plan import follow_plans
from jazzgen.improvise.play import Tally, play, solo_notes
from jazzgen.improvise.policy import Policy, who_of
from jazzgen.improvise.solo import SOLO_CHANNEL, SOLO_NAME
from jazzgen.improvise.usual import in_groove, usual_controls
from jazzgen.learning.soloist.bundle import EAR_FILE, Soloist, added_files, load_soloist, save_soloist
from jazzgen.learning.soloist.ear import ear_arrays, ear_to_bytes
from jazzgen.learning.soloist.stage import Stage
from jazzgen.learning.startup import load_tensorflow
from jazzgen.listener.config import ListenerOptions
from jazzgen.listener.evaluation import LEAST_SOLOS
from jazzgen.listener.playing import has_changes
from jazzgen.listener.solos import Heard, hear
from jazzgen.music.score import TENOR_SAX, Part, Score

# Every fourth piece (in a small corpus every piece) gets this many solos, played in one batch: as many notes as people
# play, in less time. Set by hand.
_SIDE_BY_SIDE = 4
_Progress = Callable[[Sequence[Score]], Sequence[Score]]


@dataclass(frozen=True, slots=True)
class Lesson:
    """How to train an ear.

    Attributes:
        max_quote: limit on the soloist's quotes while it plays for the lesson.
        rounds: how many times as many solos it plays as people did.
        again: add a network to the ear it has, instead of starting anew.
        options: of the listener.
    """

    max_quote: int | None = None
    rounds: int = 1
    again: bool = False
    options: ListenerOptions = ListenerOptions()  # noqa: RUF009 - a frozen value


def teach_ear(
    folder: Path, corpus: Corpus, split: Split, lesson: Lesson, progress: _Progress = lambda pieces: pieces
) -> tuple[int, int]:
    """Train an ear and save the soloist with it.

    Returns:
        The numbers of human and generated solos that it was trained on.

    Raises:
        CorpusError: there are too few solos to learn from.
        BundleError: the folder holds no complete soloist.
    """
    soloist = load_soloist(folder)
    named = [(name_of(path, reading.piece), reading.score) for path, reading in corpus.readings]
    pieces = [(n, score) for n, score in named if has_changes(score) and not split.holds_out(score.title)]
    people = [solo for name, score in pieces if (solo := hear(name, score, person=True))]
    if len(people) < LEAST_SOLOS:
        raise CorpusError(
            f"{len(people)} solos to teach an ear by: it needs {LEAST_SOLOS} or more; give a larger corpus"
        )
    ours = list(_played(soloist, progress([score for _, score in pieces]), lesson))
    load_tensorflow()
    from jazzgen.listener.fit import fit_network  # noqa: PLC0415 - brings TensorFlow

    network = fit_network("recurrent", "all", [*people, *ours], lesson.options)
    added = added_files(folder)
    before = ear_arrays(added[EAR_FILE]) if lesson.again and EAR_FILE in added else []
    added[EAR_FILE] = ear_to_bytes([*before, network.arrays()])
    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    card = (folder / "README.md").read_text(encoding="utf-8")
    save_soloist(folder, soloist.config, soloist.net, soloist.memory, report, card, added=added)
    return len(people), len(ours)


def _played(soloist: Soloist, pieces: Sequence[Score], lesson: Lesson) -> Iterator[Heard]:
    """Yield solos over the pieces' changes, using the ear only if it is being extended."""
    taught = soloist if lesson.again else replace(soloist, ear=None)
    controls = usual_controls(Controls(max_quote=lesson.max_quote), (), soloist)
    for number, piece in enumerate(pieces):
        for turn in range(lesson.rounds):
            if (number + turn) % _SIDE_BY_SIDE == 0 or len(pieces) < _SIDE_BY_SIDE * LEAST_SOLOS:
                rng = np.random.default_rng([lesson.options.seed, number, turn])
                for solo in _solos_over(taught, piece, controls, rng):
                    heard = hear(f"{soloist.name} over {piece.title}", solo, person=False)
                    if heard:
                        yield heard


def _solos_over(soloist: Soloist, piece: Score, controls: Controls, rng: np.random.Generator) -> Iterator[Score]:
    stage = Stage.of(piece)
    held = in_groove(controls, "swing")
    session = Tally(soloist.net, soloist.memory, stage, _SIDE_BY_SIDE, who_of(held, soloist))
    follow_plans(session, soloist, stage, held, rng=rng)
    policy = Policy(held, stage, soloist)
    if soloist.ear is None:
        play(session, policy, stage.end, rng=rng)
    else:
        session, _ = play_by_ear(session, policy, stage, soloist.ear, EAR_CANDIDATES, rng=rng)
    for row in range(len(session)):
        notes = solo_notes(session, row, 0, piece.with_parts().end)
        yield piece.with_parts(Part(SOLO_NAME, notes, TENOR_SAX, SOLO_CHANNEL))
