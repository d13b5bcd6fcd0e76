"""How large a submission may be, and the error where it is larger or is no submission."""

FILES = 2000
TOTAL = 200 << 20  # bytes, unpacked
SOURCE = 256 << 10  # bytes of one Python file; all of them travel in one message
NOTEBOOK = 25 << 20
DEEP = 4  # folders around the files that are handed in
RATIO = 200  # unpacked over packed, where that is more than a megabyte


class Refused(Exception):
    """A sentence that says why a submission is not read."""


def of(name):
    """How many bytes a file of some name may have."""
    return SOURCE if name.endswith(".py") else NOTEBOOK


def several(tops):
    """A note on the folders of which any could be the one that is handed in; none for no folder."""
    some = [top[:60] for top in tops[:3]]
    return [f"several folders hold work ({', '.join(some)}): hand in one of them"] * bool(tops)
