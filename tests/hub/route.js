/*
 * One line of the route table, and the match of a request's path against it.
 * {ref}, {path}, {basehead} and {branch} may hold slashes; literal segments win over names.
 */
const WIDE = new Set(['ref', 'path', 'basehead', 'branch']);

/*
 * needs: "area:level" (or several, one is enough) for a repository's routes; "app" for a JWT,
 * "installation" for an installation token, "any" for everybody.
 */
export function route(method, path, needs, run, more = {}) {
	const names = [];
	const pattern = path.replace(/[.+]/g, '\\$&').replace(/\{(\w+)\}/g, (_, name) => {
		names.push(name);
		if (name === 'path') return '(.*)';
		return WIDE.has(name) ? '(.+)' : '([^/]+)';
	});
	const literals = path.split('/').filter((part) => !part.includes('{')).length;
	return {
		method,
		path,
		needs,
		run,
		names,
		literals,
		wide: names.some((n) => WIDE.has(n)),
		pattern: new RegExp(`^${pattern}$`),
		...more,
	};
}

export function match(routes, method, path) {
	let best = null;
	for (const one of routes) {
		if (one.method !== method) continue;
		const found = one.pattern.exec(path);
		if (!found || (best && best.route.literals >= one.literals)) continue;
		const params = {};
		one.names.forEach((name, i) => {
			params[name] = decodeURIComponent(found[i + 1]);
		});
		best = { route: one, params };
	}
	return best;
}
