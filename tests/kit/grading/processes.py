"""Which processes there are below another, for the tests that end some."""

import subprocess


def descendants(number):
    """The ids of the processes below one, as text, without those that have ended."""
    listed = ["ps", "-eo", "pid=,ppid=,stat="]
    done = subprocess.run(listed, capture_output=True, text=True, check=True)
    rows = [line.split() for line in done.stdout.splitlines()]
    pairs = [(pid, parent) for pid, parent, state in rows if not state.startswith("Z")]
    found, size = {str(number)}, 0
    while size != len(found):
        size = len(found)
        found |= {pid for pid, parent in pairs if parent in found}
    return found - {str(number)}
