"""Our time over JAX's (compiled by XLA, CPU) on one core: `python -m benchmarks.rivals`.

Where JAX is not installed, it says so and measures nothing. JAX gets channels-last pictures, its
best layout on a CPU; the first call, which compiles, is not counted.
"""

import importlib.util
import os
import sys

import numpy as np


def convolution(count, channels, side, filters, size):
    """A builder for forward and backward of a convolution, stride 1; see benchmarks.table."""

    def build(dtype):
        import jax

        from benchmarks.convolution import convolution as ours
        from benchmarks.convolution import filled

        rng = np.random.default_rng(0)
        arrays = [
            filled(rng, shape, dtype)
            for shape in ((count, side, side, channels), (size, size, channels, filters))
        ]
        b, dout = filled(rng, (filters,), dtype), filled(rng, (count, side, side, filters), dtype)
        arrays = [jax.numpy.asarray(each) for each in (*arrays, b, dout)]

        @jax.jit
        def both(x, w, b, dout):
            out, back = jax.vjp(_convolve, x, w, b)
            return out, back(dout)

        mine, _ = ours(count, channels, side, filters, size)(dtype)
        return mine, lambda: jax.block_until_ready(both(*arrays))

    return build


def three_layer_step(dtype):
    """One training step of ThreeLayerConvNet, 50 pictures, Adam."""
    import jax

    from benchmarks.convolution import filled
    from benchmarks.convolution import three_layer_step as ours

    rng = np.random.default_rng(0)
    shapes = ((7, 7, 3, 32), (32,), (8192, 100), (100,), (100, 10), (10,))
    params = [jax.numpy.asarray(filled(rng, shape, dtype) * dtype.type(0.05)) for shape in shapes]
    X, y = jax.numpy.asarray(filled(rng, (50, 32, 32, 3), dtype)), rng.integers(10, size=50)
    zeros = [jax.numpy.zeros_like(w) for w in params]
    state = {"now": (params, zeros, zeros, 1)}
    step = jax.jit(lambda *state: _adam(jax.grad(_loss)(state[0], X, y), *state))

    def theirs():
        state["now"] = jax.block_until_ready(step(*state["now"]))

    return ours(dtype)[0], theirs


ROWS = {
    "conv 32→32, 3×3, 32²": convolution(50, 32, 32, 32, 3),
    "conv 64→64, 3×3, 16²": convolution(128, 64, 16, 64, 3),
    "step: ThreeLayerConvNet": three_layer_step,
}


def main():
    """Print a ratio for each row; return the exit status."""
    if importlib.util.find_spec("jax") is None:
        print("JAX is not installed: no rows.")
        return 0
    _one_core()
    import jax

    jax.config.update("jax_enable_x64", True)
    from benchmarks.measure import paired

    print(f"{'':42} {'ours, ms':>9} {'JAX, ms':>9} {'ratio':>6}   (JAX {jax.__version__})")
    for label, build in ROWS.items():
        for dtype in (np.dtype(np.float32), np.dtype(np.float64)):
            mine, rivals, ratio = paired(*build(dtype))
            print(f"{label + ', ' + dtype.name:42} {mine:9.3f} {rivals:9.3f} {ratio:6.2f}")
    return 0


def _convolve(x, w, b):
    from jax import lax

    return lax.conv_general_dilated(x, w, (1, 1), "SAME", dimension_numbers=LAYOUT) + b


LAYOUT = ("NHWC", "HWIO", "NHWC")


def _loss(params, X, y):
    import jax

    w1, b1, w2, b2, w3, b3 = params
    maps = jax.nn.relu(_convolve(X, w1, b1))
    window = (1, 2, 2, 1)
    pooled = jax.lax.reduce_window(maps, -np.inf, jax.lax.max, window, window, "VALID")
    hidden = jax.nn.relu(pooled.reshape(len(X), -1) @ w2 + b2)
    scores = jax.nn.log_softmax(hidden @ w3 + b3)
    return -scores[np.arange(len(y)), y].mean()


def _adam(grads, params, means, squares, t):
    """Adam with the usual numbers: new parameters, both averages, and the next step's number."""
    means = [0.9 * m + 0.1 * g for m, g in zip(means, grads)]
    squares = [0.999 * v + 0.001 * g * g for v, g in zip(squares, grads)]
    rate, root = 1e-3 / (1 - 0.9**t), 1 - 0.999**t
    steps = [rate * m / ((v / root) ** 0.5 + 1e-8) for m, v in zip(means, squares)]
    return [w - s.astype(w.dtype) for w, s in zip(params, steps)], means, squares, t + 1


def _one_core():
    """XLA has no count of threads to set: the process stays on one core instead."""
    if not hasattr(os, "sched_setaffinity"):
        sys.exit("One core cannot be chosen on this system: JAX would use them all.")
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


if __name__ == "__main__":
    sys.exit(main())
