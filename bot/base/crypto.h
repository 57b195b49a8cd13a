/*
 * Digests, signatures, encodings and randomness. Decoders are strict: one text for one value, so
 * that nobody gets two spellings of the same token past a comparison.
 */
#ifndef BOT_BASE_CRYPTO_H
#define BOT_BASE_CRYPTO_H

#include "bot/base/arena.h"
#include "bot/base/err.h"
#include "bot/base/str.h"

#include <stdint.h>

enum { CRYPTO_SHA256_BYTES = 32, CRYPTO_MD5_BYTES = 16 };

void crypto_sha256(struct str data, uint8_t digest[CRYPTO_SHA256_BYTES]);

/* For formats that name their contents so, and for nothing that anybody may forge. */
bool crypto_md5(struct str data, uint8_t digest[CRYPTO_MD5_BYTES]);

/* SHA-256 in pieces. crypto_hash_end gives the digest of all that was added; nothing more then. */
struct crypto_hash;
struct crypto_hash *crypto_hash_open(void) __attribute__((returns_nonnull));
void crypto_hash_add(struct crypto_hash *hash, struct str data);
void crypto_hash_end(struct crypto_hash *hash, uint8_t digest[CRYPTO_SHA256_BYTES]);
void crypto_hash_close(struct crypto_hash *const *hash);
#define CRYPTO_HASH __attribute__((cleanup(crypto_hash_close))) struct crypto_hash

void crypto_hmac_sha256(struct str key, struct str data, uint8_t mac[CRYPTO_SHA256_BYTES]);

/* Equal, in a time that tells only the sizes. */
bool crypto_equal(struct str a, struct str b);

/* Lower-case hex. */
char *crypto_hex(struct arena *a, struct str bytes);
/* Takes both cases. ERR_INPUT for an odd size or any other character. */
bool crypto_hex_decode(struct str hex, struct arena *a, struct str *bytes, struct err *e);

/* RFC 4648: base64 with padding; base64url without. */
char *crypto_base64(struct arena *a, struct str bytes);
char *crypto_base64url(struct arena *a, struct str bytes);
/*
 * Strict: the alphabet's padding (base64) or none (base64url), no white space, unused bits zero.
 * ERR_INPUT otherwise.
 */
bool crypto_base64_decode(struct str text, struct arena *a, struct str *bytes, struct err *e);
bool crypto_base64url_decode(struct str text, struct arena *a, struct str *bytes, struct err *e);

/* From the system's generator. Aborts when there is none: nothing may go on with guessable ids. */
void crypto_random(void *bytes, size_t size);
/* `bytes` random bytes as hex. */
char *crypto_random_hex(struct arena *a, size_t bytes);

/*
 * RSASSA-PKCS1-v1_5 with SHA-256 (RS256 of RFC 7518) of message, by a PEM private key, PKCS #1 or
 * #8. ERR_CONFIG when the key is unreadable, encrypted, not RSA, or under 2048 bits.
 */
bool crypto_sign_rs256(struct str key_pem, struct str message, struct arena *a,
		       struct str *signature, struct err *e);

#endif
