/* Branch protection and rulesets, reading only: seeds and control calls set them. */
import { notFound } from './errors.js';
import { paged } from './paging.js';
import { rulesFor } from './protect.js';
import { route } from './route.js';
import { repoUrl } from './shapes.js';

const checksOf = (classic) =>
	classic.checks ?? (classic.contexts ?? []).map((context) => ({ context, app_id: null }));

function required(hub, repo, branch, classic) {
	const url = `${repoUrl(hub, repo)}/branches/${branch}/protection/required_status_checks`;
	const checks = checksOf(classic);
	return {
		url,
		strict: classic.strict ?? false,
		contexts: checks.map((one) => one.context),
		contexts_url: `${url}/contexts`,
		checks,
	};
}

const NO = { enabled: false };

/* What GET branches/{branch} has inside: also for a branch without protection. */
export function protection(hub, repo, branch) {
	const classic = repo.protection.get(branch);
	const checks = classic?.required_status_checks ?? {};
	return {
		enabled: classic !== undefined,
		required_status_checks: {
			enforcement_level: classic?.required_status_checks
				? classic.enforce_admins
					? 'everyone'
					: 'non_admins'
				: 'off',
			contexts: checksOf(checks).map((one) => one.context),
			checks: checksOf(checks),
		},
	};
}

function full(ctx) {
	const { hub, repo, params } = ctx;
	const classic = repo.protection.get(params.branch);
	if (!classic) throw notFound('Branch not protected');
	const url = `${repoUrl(hub, repo)}/branches/${params.branch}/protection`;
	const body = {
		url,
		enforce_admins: { url: `${url}/enforce_admins`, enabled: classic.enforce_admins ?? false },
		required_linear_history: NO,
		allow_force_pushes: NO,
		allow_deletions: NO,
		block_creations: NO,
		required_conversation_resolution: NO,
		lock_branch: NO,
		allow_fork_syncing: NO,
		required_signatures: { url: `${url}/required_signatures`, enabled: false },
	};
	if (classic.required_status_checks) {
		body.required_status_checks = required(
			hub,
			repo,
			params.branch,
			classic.required_status_checks,
		);
	}
	if (classic.required_pull_request_reviews) {
		body.required_pull_request_reviews = {
			url: `${url}/required_pull_request_reviews`,
			dismiss_stale_reviews: false,
			require_code_owner_reviews: false,
			require_last_push_approval: false,
			...classic.required_pull_request_reviews,
		};
	}
	return { body };
}

function checks(ctx) {
	const { hub, repo, params } = ctx;
	const classic = repo.protection.get(params.branch);
	if (!classic) throw notFound('Branch not protected');
	if (!classic.required_status_checks) throw notFound('Required status checks not enabled');
	return { body: required(hub, repo, params.branch, classic.required_status_checks) };
}

/* Never 404: a branch that is not there has no rules. */
function rules(ctx) {
	const { repo, params } = ctx;
	return paged(ctx, rulesFor(repo, params.branch), ({ rule, ruleset }) => ({
		...rule,
		ruleset_source_type: 'Repository',
		ruleset_source: `${repo.owner.login}/${repo.name}`,
		ruleset_id: ruleset.id,
	}));
}

function rulesets(ctx) {
	const { repo } = ctx;
	return paged(ctx, repo.rulesets, (one) => ({
		id: one.id,
		name: one.name,
		target: 'branch',
		source_type: 'Repository',
		source: `${repo.owner.login}/${repo.name}`,
		enforcement: one.enforcement ?? 'active',
		node_id: `RRS_${one.id}`,
		created_at: repo.created_at,
		updated_at: repo.created_at,
	}));
}

const R = '/repos/{owner}/{repo}';

export const routes = [
	route('GET', `${R}/branches/{branch}/protection`, 'administration:read', full),
	route(
		'GET',
		`${R}/branches/{branch}/protection/required_status_checks`,
		'administration:read',
		checks,
	),
	route('GET', `${R}/rules/branches/{branch}`, 'metadata:read', rules),
	route('GET', `${R}/rulesets`, 'metadata:read', rulesets),
];
