-- What is to be done to the world, written down before it is done. A name is one effect for ever.

CREATE TABLE effect (
	id INTEGER NOT NULL PRIMARY KEY,
	incident TEXT NOT NULL REFERENCES incident (id),
	kind TEXT NOT NULL CHECK (kind != ''),
	name TEXT NOT NULL UNIQUE CHECK (name != ''),
	request TEXT NOT NULL CHECK (request GLOB '{*}'),
	state TEXT NOT NULL CHECK (state IN ('INTENDED', 'SENT', 'DONE', 'FAILED', 'DROPPED')),
	attempts INTEGER NOT NULL CHECK (attempts >= 0),
	not_before INTEGER NOT NULL,
	result TEXT NOT NULL CHECK (result = '' OR result GLOB '{*}'),
	why TEXT NOT NULL,
	intended_at INTEGER NOT NULL,
	changed_at INTEGER NOT NULL,
	CONSTRAINT done_has_result CHECK ((state = 'DONE') = (result != '')),
	CONSTRAINT sent_was_tried CHECK (state != 'SENT' OR attempts > 0)
) STRICT;

CREATE INDEX effect_pending ON effect (id) WHERE state IN ('INTENDED', 'SENT');
CREATE INDEX effect_of ON effect (incident, id);

CREATE TRIGGER effect_stays BEFORE DELETE ON effect BEGIN
	SELECT raise(ABORT, 'an effect is never deleted');
END;

-- The end of an effect is final, and what it is never changes.
CREATE TRIGGER effect_final BEFORE UPDATE ON effect
	WHEN old.state IN ('DONE', 'FAILED', 'DROPPED') OR new.id != old.id OR
		new.incident != old.incident OR new.kind != old.kind OR new.name != old.name OR
		new.request != old.request
BEGIN
	SELECT raise(ABORT, 'an effect at its end is never changed');
END;
