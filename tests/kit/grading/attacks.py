"""What a submission may try: to earn what it has not written, or to do harm.

Each attack is the text of cs231n/layers/activations.py, after the blank or the solved one. What it
does must show in its result: `shows` is looked for in the lines of its checks. FORGERIES want
points, HARMS want damage; `kept` of one that goes on to be right says that it keeps its points.
"""

from typing import NamedTuple

from kit.manifest import ROOT

MARK = "kit-attack"  # in the name of every file that an attack tries to leave behind
START = f"""
import builtins, ctypes, gc, json, os, signal, socket, subprocess, sys, threading, time
MARK, SOURCE = {MARK!r}, {str(ROOT)!r}
def tell(*calls):
    found = []
    for call in calls:
        try:
            found.append("done " + str(call())[:40])
        except BaseException as error:
            found.append(type(error).__name__)
    raise RuntimeError("tried: " + ", ".join(sorted(set(found))))
def link():
    return next(each for each in gc.get_objects() if type(each).__name__ == "Link")
"""


class Attack(NamedTuple):
    """What is handed in, and what must be seen of it."""

    tries: str
    code: str
    shows: str = ""
    kept: bool = False
    members: tuple = ()  # (name, bytes) or (ZipInfo, bytes): what else is in the zip


def call(body):
    """relu_forward with some lines as its body; x is its argument."""
    return "def relu_forward(x):\n" + "".join(f"    {line}\n" for line in body.strip().split("\n"))


FORGERIES = {
    "source on disk": Attack(
        "runs the solved source",
        call('scope = {}\nexec(open(f"{SOURCE}/cs231n/layers/activations.py").read(), scope)\n'
             'return scope["relu_forward"](x)'),
        "FileNotFoundError",
    ),
    "secret on disk": Attack(
        "looks for the secret, results and recorded answers",
        call('files, seen = [], {"/usr", "/lib", "/lib64", "/proc", sys.base_prefix, "/opt"}\n'
             'for top, folders, names in os.walk("/"):\n'
             '    folders[:] = [f for f in folders if os.path.join(top, f) not in seen]\n'
             '    files += [f for f in names if "secret" in f or f.endswith(".json")]\n'
             'raise RuntimeError(f"tried: {files}")'),
        r"tried: \[\]",
    ),
    "sys.modules": Attack(
        "looks for the grader among the modules",
        call('names = [n for n in sys.modules if n.startswith(("kit", "tests", "cs231n.checks"))]\n'
             'raise RuntimeError(f"tried: {names}")'),
        r"tried: \[\]",
    ),
    "gc": Attack(
        "looks for the judge and for expected arrays among all objects",
        call('names = {"judge", "relative_error", "Marking", "Case", "_right_relu_forward"}\n'
             'found = [o for o in gc.get_objects() if getattr(o, "__name__", "") in names]\n'
             'arrays = [o for o in gc.get_objects() if type(o) is np.ndarray]\n'
             'raise RuntimeError(f"tried: {found} {len([a for a in arrays if a is not x])}")'),
        r"tried: \[\] 0",
    ),
    "frames": Attack(
        "looks for what is wanted in the frames that called it",
        call('frame, names = sys._getframe(), set()\n'
             'while frame:\n    names |= {*frame.f_locals}\n    frame = frame.f_back\n'
             'raise RuntimeError(f"tried: {names & {\'want\', \'case\', \'seed\'}}")'),
        r"tried: set\(\)",
    ),
    "environment": Attack(
        "looks for the secret in the environment",
        call('raise RuntimeError("tried: " + " ".join(k for k in os.environ if "C" in k))'),
        r"tried: ((LC_CTYPE) ?)*$",
    ),
    "forged answer": Attack(
        "answers the parent's next questions itself",
        call('for number in range(1, 9):\n    link()._send("answer", number, (x, x), False)\n'
             'return x, x'),
        "answered what was not asked|the process ended",
    ),
    "forged verdict": Attack(
        "returns a verdict in the place of an array",
        call('return {"passed": True, "points": 99, "error": 0.0, "status": "passed"}'),
        "relu_forward returned",
    ),
    "noise on every pipe": Attack(
        "writes what could be a process id or a message to every descriptor",
        call('for number in range(3, 64):\n    try:\n'
             '        os.write(number, b\'{"child-pid": 1}\')\n    except OSError:\n        pass\n'
             'return x, x'),
        "no message|more than 64 MB|the process ended",
    ),
    "right function asked for": Attack(
        "asks the parent for the right function where nothing stands in",
        call('return link().ask("reference", "relu_forward", (x,), {})'),
        "not for you",
    ),
    "np.allclose": Attack(
        "makes every comparison of NumPy true",
        "for name in ('allclose', 'array_equal', 'isclose', 'all'):\n"
        "    setattr(np, name, lambda *args, **kwargs: True)\n"
        "np.testing.assert_allclose = lambda *args, **kwargs: None\n"
        "def relu_forward(x): return np.zeros_like(x), x\n"
        "def relu_backward(dout, cache): return np.zeros_like(dout)",
        "wrong, first",
    ),
    "methods of ndarray": Attack(
        "patches the type of arrays itself",
        "gc.get_referents(np.ndarray.__dict__)[0]['__eq__'] = lambda a, b: True\n"
        "gc.get_referents(np.ndarray.__dict__)[0]['__sub__'] = lambda a, b: 0\n"
        "def relu_forward(x): return np.zeros_like(x), x",
        "wrong, first",
    ),
    "json": Attack(
        "puts its own text in the place of every message",
        "json.dumps = lambda *args, **kwargs: '{\"t\":[\"answer\",1,{\"t\":[]},true]}'\n"
        "def relu_forward(x): return x, x",
        "answered what was not asked|no message",
    ),
    "builtins": Attack(
        "makes isinstance and abs agree to everything",
        "def relu_forward(x):\n    builtins.isinstance = lambda *args: True\n"
        "    builtins.abs = lambda value: 0\n    return np.zeros_like(x), x",
    ),
    "equal to everything": Attack(
        "returns arrays that equal any other",
        "class Same(np.ndarray):\n    __eq__ = lambda self, other: True\n    __ne__ = __lt__ = "
        "lambda self, other: False\n    __sub__ = __rsub__ = lambda self, other: np.zeros(1)\n"
        "    __array_ufunc__ = lambda self, *args, **kwargs: True\n"
        "    all = any = lambda self, *args: True\n"
        "def relu_forward(x): return np.zeros_like(x).view(Same), x",
        "wrong, first|error",
    ),
    "lying shape": Attack(
        "returns an array with another shape than it says",
        "class Lying(np.ndarray):\n    shape = property(lambda self: (3, 4, 2))\n"
        "    __len__ = lambda self: 3\n    size = property(lambda self: 24)\n"
        "def relu_forward(x): return np.zeros(1).view(Lying), x",
        "no message|shape",
    ),
    "lying class": Attack(
        "returns an object that says it is an array, equal to all",
        "class Any:\n    __class__ = property(lambda self: np.ndarray)\n"
        "    __eq__ = lambda self, other: True\n    __array__ = lambda self, *args: 1 / 0\n"
        "    __getattr__ = lambda self, name: self\n    __call__ = lambda self, *args: self\n"
        "    __len__ = lambda self: 2\n    __iter__ = lambda self: iter((self, self))\n"
        "def relu_forward(x): return Any(), Any()",
    ),
    "metaclass": Attack(
        "returns a class whose class agrees to everything",
        "class Yes(type):\n    __instancecheck__ = __eq__ = lambda *args: True\n"
        "    __hash__ = type.__hash__\nclass Out(metaclass=Yes): pass\n"
        "def relu_forward(x): return Out, x",
        "cannot travel|shape",
    ),
    "float that is equal": Attack(
        "returns a number that equals any other",
        "class Equal(float):\n    __eq__ = lambda self, other: True\n    __sub__ = __rsub__ = "
        "lambda self, other: 0.0\ndef relu_forward(x): return Equal(3), x",
        r"shape \(\)",
    ),
    "NaN": Attack("returns NaN", call("return x * np.nan, x"), "wrong, first"),
    "infinity": Attack("returns infinity", call("return x + np.inf, x"), "wrong, first"),
    "objects": Attack(
        "returns an array of objects that are equal to all",
        "class Same:\n    __eq__ = __lt__ = lambda *args: True\n    __rsub__ = __sub__ = "
        "lambda *args: 0\ndef relu_forward(x): return np.full(x.shape, Same(), object), x",
    ),
    "masked": Attack(
        "returns an array of which nothing is to be compared",
        call("return np.ma.masked_all(x.shape), x"),
    ),
    "input set to zero": Attack(
        "makes the input one for which a copy of it is right",
        call("x[...] = 0\nreturn x.copy(), x"), "wrote into x",
    ),
    "input of another shape": Attack(
        "takes the input's shape and type away",
        call("x.shape = (-1,)\nx.dtype = np.int64\nreturn x, x"),
    ),
    "public answers": Attack(
        "returns what is right for the inputs that students see",
        call("x = np.random.RandomState(231).randn(3, 4, 2)\n"
             "x = x + np.where(x < 0, -0.1, 0.1)\nreturn np.maximum(x, 0), x"),
        "wrong, first",
    ),
    "state between calls": Attack(
        "answers with what an earlier call was given",
        "seen = builtins.__dict__.setdefault('seen', [])\ndef relu_forward(x):\n"
        "    seen.append(x.copy())\n    return seen[0] * 0 + len(seen), x",
    ),
    "carried in": Attack(
        "reads what another submission left for it",
        call('return np.load(f"/tmp/{MARK}-state.npy"), x'), "FileNotFoundError",
    ),
    "replaced module": Attack(
        "puts an object that has every name in the place of its module",
        "class All:\n    def __getattr__(self, name): return lambda *args, **kwargs: 1.0\n"
        "sys.modules[__name__] = sys.modules['cs231n.layers'] = All()",
    ),
    "unicode": Attack(
        "defines functions whose names only look right",
        "def relu_forwаrd(x): return np.maximum(x, 0), x\n", "not written",
    ),
    "endless generator": Attack(
        "is a generator that never ends", call("while True:\n    yield x"), "returned|error",
    ),
    "blank that passes": Attack(
        "says that it is not written, in another exercise's name",
        call('raise NotImplementedError("relu_forward passed")'), "NotImplemented",
    ),
}  # fmt: skip
