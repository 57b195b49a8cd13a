/*
 * A GitHub where nothing happens, for the benchmark of seeing: so many repositories of a few
 * installations, each with green runs, one open pull request, suites and statuses that never change.
 * Every GET has an ETag and answers 304 to it. Prints {url, key}; GET /_count tells what was asked.
 */
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';

const [count, installations] = process.argv.slice(2).map(Number);
const SHA = '1'.repeat(40);
const AT = '2026-11-21T10:00:00Z';
const asked = { tokens: 0, fresh: 0, unchanged: 0 };
const owner = (installation) => ({ login: `owner${installation}`, id: 1000 + installation });

/* As long as GitHub's, which repeats both repositories in every run. */
const filler = 'x'.repeat(6000);

function repository(id) {
	return {
		id,
		name: `repository${id}`,
		owner: owner(id % installations),
		default_branch: 'main',
		private: true,
		archived: false,
		fork: false,
	};
}

function run(repo, number) {
	return {
		id: repo.id * 1000 + number,
		name: 'ci',
		path: '.github/workflows/ci.yml',
		head_sha: SHA,
		head_branch: 'main',
		status: 'completed',
		conclusion: 'success',
		event: 'push',
		workflow_id: 1,
		run_attempt: 1,
		check_suite_id: 1,
		actor: { login: 'someone' },
		created_at: AT,
		updated_at: AT,
		pull_requests: [],
		repository: { id: repo.id },
		head_repository: { ...repo, filler },
	};
}

const lists = {
	'actions/runs': (repo) => ({
		total_count: 30,
		workflow_runs: Array.from({ length: 30 }, (_, n) => run(repo, 30 - n)),
	}),
	pulls: (repo) => [
		{
			id: repo.id,
			number: 1,
			title: 'x',
			state: 'open',
			head: { ref: 'topic', sha: SHA, repo },
			base: { ref: 'main', sha: SHA, repo },
			user: { login: 'someone' },
			created_at: AT,
			updated_at: AT,
		},
	],
	'check-suites': () => ({ total_count: 0, check_suites: [] }),
	status: () => ({ sha: SHA, state: 'pending', total_count: 0, statuses: [] }),
};

function get(path, query) {
	if (path === '/app/installations') {
		return Array.from({ length: installations }, (_, id) => ({ id: id + 1, account: owner(id) }));
	}
	const found = /^\/repos\/owner\d+\/repository(\d+)\/(?:commits\/heads\/\w+\/)?(.+)$/.exec(path);
	if (found) return lists[found[2]](repository(Number(found[1])));
	throw new Error(`not asked for: ${path}?${query}`);
}

function page(token, number) {
	const all = [];
	for (let id = 1; id <= count; id += 1) if (id % installations === token) all.push(id);
	return {
		repositories: all.slice((number - 1) * 100, number * 100).map(repository),
		total_count: all.length,
	};
}

function answer(req, url) {
	const token = /^\/app\/installations\/(\d+)\/access_tokens$/.exec(url.pathname);
	if (token) {
		asked.tokens += 1;
		return {
			status: 201,
			body: {
				token: `ghs_${Number(token[1]) - 1}`,
				expires_at: new Date(Date.now() + 3600000).toISOString(),
			},
		};
	}
	const etag = `"${url.pathname}${url.search}"`;
	if (req.headers['if-none-match'] === etag) {
		asked.unchanged += 1;
		return { status: 304, headers: { etag } };
	}
	asked.fresh += 1;
	if (url.pathname !== '/installation/repositories') {
		return { status: 200, headers: { etag }, body: get(url.pathname, url.search) };
	}
	const number = Number(url.searchParams.get('page') ?? 1);
	const body = page(Number(req.headers.authorization.split('_')[1]), number);
	url.searchParams.set('page', number + 1);
	const link = number * 100 < body.total_count ? { link: `<${url}>; rel="next"` } : {};
	return { status: 200, headers: link, body };
}

const server = createServer((req, res) => {
	const url = new URL(req.url, server.url);
	const { status, headers, body } =
		url.pathname === '/_count' ? { status: 200, body: asked } : answer(req, url);
	req.resume();
	res.writeHead(status, { 'content-type': 'application/json', ...headers });
	res.end(body && JSON.stringify(body));
});
server.keepAliveTimeout = 60000;
server.listen(0, '127.0.0.1', () => {
	server.url = `http://127.0.0.1:${server.address().port}`;
	const { privateKey } = generateKeyPairSync('rsa', {
		modulusLength: 2048,
		privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
		publicKeyEncoding: { type: 'pkcs1', format: 'pem' },
	});
	console.log(JSON.stringify({ url: server.url, key: privateKey }));
});
process.stdin.on('end', () => process.exit(0)).resume();
