"""The affine layer: every output is a weighted sum of all inputs, plus a bias."""

from .validation import require_affine_shapes


def affine_forward(x, w, b):
    """Multiply each example by a weight matrix and add a bias.

    out = rows · w + b, where row n is x[n], laid out as a vector of D = d1·…·dk numbers.

    Inputs:
    - x: Examples, shape (N, d1, ..., dk)
    - w: Weights, shape (D, M)
    - b: Biases, shape (M,)

    Returns a tuple of:
    - out: shape (N, M)
    - cache: (x, w, b), for affine_backward

    Raises ValueError if the shapes do not fit together.
    """
    require_affine_shapes(x, w, b)
    # Your turn: lay each x[n] out as a row, then apply w and b. x keeps its own shape.
    ### BEGIN SOLUTION
    out = x.reshape(len(x), len(w)) @ w
    out += b
    ### END SOLUTION
    return out, (x, w, b)


def affine_backward(dout, cache):
    """Carry the gradient back through affine_forward.

    drows = dout · wᵀ,  dw = rowsᵀ · dout,  db = the sum of dout over the batch.

    Inputs:
    - dout: Derivative of the loss by out, shape (N, M)
    - cache: (x, w, b) from affine_forward

    Returns a tuple of:
    - dx: shape (N, d1, ..., dk), as x
    - dw: shape (D, M)
    - db: shape (M,)
    """
    x, w, _ = cache
    # Your turn: the shapes leave only one way to combine dout with w, and dout with the rows of x.
    ### BEGIN SOLUTION
    dx = (dout @ w.T).reshape(x.shape)
    dw = x.reshape(len(x), len(w)).T @ dout
    db = dout.sum(axis=0)
    ### END SOLUTION
    return dx, dw, db
