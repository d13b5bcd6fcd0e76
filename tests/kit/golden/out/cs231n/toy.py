"""A layer of one line, for the tests of the kit."""


class Doubler:
    """Multiplies by two."""

    def forward(self, x):
        """Return 2 x."""
        # Your turn: twice the input.
        ### BEGIN SOLUTION
        raise NotImplementedError("Doubler.forward")
        ### END SOLUTION
        return out


def given():
    """Return a marker inside a string, which is none: ### BEGIN SOLUTION."""
    return "### END SOLUTION"
