/* bot/base/crypto, against the vectors of FIPS 180, RFC 4231, RFC 4648 and RFC 7515. */
#include "bot/base/crypto.h"
#include "tests/unit.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

static void hashes(void **state)
{
	static const struct { const char *text, *hex; } known[] = {
		{ "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
		{ "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
		{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
	};
	ARENA a = {0};
	uint8_t digest[CRYPTO_SHA256_BYTES];
	struct str view = { (const char *)digest, sizeof(digest) };

	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
		crypto_sha256(str_of(known[i].text), digest);
		assert_string_equal(crypto_hex(&a, view), known[i].hex);
	}
	crypto_sha256(STR_NONE, digest);
	assert_string_equal(crypto_hex(&a, view), known[0].hex);
	CRYPTO_HASH *hash = crypto_hash_open();
	for (int i = 0; i < 10000; i++)
		for (int j = 0; j < 10; j++)
			crypto_hash_add(hash, STR("aaaaaaaaaa"));
	crypto_hash_add(hash, STR_NONE);
	crypto_hash_end(hash, digest);
	assert_string_equal(crypto_hex(&a, view),
		"cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

/* RFC 4231, cases 1, 2, 3 and 6. */
static void macs(void **state)
{
	char twenty[20], aas[131], dds[50];
	const struct { struct str key, data; const char *hex; } known[] = {
		{ { twenty, 20 }, STR("Hi There"),
		  "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7" },
		{ STR("Jefe"), STR("what do ya want for nothing?"),
		  "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843" },
		{ { aas, 20 }, { dds, 50 },
		  "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe" },
		{ { aas, 131 }, STR("Test Using Larger Than Block-Size Key - Hash Key First"),
		  "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54" },
	};
	ARENA a = {0};
	uint8_t mac[CRYPTO_SHA256_BYTES];

	(void)state;
	memset(twenty, 0x0b, sizeof(twenty));
	memset(aas, 0xaa, sizeof(aas));
	memset(dds, 0xdd, sizeof(dds));
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
		crypto_hmac_sha256(known[i].key, known[i].data, mac);
		assert_string_equal(crypto_hex(&a, (struct str){ (char *)mac, sizeof(mac) }),
				    known[i].hex);
	}
	crypto_hmac_sha256(STR_NONE, STR_NONE, mac);
	assert_string_equal(crypto_hex(&a, (struct str){ (char *)mac, sizeof(mac) }),
		"b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

static void compares(void **state)
{
	(void)state;
	assert_true(crypto_equal(STR("same"), STR("same")));
	assert_false(crypto_equal(STR("same"), STR("sama")));
	assert_false(crypto_equal(STR("same"), STR("same ")));
	assert_true(crypto_equal(STR_NONE, STR("")));
}

static void hex(void **state)
{
	ARENA a = {0};
	struct err e = ERR_INIT;
	struct str bytes = STR("kept");

	(void)state;
	assert_true(crypto_hex_decode(STR("00ffAb"), &a, &bytes, &e));
	assert_int_equal(bytes.size, 3);
	assert_memory_equal(bytes.at, "\x00\xff\xab", 3);
	assert_string_equal(crypto_hex(&a, bytes), "00ffab");
	assert_false(crypto_hex_decode(STR("0"), &a, &bytes, &e));
	assert_false(crypto_hex_decode(STR("0g"), &a, &bytes, &e));
	assert_false(crypto_hex_decode(STR(" 0"), &a, &bytes, &e));
	assert_int_equal(bytes.size, 3);
}

static void base64(void **state)
{
	static const char *const known[][3] = {
		{ "", "", "" }, { "f", "Zg==", "Zg" }, { "fo", "Zm8=", "Zm8" },
		{ "foo", "Zm9v", "Zm9v" }, { "foob", "Zm9vYg==", "Zm9vYg" },
		{ "fooba", "Zm9vYmE=", "Zm9vYmE" }, { "foobar", "Zm9vYmFy", "Zm9vYmFy" },
		{ "\xfb\xff\xbf", "+/+/", "-_-_" },
	};
	static const char *const bad[] = { "Zg", "Zg=", "Zg===", "Z===", "=", "====", "Zh==",
		"Zm9=",
					   "Zm9v\n", "Zg==Zg==", "Zm 9", "-_-_", "Zg=a" };
	static const char *const bad_url[] = { "Zg==", "Z", "Zh", "Zm9=", "+/+/", "Zm9vY", "Zg\n" };
	ARENA a = {0};
	struct err e = ERR_INIT;
	struct str bytes;

	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
		assert_string_equal(crypto_base64(&a, str_of(known[i][0])), known[i][1]);
		assert_string_equal(crypto_base64url(&a, str_of(known[i][0])), known[i][2]);
		assert_true(crypto_base64_decode(str_of(known[i][1]), &a, &bytes, &e));
		assert_str(bytes, known[i][0]);
		assert_true(crypto_base64url_decode(str_of(known[i][2]), &a, &bytes, &e));
		assert_str(bytes, known[i][0]);
	}
	bytes = STR("kept");
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_false(crypto_base64_decode(str_of(bad[i]), &a, &bytes, &e));
	for (size_t i = 0; i < sizeof(bad_url) / sizeof(*bad_url); i++)
		assert_false(crypto_base64url_decode(str_of(bad_url[i]), &a, &bytes, &e));
	assert_int_equal(e.kind, ERR_INPUT);
	assert_str(bytes, "kept");
}

static void randoms(void **state)
{
	ARENA a = {0};
	char *one = crypto_random_hex(&a, 16), *two = crypto_random_hex(&a, 16);

	(void)state;
	assert_int_equal(strlen(one), 32);
	assert_string_not_equal(one, two);
	assert_string_equal(crypto_random_hex(&a, 0), "");
}

/* The key of RFC 7515, appendix A.2. */
static const char rfc_n[] =
	"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm"
	"4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5"
	"rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGh"
	"yxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ";
static const char rfc_d[] =
	"Eq5xpGnNCivDflJsRQBXHx1hdR1k6Ulwe2JZD50LpXyWPEAeP88vLNO97IjlA7_GQ5sLKMgvfTeXZx9SE-7YwVol2NX"
	"OoAJe46sui395IW_GO-pWJ1O0BkTGoVEn2bKVRUCgu-GjBVaYLU6f3l9kJfFNS3E0QbVdxzubSu3Mkqzjkn439X0M_V"
	"51gfpRLI9JYanrC4D4qAdGcopV_0ZHHzQlBjudU2QvXt4ehNYTCBr6XCLQUShb1juUO1ZdiYoFaFQT5Tw8bGUl_x_jT"
	"j3ccPDVZFD9pIuhLhBOneufuBiB4cS98l2SR_RQyGWSeWjnczT0QU91p1DhOVRuOopznQ";
static const char rfc_p[] =
	"4BzEEOtIpmVdVEZNCqS7baC4crd0pqnRH_5IB3jw3bcxGn6QLvnEtfdUdiYrqBdss1l58BQ3KhooKeQTa9AB0Hw_Py5"
	"PJdTJNPY8cQn7ouZ2KKDcmnPGBY5t7yLc1QlQ5xHdwW1VhvKn-nXqhJTBgIPgtldC-KDV5z-y2XDwGUc";
static const char rfc_q[] =
	"uQPEfgmVtjL0Uyyx88GZFF1fOunH3-7cepKmtH4pxhtCoHqpWmT8YAmZxaewHgHAjLYsp1ZSe7zFYHj7C6ul7TjeLQe"
	"ZD_YwD66t62wDmpe_HlB-TnBA-njbglfIsRLtXlnDzQkv5dTltRJ11BKBBypeeF6689rjcJIDEz9RWdc";
static const char rfc_message[] =
	"eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLm"
	"NvbS9pc19yb290Ijp0cnVlfQ";
static const char rfc_signature[] =
	"cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp"
	"5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMH"
	"lb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w"
	"9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";

static BIGNUM *number(const char *text)
{
	ARENA a = {0};
	struct err e = ERR_INIT;
	struct str bytes;

	assert_true(crypto_base64url_decode(str_of(text), &a, &bytes, &e));
	return BN_bin2bn((const unsigned char *)bytes.at, (int)bytes.size, NULL);
}

static EVP_PKEY *rfc_key(void)
{
	static const char *const names[] = {
		OSSL_PKEY_PARAM_RSA_N, OSSL_PKEY_PARAM_RSA_D, OSSL_PKEY_PARAM_RSA_FACTOR1,
		OSSL_PKEY_PARAM_RSA_FACTOR2, OSSL_PKEY_PARAM_RSA_EXPONENT1,
		OSSL_PKEY_PARAM_RSA_EXPONENT2, OSSL_PKEY_PARAM_RSA_COEFFICIENT1,
		OSSL_PKEY_PARAM_RSA_E,
	};
	BIGNUM *n[8] = { number(rfc_n), number(rfc_d), number(rfc_p), number(rfc_q), BN_new(),
			 BN_new(), BN_new(), number("AQAB") };
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	BN_CTX *work = BN_CTX_new();
	BIGNUM *less = BN_new();
	EVP_PKEY *key = NULL;
	OSSL_PARAM *parameters;

	for (int i = 0; i < 2; i++) {
		BN_sub(less, n[2 + i], BN_value_one());
		BN_mod(n[4 + i], n[1], less, work);
	}
	BN_mod_inverse(n[6], n[3], n[2], work);
	for (int i = 0; i < 8; i++)
		OSSL_PARAM_BLD_push_BN(build, names[i], n[i]);
	parameters = OSSL_PARAM_BLD_to_param(build);
	EVP_PKEY_fromdata_init(context);
	assert_int_equal(EVP_PKEY_fromdata(context, &key, EVP_PKEY_KEYPAIR, parameters), 1);
	OSSL_PARAM_free(parameters);
	OSSL_PARAM_BLD_free(build);
	EVP_PKEY_CTX_free(context);
	BN_CTX_free(work);
	BN_free(less);
	for (int i = 0; i < 8; i++)
		BN_free(n[i]);
	return key;
}

static struct str pem_of(struct arena *a, EVP_PKEY *key, bool traditional, const char *password)
{
	BIO *bio = BIO_new(BIO_s_mem());
	struct str pem;
	char *at;
	long size;

	if (traditional)
		PEM_write_bio_PrivateKey_traditional(bio, key, NULL, NULL, 0, NULL, NULL);
	else
		PEM_write_bio_PKCS8PrivateKey(bio, key, password ? EVP_aes_128_cbc() : NULL,
					      password,
					      password ? (int)strlen(password) : 0, NULL, NULL);
	size = BIO_get_mem_data(bio, &at);
	pem = str_copy(a, (struct str){ at, (size_t)size });
	BIO_free(bio);
	return pem;
}

static void signs(void **state)
{
	ARENA a = {0};
	struct err e = ERR_INIT;
	EVP_PKEY *key = rfc_key();
	struct str one = pem_of(&a, key, true, NULL), eight = pem_of(&a, key, false, NULL);
	struct str signature;

	(void)state;
	EVP_PKEY_free(key);
	assert_true(str_starts(one, "-----BEGIN RSA PRIVATE KEY-----"));
	assert_true(str_starts(eight, "-----BEGIN PRIVATE KEY-----"));
	assert_true(crypto_sign_rs256(one, str_of(rfc_message), &a, &signature, &e));
	assert_string_equal(crypto_base64url(&a, signature), rfc_signature);
	assert_true(crypto_sign_rs256(eight, str_of(rfc_message), &a, &signature, &e));
	assert_string_equal(crypto_base64url(&a, signature), rfc_signature);
}

static void refuses_keys(void **state)
{
	ARENA a = {0};
	EVP_PKEY *key = rfc_key(), *small = EVP_RSA_gen(1024), *curve = EVP_EC_gen("P-256");
	struct str good = pem_of(&a, key, false, NULL);
	const struct str bad[] = {
		STR_NONE, STR("nonsense"), str_slice(good, 0, good.size / 2),
		pem_of(&a, key, false, "secret"), pem_of(&a, small, false, NULL),
		pem_of(&a, curve, false, NULL),
	};
	struct str signature = STR("kept");

	(void)state;
	EVP_PKEY_free(key);
	EVP_PKEY_free(small);
	EVP_PKEY_free(curve);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct err e = ERR_INIT;

		assert_false(crypto_sign_rs256(bad[i], STR("m"), &a, &signature, &e));
		assert_int_equal(e.kind, ERR_CONFIG);
		assert_null(strstr(e.text, "MII"));
	}
	assert_str(signature, "kept");
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(hashes), cmocka_unit_test(macs), cmocka_unit_test(compares),
		cmocka_unit_test(hex), cmocka_unit_test(base64), cmocka_unit_test(randoms),
		cmocka_unit_test(signs), cmocka_unit_test(refuses_keys),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}
