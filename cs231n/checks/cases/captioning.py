"""Cases of the notebook RNN_Captioning: the captioning model, its step and its captions."""

import numpy as np

from .inputs import loss_and_grads
from .registry import case, room

room(
    "RNN_Captioning",
    {
        "CaptioningRNN.loss": "affine_forward affine_backward rnn_step_forward rnn_step_backward "
        "rnn_forward rnn_backward word_embedding_forward word_embedding_backward",
        "CaptioningRNN.step": "affine_forward rnn_step_forward",
        "CaptioningRNN.sample": "affine_forward rnn_step_forward CaptioningRNN.step",
    },
)

# Words in another order than a vocabulary's usual one: nobody can rely on <NULL> being 0.
WORDS = ("a", "<END>", "cat", "<NULL>", "sat", "<START>", "dog")
END, NULL, START = (WORDS.index(word) for word in ("<END>", "<NULL>", "<START>"))


def captioner(cs, rng, scale=0.7, dtype=np.float64, hurry=0):
    """A model of 5 features, 4 numbers a word and 6 units, with parameters from the seed.

    `hurry` is added to the score of <END>.
    """
    net = cs.CaptioningRNN({word: i for i, word in enumerate(WORDS)}, 5, 4, 6, "rnn", dtype)
    shapes = {key: np.shape(net.params[key]) for key in sorted(net.params)}
    params = {key: (scale * rng.randn(*shape)).astype(dtype) for key, shape in shapes.items()}
    params["b_vocab"][END] += hurry
    net.params = params
    return net


def captions_of(rng, lengths, width, dtype=np.int64):
    """<START>, words, <END>, and <NULL> up to the width; some of the words are <NULL> as well."""
    captions = np.full((len(lengths), width), NULL, dtype)
    for row, length in zip(captions, lengths, strict=True):
        row[:length] = [START, *rng.choice([0, 2, NULL, 4, 6], size=length - 2), END]
    return captions


def some(found, *keys):
    """The loss and the gradients of some parameters: the others were looked at before."""
    return {name: found[name] for name in ("loss", *(f"grads[{key!r}]" for key in keys))}


@case(points=4, exercise="CaptioningRNN.loss", sizes={"N": 4, "T": 6})
def caption_loss(cs, rng):
    """4 captions of 3 to 7 words, <NULL> being 3: loss and gradients"""
    net = captioner(cs, rng)
    return loss_and_grads(net, rng.randn(4, 5), captions_of(rng, [7, 3, 6, 5], 7))


@case(points=2, exercise="CaptioningRNN.loss", sizes={"T": 4})
def caption_loss_single(cs, rng):
    """a single caption of 5 words: loss and two gradients of a second call, weights being others"""
    net, features = captioner(cs, rng), 100 * rng.randn(1, 5)
    net.loss(rng.randn(3, 5), captions_of(rng, [4, 6, 5], 6))
    net.params["W_proj"] = net.params["W_proj"] / 100
    return some(loss_and_grads(net, features, captions_of(rng, [5], 5)), "W_proj", "W_embed")


@case(points=1, exercise="CaptioningRNN.loss", limit=1e-4, sizes={"N": 4})
def caption_loss_float32(cs, rng):
    """4 captions of int32, float32: loss and two gradients"""
    net = captioner(cs, rng, dtype=np.float32)
    features = rng.randn(4, 5).astype(np.float32)
    captions = captions_of(rng, [3, 7, 4, 6], 7, np.int32)
    return some(loss_and_grads(net, features, captions), "W_vocab", "Wh")


def scores_of(net, features, words):
    """The scores after each of the words (steps, N), and after the last from the first state."""
    first = state = net.first_state(features)
    found = {}
    for i, column in enumerate(words, start=1):
        scores, state = net.step(column, state)
        found[f"scores, step {i}"] = scores
    return {**found, "scores, a first step again": net.step(words[-1], first)[0]}


@case(points=2, exercise="CaptioningRNN.step")
def caption_steps(cs, rng):
    """4 captions, 3 steps from the first state, and one from there again: scores after each"""
    return scores_of(captioner(cs, rng), rng.randn(4, 5), rng.randint(7, size=(3, 4)))


@case(points=1, exercise="CaptioningRNN.step", limit=1e-4)
def caption_steps_single(cs, rng):
    """a single caption, 2 steps, and one from the first state again, float32"""
    net = captioner(cs, rng, dtype=np.float32)
    return scores_of(net, rng.randn(1, 5).astype(np.float32), rng.randint(7, size=(2, 1)))


# What a random model says may be dull, the same word for ever or <END> at once: so take several.


def models(cs, rng, count):
    """Several models; every second one is in a hurry to end."""
    return (captioner(cs, rng, scale=1.5, hurry=3 * (i % 2)) for i in range(count))


def together(found):
    """The captions of several models as one array; of the first, where their shapes differ."""
    shapes = {np.shape(captions) for captions in found}
    return np.concatenate(found) if len(shapes) == 1 else found[0]


@case(points=4, exercise="CaptioningRNN.sample")
def captions_of_many(cs, rng):
    """8 models, 10 pictures each, max_length=12: some captions end early, others not at all"""
    captions = together([net.sample(rng.randn(10, 5), 12) for net in models(cs, rng, 8)])
    whole = np.asarray(captions).dtype.kind in "iu"
    return {"captions": captions, "number type": np.array(["integer" if whole else "other"])}


@case(points=2, exercise="CaptioningRNN.sample")
def captions_one_by_one(cs, rng):
    """12 models, each with a single picture, N = 1, max_length=9"""
    return {"captions": together([net.sample(rng.randn(1, 5), 9) for net in models(cs, rng, 12)])}


@case(points=1, exercise="CaptioningRNN.sample")
def captions_of_every_length(cs, rng):
    """2 models, 7 pictures each: max_length=1, and the default, 30"""
    features, nets = rng.randn(7, 5), list(models(cs, rng, 2))
    return {
        "captions, max_length=1": together([net.sample(features, 1) for net in nets]),
        "captions, max_length=30": together([net.sample(features) for net in nets]),
    }
