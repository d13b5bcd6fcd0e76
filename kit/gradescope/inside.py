"""Runs in Gradescope's container: grades the one submission and writes results.json."""

import json
import sys
from pathlib import Path

from cs231n.files import write_whole
from kit import KitError
from kit.grading import intake, material, secret
from kit.grading.grade import grade
from kit.grading.setting import Setting

from . import SECRET, other_user, results

BUBBLEWRAP = "Boundary: bubblewrap. The submission saw neither the grader, the reference nor the \
secret."
OTHER = "BOUNDARY: NO BUBBLEWRAP HERE ({}). The submission ran in this container as user 65534, \
who may not read the reference, the secret, the submission or the results (tried before grading), \
with limits and, on x86-64 and ARM64, without sockets and new processes. The container is the only \
other boundary."


def main(root="/autograder"):
    """Grade ROOT/submission into ROOT/results/results.json; raises KitError where it can't."""
    root = Path(root)
    setting, boundary = _setting(root)
    print(boundary)
    result = grade(intake.Source("submission", root / "submission"), setting)
    text = json.dumps(results.of(result, boundary), indent=1)
    write_whole(root / "results" / "results.json", text.encode("ascii"))


def _setting(root):
    """The Setting with the best boundary there is, tried on the solved source; and what it is."""
    used = material.read()
    key = secret.load(root / "source" / SECRET)
    parts = used, secret.seed(key, used.assignment), secret.fingerprint(key, used.assignment)
    try:
        setting = Setting(*parts)
        _ = setting.command
        _ = setting.shapes
        return setting, BUBBLEWRAP
    except KitError as error:
        reason = " ".join(str(error).partition("Install it")[0].split())
    hidden = [root / "source" / SECRET, root / "source", root / "submission", root / "results"]
    other_user.require_unreadable([*hidden, Path(__file__)])
    setting = other_user.OtherUser(*parts)
    _ = setting.shapes
    return setting, OTHER.format(reason)


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except KitError as trouble:
        sys.exit(f"kit: {trouble}")
