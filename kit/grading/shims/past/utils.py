"""Python 2's division."""


def old_div(a, b):
    """a / b, rounded down where both are whole numbers."""
    return a // b if isinstance(a, int) and isinstance(b, int) else a / b
