"""Other right solutions of Dropout: other ways to draw, other caches."""

import numpy as np

from . import right


def generator(param):
    return np.random.default_rng(param["seed"]) if "seed" in param else param["rng"]


def dropout_forward_uniform(x, param):
    if param["mode"] != "train":
        return x.copy(), ("test", None)
    keep = generator(param).uniform(0, 1, size=x.shape) <= param["p"]
    return np.where(keep, x / param["p"], 0).astype(x.dtype), (keep, param["p"])


def dropout_backward_uniform(dout, cache):
    keep, p = cache
    return 1.0 * dout if p is None else np.where(keep, dout, 0) / p


def dropout_forward_binomial(x, param):
    mask = None
    if param["mode"] == "train":
        mask = generator(param).binomial(1, param["p"], size=x.shape) / param["p"]
    return x * (1 if mask is None else mask), {"mode": param["mode"], "mask": mask}


def dropout_backward_binomial(dout, cache):
    return {"train": lambda: cache["mask"] * dout, "test": lambda: dout}[cache["mode"]]()


def dropout_forward_from_the_top(x, param):
    if param["mode"] == "test":
        return x, None
    mask = (generator(param).random(x.shape) > 1 - param["p"]) / param["p"]
    return x * mask, mask


UNIFORM = {"dropout_forward": dropout_forward_uniform}
BINOMIAL = {"dropout_forward": dropout_forward_binomial}
right("dropout_forward", **UNIFORM)
right("dropout_forward", **BINOMIAL)
right("dropout_forward", dropout_forward=dropout_forward_from_the_top)
right("dropout_backward", **UNIFORM, dropout_backward=dropout_backward_uniform)
right("dropout_backward", **BINOMIAL, dropout_backward=dropout_backward_binomial)
