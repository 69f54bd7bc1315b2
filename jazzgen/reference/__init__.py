"""The layer maths in plain NumPy, equations written as equations; the rest of the project is checked against it.

Doors: `rnn`, `lstm` and `output` (layers, both ways), `charlm` (the exercise's names), `gradcheck`, `gradient_flow`.

It needs NumPy alone and computes in float64 unless given other arrays. `gradcheck` compares gradients with finite
differences; `packing` converts weights from and to Keras's layout, for `jazzgen check`.
"""
