/* Git data: refs, commits, trees, blobs. Reading only, save for refs. */
import { refChanged } from './events.js';
import { mayDo } from './auth.js';
import { forbidden, notFound, unprocessable } from './errors.js';
import * as git from './git.js';
import { paged } from './paging.js';
import { isProtected, protectedBranches } from './protect.js';
import { route } from './route.js';
import * as shapes from './shapes.js';
import { nodeId } from './state.js';

const DELETED = 'Reference does not exist';

async function getRef({ hub, repo, params }) {
	const full = `refs/${params.ref}`;
	const found = (await git.refs(repo.dir, full)).get(full);
	if (!found) throw notFound();
	return { body: shapes.gitRef(hub, repo, full, found) };
}

async function matching(ctx) {
	const { hub, repo, params } = ctx;
	const prefix = `refs/${params.ref}`;
	const all = [...(await git.refs(repo.dir))].filter(([name]) => name.startsWith(prefix));
	return paged(ctx, all, ([name, target]) => shapes.gitRef(hub, repo, name, target));
}

async function object(repo, sha) {
	const type = await git.git(repo.dir, ['cat-file', '-t', sha], { may: true });
	if (!/^[0-9a-f]{40}$/.test(sha) || !type) throw unprocessable('Object does not exist');
	return { sha, type: type.trim() };
}

/* An App without "workflows" may not bring a commit that changes workflow files to a branch. */
async function checkWorkflows({ auth, repo }, sha) {
	if (auth.kind === 'user' || mayDo(auth, repo, 'workflows:write')) return;
	const commits = (await git.git(repo.dir, ['rev-list', sha, '--not', '--branches']))
		.split('\n')
		.filter(Boolean);
	for (const one of commits) {
		const names = await git.git(repo.dir, [
			'diff-tree',
			'-r',
			'--root',
			'--no-commit-id',
			'--name-only',
			one,
			'--',
			'.github/workflows',
		]);
		if (names) throw forbidden();
	}
}

async function createRef(ctx) {
	const { hub, repo, body, auth } = ctx;
	const valid =
		/^refs\/[^/]+\/.+/.test(body.ref) &&
		(await git.git(repo.dir, ['check-ref-format', body.ref], { may: true })) !== null;
	if (!valid) throw unprocessable(`${body.ref} is not a valid ref name.`);
	const target = await object(repo, body.sha);
	await checkWorkflows(ctx, body.sha);
	if ((await git.refs(repo.dir, body.ref)).has(body.ref)) {
		throw unprocessable('Reference already exists');
	}
	if (!(await git.setRef(repo.dir, body.ref, body.sha, null))) {
		throw unprocessable('Reference update failed');
	}
	await refChanged(hub, repo, body.ref, null, body.sha, auth);
	const shape = shapes.gitRef(hub, repo, body.ref, target);
	return { status: 201, body: shape, headers: { location: shape.url } };
}

async function updateRef(ctx) {
	const { hub, repo, params, body, auth } = ctx;
	const full = `refs/${params.ref}`;
	const old = (await git.refs(repo.dir, full)).get(full);
	if (!old) throw unprocessable(DELETED);
	const target = await object(repo, body.sha);
	await checkWorkflows(ctx, body.sha);
	const forward = await git.isAncestor(repo.dir, old.sha, body.sha);
	if (!forward && !body.force) throw unprocessable('Update is not a fast forward');
	const rules = protectedBranches(repo)[params.ref.replace(/^heads\//, '')];
	if (rules && !forward) throw unprocessable('Cannot force-push to this branch');
	if (rules?.reviews) throw unprocessable('Changes must be made through a pull request.');
	if (rules?.checks.length) {
		throw unprocessable(`Required status check "${rules.checks[0]}" is expected.`);
	}
	if (!(await git.setRef(repo.dir, full, body.sha, old.sha))) {
		throw unprocessable('Reference update failed');
	}
	if (old.sha !== body.sha) await refChanged(hub, repo, full, old.sha, body.sha, auth);
	return { body: shapes.gitRef(hub, repo, full, target) };
}

async function deleteRef({ hub, repo, params, auth }) {
	const full = `refs/${params.ref}`;
	const old = (await git.refs(repo.dir, full)).get(full);
	if (!old) throw unprocessable(DELETED);
	if (isProtected(repo, params.ref.replace(/^heads\//, ''))) {
		throw unprocessable('Cannot delete this protected branch');
	}
	await git.setRef(repo.dir, full, null, old.sha);
	await refChanged(hub, repo, full, old.sha, null, auth);
	return { status: 204 };
}

async function getCommit({ hub, repo, params }) {
	const sha =
		/^[0-9a-f]{40}$/.test(params.commit_sha) &&
		(await git.resolve(repo.dir, params.commit_sha));
	if (!sha) throw notFound();
	return { body: shapes.gitCommit(hub, repo, await git.commit(repo.dir, sha)) };
}

async function getTree({ hub, repo, params, query }) {
	const sha = await git.resolve(repo.dir, params.tree_sha, 'tree');
	if (!sha) throw notFound();
	const api = `${shapes.repoUrl(hub, repo)}/git`;
	const entries = await git.listTree(repo.dir, sha, query.recursive !== undefined);
	return {
		body: {
			sha,
			url: `${api}/trees/${sha}`,
			truncated: false,
			tree: entries.map(({ size, ...one }) => ({
				...one,
				...(size === null ? {} : { size }),
				...(one.type === 'commit' ? {} : { url: `${api}/${one.type}s/${one.sha}` }),
			})),
		},
	};
}

async function getBlob({ hub, repo, params, headers }) {
	const sha = params.file_sha;
	const bytes = /^[0-9a-f]{40}$/.test(sha) ? await git.blob(repo.dir, sha) : null;
	if (bytes === null) throw notFound();
	if (/\.raw\b/.test(headers.accept ?? '')) {
		return { body: bytes, headers: { 'content-type': 'application/vnd.github.raw' } };
	}
	return {
		body: {
			sha,
			node_id: nodeId('B', sha),
			size: bytes.length,
			url: `${shapes.repoUrl(hub, repo)}/git/blobs/${sha}`,
			encoding: 'base64',
			content: bytes.toString('base64').replace(/.{1,60}/g, '$&\n'),
		},
	};
}

const R = '/repos/{owner}/{repo}/git';
const locked = (run) => (ctx) => ctx.repo.lock(() => run(ctx));

export const routes = [
	route('GET', `${R}/ref/{ref}`, 'contents:read', getRef),
	route('GET', `${R}/matching-refs/{ref}`, 'contents:read', matching),
	route('POST', `${R}/refs`, 'contents:write', locked(createRef)),
	route('PATCH', `${R}/refs/{ref}`, 'contents:write', locked(updateRef)),
	route('DELETE', `${R}/refs/{ref}`, 'contents:write', locked(deleteRef)),
	route('GET', `${R}/commits/{commit_sha}`, 'contents:read', getCommit),
	route('GET', `${R}/trees/{tree_sha}`, 'contents:read', getTree),
	route('GET', `${R}/blobs/{file_sha}`, 'contents:read', getBlob),
];
