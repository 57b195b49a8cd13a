/* Deployments and their statuses. */
import { openDeployment, setDeployment } from './deployments.js';
import { conflict, notFound, unprocessable } from './errors.js';
import * as git from './git.js';
import { paged } from './paging.js';
import { contextState } from './protect.js';
import { refChanged } from './events.js';
import { route } from './route.js';
import * as shapes from './shapes_check.js';
import { latestStatuses } from './shapes_check.js';

function list(ctx) {
	const { repo, query } = ctx;
	const all = [...repo.deployments.values()]
		.filter((one) =>
			['sha', 'ref', 'task', 'environment'].every(
				(key) => !query[key] || query[key] === 'none' || one[key] === query[key],
			),
		)
		.reverse();
	return paged(ctx, all, (one) => shapes.deployment(ctx.hub, repo, one));
}

function the(ctx) {
	const one = ctx.repo.deployments.get(Number(ctx.params.deployment_id));
	if (!one) throw notFound();
	return one;
}

/* auto_merge: a branch behind the default branch gets it merged first; then 202, no deployment. */
async function autoMerge(ctx, sha) {
	const { hub, repo, body, auth } = ctx;
	const branch = `refs/heads/${body.ref}`;
	const base = await git.resolve(repo.dir, repo.default_branch);
	const isBranch = (await git.refs(repo.dir, branch)).has(branch);
	if (!isBranch || (await git.isAncestor(repo.dir, base, sha))) return null;
	const tree = await git.mergeTree(repo.dir, sha, base);
	if (!tree) throw conflict(`Conflict merging ${repo.default_branch} into ${body.ref}.`);
	const who = { name: auth.actor.login, email: `${auth.actor.login}@users.noreply.github.com` };
	const merged = await git.commitTree(
		repo.dir,
		tree,
		[sha, base],
		`Merge ${repo.default_branch} into ${body.ref}`,
		who,
		hub.state.now(),
	);
	await git.setRef(repo.dir, branch, merged, sha);
	await refChanged(hub, repo, branch, sha, merged, auth);
	return {
		status: 202,
		body: {
			message: `Auto-merged ${repo.default_branch} into ${body.ref} on ` + 'deployment.',
		},
	};
}

function checkContexts({ repo, body }, sha) {
	const names = body.required_contexts ?? [
		...new Set([
			...[...repo.checks.values()]
				.filter((c) => c.head_sha === sha && !c.replaced)
				.map((c) => c.name),
			...latestStatuses(repo, sha).map((s) => s.context),
		]),
	];
	const bad = names.some(
		(context) => contextState(repo, sha, { context, app_id: null }) !== 'success',
	);
	if (bad) throw conflict('Conflict: Commit status checks failed for ' + body.ref + '.');
}

async function create(ctx) {
	const { hub, repo, body, auth } = ctx;
	const sha = await git.resolve(repo.dir, body.ref);
	if (!sha) throw unprocessable(`No ref found for: ${body.ref}`);
	if (body.auto_merge !== false) {
		const answer = await autoMerge(ctx, sha);
		if (answer) return answer;
	}
	checkContexts(ctx, sha);
	const one = await openDeployment(hub, repo, { ...body, sha }, auth);
	const shape = shapes.deployment(hub, repo, one);
	return { status: 201, body: shape, headers: { location: shape.url } };
}

async function createStatus(ctx) {
	const on = the(ctx);
	const one = await setDeployment(ctx.hub, ctx.repo, on, ctx.body, ctx.auth);
	const shape = shapes.deploymentStatus(ctx.hub, ctx.repo, on, one);
	return { status: 201, body: shape, headers: { location: shape.url } };
}

const R = '/repos/{owner}/{repo}/deployments';

export const routes = [
	route('GET', R, 'deployments:read', list),
	route('POST', R, 'deployments:write', (ctx) => ctx.repo.lock(() => create(ctx))),
	route('GET', `${R}/{deployment_id}`, 'deployments:read', (ctx) => ({
		body: shapes.deployment(ctx.hub, ctx.repo, the(ctx)),
	})),
	route('GET', `${R}/{deployment_id}/statuses`, 'deployments:read', (ctx) => {
		const on = the(ctx);
		return paged(ctx, [...on.statuses].reverse(), (one) =>
			shapes.deploymentStatus(ctx.hub, ctx.repo, on, one),
		);
	}),
	route('POST', `${R}/{deployment_id}/statuses`, 'deployments:write', createStatus),
];
