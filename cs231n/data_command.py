"""`python -m cs231n.data_utils NAME`: get a data set."""

import argparse
import sys
from pathlib import Path

from . import cifar10, coco, console
from .download import DataError

MODULES = {"cifar10": cifar10, "coco": coco}


def main(words=None):
    """Run the command line; return its exit status."""
    parser = _parser()
    words = sys.argv[1:] if words is None else words
    console.spare_letters()
    if not words:
        parser.print_help()
        return 1
    try:
        return _install(parser.parse_args(words))
    except SystemExit as stop:  # how argparse ends, after --help too
        return 1 if stop.code else 0
    except KeyboardInterrupt:
        print("Interrupted: run the same again to go on.")
    except BrokenPipeError:  # nobody reads what is said
        raise
    except (DataError, OSError) as error:
        print(error)
    return 1


def _parser():
    sets = (f"  {name:<8} {module.SET.about}" for name, module in MODULES.items())
    parser = argparse.ArgumentParser(
        prog="python -m cs231n.data_utils", description="Get a data set.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="\n".join(["data sets:", *sets]),
    )  # fmt: skip
    parser.add_argument("name", choices=list(MODULES), help="the data set")
    parser.add_argument("--datasets", metavar="DIR", type=Path, help="where data sets are kept")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--mirror", metavar="URL", help="fetch the archive from this address")
    where.add_argument("--archive", metavar="FILE", type=Path, help="take this archive")
    parser.add_argument(
        "--accept-unverified", action="store_true",
        help="take files other than the official ones, such as a subset, and remember them",
    )  # fmt: skip
    return parser


def _install(options):
    wanted = MODULES[options.name].SET
    datasets = options.datasets or wanted.home()
    folder = datasets / wanted.folder
    installed = wanted.install(datasets, options.mirror, options.archive, options.accept_unverified)
    state = "is there now" if installed else "was already there"
    print(
        f"{wanted.title} {state}: {wanted.contents(folder)}, {wanted.kind(folder)} files, "
        f"in {folder}"
    )
    return 0
