"""A case's view of the package: calls are watched, and results are counted."""

import numpy as np
import pytest

from cs231n.checks.namespace import Namespace, WrongReturn
from cs231n.checks.package import local
from cs231n.checks.witness import Witness

X, DOUT = np.array([[1.0, -2.0]]), np.array([[3.0, 4.0]])


def watched(**overrides):
    """The package with some functions exchanged, and the witness of what is called."""
    witness = Witness()
    return Namespace(local(overrides), witness), witness


def watched_relu(backward):
    """What is noted of a relu_backward on fresh arrays."""
    cs, witness = watched(relu_backward=backward)
    _, cache = cs.relu_forward(X.copy())
    cs.relu_backward(DOUT.copy(), cache)
    return witness.writes


def test_an_untouched_argument_is_no_news():
    assert watched_relu(lambda dout, cache: dout * (cache > 0)) == []


def test_writing_into_an_argument_is_named():
    def writes_dout(dout, cache):
        dout[cache <= 0] = 0
        return dout

    assert watched_relu(writes_dout) == ["relu_backward wrote into dout"]


def test_writing_into_what_only_the_cache_holds_is_named():
    def writes_x(dout, cache):
        cache *= 2
        return dout * (cache > 0)

    assert watched_relu(writes_x) == ["relu_backward wrote into x"]


def test_a_value_that_is_written_back_is_left_in_peace():
    def there_and_back(dout, cache):
        dout += 1
        dout -= 1
        return dout * (cache > 0)

    assert watched_relu(there_and_back) == []


def test_update_rules_may_change_their_memory_and_are_advised_on_w():
    def in_place(w, dw, config):
        config["velocity"] -= dw
        w += config["velocity"]
        return w, config

    cs, witness = watched(sgd_momentum=in_place)
    cs.sgd_momentum(np.ones(3), np.ones(3), {"velocity": np.zeros(3)})
    assert witness.writes == []
    assert witness.advice == ["sgd_momentum wrote into w"]


def test_networks_must_leave_their_parameters_alone():
    class Shrinking:
        def __init__(self):
            self.params = {"W1": np.ones((2, 2))}

        def loss(self, X, y=None):
            self.params["W1"] *= 0.5
            return X

    cs, witness = watched(TwoLayerNet=Shrinking)
    cs.TwoLayerNet().loss(X.copy())
    assert witness.writes == ["TwoLayerNet.loss wrote into params['W1']"]


def test_another_shape_in_place_is_named():
    def flattens(x):
        x.shape = (x.size,)
        return np.maximum(x, 0), x

    cs, witness = watched(relu_forward=flattens)
    cs.relu_forward(X.copy())
    assert witness.writes == ["relu_forward changed the shape of x"]


def test_parameters_may_not_be_exchanged_added_or_removed():
    class Trading:
        def __init__(self):
            self.params = {"W1": np.ones((2, 2)), "W2": np.ones(2), "b1": np.zeros(2)}

        def loss(self, X, y=None):
            self.params["W1"] = self.params["W1"] - 0.1
            self.params["b1"] = self.params["b1"].copy()
            self.params["scores"] = X
            del self.params["W2"]
            return X

    cs, witness = watched(TwoLayerNet=Trading)
    cs.TwoLayerNet().loss(X.copy())
    assert witness.writes == [
        "TwoLayerNet.loss took out of params: W2",
        "TwoLayerNet.loss put more into params: scores",
        "TwoLayerNet.loss put other arrays into params: W1",
    ]


def test_a_captioning_model_is_watched_in_all_its_exercises():
    class Careless:
        def __init__(self):
            self.params = {"b": np.zeros(2)}

        def loss(self, features, captions):
            captions[:] = 0
            return 1.0, {}

        def step(self, words, state):
            state[0][:] = 1
            return words, state

        def sample(self, features, max_length=30):
            features *= 2
            self.params["b"] += 1
            return features

    cs, witness = watched(CaptioningRNN=Careless)
    cs.CaptioningRNN().loss(X.copy(), np.ones((1, 2), int))
    cs.CaptioningRNN().step(np.zeros(1, int), (np.zeros((1, 2)),))
    cs.CaptioningRNN().sample(X.copy(), 5)
    assert witness.writes == [
        "CaptioningRNN.loss wrote into captions",
        "CaptioningRNN.step wrote into state[0]",
        "CaptioningRNN.sample wrote into features",
        "CaptioningRNN.sample wrote into params['b']",
    ]


@pytest.mark.parametrize(
    ("name", "args", "result", "says"),
    [
        ("relu_forward", (X,), None, "returned one value (None); it returns a tuple (out, cache)"),
        ("relu_forward", (X,), X, "one value (ndarray)"),
        ("relu_backward", (DOUT, X), None, "one value (None); it returns one value, dx"),
        ("relu_backward", (DOUT, X), (X, X), "2 values; it returns one value, dx"),
        ("affine_backward", (DOUT, ()), (X, X), "2 values; it returns a tuple (dx, dw, db)"),
        ("adam", (X, X), (X, None), "config as NoneType; it is a dictionary"),
    ],
)
def test_a_wrong_number_of_results_is_named(name, args, result, says):
    cs, _ = watched(**{name: lambda *_: result})
    with pytest.raises(WrongReturn) as caught:
        getattr(cs, name)(*args)
    assert says in str(caught.value)


def test_gradients_must_come_as_a_dictionary():
    class Network:
        params = {}  # noqa: RUF012

        def loss(self, X, y=None):
            return 1.0, None

    with pytest.raises(WrongReturn, match="grads as NoneType"):
        watched(TwoLayerNet=Network)[0].TwoLayerNet().loss(X, np.array([0]))


def test_names_outside_of_the_contract_are_refused():
    with pytest.raises(AttributeError, match="not in the contract"):
        watched()[0].make_coffee  # noqa: B018
