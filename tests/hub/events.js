/*
 * What follows from a change: a moved ref or a changed pull request moves pull requests, starts
 * workflows, makes check suites and sends webhooks. The change itself is already done.
 */
import { createSuites } from './checks.js';
import * as git from './git.js';
import { closePull, markMerged, pullShape } from './pulls.js';
import { startRuns } from './runs.js';
import * as shapes from './shapes.js';

const ZERO = '0'.repeat(40);

async function pushPayload(hub, repo, ref, before, after, auth) {
	const range = after === null ? [] : before === null ? ['-1', after] : [`${before}..${after}`];
	const commits = range.length ? (await git.log(repo.dir, [...range, '-20'])).reverse() : [];
	const shape = (one) => ({
		...shapes.simpleCommit(one),
		id: one.sha,
		distinct: true,
		url: `${shapes.htmlUrl(hub, repo)}/commit/${one.sha}`,
		added: [],
		removed: [],
		modified: [],
	});
	const list = commits.map(shape);
	const who = auth.actor;
	return {
		ref,
		before: before ?? ZERO,
		after: after ?? ZERO,
		base_ref: null,
		created: before === null,
		deleted: after === null,
		forced:
			before !== null && after !== null && !(await git.isAncestor(repo.dir, before, after)),
		compare:
			`${shapes.htmlUrl(hub, repo)}/compare/${(before ?? after).slice(0, 12)}...` +
			(after ?? before).slice(0, 12),
		commits: before === null ? [] : list,
		head_commit: list.at(-1) ?? null,
		pusher: { name: who.login, email: `${who.login}@users.noreply.github.com` },
	};
}

/* before or after null: created or deleted. Does nothing for what is not a branch. */
export async function refChanged(hub, repo, ref, before, after, auth) {
	if (!ref.startsWith('refs/heads/')) return;
	const branch = ref.slice('refs/heads/'.length);
	repo.pushed_at = hub.state.stamp();
	hub.hooks.emit(repo, 'push', await pushPayload(hub, repo, ref, before, after, auth), auth);
	if (after !== null) {
		await createSuites(hub, repo, branch, before, after);
		await startRuns(hub, repo, { event: 'push', branch, sha: after, before, auth });
	}
	for (const pull of [...repo.pulls.values()].filter((one) => one.state === 'open')) {
		if (pull.head_ref === branch) await moveHead(hub, repo, pull, after, auth);
		else if (pull.base_ref === branch) await moveBase(hub, repo, pull, after, auth);
	}
}

async function moveHead(hub, repo, pull, sha, auth) {
	if (sha === null) {
		await closePull(hub, repo, pull, auth);
		return;
	}
	pull.head_sha = sha;
	pull.base_sha = (await git.resolve(repo.dir, pull.base_ref)) ?? pull.base_sha;
	pull.mergeable = null;
	await git.setRef(repo.dir, `refs/pull/${pull.number}/head`, sha);
	await changed(hub, repo, pull, 'synchronize', auth);
}

/* base.sha stays as it was, as on GitHub; a base that now has the head has merged it. */
async function moveBase(hub, repo, pull, sha, auth) {
	pull.mergeable = null;
	if (sha && (await git.isAncestor(repo.dir, pull.head_sha, sha))) {
		await markMerged(hub, repo, pull, pull.head_sha, auth);
	}
}

/* A pull request changed; action as in the webhook. more: further fields of the payload. */
export async function changed(hub, repo, pull, action, auth, more = {}) {
	pull.updated_at = hub.state.stamp();
	const shape = await pullShape(hub, repo, pull);
	hub.hooks.emit(
		repo,
		'pull_request',
		{
			action,
			number: pull.number,
			pull_request: shape,
			...(action === 'synchronize' ? { before: ZERO, after: pull.head_sha } : {}),
			...more,
		},
		auth,
	);
	if (['opened', 'synchronize', 'reopened'].includes(action)) {
		await startRuns(hub, repo, {
			event: 'pull_request',
			branch: pull.head_ref,
			pull,
			sha: pull.head_sha,
			auth,
		});
	}
}
