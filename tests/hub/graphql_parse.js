/*
 * Reads the part of GraphQL's language that clients of the hub use: one operation, variables,
 * arguments, aliases, inline fragments. No named fragments, no directives.
 */
const TOKEN =
	/[\s,]*(?:#[^\n]*\n)?[\s,]*("""[\s\S]*?"""|"(?:\\.|[^"\\])*"|-?\d+(?:\.\d+)?|\.\.\.|[A-Za-z_]\w*|[!$():=@[\]{}|])/y;

class Reader {
	constructor(text) {
		this.list = [];
		TOKEN.lastIndex = 0;
		const end = text.replace(/[\s,]+$/, '').length;
		while (TOKEN.lastIndex < end) {
			const found = TOKEN.exec(text);
			if (!found) throw new Error('Parse error');
			this.list.push(found[1]);
		}
		this.at = 0;
	}

	peek() {
		return this.list[this.at];
	}

	next() {
		this.at += 1;
		return this.list[this.at - 1];
	}

	skip(token) {
		if (this.peek() !== token) return false;
		this.at += 1;
		return true;
	}

	expect(token) {
		const found = this.next();
		if (found !== token) {
			throw new Error(`Parse error on "${found ?? 'end'}", expected "${token}"`);
		}
	}

	value() {
		const one = this.next();
		if (one === '$') return { variable: this.next() };
		if (one === '{') return { object: this.pairs('}') };
		if (one === '[') {
			const list = [];
			while (!this.skip(']')) list.push(this.value());
			return { list };
		}
		if (one?.startsWith('"')) return { literal: JSON.parse(one) };
		if (/^-?\d/.test(one)) return { literal: Number(one) };
		return { literal: { true: true, false: false, null: null }[one] ?? one };
	}

	pairs(end) {
		const out = {};
		while (!this.skip(end)) {
			const name = this.next();
			this.expect(':');
			out[name] = this.value();
		}
		return out;
	}

	selection() {
		const fields = [];
		this.expect('{');
		while (!this.skip('}')) {
			if (this.skip('...')) {
				this.expect('on');
				const on = this.next();
				fields.push({ on, fields: this.selection() });
				continue;
			}
			let name = this.next();
			let alias = name;
			if (this.skip(':')) name = this.next();
			else alias = name;
			const words = this.skip('(') ? this.pairs(')') : {};
			fields.push({
				name,
				alias,
				words,
				fields: this.peek() === '{' ? this.selection() : null,
			});
		}
		return fields;
	}

	variables() {
		if (!this.skip('(')) return;
		while (!this.skip(')')) this.next();
	}
}

/* {kind: "query" or "mutation", fields: [{name, alias, words, fields}]} */
export function parse(text) {
	const reader = new Reader(text);
	let kind = 'query';
	if (reader.peek() !== '{') {
		kind = reader.next();
		if (reader.peek() !== '(' && reader.peek() !== '{') reader.next();
		reader.variables();
	}
	const fields = reader.selection();
	if (reader.peek() !== undefined) throw new Error(`Parse error on "${reader.peek()}"`);
	return { kind, fields };
}

export function bind(value, variables) {
	if ('variable' in value) return variables[value.variable];
	if ('list' in value) return value.list.map((one) => bind(one, variables));
	if ('object' in value) {
		return Object.fromEntries(
			Object.entries(value.object).map(([key, one]) => [key, bind(one, variables)]),
		);
	}
	return value.literal;
}
