"""Mistakes in the layers, the loss and the initial weights of FullyConnectedNets."""

import numpy as np

from cs231n.layers import affine_backward, relu_forward, softmax_loss

from . import wrong

# affine_forward


@wrong("affine_forward", cause="the bias b is not added")
def affine_forward_without_bias(x, w, b):
    return x.reshape(len(x), -1) @ w, (x, w, b)


@wrong("affine_forward", cause="the bias is subtracted; it is added")
def affine_forward_minus_bias(x, w, b):
    return x.reshape(len(x), -1) @ w - b, (x, w, b)


@wrong("affine_forward", cause="reshape((-1, N)).T mixes numbers of different examples in a row")
def affine_forward_mixed_rows(x, w, b):
    return x.reshape(-1, len(x)).T @ w + b, (x, w, b)


@wrong("affine_forward", cause="order='F' lays each example out column by column; keep its order")
def affine_forward_fortran(x, w, b):
    return x.reshape(len(x), -1, order="F") @ w + b, (x, w, b)


@wrong(
    "affine_forward", cause="only x with two axes is handled: lay each example out as a row first"
)
def affine_forward_flat_only(x, w, b):
    return np.dot(x, w) + b, (x, w, b)


@wrong(
    "affine_forward",
    cause="the bias is added by rows, b[:, None]; it belongs to columns, one number per output",
)
def affine_forward_bias_by_row(x, w, b):
    return x.reshape(len(x), -1) @ w + np.resize(b, len(x))[:, None], (x, w, b)


@wrong("affine_forward", cause="w is transposed before the product; its rows already match D")
def affine_forward_transposed(x, w, b):
    rows = x.reshape(len(x), -1)
    return rows @ w.T + b, (x, w, b)


@wrong("affine_forward", cause="the result is cut to whole numbers: out was made with dtype int")
def affine_forward_whole_numbers(x, w, b):
    out = np.zeros((len(x), w.shape[1]), dtype=int)
    out[:] = x.reshape(len(x), -1) @ w + b
    return out, (x, w, b)


@wrong(
    "affine_forward", cause="the bias is added into w's rows, in place; w is not yours to change"
)
def affine_forward_writes_w(x, w, b):
    out = x.reshape(len(x), -1) @ w + b
    w += b
    return out, (x, w, b)


# affine_backward


@wrong("affine_backward", cause="db is averaged over the batch; the batch is summed")
def affine_backward_mean(dout, cache):
    dx, dw, _ = affine_backward(dout, cache)
    return dx, dw, dout.mean(axis=0)


@wrong(
    "affine_backward", cause="db is summed over axis 1; b meets every example, so sum over axis 0"
)
def affine_backward_wrong_axis(dout, cache):
    dx, dw, _ = affine_backward(dout, cache)
    return dx, dw, dout.sum(axis=1)


@wrong(
    "affine_backward", cause="db keeps a batch axis: keepdims=True leaves (1, M) where (M,) belongs"
)
def affine_backward_keepdims(dout, cache):
    dx, dw, _ = affine_backward(dout, cache)
    return dx, dw, dout.sum(axis=0, keepdims=True)


@wrong("affine_backward", cause="dx stays flat, (N, D); give it the shape of x again")
def affine_backward_flat_dx(dout, cache):
    _, dw, db = affine_backward(dout, cache)
    return dout @ cache[1].T, dw, db


@wrong("affine_backward", cause="dw is transposed: its shape is that of w, (D, M)")
def affine_backward_transposed_dw(dout, cache):
    dx, dw, db = affine_backward(dout, cache)
    return dx, dw.T, db


@wrong("affine_backward", cause="dx multiplies with w where the transpose of w belongs")
def affine_backward_w_not_transposed(dout, cache):
    _, dw, db = affine_backward(dout, cache)
    return (dout @ cache[1]).reshape(cache[0].shape), dw, db


@wrong(
    "affine_backward",
    cause="dw is divided by N; the mean over the batch is softmax_loss's business",
)
def affine_backward_mean_dw(dout, cache):
    dx, dw, db = affine_backward(dout, cache)
    return dx, dw / len(dout), db


@wrong(
    "affine_backward", cause="dx and dw are returned in each other's place; the order is dx, dw, db"
)
def affine_backward_swapped(dout, cache):
    dx, dw, db = affine_backward(dout, cache)
    return dw, dx, db


@wrong("affine_backward", cause="only the first example reaches db; every example does")
def affine_backward_first_row(dout, cache):
    dx, dw, _ = affine_backward(dout, cache)
    return dx, dw, dout[0].copy()


@wrong("affine_backward", cause="dx is the gradient dout times x, not times w")
def affine_backward_ones(dout, cache):
    _, dw, db = affine_backward(dout, cache)
    x = cache[0]
    return dout.sum(axis=1).reshape(-1, *[1] * (x.ndim - 1)) * x, dw, db


@wrong("affine_backward", cause="dout is scaled in place; others still need it")
def affine_backward_in_place(dout, cache):
    result = affine_backward(dout, cache)
    dout /= len(dout)
    return result


@wrong("affine_backward", cause="the last example is left out of dw and db: a range ends too early")
def affine_backward_misses_last(dout, cache):
    dx, _, _ = affine_backward(dout, cache)
    rows = cache[0].reshape(len(dout), -1)
    return dx, rows[:-1].T @ dout[:-1], dout[:-1].sum(axis=0)


@wrong("affine_backward", cause="dx points the wrong way: its sign is flipped")
def affine_backward_negative_dx(dout, cache):
    dx, dw, db = affine_backward(dout, cache)
    return -dx, dw, db


# ReLU


@wrong("relu_forward", cause="absolute value: negative inputs become 0, not positive")
def relu_forward_abs(x):
    return np.abs(x), x


@wrong("relu_forward", cause="minimum for maximum: what is kept is the negative side")
def relu_forward_minimum(x):
    return np.minimum(x, 0), x


@wrong("relu_forward", cause="a leaky ReLU: negative inputs become exactly 0 here")
def relu_forward_leaky(x):
    return np.maximum(0.01 * x, x), x


@wrong("relu_forward", cause="a step, 0 or 1, instead of the input itself where it is positive")
def relu_forward_step(x):
    return (x > 0).astype(x.dtype), x


@wrong("relu_forward", cause="x itself is cut off in place; the cache needs it as it was")
def relu_forward_in_place(x):
    x[x < 0] = 0
    return x, x


@wrong("relu_forward", cause="np.max gives one number; np.maximum works element by element")
def relu_forward_single_max(x):
    return np.max(x), x


@wrong("relu_backward", cause="dout is overwritten: dx is another name for it; make a new array")
def relu_backward_writes_dout(dout, cache):
    dx = dout
    dx[cache <= 0] = 0
    return dx


@wrong("relu_backward", cause="the cached x is overwritten by a mask; make a new array")
def relu_backward_writes_x(dout, cache):
    cache[cache <= 0] = 0
    cache[cache > 0] = 1
    return dout * cache


@wrong("relu_backward", cause="the mask looks at dout; what counts is whether x was positive")
def relu_backward_masks_dout(dout, cache):
    return dout * (dout > 0)


@wrong("relu_forward", cause="the result is cut to whole numbers by astype(int)")
def relu_forward_whole_numbers(x):
    return np.maximum(x, 0).astype(int), x


@wrong("relu_forward", cause="the sign is flipped: -max(0, x)")
def relu_forward_negative(x):
    return -np.maximum(x, 0), x


@wrong("relu_forward", cause="the cut is at 1; it is at 0")
def relu_forward_cut_at_one(x):
    return np.where(x > 1, x, 0), x


@wrong("relu_backward", cause="the mask cuts where x is below 1; the cut is at 0")
def relu_backward_cut_at_one(dout, cache):
    return dout * (cache > 1)


@wrong("relu_backward", cause="the sign is flipped: the gradient passes negated")
def relu_backward_negative(dout, cache):
    return -dout * (cache > 0)


@wrong("relu_backward", cause="dout passes everywhere; where x was negative nothing passes")
def relu_backward_passes_all(dout, cache):
    return dout.copy()


@wrong("relu_backward", cause="dout is multiplied by relu(x) instead of by 0 or 1")
def relu_backward_times_x(dout, cache):
    return dout * relu_forward(cache)[0]


@wrong(
    "relu_backward",
    cause="the mask is the wrong way round: the gradient passes where x is negative",
)
def relu_backward_inverted(dout, cache):
    return dout * (cache < 0)


@wrong("relu_backward", cause="dout is missing: the mask alone is only the local derivative")
def relu_backward_mask_only(dout, cache):
    return (cache > 0).astype(dout.dtype)


# softmax_loss


def _probabilities(x):
    shifted = np.exp(x - x.max(axis=1, keepdims=True))
    return shifted / shifted.sum(axis=1, keepdims=True)


@wrong("softmax_loss", cause="exp overflows: subtract each row's maximum before exp")
def softmax_unshifted(x, y):
    with np.errstate(all="ignore"):
        p = np.exp(x) / np.exp(x).sum(axis=1, keepdims=True)
        loss = -np.log(p[np.arange(len(x)), y]).mean()
    p[np.arange(len(x)), y] -= 1
    return loss, p / len(x)


@wrong(
    "softmax_loss",
    cause="log of a probability that underflows to 0 is infinite: use log of the sum",
)
def softmax_underflowing(x, y):
    with np.errstate(divide="ignore"):
        loss = -np.log(_probabilities(x)[np.arange(len(x)), y]).mean()
    return loss, softmax_loss(x, y)[1]


@wrong(
    "softmax_loss",
    cause="a small number added inside the log hides the underflow and bends the loss",
)
def softmax_padded_log(x, y):
    loss = -np.log(_probabilities(x)[np.arange(len(x)), y] + 1e-12).mean()
    return loss, softmax_loss(x, y)[1]


@wrong(
    "softmax_loss",
    cause="probabilities are clipped before the log, so a hopeless example costs too little",
)
def softmax_clipped(x, y):
    p = np.clip(_probabilities(x), 1e-15, 1)
    return -np.log(p[np.arange(len(x)), y]).mean(), softmax_loss(x, y)[1]


@wrong(
    "softmax_loss",
    cause="the maximum of the whole array is subtracted: rows far below it underflow",
)
def softmax_global_max(x, y):
    rows = np.arange(len(x))
    with np.errstate(all="ignore"):
        total = np.exp(x - x.max()).sum(axis=1)
        loss = np.mean(np.log(total) - (x - x.max())[rows, y])
        p = np.exp(x - x.max()) / total[:, None]
    p[rows, y] -= 1
    return loss, p / len(x)


@wrong("softmax_loss", cause="loss is summed over the batch; it is the mean")
def softmax_summed_loss(x, y):
    loss, dx = softmax_loss(x, y)
    return loss * len(x), dx


@wrong("softmax_loss", cause="dx lacks the division by N")
def softmax_summed_gradient(x, y):
    loss, dx = softmax_loss(x, y)
    return loss, dx * len(x)


@wrong("softmax_loss", cause="both loss and dx are summed over the batch; both are means")
def softmax_summed(x, y):
    loss, dx = softmax_loss(x, y)
    return loss * len(x), dx * len(x)


@wrong(
    "softmax_loss", cause="dx is the probabilities alone: 1 is to be taken off at the true class"
)
def softmax_without_minus_one(x, y):
    return softmax_loss(x, y)[0], _probabilities(x) / len(x)


@wrong("softmax_loss", cause="the log is missing its minus sign")
def softmax_positive_log(x, y):
    loss, dx = softmax_loss(x, y)
    return -loss, dx


@wrong("softmax_loss", cause="dx points uphill the wrong way: true class minus probability")
def softmax_negative_gradient(x, y):
    loss, dx = softmax_loss(x, y)
    return loss, -dx


@wrong(
    "softmax_loss", cause="probabilities are normalised over the batch (axis 0), not over classes"
)
def softmax_over_batch(x, y):
    shifted = np.exp(x - x.max(axis=0))
    p = shifted / shifted.sum(axis=0)
    loss = -np.log(np.maximum(p[np.arange(len(x)), y], 1e-300)).mean()
    p[np.arange(len(x)), y] -= 1
    return loss, p / len(x)


@wrong(
    "softmax_loss", cause="the division by N comes before the 1 is taken off, which it must follow"
)
def softmax_divided_too_early(x, y):
    p = _probabilities(x) / len(x)
    p[np.arange(len(x)), y] -= 1
    return softmax_loss(x, y)[0], p


@wrong("softmax_loss", cause="the logarithm has base 2; the loss is in nats")
def softmax_bits(x, y):
    loss, dx = softmax_loss(x, y)
    return loss / np.log(2), dx


@wrong(
    "softmax_loss", cause="the probabilities are cut to whole numbers: dx was made with dtype int"
)
def softmax_whole_numbers(x, y):
    loss, dx = softmax_loss(x, y)
    return loss, dx.astype(int)


@wrong("softmax_loss", cause="the true class is left out of the sum of exponentials")
def softmax_without_true_class(x, y):
    rows = np.arange(len(x))
    shifted = x - x.max(axis=1, keepdims=True)
    e = np.exp(shifted)
    with np.errstate(all="ignore"):
        return np.mean(np.log(e.sum(axis=1) - e[rows, y]) - shifted[rows, y]), softmax_loss(x, y)[1]


@wrong("softmax_loss", cause="the maximum is taken over axis 0; it is each row's own, axis 1")
def softmax_maximum_of_columns(x, y):
    with np.errstate(all="ignore"):
        e = np.exp(x - x.max(axis=0))
        p, rows = e / e.sum(axis=1, keepdims=True), np.arange(len(x))
        loss = np.mean(np.log(e.sum(axis=1)) - (x - x.max(axis=0))[rows, y])
    p[rows, y] -= 1
    return loss, p / len(x)


@wrong("softmax_loss", cause="exp is summed over the whole array; each row has a sum of its own")
def softmax_one_sum(x, y):
    e, rows = np.exp(x - x.max(axis=1, keepdims=True)), np.arange(len(x))
    with np.errstate(divide="ignore"):
        loss = -np.mean(np.log((e / e.sum())[rows, y]))
    p = e / e.sum()
    p[rows, y] -= 1
    return loss, p / len(x)


@wrong("softmax_loss", cause="log10 is the logarithm of base 10; the loss is in nats, np.log")
def softmax_decimal(x, y):
    shifted = x - x.max(axis=1, keepdims=True)
    loss = np.mean(np.log10(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(x)), y])
    return loss, softmax_loss(x, y)[1]


@wrong("softmax_loss", cause="a small number inside the log caps the loss: use log of the sum")
def softmax_capped(x, y):
    p = _probabilities(x)[np.arange(len(x)), y]
    return -np.mean(np.log(p + 1e-8)), softmax_loss(x, y)[1]


@wrong("softmax_loss", cause="dx has the true classes alone; every score gets its probability")
def softmax_only_true_class(x, y):
    loss, dx = softmax_loss(x, y)
    rows, kept = np.arange(len(x)), np.zeros_like(dx)
    kept[rows, y] = dx[rows, y]
    return loss, kept


@wrong("softmax_loss", cause="dx subtracts the label itself; subtract 1 where the true class is")
def softmax_minus_label(x, y):
    return softmax_loss(x, y)[0], (_probabilities(x) - y[:, None]) / len(x)


@wrong("softmax_loss", cause="the log of the shifted sum meets scores that are not shifted")
def softmax_half_shifted(x, y):
    sums = np.exp(x - x.max(axis=1, keepdims=True)).sum(axis=1)
    return np.mean(np.log(sums) - x[np.arange(len(x)), y]), softmax_loss(x, y)[1]


@wrong("softmax_loss", cause="labels are counted from 1; class 0 is the first")
def softmax_labels_from_one(x, y):
    return softmax_loss(x, (y - 1) % x.shape[1])


@wrong(
    "softmax_loss", cause="loss and dx are divided by C, the classes; the mean is over N examples"
)
def softmax_over_classes(x, y):
    loss, dx = softmax_loss(x, y)
    return loss * len(x) / x.shape[1], dx * len(x) / x.shape[1]


@wrong("softmax_loss", cause="x is shifted in place; the scores are others' too")
def softmax_in_place(x, y):
    x -= x.max(axis=1, keepdims=True)
    return softmax_loss(x, y)


@wrong(
    "softmax_loss", cause="p[:, y] picks whole columns for every row; pair each row with its label"
)
def softmax_columns(x, y):
    p = _probabilities(x)
    p[:, y] -= 1
    return softmax_loss(x, y)[0], p / len(x)


# init_weights


def _drawing(std):
    """An init_weights with std(scale, fan_in, fan_out)."""

    def init_weights(shape, weight_scale, rng=None):
        return std(weight_scale, *shape) * rng.standard_normal(shape)

    return init_weights


def _scales(xavier, he, number=lambda s: s):
    return lambda s, d, m: {"xavier": xavier(d, m), "he": he(d, m)}.get(s) or number(s)


def _xavier(d, m):
    return (2 / (d + m)) ** 0.5


def _he(d, m):
    return (2 / d) ** 0.5


INITIALISATIONS = [
    ("the root is missing: 'xavier' and 'he' give a variance, a spread is its root",
     lambda d, m: 2 / (d + m), lambda d, m: 2 / d),
    ("'xavier' divides 1 by D + M; it is 2", lambda d, m: (1 / (d + m)) ** 0.5, _he),
    ("'xavier' looks at D alone; it averages D and M", lambda d, m: (1 / d) ** 0.5, _he),
    ("'he' divides 1 by D; ReLU halves the signal, so it is 2", _xavier, lambda d, m: d**-0.5),
    ("'he' counts the outputs M; it is the inputs D that add up", _xavier,
     lambda d, m: (2 / m) ** 0.5),
    ("'xavier' and 'he' are exchanged", _he, _xavier),
    ("'xavier' leaves the 2 over 'D + M' outside of the root", lambda d, m: 2 / (d + m) ** 0.5,
     _he),
]  # fmt: skip

for _cause, _x, _h in INITIALISATIONS:
    wrong("init_weights", cause=_cause)(_drawing(_scales(_x, _h)))


@wrong("init_weights", cause="the shape is reversed: (D, M), rows first")
def init_weights_reversed(shape, weight_scale, rng=None):
    std = _scales(_xavier, _he)(weight_scale, *shape)
    return std * rng.standard_normal(shape[::-1])


@wrong("init_weights", cause="numbers from 0 to 1 (rand): their mean is not 0")
def init_weights_uniform(shape, weight_scale, rng=None):
    return _scales(_xavier, _he)(weight_scale, *shape) * rng.random(shape)
