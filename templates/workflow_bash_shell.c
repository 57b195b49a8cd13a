/*
 * A script written for bash that PowerShell was given, as it is on Windows without a word about the shell
 * -> shell: bash. Only when the script holds what only a POSIX shell reads.
 */
#include "templates/lib_workflow.h"

/* No PowerShell script has these. */
static bool is_bash(struct str script)
{
	static const char *const signs[] = { "; then", "; do", "\nfi", "\ndone", "[[ ", "\nesac", "|| exit 1",
		"<<EOF", "<< EOF", "<<'EOF'", "set -e", NULL };
	struct str line;

	for (size_t i = 0; signs[i]; i++)
		if (str_has(script, signs[i]))
			return true;
	while (str_next_line(&script, &line)) {
		line = str_trim(line);
		if (str_skip(&line, "export ") && str_char(line, '=') > 0)
			return true;
		if (str_split(line, "=", &line, NULL) && str_is_word(line))
			return true;		/* NAME=value */
	}
	return false;
}

static void fix(struct scene *scene)
{
	const char *shell = workflow_step_clue(scene, CLUE_SHELL);
	struct edits edits = { .arena = scene->arena };
	struct candidate *candidate;
	struct workflow_step step;
	struct workflow_job job;
	const struct syntax *s;
	size_t before;
	TSNode run;
	WORKFLOWS w = {0};

	if (!shell || (!str_has(str_of(shell), "pwsh") && !str_has(str_of(shell), "powershell")))
		return template_decline(scene, "the step did not run in PowerShell");
	workflows_open(&w, scene->arena, scene->tree);
	if (!workflow_job_of_log(scene, &w, &job))
		return;
	s = job.workflow->syntax;
	if (!workflow_step_of_log(scene, &job, &step) || !is_bash(step.run))
		return template_decline(scene, "the script may be meant for PowerShell");
	if (yaml_get_text(s, step.body, "shell").size ||
	    yaml_get_text(s, job.body, "defaults/run/shell").size ||
	    yaml_get_text(s, job.workflow->root, "defaults/run/shell").size)
		return template_decline(scene, "the shell was chosen");
	run = yaml_find(s, step.body, "run");
	before = edits.count;
	if (step.name.size || step.id.size)
		yaml_add_before(&edits, s, run, "shell", "bash");
	if (edits.count == before)
		yaml_add(&edits, s, step.body, run, "shell", "bash");
	candidate = propose(scene, ORACLE_CONTRACT, "The script is written for bash, and Windows gives it to "
			    "PowerShell unless told.");
	workflow_put(scene, candidate, job.workflow, &edits);
}

#define LOG "##[group]Run failed=0\nshell: C:\\Program Files\\PowerShell\\7\\pwsh.EXE -command \". '{0}'\"\n" \
	"##[endgroup]\nParserError: D:\\a\\_temp\\0c1e6f4e.ps1:3\nLine |\n   3 |  for p in a/*/; do\n" \
	"     |     ~\n     | Missing opening '(' after keyword 'for'.\n" \
	"##[error]Process completed with exit code 1.\n"

static const struct example examples[] = {
	{
		.name = "a loop",
		.log = LOG,
		.file = {
			{ ".github/workflows/ci.yml",
			  "on: push\njobs:\n  a:\n    runs-on: ${{ matrix.os }}\n    steps:\n"
			  "      - name: Test\n        run: |\n          failed=0\n          for p in a/*/; do\n"
			  "            x\n          done\n",
			  "on: push\njobs:\n  a:\n    runs-on: ${{ matrix.os }}\n    steps:\n"
			  "      - name: Test\n        shell: bash\n        run: |\n          failed=0\n"
			  "          for p in a/*/; do\n            x\n          done\n" },
		},
	},
	{
		.name = "PowerShell by choice",
		.log = LOG,
		.file = {
			{ ".github/workflows/ci.yml",
			  "on: push\njobs:\n  a:\n    runs-on: windows-2022\n    steps:\n"
			  "      - shell: pwsh\n        run: |\n          failed=0\n          for p in a/*/; do\n"
			  "            x\n          done\n", NULL },
		},
		.declines = "was chosen",
	},
	{0}
};

const struct template template_workflow_bash_shell = {
	.name = "workflow_bash_shell",
	.summary = "a bash script that Windows gives to PowerShell -> shell: bash",
	.class = "workflow",
	.oracles = "the script's own syntax",
	.keeps_off = "scripts that PowerShell may read; shells that were chosen",
	.danger = DANGER_1,
	.reading = true,
	.language = "powershell",
	.fix = fix,
	.examples = examples,
};
