"""What becomes of a repository and of the App's installation: the daemon follows, by numbers."""
import sqlite3

from daemon import Daemon, RED, FILES
from flow import main

SEED = {
    "apps": [{"name": "Aegis", "owner": "alice"}],
    "repositories": [{"owner": "alice", "name": "demo", "run": True, "files": FILES},
                     {"owner": "alice", "name": "quiet", "files": {"a": "a\n"}},
                     {"owner": "bob", "name": "own", "files": {"a": "a\n"}}],
    "installations": [{"app": "aegis", "account": "alice"}, {"app": "aegis", "account": "bob"}],
    "tokens": [{"user": "alice", "token": "ghp_alice"}],
}


class Follow(Daemon):
    seed = SEED

    def __enter__(self):
        self.once()
        self.push({"stats.py": RED})
        assert "1 new incidents" in self.once()
        [self.incident] = self.incidents()["incidents"]
        return self

    def go_on(self):
        """A whole look with its steps; the incident is due at once."""
        with sqlite3.connect(self.folder + "/aegis.db") as db:
            db.execute("update incident set due_at = 1, version = version + 1 where due_at > 0")
        db.close()
        done = self.aegis("once")
        assert done.returncode in (0, 1), done
        [found] = [one for one in self.incidents("--all")["incidents"] if one["id"] == self.incident["id"]]
        return found

    def installation(self, which=0, **more):
        self.hub.control("POST", "installation", id=self.hub.seeded["installations"][which]["id"], **more)

    def watched(self):
        with sqlite3.connect(self.folder + "/aegis.db") as db:
            names = [name for (name,) in db.execute("select name from repository where watched = 1")]
        db.close()
        return sorted(names)

    def writes(self):
        return [(one["method"], one["path"]) for one in self.hub.journal() if one["method"] != "GET" and
                not one["path"].endswith(("/access_tokens", "/git-upload-pack"))]


def ends(change, why, watched):
    with Follow() as d:
        change(d)
        found = d.go_on()
        assert found["stage"] == "ESCALATED" and why in found["why"], found
        assert d.watched() == watched, d.watched()
        assert not d.writes(), d.writes()
        assert "none changed" in d.aegis("audit", "check").stdout


def flow_follow_a_deletion():
    ends(lambda d: d.hub.control("POST", "remove", repo="alice/demo"),
         "the repository was deleted, or taken from Aegis", ["alice/quiet", "bob/own"])


def flow_follow_a_repository_that_is_taken_away():
    ends(lambda d: d.installation(repositories=["quiet"]),
         "the repository was deleted, or taken from Aegis", ["alice/quiet", "bob/own"])


def flow_follow_an_uninstallation():
    ends(lambda d: d.installation(remove=True), "the App was uninstalled", ["bob/own"])


def flow_follow_an_archive():
    ends(lambda d: d.hub.control("POST", "settings", repo="alice/demo", archived=True),
         "the repository is archived", ["alice/quiet", "bob/own"])


def flow_follow_a_transfer_to_where_the_app_is_not():
    ends(lambda d: d.hub.control("POST", "transfer", repo="alice/demo", to="carol"),
         "the repository was deleted, or taken from Aegis", ["alice/quiet", "bob/own"])


def flow_follow_a_suspension():
    with Follow() as d:
        d.installation(suspended=True)
        found = d.go_on()
        assert found["stage"] == "TRIGGERED" and d.watched() == ["bob/own"], (found, d.watched())
        asked = len(d.hub.journal())
        d.go_on()
        paths = [one["path"] for one in d.hub.journal()[asked:]]
        assert not [one for one in paths if "alice" in one], paths   # nothing is asked there
        d.installation(suspended=False)
        found = d.go_on()
        assert found["stage"] != "TRIGGERED" and found["stage"] != "ESCALATED", found
        assert "alice/demo" in d.watched(), d.watched()


def flow_follow_a_rename():
    with Follow() as d:
        d.hub.control("POST", "rename", repo="alice/demo", to="shop")
        d.once()
        [found] = d.incidents()["incidents"]
        assert found["id"] == d.incident["id"] and found["repository"] == "alice/shop", found
        assert d.watched() == ["alice/quiet", "alice/shop", "bob/own"], d.watched()
        d.hub.push("alice/shop", {"unrelated": "x\n"})
        d.hub.idle()
        assert "0 new incidents, 2 further" in d.once()
        found = d.go_on()
        assert found["stage"] not in ("TRIGGERED", "ESCALATED", "SUPERSEDED"), found


def flow_follow_a_transfer_to_where_the_app_is_too():
    with Follow() as d:
        d.hub.control("POST", "transfer", repo="alice/demo", to="bob")
        d.once()
        [found] = d.incidents()["incidents"]
        assert found["id"] == d.incident["id"] and found["repository"] == "bob/demo", found
        found = d.go_on()
        assert found["stage"] not in ("TRIGGERED", "ESCALATED", "SUPERSEDED"), found


def flow_follow_nothing_by_mistake():
    """What could not be asked for is no reason to let go of anything."""
    with Follow() as d:
        for path in ("/installation/repositories", "/app/installations", "/access_tokens"):
            d.hub.fault("status_before", status=502, path=path, times=50)
            d.aegis("once", "--look")
            d.hub.control("DELETE", "faults")
            assert d.watched() == ["alice/demo", "alice/quiet", "bob/own"], (path, d.watched())
        [found] = d.incidents()["incidents"]
        assert found["stage"] == "TRIGGERED", found


def flow_follow_a_suspension_by_name():
    with Follow() as d:
        d.configure({"app_id": d.hub.seeded["apps"][0]["id"], "private_key_file": d.hub.key_file(),
                     "repositories": ["alice/demo"]})
        d.once()
        assert d.watched() == ["alice/demo"], d.watched()
        d.installation(suspended=True)
        found = d.go_on()
        assert found["stage"] == "TRIGGERED" and d.watched() == [], (found, d.watched())
        d.installation(suspended=False)
        d.once()
        assert d.watched() == ["alice/demo"], d.watched()


def flow_follow_by_name():
    with Daemon() as d:
        github = {"app_id": d.hub.seeded["apps"][0]["id"], "private_key_file": d.hub.key_file()}
        d.configure({**github, "repositories": ["alice/demo", "alice/quiet"]})
        d.once()
        d.push({"stats.py": RED})
        assert "1 new incidents" in d.once()
        d.hub.control("POST", "remove", repo="alice/demo")
        d.aegis("once")
        [found] = d.incidents("--all")["incidents"]
        assert found["stage"] == "ESCALATED" and "deleted" in found["why"], found
        d.configure({**github, "repositories": ["alice/quiet"]})
        d.once()
        d.configure(github)                                     # all that the App is installed in
        d.once()


main(globals())
