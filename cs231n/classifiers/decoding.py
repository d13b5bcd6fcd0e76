"""How a caption is chosen from scores of words: at random, or by a search that looks ahead (given).

A `step(words, state)` takes one word for each row, shape (N,), and the state before it, a tuple of
arrays with N rows; it returns scores of the next word, shape (N, V), and the next state.
"""

import numpy as np


def noisy(step, temperature, rng=None):
    """Make a step whose highest score is a draw from softmax(scores / temperature).

    To each score / temperature comes a number from the standard Gumbel distribution.

    Inputs:
    - step: See above
    - temperature: > 0; near 0 the best word is drawn nearly always, at 1 each word as often as the
      model says, above 1 unlikely words more often than that
    - rng: np.random.Generator or a seed; without one, a fresh generator

    Returns a step.

    Raises ValueError if temperature is not above 0.
    Source: Gumbel, Statistical theory of extreme values, 1954 (the Gumbel-max trick).
    """
    if not temperature > 0:
        raise ValueError(f"temperature must be above 0, but is {temperature}")
    rng = np.random.default_rng(rng)

    def noisy_step(words, state):
        scores, state = step(words, state)
        noise = rng.gumbel(size=scores.shape).astype(scores.dtype)
        return scores / scores.dtype.type(temperature) + noise, state

    return noisy_step


def beam_search(step, state, start, end, null, max_length, beam_width):
    """Search for the most probable caption of each row, keeping beam_width beginnings at a time.

    What is compared is the logarithm of a caption's probability, the sum over its words up to and
    with `end`; it is not divided by the number of words, so wide beams prefer short captions. A
    caption that max_length cuts off counts as it stands. With beam_width >= V ** (max_length − 1)
    nothing is dropped that could win; with beam_width = 1 the search is greedy.

    Inputs:
    - step: See above; called with N · beam_width rows
    - state: Before the first word, for N rows
    - start, end, null: Numbers of the words that are fed first, that end a caption, that fill it up
    - max_length: Words in a caption at most
    - beam_width: >= 1

    Returns a tuple of:
    - captions: Words, shape (N, max_length), integers; after `end` filled with `null`
    - log_probabilities: of the captions, shape (N,), in nats

    Raises ValueError for a beam_width below 1.
    """
    if not beam_width >= 1:
        raise ValueError(f"beam_width must be at least 1, but is {beam_width}")
    count = len(state[0])
    beams = (count, beam_width)
    state = _rows(state, np.repeat(np.arange(count), beam_width))
    words = np.full(beams, start)
    captions = np.full((*beams, max_length), null)
    totals = np.tile([0.0] + [-np.inf] * (beam_width - 1), (count, 1))
    finished = np.zeros(beams, bool)
    for place in range(max_length):
        scores, state = step(words.ravel(), state)
        gains = log_softmax(scores).reshape(*beams, -1)
        gains[finished] = -np.inf
        gains[finished, null] = 0
        totals, parents, words = _best(totals[:, :, None] + gains)
        state = _rows(state, (parents + beam_width * np.arange(count)[:, None]).ravel())
        captions = np.take_along_axis(captions, parents[:, :, None], axis=1)
        captions[:, :, place] = words
        finished = np.take_along_axis(finished, parents, axis=1) | (words == end)
        if finished[:, 0].all():  # totals only fall, so nothing overtakes a finished first beam
            break
    return captions[:, 0], totals[:, 0]


def log_softmax(scores):
    """Logarithms of the softmax of each row of scores (N, V), in nats."""
    shifted = scores - scores.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def _rows(state, rows):
    return tuple(part[rows] for part in state)


def _best(totals):
    """The K best of totals (N, K, V), best first: their totals, beams and words, each (N, K)."""
    count, width, vocabulary = totals.shape
    flat = totals.reshape(count, -1)
    if width == 1:  # the first of equals, as argmax in a greedy search
        places = flat.argmax(axis=1)[:, None]
    else:
        places = np.argpartition(-flat, width - 1, axis=1)[:, :width]
        order = np.argsort(-np.take_along_axis(flat, places, axis=1), axis=1, kind="stable")
        places = np.take_along_axis(places, order, axis=1)
    parents, words = np.divmod(places, vocabulary)
    return np.take_along_axis(flat, places, axis=1), parents, words
