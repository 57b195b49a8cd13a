/*
 * The life of a pull request: opening, a moved head, mergeability, merging, closing. Git decides
 * what merges; protection decides what may.
 */
import { ApiError, conflict } from './errors.js';
import { changed, refChanged } from './events.js';
import * as git from './git.js';
import { anyNotGood, missing, requirements } from './protect.js';
import { nodeId } from './state.js';
import * as shapes from './shapes_pull.js';

/* GitHub works mergeability out after it was first asked for; so does the hub. */
const MERGEABLE_DELAY_MS = 50;

export const findPull = (repo, number) => repo.pulls.get(Number(number));

export async function openPull(hub, repo, { title, body, head, base, draft, auth }) {
	const { state } = hub;
	const at = state.stamp();
	repo.lastNumber += 1;
	const id = state.id();
	const base_sha = await git.resolve(repo.dir, base);
	const pull = {
		number: repo.lastNumber,
		id,
		node_id: nodeId('PR', id),
		issue_id: state.id(),
		title,
		body,
		head_ref: head.ref,
		head_sha: head.sha,
		base_ref: base,
		base_sha,
		draft,
		state: 'open',
		user: auth.actor,
		labels: [],
		requested: [],
		created_at: at,
		updated_at: at,
		closed_at: null,
		merged_at: null,
		merged_by: null,
		merge_commit_sha: null,
		mergeable: null,
		auto_merge: null,
	};
	repo.pulls.set(pull.number, pull);
	await git.setRef(repo.dir, `refs/pull/${pull.number}/head`, pull.head_sha);
	await changed(hub, repo, pull, 'opened', auth);
	return pull;
}

/* Makes refs/pull/N/merge; returns the merge commit, null when there is a conflict. */
export async function computeMerge(hub, repo, pull) {
	const head = pull.head_sha;
	const base = await git.resolve(repo.dir, pull.base_ref);
	const ref = `refs/pull/${pull.number}/merge`;
	const tree = base && (await git.mergeTree(repo.dir, base, head));
	if (!tree) {
		await git.setRef(repo.dir, ref, null);
		return null;
	}
	const sha = await git.commitTree(
		repo.dir,
		tree,
		[base, head],
		`Merge ${head} into ${base}`,
		{ name: 'GitHub', email: 'noreply@github.com' },
		hub.state.now(),
	);
	await git.setRef(repo.dir, ref, sha);
	return sha;
}

/* What GET shows: asking starts the work, the first answer is null. */
export function askMergeable(hub, repo, pull) {
	if (pull.mergeable !== null || pull.state !== 'open' || pull.asked) return;
	pull.asked = true;
	hub.later(MERGEABLE_DELAY_MS, async () => {
		pull.asked = false;
		const head = pull.head_sha;
		const base = await git.resolve(repo.dir, pull.base_ref);
		const sha = await computeMerge(hub, repo, pull);
		const moved = base !== (await git.resolve(repo.dir, pull.base_ref));
		if (pull.head_sha !== head || moved || pull.state !== 'open') return;
		pull.merge_commit_sha = sha;
		pull.mergeable = sha !== null;
	});
}

export async function mergeableState(repo, pull) {
	if (pull.state !== 'open' || pull.mergeable === null) return 'unknown';
	if (pull.mergeable === false) return 'dirty';
	if (pull.draft) return 'draft';
	if (missing(repo, pull)) return 'blocked';
	if (requirements(repo, pull.base_ref).strict && (await isBehind(repo, pull))) return 'behind';
	return anyNotGood(repo, pull.head_sha) ? 'unstable' : 'clean';
}

async function isBehind(repo, pull) {
	const base = await git.resolve(repo.dir, pull.base_ref);
	return !(await git.isAncestor(repo.dir, base, pull.head_sha));
}

export async function numbers(repo, pull) {
	const base = pull.merged_at ? pull.base_sha : await git.resolve(repo.dir, pull.base_ref);
	const from = await git.mergeBase(repo.dir, base ?? pull.base_sha, pull.head_sha);
	const files = from ? await git.diff(repo.dir, from, pull.head_sha) : [];
	const sum = (key) => files.reduce((all, file) => all + file[key], 0);
	return {
		commits: from ? await git.count(repo.dir, `${from}..${pull.head_sha}`) : 0,
		additions: sum('additions'),
		deletions: sum('deletions'),
		changed_files: files.length,
		mergeable_state: await mergeableState(repo, pull),
	};
}

const METHODS = {
	merge: ['allow_merge_commit', 'Merge commits'],
	squash: ['allow_squash_merge', 'Squash merges'],
	rebase: ['allow_rebase_merge', 'Rebase merges'],
};

async function checkMergeable(hub, repo, pull, sha, method) {
	if (pull.state !== 'open') throw new ApiError(405, 'Pull Request is not mergeable');
	if (pull.draft) throw new ApiError(405, 'Pull Request is still a draft');
	if (sha && sha !== pull.head_sha) {
		throw conflict('Head branch was modified. Review and try the merge again.');
	}
	const [setting, words] = METHODS[method];
	const { methods, strict } = requirements(repo, pull.base_ref);
	if (!repo[setting] || (methods && !methods.includes(method))) {
		throw new ApiError(405, `${words} are not allowed on this repository.`);
	}
	const why = missing(repo, pull);
	if (why) throw new ApiError(405, why);
	if (strict && (await isBehind(repo, pull))) {
		throw new ApiError(405, 'Head branch is out of date. Review and try the merge again.');
	}
}

function mergeMessage(repo, pull, method, body, commits) {
	const squash = method === 'squash';
	const title =
		body.commit_title ??
		(squash
			? `${pull.title} (#${pull.number})`
			: `Merge pull request #${pull.number} from ${repo.owner.login}/${pull.head_ref}`);
	const rest =
		body.commit_message ?? (squash ? commits.map((c) => c.message).join('\n\n') : pull.title);
	return rest ? `${title}\n\n${rest}` : title;
}

/* Merges, or throws 405 or 409 as GitHub does. */
export async function mergePull(hub, repo, pull, body, auth) {
	const method = body.merge_method ?? 'merge';
	await checkMergeable(hub, repo, pull, body.sha, method);
	const base = await git.resolve(repo.dir, pull.base_ref);
	const tree = await git.mergeTree(repo.dir, base, pull.head_sha);
	if (!tree) throw new ApiError(405, 'Pull Request is not mergeable');
	const commits = await git.log(repo.dir, [`${base}..${pull.head_sha}`]);
	const message = mergeMessage(repo, pull, method, body, commits);
	const who = {
		name: auth.actor.login,
		email: `${auth.actor.id}+${auth.actor.login}@users.noreply.github.com`,
	};
	const parents = method === 'squash' ? [base] : [base, pull.head_sha];
	const sha = await git.commitTree(repo.dir, tree, parents, message, who, hub.state.now());
	if (!(await git.setRef(repo.dir, `refs/heads/${pull.base_ref}`, sha, base))) {
		throw conflict('Base branch was modified. Review and try the merge again.');
	}
	await markMerged(hub, repo, pull, sha, auth);
	await refChanged(hub, repo, `refs/heads/${pull.base_ref}`, base, sha, auth);
	if (repo.delete_branch_on_merge) await deleteHead(hub, repo, pull, auth);
	return sha;
}

async function deleteHead(hub, repo, pull, auth) {
	const ref = `refs/heads/${pull.head_ref}`;
	if (await git.setRef(repo.dir, ref, null, pull.head_sha)) {
		await refChanged(hub, repo, ref, pull.head_sha, null, auth);
	}
}

export async function markMerged(hub, repo, pull, sha, auth) {
	const at = hub.state.stamp();
	Object.assign(pull, {
		state: 'closed',
		merged_at: at,
		closed_at: at,
		merged_by: auth.actor,
		merge_commit_sha: sha,
		mergeable: null,
		auto_merge: null,
	});
	await git.setRef(repo.dir, `refs/pull/${pull.number}/merge`, null);
	await changed(hub, repo, pull, 'closed', auth);
}

export async function closePull(hub, repo, pull, auth) {
	Object.assign(pull, {
		state: 'closed',
		closed_at: hub.state.stamp(),
		mergeable: null,
		auto_merge: null,
	});
	await changed(hub, repo, pull, 'closed', auth);
}

export async function pullShape(hub, repo, pull) {
	return shapes.pull(hub, repo, pull, await numbers(repo, pull));
}

/* Auto-merge: merges what waits for nothing any more. Called when checks or reviews change. */
export async function tryAutoMerge(hub, repo) {
	for (const pull of repo.pulls.values()) {
		const wish = pull.auto_merge;
		if (!wish || pull.state !== 'open' || pull.draft || missing(repo, pull)) continue;
		await repo.lock(() =>
			mergePull(
				hub,
				repo,
				pull,
				{
					merge_method: wish.method,
					commit_title: wish.title,
					commit_message: wish.message,
				},
				wish.auth,
			).catch((error) => {
				if (!(error instanceof ApiError)) throw error;
			}),
		);
	}
}
