/* Workflow runs, jobs, logs, reruns, dispatch. Logs are redirects to another host, for a minute. */
import { ApiError, forbidden, notFound, unprocessable } from './errors.js';
import * as git from './git.js';
import { paged } from './paging.js';
import { route } from './route.js';
import { cancel, rerun, startRuns, workflowShape } from './runs.js';
import * as shapes from './shapes_check.js';
import { workflowsAt } from './workflow.js';

/* GitHub lists no more than this for a filtered search. */
const SEARCH_LIMIT = 1000;

function the(ctx) {
	const one = ctx.repo.runs.get(Number(ctx.params.run_id));
	if (!one) throw notFound();
	return one;
}

/* "2024-01-01..2024-02-01", ">=2024-01-01", "2024-01-01" */
function createdTest(text) {
	const range = /^(.*)\.\.(.*)$/.exec(text);
	const time = (one, otherwise) => (one === '*' || one === '' ? otherwise : Date.parse(one));
	if (range) {
		const [from, to] = [time(range[1], -Infinity), time(range[2], Infinity)];
		return (at) => at >= from && at <= to;
	}
	const sign = /^(>=|<=|>|<)?(.*)$/.exec(text);
	const when = Date.parse(sign[2]);
	if (Number.isNaN(when)) return () => false;
	const tests = {
		'>=': (at) => at >= when,
		'<=': (at) => at <= when,
		'>': (at) => at > when,
		'<': (at) => at < when,
	};
	return tests[sign[1]] ?? ((at) => at >= when && at < when + 86400000);
}

function list(ctx) {
	const { repo, query } = ctx;
	const created = query.created ? createdTest(query.created) : () => true;
	const last = (run) => run.attempts.at(-1);
	const all = [...repo.runs.values()]
		.filter(
			(run) =>
				(!query.branch || run.head_branch === query.branch) &&
				(!query.event || run.event === query.event) &&
				(!query.head_sha || run.head_sha === query.head_sha) &&
				(!query.actor || run.actor.login === query.actor) &&
				(!query.check_suite_id || run.suite_id === Number(query.check_suite_id)) &&
				(!query.status ||
					last(run).status === query.status ||
					last(run).conclusion === query.status) &&
				created(Date.parse(run.created_at)),
		)
		.reverse();
	const searched = [
		'branch',
		'event',
		'head_sha',
		'actor',
		'status',
		'created',
		'check_suite_id',
	].some((key) => query[key]);
	return paged(
		ctx,
		searched ? all.slice(0, SEARCH_LIMIT) : all,
		(one) => runShape(ctx, one),
		'workflow_runs',
	);
}

function runShape(ctx, run, attempt) {
	const shape = shapes.run(ctx.hub, ctx.repo, run, attempt);
	if (ctx.query.exclude_pull_requests === 'true') shape.pull_requests = [];
	return shape;
}

function attemptOf(ctx, run) {
	const one = run.attempts[Number(ctx.params.attempt_number) - 1];
	if (!one) throw notFound();
	return one;
}

function jobs(ctx, attempt) {
	const run = the(ctx);
	const which = attempt
		? [attemptOf(ctx, run)]
		: ctx.query.filter === 'all'
			? run.attempts
			: [run.attempts.at(-1)];
	const all = which.flatMap((one) => one.jobs).map((id) => ctx.repo.jobs.get(id));
	return paged(ctx, all, (one) => shapes.job(ctx.hub, ctx.repo, one), 'jobs');
}

function jobOf(ctx) {
	const one = ctx.repo.jobs.get(Number(ctx.params.job_id));
	if (!one) throw notFound();
	return one;
}

/* 404 while the job runs, 410 when the log has expired (a control call makes it so). */
function jobLogs(ctx) {
	const job = jobOf(ctx);
	if (job.log_expired) throw new ApiError(410, 'Server Error');
	if (!job.log) throw notFound();
	return { status: 302, headers: { location: ctx.hub.blobs.link(job.log) } };
}

async function again(ctx, all) {
	const run = the(ctx);
	if (run.attempts.at(-1).status !== 'completed') {
		throw forbidden('This workflow is already running');
	}
	if (!run.spec) throw forbidden('This workflow run cannot be retried');
	const failed = run.attempts.at(-1).conclusion !== 'success';
	if (!all && !failed) throw forbidden('This workflow run has no failed jobs.');
	rerun(ctx.hub, ctx.repo, run, ctx.auth.actor, all);
	return { status: 201, body: {} };
}

function stop(ctx) {
	const attempt = the(ctx).attempts.at(-1);
	if (attempt.status === 'completed') {
		throw new ApiError(409, 'Cannot cancel a workflow run that is completed.');
	}
	cancel(ctx.repo, attempt);
	return { status: 202, body: {} };
}

async function workflows(ctx) {
	return paged(
		ctx,
		[...ctx.repo.workflows.values()],
		(one) => workflowShape(ctx.hub, ctx.repo, one),
		'workflows',
	);
}

async function dispatch(ctx) {
	const { hub, repo, body, params, auth } = ctx;
	const branch = body.ref.replace(/^refs\/heads\//, '');
	const sha = await git.resolve(repo.dir, `refs/heads/${branch}`);
	if (!sha) throw unprocessable(`No ref found for: ${body.ref}`);
	const files = await workflowsAt(repo, sha);
	const known = [...repo.workflows.values()].find((one) => String(one.id) === params.workflow_id);
	const file = files.find(
		(one) => one.path === known?.path || one.path.split('/').pop() === params.workflow_id,
	);
	if (!file) throw notFound();
	const [run] = await startRuns(hub, repo, {
		event: 'workflow_dispatch',
		branch,
		sha,
		auth,
		before: null,
		only: file.path,
		inputs: body.inputs ?? {},
	});
	if (!run) throw unprocessable("Workflow does not have 'workflow_dispatch' trigger");
	if (!body.return_run_details) return { status: 204 };
	const shape = shapes.run(hub, repo, run);
	return {
		status: 200,
		body: { workflow_run_id: run.id, run_url: shape.url, html_url: shape.html_url },
	};
}

const R = '/repos/{owner}/{repo}/actions';

export const routes = [
	route('GET', `${R}/runs`, 'actions:read', list),
	route('GET', `${R}/runs/{run_id}`, 'actions:read', (ctx) => ({
		body: runShape(ctx, the(ctx)),
	})),
	route('GET', `${R}/runs/{run_id}/jobs`, 'actions:read', (ctx) => jobs(ctx, false)),
	route('GET', `${R}/runs/{run_id}/attempts/{attempt_number}`, 'actions:read', (ctx) => ({
		body: runShape(ctx, the(ctx), attemptOf(ctx, the(ctx))),
	})),
	route('GET', `${R}/runs/{run_id}/attempts/{attempt_number}/jobs`, 'actions:read', (ctx) =>
		jobs(ctx, true),
	),
	route('GET', `${R}/jobs/{job_id}`, 'actions:read', (ctx) => ({
		body: shapes.job(ctx.hub, ctx.repo, jobOf(ctx)),
	})),
	route('GET', `${R}/jobs/{job_id}/logs`, 'actions:read', jobLogs),
	route('POST', `${R}/runs/{run_id}/rerun`, 'actions:write', (ctx) => again(ctx, true)),
	route('POST', `${R}/runs/{run_id}/rerun-failed-jobs`, 'actions:write', (ctx) =>
		again(ctx, false),
	),
	route('POST', `${R}/runs/{run_id}/cancel`, 'actions:write', stop),
	route('GET', `${R}/workflows`, 'actions:read', workflows),
	route('POST', `${R}/workflows/{workflow_id}/dispatches`, 'actions:write', dispatch),
];
