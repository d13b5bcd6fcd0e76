"""Nothing of the machine, the clock or the order of files is left in a zip."""

import io
import zipfile

from cs231n.submission.packing import zip_bytes


def test_entries_are_sorted_undated_and_of_unix():
    content = zip_bytes({"run.sh": b"echo", "a/한글.py": b"x = 1\n"}, executable=["run.sh"])
    assert content == zip_bytes({"a/한글.py": b"x = 1\n", "run.sh": b"echo"}, executable=["run.sh"])
    first, second = zipfile.ZipFile(io.BytesIO(content)).infolist()
    assert (first.filename, first.external_attr >> 16) == ("a/한글.py", 0o100644)
    assert (second.filename, second.external_attr >> 16) == ("run.sh", 0o100755)
    for entry in (first, second):
        assert entry.date_time == (1980, 1, 1, 0, 0, 0) and entry.create_system == 3
        assert entry.compress_type == zipfile.ZIP_DEFLATED
