/* The part of the fake host that is TCP, UDP and connections. */
#include <stdio.h>
#include <stdlib.h>

#include "fake_host.h"

typedef airssys_ext_network_types_network_error_t net_failure;
typedef airssys_ext_network_types_socket_address_t socket_address;
typedef airssys_ext_network_tcp_borrow_tcp_stream_t stream_handle;
typedef airssys_ext_network_tcp_borrow_tcp_listener_t listener_handle;
typedef airssys_ext_network_udp_borrow_udp_socket_t socket_handle;

/* An address as text: its bytes or groups. */
static const char *ip_text(const airssys_ext_network_types_ip_address_t *ip) {
    static char text[64];
    if (ip->tag == AIRSSYS_EXT_NETWORK_TYPES_IP_ADDRESS_IPV4) {
        const airssys_ext_network_types_ipv4_address_t *b = &ip->val.ipv4;
        snprintf(text, sizeof text, "%d.%d.%d.%d", b->f0, b->f1, b->f2, b->f3);
    } else {
        const airssys_ext_network_types_ipv6_address_t *g = &ip->val.ipv6;
        snprintf(text, sizeof text, "%x:%x:%x:%x:%x:%x:%x:%x", g->f0, g->f1, g->f2, g->f3, g->f4, g->f5, g->f6, g->f7);
    }
    return text;
}

static const char *option_text(bool is_some, uint32_t value, char *text) {
    snprintf(text, 16, is_some ? "%u" : "none", value);
    return text;
}

static socket_address fake_address(void) {
    socket_address address = {.port = UINT16_MAX};
    address.ip.tag = AIRSSYS_EXT_NETWORK_TYPES_IP_ADDRESS_IPV6;
    address.ip.val.ipv6 = (airssys_ext_network_types_ipv6_address_t){0x2001, 0xdb8, 0, 0, 0, 0, 0, 0xffff};
    return address;
}

static bool answer_bytes(airssys_bindings_list_u8_t *result, net_failure *failure) {
    if (!fake_network_succeeds(failure)) {
        return false;
    }
    *result = fake_bytes();
    return true;
}

/* tcp */

bool airssys_ext_network_tcp_connect(airssys_ext_network_types_endpoint_t *endpoint, uint32_t *timeout_ms,
                                     airssys_ext_network_tcp_own_tcp_stream_t *result, net_failure *failure) {
    char timeout[16];
    fake_note("tcp.connect %S %u %s", &endpoint->host, FAKE_NUMBER(endpoint->port),
              option_text(timeout_ms != NULL, timeout_ms != NULL ? *timeout_ms : 0, timeout));
    if (!fake_network_succeeds(failure)) {
        return false;
    }
    result->__handle = fake_open_handle();
    return true;
}

bool airssys_ext_network_tcp_listen(socket_address *address, airssys_ext_network_types_listen_options_t *options,
                                    airssys_ext_network_tcp_own_tcp_listener_t *result, net_failure *failure) {
    fake_note("tcp.listen %s %u %u %u %u", ip_text(&address->ip), FAKE_NUMBER(address->port),
              FAKE_NUMBER(options->backlog), FAKE_NUMBER(options->reuse_address), FAKE_NUMBER(options->ipv6_only));
    if (!fake_network_succeeds(failure)) {
        return false;
    }
    result->__handle = fake_open_handle();
    return true;
}

bool airssys_ext_network_tcp_method_tcp_listener_accept(listener_handle self, uint32_t *timeout_ms,
                                                        airssys_ext_network_tcp_own_tcp_stream_t *result,
                                                        net_failure *failure) {
    char timeout[16];
    (void)self;
    fake_note("tcp.tcp-listener.accept %s",
              option_text(timeout_ms != NULL, timeout_ms != NULL ? *timeout_ms : 0, timeout));
    if (!fake_network_succeeds(failure)) {
        return false;
    }
    result->__handle = fake_open_handle();
    return true;
}

bool airssys_ext_network_tcp_method_tcp_listener_local_address(listener_handle self, socket_address *result,
                                                               net_failure *failure) {
    (void)self;
    fake_note("tcp.tcp-listener.local-address");
    *result = fake_address();
    return fake_network_succeeds(failure);
}

void airssys_ext_network_tcp_tcp_listener_drop_own(airssys_ext_network_tcp_own_tcp_listener_t handle) {
    (void)handle;
    fake_note("tcp.tcp-listener drop");
    fake_close_handle();
}

bool airssys_ext_network_tcp_method_tcp_stream_read(stream_handle self, uint32_t max_bytes,
                                                    airssys_bindings_list_u8_t *result, net_failure *failure) {
    (void)self;
    fake_note("tcp.tcp-stream.read %u", FAKE_NUMBER(max_bytes));
    return answer_bytes(result, failure);
}

bool airssys_ext_network_tcp_method_tcp_stream_read_exact(stream_handle self, uint32_t length,
                                                          airssys_bindings_list_u8_t *result, net_failure *failure) {
    (void)self;
    fake_note("tcp.tcp-stream.read-exact %u", FAKE_NUMBER(length));
    return answer_bytes(result, failure);
}

bool airssys_ext_network_tcp_method_tcp_stream_write(stream_handle self, airssys_bindings_list_u8_t *data,
                                                     uint32_t *result, net_failure *failure) {
    (void)self;
    fake_note("tcp.tcp-stream.write %B", data);
    *result = UINT32_MAX;
    return fake_network_succeeds(failure);
}

bool airssys_ext_network_tcp_method_tcp_stream_write_all(stream_handle self, airssys_bindings_list_u8_t *data,
                                                         net_failure *failure) {
    (void)self;
    fake_note("tcp.tcp-stream.write-all %B", data);
    return fake_network_succeeds(failure);
}

bool airssys_ext_network_tcp_method_tcp_stream_shutdown(stream_handle self,
                                                        airssys_ext_network_types_shutdown_direction_t direction,
                                                        net_failure *failure) {
    (void)self;
    fake_note("tcp.tcp-stream.shutdown %u", FAKE_NUMBER(direction));
    return fake_network_succeeds(failure);
}

bool airssys_ext_network_tcp_method_tcp_stream_local_address(stream_handle self, socket_address *result,
                                                             net_failure *failure) {
    (void)self;
    fake_note("tcp.tcp-stream.local-address");
    *result = fake_address();
    return fake_network_succeeds(failure);
}

bool airssys_ext_network_tcp_method_tcp_stream_remote_address(stream_handle self, socket_address *result,
                                                              net_failure *failure) {
    (void)self;
    fake_note("tcp.tcp-stream.remote-address");
    result->ip.tag = AIRSSYS_EXT_NETWORK_TYPES_IP_ADDRESS_IPV4;
    result->ip.val.ipv4 = (airssys_ext_network_types_ipv4_address_t){192, 0, 2, 255};
    result->port = 1;
    return fake_network_succeeds(failure);
}

bool airssys_ext_network_tcp_method_tcp_stream_options(stream_handle self,
                                                       airssys_ext_network_types_tcp_options_t *result,
                                                       net_failure *failure) {
    (void)self;
    fake_note("tcp.tcp-stream.options");
    *result = (airssys_ext_network_types_tcp_options_t){true,       {true, 1}, {true, UINT32_MAX},
                                                        {false, 0}, {true, 0}, {false, 0}};
    return fake_network_succeeds(failure);
}

bool airssys_ext_network_tcp_method_tcp_stream_set_options(stream_handle self,
                                                           airssys_ext_network_types_tcp_options_t *options,
                                                           net_failure *failure) {
    char texts[5][16];
    (void)self;
    fake_note("tcp.tcp-stream.set-options %u %s %s %s %s %s", FAKE_NUMBER(options->no_delay),
              option_text(options->keep_alive_ms.is_some, options->keep_alive_ms.val, texts[0]),
              option_text(options->read_timeout_ms.is_some, options->read_timeout_ms.val, texts[1]),
              option_text(options->write_timeout_ms.is_some, options->write_timeout_ms.val, texts[2]),
              option_text(options->receive_buffer_bytes.is_some, options->receive_buffer_bytes.val, texts[3]),
              option_text(options->send_buffer_bytes.is_some, options->send_buffer_bytes.val, texts[4]));
    return fake_network_succeeds(failure);
}

void airssys_ext_network_tcp_method_tcp_stream_stats(stream_handle self,
                                                     airssys_ext_network_types_connection_stats_t *result) {
    (void)self;
    fake_note("tcp.tcp-stream.stats");
    *result = (airssys_ext_network_types_connection_stats_t){{7, 8}, UINT64_MAX, 9007199254740993};
}

static airssys_ext_network_types_tls_info_t fake_tls_info(void) {
    airssys_ext_network_types_tls_info_t info = {
        .version = AIRSSYS_EXT_NETWORK_TYPES_TLS_VERSION_TLS13,
        .cipher_suite = fake_string("suite", 5),
        .alpn = {.is_some = !fake_host_answers_empty()},
        .peer_certificate = fake_bytes(),
    };
    if (info.alpn.is_some) {
        info.alpn.val = fake_string("h2", 2);
    }
    return info;
}

bool airssys_ext_network_tcp_method_tcp_stream_start_tls(stream_handle self,
                                                         airssys_ext_network_types_tls_options_t *options,
                                                         airssys_ext_network_types_tls_info_t *result,
                                                         net_failure *failure) {
    (void)self;
    fake_note("tcp.tcp-stream.start-tls %S", &options->server_name);
    for (size_t i = 0; i < options->alpn.len; i++) {
        fake_note("  %S", &options->alpn.ptr[i]);
    }
    if (!fake_network_succeeds(failure)) {
        return false;
    }
    *result = fake_tls_info();
    return true;
}

bool airssys_ext_network_tcp_method_tcp_stream_tls_info(stream_handle self,
                                                        airssys_ext_network_types_tls_info_t *result) {
    (void)self;
    fake_note("tcp.tcp-stream.tls-info");
    if (fake_host_answers_empty()) {
        return false;
    }
    *result = fake_tls_info();
    return true;
}

void airssys_ext_network_tcp_tcp_stream_drop_own(airssys_ext_network_tcp_own_tcp_stream_t handle) {
    (void)handle;
    fake_note("tcp.tcp-stream drop");
    fake_close_handle();
}

/* udp */

bool airssys_ext_network_udp_bind(socket_address *address, airssys_ext_network_udp_own_udp_socket_t *result,
                                  net_failure *failure) {
    fake_note("udp.bind %s %u", ip_text(&address->ip), FAKE_NUMBER(address->port));
    if (!fake_network_succeeds(failure)) {
        return false;
    }
    result->__handle = fake_open_handle();
    return true;
}

bool airssys_ext_network_udp_method_udp_socket_connect(socket_handle self, socket_address *remote,
                                                       net_failure *failure) {
    (void)self;
    fake_note("udp.udp-socket.connect %s %u", ip_text(&remote->ip), FAKE_NUMBER(remote->port));
    return fake_network_succeeds(failure);
}

bool airssys_ext_network_udp_method_udp_socket_send(socket_handle self, airssys_bindings_list_u8_t *data,
                                                    uint32_t *result, net_failure *failure) {
    (void)self;
    fake_note("udp.udp-socket.send %B", data);
    *result = UINT32_MAX;
    return fake_network_succeeds(failure);
}

bool airssys_ext_network_udp_method_udp_socket_send_to(socket_handle self, airssys_bindings_list_u8_t *data,
                                                       socket_address *remote, uint32_t *result, net_failure *failure) {
    (void)self;
    fake_note("udp.udp-socket.send-to %B %s %u", data, ip_text(&remote->ip), FAKE_NUMBER(remote->port));
    *result = UINT32_MAX;
    return fake_network_succeeds(failure);
}

bool airssys_ext_network_udp_method_udp_socket_receive(socket_handle self, uint32_t max_bytes,
                                                       airssys_ext_network_types_datagram_t *result,
                                                       net_failure *failure) {
    (void)self;
    fake_note("udp.udp-socket.receive %u", FAKE_NUMBER(max_bytes));
    if (!fake_network_succeeds(failure)) {
        return false;
    }
    *result = (airssys_ext_network_types_datagram_t){fake_bytes(), fake_address(), true};
    return true;
}

bool airssys_ext_network_udp_method_udp_socket_local_address(socket_handle self, socket_address *result,
                                                             net_failure *failure) {
    (void)self;
    fake_note("udp.udp-socket.local-address");
    *result = fake_address();
    return fake_network_succeeds(failure);
}

bool airssys_ext_network_udp_method_udp_socket_options(socket_handle self,
                                                       airssys_ext_network_types_udp_options_t *result,
                                                       net_failure *failure) {
    (void)self;
    fake_note("udp.udp-socket.options");
    *result = (airssys_ext_network_types_udp_options_t){true, {true, UINT8_MAX}, {true, UINT32_MAX}, false};
    return fake_network_succeeds(failure);
}

bool airssys_ext_network_udp_method_udp_socket_set_options(socket_handle self,
                                                           airssys_ext_network_types_udp_options_t *options,
                                                           net_failure *failure) {
    char texts[2][16];
    (void)self;
    fake_note("udp.udp-socket.set-options %u %s %s %u", FAKE_NUMBER(options->broadcast),
              option_text(options->time_to_live.is_some, options->time_to_live.val, texts[0]),
              option_text(options->receive_timeout_ms.is_some, options->receive_timeout_ms.val, texts[1]),
              FAKE_NUMBER(options->multicast_loop));
    return fake_network_succeeds(failure);
}

bool airssys_ext_network_udp_method_udp_socket_join_multicast(socket_handle self,
                                                              airssys_ext_network_types_ip_address_t *group,
                                                              net_failure *failure) {
    (void)self;
    fake_note("udp.udp-socket.join-multicast %s", ip_text(group));
    return fake_network_succeeds(failure);
}

bool airssys_ext_network_udp_method_udp_socket_leave_multicast(socket_handle self,
                                                               airssys_ext_network_types_ip_address_t *group,
                                                               net_failure *failure) {
    (void)self;
    fake_note("udp.udp-socket.leave-multicast %s", ip_text(group));
    return fake_network_succeeds(failure);
}

void airssys_ext_network_udp_udp_socket_drop_own(airssys_ext_network_udp_own_udp_socket_t handle) {
    (void)handle;
    fake_note("udp.udp-socket drop");
    fake_close_handle();
}

/* connections */

airssys_ext_network_connections_own_connection_pool_t
airssys_ext_network_connections_constructor_connection_pool(airssys_ext_network_types_pool_options_t *options) {
    fake_note("connections.connection-pool %u %u %u", FAKE_NUMBER(options->max_connections),
              FAKE_NUMBER(options->max_idle_ms), FAKE_NUMBER(options->connect_timeout_ms));
    return (airssys_ext_network_connections_own_connection_pool_t){fake_open_handle()};
}

bool airssys_ext_network_connections_method_connection_pool_acquire(
    airssys_ext_network_connections_borrow_connection_pool_t self, airssys_ext_network_types_endpoint_t *endpoint,
    airssys_ext_network_connections_own_tcp_stream_t *result, net_failure *failure) {
    (void)self;
    fake_note("connections.connection-pool.acquire %S %u", &endpoint->host, FAKE_NUMBER(endpoint->port));
    if (!fake_network_succeeds(failure)) {
        return false;
    }
    result->__handle = fake_open_handle();
    return true;
}

void airssys_ext_network_connections_method_connection_pool_release(
    airssys_ext_network_connections_borrow_connection_pool_t self,
    airssys_ext_network_connections_own_tcp_stream_t connection) {
    (void)self;
    (void)connection;
    fake_note("connections.connection-pool.release");
    fake_close_handle();
}

void airssys_ext_network_connections_method_connection_pool_stats(
    airssys_ext_network_connections_borrow_connection_pool_t self, airssys_ext_network_types_pool_stats_t *result) {
    (void)self;
    fake_note("connections.connection-pool.stats");
    *result = (airssys_ext_network_types_pool_stats_t){3, 2, UINT32_MAX};
}

void airssys_ext_network_connections_connection_pool_drop_own(
    airssys_ext_network_connections_own_connection_pool_t handle) {
    (void)handle;
    fake_note("connections.connection-pool drop");
    fake_close_handle();
}

bool airssys_ext_network_connections_resolve_host(airssys_bindings_string_t *host,
                                                  airssys_ext_network_types_ip_family_t family,
                                                  airssys_ext_network_connections_list_ip_address_t *result,
                                                  net_failure *failure) {
    fake_note("connections.resolve-host %S %u", host, FAKE_NUMBER(family));
    if (!fake_network_succeeds(failure)) {
        return false;
    }
    if (fake_host_answers_empty()) {
        *result = (airssys_ext_network_connections_list_ip_address_t){FAKE_NOWHERE, 0};
        return true;
    }
    airssys_ext_network_types_ip_address_t *addresses = calloc(2, sizeof *addresses);
    addresses[0].tag = AIRSSYS_EXT_NETWORK_TYPES_IP_ADDRESS_IPV4;
    addresses[0].val.ipv4 = (airssys_ext_network_types_ipv4_address_t){127, 0, 0, 1};
    addresses[1] = fake_address().ip;
    *result = (airssys_ext_network_connections_list_ip_address_t){addresses, 2};
    return true;
}

bool airssys_ext_network_connections_reverse_lookup(airssys_ext_network_types_ip_address_t *address,
                                                    airssys_bindings_string_t *result, net_failure *failure) {
    fake_note("connections.reverse-lookup %s", ip_text(address));
    if (!fake_network_succeeds(failure)) {
        return false;
    }
    *result = fake_string("example.com", fake_host_answers_empty() ? 0 : 11);
    return true;
}
