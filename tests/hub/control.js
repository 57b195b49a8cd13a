/*
 * The control calls under /_hub/, for tests: what people, time and bad luck do. Not part of
 * GitHub, not limited, not in the journal. Every call takes and gives JSON.
 */
import { readBody } from './body.js';
import { refChanged } from './events.js';
import * as git from './git.js';
import { openDeployment, setDeployment } from './deployments.js';
import { KINDS } from './faults.js';
import { DEFAULTS } from './limits.js';
import { ensureLabel, openIssue, react } from './rest_issues.js';
import { check as checkShape, suite as suiteShape } from './shapes_check.js';
import { addInstallation, addRepo, addToken, commitFiles, seed } from './seed.js';
import { remove, sendManifest, transfer } from './setup.js';

function repoOf(hub, name) {
	const repo = hub.state.repo(...name.split('/'));
	if (!repo) throw new Error(`no repository ${name}`);
	return repo;
}

const personAs = (hub, login) => ({
	kind: 'user',
	user: hub.state.user(login),
	actor: hub.state.user(login),
	app: null,
});

/* Someone pushes: {repo, branch, files: {path: text or null}, message, author, from?} */
async function push(hub, body) {
	const repo = repoOf(hub, body.repo);
	return repo.lock(async () => {
		const { sha, old } = await commitFiles(hub, repo, {
			message: 'work',
			...body,
			from: body.from ?? repo.default_branch,
			branch: body.branch ?? repo.default_branch,
		});
		const ref = `refs/heads/${body.branch ?? repo.default_branch}`;
		await refChanged(hub, repo, ref, old, sha, personAs(hub, body.author ?? repo.owner.login));
		return { sha, before: old };
	});
}

/* {repo, sha or ref, environment, state, created_by?}: makes the deployment when there is none. */
async function deployment(hub, body) {
	const repo = repoOf(hub, body.repo);
	const auth = personAs(hub, body.created_by ?? repo.owner.login);
	const sha = body.sha ?? (await git.resolve(repo.dir, body.ref ?? repo.default_branch));
	let on = [...repo.deployments.values()]
		.reverse()
		.find((one) => one.sha === sha && one.environment === (body.environment ?? 'production'));
	on ??= await openDeployment(
		hub,
		repo,
		{ ...body, sha, ref: body.ref ?? repo.default_branch },
		auth,
	);
	if (body.state) {
		await setDeployment(
			hub,
			repo,
			on,
			{ state: body.state, description: body.description },
			auth,
		);
	}
	return { id: on.id, sha };
}

function rename(hub, { repo: name, to }) {
	const repo = repoOf(hub, name);
	const old = name.toLowerCase();
	hub.state.repos.delete(old);
	hub.state.renames.set(old, repo);
	repo.name = to;
	hub.state.repos.set(`${repo.owner.login}/${to}`.toLowerCase(), repo);
	return {};
}

const SET = [
	'private',
	'archived',
	'disabled',
	'actions_enabled',
	'actions_may_open_pulls',
	'allow_merge_commit',
	'allow_squash_merge',
	'allow_auto_merge',
	'delete_branch_on_merge',
	'secrets',
];

/* {repo, protection?: {branch: rule or null}, rulesets?, collaborators?, and settings} */
function settings(hub, body) {
	const repo = repoOf(hub, body.repo);
	for (const [branch, rule] of Object.entries(body.protection ?? {})) {
		if (rule === null) repo.protection.delete(branch);
		else repo.protection.set(branch, rule);
	}
	if (body.rulesets) {
		repo.rulesets = body.rulesets.map((one) => ({ id: hub.state.id(), name: 'rules', ...one }));
	}
	for (const [login, role] of Object.entries(body.collaborators ?? {})) {
		hub.state.user(login);
		if (role === null) repo.collaborators.delete(login.toLowerCase());
		else repo.collaborators.set(login.toLowerCase(), role);
	}
	for (const one of repo.workflows.values()) {
		if (body.workflow_state) one.state = body.workflow_state;
	}
	for (const key of SET) if (key in body) repo[key] = body[key];
	return {};
}

function installation(hub, body) {
	const one = hub.state.installations.get(body.id);
	if (!one) return addInstallation(hub, body);
	if (body.remove) hub.state.installations.delete(body.id);
	if (body.permissions) one.permissions = body.permissions;
	if (body.repositories) {
		const { login } = one.account;
		one.repositories = new Set(body.repositories.map((n) => hub.state.repo(login, n).id));
	}
	if ('suspended' in body) one.suspended_at = body.suspended ? hub.state.stamp() : null;
	return { id: one.id };
}

function reaction(hub, { repo: name, comment_id, number, user, content }) {
	const repo = repoOf(hub, name);
	const { one } = react(
		hub.state,
		repo,
		comment_id ? 'comment' : 'issue',
		comment_id ?? number,
		hub.state.user(user),
		content,
	);
	return { id: one.id };
}

/* Someone presses a button of a check run: {repo, check_run_id, identifier, user} */
function press(hub, { repo: name, check_run_id, identifier, user }) {
	const repo = repoOf(hub, name);
	const check = repo.checks.get(check_run_id);
	const shape = checkShape(hub, repo, check);
	shape.check_suite = suiteShape(hub, repo, repo.suites.get(check.suite_id));
	const payload = {
		action: 'requested_action',
		check_run: shape,
		requested_action: { identifier },
	};
	hub.hooks.emit(repo, 'check_run', payload, personAs(hub, user));
	return {};
}

/* Resolves when no job is waiting or running; with `within_ms` it fails after that. */
async function idle(hub, { within_ms = 60000 }) {
	const end = Date.now() + within_ms;
	while (hub.busy()) {
		if (Date.now() > end) throw new Error('the runner is still busy');
		await new Promise((done) => {
			setTimeout(done, 20);
		});
	}
	return {};
}

function expireLogs(hub, { repo: name }) {
	for (const job of repoOf(hub, name).jobs.values()) job.log_expired = true;
	return {};
}

function appSettings(hub, { id, ...body }) {
	const app = hub.state.apps.get(id);
	const keys = ['webhook_url', 'webhook_secret', 'events', 'token_format', 'permissions'];
	for (const key of keys) if (body[key] !== undefined) app[key] = body[key];
	return {};
}

function fault(hub, body) {
	if (body.kind === 'outage') {
		hub.faults.outage = body.on !== false;
		return {};
	}
	const { pattern, ...rest } = hub.faults.add(body);
	return rest;
}

function hooks(hub, body) {
	if (body.mode) hub.hooks.mode = body.mode;
	return body.release ? hub.hooks.release(body.reverse).then(() => ({})) : {};
}

function commentsOf(repo) {
	return [...repo.comments.values()].map((c) => ({
		number: c.number,
		body: c.body,
		user: c.user.login,
		reactions: repo.reactions
			.filter((one) => one.kind === 'comment' && one.target === c.id)
			.map((one) => `${one.user.login} ${one.content}`)
			.sort(),
	}));
}

/* What is there in the end, for comparison and for invariants: but for checks no times. */
async function summary(hub) {
	const out = {};
	for (const [name, repo] of hub.state.repos) {
		const refs = Object.fromEntries(
			[...(await git.refs(repo.dir, 'refs/heads'))].map(([ref, { sha }]) => [
				ref.slice(11),
				sha,
			]),
		);
		out[name] = {
			refs,
			pulls: [...repo.pulls.values()].map((p) => ({
				number: p.number,
				node_id: p.node_id,
				title: p.title,
				state: p.state,
				draft: p.draft,
				merged: p.merged_at !== null,
				head: p.head_ref,
				head_sha: p.head_sha,
				base: p.base_ref,
				labels: p.labels,
				user: p.user.login,
				merge_commit_sha: p.merge_commit_sha,
				body: p.body,
			})),
			comments: commentsOf(repo),
			checks: [...repo.checks.values()].map((c) => ({
				name: c.name,
				app: c.app.slug,
				head_sha: c.head_sha,
				status: c.status,
				conclusion: c.conclusion,
				completed_at: c.completed_at,
				external_id: c.external_id ?? '',
				id: c.id,
				replaced: c.replaced ?? false,
			})),
			runs: [...repo.runs.values()].map((r) => ({
				id: r.id,
				event: r.event,
				head_sha: r.head_sha,
				branch: r.head_branch,
				attempts: r.attempts.length,
				status: r.attempts.at(-1).status,
				conclusion: r.attempts.at(-1).conclusion,
			})),
			deployments: [...repo.deployments.values()].map((d) => ({
				id: d.id,
				sha: d.sha,
				environment: d.environment,
				states: d.statuses.map((s) => s.state),
			})),
			statuses: repo.statuses.map(({ sha, context, state }) => ({ sha, context, state })),
		};
	}
	return out;
}

const CALLS = {
	'GET health': (hub) => ({ url: hub.url, pid: process.pid, kinds: KINDS }),
	'POST seed': seed,
	'POST push': push,
	'POST deployment': deployment,
	'POST rename': rename,
	'POST transfer': transfer,
	'POST remove': remove,
	'POST manifest': sendManifest,
	'POST settings': settings,
	'POST installation': installation,
	'POST token': addToken,
	'GET tokens': (hub) => [...hub.state.tokens.keys()],
	'POST repository': async (hub, body) => ({ sha: (await addRepo(hub, body)).sha }),
	'POST press': press,
	'POST reaction': reaction,
	'POST issue': (hub, body) => ({
		number: openIssue(hub.state, repoOf(hub, body.repo), body).number,
	}),
	'POST label': (hub, { repo, name }) => ({
		id: ensureLabel(hub.state, repoOf(hub, repo), name).id,
	}),
	'POST app': appSettings,
	'POST clock': (hub, { advance_s = 0 }) => {
		hub.state.clock_ms += advance_s * 1000;
		return { now: hub.state.stamp() };
	},
	'POST idle': idle,
	'POST expire-logs': expireLogs,
	'POST runner': (hub, { limit_ms, paused }) => {
		if (limit_ms) hub.runner.limit_ms = limit_ms;
		if (paused !== undefined) hub.slots.pause(paused);
		return {};
	},
	'POST limits': (hub, body) => {
		Object.assign(hub.limits.settings, body.reset ? DEFAULTS : body);
		return hub.limits.settings;
	},
	'POST faults': fault,
	'GET faults': (hub) => hub.faults.list.map(({ pattern, ...rest }) => rest),
	'DELETE faults': (hub) => {
		hub.faults.clear();
		return {};
	},
	'POST webhooks': hooks,
	'GET webhooks': (hub) => hub.hooks.deliveries.map(({ source, ...rest }) => rest),
	'GET journal': (hub) => hub.state.journal,
	'DELETE journal': (hub) => {
		hub.state.journal.length = 0;
		return {};
	},
	'GET violations': (hub) => [
		...hub.state.violations,
		...hub.state.errors.map((one) => ({ kind: 'hub', ...one })),
	],
	'DELETE violations': (hub) => {
		hub.state.violations.length = 0;
		hub.state.errors.length = 0;
		return {};
	},
	'GET summary': summary,
};

export async function control(hub, req, res, url) {
	const call = CALLS[`${req.method} ${url.pathname.slice('/_hub/'.length)}`];
	let status = 200;
	let answer;
	try {
		if (!call) throw new Error(`no control call ${req.method} ${url.pathname}`);
		const raw = await readBody(req);
		answer = await call(hub, raw.length ? JSON.parse(raw) : {});
	} catch (error) {
		status = 400;
		answer = { error: error.stack };
	}
	const text = JSON.stringify(answer ?? {});
	res.writeHead(status, {
		'content-type': 'application/json',
		'content-length': Buffer.byteLength(text),
	});
	res.end(text);
}
