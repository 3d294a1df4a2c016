/* The export connections: each function forwards to the SDK, and the driver's own resource holds the SDK's pool. */
#include <stdlib.h>

#include "network_convert.h"

typedef exports_airssys_ext_network_connections_connection_pool_t exported_pool;

struct exports_airssys_ext_network_connections_connection_pool_t {
    airssys_connection_pool pool;
};

void exports_airssys_ext_network_connections_connection_pool_destructor(exported_pool *self) {
    airssys_connection_pool_close(&self->pool);
    free(self);
}

exports_airssys_ext_network_connections_own_connection_pool_t
exports_airssys_ext_network_connections_constructor_connection_pool(airssys_ext_network_types_pool_options_t *options) {
    airssys_pool_options viewed = {
        .max_connections = options->max_connections,
        .max_idle_ms = options->max_idle_ms,
        .connect_timeout_ms = options->connect_timeout_ms,
    };
    exported_pool *exported = allocate(1, sizeof *exported);
    exported->pool = airssys_connection_pool_new(&viewed);
    return exports_airssys_ext_network_connections_connection_pool_new(exported);
}

bool exports_airssys_ext_network_connections_method_connection_pool_acquire(
    exported_pool *self, airssys_ext_network_types_endpoint_t *endpoint,
    exports_airssys_ext_network_connections_own_tcp_stream_t *result, network_failure *failure) {
    airssys_endpoint viewed = view_endpoint(endpoint);
    airssys_tcp_stream stream;
    airssys_error error;
    airssys_code code = airssys_connection_pool_acquire(self->pool, &viewed, &stream, &error);
    airssys_ext_network_types_endpoint_free(endpoint);
    if (code == AIRSSYS_OK) {
        *result = give_stream(stream);
    }
    return finish_network(code, &error, failure);
}

void exports_airssys_ext_network_connections_method_connection_pool_release(
    exported_pool *self, exports_airssys_ext_network_connections_own_tcp_stream_t connection) {
    airssys_connection_pool_release(self->pool, &exports_airssys_ext_network_tcp_tcp_stream_rep(connection)->stream);
    exports_airssys_ext_network_tcp_tcp_stream_drop_own(connection);
}

void exports_airssys_ext_network_connections_method_connection_pool_stats(
    exported_pool *self, airssys_ext_network_types_pool_stats_t *result) {
    airssys_pool_stats stats = airssys_connection_pool_get_stats(self->pool);
    *result = (airssys_ext_network_types_pool_stats_t){stats.open, stats.idle, stats.waiting};
}

bool exports_airssys_ext_network_connections_resolve_host(
    airssys_bindings_string_t *host, airssys_ext_network_types_ip_family_t family,
    exports_airssys_ext_network_connections_list_ip_address_t *result, network_failure *failure) {
    static const airssys_ip_family FAMILIES[] = {
        [AIRSSYS_EXT_NETWORK_TYPES_IP_FAMILY_IPV4] = AIRSSYS_IP_FAMILY_IPV4,
        [AIRSSYS_EXT_NETWORK_TYPES_IP_FAMILY_IPV6] = AIRSSYS_IP_FAMILY_IPV6,
        [AIRSSYS_EXT_NETWORK_TYPES_IP_FAMILY_ANY] = AIRSSYS_IP_FAMILY_ANY,
    };
    airssys_ip_address_list addresses;
    airssys_error error;
    airssys_code code = airssys_connections_resolve_host(view_string(host), FAMILIES[family], &addresses, &error);
    airssys_bindings_string_free(host);
    airssys_ext_network_types_ip_address_t *given = allocate(addresses.len, sizeof *given);
    for (size_t i = 0; i < addresses.len; i++) {
        given[i] = give_ip_address(&addresses.ptr[i]);
    }
    *result = (exports_airssys_ext_network_connections_list_ip_address_t){given, addresses.len};
    airssys_ip_address_list_free(&addresses);
    return finish_network(code, &error, failure);
}

bool exports_airssys_ext_network_connections_reverse_lookup(airssys_ext_network_types_ip_address_t *address,
                                                            airssys_bindings_string_t *result,
                                                            network_failure *failure) {
    airssys_ip_address viewed = view_ip_address(address);
    airssys_string name;
    airssys_error error;
    airssys_code code = airssys_connections_reverse_lookup(&viewed, &name, &error);
    *result = give_string(name);
    return finish_network(code, &error, failure);
}
