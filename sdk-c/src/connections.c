#include <airssys/connections.h>

#include <assert.h>
#include <stdlib.h>

#include "network_conversions.h"

#ifdef AIRSSYS_EXT_NETWORK_TYPES_NETWORK_ERROR_IO
static_assert((int)AIRSSYS_IP_FAMILY_IPV4 == AIRSSYS_EXT_NETWORK_TYPES_IP_FAMILY_IPV4 &&
                  (int)AIRSSYS_IP_FAMILY_IPV6 == AIRSSYS_EXT_NETWORK_TYPES_IP_FAMILY_IPV6 &&
                  (int)AIRSSYS_IP_FAMILY_ANY == AIRSSYS_EXT_NETWORK_TYPES_IP_FAMILY_ANY,
              "families are in the contract's order");

static airssys_ext_network_connections_borrow_connection_pool_t borrow(airssys_connection_pool pool) {
    return (airssys_ext_network_connections_borrow_connection_pool_t){pool.handle};
}

airssys_connection_pool airssys_connection_pool_new(const airssys_pool_options *options) {
    airssys_ext_network_types_pool_options_t given = {
        .max_connections = options->max_connections,
        .max_idle_ms = options->max_idle_ms,
        .connect_timeout_ms = options->connect_timeout_ms,
    };
    return (airssys_connection_pool){
        airssys_ext_network_connections_constructor_connection_pool(&given).__handle,
    };
}

airssys_code airssys_connection_pool_acquire(airssys_connection_pool pool, const airssys_endpoint *endpoint,
                                             airssys_tcp_stream *stream, airssys_error *error) {
    *stream = (airssys_tcp_stream){0};
    if (!airssys_internal_accept_text(endpoint->host, "the host", error)) {
        return AIRSSYS_INVALID_ARGUMENT;
    }
    airssys_ext_network_types_endpoint_t lent = airssys_internal_lend_endpoint(endpoint);
    airssys_ext_network_connections_own_tcp_stream_t acquired;
    network_failure failure;
    if (!airssys_ext_network_connections_method_connection_pool_acquire(borrow(pool), &lent, &acquired, &failure)) {
        return airssys_internal_take_network_error(&failure, error);
    }
    stream->handle = acquired.__handle;
    return airssys_internal_succeed(error);
}

void airssys_connection_pool_release(airssys_connection_pool pool, airssys_tcp_stream *stream) {
    if (stream->handle != 0) {
        airssys_ext_network_connections_method_connection_pool_release(
            borrow(pool), (airssys_ext_network_connections_own_tcp_stream_t){stream->handle});
        stream->handle = 0;
    }
}

airssys_pool_stats airssys_connection_pool_get_stats(airssys_connection_pool pool) {
    airssys_ext_network_types_pool_stats_t found;
    airssys_ext_network_connections_method_connection_pool_stats(borrow(pool), &found);
    return (airssys_pool_stats){found.open, found.idle, found.waiting};
}

void airssys_connection_pool_close(airssys_connection_pool *pool) {
    if (pool->handle != 0) {
        airssys_ext_network_connections_connection_pool_drop_own(
            (airssys_ext_network_connections_own_connection_pool_t){pool->handle});
        pool->handle = 0;
    }
}

airssys_code airssys_connections_resolve_host(airssys_string host, airssys_ip_family family,
                                              airssys_ip_address_list *addresses, airssys_error *error) {
    *addresses = (airssys_ip_address_list){NULL, 0};
    if (!airssys_internal_accept_text(host, "the host", error)) {
        return AIRSSYS_INVALID_ARGUMENT;
    }
    airssys_bindings_string_t lent = airssys_internal_lend_string(host);
    airssys_ext_network_connections_list_ip_address_t found;
    network_failure failure;
    if (!airssys_ext_network_connections_resolve_host(&lent, (airssys_ext_network_types_ip_family_t)family, &found,
                                                      &failure)) {
        return airssys_internal_take_network_error(&failure, error);
    }
    airssys_ip_address *taken = airssys_internal_allocate(found.len, sizeof *taken);
    for (size_t i = 0; i < found.len; i++) {
        taken[i] = airssys_internal_take_ip_address(&found.ptr[i]);
    }
    if (found.len > 0) {
        free(found.ptr);
    }
    *addresses = (airssys_ip_address_list){taken, found.len};
    return airssys_internal_succeed(error);
}

airssys_code airssys_connections_reverse_lookup(const airssys_ip_address *address, airssys_string *name,
                                                airssys_error *error) {
    *name = (airssys_string){NULL, 0};
    airssys_ext_network_types_ip_address_t given = airssys_internal_give_ip_address(address);
    airssys_bindings_string_t found;
    network_failure failure;
    if (!airssys_ext_network_connections_reverse_lookup(&given, &found, &failure)) {
        return airssys_internal_take_network_error(&failure, error);
    }
    *name = airssys_internal_take_string(found);
    return airssys_internal_succeed(error);
}
#endif
