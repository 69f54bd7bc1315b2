"""Every call of the exercise's third part, as its notebook makes them; the import lines are ours.

`epochs` is given.
"""

import IPython
import numpy as np
from keras.layers import LSTM, Dense, Reshape

from jazzgen.exercise.part3 import (
    Adam,
    djmodel,
    generate_music,
    load_music_utils,
    mid2wav,
    music_inference_model,
    predict_and_sample,
)

X, Y, n_values, indices_values = load_music_utils()
shapes = X.shape, Y.shape

n_a = 64
reshapor = Reshape((1, 78))
LSTM_cell = LSTM(n_a, return_state=True)
densor = Dense(n_values, activation="softmax")

model = djmodel(Tx=30, n_a=64, n_values=78)
opt = Adam(lr=0.01, beta_1=0.9, beta_2=0.999, decay=0.01)
model.compile(optimizer=opt, loss="categorical_crossentropy", metrics=["accuracy"])

m = 60
a0 = np.zeros((m, n_a))
c0 = np.zeros((m, n_a))
history = model.fit([X, a0, c0], list(Y), epochs=epochs, verbose=0)  # noqa: F821 - given

inference_model = music_inference_model(LSTM_cell, densor, n_values=78, n_a=64, Ty=50)
inference_model.summary(print_fn=lambda *_, **__: None)
x_initializer = np.zeros((1, 1, 78))
a_initializer = np.zeros((1, n_a))
c_initializer = np.zeros((1, n_a))

results, indices = predict_and_sample(inference_model, x_initializer, a_initializer, c_initializer)
probed = np.argmax(results[12]), np.argmax(results[17]), list(indices[12:18])
pred = inference_model.predict([x_initializer, a_initializer, c_initializer], verbose=0)

out_stream = generate_music(inference_model)
wave = mid2wav("output/my_music.midi")
heard = IPython.display.Audio("output/rendered.wav")
