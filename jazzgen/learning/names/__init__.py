"""A character model that makes up titles, in NumPy: an RNN or LSTM over letters.

Doors: `model` (on disk, and sampling), `training`, `check` (against Keras). The network, forward and backward, is the
exercise's own, `reference.charlm_net` with the cells of `reference.charlm_cells`.
"""
