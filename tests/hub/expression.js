/*
 * The expressions of workflow files, ${{ ... }}: literals, dotted names, ! == != < > <= >= && || (
 * ), and the functions that jobs and steps use. Not there: object filters, hashFiles, fromJSON.
 */
const TOKEN =
	/\s*(?:('(?:[^']|'')*')|(-?\d+(?:\.\d+)?)|([A-Za-z_][\w-]*)|(&&|\|\||==|!=|<=|>=|[!<>().,[\]]))/y;

function tokens(text) {
	const out = [];
	TOKEN.lastIndex = 0;
	while (TOKEN.lastIndex < text.trimEnd().length) {
		const found = TOKEN.exec(text);
		if (!found) throw new Error(`Unexpected symbol in expression: ${text}`);
		if (found[1]) out.push({ value: found[1].slice(1, -1).replaceAll("''", "'") });
		else if (found[2]) out.push({ value: Number(found[2]) });
		else if (found[3]) out.push({ name: found[3] });
		else out.push({ sign: found[4] });
	}
	return out;
}

const LITERALS = { true: true, false: false, null: null };
const text = (value) =>
	value === null || value === undefined
		? ''
		: typeof value === 'object'
			? JSON.stringify(value)
			: String(value);
const number = (value) =>
	typeof value === 'string' && value.trim() === '' ? 0 : Number(value ?? 0);

/* As in GitHub's table: strings compare without case, other types as numbers. */
function same(a, b) {
	if (typeof a === 'string' && typeof b === 'string') return a.toLowerCase() === b.toLowerCase();
	if (typeof a === typeof b) return a === b;
	return number(a) === number(b);
}

const FUNCTIONS = {
	contains: (where, what) =>
		Array.isArray(where)
			? where.some((one) => same(one, what))
			: text(where).toLowerCase().includes(text(what).toLowerCase()),
	startsWith: (a, b) => text(a).toLowerCase().startsWith(text(b).toLowerCase()),
	endsWith: (a, b) => text(a).toLowerCase().endsWith(text(b).toLowerCase()),
	format: (form, ...rest) => text(form).replace(/\{(\d+)\}/g, (_, n) => text(rest[n])),
	join: (list, by = ',') => [list].flat().map(text).join(by),
	toJSON: (value) => JSON.stringify(value, null, 2),
};

class Parser {
	constructor(list, context) {
		this.list = list;
		this.context = context;
		this.at = 0;
	}

	sign(...signs) {
		const one = this.list[this.at];
		if (!one || !signs.includes(one.sign)) return null;
		this.at += 1;
		return one.sign;
	}

	or() {
		let left = this.and();
		while (this.sign('||')) {
			const right = this.and();
			left = left || right;
		}
		return left;
	}

	and() {
		let left = this.compare();
		while (this.sign('&&')) {
			const right = this.compare();
			left = left && right;
		}
		return left;
	}

	compare() {
		const left = this.not();
		const sign = this.sign('==', '!=', '<', '>', '<=', '>=');
		if (!sign) return left;
		const right = this.not();
		switch (sign) {
			case '==':
				return same(left, right);
			case '!=':
				return !same(left, right);
			case '<':
				return number(left) < number(right);
			case '>':
				return number(left) > number(right);
			case '<=':
				return number(left) <= number(right);
			default:
				return number(left) >= number(right);
		}
	}

	not() {
		return this.sign('!') ? !this.not() : this.path();
	}

	path() {
		let value = this.primary();
		for (;;) {
			if (this.sign('.')) {
				value = value?.[this.list[this.at].name];
				this.at += 1;
			} else if (this.sign('[')) {
				value = value?.[this.or()];
				this.sign(']');
			} else return value ?? null;
		}
	}

	call(name) {
		const words = [];
		while (!this.sign(')')) {
			words.push(this.or());
			this.sign(',');
			if (this.at >= this.list.length) break;
		}
		const known = this.context.functions?.[name] ?? FUNCTIONS[name];
		if (!known) throw new Error(`Unrecognized function: '${name}'`);
		return known(...words);
	}

	primary() {
		const one = this.list[this.at];
		if (!one) throw new Error('Unexpected end of expression');
		this.at += 1;
		if ('value' in one) return one.value;
		if (one.sign === '(') {
			const value = this.or();
			this.sign(')');
			return value;
		}
		if (this.sign('(')) return this.call(one.name);
		if (one.name in LITERALS) return LITERALS[one.name];
		if (!(one.name in this.context)) throw new Error(`Unrecognized named-value: '${one.name}'`);
		return this.context[one.name];
	}
}

export function evaluate(expression, context) {
	const parser = new Parser(tokens(expression), context);
	const value = parser.or();
	if (parser.at < parser.list.length) throw new Error(`Unexpected symbol in: ${expression}`);
	return value;
}

/* Puts the values into a text; a text that is one expression alone keeps its type. */
export function fill(value, context) {
	if (typeof value !== 'string') return value;
	const whole = /^\$\{\{((?:(?!\}\}).)*)\}\}$/s.exec(value);
	if (whole) return evaluate(whole[1], context);
	return value.replace(/\$\{\{(.*?)\}\}/gs, (_, one) => text(evaluate(one, context)));
}

export const fillText = (value, context) => text(fill(value, context));

/* An "if": without a status function success() is meant as well. */
export function condition(value, context) {
	if (value === undefined || value === null) return context.functions.success();
	const inner = String(value).replace(/^\$\{\{(.*)\}\}$/s, '$1');
	const result = Boolean(evaluate(inner, context));
	return /\b(success|failure|always|cancelled)\s*\(/.test(inner)
		? result
		: result && context.functions.success();
}
