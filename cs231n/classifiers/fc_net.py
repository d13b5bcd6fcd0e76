"""Fully connected networks: affine layers with ReLUs between them, two of them or any number."""

import itertools

import numpy as np

from ..layer_utils import affine_relu_backward as affine_relu_backward
from ..layer_utils import affine_relu_forward as affine_relu_forward
from ..layers import affine_backward as affine_backward
from ..layers import affine_forward as affine_forward
from ..layers import init_weights as init_weights
from ..layers import relu_backward as relu_backward
from ..layers import relu_forward as relu_forward
from ..layers import softmax_loss as softmax_loss
from ..layers import svm_loss as svm_loss


class TwoLayerNet:
    """affine – ReLU – affine – softmax.

    `params` holds W1 (D, H), b1 (H,), W2 (H, C), b2 (C,).
    """

    def __init__(
        self,
        input_dim=3 * 32 * 32,
        hidden_dim=100,
        num_classes=10,
        weight_scale=1e-3,
        reg=0.0,
        rng=None,
    ):
        """Draw the weights; biases start at zero.

        Inputs:
        - input_dim, hidden_dim, num_classes: D, H, C
        - weight_scale: Standard deviation of the weights, or "xavier" or "he" (see init_weights)
        - reg: Strength of the L2 regularisation, >= 0
        - rng: np.random.Generator or a seed; without one, NumPy's global stream
        """
        self.params = {}
        self.reg = float(reg)
        # Your turn: fill self.params. init_weights(shape, weight_scale, rng) draws a weight matrix.
        ### BEGIN SOLUTION
        self.params["W1"] = init_weights((input_dim, hidden_dim), weight_scale, rng)
        self.params["b1"] = np.zeros(hidden_dim)
        self.params["W2"] = init_weights((hidden_dim, num_classes), weight_scale, rng)
        self.params["b2"] = np.zeros(num_classes)
        ### END SOLUTION

    def loss(self, X, y=None):
        """Scores of a minibatch; given its labels, the loss and its gradients.

        loss = softmax loss + 0.5 · reg · (ΣW1² + ΣW2²): biases are not regularised.

        Inputs:
        - X: Examples, shape (N, d1, ..., dk) with d1·…·dk = D
        - y: Labels, shape (N,), integers in 0 .. C − 1, or None

        Returns, if y is None:
        - scores: shape (N, C)
        Otherwise a tuple of:
        - loss: a number
        - grads: Dictionary with the keys of self.params, each of its parameter's shape
        """
        # Your turn: the scores.
        ### BEGIN SOLUTION
        W1, W2 = self.params["W1"], self.params["W2"]
        hidden, hidden_cache = affine_relu_forward(X, W1, self.params["b1"])
        scores, scores_cache = affine_forward(hidden, W2, self.params["b2"])
        ### END SOLUTION
        if y is None:
            return scores
        grads = {}
        # Your turn: the loss and grads. The regulariser adds reg · W to each weight's gradient.
        ### BEGIN SOLUTION
        loss, dscores = softmax_loss(scores, y)
        loss += 0.5 * self.reg * (np.sum(W1 * W1) + np.sum(W2 * W2))
        dhidden, grads["W2"], grads["b2"] = affine_backward(dscores, scores_cache)
        _, grads["W1"], grads["b1"] = affine_relu_backward(dhidden, hidden_cache)
        grads["W1"] += self.reg * W1
        grads["W2"] += self.reg * W2
        ### END SOLUTION
        return loss, grads


class FullyConnectedNet:
    """{affine – ReLU} × (L − 1) – affine – softmax, for any number of layers L.

    `params` holds W1, b1, ..., WL, bL; layer i maps `sizes[i − 1]` features to `sizes[i]`.
    """

    def __init__(
        self,
        hidden_dims,
        input_dim=3 * 32 * 32,
        num_classes=10,
        dropout_keep_ratio=1,
        normalization=None,
        reg=0.0,
        weight_scale=1e-2,
        dtype=np.float32,
        seed=None,
        rng=None,
    ):
        """Draw the weights; biases start at zero.

        Inputs:
        - hidden_dims: Sizes of the L − 1 hidden layers, a list; may be empty
        - input_dim, num_classes: D, C
        - dropout_keep_ratio: 1, no dropout (other values come with the notebook Dropout)
        - normalization: None (others come with the notebook BatchNormalization)
        - reg: Strength of the L2 regularisation, >= 0
        - weight_scale: Standard deviation of the weights, or "xavier" or "he" (see init_weights)
        - dtype: Number type of parameters and of all computation; float64 for gradient checks
        - seed: Makes dropout's masks the same at every call
        - rng: np.random.Generator or a seed for the weights; without one, NumPy's global stream
        """
        _require_known_options(dropout_keep_ratio, normalization)
        self.normalization = normalization
        self.use_dropout = dropout_keep_ratio != 1
        self.reg = float(reg)
        self.dtype = dtype
        self.num_layers = 1 + len(hidden_dims)
        self.params = {}
        self.bn_params = []
        self.dropout_param = {}
        sizes = [input_dim, *hidden_dims, num_classes]
        # Your turn: layer i, counted from 1, has weights W{i} of shape (sizes[i - 1], sizes[i]) and
        # biases b{i}; self.layer_keys(i) spells both names.
        ### BEGIN SOLUTION
        for i, shape in enumerate(itertools.pairwise(sizes), start=1):
            w_key, b_key = self.layer_keys(i)
            self.params[w_key] = init_weights(shape, weight_scale, rng)
            self.params[b_key] = np.zeros(shape[1])
        ### END SOLUTION
        for key, value in self.params.items():
            self.params[key] = value.astype(dtype, copy=False)

    @staticmethod
    def layer_keys(i):
        """Names of the weights and the biases of layer i (1 .. L) in params."""
        return f"W{i}", f"b{i}"

    def loss(self, X, y=None):
        """Scores of a minibatch; given its labels, the loss and its gradients.

        loss = softmax loss + 0.5 · reg · Σ_i ΣW_i²: biases are not regularised.

        Inputs:
        - X: Examples, shape (N, d1, ..., dk) with d1·…·dk = D; computed with as self.dtype
        - y: Labels, shape (N,), integers in 0 .. C − 1, or None

        Returns, if y is None:
        - scores: shape (N, C)
        Otherwise a tuple of:
        - loss: a number
        - grads: Dictionary with the keys of self.params, each of its parameter's shape
        """
        X = X.astype(self.dtype, copy=False)
        # Your turn: the scores. Layers 1 .. L - 1 are affine_relu_forward, layer L affine_forward;
        # keep each layer's cache in a list.
        ### BEGIN SOLUTION
        hidden, caches = X, []
        for i in range(1, self.num_layers):
            w, b = (self.params[key] for key in self.layer_keys(i))
            hidden, cache = affine_relu_forward(hidden, w, b)
            caches.append(cache)
        w, b = (self.params[key] for key in self.layer_keys(self.num_layers))
        scores, scores_cache = affine_forward(hidden, w, b)
        ### END SOLUTION
        if y is None:
            return scores
        grads = {}
        # Your turn: the loss and grads, from the last layer to the first.
        ### BEGIN SOLUTION
        loss, dscores = softmax_loss(scores, y)
        w_key, b_key = self.layer_keys(self.num_layers)
        dhidden, grads[w_key], grads[b_key] = affine_backward(dscores, scores_cache)
        for i in range(self.num_layers - 1, 0, -1):
            w_key, b_key = self.layer_keys(i)
            dhidden, grads[w_key], grads[b_key] = affine_relu_backward(dhidden, caches[i - 1])
        for i in range(1, self.num_layers + 1):
            w_key, _ = self.layer_keys(i)
            w = self.params[w_key]
            loss += 0.5 * self.reg * np.sum(w * w)
            grads[w_key] += self.reg * w
        ### END SOLUTION
        return loss, grads


def _require_known_options(dropout_keep_ratio, normalization):
    """Raise for what FullyConnectedNet does not know, or not yet, naming the way out."""
    if normalization not in (None, "batchnorm", "layernorm"):
        raise ValueError(
            f"unknown normalization {normalization!r}; choose None, 'batchnorm' or 'layernorm'"
        )
    if not 0 < dropout_keep_ratio <= 1:
        raise ValueError(
            f"dropout_keep_ratio is the share of units kept, above 0 and at most 1, "
            f"but is {dropout_keep_ratio}"
        )
    if normalization is not None:
        raise NotImplementedError(
            f"normalization={normalization!r} comes with the notebook BatchNormalization; "
            "until then leave it None"
        )
    if dropout_keep_ratio != 1:
        raise NotImplementedError(
            "dropout comes with the notebook Dropout; until then leave dropout_keep_ratio=1"
        )
