"""toycap: recorded bits, prefixes, graphs that agree with pixels, room around objects, errors."""

import hashlib

import numpy as np
import pytest

from cs231n.scenes import scene_graphs, toycap

# The first 200 pictures and scene graphs of each split.
SHA256 = {
    "train": "e51d0e73a412de67d5863e3dd1feb609e0c262af41027d94d238609bab6d34ba",
    "val": "0e1f57dbe6a742e69b3703fcd56da7e39f1eccdb48a2a089e1ea5c8af905b8f0",
    "test": "457754d8fd5295aeb27e4e6e6ebc3270c20415464dcb88c90e90198327b8c898",
    "vision": "1a08df8de51514b7edd985822621399ad5f30e89bfa16b64c902edbe7c8bcc87",
}


@pytest.fixture(scope="module")
def sets():
    return {split: toycap.make_scenes(split, 200) for split in scene_graphs.SPLITS}


@pytest.mark.parametrize("split", scene_graphs.SPLITS)
def test_bits_are_the_recorded_ones(split, sets):
    pictures, scenes = sets[split]
    assert pictures.shape == (200, 64, 64, 3) and pictures.dtype == np.uint8
    assert toycap.fingerprint(pictures, scenes) == SHA256[split], (
        "the generator makes other pictures than it did: undo the change, or raise "
        "scene_graphs.VERSION, record this again, and train cs231n.vision anew"
    )


def test_fingerprint_sees_pictures_and_scenes(sets):
    pictures, scenes = (part[:5] for part in sets["val"])
    before = toycap.fingerprint(pictures, scenes)
    other = pictures.copy()
    other[4, 63, 63, 2] ^= 1
    assert toycap.fingerprint(other, scenes) != before
    moved = scenes[0]._replace(place="sand" if scenes[0].place != "sand" else "sky")
    assert toycap.fingerprint(pictures, [moved, *scenes[1:]]) != before


@pytest.mark.parametrize("n", [1, 99, 100, 101])
def test_a_shorter_set_is_the_beginning_of_a_longer_one(n, sets):
    pictures, scenes = toycap.make_scenes("train", n)
    assert np.array_equal(pictures, sets["train"][0][:n]) and scenes == sets["train"][1][:n]


def test_scene_graphs_come_without_the_pictures_too(sets):
    assert scene_graphs.make_scene_graphs("train", 150) == sets["train"][1][:150]


def test_no_picture_is_there_twice(sets):
    digests = {hashlib.sha256(p).digest() for pictures, _ in sets.values() for p in pictures}
    assert len(digests) == 200 * len(scene_graphs.SPLITS)


def test_objects_have_the_colour_the_graph_says():
    """In a large balloon's middle, the nearest of the six colours is the graph's."""
    pictures, scenes = toycap.make_scenes("train", 1000)
    palette = np.array(list(scene_graphs.COLOURS.values()), float)
    seen = set()
    for picture, scene in zip(pictures, scenes):
        for item in scene.items:
            if (item.name, item.size) == ("balloon", "large"):
                x, y = round((item.x + 1) * 32), round((item.y + 1) * 32) - 2
                colour = picture[y - 2 : y + 2, x - 2 : x + 2].reshape(-1, 3).mean(axis=0)
                nearest = np.argmin(((palette - colour) ** 2).sum(axis=1))
                assert scene_graphs.COLOUR_NAMES[nearest] == item.colour
                seen.add(item.colour)
    assert seen == set(scene_graphs.COLOURS)


def test_every_place_object_colour_and_size_occurs(sets):
    scenes = [scene for _, some in sets.values() for scene in some]
    items = [item for scene in scenes for item in scene.items]
    assert {scene.place for scene in scenes} == set(scene_graphs.PLACE_NAMES)
    assert {item.name for item in items} == set(scene_graphs.NAMES)
    assert {item.colour for item in items} == set(scene_graphs.COLOURS)
    assert 0.55 < np.mean([len(scene.items) == 2 for scene in scenes]) < 0.75
    assert 0.4 < np.mean([item.size == "large" for item in items]) < 0.6


def test_windows_hold_whole_objects(monkeypatch):
    """No object reaches the border of its window, so neither that nor the picture cuts it."""
    margins = []

    def watched(side, *arguments):
        layer = toycap_draw(side, *arguments)
        cover = layer[:, 3]
        margins.append(max(cover[:, [0, -1]].max(), cover[:, :, [0, -1]].max()))
        return layer

    toycap_draw = toycap.draw_things
    monkeypatch.setattr(toycap, "draw_things", watched)
    toycap.make_scenes("train", 1000)
    assert len(margins) == 40 and max(margins) == 0


@pytest.mark.parametrize(
    ("arguments", "error", "remedy"),
    [
        (("training", 10), ValueError, "train, val, test, vision"),
        (("train", 0), ValueError, "at least 1"),
        (("train", 10.0), TypeError, "integer"),
    ],
)
@pytest.mark.parametrize("make", [toycap.make_scenes, scene_graphs.make_scene_graphs])
def test_errors_name_the_remedy(make, arguments, error, remedy):
    with pytest.raises(error, match=remedy):
        make(*arguments)


def test_the_global_random_state_is_neither_read_nor_moved():
    np.random.seed(5)
    before = np.random.get_state()
    first = toycap.make_scenes("test", 10)[0]
    after = np.random.get_state()
    assert before[2] == after[2] and np.array_equal(before[1], after[1])
    np.random.seed(6)
    assert np.array_equal(toycap.make_scenes("test", 10)[0], first)
