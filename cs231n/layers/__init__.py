"""Layers, in pairs: `*_forward` returns (out, cache), `*_backward` takes (dout, cache)."""

from .activations import relu_backward as relu_backward
from .activations import relu_forward as relu_forward
from .affine import affine_backward as affine_backward
from .affine import affine_forward as affine_forward
from .initialization import init_weights as init_weights
from .losses import softmax_loss as softmax_loss
from .losses import svm_loss as svm_loss
