/*
 * OpenSSL 3 behind a few functions that cannot be used wrongly. Leaves out encryption, certificates
 * (libcurl checks them) and every algorithm that nobody here needs.
 */
#include "bot/base/crypto.h"

#include <limits.h>
#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <stdio.h>

enum { KEY_BITS_LEAST = 2048, KEY_PEM_BYTES_MOST = 64 * 1024 };

struct crypto_hash {
	EVP_MD_CTX *context;
};

/* Only without memory or without its own provider does OpenSSL fail here. */
static void must(bool done, const char *what)
{
	if (done)
		return;
	fprintf(stderr, "aegis: OpenSSL failed: %s\n", what);
	abort();
}

bool crypto_md5(struct str data, uint8_t digest[CRYPTO_MD5_BYTES])
{
	return EVP_Digest(data.at ? data.at : "", data.size, digest, NULL, EVP_md5(), NULL) == 1;
}

void crypto_sha256(struct str data, uint8_t digest[CRYPTO_SHA256_BYTES])
{
	must(EVP_Digest(data.at ? data.at : "", data.size, digest, NULL, EVP_sha256(), NULL) == 1,
	     "SHA-256");
}

struct crypto_hash *crypto_hash_open(void)
{
	struct crypto_hash *hash = calloc(1, sizeof(*hash));

	must(hash != NULL, "memory");
	hash->context = EVP_MD_CTX_new();
	must(hash->context && EVP_DigestInit_ex(hash->context, EVP_sha256(), NULL) == 1, "SHA-256");
	return hash;
}

void crypto_hash_add(struct crypto_hash *hash, struct str data)
{
	if (data.size)
		must(EVP_DigestUpdate(hash->context, data.at, data.size) == 1, "SHA-256");
}

void crypto_hash_end(struct crypto_hash *hash, uint8_t digest[CRYPTO_SHA256_BYTES])
{
	must(EVP_DigestFinal_ex(hash->context, digest, NULL) == 1, "SHA-256");
}

void crypto_hash_close(struct crypto_hash *const *hash)
{
	if (!hash || !*hash)
		return;
	EVP_MD_CTX_free((*hash)->context);
	free(*hash);
}

void crypto_hmac_sha256(struct str key, struct str data, uint8_t mac[CRYPTO_SHA256_BYTES])
{
	const unsigned char *at = (const unsigned char *)(data.at ? data.at : "");

	must(key.size <= INT_MAX && HMAC(EVP_sha256(), key.at ? key.at : "", (int)key.size, at,
					 data.size, mac, NULL) != NULL, "HMAC");
}

bool crypto_equal(struct str a, struct str b)
{
	return a.size == b.size && (!a.size || !CRYPTO_memcmp(a.at, b.at, a.size));
}

char *crypto_hex(struct arena *a, struct str bytes)
{
	static const char digits[] = "0123456789abcdef";
	char *hex = arena_alloc(a, bytes.size * 2 + 1);

	for (size_t i = 0; i < bytes.size; i++) {
		hex[2 * i] = digits[(unsigned char)bytes.at[i] >> 4];
		hex[2 * i + 1] = digits[bytes.at[i] & 15];
	}
	return hex;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool crypto_hex_decode(struct str hex, struct arena *a, struct str *bytes, struct err *e)
{
	char *out = arena_alloc(a, hex.size / 2 + 1);

	if (hex.size % 2)
		return fail(e, ERR_INPUT, "hex of an odd size");
	for (size_t i = 0; i < hex.size; i += 2) {
		int high = hex_digit(hex.at[i]), low = hex_digit(hex.at[i + 1]);

		if (high < 0 || low < 0)
			return fail(e, ERR_INPUT, "not hex at character %zu", i + 1);
		out[i / 2] = (char)(high << 4 | low);
	}
	*bytes = (struct str){ out, hex.size / 2 };
	return true;
}

static const char plain_alphabet[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char url_alphabet[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static char *encode64(struct arena *a, struct str bytes, const char *alphabet, bool pad)
{
	char *text = arena_alloc(a, bytes.size / 3 * 4 + 5), *to = text;

	for (size_t i = 0; i < bytes.size; i += 3) {
		size_t left = bytes.size - i;
		uint32_t three = (uint32_t)(unsigned char)bytes.at[i] << 16;

		if (left > 1)
			three |= (uint32_t)(unsigned char)bytes.at[i + 1] << 8;
		if (left > 2)
			three |= (unsigned char)bytes.at[i + 2];
		*to++ = alphabet[three >> 18 & 63];
		*to++ = alphabet[three >> 12 & 63];
		if (left > 1 || pad)
			*to++ = left > 1 ? alphabet[three >> 6 & 63] : '=';
		if (left > 2 || pad)
			*to++ = left > 2 ? alphabet[three & 63] : '=';
	}
	return text;
}

char *crypto_base64(struct arena *a, struct str bytes)
{
	return encode64(a, bytes, plain_alphabet, true);
}

char *crypto_base64url(struct arena *a, struct str bytes)
{
	return encode64(a, bytes, url_alphabet, false);
}

static bool decode64(struct str text, const char *alphabet, struct arena *a, struct str *bytes,
		     struct err *e)
{
	char *out = arena_alloc(a, text.size / 4 * 3 + 4);
	uint32_t bits = 0;
	unsigned held = 0;
	size_t size = 0;

	if (text.size % 4 == 1)
		return fail(e, ERR_INPUT, "base64 of an impossible size");
	for (size_t i = 0; i < text.size; i++) {
		const char *found = text.at[i] ? strchr(alphabet, text.at[i]) : NULL;

		if (!found)
			return fail(e, ERR_INPUT, "not base64 at character %zu", i + 1);
		bits = bits << 6 | (uint32_t)(found - alphabet);
		held += 6;
		if (held >= 8) {
			held -= 8;
			out[size++] = (char)(bits >> held & 255);
		}
	}
	if (bits & ((1U << held) - 1))
		return fail(e, ERR_INPUT, "base64 with bits left over");
	*bytes = (struct str){ out, size };
	return true;
}

bool crypto_base64_decode(struct str text, struct arena *a, struct str *bytes, struct err *e)
{
	if (text.size % 4)
		return fail(e, ERR_INPUT, "base64 without its padding");
	if (str_chop(&text, "="))
		str_chop(&text, "=");
	return decode64(text, plain_alphabet, a, bytes, e);
}

bool crypto_base64url_decode(struct str text, struct arena *a, struct str *bytes, struct err *e)
{
	return decode64(text, url_alphabet, a, bytes, e);
}

void crypto_random(void *bytes, size_t size)
{
	must(size <= INT_MAX && RAND_bytes(bytes, (int)size) == 1, "randomness");
}

char *crypto_random_hex(struct arena *a, size_t bytes)
{
	char *raw = arena_alloc(a, bytes);

	crypto_random(raw, bytes);
	return crypto_hex(a, (struct str){ raw, bytes });
}

/* Without it OpenSSL asks for the password on the terminal. */
static int no_password(char *to, int size, int writing, void *context)
{
	(void)to;
	(void)size;
	(void)writing;
	(void)context;
	return -1;
}

static EVP_PKEY *key_open(struct str pem, struct err *e)
{
	EVP_PKEY *key = NULL;
	BIO *bio;

	if (!pem.size || pem.size > KEY_PEM_BYTES_MOST) {
		fail(e, ERR_CONFIG, "the private key is empty or not PEM");
		return NULL;
	}
	bio = BIO_new_mem_buf(pem.at, (int)pem.size);
	must(bio != NULL, "memory");
	key = PEM_read_bio_PrivateKey(bio, NULL, no_password, NULL);
	BIO_free(bio);
	/* OpenSSL's queue may quote the key's file; nothing of it is passed on. */
	ERR_clear_error();
	if (!key) {
		fail(e, ERR_CONFIG, "the private key is not an unencrypted PEM key");
	} else if (!EVP_PKEY_is_a(key, "RSA") || EVP_PKEY_get_bits(key) < KEY_BITS_LEAST) {
		fail(e, ERR_CONFIG, "the private key is not RSA of at least %d bits",
		     KEY_BITS_LEAST);
		EVP_PKEY_free(key);
		key = NULL;
	}
	return key;
}

bool crypto_sign_rs256(struct str key_pem, struct str message, struct arena *a,
		       struct str *signature, struct err *e)
{
	const unsigned char *at = (const unsigned char *)(message.at ? message.at : "");
	EVP_PKEY *key = key_open(key_pem, e);
	EVP_MD_CTX *context;
	unsigned char *out;
	size_t size;
	bool done;

	if (!key)
		return false;
	context = EVP_MD_CTX_new();
	must(context != NULL, "memory");
	size = (size_t)EVP_PKEY_get_size(key);
	out = arena_alloc(a, size);
	done = EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key) == 1 &&
	       EVP_DigestSign(context, out, &size, at, message.size) == 1;
	EVP_MD_CTX_free(context);
	EVP_PKEY_free(key);
	ERR_clear_error();
	if (!done)
		return fail(e, ERR_CONFIG, "the private key cannot sign");
	*signature = (struct str){ (const char *)out, size };
	return true;
}
