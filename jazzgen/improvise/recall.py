"""What the corpus holds of a solo's last notes: looked up once a note, for all that go by it."""

from jazzgen.learning.soloist.runs import Reach, Runs, step_classes
from jazzgen.learning.soloist.session import Session


class Recall:
    """The solos that a soloist learnt from."""

    def __init__(self, runs: Runs) -> None:
        self._runs = runs
        self._last: tuple[Session | None, int, Reach | None] = (None, 0, None)

    def reach(self, session: Session) -> Reach | None:
        """How far each step would go on with a solo learnt from; None if nothing of the last notes is known."""
        _, _, pitch = session.notes()
        asked, n, found = self._last
        if asked is not session or n != pitch.shape[1]:
            found = self._runs.reach(step_classes(pitch))
            self._last = session, pitch.shape[1], found
        return found
