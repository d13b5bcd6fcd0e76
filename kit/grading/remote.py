"""The functions and networks of a child as the cases see them."""

from cs231n.checks.contract import CONTRACT

from .inside.errors import Failure
from .inside.link import Proxy

SMALL = 5000  # numbers: two arrays of so many, broadcast against each other, still fit into memory


class Network(Proxy):
    """A network that stays in the child."""

    def leave_out_backward(self):
        """See cs231n.checks.namespace."""
        self._link.ask("leave_out_backward", self)


class Resolver:
    """Resolves contract names in a child, as checks.package.local does it in this process.

    - fatal: Module -> kind, message and place of what ended the child while it was imported
    - home: name -> the module that holds it there
    """

    def __init__(self, link, fatal, home):
        self._link, self._fatal, self._home = link, fatal, home

    def __call__(self, name):
        module, returns = self._home(name), CONTRACT[name].returns
        if module in self._fatal:
            raise Failure(*self._fatal[module])

        def call(*args, **kwargs):
            return self._link.ask("call", module, name, args, kwargs, returns)

        return call

    def swap_global_stream(self, state):
        """Put the child's global stream of random numbers into a state; returns the one before."""
        return self._link.ask("swap_stream", state)


class Shapes:
    """The shapes of the arrays that the solved source hands back in one case.

    What a case computes with them in this process needs little memory; so that this holds for a
    submission's arrays too, they may not have more axes, nor be large in another shape. `axes` are
    allowed in any case: what a carried-on function is called with has its own shapes.
    """

    def __init__(self, seen=(), axes=0):
        self.seen, self._axes = set(seen), axes

    def note(self, array):
        """Take in an array of the solved source's."""
        self.seen.add(array.shape)

    def admit(self, array):
        """Raise Failure for an array of a submission's that is beyond all reason."""
        axes = max([self._axes, *(len(shape) for shape in self.seen)])
        if array.ndim > axes or (array.size > SMALL and array.shape not in self.seen):
            what = f"an array of shape {array.shape} was returned"
            raise Failure("WrongShape", f"{what}; no right one has so many axes or numbers")
