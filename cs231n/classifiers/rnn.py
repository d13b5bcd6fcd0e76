"""A captioning model: a recurrent network that reads a picture's features and writes a sentence."""

import math

import numpy as np

from ..layers import affine_backward as affine_backward
from ..layers import affine_forward as affine_forward
from ..layers import init_weights as init_weights
from ..layers import lstm_backward as lstm_backward
from ..layers import lstm_forward as lstm_forward
from ..layers import lstm_step_backward as lstm_step_backward
from ..layers import lstm_step_forward as lstm_step_forward
from ..layers import rnn_backward as rnn_backward
from ..layers import rnn_forward as rnn_forward
from ..layers import rnn_step_backward as rnn_step_backward
from ..layers import rnn_step_forward as rnn_step_forward
from ..layers import temporal_affine_backward as temporal_affine_backward
from ..layers import temporal_affine_forward as temporal_affine_forward
from ..layers import temporal_softmax_loss as temporal_softmax_loss
from ..layers import word_embedding_backward as word_embedding_backward
from ..layers import word_embedding_forward as word_embedding_forward
from . import decoding
from .cells import CELLS
from .recurrent_model import RecurrentModel


class CaptioningRNN(RecurrentModel):
    """words – embedding – recurrent network – affine – softmax, from a state made of features.

    `params` holds W_proj (input_dim, H) with b_proj (H,), W_embed (V, W), Wx (W, H), Wh (H, H) and
    b (H,), W_vocab (H, V) with b_vocab (V,). For an LSTM, Wx, Wh and b have 4H columns; with
    attention there is W_attn (H, 4H) too. What runs the recurrent network, and looks input over, is
    given: see RecurrentModel.
    """

    def __init__(
        self,
        word_to_idx,
        input_dim=512,
        wordvec_dim=128,
        hidden_dim=128,
        cell_type="rnn",
        dtype=np.float32,
        rng=None,
    ):
        """Draw the weights, so that signals keep their size; biases start at zero.

        Inputs:
        - word_to_idx: Dictionary of the V words and their numbers 0 .. V − 1; has <NULL>, which
          fills up short captions, and, to write captions, <START> and <END>
        - input_dim: Features of a picture, or of each place of its grid
        - wordvec_dim, hidden_dim: W, H
        - cell_type: "rnn", "lstm" or "attention", an LSTM that looks at a grid of features
        - dtype: Number type of parameters and of all computation; float64 for gradient checks
        - rng: np.random.Generator or a seed; without one, NumPy's global stream

        Raises ValueError for an unknown cell_type, or where <NULL> is missing.
        """
        if cell_type not in CELLS:
            raise ValueError(f"unknown cell_type {cell_type!r}; choose one of {list(CELLS)}")
        self.cell_type, self.dtype = cell_type, dtype
        self.cell = CELLS[cell_type]
        self.word_to_idx = word_to_idx
        self.idx_to_word = {i: word for word, i in word_to_idx.items()}
        self._null = self._number_of("<NULL>")
        V, W, H = len(word_to_idx), wordvec_dim, hidden_dim
        rng = rng if rng is None else np.random.default_rng(rng)
        columns = self.cell.blocks * H
        shapes = {
            "W_embed": (V, W),
            "W_proj": (input_dim, H),
            "Wx": (W, columns),
            "Wh": (H, columns),
            "W_attn": (H, columns),
            "W_vocab": (H, V),
        }
        self.params = {"b_proj": np.zeros(H), "b": np.zeros(columns), "b_vocab": np.zeros(V)}
        for name, shape in shapes.items():
            if name != "W_attn" or name in self.cell.weights:
                scale = 0.01 if name == "W_embed" else 1 / math.sqrt(shape[0])
                self.params[name] = init_weights(shape, scale, rng)
        for name, value in self.params.items():
            self.params[name] = value.astype(dtype, copy=False)

    def loss(self, features, captions):
        """The loss of a minibatch of captions, and its gradients.

        Every word but the last is fed, and the scores that follow it are held against the next
        word: loss = −(1/N) Σ_n Σ_t log p(captions[n, t + 1]), without the words that are <NULL>.

        Inputs:
        - features: Of pictures, shape (N, input_dim), or (N, P, input_dim) with attention
        - captions: Words, shape (N, T), integers in 0 .. V − 1, T >= 2

        Returns a tuple of:
        - loss: a number, in nats for each caption
        - grads: Dictionary with the keys of self.params, each of its parameter's shape

        Raises ValueError if shapes do not fit, or a word is not in the vocabulary.
        """
        features, captions = self._as_features(features), self._as_captions(captions)
        # Your turn: the loss. self.project_forward and self.recur_forward know the kind of cell;
        # word_embedding_forward, temporal_affine_forward and temporal_softmax_loss do the rest.
        # The number of <NULL> is self._null.
        ### BEGIN SOLUTION
        words, next_words = captions[:, :-1], captions[:, 1:]
        start, start_cache = self.project_forward(features)
        vectors, vectors_cache = word_embedding_forward(words, self.params["W_embed"])
        h, h_cache = self.recur_forward(vectors, start)
        scores, scores_cache = temporal_affine_forward(
            h, self.params["W_vocab"], self.params["b_vocab"]
        )
        loss, dscores = temporal_softmax_loss(scores, next_words, next_words != self._null)
        ### END SOLUTION
        grads = {}
        # Your turn: grads, in the opposite order. self.recur_backward and self.project_backward
        # return gradients of parameters as a dictionary.
        ### BEGIN SOLUTION
        dh, grads["W_vocab"], grads["b_vocab"] = temporal_affine_backward(dscores, scores_cache)
        dvectors, dstart, cell_grads = self.recur_backward(dh, h_cache)
        grads["W_embed"] = word_embedding_backward(dvectors, vectors_cache)
        grads |= cell_grads | self.project_backward(dstart, start_cache)
        ### END SOLUTION
        return loss, grads

    def step(self, words, state):
        """Feed one word of each caption; the scores say which word could be next.

        Inputs:
        - words: shape (N,), integers in 0 .. V − 1
        - state: from first_state, or from the step before

        Returns a tuple of:
        - scores: Of the next word, shape (N, V)
        - state: for the next step
        """
        # Your turn: what loss does over whole captions, for one word: look up its vector in
        # W_embed, take self.recur_step, and score the words with W_vocab and b_vocab.
        ### BEGIN SOLUTION
        h, state = self.recur_step(self.params["W_embed"][words], state)
        scores, _ = affine_forward(h, self.params["W_vocab"], self.params["b_vocab"])
        ### END SOLUTION
        return scores, state

    def sample(self, features, max_length=30, temperature=0.0, beam_width=1, rng=None):
        """Write a caption for each picture.

        The first word fed is <START>, which is not part of the caption; after that each word is fed
        to find the next one: the one of the highest score, unless an option says otherwise.

        Inputs:
        - features: Of pictures, shape (N, input_dim), or (N, P, input_dim) with attention
        - max_length: Words in a caption at most
        - temperature: Above 0, words are drawn from softmax(scores / temperature)
        - beam_width: Above 1, the most probable caption is searched for, with that many beginnings
          kept at a time; see decoding.beam_search
        - rng: np.random.Generator or a seed for temperature; without one, a fresh generator

        Returns:
        - captions: Words, shape (N, max_length), integers; after <END> filled with <NULL>

        Raises ValueError where <START> or <END> is missing, or both options are asked for.
        """
        start, end = self._number_of("<START>"), self._number_of("<END>")
        state = self.first_state(features)
        if temperature != 0 or beam_width != 1:
            if temperature != 0 and beam_width != 1:
                raise ValueError("draw at a temperature, or search with a beam_width, not both")
            step = self.step if temperature == 0 else decoding.noisy(self.step, temperature, rng)
            captions, _ = decoding.beam_search(
                step, state, start, end, self._null, max_length, beam_width
            )
            return captions
        captions = np.full((len(state[0]), max_length), self._null)
        # Your turn: fill captions, a column at a time, with self.step. A caption that has had its
        # end stays as it is; when all have, the rest of the loop is not needed.
        ### BEGIN SOLUTION
        words, unfinished = np.full(len(captions), start), np.ones(len(captions), dtype=bool)
        for t in range(max_length):
            scores, state = self.step(words, state)
            words = scores.argmax(axis=1)
            captions[unfinished, t] = words[unfinished]
            unfinished &= words != end
            if not unfinished.any():
                break
        ### END SOLUTION
        return captions
