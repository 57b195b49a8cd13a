/*
 * The webhooks the hub sends, by their names in GitHub's published description: event-action, or
 * the event alone where there is no action.
 */
export const webhooks = [
	'check-run-completed', 'check-run-created', 'check-run-requested-action',
	'check-suite-completed', 'check-suite-requested',
	'deployment-created', 'deployment-status-created',
	'installation-created', 'issue-comment-created', 'issue-comment-deleted',
	'issue-comment-edited', 'ping',
	'pull-request-auto-merge-enabled', 'pull-request-closed', 'pull-request-converted-to-draft',
	'pull-request-edited', 'pull-request-labeled', 'pull-request-opened',
	'pull-request-ready-for-review', 'pull-request-reopened', 'pull-request-synchronize',
	'pull-request-review-submitted', 'push', 'status',
	'workflow-job-completed', 'workflow-job-in-progress', 'workflow-job-queued',
	'workflow-run-completed', 'workflow-run-in-progress', 'workflow-run-requested',
];
