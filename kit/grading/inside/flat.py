"""Speaks to submissions of the flat layout: constructors and conventions of many years."""

import builtins
import contextlib
import inspect
import re
import sys

import numpy as np

from . import python2
from .layout import Kit

NET, FC_NET, LAYERS = "FullyConnectedNet", "cs231n/classifiers/fc_net.py", "cs231n/layers.py"
NONE_DROPPED = re.compile(r"\bdropout\b[^,=]{0,40}=\s*0(\.0*)?\s*(,|$)")
ANYTHING = None  # of what a constructor takes
DROPPED = "p is the share dropped"  # an entry of a dropout_param that a network made itself


class Flat(Kit):
    """Calls functions and methods as the year of a submission has them."""

    def __init__(self):
        self._drops = self._old_norm = False
        vars(builtins).update(python2.scope())
        self._calls = {
            "adam": _adam,
            "dropout_forward": self._dropout_forward,
            "spatial_groupnorm_forward": _groupnorm_forward,
            "spatial_groupnorm_backward": _groupnorm_backward,
            NET: self._net,
        }

    def code(self, text, name):
        """As Kit's, of either Python."""
        return python2.code(text, name)

    def look(self, importer):
        """Find out which year's conventions FullyConnectedNet has, by its constructor's text.

        Until 2017 `dropout` was the share dropped, 0 for none; since then it is the share kept.
        Where no network says so, the comment on p in layers.py tells.
        """
        takes = _constructor(importer.theirs.get(FC_NET, ""))
        says = "drop each" in importer.theirs.get(LAYERS, "")
        self._drops = bool(NONE_DROPPED.search(takes)) if "dropout" in takes else says
        self._old_norm = "use_batchnorm" in takes and "normalization" not in takes
        net = getattr(sys.modules.get(FC_NET[:-3].replace("/", ".")), NET, None)
        for name, keys in (("layer_keys", ("W", "b")), ("norm_keys", ("gamma", "beta"))):
            if isinstance(net, type) and not hasattr(net, name):
                setattr(net, name, _spelling(*keys))  # our __init__ asks for them, if it stands in

    def call(self, name, function, args, kwargs):
        """As Kit's; options that a year's signature lacks are translated."""
        if name in self._calls:
            return self._calls[name](function, *args, **kwargs)
        if isinstance(function, type):
            return _made(function, args, kwargs)
        return function(*args, **kwargs)

    def method(self, owner, name, args, kwargs):
        """As Kit's; a loss draws its masks from dropout_param's generator."""
        call = getattr(owner, name)
        if name == "sample":
            return _ended(call(*args, **kwargs), getattr(owner, "word_to_idx", {}))
        param = getattr(owner, "dropout_param", None) if name == "loss" else None
        with _stream(param.get("rng") if isinstance(param, dict) else None):
            return call(*args, **kwargs)

    def outgoing(self, name, args, kwargs):
        """As Kit's: a right dropout_forward takes the share that is kept."""
        if name == "dropout_forward" and self._drops:
            args = map(_other_share, args)
            kwargs = {key: _other_share(value) for key, value in kwargs.items()}
        return tuple(args), kwargs

    def _net(self, cls, *args, dropout_keep_ratio=None, normalization=None, **more):
        if self._old_norm and normalization == "layernorm":
            raise NotImplementedError(f"{NET}.{normalization}")
        takes = _takes(cls)
        if takes is ANYTHING or "normalization" in takes:
            more["normalization"] = normalization
        elif normalization:
            more["use_batchnorm"] = True
        if dropout_keep_ratio not in (None, 1):
            if takes is ANYTHING or "dropout_keep_ratio" in takes:
                more["dropout_keep_ratio"] = dropout_keep_ratio
            else:
                more["dropout"] = 1 - dropout_keep_ratio if self._drops else dropout_keep_ratio
        net = _made(cls, args, more)
        known = {"normalization": normalization, "use_batchnorm": normalization == "batchnorm"}
        for name, value in known.items():
            if not hasattr(net, name):
                setattr(net, name, value)
        param = getattr(net, "dropout_param", None)
        if self._drops and isinstance(param, dict) and "p" in param:
            param["p"] = 1 - param["p"] if takes is ANYTHING else param["p"]
            param[DROPPED] = True
        return net

    def _dropout_forward(self, function, x, param):
        with _stream(param.get("rng")):
            foreign = self._drops and DROPPED not in param
            return function(x, _other_share(param) if foreign else param)


def _constructor(text):
    """What the constructor of FullyConnectedNet takes, as it is written; "" where there is none."""
    _, _, rest = f"\n{text}".partition(f"\nclass {NET}")
    return rest.partition("def __init__(")[2].partition("):")[0]


def _takes(cls):
    """The names of what a constructor takes; ANYTHING where it is ours that stands in."""
    with contextlib.suppress(Exception):
        parameters = inspect.signature(cls.__init__).parameters.values()
        if not any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters):
            return {parameter.name for parameter in parameters}
    return ANYTHING


def _made(cls, args, kwargs):
    """An object; where its class takes no rng, NumPy's global stream follows the one given."""
    rng, takes = kwargs.get("rng"), _takes(cls)
    if takes is not ANYTHING and "rng" not in takes:
        kwargs = {key: value for key, value in kwargs.items() if key != "rng"}
    with _stream(rng):
        return cls(*args, **kwargs)


@contextlib.contextmanager
def _stream(rng):
    """Let NumPy's global stream follow a generator, and be as it was afterwards."""
    if not isinstance(rng, np.random.Generator):
        yield
        return
    before = np.random.get_state()
    np.random.seed(rng.integers(2**32, dtype=np.uint32))
    try:
        yield
    finally:
        np.random.set_state(before)


def _other_share(param):
    """A dropout_param with the share dropped in the place of the share kept, or the reverse."""
    return {**param, "p": 1 - param["p"]} if isinstance(param, dict) and "p" in param else param


def _spelling(weights, shift):
    return staticmethod(lambda i: (f"{weights}{i}", f"{shift}{i}"))


def _adam(function, w, dw, config=None):
    """The given lines of some years count the steps from 1 where nothing else is said."""
    config = {} if config is None else config
    config.setdefault("t", 0)
    return function(w, dw, config)


def _groupnorm_forward(function, x, gamma, beta, G, gn_param):
    """Gamma and beta of shape (1, C, 1, 1); as (C,) where a submission cannot take these."""
    found = error = None
    try:
        found = function(x, gamma, beta, G, gn_param)
    except Exception as raised:
        error = raised
    if not _is_of(found, x):
        with contextlib.suppress(Exception):
            other = function(x, gamma.ravel(), beta.ravel(), G, gn_param)
            found, error = (other, None) if _is_of(other, x) else (found, error)
    if error:
        raise error
    return found


def _is_of(found, x):
    return isinstance(found, tuple | list) and len(found) and np.shape(found[0]) == x.shape


def _groupnorm_backward(function, dout, cache):
    """dgamma and dbeta of C numbers count in any of the shapes that some year asked for."""
    found = function(dout, cache)
    if not (isinstance(found, tuple | list) and len(found) == 3):
        return found
    C = dout.shape[1]
    known = {(C,), (1, C), (C, 1, 1), (1, C, 1, 1)}
    dx, *rest = found
    return (dx, *(np.reshape(d, (1, C, 1, 1)) if np.shape(d) in known else d for d in rest))


def _ended(captions, word_to_idx):
    """Captions whose words after <END> count as <NULL>: the flat kits let students go on."""
    if not (isinstance(captions, np.ndarray) and captions.ndim == 2):
        return captions
    is_end = captions == word_to_idx.get("<END>")
    after = np.cumsum(is_end, axis=1) - is_end > 0
    return np.where(after, captions.dtype.type(word_to_idx.get("<NULL>", 0)), captions)
