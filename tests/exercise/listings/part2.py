"""Every call of the exercise's second part, as its notebook makes them; the import line is ours. `dinos` is given."""

import numpy as np

from jazzgen.exercise.part2 import (
    clip,
    get_initial_loss,
    initialize_parameters,
    model,
    optimize,
    print_sample,
    rnn_backward,
    rnn_forward,
    rnn_step_backward,
    rnn_step_forward,
    sample,
    smooth,
    softmax,
    update_parameters,
)

randn = np.random.randn
published = {}

with open(dinos) as file:  # noqa: F821, PTH123 - given, and as it is there
    data = file.read()
data = data.lower()
chars = list(set(data))
data_size, vocab_size = len(data), len(chars)
char_to_ix = {ch: i for i, ch in enumerate(sorted(chars))}
ix_to_char = dict(enumerate(sorted(chars)))
published["vocab_size"] = vocab_size, 27

np.random.seed(3)
dWax, dWaa, dWya, db, dby = randn(5, 3) * 10, randn(5, 5) * 10, randn(2, 5) * 10, randn(5, 1) * 10, randn(2, 1) * 10
gradients = {"dWax": dWax, "dWaa": dWaa, "dWya": dWya, "db": db, "dby": dby}
gradients = clip(gradients, 10)
published["clip dWaa[1][2]"] = gradients["dWaa"][1][2], 10.0
published["clip dWax[3][1]"] = gradients["dWax"][3][1], -10.0
published["clip dWya[1][2]"] = gradients["dWya"][1][2], 0.29713815361
published["clip db[4]"] = gradients["db"][4][0], 10.0
published["clip dby[1]"] = gradients["dby"][1][0], 8.45833407

np.random.seed(2)
_, n_a = 20, 100
Wax, Waa, Wya = randn(n_a, vocab_size), randn(n_a, n_a), randn(vocab_size, n_a)
b, by = randn(n_a, 1), randn(vocab_size, 1)
parameters = {"Wax": Wax, "Waa": Waa, "Wya": Wya, "b": b, "by": by}
indices = sample(parameters, char_to_ix, 0)
characters = [ix_to_char[i] for i in indices]

np.random.seed(1)
vocab_size, n_a = 27, 100
a_prev = randn(n_a, 1)
Wax, Waa, Wya = randn(n_a, vocab_size), randn(n_a, n_a), randn(vocab_size, n_a)
b, by = randn(n_a, 1), randn(vocab_size, 1)
parameters = {"Wax": Wax, "Waa": Waa, "Wya": Wya, "b": b, "by": by}
X, Y = [12, 3, 5, 11, 22, 3], [4, 14, 11, 22, 25, 26]
loss, gradients, a_last = optimize(X, Y, a_prev, parameters, learning_rate=0.01)
published["optimize loss"] = loss, 126.503975722
published["optimize dWaa[1][2]"] = gradients["dWaa"][1][2], 0.194709315347
published["optimize argmax dWax"] = np.argmax(gradients["dWax"]), 93
published["optimize dWya[1][2]"] = gradients["dWya"][1][2], -0.007773876032
published["optimize db[4]"] = gradients["db"][4][0], -0.06809825
published["optimize dby[1]"] = gradients["dby"][1][0], 0.01538192
published["optimize a_last[4]"] = a_last[4][0], -1.0

parameters = model(data, ix_to_char, char_to_ix, num_iterations=4001)

# What the functions above are made of there, called as there.
fresh = initialize_parameters(50, vocab_size, vocab_size)
loss = get_initial_loss(vocab_size, 7)
loss = smooth(loss, 22.0)
loss, cache = rnn_forward([None, 3, 5], [3, 5, 0], np.zeros((50, 1)), fresh, vocab_size=27)
y_hat, a, x = cache
gradients, a = rnn_backward([None, 3, 5], [3, 5, 0], fresh, cache)
one_step, p = rnn_step_forward(fresh, a[0], x[1])
gradients_of_step = {f"d{name}": np.zeros_like(fresh[name]) for name in ("Wax", "Waa", "Wya", "b", "by")}
gradients_of_step["da_next"] = np.zeros_like(a[0])
gradients_of_step = rnn_step_backward(np.copy(y_hat[1]), gradients_of_step, fresh, x[1], a[1], a[0])
fresh = update_parameters(fresh, gradients, 0.01)
certain = softmax(np.array([[0.0], [100.0]]))
print_sample(indices, ix_to_char)
