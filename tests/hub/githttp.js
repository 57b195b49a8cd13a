/*
 * Git over HTTP: git's own http-backend behind the hub's tokens. After a push the hub learns which
 * refs moved by looking. What may be pushed is judged in pre_receive.js, inside git's quarantine.
 */
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { authenticate, mayDo, visible } from './auth.js';
import { readBody } from './body.js';
import { ApiError } from './errors.js';
import { refChanged } from './events.js';
import { ENVIRONMENT, refs, start } from './git.js';
import { protectedBranches } from './protect.js';

const PATH = /^\/([^/]+)\/([^/]+?)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack)$/;

export const isGitPath = (path) => PATH.test(path);

function refuse(res, status, text, headers = {}) {
	res.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...headers });
	res.end(text);
}

/* 401 first, so that git asks for credentials; then 404 as for what does not exist. */
function admit(hub, req, owner, name, writes) {
	let auth;
	try {
		auth = authenticate(hub.state, req.headers);
	} catch (error) {
		if (!(error instanceof ApiError)) throw error;
		auth = null;
	}
	const repo = hub.state.repo(owner, name);
	if (auth && repo && !writes && mayDo(auth, repo, 'contents:read')) return { auth, repo };
	if (!auth || auth.kind === 'none' || auth.kind === 'app') return { status: 401 };
	if (!repo || !visible(auth, repo)) return { status: 404 };
	if (writes ? mayDo(auth, repo, 'contents:write') : mayDo(auth, repo, 'contents:read')) {
		return { auth, repo };
	}
	return { status: 403, name: `${owner}/${name}` };
}

function environment(hub, req, repo, auth, path, search) {
	const env = {
		...ENVIRONMENT,
		GIT_PROJECT_ROOT: repo.dir,
		GIT_HTTP_EXPORT_ALL: '1',
		PATH_INFO: `/${path}`,
		QUERY_STRING: search.replace(/^\?/, ''),
		REQUEST_METHOD: req.method,
		CONTENT_TYPE: req.headers['content-type'] ?? '',
		REMOTE_USER: auth.name ?? 'nobody',
		REMOTE_ADDR: '127.0.0.1',
		HUB_RULES: JSON.stringify({
			protected: protectedBranches(repo),
			workflows: auth.kind === 'user' || mayDo(auth, repo, 'workflows:write'),
			node: process.execPath,
		}),
	};
	if (req.headers['git-protocol']) env.GIT_PROTOCOL = req.headers['git-protocol'];
	return env;
}

/* Runs http-backend; resolves to {status, headers, body} when it has ended. */
function backend(body, env) {
	return new Promise((done, fail) => {
		const child = start(['http-backend'], {
			env: { ...env, CONTENT_LENGTH: String(body.length) },
			stdio: ['pipe', 'pipe', 'ignore'],
		});
		const parts = [];
		child.on('error', fail);
		child.stdin.on('error', () => {});
		child.stdout.on('data', (part) => parts.push(part));
		child.stdin.end(body);
		child.on('close', () => {
			const all = Buffer.concat(parts);
			const end = all.indexOf('\r\n\r\n');
			const headers = {};
			for (const line of all.subarray(0, Math.max(end, 0)).toString().split('\r\n')) {
				const colon = line.indexOf(':');
				if (colon > 0)
					headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
			}
			const status = Number.parseInt(headers.status ?? '200', 10);
			delete headers.status;
			done({ status: end < 0 ? 500 : status, headers, body: all.subarray(end + 4) });
		});
	});
}

async function push(hub, repo, auth, body, env, entry) {
	const before = await refs(repo.dir, 'refs/heads');
	const answer = await backend(body, env);
	const after = await refs(repo.dir, 'refs/heads');
	for (const ref of new Set([...before.keys(), ...after.keys()])) {
		const old = before.get(ref)?.sha ?? null;
		const now = after.get(ref)?.sha ?? null;
		if (old === now) continue;
		entry.refs = { ...entry.refs, [ref]: { before: old, after: now } };
		await refChanged(hub, repo, ref, old, now, auth);
	}
	return answer;
}

export async function gitHttp(hub, req, res, path, search, entry, fault) {
	const [, owner, name, rest] = PATH.exec(path);
	const writes = rest === 'git-receive-pack' || search.includes('service=git-receive-pack');
	const found = admit(hub, req, owner, name, writes);
	entry.who = found.auth?.key;
	entry.status = found.status ?? 200;
	if (found.status === 401) {
		return refuse(res, 401, 'Unauthorized', { 'www-authenticate': 'Basic realm="GitHub"' });
	}
	if (found.status === 404) return refuse(res, 404, 'Repository not found.');
	if (found.status) {
		return refuse(res, 403, `Permission to ${found.name}.git denied.`);
	}
	const { repo, auth } = found;
	const env = environment(hub, req, repo, auth, rest, search);
	const raw = await readBody(req);
	const body = req.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw;
	const answer =
		rest === 'git-receive-pack'
			? await repo.lock(() => push(hub, repo, auth, body, env, entry))
			: await backend(body, env);
	entry.ended_ms = hub.state.now();
	if (fault?.kind === 'drop_after') return req.socket.destroy();
	if (fault?.kind === 'status_after') return refuse(res, fault.status ?? 502, 'Bad gateway');
	if (fault?.kind === 'truncate') {
		res.writeHead(answer.status, { ...answer.headers, 'content-length': answer.body.length });
		return res.write(answer.body.subarray(0, answer.body.length / 2), () =>
			req.socket.destroy(),
		);
	}
	res.writeHead(answer.status, answer.headers);
	return res.end(answer.body);
}

export const HOOK = `#!/bin/sh
exec "$(printf '%s' "$HUB_RULES" | sed 's/.*"node":"\\([^"]*\\)".*/\\1/')" \\
	'${fileURLToPath(new URL('pre_receive.js', import.meta.url))}'
`;
