"""The captioning model: known figures, slopes, PyTorch as an oracle, captions, clear refusals."""

import itertools

import numpy as np
import pytest

from cs231n import layers
from cs231n.classifiers.rnn import CaptioningRNN

WORDS = ("<NULL>", "<START>", "<END>", "a", "red", "boat", "house")
VOCABULARY = {word: i for i, word in enumerate(WORDS)}
KINDS = ("rnn", "lstm", "attention")
ANY_KIND = pytest.mark.parametrize("kind", KINDS)


def model(kind, dtype=np.float64, scale=1.0, **options):
    """A model of 5 features, 4 numbers a word and 6 units; a larger scale makes it talkative."""
    made = CaptioningRNN(VOCABULARY, 5, 4, 6, kind, dtype, rng=3, **options)
    rng = np.random.default_rng(0)
    made.params = {
        k: (scale * rng.standard_normal(v.shape)).astype(dtype) for k, v in made.params.items()
    }
    return made


def pictures(kind, count=4, seed=1):
    shape = (count, 3, 5) if kind == "attention" else (count, 5)
    return np.random.default_rng(seed).standard_normal(shape)


CAPTIONS = np.array(
    [[1, 3, 4, 5, 2, 0], [1, 6, 2, 0, 0, 0], [1, 3, 5, 3, 4, 2], [1, 0, 6, 2, 0, 0]]
)


@pytest.mark.parametrize(
    ("kind", "ends", "expected"),
    [("rnn", (-1.5, 0.3), 9.83235591003), ("lstm", (-0.5, 1.7), 9.82445935443)],
)
def test_the_figures_that_inherited_notebooks_expect(kind, ends, expected):
    """Stanford's notebooks print these two losses; their vocabulary has no <START> or <END>."""
    N, D, W, H, T = 10, 20, 30, 40, 13
    words = {"<NULL>": 0, "cat": 2, "dog": 3}
    net = CaptioningRNN(words, D, W, H, cell_type=kind, dtype=np.float64)
    for k, v in net.params.items():
        net.params[k] = np.linspace(-1.4, 1.3, num=v.size).reshape(v.shape)
    features = np.linspace(*ends, num=N * D).reshape(N, D)
    loss, _ = net.loss(features, (np.arange(N * T) % 3).reshape(N, T))
    assert loss == pytest.approx(expected, rel=1e-11)


def initial(kind):
    return CaptioningRNN(VOCABULARY, 40, 50, 60, kind, rng=0)


def test_parameters_and_their_spread():
    params = initial("attention").params
    shapes = {k: v.shape for k, v in params.items()}
    assert shapes == {
        "W_embed": (7, 50), "W_proj": (40, 60), "b_proj": (60,), "Wx": (50, 240), "Wh": (60, 240),
        "W_attn": (60, 240), "b": (240,), "W_vocab": (60, 7), "b_vocab": (7,),
    }  # fmt: skip
    assert initial("lstm").params.keys() == shapes.keys() - {"W_attn"}
    assert initial("rnn").params["Wx"].shape == (50, 60)
    for key, std in {"W_embed": 0.01, "W_proj": 40**-0.5, "Wx": 50**-0.5, "Wh": 60**-0.5}.items():
        assert params[key].std() == pytest.approx(std, rel=0.1)
    assert not params["b"].any()


def test_the_global_stream_is_followed_only_without_a_generator():
    np.random.seed(0)
    first = CaptioningRNN(VOCABULARY, 5, 4, 6).params
    np.random.seed(0)
    expected = 0.01 * np.random.standard_normal((7, 4))
    np.testing.assert_array_equal(first["W_embed"], expected.astype(np.float32))
    state = np.random.get_state()[1].copy()
    one, other = (CaptioningRNN(VOCABULARY, 5, 4, 6, rng=7).params for _ in range(2))
    assert all(np.array_equal(one[k], other[k]) for k in one)
    assert not np.array_equal(one["Wh"][:4], one["Wx"])
    np.testing.assert_array_equal(np.random.get_state()[1], state)


@ANY_KIND
@pytest.mark.parametrize("count", [1, 4])
def test_gradient_along_a_random_direction(kind, count):
    net, features, captions = model(kind), pictures(kind, count), CAPTIONS[:count]
    _, grads = net.loss(features, captions)
    assert {k: v.shape for k, v in grads.items()} == {k: v.shape for k, v in net.params.items()}
    rng, start = np.random.default_rng(5), net.params
    steps = {k: rng.standard_normal(v.shape) for k, v in start.items()}
    losses = []
    for h in (1e-6, -1e-6):
        net.params = {k: v + h * steps[k] for k, v in start.items()}
        losses.append(net.loss(features, captions)[0])
    slope = sum(np.sum(grads[k] * steps[k]) for k in grads)
    assert slope == pytest.approx((losses[0] - losses[1]) / 2e-6, rel=1e-6)


def torch_hidden(torch, kind, p, features, x):
    """The hidden states (N, T, H), by PyTorch's own operations."""
    start = features @ p["W_proj"] + p["b_proj"]
    h, c = (start, 0 * start) if kind != "attention" else (start.mean(1), start.mean(1))
    states = []
    for t in range(x.shape[1]):
        a = x[:, t] @ p["Wx"] + h @ p["Wh"] + p["b"]
        if kind == "attention":
            scores = (start @ h[:, :, None])[:, :, 0] / h.shape[1] ** 0.5
            a = a + (torch.softmax(scores, 1)[:, None] @ start)[:, 0] @ p["W_attn"]
        if kind == "rnn":
            h = torch.tanh(a)
        else:
            i, f, o, g = a.chunk(4, dim=1)
            c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
            h = torch.sigmoid(o) * torch.tanh(c)
        states.append(h)
    return torch.stack(states, dim=1)


@ANY_KIND
def test_torch_agrees(kind):
    torch = pytest.importorskip("torch", reason="PyTorch is an optional second oracle")
    net, features = model(kind), pictures(kind)
    p = {k: torch.tensor(v, requires_grad=True) for k, v in net.params.items()}
    words = torch.tensor(CAPTIONS)
    h = torch_hidden(torch, kind, p, torch.tensor(features), p["W_embed"][words[:, :-1]])
    scores = h @ p["W_vocab"] + p["b_vocab"]
    expected = torch.nn.functional.cross_entropy(
        scores.flatten(0, 1), words[:, 1:].flatten(), ignore_index=0, reduction="sum"
    ) / len(words)
    expected.backward()
    loss, grads = net.loss(features, CAPTIONS)
    assert loss == pytest.approx(expected.item(), rel=1e-12)
    for key, value in p.items():
        np.testing.assert_allclose(grads[key], value.grad.numpy(), atol=1e-12)


@ANY_KIND
def test_float32_through_and_through(kind):
    net, features = model(kind, np.float32), pictures(kind)
    loss, grads = net.loss(features, CAPTIONS)
    assert np.asarray(loss).dtype == np.float32 and np.isfinite(loss)
    assert {g.dtype for g in grads.values()} == {np.dtype(np.float32)}
    state = net.first_state(features)
    scores, state = net.step(np.ones(4, int), state)
    assert {scores.dtype, *(part.dtype for part in state)} == {np.dtype(np.float32)}


@ANY_KIND
def test_steps_are_what_the_loss_sees(kind):
    """The loss of a caption is that of the scores of its steps."""
    net, features = model(kind), pictures(kind)
    state, all_scores = net.first_state(features), []
    for t in range(5):
        scores, state = net.step(CAPTIONS[:, t], state)
        all_scores.append(scores)
    mask = CAPTIONS[:, 1:] != 0
    expected, _ = layers.temporal_softmax_loss(np.stack(all_scores, 1), CAPTIONS[:, 1:], mask)
    assert net.loss(features, CAPTIONS)[0] == pytest.approx(expected, rel=1e-12)


@ANY_KIND
def test_captions_are_greedy_and_end_once(kind):
    net, features = model(kind, scale=2.5), pictures(kind, 40)
    captions = net.sample(features, max_length=11)
    assert captions.shape == (40, 11) and captions.dtype.kind == "i"
    ended = 0
    for caption, picture in zip(captions, features):
        state, word = net.first_state(picture[None]), VOCABULARY["<START>"]
        for i, written in enumerate(caption):
            scores, state = net.step(np.array([word]), state)
            word = int(scores.argmax())
            assert written == word
            if word == VOCABULARY["<END>"]:
                assert not caption[i + 1 :].any()
                ended += 1
                break
    assert 0 < ended < 40  # so that both kinds were seen
    assert net.sample(features[:1]).shape == (1, 30)
    assert net.sample(features, 0).shape == (40, 0)


@ANY_KIND
def test_captions_of_a_picture_depend_on_no_other(kind):
    net, features = model(kind, np.float32, scale=2.5), pictures(kind, 12)
    alone = [net.sample(picture[None], 9)[0] for picture in features]
    np.testing.assert_array_equal(net.sample(features, 9), alone)


def log_probability(net, features, caption):
    """Of a caption without <START>, up to its <END>, by step."""
    state, word, total = net.first_state(features), VOCABULARY["<START>"], 0.0
    for following in caption:
        scores, state = net.step(np.array([word]), state)
        total += scores[0, following] - np.logaddexp.reduce(scores[0])
        word = following
        if word == VOCABULARY["<END>"]:
            break
    return total


@ANY_KIND
def test_a_beam_that_holds_everything_finds_the_most_probable_caption(kind):
    net, features = model(kind, scale=0.8), pictures(kind, 3)
    found = net.sample(features, 3, beam_width=7**2)
    for picture, caption in zip(features, found):
        every = itertools.product(range(7), repeat=3)
        best = max(log_probability(net, picture[None], c) for c in every)
        assert log_probability(net, picture[None], caption) == pytest.approx(best)


@ANY_KIND
def test_a_wider_beam_is_no_worse_on_average(kind):
    net, features = model(kind, scale=1.2), pictures(kind, 40)
    means = []
    for width in (1, 2, 6):
        captions = net.sample(features, 6, beam_width=width)
        means.append(
            np.mean([log_probability(net, f[None], c) for f, c in zip(features, captions)])
        )
    assert means[0] < means[1] < means[2]


def test_temperature_draws_and_a_seed_repeats_it():
    net, features = model("rnn"), pictures("rnn", 30)
    greedy = net.sample(features, 8)
    cold, warm, again = (
        net.sample(features, 8, temperature=t, rng=5) for t in (1e-6, 1.0, np.float64(1.0))
    )
    np.testing.assert_array_equal(cold, greedy)
    np.testing.assert_array_equal(warm, again)
    assert not np.array_equal(warm, greedy)
    assert not np.array_equal(warm, net.sample(features, 8, temperature=1.0, rng=6))


def test_attention_shows_where_each_word_looked():
    net, features = model("attention", np.float32), pictures("attention", 4)
    captions = net.sample(features, 6)
    weights = net.attention(features, captions)
    assert weights.shape == (4, 6, 3) and weights.dtype == np.float32
    np.testing.assert_allclose(weights.sum(axis=2), 1, rtol=1e-5)
    grid, _ = net.project_forward(features.astype(np.float32))
    h = grid.mean(axis=1)
    first = layers.dot_product_attention_forward(h, grid)[1]
    np.testing.assert_allclose(weights[:, 0], first, rtol=1e-5)


def test_loss_leaves_everything_as_it_was():
    for kind in KINDS:
        net, features, captions = model(kind), pictures(kind), CAPTIONS.copy()
        before = {k: v.copy() for k, v in net.params.items()}, features.copy()
        net.loss(features, captions)
        net.sample(features, 5, beam_width=2)
        np.testing.assert_array_equal(captions, CAPTIONS)
        np.testing.assert_array_equal(features, before[1])
        assert all(np.array_equal(net.params[k], before[0][k]) for k in before[0])


def of(kind, features, captions=CAPTIONS):
    return lambda: model(kind).loss(features, captions)


def without(word):
    return {w: i for i, w in enumerate(WORDS) if w != word}


REFUSED = [
    (lambda: CaptioningRNN(VOCABULARY, cell_type="gru"), ValueError, "'rnn', 'lstm', 'attention'"),
    (lambda: CaptioningRNN(without("<NULL>")), ValueError, "no <NULL>"),
    (lambda: CaptioningRNN(without("<START>"), 5).sample(np.ones((1, 5))), ValueError, "<START>"),
    (lambda: CaptioningRNN(without("<END>"), 5).sample(np.ones((1, 5))), ValueError, "no <END>"),
    (of("rnn", np.ones((4, 6))), ValueError, r"input_dim = 5, but have \(4, 6\)"),
    (of("rnn", np.ones((4, 3, 5))), ValueError, r"shape \(N, input_dim\)"),
    (of("attention", np.ones((4, 5))), ValueError, r"shape \(N, P, input_dim\)"),
    (of("lstm", np.ones((4, 5)), CAPTIONS + 2), ValueError, "words 0 .. 6.* from 2 to 8"),
    (of("lstm", np.ones((4, 5)), CAPTIONS - 1), ValueError, "from -1 to 5"),
    (of("rnn", np.ones((4, 5)), CAPTIONS[0]), ValueError, r"shape \(N, T\)"),
    (of("rnn", np.ones((4, 5)), CAPTIONS[:, :1]), ValueError, "T >= 2"),
    (lambda: model("rnn").sample(np.ones((1, 5)), temperature=-1), ValueError, "temperature"),
    (lambda: model("rnn").sample(np.ones((1, 5)), beam_width=0), ValueError, "beam_width"),
    (lambda: model("rnn").sample(np.ones((1, 5)), 5, 1.0, 2), ValueError, "not both"),
    (lambda: model("lstm").attention(np.ones((4, 5)), CAPTIONS), TypeError, "'attention'"),
]


@pytest.mark.parametrize(("call", "error", "message"), REFUSED)
def test_what_does_not_fit_is_said(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_star_imports_of_inherited_notebooks_bring_what_their_cells_use():
    seen = {}
    exec("from cs231n.classifiers.rnn import *\nfrom cs231n.rnn_layers import *", seen)
    kinds = ["affine", "rnn_step", "rnn", "lstm_step", "lstm", "word_embedding", "temporal_affine"]
    wanted = {f"{kind}_{way}" for kind in kinds for way in ("forward", "backward")}
    assert not (wanted | {"CaptioningRNN", "temporal_softmax_loss"}) - seen.keys()
