"""
The mode fix of `aegis action` under trouble at each of its steps on GitHub: the step does not fail, the
patch is always handed out, and with the next quiet run there is one branch and one draft.
"""
import threading
import time

from action_runner import Visit
from daemon import RUN
from flow import Skip, git, main
from flow_action_hub import BROKEN, OURS
from hub import Hub, missing

STEPS = {"look": ("GET", r"/pulls"), "push": ("POST", "git-receive-pack"),
         "fetch": (None, "info/refs"), "open": ("POST", r"/pulls$")}
TROUBLE = {"once": dict(kind="status_before", status=502), "down": dict(kind="status_before", status=500, times=99),
           "denied": dict(kind="status_before", status=403, times=99),
           "gone": dict(kind="status_before", status=404, times=99),
           "cut": dict(kind="drop_before", times=99), "done": dict(kind="status_after", status=502, times=1),
           "senseless": dict(kind="garbage", times=99),
           "limited": dict(kind="secondary", status=403, retry_after=1)}
AT_ONCE = 8                                     # most of the time is waiting


def checkout(hub, name):
    folder = hub.root + "/%s-%d" % (name, time.monotonic_ns())
    git("/", "clone", "-q", "--depth", "1", "%s/alice/%s.git" % (
        hub.url.replace("://", "://x:ghp_alice@"), name), folder)
    return folder


def run(hub, name, folder):
    return Visit(folder, repo="alice/" + name, GITHUB_API_URL=hub.url, GITHUB_SERVER_URL=hub.url).aegis(
        command=RUN, mode="fix", token=hub.run_token)


def play(hub, name, method, path, trouble, failures, free):
    with free:
        try:
            folder = checkout(hub, name)
            hub.fault(path="/alice/%s.*%s" % (name, path), **({"method": method} if method else {}), **trouble)
            first = run(hub, name, folder)
            got = first.outputs()
            assert first.code == 0 and got["patch"] and got["action"] == "template", (got, first.out)
            for one in hub.control("GET", "faults"):
                assert one["hits"] or one["path"].split("/")[2].split(".")[0] != name, ("never met", one)
            state = hub.summary()["alice/" + name]
            assert bool(got["pull-request"]) <= bool(state["pulls"]), (got, state["pulls"])
        except AssertionError as why:
            failures.append((name, why))


def flow_trouble_at_every_step():
    if missing():
        raise Skip(missing())
    cases = [(step, trouble) for step in STEPS for trouble in TROUBLE
             if trouble != "done" or step in ("push", "open")]
    names = ["%s-%s" % case for case in cases]
    seed = {"apps": [{"name": "Aegis", "owner": "alice"}],
            "repositories": [{"owner": "alice", "name": name, "files": BROKEN} for name in names],
            "installations": [{"app": "aegis", "account": "alice"}],
            "tokens": [{"user": "alice", "token": "ghp_alice"}]}
    with Hub(seed) as hub:
        hub.control("POST", "limits", points_per_minute=100000, content_per_minute=10000,
                    content_per_hour=100000, installation=1000000)
        hub.run_token, failures, free = hub.token(), [], threading.Semaphore(AT_ONCE)
        threads = [threading.Thread(target=play, args=(hub, "%s-%s" % (step, trouble), *STEPS[step],
                                                       TROUBLE[trouble], failures, free))
                   for step, trouble in cases]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not failures, failures
        hub.control("DELETE", "faults")
        hub.control("DELETE", "violations")     # of the answers that were meant to be wrong
        threads = [threading.Thread(target=settle, args=(hub, name, failures, free)) for name in names]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not failures, failures


def settle(hub, name, failures, free):
    with free:
        try:
            visit = run(hub, name, checkout(hub, name))
            state = hub.summary()["alice/" + name]
            ours = [one for one in state["pulls"] if one["head"].startswith(OURS)]
            assert len(ours) == 1 and ours[0]["state"] == "open", (ours, visit.out)
            assert visit.outputs()["pull-request"] == str(ours[0]["number"]), visit.out
        except AssertionError as why:
            failures.append((name, why))


if __name__ == "__main__":
    main(globals())
