"""What recurrent layers say of input that does not fit: the shapes they got, and the way out."""

import numpy as np


def require_step(x, prev_h, Wx, Wh, b, gates=1, prev_c=None):
    """Raise ValueError unless x (N, D), prev_h (and prev_c, if given) and the weights fit together.

    Inputs are those of a step; `gates` is how many numbers each unit of the state computes.
    """
    if np.ndim(x) != 2:
        way_out = "; x of one step is x[:, t]" if np.ndim(x) == 3 else ""
        raise ValueError(f"x must have shape (N, D), but has shape {np.shape(x)}{way_out}")
    _require_state("prev_h", prev_h, x)
    if prev_c is not None and np.shape(prev_c) != prev_h.shape:
        raise ValueError(
            f"prev_c must have the shape of prev_h, {prev_h.shape}, but has {np.shape(prev_c)}"
        )
    _require_weights(x.shape[1], prev_h.shape[1], Wx, Wh, b, gates)


def require_sequence(x, h0, Wx, Wh, b, gates=1):
    """Raise ValueError unless x (N, T, D), h0 (N, H) and the weights fit together, and T >= 1."""
    if np.ndim(x) != 3 or np.shape(x)[1] == 0:
        raise ValueError(
            f"x must have shape (N, T, D), T >= 1, but has shape {np.shape(x)}; "
            "a single sequence needs a batch axis: x[None]"
        )
    _require_state("h0", h0, x)
    _require_weights(x.shape[2], h0.shape[1], Wx, Wh, b, gates)


def _require_state(name, state, x):
    if np.ndim(state) != 2 or len(state) != len(x):
        raise ValueError(
            f"{name} must have shape (N, H) with N = {len(x)}, as x, but has shape "
            f"{np.shape(state)}"
        )


def _require_weights(D, H, Wx, Wh, b, gates):
    columns = "H" if gates == 1 else f"{gates}H"
    wanted = {
        "Wx": (Wx, (D, gates * H), f"(D, {columns})"),
        "Wh": (Wh, (H, gates * H), f"(H, {columns})"),
        "b": (b, (gates * H,), f"({columns},)"),
    }
    for name, (value, shape, letters) in wanted.items():
        if np.shape(value) != shape:
            raise ValueError(
                f"{name} must have shape {letters} = {shape} for D = {D} inputs and H = {H} units "
                f"of the state, but has {np.shape(value)}"
            )


def require_words(x, W):
    """Raise unless x (N, T) holds indices of rows of W (V, D).

    Raises TypeError if x is not of integers, ValueError if a shape or an index is out of range.
    """
    if np.ndim(W) != 2:
        raise ValueError(f"W must have shape (V, D), but has shape {np.shape(W)}")
    x = np.asarray(x)
    if x.ndim != 2:
        raise ValueError(
            f"x must have shape (N, T), but has shape {x.shape}; "
            "a single caption needs a batch axis: x[None]"
        )
    _require_indices("x", x, len(W), "rows of W")


def require_temporal(name, array, dims="N T D"):
    """Raise ValueError unless an array has one axis for each of the letters."""
    letters = dims.split()
    if np.ndim(array) != len(letters):
        raise ValueError(
            f"{name} must have shape ({', '.join(letters)}), but has shape {np.shape(array)}"
        )


def require_words_of_scores(x, y, mask):
    """Raise unless y and mask (N, T) fit scores x (N, T, V).

    Raises TypeError if y is not of integers, ValueError if a shape or a word is out of range.
    """
    require_temporal("x", x, "N T V")
    for name, array in (("y", y), ("mask", mask)):
        if np.shape(array) != x.shape[:2]:
            raise ValueError(
                f"{name} must have shape {x.shape[:2]}, the first two axes of x {x.shape}, but has "
                f"{np.shape(array)}"
            )
    _require_indices("y", np.asarray(y), x.shape[2], "scores of each step")


def _require_indices(name, words, count, of):
    """Raise unless words are integers in 0 .. count − 1, as there are `count` of something."""
    if not np.issubdtype(words.dtype, np.integer):
        raise TypeError(
            f"words must be integers, but {name} is {words.dtype}; use {name}.astype(np.int64)"
        )
    if words.size and not 0 <= words.min() <= words.max() < count:
        raise ValueError(
            f"words must lie in 0 .. {count - 1} for the {count} {of}, but {name} runs from "
            f"{words.min()} to {words.max()}"
        )


def require_grid(query, grid):
    """Raise ValueError unless query (N, H) and grid (N, P, H) fit together, P >= 1."""
    shape = np.shape(grid)
    if np.ndim(query) != 2 or len(shape) != 3 or shape[::2] != query.shape or shape[1] == 0:
        raise ValueError(
            f"query must have shape (N, H) and grid (N, P, H), P >= 1, with the same N and H, but "
            f"they have {np.shape(query)} and {shape}"
        )


def require_places(x, grid, Wh, Wattn):
    """Raise ValueError unless grid is (N, P, H), P >= 1, with the N of x, and Wattn is as Wh."""
    shape = np.shape(grid)
    if len(shape) != 3 or shape[0] != len(x) or shape[1] == 0:
        raise ValueError(
            f"grid must have shape (N, P, H), P >= 1, with N = {len(x)}, as x, "
            f"but has shape {shape}"
        )
    if np.shape(Wattn) != np.shape(Wh):
        raise ValueError(
            f"Wattn must have the shape of Wh, {np.shape(Wh)}, but has {np.shape(Wattn)}"
        )
