-- What was done, by whom and from which facts: rows are only added, each holds the hash of the row
-- before it. The head is remembered apart, so that rows cut off at the end are missed.

CREATE TABLE audit (
	seq INTEGER NOT NULL PRIMARY KEY CHECK (seq >= 1),
	at INTEGER NOT NULL,
	actor TEXT NOT NULL CHECK (actor != ''),
	incident TEXT NOT NULL,
	what TEXT NOT NULL CHECK (what != ''),
	facts TEXT NOT NULL CHECK (facts GLOB '{*}'),
	previous TEXT NOT NULL CHECK (length(previous) = 64),
	hash TEXT NOT NULL CHECK (length(hash) = 64)
) STRICT;

CREATE INDEX audit_incident ON audit (incident, seq);

CREATE TABLE audit_head (
	one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
	seq INTEGER NOT NULL,
	hash TEXT NOT NULL
) STRICT;

INSERT INTO audit_head VALUES (1, 0,
	'0000000000000000000000000000000000000000000000000000000000000000');

CREATE TRIGGER audit_append_only BEFORE UPDATE ON audit BEGIN
	SELECT raise(ABORT, 'the audit log is never changed');
END;

CREATE TRIGGER audit_never_deleted BEFORE DELETE ON audit BEGIN
	SELECT raise(ABORT, 'the audit log is never deleted');
END;

CREATE TRIGGER audit_in_order BEFORE INSERT ON audit
	WHEN NOT EXISTS (SELECT 1 FROM audit_head WHERE seq = new.seq - 1 AND hash = new.previous)
BEGIN
	SELECT raise(ABORT, 'the audit log goes on at its end only');
END;

CREATE TRIGGER audit_moves_head AFTER INSERT ON audit BEGIN
	UPDATE audit_head SET seq = new.seq, hash = new.hash;
END;

CREATE TRIGGER audit_head_goes_forward BEFORE UPDATE ON audit_head
	WHEN new.seq != old.seq + 1 OR
		NOT EXISTS (SELECT 1 FROM audit WHERE seq = new.seq AND hash = new.hash)
BEGIN
	SELECT raise(ABORT, 'the head of the audit log only goes forward');
END;

CREATE TRIGGER audit_head_stays BEFORE DELETE ON audit_head BEGIN
	SELECT raise(ABORT, 'the head of the audit log stays');
END;
