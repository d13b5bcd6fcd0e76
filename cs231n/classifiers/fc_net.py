"""Fully connected networks: affine layers with ReLUs between them, two of them or any number."""

import itertools

import numpy as np

from ..layer_utils import affine_bn_relu_backward as affine_bn_relu_backward
from ..layer_utils import affine_bn_relu_forward as affine_bn_relu_forward
from ..layer_utils import affine_ln_relu_backward as affine_ln_relu_backward
from ..layer_utils import affine_ln_relu_forward as affine_ln_relu_forward
from ..layer_utils import affine_relu_backward as affine_relu_backward
from ..layer_utils import affine_relu_forward as affine_relu_forward
from ..layers import affine_backward as affine_backward
from ..layers import affine_forward as affine_forward
from ..layers import batchnorm_backward as batchnorm_backward
from ..layers import batchnorm_backward_alt as batchnorm_backward_alt
from ..layers import batchnorm_forward as batchnorm_forward
from ..layers import dropout_backward as dropout_backward
from ..layers import dropout_forward as dropout_forward
from ..layers import init_weights as init_weights
from ..layers import layernorm_backward as layernorm_backward
from ..layers import layernorm_forward as layernorm_forward
from ..layers import relu_backward as relu_backward
from ..layers import relu_forward as relu_forward
from ..layers import softmax_loss as softmax_loss
from ..layers import svm_loss as svm_loss
from . import settings


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
        rng = rng if rng is None else np.random.default_rng(rng)  # a bare seed is for all layers
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
        # Your turn: the scores. One function of layer_utils and one of layers, in a row; scores may
        # be negative. Keep both caches for the way back.
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
    """{affine – [normalisation] – ReLU – [dropout]} × (L − 1) – affine – softmax, for any L.

    `params` holds W1, b1, ..., WL, bL, and with a normalisation gamma1, beta1, ..., gamma(L−1),
    beta(L−1); layer i maps `sizes[i − 1]` features to `sizes[i]`.
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
        """Draw the weights; biases and shifts start at zero, scales at one.

        Inputs:
        - hidden_dims: Sizes of the L − 1 hidden layers, a list; may be empty
        - input_dim, num_classes: D, C
        - dropout_keep_ratio: Probability to keep a unit of a hidden layer; 1 means no dropout
        - normalization: None, "batchnorm" or "layernorm", in every hidden layer
        - reg: Strength of the L2 regularisation, >= 0
        - weight_scale: Standard deviation of the weights, or "xavier" or "he" (see init_weights)
        - dtype: Number type of parameters and of all computation; float64 for gradient checks
        - seed: Makes dropout's masks the same at every call
        - rng: np.random.Generator or a seed for the weights, and for dropout without a seed;
          without one, NumPy's global stream for the weights, a fresh generator for dropout

        Raises ValueError for an unknown normalization or an impossible dropout_keep_ratio.
        """
        settings.require_known(normalization, ("batchnorm", "layernorm"), dropout_keep_ratio)
        rng = rng if rng is None else np.random.default_rng(rng)  # a bare seed is for all layers
        self.normalization = normalization
        self.use_dropout = dropout_keep_ratio != 1
        self.reg = float(reg)
        self.dtype = dtype
        self.num_layers = 1 + len(hidden_dims)
        self.params = {}
        self.bn_params = [settings.norm_param(normalization) for _ in hidden_dims if normalization]
        self.dropout_param = settings.dropout_param(dropout_keep_ratio, seed, rng)
        sizes = [input_dim, *hidden_dims, num_classes]
        # Your turn: layer i, counted from 1, has weights W{i} of shape (sizes[i - 1], sizes[i]) and
        # biases b{i}; self.layer_keys(i) spells both names. Draw weights by init_weights, which
        # knows what weight_scale may be.
        ### BEGIN SOLUTION
        for i, shape in enumerate(itertools.pairwise(sizes), start=1):
            w_key, b_key = self.layer_keys(i)
            self.params[w_key] = init_weights(shape, weight_scale, rng)
            self.params[b_key] = np.zeros(shape[1])
        ### END SOLUTION
        if normalization is not None:
            for i, size in enumerate(hidden_dims, start=1):
                self.params |= self.initial_norm(i, size)
        for key, value in self.params.items():
            self.params[key] = value.astype(dtype, copy=False)

    @staticmethod
    def layer_keys(i):
        """Names of the weights and the biases of layer i (1 .. L) in params."""
        return f"W{i}", f"b{i}"

    @staticmethod
    def norm_keys(i):
        """Names of the scale and the shift of hidden layer i (1 .. L − 1) in params."""
        return f"gamma{i}", f"beta{i}"

    def initial_norm(self, i, size):
        """Scale and shift of hidden layer i, such that at first they change nothing.

        Returns a dictionary with the names of norm_keys(i), each value of shape (size,).
        """
        # Your turn, in the notebook BatchNormalization: out = scale · x_hat + shift. With which
        # numbers is that x_hat? Only return them; __init__ puts them into self.params.
        ### BEGIN SOLUTION
        gamma_key, beta_key = self.norm_keys(i)
        initial = {gamma_key: np.ones(size), beta_key: np.zeros(size)}
        ### END SOLUTION
        return initial

    def loss(self, X, y=None):
        """Scores of a minibatch; given its labels, the loss and its gradients.

        loss = softmax loss + 0.5 · reg · Σ_i ΣW_i²: only weights are regularised.
        Without labels the network is tested: running averages, no dropout.

        Inputs:
        - X: Examples, shape (N, d1, ..., dk) with d1·…·dk = D; computed with as self.dtype
        - y: Labels, shape (N,), integers in 0 .. C − 1, or None

        Returns, if y is None:
        - scores: shape (N, C)
        Otherwise a tuple of:
        - loss: a number
        - grads: Dictionary with the keys of self.params, each of its parameter's shape

        Sets the mode in bn_params and dropout_param; batch norm updates its running averages.
        """
        X = X.astype(self.dtype, copy=False)
        for param in (*self.bn_params, self.dropout_param):
            if "mode" in param:
                param["mode"] = "test" if y is None else "train"
        # Your turn: the scores. Layers 1 .. L - 1 are self.hidden_forward(i, ...), layer L is
        # affine_forward; keep each layer's cache in a list.
        ### BEGIN SOLUTION
        hidden, caches = X, []
        for i in range(1, self.num_layers):
            hidden, cache = self.hidden_forward(i, hidden)
            caches.append(cache)
        w, b = (self.params[key] for key in self.layer_keys(self.num_layers))
        scores, scores_cache = affine_forward(hidden, w, b)
        ### END SOLUTION
        if y is None:
            return scores
        grads = {}
        # Your turn: the loss and grads, from the last layer to the first. self.hidden_backward
        # returns a hidden layer's dx and a dictionary of its gradients.
        ### BEGIN SOLUTION
        loss, dscores = softmax_loss(scores, y)
        w_key, b_key = self.layer_keys(self.num_layers)
        dhidden, grads[w_key], grads[b_key] = affine_backward(dscores, scores_cache)
        for i in range(self.num_layers - 1, 0, -1):
            dhidden, layer_grads = self.hidden_backward(i, dhidden, caches[i - 1])
            grads |= layer_grads
        for i in range(1, self.num_layers + 1):
            w_key, _ = self.layer_keys(i)
            w = self.params[w_key]
            if self.reg:
                loss += 0.5 * self.reg * np.vdot(w, w)
                grads[w_key] += self.reg * w
        ### END SOLUTION
        return loss, grads

    def hidden_forward(self, i, x):
        """Hidden layer i: affine – [normalisation] – ReLU – [dropout].

        Inputs:
        - i: Number of the layer, 1 .. L − 1
        - x: Its input, shape (N, d1, ..., dk)

        Returns a tuple of:
        - out: shape (N, sizes[i])
        - cache: for hidden_backward
        """
        if self.normalization is None:
            w, b = (self.params[key] for key in self.layer_keys(i))
            out, layer_cache = affine_relu_forward(x, w, b)
        else:
            out, layer_cache = self.normalized_forward(i, x)
        dropout_cache = None
        if self.use_dropout:
            # Your turn, in the notebook Dropout: out and dropout_cache.
            ### BEGIN SOLUTION
            out, dropout_cache = dropout_forward(out, self.dropout_param)
            ### END SOLUTION
        return out, (layer_cache, dropout_cache)

    def hidden_backward(self, i, dout, cache):
        """Carry the gradient back through hidden_forward.

        Inputs:
        - i: Number of the layer, 1 .. L − 1
        - dout: Derivative of the loss by out, shape (N, sizes[i])
        - cache: from hidden_forward

        Returns a tuple of:
        - dx: the shape of the layer's input; None for i = 1, whose input is the data
        - grads: Dictionary of the gradients of the layer's own parameters, by their names
        """
        layer_cache, dropout_cache = cache
        if self.use_dropout:
            # Your turn, in the notebook Dropout: a new dout.
            ### BEGIN SOLUTION
            dout = dropout_backward(dout, dropout_cache)
            ### END SOLUTION
        if self.normalization is not None:
            return self.normalized_backward(i, dout, layer_cache)
        dx, dw, db = affine_relu_backward(dout, layer_cache, need_dx=i > 1)
        return dx, dict(zip(self.layer_keys(i), (dw, db), strict=True))

    def normalized_forward(self, i, x):
        """Hidden layer i of a net with a normalisation: affine – normalisation – ReLU.

        Inputs and outputs are those of hidden_forward, without dropout.
        """
        # Your turn, in the notebook BatchNormalization: self.normalization says which one, and
        # self.bn_params[i - 1] belongs to layer i. See layer_utils for what is there already.
        ### BEGIN SOLUTION
        forward = affine_bn_relu_forward
        if self.normalization == "layernorm":
            forward = affine_ln_relu_forward
        keys = (*self.layer_keys(i), *self.norm_keys(i))
        out, cache = forward(x, *(self.params[key] for key in keys), self.bn_params[i - 1])
        ### END SOLUTION
        return out, cache

    def normalized_backward(self, i, dout, cache):
        """Carry the gradient back through normalized_forward.

        Inputs and outputs are those of hidden_backward, without dropout.
        """
        # Your turn, in the notebook BatchNormalization: dx, and grads with four names.
        ### BEGIN SOLUTION
        backward = affine_bn_relu_backward
        if self.normalization == "layernorm":
            backward = affine_ln_relu_backward
        dx, *gradients = backward(dout, cache, need_dx=i > 1)
        keys = (*self.layer_keys(i), *self.norm_keys(i))
        grads = dict(zip(keys, gradients, strict=True))
        ### END SOLUTION
        return dx, grads
