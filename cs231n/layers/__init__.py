"""Layers, in pairs: `*_forward` returns (out, cache), `*_backward` takes (dout, cache)."""

from .activations import relu_backward as relu_backward
from .activations import relu_forward as relu_forward
from .affine import affine_backward as affine_backward
from .affine import affine_forward as affine_forward
from .dropout import dropout_backward as dropout_backward
from .dropout import dropout_forward as dropout_forward
from .initialization import init_weights as init_weights
from .losses import softmax_loss as softmax_loss
from .losses import svm_loss as svm_loss
from .normalization import batchnorm_backward as batchnorm_backward
from .normalization import batchnorm_backward_alt as batchnorm_backward_alt
from .normalization import batchnorm_forward as batchnorm_forward
from .normalization import layernorm_backward as layernorm_backward
from .normalization import layernorm_forward as layernorm_forward
