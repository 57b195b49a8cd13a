"""The main job on a hostile machine: no sandbox, odd repositories, signals, a full disk."""
import importlib.util
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from flow import (AEGIS, Skip, aegis, branches, fix, git, main, need, repository, snapshot, write)

UNITTEST = "/usr/bin/python3 -m unittest -q"
STATS = {
    "stats.py": "def mean(values):\n    return sum(values) / len(values)\n",
    "test_stats.py": "import unittest\n\nfrom stats import mean\n\n\n"
                     "class MeanTest(unittest.TestCase):\n"
                     "    def test_some(self):\n        self.assertEqual(mean([1, 3]), 2)\n\n"
                     "    def test_empty(self):\n        self.assertEqual(mean([]), 0)\n"}


def stats(**more):
    return repository(STATS, **more)


def mended(outcome):
    assert outcome.code == 0 and outcome["template"] == "python_zero_division", (
        outcome.err + str(outcome.json))
    return outcome


def mounts():
    with open("/proc/self/mountinfo") as file:
        return [line for line in file if "aegis" in line]


def run(words, **more):
    return subprocess.run(words, capture_output=True, text=True, errors="replace", timeout=120,
                          **more)


def without_namespaces(*words):
    """The words where no user namespace can be made, as in most containers."""
    return ["/usr/bin/bwrap", "--unshare-user", "--disable-userns", "--dev-bind", "/", "/", *words]


def flow_no_sandbox_no_run():
    folder = stats()
    if run(without_namespaces("true")).returncode:
        raise Skip("bubblewrap cannot forbid namespaces here")
    before = snapshot(folder)
    marker = folder + "/../ran"
    for command in (UNITTEST, "touch " + marker):
        done = run(without_namespaces(AEGIS, "fix", "--repo", folder, "--run", command))
        assert done.returncode == 1 and done.stdout == "", done
        assert "sysctl" in done.stderr and "bubblewrap" in done.stderr, done.stderr
    assert snapshot(folder) == before and not branches(folder) and not os.path.exists(marker)
    done = run(without_namespaces(AEGIS, "fix", "--repo", folder, "--run", UNITTEST,
                                  "--no-sandbox", "--format", "json"))
    assert done.returncode == 0 and "WARNING" in done.stderr, done.stderr
    answer = json.loads(done.stdout)
    assert answer["commit"] and any("never merged by itself" in n for n in answer["notes"])
    assert snapshot(folder) == before


def flow_bubblewrap_missing():
    """A bwrap of the repository is no bubblewrap, wherever PATH leads."""
    folder = stats()
    write(folder, {"bin/bwrap": "#!/bin/sh\ntouch %s/../ran\n" % folder})
    os.chmod(folder + "/bin/bwrap", 0o755)
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "a wall of paper")
    tools = "/usr/bin/bwrap"
    hide = ["/usr/bin/bwrap", "--dev-bind", "/", "/", "--ro-bind", "/dev/null", tools]
    if run(hide + ["true"]).returncode:
        raise Skip("bubblewrap cannot be hidden here")
    for path in (folder + "/bin:/usr/sbin", "./bin:bin:/usr/sbin", "/nowhere", ""):
        done = run(hide + [AEGIS, "fix", "--repo", folder, "--run", UNITTEST], cwd=folder,
                   env={"PATH": path, "HOME": "/nowhere"})
        assert done.returncode == 1 and "install bubblewrap" in done.stderr, (path, done.stderr)
    assert not os.path.exists(folder + "/../ran") and not branches(folder)


def flow_a_guessed_command_needs_the_sandbox():
    marker = tempfile.mkdtemp(prefix="aegis-flow-") + "/ran"
    folder = repository({".github/aegis.yml": "run: touch %s; false\n" % marker,
                         "Makefile": "test:\n\ttouch %s; false\n" % marker})
    log = ("2026-01-02T03:04:05.1234567Z ##[group]Run touch %s; false\n"
           "2026-01-02T03:04:05.1234567Z ##[endgroup]\nValueError: x\n"
           "2026-01-02T03:04:05.1234567Z ##[error]Process completed with exit code 1.\n" % marker)
    write(folder + "/..", {"red.log": log, "off.yml": "sandbox: { enabled: false }\n"})
    for words in ([], ["--log", folder + "/../red.log"]):
        outcome = fix(folder, "--no-sandbox", *words)
        assert outcome.code == 64 and "--run" in outcome.err, outcome.err
        outcome = fix(folder, "--config", folder + "/../off.yml", *words)
        assert outcome.code == 78 and "--run" in outcome.err, outcome.err
        assert not os.path.exists(marker)
    outcome = fix(folder, "--no-sandbox", "--run", "touch %s; false" % marker)
    assert outcome.code == 2 and os.path.exists(marker)


def flow_an_unprivileged_user():
    need("setpriv")
    if os.geteuid():
        raise Skip("only root can become another user")
    folder = stats()
    program = tempfile.mkdtemp(prefix="aegis-flow-") + "/aegis"
    shutil.copy(AEGIS, program)
    for path in (os.path.dirname(program), os.path.dirname(folder)):
        subprocess.run(["chown", "-R", "12345:12345", path], check=True)
        os.chmod(path, 0o755)
    done = run(["setpriv", "--reuid", "12345", "--regid", "12345", "--clear-groups", program,
                "fix", "--repo", folder, "--run", UNITTEST, "--format", "json"],
               env={"PATH": "/usr/bin:/bin", "HOME": os.path.dirname(program)})
    assert done.returncode == 0, done.stderr + done.stdout
    assert json.loads(done.stdout)["commit"]
    # And root does not run what belongs to somebody else, unless told.
    home = tempfile.mkdtemp(prefix="aegis-flow-")
    outcome = aegis("fix", "--repo", folder, "--run", UNITTEST, env=dict(os.environ, HOME=home))
    assert outcome.code == 1 and "safe.directory" in outcome.err and not outcome.out, outcome.err
    write(home, {".gitconfig": "[safe]\n\tdirectory = %s\n" % folder})
    outcome = aegis("fix", "--repo", folder, "--run", UNITTEST, env=dict(os.environ, HOME=home))
    assert outcome.code == 0, outcome.err


def flow_heads_of_every_kind():
    folder = stats()
    git(folder, "checkout", "-q", "--detach")
    detached = mended(fix(folder, "--run", UNITTEST))
    assert detached["commit"]
    work = folder + "-work"
    git(folder, "worktree", "add", "-q", "-b", "side", work, "main")
    mended(fix(work, "--run", UNITTEST))
    assert not os.path.exists(work + "/.git/index")
    shallow = folder + "-shallow"
    run(["git", "clone", "-q", "--depth", "1", "file://" + folder, shallow])
    mended(fix(shallow, "--run", UNITTEST))
    git(shallow, "symbolic-ref", "HEAD", "refs/heads/unborn")
    outcome = aegis("fix", "--repo", shallow, "--run", UNITTEST)
    assert outcome.code == 65 and "commit" in outcome.err, outcome.err


def flow_alternates_and_odd_names():
    folder = stats()
    borrowed = folder + "-borrowed"
    run(["git", "clone", "-q", "--shared", folder, borrowed])
    mended(fix(borrowed, "--run", UNITTEST))
    for name in ("new\nline", "-rf", "a b", "ünï", "$(touch x)", "'\"", "x" * 200, "\x1b[31mred",
                 "[x]", "a*?"):
        outcome = mended(fix(stats(name=name), "--run", UNITTEST))
        if name.isprintable() and importlib.util.find_spec("coverage"):
            assert outcome["parts"]["coverage_by"] == "coverage.py", (name, outcome.json)
        assert "\x1b" not in outcome.out
    # Relative, from inside, and from below.
    folder = stats(name="-x")
    assert aegis("fix", "--run", UNITTEST, cwd=folder).code == 0
    assert aegis("fix", "--repo=-x", "--run", UNITTEST, cwd=os.path.dirname(folder)).code == 0


def flow_settings_of_the_repository_run_nothing():
    """Filters, hooks, fsmonitor, a pager: none of them is asked by us."""
    folder = stats()
    marker = folder + "/../ran"
    evil = "touch " + marker
    write(folder, {".gitattributes": "*.py filter=evil diff=evil merge=evil\n* text=auto\n",
                   ".gitmodules": "[submodule \"x\"]\n\tpath = x\n\turl = -u./x\n"})
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "attributes")
    write(folder, {"../included": "[core]\n\tfsmonitor = %s\n" % evil})
    for key in ("core.fsmonitor", "filter.evil.clean", "filter.evil.smudge",
                "filter.evil.process", "diff.evil.textconv", "diff.external", "core.pager",
                "core.editor", "core.sshCommand", "gpg.program", "credential.helper",
                "core.alternateRefsCommand"):
        git(folder, "config", key, evil)
    git(folder, "config", "filter.evil.required", "true")
    git(folder, "config", "commit.gpgSign", "true")
    git(folder, "config", "includeIf.gitdir:/.path", folder + "/../included")
    hooks = {".git/hooks/" + name: "#!/bin/sh\n%s\n" % evil for name in
             ("pre-commit", "commit-msg", "post-commit", "reference-transaction", "post-checkout",
              "post-index-change", "pre-auto-gc", "fsmonitor-watchman")}
    write(folder, hooks)
    for name in hooks:
        os.chmod(os.path.join(folder, name), 0o755)
    before = snapshot_of(folder)
    outcome = aegis("fix", "--repo", folder, "--run", UNITTEST, "--format", "json")
    assert outcome.code == 0, outcome.err + outcome.out
    assert not os.path.exists(marker), "a program of the repository's settings ran"
    assert snapshot_of(folder) == before


def snapshot_of(folder):
    return {k: v for k, v in snapshot(folder).items() if not k.endswith("ran")}


def flow_a_work_tree_elsewhere():
    folder = stats()
    other = tempfile.mkdtemp(prefix="aegis-flow-")
    write(other, {"secret.txt": "canary\n"})
    git(folder, "config", "core.worktree", other)
    outcome = aegis("fix", "--repo", folder, "--run", "cat secret.txt; exit 1", "--format", "json")
    assert outcome.code == 65 and "canary" not in outcome.out + outcome.err, outcome.err
    folder = stats()
    os.rename(folder + "/.git", folder + "/../real.git")
    os.symlink("../real.git", folder + "/.git")
    assert aegis("fix", "--repo", folder, "--run", UNITTEST).code in (0, 65)


def flow_what_is_not_committed():
    """Untracked folders, and what stands in the way of committed files, do not count."""
    folder = stats()
    write(folder, {"stray/test_stray.py": "raise SystemExit(3)\n", "stray/deep/x": "x",
                   "unittest.py": "raise SystemExit(4)\n", "stray/-f\n\x1b[2J": "x"})
    os.symlink("/etc", folder + "/stray/link")
    os.chmod(folder + "/stray/deep", 0o500)
    outcome = mended(fix(folder, "--run", "! ls -d stray && " + UNITTEST))
    assert "\x1b" not in outcome.out
    folder = stats()
    os.remove(folder + "/stats.py")
    write(folder, {"stats.py/__init__.py": "raise SystemExit(3)\n"})
    mended(fix(folder, "--run", UNITTEST))
    write(folder, {"staged.py": "x = 1\n"})
    git(folder, "add", "staged.py")
    os.remove(folder + "/test_stats.py")
    mended(fix(folder, "--run", "! ls staged.py && " + UNITTEST))


def flow_links_are_not_followed():
    folder = stats()
    place = tempfile.mkdtemp(prefix="aegis-flow-")
    write(place, {"stats.py": STATS["stats.py"]})
    os.remove(folder + "/stats.py")
    os.symlink(place + "/stats.py", folder + "/stats.py")
    git(folder, "commit", "-qam", "the file is a link")
    outcome = fix(folder, "--run", UNITTEST)
    assert outcome.code == 2 and not branches(folder), outcome.json
    os.remove(folder + "/stats.py")
    write(folder, {"real/stats.py": STATS["stats.py"]})
    os.symlink("real/stats.py", folder + "/stats.py")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "a link inside")
    outcome = fix(folder, "--run", UNITTEST)
    assert not outcome["files"] or outcome["files"] == ["real/stats.py"], outcome.json
    # Committed as a folder, a link now.
    folder = repository({"pkg/stats.py": STATS["stats.py"], "pkg/__init__.py": "",
                         "test_stats.py": STATS["test_stats.py"].replace("stats ", "pkg.stats ")})
    shutil.rmtree(folder + "/pkg")
    os.symlink(place, folder + "/pkg")
    outcome = fix(folder, "--run", UNITTEST)
    assert outcome.code == 0 and outcome["files"] == ["pkg/stats.py"], outcome.json
    with open(place + "/stats.py") as file:
        assert file.read() == STATS["stats.py"]


def flow_a_branch_of_somebody_else():
    folder = stats()
    name = mended(fix(folder, "--run", UNITTEST))["branch"]
    ours = git(folder, "rev-parse", name)
    git(folder, "update-ref", "refs/heads/" + name, "main")
    outcome = aegis("fix", "--repo", folder, "--run", UNITTEST)
    assert outcome.code == 1 and "not ours" in outcome.err, outcome.err
    assert git(folder, "rev-parse", name) == git(folder, "rev-parse", "main")
    # Amended by a person: our trailers are in it, and the work is theirs.
    work = folder + "-work"
    git(folder, "update-ref", "refs/heads/" + name, ours)
    git(folder, "worktree", "add", "-q", work, name)
    write(work, {"stats.py": "# mine\n"})
    git(work, "commit", "-qa", "--amend", "--no-edit")
    theirs = git(work, "rev-parse", "HEAD")
    git(folder, "worktree", "remove", "--force", work)
    assert "Aegis-Incident" in git(folder, "log", "-1", "--format=%B", name)
    outcome = aegis("fix", "--repo", folder, "--run", UNITTEST)
    assert outcome.code == 1 and "not ours" in outcome.err, outcome.err
    assert git(folder, "rev-parse", name) == theirs
    # A person's commit on top, and a branch below the name.
    git(folder, "update-ref", "refs/heads/" + name, ours)
    tree = git(folder, "rev-parse", "main^{tree}")
    top = git(folder, "commit-tree", "-p", ours, "-m", "more", tree)
    git(folder, "update-ref", "refs/heads/" + name, top)
    assert aegis("fix", "--repo", folder, "--run", UNITTEST).code == 1
    assert git(folder, "rev-parse", name) == top
    git(folder, "branch", "-qD", name)
    git(folder, "branch", name + "/below")
    outcome = aegis("fix", "--repo", folder, "--run", UNITTEST)
    assert outcome.code == 1 and "in the way" in outcome.err, outcome.err


def flow_our_own_branch_twice():
    folder = stats()
    first = mended(fix(folder, "--run", UNITTEST))
    second = mended(fix(folder, "--run", UNITTEST))
    assert first["commit"] == second["commit"]
    # The base moved on: the fix moves with it, and it stays one commit.
    git(folder, "commit", "-q", "--allow-empty", "-m", "moved on")
    third = mended(fix(folder, "--run", UNITTEST))
    assert third["branch"] == first["branch"] and third["commit"] != first["commit"]
    assert git(folder, "rev-list", "--count", "main.." + third["branch"]) == "1"


def flow_locks_and_a_store_that_cannot_be_written():
    folder = stats()
    name = mended(fix(folder, "--run", UNITTEST))["branch"]
    git(folder, "branch", "-qD", name)
    write(folder, {".git/refs/heads/" + name + ".lock": "", ".git/index.lock": ""})
    mended(fix(folder, "--run", UNITTEST))     # the branch's was left by someone killed
    assert os.path.exists(folder + "/.git/index.lock"), "the person's lock is gone"
    folder = stats()
    read_only = ["/usr/bin/bwrap", "--dev-bind", "/", "/", "--ro-bind", folder + "/.git",
                 folder + "/.git"]
    if run(read_only + ["true"]).returncode:
        raise Skip("nothing can be made read-only here")
    before = snapshot(folder)
    done = run(read_only + [AEGIS, "fix", "--repo", folder, "--run", UNITTEST])
    assert done.returncode == 1 and done.stdout == "", done
    assert snapshot(folder) == before and not branches(folder)


def flow_a_full_disk():
    if os.geteuid():
        raise Skip("only root can mount a small disk")
    place = tempfile.mkdtemp(prefix="aegis-flow-")
    if run(["mount", "-t", "tmpfs", "-o", "size=2m,nr_inodes=400", "none", place]).returncode:
        raise Skip("nothing can be mounted here")
    try:
        folder = place + "/repo"
        shutil.copytree(stats(), folder, symlinks=True)
        with open(place + "/filler", "wb") as file:
            try:
                while file.write(b"x" * 512):
                    file.flush()
            except OSError:
                pass
            finally:
                try:
                    file.close()
                except OSError:
                    pass
        before = snapshot(folder)
        outcome = aegis("fix", "--repo", folder, "--run", UNITTEST)
        assert outcome.code == 1 and outcome.out == "" and "space" in outcome.err, outcome.err
        assert snapshot(folder) == before and not branches(folder)
        os.remove(place + "/filler")
        git(folder, "fsck", "--strict")
        mended(fix(folder, "--run", UNITTEST))
    finally:
        run(["umount", "-l", place])


def descendants(token):
    found = []
    for pid in os.listdir("/proc"):
        if pid.isdigit() and int(pid) != os.getpid():
            try:
                with open("/proc/%s/cmdline" % pid, "rb") as file:
                    if token.encode() in file.read():
                        found.append(pid)
            except OSError:
                pass
    return found


def flow_stopped_at_any_moment():
    folder = stats()
    token = "aegis-token-%d" % os.getpid()
    before, mounted = snapshot(folder), mounts()
    random.seed(7)
    for turn in range(24):
        child = subprocess.Popen([AEGIS, "fix", "--repo", folder, "--quiet", "--run",
                                  ": %s; sleep 0.05; %s" % (token, UNITTEST)],
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(random.uniform(0, 1.2))
        child.send_signal((signal.SIGINT, signal.SIGTERM, signal.SIGKILL)[turn % 3])
        child.wait(timeout=20)
        assert snapshot(folder) == before
    git(folder, "fsck", "--strict")
    end = time.monotonic() + 10
    while descendants(token) and time.monotonic() < end:
        time.sleep(0.1)
    assert not descendants(token), "processes are left"
    assert mounts() == mounted
    mended(fix(folder, "--run", UNITTEST))


def flow_outputs_that_cannot_be_written():
    folder = stats()
    before = snapshot(folder)
    log = folder + "/../red.log"
    write(folder + "/..", {"red.log": "ValueError: x\n"})
    jobs = (["fix", "--repo", folder, "--run", UNITTEST], ["explain", log])
    for words in jobs:
        for format in ("text", "json"):
            with open("/dev/full", "w") as full:
                done = subprocess.run([AEGIS, *words, "--format", format], stdout=full,
                                      stderr=subprocess.PIPE, text=True, timeout=120)
            assert done.returncode == 1 and "could not be written" in done.stderr, done
            line = "exec %s \"$@\" --format %s" % (AEGIS, format)
            for closed in (">&-", "2>&-", ">&- 2>&- <&-"):
                done = run(["sh", "-c", line + " " + closed, "sh", *words])
                assert done.returncode == (0 if closed == "2>&-" else 1), (words, closed, done)
    assert snapshot(folder) == before
    git(folder, "fsck", "--strict")


main(globals())
