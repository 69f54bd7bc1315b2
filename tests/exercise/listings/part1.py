"""Every call of the exercise's first part, as its notebook makes them; the import line is ours."""

import numpy as np

from jazzgen.exercise.part1 import (
    lstm_backward,
    lstm_cell_backward,
    lstm_cell_forward,
    lstm_forward,
    rnn_backward,
    rnn_cell_backward,
    rnn_cell_forward,
    rnn_forward,
)

randn = np.random.randn
published = {}

np.random.seed(1)
xt, a_prev = randn(3, 10), randn(5, 10)
Waa, Wax, Wya, ba, by = randn(5, 5), randn(5, 3), randn(2, 5), randn(5, 1), randn(2, 1)
parameters = {"Waa": Waa, "Wax": Wax, "Wya": Wya, "ba": ba, "by": by}
a_next, yt_pred, cache = rnn_cell_forward(xt, a_prev, parameters)
published["a_next[4][0]"] = a_next[4][0], 0.59584544
published["yt_pred[1][0]"] = yt_pred[1][0], 0.9888161

np.random.seed(1)
x, a0 = randn(3, 10, 4), randn(5, 10)
Waa, Wax, Wya, ba, by = randn(5, 5), randn(5, 3), randn(2, 5), randn(5, 1), randn(2, 1)
parameters = {"Waa": Waa, "Wax": Wax, "Wya": Wya, "ba": ba, "by": by}
a, y_pred, caches = rnn_forward(x, a0, parameters)
published["a[4][1][1]"] = a[4][1][1], 0.77911235
published["y_pred[1][3][0]"] = y_pred[1][3][0], 0.79560373
published["caches[1][1][3][0]"] = caches[1][1][3][0], -1.1425182
published["len(caches)"] = len(caches), 2

np.random.seed(1)
xt, a_prev, c_prev = randn(3, 10), randn(5, 10), randn(5, 10)
Wf, bf, Wi, bi, Wo, bo, Wc, bc = (m for _ in range(4) for m in (randn(5, 8), randn(5, 1)))
Wy, by = randn(2, 5), randn(2, 1)
parameters = {"Wf": Wf, "Wi": Wi, "Wo": Wo, "Wc": Wc, "Wy": Wy, "bf": bf, "bi": bi, "bo": bo, "bc": bc, "by": by}
a_next, c_next, yt, cache = lstm_cell_forward(xt, a_prev, c_prev, parameters)
published["lstm a_next[4][0]"] = a_next[4][0], -0.66408471
published["lstm c_next[2][0]"] = c_next[2][0], 0.63267805
published["lstm yt[1][0]"] = yt[1][0], 0.79913913
published["lstm cache[1][3][0]"] = cache[1][3][0], -0.16263996
published["lstm len(cache)"] = len(cache), 10

np.random.seed(1)
x, a0 = randn(3, 10, 7), randn(5, 10)
Wf, bf, Wi, bi, Wo, bo, Wc, bc = (m for _ in range(4) for m in (randn(5, 8), randn(5, 1)))
Wy, by = randn(2, 5), randn(2, 1)
parameters = {"Wf": Wf, "Wi": Wi, "Wo": Wo, "Wc": Wc, "Wy": Wy, "bf": bf, "bi": bi, "bo": bo, "bc": bc, "by": by}
a, y, c, caches = lstm_forward(x, a0, parameters)
published["lstm a[4][3][6]"] = a[4][3][6], 0.172117767533
published["lstm y[1][4][3]"] = y[1][4][3], 0.95087346185
published["lstm c[1][2][1]"] = c[1][2][1], -0.855544916718

np.random.seed(1)
xt, a_prev = randn(3, 10), randn(5, 10)
Wax, Waa, Wya, b, by = randn(5, 3), randn(5, 5), randn(2, 5), randn(5, 1), randn(2, 1)
parameters = {"Wax": Wax, "Waa": Waa, "Wya": Wya, "ba": b, "by": by}
a_next, yt, cache = rnn_cell_forward(xt, a_prev, parameters)
da_next = randn(5, 10)
gradients = rnn_cell_backward(da_next, cache)
published["dxt[1][2]"] = gradients["dxt"][1][2], -1.3872130506
published["dWaa[1][2]"] = gradients["dWaa"][1][2], 1.15034506685

np.random.seed(1)
x, a0 = randn(3, 10, 4), randn(5, 10)
Wax, Waa, Wya, ba, by = randn(5, 3), randn(5, 5), randn(2, 5), randn(5, 1), randn(2, 1)
parameters = {"Wax": Wax, "Waa": Waa, "Wya": Wya, "ba": ba, "by": by}
a, y, caches = rnn_forward(x, a0, parameters)
da = randn(5, 10, 4)
gradients = rnn_backward(da, caches)
published["dx[1][2][0]"] = gradients["dx"][1][2][0], -2.07101689
published["da0[2][3]"] = gradients["da0"][2][3], -0.314942375127
published["dWax[3][1]"] = gradients["dWax"][3][1], 11.2641044965

np.random.seed(1)
xt, a_prev, c_prev = randn(3, 10), randn(5, 10), randn(5, 10)
Wf, bf, Wi, bi, Wo, bo, Wc, bc = (m for _ in range(4) for m in (randn(5, 8), randn(5, 1)))
Wy, by = randn(2, 5), randn(2, 1)
parameters = {"Wf": Wf, "Wi": Wi, "Wo": Wo, "Wc": Wc, "Wy": Wy, "bf": bf, "bi": bi, "bo": bo, "bc": bc, "by": by}
a_next, c_next, yt, cache = lstm_cell_forward(xt, a_prev, c_prev, parameters)
da_next, dc_next = randn(5, 10), randn(5, 10)
gradients = lstm_cell_backward(da_next, dc_next, cache)
published["lstm dxt[1][2]"] = gradients["dxt"][1][2], 3.23055911511
published["lstm dc_prev[2][3]"] = gradients["dc_prev"][2][3], 0.797522038797
published["lstm dWo[1][2]"] = gradients["dWo"][1][2], 0.331311595289

# The gradient is of four steps and the sequence has seven: what comes after the fourth counts for nothing.
np.random.seed(1)
x, a0 = randn(3, 10, 7), randn(5, 10)
Wf, bf, Wi, bi, Wo, bo, Wc, bc = (m for _ in range(4) for m in (randn(5, 8), randn(5, 1)))
parameters = {"Wf": Wf, "Wi": Wi, "Wo": Wo, "Wc": Wc, "Wy": Wy, "bf": bf, "bi": bi, "bo": bo, "bc": bc, "by": by}
a, y, c, caches = lstm_forward(x, a0, parameters)
da = randn(5, 10, 4)
gradients = lstm_backward(da, caches)
published["lstm dx[1][2][0]"] = gradients["dx"][1][2][0], 0.00218254
published["lstm dx[1][2][3]"] = gradients["dx"][1][2][3], -0.43281115
published["lstm da0[2][3]"] = gradients["da0"][2][3], 0.31277031
