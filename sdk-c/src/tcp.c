#include <airssys/tcp.h>

#include <assert.h>
#include <stdlib.h>

#include "network_conversions.h"

#ifdef AIRSSYS_EXT_NETWORK_TYPES_NETWORK_ERROR_IO
static_assert((int)AIRSSYS_SHUTDOWN_READ == AIRSSYS_EXT_NETWORK_TYPES_SHUTDOWN_DIRECTION_READ &&
                  (int)AIRSSYS_SHUTDOWN_WRITE == AIRSSYS_EXT_NETWORK_TYPES_SHUTDOWN_DIRECTION_WRITE &&
                  (int)AIRSSYS_SHUTDOWN_BOTH == AIRSSYS_EXT_NETWORK_TYPES_SHUTDOWN_DIRECTION_BOTH &&
                  (int)AIRSSYS_TLS_1_2 == AIRSSYS_EXT_NETWORK_TYPES_TLS_VERSION_TLS12 &&
                  (int)AIRSSYS_TLS_1_3 == AIRSSYS_EXT_NETWORK_TYPES_TLS_VERSION_TLS13,
              "enumerations are in the contract's order");

static airssys_ext_network_tcp_borrow_tcp_stream_t borrow(airssys_tcp_stream stream) {
    return (airssys_ext_network_tcp_borrow_tcp_stream_t){stream.handle};
}

static airssys_ext_network_tcp_borrow_tcp_listener_t borrow_listener(airssys_tcp_listener listener) {
    return (airssys_ext_network_tcp_borrow_tcp_listener_t){listener.handle};
}

airssys_code airssys_tcp_connect(const airssys_endpoint *endpoint, airssys_optional_u32 timeout_ms,
                                 airssys_tcp_stream *stream, airssys_error *error) {
    *stream = (airssys_tcp_stream){0};
    if (!airssys_internal_accept_text(endpoint->host, "the host", error)) {
        return AIRSSYS_INVALID_ARGUMENT;
    }
    airssys_ext_network_types_endpoint_t lent = airssys_internal_lend_endpoint(endpoint);
    airssys_ext_network_tcp_own_tcp_stream_t connected;
    network_failure failure;
    if (!airssys_ext_network_tcp_connect(&lent, timeout_ms.has_value ? &timeout_ms.value : NULL, &connected,
                                         &failure)) {
        return airssys_internal_take_network_error(&failure, error);
    }
    stream->handle = connected.__handle;
    return airssys_internal_succeed(error);
}

airssys_code airssys_tcp_listen(const airssys_socket_address *address, const airssys_listen_options *options,
                                airssys_tcp_listener *listener, airssys_error *error) {
    *listener = (airssys_tcp_listener){0};
    airssys_ext_network_types_socket_address_t given = airssys_internal_give_socket_address(address);
    airssys_ext_network_types_listen_options_t given_options = {options->backlog, options->reuse_address,
                                                                options->ipv6_only};
    airssys_ext_network_tcp_own_tcp_listener_t listening;
    network_failure failure;
    if (!airssys_ext_network_tcp_listen(&given, &given_options, &listening, &failure)) {
        return airssys_internal_take_network_error(&failure, error);
    }
    listener->handle = listening.__handle;
    return airssys_internal_succeed(error);
}

airssys_code airssys_tcp_listener_accept(airssys_tcp_listener listener, airssys_optional_u32 timeout_ms,
                                         airssys_tcp_stream *stream, airssys_error *error) {
    *stream = (airssys_tcp_stream){0};
    airssys_ext_network_tcp_own_tcp_stream_t accepted;
    network_failure failure;
    if (!airssys_ext_network_tcp_method_tcp_listener_accept(
            borrow_listener(listener), timeout_ms.has_value ? &timeout_ms.value : NULL, &accepted, &failure)) {
        return airssys_internal_take_network_error(&failure, error);
    }
    stream->handle = accepted.__handle;
    return airssys_internal_succeed(error);
}

/* Takes the address that an import gave, or an empty one if it failed. */
static airssys_code finish_address(bool succeeded, const airssys_ext_network_types_socket_address_t *found,
                                   network_failure *failure, airssys_socket_address *address, airssys_error *error) {
    *address = succeeded ? airssys_internal_take_socket_address(found) : (airssys_socket_address){.ip = {AIRSSYS_IPV4}};
    return airssys_internal_finish_network(succeeded, failure, error);
}

airssys_code airssys_tcp_listener_local_address(airssys_tcp_listener listener, airssys_socket_address *address,
                                                airssys_error *error) {
    airssys_ext_network_types_socket_address_t found;
    network_failure failure;
    bool succeeded =
        airssys_ext_network_tcp_method_tcp_listener_local_address(borrow_listener(listener), &found, &failure);
    return finish_address(succeeded, &found, &failure, address, error);
}

void airssys_tcp_listener_close(airssys_tcp_listener *listener) {
    if (listener->handle != 0) {
        airssys_ext_network_tcp_tcp_listener_drop_own((airssys_ext_network_tcp_own_tcp_listener_t){listener->handle});
        listener->handle = 0;
    }
}

airssys_code airssys_tcp_stream_read(airssys_tcp_stream stream, uint32_t max_bytes, airssys_bytes *data,
                                     airssys_error *error) {
    *data = (airssys_bytes){NULL, 0};
    airssys_bindings_list_u8_t found;
    network_failure failure;
    if (!airssys_ext_network_tcp_method_tcp_stream_read(borrow(stream), max_bytes, &found, &failure)) {
        return airssys_internal_take_network_error(&failure, error);
    }
    *data = airssys_internal_take_bytes(found);
    return airssys_internal_succeed(error);
}

airssys_code airssys_tcp_stream_read_exact(airssys_tcp_stream stream, uint32_t length, airssys_bytes *data,
                                           airssys_error *error) {
    *data = (airssys_bytes){NULL, 0};
    airssys_bindings_list_u8_t found;
    network_failure failure;
    if (!airssys_ext_network_tcp_method_tcp_stream_read_exact(borrow(stream), length, &found, &failure)) {
        return airssys_internal_take_network_error(&failure, error);
    }
    *data = airssys_internal_take_bytes(found);
    return airssys_internal_succeed(error);
}

airssys_code airssys_tcp_stream_write(airssys_tcp_stream stream, airssys_bytes data, uint32_t *written,
                                      airssys_error *error) {
    airssys_bindings_list_u8_t lent = airssys_internal_lend_bytes(data);
    uint32_t count = 0;
    network_failure failure;
    bool succeeded = airssys_ext_network_tcp_method_tcp_stream_write(borrow(stream), &lent, &count, &failure);
    if (written != NULL) {
        *written = succeeded ? count : 0;
    }
    return airssys_internal_finish_network(succeeded, &failure, error);
}

airssys_code airssys_tcp_stream_write_all(airssys_tcp_stream stream, airssys_bytes data, airssys_error *error) {
    airssys_bindings_list_u8_t lent = airssys_internal_lend_bytes(data);
    network_failure failure;
    bool succeeded = airssys_ext_network_tcp_method_tcp_stream_write_all(borrow(stream), &lent, &failure);
    return airssys_internal_finish_network(succeeded, &failure, error);
}

airssys_code airssys_tcp_stream_shutdown(airssys_tcp_stream stream, airssys_shutdown_direction direction,
                                         airssys_error *error) {
    network_failure failure;
    bool succeeded = airssys_ext_network_tcp_method_tcp_stream_shutdown(
        borrow(stream), (airssys_ext_network_types_shutdown_direction_t)direction, &failure);
    return airssys_internal_finish_network(succeeded, &failure, error);
}

airssys_code airssys_tcp_stream_local_address(airssys_tcp_stream stream, airssys_socket_address *address,
                                              airssys_error *error) {
    airssys_ext_network_types_socket_address_t found;
    network_failure failure;
    bool succeeded = airssys_ext_network_tcp_method_tcp_stream_local_address(borrow(stream), &found, &failure);
    return finish_address(succeeded, &found, &failure, address, error);
}

airssys_code airssys_tcp_stream_remote_address(airssys_tcp_stream stream, airssys_socket_address *address,
                                               airssys_error *error) {
    airssys_ext_network_types_socket_address_t found;
    network_failure failure;
    bool succeeded = airssys_ext_network_tcp_method_tcp_stream_remote_address(borrow(stream), &found, &failure);
    return finish_address(succeeded, &found, &failure, address, error);
}

airssys_code airssys_tcp_stream_get_options(airssys_tcp_stream stream, airssys_tcp_options *options,
                                            airssys_error *error) {
    *options = (airssys_tcp_options){.no_delay = false};
    airssys_ext_network_types_tcp_options_t found;
    network_failure failure;
    if (!airssys_ext_network_tcp_method_tcp_stream_options(borrow(stream), &found, &failure)) {
        return airssys_internal_take_network_error(&failure, error);
    }
    *options = (airssys_tcp_options){
        .no_delay = found.no_delay,
        .keep_alive_ms = airssys_internal_take_optional_u32(found.keep_alive_ms),
        .read_timeout_ms = airssys_internal_take_optional_u32(found.read_timeout_ms),
        .write_timeout_ms = airssys_internal_take_optional_u32(found.write_timeout_ms),
        .receive_buffer_bytes = airssys_internal_take_optional_u32(found.receive_buffer_bytes),
        .send_buffer_bytes = airssys_internal_take_optional_u32(found.send_buffer_bytes),
    };
    return airssys_internal_succeed(error);
}

airssys_code airssys_tcp_stream_set_options(airssys_tcp_stream stream, const airssys_tcp_options *options,
                                            airssys_error *error) {
    airssys_ext_network_types_tcp_options_t given = {
        .no_delay = options->no_delay,
        .keep_alive_ms = airssys_internal_give_optional_u32(options->keep_alive_ms),
        .read_timeout_ms = airssys_internal_give_optional_u32(options->read_timeout_ms),
        .write_timeout_ms = airssys_internal_give_optional_u32(options->write_timeout_ms),
        .receive_buffer_bytes = airssys_internal_give_optional_u32(options->receive_buffer_bytes),
        .send_buffer_bytes = airssys_internal_give_optional_u32(options->send_buffer_bytes),
    };
    network_failure failure;
    bool succeeded = airssys_ext_network_tcp_method_tcp_stream_set_options(borrow(stream), &given, &failure);
    return airssys_internal_finish_network(succeeded, &failure, error);
}

airssys_connection_stats airssys_tcp_stream_get_stats(airssys_tcp_stream stream) {
    airssys_ext_network_types_connection_stats_t found;
    airssys_ext_network_tcp_method_tcp_stream_stats(borrow(stream), &found);
    return (airssys_connection_stats){airssys_internal_timestamp(found.established), found.bytes_sent,
                                      found.bytes_received};
}

void airssys_tls_info_free(airssys_tls_info *info) {
    airssys_string_free(&info->cipher_suite);
    airssys_string_free(&info->alpn.value);
    airssys_bytes_free(&info->peer_certificate);
    *info = (airssys_tls_info){.version = AIRSSYS_TLS_1_2};
}

static airssys_tls_info take_tls_info(const airssys_ext_network_types_tls_info_t *info) {
    return (airssys_tls_info){
        .version = (airssys_tls_version)info->version,
        .cipher_suite = airssys_internal_take_string(info->cipher_suite),
        .alpn = airssys_internal_take_optional_string(info->alpn),
        .peer_certificate = airssys_internal_take_bytes(info->peer_certificate),
    };
}

airssys_code airssys_tcp_stream_start_tls(airssys_tcp_stream stream, const airssys_tls_options *options,
                                          airssys_tls_info *info, airssys_error *error) {
    if (info != NULL) {
        *info = (airssys_tls_info){.version = AIRSSYS_TLS_1_2};
    }
    if (!airssys_internal_accept_text(options->server_name, "the server name", error) ||
        !airssys_internal_accept_texts(options->alpn, "an application protocol", error)) {
        return AIRSSYS_INVALID_ARGUMENT;
    }
    airssys_ext_network_types_tls_options_t lent = {
        airssys_internal_lend_string(options->server_name),
        airssys_internal_lend_string_list(options->alpn),
    };
    airssys_ext_network_types_tls_info_t agreed;
    network_failure failure;
    bool succeeded = airssys_ext_network_tcp_method_tcp_stream_start_tls(borrow(stream), &lent, &agreed, &failure);
    free(lent.alpn.ptr);
    if (!succeeded) {
        return airssys_internal_take_network_error(&failure, error);
    }
    airssys_tls_info taken = take_tls_info(&agreed);
    if (info != NULL) {
        *info = taken;
    } else {
        airssys_tls_info_free(&taken);
    }
    return airssys_internal_succeed(error);
}

bool airssys_tcp_stream_get_tls_info(airssys_tcp_stream stream, airssys_tls_info *info) {
    *info = (airssys_tls_info){.version = AIRSSYS_TLS_1_2};
    airssys_ext_network_types_tls_info_t agreed;
    if (!airssys_ext_network_tcp_method_tcp_stream_tls_info(borrow(stream), &agreed)) {
        return false;
    }
    *info = take_tls_info(&agreed);
    return true;
}

void airssys_tcp_stream_close(airssys_tcp_stream *stream) {
    if (stream->handle != 0) {
        airssys_ext_network_tcp_tcp_stream_drop_own((airssys_ext_network_tcp_own_tcp_stream_t){stream->handle});
        stream->handle = 0;
    }
}
#endif
