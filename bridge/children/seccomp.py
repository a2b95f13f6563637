"""Which system calls a child has left; all others fail with EPERM (seccomp(2), by libseccomp)."""

import ctypes
import errno
import fcntl
import os
import signal
import termios
from collections.abc import Iterable, Mapping

_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000
_ALL_THREADS = 4  # SCMP_FLTATR_CTL_TSYNC
_NOT_EQUAL, _EQUAL, _MASKED_EQUAL = 1, 4, 7
_CLONE_THREAD = 0x10000
_CHANGES = os.O_ACCMODE | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_SET_NAME = 15  # prctl(2)


class _Comparison(ctypes.Structure):
    _fields_ = [
        ("argument", ctypes.c_uint),
        ("how", ctypes.c_int),
        ("one", ctypes.c_uint64),
        ("other", ctypes.c_uint64),
    ]


Condition = tuple[int, int, int, int]
"""Which argument, how it is compared, and with what: equal to one, or after a mask to the other."""
Conditions = Mapping[str, tuple[Condition, ...]]
"""By system call, of which one must be met."""

_READS = """
access close dup dup2 dup3 faccessat faccessat2 fadvise64 fstat fstatfs getcwd getdents getdents64
lseek lstat newfstatat pread64 preadv read readlink readlinkat readv stat statfs statx
"""
_WRITES = "fdatasync fsync ftruncate pwrite64 pwritev write writev"
_MEMORY = "brk madvise membarrier mmap mprotect mremap munmap"
_TALKS = """
epoll_create1 epoll_ctl epoll_pwait epoll_wait eventfd2 getpeername getsockname getsockopt pipe2
poll ppoll pselect6 recvfrom recvmsg select sendmmsg sendmsg sendto setsockopt shutdown
"""
_THREADS = """
arch_prctl futex get_robust_list getcpu gettid rseq sched_get_priority_max sched_get_priority_min
sched_getaffinity sched_getparam sched_getscheduler sched_yield set_robust_list set_tid_address
"""
_TIME = "clock_getres clock_gettime clock_nanosleep getrusage gettimeofday nanosleep time times"
_ITSELF = """
exit exit_group getegid geteuid getgid getgroups getpid getppid getrandom getresgid getresuid getuid
restart_syscall rt_sigprocmask rt_sigreturn rt_sigtimedwait sigaltstack sysinfo uname
"""
CALLS = " ".join((_READS, _WRITES, _MEMORY, _TALKS, _THREADS, _TIME, _ITSELF)).split()
CONDITIONS: Conditions = {
    "clone": ((0, _MASKED_EQUAL, _CLONE_THREAD, _CLONE_THREAD),),  # threads, and no processes
    # nobody gets a signal because of a file
    "fcntl": tuple(
        (1, _EQUAL, command, 0)
        for command in (
            *(fcntl.F_DUPFD, fcntl.F_DUPFD_CLOEXEC, fcntl.F_GETFD, fcntl.F_SETFD),
            *(fcntl.F_GETFL, fcntl.F_SETFL),
        )
    ),
    "ioctl": tuple(
        (1, _EQUAL, request, 0)
        for request in (
            *(termios.TCGETS, termios.TIOCGWINSZ, termios.FIONREAD, termios.FIONBIO),
            *(termios.FIOCLEX, termios.FIONCLEX),
        )
    ),
    "open": ((1, _MASKED_EQUAL, _CHANGES, 0),),
    "openat": ((2, _MASKED_EQUAL, _CHANGES, 0),),
    "prctl": ((0, _EQUAL, _SET_NAME, 0),),
    "prlimit64": ((2, _EQUAL, 0, 0),),  # reads its limits, and sets none
    "rt_sigaction": ((0, _NOT_EQUAL, signal.SIGXCPU, 0),),
}


def enter(calls: Iterable[str] = CALLS, conditions: Conditions = CONDITIONS) -> None:
    """From now on and for ever, in all threads: only `calls`, and those of `conditions` when one of
    theirs is met. OSError.
    """
    library = loaded()
    rules = library.seccomp_init(_REFUSE | errno.EPERM)
    try:
        _checked(library.seccomp_attr_set(rules, _ALL_THREADS, 1))
        for name in calls:
            _add(library, rules, _ALLOW, name)
        for name, choices in conditions.items():
            for choice in choices:
                _add(library, rules, _ALLOW, name, choice)
        # the C library falls back to clone, whose flags can be read
        _add(library, rules, _REFUSE | errno.ENOSYS, "clone3")
        _checked(library.seccomp_load(rules))
    finally:
        library.seccomp_release(rules)


def _add(library: ctypes.CDLL, rules: int, action: int, name: str, *which: Condition) -> None:
    number = library.seccomp_syscall_resolve_name(name.encode())
    if number == -1:  # this machine has none of that name
        return
    compared = (_Comparison * len(which))(*(_Comparison(*one) for one in which))
    _checked(library.seccomp_rule_add_array(rules, action, number, len(which), compared))


def loaded() -> ctypes.CDLL:
    """OSError without it."""
    library = ctypes.CDLL("libseccomp.so.2")
    library.seccomp_init.restype = ctypes.c_void_p
    library.seccomp_init.argtypes = (ctypes.c_uint32,)
    library.seccomp_release.argtypes = (ctypes.c_void_p,)
    library.seccomp_release.restype = None
    library.seccomp_attr_set.argtypes = (ctypes.c_void_p, ctypes.c_int, ctypes.c_uint32)
    library.seccomp_load.argtypes = (ctypes.c_void_p,)
    library.seccomp_rule_add_array.argtypes = (
        ctypes.c_void_p,
        ctypes.c_uint32,
        ctypes.c_int,
        ctypes.c_uint,
        ctypes.c_void_p,
    )
    return library


def _checked(result: int) -> None:
    if result < 0:
        raise OSError(-result, os.strerror(-result))
