"""Beam search and drawing at a temperature, on a step that is a table of probabilities."""

import numpy as np
import pytest

from cs231n.classifiers.decoding import beam_search, log_softmax, noisy

NULL, START, END = 0, 1, 2


def chain(probabilities):
    """A step whose scores depend on the word before alone; a state counts the steps of each row."""
    with np.errstate(divide="ignore"):
        table = np.log(np.array(probabilities))

    def step(words, state):
        (count,) = state
        return table[words], (count + 1,)

    return step, (np.zeros(2, int),)


# After <START> word 3 is likelier than 4, but 4 is nearly always followed by <END>.
DECEPTIVE = chain(
    [
        [0.2, 0.2, 0.2, 0.2, 0.2],
        [0.0, 0.0, 0.0, 0.6, 0.4],
        [0.2, 0.2, 0.2, 0.2, 0.2],
        [0.1, 0.1, 0.2, 0.4, 0.2],
        [0.0, 0.0, 0.9, 0.1, 0.0],
    ]
)


def search(chain, max_length, width):
    step, state = chain
    return beam_search(step, state, START, END, NULL, max_length, width)


def test_a_beam_sees_past_the_likeliest_word():
    greedy, low = search(DECEPTIVE, 3, 1)
    wide, high = search(DECEPTIVE, 3, 2)
    np.testing.assert_array_equal(greedy, [[3, 3, 3]] * 2)
    np.testing.assert_array_equal(wide, [[4, END, NULL]] * 2)
    np.testing.assert_allclose(np.exp(low), 0.6 * 0.4 * 0.4)
    np.testing.assert_allclose(np.exp(high), 0.4 * 0.9)


def test_a_finished_caption_grows_no_more_and_costs_no_more():
    for length in (2, 5, 20):
        captions, total = search(DECEPTIVE, length, 4)
        np.testing.assert_array_equal(captions[:, 2:], NULL)
        np.testing.assert_allclose(np.exp(total), 0.36)


def test_the_search_stops_when_nothing_can_overtake():
    step, state = DECEPTIVE
    calls = []

    def counted(words, state):
        calls.append(len(words))
        return step(words, state)

    beam_search(counted, state, START, END, NULL, 50, 3)
    assert calls == [6, 6]


def test_each_row_has_a_beam_and_a_state_of_its_own():
    """Two rows whose states lead to different words, and rows of one beam do not mix."""
    favourites = np.array([[3, 4, END, 3], [4, 4, 4, END]])

    def step(words, state):
        row, t = state
        scores = np.full((len(words), 5), -4.0)
        scores[np.arange(len(words)), favourites[row, t]] = 4.0
        return scores, (row, t + 1)

    captions, _ = beam_search(step, (np.arange(2), np.zeros(2, int)), START, END, NULL, 4, 3)
    np.testing.assert_array_equal(captions, [[3, 4, END, NULL], [4, 4, 4, END]])


def test_more_beams_than_captions_do_no_harm():
    captions, total = search(DECEPTIVE, 2, 60)
    np.testing.assert_array_equal(captions, [[4, END]] * 2)
    np.testing.assert_allclose(np.exp(total), 0.36)


def test_equal_scores_give_the_first_word_as_argmax_does():
    flat = chain(np.full((5, 5), 0.2))
    np.testing.assert_array_equal(search(flat, 3, 1)[0], NULL)


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.0])
def test_words_are_drawn_as_often_as_the_temperature_says(temperature):
    scores = np.tile(np.array([[0.0, 1.0, -1.0, 2.0]], np.float32), (40_000, 1))
    step = noisy(lambda words, state: (scores, state), temperature, rng=0)
    noise, _ = step(None, ())
    assert noise.dtype == np.float32
    share = np.bincount(noise.argmax(axis=1), minlength=4) / len(scores)
    wanted = np.exp(log_softmax(scores[:1] / temperature))[0]
    np.testing.assert_allclose(share, wanted, atol=0.012)  # five standard deviations


def test_log_softmax_is_finite_far_out():
    found = log_softmax(np.array([[1e4, -1e4, 0.0]]))
    np.testing.assert_allclose(found, [[0, -2e4, -1e4]])


def test_what_makes_no_sense_is_refused():
    with pytest.raises(ValueError, match="beam_width"):
        search(DECEPTIVE, 3, 0)
    for temperature in (0, -1, np.nan):
        with pytest.raises(ValueError, match="temperature"):
            noisy(None, temperature)
