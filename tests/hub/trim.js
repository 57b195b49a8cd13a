/*
 * Makes openapi.json from @octokit/openapi: only the operations and webhooks that the hub knows,
 * without prose, as JSON Schema (nullable becomes a type). Request bodies are closed, so that an
 * unknown field is found. usage: node trim.js [--write]; without --write it prints the file.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { routes } from './routes.js';
import { webhooks } from './webhooks.js';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
export const SOURCE = here('node_modules/@octokit/openapi/generated/api.github.com.json');
const TARGET = here('openapi.json');

const DROPPED = new Set([
	'description',
	'example',
	'examples',
	'title',
	'externalDocs',
	'default',
	'deprecated',
	'discriminator',
	'readOnly',
	'writeOnly',
	'summary',
	'nullable',
]);

const follow = (spec, ref) =>
	ref
		.slice(2)
		.split('/')
		.reduce((at, key) => at[key], spec);

/* Properties named like a keyword ("description", "title", "default") must stay: hence `names`. */
function schema(node, names = false) {
	if (Array.isArray(node)) return node.map((item) => schema(item));
	if (node === null || typeof node !== 'object') return node;
	const out = {};
	for (const [key, value] of Object.entries(node)) {
		if (!names && (DROPPED.has(key) || key.startsWith('x-'))) continue;
		if (key === 'enum' || key === 'required') out[key] = value;
		else out[key] = schema(value, !names && key === 'properties');
	}
	return !names && node.nullable === true ? orNull(out) : out;
}

function orNull(out) {
	if (out.enum) return { ...out, type: undefined, enum: [...new Set([...out.enum, null])] };
	if (typeof out.type === 'string') return { ...out, type: [out.type, 'null'] };
	return { anyOf: [out, { type: 'null' }] };
}

/* A request body without references and with closed objects. */
function closed(spec, node) {
	if (Array.isArray(node)) return node.map((item) => closed(spec, item));
	if (node === null || typeof node !== 'object') return node;
	if (typeof node.$ref === 'string') return closed(spec, schema(follow(spec, node.$ref)));
	const out = {};
	for (const [key, value] of Object.entries(node)) {
		out[key] =
			key === 'properties'
				? Object.fromEntries(Object.entries(value).map(([k, v]) => [k, closed(spec, v)]))
				: closed(spec, value);
	}
	if (out.properties && out.additionalProperties === undefined) out.additionalProperties = false;
	return out;
}

function operation(spec, method, path) {
	const found = spec.paths[path]?.[method.toLowerCase()];
	if (!found) throw new Error(`${method} ${path} is not in the published description`);
	const resolve = (node) => (node.$ref ? follow(spec, node.$ref) : node);
	const parameters = (found.parameters ?? []).map(resolve);
	const body = found.requestBody?.content?.['application/json']?.schema;
	const responses = {};
	for (const [status, response] of Object.entries(found.responses)) {
		const json = resolve(response).content?.['application/json']?.schema;
		responses[status] = json ? schema(CORRECTED[`${method} ${path}`]?.[status] ?? json) : null;
	}
	return {
		method,
		path,
		documentation: found.externalDocs?.url,
		query: Object.fromEntries(
			parameters.filter((p) => p.in === 'query').map((p) => [p.name, schema(p.schema)]),
		),
		request: body ? closed(spec, schema(body)) : null,
		request_required: found.requestBody?.required === true,
		responses,
	};
}

/*
 * Where the description contradicts itself: this operation wants an account that is a user and an
 * enterprise at once; the component it stands for says "or".
 */
const CORRECTED = {
	'GET /app/installations': {
		200: { type: 'array', items: { $ref: '#/components/schemas/installation' } },
	},
};

function references(node, found = new Set()) {
	if (Array.isArray(node)) node.forEach((item) => references(item, found));
	else if (node && typeof node === 'object') {
		if (typeof node.$ref === 'string') found.add(node.$ref.split('/').pop());
		Object.values(node).forEach((item) => references(item, found));
	}
	return found;
}

function withComponents(spec, out) {
	const waiting = [...references(out)];
	const schemas = {};
	while (waiting.length) {
		const name = waiting.pop();
		if (schemas[name]) continue;
		schemas[name] = schema(spec.components.schemas[name]);
		waiting.push(...references(schemas[name]));
	}
	const sorted = Object.fromEntries(
		Object.keys(schemas)
			.sort()
			.map((k) => [k, schemas[k]]),
	);
	return { ...out, components: { schemas: sorted } };
}

export function trim() {
	const spec = JSON.parse(readFileSync(SOURCE, 'utf8'));
	const operations = routes
		.filter((one) => !one.undocumented)
		.map((one) => operation(spec, one.method, one.path))
		.sort((a, b) => (a.path + a.method < b.path + b.method ? -1 : 1));
	const hooks = {};
	for (const name of webhooks) {
		const content = spec['x-webhooks'][name].post.requestBody.content;
		hooks[name] = schema(content['application/json'].schema);
	}
	const out = withComponents(spec, { version: spec.info.version, operations, webhooks: hooks });
	return JSON.stringify(out) + '\n';
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	if (process.argv.includes('--write')) writeFileSync(TARGET, trim());
	else process.stdout.write(trim());
}
