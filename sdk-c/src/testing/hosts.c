/* Patterns over network hosts, and which addresses lie on this side of the internet. */

/* inet_pton */
#define _POSIX_C_SOURCE 200809L

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "permissions.h"

/* The longest name and the longest label of the domain name system. */
enum { MAX_NAME_BYTES = 253, MAX_LABEL_BYTES = 63 };

static const uint8_t IPV4_IN_IPV6[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

static bool parse_any(airssys_string text, fake_address *address) {
    char copy[INET6_ADDRSTRLEN];
    *address = (fake_address){.length = 0};
    if (text.len == 0 || text.len >= sizeof copy || memchr(text.ptr, '\0', text.len) != NULL) {
        return false;
    }
    memcpy(copy, text.ptr, text.len);
    copy[text.len] = '\0';
    if (inet_pton(AF_INET, copy, address->bytes) == 1) {
        address->length = 4;
    } else if (inet_pton(AF_INET6, copy, address->bytes) == 1) {
        address->length = 16;
    }
    return address->length > 0;
}

/* An IPv4 address written as IPv6 is the IPv4 address; says whether it was. */
static bool to_canonical(fake_address *address) {
    if (address->length != 16 || memcmp(address->bytes, IPV4_IN_IPV6, sizeof IPV4_IN_IPV6) != 0) {
        return false;
    }
    memmove(address->bytes, address->bytes + sizeof IPV4_IN_IPV6, 4);
    memset(address->bytes + 4, 0, 12);
    address->length = 4;
    return true;
}

static bool parse_address(airssys_string text, fake_address *address) {
    const bool valid = parse_any(text, address);
    to_canonical(address);
    return valid;
}

static bool same_bits(const uint8_t *one, const uint8_t *other, unsigned bits) {
    const unsigned whole = bits / 8, rest = bits % 8;
    return memcmp(one, other, whole) == 0 && (rest == 0 || (one[whole] ^ other[whole]) >> (8 - rest) == 0);
}

static bool in_block(const fake_address *address, const char *base, unsigned prefix) {
    fake_address block;
    parse_any(airssys_string_from_c(base), &block);
    return address->length == block.length && same_bits(address->bytes, block.bytes, prefix);
}

/* Whether only a permission for the address itself, or for a block, covers it: loopback, private, link-local, shared,
   multicast, unspecified or reserved. */
static bool is_non_public(const fake_address *address) {
    static const struct {
        const char *base;
        unsigned prefix;
    } BLOCKS[] = {
        {"0.0.0.0", 8},     {"10.0.0.0", 8},     {"127.0.0.0", 8},    {"172.16.0.0", 12},   {"192.168.0.0", 16},
        {"100.64.0.0", 10}, {"169.254.0.0", 16}, {"192.0.0.0", 24},   {"192.88.99.0", 24},  {"198.18.0.0", 15},
        {"224.0.0.0", 3},   {"::", 96},          {"64:ff9b:1::", 48}, {"::ffff:0:0:0", 96}, {"100::", 64},
        {"2001::", 32},     {"fc00::", 7},       {"fe80::", 9},       {"ff00::", 8},
    };
    fake_address reached = *address;
    /* What becomes IPv4 on its way is as little public as that. */
    if (in_block(address, "64:ff9b::", 96)) {
        reached = (fake_address){.length = 4};
        memcpy(reached.bytes, address->bytes + 12, 4);
    } else if (in_block(address, "2002::", 16)) {
        reached = (fake_address){.length = 4};
        memcpy(reached.bytes, address->bytes + 2, 4);
    }
    for (size_t i = 0; i < sizeof BLOCKS / sizeof *BLOCKS; i++) {
        if (in_block(&reached, BLOCKS[i].base, BLOCKS[i].prefix)) {
            return true;
        }
    }
    return false;
}

static bool is_digit_of(char c, bool hexadecimal) {
    return (c >= '0' && c <= '9') || (hexadecimal && c >= 'a' && c <= 'f');
}

static bool are_digits(airssys_string text, bool hexadecimal) {
    for (size_t i = 0; i < text.len; i++) {
        if (!is_digit_of(text.ptr[i], hexadecimal)) {
            return false;
        }
    }
    return true;
}

/* A name in lower case and without the dot at the end, kept; empty if it cannot be one, or could be taken for an address. */
static airssys_string normal_name(airssys_fake_host *host, airssys_string name) {
    const airssys_string none = {NULL, 0};
    if (name.len > 0 && name.ptr[name.len - 1] == '.') {
        name.len--;
    }
    if (name.len == 0 || name.len > MAX_NAME_BYTES) {
        return none;
    }
    char *lower = airssys_fake_keep(host, name.len + 1);
    size_t label = 0;
    for (size_t i = 0; i <= name.len; i++) {
        const char c = i < name.len ? name.ptr[i] : '.';
        if (c == '.') {
            if (i == label || i - label > MAX_LABEL_BYTES) {
                return none;
            }
            if (i < name.len) {
                label = i + 1;
            }
        } else if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') && c != '-' &&
                   c != '_') {
            return none;
        }
        if (i < name.len) {
            lower[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
        }
    }
    const airssys_string last = {lower + label, name.len - label};
    const bool is_hexadecimal = airssys_string_starts_with(last, AIRSSYS_STRING("0x"));
    if (are_digits(last, false) || (is_hexadecimal && are_digits((airssys_string){last.ptr + 2, last.len - 2}, true))) {
        return none;
    }
    return (airssys_string){lower, name.len};
}

static bool parse_block(airssys_string written, airssys_string bits, fake_host_pattern *pattern) {
    unsigned prefix = 0;
    if (bits.len == 0 || bits.len > 3 || !are_digits(bits, false) || !parse_any(written, &pattern->base)) {
        return false;
    }
    for (size_t i = 0; i < bits.len; i++) {
        prefix = prefix * 10 + (unsigned)(bits.ptr[i] - '0');
    }
    if (prefix > pattern->base.length * 8U) {
        return false;
    }
    if (to_canonical(&pattern->base)) {
        /* The bits before an IPv4 address count for nothing. */
        if (prefix < 96) {
            return false;
        }
        prefix -= 96;
    }
    for (unsigned bit = prefix; bit < pattern->base.length * 8U; bit++) {
        if ((pattern->base.bytes[bit / 8] >> (7 - bit % 8) & 1) != 0) {
            return false; /* one is set behind those that count */
        }
    }
    pattern->prefix = prefix;
    return true;
}

bool airssys_fake_parse_host_pattern(airssys_fake_host *host, airssys_string text, fake_host_pattern *pattern) {
    *pattern = (fake_host_pattern){.any = airssys_string_equals(text, AIRSSYS_STRING("*"))};
    airssys_string before, after;
    if (pattern->any) {
        return true;
    }
    if (parse_address(text, &pattern->base)) {
        pattern->prefix = pattern->base.length * 8U;
        return true;
    }
    if (airssys_string_cut(text, AIRSSYS_STRING("/"), &before, &after)) {
        return parse_block(before, after, pattern);
    }
    pattern->below = airssys_string_starts_with(text, AIRSSYS_STRING("*."));
    if (pattern->below) {
        text = (airssys_string){text.ptr + 2, text.len - 2};
    }
    pattern->name = normal_name(host, text);
    return pattern->name.len > 0;
}

/* What is asked for: a name or not, at an address or not yet. */
typedef struct asked_host {
    airssys_string name;
    fake_address address;
} asked_host;

static bool read_host(airssys_fake_host *host, airssys_string name, airssys_string address, asked_host *asked) {
    fake_address literal;
    *asked = (asked_host){.name = {NULL, 0}};
    if (address.len > 0 && !parse_address(address, &asked->address)) {
        return false;
    }
    if (parse_address(name, &literal)) {
        const bool agrees = address.len == 0 || (asked->address.length == literal.length &&
                                                 memcmp(asked->address.bytes, literal.bytes, literal.length) == 0);
        asked->address = literal;
        return agrees;
    }
    asked->name = normal_name(host, name);
    return asked->name.len > 0;
}

bool airssys_fake_host_matches(airssys_fake_host *host, const fake_host_pattern *pattern, airssys_string name,
                               airssys_string address) {
    asked_host asked;
    if (!read_host(host, name, address, &asked)) {
        return false;
    }
    if (pattern->base.length > 0) {
        return asked.address.length == pattern->base.length &&
               same_bits(asked.address.bytes, pattern->base.bytes, pattern->prefix);
    }
    /* A name, and everything, cover no address of which it depends on the host what it reaches. */
    if (asked.address.length > 0 && is_non_public(&asked.address)) {
        return false;
    }
    if (pattern->any || !pattern->below) {
        return pattern->any || airssys_string_equals(asked.name, pattern->name);
    }
    const size_t more = asked.name.len > pattern->name.len ? asked.name.len - pattern->name.len : 0;
    return more > 1 && asked.name.ptr[more - 1] == '.' &&
           memcmp(asked.name.ptr + more, pattern->name.ptr, pattern->name.len) == 0;
}

bool airssys_fake_covering_host(airssys_fake_host *host, airssys_string name, airssys_string address,
                                airssys_string_builder *pattern) {
    asked_host asked;
    char text[INET6_ADDRSTRLEN];
    if (!read_host(host, name, address, &asked)) {
        return false;
    }
    const bool by_name = asked.name.len > 0 && !(asked.address.length > 0 && is_non_public(&asked.address));
    if (by_name) {
        airssys_string_builder_text(pattern, asked.name);
    } else {
        inet_ntop(asked.address.length == 4 ? AF_INET : AF_INET6, asked.address.bytes, text, sizeof text);
        airssys_string_builder_c(pattern, text);
    }
    return true;
}
