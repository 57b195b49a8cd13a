/*
 * Everything the hub knows that git does not: people, Apps, tokens, pull requests, checks, runs.
 * Kept in memory only. Refs, commits and trees are not here: the bare repositories are their truth.
 */
import { randomBytes } from 'node:crypto';

export const ACTIONS_APP_ID = 15368;
export const ROLES = ['none', 'read', 'triage', 'write', 'maintain', 'admin'];

export class State {
	constructor(root) {
		this.root = root;
		this.clock_ms = 0;
		this.lastId = 1000;
		this.users = new Map();
		this.apps = new Map();
		this.installations = new Map();
		this.tokens = new Map();
		this.manifests = new Map();
		this.repos = new Map();
		this.renames = new Map();
		this.journal = [];
		this.violations = [];
		this.errors = [];
	}

	now() {
		return Date.now() + this.clock_ms;
	}

	/* GitHub's times have whole seconds and end in Z. */
	stamp(at = this.now()) {
		return new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
	}

	id() {
		this.lastId += 1;
		return this.lastId;
	}

	user(login, type = 'User') {
		const key = login.toLowerCase();
		if (!this.users.has(key)) {
			this.users.set(key, { id: this.id(), login, type, created_at: this.stamp() });
		}
		return this.users.get(key);
	}

	repo(owner, name) {
		return this.repos.get(`${owner}/${name}`.toLowerCase());
	}

	repoById(id) {
		return [...this.repos.values()].find((repo) => repo.id === id);
	}

	violation(kind, what) {
		this.violations.push({ at: this.stamp(), kind, ...what });
	}
}

export function newRepo(state, owner, name, options) {
	return {
		id: state.id(),
		owner,
		name,
		private: true,
		default_branch: 'main',
		description: null,
		created_at: state.stamp(),
		pushed_at: state.stamp(),
		collaborators: new Map(),
		lastNumber: 0,
		pulls: new Map(),
		issues: new Map(),
		comments: new Map(),
		reviews: [],
		reactions: [],
		labels: new Map(),
		suites: new Map(),
		checks: new Map(),
		statuses: [],
		workflows: new Map(),
		runs: new Map(),
		jobs: new Map(),
		deployments: new Map(),
		protection: new Map(),
		rulesets: [],
		secrets: {},
		allow_merge_commit: true,
		allow_squash_merge: true,
		allow_rebase_merge: false,
		allow_auto_merge: true,
		delete_branch_on_merge: false,
		archived: false,
		...options,
	};
}

export const randomToken = (prefix) =>
	prefix + randomBytes(32).toString('base64url').replace(/[-_]/g, 'x').slice(0, 36);

export const nodeId = (kind, id) => Buffer.from(`0:${kind}${id}`).toString('base64url');

/* The role a person has in a repository, "none" where there is no way in. */
export function roleOf(repo, login) {
	if (repo.owner.login.toLowerCase() === login.toLowerCase()) return 'admin';
	const role = repo.collaborators.get(login.toLowerCase());
	if (role) return role;
	return repo.private ? 'none' : 'read';
}

export const roleAtLeast = (role, least) => ROLES.indexOf(role) >= ROLES.indexOf(least);
