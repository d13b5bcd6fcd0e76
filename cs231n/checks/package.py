"""Finds what contract names mean in a package: file by file, past neighbours that are broken."""

import importlib
import importlib.util
import sys
import types

from .contract import CONTRACT
from .places import ROOT


def local(overrides=None):
    """Resolve contract names in the cs231n beside these checks.

    Returns a function name -> callable; `overrides` (a dictionary) comes first, for solutions that
    are tried in place of the package's own. A sandbox provides such a function of its own: it has
    an attribute swap_global_stream, and its networks have leave_out_backward: see namespace.
    """
    overrides = overrides or {}
    modules = {}

    def resolve(name):
        if name in overrides:
            return overrides[name]
        module = CONTRACT[name].module
        if module not in modules:
            modules[module] = _load(module)
        return getattr(modules[module], name)

    return resolve


def _load(name):
    """The module as the notebook sees it; where a neighbour breaks its import, the file alone."""
    try:
        return importlib.import_module(name)
    except (Exception, SystemExit):
        if name in sys.modules:  # it was fine; a neighbour's import came after it and failed
            return sys.modules[name]
        return _load_alone(name)


def _load_alone(name):
    """The module without its folder's __init__, which a broken neighbour stops."""
    path, folder = ROOT.joinpath(*name.split(".")), name.rpartition(".")[0]
    spec = importlib.util.spec_from_file_location(name, path.with_suffix(".py"))
    module = importlib.util.module_from_spec(spec)
    # Its own imports, as in `from .validation import ...`, look the folder up while they run.
    stand_in = types.ModuleType(folder)
    stand_in.__path__ = [str(path.parent)]
    before = set(sys.modules)
    sys.modules.setdefault(folder, stand_in)
    try:
        spec.loader.exec_module(module)
    finally:
        for added in set(sys.modules) - before:
            if added == folder or added.startswith(f"{folder}."):
                del sys.modules[added]
    return module
