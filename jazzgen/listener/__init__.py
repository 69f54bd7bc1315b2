"""Train a listener to tell a model's solos from people's over the same changes, and measure how well it can.

Doors: `playing.play_over_all` (solos over the same changes), `evaluation.judge` (areas under the ROC curve),
`teach.teach_ear` (a critic for a soloist). `figures` is the listener without a network; `graphs` and `fit` are Keras.
"""
