/*
 * The whole circle as a bot goes it, with git and the API only: red push, fix branch, draft, ready,
 * green, merge, deployment, revert. A wrong fix on the way stays red and cannot be merged.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { plainSeed, startHub } from './start.js';

const R = '/repos/alice/demo';
const run = promisify(execFile);
const env = {
	...process.env,
	GIT_CONFIG_GLOBAL: '/dev/null',
	GIT_AUTHOR_NAME: 'bot',
	GIT_AUTHOR_EMAIL: 'b@c.d',
	GIT_COMMITTER_NAME: 'bot',
	GIT_COMMITTER_EMAIL: 'b@c.d',
};

const DEPLOY = `name: deploy
on: { push: { branches: [main] } }
jobs:
  deploy:
    runs-on: ubuntu-latest
    environment: production
    steps:
      - uses: actions/checkout@v4
      - run: sh test.sh
`;

test('red push, wrong fix, right fix, merge, deployment, revert', async () => {
	const seed = plainSeed();
	Object.assign(seed.repositories[0], {
		run: true,
		protection: { main: { required_status_checks: { contexts: ['test'] } } },
	});
	seed.repositories[0].files['.github/workflows/deploy.yml'] = DEPLOY;
	const hub = await startHub(seed);
	const folder = mkdtempSync(join(tmpdir(), 'hub-circle-'));
	try {
		const work = join(folder, 'demo');
		const bot = await tools(hub, work);
		await mend(hub, work, bot);
		await takeBack(hub, bot);
		assert.deepEqual(await hub.violations(), []);
	} finally {
		await hub.stop();
		rmSync(folder, { recursive: true });
	}
});

/* What a bot has at hand: a token, a clone, the API. */
async function tools(hub, work) {
	const token = await hub.token();
	const get = async (path, more) => (await hub.api(R + path, { token, ...more })).body;
	const send = (method, path, body) => hub.api(R + path, { method, token, body });
	const remote = `${hub.url.replace('//', `//x-access-token:${token}@`)}/alice/demo.git`;
	const git = async (...words) =>
		(await run('git', ['-C', work, ...words], { env })).stdout.trim();
	const push = async (branch, value) => {
		writeFileSync(join(work, 'value.txt'), value);
		await git('commit', '-q', '-a', '-m', `value ${value.trim()}`);
		await git('push', '-q', remote, `HEAD:refs/heads/${branch}`);
		await hub.idle();
		return git('rev-parse', 'HEAD');
	};
	const conclusion = async (sha) =>
		(await get(`/commits/${sha}/check-runs?check_name=test`)).check_runs.map(
			(c) => c.conclusion,
		);
	return { get, send, git, push, conclusion, remote, token };
}

/* From the red push to the deployment of the merged fix. */
async function mend(hub, work, bot) {
	const { get, send, git, push, conclusion, remote, token } = bot;
	const { sha: red } = await hub.control('POST', 'push', {
		repo: 'alice/demo',
		files: { 'value.txt': '2\n' },
		author: 'bob',
	});
	await hub.idle();
	assert.deepEqual(await conclusion(red), ['failure']);
	await run('git', ['clone', '-q', remote, work], { env });
	await git('checkout', '-q', '-b', 'fix');
	const wrong = await push('aegis/fix-1', '3\n');
	const made = await send('POST', '/pulls', {
		title: 'Fix the value',
		head: 'aegis/fix-1',
		base: 'main',
		draft: true,
	});
	assert.equal(made.status, 201);
	await hub.idle();
	assert.deepEqual(await conclusion(wrong), ['failure', 'failure']);
	const { node_id } = made.body;
	const ready =
		`mutation { markPullRequestReadyForReview(input: {pullRequestId: "${node_id}"}) ` +
		'{ pullRequest { isDraft } } }';
	await hub.api('/graphql', { method: 'POST', token, body: { query: ready } });
	const merge = (sha) => send('PUT', `/pulls/1/merge`, { sha, merge_method: 'squash' });
	assert.equal((await merge(wrong)).status, 405);
	const right = await push('aegis/fix-1', '1\n');
	assert.deepEqual(await conclusion(right), ['success', 'success']);
	assert.equal((await merge(wrong)).status, 409);
	const merged = await merge(right);
	assert.equal(merged.status, 200);
	await hub.idle();
	assert.deepEqual(await conclusion(merged.body.sha), ['success']);
	const [deployed] = await get(`/deployments?sha=${merged.body.sha}`);
	const [newest] = await get(`/deployments/${deployed.id}/statuses`);
	assert.equal(newest.state, 'success');
}

async function takeBack(hub, bot) {
	const { get, send, git, remote } = bot;
	await git('fetch', '-q', remote, 'main');
	await git('checkout', '-q', '-B', 'revert', 'FETCH_HEAD');
	await git('revert', '--no-edit', 'HEAD');
	await git('push', '-q', remote, 'HEAD:refs/heads/aegis/revert-1');
	const revert = await send('POST', '/pulls', {
		title: 'Revert "Fix the value"',
		head: 'aegis/revert-1',
		base: 'main',
	});
	assert.equal(revert.status, 201);
	const files = await get(`/pulls/${revert.body.number}/files`);
	assert.deepEqual(
		files.map((f) => [f.filename, f.patch.split('\n').slice(1)]),
		[['value.txt', ['-1', '+2']]],
	);
	await hub.idle();
	const summary = (await hub.control('GET', 'summary'))['alice/demo'];
	assert.deepEqual(
		summary.pulls.map((p) => [p.number, p.state, p.merged]),
		[
			[1, 'closed', true],
			[2, 'open', false],
		],
	);
}
