/*
 * One job of a workflow run: a fresh checkout, its steps really executed one after the other, its
 * log, its check run and annotations. The conclusion comes from exit codes and from nothing else.
 * No sandbox: what runs here is what the tests put into their own repositories.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { openDeployment, setDeployment } from './deployments.js';
import { condition, fill, fillText } from './expression.js';
import { JobLog } from './joblog.js';
import { changeJob, emitJob, newRecord } from './jobs.js';
import { checkout, runScript } from './steps.js';

const HOME = '/home/runner/work';

export class Job {
	constructor(hub, repo, run, attempt, { id, spec, name, matrix, token }) {
		Object.assign(this, { hub, repo, owner: run, attempt, id, spec, matrix, token });
		this.record = newRecord(hub, repo, run, attempt, { id, spec, name });
		this.outcomes = {};
		emitJob(hub, repo, this.record, 'queued');
	}

	/* A job that another attempt did well: the same result and log, not run again. */
	takeOver(old) {
		this.done = true;
		const { steps, log, conclusion, started_at, completed_at, runner_id } = old;
		Object.assign(this.record, {
			steps,
			log,
			conclusion,
			started_at,
			completed_at,
			runner_id,
			status: 'completed',
		});
		const check = this.repo.checks.get(this.record.id);
		Object.assign(check, {
			status: 'completed',
			conclusion,
			started_at,
			completed_at,
			annotations: this.repo.checks.get(old.id).annotations,
		});
	}

	github() {
		const { hub, repo, owner: run } = this;
		const pull = run.pull;
		return {
			repository: `${repo.owner.login}/${repo.name}`,
			sha: run.checkout,
			ref: pull ? `refs/pull/${pull.number}/merge` : `refs/heads/${run.head_branch}`,
			ref_name: pull ? `${pull.number}/merge` : run.head_branch,
			event_name: run.event,
			run_id: run.id,
			run_number: run.run_number,
			run_attempt: this.attempt.number,
			job: this.id,
			actor: run.actor.login,
			token: this.token,
			workflow: run.name,
			head_ref: pull?.head_ref ?? '',
			base_ref: pull?.base_ref ?? '',
			server_url: hub.url,
			api_url: hub.url,
			workspace: this.shown,
			repository_owner: repo.owner.login,
			event: pull
				? {
						number: pull.number,
						pull_request: {
							number: pull.number,
							head: { sha: pull.head_sha, ref: pull.head_ref },
						},
					}
				: {},
		};
	}

	async skip(cancelled) {
		if (this.done) return;
		await changeJob(this, {
			status: 'completed',
			conclusion: cancelled ? 'cancelled' : 'skipped',
			completed_at: this.hub.state.stamp(),
		});
	}

	async run(needs) {
		if (this.done) return;
		await this.hub.slots.take();
		try {
			await this.prepare(needs);
			await this.steps();
		} catch (error) {
			this.log.error(error.message);
			this.conclusion = 'failure';
		} finally {
			await rm(this.dir, { recursive: true, force: true });
			this.hub.slots.give();
		}
		await this.finish();
	}

	async prepare(needs) {
		const { hub, repo, record } = this;
		this.dir = `${hub.state.root}/runner/${record.id}`;
		this.workspace = `${this.dir}/${repo.name}/${repo.name}`;
		this.shown = `${HOME}/${repo.name}/${repo.name}`;
		this.temp = `${this.dir}/_temp`;
		for (const folder of [this.workspace, this.temp, `${this.dir}/home`]) {
			await mkdir(folder, { recursive: true });
		}
		record.runner_id = 1 + (record.id % 9);
		this.log = new JobLog(hub.state, [
			[this.temp, `${HOME}/_temp`],
			[`${this.dir}/home`, '/home/runner'],
			[this.dir, HOME],
		]);
		this.log.masks.push(this.token, ...Object.values(repo.secrets));
		this.context = {
			github: this.github(),
			matrix: this.matrix ?? {},
			needs,
			env: {},
			secrets: { ...repo.secrets, GITHUB_TOKEN: this.token },
			steps: this.outcomes,
			vars: {},
			inputs: this.owner.inputs,
			runner: { os: 'Linux', arch: 'X64', temp: `${HOME}/_temp` },
			job: { status: 'success' },
			functions: this.functions(),
		};
		this.env = {};
		for (const part of [this.owner.spec.env, this.spec.env]) this.addEnv(part);
		this.limit_ms = Math.min(
			hub.runner.limit_ms,
			(Number(this.spec['timeout-minutes']) || 360) * 60000,
		);
		this.deadline_ms = Date.now() + this.limit_ms;
		await changeJob(this, { status: 'in_progress', started_at: hub.state.stamp() });
		if (this.spec.environment) await this.deploy('in_progress');
	}

	functions() {
		const is = (status) => () => this.context.job.status === status;
		return {
			success: is('success'),
			failure: is('failure'),
			always: () => true,
			cancelled: () => this.attempt.cancelled,
		};
	}

	addEnv(part) {
		for (const [key, value] of Object.entries(part ?? {})) {
			this.env[key] = fillText(value, this.context);
			this.context.env[key] = this.env[key];
		}
	}

	/* A job with an environment makes a deployment of its commit, as on GitHub. */
	async deploy(state) {
		const { hub, repo, owner: run } = this;
		const name = fillText(this.spec.environment.name ?? this.spec.environment, this.context);
		const auth = {
			kind: 'actions',
			actor: hub.state.user('github-actions[bot]', 'Bot'),
			app: hub.state.actionsApp,
		};
		this.deployment ??= await openDeployment(
			hub,
			repo,
			{ sha: run.head_sha, ref: run.head_branch, environment: name, task: 'deploy' },
			auth,
		);
		await setDeployment(
			hub,
			repo,
			this.deployment,
			{
				state,
				log_url: `${hub.url}/${repo.owner.login}/${repo.name}/actions/runs/${run.id}`,
			},
			auth,
		);
	}

	setUp() {
		const { log } = this;
		log.line("Current runner version: '2.321.0'");
		log.group('Operating System', ['Ubuntu', '22.04.5', 'LTS']);
		log.group('Runner Image', ['Image: ubuntu-22.04', 'Version: 20241124.1.0']);
		log.group('GITHUB_TOKEN Permissions', ['Contents: write', 'Metadata: read']);
		log.lines(
			'Secret source: Actions',
			'Prepare workflow directory',
			'Prepare all required actions',
		);
		log.line(`Complete job name: ${this.record.name}`);
	}

	async steps() {
		await this.step({ name: 'Set up job' }, () => this.setUp());
		for (const spec of this.spec.steps) {
			this.log.newStep();
			const context = { ...this.context, env: { ...this.context.env } };
			for (const [k, v] of Object.entries(spec.env ?? {}))
				context.env[k] = fillText(v, context);
			const name =
				spec.name ??
				(spec.uses ? `Run ${spec.uses}` : `Run ${String(spec.run).split('\n')[0]}`);
			await this.step({ name: fillText(name, context), spec }, () => this.one(spec, context));
			if (this.attempt.cancelled) break;
		}
		await this.step({ name: 'Complete job' }, () => {
			this.log.line('Cleaning up orphan processes');
		});
		this.conclusion =
			this.attempt.cancelled || this.timedOut ? 'cancelled' : this.context.job.status;
	}

	/* The books of a step: its times, its outcome, what it does to the job. */
	async step({ name, spec = {} }, act) {
		const { state } = this.hub;
		const entry = {
			name,
			status: 'in_progress',
			conclusion: null,
			number: this.record.steps.length + 1,
			started_at: state.stamp(),
			completed_at: null,
		};
		this.record.steps.push(entry);
		let outcome = 'success';
		if (Object.keys(spec).length && !condition(spec.if, this.context)) outcome = 'skipped';
		else outcome = (await act()) ?? 'success';
		const soft = fill(spec['continue-on-error'] ?? false, this.context) === true;
		const conclusion = outcome === 'failure' && soft ? 'success' : outcome;
		Object.assign(entry, { status: 'completed', conclusion, completed_at: state.stamp() });
		if (spec.id) {
			this.outcomes[spec.id] = { outputs: this.outputs ?? {}, outcome, conclusion };
		}
		if (conclusion === 'failure') this.context.job.status = 'failure';
	}

	async one(spec, context) {
		this.outputs = {};
		if (spec.uses) {
			if (/^actions\/checkout@/.test(spec.uses)) return checkout(this, spec, context);
			this.log.error(`Unable to resolve action \`${spec.uses}\`, repository not found`);
			return 'failure';
		}
		return runScript(this, spec, context);
	}

	/* Called by steps.js: the time that is left, for one step. */
	left_ms(spec) {
		const own = (Number(spec['timeout-minutes']) || 360) * 60000;
		return Math.max(1, Math.min(this.deadline_ms - Date.now(), own));
	}

	async finish() {
		const { hub, repo, record, log } = this;
		record.log = `${hub.state.root}/logs/${record.id}.txt`;
		await mkdir(`${hub.state.root}/logs`, { recursive: true });
		await writeFile(record.log, log.text());
		repo.checks.get(record.id).annotations = log.annotations;
		if (this.deployment) {
			await this.deploy(this.conclusion === 'success' ? 'success' : 'failure');
		}
		await changeJob(this, {
			status: 'completed',
			conclusion: this.conclusion,
			completed_at: hub.state.stamp(),
		});
	}
}
