-- Incidents and where they were seen. No column is ever NULL: '' and 0 mean none.
-- Times are milliseconds since 1970.

CREATE TABLE incident (
	id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 12 AND id NOT GLOB '*[^0-9a-f]*'),
	signature TEXT NOT NULL CHECK (length(signature) = 32 AND signature NOT GLOB '*[^0-9a-f]*'),
	family TEXT NOT NULL CHECK (length(family) = 32 AND family NOT GLOB '*[^0-9a-f]*'),
	repository TEXT NOT NULL CHECK (repository LIKE '_%/_%'),
	repository_id INTEGER NOT NULL,
	branch TEXT NOT NULL CHECK (branch != ''),
	base_sha TEXT NOT NULL,
	head_sha TEXT NOT NULL,
	stage TEXT NOT NULL CHECK (stage IN ('TRIGGERED', 'INVESTIGATING', 'HYPOTHESIS_RECEIVED',
		'CONTEXT_RETRIEVED', 'SYNTHESIZING', 'EXECUTING', 'VERIFYING', 'AWAITING_APPROVAL',
		'PROPOSED', 'MERGED', 'MONITORING', 'RESOLVED', 'ESCALATED', 'REVERTED', 'SUPERSEDED',
		'REJECTED')),
	attempt INTEGER NOT NULL CHECK (attempt >= 0),
	pull INTEGER NOT NULL CHECK (pull >= 0),
	fix_commit TEXT NOT NULL,
	merge_sha TEXT NOT NULL,
	why TEXT NOT NULL,
	facts TEXT NOT NULL CHECK (facts GLOB '{*}'),
	opened_at INTEGER NOT NULL,
	updated_at INTEGER NOT NULL,
	due_at INTEGER NOT NULL,
	version INTEGER NOT NULL CHECK (version >= 1),
	-- An incident that is not at its end is looked at again: none is forgotten.
	CONSTRAINT open_is_due CHECK (due_at > 0 OR stage IN ('RESOLVED', 'ESCALATED', 'REVERTED',
		'SUPERSEDED', 'REJECTED'))
) STRICT;

-- One open incident for a signature on a branch of a repository.
CREATE UNIQUE INDEX incident_open ON incident (repository_id, branch, signature)
	WHERE stage NOT IN ('RESOLVED', 'ESCALATED', 'REVERTED', 'SUPERSEDED', 'REJECTED');
CREATE INDEX incident_same ON incident (repository_id, branch, signature, opened_at);
CREATE INDEX incident_newest ON incident (opened_at, id);
CREATE INDEX incident_due ON incident (due_at, id) WHERE due_at > 0;

CREATE TABLE sighting (
	id INTEGER NOT NULL PRIMARY KEY,
	incident TEXT NOT NULL REFERENCES incident (id),
	run_id INTEGER NOT NULL,
	job_id INTEGER NOT NULL,
	job TEXT NOT NULL,
	head_sha TEXT NOT NULL,
	pull INTEGER NOT NULL,
	seen_at INTEGER NOT NULL,
	UNIQUE (incident, run_id, job_id)
) STRICT;
