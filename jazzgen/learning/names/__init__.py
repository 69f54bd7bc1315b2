"""A character model that names things, in NumPy: an RNN, LSTM or GRU over letters.

Doors: `model` (on disk, and sampling), `training`, `check` (against Keras). The net, forward and backward, is the
exercise's own, `reference.charlm_net` with the cells of `reference.charlm_cells`.
"""
