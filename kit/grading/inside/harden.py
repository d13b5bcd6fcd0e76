"""Takes from a process what a submission does not need: memory without end, files, new processes.

Linux only, and beside the sandbox, not in its place: elsewhere nothing is taken but by rlimit.
"""

import ctypes
import os
import platform
import sys

# Numbers of the kernel's interface. Source: arch/x86/entry/syscalls/syscall_64.tbl and
# include/uapi/asm-generic/unistd.h of Linux.
DENIED = {
    "x86_64": {
        "socket": 41, "socketpair": 53, "connect": 42, "bind": 49, "listen": 50, "accept": 43,
        "accept4": 288, "sendto": 44, "sendmsg": 46, "clone": 56, "fork": 57, "vfork": 58,
        "execve": 59, "execveat": 322, "kill": 62, "tkill": 200, "tgkill": 234, "ptrace": 101,
        "mount": 165, "umount2": 166, "pivot_root": 155, "chroot": 161, "reboot": 169,
        "setns": 308, "unshare": 272, "bpf": 321, "perf_event_open": 298, "keyctl": 250,
        "add_key": 248, "request_key": 249, "userfaultfd": 323, "init_module": 175,
        "finit_module": 313, "kexec_load": 246, "process_vm_readv": 310,
        "process_vm_writev": 311, "pidfd_open": 434, "pidfd_getfd": 438, "io_uring_setup": 425,
        "io_uring_enter": 426, "io_uring_register": 427, "shmget": 29, "msgget": 68,
        "semget": 64, "mq_open": 240, "memfd_create": 319, "open_by_handle_at": 304,
        "prlimit64": 302, "setrlimit": 160, "sched_setaffinity": 203, "setpriority": 141,
        "rt_sigqueueinfo": 129, "rt_tgsigqueueinfo": 297, "pidfd_send_signal": 424,
    },
    "aarch64": {
        "socket": 198, "socketpair": 199, "bind": 200, "listen": 201, "accept": 202,
        "connect": 203, "sendto": 206, "sendmsg": 211, "accept4": 242, "clone": 220,
        "execve": 221, "execveat": 281, "kill": 129, "tkill": 130, "tgkill": 131, "ptrace": 117,
        "mount": 40, "umount2": 39, "pivot_root": 41, "chroot": 51, "reboot": 142, "setns": 268,
        "unshare": 97, "bpf": 280, "perf_event_open": 241, "keyctl": 219, "add_key": 217,
        "request_key": 218, "userfaultfd": 282, "init_module": 105, "finit_module": 273,
        "kexec_load": 104, "process_vm_readv": 270, "process_vm_writev": 271, "pidfd_open": 434,
        "pidfd_getfd": 438, "io_uring_setup": 425, "io_uring_enter": 426,
        "io_uring_register": 427, "shmget": 194, "msgget": 186, "semget": 190, "mq_open": 180,
        "memfd_create": 279, "open_by_handle_at": 265, "prlimit64": 261, "setrlimit": 164,
        "sched_setaffinity": 122, "setpriority": 140, "rt_sigqueueinfo": 138,
        "rt_tgsigqueueinfo": 240, "pidfd_send_signal": 424,
    },
}  # fmt: skip
ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
CLONE3 = 435
# Instructions of classic BPF, and answers of seccomp. Source: linux/bpf_common.h, seccomp.h.
LOAD, EQUAL, AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06
ALLOW, KILL, ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
EPERM, ENOSYS = 1, 38
NO_NEW_PRIVS, SET_SECCOMP, FILTER, SET_DUMPABLE = 38, 22, 2, 4


def harden(limits):
    """Set the limits, then refuse system calls that computing does not need.

    Inputs:
    - limits: Dictionary resource ("AS", "CPU", "FSIZE", "NOFILE") -> number

    Nothing of this can be taken back. Returns the measures that were taken, by name.
    """
    taken = ["rlimits"] if _limit(limits) else []
    if sys.platform == "linux":
        taken += ["no new privileges", "seccomp"] if _refuse() else []
    return taken


def _limit(limits):
    try:
        import resource
    except ImportError:  # Windows
        return False
    for name, number in {**limits, "CORE": 0}.items():
        resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (number, number))
    return True


class _Filter(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("program", ctypes.c_char_p))


def _refuse():
    machine = platform.machine() if hasattr(os, "uname") else ""
    if machine not in DENIED:
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    program = _program(machine)
    keep = _Filter(len(program) // 8, program)
    libc.prctl(SET_DUMPABLE, 0, 0, 0, 0)
    if libc.prctl(NO_NEW_PRIVS, 1, 0, 0, 0):
        return False
    return libc.prctl(SET_SECCOMP, FILTER, ctypes.byref(keep), 0, 0) == 0


def _program(machine):
    """A filter that answers EPERM to what is denied, and kills whoever speaks another interface."""

    def step(code, k, jump=0, other=0):
        word = (code | jump << 16 | other << 24 | k << 32) & (1 << 64) - 1
        return word.to_bytes(8, sys.byteorder)

    steps = [step(LOAD, 4), step(EQUAL, ARCHITECTURES[machine], 1), step(RETURN, KILL)]
    steps += [step(LOAD, 0), step(AT_LEAST, 0x40000000, 0, 1), step(RETURN, KILL)]  # x32
    # glibc falls back on clone, which is refused, only where clone3 is unknown.
    steps += [step(EQUAL, CLONE3, 0, 1), step(RETURN, ERRNO | ENOSYS)]
    for number in DENIED[machine].values():
        steps += [step(EQUAL, number, 0, 1), step(RETURN, ERRNO | EPERM)]
    return b"".join([*steps, step(RETURN, ALLOW)])
