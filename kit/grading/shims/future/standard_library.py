"""Nothing is to be done on Python 3."""


def install_aliases():
    """Do nothing."""
