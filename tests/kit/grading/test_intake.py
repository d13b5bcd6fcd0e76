"""Submissions are found and read whatever they hold: never a traceback, never a file too many."""

import io
import os
import stat
import struct
import warnings
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kit import KitError
from kit.grading import intake, limits
from kit.grading.intake import Source

NAMES = ("cs231n/layers.py", "notebooks/One.ipynb")
GOOD = {"cs231n/layers.py": b"x = 1\n", "notebooks/One.ipynb": b"{}"}


def zipped(members, compression=zipfile.ZIP_DEFLATED):
    """The bytes of a zip; members are (name or ZipInfo, content)."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a name that is there twice
        for name, content in members:
            archive.writestr(name, content)
    return stream.getvalue()


def read(tmp_path, content, names=NAMES):
    path = tmp_path / "ada.zip"
    path.write_bytes(content)
    return intake.read(Source("ada", path), names)


def link(name):
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    return info


def test_the_files_that_are_handed_in_are_read_and_no_others(tmp_path):
    found = read(tmp_path, zipped([*GOOD.items(), ("kit/grade.py", "evil"), ("numpy.py", "evil")]))
    assert found.files == GOOD
    assert not found.status
    assert not found.notes


@pytest.mark.parametrize("folder", ["ada", "submission (3)", "ünï"])
def test_one_wrapping_folder_is_accepted_and_the_macs_own(tmp_path, folder):
    members = [(f"{folder}/{name}", content) for name, content in GOOD.items()]
    members += [(f"__MACOSX/{folder}/._{name}", b"") for name in GOOD] + [(f"{folder}/", b"")]
    assert read(tmp_path, zipped(members)).files == GOOD


@pytest.mark.parametrize("copy", ["ada/old", "ada/a/b", ".git/ada", "__MACOSX/ada"])
def test_a_copy_inside_of_the_work_or_hidden_is_not_read(tmp_path, copy):
    copies = {f"{copy}/{name}": b"older" for name in GOOD}
    work = {f"ada/{name}": content for name, content in GOOD.items()}
    assert read(tmp_path, zipped([*copies.items(), *work.items()])).files == GOOD
    folder = lay(tmp_path / "folder", {**copies, **work})
    assert intake.read(Source("ada", folder), NAMES).files == GOOD


def test_two_wrapping_folders_are_not_guessed_between(tmp_path):
    members = [(f"{top}/{name}", content) for top in "ab" for name, content in GOOD.items()]
    assert read(tmp_path, zipped(members)).status == "empty"


LEFT_OUT = {
    "a link": ([(link("cs231n/layers.py"), "/etc/passwd")], "is a link"),
    "twice": ([("cs231n/layers.py", "a"), ("cs231n/layers.py", "b")], "2 times"),
    "absolute": ([("/cs231n/layers.py", "a")], "leads out"),
    "dots": ([("../cs231n/layers.py", "a")], "leads out"),
    "dots inside": ([("cs231n/../cs231n/layers.py", "a")], "leads out"),
    "a drive": ([("C:cs231n/layers.py", "a")], "leads out"),
    "a bomb": ([("cs231n/layers.py", b"\0" * (limits.SOURCE + 9))], "too large"),
    "a ratio": ([("notebooks/One.ipynb", b"\0" * (9 << 20))], "too large"),
}


@pytest.mark.parametrize("members, words", LEFT_OUT.values(), ids=LEFT_OUT)
def test_what_is_no_plain_file_is_left_out_with_a_note(tmp_path, members, words):
    found = read(tmp_path, zipped(members))
    assert found.files == {}
    assert found.status == "empty"
    assert words in found.notes[0]


@pytest.mark.parametrize("sign", ["\\", "\0"])
def test_a_backslash_or_nul_in_a_name_is_left_out(tmp_path, sign):
    content = zipped([("cs231n/layersXpy", "a"), ("notebooks/One.ipynb", "{}")])
    found = read(tmp_path, content.replace(b"layersXpy", f"layers{sign}py".encode()))
    assert [*found.files] == ["notebooks/One.ipynb"]
    assert "backslash or a NUL" in found.notes[0]


def test_a_password_and_a_wrong_checksum_are_notes(tmp_path):
    content = bytearray(zipped([("cs231n/layers.py", b"secret")], zipfile.ZIP_STORED))
    spoilt = content.replace(b"secret", b"sesame")
    assert "cannot be unpacked" in read(tmp_path, bytes(spoilt)).notes[0]
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.find(signature) + offset] |= 1
    assert "cannot be unpacked" in read(tmp_path, bytes(content)).notes[0]


UNREADABLE = {
    "empty": b"",
    "text": b"here is my homework",
    "rar": b"Rar!\x1a\x07\x00" + bytes(100),
    "half": zipped(GOOD.items())[:-30],
    "many": zipped([(f"f{i}", b"") for i in range(limits.FILES + 1)], zipfile.ZIP_STORED),
    "large directory": zipped([])[:12] + struct.pack("<I", 1 << 30) + bytes(6),
    "zip64": b"PK\x06\x07" + bytes(16) + zipped([]),
}


@pytest.mark.parametrize("content", UNREADABLE.values(), ids=UNREADABLE)
def test_what_is_no_zip_is_unreadable_and_says_why(tmp_path, content):
    found = read(tmp_path, content)
    assert found.status == "unreadable"
    assert found.message
    assert found.sha256


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_damaged_zip_never_raises(tmp_path, data):
    content = bytearray(zipped([*GOOD.items(), ("a/cs231n/layers.py", b"y" * 99)]))
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    found = read(tmp_path, bytes(content[: data.draw(st.integers(0, len(content)))]))
    assert set(found.files) <= set(NAMES)
    assert isinstance(found.status, str)


def lay(folder, files=GOOD):
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def test_a_folder_is_read_also_in_a_wrapping_one(tmp_path):
    lay(tmp_path / "ada" / "work")
    for path in (tmp_path / "ada", tmp_path / "ada" / "work"):
        assert intake.read(Source("ada", path), NAMES).files == GOOD


def test_links_in_a_folder_are_not_followed(tmp_path):
    lay(tmp_path / "ada", {"notebooks/One.ipynb": b"{}"})
    lay(tmp_path / "elsewhere")
    (tmp_path / "ada" / "cs231n").symlink_to(tmp_path / "elsewhere" / "cs231n")
    found = intake.read(Source("ada", tmp_path / "ada"), NAMES)
    assert [*found.files] == ["notebooks/One.ipynb"]
    assert "is a link" in found.notes[0]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_in_a_folder_is_not_waited_for(tmp_path):
    folder = lay(tmp_path / "ada", {"notebooks/One.ipynb": b"{}"})
    (folder / "cs231n").mkdir()
    os.mkfifo(folder / "cs231n" / "layers.py")
    assert "is no file" in intake.read(Source("ada", folder), NAMES).notes[0]


def test_submissions_are_found_in_zips_folders_and_folders_of_them(tmp_path):
    lay(tmp_path / "class" / "ada")
    (tmp_path / "class" / "bob.zip").write_bytes(b"x")
    (tmp_path / "class" / "eve.txt").write_bytes(b"x")
    (tmp_path / "class" / ".hidden").mkdir()
    (tmp_path / "class" / "submission_metadata.yml").write_bytes(b"x")
    (tmp_path / "class" / "out").mkdir()
    found = intake.find([tmp_path / "class"], skip=[tmp_path / "class" / "out"])
    assert [source.id for source in found] == ["ada", "bob", "eve"]
    assert [s.id for s in intake.find([tmp_path / "class" / "ada"])] == ["ada"]


def test_names_differ_and_fit_a_file(tmp_path):
    paths = [tmp_path / a / b for a in ("x", "y") for b in ("Ada.zip", "ada.zip", "a b/c.zip")]
    paths += [tmp_path / "x" / ("n" * 200 + ".zip"), tmp_path / "x" / "..zip"]
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
    names = [source.id for source in intake.find(paths)]
    assert len({name.casefold() for name in names}) == len(paths)
    assert all(len(name) < 100 and "/" not in name and name.strip(".") for name in names)


AWKWARD = {
    "한" * 80: "한" * 26,
    "𠮷" * 60: "𠮷" * 20,
    "-rf": "rf-",
    "con": "con-",
    "NUL.txt": "NUL.txt-",
    "😀🎉": "submission-",
    "cafe\u0301": "café",
    ".": "submission-",
    "<script>": "_script_",
}


@pytest.mark.parametrize(("stem", "start"), AWKWARD.items(), ids=AWKWARD.values())
def test_a_name_becomes_one_that_every_system_takes(tmp_path, stem, start):
    (tmp_path / f"{stem}.zip").write_bytes(b"")
    (source,) = intake.find([tmp_path])
    assert source.id.startswith(start) and len(source.id.encode()) < 100
    assert source.id == start or start.endswith("-")


def test_links_that_lead_nowhere_or_to_themselves_are_unreadable(tmp_path):
    (tmp_path / "nowhere.zip").symlink_to(tmp_path / "gone")
    (tmp_path / "self").symlink_to(tmp_path / "self")
    found = [intake.read(source, NAMES) for source in intake.find([tmp_path])]
    assert [submission.status for submission in found] == ["unreadable"] * 2


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_submission_that_is_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "ada.zip")
    (source,) = intake.find([tmp_path])
    assert intake.read(source, NAMES).status == "unreadable"


def test_a_folder_in_the_place_of_a_file_is_a_note(tmp_path):
    folder = lay(tmp_path / "ada", {"notebooks/One.ipynb": b"{}"})
    (folder / "cs231n" / "layers.py").mkdir(parents=True)
    assert "is no file" in intake.read(Source("ada", folder), NAMES).notes[0]


def test_a_path_that_is_not_there_is_named(tmp_path):
    with pytest.raises(KitError, match="nobody"):
        intake.find([tmp_path / "nobody"])


def test_a_source_that_is_not_utf_8_is_read_all_the_same():
    notes = []
    assert intake.text_of("a.py", b"\xef\xbb\xbfx = 1", notes) == "x = 1"
    assert intake.text_of("a.py", b"# caf\xe9", notes) == "# café"
    assert len(notes) == 1
