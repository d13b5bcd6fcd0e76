"""Layers, in pairs: `*_forward` returns (out, cache), `*_backward` takes (dout, cache)."""

from .activations import relu_backward as relu_backward
from .activations import relu_forward as relu_forward
from .affine import affine_backward as affine_backward
from .affine import affine_forward as affine_forward
from .convolution import conv_backward_naive as conv_backward_naive
from .convolution import conv_forward_naive as conv_forward_naive
from .convolution import max_pool_backward_naive as max_pool_backward_naive
from .convolution import max_pool_forward_naive as max_pool_forward_naive
from .dropout import dropout_backward as dropout_backward
from .dropout import dropout_forward as dropout_forward
from .fast import conv_backward_fast as conv_backward_fast
from .fast import conv_forward_fast as conv_forward_fast
from .fast_pooling import max_pool_backward_fast as max_pool_backward_fast
from .fast_pooling import max_pool_forward_fast as max_pool_forward_fast
from .initialization import init_weights as init_weights
from .losses import softmax_loss as softmax_loss
from .losses import svm_loss as svm_loss
from .normalization import batchnorm_backward as batchnorm_backward
from .normalization import batchnorm_backward_alt as batchnorm_backward_alt
from .normalization import batchnorm_forward as batchnorm_forward
from .normalization import layernorm_backward as layernorm_backward
from .normalization import layernorm_forward as layernorm_forward
from .spatial_normalization import spatial_batchnorm_backward as spatial_batchnorm_backward
from .spatial_normalization import spatial_batchnorm_forward as spatial_batchnorm_forward
from .spatial_normalization import spatial_groupnorm_backward as spatial_groupnorm_backward
from .spatial_normalization import spatial_groupnorm_forward as spatial_groupnorm_forward
