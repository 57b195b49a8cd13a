"""
Start-up, own time of a template fix on 5,000 files, sandbox start, size of the binary, and peak memory
on a log of 1 GB - each as a whole process, median of several runs, against its limit.
"""
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time

AEGIS = os.path.abspath(sys.argv[1])
missed = 0


def show(name, value, unit, limit):
    global missed
    good = value < limit
    missed += not good
    print("%-46s %10.1f %-4s limit %-8g %s" % (name, value, unit, limit, "ok" if good else "MISSED"))


def median_ms(words, times=21):
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        subprocess.run(words, stdout=subprocess.DEVNULL, check=True)
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken)


def repository(count):
    folder = tempfile.mkdtemp(prefix="aegis-bench-")
    for i in range(count):
        place = "%s/pkg%d/part%d" % (folder, i % 50, i % 7)
        os.makedirs(place, exist_ok=True)
        with open("%s/file%d.py" % (place, i), "w") as out:
            out.write("VALUE = %d\n" % i * 20)
    with open(folder + "/stats.py", "w") as out:
        out.write("def mean(values):\n    return sum(values) / len(values)\n")
    with open(folder + "/test_stats.py", "w") as out:
        out.write("import unittest\n\nfrom stats import mean\n\n\nclass T(unittest.TestCase):\n"
                  "    def test_empty(self):\n        self.assertEqual(mean([]), 0)\n")
    for words in (["init", "-q", "-b", "main"], ["add", "-A"],
                  ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "start"],
                  ["gc", "-q"]):
        subprocess.run(["git", "-C", folder, *words], check=True)
    return folder


def fix(folder):
    done = subprocess.run([AEGIS, "fix", "--repo", folder, "--format", "json", "--quiet", "--run",
                           "/usr/bin/python3 -m unittest -q test_stats"], capture_output=True)
    answer = json.loads(done.stdout)
    assert done.returncode == 0 and answer["commit"], answer
    return answer["timings_ms"]


def memory_of_big_log():
    """The log is written into a pipe while it is read; nothing of it is kept."""
    line = b"2026-01-02T03:04:05.1234567Z Traceback (most recent call last):\n" \
           b"2026-01-02T03:04:05.1234567Z   File \"/home/runner/work/a/a/x.py\", line 3, in f\n" \
           b"2026-01-02T03:04:05.1234567Z ZeroDivisionError: division by zero\n"
    noise = b"2026-01-02T03:04:05.1234567Z downloading something of some length 12345 kB\n" * 40
    chunk = (line + noise) * 20
    child = subprocess.Popen([AEGIS, "explain", "-", "--format", "json"], stdin=subprocess.PIPE,
                             stdout=subprocess.DEVNULL)
    start = time.perf_counter()
    left = 1_000_000_000
    while left > 0:
        child.stdin.write(chunk)
        left -= len(chunk)
    child.stdin.close()
    _, status, usage = os.wait4(child.pid, 0)
    assert status == 0, status
    seconds = time.perf_counter() - start
    return usage.ru_maxrss / 1024, 1000 / seconds


def sandbox_start(folder):
    """What a run of /bin/true costs beyond the process itself."""
    done = subprocess.run([AEGIS, "fix", "--repo", folder, "--format", "json", "--quiet", "--run",
                           "exit 1"], capture_output=True)
    answer = json.loads(done.stdout)
    return answer["timings_ms"]["sandbox_start"]


def main():
    print("aegis %s, %d processors" % (
        subprocess.run([AEGIS, "--version"], capture_output=True, text=True).stdout.split()[-1],
        os.cpu_count()))
    show("start-up (aegis --version)", median_ms([AEGIS, "--version"]), "ms", 10)
    folder = repository(5000)
    fix(folder)
    runs = [fix(folder) for _ in range(7)]
    show("own time of a template fix, 5,000 files", statistics.median(r["own"] for r in runs),
         "ms", 100)
    show("sandbox start", statistics.median(sandbox_start(folder) for _ in range(7)), "ms", 20)
    show("size of the binary", os.path.getsize(AEGIS) / 1e6, "MB", 15)
    peak, speed = memory_of_big_log()
    show("peak memory, 1 GB log through a pipe", peak, "MiB", 64)
    print("%-46s %10.1f MB/s" % ("speed of that, sender included", speed))
    print("(peak of all children: %d MiB)" %
          (resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024))
    sys.exit(1 if missed else 0)


main()
