/*
 * What of the network is not in a fake. What would make a handle fails with `unsupported`, and without one nothing else
 * can be asked for but by mistake.
 */
#include "fake_host.h"

bool airssys_fake_refuse_network(fake_network_failure *failure, const char *what) {
    failure->tag = AIRSSYS_EXT_NETWORK_TYPES_NETWORK_ERROR_UNSUPPORTED;
    failure->val.unsupported = airssys_fake_give_string(airssys_string_from_c(what));
    return false;
}

static bool refuse(const char *operation, fake_network_failure *failure) {
    airssys_fake_current(operation);
    return airssys_fake_refuse_network(failure, "the testing kit has no network but the servers of the test");
}

/* The number of every pool: nothing can be done with one but to be refused a connection. */
enum { FAKE_POOL = 1 };

AIRSSYS_NORETURN static void no_handle(const char *operation) {
    airssys_fake_mistake("%s was called with a handle that is not open", operation);
}

/* tcp */

bool airssys_ext_network_tcp_method_tcp_listener_accept(airssys_ext_network_tcp_borrow_tcp_listener_t self,
                                                        uint32_t *timeout_ms,
                                                        airssys_ext_network_tcp_own_tcp_stream_t *result,
                                                        airssys_ext_network_tcp_network_error_t *failure) {
    (void)self;
    (void)timeout_ms;
    (void)result;
    (void)failure;
    no_handle("tcp.tcp-listener.accept");
}

bool airssys_ext_network_tcp_method_tcp_listener_local_address(airssys_ext_network_tcp_borrow_tcp_listener_t self,
                                                               airssys_ext_network_tcp_socket_address_t *result,
                                                               airssys_ext_network_tcp_network_error_t *failure) {
    (void)self;
    (void)result;
    (void)failure;
    no_handle("tcp.tcp-listener.local-address");
}

bool airssys_ext_network_tcp_listen(airssys_ext_network_tcp_socket_address_t *address,
                                    airssys_ext_network_tcp_listen_options_t *options,
                                    airssys_ext_network_tcp_own_tcp_listener_t *result,
                                    airssys_ext_network_tcp_network_error_t *failure) {
    (void)address;
    (void)options;
    (void)result;
    return refuse("tcp.listen", failure);
}

void airssys_ext_network_tcp_tcp_listener_drop_own(airssys_ext_network_tcp_own_tcp_listener_t handle) {
    (void)handle;
    no_handle("tcp.tcp-listener drop");
}

/* udp */

bool airssys_ext_network_udp_method_udp_socket_connect(airssys_ext_network_udp_borrow_udp_socket_t self,
                                                       airssys_ext_network_udp_socket_address_t *remote,
                                                       airssys_ext_network_udp_network_error_t *failure) {
    (void)self;
    (void)remote;
    (void)failure;
    no_handle("udp.udp-socket.connect");
}

bool airssys_ext_network_udp_method_udp_socket_send(airssys_ext_network_udp_borrow_udp_socket_t self,
                                                    airssys_bindings_list_u8_t *data, uint32_t *result,
                                                    airssys_ext_network_udp_network_error_t *failure) {
    (void)self;
    (void)data;
    (void)result;
    (void)failure;
    no_handle("udp.udp-socket.send");
}

bool airssys_ext_network_udp_method_udp_socket_send_to(airssys_ext_network_udp_borrow_udp_socket_t self,
                                                       airssys_bindings_list_u8_t *data,
                                                       airssys_ext_network_udp_socket_address_t *remote,
                                                       uint32_t *result,
                                                       airssys_ext_network_udp_network_error_t *failure) {
    (void)self;
    (void)data;
    (void)remote;
    (void)result;
    (void)failure;
    no_handle("udp.udp-socket.send-to");
}

bool airssys_ext_network_udp_method_udp_socket_receive(airssys_ext_network_udp_borrow_udp_socket_t self,
                                                       uint32_t max_bytes, airssys_ext_network_udp_datagram_t *result,
                                                       airssys_ext_network_udp_network_error_t *failure) {
    (void)self;
    (void)max_bytes;
    (void)result;
    (void)failure;
    no_handle("udp.udp-socket.receive");
}

bool airssys_ext_network_udp_method_udp_socket_local_address(airssys_ext_network_udp_borrow_udp_socket_t self,
                                                             airssys_ext_network_udp_socket_address_t *result,
                                                             airssys_ext_network_udp_network_error_t *failure) {
    (void)self;
    (void)result;
    (void)failure;
    no_handle("udp.udp-socket.local-address");
}

bool airssys_ext_network_udp_method_udp_socket_options(airssys_ext_network_udp_borrow_udp_socket_t self,
                                                       airssys_ext_network_udp_udp_options_t *result,
                                                       airssys_ext_network_udp_network_error_t *failure) {
    (void)self;
    (void)result;
    (void)failure;
    no_handle("udp.udp-socket.options");
}

bool airssys_ext_network_udp_method_udp_socket_set_options(airssys_ext_network_udp_borrow_udp_socket_t self,
                                                           airssys_ext_network_udp_udp_options_t *options,
                                                           airssys_ext_network_udp_network_error_t *failure) {
    (void)self;
    (void)options;
    (void)failure;
    no_handle("udp.udp-socket.set-options");
}

bool airssys_ext_network_udp_method_udp_socket_join_multicast(airssys_ext_network_udp_borrow_udp_socket_t self,
                                                              airssys_ext_network_udp_ip_address_t *group,
                                                              airssys_ext_network_udp_network_error_t *failure) {
    (void)self;
    (void)group;
    (void)failure;
    no_handle("udp.udp-socket.join-multicast");
}

bool airssys_ext_network_udp_method_udp_socket_leave_multicast(airssys_ext_network_udp_borrow_udp_socket_t self,
                                                               airssys_ext_network_udp_ip_address_t *group,
                                                               airssys_ext_network_udp_network_error_t *failure) {
    (void)self;
    (void)group;
    (void)failure;
    no_handle("udp.udp-socket.leave-multicast");
}

bool airssys_ext_network_udp_bind(airssys_ext_network_udp_socket_address_t *address,
                                  airssys_ext_network_udp_own_udp_socket_t *result,
                                  airssys_ext_network_udp_network_error_t *failure) {
    (void)address;
    (void)result;
    return refuse("udp.bind", failure);
}

void airssys_ext_network_udp_udp_socket_drop_own(airssys_ext_network_udp_own_udp_socket_t handle) {
    (void)handle;
    no_handle("udp.udp-socket drop");
}

/* connections */

airssys_ext_network_connections_own_connection_pool_t
airssys_ext_network_connections_constructor_connection_pool(airssys_ext_network_connections_pool_options_t *options) {
    (void)options;
    airssys_fake_current("connections.connection-pool");
    /* A pool is made without a connection. */
    return (airssys_ext_network_connections_own_connection_pool_t){FAKE_POOL};
}

bool airssys_ext_network_connections_method_connection_pool_acquire(
    airssys_ext_network_connections_borrow_connection_pool_t self, airssys_ext_network_connections_endpoint_t *endpoint,
    airssys_ext_network_connections_own_tcp_stream_t *result,
    airssys_ext_network_connections_network_error_t *failure) {
    (void)self;
    (void)endpoint;
    (void)result;
    return refuse("connections.connection-pool.acquire", failure);
}

void airssys_ext_network_connections_method_connection_pool_release(
    airssys_ext_network_connections_borrow_connection_pool_t self,
    airssys_ext_network_connections_own_tcp_stream_t connection) {
    (void)self;
    (void)connection;
    no_handle("connections.connection-pool.release");
}

void airssys_ext_network_connections_method_connection_pool_stats(
    airssys_ext_network_connections_borrow_connection_pool_t self,
    airssys_ext_network_connections_pool_stats_t *result) {
    (void)self;
    *result = (airssys_ext_network_connections_pool_stats_t){0, 0, 0};
}

bool airssys_ext_network_connections_resolve_host(airssys_bindings_string_t *host,
                                                  airssys_ext_network_connections_ip_family_t family,
                                                  airssys_ext_network_connections_list_ip_address_t *result,
                                                  airssys_ext_network_connections_network_error_t *failure) {
    (void)host;
    (void)family;
    (void)result;
    return refuse("connections.resolve-host", failure);
}

bool airssys_ext_network_connections_reverse_lookup(airssys_ext_network_connections_ip_address_t *address,
                                                    airssys_bindings_string_t *result,
                                                    airssys_ext_network_connections_network_error_t *failure) {
    (void)address;
    (void)result;
    return refuse("connections.reverse-lookup", failure);
}

void airssys_ext_network_connections_connection_pool_drop_own(
    airssys_ext_network_connections_own_connection_pool_t handle) {
    (void)handle;
}
