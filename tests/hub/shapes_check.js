/*
 * Checks, statuses, workflow runs, jobs and deployments as GitHub prints them. Pure.
 */
import { nodeId } from './state.js';
import { app, htmlUrl, minimalRepo, repoUrl, simpleCommit, user } from './shapes.js';

/* The open pull requests whose head is this commit. */
export function pullsOf(hub, of, sha) {
	const short = { id: of.id, url: repoUrl(hub, of), name: of.name };
	return [...of.pulls.values()]
		.filter((p) => p.state === 'open' && p.head_sha === sha)
		.map((p) => ({
			url: `${repoUrl(hub, of)}/pulls/${p.number}`,
			id: p.id,
			number: p.number,
			head: { ref: p.head_ref, sha: p.head_sha, repo: short },
			base: { ref: p.base_ref, sha: p.base_sha, repo: short },
		}));
}

export function check(hub, of, one) {
	const api = `${repoUrl(hub, of)}/check-runs/${one.id}`;
	return {
		id: one.id,
		name: one.name,
		node_id: nodeId('CR', one.id),
		head_sha: one.head_sha,
		external_id: one.external_id ?? '',
		url: api,
		html_url: one.html_url ?? `${htmlUrl(hub, of)}/runs/${one.id}`,
		details_url: one.details_url ?? `${hub.url}/apps/${one.app.slug}`,
		status: one.status,
		conclusion: one.conclusion,
		started_at: one.started_at,
		completed_at: one.completed_at,
		output: {
			title: one.output.title ?? null,
			summary: one.output.summary ?? null,
			text: one.output.text ?? null,
			annotations_count: one.annotations.length,
			annotations_url: `${api}/annotations`,
		},
		check_suite: { id: one.suite_id },
		app: app(hub, one.app),
		pull_requests: pullsOf(hub, of, one.head_sha),
	};
}

export function annotation(hub, of, check_run, one) {
	return {
		path: one.path,
		blob_href:
			`${htmlUrl(hub, of)}/blob/${check_run.head_sha}/` +
			one.path.split('/').map(encodeURIComponent).join('/'),
		start_line: one.start_line,
		start_column: one.start_column ?? null,
		end_line: one.end_line,
		end_column: one.end_column ?? null,
		annotation_level: one.annotation_level,
		title: one.title ?? '',
		message: one.message,
		raw_details: one.raw_details ?? '',
	};
}

/* A suite is as its runs are; one without runs stays queued, as with Apps that never report. */
export function suiteState(of, suite) {
	const mine = [...of.checks.values()].filter((c) => c.suite_id === suite.id && !c.replaced);
	if (mine.length === 0) {
		return { status: suite.status ?? 'queued', conclusion: suite.conclusion ?? null, count: 0 };
	}
	if (mine.some((c) => c.status !== 'completed')) {
		const going = mine.some((c) => c.status !== 'queued');
		return { status: going ? 'in_progress' : 'queued', conclusion: null, count: mine.length };
	}
	const order = [
		'failure',
		'timed_out',
		'cancelled',
		'action_required',
		'stale',
		'success',
		'neutral',
		'skipped',
	];
	const conclusion = order.find((o) => mine.some((c) => c.conclusion === o));
	return { status: 'completed', conclusion, count: mine.length };
}

export function suite(hub, of, one) {
	const api = `${repoUrl(hub, of)}/check-suites/${one.id}`;
	const now = suiteState(of, one);
	return {
		id: one.id,
		node_id: nodeId('CS', one.id),
		head_branch: one.head_branch,
		head_sha: one.head_sha,
		status: now.status,
		conclusion: now.conclusion,
		url: api,
		before: one.before,
		after: one.head_sha,
		pull_requests: pullsOf(hub, of, one.head_sha),
		app: app(hub, one.app),
		created_at: one.created_at,
		updated_at: one.updated_at,
		rerequestable: true,
		runs_rerequestable: true,
		latest_check_runs_count: now.count,
		check_runs_url: `${api}/check-runs`,
		head_commit: simpleCommit(one.head_commit),
		repository: minimalRepo(hub, of),
	};
}

export function status(hub, of, one) {
	return {
		url: `${repoUrl(hub, of)}/statuses/${one.sha}`,
		avatar_url: `${hub.url}/avatars/u/${one.creator.id}?v=4`,
		id: one.id,
		node_id: nodeId('SC', one.id),
		state: one.state,
		description: one.description,
		target_url: one.target_url,
		context: one.context,
		created_at: one.created_at,
		updated_at: one.created_at,
		creator: user(hub, one.creator),
	};
}

/* The newest status of each context. */
export function latestStatuses(of, sha) {
	const newest = new Map();
	for (const one of of.statuses) if (one.sha === sha) newest.set(one.context, one);
	return [...newest.values()];
}

/* GitHub says "pending" also when there is no status at all. */
export function combined(hub, of, sha) {
	const all = latestStatuses(of, sha);
	const bad = all.some((s) => s.state === 'failure' || s.state === 'error');
	const wait = all.length === 0 || all.some((s) => s.state === 'pending');
	return {
		state: bad ? 'failure' : wait ? 'pending' : 'success',
		statuses: all.map((one) => {
			const { creator, ...rest } = status(hub, of, one);
			return rest;
		}),
		sha,
		total_count: all.length,
		repository: minimalRepo(hub, of),
		commit_url: `${repoUrl(hub, of)}/commits/${sha}`,
		url: `${repoUrl(hub, of)}/commits/${sha}/status`,
	};
}

export function run(hub, of, one, attempt = one.attempts.at(-1)) {
	const api = `${repoUrl(hub, of)}/actions/runs/${one.id}`;
	return {
		id: one.id,
		name: one.name,
		node_id: nodeId('WFR', one.id),
		head_branch: one.head_branch,
		head_sha: one.head_sha,
		path: one.path,
		display_title: one.display_title,
		run_number: one.run_number,
		event: one.event,
		status: attempt.status,
		conclusion: attempt.conclusion,
		workflow_id: one.workflow_id,
		check_suite_id: one.suite_id,
		check_suite_node_id: nodeId('CS', one.suite_id),
		url: api,
		html_url: `${htmlUrl(hub, of)}/actions/runs/${one.id}`,
		pull_requests: one.event === 'pull_request' ? pullsOf(hub, of, one.head_sha) : [],
		created_at: one.created_at,
		updated_at: attempt.updated_at,
		actor: user(hub, one.actor),
		triggering_actor: user(hub, attempt.actor),
		run_attempt: attempt.number,
		referenced_workflows: [],
		run_started_at: attempt.started_at,
		jobs_url: `${api}/jobs`,
		logs_url: `${api}/logs`,
		check_suite_url: `${repoUrl(hub, of)}/check-suites/${one.suite_id}`,
		artifacts_url: `${api}/artifacts`,
		cancel_url: `${api}/cancel`,
		rerun_url: `${api}/rerun`,
		previous_attempt_url: attempt.number > 1 ? `${api}/attempts/${attempt.number - 1}` : null,
		workflow_url: `${repoUrl(hub, of)}/actions/workflows/${one.workflow_id}`,
		head_commit: simpleCommit(one.head_commit),
		repository: minimalRepo(hub, of),
		head_repository: minimalRepo(hub, of),
	};
}

export function job(hub, of, one) {
	return {
		id: one.id,
		run_id: one.run_id,
		workflow_name: one.workflow_name,
		head_branch: one.head_branch,
		run_url: `${repoUrl(hub, of)}/actions/runs/${one.run_id}`,
		run_attempt: one.attempt,
		node_id: nodeId('CR', one.id),
		head_sha: one.head_sha,
		url: `${repoUrl(hub, of)}/actions/jobs/${one.id}`,
		html_url: `${htmlUrl(hub, of)}/actions/runs/${one.run_id}/job/${one.id}`,
		status: one.status,
		conclusion: one.conclusion,
		created_at: one.created_at,
		started_at: one.started_at,
		completed_at: one.completed_at,
		name: one.name,
		steps: one.steps,
		check_run_url: `${repoUrl(hub, of)}/check-runs/${one.id}`,
		labels: one.labels,
		runner_id: one.runner_id,
		runner_name: one.runner_id ? `GitHub Actions ${one.runner_id}` : null,
		runner_group_id: one.runner_id ? 0 : null,
		runner_group_name: one.runner_id ? 'GitHub Actions' : null,
	};
}

export function deployment(hub, of, one) {
	const api = `${repoUrl(hub, of)}/deployments/${one.id}`;
	return {
		url: api,
		id: one.id,
		node_id: nodeId('DE', one.id),
		task: one.task,
		original_environment: one.environment,
		environment: one.environment,
		description: one.description,
		created_at: one.created_at,
		updated_at: one.updated_at,
		statuses_url: `${api}/statuses`,
		repository_url: repoUrl(hub, of),
		creator: user(hub, one.creator),
		sha: one.sha,
		ref: one.ref,
		payload: one.payload,
		transient_environment: one.transient_environment,
		production_environment: one.production_environment,
		performed_via_github_app: app(hub, one.app ?? null),
	};
}

export function deploymentStatus(hub, of, on, one) {
	const api = `${repoUrl(hub, of)}/deployments/${on.id}`;
	return {
		url: `${api}/statuses/${one.id}`,
		id: one.id,
		node_id: nodeId('DES', one.id),
		state: one.state,
		creator: user(hub, one.creator),
		description: one.description,
		environment: one.environment,
		target_url: one.target_url,
		created_at: one.created_at,
		updated_at: one.created_at,
		deployment_url: api,
		repository_url: repoUrl(hub, of),
		environment_url: one.environment_url,
		log_url: one.log_url,
		performed_via_github_app: app(hub, one.app ?? null),
	};
}
