/* The App itself, its installations, tokens and webhook deliveries; limits and addresses. */
import { createToken, installationRepos } from './auth.js';
import { ApiError, notFound } from './errors.js';
import { paged, pageOf } from './paging.js';
import { route } from './route.js';
import * as shapes from './shapes.js';

const own = (ctx) =>
	[...ctx.state.installations.values()].filter((one) => one.app_id === ctx.auth.app.id);

function findInstallation(ctx) {
	const one = own(ctx).find((i) => i.id === Number(ctx.params.installation_id));
	if (!one) throw notFound();
	return one;
}

function getApp({ hub, auth, state }) {
	const count = [...state.installations.values()].filter((i) => i.app_id === auth.app.id).length;
	return { body: { ...shapes.app(hub, auth.app), installations_count: count } };
}

function repoInstallation(ctx) {
	const one = own(ctx).find((i) => installationRepos(ctx.state, i).includes(ctx.repo));
	if (!one) throw notFound();
	return { body: shapes.installation(ctx.hub, one) };
}

function newToken(ctx) {
	const one = findInstallation(ctx);
	const made = createToken(ctx.state, one, ctx.body);
	const body = {
		token: made.token,
		expires_at: made.expires_at,
		permissions: made.permissions,
		repository_selection: made.repos || one.repositories ? 'selected' : 'all',
	};
	if (made.repos) {
		body.repositories = [...made.repos].map((id) =>
			shapes.repo(ctx.hub, ctx.state.repoById(id)),
		);
	}
	return { status: 201, body };
}

function listRepos(ctx) {
	const { auth, state, hub } = ctx;
	const all = installationRepos(state, auth.installation).filter(
		(repo) => !auth.repos || auth.repos.has(repo.id),
	);
	const answer = paged(ctx, all, (one) => shapes.fullRepo(hub, one, auth), 'repositories');
	answer.body.repository_selection = auth.installation.repositories ? 'selected' : 'all';
	return answer;
}

function revoke({ state, auth }) {
	for (const [token, one] of state.tokens) if (one === auth) state.tokens.delete(token);
	return { status: 204 };
}

const item = ({
	id,
	guid,
	delivered_at,
	redelivery,
	duration,
	status,
	status_code,
	event,
	action,
	installation_id,
	repository_id,
}) => ({
	id,
	guid,
	delivered_at,
	redelivery,
	duration,
	status,
	status_code,
	event,
	action,
	installation_id,
	repository_id,
	throttled_at: null,
});

const deliveriesOf = (ctx) =>
	ctx.hub.hooks.deliveries.filter((one) => one.app_id === ctx.auth.app.id).reverse();

/* Newest first; pages by cursor, not by number. */
function listDeliveries(ctx) {
	const { size } = pageOf(ctx);
	const { status, cursor } = ctx.query;
	const good = (one) => one.status_code >= 200 && one.status_code < 400;
	const all = deliveriesOf(ctx).filter((one) => !status || (status === 'success') === good(one));
	const from = cursor ? all.findIndex((one) => `v1_${one.id}` === cursor) : 0;
	if (from < 0) throw new ApiError(400, 'Invalid cursor');
	const page = all.slice(from, from + size);
	const next = all[from + size];
	const url = `${ctx.hub.url}/app/hook/deliveries?per_page=${size}&cursor=v1_`;
	return {
		body: page.map(item),
		headers: next ? { link: `<${url}${next.id}>; rel="next"` } : {},
	};
}

function findDelivery(ctx) {
	const one = deliveriesOf(ctx).find((d) => d.id === Number(ctx.params.delivery_id));
	if (!one) throw notFound();
	return one;
}

function getDelivery(ctx) {
	const one = findDelivery(ctx);
	return {
		body: {
			...item(one),
			url: ctx.auth.app.webhook_url,
			request: one.request,
			response: one.response,
		},
	};
}

function redeliver(ctx) {
	const one = findDelivery(ctx);
	ctx.hub.later(0, () => ctx.hub.hooks.deliver(one.source, true));
	return { status: 202, body: {} };
}

function rateLimit({ hub, auth }) {
	const core = hub.limits.numbers(auth);
	const other = (limit) => ({ limit, used: 0, remaining: limit, reset: core.reset });
	return { body: { resources: { core, search: other(30), graphql: other(5000) }, rate: core } };
}

const hookConfig = ({ auth }) => ({
	body: {
		content_type: 'json',
		insecure_ssl: '0',
		secret: '********',
		url: auth.app.webhook_url ?? '',
	},
});

export const routes = [
	route('GET', '/app', 'app', getApp),
	route('GET', '/app/installations', 'app', (ctx) =>
		paged(ctx, own(ctx), (one) => shapes.installation(ctx.hub, one)),
	),
	route('GET', '/app/installations/{installation_id}', 'app', (ctx) => ({
		body: shapes.installation(ctx.hub, findInstallation(ctx)),
	})),
	route('POST', '/app/installations/{installation_id}/access_tokens', 'app', newToken),
	route('GET', '/repos/{owner}/{repo}/installation', 'app', repoInstallation),
	route('GET', '/app/hook/config', 'app', hookConfig),
	route('GET', '/app/hook/deliveries', 'app', listDeliveries),
	route('GET', '/app/hook/deliveries/{delivery_id}', 'app', getDelivery),
	route('POST', '/app/hook/deliveries/{delivery_id}/attempts', 'app', redeliver),
	route('GET', '/installation/repositories', 'installation', listRepos),
	route('DELETE', '/installation/token', 'installation', revoke),
	route('GET', '/rate_limit', 'any', rateLimit),
	route('GET', '/meta', 'any', () => ({
		body: {
			verifiable_password_authentication: false,
			hooks: ['127.0.0.0/8'],
			api: ['127.0.0.0/8'],
			git: ['127.0.0.0/8'],
			actions: ['127.0.0.0/8'],
		},
	})),
];
