"""Models that learn: `grammar` (the exercise's), `soloist` (the one that ships) and `names`.

Doors: `folder` (a model on disk), `options` of training, `loop` (epochs), `checkpoint`, `distributed` (several
workers), `lstm` (one step in NumPy), `sampling`. Only modules that train or check import Keras and TensorFlow.
"""
