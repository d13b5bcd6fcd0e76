"""Networks: a dictionary `params`, and `loss(X, y=None)`: scores, or loss and gradients."""

from .cnn import ThreeLayerConvNet as ThreeLayerConvNet
from .conv_net import ConvNet as ConvNet
from .fc_net import FullyConnectedNet as FullyConnectedNet
from .fc_net import TwoLayerNet as TwoLayerNet
from .rnn import CaptioningRNN as CaptioningRNN
