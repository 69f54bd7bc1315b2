"""The LSTM: shared layers, two graphs wired from them, training, and the bundle on disk.

Keras and TensorFlow are imported by `layers`, `graphs` and `fit` alone; `bundle` needs NumPy only.
"""
