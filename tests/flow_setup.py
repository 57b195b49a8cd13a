"""`aegis setup app` on the local GitHub: the manifest, the code that comes back, an App that is there."""
import html
import json
import os
import re
import stat
import subprocess
import tempfile

from daemon import Daemon
from flow import AEGIS, main
from hub import HERE

FILES = ("aegis-app.pem", "aegis-webhook-secret", "aegis.yml")


def description():
    with open(os.path.join(HERE, "hub", "openapi.json"), encoding="utf-8") as file:
        return json.load(file)


def setup(*words, code=0, folder=None):
    folder = folder or tempfile.mkdtemp(prefix="aegis-setup-")
    done = subprocess.run([AEGIS, "setup", "app", "--folder", folder, *words], text=True,
                          capture_output=True, timeout=60)
    assert done.returncode == code, done
    assert "PRIVATE KEY" not in done.stdout + done.stderr, done
    return folder, done


def form(folder):
    with open(folder + "/aegis-app.html", encoding="utf-8") as file:
        page = file.read()
    [action] = re.findall(r'action="([^"]*)"', page)
    [value] = re.findall(r'name="manifest" value="([^"]*)"', page)
    assert "<script" not in page
    return html.unescape(action), json.loads(html.unescape(value))


def flow_setup_manifest_is_what_github_describes():
    folder, done = setup("--webhook-url", "https://aegis.example/hook")
    manifest = json.loads(done.stdout)
    assert form(folder) == ("https://github.com/settings/apps/new", manifest)
    rights = manifest["default_permissions"]
    known = description()["components"]["schemas"]["app-permissions"]["properties"]
    for name, level in rights.items():
        assert level in known[name]["enum"], (name, level)
    assert "workflows" not in rights and "administration" not in rights, rights
    assert [name for name in rights if name.startswith("organization")] == [], rights
    assert rights["contents"] == rights["checks"] == rights["pull_requests"] == "write", rights
    events = {name.replace("-", "_") for name in description()["webhooks"]}
    for event in manifest["default_events"]:
        # those that the local GitHub does not send are not in its copy of the description
        assert event == "repository" or any(one.startswith(event) for one in events), event
    assert manifest["hook_attributes"] == {"url": "https://aegis.example/hook", "active": True}
    assert manifest["redirect_url"].startswith("http://localhost/") and not manifest["public"]


def flow_setup_for_others():
    folder, done = setup("--org", "acme", "--name", "Mender's", "--url", "https://x.example/?a=<b>")
    action, manifest = form(folder)
    assert action == "https://github.com/organizations/acme/settings/apps/new", action
    assert manifest["name"] == "Mender's" and not manifest["hook_attributes"]["active"], manifest
    for api, site in (("https://ghe.example/api/v3", "https://ghe.example"),
                      ("https://api.corp.ghe.com", "https://corp.ghe.com"),
                      ("https://api.github.com/", "https://github.com")):
        folder, done = setup("--api-url", api)
        assert form(folder)[0] == site + "/settings/apps/new", form(folder)
    for words in (("--name", "x" * 35), ("--org", "a/b"), ("--url", "javascript:x"),
                  ("--webhook-url", "x"), ("--api-url", "ftp://x"), ("--app-id", "7"),
                  ("--key", "k"), ("--code", "a b"), ("--code", "http://localhost/?state=x"),
                  ("--folder", "/nowhere")):
        setup(*words, code=64)


def flow_setup_trades_the_code_in():
    with Daemon() as d:
        folder, _ = setup("--name", "Made", "--api-url", d.hub.url)
        made = d.hub.control("POST", "manifest", manifest=form(folder)[1], owner="alice")
        address = "http://localhost/aegis-app?code=%s&state=x" % made["code"]
        _, done = setup("--code", address, "--api-url", d.hub.url, folder=folder)
        assert "made is made: %d" % made["id"] in done.stdout, done
        secrets = []
        for name in FILES:
            path = os.path.join(folder, name)
            assert stat.S_IMODE(os.stat(path).st_mode) == 0o600, name
            with open(path, encoding="utf-8") as file:
                secrets.append(file.read())
        assert secrets[0].startswith("-----BEGIN") and len(secrets[1]) == 40
        assert secrets[1] not in done.stdout + done.stderr + secrets[2]
        d.hub.control("POST", "installation", app=made["id"], account="alice")
        done = subprocess.run([AEGIS, "doctor", "--part", "github", "--repo", "alice/demo", "--config",
                               folder + "/aegis.yml"], text=True, capture_output=True, cwd=folder)
        assert done.returncode == 0 and "what is needed and no more" in done.stdout, done
        before = {name: open(os.path.join(folder, name), encoding="utf-8").read() for name in FILES}
        asked = len(d.hub.journal())
        _, done = setup("--code", made["code"], "--api-url", d.hub.url, folder=folder, code=65)
        assert "not written over" in done.stderr and len(d.hub.journal()) == asked, done
        for name in FILES:                                      # each by itself keeps the rest away
            other = tempfile.mkdtemp(prefix="aegis-setup-")
            os.symlink("/nowhere/else", os.path.join(other, name))
            setup("--code", made["code"], "--api-url", d.hub.url, folder=other, code=65)
            assert os.listdir(other) == [name], os.listdir(other)
        other, done = setup("--code", made["code"], "--api-url", d.hub.url, code=1)
        assert "good once" in done.stderr and os.listdir(other) == [], done
        assert before == {name: open(os.path.join(folder, name), encoding="utf-8").read()
                          for name in FILES}


def flow_setup_when_the_answer_is_broken():
    with Daemon() as d:
        for fault in ("garbage", "truncate", "drop_before", "drop_after", "status_before"):
            d.hub.fault(fault, path="/conversions", times=2)
            made = d.hub.control("POST", "manifest", owner="alice", manifest={
                "name": "Broken " + fault.replace("_", " "), "default_permissions": {}})
            folder = tempfile.mkdtemp(prefix="aegis-setup-")
            done = subprocess.run([AEGIS, "setup", "app", "--folder", folder, "--code", made["code"],
                                   "--api-url", d.hub.url], text=True, capture_output=True)
            assert done.returncode in (1, 65), (fault, done)
            assert os.listdir(folder) == [], (fault, os.listdir(folder))
            d.hub.control("DELETE", "faults")


def flow_setup_of_an_app_that_is_there():
    with Daemon() as d:
        number = str(d.hub.seeded["apps"][0]["id"])
        words = ("--app-id", number, "--key", d.hub.key_file(), "--api-url", d.hub.url)
        folder, done = setup(*words)
        assert "The key is of the App aegis" in done.stdout, done
        with open(folder + "/aegis.yml", encoding="utf-8") as file:
            assert "app_id: " + number in file.read()
        done = subprocess.run([AEGIS, "check-config", folder + "/aegis.yml"], capture_output=True)
        assert done.returncode == 0, done
        _, done = setup(*words, folder=folder)
        assert "stays as it is" in done.stdout, done
        d.hub.control("POST", "app", id=int(number), permissions={"workflows": "write"})
        _, done = setup(*words, folder=folder, code=2)
        assert "lacks: actions: write" in done.stdout and "workflows: write" in done.stdout, done
        other = folder + "/other.pem"
        subprocess.run(["openssl", "genrsa", "-out", other, "2048"], check=True, capture_output=True)
        done = subprocess.run([AEGIS, "setup", "app", "--app-id", number, "--key", other, "--api-url",
                               d.hub.url, "--folder", folder], text=True, capture_output=True)
        assert done.returncode != 0 and "could not be decoded" in done.stderr, done


main(globals())
