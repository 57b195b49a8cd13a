"""
A folder and processes that go away whatever happens: Ctrl-C, an error, a closed terminal. Processes
that left their parent (the daemon's job outlives it) come back to us, so that they are ended too.
"""
import contextlib
import ctypes
import os
import shutil
import signal
import tempfile
import time

SET_CHILD_SUBREAPER = 36        # of prctl(2)


class Stopped(Exception):
    """By a signal; its number is the argument."""


def _stop(number, _frame):
    # A second Ctrl-C must not cut the tidying short.
    for other in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(other, signal.SIG_IGN)
    raise Stopped(number)


def descendants(root):
    """Every process below this one, from /proc."""
    children = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError, IndexError, ValueError):
            with open("/proc/%s/stat" % name, encoding="latin-1") as file:
                # The name of the program, in brackets, may hold anything.
                parent = int(file.read().rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(name))
    found, look = [], [root]
    while look:
        below = children.get(look.pop(), [])
        found += below
        look += below
    return found


def end_all(within_s=10):
    """True when no process of ours is left."""
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        left = descendants(os.getpid())
        if not left:
            return True
        for process in left:
            with contextlib.suppress(OSError):
                os.kill(process, signal.SIGKILL)
        time.sleep(0.05)
    return False


@contextlib.contextmanager
def folder(prefix):
    """A temporary folder, which is also TMPDIR of all that is started."""
    ctypes.CDLL(None).prctl(SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    path = tempfile.mkdtemp(prefix=prefix)
    os.environ["TMPDIR"] = tempfile.tempdir = path
    try:
        yield path
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        end_all()
        shutil.rmtree(path, ignore_errors=True)
