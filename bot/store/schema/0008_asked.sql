-- What people asked for in comments: each comment once. TAKEN: to be decided; DECIDED: done here, and to
-- be told there; then one of the ends. Times are milliseconds since 1970.

CREATE TABLE asked (
	repository_id INTEGER NOT NULL,
	comment INTEGER NOT NULL CHECK (comment > 0),
	issue INTEGER NOT NULL CHECK (issue > 0),
	author TEXT NOT NULL CHECK (author != ''),
	word TEXT NOT NULL CHECK (word != ''),
	hint TEXT NOT NULL,
	edited INTEGER NOT NULL CHECK (edited IN (0, 1)),
	created_at INTEGER NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('TAKEN', 'DECIDED', 'DONE', 'IGNORED', 'FAILED')),
	act TEXT NOT NULL,
	why TEXT NOT NULL,
	incident TEXT NOT NULL,
	head TEXT NOT NULL,
	tries INTEGER NOT NULL CHECK (tries >= 0),
	due_at INTEGER NOT NULL,
	PRIMARY KEY (repository_id, comment),
	CONSTRAINT decided_has_act CHECK (state NOT IN ('DECIDED', 'DONE') OR act != '')
) STRICT, WITHOUT ROWID;

CREATE INDEX asked_due ON asked (due_at) WHERE state IN ('TAKEN', 'DECIDED');

-- An end is final, and what was decided is not decided again.
CREATE TRIGGER asked_final BEFORE UPDATE ON asked
	WHEN old.state IN ('DONE', 'IGNORED', 'FAILED') OR
		(old.state = 'DECIDED' AND (new.state = 'TAKEN' OR new.act != old.act))
BEGIN
	SELECT raise(ABORT, 'what was asked and decided is not decided again');
END;
