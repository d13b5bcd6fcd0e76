"""The training loop for captions: a Solver that draws captions with their pictures' features."""

import numpy as np

from .solver import Solver


class CaptioningSolver(Solver):
    """Trains a captioning model on minibatches of (features, captions).

    A model has `params` and `loss(features, captions)`, which returns (loss, grads).

        solver = CaptioningSolver(model, data, update_rule="adam", num_epochs=50, batch_size=25,
                                  optim_config={"learning_rate": 5e-3}, lr_decay=0.95)
        solver.train()

    Captions have no accuracy. loss_history has the loss of every iteration. Only where samples are
    asked for are train_loss_history and val_loss_history measured too, before the first step and
    after each epoch; with a validation loss, model.params are in the end those of the lowest,
    best_val_loss. Everything else is as in Solver.
    """

    kept = (
        "batch_size",
        "epoch",
        "iteration",
        "best_val_loss",
        "loss_history",
        "train_loss_history",
        "val_loss_history",
    )

    def __init__(
        self, model, data, *, features="features", num_train_samples=0, num_val_samples=0, **options
    ):
        """Prepare to train.

        Inputs:
        - model: See above
        - data: Dictionary with train_captions (M, T), train_image_idxs (M,) and train_features, as
          load_coco_data returns it; to validate, with the same three of "val"
        - features: Which features the model sees: those under "train_<features>" and
          "val_<features>", such as "grid" for a model with attention
        - num_train_samples, num_val_samples: Captions to measure the loss on; None stands for all
        - options: Those of Solver

        Raises TypeError for an unknown option, ValueError for an unknown rule or unfit data.
        """
        self.features = features
        self.num_samples = {"train": num_train_samples, "val": num_val_samples}
        super().__init__(model, data, **options)

    def take_data(self, data):
        """Keep captions and features; returns the number of training captions."""
        self.data = data
        self._splits = {}
        for split in ("train", *self._measured_splits):
            self._split(split)
        return len(data["train_captions"])

    def forget(self):
        """Begin with nothing measured."""
        self.best_val_loss = np.inf
        self.train_loss_history = []
        self.val_loss_history = []

    def draw_batch(self):
        """The next minibatch (features, captions): an epoch shows every caption once."""
        return self._pairs("train", self.next_rows())

    def measure(self):
        """Record the losses asked for, and keep the parameters of the best validation loss."""
        histories = {"train": self.train_loss_history, "val": self.val_loss_history}
        measured = self._measured_splits
        for split in measured:
            histories[split].append(self.check_loss(split, self.num_samples[split]))
        if measured:
            self.say_epoch("; ".join(f"{s} loss: {histories[s][-1]:f}" for s in measured))
        if "val" in measured and self.val_loss_history[-1] < self.best_val_loss:
            self.best_val_loss = self.val_loss_history[-1]
            self.keep_best()

    def check_loss(self, split="val", num_samples=None, batch_size=100):
        """Mean loss of captions under the model as it is.

        Inputs:
        - split: "train" or "val"
        - num_samples: Measure on that many, drawn at random; None stands for all
        - batch_size: Captions to read at a time

        Returns a number, in nats for each caption.
        """
        count = len(self._split(split)[1])
        rows = np.arange(count)
        if num_samples is not None and num_samples < count:
            rows = self.some_rows(count, num_samples)
        total = 0.0
        for start in range(0, len(rows), batch_size):
            batch = rows[start : start + batch_size]
            total += len(batch) * float(self.model.loss(*self._pairs(split, batch))[0])
        return total / len(rows)

    def check_accuracy(self, *_, **__):
        """Raise TypeError: there is none."""
        raise TypeError("captions have no accuracy; use check_loss")

    @property
    def _measured_splits(self):
        return [split for split, number in self.num_samples.items() if number != 0]

    def _split(self, split):
        if split not in self._splits:
            self._splits[split] = _split_of(self.data, split, self.features)
        return self._splits[split]

    def _pairs(self, split, rows):
        features, captions, image_idxs = self._split(split)
        return features[image_idxs[rows]], captions[rows]


def _split_of(data, split, features):
    """(features, captions, image_idxs) of a split; ValueError where they do not fit together."""
    keys = [f"{split}_{name}" for name in (features, "captions", "image_idxs")]
    missing = [key for key in keys if key not in data]
    if missing:
        raise ValueError(f"data has no {missing}; it has {sorted(data)}")
    seen, captions, image_idxs = (data[key] for key in keys)
    if not len(captions) == len(image_idxs) >= 1:
        raise ValueError(
            f"{keys[1]} has {len(captions)} captions, {keys[2]} {len(image_idxs)} pictures; "
            "each caption needs the number of its picture, and there must be one at least"
        )
    if not 0 <= np.min(image_idxs) <= np.max(image_idxs) < len(seen):
        raise ValueError(
            f"{keys[2]} must lie in 0 .. {len(seen) - 1}, as {keys[0]} has {len(seen)} rows, but "
            f"runs from {np.min(image_idxs)} to {np.max(image_idxs)}"
        )
    return seen, captions, image_idxs
