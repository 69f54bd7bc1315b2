"""An ear for a soloist: a listener taught to tell its solos over the tunes that it was trained on from people's.

The ear learns against the soloist as it plays without one, and is written into the soloist's folder. It can be taught
again: a second network then learns to tell what is left to tell of solos that the first has chosen, and so on.
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

_SIDE_BY_SIDE = 4  # solos over one piece, of one piece in so many: as many notes as people's, in less time
_Progress = Callable[[Sequence[Score]], Sequence[Score]]


@dataclass(frozen=True, slots=True)
class Lesson:
    """How an ear is taught.

    Attributes:
        max_quote: what the soloist is held to meanwhile.
        rounds: how many times as many solos it plays as people did.
        again: whether it is taught what is left, beside what it knows.
        options: of the listener.
    """

    max_quote: int | None = None
    rounds: int = 1
    again: bool = False
    options: ListenerOptions = ListenerOptions()  # noqa: RUF009 - a frozen value


def teach_ear(
    folder: Path, corpus: Corpus, split: Split, lesson: Lesson, progress: _Progress = lambda pieces: pieces
) -> tuple[int, int]:
    """Trains an ear and writes the soloist anew, with it.

    Returns:
        How many solos of people and of the soloist it was taught by.

    Raises:
        CorpusError: when there are too few solos to learn from.
        BundleError: when the folder holds no whole soloist.
    """
    soloist = load_soloist(folder)
    named = [(name_of(path, reading.piece), reading.score) for path, reading in corpus.readings]
    pieces = [(n, score) for n, score in named if has_changes(score) and not split.holds_out(score.title)]
    people = [solo for name, score in pieces if (solo := hear(name, score, person=True))]
    if len(people) < LEAST_SOLOS:
        raise CorpusError(f"{len(people)} solos to teach an ear by: {LEAST_SOLOS} are the least; give a larger corpus")
    ours = list(_played(soloist, progress([score for _, score in pieces]), lesson))
    load_tensorflow()
    from jazzgen.listener.fit import fit_network  # noqa: PLC0415 - brings TensorFlow

    network = fit_network("recurrent", "all", [*people, *ours], lesson.options)
    added = added_files(folder)
    before = ear_arrays(added[EAR_FILE]) if lesson.again and EAR_FILE in added else []
    added[EAR_FILE] = ear_to_bytes([*before, network.arrays()])
    report, card = json.loads((folder / "report.json").read_text()), (folder / "README.md").read_text()
    save_soloist(folder, soloist.config, soloist.net, soloist.memory, report, card, added=added)
    return len(people), len(ours)


def _played(soloist: Soloist, pieces: Sequence[Score], lesson: Lesson) -> Iterator[Heard]:
    """Solos over the pieces' changes, without an ear but for what it is taught again."""
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
    stage, held = Stage.of(piece), in_groove(controls, "swing")
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
