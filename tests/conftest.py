"""Where data sets come from and go to in tests."""

import functools
import http.server
import threading

import pytest

from cs231n import download


@pytest.fixture
def datasets(tmp_path, monkeypatch):
    """An empty datasets folder, the only one that is looked into."""
    folder = tmp_path / "datasets"
    folder.mkdir()
    monkeypatch.setenv("CS231N_DATASETS", str(folder))
    return folder


@pytest.fixture
def site(tmp_path, monkeypatch):
    """A web server for the files of a folder; returns the folder and its address."""
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setenv("CS231N_RECORDING", "1")  # no progress bars
    monkeypatch.setattr(download, "sleep", lambda _: None)
    folder = tmp_path / "site"
    folder.mkdir()
    handler = functools.partial(Quiet, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield folder, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass
