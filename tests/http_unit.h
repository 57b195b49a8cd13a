/* Servers in child processes, and a certificate, for the tests of bot/base/http. */
#ifndef TESTS_HTTP_UNIT_H
#define TESTS_HTTP_UNIT_H

#include "tests/unit.h"

#include <fcntl.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

struct http_server {
	pid_t child;
	int input;
	unsigned port;
};

/* The program prints its port and ends with its standard input. */
static inline void http_server_start(struct http_server *server, const char *program,
				     const char *script, const char *argument,
				     const char *more)
{
	char line[16] = "";
	size_t size = 0;
	int in[2], out[2];

	assert_int_equal(pipe2(in, O_CLOEXEC), 0);
	assert_int_equal(pipe2(out, O_CLOEXEC), 0);
	server->child = fork();
	if (server->child == 0) {
		dup2(fcntl(in[0], F_DUPFD_CLOEXEC, 10), 0);
		dup2(fcntl(out[1], F_DUPFD_CLOEXEC, 10), 1);
		close(in[1]);
		execlp(program, program, script, argument, more, (char *)NULL);
		_exit(127);
	}
	close(in[0]);
	close(out[1]);
	server->input = in[1];
	/* The whole line: a program may write its end apart. */
	while (!strchr(line, '\n'))
		assert_int_equal(read(out[0], line + size++, 1), 1);
	close(out[0]);
	server->port = (unsigned)strtoul(line, NULL, 10);
	assert_true(server->port > 0);
}

static inline void http_server_stop(const struct http_server *server)
{
	close(server->input);
	waitpid(server->child, NULL, 0);
}

/* Self-signed. names: "IP:127.0.0.1" */
static inline void http_write_certificate(const char *path, const char *subject)
{
	EVP_PKEY *key = EVP_RSA_gen(2048);
	X509 *x = X509_new();
	X509_EXTENSION *names;
	BIO *bio = BIO_new_file(path, "w");

	X509_set_version(x, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
	X509_gmtime_adj(X509_getm_notBefore(x), -3600);
	X509_gmtime_adj(X509_getm_notAfter(x), 3600);
	X509_set_pubkey(x, key);
	X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_ASC,
				   (const unsigned char *)"test", -1, -1, 0);
	X509_set_issuer_name(x, X509_get_subject_name(x));
	names = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, subject);
	X509_add_ext(x, names, -1);
	X509_EXTENSION_free(names);
	assert_true(X509_sign(x, key, EVP_sha256()) > 0);
	PEM_write_bio_X509(bio, x);
	PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL);
	BIO_free(bio);
	X509_free(x);
	EVP_PKEY_free(key);
}

#endif
