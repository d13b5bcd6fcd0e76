"""A first convolutional network: one convolution, and two affine layers above it."""

import numpy as np

from ..layer_utils import affine_relu_backward as affine_relu_backward
from ..layer_utils import affine_relu_forward as affine_relu_forward
from ..layer_utils import conv_bn_relu_backward as conv_bn_relu_backward
from ..layer_utils import conv_bn_relu_forward as conv_bn_relu_forward
from ..layer_utils import conv_relu_backward as conv_relu_backward
from ..layer_utils import conv_relu_forward as conv_relu_forward
from ..layer_utils import conv_relu_pool_backward as conv_relu_pool_backward
from ..layer_utils import conv_relu_pool_forward as conv_relu_pool_forward
from ..layers import affine_backward as affine_backward
from ..layers import affine_forward as affine_forward
from ..layers import batchnorm_backward as batchnorm_backward
from ..layers import batchnorm_backward_alt as batchnorm_backward_alt
from ..layers import batchnorm_forward as batchnorm_forward
from ..layers import conv_backward_fast as conv_backward_fast
from ..layers import conv_backward_naive as conv_backward_naive
from ..layers import conv_forward_fast as conv_forward_fast
from ..layers import conv_forward_naive as conv_forward_naive
from ..layers import dropout_backward as dropout_backward
from ..layers import dropout_forward as dropout_forward
from ..layers import init_weights as init_weights
from ..layers import layernorm_backward as layernorm_backward
from ..layers import layernorm_forward as layernorm_forward
from ..layers import max_pool_backward_fast as max_pool_backward_fast
from ..layers import max_pool_backward_naive as max_pool_backward_naive
from ..layers import max_pool_forward_fast as max_pool_forward_fast
from ..layers import max_pool_forward_naive as max_pool_forward_naive
from ..layers import relu_backward as relu_backward
from ..layers import relu_forward as relu_forward
from ..layers import softmax_loss as softmax_loss
from ..layers import spatial_batchnorm_backward as spatial_batchnorm_backward
from ..layers import spatial_batchnorm_forward as spatial_batchnorm_forward
from ..layers import spatial_groupnorm_backward as spatial_groupnorm_backward
from ..layers import spatial_groupnorm_forward as spatial_groupnorm_forward
from ..layers import svm_loss as svm_loss
from .conv_net import ConvNet as ConvNet


class ThreeLayerConvNet:
    """conv – ReLU – 2 × 2 max pool – affine – ReLU – affine – softmax.

    `params` holds the filters W1 (F, C, k, k) with b1 (F,), W2 (D, H) with b2 (H,), where D counts
    the numbers of a picture after pooling, and W3 (H, classes) with b3 (classes,).
    """

    def __init__(
        self,
        input_dim=(3, 32, 32),
        num_filters=32,
        filter_size=7,
        hidden_dim=100,
        num_classes=10,
        weight_scale=1e-3,
        reg=0.0,
        dtype=np.float32,
        rng=None,
    ):
        """Draw the weights; biases start at zero.

        Inputs:
        - input_dim: (C, H, W) of a picture, which need not be square
        - num_filters, filter_size: F, k; k is odd, so that height and width stay as they are
        - hidden_dim: H, units of the hidden affine layer
        - num_classes: How many scores come out
        - weight_scale: Standard deviation of the weights, or "xavier" or "he" (see init_weights)
        - reg: Strength of the L2 regularisation, >= 0
        - dtype: Number type of parameters and of all computation; float64 for gradient checks
        - rng: np.random.Generator or a seed; without one, NumPy's global stream

        Raises ValueError for an even filter_size.
        """
        if filter_size % 2 == 0:
            raise ValueError(
                f"filter_size must be odd, to keep a picture's size, not {filter_size}"
            )
        rng = rng if rng is None else np.random.default_rng(rng)  # a bare seed is for all layers
        self.params = {}
        self.reg = float(reg)
        self.dtype = dtype
        self.conv_param = {"stride": 1, "pad": (filter_size - 1) // 2}
        self.pool_param = {"pool_height": 2, "pool_width": 2, "stride": 2}
        # Your turn: fill self.params. init_weights takes two numbers, (in, out): for the filters
        # C·k·k and F; then reshape. Only the pool changes height and width.
        ### BEGIN SOLUTION
        channels, height, width = input_dim
        shapes = [
            (channels * filter_size**2, num_filters),
            (num_filters * (height // 2) * (width // 2), hidden_dim),
            (hidden_dim, num_classes),
        ]
        for i, shape in enumerate(shapes, start=1):
            self.params[f"W{i}"] = init_weights(shape, weight_scale, rng)
            self.params[f"b{i}"] = np.zeros(shape[1])
        filters = self.params["W1"]
        self.params["W1"] = filters.reshape(num_filters, channels, filter_size, filter_size)
        ### END SOLUTION
        for key, value in self.params.items():
            self.params[key] = value.astype(dtype, copy=False)

    def loss(self, X, y=None):
        """Scores of a minibatch; given its labels, the loss and its gradients.

        loss = softmax loss + 0.5 · reg · (ΣW1² + ΣW2² + ΣW3²): biases are not regularised.

        Inputs:
        - X: Pictures, shape (N, C, H, W); computed with as self.dtype
        - y: Labels, shape (N,), integers in 0 .. classes − 1, or None

        Returns, if y is None:
        - scores: shape (N, classes)
        Otherwise a tuple of:
        - loss: a number
        - grads: Dictionary with the keys of self.params, each of its parameter's shape
        """
        X = X.astype(self.dtype, copy=False)
        # Your turn: the scores. layer_utils has conv_relu_pool_forward and affine_relu_forward.
        ### BEGIN SOLUTION
        (W1, b1), (W2, b2), (W3, b3) = (
            (self.params[f"W{i}"], self.params[f"b{i}"]) for i in (1, 2, 3)
        )
        pooled, pooled_cache = conv_relu_pool_forward(X, W1, b1, self.conv_param, self.pool_param)
        hidden, hidden_cache = affine_relu_forward(pooled, W2, b2)
        scores, scores_cache = affine_forward(hidden, W3, b3)
        ### END SOLUTION
        if y is None:
            return scores
        grads = {}
        # Your turn: the loss and grads. Nobody needs the gradient of X: pass need_dx=False to
        # conv_relu_pool_backward, and it saves the work.
        ### BEGIN SOLUTION
        loss, dscores = softmax_loss(scores, y)
        dhidden, grads["W3"], grads["b3"] = affine_backward(dscores, scores_cache)
        dpooled, grads["W2"], grads["b2"] = affine_relu_backward(dhidden, hidden_cache)
        _, grads["W1"], grads["b1"] = conv_relu_pool_backward(dpooled, pooled_cache, need_dx=False)
        for key, weights in (("W1", W1), ("W2", W2), ("W3", W3)):
            loss += 0.5 * self.reg * np.sum(weights * weights)
            grads[key] += self.reg * weights
        ### END SOLUTION
        return loss, grads
