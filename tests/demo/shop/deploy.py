"""Brings this checkout to the shop's server and waits until it answers there."""
import os
import shutil
import sys
import time
import urllib.request

server, url, version = os.environ["SHOP_SERVER"], os.environ["SHOP_URL"], os.environ["GITHUB_SHA"]
release = os.path.join(server, "releases", version)
shutil.copytree("shop", os.path.join(release, "shop"), dirs_exist_ok=True)
with open(os.path.join(server, "current.new"), "w", encoding="utf-8") as out:
    out.write(version)
os.replace(os.path.join(server, "current.new"), os.path.join(server, "current"))
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
for _ in range(200):
    try:
        if version in opener.open(url + "/health", timeout=1).read().decode():
            sys.exit(0)
    except OSError:
        pass
    time.sleep(0.1)
sys.exit("the server does not answer with this version")
