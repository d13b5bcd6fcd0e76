"""The training loop: draw a minibatch, step downhill, measure, keep the best."""

import inspect
import warnings
from pathlib import Path

import numpy as np
from tqdm import tqdm

from . import checkpoint, optim
from .model_state import averages, mask_generator, set_averages
from .progress import bar
from .progress import progress as progress


class DivergenceWarning(UserWarning):
    """The loss has become infinite or NaN, and training has stopped."""


class Solver:
    """Trains a model on minibatches and keeps the parameters that did best on validation data.

    A model has `params`, a dictionary of arrays, and `loss(X, y=None)`, which returns scores where
    y is None, otherwise (loss, grads). If it has `bn_params` and `dropout_param` too, their running
    averages and generator are kept and restored along with its parameters.

        solver = Solver(model, data, update_rule="adam", optim_config={"learning_rate": 1e-3})
        solver.train()

    After training:
    - model.params, best_params: the parameters of the best validation accuracy, best_val_acc
    - loss_history: the loss of every iteration
    - train_acc_history, val_acc_history: accuracies before the first step and after each epoch
    - epoch: epochs completed; optim_configs: the update rule's memory for each parameter
    - diverged: whether the loss became infinite or NaN

    Ctrl-C (or the notebook's stop button) ends training early with all of these kept; train()
    goes on from there. A subclass overrides take_data and draw_batch to train on other data,
    measure and forget to judge otherwise; `kept` names the plain values that a checkpoint keeps.
    """

    kept = (
        "batch_size",
        "epoch",
        "iteration",
        "best_val_acc",
        "loss_history",
        "train_acc_history",
        "val_acc_history",
    )

    def __init__(
        self,
        model,
        data,
        update_rule="sgd",
        optim_config={},  # noqa: B006  the contract's default; it is copied, never written to
        lr_decay=1.0,
        batch_size=100,
        num_epochs=10,
        num_train_samples=1000,
        num_val_samples=None,
        checkpoint_name=None,
        print_every=10,
        verbose=True,
        rng=None,
        show_progress=True,
        **unknown,
    ):
        """Prepare to train.

        Inputs:
        - model: See above
        - data: Dictionary with X_train, y_train, X_val, y_val
        - update_rule: Name of a rule in cs231n.optim
        - optim_config: Settings of the rule, such as learning_rate
        - lr_decay: Factor on the learning rate after each epoch
        - batch_size: Examples in a minibatch; at most all training examples
        - num_epochs: Times to go through the training data
        - num_train_samples, num_val_samples: Examples to measure accuracy on; None stands for all
        - checkpoint_name: Path without suffix; after each epoch all is saved in <it>.npz
        - print_every: Iterations between printed losses
        - verbose: Print losses and accuracies
        - rng: np.random.Generator or a seed for minibatches; without one, the same order every time
        - show_progress: Show a bar whenever somebody watches; False where `progress` shows one

        Raises TypeError for an unknown option, ValueError for an unknown rule or unfit data.
        """
        if unknown:
            known = _options(type(self))
            raise TypeError(f"unknown option {', '.join(map(repr, unknown))}; choose from {known}")
        if update_rule not in optim.RULES:
            raise ValueError(
                f"unknown update_rule {update_rule!r}; choose one of {sorted(optim.RULES)}"
            )
        self.model = model
        self.num_train = self.take_data(data)
        self.update_rule = optim.RULES[update_rule]
        self.lr_decay = lr_decay
        self.batch_size = min(_positive("batch_size", batch_size), self.num_train)
        self.num_epochs = _positive("num_epochs", num_epochs)
        self.num_train_samples = num_train_samples
        self.num_val_samples = num_val_samples
        self.checkpoint_name = checkpoint_name
        self.print_every = _positive("print_every", print_every)
        self.verbose = verbose
        self.show_progress = show_progress
        self.rng = np.random.default_rng(0 if rng is None else rng)
        self.optim_configs = {name: dict(optim_config) for name in model.params}
        self._reset()
        self.forget()

    def take_data(self, data):
        """Keep what is trained and measured on; returns the number of training examples.

        Raises ValueError for unfit data.
        """
        _require_data(data)
        self.X_train, self.y_train = data["X_train"], data["y_train"]
        self.X_val, self.y_val = data["X_val"], data["y_val"]
        return len(self.X_train)

    def forget(self):
        """Begin with nothing measured."""
        self.best_val_acc = -np.inf
        self.train_acc_history = []
        self.val_acc_history = []

    def _reset(self):
        """Begin with no step taken."""
        self.epoch = 0
        self.iteration = 0
        self.diverged = False
        self.best_params = {}
        self.best_averages = {}
        self.loss_history = []
        self._measured = False
        self._running_params = self.model.params
        self._running_averages = averages(self.model)
        self._order = None

    @property
    def iterations_per_epoch(self):
        """Minibatches in an epoch; a last, smaller one is left out."""
        return self.num_train // self.batch_size

    @property
    def num_iterations(self):
        """Minibatches in the whole training."""
        return self.num_epochs * self.iterations_per_epoch

    def train(self):
        """Train until num_epochs are done, then give the model its best parameters."""
        self.model.params = self._running_params
        set_averages(self.model, self._running_averages)
        del self.loss_history[self.iteration :]  # of a step that an interrupt cut in two
        shown = {"total": self.num_iterations, "initial": self.iteration}
        with bar(shown=self.show_progress, **shown) as steps:
            try:
                self._run(steps)
            except KeyboardInterrupt:
                self._say(
                    f"interrupted after iteration {self.iteration}; train() goes on from here"
                )
                raise
            finally:
                self._running_params = self.model.params
                self._running_averages = averages(self.model)
                if self.best_params:
                    self.model.params = {k: v.copy() for k, v in self.best_params.items()}
                    set_averages(self.model, self.best_averages)

    def _run(self, steps):
        """The loop itself; `steps` is a bar."""
        if self.iteration == 0 and not self._measured:
            self.measure()
            self._measured = True
        while self.iteration < self.num_iterations and not self.diverged:
            loss = self._step()
            steps.update()
            steps.set_description(f"loss {loss:.3f}", refresh=False)
            if not np.isfinite(loss):
                self._stop_diverged(loss)
            elif (self.iteration - 1) % self.print_every == 0:
                self._say(f"(Iteration {self.iteration} / {self.num_iterations}) loss: {loss:f}")
            if self.iteration % self.iterations_per_epoch == 0:
                self.epoch += 1
                self.end_epoch()

    def _step(self):
        """Draw a minibatch, move every parameter once, and return the loss."""
        loss, grads = self.model.loss(*self.draw_batch())
        self.loss_history.append(float(loss))
        if np.isfinite(loss):
            next_params = {}
            for name, w in self.model.params.items():
                next_params[name], self.optim_configs[name] = self.update_rule(
                    w, grads[name], self.optim_configs[name]
                )
            self.model.params.update(next_params)
        self.iteration += 1
        return self.loss_history[-1]

    def draw_batch(self):
        """The next minibatch (X, y), what model.loss takes."""
        rows = self.next_rows()
        return self.X_train[rows], self.y_train[rows]

    def next_rows(self):
        """Numbers of the next training examples: every epoch goes through all in a new order."""
        position = self.iteration % self.iterations_per_epoch
        if position == 0 or self._order is None:
            self._order = self.rng.permutation(self.num_train)
        return self._order[position * self.batch_size : (position + 1) * self.batch_size]

    def end_epoch(self):
        """Measure, let the learning rate decay, and save a checkpoint if one was asked for."""
        for config in self.optim_configs.values():
            config["learning_rate"] *= self.lr_decay
        if not self.diverged:
            self.measure()
        if self.checkpoint_name is not None:
            self.save_checkpoint()

    def measure(self):
        """Record both accuracies, and keep a copy of the parameters if they are the best so far."""
        train_acc = self.check_accuracy(self.X_train, self.y_train, self.num_train_samples)
        val_acc = self.check_accuracy(self.X_val, self.y_val, self.num_val_samples)
        self.train_acc_history.append(train_acc)
        self.val_acc_history.append(val_acc)
        self.say_epoch(f"train acc: {train_acc:f}; val_acc: {val_acc:f}")
        if val_acc > self.best_val_acc:
            self.best_val_acc = val_acc
            self.keep_best()

    def keep_best(self):
        """Copy the parameters: until better ones come, they are what the model gets in the end."""
        self.best_params = {k: v.copy() for k, v in self.model.params.items()}
        self.best_averages = averages(self.model)

    def say_epoch(self, measured):
        """Print what was measured, with the epoch, if somebody wants to read it."""
        self._say(f"(Epoch {self.epoch} / {self.num_epochs}) {measured}")

    def check_accuracy(self, X, y, num_samples=None, batch_size=100):
        """Share of examples whose highest score is their own class.

        Inputs:
        - X, y: Examples and labels
        - num_samples: Measure on that many, drawn at random; None stands for all
        - batch_size: Examples to score at a time

        Returns a number in 0 .. 1.
        """
        if num_samples is not None and num_samples < len(X):
            rows = self.some_rows(len(X), num_samples)
            X, y = X[rows], y[rows]
        correct = 0
        for start in range(0, len(X), batch_size):
            scores = self.model.loss(X[start : start + batch_size])
            correct += int(np.sum(scores.argmax(axis=1) == y[start : start + batch_size]))
        return correct / len(X)

    def some_rows(self, count, num_samples):
        """Numbers of num_samples of count examples, drawn to be measured."""
        # A generator of its own: measuring must not change which minibatches come next.
        return np.random.default_rng(self.iteration).choice(count, num_samples, replace=False)

    def save_checkpoint(self):
        """Write all that train() needs to go on to <checkpoint_name>.npz, whole or not at all."""
        groups = {
            "params": self.model.params,
            "best": self.best_params,
            "averages": averages(self.model),
            "best averages": self.best_averages,
            "optim": self.optim_configs,
        }
        state = {key: getattr(self, key) for key in self.kept}
        state["rng"] = self.rng.bit_generator.state
        if masks := mask_generator(self.model):
            state["masks"] = masks.bit_generator.state
        checkpoint.write(self._checkpoint_path(), groups, state)

    def resume(self):
        """Load the checkpoint saved under checkpoint_name, so that train() goes on from there.

        Raises FileNotFoundError if there is none, ValueError if it belongs to another model.
        """
        path = self._checkpoint_path()
        if not path.exists():
            raise FileNotFoundError(f"no checkpoint at {path}; call train() without resume() first")
        groups, state = checkpoint.read(path)
        params = groups["params"]
        checkpoint.require_same_shapes(params, self.model.params, path)
        if state["batch_size"] != self.batch_size:
            raise ValueError(
                f"{path} was trained with batch_size={state['batch_size']}; go on with the same"
            )
        masks, drawn = mask_generator(self.model), state.pop("masks", None)
        if masks and drawn:
            masks.bit_generator.state = drawn
        self.rng.bit_generator.state = state.pop("rng")
        vars(self).update(state)
        # Arrays without axes go back to the plain numbers they were saved from.
        self.optim_configs = {
            name: {k: v if v.ndim else v.item() for k, v in groups["optim"].get(name, {}).items()}
            for name in params
        }
        self.best_params, self.best_averages = groups["best"], groups["best averages"]
        self._running_params, self._running_averages = params, groups["averages"]

    def _checkpoint_path(self):
        if self.checkpoint_name is None:
            raise ValueError("give the Solver a checkpoint_name, so that it knows where to save")
        return Path(f"{self.checkpoint_name}.npz")

    def _stop_diverged(self, loss):
        self.diverged = True
        warnings.warn(
            f"training stopped: the loss became {loss} at iteration {self.iteration}. The usual "
            "cause is a learning rate or a weight scale that is too large; try a tenth of it.",
            DivergenceWarning,
            stacklevel=4,
        )

    def _say(self, line):
        if self.verbose:
            tqdm.write(line)


def _options(kind):
    """Names of what a kind of solver takes, its own first, then those it hands on."""
    makers = [vars(base)["__init__"] for base in kind.__mro__[:-1] if "__init__" in vars(base)]
    parameters = [p for maker in makers for p in inspect.signature(maker).parameters.values()]
    named = [p.name for p in parameters if p.kind is not p.VAR_KEYWORD and p.name != "self"]
    return list(dict.fromkeys(named))


def _require_data(data):
    """Raise ValueError unless data has pictures and labels to train and to validate on."""
    for split in ("train", "val"):
        missing = {f"X_{split}", f"y_{split}"} - set(data)
        if missing:
            raise ValueError(f"data has no {sorted(missing)}; it has {sorted(data)}")
        examples, labels = len(data[f"X_{split}"]), len(data[f"y_{split}"])
        if examples != labels or not examples:
            raise ValueError(
                f"X_{split} has {examples} examples, y_{split} {labels} labels; "
                "each example needs one label, and there must be one at least"
            )


def _positive(name, value):
    if not value >= 1:
        raise ValueError(f"{name} must be at least 1, but is {value}")
    return int(value)
