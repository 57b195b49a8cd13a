/*
 * Who is calling and what they may do: App JWTs, installation tokens, personal tokens and the
 * tokens of workflow runs. Checks signatures and times truly; knows no passwords and no OAuth
 * dance.
 */
import { createHmac, createPublicKey, randomBytes, verify } from 'node:crypto';
import { ApiError, badCredentials, forbidden, invalid, notFound } from './errors.js';
import { randomToken, roleAtLeast, roleOf } from './state.js';

const HOUR_MS = 3600 * 1000;

/* What a personal token of someone with this role may do; "metadata" comes with any role. */
const WRITE_ROLE = { issues: 'read', pull_requests: 'read', administration: 'admin' };

function decodePart(text) {
	try {
		return JSON.parse(Buffer.from(text, 'base64url').toString());
	} catch {
		throw badCredentials('A JSON web token could not be decoded');
	}
}

/* The three messages are GitHub's own; it allows no more than ten minutes of life. */
export function checkJwt(state, token) {
	const [head, claims, signature] = token.split('.');
	const header = decodePart(head);
	const body = decodePart(claims);
	if (header.alg !== 'RS256') throw badCredentials('A JSON web token could not be decoded');
	const app = [...state.apps.values()].find(
		(one) => String(one.id) === String(body.iss) || one.client_id === body.iss,
	);
	if (!app) {
		throw new ApiError(404, 'Integration not found');
	}
	const key = createPublicKey(app.public_key);
	if (
		!verify(
			'RSA-SHA256',
			Buffer.from(`${head}.${claims}`),
			key,
			Buffer.from(signature, 'base64url'),
		)
	) {
		throw badCredentials('A JSON web token could not be decoded');
	}
	const now = state.now() / 1000;
	if (!Number.isInteger(body.exp)) {
		throw badCredentials(
			"'Expiration time' claim ('exp') must be a numeric value representing " +
				'the future time at which the assertion expires',
		);
	}
	if (body.exp <= now) {
		throw badCredentials(
			"'Expiration time' claim ('exp') must be a numeric value representing " +
				'the future time at which the assertion expires',
		);
	}
	if (body.exp > now + 600 + 5) {
		throw badCredentials("'Expiration time' claim ('exp') is too far in the future");
	}
	if (!Number.isInteger(body.iat) || body.iat > now + 1) {
		throw badCredentials(
			"'Issued at' claim ('iat') must be an Integer representing the time " +
				'that the assertion was issued',
		);
	}
	return { kind: 'app', app, key: `app:${app.id}`, name: app.slug };
}

export function bot(state, app) {
	return state.user(`${app.slug}[bot]`, 'Bot');
}

/* The newer form of token is long and carries a JWT of GitHub's own: no fixed size, three parts. */
function statelessToken(state, app, installation) {
	const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
	const text =
		part({ alg: 'HS256', typ: 'JWT' }) +
		'.' +
		part({
			iss: 'github.com',
			app: app.id,
			ins: installation.id,
			jti: randomBytes(48).toString('hex'),
			exp: Math.floor((state.now() + HOUR_MS) / 1000),
		});
	const mac = createHmac('sha256', state.seal).update(text).digest('base64url');
	return `ghs_${app.id}_${text}.${mac}`;
}

const RANK = { read: 1, write: 2, admin: 3 };

function subset(granted, asked) {
	const out = {};
	for (const [area, level] of Object.entries(asked)) {
		if (!granted[area] || RANK[level] > RANK[granted[area]]) {
			throw new ApiError(
				422,
				'The permissions requested are not granted to this installation.',
			);
		}
		out[area] = level;
	}
	return { ...out, metadata: 'read' };
}

export const installationRepos = (state, installation) =>
	[...state.repos.values()].filter(
		(repo) =>
			repo.owner === installation.account &&
			(installation.repositories === null || installation.repositories.has(repo.id)),
	);

function chosenRepos(state, installation, body) {
	if (!body.repositories && !body.repository_ids) return null;
	const all = installationRepos(state, installation);
	const wanted = [...(body.repositories ?? []), ...(body.repository_ids ?? [])];
	const repos = wanted.map((one) => all.find((r) => r.id === one || r.name === one));
	if (repos.includes(undefined)) {
		throw new ApiError(
			422,
			'There is at least one repository that does not exist or is not ' +
				'accessible to the parent installation.',
		);
	}
	if (wanted.length > 500)
		throw invalid({ resource: 'Installation', field: 'repositories', code: 'invalid' });
	return new Set(repos.map((r) => r.id));
}

export function createToken(state, installation, body) {
	if (installation.suspended_at) throw forbidden('This installation has been suspended');
	const app = state.apps.get(installation.app_id);
	const permissions = body.permissions
		? subset(installation.permissions, body.permissions)
		: { ...installation.permissions };
	const repos = chosenRepos(state, installation, body);
	const expires_ms = state.now() + HOUR_MS;
	const token =
		app.token_format === 'stateless'
			? statelessToken(state, app, installation)
			: randomToken('ghs_');
	state.tokens.set(token, {
		kind: 'installation',
		app,
		installation,
		permissions,
		repos,
		expires_ms,
		key: `installation:${installation.id}`,
		name: `${app.slug}[bot]`,
		actor: bot(state, app),
	});
	return { token, permissions, repos, expires_at: state.stamp(expires_ms) };
}

/* The token a workflow run gets; what is done with it starts no further runs. */
export function createRunToken(state, repo, permissions) {
	const token = randomToken('ghs_');
	state.tokens.set(token, {
		kind: 'actions',
		repos: new Set([repo.id]),
		permissions,
		expires_ms: state.now() + 24 * HOUR_MS,
		key: `actions:${repo.id}`,
		name: 'github-actions[bot]',
		actor: state.user('github-actions[bot]', 'Bot'),
		app: state.actionsApp,
	});
	return token;
}

function bearer(header) {
	const [scheme, value = ''] = header.split(/ +/);
	if (/^(bearer|token)$/i.test(scheme)) return value;
	if (/^basic$/i.test(scheme)) {
		const text = Buffer.from(value, 'base64').toString();
		return text.slice(text.indexOf(':') + 1);
	}
	return '';
}

export function authenticate(state, headers) {
	if (!headers.authorization) return { kind: 'none', key: 'address', name: null };
	const token = bearer(headers.authorization);
	const known = state.tokens.get(token);
	if (known) {
		if (known.expires_ms <= state.now()) throw badCredentials();
		if (known.installation && !state.installations.has(known.installation.id)) {
			throw badCredentials();
		}
		return known;
	}
	if (!token.startsWith('ghs_') && token.split('.').length === 3) return checkJwt(state, token);
	throw badCredentials();
}

function covers(auth, repo) {
	if (auth.repos && !auth.repos.has(repo.id)) return false;
	if (auth.kind !== 'installation') return true;
	const { installation } = auth;
	return (
		installation.account === repo.owner &&
		(installation.repositories === null || installation.repositories.has(repo.id))
	);
}

export function visible(auth, repo) {
	if (!repo.private) return true;
	if (auth.kind === 'user') return roleAtLeast(roleOf(repo, auth.user.login), 'read');
	return (auth.kind === 'installation' || auth.kind === 'actions') && covers(auth, repo);
}

function allowed(auth, repo, area, level) {
	if (!repo.private && level === 'read' && area !== 'administration') return true;
	if (auth.kind === 'user') {
		const least =
			level === 'read' && area !== 'administration' ? 'read' : (WRITE_ROLE[area] ?? 'write');
		return roleAtLeast(roleOf(repo, auth.user.login), least);
	}
	if (!auth.permissions || !covers(auth, repo)) return false;
	return RANK[auth.permissions[area]] >= RANK[level];
}

/* needs: "area:level" or several of which one is enough. Throws 404 or 403 as GitHub does. */
export function requireAccess(auth, repo, needs) {
	if (!visible(auth, repo)) throw notFound();
	const any = [needs].flat().some((one) => allowed(auth, repo, ...one.split(':')));
	if (any) return;
	if (auth.kind === 'user') throw forbidden('Must have admin rights to Repository.');
	if (auth.kind === 'none') throw badCredentials('Requires authentication');
	throw forbidden();
}

/* The same question without the exception. */
export function mayDo(auth, repo, needs) {
	return (
		visible(auth, repo) && [needs].flat().some((one) => allowed(auth, repo, ...one.split(':')))
	);
}
