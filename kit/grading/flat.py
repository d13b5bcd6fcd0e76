"""Submissions of the flat layout: all layers of an assignment in one file, as in Stanford's kit.

A Flat is a Material that says where such files hold what the contract names. What a submission
lacks is filled in as in the kit's own layout; our fast layers and helpers stand beside it.
"""

import ast
import functools
import re
from dataclasses import dataclass, replace
from pathlib import Path

from cs231n.checks.cases import CASES, EXERCISES
from cs231n.checks.contract import CONTRACT

from .material import ONE_FILE, PACKAGE, Material, all_needs, module_of, stem

LAYERS, RNN_LAYERS, HELPERS = ONE_FILE, "cs231n/rnn_layers.py", "cs231n/layer_utils.py"
NETWORKS = tuple(f"cs231n/classifiers/{name}.py" for name in ("fc_net", "cnn", "rnn"))
FILES = (LAYERS, RNN_LAYERS, HELPERS, "cs231n/optim.py", *NETWORKS)
RECURRENT = {"recurrent", "words", "lstm", "temporal"}  # modules of layers/ that are in RNN_LAYERS
SHIMS = Path(__file__).with_name("shims")
MOVED = "cs231n/given_layers/"
EXPORT = re.compile(r"^from \.(\w+) import (\w+) as \2$", re.MULTILINE)

CLASS = """
class {0}:
    def __init__(self, *args, **kwargs):
        raise NotImplementedError("{0}")
"""

NEVER = ("init_weights", "adagrad", "CaptioningRNN.step", "dot_product_attention_forward",
         "dot_product_attention_backward", "attention_lstm_forward",
         "attention_lstm_backward")  # fmt: skip
REMARK = (
    "FullyConnectedNet.initial_norm is part of __init__ in this layout; normalized_forward, "
    "normalized_backward, hidden_forward and hidden_backward are parts of loss"
)


@dataclass(frozen=True)
class Flat(Material):
    """The Material for submissions of the flat layout; see view."""

    layout, remark, telling = "flat", REMARK, (LAYERS, RNN_LAYERS)

    @property
    def expected(self):
        """As Material's: the files of what is asked for."""
        homes = {self.home(name) for name in self.exercises}
        return tuple(path for path in FILES if module_of(path) in homes)

    def home(self, name):
        """As Material's."""
        module = super().home(name)
        if not module.startswith("cs231n.layers."):
            return module
        return module_of(RNN_LAYERS if module.split(".")[-1] in RECURRENT else LAYERS)

    @functools.cached_property
    def names(self):
        """As Material's; what a file passes on counts too."""
        defined = super().names
        return {module_of(p): [*_exports(t), *defined[module_of(p)]] for p, t in self.blank.items()}

    def needs(self, exercise):
        """As Material's: a network's loss is one function here, which goes forward and back.

        It uses both functions of a pair, and nothing can stand in for a part of it.
        """
        if exercise == "FullyConnectedNet.initial_norm":
            return set()  # it is a part of __init__: ours would earn its points
        found = {n for n in all_needs(exercise) if "." not in n or n.endswith(".__init__")}
        stems = {stem(name) for name in found} if "." in exercise else ()
        return found | {name for name in EXERCISES if stem(name) in stems}

    def stand_ins(self, names):
        """As Material's: the constructor of ours calls a method."""
        if "FullyConnectedNet.__init__" in names:
            return (*names, "FullyConnectedNet.initial_norm")
        return names

    def is_unwritten(self, exercise, theirs):
        """As Material's: whether a function or class is nowhere defined."""
        return not _defines(exercise.partition(".")[0], theirs.values())


def of(setting):
    """The Setting for submissions of the flat layout, of one for the kit's own."""
    return replace(setting, material=view(setting.material), base=setting)


def view(material):
    """The Flat of a Material of the kit's own layout.

    The blank package's layers stand under another name, where a file `layers.py` hides none.
    """
    given = {p: t for p, t in material.given.items() if not p.startswith(PACKAGE)}
    package = {**material.given, **material.blank}
    moved = {p: t for p, t in package.items() if p.startswith(PACKAGE)}
    given |= {p.replace(PACKAGE, MOVED): t for p, t in moved.items()}
    given["cs231n/fast_layers.py"] = given["cs231n/fast_layers.py"].replace(
        ".layers.", ".given_layers."
    )
    given["cs231n/classifiers/__init__.py"] = ""
    given |= {p.relative_to(SHIMS).as_posix(): p.read_text("utf-8") for p in SHIMS.rglob("*.py")}
    blank = {path: package[path] for path in (HELPERS, "cs231n/optim.py")}
    blank |= {**_doors(moved[f"{PACKAGE}__init__.py"]), **_networks()}
    return Flat(
        assignment=replace(material.assignment, files=FILES, questions=(), given_cells={}),
        given={path: text for path, text in given.items() if path not in FILES},
        blank=blank,
        solved={},
        version=material.version,
        release=material.release,
        worths=material.worths,
        left_out=material.left_out | {c.name for c in CASES.values() if c.exercise in NEVER},
        foreign=material.telling,
    )


def _defines(name, texts):
    return any(re.search(rf"^(?:def|class)[ \t]+{name}\b", text, re.M) for text in texts)


def _doors(init):
    """The blank files of layers: each passes on what the kit's layers/__init__ lists."""
    lines = {LAYERS: [], RNN_LAYERS: []}
    for module, name in EXPORT.findall(init):
        recurrent = module in RECURRENT or name == "sigmoid"
        if module != "attention":
            path = RNN_LAYERS if recurrent else LAYERS
            lines[path].append(f"from .given_layers.{module} import {name} as {name}\n")
    return {path: "".join(found) for path, found in lines.items()}


def _networks():
    """The blank files of networks, path -> text: what a class's constructor raises is its name."""
    texts = {}
    for name, entry in CONTRACT.items():
        if not entry.returns:
            path = entry.module.replace(".", "/") + ".py"
            texts[path] = texts.get(path, "") + CLASS.format(name)
    return texts


def _exports(text):
    """The names that a file of ours imports to pass them on."""
    for node in ast.parse(text).body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("given_layers."):
            yield from (alias.name for alias in node.names)
