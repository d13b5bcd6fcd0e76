"""Pictures for addresses: drawn, read from a copy, fetched; and every way not to get one."""

import contextlib
import http.server
import io
import socket
import threading
from time import monotonic, sleep

import imageio.v3 as imageio
import numpy as np
import pytest

from cs231n import coco, image_utils
from cs231n.image_utils import image_from_url
from cs231n.scenes import toycap
from tests.coco_files import write_files

PICTURE = np.arange(6 * 4 * 3, dtype=np.uint8).reshape(6, 4, 3)


def png(picture=PICTURE):
    file = io.BytesIO()
    imageio.imwrite(file, picture, extension=".png")
    return file.getvalue()


@pytest.fixture(autouse=True)
def fresh(datasets, monkeypatch):
    monkeypatch.setattr(image_utils, "_silent", {})
    image_utils._file_names.cache_clear()


@pytest.fixture
def images(datasets):
    """The folder for copies of photographs, in an installed bundle."""
    folder = write_files(datasets / coco.SET.folder) / "images"
    folder.mkdir()
    return folder


@pytest.mark.parametrize("split", coco.SPLITS)
def test_generated_pictures_are_drawn_again(split):
    pictures, _ = toycap.make_scenes(split, 103)
    for index in (0, 7, 102):
        picture = image_from_url(np.str_(f"toycap://{split}/{index}"))
        assert picture.dtype == np.uint8
        np.testing.assert_array_equal(picture, pictures[index])
    picture[:] = 0
    np.testing.assert_array_equal(image_from_url(f"toycap://{split}/102"), pictures[102])


@pytest.mark.parametrize(
    "url",
    ["", "toycap://test/1", "toycap://train/-1", "toycap://train/x", "toycap://train/99999999999",
     "file:///etc/hosts", "ftp://127.0.0.1/a.jpg", "http://", "http://[::1", "no address",
     "http://127.0.0.1:99999/a.jpg", "http://a b/c.jpg"],
)  # fmt: skip
def test_no_picture_for_other_addresses(url):
    assert image_from_url(url) is None


@pytest.mark.parametrize(
    "place",
    ["COCO_val2014_000000000002.jpg", "val2014/COCO_val2014_000000000002.jpg", "0_2_z.jpg"],
)
def test_a_copy_is_read_under_any_of_its_names(images, place, monkeypatch):
    monkeypatch.setattr(image_utils, "_fetch", None)  # the network is not asked
    path = images / place
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(png())
    url = coco.read_lines(images.parent / "val2014_urls.txt")[2]
    np.testing.assert_array_equal(image_from_url(url), PICTURE)


def test_a_copy_that_is_no_picture_is_passed_over(images, site):
    (images / "a.png").write_bytes(b"cut")
    (site[0] / "a.png").write_bytes(png())
    np.testing.assert_array_equal(image_from_url(f"{site[1]}/a.png"), PICTURE)


def test_a_bundle_without_its_lists_is_no_obstacle(images, site):
    for path in images.parent.glob("*.txt"):
        path.unlink()
    assert image_from_url(f"{site[1]}/a.png") is None


@pytest.mark.parametrize(
    "picture",
    [PICTURE[..., 0], np.dstack([PICTURE, PICTURE[..., :1] + 9]), PICTURE[..., :2]],
    ids=["grey", "transparent", "grey and transparent"],
)
def test_pictures_of_other_kinds_become_red_green_and_blue(site, picture):
    (site[0] / "a.png").write_bytes(png(picture))
    found = image_from_url(f"{site[1]}/a.png")
    assert found.shape == (6, 4, 3) and found.dtype == np.uint8


def test_a_picture_that_moves_shows_its_beginning(site):
    frames = np.stack([np.zeros_like(PICTURE), np.full_like(PICTURE, 255)])
    (site[0] / "a.gif").write_bytes(imageio.imwrite("<bytes>", frames, extension=".gif"))
    assert not image_from_url(f"{site[1]}/a.gif").any()


@pytest.mark.parametrize("content", [None, b"", b"<html>gone</html>", png()[:40]])
def test_what_is_no_picture_is_none(site, content):
    if content is not None:
        (site[0] / "a.jpg").write_bytes(content)
    assert image_from_url(f"{site[1]}/a.jpg") is None
    (site[0] / "b.png").write_bytes(png())
    assert image_from_url(f"{site[1]}/b.png") is not None  # the host did answer


def test_what_is_huge_is_none(site, monkeypatch):
    (site[0] / "a.png").write_bytes(png())
    monkeypatch.setattr(image_utils, "LIMIT", len(png()) - 1)
    assert image_from_url(f"{site[1]}/a.png") is None


@contextlib.contextmanager
def slow_server(respond):
    class Slow(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            with contextlib.suppress(OSError):
                respond(self)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Slow)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/a.png"
    finally:
        server.shutdown()
        thread.join()


def silence(_):
    sleep(1)


def drip(handler):
    handler.send_response(200)
    handler.end_headers()
    for _ in range(20):
        handler.wfile.write(b"x")
        handler.wfile.flush()
        sleep(0.1)


@pytest.mark.parametrize("respond", [silence, drip])
def test_a_slow_host_costs_one_wait(respond, monkeypatch):
    monkeypatch.setenv("no_proxy", "*")
    with slow_server(respond) as url:
        start = monotonic()
        assert image_from_url(url, timeout=0.3) is None
        assert 0.25 < monotonic() - start < 0.9
        monkeypatch.setattr(image_utils, "_fetch", None)  # the host is left in peace
        assert image_from_url(url, timeout=0.3) is None


def test_a_host_is_asked_again_after_a_while(site, monkeypatch):
    (site[0] / "a.png").write_bytes(png())
    url = f"{site[1]}/a.png"
    monkeypatch.setattr(image_utils, "_silent", {"127.0.0.1": monotonic()})
    assert image_from_url(url) is None
    monkeypatch.setattr(image_utils, "_silent", {"127.0.0.1": monotonic() - 61})
    assert image_from_url(url) is not None


def test_a_name_that_never_resolves_costs_one_wait(monkeypatch):
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: sleep(1))
    start = monotonic()
    assert image_from_url("http://pictures.invalid/a.jpg", timeout=0.2) is None
    assert monotonic() - start < 0.8


def test_no_network_is_none(monkeypatch):
    def unplugged(*_, **__):
        raise OSError("network is unreachable")

    monkeypatch.setattr(image_utils.urllib.request, "urlopen", unplugged)
    assert image_from_url("http://pictures.invalid/a.jpg") is None
