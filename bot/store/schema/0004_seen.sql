-- What was seen already: repositories, runs, deliveries, answers of servers, and the daemon's marks.

CREATE TABLE installation (
	id INTEGER NOT NULL PRIMARY KEY,
	account TEXT NOT NULL,
	suspended INTEGER NOT NULL CHECK (suspended IN (0, 1)),
	seen_at INTEGER NOT NULL
) STRICT;

CREATE TABLE repository (
	id INTEGER NOT NULL PRIMARY KEY,
	name TEXT NOT NULL COLLATE NOCASE CHECK (name LIKE '_%/_%'),
	installation_id INTEGER NOT NULL,
	default_branch TEXT NOT NULL,
	watched INTEGER NOT NULL CHECK (watched IN (0, 1)),
	seen_at INTEGER NOT NULL
) STRICT;

CREATE INDEX repository_name ON repository (name, seen_at);

-- The text of .github/aegis.yml on the default branch; an empty sha: there is none.
CREATE TABLE settings (
	repository_id INTEGER NOT NULL PRIMARY KEY REFERENCES repository (id) ON DELETE CASCADE,
	sha TEXT NOT NULL,
	text TEXT NOT NULL,
	read_at INTEGER NOT NULL
) STRICT;

-- Runs and jobs worked on. A first attempt up to the watermark counts as handled.
CREATE TABLE handled (
	repository_id INTEGER NOT NULL,
	kind TEXT NOT NULL,
	id INTEGER NOT NULL,
	attempt INTEGER NOT NULL CHECK (attempt >= 1),
	handled_at INTEGER NOT NULL,
	PRIMARY KEY (repository_id, kind, id, attempt)
) STRICT, WITHOUT ROWID;

CREATE INDEX handled_at ON handled (handled_at);

CREATE TABLE watermark (
	repository_id INTEGER NOT NULL,
	kind TEXT NOT NULL,
	id INTEGER NOT NULL,
	PRIMARY KEY (repository_id, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE delivery (
	id TEXT NOT NULL PRIMARY KEY CHECK (id != ''),
	expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX delivery_expires ON delivery (expires_at);

CREATE TABLE answer (
	name TEXT NOT NULL PRIMARY KEY CHECK (name != ''),
	etag TEXT NOT NULL,
	body_hash TEXT NOT NULL CHECK (length(body_hash) = 64),
	body BLOB NOT NULL,
	size INTEGER NOT NULL,
	used_at INTEGER NOT NULL
) STRICT;

CREATE INDEX answer_used ON answer (used_at, size);

CREATE TABLE mark (
	name TEXT NOT NULL PRIMARY KEY CHECK (name != ''),
	value TEXT NOT NULL,
	marked_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
