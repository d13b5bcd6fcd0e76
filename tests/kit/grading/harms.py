"""Attacks that want to harm: to stop the batch, fill the machine, or leave something on it."""

import stat
import zipfile

from kit.manifest import ROOT
from tests.kit.grading.attacks import MARK, Attack, call

RIGHT = "\nreturn np.maximum(x, 0), x"
REFUSED = "tried: (?!.*done)"
PLACES = ["/tmp", "/var/tmp", "/dev/shm", "/root", "/opt/inside", "/opt/numpy", str(ROOT)]


def link_to(name, target):
    """A member of a zip that is a symbolic link."""
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    return info, target.encode()


def evil(*names):
    """Members that leave a file behind if ever they are run or unpacked."""
    text = f"open('/tmp/{MARK}-shadow', 'w').close()\n"
    return tuple((name, text.encode()) for name in names)


HARMS = {
    "exit while imported": Attack("ends the process", "os._exit(0)", "the process ended"),
    "exit in a call": Attack("ends the process", call("os._exit(0)"), "the process ended"),
    "sys.exit": Attack("ends the program", call("sys.exit(0)"), "SystemExit"),
    "interrupt": Attack("stops the program", call("raise KeyboardInterrupt"), "Interrupt"),
    "abort": Attack("dumps core", call("os.abort()"), "the process ended"),
    "null pointer": Attack("crashes", call("ctypes.string_at(0)"), "the process ended"),
    "recursion": Attack(
        "overflows the stack",
        call("sys.setrecursionlimit(1 << 30)\ndef f(): return [f()]\nf()"),
        "the process ended|RecursionError|MemoryError|no answer",
    ),
    "alarm": Attack("sets a signal for later", call("signal.setitimer(0, 0.01)\ntime.sleep(1)")),
    "kill": Attack(
        "kills what it can reach",
        call("tell(*(lambda n=n: os.kill(n, 9) for n in (1, -1, os.getppid() or 1)),"
             " lambda: os.killpg(1, 9))"),
        REFUSED,
    ),
    "signals by other calls": Attack(
        "queues a signal for the sandbox's first process, by the numbers of x86-64 and ARM64",
        call("info, libc = (ctypes.c_int * 32)(0, 0, -1), ctypes.CDLL(None)\n"
             "tell(*(lambda n=n: 1 / (libc.syscall(n, 1, 0, info) + 1) for n in (129, 138)),"
             " *(lambda n=n: 1 / (libc.syscall(n, 1, 1, 0, info) + 1) for n in (297, 240)))"),
        REFUSED,
    ),
    "atexit": Attack(
        "writes when it ends",
        "import atexit\natexit.register(lambda: open(f'/tmp/{MARK}-exit', 'w').close())", "", True,
    ),
    "thread": Attack(
        "writes into its arguments later",
        call("tell(threading.Thread(target=x.fill, args=(0,)).start)"), REFUSED,
    ),
    "fork": Attack("forks for ever", call("tell(os.fork, os.fork, os.forkpty)"), REFUSED),
    "programs": Attack(
        "starts other programs",
        call("tell(lambda: subprocess.run(['true']), lambda: os.system('true') and 1 / 0,"
             " lambda: os.execv(sys.executable, ['x']),"
             " lambda: os.posix_spawn(sys.executable, ['x'], {}))"), REFUSED,
    ),
    "memory": Attack("takes 8 GB", call("tell(lambda: bytearray(8 << 30))"), REFUSED),
    "memory in small pieces": Attack(
        "takes all memory, little by little",
        call("all = []\nwhile True: all.append(np.ones(1 << 22))"), "MemoryError|ended",
    ),
    "limits": Attack(
        "raises its own limits",
        "import resource\n" + call("tell(lambda: resource.setrlimit(resource.RLIMIT_AS, (-1, -1)),"
        " lambda: resource.prlimit(0, resource.RLIMIT_CPU, (-1, -1)))"), REFUSED,
    ),
    "disk": Attack(
        "fills the disk",
        call("def fill():\n    for i in range(64):\n"
             "        with open(f'/tmp/{MARK}-{i}', 'wb') as file: file.write(bytes(1 << 20))\n"
             "tell(fill)"), REFUSED,
    ),
    "disk elsewhere": Attack(
        "fills whatever else can be written to",
        "import glob\n"
        + call("tops = [*glob.glob('/*'), *glob.glob('/*/*'), *sys.path, '/']\n"
               "for top in ('/usr/lib', '/lib', '/usr/local/lib', sys.base_prefix + '/lib'):\n"
               "    tops += [top, *glob.glob(top + '/python3*/*-p*')]\n"
               "tell(*(lambda t=t: open(t + '/x', 'w') for t in tops if t != '/tmp'))"), REFUSED,
    ),
    "many files": Attack(
        "makes many files and folders",
        call("for i in range(9000): open(f'/tmp/{MARK}-{i}', 'w').close()" + RIGHT), "", True,
    ),
    "files elsewhere": Attack(
        "leaves files on the machine",
        call(f"tell(*(lambda p=p: open(p + '/' + MARK, 'w') for p in {PLACES[1:]!r}),"
             " lambda: os.symlink('/etc', '/' + MARK), lambda: os.mkdir('/' + MARK),"
             " lambda: open(os.__file__, 'a'), lambda: os.chmod(os.__file__, 0o777))"), REFUSED,
    ),
    "carried out": Attack(
        "leaves its results for another submission",
        call("name = f'/tmp/{MARK}-state.npy'\n"
             "os.path.exists(name) or np.save(name, np.maximum(x, 0))\n"
             "os.environ[MARK] = repr(x)" + RIGHT), "", True,
    ),
    "shared memory": Attack(
        "leaves shared memory",
        "from multiprocessing import shared_memory\n"
        + call("tell(lambda: shared_memory.SharedMemory(MARK, True, 64),"
               " lambda: os.memfd_create(MARK),"
               " lambda: 1 / (ctypes.CDLL(None).shmget(7, 64, 0o1777) + 1))"), REFUSED,
    ),
    "flood of output": Attack(
        "writes to standard output and error without end",
        call("for _ in range(2000):\n    print('x' * 9999)\n    os.write(2, b'y' * 9999)" + RIGHT),
        "", True,
    ),
    "large reply": Attack("returns 72 MB", call("return np.zeros(9 << 20), x"), "bytes|shape"),
    "deep reply": Attack(
        "returns lists in lists",
        call("out = []\nfor _ in range(9999): out = [out]\nreturn out, x"), "RecursionError|deep",
    ),
    "long reply": Attack("returns a long list", call("return [0] * 10**5, x"), "parts|Memory"),
    "list in itself": Attack(
        "returns a list that holds itself", call("out = []\nout.append(out)\nreturn out, x"),
        "RecursionError|deep",
    ),
    "objects without end": Attack(
        "hands over objects without end",
        call("for i in range(30000): link().ask('get', [i], 'x')"), "not for you|PermissionError",
    ),
    "large arrays while imported": Attack(
        "fills the parent's memory with arrays before any case runs",
        "def flood():\n    from inside import wire\n    array = np.zeros(7 << 20)\n"
        "    for key in range(3, 1 << 20, 2):\n"
        "        news = ((key, 'array', array),)\n"
        "        link()._write(wire.encode(('note', 0, news, __name__)))\nflood()",
        "more than any right answer needs",
    ),
    "small objects while imported": Attack(
        "fills the parent's memory with lists",
        "def flood():\n    from inside import wire\n"
        "    for key in range(3, 1 << 20, 2):\n"
        "        news = ((key, 'list', ('',) * 40_000),)\n"
        "        link()._write(wire.encode(('note', 0, news, __name__)))\nflood()",
        "more than any right answer needs",
    ),
    "a header of brackets": Attack(
        "has the parent build millions of objects",
        call("text = b'{\"l\":[' + b'[],' * (4 << 20) + b'[]]}'\n"
             "link()._write(len(text).to_bytes(4, 'big') + text)" + RIGHT),
        "more than any right answer needs",
    ),
    "notes without end": Attack(
        "keeps the parent busy",
        call("while True: link().note('x' * 1000)"), "stop talking|no answer|more than any",
    ),
    "a length that is a lie": Attack(
        "announces more than it sends",
        call("for number in range(3, 9):\n    try: os.write(number, b'\\xff' * 8)\n"
             "    except OSError: pass\ntime.sleep(99)"), "more than 64 MB",
    ),
    "raises for others": Attack(
        "raises over the pipe while it is imported",
        "link()._send('raise', 3, ('X', 'forged', None), False)  # after start and forget",
        "forged",
    ),
    "names another module": Attack(
        "has another file blamed for its own end",
        "link().note('cs231n.layers.affine')\nlink().note('no such module')\nos._exit(0)",
    ),
    "sleeps": Attack("sleeps", call("time.sleep(999)"), "no answer within"),
    "busy": Attack("computes for ever", call("while True: pass"), "no answer within"),
    "regular expression": Attack(
        "holds the interpreter in one call",
        call("import re\nre.match('(a+)+$', 'a' * 60 + 'b')"), "no answer within",
    ),
    "lists while imported": Attack("takes memory", "[0] * 10**12", "MemoryError"),
    "parentheses": Attack("overflows the parser", "(" * 50_000, "SyntaxError|Memory|Recursion"),
    "control characters": Attack("is text that grows on its way", "\x01" * 200_000, "SyntaxError"),
    "NUL": Attack("is no text", "\0", "SyntaxError|ValueError"),
    "network": Attack(
        "calls home",
        call("tell(lambda: socket.create_connection(('192.0.2.1', 53), 1),"
             " lambda: socket.socket(socket.AF_UNIX), lambda: socket.getaddrinfo('example.org', 1),"
             " socket.socketpair)"), REFUSED,
    ),
    "memory of others": Attack(
        "reads and writes another process",
        call("libc = ctypes.CDLL(None)\n"
             "tell(lambda: open(f'/proc/{os.getppid()}/mem', 'r+b'), lambda: os.listdir('/proc'),"
             " *(lambda n=n: 1 / (libc.syscall(n, 1, 1, 0, 0, 0) + 1) for n in (101, 310, 311)),"
             " *(lambda n=n: 1 / (libc[n](b'/tmp', b'/tmp', b'tmpfs', 0, 0) + 1)"
             " for n in ('mount', 'umount2', 'unshare', 'chroot')))"), REFUSED,
    ),
    "an exception that fails": Attack(
        "raises what cannot be told of",
        "class Bad(Exception):\n    kind = property(lambda self: 1 / 0)\n"
        "    __str__ = lambda self: 1 / 0\n" + call("raise Bad"), "the process ended",
    ),
    "a long exception": Attack(
        "raises a message of 40 MB, with markup and line ends",
        call("raise ValueError('<script>alert(1)</script>\\r\\n\\x1b[2J' * 1_000_000)"), "script",
    ),
    "place": Attack(
        "has the grader show a file of the machine",
        "class Bad(Exception):\n    place = ('/etc/passwd', 1, '')\n" + call("raise Bad('x')"),
    ),
    "shadowed modules": Attack(
        "brings modules that would be imported in the place of others", "", "not written",
        members=evil("numpy.py", "json.py", "sitecustomize.py", "usercustomize.py", "conftest.py",
                     "cs231n/checks/judge.py", "cs231n/layers/__init__.py", "evil.pth",
                     "inside/child.py", "kit/grading/judge.py"),
    ),
    "own answers": Attack(
        "brings its own description and answers", "", "not written",
        members=(("cs231n/assignment.json", b"{}"), ("cs231n/checks/answers.json", b"{}")),
    ),
    "links in the zip": Attack(
        "has links unpacked", "", "not written",
        members=(link_to("cs231n/optim.py", "/etc/passwd"), link_to("cs231n/checks", str(ROOT))),
    ),
    "paths that lead out": Attack(
        "has files written beside the folder", "", "not written",
        members=evil(f"../../../tmp/{MARK}", f"/tmp/{MARK}", f"..\\{MARK}", "cs231n/../../x.py"),
    ),
}  # fmt: skip
