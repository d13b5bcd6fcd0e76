"""Command line: `python -m cs231n.submission`, which collect_submission.sh calls."""

import argparse
import sys

from ..assignment import ROOT
from . import bundle
from .review import review
from .verify import verify


def main(arguments=None, root=ROOT):
    """Look the work over, pack it, open the zip again; returns the exit status, 0 or 1."""
    for stream in (sys.stdout, sys.stderr):  # a Windows console may not know a folder's letters
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    options = _parser().parse_args(arguments)
    try:
        _hand_in(options, root)
    except (bundle.SubmissionError, OSError) as error:
        print(f"No submission was written: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 1
    return 0


def _parser():
    parser = argparse.ArgumentParser(
        prog="collect_submission.sh", description="Pack your work into submission.zip."
    )
    parser.add_argument("--no-verify", action="store_true", help="do not run the checks on the zip")
    parser.add_argument("--pdf", action="store_true", help="write submission.pdf too")
    return parser


def _hand_in(options, root):
    kit, content, path = bundle.assignment(root), bundle.pack(root), root / bundle.NAME
    kept = bundle.save(content, path)
    for name in sorted(kit.files):
        print(f"  {(root / name).stat().st_size / 1000:8.1f} KB  {name}")
    advice = review(root, kit)
    if advice:
        print("Look at these before you hand it in:")
        print("\n".join(f"  {sentence}" for sentence in advice))
    if kept:
        print(f"Your earlier zip is kept as {kept.name}.")
    for sentence in [] if options.no_verify else verify(path, root, kit):
        print(sentence)
    if options.pdf:
        _print_pdf(root, kit)
    due = f", due {kit.due}" if kit.due else ""
    print(f"Wrote {path}: hand in this file{due}.")


def _print_pdf(root, kit):
    """Write submission.pdf; whatever goes wrong here, the zip is there already."""
    answered = [(a.question.id, a.text) for a in bundle.answers(root, kit) if a.text]
    try:
        from .pdf import write_pdf

        notebooks = [root / name for name in kit.notebooks]
        printed = write_pdf(notebooks, root / "submission.pdf", answered, title=kit.course or None)
    except Exception as error:
        print(f"No PDF was written ({type(error).__name__}: {error}); the zip does not need it.")
        return
    for sentence in printed.why:
        print(sentence)
    for name in printed.missing:
        print(f"The answer to {name} was not found in {printed.path.name}: look at it there.")
    print(f"Wrote {printed.path} (by {printed.how}).")


if __name__ == "__main__":
    sys.exit(main())
