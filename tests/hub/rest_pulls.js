/* Pull requests: list, open, change, files, commits, merge, reviewers, reviews. */
import { mayDo } from './auth.js';
import { changed, refChanged } from './events.js';
import { ApiError, forbidden, invalid, notFound, unprocessable } from './errors.js';
import * as git from './git.js';
import { paged } from './paging.js';
import {
	askMergeable,
	closePull,
	findPull,
	mergePull,
	openPull,
	pullShape,
	tryAutoMerge,
} from './pulls.js';
import { route } from './route.js';
import * as shapes from './shapes.js';
import { pullSimple, review } from './shapes_pull.js';
import { roleAtLeast, roleOf } from './state.js';

function the(ctx) {
	const pull = findPull(ctx.repo, ctx.params.pull_number);
	if (!pull) throw notFound();
	return pull;
}

const SORTS = {
	created: 'created_at',
	updated: 'updated_at',
	popularity: 'number',
	'long-running': 'created_at',
};

function list(ctx) {
	const { repo, query } = ctx;
	const state = query.state ?? 'open';
	const sort = SORTS[query.sort ?? 'created'] ?? 'created_at';
	const down = (query.direction ?? (query.sort ? 'asc' : 'desc')) === 'desc' ? -1 : 1;
	/* head without "owner:" is not a filter at all; GitHub then lists everything. */
	const head = query.head?.includes(':') ? query.head.toLowerCase() : null;
	const all = [...repo.pulls.values()]
		.filter(
			(one) =>
				(state === 'all' || one.state === state) &&
				(!head || `${repo.owner.login}:${one.head_ref}`.toLowerCase() === head) &&
				(!query.base || one.base_ref === query.base),
		)
		.sort(
			(a, b) =>
				down * (a[sort] === b[sort] ? a.number - b.number : a[sort] < b[sort] ? -1 : 1),
		);
	return paged(ctx, all, (one) => pullSimple(ctx.hub, repo, one));
}

const bad = (field, code = 'invalid', message) =>
	invalid({ resource: 'PullRequest', field, code, ...(message ? { message } : {}) });

async function create(ctx) {
	const { hub, repo, body, auth } = ctx;
	const [owner, ref] = body.head.includes(':')
		? body.head.split(':')
		: [repo.owner.login, body.head];
	if (owner.toLowerCase() !== repo.owner.login.toLowerCase()) throw bad('head');
	const sha = await git.resolve(repo.dir, `refs/heads/${ref}`);
	const base = await git.resolve(repo.dir, `refs/heads/${body.base}`);
	if (!sha) throw bad('head');
	if (!base) throw bad('base');
	if (!body.title) throw bad('title', 'missing_field');
	const custom = (message) => invalid({ resource: 'PullRequest', code: 'custom', message });
	const twin = [...repo.pulls.values()].find(
		(one) => one.state === 'open' && one.head_ref === ref && one.base_ref === body.base,
	);
	if (twin) throw custom(`A pull request already exists for ${repo.owner.login}:${ref}.`);
	if (await git.isAncestor(repo.dir, sha, base)) {
		throw custom(`No commits between ${body.base} and ${ref}`);
	}
	const pull = await openPull(hub, repo, {
		title: body.title,
		body: body.body ?? null,
		head: { ref, sha },
		base: body.base,
		draft: body.draft ?? false,
		auth,
	});
	const shape = await pullShape(hub, repo, pull);
	return { status: 201, body: shape, headers: { location: shape.url } };
}

async function get(ctx) {
	const { hub, repo, headers } = ctx;
	const pull = the(ctx);
	const kind = /\.(diff|patch)\b/.exec(headers.accept ?? '')?.[1];
	if (kind) {
		const from = await git.mergeBase(repo.dir, pull.base_sha, pull.head_sha);
		return {
			body: await git.git(
				repo.dir,
				kind === 'diff'
					? ['diff', from, pull.head_sha]
					: ['format-patch', '--stdout', `${from}..${pull.head_sha}`],
			),
			headers: { 'content-type': `application/vnd.github.${kind}; charset=utf-8` },
		};
	}
	const body = await pullShape(hub, repo, pull);
	askMergeable(hub, repo, pull);
	return { body };
}

async function update(ctx) {
	const { hub, repo, body, auth } = ctx;
	const pull = the(ctx);
	if (body.base && !(await git.resolve(repo.dir, `refs/heads/${body.base}`))) throw bad('base');
	if (body.state === 'open' && pull.merged_at) throw bad('state');
	const reopen = body.state === 'open' && pull.state === 'closed';
	if (reopen && (await git.resolve(repo.dir, `refs/heads/${pull.head_ref}`)) !== pull.head_sha) {
		throw bad(
			'state',
			'invalid',
			'state cannot be changed. The branch was force-pushed, ' + 'recreated or deleted.',
		);
	}
	const edited = {};
	for (const key of ['title', 'body']) {
		if (body[key] === undefined || body[key] === pull[key]) continue;
		edited[key] = { from: pull[key] ?? '' };
		pull[key] = body[key];
	}
	if (body.base && body.base !== pull.base_ref) {
		pull.base_ref = body.base;
		pull.base_sha = await git.resolve(repo.dir, `refs/heads/${body.base}`);
		pull.mergeable = null;
	}
	if (Object.keys(edited).length) {
		await changed(hub, repo, pull, 'edited', auth, { changes: edited });
	}
	if (body.state === 'closed' && pull.state === 'open') await closePull(hub, repo, pull, auth);
	if (reopen) {
		Object.assign(pull, { state: 'open', closed_at: null });
		await changed(hub, repo, pull, 'reopened', auth);
	}
	return { body: await pullShape(hub, repo, pull) };
}

const span = async (repo, pull) =>
	git.mergeBase(
		repo.dir,
		pull.merged_at
			? pull.base_sha
			: ((await git.resolve(repo.dir, pull.base_ref)) ?? pull.base_sha),
		pull.head_sha,
	);

async function files(ctx) {
	const pull = the(ctx);
	const all = await git.diff(ctx.repo.dir, await span(ctx.repo, pull), pull.head_sha);
	return paged(ctx, all, (one) => shapes.diffEntry(ctx.hub, ctx.repo, one, pull.head_sha));
}

async function commits(ctx) {
	const pull = the(ctx);
	const from = await span(ctx.repo, pull);
	const all = (await git.log(ctx.repo.dir, [`${from}..${pull.head_sha}`])).reverse();
	return paged(ctx, all, (one) => shapes.commit(ctx.hub, ctx.repo, one));
}

async function merge(ctx) {
	const { hub, repo, body, auth } = ctx;
	const pull = the(ctx);
	const sha = await repo.lock(() => mergePull(hub, repo, pull, body, auth));
	return { body: { sha, merged: true, message: 'Pull Request successfully merged' } };
}

async function updateBranch(ctx) {
	const { hub, repo, body, auth } = ctx;
	const pull = the(ctx);
	if (body.expected_head_sha && body.expected_head_sha !== pull.head_sha) {
		throw unprocessable(`expected head sha didn’t match current head ref.`);
	}
	const base = await git.resolve(repo.dir, pull.base_ref);
	if (await git.isAncestor(repo.dir, base, pull.head_sha)) {
		throw unprocessable('There are no new commits on the base branch.');
	}
	const tree = await git.mergeTree(repo.dir, pull.head_sha, base);
	if (!tree) throw unprocessable('merge conflict between base and head');
	const old = pull.head_sha;
	const who = { name: auth.actor.login, email: `${auth.actor.login}@users.noreply.github.com` };
	const sha = await git.commitTree(
		repo.dir,
		tree,
		[old, base],
		`Merge branch '${pull.base_ref}' into ${pull.head_ref}`,
		who,
		hub.state.now(),
	);
	const ref = `refs/heads/${pull.head_ref}`;
	if (!(await git.setRef(repo.dir, ref, sha, old))) throw unprocessable('the head has moved');
	await refChanged(hub, repo, ref, old, sha, auth);
	return {
		status: 202,
		body: {
			message: 'Updating pull request branch.',
			url: `${shapes.htmlUrl(hub, repo)}/pull/${pull.number}`,
		},
	};
}

function requestReviewers(ctx) {
	const { hub, repo, body, state } = ctx;
	const pull = the(ctx);
	for (const login of body.reviewers ?? []) {
		const who = state.users.get(login.toLowerCase());
		if (
			!who ||
			!roleAtLeast(roleOf(repo, login), 'read') ||
			(repo.owner.login !== login && !repo.collaborators.has(login.toLowerCase()))
		) {
			throw unprocessable(
				'Reviews may only be requested from collaborators. One or more of ' +
					'the users or teams you specified is not a collaborator of the ' +
					`${repo.owner.login}/${repo.name} repository.`,
			);
		}
		if (who === pull.user) {
			throw unprocessable('Review cannot be requested from pull request author.');
		}
		if (!pull.requested.includes(who)) pull.requested.push(who);
	}
	return { status: 201, body: pullSimple(hub, repo, pull) };
}

const STATES = { APPROVE: 'APPROVED', REQUEST_CHANGES: 'CHANGES_REQUESTED', COMMENT: 'COMMENTED' };

async function addReview(ctx) {
	const { hub, repo, body, auth, state } = ctx;
	const pull = the(ctx);
	if (body.event !== 'COMMENT' && auth.actor === pull.user && body.event) {
		const verb = body.event === 'APPROVE' ? 'approve' : 'request changes on';
		throw new ApiError(422, 'Unprocessable Entity', {
			errors: [`Can not ${verb} your own pull request`],
		});
	}
	if (!body.body && body.event !== 'APPROVE') {
		throw new ApiError(422, 'Unprocessable Entity', { errors: ['Body can not be blank'] });
	}
	const one = {
		id: state.id(),
		number: pull.number,
		user: auth.actor,
		body: body.body ?? '',
		state: STATES[body.event] ?? 'PENDING',
		commit_id: body.commit_id ?? pull.head_sha,
		submitted_at: body.event ? state.stamp() : null,
	};
	repo.reviews.push(one);
	if (body.event) {
		pull.requested = pull.requested.filter((who) => who !== auth.actor);
		tellReview(hub, repo, pull, one, 'submitted', auth);
	}
	return { body: review(hub, repo, one) };
}

function tellReview(hub, repo, pull, one, action, auth) {
	const shape = review(hub, repo, one);
	hub.hooks.emit(
		repo,
		'pull_request_review',
		{
			action,
			review: { ...shape, state: shape.state.toLowerCase() },
			pull_request: pullSimple(hub, repo, pull),
		},
		auth,
	);
	hub.later(0, () => tryAutoMerge(hub, repo));
}

/* The same review with another state: its id, its commit and its time stay. */
function dismissReview(ctx) {
	const { hub, repo, params, body, auth } = ctx;
	const pull = the(ctx);
	const one = repo.reviews.find(
		(each) => each.number === pull.number && each.id === Number(params.review_id),
	);
	if (!one) throw notFound();
	if (auth.kind === 'user' && !mayDo(auth, repo, 'contents:write')) throw forbidden();
	if (!body.message) throw unprocessable('message cannot be blank');
	if (!['APPROVED', 'CHANGES_REQUESTED'].includes(one.state)) {
		throw unprocessable(`Can not dismiss a ${one.state.toLowerCase()} pull request review`);
	}
	one.state = 'DISMISSED';
	tellReview(hub, repo, pull, one, 'dismissed', auth);
	return { body: review(hub, repo, one) };
}

/* Opening needs write on pull requests and, of people, a way to push the head branch. */
function mayOpen(ctx) {
	if (ctx.auth.kind === 'user' && !mayDo(ctx.auth, ctx.repo, 'contents:write')) {
		throw forbidden('Must be a collaborator to open a pull request from this repository.');
	}
	/* One at a time, or two could both find that there is no such pull request yet. */
	return ctx.repo.lock(() => create(ctx));
}

function merged(ctx) {
	if (!the(ctx).merged_at) throw notFound();
	return { status: 204 };
}

function reviews(ctx) {
	const pull = the(ctx);
	return paged(
		ctx,
		/* What is not sent yet is seen by its author only. */
		ctx.repo.reviews.filter(
			(one) =>
				one.number === pull.number &&
				(one.state !== 'PENDING' || one.user === ctx.auth.actor),
		),
		(one) => review(ctx.hub, ctx.repo, one),
	);
}

const R = '/repos/{owner}/{repo}/pulls';

export const routes = [
	route('GET', R, 'pull_requests:read', list),
	route('POST', R, 'pull_requests:write', mayOpen),
	route('GET', `${R}/{pull_number}`, 'pull_requests:read', get),
	route('PATCH', `${R}/{pull_number}`, 'pull_requests:write', update),
	route('GET', `${R}/{pull_number}/files`, 'pull_requests:read', files),
	route('GET', `${R}/{pull_number}/commits`, 'pull_requests:read', commits),
	route('GET', `${R}/{pull_number}/merge`, 'pull_requests:read', merged),
	route('PUT', `${R}/{pull_number}/merge`, 'contents:write', merge),
	route('PUT', `${R}/{pull_number}/update-branch`, 'pull_requests:write', (ctx) =>
		ctx.repo.lock(() => updateBranch(ctx)),
	),
	route(
		'POST',
		`${R}/{pull_number}/requested_reviewers`,
		'pull_requests:write',
		requestReviewers,
	),
	route('GET', `${R}/{pull_number}/reviews`, 'pull_requests:read', reviews),
	route('POST', `${R}/{pull_number}/reviews`, 'pull_requests:write', addReview),
	route(
		'PUT',
		`${R}/{pull_number}/reviews/{review_id}/dismissals`,
		'pull_requests:write',
		dismissReview,
	),
];
