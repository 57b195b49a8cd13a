/*
 * The record of a job and the check run that stands for it: they have the same number and change
 * together.
 */
import { announceCheck } from './checks.js';
import { htmlUrl } from './shapes.js';
import * as shapes from './shapes_check.js';

export function newRecord(hub, repo, run, attempt, { id, spec, name }) {
	const { state } = hub;
	const at = state.stamp();
	const record = {
		id: state.id(),
		key: id,
		run_id: run.id,
		attempt: attempt.number,
		name,
		workflow_name: run.name,
		head_branch: run.head_branch,
		head_sha: run.head_sha,
		status: 'queued',
		conclusion: null,
		created_at: at,
		started_at: at,
		completed_at: null,
		steps: [],
		labels: [spec['runs-on'] ?? 'ubuntu-latest'].flat().map(String),
		runner_id: null,
		log: null,
	};
	const html = `${htmlUrl(hub, repo)}/actions/runs/${run.id}/job/${record.id}`;
	repo.jobs.set(record.id, record);
	repo.checks.set(record.id, {
		id: record.id,
		suite_id: run.suite_id,
		app: state.actionsApp,
		name,
		head_sha: run.head_sha,
		status: 'queued',
		conclusion: null,
		started_at: at,
		completed_at: null,
		output: {},
		annotations: [],
		html_url: html,
		details_url: html,
	});
	return record;
}

export function emitJob(hub, repo, record, action) {
	const shape = shapes.job(hub, repo, record);
	hub.hooks.emit(
		repo,
		'workflow_job',
		{ action, workflow_job: shape },
		{ actor: repo.runs.get(record.run_id).actor },
	);
}

export async function changeJob(job, change) {
	const { hub, repo, record } = job;
	Object.assign(record, change);
	const check = repo.checks.get(record.id);
	Object.assign(check, {
		status: record.status,
		conclusion: record.conclusion,
		started_at: record.started_at,
		completed_at: record.completed_at,
	});
	emitJob(hub, repo, record, record.status);
	await announceCheck(
		hub,
		repo,
		check,
		{ actor: repo.runs.get(record.run_id).actor },
		record.status === 'in_progress' ? 'created' : null,
	);
}
