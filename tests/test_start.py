"""start.py with fakes: nothing is downloaded, no environment is built, no server stays."""

import json
import os
import runpy
import socket
import subprocess
import sys
from pathlib import Path, PureWindowsPath
from types import SimpleNamespace

import pytest

import start

LISTS = [start.PACKAGES, start.TEST_PACKAGES]


@pytest.fixture
def clone(tmp_path):
    """A teacher's clone without its packages, in a folder with awkward letters."""
    home = tmp_path / "한글 clone"
    for name in ("start.py", *LISTS, "kit/__init__.py"):
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(f"# {name}\n", "utf-8")
    return home


@pytest.fixture
def released(clone):
    """The kit that a student gets: no kit/, no tests/."""
    home = clone.parent / "released"
    home.mkdir()
    for name in ("start.py", start.PACKAGES):
        (home / name).write_bytes((clone / name).read_bytes())
    return home


@pytest.fixture
def commands(monkeypatch):
    """Records the programs that would be run; each of them succeeds and says nothing."""
    ran = []

    def call(command, **options):
        ran.append(command)
        return 0

    def run(command, **options):
        return SimpleNamespace(returncode=call(command), stdout=b"", stderr=b"")

    monkeypatch.setattr(subprocess, "call", call)
    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(start, "watch", lambda command, log: call(command))
    monkeypatch.setattr(start, "hand_over", lambda command, folder, env: call(command))
    monkeypatch.setattr(start, "processor_flags", set)
    return ran


def with_word(commands, word):
    return [command for command in commands if word in command]


def make_ready(venv, home, names):
    (venv / "cs231n-kit").mkdir(parents=True, exist_ok=True)
    for name in names:
        start.record(venv, name).write_bytes((home / name).read_bytes())


def problem(capsys):
    """The one line on stderr."""
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1, lines
    return lines[0]


# Python's version


@pytest.mark.parametrize("version", [(2, 7, 18), (3, 6, 15), (3, 9, 18)])
def test_an_old_python_is_told_so(version, monkeypatch):
    monkeypatch.setattr(sys, "version_info", version)
    with pytest.raises(SystemExit, match=r"too old; install Python 3\.10 or newer") as stop:
        runpy.run_path(start.__file__, run_name="__main__")
    assert "\n" not in stop.value.code


def test_an_old_python_can_read_the_file():
    source = Path(start.__file__).read_text("ascii")  # Python 2 needs a declaration for more
    compile(source, "start.py", "exec", dont_inherit=True)
    assert not [word for word in (' f"', " -> ", ":=", "from None\n", "*]") if word in source]


# Setting up


def test_the_first_start_makes_installs_and_writes_the_workspace(clone, commands):
    assert start.main(["--setup"], clone) == 0
    assert [word for command in commands for word in ("venv", "pip", "kit") if word in command] == [
        "venv",
        "pip",
        "kit",
    ]
    assert start.installed(clone / ".venv", clone, start.PACKAGES)


def test_the_second_start_installs_nothing(clone, commands):
    make_ready(clone / ".venv", clone, LISTS)
    assert start.main(["--setup"], clone) == start.main(["test", "-x"], clone) == 0
    assert not with_word(commands, "venv") and not with_word(commands, "install")


def test_the_test_packages_are_added_to_a_ready_environment(clone, commands):
    make_ready(clone / ".venv", clone, [start.PACKAGES])
    assert start.main(["test", "-k", "solver", "--no-browser"], clone) == 0
    [pip] = with_word(commands, "install")
    assert pip[-2:] == ["-r", str(clone / start.TEST_PACKAGES)]
    assert commands[-1][1:] == ["-m", "pytest", "-k", "solver", "--no-browser"]


def test_changed_requirements_are_installed_on_top(clone, commands):
    make_ready(clone / ".venv", clone, LISTS)
    (clone / start.PACKAGES).write_text("numpy>=99\n", "utf-8")
    assert start.main(["--setup"], clone) == 0
    assert not with_word(commands, "venv") and len(with_word(commands, "install")) == 1


@pytest.mark.parametrize("broken", [False, True], ids=["interrupted", "broken"])
def test_an_unfinished_or_broken_environment_is_made_anew(clone, commands, monkeypatch, broken):
    make_ready(clone / ".venv", clone, LISTS if broken else [])
    (clone / ".venv" / "half").touch()
    monkeypatch.setattr(subprocess, "call", lambda command, **options: "import pip" in command)
    assert start.main(["--setup"], clone) == 0
    assert not (clone / ".venv" / "half").exists()
    assert with_word(commands, "venv") and with_word(commands, "install")


def test_somebody_elses_environment_is_left_alone(clone, commands, capsys):
    (clone / ".venv").mkdir()
    (clone / ".venv" / "theirs").touch()
    assert start.main(["--setup"], clone) == 1
    assert "rename or delete it" in problem(capsys)
    assert (clone / ".venv" / "theirs").exists() and not commands


def test_an_installation_that_fails_is_not_remembered(clone, commands, monkeypatch, capsys):
    def watch(command, log):
        log.write_text("WARNING: Retrying after NewConnectionError(...)\nERROR: none", "utf-8")
        return 1

    monkeypatch.setattr(start, "watch", watch)
    assert start.main(["--setup"], clone) == 1
    assert "no network" in problem(capsys)
    assert not start.installed(clone / ".venv", clone, start.PACKAGES)


@pytest.mark.parametrize(
    "log, sentence",
    [
        ("WARNING: Retrying ... NameResolutionError ...\nERROR: x", "no network"),
        ("ERROR: ... [Errno 28] No space left on device", "the disk is full"),
        ("Collecting\nERROR: No matching distribution found for numpy.\n", "found for numpy)"),
        ("", "no reason given"),
    ],
)
def test_pips_failures_become_a_sentence(log, sentence, tmp_path):
    (tmp_path / "pip.log").write_text(log, "utf-8")
    assert sentence in start.explain(tmp_path / "pip.log")


def test_watching_a_program_keeps_its_text_and_status(tmp_path):
    program = "print('Collecting numpy'); raise SystemExit(3)"
    assert start.watch([sys.executable, "-c", program], tmp_path / "log") == 3
    assert "Collecting numpy" in (tmp_path / "log").read_text("utf-8")


def test_a_python_without_venv_is_told_how_to_get_it(clone, monkeypatch, capsys):
    monkeypatch.setattr(start.importlib.util, "find_spec", lambda name: name != "ensurepip")
    assert start.main(["--setup"], clone) == 1
    assert "-venv" in problem(capsys)


def test_the_environment_in_use_is_not_deleted(clone, monkeypatch, capsys):
    make_ready(clone / ".venv", clone, [])
    monkeypatch.setattr(sys, "prefix", str(clone / ".venv"))
    assert start.main(["--setup"], clone) == 1
    assert "deactivate" in problem(capsys)
    assert (clone / ".venv").is_dir()


@pytest.mark.parametrize(
    "error, words",
    [
        (PermissionError(13, "Permission denied", "x"), "Permission denied"),
        (KeyboardInterrupt(), "goes on"),
    ],
)
def test_no_failure_shows_a_traceback(clone, commands, monkeypatch, capsys, error, words):
    def fails(*arguments):
        raise error

    monkeypatch.setattr(start, "install", fails)
    assert start.main(["--setup"], clone) == 1
    assert words in capsys.readouterr().err


# The workspace


def test_a_workspace_with_something_in_it_is_left_alone(clone, commands):
    (clone / "student").mkdir()
    (clone / "student" / "mine.txt").touch()
    assert start.workspace(clone, "python") == clone / "student"
    assert not commands


def test_a_workspace_that_cannot_be_written_is_a_failure(clone, monkeypatch):
    monkeypatch.setattr(subprocess, "call", lambda command, **options: 1)
    with pytest.raises(start.Problem, match="workspace"):
        start.workspace(clone, "python")


def test_a_released_kit_is_its_own_workspace_and_has_no_tests(released, commands, capsys):
    assert start.main(["--setup"], released) == 0
    assert not with_word(commands, "kit") and not (released / "student").exists()
    assert start.main(["test"], released) == 1
    assert "teacher's repository" in problem(capsys)


def test_a_workspace_in_a_clone_uses_the_clones_environment(clone, released, commands):
    make_ready(clone / ".venv", clone, [start.PACKAGES])
    released = released.rename(clone / "student")
    assert start.main(["--setup"], released) == 0
    assert not with_word(commands, "venv") and not with_word(commands, "install")
    (released / start.PACKAGES).write_text("numpy>=99\n", "utf-8")
    assert start.main(["--setup"], released) == 0
    assert with_word(commands, "venv")[0][-1] == str(released / ".venv")


# Checking


def make_checkable(folder):
    (folder / "cs231n" / "replay").mkdir(parents=True)
    (folder / "cs231n" / "replay" / "__main__.py").touch()
    (folder / "notebooks").mkdir()
    (folder / "notebooks" / "Toy.ipynb").touch()


def test_check_runs_in_the_workspace_of_a_clone(clone, commands, monkeypatch):
    make_ready(clone / ".venv", clone, [start.PACKAGES])
    make_checkable(clone / "student")
    monkeypatch.chdir(clone)
    folders = []
    monkeypatch.setattr(start, "hand_over", lambda c, folder, env: folders.append((c, folder)))
    path = os.path.join("student", "notebooks", "Toy.ipynb")
    start.main(["check", path, "Toy"], clone)
    [(command, folder)] = folders
    assert command[1:] == ["-m", "cs231n.replay", str(clone / path), "Toy"]
    assert folder == clone / "student"


def test_check_in_a_students_folder_needs_no_clone(released, commands):
    make_ready(released / ".venv", released, [start.PACKAGES])
    make_checkable(released)
    assert start.main(["check"], released) == 0
    assert commands[-1][1:] == ["-m", "cs231n.replay"] and not with_word(commands, "kit")


def test_check_of_a_folder_without_its_tools_names_the_remedy(released, commands, capsys):
    make_ready(released / ".venv", released, [start.PACKAGES])
    assert start.main(["check"], released) == 1
    assert "fresh student kit" in problem(capsys)


# Serving


def test_jupyter_serves_this_machine_alone_and_opens_the_notebook(clone):
    names = [f"notebooks/{name}.ipynb" for name in ("Gone", "Second", "First")]
    for name in (*names[1:], start.ASSIGNMENT):
        (clone / name).parent.mkdir(exist_ok=True)
        (clone / name).touch()
    (clone / start.ASSIGNMENT).write_text(json.dumps({"notebooks": dict.fromkeys(names)}))
    command = start.jupyter("python", clone, start.parse(["--no-browser"]))
    assert {"--ServerApp.ip=127.0.0.1", f"--ServerApp.root_dir={clone}"} <= {*command}
    assert "--no-browser" in command and "--LabApp.default_url=/lab/tree/" + names[1] in command
    (clone / start.ASSIGNMENT).write_text("{")
    assert not any(
        "default_url" in word for word in start.jupyter("python", clone, start.parse([]))
    )
    assert not any("token" in word or "port" in word for word in command)


def test_a_free_port_is_passed_on_and_a_taken_one_refused(clone, commands, capsys):
    make_ready(clone / ".venv", clone, LISTS)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        assert start.main(["--port", port], clone) == 1
        assert f"port {port} is taken" in problem(capsys)
    assert start.main(["--port", port], clone) == 0
    assert f"--ServerApp.port={port}" in commands[-1]


@pytest.mark.parametrize("words", [["--port", "0"], ["--port", "x"], ["tests"], ["--set"]])
def test_a_wrong_command_line_is_refused(words, clone, commands):
    with pytest.raises(SystemExit) as stop:
        start.main(words, clone)
    assert stop.value.code == 2 and not commands


def test_help_names_all_forms(capsys):
    with pytest.raises(SystemExit) as stop:
        start.main(["--help"])
    shown = capsys.readouterr().out
    assert stop.value.code == 0
    assert (
        "start.py test" in shown
        and "start.py check" in shown
        and "--setup" in shown
        and "--no-browser" in shown
    )


# The processor


@pytest.mark.parametrize(
    "flags, kernels, chosen, expected",
    [
        (start.AVX512, b"Core: Haswell\n", {}, True),
        (start.AVX512 - {"avx512vl"}, b"Core: Haswell\n", {}, False),
        (start.AVX512, b"Core: SkylakeX\n", {}, False),
        (start.AVX512, b"", {}, False),
        (start.AVX512, b"Core: Haswell\n", {"OPENBLAS_CORETYPE": "Haswell"}, False),
    ],
)
def test_avx512_only_where_it_is_there_and_missed(monkeypatch, flags, kernels, chosen, expected):
    answer = SimpleNamespace(returncode=0, stderr=kernels)
    monkeypatch.setattr(start, "processor_flags", lambda: flags)
    monkeypatch.setattr(subprocess, "run", lambda command, **options: answer)
    assert start.misses_avx512("python", chosen) is expected


def test_processor_flags_are_read_from_linux_and_empty_elsewhere(tmp_path):
    (tmp_path / "cpuinfo").write_text("model: x\nflags\t: fpu avx512f\nflags\t: no\n", "utf-8")
    assert start.processor_flags(tmp_path / "cpuinfo") >= {"fpu", "avx512f"}
    assert start.processor_flags(tmp_path / "none") == set()


@pytest.mark.parametrize("words, chosen", [([], True), (["--no-avx512"], False)])
def test_the_kernels_are_chosen_for_jupyter_alone(clone, commands, monkeypatch, words, chosen):
    make_ready(clone / ".venv", clone, LISTS)
    seen = []
    monkeypatch.setattr(start, "misses_avx512", lambda python, env: True)
    monkeypatch.setattr(start, "hand_over", lambda command, folder, env: seen.append(env))
    start.main(words, clone)
    start.main(["test"], clone)
    assert ["OPENBLAS_CORETYPE" in env for env in seen] == [chosen, False]


@pytest.mark.parametrize("words", [["--no-browser"], ["check"], ["test"]])
@pytest.mark.parametrize("chosen", [{}, {"OMP_NUM_THREADS": "4"}, {"OPENBLAS_NUM_THREADS": "2"}])
def test_matrix_products_get_one_thread_unless_somebody_chose(
    clone, commands, monkeypatch, words, chosen
):
    make_ready(clone / ".venv", clone, LISTS)
    make_checkable(clone / "student")
    monkeypatch.setattr(start, "activated", lambda python: dict(chosen))
    seen = []
    monkeypatch.setattr(start, "hand_over", lambda command, folder, env: seen.append(env))
    start.main(words, clone)
    assert seen == [chosen or {"OMP_NUM_THREADS": "1"}]


# Platforms and variables


def test_where_an_environment_keeps_its_python():
    venv = PureWindowsPath("C:/kit/.venv")
    windows = PureWindowsPath("C:/kit/.venv/Scripts/python.exe")
    assert start.interpreter(venv, windows=True) == windows
    assert start.interpreter(Path("kit"), windows=False) == Path("kit/bin/python")


def test_variables_that_lead_elsewhere_are_dropped():
    given = {"PYTHONPATH": "x", "PIP_USER": "1", "CONDA_PREFIX": "c", "PIP_INDEX_URL": "i"}
    python = os.path.join("kit", "bin", "python")
    env = start.activated(python, {**given, "PATH": "p"})
    assert env == {
        "PIP_USER": "0",
        "PIP_INDEX_URL": "i",
        "VIRTUAL_ENV": "kit",
        "PATH": os.path.join("kit", "bin") + os.pathsep + "p",
    }


def test_where_processes_cannot_be_replaced_the_status_is_waited_for(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # undoes start's own change of folder
    monkeypatch.setattr(start, "os", SimpleNamespace(name="nt", chdir=os.chdir))
    program = "import os, sys; sys.exit(os.environ['STATUS'] == '1')"
    command = [sys.executable, "-c", program]
    assert start.hand_over(command, tmp_path, {**os.environ, "STATUS": "1"}) == 1
    assert start.hand_over(command, tmp_path, {**os.environ, "STATUS": "0"}) == 0
