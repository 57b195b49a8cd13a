/*
 * The end of a proof: the fix is run once more, and what was seen becomes a record. How that is written
 * is bot/proof.c's.
 */
#include "bot/fix_parts.h"

#include "git/history.h"

enum { MEGABYTE = 1024 * 1024 };

/* Green once may be luck. What stays red must stay so in the same way, and nothing more. */
bool fix_repeat(struct fix *fix, struct err *e)
{
	const struct trial *once = &fix->current;
	struct trial again;

	fix->green_runs = 1;
	fix_progress(fix, "running it once more with the fix");
	if (!trial_run(&fix->place, fix->command, &fix->patch, NULL, fix->arena, &again, e))
		return false;
	fix->facts.not_again = again.green != once->green || again.jail.end != once->jail.end ||
			       again.jail.code != once->jail.code ||
			       again.report->tests.failed > once->report->tests.failed;
	fix->green_runs += !fix->facts.not_again;
	return true;
}

static struct proof_run run_of(const struct trial *trial, unsigned runs)
{
	const struct tests *tests = &trial->report->tests;
	struct proof_run run = {
		.runs = runs, .exited = trial->jail.end == JAIL_EXITED, .code = trial->jail.code,
		.log_sha256 = trial->log_sha256, .log_bytes = trial->log_bytes,
		.counted = tests->counted, .run = tests->run, .passed = tests->passed,
		.failed = tests->failed, .skipped = tests->skipped,
		.failed_names = tests->failed_names, .name_count = tests->failed_count,
	};

	if (run.name_count > PROOF_NAMES_MOST) {
		run.names_left_out = run.name_count - PROOF_NAMES_MOST;
		run.name_count = PROOF_NAMES_MOST;
	}
	return run;
}

static struct proof_sandbox sandbox_of(const struct workplace *place)
{
	const struct jail_limits *limits = &place->limits;

	return (struct proof_sandbox){
		.used = !place->unsafe, .network = place->unsafe,
		.memory_mb = limits->memory_bytes / MEGABYTE, .wall_s = limits->wall_ms / 1000,
		.idle_s = limits->idle_ms / 1000, .cpu_s = limits->cpu_s,
		.processes = limits->processes, .file_mb = limits->file_bytes / MEGABYTE,
		.disk_mb = limits->disk_bytes / MEGABYTE,
	};
}

static void add_read(struct fix *fix, struct proof *proof)
{
	for (size_t i = 0; i < fix->patch.count && i < PROOF_READ_MOST; i++)
		arena_push(fix->arena, proof->read, proof->read_count) = fix->patch.changes[i].path;
}

static void add_runs(struct fix *fix, struct proof *proof)
{
	proof->command = fix->command;
	proof->before = run_of(&fix->before, fix->red_runs);
	proof->after = run_of(&fix->current, fix->green_runs);
	proof->tools = tool_versions(&fix->place, fix->command, fix->before.report->tests.framework,
				     fix->arena, &proof->tool_count);
}

bool fix_record(struct fix *fix, struct err *e)
{
	const struct failure *failure = fix_failure(fix);
	struct answer *answer = fix->answer;
	struct proof *proof = arena_new(fix->arena, struct proof);
	char tree[REPO_ID_SIZE], parent[REPO_ID_SIZE];

	*proof = (struct proof){
		.made_by = "aegis " AEGIS_VERSION, .incident = answer->incident,
		.signature = failure->signature, .family = failure->family,
		.by_reading = fix->taken.by_reading, .action = answer->action,
		.template_name = answer->template_name,
		.model = fix->first.candidate->by_model ? answer->model.name : NULL,
		.oracle = answer->oracle ? oracle_name(answer->oracle) : NULL,
		.base = { arena_strdup(fix->arena, fix->head.commit),
			  arena_strdup(fix->arena, fix->head.tree) },
		.sandbox = sandbox_of(&fix->place),
	};
	if (answer->commit) {
		if (!history_ids(fix->repo, answer->commit, tree, parent, e))
			return fail_while(e, "writing the proof down");
		proof->fixed = (struct proof_state){ answer->commit, arena_strdup(fix->arena, tree) };
	}
	if (proof->by_reading)
		add_read(fix, proof);
	else
		add_runs(fix, proof);
	answer->proof = proof;
	return true;
}
