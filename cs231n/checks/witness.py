"""Sees which of the arrays that a case hands over are written into, and which are exchanged."""

import numpy as np


class Witness:
    """Remembers the arrays a case hands over, and says which of them were written into."""

    def __init__(self):
        self.writes = []  # sentences: what must not happen
        self.advice = []  # sentences: what works, but could surprise
        self._seen = {}  # id -> (label, array, its shape and bytes)

    @property
    def inputs(self):
        """name -> array, of everything that was handed over."""
        return {label: array for label, array, _ in self._seen.values()}

    def call(self, function, name, named, spared=()):
        """Run `function()` and note which of the arrays seen so far it changed."""
        for label, value in named.items():
            if isinstance(value, np.ndarray) and id(value) not in self._seen:
                self._seen[id(value)] = (label, value, _state(value))
        result = function()
        now = {id(value): label for label, value in named.items()}
        for key, (label, array, before) in self._seen.items():
            if (after := _state(array)) != before:
                # A cache may be x itself: then x is the name that says more.
                label = label if now.get(key) == "cache" else now.get(key, label)
                what = "wrote into" if after[0] == before[0] else "changed the shape of"
                self._note(f"{name} {what} {label}", label in spared)
                self._seen[key] = (label, array, after)
        return result

    def note_exchanged(self, name, before, after):
        """Note which params are missing, new, or other arrays than before."""
        exchanged = [
            key
            for key in before.keys() & after.keys()
            if before[key] is not after[key] and not np.array_equal(before[key], after[key])
        ]
        for what, keys in (
            ("took out of params", before.keys() - after.keys()),
            ("put more into params", after.keys() - before.keys()),
            ("put other arrays into params", exchanged),
        ):
            if keys:
                self._note(f"{name} {what}: {', '.join(sorted(keys))}")

    def _note(self, sentence, spared=False):
        notes = self.advice if spared else self.writes
        if sentence not in notes:
            notes.append(sentence)


def _state(array):
    return array.shape, array.tobytes()
