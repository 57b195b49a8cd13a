/* Workflow runs: really executed, with logs in GitHub's form; reruns, dispatch, matrix, limits. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { plainSeed, startHub } from './start.js';

const R = '/repos/alice/demo';
let hub;
let token;

before(async () => {
	hub = await startHub(plainSeed());
	token = await hub.token();
	await hub.control('POST', 'limits', { content_per_minute: 1000, points_per_minute: 100000 });
});
after(async () => {
	const left = await hub.violations();
	await hub.stop();
	assert.deepEqual(left, []);
});

const get = (path, more = {}) => hub.api(R + path, { token, ...more });
const post = (path, body) => get(path, { method: 'POST', body });

/* Pushes a workflow (and more) on a branch of its own and waits for what it starts. */
async function runOf(branch, jobs, { files = {}, on = 'push' } = {}) {
	const workflow = `name: w\non: ${on}\n${jobs}`;
	const { sha } = await hub.control('POST', 'push', {
		repo: 'alice/demo',
		branch,
		files: { '.github/workflows/ci.yml': workflow, ...files },
	});
	await hub.idle();
	const { body } = await get(`/actions/runs?head_sha=${sha}`);
	return { sha, run: body.workflow_runs[0], runs: body.workflow_runs };
}

const job = (steps, more = '') =>
	`jobs:\n  one:\n    runs-on: ubuntu-latest\n${more}    steps:\n` +
	steps.map((one) => `      - ${one}\n`).join('');

const jobsOf = async (run, query = '') =>
	(await get(`/actions/runs/${run.id}/jobs${query}`)).body.jobs;

async function logOf(one) {
	const link = await get(`/actions/jobs/${one.id}/logs`);
	assert.equal(link.status, 302);
	return (await hub.api(link.headers.location)).raw.toString();
}

const plain = (log) => log.split('\n').map((line) => line.replace(/^\ufeff/, '').slice(29));

test('R1 a red commit has a red run, job, step and check run; a right fix is green, a wrong one red', async () => {
	const push = (text) =>
		hub.control('POST', 'push', {
			repo: 'alice/demo',
			branch: 'r1',
			files: { 'value.txt': text },
		});
	const colour = async (sha) => {
		await hub.idle();
		const { body } = await get(`/commits/${sha}/check-runs`);
		return body.check_runs.map((one) => [one.name, one.conclusion]);
	};
	assert.deepEqual(await colour((await push('2\n')).sha), [['test', 'failure']]);
	assert.deepEqual(await colour((await push('3\n')).sha), [['test', 'failure']]);
	assert.deepEqual(await colour((await push('1\n')).sha), [['test', 'success']]);
	const { body } = await get('/actions/runs?branch=r1&status=failure');
	assert.equal(body.total_count, 2);
	const [one] = await jobsOf(body.workflow_runs[0]);
	assert.equal(one.steps.find((s) => s.name === 'Run sh test.sh').conclusion, 'failure');
	assert.equal(one.check_run_url.split('/').pop(), String(one.id));
});

test('R2 job logs: 302 to another host, good for a minute, and without credentials', async () => {
	const { run } = await runOf('r2', job(['run: echo hello']));
	const [one] = await jobsOf(run);
	const link = await get(`/actions/jobs/${one.id}/logs`);
	assert.equal(link.status, 302);
	assert.notEqual(new URL(link.headers.location).host, new URL(hub.url).host);
	assert.equal((await hub.api(link.headers.location)).status, 200);
	assert.equal((await hub.api(link.headers.location.replace(/sig=../, 'sig=00'))).status, 403);
	await hub.control('POST', 'clock', { advance_s: 61 });
	assert.equal((await hub.api(link.headers.location)).status, 403);
	const again = await get(`/actions/jobs/${one.id}/logs`);
	assert.equal((await hub.api(again.headers.location, { token })).status, 401);
	const [violation] = await hub.violations();
	assert.match(violation.bad[0], /credentials sent/);
	await hub.control('DELETE', 'violations');
});

test('R3 the log: a mark first, 29 bytes of time on each line, groups, colours, the exit code', async () => {
	const { run } = await runOf(
		'r3',
		job([
			'uses: actions/checkout@v4',
			'run: "printf \'\\\\033[31mred\\\\033[0m\\\\n\'; echo to stderr >&2; exit 7"',
		]),
	);
	const [one] = await jobsOf(run);
	const log = await logOf(one);
	assert.equal(log.charCodeAt(0), 0xfeff);
	for (const line of log.slice(1).split('\n').slice(0, -1)) {
		assert.match(line, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z /);
		assert.equal(line.indexOf(' '), 28);
	}
	const lines = plain(log);
	assert.ok(lines.includes('##[group]Run actions/checkout@v4'));
	assert.ok(lines.includes('shell: /usr/bin/bash -e {0}'));
	const red = lines.indexOf('\u001b[31mred\u001b[0m');
	assert.equal(lines[red + 1], 'to stderr');
	assert.equal(lines[red + 2], '##[error]Process completed with exit code 7.');
	const notes = (await get(`/check-runs/${one.id}/annotations`)).body;
	assert.equal(notes.at(-1).message, 'Process completed with exit code 7.');
	assert.equal(notes.at(-1).annotation_level, 'failure');
});

test('R4 workflow commands become annotations; masks and folders are hidden', async () => {
	const { run } = await runOf(
		'r4',
		job([
			'uses: actions/checkout@v4',
			'run: |\n          echo "::error file=src/a.c,line=3,col=5,title=T::bad%0Athing"\n' +
				'          echo "::warning::careful"\n          echo "::add-mask::hunter2"\n' +
				'          echo "my hunter2"; pwd; echo "$PWD/x"',
		]),
	);
	const [one] = await jobsOf(run);
	assert.equal(one.conclusion, 'success');
	const lines = plain(await logOf(one));
	assert.ok(lines.includes('my ***'));
	assert.ok(lines.includes('/home/runner/work/demo/demo/x'));
	assert.ok(lines.includes('##[warning]careful'));
	const notes = (await get(`/check-runs/${one.id}/annotations`)).body;
	assert.deepEqual(
		notes.map((n) => [n.annotation_level, n.path, n.start_line, n.message]),
		[
			['failure', 'src/a.c', 3, 'bad\nthing'],
			['warning', '.github', 1, 'careful'],
		],
	);
});

test('R5 needs, if, continue-on-error, env, working-directory, outputs', async () => {
	const { run } = await runOf(
		'r5',
		`env: { A: top }
jobs:
  first:
    runs-on: ubuntu-latest
    env: { B: job }
    outputs: { word: "\${{ steps.s.outputs.word }}" }
    steps:
      - uses: actions/checkout@v4
      - run: "false"
        continue-on-error: true
      - id: s
        run: test "$A-$B-$C" = top-job-step && echo "word=hi" >> "$GITHUB_OUTPUT"
        env: { C: step }
      - run: test -f inner
        working-directory: sub
      - run: echo "D=later" >> "$GITHUB_ENV"
      - run: test "$D" = later
      - run: exit 1
        if: failure()
  second:
    needs: first
    runs-on: ubuntu-latest
    steps:
      - run: test "\${{ needs.first.outputs.word }}" = hi; exit 4
  third:
    needs: second
    runs-on: ubuntu-latest
    steps: [ run: "true" ]
  last:
    needs: [ second, third ]
    if: always()
    runs-on: ubuntu-latest
    steps: [ run: "true" ]
`,
		{ files: { 'sub/inner': 'x' } },
	);
	const jobs = await jobsOf(run);
	assert.deepEqual(
		jobs.map((one) => [one.name, one.conclusion]),
		[
			['first', 'success'],
			['second', 'failure'],
			['third', 'skipped'],
			['last', 'success'],
		],
	);
	assert.equal(jobs[0].steps.at(-2).conclusion, 'skipped');
	assert.equal(run.conclusion, 'failure');
	assert.match(await logOf(jobs[1]), /exit code 4/);
});

test('R6 a matrix has a job for each combination, named by its values', async () => {
	const { run } = await runOf(
		'r6',
		'jobs:\n  t:\n    runs-on: ubuntu-latest\n    strategy:\n' +
			'      matrix:\n        v: [1, 2]\n        os: [x, y]\n        exclude: [{ v: 2, os: y }]\n' +
			'        include: [{ v: 9, os: z }]\n    steps:\n' +
			'      - run: test "${{ matrix.v }}" != 2\n',
	);
	const jobs = await jobsOf(run);
	assert.deepEqual(
		jobs.map((one) => [one.name, one.conclusion]),
		[
			['t (1, x)', 'success'],
			['t (1, y)', 'success'],
			['t (2, x)', 'failure'],
			['t (9, z)', 'success'],
		],
	);
});

test('R7 rerun-failed-jobs makes a second attempt with the failed jobs only', async () => {
	const { run, sha } = await runOf(
		'r7',
		'jobs:\n' +
			'  good: { runs-on: ubuntu-latest, steps: [ run: "true" ] }\n' +
			'  bad: { runs-on: ubuntu-latest, steps: [ run: test "$GITHUB_RUN_ATTEMPT" = 2 ] }\n',
	);
	assert.equal(run.conclusion, 'failure');
	const again = await post(`/actions/runs/${run.id}/rerun-failed-jobs`);
	assert.equal(again.status, 201);
	assert.equal((await post(`/actions/runs/${run.id}/rerun`)).status, 403);
	await hub.idle();
	const now = (await get(`/actions/runs/${run.id}`)).body;
	assert.equal(now.run_attempt, 2);
	assert.equal(now.conclusion, 'success');
	const first = (await get(`/actions/runs/${run.id}/attempts/1/jobs`)).body.jobs;
	assert.deepEqual(
		first.map((one) => one.conclusion),
		['success', 'failure'],
	);
	const second = (await get(`/actions/runs/${run.id}/attempts/2/jobs`)).body.jobs;
	assert.deepEqual(
		second.map((one) => one.conclusion),
		['success', 'success'],
	);
	assert.equal((await get(`/actions/runs/${run.id}/attempts/3/jobs`)).status, 404);
	const checks = (await get(`/commits/${sha}/check-runs`)).body.check_runs;
	assert.deepEqual(
		checks.map((one) => one.conclusion),
		['success', 'success'],
	);
	assert.equal((await post(`/actions/runs/${run.id}/rerun-failed-jobs`)).status, 403);
});

test('R8 a file that is no workflow: a run with startup_failure, no jobs and no log', async () => {
	const { run } = await runOf('r8', 'jobs: [\n');
	assert.equal(run.conclusion, 'startup_failure');
	assert.equal((await jobsOf(run)).length, 0);
	const suite = (await get(`/check-suites/${run.check_suite_id}`)).body;
	assert.equal(suite.conclusion, 'startup_failure');
});

test('R9 a job over its time is cancelled and nothing of it is left running', async () => {
	await hub.control('POST', 'runner', { limit_ms: 700 });
	const begun = Date.now();
	const { run } = await runOf('r9', job(['run: sleep 30 & sleep 30']));
	assert.ok(Date.now() - begun < 15000);
	await hub.control('POST', 'runner', { limit_ms: 600000 });
	assert.equal(run.conclusion, 'cancelled');
	const [one] = await jobsOf(run);
	assert.match(await logOf(one), /has exceeded the maximum execution time/);
});

test('R10 a pull request is tested as merged with its base, and not at all when it clashes', async () => {
	await hub.control('POST', 'push', {
		repo: 'alice/demo',
		branch: 'r10',
		files: { other: 'x\n' },
	});
	await hub.control('POST', 'push', { repo: 'alice/demo', files: { 'value.txt': '5\n' } });
	const pull = (await post('/pulls', { title: 't', head: 'r10', base: 'main' })).body;
	await hub.idle();
	const runs = (await get(`/actions/runs?head_sha=${pull.head.sha}`)).body.workflow_runs;
	assert.deepEqual(runs.map((one) => [one.event, one.conclusion]).sort(), [
		['pull_request', 'failure'],
		['push', 'success'],
	]);
	assert.equal(
		runs.find((one) => one.event === 'pull_request').pull_requests[0].number,
		pull.number,
	);
	const clash = await hub.control('POST', 'push', {
		repo: 'alice/demo',
		branch: 'r10',
		files: { 'value.txt': '6\n' },
	});
	await hub.idle();
	const { body } = await get(`/actions/runs?head_sha=${clash.sha}`);
	assert.deepEqual(
		body.workflow_runs.map((one) => one.event),
		['push'],
	);
	await hub.control('POST', 'push', { repo: 'alice/demo', files: { 'value.txt': '1\n' } });
	await hub.idle();
});

test('R11 what is done with GITHUB_TOKEN starts no runs', async () => {
	const { run, sha } = await runOf(
		'r11',
		job([
			'run: |\n' +
				'          curl -sf -X POST -H "Authorization: Bearer ${{ github.token }}" -A t \\\n' +
				'            "$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/git/refs" \\\n' +
				'            -d "{\\"ref\\":\\"refs/heads/by-token\\",\\"sha\\":\\"$GITHUB_SHA\\"}"',
		]),
	);
	assert.equal(run.conclusion, 'success');
	assert.equal((await get('/git/ref/heads/by-token')).body.object.sha, sha);
	assert.equal((await get('/actions/runs?branch=by-token')).body.total_count, 0);
});

test("R12 dispatch: 204, or 200 with the run's number when asked for; 422 without the trigger", async () => {
	await runOf('r12', job(['run: test "${{ inputs.word }}" = yes']), {
		on: '{ workflow_dispatch: {} }',
	});
	const url = '/actions/workflows/ci.yml/dispatches';
	assert.equal((await post(url, { ref: 'r12', inputs: { word: 'no' } })).status, 204);
	const known = await post(url, {
		ref: 'r12',
		inputs: { word: 'yes' },
		return_run_details: true,
	});
	assert.equal(known.status, 200);
	await hub.idle();
	const run = (await get(`/actions/runs/${known.body.workflow_run_id}`)).body;
	assert.equal(run.event, 'workflow_dispatch');
	assert.equal(run.conclusion, 'success');
	assert.equal((await post(url, { ref: 'main' })).status, 422);
	assert.equal((await post(url, { ref: 'nothing' })).status, 422);
	assert.ok((await get('/actions/workflows')).body.total_count >= 1);
});

test('R13 a job with an environment makes a deployment that follows it', async () => {
	const { sha } = await runOf('r13', job(['run: "true"'], '    environment: production\n'));
	const [made] = (await get(`/deployments?sha=${sha}`)).body;
	assert.equal(made.environment, 'production');
	const states = (await get(`/deployments/${made.id}/statuses`)).body.map((one) => one.state);
	assert.deepEqual(states, ['success', 'in_progress']);
});

test('R14 filters of the list of runs; branches filters of "on"; [skip ci]', async () => {
	const { run } = await runOf('r14', job(['run: "true"']), {
		on: '{ push: { branches: ["r1*"] } }',
	});
	const total = async (query) => (await get(`/actions/runs?${query}`)).body.total_count;
	assert.equal(await total('branch=r14'), 1);
	assert.equal(await total('branch=r14&event=pull_request'), 0);
	assert.equal(await total('branch=r14&status=success'), 1);
	assert.equal(await total('branch=r14&created=>2999-01-01'), 0);
	assert.equal(await total(`check_suite_id=${run.check_suite_id}`), 1);
	const other = await runOf('x14', job(['run: "true"']), {
		files: { x14: 'x' },
		on: '{ push: { branches: ["r1*"] } }',
	});
	assert.equal(other.run, undefined);
	await hub.control('POST', 'push', {
		repo: 'alice/demo',
		branch: 'r14',
		files: { a: 'a' },
		message: 'quiet [skip ci]',
	});
	assert.equal(await total('branch=r14'), 1);
});

test('R15 a log that has expired is 410, a log that is not there yet 404', async () => {
	await hub.control('POST', 'runner', { paused: true });
	const { sha } = await hub.control('POST', 'push', {
		repo: 'alice/demo',
		branch: 'r15',
		files: { '.github/workflows/ci.yml': `on: push\n${job(['run: "true"'])}` },
	});
	const run = (await get(`/actions/runs?head_sha=${sha}`)).body.workflow_runs[0];
	assert.equal(run.conclusion, null);
	const [one] = await jobsOf(run);
	assert.equal(one.status, 'queued');
	assert.equal((await get(`/actions/jobs/${one.id}/logs`)).status, 404);
	await hub.control('POST', 'runner', { paused: false });
	await hub.idle();
	await logOf(one);
	await hub.control('POST', 'expire-logs', { repo: 'alice/demo' });
	assert.equal((await get(`/actions/jobs/${one.id}/logs`)).status, 410);
});

test('R16 a run can be cancelled; a finished one is 409', async () => {
	const { sha } = await hub.control('POST', 'push', {
		repo: 'alice/demo',
		branch: 'r16',
		files: { '.github/workflows/ci.yml': `on: push\n${job(['run: sleep 30'])}` },
	});
	const run = (await get(`/actions/runs?head_sha=${sha}`)).body.workflow_runs[0];
	const begun = Date.now();
	assert.equal((await post(`/actions/runs/${run.id}/cancel`)).status, 202);
	await hub.idle();
	assert.ok(Date.now() - begun < 15000);
	assert.equal((await get(`/actions/runs/${run.id}`)).body.conclusion, 'cancelled');
	assert.equal((await post(`/actions/runs/${run.id}/cancel`)).status, 409);
});
