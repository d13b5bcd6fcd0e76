"""The door to the fast convolution and pooling layers; layers/fast.py says how they work."""

from .layers.fast import conv_backward_fast as conv_backward_fast
from .layers.fast import conv_forward_fast as conv_forward_fast
from .layers.fast_pooling import max_pool_backward_fast as max_pool_backward_fast
from .layers.fast_pooling import max_pool_forward_fast as max_pool_forward_fast
