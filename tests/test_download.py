"""Downloads over servers that misbehave."""

import contextlib
import hashlib
import http.server
import io
import re
import socket
import sys
import threading

import pytest

from cs231n import download, progress

BODY = bytes(range(256)) * 4000  # 1,024,000 bytes: four blocks
HALF = len(BODY) // 2
SHA256 = hashlib.sha256(BODY).hexdigest()


class Handler(http.server.BaseHTTPRequestHandler):
    """Serve `server.body`, misbehaving for one request after another as `server.faults` say."""

    def do_GET(self):
        server = self.server
        fault = server.faults.pop(0) if server.faults else None
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        server.ranges.append(int(asked[1]) if asked else None)
        if isinstance(fault, int):
            self.send_error(fault)
            return
        start = int(asked[1]) if asked and fault != "ignores range" else 0
        if start >= len(server.body):
            self.send_response(416)
            self.send_header("Content-Range", f"bytes */{len(server.body)}")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.answer(server.body[start:], start, fault)

    def answer(self, rest, start, fault):
        total = len(self.server.body)
        begin = start + 1 if fault == "sends another part" else start
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {begin}-{total - 1}/{total}")
        if fault != "names no length":
            lie = {"promises more": 1000, "promises less": -1000}.get(fault, 0)
            self.send_header("Content-Length", str(len(rest) + lie))
        self.end_headers()
        sent = rest[:HALF] if fault == "cuts off" else rest
        self.server.sent += len(sent)
        with contextlib.suppress(ConnectionError):  # whoever has seen enough hangs up
            self.wfile.write(sent)

    def log_message(self, *_):
        pass


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setenv("CS231N_RECORDING", "1")  # no progress bars
    monkeypatch.setattr(download, "sleep", lambda _: None)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.body, server.faults, server.ranges, server.sent = BODY, [], [], 0
    server.url = f"http://127.0.0.1:{server.server_port}/file"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def fetch(server, target, **options):
    options = {"size": len(BODY), "sha256": SHA256} | options
    return download.fetch(server.url, target, remedy="put it there by hand", timeout=5, **options)


def is_clean(folder):
    return [path.name for path in folder.iterdir()] == ["file"]


@pytest.mark.parametrize(
    "faults, ranges",
    [
        ([], [None]),
        (["names no length"], [None]),
        ([503, 429], [None, None, None]),
        (["cuts off"], [None, HALF]),
        (["cuts off", "ignores range"], [None, HALF]),
        (["cuts off", "sends another part"], [None, HALF, None]),
        (["cuts off", 500], [None, HALF, HALF]),
    ],
)
def test_fetch_survives(server, tmp_path, faults, ranges):
    server.faults = list(faults)
    target = fetch(server, tmp_path / "new" / "file")
    assert target.read_bytes() == BODY
    assert server.ranges == ranges
    assert is_clean(target.parent)


@pytest.mark.parametrize("size", [len(BODY), None])
def test_fetch_resumes_with_the_rest_only(server, tmp_path, size):
    server.faults = ["cuts off"]
    with pytest.raises(download.DownloadError, match=r"put it there by hand\.$"):
        fetch(server, tmp_path / "file", size=size, attempts=1)
    assert not (tmp_path / "file").exists()
    fetch(server, tmp_path / "file", size=size)
    assert server.sent == len(BODY)
    assert is_clean(tmp_path)


def test_fetch_after_ctrl_c_goes_on(server, tmp_path, monkeypatch):
    class Interrupted(progress.tqdm):
        def update(self, n=1):
            raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(progress, "tqdm", Interrupted)
        fetch(server, tmp_path / "file")
    assert fetch(server, tmp_path / "file").read_bytes() == BODY
    assert server.ranges == [None, download.BLOCK]


def test_fetch_twice_asks_once(server, tmp_path):
    fetch(server, tmp_path / "file")
    fetch(server, tmp_path / "file")
    assert server.ranges == [None]


@pytest.mark.parametrize("size", [len(BODY), None])
def test_a_complete_part_is_used(server, tmp_path, size):
    (tmp_path / "file.part").write_bytes(BODY)
    assert fetch(server, tmp_path / "file", size=size).read_bytes() == BODY
    assert server.ranges == ([len(BODY)] if size is None else [])


@pytest.mark.parametrize("kept", [b"x" * 1000, b"x" * len(BODY), b"x" * (len(BODY) + 5)])
def test_a_part_of_something_else_is_replaced(server, tmp_path, kept):
    (tmp_path / "file.part").write_bytes(kept)
    assert fetch(server, tmp_path / "file").read_bytes() == BODY
    assert is_clean(tmp_path)


def test_without_a_digest_each_attempt_starts_over(server, tmp_path):
    server.faults = ["cuts off"]
    assert fetch(server, tmp_path / "file", size=None, sha256=None).read_bytes() == BODY
    assert server.ranges == [None, None]


def test_resuming_on_trust(server, tmp_path):
    options = {"size": None, "sha256": None, "resume": True}
    server.faults = ["cuts off"]
    assert fetch(server, tmp_path / "file", **options).read_bytes() == BODY
    assert server.ranges == [None, HALF] and is_clean(tmp_path)
    (tmp_path / "file").rename(tmp_path / "file.part")
    assert fetch(server, tmp_path / "file", **options).read_bytes() == BODY
    assert server.ranges[2:] == [len(BODY)] and is_clean(tmp_path)


def test_what_broke_off_is_not_taken_on_trust(server, tmp_path):
    server.faults = ["cuts off"]
    with pytest.raises(download.DownloadError, match="ended after 512,000"):
        fetch(server, tmp_path / "file", size=None, sha256=None, resume=True, attempts=1)
    assert [path.name for path in tmp_path.iterdir()] == ["file.part"]


def test_a_length_too_long_is_seen_through(server, tmp_path):
    server.faults = ["promises more"]
    assert fetch(server, tmp_path / "file", size=None).read_bytes() == BODY


@pytest.mark.parametrize(
    "faults, options, error, words",
    [
        ([404], {}, download.DownloadError, "answers 404"),
        ([503] * 9, {}, download.DownloadError, r"4 attempts \(the server answers 503"),
        (["cuts off", "cuts off"], {"attempts": 2, "sha256": None},
         download.DownloadError, "ended after 512,000 of 1,024,000"),
        (["cuts off", "sends another part"], {"attempts": 2},
         download.DownloadError, "sent another part than asked for"),
        (["promises more"], {}, download.DamagedError, "offers 1,025,000 bytes instead of"),
        (["promises less"], {}, download.DamagedError, "offers 1,023,000 bytes instead of"),
        (["promises less"], {"size": None}, download.DamagedError, "another sha256"),
        ([], {"size": 5}, download.DamagedError, "instead of 5"),
        (["names no length"], {"size": 5}, download.DamagedError, "262,144 bytes instead of 5"),
        ([], {"sha256": "0" * 64}, download.DamagedError, "another sha256"),
        ([], {"md5": "0" * 32}, download.DamagedError, "another md5"),
    ],
)  # fmt: skip
def test_fetch_refuses(server, tmp_path, faults, options, error, words):
    server.faults = list(faults)
    with pytest.raises(error, match=words) as caught:
        fetch(server, tmp_path / "file", **options)
    assert str(caught.value).endswith(": put it there by hand.")
    assert not (tmp_path / "file").exists()


@pytest.mark.parametrize("url", ["file:///etc/hosts", "ftp://127.0.0.1/x", "nonsense"])
def test_fetch_takes_web_addresses_only(tmp_path, url):
    with pytest.raises(download.DownloadError, match="no http or https address: by hand"):
        download.fetch(url, tmp_path / "file", remedy="by hand")


def test_no_server_is_said_at_once(tmp_path, monkeypatch):
    monkeypatch.setenv("no_proxy", "*")
    with socket.socket() as deaf:  # bound, but nobody listens
        deaf.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}/file"
        with pytest.raises(download.DownloadError, match=r"cannot be reached .*: by hand"):
            download.fetch(url, tmp_path / "file", remedy="by hand")


def test_a_wrong_file_in_the_way_stays(server, tmp_path):
    (tmp_path / "file").write_bytes(b"mine")
    with pytest.raises(download.DamagedError, match=r"4 bytes instead of .* delete it"):
        fetch(server, tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == b"mine"


@pytest.mark.parametrize(
    "recording, terminal, shown", [("1", True, False), ("", True, True), ("", False, False)]
)
def test_progress_is_for_a_person(server, tmp_path, monkeypatch, recording, terminal, shown):
    screen = io.StringIO()
    screen.isatty = lambda: terminal
    monkeypatch.setenv("CS231N_RECORDING", recording)
    monkeypatch.setattr("sys.stderr", screen)
    monkeypatch.delitem(sys.modules, "ipykernel", raising=False)  # test plugins load it
    fetch(server, tmp_path / "file")
    assert bool(screen.getvalue()) is shown
