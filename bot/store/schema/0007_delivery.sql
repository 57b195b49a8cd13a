-- Deliveries of webhooks: what each hints at, not what it said. A row is written before the
-- delivery is answered, and stays a week so that none is taken twice.

DROP TABLE delivery;

CREATE TABLE delivery (
	number INTEGER NOT NULL PRIMARY KEY,
	id TEXT NOT NULL UNIQUE CHECK (id != ''),
	digest TEXT NOT NULL CHECK (digest = '' OR length(digest) = 64),	-- of the body
	listed INTEGER NOT NULL CHECK (listed IN (0, 1)),	-- only GitHub's list told of it
	event TEXT NOT NULL CHECK (event != ''),
	action TEXT NOT NULL,
	repository_id INTEGER NOT NULL,
	repository TEXT NOT NULL,
	installation_id INTEGER NOT NULL,
	head_sha TEXT NOT NULL,
	branch TEXT NOT NULL,
	issue INTEGER NOT NULL,
	comment_id INTEGER NOT NULL,
	sender TEXT NOT NULL,
	wants INTEGER NOT NULL CHECK (wants >= 0),	-- enum hint_wants
	received_at INTEGER NOT NULL,
	handled_at INTEGER NOT NULL	-- 0: it waits
) STRICT;

CREATE INDEX delivery_digest ON delivery (digest, received_at) WHERE digest != '';
CREATE INDEX delivery_waiting ON delivery (number) WHERE handled_at = 0;
