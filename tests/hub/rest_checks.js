/* Check runs, check suites, commit statuses. Only an App may write check runs, and only its own. */
import { applyCheck, checksOf, createCheck } from './checks.js';
import { forbidden, invalid, notFound, unprocessable } from './errors.js';
import * as git from './git.js';
import { paged } from './paging.js';
import { tryAutoMerge } from './pulls.js';
import { route } from './route.js';
import { commit } from './shapes.js';
import * as shapes from './shapes_check.js';

const TEXT_LIMIT = 65535;
const STATUSES_A_CONTEXT = 1000;

function appOnly({ auth }) {
	if (!auth.app) {
		throw forbidden('You must authenticate via a GitHub App.');
	}
}

function checkOutput({ output }) {
	for (const key of ['summary', 'text']) {
		if (output?.[key]?.length > TEXT_LIMIT) {
			throw invalid({
				resource: 'CheckRun',
				code: 'custom',
				field: key,
				message: `${key} exceeds a maximum of ${TEXT_LIMIT} characters`,
			});
		}
	}
	for (const one of output?.annotations ?? []) {
		if (
			one.start_line > one.end_line ||
			(one.start_line !== one.end_line && one.start_column)
		) {
			throw invalid({
				resource: 'CheckRun',
				code: 'custom',
				field: 'annotations',
				message: 'start_line and end_line do not fit',
			});
		}
	}
}

async function create(ctx) {
	const { hub, repo, body, auth } = ctx;
	appOnly(ctx);
	checkOutput(body);
	if (!/^[0-9a-f]{40}$/.test(body.head_sha) || !(await git.resolve(repo.dir, body.head_sha))) {
		throw unprocessable(`No commit found for SHA: ${body.head_sha}`);
	}
	if (body.status === 'completed' && !body.conclusion) {
		throw unprocessable('Invalid request.\n\nMissing required keys "conclusion".');
	}
	const one = await createCheck(hub, repo, auth.app, body, auth);
	return { status: 201, body: shapes.check(hub, repo, one) };
}

function the(ctx) {
	const one = ctx.repo.checks.get(Number(ctx.params.check_run_id));
	if (!one) throw notFound();
	return one;
}

async function update(ctx) {
	const { hub, repo, body, auth } = ctx;
	const one = the(ctx);
	appOnly(ctx);
	if (one.app !== auth.app)
		throw forbidden(
			'Invalid app_id `' +
				auth.app.id +
				'` - check run can only be modified by the GitHub App that created it.',
		);
	checkOutput(body);
	await applyCheck(hub, repo, one, body, auth);
	return { body: shapes.check(hub, repo, one) };
}

async function shaOf(ctx, name = ctx.params.ref) {
	const sha = await git.resolve(ctx.repo.dir, name);
	if (!sha) throw unprocessable(`No commit found for SHA: ${name}`);
	return sha;
}

const shape = (ctx) => (one) => shapes.check(ctx.hub, ctx.repo, one);

async function listForRef(ctx) {
	const sha = await shaOf(ctx);
	const all = checksOf(ctx.repo, (one) => one.head_sha === sha, ctx.query);
	return paged(ctx, all.reverse(), shape(ctx), 'check_runs');
}

function suiteOf(ctx) {
	const one = ctx.repo.suites.get(Number(ctx.params.check_suite_id));
	if (!one) throw notFound();
	return one;
}

function listForSuite(ctx) {
	const { id } = suiteOf(ctx);
	return paged(
		ctx,
		checksOf(ctx.repo, (one) => one.suite_id === id, ctx.query),
		shape(ctx),
		'check_runs',
	);
}

async function suites(ctx) {
	const sha = await shaOf(ctx);
	const all = [...ctx.repo.suites.values()].filter(
		(one) =>
			one.head_sha === sha && (!ctx.query.app_id || one.app.id === Number(ctx.query.app_id)),
	);
	return paged(ctx, all, (one) => shapes.suite(ctx.hub, ctx.repo, one), 'check_suites');
}

function annotations(ctx) {
	const one = the(ctx);
	return paged(ctx, one.annotations, (a) => shapes.annotation(ctx.hub, ctx.repo, one, a));
}

async function createStatus(ctx) {
	const { hub, repo, body, auth, state, params } = ctx;
	const sha = await shaOf(ctx, params.sha);
	const context = body.context ?? 'default';
	if (
		repo.statuses.filter((s) => s.sha === sha && s.context === context).length >=
		STATUSES_A_CONTEXT
	) {
		throw invalid({
			resource: 'Status',
			code: 'custom',
			field: 'context',
			message: 'This SHA and context has reached the maximum number of statuses.',
		});
	}
	const one = {
		id: state.id(),
		sha,
		state: body.state,
		context,
		description: body.description ?? null,
		target_url: body.target_url ?? null,
		creator: auth.actor,
		created_at: state.stamp(),
	};
	repo.statuses.push(one);
	const made = shapes.status(hub, repo, one);
	await emitStatus(ctx, one, made);
	hub.later(0, () => tryAutoMerge(hub, repo));
	return { status: 201, body: made, headers: { location: made.url } };
}

async function emitStatus({ hub, repo, auth }, one, made) {
	const of = commit(hub, repo, await git.commit(repo.dir, one.sha));
	const branches = [...(await git.refs(repo.dir, 'refs/heads'))]
		.filter(([, r]) => r.sha === one.sha)
		.map(([ref]) => ({
			name: ref.slice(11),
			commit: { sha: one.sha, url: of.url },
			protected: false,
		}));
	const { id, state, description, target_url, context, created_at, updated_at } = made;
	hub.hooks.emit(
		repo,
		'status',
		{
			id,
			state,
			description,
			target_url,
			context,
			created_at,
			updated_at,
			sha: one.sha,
			name: `${repo.owner.login}/${repo.name}`,
			avatar_url: null,
			commit: of,
			branches,
		},
		auth,
	);
}

async function statuses(ctx) {
	const sha = await shaOf(ctx);
	const all = ctx.repo.statuses.filter((one) => one.sha === sha).reverse();
	return paged(ctx, all, (one) => shapes.status(ctx.hub, ctx.repo, one));
}

const R = '/repos/{owner}/{repo}';

export const routes = [
	route('POST', `${R}/check-runs`, 'checks:write', (ctx) => ctx.repo.lock(() => create(ctx))),
	route('GET', `${R}/check-runs/{check_run_id}`, 'checks:read', (ctx) => ({
		body: shape(ctx)(the(ctx)),
	})),
	route('PATCH', `${R}/check-runs/{check_run_id}`, 'checks:write', update),
	route('GET', `${R}/check-runs/{check_run_id}/annotations`, 'checks:read', annotations),
	route('GET', `${R}/commits/{ref}/check-runs`, 'checks:read', listForRef),
	route('GET', `${R}/commits/{ref}/check-suites`, 'checks:read', suites),
	route('GET', `${R}/check-suites/{check_suite_id}`, 'checks:read', (ctx) => ({
		body: shapes.suite(ctx.hub, ctx.repo, suiteOf(ctx)),
	})),
	route('GET', `${R}/check-suites/{check_suite_id}/check-runs`, 'checks:read', listForSuite),
	route('POST', `${R}/statuses/{sha}`, 'statuses:write', createStatus),
	route('GET', `${R}/commits/{ref}/statuses`, 'statuses:read', statuses),
	route('GET', `${R}/commits/{ref}/status`, 'statuses:read', async (ctx) => ({
		body: shapes.combined(ctx.hub, ctx.repo, await shaOf(ctx)),
	})),
];
