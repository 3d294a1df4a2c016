/**
 * @file
 * @brief What tcp.h, udp.h and connections.h share: addresses.
 *
 * An address owns nothing: it is copied like a number. Handles of sockets belong to the component that made them and are
 * closed when it ends, be it by a crash. A component may have 256 sockets open by the host's default.
 */
#ifndef AIRSSYS_NETWORK_TYPES_H
#define AIRSSYS_NETWORK_TYPES_H

#include <airssys/string_builder.h>
#include <airssys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The kinds of ::airssys_ip_address. */
typedef enum airssys_ip_kind {
    AIRSSYS_IPV4, /**< An IPv4 address. */
    AIRSSYS_IPV6  /**< An IPv6 address. */
} airssys_ip_kind;

/** An IP address. Owns nothing. */
typedef struct airssys_ip_address {
    airssys_ip_kind kind; /**< Which of the members below counts. */
    uint8_t ipv4[4];      /**< Of ::AIRSSYS_IPV4: its bytes; `127.0.0.1` is 127, 0, 0, 1. */
    uint16_t ipv6[8];     /**< Of ::AIRSSYS_IPV6: its groups; `::1` is seven times 0 and 1. */
} airssys_ip_address;

/** A list of IP addresses. */
typedef struct airssys_ip_address_list {
    const airssys_ip_address *ptr; /**< The first element; NULL only if `len` is 0. */
    size_t len;                    /**< How many there are. */
} airssys_ip_address_list;

/** An IP address with a port. Owns nothing. */
typedef struct airssys_socket_address {
    airssys_ip_address ip; /**< The address. */
    uint16_t port;         /**< The port. To listen or bind, 0 lets the host choose a free one. */
} airssys_socket_address;

/** Where to connect to. */
typedef struct airssys_endpoint {
    airssys_string host; /**< A host name, or an IPv4 or IPv6 literal without brackets. */
    uint16_t port;       /**< The port, 1 to 65,535. */
} airssys_endpoint;

/** Gives the IPv4 address of four bytes: `airssys_ipv4(127, 0, 0, 1)`. */
airssys_ip_address airssys_ipv4(uint8_t first, uint8_t second, uint8_t third, uint8_t fourth);

/**
 * Gives the IPv6 address of eight groups.
 * @param groups Borrowed; eight of them.
 */
airssys_ip_address airssys_ipv6(const uint16_t groups[8]);

/**
 * Says whether two addresses are the same. An IPv4 address and its form within IPv6 are not.
 * @param left  Borrowed, not NULL.
 * @param right Borrowed, not NULL.
 */
bool airssys_ip_address_equals(const airssys_ip_address *left, const airssys_ip_address *right);

/**
 * Writes an address: `127.0.0.1`, or eight groups such as `2001:db8:0:0:0:0:0:1`.
 * @param address Borrowed, not NULL.
 * @param builder Where to append it; not NULL. At most 39 bytes.
 */
void airssys_ip_address_describe(const airssys_ip_address *address, airssys_string_builder *builder);

/**
 * Writes an address with its port: `127.0.0.1:80`, or `[2001:db8:0:0:0:0:0:1]:80`.
 * @param address Borrowed, not NULL.
 * @param builder Where to append it; not NULL. At most 47 bytes.
 */
void airssys_socket_address_describe(const airssys_socket_address *address, airssys_string_builder *builder);

/**
 * Frees an owned list and makes it empty.
 * @param list Not NULL; an empty one is fine.
 */
void airssys_ip_address_list_free(airssys_ip_address_list *list);

#ifdef __cplusplus
}
#endif

#endif
