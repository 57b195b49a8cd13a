"""
Rules for workflow files and composite actions, written from what zizmor's audits and the checks of
OpenSSF Scorecard say they look for. Each is a function from a parsed file to the findings in it, with
an example that it must catch. What needs the network (impostor commits, known vulnerabilities) is left out.
"""
import re

EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}", re.S)
COMMIT = re.compile(r"[^@\s]+@[0-9a-f]{40}$")
RULES = []
JOB = "on: push\npermissions: {}\nconcurrency: x\njobs:\n  a:\n    name: A\n    runs-on: ubuntu-24.04\n" \
      "    timeout-minutes: 5\n    permissions: {contents: read}\n"


def rule(name, source, *bad):
    """bad: files that the rule must catch; a text that begins with a blank goes below a usual job."""
    def mark(function):
        RULES.append((name, source, function, [JOB + one if one[0] == " " else one for one in bad]))
        return function
    return mark


class File:
    """A parsed workflow or action."""

    def __init__(self, name, document, text):
        self.name, self.document, self.text = name, document, text
        self.is_action = "runs" in document
        on = document.get("on", document.get(True)) or {}
        self.on = on if isinstance(on, dict) else {one: {} for one in [on] if isinstance(one, str)} or \
            {one: {} for one in on}
        self.jobs = document.get("jobs", {})

    def steps(self):
        """(job, step) of all; the job of an action is {}."""
        if self.is_action:
            return [({}, step) for step in self.document["runs"].get("steps", [])]
        return [(job, step) for job in self.jobs.values() for step in job.get("steps", [])]

    def uses(self):
        return [step["uses"] for _, step in self.steps() if "uses" in step] + \
            [job["uses"] for job in self.jobs.values() if "uses" in job]

    def runs(self):
        return [step["run"] for _, step in self.steps() if "run" in step]


def permissions_of(file, job):
    return job.get("permissions", file.document.get("permissions"))


def may_write(file, job):
    given = permissions_of(file, job)
    return given in (None, "write-all") or (isinstance(given, dict) and "write" in given.values())


def texts(node):
    """All texts in a part of a file."""
    if isinstance(node, dict):
        return [text for value in node.values() for text in texts(value)]
    if isinstance(node, list):
        return [text for value in node for text in texts(value)]
    return [node] if isinstance(node, str) else []


@rule("template-injection", "zizmor; Scorecard Dangerous-Workflow",
      "    steps: [{run: 'echo ${{ github.event.issue.title }}'}]",
      "    steps: [{run: 'echo ${{ inputs.name }}'}]",
      "    steps: [{uses: actions/github-script@x, with: {script: 'f(\"${{ github.head_ref }}\")'}}]",
      "runs: {using: composite, steps: [{shell: bash, run: 'a ${{ inputs.a }}'}]}",
      "    steps: [{run: a, shell: 'bash ${{ github.ref_name }}'}]",
      "    steps: [{run: a, working-directory: '${{ github.head_ref }}'}]")
def template_injection(file):
    """No expression at all inside of a script: values go by the environment."""
    for _, step in file.steps():
        script = step.get("with", {}).get("script", "") if "github-script" in step.get("uses", "") else ""
        for text in (step.get("run", ""), script, step.get("shell", ""),
                     step.get("working-directory", "")):
            for found in EXPRESSION.findall(str(text)):
                yield found.strip()


@rule("dangerous-triggers", "zizmor; Scorecard Dangerous-Workflow", "on: pull_request_target\njobs: {}",
      "on: [push, workflow_run]\njobs: {}", "on: {issue_comment: {types: [created]}}\njobs: {}")
def dangerous_triggers(file):
    for name in ("pull_request_target", "workflow_run", "issue_comment", "discussion_comment"):
        if name in file.on:
            yield name


ALLOWED = {"contents": "write", "pull-requests": "write", "actions": "read"}


@rule("excessive-permissions", "zizmor; Scorecard Token-Permissions", "on: push\njobs: {}",
      "on: push\npermissions: write-all\njobs: {}", "on: push\npermissions: read-all\njobs: {}",
      "on: push\npermissions: {contents: write}\njobs: {}",
      "on: push\npermissions: {}\njobs: {a: {permissions: write-all}}",
      "on: push\npermissions: {}\njobs: {a: {permissions: {actions: write}}}",
      "on: push\npermissions: {}\njobs: {a: {permissions: {id-token: write}}}",
      "on: push\npermissions: {}\njobs: {a: {runs-on: x}}")
def excessive_permissions(file):
    """None for the file, and each job names its own: at most what opening a pull request needs."""
    if file.is_action:
        return
    if file.document.get("permissions") != {}:
        yield "the file's own: %r" % file.document.get("permissions")
    for name, job in file.jobs.items():
        given = job.get("permissions")
        if not isinstance(given, dict):
            yield "%s: %r" % (name, given)
            continue
        for area, level in given.items():
            if level != "read" and ALLOWED.get(area) != level:
                yield "%s: %s: %s" % (name, area, level)


@rule("write-for-strangers", "GitHub's security hardening; zizmor excessive-permissions",
      "on: pull_request\npermissions: {}\njobs: {a: {permissions: {contents: write}}}")
def write_for_strangers(file):
    """A job that may write is of no event that a stranger starts, unless its condition says so."""
    if "pull_request" not in file.on:
        return
    for name, job in file.jobs.items():
        if may_write(file, job) and "github.event_name == 'push'" not in str(job.get("if", "")):
            yield name


@rule("unpinned-uses", "zizmor, also ref-confusion; Scorecard Pinned-Dependencies",
      "    steps: [{uses: actions/checkout@v4}]", "    steps: [{uses: actions/checkout@main}]",
      "    steps: [{uses: actions/checkout}]", "    steps: [{uses: 'docker://alpine:3'}]",
      "    steps: [{uses: actions/checkout@11bd719}]",
      "jobs: {a: {uses: o/r/.github/workflows/w.yml@v1}}")
def unpinned_uses(file):
    for name in file.uses():
        if name.startswith("docker://"):
            if "@sha256:" not in name:
                yield name
        elif not name.startswith("./") and not COMMIT.match(name):
            yield name


@rule("version-comment", "zizmor ref-version-mismatch; Scorecard Pinned-Dependencies",
      "    steps: [{uses: actions/checkout@%s}]" % ("1" * 40))
def version_comment(file):
    """A commit says nothing to people: beside it stands the version it was. Placeholders have none."""
    for name in file.uses():
        if name.endswith("@" + "0" * 40):
            continue
        if not re.search(re.escape(name) + r" # v\d+\.\d+\.\d+$", file.text, re.M):
            yield name


@rule("artipacked", "zizmor", "    steps: [{uses: actions/checkout@v4}]",
      "    steps: [{uses: actions/checkout@v4, with: {persist-credentials: true}}]")
def artipacked(file):
    for _, step in file.steps():
        if step.get("uses", "").startswith("actions/checkout@") and \
                step.get("with", {}).get("persist-credentials") is not False:
            yield step["uses"]


@rule("untrusted-checkout", "Scorecard Dangerous-Workflow; zizmor dangerous-triggers",
      "on: push\njobs: {a: {steps: [{uses: actions/checkout@v4, with: "
      "{ref: '${{ github.event.pull_request.head.sha }}'}}]}}",
      "on: push\njobs: {a: {permissions: write-all, steps: [{uses: actions/checkout@v4, with: "
      "{repository: '${{ github.event.workflow_run.head_repository.full_name }}'}}]}}")
def untrusted_checkout(file):
    for job, step in file.steps():
        if step.get("uses", "").startswith("actions/checkout@") and may_write(file, job):
            for text in texts(step.get("with", {})):
                if EXPRESSION.search(text):
                    yield text


@rule("cache-poisoning", "zizmor", "    steps: [{uses: actions/cache@v4}]",
      "    steps: [{uses: actions/setup-node@v4, with: {cache: npm}}]",
      "    steps: [{uses: actions/cache/restore@v4}]", "    steps: [{uses: Swatinem/rust-cache@v2}]")
def cache_poisoning(file):
    """What another job, or a pull request, has put into a cache never meets a token that may write."""
    for _, step in file.steps():
        if re.match(r"actions/cache|.*-cache@", step.get("uses", "")) or \
                any(key.startswith("cache") for key in step.get("with", {})):
            yield step["uses"]


@rule("github-env", "zizmor", "    steps: [{run: 'echo \"A=$B\" >> $GITHUB_ENV'}]",
      "    steps: [{run: 'echo x >>\"$GITHUB_PATH\"'}]",
      "    steps: [{run: 'echo x | tee -a ${GITHUB_ENV}'}]")
def github_env(file):
    for script in file.runs():
        if re.search(r"GITHUB_(ENV|PATH)\b", script):
            yield script


@rule("insecure-commands", "zizmor", "    env: {ACTIONS_ALLOW_UNSECURE_COMMANDS: true}\n    steps: []",
      "    steps: [{run: 'echo ::set-env name=a::b'}]", "    steps: [{run: 'echo ::add-path::b'}]")
def insecure_commands(file):
    if "ACTIONS_ALLOW_UNSECURE_COMMANDS" in file.text:
        yield "ACTIONS_ALLOW_UNSECURE_COMMANDS"
    for script in file.runs():
        if re.search(r"::(set-env|add-path|set-output|save-state)\b", script):
            yield script


@rule("self-hosted-runner", "zizmor", "jobs: {a: {runs-on: self-hosted}}",
      "jobs: {a: {runs-on: [self-hosted, linux]}}", "jobs: {a: {runs-on: {group: big}}}",
      "jobs: {a: {runs-on: '${{ inputs.where }}'}}", "jobs: {a: {runs-on: ubuntu-latest}}")
def self_hosted(file):
    """GitHub's own machines, which are thrown away, by a version that does not move."""
    for job in file.jobs.values():
        if not re.fullmatch(r"(ubuntu|windows|macos)-\d[\d.]*", str(job.get("runs-on", "ubuntu-24.04"))):
            yield str(job["runs-on"])


@rule("secrets-inherit", "zizmor", "jobs: {a: {uses: o/r/w.yml@x, secrets: inherit}}")
def secrets_inherit(file):
    for job in file.jobs.values():
        if job.get("secrets") == "inherit":
            yield job["uses"]


@rule("overprovisioned-secrets", "zizmor, also unredacted-secrets",
      "    steps: [{run: a, env: {A: '${{ toJSON(secrets) }}'}}]",
      "    steps: [{run: a, env: {A: '${{ fromJSON(secrets.ALL).a }}'}}]",
      "    steps: [{run: a, env: {A: '${{ secrets[inputs.which] }}'}}]")
def overprovisioned_secrets(file):
    for found in EXPRESSION.findall(file.text):
        if re.search(r"json\(\s*secrets\b|secrets\[", found, re.I):
            yield found.strip()


@rule("secrets-for-all", "zizmor secrets-outside-env; GitHub's security hardening",
      "on: push\nenv: {A: '${{ secrets.A }}'}\njobs: {}",
      "    env: {A: '${{ github.token }}'}\n    steps: [{run: a}]")
def secrets_for_all(file):
    """A secret is in the environment of the one step that needs it."""
    for part in [file.document, *file.jobs.values()]:
        for text in texts(part.get("env", {})):
            if re.search(r"\$\{\{[^}]*(secrets\.|github\.token)", text):
                yield text


@rule("hardcoded-credentials", "zizmor hardcoded-container-credentials",
      "    container: {image: a, credentials: {username: u, password: hunter2}}",
      "    services: {db: {image: a, credentials: {username: u, password: hunter2}}}")
def hardcoded_credentials(file):
    for job in file.jobs.values():
        for image in [job.get("container"), *job.get("services", {}).values()]:
            password = image.get("credentials", {}).get("password", "") if isinstance(image, dict) else ""
            if password and not EXPRESSION.search(password):
                yield "a password"


@rule("unpinned-images", "zizmor; Scorecard Pinned-Dependencies", "    container: alpine:3",
      "    container: {image: 'alpine'}", "    services: {db: {image: 'postgres:16'}}")
def unpinned_images(file):
    for job in file.jobs.values():
        for image in [job.get("container"), *job.get("services", {}).values()]:
            name = image.get("image", "") if isinstance(image, dict) else image
            if name and "@sha256:" not in name:
                yield name


@rule("adhoc-packages", "zizmor; Scorecard Pinned-Dependencies",
      "    steps: [{run: 'curl https://x.example | sh'}]", "    steps: [{run: 'npm install left-pad'}]",
      "    steps: [{run: 'pip install requests'}]", "    steps: [{run: 'wget -qO- https://x | sudo bash'}]",
      "    steps: [{run: 'go install x.example/y@latest'}]")
def adhoc_packages(file):
    found = r"(curl|wget)\b[^\n]*\|\s*(sudo\s+)?\w*sh\b|\bnpm (i|install) \w|\bpip3? install (?!-r |\.)|" \
            r"\bgo install \S+@latest|\bgem install \w"
    for script in file.runs():
        if re.search(found, script):
            yield script


@rule("bot-conditions", "zizmor", "    if: github.actor == 'dependabot[bot]'\n    steps: []",
      "    steps: [{run: a, if: \"contains(github.triggering_actor, '[bot]')\"}]")
def bot_conditions(file):
    for part in [*file.jobs.values(), *(step for _, step in file.steps())]:
        if re.search(r"github\.(triggering_)?actor\b", str(part.get("if", ""))):
            yield part["if"]


@rule("unsound-condition", "zizmor, also unsound-contains", "    if: |\n      ${{ false }}\n    steps: []",
      "    if: contains('refs/heads/main refs/heads/dev', github.ref)\n    steps: []",
      "    steps: [{run: a, if: 'x ${{ false }}'}]")
def unsound_condition(file):
    """Text around an expression makes it true; and what is in a list of words is in many others."""
    for part in [*file.jobs.values(), *(step for _, step in file.steps())]:
        text = str(part.get("if", ""))
        if EXPRESSION.search(text) and not EXPRESSION.fullmatch(text):
            yield text
        if re.search(r"contains\(\s*'", text):
            yield text


@rule("obfuscation", "zizmor", "    steps: [{uses: 'actions/./checkout@%s'}]" % ("1" * 40),
      "    steps: [{uses: 'a/../b/c@%s'}]" % ("1" * 40), "    steps: [{uses: '${{ inputs.a }}'}]")
def obfuscation(file):
    for name in file.uses():
        if EXPRESSION.search(name) or re.search(r"//|/\.{1,2}/", name.replace("docker://", "")):
            yield name


@rule("archived-uses", "zizmor", "    steps: [{uses: actions-rs/toolchain@%s}]" % ("1" * 40),
      "    steps: [{uses: actions/create-release@%s}]" % ("1" * 40))
def archived_uses(file):
    """Only those who are looked after; GitHub's own and Aegis are all we need."""
    for name in file.uses():
        if name.split("@")[0] not in ("actions/checkout", "actions/upload-artifact", "OWNER/aegis"):
            yield name


@rule("unbounded", "zizmor concurrency-limits; actionlint has none", "on: push\nconcurrency: a\n"
      "jobs: {a: {name: a, runs-on: x}}", "on: push\njobs: {}",
      "on: push\nconcurrency: a\njobs: {a: {name: a, timeout-minutes: 999}}")
def unbounded(file):
    """A time for each job, and not two runs of a branch at a time."""
    if file.is_action:
        return
    if "concurrency" not in file.document:
        yield "concurrency"
    for name, job in file.jobs.items():
        if not 0 < job.get("timeout-minutes", 0) <= 60:
            yield name


@rule("anonymous-definition", "zizmor", "on: push\njobs: {}", "name: a\non: push\njobs: {a: {runs-on: x}}")
def anonymous_definition(file):
    if "name" not in file.document:
        yield "the file"
    for name, job in file.jobs.items():
        if "name" not in job:
            yield name


@rule("undocumented-permissions", "zizmor", "    steps: []")
def undocumented_permissions(file):
    for job in file.jobs.values():
        for area, level in (job.get("permissions") or {}).items():
            if not re.search(r"^\s+%s: %s # \w" % (area, level), file.text, re.M):
                yield area


@rule("continue-on-error", "tests that may fail prove nothing", "    continue-on-error: true\n    steps: []",
      "    steps: [{run: make test, continue-on-error: true}]", "    steps: [{run: 'make test || true'}]")
def swallowed_failure(file):
    for part in [*file.jobs.values(), *(step for _, step in file.steps())]:
        if part.get("continue-on-error") is True or "|| true" in part.get("run", ""):
            yield part.get("run", part.get("name"))
