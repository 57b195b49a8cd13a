"""
`make demo` after the build: every station of the circle, in their order and agreeing with each other;
what it says when something does not come; and that nothing is left of it, also after Ctrl-C.
"""
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from flow import AEGIS, Skip, git, main
from hub import missing

DEMO = os.path.join(os.path.dirname(os.path.abspath(__file__)), "demo", "demo.py")
STATIONS = (
    r"== The job ==",
    r"Branch aegis/fix-[0-9a-f]{12} at [0-9a-f]{12}",
    r"== The whole circle ==",
    r"shop is on the web, version (?P<first>\w{7}): the newest article takes \d+ ms\.",
    r"alice pushes (?P<red>\w{7}), ",
    r"Its tests are red\.",
    r"Aegis opens incident (?P<id>[0-9a-f]{12}): ZeroDivisionError: .*shop/ratings\.py:11",
    r"A fix is proven in the sandbox.*Confidence (?P<sure>[01]\.\d\d) \(high\), risk LOW",
    r"Pull request #1, from aegis/fix-(?P=id):",
    r"\| Fix ZeroDivisionError in shop/ratings\.py",
    r"\| Aegis looked at this run that failed on `main` at `(?P=red)",
    r"Its tests are green\.",
    r"Aegis merges it as (?P<merge>\w{7}): confidence is high and risk LOW",
    r"(?P=merge) is deployed to production\.",
    r"The newest article took \d+ ms before; now a shopper waits (?P<wait>\d+\.\d) s",
    r"confidence 0\.7\d \[#{14,15}\.{5,6}\] .*health\[1\]",
    r"confidence 0\.[0-6]\d .*timed out",
    r"Below 0\.70 it is taken back: pull request #2, from aegis/revert-(?P=id):",
    r'\| Revert "Fix ZeroDivisionError in shop/ratings\.py',
    r"\| This takes back #1, merged as `(?P=merge)",
    r"It waits for a person",
    r"== aegis incidents ==",
    r"(?P=id) MONITORING .*pull request #2 takes it back",
    r"== aegis incidents show (?P=id) ==",
    r"MERGED merged as (?P=merge)",
    r"MONITORING deployed: it is being watched",
    r"== Read on ==",
)


class Demo:
    """A run of it, with a TMPDIR by which all it starts and leaves is known."""

    def __init__(self, *words, aegis=AEGIS):
        if missing():
            raise Skip(missing())
        self.folder = tempfile.mkdtemp(prefix="aegis-flow-")
        self.temporary = os.path.join(self.folder, "tmp")
        os.mkdir(self.temporary)
        self.out = os.path.join(self.folder, "out")
        with open(self.out, "wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-B", DEMO, *words], stdout=out, stderr=out,
                start_new_session=True,
                env={**os.environ, "AEGIS": aegis, "TMPDIR": self.temporary, "COLUMNS": "90"})

    def text(self):
        with open(self.out, encoding="utf-8") as file:
            return file.read()

    def ended(self, within_s=400):
        """Its exit code and all it said, when nothing else is left of it."""
        code = self.process.wait(within_s)
        assert os.listdir(self.temporary) == [], os.listdir(self.temporary)
        assert not self.processes(), self.processes()
        text = self.text()
        shutil.rmtree(self.folder)
        return code, text

    def processes(self):
        found = []
        for name in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open("/proc/%s/environ" % name, "rb") as file:
                    ours = self.temporary.encode() in file.read()
                with open("/proc/%s/cmdline" % name, "rb") as file:
                    line = file.read()
            except OSError:
                continue
            if ours or self.temporary.encode() in line:
                found.append((name, line))
        return found

    def wait_for(self, words, within_s=180):
        until = time.time() + within_s
        while words not in self.text():
            assert self.process.poll() is None and time.time() < until, self.text()
            time.sleep(0.05)


def wrapper(folder, lines):
    path = os.path.join(folder, "aegis")
    with open(path, "w", encoding="utf-8") as out:
        out.write("#!/bin/sh\n%s\nexec '%s' \"$@\"\n" % (lines, AEGIS))
    os.chmod(path, 0o755)
    return path


def flow_demo_whole_circle():
    demo = Demo()
    code, text = demo.ended()
    assert code == 0, text
    # As one line: where lines are broken depends on the width.
    flat = re.sub(r"\s+", " ", re.sub(r"\n +\|   ", " ", text))
    for count in range(1, len(STATIONS) + 1):
        found = re.search(".*?".join(STATIONS[:count]), flat)
        assert found, (STATIONS[count - 1], text)
    assert float(found["sure"]) > 0.8 and float(found["wait"]) >= 1, found.groupdict()
    assert len({found["first"], found["red"], found["merge"]}) == 3, found.groupdict()
    sure = [float(one) for one in re.findall(r"s confidence ([0-9.]+) ", flat)]
    assert len(sure) >= 2 and sure == sorted(sure, reverse=True) and sure[-1] < 0.7, sure
    times = [float(one) for one in re.findall(r"^ *([0-9.]+) s  ", text, re.M)]
    assert len(times) >= 15 and times == sorted(times), times


def flow_demo_ctrl_c():
    """Also while the daemon's job, which outlives the daemon, is at work in the sandbox."""
    demo = Demo()
    demo.wait_for("Aegis opens incident")
    until = time.time() + 60
    while not any(b"fix-child" in line for _pid, line in demo.processes()):
        assert time.time() < until and "A fix is proven" not in demo.text(), demo.text()
        time.sleep(0.01)
    os.killpg(demo.process.pid, signal.SIGINT)
    code, text = demo.ended(60)
    assert code == 130 and text.endswith("Stopped; nothing is left.\n"), (code, text)


def flow_demo_daemon_that_ends():
    folder = tempfile.mkdtemp(prefix="aegis-flow-")
    demo = Demo(aegis=wrapper(folder, '[ "$1" != serve ] || exit 3'))
    code, text = demo.ended()
    assert code == 1 and "The demo failed: the daemon ended with 3" in text, text
    shutil.rmtree(folder)


def flow_demo_something_late():
    """A daemon that only sleeps."""
    folder = tempfile.mkdtemp(prefix="aegis-flow-")
    demo = Demo("--patience", "0.2", aegis=wrapper(folder, '[ "$1" != serve ] || exec sleep 900'))
    code, text = demo.ended()
    assert code == 1 and re.search(r"The demo failed: the daemon did not come within \d+ s\.$",
                                   text.strip()), text
    assert "alice's shop is on the web" not in text, text
    shutil.rmtree(folder)


def flow_demo_local():
    """`aegis demo` leaves nothing, or the folder it is told."""
    folder = tempfile.mkdtemp(prefix="aegis-flow-")
    kept = os.path.join(folder, "shop")
    words = {"env": {**os.environ, "TMPDIR": folder}, "capture_output": True, "text": True}
    done = subprocess.run([AEGIS, "demo"], **words)
    assert done.returncode == 0 and os.listdir(folder) == [], (done, os.listdir(folder))
    done = subprocess.run([AEGIS, "demo", kept], **words)
    assert done.returncode == 0 and "git -C %s show aegis/fix-" % kept in done.stdout, done
    branch = re.search(r"show (aegis/fix-\S+)", done.stdout)[1]
    assert "if not ratings" in git(kept, "show", branch)
    assert subprocess.run([AEGIS, "demo", kept], **words).returncode == 65
    shutil.rmtree(folder)


main(globals())
