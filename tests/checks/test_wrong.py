"""Every wrong solution is refused, and the hint names its own mistake."""

import re
import warnings
from collections import Counter

import pytest

from cs231n.checks import answers, messages
from cs231n.checks.cases import EXERCISES
from cs231n.checks.package import local
from cs231n.checks.report import examine
from tests.wrong import WRONG

RECORDED = answers.load()

# What public solutions got wrong most often: exercise -> words of the mistakes that it must have.
FAMILIES = {
    "affine_backward": ["dout is scaled in place"],
    "relu_backward": ["dout is overwritten", "the cached x is overwritten"],
    "softmax_loss": ["underflows to 0 is infinite", "exp overflows", "x is shifted in place"],
    "batchnorm_forward": [
        "gamma and beta are left out in test mode", "eps is added outside of the root in test mode",
        "test mode uses the minibatch's statistics", "momentum is always 0.9",
        "momentum weighs the minibatch", "x itself is centred in place",
    ],
    "batchnorm_backward": ["eps is left out", "dout is scaled", "x_hat in the cache"],
    "batchnorm_backward_alt": ["eps is left out", "dout is scaled", "x_hat in the cache"],
    "layernorm_forward": ["over the batch (axis 0)", "one mean and variance for the whole array"],
    "layernorm_backward": ["eps is left out", "dout is scaled", "x_hat in the cache"],
    "dropout_forward": [
        "p is read as the probability to drop", "not divided by p", "in test mode too",
    ],
    "dropout_backward": ["dout is overwritten"],
    "rnn_step_backward": ["dnext_h is scaled in place", "next_h in the cache is overwritten"],
    "rnn_forward": ["not carried on", "h0 is not used", "one array was filled again"],
    "rnn_backward": [
        "the gradient of later steps is left out", "of the first step; all steps add up",
        "added to in place",
    ],
    "word_embedding_backward": ["keeps only the last of equal words"],
    "lstm_step_forward": ["in the order i, f, g, o", "the sigmoid overflows", "into prev_c"],
    "lstm_step_backward": [
        "dnext_c is added to in place", "from next_h to next_c is missing", "dnext_c is left out",
        "in the order i, f, g, o",
    ],
    "lstm_forward": ["cell state is not carried on", "cell state starts at h0"],
    "lstm_backward": ["dc is not handed on", "all steps add up", "added to in place"],
    "sgd_momentum": ["dw is scaled in place"],
    "rmsprop": ["epsilon stands inside the root", "dw is squared in place"],
    "adagrad": ["epsilon stands inside the root", "dw is squared in place"],
    "adam": ["not corrected", "epsilon stands inside the root", "dw is squared in place"],
    "TwoLayerNet.loss": [
        "missing from the gradients", "counts twice", "lacks the half", "by 2 · reg",
        "leaves out the first layer", "leaves out the last layer",
    ],
    "FullyConnectedNet.loss": [
        "missing from the gradients", "counts twice", "lacks the half", "by 2 · reg",
        "leaves out the first layer", "leaves out the last layer", "depth is hard-coded",
    ],
    "FullyConnectedNet.normalized_forward": [
        "layer norm is never built in", "use the minibatch's statistics",
    ],
    "FullyConnectedNet.hidden_forward": ["dropout is never applied", "are dropped from too"],
    "CaptioningRNN.loss": [
        "the mask is missing", "h starts from zeros", "each is its own answer", "work on a copy",
        "keeps the gradient of its last place only",
    ],
    "CaptioningRNN.step": ["the state is not carried on", "is overwritten"],
    "CaptioningRNN.sample": [
        "<START> is returned", "the word is not carried on", "the state is not carried on",
        "the first state is zeros", "go on after <END>", "loses its batch axis",
    ],
}  # fmt: skip


def label(wrong):
    return f"{wrong.exercise}: {wrong.cause}"


@pytest.mark.parametrize("wrong", WRONG, ids=label)
def test_a_wrong_solution_is_refused_with_its_cause(wrong):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        resolve = local({wrong.target: wrong.solution})
        report = examine(EXERCISES[wrong.exercise], resolve, RECORDED)
    assert report.status == "wrong"
    assert report.causes == [wrong.cause]
    assert wrong.cause in messages.failed(report)


def test_every_exercise_has_wrong_solutions_each_with_its_own_cause():
    count = Counter(wrong.exercise for wrong in WRONG)
    assert set(count) == set(EXERCISES)
    assert min(count.values()) >= 5
    doubled = {
        key for key, n in Counter((w.exercise, w.cause, w.target) for w in WRONG).items() if n > 1
    }
    assert not doubled


def test_a_cause_is_one_readable_line():
    assert all(len(cause) <= 90 and re.fullmatch(r"[^\n]+[^.\n]", cause) for _, cause, *_ in WRONG)


@pytest.mark.parametrize("exercise", FAMILIES)
def test_what_is_often_wrong_is_among_the_mistakes(exercise):
    causes = [wrong.cause for wrong in WRONG if wrong.exercise == exercise]
    missing = [words for words in FAMILIES[exercise] if not any(words in c for c in causes)]
    assert not missing
