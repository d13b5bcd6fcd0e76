"""Mistakes in convolution and max pooling."""

import numpy as np

from cs231n.layers import conv_backward_naive, conv_forward_naive
from cs231n.layers import max_pool_backward_naive as pool_backward
from cs231n.layers import max_pool_forward_naive as pool_forward

from . import wrong

# Convolution, forward: the right one on changed arguments, or its result changed


def _forward(change=lambda x, w, b, stride, pad: (x, w, b, stride, pad), after=lambda out, x: out):
    def forward(x, w, b, conv_param):
        cache = x, w, b, conv_param
        x, w, b, stride, pad = change(x, w, b, conv_param["stride"], conv_param["pad"])
        out, _ = conv_forward_naive(x, w, b, {"stride": stride, "pad": pad})
        height, width = conv_forward_naive(*cache)[0].shape[2:]  # what was made to be filled
        return after(out[:, :, :height, :width], cache[0]), cache

    return forward


def _padded(x, pad, *sides, **mode):
    return np.pad(x, [(0, 0), (0, 0), *((pad * a, pad * b) for a, b in sides)], **mode)


def _as_it_lies(x):
    """What np.lib.stride_tricks makes of x with the strides of another."""
    return x.ravel(order="K").reshape(x.shape)


def _cut_square(w):
    return w[:, :, :, : w.shape[2]]


for _cause, _change in [
    ("the bias b is not added", lambda x, w, b, s, p: (x, w, 0 * b, s, p)),
    ("the bias is subtracted; it is added", lambda x, w, b, s, p: (x, w, -b, s, p)),
    ("every filter gets the first one's bias", lambda x, w, b, s, p: (x, w, 0 * b + b[0], s, p)),
    ("the filters are turned by 180°; here they lie on the picture as they are",
     lambda x, w, b, s, p: (x, w[:, :, ::-1, ::-1], b, s, p)),
    ("the padding is left out, and out is smaller for it", lambda x, w, b, s, p: (x, w, b, s, 0)),
    ("the stride is not used: windows move by one pixel", lambda x, w, b, s, p: (x, w, b, 1, p)),
    ("only the first channel is summed; a window has all channels",
     lambda x, w, b, s, p: (x[:, :1], w[:, :1], b, s, p)),
    ("only the first filter is used", lambda x, w, b, s, p: (x, 0 * w + w[:1], b, s, p)),
    ("the padding repeats the edge; it is of zeros",
     lambda x, w, b, s, p: (_padded(x, p, (1, 1), (1, 1), mode="edge"), w, b, s, 0)),
    ("the padding lies above and left only; it goes on all four sides",
     lambda x, w, b, s, p: (_padded(x, p, (2, 0), (2, 0)), w, b, s, 0)),
    ("the padding has one pixel, whatever pad says",
     lambda x, w, b, s, p: (x, w, b, s, min(p, 1))),
    ("strides are worked out from x.shape; x may lie in memory in another order: x.strides",
     lambda x, w, b, s, p: (_as_it_lies(x), w, b, s, p)),
    ("filters are taken to be square: their width is ignored",
     lambda x, w, b, s, p: (x, _cut_square(w), b, s, p)),
]:  # fmt: skip
    wrong("conv_forward_naive", _cause)(_forward(_change))


@wrong(
    "conv_forward_naive",
    cause="windows do not fit: pad height and width, on both sides of each, and no other axis",
)
def conv_padding_everything(x, w, b, conv_param):
    padded = np.pad(x, conv_param["pad"])
    out, _ = conv_forward_naive(padded, w, b, {"stride": conv_param["stride"], "pad": 0})
    return out, (x, w, b, conv_param)


@wrong(
    "conv_forward_naive",
    cause="out has the number type of x, and whole numbers cut decimals off; it is of w's",
)
def conv_whole_numbers(x, w, b, conv_param):
    out, cache = conv_forward_naive(x, w, b, conv_param)
    return out.astype(x.dtype), cache


@wrong("conv_forward_naive", cause="out's width is computed from the height of picture and filter")
def conv_square_output(x, w, b, conv_param):
    out, cache = conv_forward_naive(x, w, b, conv_param)
    side = out.shape[2]
    square = np.zeros((*out.shape[:2], side, side))
    square[..., : out.shape[3]] = out[..., :side]
    return square, cache


@wrong("conv_forward_naive", cause="out is too small by one: 1 + (H + 2 · pad − HH) / stride rows")
def conv_fence_posts(x, w, b, conv_param):
    out, cache = conv_forward_naive(x, w, b, conv_param)
    return out[:, :, :-1, :-1], cache


@wrong(
    "conv_forward_naive",
    cause="i runs over all of out, not in steps of the stride: windows begin at i · stride",
)
def conv_sparse(x, w, b, conv_param):
    out, cache = conv_forward_naive(x, w, b, {**conv_param, "stride": 1})
    stride = conv_param["stride"]
    height, width = conv_forward_naive(*cache[:3], conv_param)[0].shape[2:]
    sparse = np.zeros((*out.shape[:2], height, width))
    sparse[:, :, ::stride, ::stride] = out[:, :, :height:stride, :width:stride]
    return sparse, (x, w, b, conv_param)


@wrong(
    "conv_forward_naive",
    cause="height and width of the filters are exchanged: w is (F, C, HH, WW)",
)
def conv_filters_exchanged(x, w, b, conv_param):
    out, cache = conv_forward_naive(x, w, b, conv_param)
    padded, stride = _padded(x, conv_param["pad"], (1, 1), (1, 1)), conv_param["stride"]
    for n, f, i, j in np.ndindex(out.shape):
        top, left = i * stride, j * stride
        window = padded[n, :, top : top + w.shape[3], left : left + w.shape[2]]
        out[n, f, i, j] = np.sum(window * w[f]) + b[f]
    return out, cache


@wrong("conv_forward_naive", cause="the bias is added to each product; it comes once, to their sum")
def conv_many_biases(x, w, b, conv_param):
    return conv_forward_naive(x, w, w[0].size * b, conv_param)[0], (x, w, b, conv_param)


@wrong("conv_forward_naive", cause="each window is averaged with the filter; it is a sum")
def conv_mean(x, w, b, conv_param):
    out, cache = conv_forward_naive(x, w, 0 * b, conv_param)
    return out / w[0].size + b[:, None, None], cache


@wrong("conv_forward_naive", cause="conv_param is changed, and the next call finds another pad")
def conv_pad_spent(x, w, b, conv_param):
    result = conv_forward_naive(x, w, b, conv_param)
    conv_param["pad"] = 0
    return result


# Convolution, backward: the right loops, in which each mistake changes a part


def _add(old, new):
    return old + new


def _replace(old, new):
    return new


def _cut(dpadded, pad, height, width):
    return dpadded[:, :, pad : pad + height, pad : pad + width]


PARTS = {
    "place": lambda i, stride: i * stride,
    "add_dx": _add,
    "add_dw": _add,
    "filters": lambda w: w,
    "cut": _cut,
    "db": lambda dout: dout.sum(axis=(0, 2, 3)),
    "dout": lambda dout: dout,
    "after": lambda dx, dw, db, n: (dx, dw, db),
}


def _backward(**changed):
    parts = {**PARTS, **changed}

    def backward(dout, cache):
        x, w, _, conv_param = cache
        stride, pad = conv_param["stride"], conv_param["pad"]
        padded = _padded(x, pad, (1, 1), (1, 1))
        dpadded, dw, filters = np.zeros(padded.shape), np.zeros(w.shape), parts["filters"](w)
        used = parts["dout"](dout)
        for n, f, i, j in np.ndindex(used.shape):
            top, left = parts["place"](i, stride), parts["place"](j, stride)
            at = np.s_[n, :, top : top + w.shape[2], left : left + w.shape[3]]
            dpadded[at] = parts["add_dx"](dpadded[at], used[n, f, i, j] * filters[f])
            dw[f] = parts["add_dw"](dw[f], used[n, f, i, j] * padded[at])
        dx = parts["cut"](dpadded, pad, *x.shape[2:])
        return parts["after"](dx, dw, parts["db"](dout), len(x))

    return backward


def _square(dout):
    side = min(dout.shape[2:])
    return dout[:, :, :side, :side]


def _scaled_in_place(dout):
    dout /= len(dout)
    return dout * len(dout)


for _cause, _how in [
    ("dx[:, :, pad:-pad, pad:-pad] is empty where pad is 0; count from the front",
     {"cut": lambda d, pad, height, width: d[:, :, pad:-pad, pad:-pad]}),
    ("one pixel is cut off each side of dx, whatever pad says",
     {"cut": lambda d, pad, height, width: d[:, :, 1:-1, 1:-1]}),
    ("dx keeps its padding; it has the shape of x",
     {"cut": lambda d, pad, height, width: d}),
    ("the padding is cut off dx below and to the right only",
     {"cut": lambda d, pad, height, width: d[:, :, :height, :width]}),
    ("the stride is not used on the way back", {"place": lambda i, stride: i}),
    ("windows overwrite each other in dx; where they overlap, they add up",
     {"add_dx": _replace}),
    ("dw keeps the last window only; all windows add up", {"add_dw": _replace}),
    ("dx is computed with filters turned by 180° in the loops over windows",
     {"filters": lambda w: w[:, :, ::-1, ::-1]}),
    ("dx is computed with the first filter for all", {"filters": lambda w: 0 * w + w[:1]}),
    ("as many columns as rows (or rows as columns) of dout are used: it need not be square",
     {"dout": _square}),
    ("db is averaged over the batch; it is summed",
     {"db": lambda dout: dout.mean(axis=0).sum(axis=(1, 2))}),
    ("db is averaged over pixels and batch; it is summed",
     {"db": lambda dout: dout.mean(axis=(0, 2, 3))}),
    ("db is summed over the batch only; it is one number for each filter",
     {"db": lambda dout: dout.sum(axis=0)}),
    ("db lacks the sum over the batch", {"db": lambda dout: dout[0].sum(axis=(1, 2))}),
    ("dw is averaged over the batch; it is summed",
     {"after": lambda dx, dw, db, n: (dx, dw / n, db)}),
    ("dx has its sign flipped", {"after": lambda dx, dw, db, n: (-dx, dw, db)}),
    ("dout is scaled in place; others need it as it is", {"dout": _scaled_in_place}),
]:  # fmt: skip
    wrong("conv_backward_naive", _cause)(_backward(**_how))


@wrong("conv_backward_naive", cause="dw is computed with x without its padding")
def conv_backward_without_padding(dout, cache):
    x, w, b, conv_param = cache
    pad, (height, width) = conv_param["pad"], x.shape[2:]
    shifted = _padded(x, pad, (0, 2), (0, 2))[:, :, : height + 2 * pad, : width + 2 * pad]
    unpadded = (shifted, w, b, {"stride": conv_param["stride"], "pad": 0})
    dx, _, db = conv_backward_naive(dout, cache)
    return dx, conv_backward_naive(dout, unpadded)[1], db


@wrong("conv_backward_naive", cause="a full convolution pads by HH − 1 − pad, which may be below 0")
def conv_backward_full(dout, cache):
    _, w, _, conv_param = cache
    sides = [(length - 1 - conv_param["pad"],) * 2 for length in w.shape[2:]]
    np.pad(dout, [(0, 0), (0, 0), *sides])
    return conv_backward_naive(dout, cache)


@wrong(
    "conv_backward_naive",
    cause="x in the cache is padded already: the forward pass gave its name to another array",
    target="conv_forward_naive",
)
def conv_padded_cache(x, w, b, conv_param):
    out, _ = conv_forward_naive(x, w, b, conv_param)
    return out, (_padded(x, conv_param["pad"], (1, 1), (1, 1)), w, b, conv_param)


BUFFERS = {}


@wrong(
    "conv_backward_naive",
    cause="the next call of the forward pass fills the same array again; a cache lasts",
    target="conv_forward_naive",
)
def conv_one_buffer(x, w, b, conv_param):
    out, _ = conv_forward_naive(x, w, b, conv_param)
    kept = BUFFERS.setdefault((x.shape, x.dtype), x.copy())
    kept[...] = x
    return out, (kept, w, b, conv_param)


# Max pooling, forward


def _pool(choose=np.max, start=-np.inf, place=lambda i, pool_param: i * pool_param["stride"],
          window=lambda height, width: (height, width)):  # fmt: skip
    def forward(x, pool_param):
        out = pool_forward(x, pool_param)[0].astype(np.float64)
        height, width = window(pool_param["pool_height"], pool_param["pool_width"])
        for n, c, i, j in np.ndindex(out.shape):
            top, left = place(i, pool_param), place(j, pool_param)
            chosen = choose(x[n, c, top : top + height, left : left + width])
            out[n, c, i, j] = max(start, chosen)
        return out, (x, pool_param)

    return forward


for _cause, _how in [
    ("the mean of each window is taken; it is the maximum", {"choose": np.mean}),
    ("the minimum of each window is taken; it is the maximum", {"choose": np.min}),
    ("the search for the maximum starts at 0, so that nothing negative comes out", {"start": 0}),
    ("the largest magnitude is taken, whatever its sign",
     {"choose": lambda window: window.flat[np.abs(window).argmax()]}),
    ("the stride is not used: windows move by one pixel", {"place": lambda i, p: i}),
    ("windows move by their own height; they move by the stride",
     {"place": lambda i, p: min(i * p["pool_height"], 2)}),
    ("windows are taken to be square: as wide as high", {"window": lambda h, w: (h, h)}),
    ("height and width of the window are exchanged", {"window": lambda h, w: (w, h)}),
    ("a window ends one pixel early", {"window": lambda h, w: (h - 1, w)}),
]:  # fmt: skip
    wrong("max_pool_forward_naive", _cause)(_pool(**_how))


@wrong("max_pool_forward_naive", cause="the maximum is taken over the channels too")
def pool_over_channels(x, pool_param):
    out, cache = pool_forward(x, pool_param)
    return np.broadcast_to(out.max(axis=1, keepdims=True), out.shape), cache


@wrong("max_pool_forward_naive", cause="windows are assumed to tile the picture without overlap")
def pool_by_reshape(x, pool_param):
    height, width = pool_param["pool_height"], pool_param["pool_width"]
    rows, columns = x.shape[2] // height, x.shape[3] // width
    tiles = x[:, :, : rows * height, : columns * width]
    tiles = tiles.reshape(*x.shape[:2], rows, height, columns, width)
    return tiles.max(axis=(3, 5)), (x, pool_param)


@wrong(
    "max_pool_forward_naive",
    cause="windows as high as the stride are taken to tile; are they as wide?",
)
def pool_by_reshape_of_some(x, pool_param):
    tiles = pool_param["pool_height"] == pool_param["stride"]
    return (pool_by_reshape if tiles else pool_forward)(x, pool_param)


@wrong(
    "max_pool_forward_naive",
    cause="strides are worked out from x.shape; x may lie in memory in another order: x.strides",
)
def pool_as_it_lies(x, pool_param):
    return pool_forward(_as_it_lies(x), pool_param)


@wrong("max_pool_forward_naive", cause="pool_param is emptied, and the next call misses the stride")
def pool_param_spent(x, pool_param):
    result = pool_forward(x, dict(pool_param))
    del pool_param["stride"]
    return result


# Max pooling, backward


def _mask_of_maximum(window):
    mask = np.zeros(window.shape)
    mask.flat[window.argmax()] = 1
    return mask


def _unpool(mask=_mask_of_maximum, add=_add, place=lambda i, stride: i * stride,
            gradient=lambda dout: dout, square=False):  # fmt: skip
    def backward(dout, cache):
        x, pool_param = cache
        dx, used = np.zeros(x.shape), gradient(dout)
        height, width = pool_param["pool_height"], pool_param["pool_width"]
        width = height if square else width
        for n, c, i, j in np.ndindex(dout.shape):
            top, left = place(i, pool_param["stride"]), place(j, pool_param["stride"])
            at = np.s_[n, c, top : top + height, left : left + width]
            dx[at] = add(dx[at], used[n, c, i, j] * mask(x[at]))
        return dx

    return backward


def _transposed_index(window):
    mask = np.zeros(window.shape)
    row, column = np.unravel_index(window.argmax(), window.shape)
    mask[min(column, window.shape[0] - 1), min(row, window.shape[1] - 1)] = 1
    return mask


def _corner(window):
    mask = np.zeros(window.shape)
    mask[0, 0] = 1
    return mask


def _halved_in_place(dout):
    dout *= 0.5
    return 2 * dout


def _where_nonzero(old, new):
    return np.where(new != 0, new, old)


for _cause, _how in [
    ("each of tied maxima gets all of the gradient; it must be given out once",
     {"mask": lambda window: window == window.max()}),
    ("where windows overlap, the later one overwrites; gradients add up", {"add": _replace}),
    ("a pixel that is the maximum of several windows keeps one gradient; they add up",
     {"add": _where_nonzero}),
    ("the gradient is spread over the whole window; only the maximum gets it",
     {"mask": lambda window: np.full(window.shape, 1 / window.size)}),
    ("every pixel of a window gets the whole gradient; only the maximum does",
     {"mask": lambda window: np.ones(window.shape)}),
    ("the gradient goes to the window's first pixel; it goes to the maximum", {"mask": _corner}),
    ("the gradient goes to the minimum", {"mask": lambda window: _mask_of_maximum(-window)}),
    ("the maximum's row and column are exchanged", {"mask": _transposed_index}),
    ("the gradient is multiplied by the maximum itself",
     {"mask": lambda window: _mask_of_maximum(window) * window}),
    ("the stride is not used on the way back", {"place": lambda i, stride: i}),
    ("windows are taken to be square: as wide as high", {"square": True}),
    ("dout is scaled in place; others need it as it is", {"gradient": _halved_in_place}),
    ("the sign is flipped", {"gradient": lambda dout: -dout}),
]:  # fmt: skip
    wrong("max_pool_backward_naive", _cause)(_unpool(**_how))


@wrong("max_pool_backward_naive", cause="dx has the shape of dout; it has the shape of x")
def unpool_small(dout, cache):
    return pool_backward(dout, cache)[:, :, : dout.shape[2], : dout.shape[3]]


@wrong(
    "max_pool_backward_naive",
    cause="nothing reaches dx: dx.ravel() may be a copy, as np.zeros_like(x) lies as x does",
)
def unpool_into_a_copy(dout, cache):
    dx = np.zeros_like(cache[0], dtype=dout.dtype)
    dx.ravel()[...] = pool_backward(dout, cache).ravel()
    return dx


def _unpool_to(place):
    def backward(dout, cache):
        x, pool_param = cache
        dx, stride = np.zeros(x.shape), pool_param["stride"]
        height, width = pool_param["pool_height"], pool_param["pool_width"]
        for n, c, i, j in np.ndindex(dout.shape):
            top, left = i * stride, j * stride
            window = x[n, c, top : top + height, left : left + width]
            row, column = place(window.argmax(), window.shape, top, left)
            dx[n, c, row, column] += dout[n, c, i, j]
        return dx

    return backward


for _cause, _place in [
    ("the maximum's place counts from its window's corner; add i · stride and j · stride",
     lambda count, shape, top, left: np.unravel_index(count, shape)),
    ("np.argmax counts along rows of pool_width pixels, not of pool_height",
     lambda count, shape, top, left: (top + count // shape[0], left + count % shape[0])),
]:  # fmt: skip
    wrong("max_pool_backward_naive", _cause)(_unpool_to(_place))
