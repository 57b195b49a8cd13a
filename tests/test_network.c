/*
 * Which failures may pass by themselves: lines as tools word them, through the whole pipeline. What
 * a person must change (a name, a permission, a lock file) must never look transient, whatever words
 * of networks and retries stand around it.
 */
#include "tests/unit.h"

#include "ci/log.h"
#include "ci/network.h"

static const struct sample {
	const char *log;
	enum kind kind;
	bool transient;
} samples[] = {
	/* Passes by itself. */
	{ "curl: (28) Operation timed out after 300000 milliseconds with 0 out of 0 bytes received",
	  KIND_INFRA, true },
	{ "curl: (56) OpenSSL SSL_read: Connection reset by peer, errno 104", KIND_INFRA, true },
	{ "curl: (22) The requested URL returned error: 503", KIND_INFRA, true },
	{ "curl: (22) The requested URL returned error: 429", KIND_INFRA, true },
	{ "npm error code ECONNRESET\nnpm error network aborted", KIND_INFRA, true },
	{ "npm ERR! code ETIMEDOUT\nnpm ERR! errno ETIMEDOUT", KIND_INFRA, true },
	{ "npm error code EAI_AGAIN\nnpm error syscall getaddrinfo", KIND_INFRA, true },
	{ "npm error code E503", KIND_INFRA, true },
	{ "fatal: unable to access 'https://github.com/o/r/': Could not resolve host: github.com",
	  KIND_INFRA, true },
	{ "fatal: unable to access 'https://github.com/o/r/': The requested URL returned error: 500",
	  KIND_INFRA, true },
	{ "fatal: unable to access 'https://github.com/o/r/': Failed to connect to github.com port "
	  "443 after 130000 ms: Connection timed out", KIND_INFRA, true },
	{ "error: RPC failed; curl 92 HTTP/2 stream 5 was not closed cleanly: CANCEL (err 8)\n"
	  "fatal: early EOF", KIND_INFRA, true },
	{ "error: RPC failed; HTTP 502 curl 22 The requested URL returned error: 502\n"
	  "fatal: the remote end hung up unexpectedly", KIND_INFRA, true },
	{ "go: example.com/x@v1.2.3: Get \"https://proxy.golang.org/x\": net/http: TLS handshake "
	  "timeout", KIND_INFRA, true },
	{ "go: example.com/x@v1.2.3: reading https://proxy.golang.org/x: 502 Bad Gateway",
	  KIND_INFRA, true },
	{ "E: Failed to fetch http://azure.archive.ubuntu.com/ubuntu/pool/x.deb  Connection failed "
	  "[IP: 52.1.2.3 80]", KIND_INFRA, true },
	{ "E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 1234 (apt-get)",
	  KIND_INFRA, true },
	{ "ERROR: HTTP error 503 while getting https://files.example/x.whl", KIND_INFRA, true },
	{ "ERROR: Could not install packages due to an OSError: HTTPSConnectionPool(host='files."
	  "pythonhosted.org', port=443): Max retries exceeded with url: /x (Caused by "
	  "ReadTimeoutError(\"Read timed out. (read timeout=15)\"))", KIND_INFRA, true },
	{ "error: failed to get `serde` as a dependency of package `shop v0.1.0 (/w/shop)`\n\n"
	  "Caused by:\n  failed to download from `https://index.crates.io/se/rd/serde`\n\n"
	  "Caused by:\n  [28] Timeout was reached (Operation timed out after 30 seconds)",
	  KIND_INFRA, true },
	{ "error: failed to download from `https://static.crates.io/x`\n\nCaused by:\n  failed to get "
	  "successful HTTP response from `https://static.crates.io/x`, got 503", KIND_INFRA, true },
	{ "Error response from daemon: Head \"https://registry-1.docker.io/v2/library/redis/manifests"
	  "/7\": received unexpected HTTP status: 503 Service Unavailable", KIND_INFRA, true },
	{ "Error response from daemon: toomanyrequests: You have reached your unauthenticated pull "
	  "rate limit.", KIND_INFRA, true },
	{ "ERROR: failed to solve: python:3: failed to do request: Head \"https://registry-1.docker."
	  "io/v2/library/python/manifests/3\": dial tcp 44.1.2.3:443: i/o timeout", KIND_INFRA, true },
	{ "ERROR: https://dl-cdn.alpinelinux.org/alpine/v3.15/main: temporary error (try again later)",
	  KIND_INFRA, true },
	{ "CondaHTTPError: HTTP 503 SERVICE UNAVAILABLE for url <https://conda.anaconda.org/x>",
	  KIND_INFRA, true },
	{ "##[error]API rate limit exceeded for installation ID 4242.", KIND_INFRA, true },
	{ "gh: API rate limit exceeded for user ID 4242. (HTTP 403)", KIND_INFRA, true },
	{ "##[error]You have exceeded a secondary rate limit. Please wait a few minutes before you try "
	  "again.", KIND_INFRA, true },
	{ "##[error]The hosted runner lost communication with the server. Anything in your workflow "
	  "that terminates the runner process can cause this.", KIND_INFRA, true },
	{ "##[error]The runner has received a shutdown signal.", KIND_INFRA, true },
	{ "##[error]Failed to download action 'https://api.github.com/repos/a/b/tarball/c'. Error: "
	  "Response status code does not indicate success: 502 (Bad Gateway).", KIND_INFRA, true },
	{ "##[error]Failed to CreateArtifact: Failed to make request after 5 attempts: Request timeout",
	  KIND_INFRA, true },
	{ "tar: x: Cannot write: No space left on device", KIND_RESOURCE, true },
	{ "c++: fatal error: Killed signal terminated program cc1plus", KIND_RESOURCE, true },
	{ "An error occurred (ThrottlingException) when calling the DescribeStacks operation: Rate "
	  "exceeded", KIND_INFRA, true },
	{ "##[error]connect ETIMEDOUT 20.1.2.3:443", KIND_INFRA, true },
	{ "##[error]getaddrinfo EAI_AGAIN api.github.com", KIND_INFRA, true },
	{ "##[error]Request failed with status code 503", KIND_INFRA, true },

	/* Somebody must change something. */
	{ "##[error]Unable to resolve action `actions/checkout@v99`, unable to find version `v99`",
	  KIND_CONFIG, false },
	{ "##[error]Failed to download action 'https://api.github.com/repos/a/b/tarball/c'. Error: "
	  "Response status code does not indicate success: 404 (Not Found).", KIND_CONFIG, false },
	{ "##[error]Resource not accessible by integration", KIND_PERMISSION, false },
	{ "##[error]HttpError: Resource not accessible by integration", KIND_PERMISSION, false },
	{ "##[error]Input required and not supplied: token", KIND_CONFIG, false },
	{ "##[error]Parameter token or opts.auth is required", KIND_PERMISSION, false },
	{ "##[error]Bad credentials", KIND_PERMISSION, false },
	{ "##[error]Request failed with status code 403", KIND_PERMISSION, false },
	{ "##[error]connect ECONNREFUSED 127.0.0.1:5432", KIND_UNKNOWN, false },
	{ "##[error]Unable to download artifact(s): Artifact not found for name: x", KIND_CONFIG,
	  false },
	{ "##[error]Artifact storage quota has been hit. Unable to upload any new artifacts.",
	  KIND_RESOURCE, false },
	{ "##[error]The job running on runner x has exceeded the maximum execution time of 360 "
	  "minutes.", KIND_TIMEOUT, false },
	{ "fatal: unable to access 'https://github.com/o/r/': The requested URL returned error: 403",
	  KIND_PERMISSION, false },
	{ "fatal: unable to access 'https://x.example/o/r/': SSL certificate problem: self signed "
	  "certificate", KIND_CONFIG, false },
	{ "fatal: couldn't find remote ref refs/tags/x\nWaiting 10 seconds before trying again",
	  KIND_CONFIG, false },
	{ "fatal: repository 'https://github.com/o/r/' not found", KIND_CONFIG, false },
	{ "fatal: could not read Username for 'https://github.com': terminal prompts disabled",
	  KIND_PERMISSION, false },
	{ "git@github.com: Permission denied (publickey).\nfatal: Could not read from remote "
	  "repository.", KIND_PERMISSION, false },
	{ "error: RPC failed; HTTP 403 curl 22 The requested URL returned error: 403\n"
	  "fatal: the remote end hung up unexpectedly", KIND_PERMISSION, false },
	{ "npm error code E404\nnpm error 404 Not Found - GET https://registry.npmjs.org/x",
	  KIND_DEPENDENCY, false },
	{ "npm error code E403\nnpm error 403 Forbidden - PUT https://registry.npmjs.org/x",
	  KIND_PERMISSION, false },
	{ "npm error code EINTEGRITY\nnpm error sha512-x integrity checksum failed", KIND_DEPENDENCY,
	  false },
	{ "npm error code SELF_SIGNED_CERT_IN_CHAIN\nnpm error errno SELF_SIGNED_CERT_IN_CHAIN\n"
	  "npm error request to https://registry.npmjs.org/x failed", KIND_CONFIG, false },
	{ "curl: (22) The requested URL returned error: 404", KIND_CONFIG, false },
	{ "curl: (22) The requested URL returned error: 401", KIND_PERMISSION, false },
	{ "curl: (60) SSL certificate problem: unable to get local issuer certificate", KIND_CONFIG,
	  false },
	{ "go: example.com/x@v9.9.9: invalid version: unknown revision v9.9.9", KIND_DEPENDENCY,
	  false },
	{ "go: example.com/x@v1.0.0: reading https://proxy.golang.org/x: 404 Not Found",
	  KIND_UNKNOWN, false },
	{ "verifying github.com/pkg/errors@v0.9.1: checksum mismatch", KIND_DEPENDENCY, false },
	{ "E: Unable to locate package x", KIND_DEPENDENCY, false },
	{ "E: Failed to fetch http://deb.debian.org/x.deb  404  Not Found [IP: 1.2.3.4 80]",
	  KIND_DEPENDENCY, false },
	{ "ERROR: Could not find a version that satisfies the requirement x (from versions: none)\n"
	  "ERROR: No matching distribution found for x", KIND_DEPENDENCY, false },
	{ "ERROR: HTTP error 404 while getting https://files.example/x.whl", KIND_DEPENDENCY, false },
	{ "error: failed to get `x` as a dependency of package `shop v0.1.0 (/w/shop)`\n\nCaused by:\n"
	  "  failed to download from `https://crates.example/x`\n\nCaused by:\n  failed to get "
	  "successful HTTP response from `https://crates.example/x`, got 403", KIND_PERMISSION, false },
	{ "error: no matching package named `x` found", KIND_DEPENDENCY, false },
	{ "Error response from daemon: manifest for shop/x:1 not found: manifest unknown: manifest "
	  "unknown", KIND_DEPENDENCY, false },
	{ "Error response from daemon: Get \"https://ghcr.io/v2/\": denied: denied", KIND_UNKNOWN,
	  false },
	{ "Error response from daemon: Get \"https://registry-1.docker.io/v2/\": unauthorized: "
	  "incorrect username or password", KIND_PERMISSION, false },
	{ "ERROR: failed to solve: ghcr.io/o/i:1: failed to authorize: failed to fetch oauth token: "
	  "unexpected status from GET request to https://ghcr.io/token: 403 Forbidden",
	  KIND_PERMISSION, false },
	{ "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon "
	  "running?", KIND_CONFIG, false },
	{ "An error occurred (AccessDenied) when calling the PutObject operation (reached max retries: "
	  "4): Access Denied", KIND_PERMISSION, false },
	{ "An error occurred (ExpiredToken) when calling the GetObject operation: The provided token "
	  "has expired.", KIND_PERMISSION, false },
	{ "CondaHTTPError: HTTP 404 NOT FOUND for url <https://conda.anaconda.org/x>", KIND_CONFIG,
	  false },
	{ "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory",
	  KIND_RESOURCE, false },
	{ "##[error]The operation was canceled.", KIND_UNKNOWN, false },
	{ "##[error]Process completed with exit code 1.", KIND_UNKNOWN, false },
	{ "##[error]Process completed with exit code 124.", KIND_TIMEOUT, false },
};

static void samples_are_judged(void **state)
{
	unsigned wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		ARENA a = {0};
		const struct report *report = log_read(&a, NULL, str_of(samples[i].log));
		const struct failure *first = report->failures;
		bool none = !report->failure_count;

		if (none && samples[i].kind == KIND_UNKNOWN && !samples[i].transient)
			continue;
		if (!none && first->kind == samples[i].kind && first->transient == samples[i].transient)
			continue;
		wrong++;
		print_error("%.80s: %s, %s\n", samples[i].log, none ? "nothing" : kind_name(first->kind),
			    !none && first->transient ? "transient" : "stays");
	}
	print_message("%zu samples\n", sizeof(samples) / sizeof(samples[0]));
	assert_int_equal(wrong, 0);
}

static void refusals_go_before_accidents(void **state)
{
	struct network said = { .type = "untouched" };

	(void)state;
	assert_false(network_judge(STR("all tests passed"), &said));
	assert_string_equal(said.type, "untouched");
	assert_true(network_judge(STR("Connection reset, then 403 Forbidden"), &said));
	assert_false(said.transient);
	assert_true(network_judge(STR("403 Forbidden: API rate limit exceeded"), &said));
	assert_true(said.transient);
	assert_true(network_judge(STR("connect ECONNREFUSED 127.0.0.1:80"), &said));
	assert_false(said.transient);
	assert_true(network_judge(STR("connect ECONNREFUSED 10.0.0.1:80"), &said));
	assert_true(said.transient);
}

static void exceptions_are_judged(void **state)
{
	(void)state;
	assert_true(network_raised(STR("requests.exceptions.ReadTimeout"), STR_NONE));
	assert_true(network_raised(STR("urllib.error.HTTPError"),
				   STR("HTTP Error 503: Service Unavailable")));
	assert_true(network_raised(STR("urllib.error.HTTPError"),
				   STR("HTTP Error 403: rate limit exceeded")));
	assert_true(network_raised(STR("requests.exceptions.HTTPError"),
				   STR("502 Server Error: Bad Gateway for url: https://x.example/")));
	assert_false(network_raised(STR("urllib.error.HTTPError"), STR("HTTP Error 404: Not Found")));
	assert_false(network_raised(STR("requests.exceptions.HTTPError"),
				    STR("401 Client Error: Unauthorized for url: https://x.example/")));
	assert_false(network_raised(STR("requests.exceptions.ConnectionError"),
				    STR("HTTPConnectionPool(host='localhost', port=80): Max retries "
					"exceeded with url: / (Caused by NewConnectionError('<x>: Failed to "
					"establish a new connection: [Errno 111] Connection refused'))")));
	assert_false(network_raised(STR("shop.ConnectionError"), STR("Connection reset by peer")));
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(samples_are_judged),
		cmocka_unit_test(refusals_go_before_accidents),
		cmocka_unit_test(exceptions_are_judged),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}
