"""What a command owes its terminal: letters that it may lack, and a reader who may have gone."""

import os
import sys


def spare_letters():
    """Print a "?" for letters that a Windows console lacks, as in a folder's name, and go on."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def status_of(main):
    """Run a command's main function for its exit status; 1 where nobody reads on, as in `| head`.

    Source: Python's documentation of the module signal, "Note on SIGPIPE".
    """
    try:
        status = main()
        sys.stdout.flush()
        return status
    except BrokenPipeError:
        # Python flushes once more when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
