/*
 * The two kinds of steps the runner can do: actions/checkout and a script. A script runs in a
 * process group of its own with a time limit; both its streams come through one pipe, in their
 * order.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { randomUUID } from 'node:crypto';
import { fillText } from './expression.js';
import { ENVIRONMENT, git } from './git.js';

export async function checkout(job, spec, context) {
	const { log, repo, owner: run, workspace } = job;
	const words = spec.with ?? {};
	const ref = words.ref ? fillText(words.ref, context) : run.checkout;
	const depth = Number(words['fetch-depth'] ?? 1);
	log.group(`Run ${spec.uses}`, [
		'with:',
		`  repository: ${repo.owner.login}/${repo.name}`,
		'  token: ***',
		`  fetch-depth: ${depth}`,
		'  clean: true',
		'  lfs: false',
	]);
	log.line(`Syncing repository: ${repo.owner.login}/${repo.name}`);
	const inside = ['-C', workspace];
	const at = (...rest) => git(repo.dir, rest);
	const sha = await at('rev-parse', '--verify', `${ref}^{commit}`).catch(() => '');
	if (!sha) {
		log.error(`A branch or tag with the name '${ref}' could not be found`);
		return 'failure';
	}
	await git(`${workspace}/.git`, [...inside, 'init', '-q']);
	const origin = `${job.hub.url}/${repo.owner.login}/${repo.name}`;
	await git(`${workspace}/.git`, ['remote', 'add', 'origin', origin]);
	const fetch = [
		'fetch',
		'-q',
		'--no-tags',
		...(depth ? [`--depth=${depth}`] : []),
		`file://${repo.dir}`,
		sha.trim(),
	];
	await git(`${workspace}/.git`, fetch);
	const tree = ['--work-tree', workspace, 'checkout', '-q', '--force', sha.trim()];
	log.group('Checking out the ref', [
		`[command]/usr/bin/git checkout --progress --force ${sha.trim()}`,
	]);
	await git(`${workspace}/.git`, tree);
	log.line("[command]/usr/bin/git log -1 --format='%H'");
	log.line(`'${sha.trim()}'`);
	return 'success';
}

const SHELLS = {
	undefined: ['bash', '-e'],
	bash: ['bash', '--noprofile', '--norc', '-eo', 'pipefail'],
	sh: ['sh', '-e'],
	python: ['python3'],
};

function environment(job, context) {
	const g = context.github;
	const own = {};
	for (const key of [
		'repository',
		'sha',
		'ref',
		'ref_name',
		'event_name',
		'run_id',
		'run_number',
		'run_attempt',
		'actor',
		'workflow',
		'head_ref',
		'base_ref',
		'server_url',
		'api_url',
		'repository_owner',
		'job',
	])
		own[`GITHUB_${key.toUpperCase()}`] = String(g[key]);
	return {
		PATH: [...(job.paths ?? []), ENVIRONMENT.PATH].join(':'),
		HOME: `${job.dir}/home`,
		LANG: 'C.UTF-8',
		CI: 'true',
		GITHUB_ACTIONS: 'true',
		...own,
		GITHUB_WORKSPACE: job.workspace,
		RUNNER_TEMP: job.temp,
		RUNNER_OS: 'Linux',
		RUNNER_ARCH: 'X64',
		...job.env,
		...context.env,
	};
}

/* NAME=value lines, and NAME<<END blocks. */
function pairs(text) {
	const out = {};
	const lines = text.split('\n');
	for (let i = 0; i < lines.length; i += 1) {
		const block = /^([^=]+?)<<(.+)$/.exec(lines[i]);
		if (block) {
			const end = lines.indexOf(block[2], i + 1);
			out[block[1]] = lines.slice(i + 1, end).join('\n');
			i = end < 0 ? lines.length : end;
		} else if (lines[i].includes('=')) {
			const at = lines[i].indexOf('=');
			out[lines[i].slice(0, at)] = lines[i].slice(at + 1);
		}
	}
	return out;
}

const FILES = ['ENV', 'OUTPUT', 'PATH', 'STEP_SUMMARY'];

async function takeFiles(job, names) {
	const text = async (name) => (existsSync(names[name]) ? readFile(names[name], 'utf8') : '');
	const env = pairs(await text('ENV'));
	Object.assign(job.env, env);
	Object.assign(job.context.env, env);
	job.outputs = pairs(await text('OUTPUT'));
	job.paths = [...(await text('PATH')).split('\n').filter(Boolean), ...(job.paths ?? [])];
}

export async function runScript(job, spec, context) {
	const { log } = job;
	const script = fillText(spec.run, context);
	const name = spec.shell ?? job.spec.defaults?.run?.shell ?? job.owner.spec.defaults?.run?.shell;
	const shell = SHELLS[name];
	if (!shell) throw new Error(`Unsupported shell: ${name}`);
	const folder = fillText(
		spec['working-directory'] ??
			job.spec.defaults?.run?.['working-directory'] ??
			job.owner.spec.defaults?.run?.['working-directory'] ??
			'.',
		context,
	);
	const shown = Object.entries(context.env);
	log.group(`Run ${script.split('\n')[0]}`, [
		...script
			.replace(/\n$/, '')
			.split('\n')
			.map((line) => `\u001b[36;1m${line}\u001b[0m`),
		`shell: /usr/bin/${shell.join(' ')} {0}`,
		...(shown.length ? ['env:', ...shown.map(([k, v]) => `  ${k}: ${v}`)] : []),
	]);
	const file = `${job.temp}/${randomUUID()}.sh`;
	await writeFile(file, script);
	const names = Object.fromEntries(
		FILES.map((one) => [one, `${job.temp}/${one}_${randomUUID()}`]),
	);
	for (const path of Object.values(names)) await writeFile(path, '');
	const env = environment(job, context);
	for (const one of FILES) env[`GITHUB_${one}`] = names[one];
	const result = job.attempt.cancelled
		? {}
		: await execute(
				job,
				[...shell, file],
				{
					cwd: `${job.workspace}/${folder}`,
					env,
				},
				job.left_ms(spec),
			);
	await takeFiles(job, names);
	await rm(file, { force: true });
	return judge(job, spec, result);
}

function judge(job, spec, result) {
	if (result.timeout) {
		job.timedOut = Date.now() >= job.deadline_ms - 5;
		const minutes = (job.timedOut ? job.limit_ms : spec['timeout-minutes'] * 60000) / 60000;
		job.log.error(
			job.timedOut
				? `The job running on runner ${job.record.runner_id} has exceeded ` +
						`the maximum execution time of ${minutes} minutes.`
				: `The action '${spec.name ?? spec.run.split('\n')[0]}' has timed out after ` +
						`${minutes} minutes.`,
		);
		return job.timedOut ? 'cancelled' : 'failure';
	}
	if (job.attempt.cancelled) {
		job.log.error('The operation was canceled.');
		return 'cancelled';
	}
	if (result.code === 0) return 'success';
	job.log.error(result.error ?? `Process completed with exit code ${result.code}.`);
	return 'failure';
}

/* {code, timeout, error}; ends the whole process group when the time is over or the step is. */
function execute(job, words, options, limit_ms) {
	return new Promise((done) => {
		if (!existsSync(options.cwd)) {
			done({
				code: 1,
				error:
					`An error occurred trying to start process '/usr/bin/${words[0]}' ` +
					`with working directory '${options.cwd}'. No such file or directory`,
			});
			return;
		}
		const child = spawn('/bin/sh', ['-c', 'exec "$@" 2>&1', 'sh', ...words], {
			...options,
			detached: true,
			stdio: ['ignore', 'pipe', 'ignore'],
		});
		const result = { code: 1, timeout: false };
		const end = () => {
			try {
				process.kill(-child.pid, 'SIGKILL');
			} catch {
				/* nothing of the group is left */
			}
		};
		job.record.kill = end;
		job.hub.groups.add(end);
		const timer = setTimeout(() => {
			result.timeout = true;
			end();
		}, limit_ms);
		const lines = createInterface({ input: child.stdout, crlfDelay: 0 });
		lines.on('line', (line) => job.log.output(line));
		child.on('error', (error) => {
			result.error = error.message;
		});
		child.on('exit', (code, signal) => {
			result.code = code ?? 128 + ({ SIGKILL: 9, SIGSEGV: 11, SIGABRT: 6 }[signal] ?? 15);
			/* What it left running would hold the pipe open for ever. */
			end();
		});
		lines.on('close', () => {
			clearTimeout(timer);
			job.hub.groups.delete(end);
			/* "exit" may come after the pipe is closed. */
			if (child.exitCode !== null || child.signalCode !== null) done(result);
			else child.once('exit', () => setImmediate(() => done(result)));
		});
	});
}
