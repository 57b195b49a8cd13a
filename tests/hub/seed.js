/*
 * Fills a hub from JSON: people, Apps with keys, installations, repositories with files,
 * collaborators and protection. The form is described in BEHAVIOURS.md. A key is made when none is
 * given.
 */
import { generateKeyPairSync, createPublicKey } from 'node:crypto';
import { cp, mkdir, mkdtemp, rm, writeFile, chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { bot } from './auth.js';
import { createSuites } from './checks.js';
import * as git from './git.js';
import { HOOK } from './githttp.js';
import { newRepo, randomToken } from './state.js';
import { startRuns } from './runs.js';

/* What Aegis asks for; a seed may give others. */
export const PERMISSIONS = {
	actions: 'write',
	checks: 'write',
	contents: 'write',
	deployments: 'read',
	issues: 'write',
	metadata: 'read',
	pull_requests: 'write',
	statuses: 'write',
};

const EVENTS = [
	'check_run',
	'check_suite',
	'deployment',
	'deployment_status',
	'issue_comment',
	'pull_request',
	'pull_request_review',
	'push',
	'repository',
	'status',
	'workflow_job',
	'workflow_run',
];

/* Runs calls one after the other, so that a moved ref and what follows from it stay together. */
function serial() {
	let last = Promise.resolve();
	return (run) => {
		const mine = last.then(run);
		last = mine.catch(() => {});
		return mine;
	};
}

export function addApp(hub, spec) {
	const { state } = hub;
	const pair = spec.public_key
		? null
		: generateKeyPairSync('rsa', {
				modulusLength: 2048,
				publicKeyEncoding: { type: 'spki', format: 'pem' },
				privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
			});
	const public_key = spec.public_key ?? pair.publicKey;
	createPublicKey(public_key);
	const slug = spec.slug ?? spec.name.toLowerCase().replace(/\W+/g, '-');
	const app = {
		id: spec.id ?? state.id(),
		slug,
		name: spec.name,
		client_id: `Iv23${slug}`,
		owner: state.user(spec.owner),
		public_key,
		created_at: state.stamp(),
		permissions: { ...PERMISSIONS, ...spec.permissions },
		events: spec.events ?? EVENTS,
		webhook_url: spec.webhook_url ?? null,
		webhook_secret: spec.webhook_secret ?? '',
		token_format: spec.token_format ?? 'classic',
	};
	for (const [area, level] of Object.entries(app.permissions)) {
		if (level === null) delete app.permissions[area];
	}
	state.apps.set(app.id, app);
	bot(state, app);
	return { id: app.id, slug, private_key: pair?.privateKey ?? null };
}

export function addInstallation(hub, spec) {
	const { state } = hub;
	const app = [...state.apps.values()].find(
		(one) => one.id === spec.app || one.slug === spec.app,
	);
	const one = {
		id: spec.id ?? state.id(),
		app_id: app.id,
		account: state.user(spec.account),
		permissions: { ...(spec.permissions ?? app.permissions) },
		created_at: state.stamp(),
		repositories: spec.repositories
			? new Set(spec.repositories.map((name) => state.repo(spec.account, name).id))
			: null,
	};
	state.installations.set(one.id, one);
	return { id: one.id };
}

export function addToken(hub, spec) {
	const user = hub.state.user(spec.user);
	const token = spec.token ?? randomToken('ghp_');
	hub.state.tokens.set(token, {
		kind: 'user',
		user,
		actor: user,
		key: `user:${user.id}`,
		name: user.login,
		app: null,
		expires_ms: Infinity,
	});
	return { user: user.login, token };
}

async function fillFolder(folder, { files = {}, folder: from }) {
	if (from) await cp(from, folder, { recursive: true });
	for (const [path, text] of Object.entries(files)) {
		if (text === null) {
			await rm(join(folder, path), { force: true });
			continue;
		}
		await mkdir(dirname(join(folder, path)), { recursive: true });
		await writeFile(join(folder, path), text);
		if (text.startsWith('#!')) await chmod(join(folder, path), 0o755);
	}
}

/* One commit more on a branch, as someone's push. files: path → text, null deletes. */
export async function commitFiles(hub, repo, spec) {
	const { branch, from, files, folder, message, author, mail } = spec;
	const ref = `refs/heads/${branch}`;
	const old = await git.resolve(repo.dir, ref);
	const parent = old ?? (from && (await git.resolve(repo.dir, from)));
	const work = await mkdtemp(join(tmpdir(), 'hub-commit-'));
	try {
		const words = (...rest) =>
			git.git(repo.dir, ['--work-tree', work, ...rest], {
				env: { GIT_INDEX_FILE: `${work}.index` },
			});
		if (parent) {
			await words('read-tree', parent);
			await words('checkout-index', '-a', '-f');
		}
		await fillFolder(work, { files, folder });
		await words('add', '-A', '-f');
		const tree = (await words('write-tree')).trim();
		const login = author ?? repo.owner.login;
		const who = { name: login, email: mail ?? `${login}@users.noreply.github.com` };
		const sha = await git.commitTree(
			repo.dir,
			tree,
			parent ? [parent] : [],
			message,
			who,
			hub.state.now(),
		);
		await git.setRef(repo.dir, ref, sha, old);
		return { sha, old };
	} finally {
		await rm(work, { recursive: true, force: true });
		await rm(`${work}.index`, { force: true });
	}
}

const SETTINGS = [
	'private',
	'default_branch',
	'description',
	'allow_merge_commit',
	'allow_squash_merge',
	'allow_auto_merge',
	'delete_branch_on_merge',
	'archived',
	'secrets',
];

export async function addRepo(hub, spec) {
	const { state } = hub;
	const owner = state.user(spec.owner, spec.owner_type ?? 'User');
	const options = Object.fromEntries(
		SETTINGS.filter((key) => key in spec).map((key) => [key, spec[key]]),
	);
	const repo = newRepo(state, owner, spec.name, options);
	repo.dir = join(state.root, 'repos', owner.login, `${spec.name}.git`);
	repo.lock = serial();
	for (const [login, role] of Object.entries(spec.collaborators ?? {})) {
		state.user(login);
		repo.collaborators.set(login.toLowerCase(), role);
	}
	for (const [branch, rule] of Object.entries(spec.protection ?? {})) {
		repo.protection.set(branch, rule);
	}
	repo.rulesets = (spec.rulesets ?? []).map((one) => ({ id: state.id(), name: 'rules', ...one }));
	await git.createBare(repo.dir);
	await git.git(repo.dir, ['symbolic-ref', 'HEAD', `refs/heads/${repo.default_branch}`]);
	await mkdir(`${repo.dir}/hooks`, { recursive: true });
	await writeFile(`${repo.dir}/hooks/pre-receive`, HOOK, { mode: 0o755 });
	state.repos.set(`${owner.login}/${spec.name}`.toLowerCase(), repo);
	const { sha } = await commitFiles(hub, repo, {
		branch: repo.default_branch,
		files: spec.files,
		folder: spec.folder,
		message: spec.message ?? 'start',
	});
	for (const [branch, files] of Object.entries(spec.branches ?? {})) {
		await commitFiles(hub, repo, { branch, from: sha, files, message: `work on ${branch}` });
	}
	return { repo, sha, run: spec.run ?? false };
}

export async function seed(hub, spec) {
	const out = { apps: [], installations: [], tokens: [], repositories: [] };
	for (const [login, type] of Object.entries(spec.users ?? {})) hub.state.user(login, type);
	for (const one of spec.apps ?? []) out.apps.push(addApp(hub, one));
	const made = [];
	for (const one of spec.repositories ?? []) {
		const { repo, sha, run } = await addRepo(hub, one);
		out.repositories.push({ id: repo.id, full_name: `${repo.owner.login}/${repo.name}`, sha });
		made.push({ repo, sha, run });
	}
	for (const one of spec.installations ?? []) out.installations.push(addInstallation(hub, one));
	for (const one of spec.tokens ?? []) out.tokens.push(addToken(hub, one));
	for (const { repo, sha, run } of made) {
		if (!run) continue;
		await createSuites(hub, repo, repo.default_branch, null, sha);
		await startRuns(hub, repo, {
			event: 'push',
			branch: repo.default_branch,
			sha,
			before: null,
			auth: { kind: 'user', actor: repo.owner },
		});
	}
	return out;
}
