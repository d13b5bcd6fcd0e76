"""Numeric gradients: slow, but right without a derivation, and so what yours are held against."""

import itertools

import numpy as np


def rel_error(x, y):
    """Largest difference between two arrays, relative to their size, element by element.

    max |x − y| / max(1e−8, |x| + |y|); two arrays that agree give 1e−7 or less.

    Inputs:
    - x, y: Arrays of one shape, any; or numbers

    Returns a number in 0 .. 1; 0 for empty arrays.

    Raises ValueError if the shapes differ.
    """
    x, y = np.asarray(x), np.asarray(y)
    if x.shape != y.shape:
        raise ValueError(f"cannot compare shape {x.shape} with shape {y.shape}")
    return float(np.max(np.abs(x - y) / np.maximum(1e-8, np.abs(x) + np.abs(y)), initial=0.0))


def eval_numerical_gradient(f, x, verbose=True, h=1e-5):
    """Gradient of a number by an array, by central differences.

    grad[i] = (f(x + h·e_i) − f(x − h·e_i)) / 2h, with e_i one at index i and zero elsewhere.

    Inputs:
    - f: Function of one array that returns a number
    - x: Point at which to differentiate, a floating-point array
    - verbose: print each index and slope
    - h: half the distance between the two points of a difference

    Returns:
    - grad: shape of x, float64

    Perturbs x in place, for functions that hold on to it, and puts it back.
    """
    return _central_differences(f, x, lambda difference: difference, verbose, h)


def eval_numerical_gradient_array(f, x, df, h=1e-5):
    """Gradient of a loss by an array, through a function that returns an array.

    grad[i] = Σ df · (f(x + h·e_i) − f(x − h·e_i)) / 2h

    Inputs:
    - f: Function of one array that returns an array
    - x: Point at which to differentiate, a floating-point array
    - df: Derivative of the loss by what f returns, of its shape
    - h: half the distance between the two points of a difference

    Returns:
    - grad: shape of x, float64

    Perturbs x in place, for functions that hold on to it, and puts it back.
    """
    return _central_differences(f, x, lambda difference: np.sum(difference * df), False, h)


def grad_check_sparse(f, x, analytic_grad, num_checks=10, h=1e-5, rng=None):
    """Compare a gradient with the numeric one at a few random places.

    Inputs:
    - f: Function of one array that returns a number
    - x: Point at which to differentiate, a floating-point array
    - analytic_grad: Gradient to check, shape of x
    - num_checks: how many places
    - h: half the distance between the two points of a difference
    - rng: np.random.Generator or a seed; without one, the same places every time

    Returns the largest relative error, and prints one line a place. Puts x back.
    """
    rng = np.random.default_rng(0 if rng is None else rng)
    worst = 0.0
    for _ in range(num_checks):
        index = tuple(int(rng.integers(size)) for size in x.shape)
        numeric, analytic = float(_slope(f, x, index, h)), float(analytic_grad[index])
        error = abs(numeric - analytic) / max(1e-8, abs(numeric) + abs(analytic))
        worst = max(worst, error)
        print(f"numerical: {numeric:f} analytic: {analytic:f}, relative error: {error:e}")
    return worst


def directional_error(forward, backward, args, rng, h=1e-5):
    """Relative error between the analytic and the numeric slope along one random direction.

    Two forward calls instead of two for every number, so that whole networks can be tested.

    Inputs:
    - forward: Function of args that returns (out, cache)
    - backward: Function of (dout, cache) that returns a gradient for each of args, in order
    - args: Floating-point arrays
    - rng: np.random.Generator
    - h: length of half a step

    Returns a number: about 1e−11 when right in float64, 5e−3 when 1 % off.
    """
    out, cache = forward(*args)
    dout = rng.standard_normal(out.shape)
    steps = [rng.standard_normal(a.shape) for a in args]
    plus, _ = forward(*(a + h * s for a, s in zip(args, steps, strict=True)))
    minus, _ = forward(*(a - h * s for a, s in zip(args, steps, strict=True)))
    numeric = np.sum(dout * (plus - minus)) / (2 * h)
    grads = backward(dout, cache)
    grads = grads if isinstance(grads, tuple) else (grads,)
    analytic = sum(np.sum(g * s) for g, s in zip(grads, steps, strict=True))
    return float(abs(numeric - analytic) / max(1e-8, abs(numeric) + abs(analytic)))


def _central_differences(f, x, reduce, verbose, h):
    """The slope of reduce(f) along each entry of x."""
    grad = np.zeros(x.shape)
    for index in itertools.product(*map(range, x.shape)):
        grad[index] = reduce(_slope(f, x, index, h))
        if verbose:
            print(index, grad[index])
    return grad


def _slope(f, x, index, h):
    """Central difference of f along one entry of x, which is put back even if f fails."""
    if not np.issubdtype(x.dtype, np.floating):
        raise TypeError(f"x is {x.dtype} and cannot move by {h}; use x.astype(np.float64)")
    old = x[index]
    try:
        x[index] = old + h
        plus = np.array(f(x))
        x[index] = old - h
        minus = np.array(f(x))
    finally:
        x[index] = old
    return (plus - minus) / (2 * h)
