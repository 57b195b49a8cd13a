/*
 * One request through the hub: fault, route, token, limits, description, handler, ETag, answer.
 * Everything is put down in the journal; tokens are not.
 */
import { createHash, randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { authenticate, requireAccess } from './auth.js';
import { readBody } from './body.js';
import { control } from './control.js';
import { ApiError, badCredentials, notFound } from './errors.js';
import { gitHttp, isGitPath } from './githttp.js';
import { secondary } from './limits.js';
import { match } from './route.js';
import { routes } from './routes.js';

const VERSIONS = new Set(['2022-11-28', '2026-03-10']);
const JOURNAL_LIMIT = 200000;
const GZIP_FROM = 1000;
const CONFORMING_LIMIT = 100000;

export const sleep = (ms) =>
	new Promise((done) => {
		setTimeout(done, ms);
	});

function parseJson(raw) {
	if (raw.length === 0) return undefined;
	let body;
	try {
		body = JSON.parse(raw.toString());
	} catch {
		throw new ApiError(400, 'Problems parsing JSON');
	}
	if (body === null || typeof body !== 'object') {
		throw new ApiError(400, 'Body should be a JSON object');
	}
	return body;
}

/* /repositories/ID/... is what Link headers and redirects use. */
function byNumber(hub, path) {
	const found = /^\/repositories\/(\d+)(\/.*)?$/.exec(path);
	const repo = found && hub.state.repoById(Number(found[1]));
	return repo ? `/repos/${repo.owner.login}/${repo.name}${found[2] ?? ''}` : path;
}

function findRepo(hub, ctx) {
	const { owner, repo } = ctx.params;
	if (!owner || !repo || !ctx.route.path.startsWith('/repos/')) return null;
	const found = hub.state.repo(owner, repo);
	if (found) return found;
	const renamed = hub.state.renames.get(`${owner}/${repo}`.toLowerCase());
	if (!renamed) throw notFound();
	if (ctx.route.needs !== 'app') requireAccess(ctx.auth, renamed, 'metadata:read');
	const rest = ctx.path.split('/').slice(4).join('/');
	const url = `${hub.url}/repositories/${renamed.id}${rest ? `/${rest}` : ''}${ctx.search}`;
	const moved = new ApiError(ctx.method === 'GET' ? 301 : 307, 'Moved Permanently', {
		headers: { location: url },
	});
	throw moved;
}

function authorize(ctx) {
	const { auth, route } = ctx;
	if (route.needs === 'app') {
		if (auth.kind !== 'app') throw badCredentials('A JSON web token could not be decoded');
	} else if (route.needs === 'installation') {
		if (auth.kind !== 'installation')
			throw new ApiError(403, 'Resource not accessible by ' + 'personal access token');
	} else if (ctx.repo && !(auth.kind === 'app' && route.app)) {
		if (auth.kind === 'app') throw badCredentials();
		requireAccess(auth, ctx.repo, route.needs === 'any' ? 'metadata:read' : route.needs);
	}
}

function checkRequest(hub, ctx, entry) {
	const name = `${ctx.method} ${ctx.route.path}`;
	const bad = hub.validator.request(name, ctx.query, ctx.body);
	if (bad.length === 0) return;
	hub.state.violation('request', { n: entry.n, request: `${ctx.method} ${ctx.path}`, bad });
	const inBody = bad.filter((one) => one.startsWith('/') && !one.includes('additional prop'));
	if (inBody.length) throw new ApiError(422, `Invalid request.\n\n${inBody.join('\n')}`);
}

function checkHeaders(req) {
	if (!req.headers['user-agent']) {
		throw new ApiError(
			403,
			'Request forbidden by administrative rules. Please make sure your ' +
				'request has a User-Agent header.',
		);
	}
	const version = req.headers['x-github-api-version'];
	if (version && !VERSIONS.has(version)) {
		throw new ApiError(400, `The version ${version} is not supported.`);
	}
}

/* Does the request; returns {status, headers, body}; body undefined is none. */
async function dispatch(hub, ctx, entry, req, raw) {
	checkHeaders(req);
	ctx.auth = authenticate(hub.state, req.headers);
	entry.who = ctx.auth.key;
	const found = match(routes, ctx.method, byNumber(hub, ctx.path));
	if (!found) {
		hub.state.violation('request', {
			n: entry.n,
			request: `${ctx.method} ${ctx.path}`,
			bad: ['the hub does not know this operation'],
		});
		throw notFound();
	}
	Object.assign(ctx, found);
	if (found.route.path !== '/rate_limit') {
		const content = !['GET', 'HEAD'].includes(ctx.method) && !ctx.path.startsWith('/app/');
		if (ctx.fault?.kind === 'primary') hub.limits.window(ctx.auth).used = 1e9;
		ctx.uncount = hub.limits.enter(ctx.auth, ctx.method, content);
	}
	if (ctx.fault?.kind === 'secondary') {
		throw secondary({
			status: ctx.fault.status ?? 403,
			retry_after: ctx.fault.body_only ? null : (ctx.fault.retry_after ?? 60),
		});
	}
	ctx.repo = findRepo(hub, ctx);
	authorize(ctx);
	ctx.body = parseJson(raw);
	entry.body = ctx.body;
	checkRequest(hub, ctx, entry);
	ctx.body ??= {};
	const window = hub.limits.window(ctx.auth);
	window.going += 1;
	try {
		return await found.route.run(ctx);
	} finally {
		window.going -= 1;
	}
}

function checkResponse(hub, ctx, answer, entry) {
	if (!ctx.route || ctx.route.undocumented) return;
	const name = `${ctx.method} ${ctx.route.path}`;
	if (Buffer.isBuffer(answer.body) || typeof answer.body === 'string') return;
	/* The same answer again, as to polling, need not be looked at again. */
	answer.text = answer.body === undefined ? '' : JSON.stringify(answer.body);
	const key = createHash('sha1').update(`${name} ${answer.status} ${answer.text}`).digest('hex');
	if (hub.conforming.has(key)) return;
	const bad = hub.validator.response(name, answer.status, answer.body);
	if (bad.length === 0) {
		if (hub.conforming.size > CONFORMING_LIMIT) hub.conforming.clear();
		hub.conforming.add(key);
		return;
	}
	hub.state.violation('response', {
		n: entry.n,
		request: `${ctx.method} ${ctx.path}`,
		status: answer.status,
		bad,
	});
}

/* What the operation accepts: permissions for Apps, scopes for personal tokens. */
function grants({ auth, route }) {
	if (auth.kind === 'user') return { 'x-oauth-scopes': 'repo, workflow' };
	if (!auth.permissions || !String(route?.needs).includes(':')) return {};
	const accepted = [route.needs].flat().map((one) => one.replace(':', '='));
	return { 'x-accepted-github-permissions': accepted.join('; ') };
}

function finish(hub, ctx, answer, req) {
	const headers = {
		date: new Date(hub.state.now()).toUTCString(),
		server: 'github.com',
		'x-github-request-id': randomUUID().slice(0, 18).toUpperCase(),
		'x-github-media-type': 'github.v3; format=json',
		'x-github-api-version-selected': req.headers['x-github-api-version'] ?? '2022-11-28',
		...answer.headers,
	};
	let { status } = answer;
	let text = '';
	if (answer.body !== undefined) {
		const plain = Buffer.isBuffer(answer.body) || typeof answer.body === 'string';
		text = plain ? answer.body : (answer.text ?? JSON.stringify(answer.body));
		headers['content-type'] ??= 'application/json; charset=utf-8';
	}
	if (ctx.method === 'GET' && status === 200) {
		/* Another token gets another ETag for the same thing, as on GitHub. */
		const hash = createHash('sha256')
			.update(req.headers.authorization ?? '')
			.update(text)
			.digest('hex');
		headers.etag = `W/"${hash}"`;
		headers['cache-control'] = 'private, max-age=60, s-maxage=60';
		headers.vary =
			'Accept, Authorization, Cookie, X-GitHub-OTP,Accept-Encoding, Accept, ' +
			'X-Requested-With';
		const wanted = (req.headers['if-none-match'] ?? '')
			.split(/, */)
			.map((tag) => tag.replace(/^W\//, ''));
		if (wanted.includes(`"${hash}"`)) {
			status = 304;
			text = '';
			delete headers['content-type'];
			ctx.uncount?.();
		}
	}
	if (ctx.auth) Object.assign(headers, hub.limits.headers(ctx.auth), grants(ctx));
	if (text.length > GZIP_FROM && /\bgzip\b/.test(req.headers['accept-encoding'] ?? '')) {
		headers['content-encoding'] = 'gzip';
		text = gzipSync(text);
	}
	return { status, headers, text };
}

async function api(hub, ctx, entry, req, raw) {
	let answer;
	try {
		answer = { status: 200, headers: {}, ...(await dispatch(hub, ctx, entry, req, raw)) };
	} catch (error) {
		if (!(error instanceof ApiError)) {
			hub.state.errors.push({ at: hub.state.stamp(), n: entry.n, error: error.stack });
			answer = { status: 500, headers: {}, body: { message: 'Server Error' } };
		} else {
			const operation =
				ctx.route && hub.validator.operation(`${ctx.method} ${ctx.route.path}`);
			const body = error.body(operation?.documentation);
			if (error.headers.location) body.url = error.headers.location;
			answer = { status: error.status, headers: error.headers, body };
			if (error.status === 401 && !ctx.auth) ctx.auth = { kind: 'none', key: 'address' };
		}
	}
	checkResponse(hub, ctx, answer, entry);
	return finish(hub, ctx, answer, req);
}

function send(res, req, answer) {
	const bytes = Buffer.from(answer.text);
	const headers = { ...answer.headers };
	if (answer.status !== 204 && answer.status !== 304) headers['content-length'] = bytes.length;
	res.writeHead(answer.status, headers);
	res.end(req.method === 'HEAD' ? undefined : bytes);
}

const broken = (status = 502) => ({
	status,
	headers: { 'content-type': 'text/html' },
	text: '<html><head><title>Unicorn!</title></head><body>No server is available.</body></html>',
});

/* Carries a fault out after the work is done. True when it has answered. */
function spoil(hub, fault, req, res, answer, key) {
	switch (fault?.kind) {
		case 'drop_after':
			req.socket.destroy();
			return true;
		case 'status_after':
			send(res, req, broken(fault.status));
			return true;
		case 'garbage':
			send(res, req, {
				status: 200,
				headers: { 'content-type': 'text/html' },
				text: '<!doctype',
			});
			return true;
		case 'truncate': {
			const bytes = Buffer.from(answer.text);
			res.writeHead(answer.status, { ...answer.headers, 'content-length': bytes.length });
			res.write(bytes.subarray(0, bytes.length / 2), () => req.socket.destroy());
			return true;
		}
		case 'stale': {
			const old = hub.faults.stale(key);
			if (old) send(res, req, old);
			return old !== null;
		}
		default:
			return false;
	}
}

export async function handle(hub, req, res) {
	const url = new URL(req.url, hub.url);
	const path = url.pathname.replace(/^\/api\/v3(?=\/)/, '').replace(/^\/api(?=\/graphql$)/, '');
	if (path.startsWith('/_hub/')) return control(hub, req, res, url);
	const entry = {
		n: hub.state.journal.length + 1,
		at_ms: hub.state.now(),
		method: req.method,
		path,
		query: Object.fromEntries(url.searchParams),
	};
	if (hub.state.journal.length < JOURNAL_LIMIT) hub.state.journal.push(entry);
	const fault = hub.faults.take(req.method, path);
	if (fault) entry.fault = fault.kind;
	if (fault?.kind === 'drop_before') return req.socket.destroy();
	if (fault?.kind === 'status_before') {
		entry.status = fault.status ?? 502;
		req.resume();
		return send(res, req, broken(fault.status));
	}
	if (fault?.kind === 'slow') await sleep(fault.delay_ms ?? 1000);
	if (isGitPath(path)) return gitHttp(hub, req, res, path, url.search, entry, fault);
	const raw = await readBody(req);
	const ctx = {
		hub,
		state: hub.state,
		method: req.method,
		path,
		search: url.search,
		fault,
		query: entry.query,
		headers: req.headers,
	};
	const answer = await api(hub, ctx, entry, req, raw);
	entry.status = answer.status;
	entry.ended_ms = hub.state.now();
	const wait = Number(answer.headers['retry-after']);
	if (wait) entry.retry_after_s = wait;
	const key = `${req.method} ${req.url} ${ctx.auth?.key}`;
	if (req.method === 'GET' && answer.status === 200) hub.faults.remember(key, answer);
	if (!spoil(hub, fault, req, res, answer, key)) send(res, req, answer);
	return undefined;
}
