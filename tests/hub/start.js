/*
 * For tests: starts a hub as a program of its own, makes JWTs and tokens, sends requests, makes
 * control calls, stops it. Leaves nothing behind.
 */
import { spawn } from 'node:child_process';
import { createSign } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

const MAIN = fileURLToPath(new URL('main.js', import.meta.url));
const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

export function makeJwt(key, claims, header = { alg: 'RS256', typ: 'JWT' }) {
	const text = `${part(header)}.${part(claims)}`;
	return `${text}.${createSign('RSA-SHA256').update(text).sign(key).toString('base64url')}`;
}

/* One request; {status, headers, body (JSON or text)}. */
export function call(url, { method = 'GET', token, headers = {}, body } = {}) {
	const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
	const all = {
		accept: 'application/vnd.github+json',
		'user-agent': 'hub-tests',
		'x-github-api-version': '2022-11-28',
		...headers,
	};
	if (token) all.authorization = `Bearer ${token}`;
	if (text !== undefined) all['content-length'] = Buffer.byteLength(text);
	for (const key of Object.keys(all)) if (all[key] === null) delete all[key];
	return new Promise((done, fail) => {
		const sent = request(url, { method, headers: all, agent: false }, (res) => {
			const parts = [];
			res.on('data', (one) => parts.push(one));
			res.on('error', fail);
			res.on('end', () => {
				const raw = Buffer.concat(parts);
				const packed = res.headers['content-encoding'] === 'gzip';
				let value = (packed ? gunzipSync(raw) : raw).toString();
				if (/json/.test(res.headers['content-type'] ?? '')) value = JSON.parse(value);
				done({ status: res.statusCode, headers: res.headers, body: value, raw });
			});
		});
		sent.on('error', fail);
		sent.end(text);
	});
}

class Running {
	constructor(child, root, line) {
		Object.assign(this, { child, root, url: line.url, pid: line.pid, seeded: line.seeded });
	}

	/* A control call: hub.control('POST', 'clock', {advance_s: 60}) */
	async control(method, name, body) {
		const answer = await call(`${this.url}/_hub/${name}`, { method, body });
		if (answer.status !== 200) throw new Error(answer.body.error);
		if (name === 'clock') this.ahead_s = (this.ahead_s ?? 0) + body.advance_s;
		return answer.body;
	}

	api(path, options) {
		return call(path.startsWith('http') ? path : this.url + path, options);
	}

	jwt(claims = {}, app = this.seeded.apps[0]) {
		const now = Math.floor(Date.now() / 1000) + (this.ahead_s ?? 0);
		return makeJwt(app.private_key, {
			iat: now - 60,
			exp: now + 540,
			iss: String(app.id),
			...claims,
		});
	}

	async token(body, claims) {
		const { id } = this.seeded.installations[0];
		const answer = await this.api(`/app/installations/${id}/access_tokens`, {
			method: 'POST',
			token: this.jwt(claims),
			body,
		});
		if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
		return answer.body.token;
	}

	violations() {
		return this.control('GET', 'violations');
	}

	idle(within_ms) {
		return this.control('POST', 'idle', { within_ms });
	}

	async stop() {
		const gone = new Promise((done) => {
			this.child.once('exit', done);
		});
		this.child.kill('SIGTERM');
		await gone;
		rmSync(this.root, { recursive: true, force: true });
	}
}

export async function startHub(seed, words = []) {
	const root = mkdtempSync(join(tmpdir(), 'aegis-hub-'));
	const more = [];
	if (seed) {
		writeFileSync(join(root, 'seed.json'), JSON.stringify(seed));
		more.push('--seed', join(root, 'seed.json'));
	}
	const child = spawn(
		process.execPath,
		[MAIN, '--port', '0', '--root', root, '--with-parent', ...more, ...words],
		{ stdio: ['ignore', 'pipe', 'inherit'] },
	);
	const line = await new Promise((done, fail) => {
		createInterface({ input: child.stdout }).once('line', (text) => done(JSON.parse(text)));
		child.once('exit', (code) => fail(new Error(`the hub ended with ${code}`)));
	});
	child.removeAllListeners('exit');
	return new Running(child, root, line);
}

/* A seed that most tests use: alice/demo with a test that is green, an App on all repositories. */
export const WORKFLOW = `name: ci
on: [push, pull_request]
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: sh test.sh
`;

export function plainSeed(more = {}) {
	const { repository, ...rest } = more;
	return {
		users: { alice: 'User', bob: 'User', carol: 'User' },
		apps: [{ name: 'Aegis', owner: 'alice', permissions: { administration: 'read' } }],
		repositories: [
			{
				owner: 'alice',
				name: 'demo',
				files: {
					'README.md': 'demo\n',
					'value.txt': '1\n',
					'test.sh':
						'test "$(cat value.txt)" = 1 || { echo "value is not 1"; exit 3; }\n',
					'.github/workflows/ci.yml': WORKFLOW,
				},
				collaborators: { bob: 'write', carol: 'read' },
				...repository,
			},
		],
		installations: [{ app: 'aegis', account: 'alice' }],
		tokens: [
			{ user: 'alice', token: 'ghp_alice' },
			{ user: 'bob', token: 'ghp_bob' },
			{ user: 'carol', token: 'ghp_carol' },
		],
		...rest,
	};
}
