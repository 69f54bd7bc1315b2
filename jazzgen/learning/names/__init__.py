"""A character model that names things, in NumPy: an RNN, LSTM or GRU over letters.

Doors: `model` (on disk, and sampling), `training`, `net` (forward and backward), `cells`, `check` (against Keras).
"""
