"""Corpus BLEU against examples computed by hand, and its limits."""

import math

import pytest

from cs231n.caption_scores import corpus_bleu, words_of


def test_a_word_counts_as_often_as_in_one_reference():
    """The paper's example: seven times "the" shares 2 of 7 with its references."""
    references = ["the cat is on the mat", "there is a cat on the mat"]
    scores = corpus_bleu(["the the the the the the the"], [references])
    assert scores == [pytest.approx(2 / 7), 0, 0, 0]


def test_every_length_of_run_by_hand():
    """a b c d e f against a b c d x f: 5/6, 3/5, 2/4 and 1/3, and no loss by length."""
    expected, product = [], 1.0
    for n, share in enumerate((5 / 6, 3 / 5, 2 / 4, 1 / 3), start=1):
        product *= share
        expected.append(product ** (1 / n))
    assert corpus_bleu(["a b c d e f"], [["a b c d x f"]]) == pytest.approx(expected)


def test_runs_are_summed_over_the_corpus_and_not_averaged():
    captions, references = ["a b", "c d e f"], [["a x"], ["c d e f"]]
    bleu1, bleu2, *_ = corpus_bleu(captions, references)
    assert bleu1 == pytest.approx(5 / 6) and bleu2 == pytest.approx(math.sqrt(5 / 6 * 3 / 4))


def test_short_captions_are_punished():
    assert corpus_bleu(["a b"], [["a b c"]])[0] == pytest.approx(math.exp(1 - 3 / 2))


def test_the_closest_reference_is_taken_for_the_length_and_the_shorter_of_two():
    assert corpus_bleu(["a b c d"], [["a b c d x x x", "a b c d x"]])[0] == pytest.approx(
        math.exp(1 - 5 / 4)
    )
    assert corpus_bleu(["a b c"], [["a b", "a b c d"]])[0] == 1


def test_runs_of_several_references_add_up():
    """Each run may come from another reference."""
    assert corpus_bleu(["a b c d"], [["a b x y", "y x c d"]])[0] == 1


def test_a_caption_like_its_reference_is_perfect():
    text = "a red car is left of a tree"
    assert corpus_bleu([text], [["a boat", text]]) == [1, 1, 1, 1]


def test_empty_and_foreign_captions_score_nothing():
    assert corpus_bleu([""], [["a b"]]) == [0, 0, 0, 0]
    assert corpus_bleu(["x y z w"], [["a b c d"]]) == [0, 0, 0, 0]


def test_special_words_are_not_scored():
    assert words_of("<START> a car <END> <NULL> a") == ["a", "car"]
    assert words_of("a <UNK> car") == ["a", "<UNK>", "car"]
    assert corpus_bleu(["<START> a car <END>"], [["a car <END> <NULL>"]])[:2] == [1, 1]


@pytest.mark.parametrize(("captions", "references"), [([], []), (["a"], []), (["a"], [[]])])
def test_missing_captions_or_references_are_named(captions, references):
    with pytest.raises(ValueError, match="at least one"):
        corpus_bleu(captions, references)
