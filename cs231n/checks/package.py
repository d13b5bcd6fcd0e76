"""How a case reaches the package: by contract names, file by file, with every call watched."""

import importlib
import importlib.util
import sys
import types

import numpy as np

from .contract import CONTRACT
from .places import ROOT


def swap_global_stream(state):
    """Put NumPy's global stream of random numbers into a state; returns the one before."""
    before = np.random.get_state()
    np.random.set_state(state)
    return before


def leave_out_backward(net):
    """Let a net hand its gradient on as it is, in the place of its hidden layers' way back."""

    def skip(i, dout, cache):
        return dout, {key: np.zeros_like(value) for key, value in net.params.items()}

    net.hidden_backward = skip


class WrongReturn(Exception):
    """A function gave back something else than its contract says."""


def local(overrides=None):
    """Resolve contract names in the cs231n beside these checks.

    Returns a function name -> callable; `overrides` (a dictionary) comes first, for solutions that
    are tried in place of the package's own. A sandbox provides such a function of its own: it has
    an attribute swap_global_stream, and its networks have leave_out_backward, like those below.
    """
    overrides = overrides or {}
    modules = {}

    def resolve(name):
        if name in overrides:
            return overrides[name]
        module = CONTRACT[name].module
        if module not in modules:
            modules[module] = _load(module)
        return getattr(modules[module], name)

    return resolve


def _load(name):
    """The module as the notebook sees it; where a neighbour breaks its import, the file alone."""
    try:
        return importlib.import_module(name)
    except (Exception, SystemExit):
        if name in sys.modules:  # it was fine; a neighbour's import came after it and failed
            return sys.modules[name]
        return _load_alone(name)


def _load_alone(name):
    """The module without its folder's __init__, which a broken neighbour stops."""
    path, folder = ROOT.joinpath(*name.split(".")), name.rpartition(".")[0]
    spec = importlib.util.spec_from_file_location(name, path.with_suffix(".py"))
    module = importlib.util.module_from_spec(spec)
    # Its own imports, as in `from .validation import ...`, look the folder up while they run.
    stand_in = types.ModuleType(folder)
    stand_in.__path__ = [str(path.parent)]
    before = set(sys.modules)
    sys.modules.setdefault(folder, stand_in)
    try:
        spec.loader.exec_module(module)
    finally:
        for added in set(sys.modules) - before:
            if added == folder or added.startswith(f"{folder}."):
                del sys.modules[added]
    return module


class Watch:
    """Remembers the arrays a case hands over, and says which of them were written into."""

    def __init__(self):
        self.writes = []  # sentences: what must not happen
        self.advice = []  # sentences: what works, but could surprise
        self._seen = {}  # id -> (label, array, its shape and bytes)

    @property
    def inputs(self):
        """name -> array, of everything that was handed over."""
        return {label: array for label, array, _ in self._seen.values()}

    def call(self, function, name, named, spared=()):
        """Run `function()` and note which of the arrays seen so far it changed."""
        for label, value in named.items():
            if isinstance(value, np.ndarray) and id(value) not in self._seen:
                self._seen[id(value)] = (label, value, _state(value))
        result = function()
        now = {id(value): label for label, value in named.items()}
        for key, (label, array, before) in self._seen.items():
            if (after := _state(array)) != before:
                # A cache may be x itself: then x is the name that says more.
                label = label if now.get(key) == "cache" else now.get(key, label)
                what = "wrote into" if after[0] == before[0] else "changed the shape of"
                self._note(f"{name} {what} {label}", label in spared)
                self._seen[key] = (label, array, after)
        return result

    def note_exchanged(self, name, before, after):
        """Note which params are missing, new, or other arrays than before."""
        exchanged = [
            key
            for key in before.keys() & after.keys()
            if before[key] is not after[key] and not np.array_equal(before[key], after[key])
        ]
        for what, keys in (
            ("took out of params", before.keys() - after.keys()),
            ("put more into params", after.keys() - before.keys()),
            ("put other arrays into params", exchanged),
        ):
            if keys:
                self._note(f"{name} {what}: {', '.join(sorted(keys))}")

    def _note(self, sentence, spared=False):
        notes = self.advice if spared else self.writes
        if sentence not in notes:
            notes.append(sentence)


def _state(array):
    return array.shape, array.tobytes()


class Namespace:
    """What a case sees as `cs`: `cs.affine_forward(x, w, b)`, `cs.TwoLayerNet(...)`."""

    def __init__(self, resolve):
        self._resolve = resolve
        self._watch = Watch()

    def __getattr__(self, name):
        if name not in CONTRACT:
            raise AttributeError(f"{name} is not in the contract; see checks/contract.py")
        found, entry = self._resolve(name), CONTRACT[name]
        if not entry.returns:
            return lambda *args, **kwargs: _Model(
                name, found(*args, **kwargs), self._watch, entry.fed
            )

        def watched(*args, **kwargs):
            named = dict(zip(entry.takes, args, strict=False)) | kwargs
            result = self._watch.call(lambda: found(*args, **kwargs), name, named, entry.spared)
            return _require(name, result, entry.returns)

        return watched

    def swap_global_stream(self, state):
        """See the function of this name; where a sandbox runs the package, its stream is meant."""
        return getattr(self._resolve, "swap_global_stream", swap_global_stream)(state)


class _Model:
    """A network whose exercises are watched; everything else passes through."""

    def __init__(self, name, network, watch, fed):
        self.__dict__.update(_name=name, _network=network, _watch=watch, _fed=fed)

    def __getattr__(self, attribute):
        return getattr(self._network, attribute)

    def __setattr__(self, attribute, value):
        setattr(self._network, attribute, value)

    def leave_out_backward(self):
        getattr(self._network, "leave_out_backward", lambda: leave_out_backward(self._network))()

    def loss(self, X, y=None):
        returns = ("scores",) if y is None else ("loss", "grads")
        return self._watched("loss", (X, y), dict(zip(self._fed, (X, y))), returns)

    def step(self, words, state):
        named = {"words": words, **{f"state[{i}]": part for i, part in enumerate(state)}}
        return self._watched("step", (words, state), named, ("scores", "state"))

    def sample(self, features, *options):
        return self._watched("sample", (features, *options), {"features": features}, ("captions",))

    def _watched(self, method, args, named, returns):
        name, params = f"{self._name}.{method}", dict(self._network.params)
        named |= {f"params[{key!r}]": value for key, value in params.items()}
        call = getattr(self._network, method)
        result = self._watch.call(lambda: call(*args), name, named)
        self._watch.note_exchanged(name, params, self._network.params)
        return _require(name, result, returns)


def _require(name, result, returns):
    """The result, if it is as many values as the contract says; else WrongReturn."""
    got = len(result) if isinstance(result, tuple | list) else 1
    if got == len(returns) and (got > 1 or result is not None):
        _require_dictionaries(name, result if got > 1 else (result,), returns)
        return result
    what = "None" if result is None else type(result).__name__
    what = f"{got} values" if isinstance(result, tuple | list) else f"one value ({what})"
    wanted = f"a tuple ({', '.join(returns)})" if len(returns) > 1 else f"one value, {returns[0]}"
    raise WrongReturn(f"{name} returned {what}; it returns {wanted}")


def _require_dictionaries(name, values, returns):
    for label, value in zip(returns, values, strict=True):
        if label in ("config", "grads") and not hasattr(value, "get"):
            kind = type(value).__name__
            raise WrongReturn(f"{name} returned {label} as {kind}; it is a dictionary")
