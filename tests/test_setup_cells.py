"""The first code cell of each notebook finds the kit, also where a server starts elsewhere."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
MAGIC = "%load_ext autoreload\n%autoreload 2\n"
WHERE = "\nimport cs231n\nprint(cs231n.__file__, os.getcwd(), sep='\\n')"
# Where the kit lies, and where the kernel starts, below a folder such as Colab's /content.
PLACES = {
    "a notebook's own folder": ("kit", "kit/notebooks"),
    "the kit's folder, as VS Code can be told": ("kit", "kit"),
    "beside the unzipped kit": ("my kit", "."),
    "Colab, the kit in Drive": ("drive/MyDrive/kit", "."),
    "Colab, the kit in Drive's folder for it": ("drive/MyDrive/Colab Notebooks/kit", "."),
    "Colab, the kit in a shared drive": ("drive/Shareddrives/course/kit", "."),
    "its own folder, named as the package": ("cs231n", "cs231n"),
}


def setup_of(path):
    """The first code cell in two: what finds the kit, and the imports."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    source = next("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    finding, imports = source.split(MAGIC)
    return finding, imports


def run(code, folder):
    command = [sys.executable, "-I", "-c", code]
    return subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", timeout=60)


def lay(kit):
    """Make a folder that looks like a kit."""
    for name in ("notebooks/a.ipynb", "cs231n/__init__.py", "cs231n/checks/__init__.py"):
        (kit / name).parent.mkdir(parents=True, exist_ok=True)
        (kit / name).touch()


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_all_notebooks_find_the_kit_alike(path):
    steps = [setup_of(p)[0].partition("if not Path")[2] for p in (NOTEBOOKS[0], path)]
    assert steps[0] == steps[1] != ""


@pytest.mark.parametrize("place", PLACES)
def test_the_kit_is_found_from_where_a_kernel_may_start(tmp_path, place):
    kit, start = (tmp_path / name for name in PLACES[place])
    lay(kit)
    lay(tmp_path / "drive" / ".Trash-0" / "kit")
    (tmp_path / "another" / "cs231n").mkdir(parents=True)  # a kit, but not this one
    said = run(setup_of(NOTEBOOKS[0])[0] + WHERE, start)
    assert said.stdout.splitlines() == [
        str(kit / "cs231n" / "__init__.py"),
        str(kit / "notebooks"),
    ], said.stderr


def test_where_there_is_no_kit_it_says_what_to_do(tmp_path):
    (tmp_path / "sample_data").mkdir()
    said = run(setup_of(NOTEBOOKS[0])[0], tmp_path)
    assert said.returncode == 1
    assert re.match(r"AssertionError: The kit is not here: unzip", said.stderr.splitlines()[-1])


def test_of_several_kits_none_is_taken(tmp_path):
    lay(tmp_path / "drive" / "MyDrive" / "hw1")
    lay(tmp_path / "drive" / "MyDrive" / "hw2")
    said = run(setup_of(NOTEBOOKS[0])[0], tmp_path)
    assert re.search(r"AssertionError: Which kit of .*hw1.* First run %cd", said.stderr)


def test_a_kit_where_the_server_starts_comes_before_those_in_folders(tmp_path):
    lay(tmp_path)
    lay(tmp_path / "student")
    said = run(setup_of(NOTEBOOKS[0])[0] + WHERE, tmp_path)
    assert said.stdout.splitlines()[1:] == [str(tmp_path / "notebooks")], said.stderr


@pytest.mark.parametrize(("version", "stands_in"), [((7, 34, 0), True), ((8, 0, 0), False)])
def test_reloading_finds_imp_where_it_is_colab_that_asks(version, stands_in):
    before = "import IPython, sys\nIPython.version_info = {}\nsys.modules.pop('imp', None)\n"
    after = "\nprint('imp' in sys.modules and sys.modules['imp'].reload is importlib.reload)"
    said = run(before.format(version) + setup_of(NOTEBOOKS[0])[0] + after, NOTEBOOKS[0].parent)
    assert said.stdout.strip() == str(stands_in), said.stderr


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_server_needs_only_the_packages_that_the_page_for_learners_names(path):
    page = (ROOT / "docs" / "learner.md").read_text(encoding="utf-8")
    [named] = re.findall(r"needs ((?:`\w+`[, and]*)+)", page)
    listed = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    lacking = {*re.findall(r"^(\w+)[>=<]", listed, re.M)} - {*re.findall(r"\w+", named)}
    assert "nbval" in lacking and "numpy" not in lacking
    blocked = f"import sys\nsys.modules.update(dict.fromkeys({sorted(lacking)}))\n"
    said = run(blocked + "".join(setup_of(path)), ROOT)
    assert said.returncode == 0, said.stderr
