"""Says whether two runs of a cell gave the same result: text by its numbers, figures by sight."""

import base64
import io
import math
import re
from itertools import zip_longest
from pathlib import Path

import nbformat
import numpy as np

NUMBER = re.compile(r"[ \t]*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)")
ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{6,}\b")
NOISE = re.compile(r"building the font cache|Debugger warning|frozen modules|^\d\.\d\ds - ")
WIDGET = "application/vnd.jupyter.widget-view+json"
BOX = 4  # PIL's number for the mean over each thumbnail pixel's area
IMAGES = ("image/png", "image/jpeg")
RELATIVE = 1e-6
NEGLIGIBLE = 1e-6
THUMBNAIL, TILES = 32, 4
PALETTES = 32, 64, 128  # colours
UNSEEN = 0.5  # grey levels, on average, by which a smaller palette may change a picture
GREY_LEVELS = 1.5
SHOWN = 300  # characters of a line
GREY_LEVELS_PER_TOLERANCE = 300


class ToleranceError(ValueError):
    """A tag that should give a tolerance and doesn't."""


def tolerance_of(cell):
    """A cell's own tolerance, from a tag such as `tolerance=0.05`; 0.0 where it has none.

    For cells whose figures depend on the BLAS build, such as accuracies after training. Two
    numbers are then equal within that relative or that absolute distance, and figures may differ
    by 300 grey levels times the tolerance.
    """
    for tag in cell.metadata.get("tags", []):
        if tag.startswith("tolerance="):
            try:
                return float(tag.removeprefix("tolerance="))
            except ValueError:
                raise ToleranceError(f"cell {cell.id}: write {tag!r} as tolerance=0.05") from None
    return 0.0


def tidy(outputs, root):
    """Return the outputs without what differs between machines and runs.

    Widget state, metadata but for the alternative texts of figures, tracebacks, memory addresses,
    this machine's paths and known noise on stderr go; streams of one name that follow each other
    become one.

    Inputs:
    - outputs: List of nbformat output nodes, left as they are
    - root: Folder whose path is cut off in texts
    """
    result = []
    for output in outputs:
        output = nbformat.from_dict(_clean(dict(output), _paths(root)))
        follows = result and output.get("name") and output.get("name") == result[-1].get("name")
        if follows:
            result[-1].text += output.text
        elif output.get("data", True) and output.get("text", True):
            result.append(output)
    return result


def difference(reference, fresh, tolerance=0.0):
    """Compare two tidy lists of outputs; returns one sentence, or "" where they are the same.

    Order counts only between outputs of one kind: stdout, stderr, or one MIME type.

    Inputs:
    - reference, fresh: Outputs as `tidy` returns them
    - tolerance: See `tolerance_of`
    """
    before, after = _by_kind(reference), _by_kind(fresh)
    for kind in sorted(before.keys() | after.keys()):
        old, new = before.get(kind, []), after.get(kind, [])
        if len(old) != len(new):
            return f"{kind}: {len(old)} recorded, {len(new)} now"
        compare = _image_difference if kind in IMAGES else _text_difference
        for one, other in zip(old, new, strict=True):
            found = compare(one, other, tolerance)
            if found:
                return f"{kind}: {found}"
    return ""


def _clean(output, paths):
    if "data" in output:
        kinds = {kind: (output.get("metadata") or {}).get(kind) for kind in IMAGES}
        output["metadata"] = {
            kind: {"alt": about["alt"]}
            for kind, about in kinds.items()
            if isinstance(about, dict) and "alt" in about
        }
        output["data"] = {
            kind: value if kind in IMAGES else _clean_text(value, paths)
            for kind, value in output["data"].items()
            if WIDGET not in output["data"]
        }
    if output["output_type"] == "error":
        output["evalue"] = _clean_text(output["evalue"], paths)
        output["traceback"] = [f"{output['ename']}: {output['evalue']}"]
    if "text" in output:
        lines = _clean_text(output["text"], paths).splitlines(keepends=True)
        noisy = output["name"] == "stderr"
        output["text"] = "".join(line for line in lines if not (noisy and NOISE.search(line)))
    return output


def _paths(root):
    """Pairs of a path of this machine and what a recording says instead."""
    root, home = str(Path(root).resolve()), str(Path.home())
    return [(f"{root}/", ""), (f"{root}\\", ""), (root, "."), *[(home, "~")] * (len(home) > 3)]


def _clean_text(text, paths):
    if not isinstance(text, str):
        return text
    for path, instead in paths:
        text = text.replace(path, instead)
    return ADDRESS.sub("0x…", text)


def _by_kind(outputs):
    kinds = {}
    for output in outputs:
        if output.output_type == "stream":
            kinds[output.name] = ["".join(kinds.get(output.name, [])) + output.text]
        elif output.output_type == "error":
            kinds.setdefault("error", []).append(f"{output.ename}: {output.evalue}")
        else:
            for kind, value in output.data.items():
                kinds.setdefault(kind, []).append(value)
    return kinds


def _text_difference(old, new, tolerance):
    old_lines, new_lines = str(old).strip().splitlines(), str(new).strip().splitlines()
    for one, other in zip_longest(old_lines, new_lines, fillvalue="(nothing)"):
        if NUMBER.sub(" #", one).split() != NUMBER.sub(" #", other).split():
            return "recorded {!r}, now {!r}".format(*_shortened(one, other))
        for a, b in zip(NUMBER.findall(one), NUMBER.findall(other), strict=True):
            if not _close(float(a), float(b), tolerance):
                return f"recorded {a}, now {b} in {_shortened(other.strip())[0]!r}"
    return ""


def _shortened(*lines):
    """Lines as a message can hold them: long ones from a little before the first difference."""
    apart = (i for i, pair in enumerate(zip(*lines, strict=False)) if len(set(pair)) > 1)
    start = max(0, next(apart, 0) - 40)
    return [line if len(line) <= SHOWN else f"…{line[start : start + SHOWN]}…" for line in lines]


def _close(a, b, tolerance):
    """Equal within the tolerance; error figures below 1e-6 are rounding noise and always equal."""
    if max(abs(a), abs(b)) <= NEGLIGIBLE:
        return True
    return math.isclose(a, b, rel_tol=max(RELATIVE, tolerance), abs_tol=tolerance)


def _image_difference(old, new, tolerance):
    (a, a_ratio), (b, b_ratio) = _thumbnail(old), _thumbnail(new)
    if not math.isclose(a_ratio, b_ratio, rel_tol=0.1):
        return f"the picture's width to height was {a_ratio:.2f}, now {b_ratio:.2f}"
    tile = THUMBNAIL // TILES
    distance = np.abs(a - b).reshape(TILES, tile, TILES, tile).mean(axis=(1, 3)).max()
    limit = GREY_LEVELS + GREY_LEVELS_PER_TOLERANCE * tolerance
    if distance <= limit:
        return ""
    return f"the picture differs by {distance:.1f} grey levels somewhere, limit {limit:.1f}"


def on_white(encoded):
    """Decode a base64 picture onto a white ground; returns a PIL image of 128 colours or fewer.

    Recordings are kept like this, a third of the size; a fresh picture is compared like this too,
    so that what the palette changes is no difference. Curves need fewer colours than photographs.
    """
    from PIL import Image, ImageChops, ImageStat

    picture = Image.open(io.BytesIO(base64.b64decode(encoded))).convert("RGBA")
    white = Image.new("RGBA", picture.size, "white")
    white.alpha_composite(picture)
    white = white.convert("RGB")
    for colours in PALETTES:
        # Median cut, the default, drops colours that are rare: a small green truck becomes grey.
        small = white.quantize(colours, Image.Quantize.MAXCOVERAGE, kmeans=1)
        changed = ImageStat.Stat(ImageChops.difference(white, small.convert("RGB")))
        if max(changed.mean) <= UNSEEN:
            break
    return small


def _thumbnail(encoded):
    """A grey 32 × 32 copy of a base64 picture, and the picture's width to height."""
    picture = on_white(encoded)
    small = picture.convert("RGB").convert("L").resize((THUMBNAIL, THUMBNAIL), resample=BOX)
    return np.asarray(small, dtype=float), picture.width / picture.height
