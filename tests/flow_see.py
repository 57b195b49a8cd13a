"""Seeing: `aegis once` and `aegis incidents` on the local GitHub."""
import json
import subprocess

from daemon import Daemon, FILES, GREEN, RED, RUN
from flow import AEGIS, main, repository

TAMPER = """
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
for (name,) in db.execute("select name from sqlite_schema where type = 'trigger' "
                          "and tbl_name = 'audit'").fetchall():
    db.execute("drop trigger " + name)
db.execute("update audit set actor = 'nobody' where seq = 1")
db.commit()
"""


def flow_see_one_incident_for_all_legs_and_runs():
    with Daemon() as d:
        assert "0 new incidents" in d.once() and not d.incidents()["incidents"]
        head = d.push({"stats.py": RED})
        assert "1 red runs read, 0 red checks: 1 new incidents, 1 further" in d.once()
        [incident] = d.incidents()["incidents"]
        assert incident["stage"] == "TRIGGERED" and incident["repository"] == "alice/demo"
        assert incident["branch"] == "main", incident
        assert "0 red runs read" in d.once()                # known already
        again = d.push({"unrelated": "x\n"})                # a second run shows the same
        assert "0 new incidents, 2 further" in d.once()
        story = d.incidents("show", incident["id"])
        assert [one["head"] for one in story["sightings"]] == [head, head, again, again], story
        text = d.aegis("incidents", "show", incident["id"]).stdout
        assert incident["id"] in text and text.count("job test") == 4, text
        rows = d.aegis("audit", "--incident", incident["id"]).stdout
        assert incident["id"] in rows, rows
        assert "none changed" in d.aegis("audit", "check").stdout
        subprocess.run(["/usr/bin/python3", "-c", TAMPER, d.folder + "/aegis.db"], check=True)
        done = d.aegis("audit", "check")
        assert done.returncode == 65 and "row 1" in done.stderr, done


def flow_see_by_the_same_signature_as_fix():
    """The files of the commit say which frames are own, here as there."""
    with Daemon() as d:
        d.push({"stats.py": RED})
        d.once()
        [incident] = d.incidents()["incidents"]
    folder = repository({**FILES, "stats.py": RED})
    done = subprocess.run([AEGIS, "fix", "--repo", folder, "--run", RUN, "--dry-run", "--quiet",
                           "--format", "json"], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["signature"] == incident["signature"], done.stdout


def flow_see_only_the_newest_run_and_what_is_ours():
    with Daemon() as d:
        d.push({"stats.py": RED})
        d.push({"stats.py": GREEN})                         # mended before anybody looked
        d.push({"stats.py": RED}, branch="aegis/fix-0123456789ab")
        assert "0 red runs read" in d.once(), d.incidents()


def flow_see_trouble_is_not_the_end():
    with Daemon() as d:
        d.once()
        d.push({"stats.py": RED})
        d.hub.fault("status_before", status=500, path="/jobs", times=9)
        d.once()
        assert not d.incidents()["incidents"]
        d.hub.control("DELETE", "faults")
        assert "1 new incidents" in d.once()


def flow_see_with_a_token_and_bad_settings():
    with Daemon() as d:
        d.push({"stats.py": RED})
        github = {"token_env": "SOME_TOKEN", "repositories": ["alice/demo"]}
        d.configure(github)
        done = d.aegis("once", env={"SOME_TOKEN": "ghp_alice"})
        assert done.returncode == 0 and "1 new incidents" in done.stdout, done
        d.configure({"token_env": "SOME_TOKEN"})
        done = d.aegis("once", env={"SOME_TOKEN": "ghp_alice"})
        assert done.returncode == 78 and "github.repositories" in done.stderr, done
        d.configure({**github, "repositories": ["nonsense"]})
        done = d.aegis("once", env={"SOME_TOKEN": "ghp_alice"})
        assert done.returncode == 78 and "owner/name" in done.stderr, done
        done = d.aegis("incidents", "show", "0123456789ab")
        assert done.returncode != 0, done


main(globals())
