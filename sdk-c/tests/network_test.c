#include <airssys/connections.h>
#include <airssys/tcp.h>
#include <airssys/udp.h>

#include "check.h"
#include "fake_host.h"

/* Has a NUL within, which is for the host to refuse. */
#define HOST {AIRSSYS_STRING_INIT("ex\0ample"), 65535}
#define CONTENT airssys_string_as_bytes(AIRSSYS_STRING(FAKE_BYTES))
#define SEEN_CONTENT \
    "\\0\xFF" \
    "bytes"

static const airssys_endpoint ENDPOINT = HOST;
static const airssys_optional_u32 FOREVER = {false, 0};
static const uint16_t GROUPS[8] = {0x2001, 0xdb8, 0, 0, 0, 0, 0, 0xffff};

static bool is_content(airssys_bytes bytes) {
    return IS(airssys_bytes_as_string(bytes), FAKE_BYTES);
}

static bool is_fake_address(const airssys_socket_address *address) {
    airssys_ip_address expected = airssys_ipv6(GROUPS);
    return address->port == UINT16_MAX && airssys_ip_address_equals(&address->ip, &expected);
}

static airssys_tcp_stream connected(void) {
    airssys_tcp_stream stream;
    CHECK(airssys_tcp_connect(&ENDPOINT, FOREVER, &stream, NULL) == AIRSSYS_OK);
    return stream;
}

static void addresses_are_written_and_compared(void) {
    char buffer[64];
    airssys_socket_address address = {airssys_ipv4(192, 0, 2, 255), 80};
    airssys_string_builder text = airssys_string_builder_over(buffer, sizeof buffer);
    airssys_socket_address_describe(&address, &text);
    CHECK(IS(airssys_string_builder_view(&text), "192.0.2.255:80"));
    address = (airssys_socket_address){airssys_ipv6(GROUPS), 0};
    text = airssys_string_builder_over(buffer, sizeof buffer);
    airssys_socket_address_describe(&address, &text);
    CHECK(IS(airssys_string_builder_view(&text), "[2001:db8:0:0:0:0:0:ffff]:0"));
    airssys_ip_address loopback = airssys_ipv4(127, 0, 0, 1);
    airssys_ip_address other = airssys_ipv4(127, 0, 0, 2);
    CHECK(airssys_ip_address_equals(&loopback, &loopback));
    CHECK(!airssys_ip_address_equals(&loopback, &other));
    CHECK(!airssys_ip_address_equals(&loopback, &address.ip));
}

static void handles_are_closed_once(void) {
    fake_host_reset();
    const airssys_socket_address any = {airssys_ipv4(0, 0, 0, 0), 0};
    const airssys_listen_options options = {UINT32_MAX, true, false};
    const airssys_pool_options limits = {1, 2, UINT32_MAX};
    airssys_tcp_listener listener;
    airssys_tcp_stream stream = connected();
    airssys_tcp_stream accepted;
    airssys_udp_socket socket;
    airssys_connection_pool pool = airssys_connection_pool_new(&limits);
    CHECK(airssys_tcp_listen(&any, &options, &listener, NULL) == AIRSSYS_OK);
    CHECK(airssys_tcp_listener_accept(listener, (airssys_optional_u32){true, 0}, &accepted, NULL) == AIRSSYS_OK);
    CHECK(airssys_udp_bind(&any, &socket, NULL) == AIRSSYS_OK);
    CHECK(fake_host_open_handles() == 5);
    for (int i = 0; i < 2; i++) {
        airssys_tcp_listener_close(&listener);
        airssys_tcp_stream_close(&stream);
        airssys_udp_socket_close(&socket);
        airssys_connection_pool_release(pool, &accepted);
    }
    airssys_connection_pool_close(&pool);
    airssys_connection_pool_close(&pool);
    airssys_tcp_stream_close(&accepted);
    CHECK(fake_host_open_handles() == 0);
    CHECK_TEXT(fake_host_calls(), "tcp.connect ex\\0ample 65535 none\n"
                                  "connections.connection-pool 1 2 4294967295\n"
                                  "tcp.listen 0.0.0.0 0 4294967295 1 0\n"
                                  "tcp.tcp-listener.accept 0\n"
                                  "udp.bind 0.0.0.0 0\n"
                                  "tcp.tcp-listener drop\n"
                                  "tcp.tcp-stream drop\n"
                                  "udp.udp-socket drop\n"
                                  "connections.connection-pool.release\n"
                                  "connections.connection-pool drop\n");

    fake_host_fail_network(AIRSSYS_EXT_NETWORK_TYPES_NETWORK_ERROR_TOO_MANY_SOCKETS);
    CHECK(airssys_tcp_connect(&ENDPOINT, FOREVER, &stream, NULL) == AIRSSYS_TOO_MANY_SOCKETS);
    CHECK(airssys_tcp_listen(&any, &options, &listener, NULL) == AIRSSYS_TOO_MANY_SOCKETS);
    CHECK(airssys_udp_bind(&any, &socket, NULL) == AIRSSYS_TOO_MANY_SOCKETS);
    airssys_tcp_stream_close(&stream);
    airssys_tcp_listener_close(&listener);
    airssys_udp_socket_close(&socket);
    CHECK(fake_host_open_handles() == 0);
    fake_host_reset();
}

static void streams_pass_everything_on(void) {
    airssys_tcp_stream stream = connected();
    fake_host_reset();
    airssys_bytes data;
    uint32_t written;
    airssys_socket_address address;
    airssys_tcp_options options;
    CHECK(airssys_tcp_stream_read(stream, UINT32_MAX, &data, NULL) == AIRSSYS_OK && is_content(data));
    airssys_bytes_free(&data);
    CHECK(airssys_tcp_stream_read_exact(stream, 0, &data, NULL) == AIRSSYS_OK && is_content(data));
    airssys_bytes_free(&data);
    CHECK(airssys_tcp_stream_write(stream, CONTENT, &written, NULL) == AIRSSYS_OK && written == UINT32_MAX);
    CHECK(airssys_tcp_stream_write(stream, CONTENT, NULL, NULL) == AIRSSYS_OK);
    CHECK(airssys_tcp_stream_write_all(stream, CONTENT, NULL) == AIRSSYS_OK);
    CHECK(airssys_tcp_stream_shutdown(stream, AIRSSYS_SHUTDOWN_WRITE, NULL) == AIRSSYS_OK);
    CHECK(airssys_tcp_stream_local_address(stream, &address, NULL) == AIRSSYS_OK && is_fake_address(&address));
    CHECK(airssys_tcp_stream_remote_address(stream, &address, NULL) == AIRSSYS_OK);
    airssys_ip_address expected = airssys_ipv4(192, 0, 2, 255);
    CHECK(address.port == 1 && airssys_ip_address_equals(&address.ip, &expected));
    CHECK(airssys_tcp_stream_get_options(stream, &options, NULL) == AIRSSYS_OK);
    CHECK(options.no_delay && options.keep_alive_ms.value == 1 && options.read_timeout_ms.value == UINT32_MAX);
    CHECK(!options.write_timeout_ms.has_value && options.receive_buffer_bytes.has_value);
    CHECK(airssys_tcp_stream_set_options(stream, &options, NULL) == AIRSSYS_OK);
    airssys_connection_stats stats = airssys_tcp_stream_get_stats(stream);
    CHECK(stats.established.seconds == 7 && stats.established.nanoseconds == 8);
    CHECK(stats.bytes_sent == UINT64_MAX && stats.bytes_received == 9007199254740993);
    CHECK_TEXT(fake_host_calls(), "tcp.tcp-stream.read 4294967295\n"
                                  "tcp.tcp-stream.read-exact 0\n"
                                  "tcp.tcp-stream.write " SEEN_CONTENT "\n"
                                  "tcp.tcp-stream.write " SEEN_CONTENT "\n"
                                  "tcp.tcp-stream.write-all " SEEN_CONTENT "\n"
                                  "tcp.tcp-stream.shutdown 1\n"
                                  "tcp.tcp-stream.local-address\n"
                                  "tcp.tcp-stream.remote-address\n"
                                  "tcp.tcp-stream.options\n"
                                  "tcp.tcp-stream.set-options 1 1 4294967295 none 0 none\n"
                                  "tcp.tcp-stream.stats\n");
    airssys_tcp_stream_close(&stream);
}

static void tls_offers_its_protocols_and_tells_what_was_agreed(void) {
    airssys_tcp_stream stream = connected();
    fake_host_reset();
    static const airssys_string PROTOCOLS[] = {AIRSSYS_STRING_INIT("h2"), AIRSSYS_STRING_INIT("http/1.1")};
    airssys_tls_options options = {AIRSSYS_STRING("example.com"), {PROTOCOLS, 2}};
    airssys_tls_info info;
    CHECK(airssys_tcp_stream_start_tls(stream, &options, &info, NULL) == AIRSSYS_OK);
    CHECK(info.version == AIRSSYS_TLS_1_3 && IS(info.cipher_suite, "suite") && info.alpn.has_value);
    CHECK(IS(info.alpn.value, "h2") && is_content(info.peer_certificate));
    airssys_tls_info_free(&info);
    options.alpn = (airssys_string_list){NULL, 0};
    CHECK(airssys_tcp_stream_start_tls(stream, &options, NULL, NULL) == AIRSSYS_OK);
    CHECK(airssys_tcp_stream_get_tls_info(stream, &info) && IS(info.alpn.value, "h2"));
    airssys_tls_info_free(&info);
    CHECK_TEXT(fake_host_calls(), "tcp.tcp-stream.start-tls example.com\n  h2\n  http/1.1\n"
                                  "tcp.tcp-stream.start-tls example.com\n"
                                  "tcp.tcp-stream.tls-info\n");
    fake_host_answer_empty();
    CHECK(!airssys_tcp_stream_get_tls_info(stream, &info) && info.cipher_suite.ptr == NULL);
    airssys_tls_info_free(&info);
    airssys_tcp_stream_close(&stream);
}

static void datagrams_pass_everything_on(void) {
    const airssys_socket_address remote = {airssys_ipv6(GROUPS), 7};
    const airssys_ip_address group = airssys_ipv4(224, 0, 0, 251);
    airssys_udp_socket socket;
    CHECK(airssys_udp_bind(&remote, &socket, NULL) == AIRSSYS_OK);
    fake_host_reset();
    uint32_t sent;
    airssys_datagram datagram;
    airssys_socket_address address;
    airssys_udp_options options;
    CHECK(airssys_udp_socket_connect(socket, &remote, NULL) == AIRSSYS_OK);
    CHECK(airssys_udp_socket_send(socket, CONTENT, &sent, NULL) == AIRSSYS_OK && sent == UINT32_MAX);
    CHECK(airssys_udp_socket_send_to(socket, (airssys_bytes){NULL, 0}, &remote, NULL, NULL) == AIRSSYS_OK);
    CHECK(airssys_udp_socket_receive(socket, UINT32_MAX, &datagram, NULL) == AIRSSYS_OK);
    CHECK(is_content(datagram.data) && is_fake_address(&datagram.source) && datagram.truncated);
    airssys_datagram_free(&datagram);
    CHECK(airssys_udp_socket_local_address(socket, &address, NULL) == AIRSSYS_OK && is_fake_address(&address));
    CHECK(airssys_udp_socket_get_options(socket, &options, NULL) == AIRSSYS_OK);
    CHECK(options.broadcast && options.time_to_live.value == UINT8_MAX && !options.multicast_loop);
    options.receive_timeout_ms.has_value = false;
    CHECK(airssys_udp_socket_set_options(socket, &options, NULL) == AIRSSYS_OK);
    CHECK(airssys_udp_socket_join_multicast(socket, &group, NULL) == AIRSSYS_OK);
    CHECK(airssys_udp_socket_leave_multicast(socket, &group, NULL) == AIRSSYS_OK);
    CHECK_TEXT(fake_host_calls(), "udp.udp-socket.connect 2001:db8:0:0:0:0:0:ffff 7\n"
                                  "udp.udp-socket.send " SEEN_CONTENT "\n"
                                  "udp.udp-socket.send-to  2001:db8:0:0:0:0:0:ffff 7\n"
                                  "udp.udp-socket.receive 4294967295\n"
                                  "udp.udp-socket.local-address\n"
                                  "udp.udp-socket.options\n"
                                  "udp.udp-socket.set-options 1 255 none 0\n"
                                  "udp.udp-socket.join-multicast 224.0.0.251\n"
                                  "udp.udp-socket.leave-multicast 224.0.0.251\n");
    airssys_udp_socket_close(&socket);
}

static void pools_and_names_pass_everything_on(void) {
    const airssys_pool_options limits = {.max_connections = 1};
    const airssys_ip_address loopback = airssys_ipv4(127, 0, 0, 1);
    airssys_connection_pool pool = airssys_connection_pool_new(&limits);
    fake_host_reset();
    airssys_tcp_stream stream;
    airssys_ip_address_list addresses;
    airssys_string name;
    CHECK(airssys_connection_pool_acquire(pool, &ENDPOINT, &stream, NULL) == AIRSSYS_OK);
    airssys_pool_stats stats = airssys_connection_pool_get_stats(pool);
    CHECK(stats.open == 3 && stats.idle == 2 && stats.waiting == UINT32_MAX);
    CHECK(airssys_connections_resolve_host(ENDPOINT.host, AIRSSYS_IP_FAMILY_ANY, &addresses, NULL) == AIRSSYS_OK);
    CHECK(addresses.len == 2 && airssys_ip_address_equals(&addresses.ptr[0], &loopback));
    CHECK(addresses.ptr[1].kind == AIRSSYS_IPV6 && addresses.ptr[1].ipv6[7] == 0xffff);
    airssys_ip_address_list_free(&addresses);
    CHECK(airssys_connections_reverse_lookup(&loopback, &name, NULL) == AIRSSYS_OK && IS(name, "example.com"));
    airssys_string_free(&name);
    CHECK_TEXT(fake_host_calls(), "connections.connection-pool.acquire ex\\0ample 65535\n"
                                  "connections.connection-pool.stats\n"
                                  "connections.resolve-host ex\\0ample 2\n"
                                  "connections.reverse-lookup 127.0.0.1\n");
    fake_host_answer_empty();
    CHECK(airssys_connections_resolve_host(ENDPOINT.host, AIRSSYS_IP_FAMILY_IPV4, &addresses, NULL) == AIRSSYS_OK);
    airssys_ip_address_list_free(&addresses);
    CHECK(airssys_connections_reverse_lookup(&loopback, &name, NULL) == AIRSSYS_OK && name.ptr == NULL);
    airssys_connection_pool_release(pool, &stream);
    airssys_connection_pool_close(&pool);
}

static void every_error_case_has_its_code(void) {
    static const airssys_code CODES[] = {
        AIRSSYS_PERMISSION_DENIED,     AIRSSYS_CONNECTION_REFUSED,  AIRSSYS_CONNECTION_RESET,
        AIRSSYS_CONNECTION_ABORTED,    AIRSSYS_NOT_CONNECTED,       AIRSSYS_TIMEOUT,
        AIRSSYS_HOST_UNREACHABLE,      AIRSSYS_NETWORK_UNREACHABLE, AIRSSYS_ADDRESS_IN_USE,
        AIRSSYS_ADDRESS_NOT_AVAILABLE, AIRSSYS_NAME_NOT_FOUND,      AIRSSYS_TEMPORARY_RESOLVER_FAILURE,
        AIRSSYS_INVALID_ARGUMENT,      AIRSSYS_UNSUPPORTED,         AIRSSYS_TLS_HANDSHAKE,
        AIRSSYS_CERTIFICATE_INVALID,   AIRSSYS_DATAGRAM_TOO_LARGE,  AIRSSYS_END_OF_STREAM,
        AIRSSYS_POOL_EXHAUSTED,        AIRSSYS_TOO_MANY_SOCKETS,    AIRSSYS_IO,
    };
    static const char *const NAMES[] = {
        "permission-denied",     "connection-refused",  "connection-reset",
        "connection-aborted",    "not-connected",       "timeout",
        "host-unreachable",      "network-unreachable", "address-in-use",
        "address-not-available", "name-not-found",      "temporary-resolver-failure",
        "invalid-argument",      "unsupported",         "tls-handshake",
        "certificate-invalid",   "datagram-too-large",  "end-of-stream",
        "pool-exhausted",        "too-many-sockets",    "io",
    };
    airssys_tcp_stream stream = connected();
    for (uint8_t tag = 0; tag < sizeof CODES / sizeof *CODES; tag++) {
        fake_host_reset();
        fake_host_fail_network(tag);
        airssys_error error;
        airssys_bytes data;
        CHECK(airssys_tcp_stream_read_exact(stream, 1, &data, &error) == CODES[tag]);
        CHECK(error.code == CODES[tag] && data.ptr == NULL && data.len == 0);
        CHECK_TEXT(airssys_code_name(error.code), NAMES[tag]);
        CHECK(IS(error.denial.missing, FAKE_MISSING) == (CODES[tag] == AIRSSYS_PERMISSION_DENIED));
        CHECK(error.received == (CODES[tag] == AIRSSYS_END_OF_STREAM ? UINT64_MAX : 0));
        CHECK(error.text.len == 0 || IS(error.text, FAKE_TEXT));
        airssys_error_free(&error);
        CHECK(error.code == AIRSSYS_OK && error.text.ptr == NULL);
        /* Nobody asks for the details: they must not leak. */
        CHECK(airssys_tcp_stream_write_all(stream, CONTENT, NULL) == CODES[tag]);
    }
    fake_host_reset();
    airssys_tcp_stream_close(&stream);
}

static void an_error_tells_what_it_carries(void) {
    char buffer[64];
    airssys_string_builder text = airssys_string_builder_over(buffer, sizeof buffer);
    airssys_error error = {.code = AIRSSYS_END_OF_STREAM, .received = 5};
    airssys_error_describe(&error, &text);
    CHECK(IS(airssys_string_builder_view(&text), "end-of-stream: after 5 bytes"));
}

/* The host would trap on such text. */
static void text_that_is_not_utf8_never_reaches_the_host(void) {
    airssys_tcp_stream stream = connected();
    const airssys_connection_pool pool = {1};
    fake_host_reset();
    const airssys_endpoint bad = {AIRSSYS_STRING("\xFF"), 1};
    const airssys_tls_options bad_name = {.server_name = bad.host};
    const airssys_tls_options bad_protocol = {AIRSSYS_STRING("example.com"), {&bad.host, 1}};
    airssys_tcp_stream none;
    airssys_ip_address_list addresses;
    airssys_error error;
    CHECK(airssys_tcp_connect(&bad, FOREVER, &none, &error) == AIRSSYS_INVALID_ARGUMENT);
    CHECK(IS(error.text, "the host is not UTF-8") && none.handle == 0);
    airssys_error_free(&error);
    CHECK(airssys_connection_pool_acquire(pool, &bad, &none, NULL) == AIRSSYS_INVALID_ARGUMENT);
    CHECK(airssys_connections_resolve_host(bad.host, AIRSSYS_IP_FAMILY_ANY, &addresses, NULL) ==
          AIRSSYS_INVALID_ARGUMENT);
    CHECK(airssys_tcp_stream_start_tls(stream, &bad_name, NULL, NULL) == AIRSSYS_INVALID_ARGUMENT);
    CHECK(airssys_tcp_stream_start_tls(stream, &bad_protocol, NULL, NULL) == AIRSSYS_INVALID_ARGUMENT);
    CHECK_TEXT(fake_host_calls(), "");
    airssys_tcp_stream_close(&stream);
}

int main(void) {
    addresses_are_written_and_compared();
    handles_are_closed_once();
    streams_pass_everything_on();
    tls_offers_its_protocols_and_tells_what_was_agreed();
    datagrams_pass_everything_on();
    pools_and_names_pass_everything_on();
    every_error_case_has_its_code();
    an_error_tells_what_it_carries();
    text_that_is_not_utf8_never_reaches_the_host();
    return CHECK_RESULT;
}
