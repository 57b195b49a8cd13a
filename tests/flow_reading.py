"""What no run here can show: proven by reading, or left alone."""
from flow import branches, fix, git, main, repository, write

FLOW = """\
    on: push
    jobs:
      pages:
        runs-on: ubuntu-22.04
        steps:
          - uses: actions/checkout@v4
          - run: make pages
          # what the site is made of
          - uses: actions/cache@v2
            with:
              path: .cache
              key: site
    """
REFUSED = """\
    2025-03-04T10:12:01.3700000Z Prepare all required actions
    2025-03-04T10:12:01.4700000Z Getting action download info
    2025-03-04T10:12:01.5700000Z ##[error]This request has been automatically failed because it uses a deprecated \
version of `actions/cache: v2`. Please update your workflow to use v3/v4 of actions/cache to avoid interruptions.
    """
ESLINT = """\
    2025-03-04T10:12:01.3700000Z ##[group]Run npx eslint src
    2025-03-04T10:12:01.3700000Z npx eslint src
    2025-03-04T10:12:01.3700000Z ##[endgroup]
    2025-03-04T10:12:02.3700000Z
    2025-03-04T10:12:02.3700000Z /home/runner/work/shop/shop/src/a.js
    2025-03-04T10:12:02.3700000Z   1:5   error  'a' is never reassigned. Use 'const' instead  prefer-const
    %s
    2025-03-04T10:12:02.3700000Z
    2025-03-04T10:12:02.4700000Z ##[error]Process completed with exit code 1.
    """
OTHER = "2025-03-04T10:12:02.3700000Z   1:9   error  Strings must use singlequote  quotes"


def with_log(files, log):
    folder = repository(files)
    write(folder + "/../", {"red.log": log})
    return folder, fix(folder, "--log", folder + "/../red.log")


def flow_a_workflow_is_mended_and_nothing_was_run():
    folder, outcome = with_log({".github/workflows/pages.yml": FLOW}, REFUSED)
    assert outcome.code == 0, outcome.err
    assert outcome["template"] == "workflow_retired_cache" and outcome["proof"] == "reading", outcome.json
    assert outcome["verification"] == {"before": None, "after": None}
    assert outcome["parts"]["pass_rate"] is None and outcome["parts"]["coverage_by"] == "reading"
    assert outcome["confidence"] == 0.6 and outcome["tier"] == "medium" and outcome["risk"] == "HIGH"
    text = git(folder, "show", outcome["commit"] + ":.github/workflows/pages.yml")
    assert "actions/cache@v4" in text and "# what the site is made of" in text
    assert "by reading" in git(folder, "log", "-1", "--format=%B", outcome["commit"])


def flow_a_protected_workflow_stays():
    folder, outcome = with_log({".github/workflows/pages.yml": FLOW,
                                ".github/aegis.yml": "protected: ['.github/**']\n"}, REFUSED)
    assert outcome.code == 2 and not branches(folder), outcome.out
    assert any("protected" in one["why"] for one in outcome["attempts"]), outcome["attempts"]


def flow_one_of_two_findings_is_not_enough():
    files = {"src/a.js": 'let a = "x";\nexport default a;\n'}
    _, outcome = with_log(files, ESLINT % "")
    assert outcome.code == 0 and outcome["files"] == ["src/a.js"], outcome.out
    folder, outcome = with_log(files, ESLINT % OTHER)
    assert outcome.code == 2 and not branches(folder), outcome.out
    assert "not enough" in outcome["why"], outcome["why"]


def flow_a_tool_that_is_not_here_is_no_bad_input():
    """The log names a command that this machine has not got: a diagnosis, and exit code 2."""
    folder, outcome = with_log({"a.txt": "x\n"}, """\
        2025-03-04T10:12:01.3700000Z ##[group]Run no-such-tool-here --check
        2025-03-04T10:12:01.3700000Z no-such-tool-here --check
        2025-03-04T10:12:01.3700000Z ##[endgroup]
        2025-03-04T10:12:02.3700000Z a.txt:1:1: error: bad
        2025-03-04T10:12:02.4700000Z ##[error]Process completed with exit code 1.
        """)
    assert outcome.code == 2 and not branches(folder), (outcome.code, outcome.err)
    assert "not on this machine" in outcome["why"], outcome["why"]


def flow_a_script_that_may_not_be_run():
    folder, outcome = with_log({"gradlew": "#!/bin/sh\nexec gradle \"$@\"\n"}, """\
        2025-03-04T10:12:01.37Z ##[group]Run ./gradlew build
        2025-03-04T10:12:01.37Z ./gradlew build
        2025-03-04T10:12:01.37Z shell: /usr/bin/bash -e {0}
        2025-03-04T10:12:01.37Z ##[endgroup]
        2025-03-04T10:12:02.37Z /home/runner/work/_temp/0a.sh: line 1: ./gradlew: Permission denied
        2025-03-04T10:12:02.47Z ##[error]Process completed with exit code 126.
        """)
    assert outcome.code == 0, outcome.err + outcome.out
    assert git(folder, "ls-tree", outcome["commit"], "gradlew").startswith("100755")


main(globals())
