/*
 * Branch protection, classic and by rulesets: what a branch requires, and whether a commit has it.
 */
import { latestStatuses } from './shapes_check.js';
import { roleAtLeast, roleOf } from './state.js';

const matches = (patterns, branch, repo) =>
	patterns.some(
		(p) =>
			p === branch ||
			p === '~ALL' ||
			(p === '~DEFAULT_BRANCH' && branch === repo.default_branch) ||
			(p.endsWith('*') && branch.startsWith(p.slice(0, -1))),
	);

/* The rules of rulesets that hold for a branch: [{rule, ruleset}]. */
export function rulesFor(repo, branch) {
	return repo.rulesets
		.filter(
			(set) =>
				(set.enforcement ?? 'active') === 'active' && matches(set.branches, branch, repo),
		)
		.flatMap((ruleset) => ruleset.rules.map((rule) => ({ rule, ruleset })));
}

const classicChecks = (classic) =>
	classic?.checks ?? (classic?.contexts ?? []).map((context) => ({ context, app_id: null }));

/* {checks: [{context, app_id}], strict, reviews, from_rules}: all that a merge into it needs. */
export function requirements(repo, branch) {
	const classic = repo.protection.get(branch);
	const out = {
		checks: classicChecks(classic?.required_status_checks),
		strict: classic?.required_status_checks?.strict ?? false,
		reviews: classic?.required_pull_request_reviews?.required_approving_review_count ?? 0,
		methods: null,
		from_rules: false,
	};
	for (const { rule } of rulesFor(repo, branch)) {
		if (rule.type === 'required_status_checks') {
			out.from_rules = true;
			out.strict ||= rule.parameters.strict_required_status_checks_policy;
			out.checks.push(
				...rule.parameters.required_status_checks.map((one) => ({
					context: one.context,
					app_id: one.integration_id ?? null,
				})),
			);
		} else if (rule.type === 'pull_request') {
			out.from_rules = true;
			out.reviews = Math.max(out.reviews, rule.parameters.required_approving_review_count);
			out.methods = rule.parameters.allowed_merge_methods ?? null;
		}
	}
	return out;
}

/* For the pre-receive hook. */
export function protectedBranches(repo) {
	const out = {};
	const names = new Set([...repo.protection.keys(), repo.default_branch]);
	for (const branch of names) {
		const rules = rulesFor(repo, branch);
		if (!repo.protection.has(branch) && rules.length === 0) continue;
		const need = requirements(repo, branch);
		out[branch] = {
			checks: need.checks.map((one) => one.context),
			reviews: need.reviews > 0 || rules.some(({ rule }) => rule.type === 'pull_request'),
		};
	}
	return out;
}

export const isProtected = (repo, branch) =>
	repo.protection.has(branch) || rulesFor(repo, branch).length > 0;

const GOOD = new Set(['success', 'neutral', 'skipped']);

/* "success", "failure", "pending", or "expected" when nothing of this name was reported. */
export function contextState(repo, sha, { context, app_id }) {
	const check = [...repo.checks.values()]
		.filter(
			(c) =>
				c.head_sha === sha &&
				!c.replaced &&
				c.name === context &&
				(app_id === null || app_id === -1 || c.app.id === app_id),
		)
		.at(-1);
	if (check) {
		if (check.status !== 'completed') return 'pending';
		return GOOD.has(check.conclusion) ? 'success' : 'failure';
	}
	const status = latestStatuses(repo, sha).find((one) => one.context === context);
	if (!status) return 'expected';
	return status.state === 'error' ? 'failure' : status.state;
}

/* Remarks and reviews that are not sent yet say nothing; a dismissed one takes its word back. */
const SAYING = new Set(['APPROVED', 'CHANGES_REQUESTED', 'DISMISSED']);

/* People with write permission whose newest review of this pull request approves. */
export function approvals(repo, pull) {
	const newest = new Map();
	for (const one of repo.reviews) {
		if (
			one.number === pull.number &&
			SAYING.has(one.state) &&
			roleAtLeast(roleOf(repo, one.user.login), 'write')
		)
			newest.set(one.user, one.state);
	}
	const states = [...newest.values()];
	return {
		count: states.filter((s) => s === 'APPROVED').length,
		blocked: states.includes('CHANGES_REQUESTED'),
	};
}

/* Why a merge may not be; null when nothing is missing. GitHub's words. */
export function missing(repo, pull) {
	const need = requirements(repo, pull.base_ref);
	const words = need.from_rules ? 'Repository rule violations found\n\n' : '';
	for (const one of need.checks) {
		const state = contextState(repo, pull.head_sha, one);
		if (state === 'expected' || state === 'pending') {
			return `${words}Required status check "${one.context}" is ${state}.`;
		}
		if (state === 'failure') {
			return `${words}Required status check "${one.context}" is failing.`;
		}
	}
	const given = approvals(repo, pull);
	if (need.reviews > 0 && (given.count < need.reviews || given.blocked)) {
		return (
			`${words}At least ${need.reviews} approving review is required by reviewers with ` +
			'write access.'
		);
	}
	return null;
}

/* Any check or status on the commit that is not good: it makes a pull request "unstable". */
export function anyNotGood(repo, sha) {
	const checks = [...repo.checks.values()].filter((c) => c.head_sha === sha && !c.replaced);
	return (
		checks.some((c) => !GOOD.has(c.conclusion)) ||
		latestStatuses(repo, sha).some((one) => one.state !== 'success')
	);
}
