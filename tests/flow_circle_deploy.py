"""After the merge: the deployment is watched by a health check, and what gets worse is taken back."""
import http.server
import threading

from circle import has, main, repository, settings, stages
from daemon import GREEN, RED

ILL = set()                                      # who answers 500


class Health(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(500 if self.path.strip("/") in ILL else 200)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Health)
threading.Thread(target=server.serve_forever, daemon=True).start()


def watched(name, autonomy="guarded"):
    """A repository with a health check of its own."""
    return settings(autonomy=autonomy, deploy={"window_s": 60, "baseline_s": 60, "step_s": 5},
                    health=[{"url": "http://127.0.0.1:%d/%s" % (server.server_port, name),
                             "every_s": 5, "timeout_s": 2}])


def deploy(s, state="success", **more):
    return s.hub.control("POST", "deployment", repo=s.repo, state=state, **more)


def merged(s):
    """A repository that deploys, brought to a merged fix."""
    deploy(s)                                    # of what was there before
    s.red = s.push({"stats.py": RED})
    return s.come("MERGED")


@repository(watched("holds"))
def flow_holds(s):
    story = merged(s)
    has(s.sticky(1), "Aegis waits for the deployment")
    s.stays(lambda: s.incidents()[0]["stage"] == "MERGED", 3)
    deploy(s, "in_progress", sha=story["merge_sha"])
    s.stays(lambda: s.incidents()[0]["stage"] == "MERGED", 3)
    deploy(s, sha=story["merge_sha"])
    s.come("MONITORING")
    story = s.come("RESOLVED")
    assert stages(story)[-3:] == ["MERGED", "MONITORING", "RESOLVED"], story
    has(story["why"], "it held", "health")
    has(s.sticky(1), "Resolved: the fix held", "Measured after the deployment")
    assert len(s.github()["pulls"]) == 1


@repository(watched("decays", "autopilot"))
def flow_decays_and_is_taken_back(s):
    story = merged(s)
    deploy(s, sha=story["merge_sha"])
    s.come("MONITORING")
    ILL.add("decays")
    # What is red again may be seen before the revert is seen to its end.
    s.until(lambda: s.show(story["id"])["stage"] == "REVERTED", within_s=200)
    fix, revert = s.github()["pulls"]
    assert revert["merged"] and revert["head"] == "aegis/revert-" + story["id"], revert
    assert revert["title"] == 'Revert "%s"' % fix["title"], revert
    has(revert["body"], "What was measured", "health", "Aegis merges this by itself",
        "<!-- aegis:incident=%s -->" % story["id"])
    has(s.sticky(1), "The fix was taken back", "#2")
    assert list(s.github()["refs"]) == ["main"], s.github()["refs"]
    tree = [s.api("git/commits/" + sha)["tree"]["sha"]
            for sha in (s.red, s.github()["refs"]["main"])]
    assert tree[0] == tree[1], "what is there now is not what was there before"
    # It is red again by the same failure: that is for people now, not for the same fix. Seen before
    # the first incident had ended, the run is that one's; else it is one more that ends at once.
    head = s.github()["refs"]["main"]

    def left_to_people():
        again = [one for one in s.incidents() if one["id"] != story["id"]]
        if again and again[0]["stage"] == "SUPERSEDED":
            return "left to people" in s.show(again[0]["id"])["why"]
        return not again and any(one["head"] == head
                                 for one in s.show(story["id"])["sightings"])
    s.until(left_to_people)
    s.stays(lambda: len(s.github()["pulls"]) == 2)


@repository(watched("asks"))
def flow_decays_and_a_person_decides(s):
    story = merged(s)
    deploy(s, sha=story["merge_sha"])
    s.come("MONITORING")
    ILL.add("asks")
    s.until(lambda: len(s.github()["pulls"]) == 2)
    [_, revert] = s.github()["pulls"]
    has(revert["body"], "Please review and merge it, or close it")
    s.stays(lambda: s.incidents()[0]["stage"] == "MONITORING")
    s.api("pulls/2", "PATCH", {"state": "closed"}, "bob")
    story = s.come("ESCALATED")
    has(story["why"], "the revert was closed")
    has(s.sticky(1), "A person has to look at this", "Aegis does not ask again")


@repository(watched("conflicts", "autopilot"))
def flow_revert_conflicts(s):
    story = merged(s)
    deploy(s, sha=story["merge_sha"])
    s.come("MONITORING")
    s.push({"stats.py": GREEN.replace("values", "numbers")})
    ILL.add("conflicts")
    story = s.come("ESCALATED")
    has(story["why"], "does not apply cleanly", "stats.py")
    has(s.sticky(1), "Revert it by hand")
    assert len(s.github()["pulls"]) == 1 and list(s.github()["refs"]) == ["main"]


@repository(watched("fails"))
def flow_deployment_fails(s):
    story = merged(s)
    deploy(s, "failure", sha=story["merge_sha"])
    story = s.come("ESCALATED")
    has(story["why"], "the deployment of the merge failed")
    has(s.sticky(1), "Look at the log of the deployment")


@repository(watched("never"))
def flow_no_deployment_comes(s):
    """It is waited for where there are deployments, and not for ever."""
    story = merged(s)
    s.stays(lambda: s.incidents()[0]["stage"] == "MERGED", 3)
    s.age(story["id"], "merged_at", 3)
    story = s.come("MONITORING")
    has(story["why"], "no deployment is known")


@repository(watched("at-once"))
def flow_watched_from_the_merge(s):
    """Nobody deploys here by GitHub's ways: the merge counts."""
    s.push({"stats.py": RED})
    story = s.come("RESOLVED", within_s=200)
    assert stages(story)[-3:] == ["MERGED", "MONITORING", "RESOLVED"], story


main(globals(), watch={"private": True})
