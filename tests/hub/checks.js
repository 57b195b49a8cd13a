/*
 * Check suites and check runs: making and changing them, and telling about it. Every push makes a
 * suite for each App that may write checks; it stays queued when the App never reports.
 */
import * as git from './git.js';
import { mayDo } from './auth.js';
import { tryAutoMerge } from './pulls.js';
import * as shapes from './shapes_check.js';

export async function newSuite(hub, repo, app, { branch, sha, before = null, status, conclusion }) {
	const at = hub.state.stamp();
	const suite = {
		id: hub.state.id(),
		app,
		head_branch: branch,
		head_sha: sha,
		before,
		status,
		conclusion,
		head_commit: await git.commit(repo.dir, sha),
		created_at: at,
		updated_at: at,
	};
	repo.suites.set(suite.id, suite);
	return suite;
}

const appSuite = (repo, app, sha) =>
	[...repo.suites.values()].find((one) => one.app === app && one.head_sha === sha && !one.run_id);

export async function createSuites(hub, repo, branch, before, sha) {
	for (const installation of hub.state.installations.values()) {
		const app = hub.state.apps.get(installation.app_id);
		const auth = {
			kind: 'installation',
			installation,
			permissions: installation.permissions,
			repos: null,
		};
		if (!mayDo(auth, repo, 'checks:write') || appSuite(repo, app, sha)) continue;
		const suite = await newSuite(hub, repo, app, { branch, sha, before });
		emitSuite(hub, repo, suite, 'requested', { actor: repo.owner });
	}
}

function emitSuite(hub, repo, suite, action, auth) {
	hub.hooks.emit(
		repo,
		'check_suite',
		{ action, check_suite: shapes.suite(hub, repo, suite) },
		auth,
	);
}

/* A check run made by an App through the API. */
export async function createCheck(hub, repo, app, body, auth) {
	const suite =
		appSuite(repo, app, body.head_sha) ??
		(await newSuite(hub, repo, app, { branch: null, sha: body.head_sha }));
	const check = {
		id: hub.state.id(),
		suite_id: suite.id,
		app,
		head_sha: body.head_sha,
		status: 'queued',
		conclusion: null,
		started_at: hub.state.stamp(),
		completed_at: null,
		output: {},
		annotations: [],
	};
	/* The same name again replaces the older run in "latest" lists. */
	for (const one of repo.checks.values()) {
		if (one.suite_id === suite.id && one.name === body.name) one.replaced = true;
	}
	repo.checks.set(check.id, check);
	await applyCheck(hub, repo, check, body, auth, 'created');
	return check;
}

export async function applyCheck(hub, repo, check, body, auth, action = null) {
	const at = hub.state.stamp();
	const { output, actions, ...rest } = body;
	Object.assign(check, rest);
	if (actions) check.actions = actions;
	if (check.conclusion) check.status = 'completed';
	if (check.status === 'completed') check.completed_at ??= at;
	if (output) {
		const { annotations = [], ...text } = output;
		Object.assign(check.output, text);
		check.annotations.push(...annotations);
	}
	await announceCheck(hub, repo, check, auth, action);
}

/* Webhooks of a changed check run, and of its suite when that is complete. */
export async function announceCheck(hub, repo, check, auth, action = null) {
	const suite = repo.suites.get(check.suite_id);
	suite.updated_at = hub.state.stamp();
	const done = check.status === 'completed';
	if (action || done) {
		const shape = shapes.check(hub, repo, check);
		shape.check_suite = shapes.suite(hub, repo, suite);
		hub.hooks.emit(
			repo,
			'check_run',
			{ action: done ? 'completed' : action, check_run: shape },
			auth,
		);
	}
	if (done && shapes.suiteState(repo, suite).status === 'completed') {
		emitSuite(hub, repo, suite, 'completed', auth);
		hub.later(0, () => tryAutoMerge(hub, repo));
	}
}

/* Newest runs of a commit; filter "all" has replaced ones too. */
export function checksOf(repo, test, query) {
	return [...repo.checks.values()].filter(
		(one) =>
			test(one) &&
			(query.filter === 'all' || !one.replaced) &&
			(!query.check_name || one.name === query.check_name) &&
			(!query.status || one.status === query.status) &&
			(!query.app_id || one.app.id === Number(query.app_id)),
	);
}
