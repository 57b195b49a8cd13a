/*
 * Deployments and their statuses: made through the API, by a job with an environment, or by a
 * control call. A newer success makes the older deployments of the environment inactive.
 */
import * as shapes from './shapes_check.js';

export async function openDeployment(hub, repo, body, auth) {
	const at = hub.state.stamp();
	const one = {
		id: hub.state.id(),
		sha: body.sha,
		ref: body.ref,
		task: body.task ?? 'deploy',
		payload: body.payload ?? {},
		environment: body.environment ?? 'production',
		description: body.description ?? null,
		creator: auth.actor,
		app: auth.app ?? null,
		transient_environment: body.transient_environment ?? false,
		production_environment:
			body.production_environment ?? (body.environment ?? 'production') === 'production',
		created_at: at,
		updated_at: at,
		statuses: [],
	};
	repo.deployments.set(one.id, one);
	hub.hooks.emit(
		repo,
		'deployment',
		{
			action: 'created',
			workflow: null,
			workflow_run: null,
			deployment: shapes.deployment(hub, repo, one),
		},
		auth,
	);
	return one;
}

function addStatus(hub, repo, on, body, auth) {
	const status = {
		id: hub.state.id(),
		state: body.state,
		description: body.description ?? '',
		environment: body.environment ?? on.environment,
		target_url: body.target_url ?? '',
		log_url: body.log_url ?? body.target_url ?? '',
		environment_url: body.environment_url ?? '',
		creator: auth.actor,
		app: auth.app ?? null,
		created_at: hub.state.stamp(),
	};
	on.statuses.push(status);
	on.updated_at = status.created_at;
	hub.hooks.emit(
		repo,
		'deployment_status',
		{
			action: 'created',
			check_run: null,
			workflow: null,
			workflow_run: null,
			deployment: shapes.deployment(hub, repo, on),
			deployment_status: shapes.deploymentStatus(hub, repo, on, status),
		},
		auth,
	);
	return status;
}

export async function setDeployment(hub, repo, on, body, auth) {
	const status = addStatus(hub, repo, on, body, auth);
	if (body.state !== 'success' || body.auto_inactive === false) return status;
	for (const other of repo.deployments.values()) {
		if (
			other === on ||
			other.environment !== on.environment ||
			other.transient_environment ||
			other.statuses.at(-1)?.state !== 'success'
		)
			continue;
		addStatus(hub, repo, other, { state: 'inactive' }, auth);
	}
	return status;
}
