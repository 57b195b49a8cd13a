"""`aegis action` and action.yml as a runner starts them, on local repositories without a GitHub."""
import json
import os
import subprocess

from action_runner import ROOT, Visit
from daemon import RED, RUN, TEST
from flow import AEGIS, git, main, repository, snapshot, write

FILES = {"stats.py": RED, "test_stats.py": TEST}
HOSTILE = ("@octocat closes #1 ![x](https://evil.example/p.png) <img src=x> <!-- aegis:incident=0 --> "
           "::set-output name=branch::evil ##[add-mask]x [a](https://evil.example) /aegis fix")


def pull_event(fork=False, gone=False, head="0" * 40, ref="feature", number=7):
    theirs = None if gone else {"full_name": "mallory/demo" if fork else "alice/demo"}
    return {"repository": {"full_name": "alice/demo", "default_branch": "main"},
            "pull_request": {"number": number, "head": {"sha": head, "ref": ref, "repo": theirs},
                             "base": {"ref": "main", "repo": {"full_name": "alice/demo"}}}}


def applies(visit, folder):
    """The patch is what `git apply` takes, and the command is green with it."""
    copy = os.path.join(visit.folder, "copy")
    git(folder, "clone", "-q", folder, copy)
    git(copy, "apply", "--index", visit.outputs()["patch"])
    return subprocess.run(RUN, shell=True, cwd=copy, capture_output=True).returncode == 0


def flow_suggests_a_patch_that_applies():
    folder = repository(FILES)
    before = snapshot(folder)
    visit = Visit(folder).aegis(command=RUN)
    assert visit.code == 0 and snapshot(folder) == before, visit.out
    got = visit.outputs()
    assert got["action"] == "template" and got["mode"] == "suggest", got
    assert got["template"] == "python_zero_division" and len(got["incident"]) == 12, got
    assert float(got["confidence"]) > 0.8 and got["branch"] == got["pull-request"] == "", got
    assert applies(visit, folder) and not git(folder, "branch", "--list", "aegis/*")
    summary = visit.summary()
    for part in ("A proven fix, to be applied", "ZeroDivisionError", "+    if not values:"):
        assert part in summary, (part, summary)
    errors = [one for one in visit.commands() if one[0] == "error"]
    assert errors[0][1]["file"] == "stats.py" and errors[0][1]["line"] == "2", errors
    assert {one[0] for one in visit.commands()} == {"error", "notice"}, visit.out


def flow_explains_without_an_edit():
    folder = repository(FILES)
    visit = Visit(folder).aegis(command=RUN, mode="explain")
    got = visit.outputs()
    assert visit.code == 0 and got["action"] == "explain" and got["patch"] == "", got
    assert "What went wrong" in visit.summary() and "What changed" not in visit.summary()
    assert [one[1].get("file") for one in visit.commands() if one[0] == "error"] == ["stats.py"]


def flow_explains_a_log():
    folder = repository(FILES)
    red = subprocess.run(RUN, shell=True, cwd=folder, capture_output=True, text=True).stderr
    write(folder, {"red.log": red})
    visit = Visit(folder).aegis(log="red.log", mode="explain")
    assert visit.outputs()["action"] == "explain", visit.out
    assert "running" not in visit.out, "a log is enough for an explanation"


def flow_green_is_left_alone():
    visit = Visit(repository({"a": "a\n"})).aegis(command="true", mode="suggest")
    assert visit.code == 0 and visit.outputs()["action"] == "none", visit.out
    assert "nothing to fix" in visit.summary()


def flow_a_fork_is_explained_only():
    folder = repository(FILES)
    for event in (pull_event(fork=True), pull_event(gone=True)):
        visit = Visit(folder, "pull_request", event, "refs/pull/7/merge").aegis(
            command=RUN, mode="fix", token="ghs_0123456789abcdefghijklmnopqrstuvwxyz",
            config="test_stats.py")
        got = visit.outputs()
        assert visit.code == 0 and got["mode"] == "suggest" and got["branch"] == "", (got, visit.out)
        assert "of a fork" in visit.summary() and not git(folder, "branch", "--list", "aegis/*")
        assert "config is not used for code of a fork" in visit.out


def flow_what_may_not_be_pushed():
    folder = repository(FILES)
    head = git(folder, "rev-parse", "HEAD")
    token = "ghs_0123456789abcdefghijklmnopqrstuvwxyz"
    for event, payload, ref, why in (
            ("pull_request_target", pull_event(head=head), "refs/heads/main", "pull_request_target"),
            ("pull_request", pull_event(), "refs/pull/7/merge", "another commit is checked out"),
            ("pull_request", pull_event(head=head, ref="aegis/fix-0123456789ab"), "", "own work"),
            ("push", None, "refs/tags/v1", "of no branch"),
            ("push", None, "refs/heads/aegis/fix-0123456789ab", "own work"),
            ("issue_comment", None, "refs/heads/main", "event of this kind")):
        visit = Visit(folder, event, payload, ref, GITHUB_API_URL="http://127.0.0.1:9").aegis(
            command=RUN, mode="fix", token=token)
        assert visit.code == 0 and visit.outputs()["mode"] == "suggest", (event, visit.out)
        assert why in visit.summary(), (why, visit.summary())
    visit = Visit(folder).aegis(command=RUN, mode="fix")
    assert "no token" in visit.summary(), visit.summary()
    assert not git(folder, "branch", "--list", "aegis/*")


def flow_trouble_fails_the_step_only_when_strict():
    red = repository(FILES)
    bare = Visit(red).folder
    os.symlink("/proc/self/environ", red + "/environment")
    cases = [(dict(workspace="/nowhere/at/all"), {}), (dict(workspace=bare), {}),
             (dict(workspace=red), {"mode": "repair"}), (dict(workspace=red), {"wait": "999999"}),
             (dict(workspace=red), {"log": "absent.log"}), (dict(workspace=red), {"log": "environment"}),
             (dict(workspace=red), {"log": "../../../../../../proc/self/environ"}),
             (dict(workspace=red), {"log": red + "/environment"}), (dict(workspace=red), {"log": "/dev/zero"}),
             (dict(workspace=red), {"config": "environment"}), (dict(workspace=red), {"dry_run": "yes"}),
             (dict(workspace=red, payload="{"), {}), (dict(workspace=red, payload="[]"), {}),
             (dict(workspace=red, event="pull_request", payload={}), {}),
             (dict(workspace=red, payload='{"a":"%s"}' % ("x" * (26 << 20))), {}),
             (dict(workspace=red, GITHUB_EVENT_PATH="/nowhere"), {}),
             (dict(workspace=red, GITHUB_REPOSITORY="a/../b"), {"token": "ghp_x"}),
             (dict(workspace=red, GITHUB_WORKSPACE=""), {}),
             (dict(workspace=red), {"token": "a b"})]
    for where, inputs in cases:
        what = str((where, inputs))[:200]
        soft = Visit(**where).aegis(**{"command": RUN, **inputs})
        assert soft.code == 0 and soft.outputs()["action"] == "error", (what, soft.out)
        assert soft.outputs()["why"] and "could not do its work" in soft.summary(), what
        assert [one[0] for one in soft.commands()] == ["warning"], (what, soft.out)
        hard = Visit(**where).aegis(**{"command": RUN, "strict": "true", **inputs})
        assert hard.code in (1, 65, 78), (what, hard.code, hard.out)


def flow_nothing_safe_never_fails_the_step():
    folder = repository({"stats.py": RED, "go.py": "import stats\n\nprint(stats.mean([]))\n"})
    visit = Visit(folder).aegis(command="/usr/bin/python3 go.py", strict="true")
    assert visit.code == 0 and visit.outputs()["action"] == "escalate", visit.out
    assert "a person has to look" in visit.summary() and visit.outputs()["patch"] == ""


def flow_hostile_text_does_nothing():
    """In the log, in names of files and branches, in the event."""
    name = "test_a,line=1::x ##[error]z%0A@octocat.py".replace("::", ";;")
    folder = repository({"stats.py": RED, name: "import stats\n\nraise ValueError(%r + '\\n' + %r)\n" % (
        HOSTILE, "aegis_0\nbranch=evil\n::error file=a::b\r##[set-env name=PATH]x\n%25%0A::stop-commands::x")})
    run = "/usr/bin/python3 '%s'" % name
    for mode in ("explain", "suggest", "fix"):
        event = pull_event(ref="x`@octocat`")
        event["pull_request"]["title"] = HOSTILE
        visit = Visit(folder, "pull_request", event, "refs/pull/7/merge").aegis(command=run, mode=mode)
        assert visit.code == 0, visit.out
        got = visit.outputs()
        assert set(got) == {"action", "mode", "incident", "template", "branch", "pull-request",
                            "confidence", "why", "patch"} and got["branch"] == "", got
        assert {one[0] for one in visit.commands()} <= {"error", "notice", "warning"}, visit.out
        for kind, pairs, _ in visit.commands():
            assert set(pairs) <= {"file", "line", "title"}, (kind, pairs)
        check_markdown(visit.summary())


def check_markdown(text):
    """Rendered as GitHub does: no link, image, HTML or mention outside of code."""
    html = subprocess.run(["cmark-gfm", "-e", "table", "-e", "autolink", "--unsafe"], input=text,
                          capture_output=True, text=True, check=True).stdout
    import re
    shown = re.sub(r"(?s)<code[^>]*>.*?</code>", "", html)
    assert "<img" not in shown and "<!--" not in shown and "@octocat" not in shown, shown
    for href in re.findall(r'<a href="([^"]*)"', shown):
        assert href.startswith("https://github.com/alice/demo"), href


def flow_composite_steps_as_a_runner_runs_them():
    folder = repository(FILES)
    visit = Visit(folder)
    uploads = visit.composite(command=RUN, binary=AEGIS)
    assert visit.code == 0 and visit.given["action"] == "template", visit.out
    assert [one["name"] for one in uploads] == ["aegis-patch-" + visit.given["incident"]], uploads
    with open(uploads[0]["path"], encoding="utf-8") as file:
        assert file.read().startswith("diff --git a/stats.py"), uploads
    assert uploads[0]["name"] in visit.summary()


def flow_composite_finds_the_program_or_says_so():
    folder = repository(FILES)
    on_path = os.path.dirname(AEGIS) + ":" + os.environ["PATH"]
    visit = Visit(folder, PATH=on_path)
    visit.composite(command="true", version="0.0.9")
    assert visit.code == 0 and visit.given["action"] == "error", visit.out
    assert "another version" in visit.commands()[0][2]
    version = subprocess.run([AEGIS, "--version"], capture_output=True, text=True).stdout.split()[1]
    visit = Visit(folder, PATH=on_path)
    visit.composite(command="true", version=version)
    assert visit.given["action"] == "none", visit.out
    for wrong in ("/nowhere/aegis", "/bin/true", "/bin/false", "/tmp"):
        visit = Visit(folder)
        assert visit.composite(command="true", binary=wrong) == [] and visit.code == 0, visit.out
        assert visit.given["action"] == "error" and visit.commands()[0][0] == "warning", visit.out
        strict = Visit(folder)
        strict.composite(command="true", binary=wrong, strict="true")
        assert strict.code == 1, strict.out


def flow_composite_builds_from_its_own_source():
    """With a stand-in for make's work: that the real tree builds is what every other test rests on."""
    source = repository({
        "workflows/action/program.sh": open(ROOT + "/workflows/action/program.sh", "rb").read(),
        "tests/setup.sh": "[ \"$1\" = build ]\n",
        "Makefile": "all:\n\tmkdir -p out && ln -sf $(REAL) out/aegis\n"})
    output = os.path.join(os.path.dirname(source), "output")
    environment = {"PATH": os.environ["PATH"], "GITHUB_ACTION_PATH": source, "GITHUB_OUTPUT": output}
    script = ["bash", source + "/workflows/action/program.sh"]
    done = subprocess.run(script, env={**environment, "REAL": AEGIS}, capture_output=True, text=True)
    with open(output, encoding="utf-8") as file:
        assert file.read() == "path=%s/out/aegis\n" % source, done
    git(source, "clean", "-qfdx")
    write(source, {"Makefile": "all:\n\t@echo '::error::x ##[error]y'; false\n"})
    done = subprocess.run(script, env=environment, capture_output=True, text=True)
    lines = [line for line in done.stdout.splitlines() if line.lstrip().startswith("::") or "##[" in line]
    assert done.returncode == 0 and lines == [
        "::warning title=Aegis::Aegis could not be built from its source here"], done


def flow_usage():
    done = subprocess.run([AEGIS, "action", "--nonsense"], capture_output=True, text=True)
    assert done.returncode == 64 and "--nonsense" in done.stderr
    done = subprocess.run([AEGIS, "action", "more"], capture_output=True, text=True)
    assert done.returncode == 64, done


def flow_outside_of_actions():
    done = subprocess.run([AEGIS, "action"], capture_output=True, text=True, env={"PATH": "/usr/bin:/bin"})
    assert done.returncode == 0 and "GITHUB_WORKSPACE is not set" in done.stdout, done


if __name__ == "__main__":
    assert json
    main(globals())
