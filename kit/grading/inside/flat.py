"""Speaks to submissions of the flat layout: constructors and conventions of the years since 2016.

Nothing is taken from a submission but what its own signatures say.
"""

import builtins
import contextlib
import inspect
import re
import sys

import numpy as np

from . import python2
from .layout import Kit

NET, NETWORKS, LAYERS = "FullyConnectedNet", "cs231n.classifiers.fc_net", "cs231n/layers.py"
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
        """Find out which year's conventions FullyConnectedNet has, by its signature.

        Until 2017 `dropout` was the share dropped, 0 for none; since then it is the share kept.
        Where the file is broken, its text tells; where it is missing, what layers.py says of p.
        """
        net = getattr(sys.modules.get(NETWORKS), NET, None)
        if not isinstance(net, type):
            return
        takes = _takes(net)
        default = getattr(takes.get("dropout"), "default", None)
        self._drops = isinstance(default, int | float) and not default
        self._old_norm = "use_batchnorm" in takes and "normalization" not in takes
        text = importer.theirs.get("cs231n/classifiers/fc_net.py", "")
        if NETWORKS in importer.broken:
            self._drops = bool(re.search(r"\bdropout\s*=\s*0\s*[,)]", text))
        elif "dropout" not in text:
            self._drops = bool(re.search(r"\bdrop each\b", importer.theirs.get(LAYERS, "")))
        for name, keys in (("layer_keys", ("W", "b")), ("norm_keys", ("gamma", "beta"))):
            if not hasattr(net, name):  # where its __init__ is stood in for, that asks for them
                setattr(net, name, staticmethod(_spelling(*keys)))

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
            args = [_other_share(value) if isinstance(value, dict) else value for value in args]
            kwargs = {
                key: _other_share(v) if isinstance(v, dict) else v for key, v in kwargs.items()
            }
        return tuple(args), kwargs

    def _net(self, cls, *args, dropout_keep_ratio=None, normalization=None, **more):
        takes, whole = _takes(cls), _takes_all(cls)
        if self._old_norm and normalization not in (None, "batchnorm"):
            raise NotImplementedError(f"{NET}.{normalization}")
        if whole or "normalization" in takes:
            more["normalization"] = normalization
        elif normalization:
            more["use_batchnorm"] = True
        if dropout_keep_ratio not in (None, 1):
            modern = whole or "dropout_keep_ratio" in takes
            more["dropout_keep_ratio" if modern else "dropout"] = (
                1 - dropout_keep_ratio if self._drops and not whole else dropout_keep_ratio
            )
        net = _made(cls, args, more)
        for name, value in (
            ("normalization", normalization),
            ("use_batchnorm", normalization == "batchnorm"),
        ):
            if not hasattr(net, name):
                setattr(net, name, value)
        param = getattr(net, "dropout_param", None)
        if self._drops and isinstance(param, dict) and "p" in param:
            param["p"] = 1 - param["p"] if whole else param["p"]
            param[DROPPED] = True
        return net

    def _dropout_forward(self, function, x, param):
        with _stream(param.get("rng")):
            foreign = self._drops and DROPPED not in param
            return function(x, _other_share(param) if foreign else param)


def _takes(cls):
    """The parameters of a class's constructor, by name; none where it does not tell."""
    with contextlib.suppress(Exception):
        return dict(inspect.signature(cls.__init__).parameters)
    return {}


def _takes_all(cls):
    kinds = {parameter.kind for parameter in _takes(cls).values()}
    return inspect.Parameter.VAR_KEYWORD in kinds


def _made(cls, args, kwargs):
    """An object; where its class takes no rng, NumPy's global stream follows the one given."""
    rng, takes = kwargs.get("rng"), _takes(cls)
    if rng is not None and "rng" not in takes and not _takes_all(cls):
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
    return {**param, "p": 1 - param["p"]} if "p" in param else param


def _spelling(weights, shift):
    return lambda i: (f"{weights}{i}", f"{shift}{i}")


def _adam(function, w, dw, config=None):
    """The given lines of some years count the steps from 1 where nothing else is said."""
    config = {} if config is None else config
    config.setdefault("t", 0)
    return function(w, dw, config)


def _groupnorm_forward(function, x, gamma, beta, G, gn_param):
    """Gamma and beta of shape (1, C, 1, 1); as (C,) where a submission cannot take these."""
    try:
        found = function(x, gamma, beta, G, gn_param)
        if np.shape(found[0]) == x.shape:
            return found
    except NotImplementedError:
        raise
    except Exception as error:
        found = error
    with contextlib.suppress(Exception):
        other = function(x, gamma.reshape(-1), beta.reshape(-1), G, gn_param)
        if np.shape(other[0]) == x.shape:
            return other
    if isinstance(found, Exception):
        raise found
    return found


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
