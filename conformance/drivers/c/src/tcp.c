/* The export tcp: each function forwards to the SDK, and the driver's own resources hold the SDK's handles. */
#include <stdlib.h>

#include "network_convert.h"

typedef exports_airssys_ext_network_tcp_tcp_stream_t exported_stream;
typedef exports_airssys_ext_network_tcp_tcp_listener_t exported_listener;

struct exports_airssys_ext_network_tcp_tcp_listener_t {
    airssys_tcp_listener listener;
};

void exports_airssys_ext_network_tcp_tcp_stream_destructor(exported_stream *self) {
    airssys_tcp_stream_close(&self->stream);
    free(self);
}

void exports_airssys_ext_network_tcp_tcp_listener_destructor(exported_listener *self) {
    airssys_tcp_listener_close(&self->listener);
    free(self);
}

bool exports_airssys_ext_network_tcp_connect(airssys_ext_network_types_endpoint_t *endpoint, uint32_t *timeout_ms,
                                             exports_airssys_ext_network_tcp_own_tcp_stream_t *result,
                                             network_failure *failure) {
    airssys_endpoint viewed = view_endpoint(endpoint);
    airssys_tcp_stream stream;
    airssys_error error;
    airssys_code code = airssys_tcp_connect(&viewed, view_u32_parameter(timeout_ms), &stream, &error);
    airssys_ext_network_types_endpoint_free(endpoint);
    if (code == AIRSSYS_OK) {
        *result = give_stream(stream);
    }
    return finish_network(code, &error, failure);
}

bool exports_airssys_ext_network_tcp_listen(airssys_ext_network_types_socket_address_t *address,
                                            airssys_ext_network_types_listen_options_t *options,
                                            exports_airssys_ext_network_tcp_own_tcp_listener_t *result,
                                            network_failure *failure) {
    airssys_socket_address viewed = view_socket_address(address);
    airssys_listen_options viewed_options = {options->backlog, options->reuse_address, options->ipv6_only};
    airssys_tcp_listener listener;
    airssys_error error;
    airssys_code code = airssys_tcp_listen(&viewed, &viewed_options, &listener, &error);
    if (code == AIRSSYS_OK) {
        exported_listener *exported = allocate(1, sizeof *exported);
        exported->listener = listener;
        *result = exports_airssys_ext_network_tcp_tcp_listener_new(exported);
    }
    return finish_network(code, &error, failure);
}

bool exports_airssys_ext_network_tcp_method_tcp_listener_accept(
    exported_listener *self, uint32_t *timeout_ms, exports_airssys_ext_network_tcp_own_tcp_stream_t *result,
    network_failure *failure) {
    airssys_tcp_stream stream;
    airssys_error error;
    airssys_code code = airssys_tcp_listener_accept(self->listener, view_u32_parameter(timeout_ms), &stream, &error);
    if (code == AIRSSYS_OK) {
        *result = give_stream(stream);
    }
    return finish_network(code, &error, failure);
}

bool exports_airssys_ext_network_tcp_method_tcp_listener_local_address(
    exported_listener *self, airssys_ext_network_types_socket_address_t *result, network_failure *failure) {
    airssys_socket_address address;
    airssys_error error;
    airssys_code code = airssys_tcp_listener_local_address(self->listener, &address, &error);
    *result = give_socket_address(&address);
    return finish_network(code, &error, failure);
}

bool exports_airssys_ext_network_tcp_method_tcp_stream_read(exported_stream *self, uint32_t max_bytes,
                                                            airssys_bindings_list_u8_t *result,
                                                            network_failure *failure) {
    airssys_bytes data;
    airssys_error error;
    airssys_code code = airssys_tcp_stream_read(self->stream, max_bytes, &data, &error);
    *result = give_bytes(data);
    return finish_network(code, &error, failure);
}

bool exports_airssys_ext_network_tcp_method_tcp_stream_read_exact(exported_stream *self, uint32_t length,
                                                                  airssys_bindings_list_u8_t *result,
                                                                  network_failure *failure) {
    airssys_bytes data;
    airssys_error error;
    airssys_code code = airssys_tcp_stream_read_exact(self->stream, length, &data, &error);
    *result = give_bytes(data);
    return finish_network(code, &error, failure);
}

bool exports_airssys_ext_network_tcp_method_tcp_stream_write(exported_stream *self, airssys_bindings_list_u8_t *data,
                                                             uint32_t *result, network_failure *failure) {
    airssys_error error;
    airssys_code code = airssys_tcp_stream_write(self->stream, view_bytes(data), result, &error);
    airssys_bindings_list_u8_free(data);
    return finish_network(code, &error, failure);
}

bool exports_airssys_ext_network_tcp_method_tcp_stream_write_all(exported_stream *self,
                                                                 airssys_bindings_list_u8_t *data,
                                                                 network_failure *failure) {
    airssys_error error;
    airssys_code code = airssys_tcp_stream_write_all(self->stream, view_bytes(data), &error);
    airssys_bindings_list_u8_free(data);
    return finish_network(code, &error, failure);
}

bool exports_airssys_ext_network_tcp_method_tcp_stream_shutdown(
    exported_stream *self, airssys_ext_network_types_shutdown_direction_t direction, network_failure *failure) {
    static const airssys_shutdown_direction DIRECTIONS[] = {
        [AIRSSYS_EXT_NETWORK_TYPES_SHUTDOWN_DIRECTION_READ] = AIRSSYS_SHUTDOWN_READ,
        [AIRSSYS_EXT_NETWORK_TYPES_SHUTDOWN_DIRECTION_WRITE] = AIRSSYS_SHUTDOWN_WRITE,
        [AIRSSYS_EXT_NETWORK_TYPES_SHUTDOWN_DIRECTION_BOTH] = AIRSSYS_SHUTDOWN_BOTH,
    };
    airssys_error error;
    airssys_code code = airssys_tcp_stream_shutdown(self->stream, DIRECTIONS[direction], &error);
    return finish_network(code, &error, failure);
}

bool exports_airssys_ext_network_tcp_method_tcp_stream_local_address(exported_stream *self,
                                                                     airssys_ext_network_types_socket_address_t *result,
                                                                     network_failure *failure) {
    airssys_socket_address address;
    airssys_error error;
    airssys_code code = airssys_tcp_stream_local_address(self->stream, &address, &error);
    *result = give_socket_address(&address);
    return finish_network(code, &error, failure);
}

bool exports_airssys_ext_network_tcp_method_tcp_stream_remote_address(
    exported_stream *self, airssys_ext_network_types_socket_address_t *result, network_failure *failure) {
    airssys_socket_address address;
    airssys_error error;
    airssys_code code = airssys_tcp_stream_remote_address(self->stream, &address, &error);
    *result = give_socket_address(&address);
    return finish_network(code, &error, failure);
}

bool exports_airssys_ext_network_tcp_method_tcp_stream_options(exported_stream *self,
                                                               airssys_ext_network_types_tcp_options_t *result,
                                                               network_failure *failure) {
    airssys_tcp_options options;
    airssys_error error;
    airssys_code code = airssys_tcp_stream_get_options(self->stream, &options, &error);
    *result = (airssys_ext_network_types_tcp_options_t){
        .no_delay = options.no_delay,
        .keep_alive_ms = give_optional_u32(options.keep_alive_ms),
        .read_timeout_ms = give_optional_u32(options.read_timeout_ms),
        .write_timeout_ms = give_optional_u32(options.write_timeout_ms),
        .receive_buffer_bytes = give_optional_u32(options.receive_buffer_bytes),
        .send_buffer_bytes = give_optional_u32(options.send_buffer_bytes),
    };
    return finish_network(code, &error, failure);
}

bool exports_airssys_ext_network_tcp_method_tcp_stream_set_options(exported_stream *self,
                                                                   airssys_ext_network_types_tcp_options_t *options,
                                                                   network_failure *failure) {
    airssys_tcp_options viewed = {
        .no_delay = options->no_delay,
        .keep_alive_ms = view_optional_u32(options->keep_alive_ms),
        .read_timeout_ms = view_optional_u32(options->read_timeout_ms),
        .write_timeout_ms = view_optional_u32(options->write_timeout_ms),
        .receive_buffer_bytes = view_optional_u32(options->receive_buffer_bytes),
        .send_buffer_bytes = view_optional_u32(options->send_buffer_bytes),
    };
    airssys_error error;
    airssys_code code = airssys_tcp_stream_set_options(self->stream, &viewed, &error);
    return finish_network(code, &error, failure);
}

void exports_airssys_ext_network_tcp_method_tcp_stream_stats(exported_stream *self,
                                                             airssys_ext_network_types_connection_stats_t *result) {
    airssys_connection_stats stats = airssys_tcp_stream_get_stats(self->stream);
    *result = (airssys_ext_network_types_connection_stats_t){
        give_timestamp(stats.established),
        stats.bytes_sent,
        stats.bytes_received,
    };
}

static airssys_ext_network_types_tls_info_t give_tls_info(const airssys_tls_info *info) {
    airssys_ext_network_types_tls_info_t given = {
        .version = info->version == AIRSSYS_TLS_1_3 ? AIRSSYS_EXT_NETWORK_TYPES_TLS_VERSION_TLS13
                                                    : AIRSSYS_EXT_NETWORK_TYPES_TLS_VERSION_TLS12,
        .cipher_suite = give_string(info->cipher_suite),
        .alpn = {.is_some = info->alpn.has_value},
        .peer_certificate = give_bytes(info->peer_certificate),
    };
    if (info->alpn.has_value) {
        given.alpn.val = give_string(info->alpn.value);
    }
    return given;
}

bool exports_airssys_ext_network_tcp_method_tcp_stream_start_tls(exported_stream *self,
                                                                 airssys_ext_network_types_tls_options_t *options,
                                                                 airssys_ext_network_types_tls_info_t *result,
                                                                 network_failure *failure) {
    airssys_tls_options viewed = {view_string(&options->server_name), view_string_list(&options->alpn)};
    airssys_tls_info info;
    airssys_error error;
    airssys_code code = airssys_tcp_stream_start_tls(self->stream, &viewed, &info, &error);
    free((void *)viewed.alpn.ptr);
    airssys_ext_network_types_tls_options_free(options);
    *result = give_tls_info(&info);
    return finish_network(code, &error, failure);
}

bool exports_airssys_ext_network_tcp_method_tcp_stream_tls_info(exported_stream *self,
                                                                airssys_ext_network_types_tls_info_t *result) {
    airssys_tls_info info;
    bool has_started = airssys_tcp_stream_get_tls_info(self->stream, &info);
    *result = give_tls_info(&info);
    return has_started;
}
