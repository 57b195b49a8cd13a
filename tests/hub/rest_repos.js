/* Repositories, branches, commits, comparison, contents, collaborators. */
import * as git from './git.js';
import { ApiError, badCredentials, forbidden, notFound, unprocessable } from './errors.js';
import { linkHeader, paged, pageOf } from './paging.js';
import { isProtected } from './protect.js';
import { route } from './route.js';
import * as shapes from './shapes.js';
import { pullSimple } from './shapes_pull.js';
import { protection } from './rest_protect.js';
import { roleOf } from './state.js';

/* 3000 is GitHub's most for files of one commit, 300 a page; 250 for commits of a comparison. */
const FILES_A_PAGE = 300;

async function branches(ctx) {
	const { repo, query } = ctx;
	const all = [...(await git.refs(repo.dir, 'refs/heads'))]
		.map(([ref, { sha }]) => ({ name: ref.slice('refs/heads/'.length), sha }))
		.filter(
			(one) =>
				query.protected === undefined ||
				String(isProtected(repo, one.name)) === query.protected,
		);
	return paged(ctx, all, ({ name, sha }) => ({
		name,
		protected: isProtected(repo, name),
		commit: { sha, url: `${shapes.repoUrl(ctx.hub, repo)}/commits/${sha}` },
	}));
}

async function branch(ctx) {
	const { hub, repo, params } = ctx;
	const sha = await git.resolve(repo.dir, `refs/heads/${params.branch}`);
	if (!sha) throw notFound('Branch not found');
	const api = `${shapes.repoUrl(hub, repo)}/branches/${params.branch}`;
	const protect = isProtected(repo, params.branch);
	return {
		body: {
			name: params.branch,
			commit: shapes.commit(hub, repo, await git.commit(repo.dir, sha)),
			_links: { self: api, html: `${shapes.htmlUrl(hub, repo)}/tree/${params.branch}` },
			protected: protect,
			protection: protection(hub, repo, params.branch),
			protection_url: `${api}/protection`,
		},
	};
}

async function commitAt(ctx, name) {
	const sha = await git.resolve(ctx.repo.dir, name);
	if (!sha) throw unprocessable(`No commit found for SHA: ${name}`);
	return sha;
}

async function commits(ctx) {
	const { repo, query } = ctx;
	const start = await git.resolve(repo.dir, query.sha ?? repo.default_branch);
	if (!start) {
		if ((await git.refs(repo.dir, 'refs/heads')).size === 0) {
			throw new ApiError(409, 'Git Repository is empty.');
		}
		throw notFound();
	}
	const words = [start];
	for (const key of ['since', 'until', 'author', 'committer']) {
		if (query[key]) words.push(`--${key}=${query[key]}`);
	}
	const { page, size } = pageOf(ctx);
	const path = query.path ? ['--', query.path] : [];
	const all = Number(await git.git(repo.dir, ['rev-list', '--count', ...words, ...path]));
	const list = await git.log(repo.dir, [
		`--skip=${(page - 1) * size}`,
		`-${size}`,
		...words,
		...path,
	]);
	return {
		headers: linkHeader(ctx, page, Math.max(1, Math.ceil(all / size))),
		body: list.map((one) => shapes.commit(ctx.hub, repo, one)),
	};
}

/* accept: application/vnd.github.{diff,patch,sha} asks for text. */
const media = (ctx) =>
	/application\/vnd\.github(?:\.v3)?\.(diff|patch|sha|raw)/.exec(ctx.headers.accept ?? '')?.[1];

const text = (kind, body) => ({
	body,
	headers: {
		'content-type': `application/vnd.github.${kind}; charset=utf-8`,
	},
});

async function asText(ctx, kind, from, to) {
	const words =
		kind === 'diff' ? ['diff', from, to] : ['format-patch', '--stdout', `${from}..${to}`];
	return text(kind, await git.git(ctx.repo.dir, words));
}

async function oneCommit(ctx) {
	const { hub, repo, params } = ctx;
	const sha = await commitAt(ctx, params.ref);
	const found = await git.commit(repo.dir, sha);
	const kind = media(ctx);
	if (kind === 'sha') return text('sha', sha);
	const parent = found.parents[0] ?? git.EMPTY_TREE;
	if (kind) return asText(ctx, kind, parent, sha);
	const files = await git.diff(repo.dir, parent, sha);
	const sum = (key) => files.reduce((all, file) => all + file[key], 0);
	const page = pageOf({ query: { per_page: FILES_A_PAGE, ...ctx.query } }).page;
	return {
		body: {
			...shapes.commit(hub, repo, found),
			stats: {
				total: sum('additions') + sum('deletions'),
				additions: sum('additions'),
				deletions: sum('deletions'),
			},
			files: files
				.slice((page - 1) * FILES_A_PAGE, page * FILES_A_PAGE)
				.map((file) => shapes.diffEntry(hub, repo, file, sha)),
		},
	};
}

async function compare(ctx) {
	const { hub, repo, params } = ctx;
	const found = /^(.+?)\.\.\.(.+)$/.exec(params.basehead);
	if (!found) throw notFound();
	const strip = (name) => name.replace(new RegExp(`^${repo.owner.login}:`), '');
	const [base, head] = await Promise.all(
		found.slice(1).map((n) => git.resolve(repo.dir, strip(n))),
	);
	if (!base || !head) throw notFound();
	const from = await git.mergeBase(repo.dir, base, head);
	if (!from) throw notFound(`No common ancestor between ${found[1]} and ${found[2]}.`);
	if (media(ctx)) return asText(ctx, media(ctx), from, head);
	const ahead = await git.count(repo.dir, `${base}..${head}`);
	const behind = await git.count(repo.dir, `${head}..${base}`);
	const { page, size } = pageOf(ctx);
	const list = (await git.log(repo.dir, [`${base}..${head}`])).reverse();
	const files = page === 1 ? await git.diff(repo.dir, from, head) : [];
	const shape = async (sha) => shapes.commit(hub, repo, await git.commit(repo.dir, sha));
	const html =
		`${shapes.htmlUrl(hub, repo)}/compare/${encodeURIComponent(found[1])}...` +
		encodeURIComponent(found[2]);
	return {
		headers: linkHeader(ctx, page, Math.max(1, Math.ceil(list.length / size))),
		body: {
			url: `${shapes.repoUrl(hub, repo)}/compare/${encodeURIComponent(params.basehead)}`,
			html_url: html,
			permalink_url: html,
			diff_url: `${html}.diff`,
			patch_url: `${html}.patch`,
			base_commit: await shape(base),
			merge_base_commit: await shape(from),
			status:
				ahead && behind ? 'diverged' : ahead ? 'ahead' : behind ? 'behind' : 'identical',
			ahead_by: ahead,
			behind_by: behind,
			total_commits: ahead,
			commits: list
				.slice((page - 1) * size, page * size)
				.map((one) => shapes.commit(hub, repo, one)),
			files: files.slice(0, FILES_A_PAGE).map((f) => shapes.diffEntry(hub, repo, f, head)),
		},
	};
}

async function contents(ctx) {
	const { hub, repo, params, query } = ctx;
	const ref = query.ref ?? repo.default_branch;
	const sha = await git.resolve(repo.dir, ref);
	if (!sha) throw notFound(query.ref ? `No commit found for the ref ${ref}` : 'Not Found');
	const path = params.path.replace(/^\/+|\/+$/g, '');
	const own = path && (await git.listTree(repo.dir, sha, true)).find((e) => e.path === path);
	if (path && !own) throw notFound();
	if (path && own.type === 'blob') {
		const bytes = await git.blob(repo.dir, own.sha);
		if (media(ctx) === 'raw') return text('raw', bytes);
		return { body: shapes.content(hub, repo, own, ref, bytes) };
	}
	const entries = await git.listTree(repo.dir, path ? own.sha : sha, false);
	return {
		body: entries.map((entry) =>
			shapes.content(
				hub,
				repo,
				{ ...entry, path: path ? `${path}/${entry.path}` : entry.path },
				ref,
			),
		),
	};
}

/* "maintain" and "triage" show as write and read here; role_name has them. */
const SIMPLE = { maintain: 'write', triage: 'read' };

function permission(ctx) {
	const { hub, repo, params, state } = ctx;
	const who = state.users.get(params.username.toLowerCase());
	if (!who) throw notFound(`${params.username} is not a user`);
	const role = roleOf(repo, who.login);
	return {
		body: {
			permission: SIMPLE[role] ?? role,
			role_name: role,
			user: {
				...shapes.user(hub, who),
				permissions: shapes.permissions(role),
				role_name: role,
			},
		},
	};
}

function collaborator({ repo, params }) {
	const login = params.username.toLowerCase();
	if (repo.owner.login.toLowerCase() !== login && !repo.collaborators.has(login))
		throw notFound();
	return { status: 204 };
}

function pullsOfCommit(ctx) {
	const { hub, repo, params } = ctx;
	const all = [...repo.pulls.values()].filter(
		(one) => one.head_sha === params.commit_sha || one.merge_commit_sha === params.commit_sha,
	);
	return paged(ctx, all, (one) => pullSimple(hub, repo, one));
}

function account({ hub, state, auth, params }) {
	if (auth.kind === 'app') throw badCredentials('A JSON web token could not be decoded');
	if (!params.username && auth.kind === 'none') {
		throw badCredentials('Requires authentication');
	}
	const who = params.username ? state.users.get(params.username.toLowerCase()) : auth.user;
	if (!who) throw params.username ? notFound() : forbidden();
	return {
		body: {
			...shapes.user(hub, who),
			name: who.login,
			company: null,
			blog: '',
			location: null,
			email: null,
			hireable: null,
			bio: null,
			public_repos: 0,
			public_gists: 0,
			followers: 0,
			following: 0,
			created_at: who.created_at,
			updated_at: who.created_at,
		},
	};
}

const R = '/repos/{owner}/{repo}';

export const routes = [
	route('GET', R, 'metadata:read', ({ hub, repo, auth }) => ({
		body: shapes.fullRepo(hub, repo, auth),
	})),
	route('GET', `${R}/branches`, 'contents:read', branches),
	route('GET', `${R}/branches/{branch}`, 'contents:read', branch),
	route('GET', `${R}/commits`, 'contents:read', commits),
	route('GET', `${R}/commits/{ref}`, 'contents:read', oneCommit),
	route('GET', `${R}/commits/{commit_sha}/pulls`, 'pull_requests:read', pullsOfCommit),
	route('GET', `${R}/compare/{basehead}`, 'contents:read', compare),
	route('GET', `${R}/contents/{path}`, 'contents:read', contents),
	route('GET', `${R}/collaborators/{username}`, 'metadata:read', collaborator),
	route('GET', `${R}/collaborators/{username}/permission`, 'metadata:read', permission),
	route('GET', '/user', 'any', account),
	route('GET', '/users/{username}', 'any', account),
];
