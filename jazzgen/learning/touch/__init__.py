"""Touch: how people play the notes that are written, learnt from solos that were measured on recordings.

Doors: `perform.perform_touch` and `mean_touch` (in NumPy), `bundle.load_touch`, `training.train_touch`. Only `graphs`,
`fit` and `check` import Keras.
"""
