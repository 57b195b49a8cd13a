"""The local GitHub from Python, as flows of the daemon use it: start, seed, push, time, trouble."""
from flow import Skip, main
from hub import Hub, missing

WORKFLOW = """\
on: push
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: test "$(cat value)" = 1
"""
SEED = {
    "apps": [{"name": "Aegis", "owner": "alice"}],
    "repositories": [{"owner": "alice", "name": "demo", "run": True,
                      "files": {"value": "1\n", ".github/workflows/ci.yml": WORKFLOW}}],
    "installations": [{"app": "aegis", "account": "alice"}],
    "tokens": [{"user": "alice", "token": "ghp_alice"}],
}


def hub():
    why = missing()
    if why:
        raise Skip(why)
    return Hub(SEED)


def flow_hub_red_and_green():
    with hub() as here:
        red = here.push("alice/demo", {"value": "2\n"})
        here.push("alice/demo", {"value": "1\n", "more": "m\n"})
        here.idle()
        runs = here.api("/repos/alice/demo/actions/runs", token=here.token()).body["workflow_runs"]
        assert [one["conclusion"] for one in runs] == ["success", "failure", "success"], runs
        assert runs[1]["head_sha"] == red
        assert len(here.summary()["alice/demo"]["runs"]) == 3


def flow_hub_time_and_trouble():
    with hub() as here:
        token = here.token()
        assert here.api("/repos/alice/demo", token=token).status == 200
        here.control("POST", "clock", advance_s=3601)
        assert here.api("/repos/alice/demo", token=token).status == 401
        here.fault("status_before", status=503, path="/branches$")
        answers = [here.api("/repos/alice/demo/branches", token="ghp_alice").status
                   for _ in range(2)]
        assert answers == [503, 200], answers
        faults = [one.get("fault") for one in here.journal()]
        assert faults.count("status_before") == 1


def flow_hub_finds_what_does_not_conform():
    here = hub()
    try:
        here.api("/repos/alice/demo/labels", "POST", "ghp_alice", {"name": "x", "colour": "red"})
        assert "colour" in here.violations()[0]["bad"][0]
    finally:
        here.stop()


main(globals())
