"""The contract in data: where each public name lives, what it takes and what it gives back."""

from typing import NamedTuple


class Entry(NamedTuple):
    """One public name. `returns` is empty for a class, `spared` names what may be overwritten.

    `fed` names what a network's loss takes.
    """

    module: str
    takes: tuple[str, ...]
    returns: tuple[str, ...] = ()
    spared: tuple[str, ...] = ()
    fed: tuple[str, ...] = ("X", "y")


def _entry(module, takes, returns="", spared=""):
    return Entry(f"cs231n.{module}", *(tuple(names.split()) for names in (takes, returns, spared)))


CONTRACT = {
    "affine_forward": _entry("layers.affine", "x w b", "out cache"),
    "affine_backward": _entry("layers.affine", "dout cache", "dx dw db"),
    "relu_forward": _entry("layers.activations", "x", "out cache"),
    "relu_backward": _entry("layers.activations", "dout cache", "dx"),
    "softmax_loss": _entry("layers.losses", "x y", "loss dx"),
    "init_weights": _entry("layers.initialization", "shape weight_scale rng", "w"),
    "batchnorm_forward": _entry("layers.normalization", "x gamma beta bn_param", "out cache"),
    "batchnorm_backward": _entry("layers.normalization", "dout cache", "dx dgamma dbeta"),
    "batchnorm_backward_alt": _entry("layers.normalization", "dout cache", "dx dgamma dbeta"),
    "layernorm_forward": _entry("layers.normalization", "x gamma beta ln_param", "out cache"),
    "layernorm_backward": _entry("layers.normalization", "dout cache", "dx dgamma dbeta"),
    "dropout_forward": _entry("layers.dropout", "x dropout_param", "out cache"),
    "dropout_backward": _entry("layers.dropout", "dout cache", "dx"),
    "conv_forward_naive": _entry("layers.convolution", "x w b conv_param", "out cache"),
    "conv_backward_naive": _entry("layers.convolution", "dout cache", "dx dw db"),
    "max_pool_forward_naive": _entry("layers.convolution", "x pool_param", "out cache"),
    "max_pool_backward_naive": _entry("layers.convolution", "dout cache", "dx"),
    "spatial_batchnorm_forward": _entry(
        "layers.spatial_normalization", "x gamma beta bn_param", "out cache"
    ),
    "spatial_batchnorm_backward": _entry(
        "layers.spatial_normalization", "dout cache", "dx dgamma dbeta"
    ),
    "spatial_groupnorm_forward": _entry(
        "layers.spatial_normalization", "x gamma beta G gn_param", "out cache"
    ),
    "spatial_groupnorm_backward": _entry(
        "layers.spatial_normalization", "dout cache", "dx dgamma dbeta"
    ),
    "rnn_step_forward": _entry("layers.recurrent", "x prev_h Wx Wh b", "next_h cache"),
    "rnn_step_backward": _entry("layers.recurrent", "dnext_h cache", "dx dprev_h dWx dWh db"),
    "rnn_forward": _entry("layers.recurrent", "x h0 Wx Wh b", "h cache"),
    "rnn_backward": _entry("layers.recurrent", "dh cache", "dx dh0 dWx dWh db"),
    "word_embedding_forward": _entry("layers.words", "x W", "out cache"),
    "word_embedding_backward": _entry("layers.words", "dout cache", "dW"),
    "lstm_step_forward": _entry("layers.lstm", "x prev_h prev_c Wx Wh b", "next_h next_c cache"),
    "lstm_step_backward": _entry(
        "layers.lstm", "dnext_h dnext_c cache", "dx dprev_h dprev_c dWx dWh db"
    ),
    "lstm_forward": _entry("layers.lstm", "x h0 Wx Wh b", "h cache"),
    "lstm_backward": _entry("layers.lstm", "dh cache", "dx dh0 dWx dWh db"),
    "dot_product_attention_forward": _entry(
        "layers.attention", "query grid", "context weights cache"
    ),
    "dot_product_attention_backward": _entry("layers.attention", "dcontext cache", "dquery dgrid"),
    "attention_lstm_forward": _entry("layers.attention", "x grid Wx Wh Wattn b", "h weights cache"),
    "attention_lstm_backward": _entry("layers.attention", "dh cache", "dx dgrid dWx dWh dWattn db"),
    "sgd_momentum": _entry("optim", "w dw config", "next_w config", spared="w"),
    "rmsprop": _entry("optim", "w dw config", "next_w config", spared="w"),
    "adam": _entry("optim", "w dw config", "next_w config", spared="w"),
    "adagrad": _entry("optim", "w dw config", "next_w config", spared="w"),
    "TwoLayerNet": _entry("classifiers.fc_net", "input_dim hidden_dim num_classes"),
    "FullyConnectedNet": _entry("classifiers.fc_net", "hidden_dims input_dim num_classes"),
    "ThreeLayerConvNet": _entry(
        "classifiers.cnn", "input_dim num_filters filter_size hidden_dim num_classes"
    ),
    "CaptioningRNN": _entry(
        "classifiers.rnn", "word_to_idx input_dim wordvec_dim hidden_dim cell_type dtype"
    )._replace(fed=("features", "captions")),
}
