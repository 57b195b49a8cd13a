/*
 * A job's log as GitHub stores it: a byte order mark, then on every line a time of 28 bytes and a
 * blank; workflow commands turned into ##[...] marks; secrets and the runner's real folder
 * replaced.
 */
const COMMAND = /^::([\w-]+)(?: +(.*?))?::(.*)$/;
const LOG_LIMIT = 64 * 1024 * 1024;

const LEVELS = { error: 'failure', warning: 'warning', notice: 'notice' };

/* At most ten annotations of a kind for a step, as the runner does. */
const STEP_LIMIT = 10;
const MESSAGE_LIMIT = 4096;

const decode = (text) =>
	text
		.replaceAll('%0D', '\r')
		.replaceAll('%0A', '\n')
		.replaceAll('%3A', ':')
		.replaceAll('%2C', ',')
		.replaceAll('%25', '%');

function settings(text) {
	return Object.fromEntries(
		(text ?? '')
			.split(',')
			.filter((one) => one.includes('='))
			.map((one) => [
				one.slice(0, one.indexOf('=')).trim(),
				decode(one.slice(one.indexOf('=') + 1)),
			]),
	);
}

export class JobLog {
	/* places: [[real folder, folder shown]] */
	constructor(state, places) {
		this.state = state;
		this.places = places;
		this.masks = [];
		this.annotations = [];
		this.counts = {};
		this.parts = ['\ufeff'];
		this.size = 0;
		this.last_ms = 0;
		this.ticks = 0;
	}

	/* .NET's "O" format: seven digits of a second. Times never go back. */
	stamp() {
		const now = Math.max(this.state.now(), this.last_ms);
		this.ticks = now === this.last_ms ? Math.min(this.ticks + 7, 9999) : 0;
		this.last_ms = now;
		return new Date(now).toISOString().replace('Z', `${String(this.ticks).padStart(4, '0')}Z`);
	}

	line(text) {
		if (this.size > LOG_LIMIT) return;
		let shown = text;
		for (const [real, alias] of this.places) shown = shown.replaceAll(real, alias);
		for (const mask of this.masks) shown = shown.replaceAll(mask, '***');
		const whole = `${this.stamp()} ${shown}\n`;
		this.size += whole.length;
		this.parts.push(whole);
	}

	lines(...texts) {
		texts.forEach((one) => this.line(one));
	}

	group(title, inner) {
		this.lines(`##[group]${title}`, ...inner, '##[endgroup]');
	}

	newStep() {
		this.counts = {};
	}

	error(message, place = {}) {
		this.line(`##[error]${message}`);
		this.annotate('error', message, place);
	}

	annotate(level, message, place) {
		this.counts[level] = (this.counts[level] ?? 0) + 1;
		if (this.counts[level] > STEP_LIMIT) return;
		const line = Number.parseInt(place.line, 10) || 1;
		let path = place.file ?? '.github';
		for (const [real, alias] of this.places)
			path = path.replace(`${real}/`, '').replace(`${alias}/`, '');
		this.annotations.push({
			path,
			start_line: line,
			end_line: Number.parseInt(place.endLine, 10) || line,
			start_column: Number.parseInt(place.col, 10) || null,
			end_column: Number.parseInt(place.endColumn, 10) || null,
			annotation_level: LEVELS[level],
			title: place.title ?? '',
			message: message.slice(0, MESSAGE_LIMIT),
			raw_details: '',
		});
	}

	/* A line that a command printed: workflow commands act, all else is written as it is. */
	output(text) {
		const found = COMMAND.exec(text);
		if (!found) return this.line(text);
		const [, name, words, rest] = found;
		const message = decode(rest);
		if (name in LEVELS) {
			this.line(`##[${name}]${message}`);
			return this.annotate(name, message, settings(words));
		}
		if (name === 'add-mask') {
			if (message) this.masks.push(message);
			return undefined;
		}
		if (name === 'group') return this.line(`##[group]${message}`);
		if (name === 'endgroup') return this.line('##[endgroup]');
		return name === 'debug' ? undefined : this.line(text);
	}

	text() {
		return this.parts.join('');
	}
}
