"""What a model carries beside its parameters: batch norm's running averages, dropout's masks."""

import numpy as np


def averages(model):
    """Copies of batch norm's running averages: no gradient moves them, yet they are the model's.

    Returns a dictionary from a layer's place in bn_params, as text, to its arrays by their names;
    empty for a model without bn_params.
    """
    return {
        str(i): {key: v.copy() for key, v in bn_param.items() if isinstance(v, np.ndarray)}
        for i, bn_param in enumerate(getattr(model, "bn_params", ()))
    }


def set_averages(model, saved):
    """Give a model back copies of the running averages that `averages` took of it."""
    for i, arrays in saved.items():
        model.bn_params[int(i)] |= {key: value.copy() for key, value in arrays.items()}


def mask_generator(model):
    """The generator that dropout's masks are drawn from; None where there is none."""
    return getattr(model, "dropout_param", {}).get("rng")
