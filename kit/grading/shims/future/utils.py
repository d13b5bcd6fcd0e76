"""Ways through a dictionary that both Pythons have."""


def iteritems(dictionary):
    """Its pairs."""
    return iter(dictionary.items())


def iterkeys(dictionary):
    """Its keys."""
    return iter(dictionary.keys())


def itervalues(dictionary):
    """Its values."""
    return iter(dictionary.values())
