"""The given half of a captioning model: it runs the recurrent cell, and looks its input over."""

import numpy as np


class RecurrentModel:
    """Runs a cell over whole sequences, or a step at a time, with the weights in `params`.

    A subclass sets `params`, `dtype`, `word_to_idx`, and `cell`, one of cells.CELLS, with its name
    `cell_type`.
    """

    def project_forward(self, features):
        """What the recurrent network starts from: h0 = features · W_proj + b_proj.

        Inputs:
        - features: shape (N, input_dim), or (N, P, input_dim) with attention

        Returns a tuple of:
        - start: h0, shape (N, H); with attention the grid, each place projected, (N, P, H)
        - cache: for project_backward
        """
        return self.cell.project_forward(features, self.params["W_proj"], self.params["b_proj"])

    def project_backward(self, dstart, cache):
        """Carry the gradient back through project_forward.

        Returns a dictionary with the gradients of W_proj and b_proj.
        """
        _, *gradients = self.cell.project_backward(dstart, cache)
        return dict(zip(("W_proj", "b_proj"), gradients, strict=True))

    def recur_forward(self, x, start):
        """Run the recurrent network over sequences: rnn_forward, or that of its kind.

        Inputs:
        - x: Vectors of words, shape (N, T, W)
        - start: from project_forward

        Returns a tuple of:
        - h: Hidden states, shape (N, T, H)
        - cache: for recur_backward
        """
        return self.cell.forward(x, start, *self._cell_weights())

    def recur_backward(self, dh, cache):
        """Carry the gradient back through recur_forward.

        Inputs:
        - dh: Derivative of the loss by h, shape (N, T, H)
        - cache: from recur_forward

        Returns a tuple of:
        - dx: shape (N, T, W)
        - dstart: the shape of start
        - grads: Dictionary of the gradients of Wx, Wh, b, and with attention W_attn
        """
        dx, dstart, *gradients = self.cell.backward(dh, cache)
        return dx, dstart, dict(zip(self.cell.weights, gradients, strict=True))

    def first_state(self, features):
        """The state before the first word: h0, and what else the kind of cell needs.

        Inputs:
        - features: shape (N, input_dim), or (N, P, input_dim) with attention

        Returns a state for step: a tuple of arrays with N rows.
        """
        start, _ = self.project_forward(self._as_features(features))
        return self.cell.first_state(start)

    def recur_step(self, x, state):
        """Take one step: rnn_step_forward, or that of the kind of cell.

        Inputs:
        - x: Vectors of words, shape (N, W)
        - state: from first_state, or from the step before

        Returns a tuple of:
        - h: Hidden state after this step, shape (N, H)
        - state: for the next step
        """
        return self.cell.step(x, state, *self._cell_weights())

    def attention(self, features, captions):
        """Where a model with attention looks while it writes the words of captions.

        Inputs:
        - features: shape (N, P, input_dim)
        - captions: Words, shape (N, T), integers in 0 .. V − 1, without <START>: as from sample

        Returns:
        - weights: shape (N, T, P); of each word, the shares of the places, which sum to 1

        Raises TypeError where the model has no attention.
        """
        if not hasattr(self.cell, "attention"):
            raise TypeError(f"cell_type {self.cell_type!r} looks nowhere; choose 'attention'")
        start, _ = self.project_forward(self._as_features(features))
        fed = np.insert(np.asarray(captions)[:, :-1], 0, self._number_of("<START>"), axis=1)
        vectors = self.params["W_embed"][fed]
        return self.cell.attention(vectors, start, *self._cell_weights())

    def _cell_weights(self):
        """The parameters of the recurrent network, in the order its layer takes them."""
        return [self.params[name] for name in self.cell.weights]

    def _number_of(self, word):
        if word not in self.word_to_idx:
            raise ValueError(f"word_to_idx has no {word}; add it to the vocabulary")
        return self.word_to_idx[word]

    def _as_features(self, features):
        """Features as self.dtype; ValueError unless their shape is what the model was made for."""
        features = np.asarray(features)
        axes = self.cell.features_shape.count(",") + 1
        if features.ndim != axes or features.shape[-1] != len(self.params["W_proj"]):
            raise ValueError(
                f"features must have shape {self.cell.features_shape} with "
                f"input_dim = {len(self.params['W_proj'])}, but have {features.shape}"
            )
        return features.astype(self.dtype, copy=False)

    def _as_captions(self, captions):
        """Captions as an array; ValueError unless they are words of the vocabulary, T >= 2."""
        captions, V = np.asarray(captions), len(self.params["W_embed"])
        if captions.ndim != 2 or captions.shape[1] < 2:
            raise ValueError(f"captions must have shape (N, T), T >= 2, but have {captions.shape}")
        if captions.size and not 0 <= captions.min() <= captions.max() < V:
            raise ValueError(
                f"captions must hold words 0 .. {V - 1}, as word_to_idx has {V}, but run from "
                f"{captions.min()} to {captions.max()}"
            )
        return captions
