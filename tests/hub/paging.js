/*
 * Lists of GitHub: per_page (30, at most 100), page, and the Link header, whose addresses have the
 * repository's number instead of its name, as GitHub's do.
 */

function number(text, least, most, otherwise) {
	const value = Number.parseInt(text, 10);
	return Number.isNaN(value) || value < least ? otherwise : Math.min(value, most);
}

export function pageOf(ctx) {
	return {
		page: number(ctx.query.page, 1, 1e6, 1),
		size: number(ctx.query.per_page, 1, 100, 30),
	};
}

export function linkHeader(ctx, page, last) {
	const base = ctx.repo
		? `${ctx.hub.url}/repositories/${ctx.repo.id}/${ctx.path
				.split('/')
				.slice(ctx.path.startsWith('/repositories/') ? 3 : 4)
				.join('/')}`
		: ctx.hub.url + ctx.path;
	const at = (n) => `${base}?${new URLSearchParams({ ...ctx.query, page: String(n) })}`;
	const links = [];
	if (page > 1) links.push(`<${at(page - 1)}>; rel="prev"`);
	if (page < last) links.push(`<${at(page + 1)}>; rel="next"`, `<${at(last)}>; rel="last"`);
	if (page > 1) links.push(`<${at(1)}>; rel="first"`);
	return links.length ? { link: links.join(', ') } : {};
}

/* name: the field of the list when the answer is {total_count, name: [...]}. */
export function paged(ctx, items, shape, name = null) {
	const { page, size } = pageOf(ctx);
	const last = Math.max(1, Math.ceil(items.length / size));
	const body = items.slice((page - 1) * size, page * size).map(shape);
	return {
		headers: linkHeader(ctx, page, last),
		body: name ? { total_count: items.length, [name]: body } : body,
	};
}
