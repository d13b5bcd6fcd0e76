"""What a case sees of a package: contract names, with every call watched."""

import numpy as np

from .contract import CONTRACT


class WrongReturn(Exception):
    """A function gave back something else than its contract says."""


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


class Namespace:
    """What a case sees as `cs`: `cs.affine_forward(x, w, b)`, `cs.TwoLayerNet(...)`."""

    def __init__(self, resolve, witness):
        """Call the package through `resolve` (see package.local), before the eyes of a Witness."""
        self._resolve, self._witness = resolve, witness

    def __getattr__(self, name):
        if name not in CONTRACT:
            raise AttributeError(f"{name} is not in the contract; see checks/contract.py")
        found, entry = self._resolve(name), CONTRACT[name]
        if not entry.returns:
            return lambda *args, **kwargs: _Model(
                name, found(*args, **kwargs), self._witness, entry.fed
            )

        def watched(*args, **kwargs):
            named = dict(zip(entry.takes, args, strict=False)) | kwargs
            result = self._witness.call(lambda: found(*args, **kwargs), name, named, entry.spared)
            return _require(name, result, entry.returns)

        return watched

    def swap_global_stream(self, state):
        """See the function of this name; where a sandbox runs the package, its stream is meant."""
        return getattr(self._resolve, "swap_global_stream", swap_global_stream)(state)


class _Model:
    """A network whose exercises are watched; everything else passes through."""

    def __init__(self, name, network, witness, fed):
        self.__dict__.update(_name=name, _network=network, _witness=witness, _fed=fed)

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
        result = self._witness.call(lambda: call(*args), name, named)
        self._witness.note_exchanged(name, params, self._network.params)
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
