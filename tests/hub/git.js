/*
 * The bare repositories by way of the git program: refs, commits, trees, differences, merges.
 * Holds no state. Does not rebase: the git of today's Debian cannot do it without a work tree.
 */
import { execFile, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { appendFile, mkdir } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/* Nothing of the user's configuration or of a caller's GIT_* reaches the program. */
export const ENVIRONMENT = {
	PATH: process.env.PATH,
	HOME: '/nonexistent',
	LC_ALL: 'C.UTF-8',
	GIT_CONFIG_NOSYSTEM: '1',
	GIT_CONFIG_GLOBAL: '/dev/null',
	GIT_TERMINAL_PROMPT: '0',
};

/* null when git fails and `may` is true. */
export async function git(dir, words, { may = false, env = {}, binary = false } = {}) {
	try {
		const done = await run('git', ['--git-dir', dir, ...words], {
			env: { ...ENVIRONMENT, ...env },
			maxBuffer: 256 * 1024 * 1024,
			encoding: binary ? 'buffer' : 'utf8',
		});
		return done.stdout;
	} catch (error) {
		if (may) return null;
		throw error;
	}
}

const CONFIG = `[http]
	receivepack = true
[gc]
	auto = 0
[receive]
	autogc = false
	hideRefs = refs/pull
[uploadpack]
	allowAnySHA1InWant = true
[core]
	logAllRefUpdates = true
`;

export async function createBare(dir) {
	await mkdir(dir, { recursive: true });
	if (existsSync(`${dir}/HEAD`)) return;
	await git(dir, ['init', '-q', '--bare', '--template=', '-b', 'main']);
	await appendFile(`${dir}/config`, CONFIG);
}

/* Commits never change, so each is read once. */
const commits = new Map();

/*
 * A branch without asking git: nothing packs the refs of these repositories. null when there is no
 * such file, which says nothing.
 */
function looseRef(dir, ref) {
	try {
		const text = readFileSync(`${dir}/${ref}`, 'utf8').trim();
		return /^[0-9a-f]{40}$/.test(text) ? text : null;
	} catch {
		return null;
	}
}

/* The object a name stands for: a full id first, then branch, tag, or the rest of a ref's name. */
export async function resolve(dir, name, kind = 'commit') {
	if (!name || /^-|\.\.|[\s~^:?*[\\]/.test(name)) return null;
	const commit_ = kind === 'commit';
	if (commit_ && commits.has(`${dir} ${name}`)) return name;
	const id = /^[0-9a-f]{40}$/.test(name);
	const branch = name.replace(/^refs\/heads\//, '');
	const loose = commit_ && !id && looseRef(dir, `refs/heads/${branch}`);
	if (loose) return loose;
	const names = id ? [name] : [`refs/heads/${name}`, `refs/tags/${name}`, `refs/${name}`];
	if (!id && /^([0-9a-f]{7,39}|HEAD|refs\/.*)$/.test(name)) names.push(name);
	for (const full of names) {
		const sha = await git(dir, ['rev-parse', '-q', '--verify', `${full}^{${kind}}`], {
			may: true,
		});
		if (sha) return sha.trim();
	}
	return null;
}

export async function refs(dir, prefix = 'refs/') {
	const text = await git(dir, [
		'for-each-ref',
		'--format=%(refname) %(objectname) %(objecttype)',
		prefix,
	]);
	return new Map(
		text
			.split('\n')
			.filter(Boolean)
			.map((line) => {
				const [name, sha, type] = line.split(' ');
				return [name, { sha, type }];
			}),
	);
}

/* old: the value the ref must have now; null is "must not exist"; undefined is "any". */
export async function setRef(dir, ref, sha, old) {
	const words = sha === null ? ['update-ref', '-d', ref] : ['update-ref', ref, sha];
	if (old !== undefined) words.push(old ?? '0'.repeat(40));
	return (await git(dir, words, { may: true })) !== null;
}

const FORMAT =
	['%H', '%T', '%P', '%an', '%ae', '%aI', '%cn', '%ce', '%cI', '%B'].join('%x1f') + '%x1e';

const utc = (date) => new Date(date).toISOString().replace(/\.\d+Z$/, 'Z');

function parseCommit(record) {
	const [sha, tree, parents, an, ae, ad, cn, ce, cd, message] = record
		.replace(/^\n/, '')
		.split('\x1f');
	return {
		sha,
		tree,
		parents: parents.split(' ').filter(Boolean),
		author: { name: an, email: ae, date: utc(ad) },
		committer: { name: cn, email: ce, date: utc(cd) },
		message: message.replace(/\n+$/, ''),
	};
}

export async function log(dir, words) {
	const text = await git(dir, ['log', `--format=${FORMAT}`, ...words], { may: true });
	return (text ?? '')
		.split('\x1e')
		.filter((r) => r.trim())
		.map(parseCommit);
}

export async function commit(dir, sha) {
	const key = `${dir} ${sha}`;
	if (!commits.has(key)) commits.set(key, (await log(dir, ['-1', sha]))[0]);
	return commits.get(key);
}

const STATUS = { A: 'added', D: 'removed', M: 'modified', T: 'changed', R: 'renamed', C: 'copied' };

/* The files two trees differ in, with GitHub's patch text (from the first @@ on). */
export async function diff(dir, from, to) {
	const common = ['diff-tree', '-r', '-M', from, to];
	const raw = (await git(dir, [...common, '--raw', '-z', '--no-abbrev'])).split('\0');
	const counts = (await git(dir, [...common, '--numstat'])).split('\n').filter(Boolean);
	const patches = (await git(dir, [...common, '-p', '--full-index']))
		.split(/^diff --git .*\n/m)
		.slice(1);
	const files = [];
	for (let i = 0; i + 1 < raw.length;) {
		const [, , before, after, letter] = raw[i].split(' ');
		const two = /^[RC]/.test(letter);
		const entry = {
			sha: /^0+$/.test(after) ? before : after,
			filename: raw[i + (two ? 2 : 1)],
			status: STATUS[letter[0]],
		};
		if (two) entry.previous_filename = raw[i + 1];
		i += two ? 3 : 2;
		const [added, deleted] = counts[files.length].split('\t').map((n) => Number(n) || 0);
		const hunks = patches[files.length]?.indexOf('@@') ?? -1;
		entry.additions = added;
		entry.deletions = deleted;
		if (hunks >= 0) entry.patch = patches[files.length].slice(hunks).replace(/\n$/, '');
		files.push(entry);
	}
	return files;
}

export const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

export async function mergeBase(dir, a, b) {
	return (await git(dir, ['merge-base', a, b], { may: true }))?.trim() ?? null;
}

export async function count(dir, range) {
	return Number(await git(dir, ['rev-list', '--count', range]));
}

export async function isAncestor(dir, old, now) {
	return (await git(dir, ['merge-base', '--is-ancestor', old, now], { may: true })) !== null;
}

/* The tree of merging two commits, null on a conflict. */
export async function mergeTree(dir, base, head) {
	const out = await git(dir, ['merge-tree', '--write-tree', base, head], { may: true });
	return out ? out.split('\n')[0].trim() : null;
}

export async function commitTree(dir, tree, parents, message, who, at_ms) {
	const date = `${Math.floor(at_ms / 1000)} +0000`;
	const words = ['commit-tree', tree, ...parents.flatMap((p) => ['-p', p]), '-m', message];
	return (
		await git(dir, words, {
			env: {
				GIT_AUTHOR_NAME: who.name,
				GIT_AUTHOR_EMAIL: who.email,
				GIT_AUTHOR_DATE: date,
				GIT_COMMITTER_NAME: 'GitHub',
				GIT_COMMITTER_EMAIL: 'noreply@github.com',
				GIT_COMMITTER_DATE: date,
			},
		})
	).trim();
}

export async function listTree(dir, tree, recursive) {
	const words = ['ls-tree', '-l', '-z', ...(recursive ? ['-r', '-t'] : []), tree];
	const text = await git(dir, words, { may: true });
	if (text === null) return null;
	return text
		.split('\0')
		.filter(Boolean)
		.map((line) => {
			const tab = line.indexOf('\t');
			const [mode, type, sha, size] = line.slice(0, tab).split(/ +/);
			return {
				path: line.slice(tab + 1),
				mode,
				type,
				sha,
				size: size === '-' ? null : Number(size),
			};
		});
}

export const blob = (dir, sha) => git(dir, ['cat-file', 'blob', sha], { may: true, binary: true });

/* A text file at a commit, null when there is none. */
export const fileAt = (dir, sha, path) => git(dir, ['show', `${sha}:${path}`], { may: true });

export const start = (words, options) => spawn('git', words, options);
