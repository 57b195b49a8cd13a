/*
 * Workflow runs: which ones an event starts, the order of their jobs, attempts, conclusions. What
 * a job does is runner.js's.
 */
import { createRunToken } from './auth.js';
import { newSuite } from './checks.js';
import { condition, fill, fillText } from './expression.js';
import * as git from './git.js';
import { computeMerge } from './pulls.js';
import { Job } from './runner.js';
import * as shapes from './shapes_check.js';
import { jobName, matrixOf, needsOf, startsOn, workflowsAt } from './workflow.js';

const SKIP = /\[(skip ci|ci skip|no ci|skip actions|actions skip)\]/;

async function changedFiles(repo, { sha, before, pull }) {
	const from = pull ? await git.mergeBase(repo.dir, pull.base_sha, sha) : before;
	return (await git.diff(repo.dir, from ?? git.EMPTY_TREE, sha)).map((file) => file.filename);
}

function workflowOf(hub, repo, file) {
	let one = repo.workflows.get(file.path);
	if (!one) {
		one = { id: hub.state.id(), path: file.path, count: 0, created_at: hub.state.stamp() };
		repo.workflows.set(file.path, one);
	}
	one.name = file.name;
	return one;
}

/* Starts what the event calls for; what a run's own token did starts nothing. */
export async function startRuns(hub, repo, event) {
	if (event.auth.kind === 'actions' && event.event !== 'workflow_dispatch') return [];
	const commit = await git.commit(repo.dir, event.sha);
	if (event.event !== 'workflow_dispatch' && SKIP.test(commit.message)) return [];
	let checkout = event.sha;
	if (event.event === 'pull_request') {
		checkout = await computeMerge(hub, repo, event.pull);
		if (!checkout) return [];
	}
	const files = await workflowsAt(repo, checkout);
	if (files.length === 0) return [];
	const paths = await changedFiles(repo, event);
	const runs = [];
	for (const file of files) {
		if (event.only && event.only !== file.path) continue;
		if (
			!startsOn(file.on, {
				event: event.event,
				branch: event.branch,
				files: paths,
				base: event.pull?.base_ref,
				action: event.action ?? 'synchronize',
			})
		)
			continue;
		runs.push(await newRun(hub, repo, { ...event, file, commit, checkout }));
	}
	return runs;
}

async function newRun(
	hub,
	repo,
	{ event, file, commit, checkout, branch, sha, pull, auth, inputs },
) {
	const { state } = hub;
	const workflow = workflowOf(hub, repo, file);
	workflow.count += 1;
	const suite = await newSuite(hub, repo, state.actionsApp, { branch, sha, status: 'queued' });
	const run = {
		id: state.id(),
		name: file.name,
		path: file.path,
		workflow_id: workflow.id,
		run_number: workflow.count,
		event,
		head_branch: branch,
		head_sha: sha,
		checkout,
		suite_id: suite.id,
		head_commit: commit,
		actor: auth.actor,
		spec: file.spec,
		pull: pull ?? null,
		inputs: inputs ?? {},
		created_at: state.stamp(),
		attempts: [],
		display_title: pull ? pull.title : commit.message.split('\n')[0],
	};
	suite.run_id = run.id;
	repo.runs.set(run.id, run);
	if (file.error) {
		/* A file that cannot be used: a run that failed before it had a job, and so has no log. */
		const at = state.stamp();
		run.attempts.push({
			number: 1,
			status: 'completed',
			conclusion: 'startup_failure',
			started_at: at,
			updated_at: at,
			actor: auth.actor,
			jobs: [],
		});
		Object.assign(suite, { status: 'completed', conclusion: 'startup_failure' });
		emitRun(hub, repo, run, 'completed');
		return run;
	}
	newAttempt(hub, repo, run, auth.actor, null);
	return run;
}

function emitRun(hub, repo, run, action) {
	const shape = shapes.run(hub, repo, run);
	const workflow = repo.workflows.get(run.path);
	hub.hooks.emit(
		repo,
		'workflow_run',
		{ action, workflow_run: shape, workflow: workflow && workflowShape(hub, repo, workflow) },
		{ actor: run.actor },
	);
}

export function workflowShape(hub, repo, one) {
	const api = `${hub.url}/repos/${repo.owner.login}/${repo.name}`;
	const html = `${hub.url}/${repo.owner.login}/${repo.name}`;
	return {
		id: one.id,
		node_id: `W_${one.id}`,
		name: one.name,
		path: one.path,
		state: one.state ?? 'active',
		created_at: one.created_at,
		updated_at: one.created_at,
		url: `${api}/actions/workflows/${one.id}`,
		html_url: `${html}/blob/${repo.default_branch}/${one.path}`,
		badge_url: `${html}/workflows/${encodeURIComponent(one.name)}/badge.svg`,
	};
}

/* keep: a test of earlier jobs whose result is taken over; null runs all. */
function newAttempt(hub, repo, run, actor, keep) {
	const { state } = hub;
	const at = state.stamp();
	const earlier = run.attempts.at(-1)?.jobs ?? [];
	earlier.forEach((id) => {
		repo.checks.get(id).replaced = true;
	});
	const attempt = {
		number: run.attempts.length + 1,
		status: 'queued',
		conclusion: null,
		started_at: at,
		updated_at: at,
		actor,
		jobs: [],
		cancelled: false,
	};
	run.attempts.push(attempt);
	const token = createRunToken(state, repo, {
		contents: 'write',
		metadata: 'read',
		pull_requests: 'write',
		issues: 'write',
		checks: 'write',
		statuses: 'write',
		actions: 'read',
		deployments: 'write',
	});
	const results = {};
	const jobs = [];
	for (const [id, spec] of Object.entries(run.spec.jobs)) {
		for (const matrix of matrixOf(spec)) {
			const name = fillText(jobName(id, spec, matrix), {
				matrix: matrix ?? {},
				github: {},
				inputs: run.inputs,
			});
			const job = new Job(hub, repo, run, attempt, { id, spec, name, matrix, token });
			const old =
				keep &&
				earlier
					.map((one) => repo.jobs.get(one))
					.find((one) => one.name === name && keep(one));
			if (old) job.takeOver(old);
			jobs.push(job);
			attempt.jobs.push(job.record.id);
		}
	}
	emitRun(hub, repo, run, 'requested');
	hub.later(0, () => execute(hub, repo, run, attempt, jobs, results));
	return attempt;
}

const worst = (conclusions) =>
	['failure', 'cancelled', 'success', 'skipped'].find((one) => conclusions.includes(one)) ??
	'success';

/* Jobs start when those they need are done; a failed one keeps them from it unless "if" says so. */
async function execute(hub, repo, run, attempt, jobs, results) {
	attempt.status = 'in_progress';
	emitRun(hub, repo, run, 'in_progress');
	const waits = {};
	const begin = async (id) => {
		const { spec } = jobs.find((job) => job.id === id);
		await Promise.all(needsOf(spec).map((need) => start(need)));
		const mine = jobs.filter((job) => job.id === id);
		const needs = Object.fromEntries(needsOf(spec).map((need) => [need, results[need]]));
		const all = Object.values(needs).map((one) => one.result);
		const go = condition(spec.if, {
			needs,
			github: mine[0].github(),
			vars: {},
			inputs: run.inputs,
			functions: {
				success: () => all.every((one) => one === 'success'),
				failure: () => all.includes('failure'),
				always: () => true,
				cancelled: () => attempt.cancelled,
			},
		});
		await Promise.all(
			mine.map((job) =>
				go && !attempt.cancelled ? job.run(needs) : job.skip(attempt.cancelled),
			),
		);
		results[id] = {
			result: worst(mine.map((job) => job.record.conclusion)),
			outputs: outputsOf(spec, mine.at(-1)),
		};
	};
	const start = (id) => {
		waits[id] ??= begin(id);
		return waits[id];
	};
	await Promise.all(Object.keys(run.spec.jobs).map(start));
	attempt.status = 'completed';
	attempt.updated_at = hub.state.stamp();
	attempt.conclusion = worst(
		Object.entries(results).map(([id, one]) =>
			run.spec.jobs[id]['continue-on-error'] && one.result === 'failure'
				? 'success'
				: one.result,
		),
	);
	emitRun(hub, repo, run, 'completed');
}

const outputsOf = (spec, job) =>
	Object.fromEntries(
		Object.entries(spec.outputs ?? {}).map(([key, value]) => [
			key,
			job.context ? fill(value, job.context) : '',
		]),
	);

/* all: the whole run again, otherwise what did not succeed and what needs it. */
export function rerun(hub, repo, run, actor, all) {
	const again = new Set();
	const add = (id) => {
		again.add(id);
		for (const [other, spec] of Object.entries(run.spec.jobs)) {
			if (needsOf(spec).includes(id) && !again.has(other)) add(other);
		}
	};
	const jobs = run.attempts.at(-1).jobs.map((id) => repo.jobs.get(id));
	const after = (key) =>
		Object.keys(run.spec.jobs).filter((id) => needsOf(run.spec.jobs[id]).includes(key));
	jobs.filter((one) => one.conclusion !== 'success').forEach((one) =>
		after(one.key).forEach(add),
	);
	return newAttempt(
		hub,
		repo,
		run,
		actor,
		all ? null : (job) => job.conclusion === 'success' && !again.has(job.key),
	);
}

export function cancel(repo, attempt) {
	attempt.cancelled = true;
	attempt.jobs.forEach((id) => repo.jobs.get(id).kill?.());
}
