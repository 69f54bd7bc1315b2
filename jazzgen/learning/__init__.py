"""Models that learn: `grammar` (the exercise's), `soloist` (the one that ships) and `names`.

What they share is here: `folder` (a model on disk), `options` of training, `checkpoint`, `distributed` (several
workers), `sampling`. Keras and TensorFlow are imported by the modules that train or check, alone.
"""
