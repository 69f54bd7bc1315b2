"""The exercise's model of the deepjazz grammar: shared layers wired into a training and an inference graph.

Doors: `layers` (LSTM_cell, Reshape, Dense) and `graphs` in Keras, `training.train`, `bundle` (on disk), `engine` (the
same layers in NumPy), `check` (that both agree). `tilt`, `usage`, `balance` and `calibration` make it play as its
corpus does, place by place in the bar.
"""
