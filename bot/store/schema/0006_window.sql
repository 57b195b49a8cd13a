-- Deployments under watch, and the health checks that were asked. A watch is 'incident:ID' (the
-- window after a deployment) or 'repository:ID' (before one). Times are milliseconds since 1970.

CREATE TABLE deploy_window (
	incident TEXT NOT NULL PRIMARY KEY REFERENCES incident (id),
	rollout_at INTEGER NOT NULL,
	deployed_at INTEGER NOT NULL,
	outcome TEXT NOT NULL CHECK (outcome IN ('', 'HELD', 'DECAYED', 'UNKNOWN')),
	confidence INTEGER NOT NULL CHECK (confidence BETWEEN 0 AND 1000000),	-- in millionths
	why TEXT NOT NULL,
	decided_at INTEGER NOT NULL,
	CONSTRAINT rollout_is_first CHECK (rollout_at <= deployed_at),
	CONSTRAINT decided_has_outcome CHECK ((decided_at = 0) = (outcome = ''))
) STRICT;

-- An outcome is final; only another deployment takes its place.
CREATE TRIGGER deploy_window_final BEFORE UPDATE ON deploy_window
	WHEN old.outcome != '' OR new.incident != old.incident OR
		new.deployed_at != old.deployed_at OR new.rollout_at != old.rollout_at
BEGIN
	SELECT raise(ABORT, 'the outcome of a window is never changed');
END;

-- What was said of a moment from outside sources, which may know it differently later.
CREATE TABLE window_point (
	incident TEXT NOT NULL REFERENCES incident (id),
	at INTEGER NOT NULL,
	confidence INTEGER NOT NULL CHECK (confidence BETWEEN 0 AND 1000000),	-- in millionths
	verdict TEXT NOT NULL CHECK (verdict IN ('WATCH', 'HELD', 'DECAYED', 'UNKNOWN')),
	why TEXT NOT NULL,
	PRIMARY KEY (incident, at)
) STRICT, WITHOUT ROWID;

-- How a health check stands: its next turn, and the state machine of its answers.
CREATE TABLE health_target (
	watch TEXT NOT NULL CHECK (watch GLOB 'incident:?*' OR watch GLOB 'repository:?*'),
	target TEXT NOT NULL CHECK (length(target) = 32),
	every_ms INTEGER NOT NULL CHECK (every_ms > 0),
	merged INTEGER NOT NULL CHECK (merged > 0),
	next_at INTEGER NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('UNKNOWN', 'UP', 'DOWN')),
	in_a_row INTEGER NOT NULL CHECK (in_a_row >= 0),
	history INTEGER NOT NULL CHECK (history BETWEEN 0 AND 4294967295),
	seen INTEGER NOT NULL CHECK (seen BETWEEN 0 AND 20),
	last_good INTEGER NOT NULL CHECK (last_good IN (0, 1)),
	flaps INTEGER NOT NULL CHECK (flaps IN (0, 1)),
	failing_since INTEGER NOT NULL,
	down_at INTEGER NOT NULL,
	why TEXT NOT NULL,
	PRIMARY KEY (watch, target)
) STRICT, WITHOUT ROWID;

-- What it answered; `merged` turns make one row.
CREATE TABLE health_result (
	watch TEXT NOT NULL,
	target TEXT NOT NULL CHECK (length(target) = 32),
	at INTEGER NOT NULL,
	known INTEGER NOT NULL CHECK (known >= 0),
	good INTEGER NOT NULL CHECK (good BETWEEN 0 AND known),
	wall_ms INTEGER NOT NULL CHECK (wall_ms >= 0),
	why TEXT NOT NULL,
	PRIMARY KEY (watch, target, at)
) STRICT, WITHOUT ROWID;
