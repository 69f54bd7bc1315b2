"""Make the MIDI files of the starter corpus from their lead sheets: python scripts/make_starter.py"""

import checkout
import numpy as np

from jazzgen.band.arrange import Arrangement, arrange
from jazzgen.corpus import read_score
from jazzgen.formats.midi.write import write_midi

STARTER = checkout.ROOT / "midi" / "starter"

for source in sorted((STARTER.parent / "leadsheets").glob("*.txt")):
    as_written = Arrangement(swing=2.0, articulate=False, laid_back=0, touch=0, bass="rules")
    score = arrange(read_score(source), as_written, rng=np.random.default_rng(0))
    write_midi(score, STARTER / f"{source.stem}.mid")
