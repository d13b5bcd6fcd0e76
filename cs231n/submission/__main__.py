"""Command line: `python -m cs231n.submission`, which collect_submission.sh calls."""

import argparse
import sys
from pathlib import Path

if not __package__:  # run as `python ../cs231n/submission`, from a notebook
    sys.path[0] = str(Path(__file__).resolve().parents[2])

from cs231n import console
from cs231n.assignment import ROOT
from cs231n.submission import bundle
from cs231n.submission.review import review
from cs231n.submission.verify import verify


def main(arguments=None, root=ROOT):
    """Pack the work, look it over, open the zip again; returns the exit status, 0 or 1.

    It is 1 where no zip was written, or where it does not read back; all else is advice.
    """
    console.spare_letters()
    options, path, kept = _parser().parse_args(arguments), root / bundle.NAME, None
    try:
        kit = bundle.assignment(root)
        kept = bundle.save(bundle.pack(root), path)
    except (bundle.SubmissionError, OSError) as error:
        return _stop(f"No submission was written: {_reason(error, path)}")
    except KeyboardInterrupt:
        return _stop("No submission was written: stopped.")
    try:
        _report(options, root, kit, kept)
    except BrokenPipeError:  # the zip is whole; nobody reads what is said of it
        raise
    except (bundle.SubmissionError, OSError) as error:
        return _stop(f"Do not hand in {bundle.NAME}: {_reason(error, path)}")
    except KeyboardInterrupt:
        return _stop(f"Stopped; {path} is written, but was not looked at to the end.")
    return 0


def _parser():
    parser = argparse.ArgumentParser(
        prog="collect_submission.sh", description="Pack your work into submission.zip."
    )
    parser.add_argument("--no-verify", action="store_true", help="do not run the checks on the zip")
    parser.add_argument("--pdf", action="store_true", help="write submission.pdf too")
    return parser


def _stop(sentence):
    print(sentence, file=sys.stderr)
    return 1


def _reason(error, path):
    """What an exception says, as a sentence with a remedy."""
    if not isinstance(error, OSError):
        return str(error)
    return (
        f"{error.filename or path}: {error.strerror or error}; make room, or move the whole folder "
        "to where you may read and write, then run this again"
    )


def _report(options, root, kit, kept):
    """Say what is in the zip, what to look at, and what it is worth in a clean folder."""
    path = root / bundle.NAME
    for name in sorted(kit.files):
        print(f"  {(root / name).stat().st_size / 1000:8.1f} KB  {name}")
    advice = review(root, kit)
    if advice:
        print("Look at these before you hand it in:")
        print("\n".join(f"  {sentence}" for sentence in advice))
    if kept:
        print(f"Your earlier zip is kept as {kept.name}.")
    for sentence in [] if options.no_verify else verify(path, root, kit):
        print(sentence, flush=True)
    if options.pdf:
        _print_pdf(root, kit)
    due = f", due {kit.due}" if kit.due else ""
    print(f"Wrote {path}: hand in this file{due}.")


def _print_pdf(root, kit):
    """Write submission.pdf; whatever goes wrong here, the zip is there already."""
    answered = [(a.question.id, a.text) for a in bundle.answers(root, kit) if a.text]
    try:
        from cs231n.submission.pdf import write_pdf

        notebooks = [root / name for name in kit.notebooks]
        printed = write_pdf(notebooks, root / "submission.pdf", answered, title=kit.course or None)
    except Exception as error:
        print(f"No PDF was written ({type(error).__name__}: {error}); the zip does not need it.")
        return
    for sentence in printed.why:
        print(sentence)
    for name in printed.missing:
        print(f"The answer to {name} was not found in {printed.path.name}: look at it there.")
    if printed.kept:
        print(f"Your earlier {printed.path.name} is kept as {printed.kept.name}.")
    print(f"Wrote {printed.path} (by {printed.how}).")


if __name__ == "__main__":
    sys.exit(console.status_of(main))
