/* Git over HTTP and git data: the bare repository is the truth for both. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { plainSeed, startHub } from './start.js';

const R = '/repos/alice/demo';
const run = promisify(execFile);
let hub;
let token;
let folder;

before(async () => {
	hub = await startHub(
		plainSeed({
			repository: {
				branches: { side: { side: 's\n' }, release: {} },
				protection: { release: { required_status_checks: { contexts: ['test'] } } },
			},
		}),
	);
	token = await hub.token();
	folder = mkdtempSync(join(tmpdir(), 'hub-clone-'));
	await git('clone', '-q', remote(token), join(folder, 'demo'));
});
after(async () => {
	await hub.idle();
	const left = await hub.violations();
	await hub.stop();
	rmSync(folder, { recursive: true });
	assert.deepEqual(left, []);
});

const remote = (word) => `${hub.url.replace('//', `//x-access-token:${word}@`)}/alice/demo.git`;
const env = {
	...process.env,
	GIT_CONFIG_GLOBAL: '/dev/null',
	GIT_TERMINAL_PROMPT: '0',
	GIT_AUTHOR_NAME: 'a',
	GIT_AUTHOR_EMAIL: 'a@b.c',
	GIT_COMMITTER_NAME: 'a',
	GIT_COMMITTER_EMAIL: 'a@b.c',
};
const git = async (...words) => (await run('git', words, { env })).stdout.trim();
const inside = (...words) => git('-C', join(folder, 'demo'), ...words);
const get = (path, more = {}) => hub.api(R + path, { token, ...more });

async function commit(branch, files, from = 'main') {
	await inside('checkout', '-q', '-B', branch, `origin/${from}`);
	for (const [path, text] of Object.entries(files)) {
		mkdirSync(join(folder, 'demo', path, '..'), { recursive: true });
		writeFileSync(join(folder, 'demo', path), text);
	}
	await inside('add', '-A');
	await inside('commit', '-q', '-m', `work on ${branch}`);
	return inside('rev-parse', 'HEAD');
}

const push = (branch, word = token, ...more) =>
	inside('push', '-q', ...more, remote(word), `HEAD:refs/heads/${branch}`);

test('G1 clone and push go over smart HTTP with the token as the password', async () => {
	const sha = await commit('fix', { 'value.txt': '1\nmore\n' });
	await push('fix');
	assert.equal((await get('/git/ref/heads/fix')).body.object.sha, sha);
	assert.equal((await get('/branches/fix')).body.commit.sha, sha);
	const made = await get('/commits/fix');
	assert.equal(made.body.files[0].patch.split('\n').at(-1), '+more');
	assert.deepEqual(made.body.stats, { total: 1, additions: 1, deletions: 0 });
});

test('G2 without a token 401, with one that does not see it 404, without write 403', async () => {
	const ask = (word) =>
		hub.api('/alice/demo.git/info/refs?service=git-receive-pack', { token: word });
	const bare = await ask();
	assert.equal(bare.status, 401);
	assert.match(bare.headers['www-authenticate'], /^Basic/);
	assert.equal((await ask('ghs_wrong')).status, 401);
	assert.equal((await ask(await hub.token({ permissions: { contents: 'read' } }))).status, 403);
	assert.equal((await ask('ghp_carol')).status, 403);
	await hub.control('POST', 'token', { user: 'eve', token: 'ghp_eve' });
	assert.equal((await ask('ghp_eve')).status, 404);
	const cloned = join(folder, 'carol');
	await git('clone', '-q', remote('ghp_carol'), cloned);
});

test('G3 a protected branch takes no forced push, no deletion, and no unchecked commit', async () => {
	await commit('release', { x: 'x\n' }, 'release');
	await assert.rejects(push('release'), /GH006.*\n.*Required status check "test"/);
	await commit('release', { x: 'y\n' });
	await assert.rejects(push('release', token, '--force'), /Cannot force-push/);
	const patch = async (more) => {
		const { sha } = (await get('/git/ref/heads/side')).body.object;
		const body = { sha, ...more };
		return (await get('/git/refs/heads/release', { method: 'PATCH', body })).body.message;
	};
	assert.match(await patch({ force: true }), /Cannot force-push/);
	await assert.rejects(
		inside('push', '-q', remote(token), ':refs/heads/release'),
		/Cannot delete/,
	);
});

test('G4 workflow files need the "workflows" permission', async () => {
	await commit('wf', { '.github/workflows/new.yml': 'on: push\n' });
	await assert.rejects(push('wf'), /refusing to allow a GitHub App to create or update workflow/);
	await push('wf', 'ghp_bob');
	assert.equal((await get('/branches/wf')).status, 200);
});

test('G5 a push moves the pull request, makes check suites and starts workflows', async () => {
	await commit('g5', { 'value.txt': '2\n' });
	await push('g5');
	const pull = await get('/pulls', {
		method: 'POST',
		body: { title: 't', head: 'g5', base: 'main' },
	});
	assert.equal(pull.status, 201);
	writeFileSync(join(folder, 'demo', 'value.txt'), '1\n\n');
	await inside('commit', '-q', '-a', '-m', 'again');
	const sha = await inside('rev-parse', 'HEAD');
	await push('g5');
	assert.equal((await get(`/pulls/${pull.body.number}`)).body.head.sha, sha);
	assert.equal((await get(`/git/ref/pull/${pull.body.number}/head`)).body.object.sha, sha);
	await hub.idle();
	const suites = (await get(`/commits/${sha}/check-suites`)).body.check_suites;
	assert.deepEqual(suites.map((one) => one.app.slug).sort(), [
		'aegis',
		'github-actions',
		'github-actions',
	]);
	const runs = (await get(`/actions/runs?head_sha=${sha}`)).body.workflow_runs;
	assert.deepEqual(runs.map((one) => one.event).sort(), ['pull_request', 'push']);
});

test('G6 refs: create 201, the same again 422, not fast-forward 422, force 200, delete 204', async () => {
	const main = (await get('/git/ref/heads/main')).body.object.sha;
	const side = (await get('/git/ref/heads/side')).body.object.sha;
	const body = { ref: 'refs/heads/made', sha: side };
	const made = await get('/git/refs', { method: 'POST', body });
	assert.equal(made.status, 201);
	assert.match(made.headers.location, /git\/refs\/heads\/made$/);
	const twice = await get('/git/refs', { method: 'POST', body });
	assert.equal(twice.status, 422);
	assert.equal(twice.body.message, 'Reference already exists');
	const change = (more) =>
		get('/git/refs/heads/made', { method: 'PATCH', body: { sha: main, ...more } });
	const slow = await change();
	assert.equal(slow.status, 422);
	assert.equal(slow.body.message, 'Update is not a fast forward');
	assert.equal((await change({ force: true })).status, 200);
	assert.equal((await get('/git/refs/heads/made', { method: 'DELETE' })).status, 204);
	const gone = await get('/git/refs/heads/made', { method: 'DELETE' });
	assert.equal(gone.status, 422);
	assert.equal(gone.body.message, 'Reference does not exist');
	const wrong = await get('/git/refs', {
		method: 'POST',
		body: { ...body, sha: 'f'.repeat(40) },
	});
	assert.equal(wrong.body.message, 'Object does not exist');
	assert.equal(
		(await get('/git/refs', { method: 'POST', body: { ...body, ref: 'made' } })).status,
		422,
	);
});

test('G7 compare counts from the merge base', async () => {
	await hub.control('POST', 'push', {
		repo: 'alice/demo',
		branch: 'side',
		files: { side: 't\n' },
	});
	await hub.control('POST', 'push', { repo: 'alice/demo', files: { other: 'o\n' } });
	const { body } = await get('/compare/main...side');
	assert.equal(body.status, 'diverged');
	assert.equal(body.ahead_by, 2);
	assert.equal(body.behind_by, 1);
	assert.deepEqual(
		body.files.map((one) => [one.filename, one.status]),
		[['side', 'added']],
	);
	assert.equal((await get('/compare/main...nothing')).status, 404);
	assert.equal((await get('/compare/main...main')).body.status, 'identical');
});

test('G8 trees, blobs, commits and contents say what git says', async () => {
	await inside('fetch', '-q', remote(token), 'main');
	const sha = await inside('rev-parse', 'FETCH_HEAD');
	const tree = (await get(`/git/trees/${sha}?recursive=1`)).body;
	const names = (await inside('ls-tree', '-r', '-t', '--name-only', 'FETCH_HEAD')).split('\n');
	assert.deepEqual(
		tree.tree.map((one) => one.path),
		names,
	);
	const entry = tree.tree.find((one) => one.path === 'value.txt');
	const blob = (await get(`/git/blobs/${entry.sha}`)).body;
	assert.equal(Buffer.from(blob.content, 'base64').toString(), '1\n');
	const file = (await get('/contents/value.txt')).body;
	assert.equal(file.sha, entry.sha);
	assert.equal(Buffer.from(file.content, 'base64').toString(), '1\n');
	assert.equal(
		(await get('/contents/.github/workflows')).body[0].path,
		'.github/workflows/ci.yml',
	);
	assert.equal((await get('/contents/nothing')).status, 404);
	assert.equal((await get('/contents/value.txt?ref=nothing')).status, 404);
	assert.equal(
		(await get(`/git/commits/${sha}`)).body.tree.sha,
		await inside('rev-parse', 'FETCH_HEAD^{tree}'),
	);
	assert.equal((await get('/commits/nothing')).status, 422);
});

test('G9 a push whose answer is lost has been done; one lost before has not', async () => {
	const sha = await commit('g9', { g9: '1\n' });
	/* Twice, because curl tries again by itself when a connection it used before ends. */
	await hub.control('POST', 'faults', {
		kind: 'drop_before',
		times: 2,
		path: 'git-receive-pack$',
	});
	await assert.rejects(push('g9'));
	assert.equal((await get('/git/ref/heads/g9')).status, 404);
	await hub.control('DELETE', 'faults');
	await hub.control('POST', 'faults', {
		kind: 'drop_after',
		times: 2,
		path: 'git-receive-pack$',
	});
	await assert.rejects(push('g9'));
	assert.equal((await get('/git/ref/heads/g9')).body.object.sha, sha);
});

const receiving = async () =>
	(await hub.control('GET', 'journal')).filter((one) => one.path.endsWith('-receive-pack'))
		.length;

test('G10 a push that breaks off keeps no other waiting', { timeout: 60000 }, async () => {
	const half = request(`${hub.url}/alice/demo.git/git-receive-pack`, {
		method: 'POST',
		headers: {
			authorization: `Basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`,
			'content-type': 'application/x-git-receive-pack-request',
			'content-length': 100000,
		},
	});
	half.on('error', () => {});
	const before = await receiving();
	half.write('0000');
	while ((await receiving()) === before);
	half.destroy();
	const sha = await commit('g10', { 'value.txt': '10\n' });
	await push('g10');
	assert.equal((await get('/git/ref/heads/g10')).body.object.sha, sha);
});
