-- What came of an action for a signature. One incident teaches one outcome of one action once.

CREATE TABLE lesson (
	id INTEGER NOT NULL PRIMARY KEY,
	incident TEXT NOT NULL REFERENCES incident (id),
	signature TEXT NOT NULL CHECK (length(signature) = 32),
	family TEXT NOT NULL CHECK (length(family) = 32),
	repository_id INTEGER NOT NULL,
	action TEXT NOT NULL CHECK (action != ''),
	name TEXT NOT NULL,
	outcome TEXT NOT NULL CHECK (outcome IN ('WORKED', 'RED_AGAIN', 'REVERTED', 'REJECTED', 'LIKED',
		'DISLIKED')),
	learned_at INTEGER NOT NULL,
	usable_from INTEGER NOT NULL,
	effective INTEGER NOT NULL CHECK (effective IN (0, 1)),
	UNIQUE (incident, action, name, outcome)
) STRICT;

CREATE INDEX lesson_signature ON lesson (signature, usable_from);
CREATE INDEX lesson_family ON lesson (family, usable_from);
