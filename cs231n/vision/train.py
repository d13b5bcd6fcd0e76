"""How the network learned to see: `python -m cs231n.vision.train` trains it again, in minutes.

It is trained in float32 with the kit's own convolution and pooling, on toycap pictures of a split
of its own. Then its weights are rounded to whole numbers -127 … 127, each filter on its own scale.
What comes out sees as well as the shipped weights; its bits depend on the machine's arithmetic,
and with them all features, so the shipped weights stay as they are.
"""

import argparse
from pathlib import Path

import numpy as np

from ..layers import (
    conv_backward_fast,
    conv_forward_fast,
    max_pool_backward_fast,
    max_pool_forward_fast,
)
from ..scenes.toycap import make_scenes
from .cells import accuracy, cell_labels, either
from .network import KINDS, MIDDLE, SHAPES, SIZED, TOP, Layer, look

CEILING = 6.0  # activations lie between 0 and this, so that 0 … 255 can stand for them
POOL = {"pool_height": 2, "pool_width": 2, "stride": 2}
NOTHING = 0.05  # weight of a cell that should or may see nothing; of any other, 1


def initial_params(rng):
    """Random filters and zero biases: a dictionary, conv1_w (filters, channels, size, size) …"""
    params = {}
    for shape in SHAPES:
        inputs = shape.channels * shape.size**2
        filters = rng.standard_normal((shape.filters, shape.channels, shape.size, shape.size))
        params[f"{shape.name}_w"] = (filters * np.sqrt(2 / inputs)).astype(np.float32)
        params[f"{shape.name}_b"] = np.zeros(shape.filters, np.float32)
    return params


def prepare(pictures):
    """Pictures (N, 64, 64, 3), uint8, for the network: (N, 3, 64, 64), float32, -1..1."""
    return (pictures.transpose(0, 3, 1, 2) - np.float32(MIDDLE)) / np.float32(MIDDLE)


def loss(params, x, kind, sized):
    """The mean loss over the cells, in nats, and its gradients.

    Inputs:
    - params: as from initial_params
    - x: pictures, shape (N, 3, 64, 64), float32, as from prepare
    - kind, sized: as from cells.cell_labels

    Returns a tuple of:
    - loss: a number
    - grads: a dictionary with params' keys
    """
    ways_back = []
    for shape in SHAPES:
        w, b = params[f"{shape.name}_w"], params[f"{shape.name}_b"]
        x, way_back = _forward(x, w, b, shape)
        ways_back.append(way_back)
    dx = np.empty_like(x)
    kinds, dx[:, : KINDS + 1] = _cross_entropy(x[:, : KINDS + 1], kind, KINDS)
    sizes, dx[:, KINDS + 1 :] = _cross_entropy(x[:, KINDS + 1 :], sized, SIZED)
    grads = {}
    for shape, way_back in reversed(list(zip(SHAPES, ways_back))):
        dx, grads[f"{shape.name}_w"], grads[f"{shape.name}_b"] = _backward(dx, way_back, shape)
    return kinds + sizes, grads


def train(pictures, scenes, rng, epochs=6, batch_size=25, learning_rate=5e-3, report=print):
    """Train a network by Adam, with a learning rate that rises for a while and then falls to 0.

    Inputs:
    - pictures: shape (N, 64, 64, 3), uint8
    - scenes: list of N Scene
    - rng: np.random.Generator, for the initial weights and the order of the pictures
    - epochs: how many times each picture is seen
    - report: called with a line for each epoch

    Returns a tuple of:
    - params: as from initial_params
    - losses: list of the losses, one for each batch
    """
    kind, sized = cell_labels(scenes)
    params, losses = initial_params(rng), []
    moments = {name: (np.zeros_like(p), np.zeros_like(p)) for name, p in params.items()}
    steps = epochs * (len(pictures) // batch_size)
    for epoch in range(epochs):
        order = rng.permutation(len(pictures))
        for start in range(0, len(pictures) - batch_size + 1, batch_size):
            batch = order[start : start + batch_size]
            x = prepare(pictures[batch])
            value, grads = loss(params, x, kind[batch], sized[batch])
            losses.append(value)
            t = len(losses)
            rate = learning_rate * min(1, 10 * t / steps, 1.25 * (1 - (t - 1) / steps))
            _adam(params, grads, moments, rate, t)
        report(f"epoch {epoch + 1} of {epochs}: loss {np.mean(losses[-t // (epoch + 1) :]):.4f}")
    return params, losses


def quantize(params):
    """Round a trained network to whole numbers: a tuple of Layer, for network.look.

    Filter f is stored as round(127 * w / max|w|). A unit of an activation is CEILING / 255, one of
    a pixel 1 / 128; the scale of a filter turns sums of products into units of what comes out.
    """
    layers, unit = [], 1 / MIDDLE
    for shape in SHAPES:
        w, b = params[f"{shape.name}_w"], params[f"{shape.name}_b"]
        step = np.abs(w).max(axis=(1, 2, 3)) / 127
        whole = np.rint(w.transpose(2, 3, 1, 0) / step)
        result = 1 if shape is SHAPES[-1] else CEILING / TOP
        parts = whole, np.rint(b / (step * unit)), step * unit / result
        layers.append(Layer(*(part.astype(np.float32) for part in parts)))
        unit = result
    return tuple(layers)


def save(layers, path):
    """Write layers to a file for network.load_layers: w as int8, b as int32, scale as float32."""
    types = {"w": np.int8, "b": np.int32, "scale": np.float32}
    stored = {
        f"{shape.name}_{part}": getattr(layer, part).astype(types[part])
        for shape, layer in zip(SHAPES, layers)
        for part in Layer._fields
    }
    np.savez(path, **stored)


def scores(params, pictures):
    """The scores before rounding, as network.look returns them after: shape (N, 8, 8, 82)."""
    parts = []
    for start in range(0, len(pictures), 100):
        x = prepare(pictures[start : start + 100])
        for shape in SHAPES:
            x, _ = _forward(x, params[f"{shape.name}_w"], params[f"{shape.name}_b"], shape)
        parts.append(x.transpose(0, 2, 3, 1))
    return np.concatenate(parts)


def _forward(x, w, b, shape):
    conv_param = {"stride": shape.stride, "pad": shape.size // 2}
    sums, conv_cache = conv_forward_fast(x, w, b, conv_param)
    if shape is SHAPES[-1]:
        return sums, (conv_cache, None, None)
    pool_cache = None
    if shape.pool:
        sums, pool_cache = max_pool_forward_fast(sums, POOL)
    return np.minimum(np.maximum(sums, 0), np.float32(CEILING)), (conv_cache, pool_cache, sums)


def _backward(dout, cache, shape):
    conv_cache, pool_cache, sums = cache
    if sums is not None:
        dout = dout * ((sums > 0) & (sums < CEILING))
    if pool_cache is not None:
        dout = max_pool_backward_fast(dout, pool_cache)
    return conv_backward_fast(dout, conv_cache, need_dx=shape is not SHAPES[0])


def _cross_entropy(x, labels, nothing):
    """The weighted mean cross-entropy of scores (N, C, 8, 8), and its gradient."""
    unsure = labels < 0
    weights = np.where(unsure | (labels == nothing), np.float32(NOTHING), np.float32(1))
    weights = (weights / len(labels))[:, None]
    classes = np.arange(x.shape[1])[None, :, None, None]
    right = classes == np.where(unsure, either(labels), labels)[:, None]
    right |= (classes == nothing) & unsure[:, None]
    shares = np.exp(x - x.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    hits = shares * right
    hit = hits.sum(axis=1, keepdims=True) + np.float32(1e-30)
    return float(-(weights * np.log(hit)).sum()), (shares - hits / hit) * weights


def _adam(params, grads, moments, rate, t):
    for name, grad in grads.items():
        first, second = moments[name]
        first += 0.1 * (grad - first)
        second += 0.01 * (grad * grad - second)
        root = np.sqrt(second / (1 - 0.99**t))
        params[name] -= (rate / (1 - 0.9**t)) * first / (root + 1e-8)


def main(arguments=None):
    """Train, round, say how well it sees before and after, and write the weights."""
    parser = argparse.ArgumentParser(prog="python -m cs231n.vision.train", description=__doc__)
    parser.add_argument("file", type=Path, help="where to write the weights, such as weights.npz")
    parser.add_argument("--pictures", type=int, default=12000, help="to learn from")
    parser.add_argument("--epochs", type=int, default=6, help="times that each is seen")
    parser.add_argument("--seed", type=int, default=0, help="of the random numbers")
    chosen = parser.parse_args(arguments)
    rng = np.random.default_rng(chosen.seed)
    params, _ = train(*make_scenes("vision", chosen.pictures), rng, chosen.epochs)
    layers = quantize(params)
    pictures, scenes = make_scenes("test", 1000)
    labels = cell_labels(scenes)
    for name, result in (
        ("float32", scores(params, pictures)),
        ("rounded", look(pictures, layers)[0]),
    ):
        right = ", ".join(f"{k} {v:.4f}" for k, v in accuracy(result, *labels).items())
        print(f"{name}: {right}")
    save(layers, chosen.file)


if __name__ == "__main__":
    main()
