"""Submissions of the flat layout, for the tests: made of the solved source, in the style of a year.

The layers are the source's own, all in one file. Networks, helpers and dropout are written here, as
a student of that year could have: constructors, imports and conventions are the year's.
"""

import ast
import functools
import re
from dataclasses import dataclass

LAYERS = ("blocks", "validation", "columns", "affine", "activations", "losses", "normalization",
          "convolution", "spatial_normalization")  # fmt: skip
RECURRENT = ("blocks", "recurrent_validation", "activations", "recurrent", "words", "temporal")
LAYERNORM = ("layernorm_forward", "layernorm_backward")
GROUPNORM = ("spatial_groupnorm_forward", "spatial_groupnorm_backward")


@dataclass(frozen=True)
class Year:
    """What distinguishes the files of a year.

    - head: The lines that its files begin with
    - base: What stands before a module's name in an import
    - dropout, norm: Parameters of FullyConnectedNet's constructor
    - drops: Whether p is the share dropped
    """

    head: str
    base: str
    dropout: str
    norm: str
    drops: bool
    groupnorm: bool = True
    flat_gamma: bool = False
    lstm: bool = True
    python2: bool = False


MODERN = "import numpy as np\n"
BOTH = "from builtins import object, range\nfrom past.builtins import xrange\n" + MODERN
YEARS = {
    "2016": Year(MODERN, "cs231n.", "dropout=0", "use_batchnorm=False", True, False, python2=True),
    "2017": Year(BOTH, "cs231n.", "dropout=0", "use_batchnorm=False", True, False),
    "2019": Year(BOTH, "cs231n.", "dropout=1", "normalization=None", False, flat_gamma=True),
    "2021": Year(BOTH, "..", "dropout_keep_ratio=1", "normalization=None", False),
    "2024": Year(MODERN, "..", "dropout_keep_ratio=1", "normalization=None", False, lstm=False),
}

DROPOUT = """
def dropout_forward(x, dropout_param):
    # p: We SHARE each number with this probability.
    p, mode, mask = dropout_param["p"], dropout_param["mode"], None
    keep = KEEP
    if "seed" in dropout_param:
        np.random.seed(dropout_param["seed"])
    if mode == "train":
        mask = (np.random.rand(*x.shape) < keep) / keep
    out = x if mask is None else x * mask
    return out.astype(x.dtype, copy=False), (dropout_param, mask)


def dropout_backward(dout, cache):
    dropout_param, mask = cache
    return dout * mask if dropout_param["mode"] == "train" else dout
"""

# gamma and beta of shape (C,), as the files of 2018 and 2019 describe them
FLAT_GAMMA = """
_forward_of_rows, _backward_of_rows = spatial_groupnorm_forward, spatial_groupnorm_backward


def spatial_groupnorm_forward(x, gamma, beta, G, gn_param):
    C, = gamma.shape
    return _forward_of_rows(x, gamma.reshape(1, C, 1, 1), beta.reshape(1, C, 1, 1), G, gn_param)


def spatial_groupnorm_backward(dout, cache):
    dx, dgamma, dbeta = _backward_of_rows(dout, cache)
    return dx, dgamma.ravel(), dbeta.ravel()
"""

HELPERS = """
from BASElayers import *
from BASEfast_layers import *


def affine_relu_forward(x, w, b):
    a, fc_cache = affine_forward(x, w, b)
    out, relu_cache = relu_forward(a)
    return out, (fc_cache, relu_cache)


def affine_relu_backward(dout, cache):
    fc_cache, relu_cache = cache
    return affine_backward(relu_backward(dout, relu_cache), fc_cache)


def affine_norm_relu_forward(x, w, b, gamma, beta, param, forward):
    a, fc_cache = affine_forward(x, w, b)
    a, norm_cache = forward(a, gamma, beta, param)
    out, relu_cache = relu_forward(a)
    return out, (fc_cache, norm_cache, relu_cache)


def affine_norm_relu_backward(dout, cache, backward):
    fc_cache, norm_cache, relu_cache = cache
    da, dgamma, dbeta = backward(relu_backward(dout, relu_cache), norm_cache)
    return affine_backward(da, fc_cache) + (dgamma, dbeta)


def conv_relu_pool_forward(x, w, b, conv_param, pool_param):
    a, conv_cache = conv_forward_fast(x, w, b, conv_param)
    s, relu_cache = relu_forward(a)
    out, pool_cache = max_pool_forward_fast(s, pool_param)
    return out, (conv_cache, relu_cache, pool_cache)


def conv_relu_pool_backward(dout, cache):
    conv_cache, relu_cache, pool_cache = cache
    ds = max_pool_backward_fast(dout, pool_cache)
    return conv_backward_fast(relu_backward(ds, relu_cache), conv_cache)
"""

FC_NET = """
from BASElayers import *
from BASElayer_utils import *


class TwoLayerNet(object):
    def __init__(self, input_dim=3 * 32 * 32, hidden_dim=100, num_classes=10, weight_scale=1e-3,
                 reg=0.0):
        self.params = {}
        self.reg = reg
        self.params["W1"] = weight_scale * np.random.randn(input_dim, hidden_dim)
        self.params["b1"] = np.zeros(hidden_dim)
        self.params["W2"] = weight_scale * np.random.randn(hidden_dim, num_classes)
        self.params["b2"] = np.zeros(num_classes)

    def loss(self, X, y=None):
        W1, b1, W2, b2 = [self.params[k] for k in ("W1", "b1", "W2", "b2")]
        hidden, cache1 = affine_relu_forward(X, W1, b1)
        scores, cache2 = affine_forward(hidden, W2, b2)
        if y is None:
            return scores
        grads = {}
        loss, dscores = softmax_loss(scores, y)
        loss += 0.5 * self.reg * (np.sum(W1 ** 2) + np.sum(W2 ** 2))
        dhidden, grads["W2"], grads["b2"] = affine_backward(dscores, cache2)
        _, grads["W1"], grads["b1"] = affine_relu_backward(dhidden, cache1)
        grads["W1"] += self.reg * W1
        grads["W2"] += self.reg * W2
        return loss, grads


class FullyConnectedNet(object):
    def __init__(self, hidden_dims, input_dim=3 * 32 * 32, num_classes=10, DROPOUT, NORM,
                 reg=0.0, weight_scale=1e-2, dtype=np.float32, seed=None):
        self.HAS_NORM
        self.use_dropout = IS_DROPPING
        self.reg = reg
        self.num_layers = 1 + len(hidden_dims)
        self.dtype = dtype
        self.params = {}
        dims = [input_dim] + list(hidden_dims) + [num_classes]
        for i in xrange(self.num_layers):
            self.params["W%d" % (i + 1)] = weight_scale * np.random.randn(dims[i], dims[i + 1])
            self.params["b%d" % (i + 1)] = np.zeros(dims[i + 1])
            if SOME_NORM and i < self.num_layers - 1:
                self.params["gamma%d" % (i + 1)] = np.ones(dims[i + 1])
                self.params["beta%d" % (i + 1)] = np.zeros(dims[i + 1])
        self.dropout_param = {}
        if self.use_dropout:
            self.dropout_param = {"mode": "train", "p": RATIO}
            if seed is not None:
                self.dropout_param["seed"] = seed
        self.bn_params = []
        if IS_BATCHNORM:
            self.bn_params = [{"mode": "train"} for i in xrange(self.num_layers - 1)]
        if IS_LAYERNORM:
            self.bn_params = [{} for i in xrange(self.num_layers - 1)]
        for k, v in self.params.ITEMS():
            self.params[k] = v.astype(dtype)

    def loss(self, X, y=None):
        X = X.astype(self.dtype)
        mode = "test" if y is None else "train"
        if self.use_dropout:
            self.dropout_param["mode"] = mode
        if IS_BATCHNORM:
            for bn_param in self.bn_params:
                bn_param["mode"] = mode
        forward, backward = self._functions()
        h, caches = X, []
        for i in xrange(1, self.num_layers):
            w, b = self.params["W%d" % i], self.params["b%d" % i]
            if forward is None:
                h, cache = affine_relu_forward(h, w, b)
            else:
                gamma, beta = self.params["gamma%d" % i], self.params["beta%d" % i]
                h, cache = affine_norm_relu_forward(
                    h, w, b, gamma, beta, self.bn_params[i - 1], forward)
            dropped = None
            if self.use_dropout:
                h, dropped = dropout_forward(h, self.dropout_param)
            caches.append((cache, dropped))
        L = self.num_layers
        scores, last = affine_forward(h, self.params["W%d" % L], self.params["b%d" % L])
        if mode == "test":
            return scores
        loss, dscores = softmax_loss(scores, y)
        grads = {}
        dh, grads["W%d" % L], grads["b%d" % L] = affine_backward(dscores, last)
        for i in xrange(L - 1, 0, -1):
            cache, dropped = caches[i - 1]
            if self.use_dropout:
                dh = dropout_backward(dh, dropped)
            if backward is None:
                dh, grads["W%d" % i], grads["b%d" % i] = affine_relu_backward(dh, cache)
            else:
                (dh, grads["W%d" % i], grads["b%d" % i], grads["gamma%d" % i],
                 grads["beta%d" % i]) = affine_norm_relu_backward(dh, cache, backward)
        for i in xrange(1, L + 1):
            w = self.params["W%d" % i]
            loss += 0.5 * self.reg * np.sum(w * w)
            grads["W%d" % i] += self.reg * w
        return loss, grads

    def _functions(self):
        if IS_BATCHNORM:
            return batchnorm_forward, batchnorm_backward_alt
        if IS_LAYERNORM:
            return layernorm_forward, layernorm_backward
        return None, None
"""

CNN = """
from BASElayers import *
from BASEfast_layers import *
from BASElayer_utils import *


class ThreeLayerConvNet(object):
    def __init__(self, input_dim=(3, 32, 32), num_filters=32, filter_size=7, hidden_dim=100,
                 num_classes=10, weight_scale=1e-3, reg=0.0, dtype=np.float32):
        self.params = {}
        self.reg = reg
        self.dtype = dtype
        C, H, W = input_dim
        D = num_filters * HALF_OF_H * HALF_OF_W
        shapes = [(num_filters, C, filter_size, filter_size), (D, hidden_dim),
                  (hidden_dim, num_classes)]
        for i, shape in enumerate(shapes):
            self.params["W%d" % (i + 1)] = weight_scale * np.random.randn(*shape)
            size = shape[0] if i == 0 else shape[1]
            self.params["b%d" % (i + 1)] = np.zeros(size)
        for k, v in self.params.ITEMS():
            self.params[k] = v.astype(dtype)

    def loss(self, X, y=None):
        W1, b1, W2, b2, W3, b3 = [
            self.params[k] for k in ("W1", "b1", "W2", "b2", "W3", "b3")]
        conv_param = {"stride": 1, "pad": PAD}
        pool_param = {"pool_height": 2, "pool_width": 2, "stride": 2}
        h1, cache1 = conv_relu_pool_forward(X, W1, b1, conv_param, pool_param)
        h2, cache2 = affine_relu_forward(h1, W2, b2)
        scores, cache3 = affine_forward(h2, W3, b3)
        if y is None:
            return scores
        grads = {}
        loss, dscores = softmax_loss(scores, y)
        dh2, grads["W3"], grads["b3"] = affine_backward(dscores, cache3)
        dh1, grads["W2"], grads["b2"] = affine_relu_backward(dh2, cache2)
        _, grads["W1"], grads["b1"] = conv_relu_pool_backward(dh1, cache1)
        for k in ("W1", "W2", "W3"):
            loss += 0.5 * self.reg * np.sum(self.params[k] ** 2)
            grads[k] += self.reg * self.params[k]
        return loss, grads
"""

RNN = """
from BASElayers import *
from BASErnn_layers import *


class CaptioningRNN(object):
    def __init__(self, word_to_idx, input_dim=512, wordvec_dim=128, hidden_dim=128,
                 cell_type="rnn", dtype=np.float32):
        self.cell_type = cell_type
        self.dtype = dtype
        self.word_to_idx = word_to_idx
        self._null = word_to_idx["<NULL>"]
        self._start = word_to_idx.get("<START>", None)
        V, D, W, H = len(word_to_idx), input_dim, wordvec_dim, hidden_dim
        n = {"lstm": 4, "rnn": 1}[cell_type]
        shapes = {"W_embed": (V, W), "W_proj": (D, H), "Wx": (W, n * H), "Wh": (H, n * H),
                  "W_vocab": (H, V), "b_proj": (H,), "b": (n * H,), "b_vocab": (V,)}
        self.params = {k: 0.1 * np.random.randn(*shapes[k]) for k in shapes}
        for k, v in self.params.ITEMS():
            self.params[k] = v.astype(dtype)

    def loss(self, features, captions):
        p, grads = self.params, {}
        captions_in, captions_out = captions[:, :-1], captions[:, 1:]
        h0, c0 = affine_forward(features, p["W_proj"], p["b_proj"])
        x, c1 = word_embedding_forward(captions_in, p["W_embed"])
        h, c2 = rnn_forward(x, h0, p["Wx"], p["Wh"], p["b"])
        scores, c3 = temporal_affine_forward(h, p["W_vocab"], p["b_vocab"])
        loss, dscores = temporal_softmax_loss(scores, captions_out, captions_out != self._null)
        dh, grads["W_vocab"], grads["b_vocab"] = temporal_affine_backward(dscores, c3)
        dx, dh0, grads["Wx"], grads["Wh"], grads["b"] = rnn_backward(dh, c2)
        grads["W_embed"] = word_embedding_backward(dx, c1)
        _, grads["W_proj"], grads["b_proj"] = affine_backward(dh0, c0)
        return loss, grads

    def sample(self, features, max_length=30):
        p, N = self.params, features.shape[0]
        captions = self._null * np.ones((N, max_length), dtype=np.int32)
        h, _ = affine_forward(features, p["W_proj"], p["b_proj"])
        word = np.full(N, self._start)
        for t in xrange(max_length):  # it goes on after <END>, as the kits allow
            h, _ = rnn_step_forward(p["W_embed"][word], h, p["Wx"], p["Wh"], p["b"])
            word = np.argmax(h.dot(p["W_vocab"]) + p["b_vocab"], axis=1)
            captions[:, t] = word
        return captions
"""


def submission(material, name):
    """The files of a right submission of a year: path -> text.

    Inputs:
    - material: The kit.grading.material.Material of the source
    - name: A key of YEARS
    """
    year = YEARS[name]
    texts = {**material.given, **material.solved}
    keep, share = ("1.0 - p", "drop") if year.drops else ("p", "keep")
    layers = _together(texts, LAYERS) + DROPOUT.replace("KEEP", keep).replace("SHARE", share)
    layers += FLAT_GAMMA if year.flat_gamma else ""
    if not year.groupnorm:
        layers = without(layers, *LAYERNORM, *GROUPNORM)
    files = {
        "layers": layers,
        "rnn_layers": _together(texts, RECURRENT + ("lstm",) * year.lstm),
        "optim": texts["cs231n/optim.py"],
        "layer_utils": HELPERS,
        "classifiers/fc_net": FC_NET,
        "classifiers/cnn": CNN,
        "classifiers/rnn": RNN,
    }
    return {f"cs231n/{path}.py": _dressed(path, text, year) for path, text in files.items()}


def without(text, *names):
    """A text without some of its functions."""
    lines = text.splitlines(keepends=True)
    for node in reversed(ast.parse(text).body):
        if getattr(node, "name", None) in names:
            del lines[node.lineno - 1 : node.end_lineno]
    return "".join(lines)


def _dressed(path, text, year):
    """A text as its year has it."""
    if path in ("layers", "rnn_layers", "optim"):
        return year.head + text.replace("from __future__", "# from __future__")
    base = "." if year.base == ".." and "/" not in path else year.base
    python2 = year.python2
    old = "use_batchnorm" in year.norm
    norm = "self.use_batchnorm" if old else "self.normalization"
    words = {
        "BASE": base,
        "DROPOUT": year.dropout,
        "RATIO": year.dropout.partition("=")[0],
        "IS_DROPPING": "dropout > 0" if year.drops else year.dropout.replace("=", " != "),
        "self.HAS_NORM": f"{norm} = {norm.partition('.')[2]}",
        "SOME_NORM": norm,
        "IS_BATCHNORM": norm if old else f"{norm} == 'batchnorm'",
        "IS_LAYERNORM": "False" if old else f"{norm} == 'layernorm'",
        "NORM": year.norm,
        "ITEMS": "iteritems" if python2 else "items",
        "PAD": f"(W1.shape[2] - 1) {'/' if python2 else '//'} 2",
        "HALF_OF_H": "(H / 2)" if python2 else "(H // 2)",
        "HALF_OF_W": "(W / 2)" if python2 else "(W // 2)",
        "xrange": "range" if year.head == MODERN and not python2 else "xrange",
    }
    for word, other in words.items():
        text = re.sub(rf"\b{word}\b" if word != "BASE" else word, other, text)
    said = "\nprint 'read with Python 2'\n" if python2 else ""
    return year.head + text.replace("..fast_layers", f"{base}fast_layers") + said


@functools.cache
def _stripped(text):
    """A module's text without its sentence, its imports of neighbours and its markers."""
    lines = text.splitlines(keepends=True)
    for node in reversed(ast.parse(text).body):
        if (isinstance(node, ast.ImportFrom) and node.level) or _is_sentence(node):
            del lines[node.lineno - 1 : node.end_lineno]
    return "".join(line for line in lines if "### " not in line)


def _is_sentence(node):
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _together(texts, modules):
    """The texts of some modules of layers/ in one; no name may be there twice."""
    text = "\n\n".join(_stripped(texts[f"cs231n/layers/{module}.py"]) for module in modules)
    names = [node.name for node in ast.parse(text).body if hasattr(node, "name")]
    assert len(names) == len({*names}), sorted(n for n in names if names.count(n) > 1)
    return text
