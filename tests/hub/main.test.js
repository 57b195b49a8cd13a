/* The program itself: its one line, its end, and the end with its parent. */
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { call, startHub } from './start.js';

const MAIN = fileURLToPath(new URL('main.js', import.meta.url));

test('the hub says where it is, answers there, and SIGTERM ends it with 0', async () => {
	const hub = await startHub();
	assert.equal(hub.seeded, null);
	const { body } = await call(`${hub.url}/_hub/health`);
	assert.equal(body.pid, hub.pid);
	const code = new Promise((done) => {
		hub.child.once('exit', done);
	});
	await hub.stop();
	assert.equal(await code, 0);
});

test('without --root the hub does not start and says why', async () => {
	const { code, stderr } = await new Promise((done) => {
		execFile(process.execPath, [MAIN], (error, out, text) => {
			done({ code: error.code, stderr: text });
		});
	});
	assert.equal(code, 64);
	assert.match(stderr, /--root/);
});

test('with --with-parent the hub ends when the program that started it does', async () => {
	const root = mkdtempSync(join(tmpdir(), 'aegis-hub-'));
	const words = `"${process.execPath}" "${MAIN}" --root "${root}" --with-parent & read line`;
	const parent = spawn('sh', ['-c', words], { stdio: ['pipe', 'pipe', 'inherit'] });
	const line = await new Promise((done) => {
		createInterface({ input: parent.stdout }).once('line', done);
	});
	const { pid } = JSON.parse(line);
	parent.kill('SIGKILL');
	for (let i = 0; i < 400; i += 1) {
		try {
			process.kill(pid, 0);
		} catch {
			rmSync(root, { recursive: true, force: true });
			return;
		}
		await new Promise((done) => {
			setTimeout(done, 50);
		});
	}
	process.kill(pid, 'SIGKILL');
	assert.fail('the hub is still there');
});
