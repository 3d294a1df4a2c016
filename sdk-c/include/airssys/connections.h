/**
 * @file
 * @brief Name resolution and pooled connections.
 *
 * Needs the extension `ext-network`.
 */
#ifndef AIRSSYS_CONNECTIONS_H
#define AIRSSYS_CONNECTIONS_H

#include <airssys/tcp.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Which addresses airssys_connections_resolve_host() gives. */
typedef enum airssys_ip_family {
    AIRSSYS_IP_FAMILY_IPV4, /**< IPv4 addresses only. */
    AIRSSYS_IP_FAMILY_IPV6, /**< IPv6 addresses only. */
    AIRSSYS_IP_FAMILY_ANY   /**< Both. */
} airssys_ip_family;

/**
 * Keeps TCP connections open for use again. Owned by who made it, and closed by airssys_connection_pool_close(). A copy
 * of the struct is the same pool and must not be closed a second time.
 */
typedef struct airssys_connection_pool {
    int32_t handle; /**< Private. 0 if it is closed. */
} airssys_connection_pool;

/** The limits of a connection pool. */
typedef struct airssys_pool_options {
    uint32_t max_connections;    /**< Most connections open at once, in use and idle, over all endpoints. At least 1. */
    uint32_t max_idle_ms;        /**< After how many milliseconds without use a connection is closed. */
    uint32_t connect_timeout_ms; /**< How many milliseconds airssys_connection_pool_acquire() may take. */
} airssys_pool_options;

/** The state of a connection pool. Owns nothing. */
typedef struct airssys_pool_stats {
    uint32_t open;    /**< How many connections are open, in use and idle. */
    uint32_t idle;    /**< How many of them are idle. */
    uint32_t waiting; /**< How many calls of airssys_connection_pool_acquire() wait for a connection. */
} airssys_pool_stats;

/**
 * Makes an empty pool. airssys_pool_options::max_connections of 0 ends the instance, with a message that says so.
 *
 * Permission: none.
 * @param options Borrowed, not NULL.
 * @return Owned; close it with airssys_connection_pool_close().
 */
AIRSSYS_MUST_USE airssys_connection_pool airssys_connection_pool_new(const airssys_pool_options *options);

/**
 * Gives a connection: an idle one to this endpoint that is still alive, else a new one. If the pool has as many as it
 * may, it closes an idle one to another endpoint, or waits for one to be released.
 *
 * Permission: `network = [{ action = "outbound", host = "<host>", port = <port> }]`, checked each time, as for
 * airssys_tcp_connect().
 * @param pool     Borrowed.
 * @param endpoint Where to. Borrowed, not NULL.
 * @param stream   Not NULL. Owned; give it back with airssys_connection_pool_release(), or close it with
 *                 airssys_tcp_stream_close(), which makes room in the pool.
 * @param error    May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, ::AIRSSYS_POOL_EXHAUSTED (none was released in time), or as airssys_tcp_connect().
 */
airssys_code airssys_connection_pool_acquire(airssys_connection_pool pool, const airssys_endpoint *endpoint,
                                             airssys_tcp_stream *stream, airssys_error *error);

/**
 * Gives a connection back. It is kept for use again, unless it is broken, was shut down, has received bytes that nobody
 * has read, or did not come from this pool: then it is closed.
 *
 * Permission: none; held by the handle.
 * @param pool   Borrowed.
 * @param stream Not NULL; is closed then, for the caller. One that is closed already is fine.
 */
void airssys_connection_pool_release(airssys_connection_pool pool, airssys_tcp_stream *stream);

/**
 * Gives the state of a pool.
 *
 * Permission: none.
 * @param pool Borrowed.
 */
airssys_pool_stats airssys_connection_pool_get_stats(airssys_connection_pool pool);

/**
 * Closes a pool and its idle connections; those in use go on. One that is closed already is fine.
 * @param pool Not NULL; is closed then.
 */
void airssys_connection_pool_close(airssys_connection_pool *pool);

/**
 * Gives the addresses of a name, at least one. An IP literal of the family gives itself.
 *
 * Permission: `network = [{ action = "resolve", host = "<host>" }]`.
 * @param host      Borrowed.
 * @param family    Which addresses.
 * @param addresses Not NULL. Owned; free it with airssys_ip_address_list_free().
 * @param error     May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, ::AIRSSYS_PERMISSION_DENIED, ::AIRSSYS_NAME_NOT_FOUND, ::AIRSSYS_TEMPORARY_RESOLVER_FAILURE,
 *         ::AIRSSYS_INVALID_ARGUMENT (empty, with a NUL, not UTF-8 or not a name), ::AIRSSYS_TIMEOUT or ::AIRSSYS_IO.
 */
airssys_code airssys_connections_resolve_host(airssys_string host, airssys_ip_family family,
                                              airssys_ip_address_list *addresses, airssys_error *error);

/**
 * Gives the name of an address.
 *
 * Permission: `network = [{ action = "resolve", host = "<address>" }]`.
 * @param address Borrowed, not NULL.
 * @param name    Not NULL. Owned; free it with airssys_string_free().
 * @param error   May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, ::AIRSSYS_PERMISSION_DENIED, ::AIRSSYS_NAME_NOT_FOUND, ::AIRSSYS_TEMPORARY_RESOLVER_FAILURE,
 *         ::AIRSSYS_TIMEOUT or ::AIRSSYS_IO.
 */
airssys_code airssys_connections_reverse_lookup(const airssys_ip_address *address, airssys_string *name,
                                                airssys_error *error);

#ifdef __cplusplus
}
#endif

#endif
