"""What can go wrong on a link, and how an exception is told of at the other end."""


class Gone(Exception):
    """The other end is not there any more, or speaks nonsense."""

    kind, place = "Protocol", None


class Failure(Exception):
    """What the other end's code raised: the exception's name, its message and its place."""

    def __init__(self, kind, message, place=None):
        super().__init__(message)
        self.kind, self.place = kind, place


class Blank(Failure, NotImplementedError):
    """The other end's code is not written yet."""


class Lacking(Failure, AttributeError):
    """An object of the other end has no such attribute."""


def told(error):
    """Kind, message and place of an exception, as `raised` takes them at the other end."""
    kind, place = getattr(error, "kind", type(error).__name__), getattr(error, "place", None)
    return kind, str(error)[:500], place


def raised(kind, message, place):
    """The exception that was told of; raises Gone where that was nonsense."""
    place = tuple(place) if place else None
    if place and [type(part) for part in place] != [str, int, str]:
        raise Gone("it raised nonsense")
    kinds = {"NotImplementedError": Blank, "AttributeError": Lacking}
    return kinds.get(kind, Failure)(str(kind), str(message), place)
