"""A bassist: an LSTM that draws a pitch for each beat, learnt from the bass notes of a corpus.

Doors: `bundle` (on disk), `walk` (plays, in NumPy), `training`, `scoring` (bits a beat), `check` (against Keras).
`places` is what there is to hear of a beat, `hearing` adds the notes before it; `graphs` and `fit` are Keras.
"""
