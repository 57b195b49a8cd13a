/*
 * Which addresses are public: a table of all that IANA's special-purpose registries say is not.
 * Addresses of IPv6 that carry one of IPv4 are judged by that one.
 */
#include "bot/base/http.h"

#include <netinet/in.h>
#include <sys/socket.h>

struct range4 {
	uint32_t net;
	unsigned bits;
};

static const struct range4 special4[] = {
	{ 0x00000000, 8 },	/* this network; 0.0.0.0 reaches this machine */
	{ 0x0a000000, 8 },	/* private */
	{ 0x64400000, 10 },	/* shared by carriers */
	{ 0x7f000000, 8 },	/* loopback */
	{ 0xa9fe0000, 16 },	/* link-local, and the clouds' metadata servers */
	{ 0xac100000, 12 },	/* private */
	{ 0xc0000000, 24 },	/* protocol assignments */
	{ 0xc0000200, 24 },	/* documentation */
	{ 0xc0586300, 24 },	/* 6to4 relays */
	{ 0xc0a80000, 16 },	/* private */
	{ 0xc6120000, 15 },	/* benchmarks */
	{ 0xc6336400, 24 },	/* documentation */
	{ 0xcb007100, 24 },	/* documentation */
	{ 0xe0000000, 3 },	/* multicast, reserved, broadcast */
};

static bool is_public4(uint32_t address)
{
	for (size_t i = 0; i < sizeof(special4) / sizeof(*special4); i++)
		if (!((address ^ special4[i].net) >> (32 - special4[i].bits)))
			return false;
	return true;
}

static uint32_t four_at(const uint8_t *bytes)
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

struct range6 {
	uint8_t net[16];
	unsigned bits;
	int carried_at;		/* where the IPv4 address is; -1: never public */
};

static const struct range6 special6[] = {
	{ { [10] = 0xff, 0xff }, 96, 12 },				/* IPv4-mapped */
	{ { 0x00, 0x64, 0xff, 0x9b }, 96, 12 },				/* NAT64 */
	{ { 0x20, 0x02 }, 16, 2 },					/* 6to4 */
	{ { 0x20, 0x01, 0x0d, 0xb8 }, 32, -1 },				/* documentation */
	{ { 0x20, 0x01, 0x00 }, 23, -1 },				/* Teredo and other protocols */
};

static bool starts_with(const uint8_t *address, const struct range6 *range)
{
	unsigned whole = range->bits / 8, rest = range->bits % 8;

	if (memcmp(address, range->net, whole))
		return false;
	return !rest || !((address[whole] ^ range->net[whole]) >> (8 - rest));
}

static bool is_public6(const uint8_t *address)
{
	for (size_t i = 0; i < sizeof(special6) / sizeof(*special6); i++)
		if (starts_with(address, &special6[i]))
			return special6[i].carried_at >= 0 &&
			       is_public4(four_at(address + special6[i].carried_at));
	/* Global unicast is 2000::/3; all else is loopback, local, multicast or not given out. */
	return address[0] >> 5 == 1;
}

bool http_address_is_public(const struct sockaddr *address)
{
	if (address->sa_family == AF_INET) {
		struct sockaddr_in in;

		memcpy(&in, address, sizeof(in));
		return is_public4(ntohl(in.sin_addr.s_addr));
	}
	if (address->sa_family == AF_INET6) {
		struct sockaddr_in6 in6;

		memcpy(&in6, address, sizeof(in6));
		return is_public6(in6.sin6_addr.s6_addr);
	}
	return false;
}
