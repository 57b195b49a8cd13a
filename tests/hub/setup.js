/*
 * What people do on GitHub's pages: an App from a manifest, a repository to another owner, a
 * repository away.
 */
import { randomBytes } from 'node:crypto';
import { addApp } from './seed.js';

const CODE_MS = 3600 * 1000;

export const isPast = (state, made) => made.at_ms + CODE_MS < state.now();

/* {manifest, owner}: someone sends the form; the code is what the browser is sent back with. */
export function sendManifest(hub, { manifest, owner }) {
	const { state } = hub;
	const made = addApp(hub, {
		name: manifest.name,
		owner,
		events: manifest.default_events ?? [],
		webhook_url: manifest.hook_attributes?.active ? manifest.hook_attributes.url : null,
		webhook_secret: randomBytes(20).toString('hex'),
	});
	const app = state.apps.get(made.id);
	app.permissions = { ...manifest.default_permissions };
	const code = randomBytes(20).toString('hex');
	state.manifests.set(code, {
		app,
		private_key: made.private_key,
		client_secret: randomBytes(20).toString('hex'),
		at_ms: state.now(),
	});
	return { code, id: app.id };
}

function take(hub, name) {
	const repo = hub.state.repo(...name.split('/'));
	if (!repo) throw new Error(`no repository ${name}`);
	hub.state.repos.delete(name.toLowerCase());
	for (const one of hub.state.installations.values()) one.repositories?.delete(repo.id);
	return repo;
}

/* {repo, to}: the old address leads to the new one, as after a rename. */
export function transfer(hub, { repo: name, to }) {
	const repo = take(hub, name);
	repo.owner = hub.state.user(to);
	hub.state.renames.set(name.toLowerCase(), repo);
	hub.state.repos.set(`${to}/${repo.name}`.toLowerCase(), repo);
	return {};
}

export function remove(hub, { repo }) {
	take(hub, repo);
	return {};
}
