"""What a solved source says to the grader: files, exercises with their points, its version."""

import ast
import functools
import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path

from cs231n.assignment import AssignmentError, load
from cs231n.checks.cases import EXERCISES, cases_of
from cs231n.checks.contract import CONTRACT
from kit import KitError, manifest, regions

from . import released

STAYS = ("checks", "submission", "replay")  # of the package: no submission needs them
CODE = ("cs231n/**/*.py", "cs231n/**/*.json", "kit/grading/**/*.py")
MARKER = 'raise NotImplementedError("{}")'
PACKAGE, ONE_FILE = "cs231n/layers/", "cs231n/layers.py"  # what tells the layouts apart


@dataclass(frozen=True)
class Material:
    """What is needed beside a submission. Texts are dictionaries path -> text.

    - assignment: The cs231n.assignment.Assignment
    - given: Files of the package that nobody hands in
    - blank, solved: The files that are handed in, as released and as in the source
    - version: A hash of the package and the grader
    - worths: Case -> points
    - left_out: Names of cases that nobody is asked for
    - foreign: Files that only a submission of another layout has
    """

    assignment: object
    given: dict
    blank: dict
    solved: dict
    version: str
    release: str = ""  # its digest; "" for the whole kit
    worths: dict = field(default_factory=dict)  # case -> points
    left_out: frozenset = frozenset()
    foreign: tuple = (ONE_FILE,)

    layout, remark = "kit", ""

    @functools.cached_property
    def exercises(self):
        """The names of what students write, in the order of work."""
        asked = self.assignment.exercises
        return [name for name in EXERCISES if name in asked and self.cases_of(name)]

    @functools.cached_property
    def cases(self):
        """The cases of those exercises, in their order."""
        return [case for name in self.exercises for case in self.cases_of(name)]

    @functools.cached_property
    def not_asked(self):
        """The exercises of the assignment that are left out as a whole, in the order of work."""
        asked = self.assignment.exercises
        return [name for name in EXERCISES if name in asked and not self.cases_of(name)]

    @property
    def telling(self):
        """The files by which a submission shows its layout."""
        return tuple(name for name in self.assignment.files if name.startswith(PACKAGE))

    @property
    def expected(self):
        """The files whose lack is told."""
        return self.assignment.files

    @functools.cached_property
    def points(self):
        """The points that its cases give."""
        return sum(self.worths[case.name] for case in self.cases)

    def cases_of(self, exercise):
        """The cases of an exercise that are asked for."""
        return [case for case in cases_of(exercise) if case.name not in self.left_out]

    def home(self, name):
        """The module that holds a function, class or method of the contract."""
        return CONTRACT[name.partition(".")[0]].module

    def needs(self, exercise):
        """What an exercise runs, and what that runs; not itself."""
        return all_needs(exercise)

    def stand_ins(self, names):
        """What stands in for these, which are wrong: all that right ones need beside them."""
        return names

    def is_unwritten(self, exercise, theirs):
        """Whether all regions of an exercise are as they were released."""
        marker = re.escape(MARKER.format(exercise))
        blank = sum(len(re.findall(marker, text)) for text in self.blank.values())
        return blank <= sum(len(re.findall(marker, text)) for text in theirs.values())

    @functools.cached_property
    def names(self):
        """Module -> the public names that it defines."""
        return {module_of(path): _defined(text) for path, text in self.blank.items()}


def read(root=manifest.ROOT, release=None):
    """The Material of a solved source.

    Inputs:
    - root: The solved source
    - release: Zip or folder of the release to grade; the whole kit, blank, where None

    Raises KitError where a description cannot be read, or where the release is of another source.
    """
    root = Path(root)
    try:
        given = released.read(release) if release else None
        assignment = given.assignment if given else load(root)
    except AssignmentError as error:
        raise KitError(str(error)) from None
    package = [str(p) for p in manifest.shipped(root) if p.suffix == ".py" and len(p.parts) > 1]
    texts = {n: (root / n).read_text("utf-8") for n in package if n.split("/")[1] not in STAYS}
    # A region that this assignment doesn't ask for is nobody's to see, unless it was given solved.
    blank = {name: regions.strip(text) for name, text in texts.items()}
    if given:
        blank = {name: text for name, text in given.package.items() if name in texts}
        _require_of_this_source(release, assignment, blank)
    files = [name for name in assignment.files if name.endswith(".py")]
    return Material(
        assignment=assignment,
        given={name: text for name, text in blank.items() if name not in files},
        blank={name: blank[name] for name in files},
        solved={name: texts[name] for name in files},
        version=_version(root),
        release=given.digest if given else "",
        worths=_worths(assignment.exercises),
    )


def _require_of_this_source(release, assignment, package):
    """Raise where a release asks for what the source, or its own package, doesn't have."""
    files = {name for name in assignment.files if name.endswith(".py")}
    strangers = [*(files - package.keys()), *(assignment.exercises.keys() - EXERCISES.keys())]
    if strangers:
        raise KitError(
            f"{release} asks for {', '.join(sorted(strangers))}, which this source doesn't have; "
            "grade with the source that it was released from"
        )


def all_needs(exercise):
    """What an exercise runs, and what that runs; not itself."""
    found, todo = set(), [*EXERCISES[exercise].needs]
    while todo:
        need = todo.pop()
        todo += [more for more in EXERCISES[need].needs if more not in found]
        found.add(need)
    return found - {exercise}


def stem(name):
    """What the functions of a pair have in common; a method is its own."""
    return name.partition("_forward")[0].partition("_backward")[0] if "." not in name else name


def module_of(path):
    """The dotted name of the module in a file of the package."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _worths(exercises):
    """Case -> its share of what its exercise is worth."""
    worths = {}
    for name in EXERCISES.keys() & exercises.keys():
        whole = sum(case.points for case in cases_of(name))
        worths |= {case.name: exercises[name] * case.points / whole for case in cases_of(name)}
    return worths


def _defined(text):
    """The public functions and classes of a module's text."""
    kinds = (ast.FunctionDef, ast.ClassDef)
    names = [node.name for node in ast.parse(text).body if isinstance(node, kinds)]
    return [name for name in names if not name.startswith("_")]


def _version(root):
    digest = hashlib.sha256()
    for path in sorted({path for pattern in CODE for path in root.glob(pattern)}):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(root).as_posix()} {len(content)}\n".encode() + content)
    return digest.hexdigest()[:16]
