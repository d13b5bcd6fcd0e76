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

from .material import Material, all_needs, module_of, stem

LAYOUT = "flat"
LAYERS, RNN_LAYERS, HELPERS = "cs231n/layers.py", "cs231n/rnn_layers.py", "cs231n/layer_utils.py"
NETWORKS = ("cs231n/classifiers/fc_net.py", "cs231n/classifiers/cnn.py")
CAPTIONING = (RNN_LAYERS, "cs231n/classifiers/rnn.py")
FILES = (LAYERS, HELPERS, "cs231n/optim.py", *NETWORKS, *CAPTIONING)
TELLING = (LAYERS, RNN_LAYERS)  # files that no other layout hands in
RECURRENT = {"recurrent", "words", "lstm", "temporal"}  # modules of layers/ that are in RNN_LAYERS
SHIMS = Path(__file__).with_name("shims")
PACKAGE, MOVED = "cs231n/layers/", "cs231n/given_layers/"
EXPORT = re.compile(r"^from \.(\w+) import (\w+) as \2$", re.MULTILINE)

CLASS = """
class {0}:
    def __init__(self, *args, **kwargs):
        raise NotImplementedError("{0}")
"""

NEVER = ("init_weights", "adagrad", "CaptioningRNN.step", "dot_product_attention_forward",
         "dot_product_attention_backward", "attention_lstm_forward",
         "attention_lstm_backward")  # fmt: skip
SOME_YEARS = {
    "layer normalisation": ("layernorm_forward", "layernorm_backward"),
    "group normalisation": ("spatial_groupnorm_forward", "spatial_groupnorm_backward"),
    "the LSTM": ("lstm_step_forward", "lstm_step_backward", "lstm_forward", "lstm_backward"),
}
# Of networks: until 2017 their only normalisation was batch norm.
LAYERNORM_NETS = ("initial_norms", "layernorm_net_scores", "layernorm_net_three_hidden_layers",
                  "layernorm_net_float32")  # fmt: skip
SAME = (
    "FullyConnectedNet.initial_norm is part of __init__ in this layout; normalized_forward, "
    "normalized_backward, hidden_forward and hidden_backward are parts of loss"
)


@dataclass(frozen=True)
class Flat(Material):
    """The Material for submissions of the flat layout; see view."""

    layout = LAYOUT

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
        found = {n for n in all_needs(exercise) if "." not in n or n.endswith(".__init__")}
        if exercise == "FullyConnectedNet.initial_norm":
            return set()  # it is a part of __init__: ours would earn its points
        if "." not in exercise:
            return found
        stems = {stem(name) for name in found}
        return found | {name for name in EXERCISES if stem(name) in stems}

    def stand_ins(self, names):
        """As Material's: the constructor of ours calls a method."""
        if "FullyConnectedNet.__init__" in names:
            return (*names, "FullyConnectedNet.initial_norm")
        return names

    def is_unwritten(self, exercise, theirs):
        """As Material's: whether a function or class is nowhere defined."""
        return not _defines(exercise.partition(".")[0], theirs.values())


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
        worths=material.worths,
        left_out=_cases(NEVER),
    )


def left_out(theirs):
    """What the files of a submission do not have because of their year, or their assignment.

    Inputs:
    - theirs: Path -> text

    Returns the names of cases, and sentences that say what they are and where the others went.
    """
    cases, notes = set(_cases(NEVER)), [f"not part of the flat layout: {', '.join(NEVER)}"]
    captioning = {name for name, entry in EXERCISES.items() if entry.room.endswith("_Captioning")}
    has_captioning, has_networks = (any(p in theirs for p in ps) for ps in (CAPTIONING, NETWORKS))
    if not has_captioning:
        cases |= _cases(captioning)
        notes.append(f"no captioning: neither {' nor '.join(CAPTIONING)} is there")
    elif not has_networks:
        cases |= _cases({*EXERCISES} - captioning)
        notes.append(f"captioning alone: neither {' nor '.join(NETWORKS)} is there")
    takes = _taken(theirs.get(NETWORKS[0], ""))
    old = "use_batchnorm" in takes and "normalization" not in takes
    for what, names in SOME_YEARS.items():
        home = RNN_LAYERS if names[0].startswith("lstm") else LAYERS
        missing = not any(_defines(name, [theirs.get(home, "")]) for name in names)
        told = home in theirs or (old and home == LAYERS)
        if told and missing and not _cases(names) <= cases:
            cases |= _cases(names)
            notes.append(f"not in this year's files: {what}, as no {names[0]} is defined")
    if old:
        cases |= {*LAYERNORM_NETS}
        notes.append("not in this year's networks: layer normalisation, as use_batchnorm says")
    notes = [f"left out of the total: {note}" for note in notes]
    return frozenset(cases), notes + [SAME] * (NETWORKS[0] in theirs)


def optional(theirs):
    """Of the files of the layout, those whose lack needs no note."""
    return {HELPERS, *(CAPTIONING if not any(p in theirs for p in CAPTIONING) else ()),
            *(NETWORKS if not any(p in theirs for p in NETWORKS) else ())}  # fmt: skip


def _cases(exercises):
    return frozenset(name for name, case in CASES.items() if case.exercise in exercises)


def _defines(name, texts):
    return any(re.search(rf"^(?:def|class)[ \t]+{name}\b", text, re.M) for text in texts)


def _taken(text):
    """What the constructor of FullyConnectedNet takes, as it is written."""
    # In steps that never go back: a pattern could be kept busy for hours by a text made for it.
    _, _, rest = text.partition("\nclass FullyConnectedNet")
    return rest.partition("def __init__(")[2].partition("):")[0]


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
