"""
How fast a whole log is read beside other programs, on the same input in the same run: the public logs
in ../shared/corpora/bugswarm (or the files named behind the program) repeated to 200 MB. Figures are
of processor time, the best of five; a peer that is not installed is named and left out.
The Ruby peer is lib/fluent/plugin/exception_detector.rb of fluent-plugin-detect-exceptions, named by
DETECT_EXCEPTIONS=FILE; it is given a tenth of the input, for it is slow.
"""
import glob
import os
import resource
import shutil
import subprocess
import sys
import tempfile

AEGIS = os.path.abspath(sys.argv[1])
BYTES = 200_000_000
MUST_MB_S, MUST_RATIO = 300, 15
# What people search logs for; sixty-four of them, each a plain text.
PATTERNS = """Traceback (most recent call last):
panic: runtime error
goroutine 1 [running]
--- FAIL:
FAIL:
AssertionError
TypeError:
ReferenceError:
SyntaxError:
RangeError:
ModuleNotFoundError:
ImportError:
KeyError:
IndexError:
ValueError:
ZeroDivisionError:
AttributeError:
NameError:
Exception in thread
Caused by:
NullPointerException
ClassNotFoundException
BUILD FAILURE
COMPILATION ERROR
cannot find symbol
fatal error:
undefined reference to
collect2: error
ld returned 1 exit status
Segmentation fault
core dumped
AddressSanitizer:
LeakSanitizer:
ThreadSanitizer:
runtime error:
stack smashing detected
double free or corruption
error[E0
thread 'main' panicked at
could not compile
test result: FAILED
npm ERR!
npm error
ERR_PNPM_
ELIFECYCLE
Cannot find module
error TS
No matching distribution found
ResolutionImpossible
ERESOLVE
ETIMEDOUT
ECONNRESET
ECONNREFUSED
Could not resolve host
Connection reset by peer
i/o timeout
toomanyrequests
No space left on device
Killed
out of memory
Permission denied
The operation was canceled
Process completed with exit code
failed to solve""".splitlines()
RUBY = """require ARGV[0]
detector = Fluent::ExceptionDetector.new(:all)
found = 0
File.foreach(ARGV[1]) { |line| found += 1 if detector.update(line) == :end_trace }
"""


def seconds(words):
    """Processor time of a program and its children."""
    def used():
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return usage.ru_utime + usage.ru_stime

    taken = []
    for _ in range(5):
        before = used()
        done = subprocess.run(words, capture_output=True)   # grep stops early for /dev/null
        assert done.returncode == 0, (words, done.stderr)
        taken.append(used() - before)
    return min(taken)


def show(name, megabytes_s, ours, more=""):
    print("%-36s %8.1f MB/s  aegis is %6.1f times as fast%s" %
          (name, megabytes_s, ours / megabytes_s, more))


def repeated(files, size, path):
    texts = [open(one, "rb").read() for one in files]
    with open(path, "wb") as out:
        while out.tell() < size:
            for text in texts:
                out.write(text)
        return out.tell() / 1e6


def peers(folder, log, size, ours):
    with open(folder + "/patterns", "w", encoding="utf-8") as out:
        out.write("\n".join(PATTERNS) + "\n")
    os.environ["LC_ALL"] = "C"
    show("grep -c error", size / seconds(["grep", "-c", "error", log]), ours)
    if shutil.which("rg"):
        show("ripgrep, 64 patterns", size / seconds(
            ["rg", "-j1", "-c", "-F", "-f", folder + "/patterns", log]), ours)
    else:
        print("ripgrep is not installed: left out")


def detector(folder, files, ours):
    """True unless the peer is there and Aegis is not so many times as fast."""
    source = os.environ.get("DETECT_EXCEPTIONS")
    if not source or not shutil.which("ruby"):
        print("no DETECT_EXCEPTIONS=FILE or no ruby: fluent-plugin-detect-exceptions left out")
        return True
    size = repeated(files, BYTES // 10, folder + "/tenth.log")
    with open(folder + "/peer.rb", "w", encoding="utf-8") as out:
        out.write(RUBY)
    theirs = size / seconds(["ruby", "-Eutf-8", folder + "/peer.rb", os.path.abspath(source),
                             folder + "/tenth.log"])
    good = ours / theirs >= MUST_RATIO
    show("detect-exceptions, all languages", theirs, ours,
         "  (at least %d)%s" % (MUST_RATIO, "" if good else " MISSED"))
    return good


def main():
    files = sys.argv[2:] or sorted(glob.glob("../shared/corpora/bugswarm/*.log") or
                                   glob.glob("../../shared/corpora/bugswarm/*.log"))
    if not files:
        print("skip peers: no logs in ../shared/corpora/bugswarm")
        return 0
    with tempfile.TemporaryDirectory(prefix="aegis-peers-") as folder:
        log = folder + "/all.log"
        size = repeated(files, BYTES, log)
        ours = size / seconds([AEGIS, "explain", log, "--format", "json"])
        good = ours >= MUST_MB_S
        print("%-36s %8.1f MB/s  (at least %d)%s" % (
            "aegis explain, %d MB" % size, ours, MUST_MB_S, "" if good else " MISSED"))
        peers(folder, log, size, ours)
        good = detector(folder, files, ours) and good
    return 0 if good else 1


sys.exit(main())
