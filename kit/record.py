"""Executes the solved notebooks and keeps their outputs, changing only what really changed."""

import base64
import io
import re
import subprocess
import time
from pathlib import Path

from cs231n.files import write_whole
from cs231n.replay import kernel, outputs
from kit import KitError, assignment, cells, manifest

LARGE = 300_000
ANSI = re.compile(r"\x1b\[[0-9;]*m")


def run(notebooks=(), only_answers=False, force=False, root=manifest.ROOT):
    """Record what the project keeps of a run: the checks' answers, then the notebooks' outputs.

    Inputs:
    - notebooks: Paths; all of the repository's notebooks where none is given
    - only_answers: Leave the notebooks alone
    - force: Rewrite outputs that differ within tolerance too
    - root: The repository's root

    Returns the exit status, 0. Raises KitError where a notebook does not run to its end; its
    file is then left as it was.
    """
    from kit import answers

    chosen = [] if only_answers else _chosen(notebooks, root)
    print(f"answers.json: {', '.join(answers.record()) or 'nothing'} changed")
    assignment.record(root)
    for path in chosen:
        start = time.perf_counter()
        changed = record(path, force, root)
        seconds = time.perf_counter() - start
        print(f"{path.name}: {', '.join(changed) or 'nothing'} changed ({seconds:.1f} s)")
    return 0


def record(path, force=False, root=manifest.ROOT):
    """Execute one notebook in its folder and write its outputs into the file.

    A cell whose outputs differ within tolerance keeps the recorded ones, byte for byte; a file
    that would be the same is not written.

    Returns the ids of the cells whose outputs changed.
    """
    path = Path(path)
    before = cells.read(path)
    after = cells.normalise(_execute(before, path))
    changed = []
    for old, new in zip(before.cells, after.cells, strict=True):
        if new.cell_type != "code":
            continue
        new.outputs = outputs.tidy(new.outputs, root)
        if not force and _same(old, new, root, before):
            new.outputs = old.outputs
            continue
        new.outputs = [_with_small_png(output) for output in new.outputs]
        changed.append(new.id)
    cells.sign(after)
    _report(path, after)
    if (text := cells.text_of(after)) != path.read_text(encoding="utf-8"):
        write_whole(path, text)
    return changed


def check(notebooks=(), root=manifest.ROOT):
    """Say, without running a notebook, which recordings are stale; returns 1 if one is, else 0.

    Seen here: cells that were not run, not from top to bottom, or edited since; files that are not
    normalised; checks' answers that come out otherwise now; a description that is not the
    source's. Whether outputs still come out the same is what replay tests.
    """
    paths = _chosen(notebooks, root)
    found = [f"{path.name}: {reason}" for path in paths for reason in _stale(path)]
    if Path(root) == manifest.ROOT:  # this process has loaded the checks of no other
        found += _stale_answers()
    if assignment.text(root) != assignment.recorded(root):
        found.append(f"{assignment.PATH}: does not describe the source any more")
    for line in found:
        print(line)
    print(
        "Run `python -m kit record`, and look at what it changes." if found else "Nothing is stale."
    )
    return int(bool(found))


def _stale(path):
    notebook = cells.read(path)
    code = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
    never = [cell.id for cell in code if cell.execution_count is None]
    if never:
        yield f"never run: {', '.join(never)}"
    elif [cell.execution_count for cell in code] != list(range(1, len(code) + 1)):
        yield "its cells were not run once, from top to bottom"
    elif changed := cells.edited(notebook):
        yield f"edited since it was recorded: {', '.join(changed)}"
    if cells.text_of(cells.normalise(notebook)) != path.read_text(encoding="utf-8"):
        yield "saved by an editor, not recorded"


def _stale_answers():
    """What the checks' recorded answers have wrong, as `kit record` would change it."""
    from kit import answers

    try:
        changed = answers.stale()
    except KitError as error:
        return [f"answers.json: {error}"]
    return [f"answers.json: {', '.join(changed)} changed since"] if changed else []


def _chosen(notebooks, root):
    chosen = [Path(path) for path in notebooks] or sorted(Path(root).glob("notebooks/*.ipynb"))
    if missing := [str(path) for path in chosen if not path.is_file()]:
        raise KitError(f"no such notebook: {', '.join(missing)}")
    return chosen


def _execute(notebook, path):
    """Run every cell in a fresh kernel whose working directory is the notebook's folder."""
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, DeadKernelError

    client = NotebookClient(
        _blank(notebook),
        timeout=None,
        kernel_name=cells.KERNEL["name"],
        resources={"metadata": {"path": str(path.resolve().parent)}},
        record_timing=False,
        store_widget_state=False,
    )
    try:
        return client.execute(env=kernel.environment(), stderr=subprocess.DEVNULL)
    except CellExecutionError as error:
        raise KitError(f"{path.name} was not recorded.\n{ANSI.sub('', str(error))}") from None
    except DeadKernelError:
        raise KitError(f"{path.name} was not recorded: its kernel died (memory?)") from None


def _blank(notebook):
    """A deep copy without any output: what the client executes."""
    copy = cells.normalise(notebook)
    for cell in copy.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return copy


def _same(old, new, root, before):
    if old.execution_count is None and old.source.strip():
        return False
    if "nbval-ignore-output" in cells.tags(new) and new.id not in cells.edited(before):
        return True  # times and the like: other ones say nothing
    recorded = outputs.tidy(old.outputs, root)
    return not outputs.difference(recorded, new.outputs, outputs.tolerance_of(new))


def _with_small_png(output):
    """Re-encode a PNG in few colours, without transparency and metadata (Matplotlib's version)."""
    encoded = output.get("data", {}).get("image/png")
    if encoded:
        small = io.BytesIO()
        outputs.on_white(encoded).save(small, format="PNG", optimize=True)
        output.data["image/png"] = base64.b64encode(small.getvalue()).decode("ascii")
    return output


def _report(path, notebook):
    """Name what a recording should not hold; it is written all the same."""
    for cell in notebook.cells:
        names = [output.get("name") for output in cell.get("outputs", [])]
        if "stderr" in names:
            print(f"{path.name}: cell {cell.id} writes to stderr; silence its warning")
    size = len(cells.text_of(notebook).encode("utf-8"))
    if size > LARGE:
        print(f"{path.name}: {size / 1000:.0f} KB; draw fewer or smaller figures (300 KB)")
