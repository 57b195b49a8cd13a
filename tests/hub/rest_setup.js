/* What owners set up and a token may read of it: Apps from manifests, Actions' switches, rulesets. */
import { notFound } from './errors.js';
import { route } from './route.js';
import { isPast } from './setup.js';
import * as shapes from './shapes.js';

/* The code is good once, and for an hour. */
function convert({ hub, state, params }) {
	const made = state.manifests.get(params.code);
	if (!made || isPast(state, made)) throw notFound();
	state.manifests.delete(params.code);
	return {
		status: 201,
		body: {
			...shapes.app(hub, made.app),
			client_secret: made.client_secret,
			webhook_secret: made.app.webhook_secret,
			pem: made.private_key,
		},
	};
}

const permissions = ({ repo }) => ({
	body: { enabled: repo.actions_enabled ?? true, allowed_actions: 'all' },
});

const workflow = ({ repo }) => ({
	body: {
		default_workflow_permissions: 'read',
		can_approve_pull_request_reviews: repo.actions_may_open_pulls ?? false,
	},
});

function ruleset({ repo, params }) {
	const one = repo.rulesets.find((set) => set.id === Number(params.ruleset_id));
	if (!one) throw notFound();
	return {
		body: {
			id: one.id,
			name: one.name,
			target: 'branch',
			source_type: 'Repository',
			source: `${repo.owner.login}/${repo.name}`,
			enforcement: one.enforcement ?? 'active',
			current_user_can_bypass: one.bypass ?? 'never',
			node_id: `RRS_${one.id}`,
			rules: one.rules,
			created_at: repo.created_at,
			updated_at: repo.created_at,
		},
	};
}

const R = '/repos/{owner}/{repo}';

export const routes = [
	route('POST', '/app-manifests/{code}/conversions', 'any', convert),
	route('GET', `${R}/actions/permissions`, 'administration:read', permissions),
	route('GET', `${R}/actions/permissions/workflow`, 'administration:read', workflow),
	route('GET', `${R}/rulesets/{ruleset_id}`, 'metadata:read', ruleset),
];
