"""Numeric gradients: right, harmless to their point, and able to say no."""

import numpy as np
import pytest

from cs231n import gradient_check as gc


def test_gradient_of_a_number(capsys):
    x = np.array([[1.0, -2.0], [0.5, 3.0]])
    grad = gc.eval_numerical_gradient(lambda x: np.sum(x**3), x, verbose=False)
    np.testing.assert_allclose(grad, 3 * x**2, rtol=1e-8)
    assert capsys.readouterr().out == ""
    gc.eval_numerical_gradient(lambda x: np.sum(x), x)
    assert capsys.readouterr().out.startswith("(0, 0) 1.0")


def test_gradient_through_an_array():
    rng = np.random.default_rng(0)
    x, df = rng.standard_normal((2, 3)), rng.standard_normal((2, 3))
    grad = gc.eval_numerical_gradient_array(np.sin, x, df)
    np.testing.assert_allclose(grad, df * np.cos(x), rtol=1e-8)


def test_functions_that_return_their_own_argument_are_not_fooled():
    x = np.ones(3)
    np.testing.assert_allclose(gc.eval_numerical_gradient_array(lambda x: x, x, np.ones(3)), 1)


def test_the_point_is_put_back_even_after_an_error():
    x = np.array([0.1, 0.2])
    with pytest.raises(ZeroDivisionError):
        gc.eval_numerical_gradient(lambda x: 1 / 0, x)
    np.testing.assert_array_equal(x, [0.1, 0.2])


def test_sparse_check_says_no(capsys):
    x = np.linspace(1, 2, 12).reshape(3, 4)
    assert gc.grad_check_sparse(lambda x: np.sum(x**2), x, 2 * x) < 1e-8
    assert gc.grad_check_sparse(lambda x: np.sum(x**2), x, 2.02 * x) > 1e-3
    assert capsys.readouterr().out.count("relative error") == 20


def test_integers_are_refused():
    with pytest.raises(TypeError, match="astype"):
        gc.eval_numerical_gradient(np.sum, np.arange(3))


def test_relative_error():
    assert gc.rel_error(np.ones(3), np.ones(3)) == 0
    assert gc.rel_error(np.array([1.0]), np.array([-1.0])) == 1
    with pytest.raises(ValueError, match="shape"):
        gc.rel_error(np.ones(3), np.ones((3, 1)))
