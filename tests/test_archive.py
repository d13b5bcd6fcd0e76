"""Archives that mean harm, and archives that are cut off."""

import io
import random
import stat
import tarfile
import zipfile

import pytest

from cs231n import archive, download


def tar_of(path, *members, mode="w:gz"):
    """Write a tar archive of (name, type, link target) members with a few bytes each."""
    with tarfile.open(path, mode) as tar:
        for name, kind, link in members:
            member = tarfile.TarInfo(name)
            member.type, member.linkname = kind, link
            member.size = 5 if kind == tarfile.REGTYPE else 0
            tar.addfile(member, io.BytesIO(b"hello"))
    return path


GOOD = ("set/good", tarfile.REGTYPE, "")


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
def test_extract_takes_what_is_named_and_nothing_else(tmp_path, mode):
    members = [("set", tarfile.DIRTYPE, ""), GOOD, ("set/other", tarfile.REGTYPE, "")]
    path = tar_of(tmp_path / "a.tar", *members, mode=mode)
    (tmp_path / "out").mkdir()
    assert archive.extract(path, ["set/good", "set/absent"], tmp_path / "out", 5) == {"set/good"}
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["good"]
    assert (tmp_path / "out" / "good").read_bytes() == b"hello"


@pytest.mark.parametrize(
    "member",
    [
        ("set/../../evil", tarfile.REGTYPE, ""),
        ("/evil", tarfile.REGTYPE, ""),
        ("..\\evil", tarfile.REGTYPE, ""),
        ("C:\\evil", tarfile.REGTYPE, ""),
        ("set/link", tarfile.SYMTYPE, "/etc/passwd"),
        ("set/hard", tarfile.LNKTYPE, "set/good"),
        ("set/pipe", tarfile.FIFOTYPE, ""),
    ],
)
def test_extract_refuses_to_leave_its_folder(tmp_path, member):
    path = tar_of(tmp_path / "a.tar.gz", GOOD, member)
    (tmp_path / "out").mkdir()
    with pytest.raises(download.UnsafeArchiveError, match="do not trust it"):
        archive.extract(path, ["set/good", member[0]], tmp_path / "out", 5)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.tar.gz", "out"]


def test_extract_refuses_what_is_huge(tmp_path):
    path = tar_of(tmp_path / "a.tar.gz", GOOD)
    with pytest.raises(download.UnsafeArchiveError, match="huge"):
        archive.extract(path, ["set/good"], tmp_path, 4)


@pytest.mark.parametrize("keep", [0, 0.01, 0.5, 0.9])
@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
def test_extract_names_a_cut_off_archive(tmp_path, mode, keep):
    noise = random.Random(0).randbytes(100_000)
    member = tarfile.TarInfo("set/good")
    member.size = len(noise)
    with tarfile.open(tmp_path / "a.tar", mode) as tar:
        tar.addfile(member, io.BytesIO(noise))
    content = (tmp_path / "a.tar").read_bytes()
    (tmp_path / "a.tar").write_bytes(content[: int(keep * len(content))])
    with pytest.raises(download.DamagedError, match="cut off or no archive"):
        archive.extract(tmp_path / "a.tar", ["set/good"], tmp_path, len(noise))


def zip_of(path, *members):
    """Write a zip archive of (name, Unix mode) members with a few bytes each."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, mode in members:
            member = zipfile.ZipInfo(name)
            member.external_attr = mode << 16
            packed.writestr(member, "" if name.endswith("/") else "hello")
    return path


PLAIN = ("set/good", stat.S_IFREG | 0o644)


@pytest.mark.parametrize("mode", [0, stat.S_IFREG | 0o600])
def test_a_zip_gives_what_is_named_and_nothing_else(tmp_path, mode):
    members = [("set/", stat.S_IFDIR), ("./set/good", mode), ("set/other", mode)]
    path = zip_of(tmp_path / "a.zip", *members)
    (tmp_path / "out").mkdir()
    assert archive.extract(path, ["set/good", "set/absent"], tmp_path / "out", 5) == {"set/good"}
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["good"]
    assert (tmp_path / "out" / "good").read_bytes() == b"hello"


@pytest.mark.parametrize(
    "member",
    [
        ("set/../../evil", 0),
        ("/evil", 0),
        ("..\\evil", 0),
        ("C:\\evil", 0),
        ("set/link", stat.S_IFLNK | 0o777),
        ("set/pipe", stat.S_IFIFO),
    ],
)
def test_a_zip_does_not_leave_its_folder(tmp_path, member):
    path = zip_of(tmp_path / "a.zip", PLAIN, member)
    (tmp_path / "out").mkdir()
    with pytest.raises(download.UnsafeArchiveError, match="do not trust it"):
        archive.extract(path, ["set/good", member[0]], tmp_path / "out", 5)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.zip", "out"]


def test_a_zip_with_a_name_cut_by_a_zero_byte_is_refused(tmp_path):
    path = zip_of(tmp_path / "a.zip", ("set/good_evil", 0))
    path.write_bytes(path.read_bytes().replace(b"good_evil", b"good\0evil"))
    with pytest.raises(download.UnsafeArchiveError, match="do not trust it"):
        archive.extract(path, ["set/good"], tmp_path, 5)


def test_a_zip_that_is_huge_is_refused(tmp_path):
    path = zip_of(tmp_path / "a.zip", PLAIN)
    with pytest.raises(download.UnsafeArchiveError, match="huge"):
        archive.extract(path, ["set/good"], tmp_path, 4)


def test_a_zip_that_hides_its_size_writes_no_more_than_it_claims(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("set/good", bytes(1_000_000))
    size = (1_000_000).to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(size, (5).to_bytes(4, "little")))
    with pytest.raises(download.DamagedError, match="cut off or no archive"):
        archive.extract(path, ["set/good"], tmp_path, 5)
    assert (tmp_path / "good").stat().st_size <= 5


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("pack, member", [(zip_of, PLAIN), (tar_of, GOOD)])
def test_one_name_twice_is_refused(tmp_path, pack, member):
    path = pack(tmp_path / "a", member, member)
    with pytest.raises(download.UnsafeArchiveError, match="holds two set/good"):
        archive.extract(path, ["set/good"], tmp_path, 5)


def test_a_zip_with_a_password_is_named(tmp_path):
    path = zip_of(tmp_path / "a.zip", PLAIN)
    content = bytearray(path.read_bytes())
    content[6] |= 1
    content[content.index(b"PK\1\2") + 8] |= 1
    path.write_bytes(content)
    with pytest.raises(download.DamagedError, match="encrypted"):
        archive.extract(path, ["set/good"], tmp_path, 5)


def test_a_folder_that_is_not_there_is_not_the_archives_fault(tmp_path):
    path = zip_of(tmp_path / "a.zip", PLAIN)
    with pytest.raises(FileNotFoundError):
        archive.extract(path, ["set/good"], tmp_path / "nowhere", 5)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA])
def test_a_zip_broken_anywhere_is_named_or_whole(tmp_path, method):
    noise, source = random.Random(0).randbytes(1000), random.Random(1)
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", method) as packed:
        packed.writestr("set/good", noise)
    content = path.read_bytes()
    for keep in (0, 2, 20, len(content) // 2, len(content) - 1):
        path.write_bytes(content[:keep])
        with pytest.raises(download.DamagedError, match="cut off or no archive"):
            archive.extract(path, ["set/good"], tmp_path, len(noise))
    for _ in range(100):
        broken = bytearray(content)
        broken[source.randrange(len(broken))] ^= 1 << source.randrange(8)
        path.write_bytes(broken)
        try:
            found = archive.extract(path, ["set/good"], tmp_path, len(noise))
        except download.DamagedError:
            continue
        assert not found or (tmp_path / "good").read_bytes() == noise
