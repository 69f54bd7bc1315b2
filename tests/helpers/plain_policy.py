"""A policy that holds solos to nothing but one note at a time."""

import numpy as np

from jazzgen.learning.sampling import log_softmax
from jazzgen.learning.soloist.session import Session


class PlainPolicy:
    def scores(self, session: Session) -> np.ndarray:
        scores = log_softmax(session.logits())
        if session.part == "ioi" and session.notes()[0].shape[1]:
            scores[:, 0] = -np.inf
        return scores
