"""Submissions for the tests: the solved files, with some functions in the place of others."""

import importlib
import inspect
import re

from cs231n.checks.contract import CONTRACT

# The mistakes and the other right solutions stand in modules of tests/, which enter them by a call
# of wrong() or right(). A submission carries the module's text and takes one entry out of it.
EAGER = """
def _run(text):
    found = []
    def wrong(*_, target=None, **more):
        return lambda solution: (found.append({None: solution}), solution)[1]
    def right(exercise, **overrides):
        found.append(overrides)
    scope = {"wrong": wrong, "right": right, "__name__": "cs231n.other"}
    for part in text:
        found.clear()
        exec(part, scope)
    return found, scope

def _count(text):
    return len(_run(text)[0])

def _entry(text, number, name):
    found, scope = _run(text)
    entry = found[number]
    return entry[name] if name in entry else entry[None], scope
"""
CLASS = """
NAME = _entry(TEXT, NUMBER, "NAME")[0]
"""
# A layer's module is imported before the package that the text imports: it waits for a first call.
FUNCTION = """
_right_NAME, _other_NAME = NAME, []
def NAME(*args, **kwargs):
    if not _other_NAME:
        solution, scope = _entry(TEXT, NUMBER, "NAME")
        # What the text imports under this name is the function in whose place it is called.
        scope.update({key: _right_NAME for key, value in scope.items() if value is NAME})
        _other_NAME.append(solution)
    return _other_NAME[0](*args, **kwargs)
"""


def solved(setting):
    """The files of the package as the source has them: path -> text."""
    return dict(setting.material.solved)


def with_entry(setting, module, number, names):
    """The solved files, where the entry of some number in a module of tests/ stands for names."""
    files = solved(setting)
    text = _texts(module)
    for name in names:
        entry = CONTRACT[name]
        path = entry.module.replace(".", "/") + ".py"
        code = FUNCTION if entry.returns else CLASS
        code = code.replace("NAME", name).replace("TEXT", repr(text)).replace("NUMBER", str(number))
        start = "" if "def _entry(" in files[path] else EAGER
        files[path] += start + code
    return files


def entries(table):
    """Module and number in it of each entry of WRONG or RIGHT."""
    package = importlib.import_module(type(table[0]).__module__)
    rest, scope = iter(table), {}
    exec(EAGER, scope)
    for module in dict.fromkeys(_in_order(package.__name__)):
        for number in range(scope["_count"](_texts(module))):
            yield next(rest), module, number


def _in_order(package):
    """The modules of a package as they are imported: those that another needs before it."""
    for name in re.findall(r"^from \. import (\w+)", _source(package), re.MULTILINE):
        module = f"{package}.{name}"
        yield from (f"{package}.{needed}" for needed in _beside(module))
        yield module


def _beside(module):
    return re.findall(r"^from \.(\w+) import", _source(module), re.MULTILINE)


def _source(module):
    return inspect.getsource(importlib.import_module(module))


def _texts(module):
    """The text of a module, after those of its neighbours that it takes something from."""
    package = module.rpartition(".")[0]
    texts = [text for name in _beside(module) for text in _texts(f"{package}.{name}")]
    return [*texts, re.sub(r"^from \.\w* import .*$", "", _source(module), flags=re.MULTILINE)]
