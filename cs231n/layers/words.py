"""Word embedding: every word of the vocabulary has a vector of its own, learned like a weight."""

import numpy as np

from .recurrent_validation import require_words


def word_embedding_forward(x, W):
    """Look up the vector of each word.

    out[n, t] = W[x[n, t]].

    Inputs:
    - x: Words, shape (N, T), integers in 0 .. V − 1
    - W: One vector for each word of the vocabulary, shape (V, D)

    Returns a tuple of:
    - out: shape (N, T, D)
    - cache: for word_embedding_backward

    Raises TypeError if x is not of integers, ValueError if a word has no row in W.
    """
    require_words(x, W)
    # Your turn: no loop is needed.
    ### BEGIN SOLUTION
    out = W[x]
    cache = x, len(W)
    ### END SOLUTION
    return out, cache


def word_embedding_backward(dout, cache):
    """Carry the gradient back to the vectors of the words; words have none themselves.

    dW[v] = Σ dout[n, t] over all (n, t) with x[n, t] = v, and 0 for words that do not occur.

    Inputs:
    - dout: Derivative of the loss by out, shape (N, T, D)
    - cache: from word_embedding_forward

    Returns:
    - dW: shape (V, D)
    """
    # Your turn: a word that occurs twice gets both gradients. dW[x] += dout keeps only the last;
    # np.add.at does not.
    ### BEGIN SOLUTION
    x, V = cache
    N, T, D = dout.shape
    # add.at is fast on one axis only: these are the places of all numbers in dW, row after row.
    places = x.astype(np.intp).reshape(N * T, 1) * D + np.arange(D)
    dW = np.zeros(V * D, dout.dtype)
    np.add.at(dW, places.ravel(), dout.ravel())
    dW = dW.reshape(V, D)
    ### END SOLUTION
    return dW
