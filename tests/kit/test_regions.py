"""Regions are stripped strictly: what is not understood is refused by its line number."""

import pytest

from kit.regions import RegionError, regions, strip

B, E = "### BEGIN SOLUTION\n", "### END SOLUTION\n"


def raising(name, indent=""):
    return f'{indent}raise NotImplementedError("{name}")\n'


STRIPPED = {
    "no region": ("x = 1\n", "x = 1\n"),
    "module level": (f"{B}x = 1\n{E}y = 2\n", f"{B}{raising('here')}{E}y = 2\n"),
    "function": (
        f"def f(x):\n    {B}    y = x\n    return y\n    {E}",
        f"def f(x):\n    {B}{raising('f', '    ')}    {E}",
    ),
    "method, twice": (
        f"class C:\n    def m(self):\n        {B}        a = 1\n        {E}        b = 2\n"
        f"        {B}        c = 3\n        {E}        return c\n",
        f"class C:\n    def m(self):\n"
        f"        {B}{raising('C.m', ' ' * 8)}        {E}        b = 2\n"
        f"        {B}{raising('C.m', ' ' * 8)}        {E}        return c\n",
    ),
    "helper inside a function": (
        f"def f():\n    def g():\n        {B}        return 1\n        {E}    return g\n",
        f"def f():\n    def g():\n        {B}{raising('f.g', ' ' * 8)}        {E}    return g\n",
    ),
    "a helper inside the region": (
        f"def f():\n    {B}    def g():\n        return 1\n    {E}    return g\n",
        f"def f():\n    {B}{raising('f', '    ')}    {E}    return g\n",
    ),
    "under an if": (
        f"def f(x):\n    if x:\n        {B}        x = 1\n        {E}    return x\n",
        f"def f(x):\n    if x:\n        {B}{raising('f', ' ' * 8)}        {E}    return x\n",
    ),
    "empty region": (
        f"def f():\n    x = 1\n    {B}    {E}",
        f"def f():\n    x = 1\n    {B}{raising('f', '    ')}    {E}",
    ),
    "decorated": (
        f"@d\ndef f():\n    {B}    pass\n    {E}",
        f"@d\ndef f():\n    {B}{raising('f', '    ')}    {E}",
    ),
    "no final line end": (f"{B}x = 1\n{E}".rstrip(), f"{B}{raising('here')}{E}".rstrip()),
    "magics": (f"%time x = 1\n{B}!ls\n{E}", f"%time x = 1\n{B}{raising('here')}{E}"),
    "cell magic": (f"%%time\n{B}x = 1\n{E}", f"%%time\n{B}{raising('here')}{E}"),
    "another language": ("%%bash\nif [ 1 ]; then ls; fi\n", "%%bash\nif [ 1 ]; then ls; fi\n"),
    "a marker in a string": (f'x = """\n{B}"""\n', f'x = """\n{B}"""\n'),
    "form feeds": (f"x = '\\f\x0c'\n{B}y = 1\n{E}", f"x = '\\f\x0c'\n{B}{raising('here')}{E}"),
}

REFUSED = {
    "orphan END": (f"x = 1\n{E}", 2, "END without a BEGIN"),
    "END twice": (f"{B}x = 1\n{E}{E}", 4, "END without a BEGIN"),
    "nested BEGIN": (f"{B}x = 1\n{B}y = 2\n{E}{E}", 3, "opened at line 1"),
    "never closed": (f"x = 1\n\n{B}y = 2\n", 3, "never closed"),
    "END hidden in a string": (f'{B}x = """\n{E}"""\n', 1, "never closed"),
    "two hashes": (f"## BEGIN SOLUTION\nx = 1\n{E}", 1, "write a marker as"),
    "lower case": (f"### begin solution\nx = 1\n{E}", 1, "write a marker as"),
    "more on the line": (f"{B}x = 1\n### END SOLUTION (part a)\n", 3, "write a marker as"),
    "behind code": (f"x = 1  {B}y = 1\n{E}", 1, "write a marker as"),
    "cuts a statement": (f"def f():\n    return [\n{B}1,\n{E}]\n", 3, "does not compile"),
    "the source is broken": (f"{B}x = = 1\n{E}", 2, "does not compile"),
    "leaves an else alone": (f"{B}if 1:\n    x = 1\n{E}else:\n    x = 2\n", 5, "does not compile"),
}


@pytest.mark.parametrize(("source", "wanted"), STRIPPED.values(), ids=STRIPPED)
def test_strip_leaves_a_raise_in_place_of_the_body(source, wanted):
    assert strip(source, outside="here") == wanted
    assert strip(wanted, outside="here") == wanted


@pytest.mark.parametrize(("source", "line", "words"), REFUSED.values(), ids=REFUSED)
def test_what_is_not_understood_is_refused_by_line(source, line, words):
    with pytest.raises(RegionError, match=words) as refusal:
        strip(source)
    assert refusal.value.line == line


def test_regions_tell_where_they_are_and_what_they_hold():
    source = STRIPPED["method, twice"][0]
    first, second = regions(source)
    assert (first.name, first.begin, first.end, first.indent) == ("C.m", 3, 5, " " * 8)
    assert first.body == ("        a = 1\n",)
    assert (second.begin, second.end) == (7, 9)
