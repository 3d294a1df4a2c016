/* Connections to servers that the test writes: functions from what was sent to what comes back. */
#include <stdlib.h>
#include <string.h>

#include "../network_conversions.h"
#include "permissions.h"

/* As the host has it. */
enum { MAX_READ_BYTES = 16 << 20 };

/* On the side of the component: the first of the ports that nobody can claim. */
enum { CLIENT_PORT = 49152 };

typedef struct fake_server {
    airssys_endpoint endpoint; /* kept */
    bool denied;
    airssys_fake_server_function *answer; /* NULL if it was only denied */
    void *data;
} fake_server;

/* What it points to is kept by the fake. */
typedef struct fake_stream {
    const fake_server *server;
    airssys_bytes unanswered; /* what the component has sent since the last answer */
    airssys_bytes answered;   /* what it has not received of the answer */
    bool reading_ended;
    bool writing_ended;
    bool tls_started;
    airssys_optional_string alpn;
    airssys_ext_network_types_tcp_options_t options;
    airssys_ext_network_types_connection_stats_t stats;
} fake_stream;

static fake_server *find_server(airssys_fake_host *host, airssys_string name, uint16_t port) {
    for (size_t i = 0; i < host->servers.count; i++) {
        fake_server *server = host->servers.items[i];
        if (server->endpoint.port == port && airssys_string_equals(server->endpoint.host, name)) {
            return server;
        }
    }
    return NULL;
}

static fake_server *put_server(airssys_fake_host *host, const airssys_endpoint *endpoint) {
    fake_server *server = find_server(host, endpoint->host, endpoint->port);
    if (server == NULL) {
        server = airssys_fake_keep(host, sizeof *server);
        server->endpoint = (airssys_endpoint){airssys_fake_keep_string(host, endpoint->host), endpoint->port};
        airssys_fake_list_add(&host->servers, server);
    }
    return server;
}

void airssys_fake_host_add_server(airssys_fake_host *host, const airssys_endpoint *endpoint,
                                  airssys_fake_server_function *answer, void *data) {
    fake_server *server = put_server(host, endpoint);
    server->answer = answer;
    server->data = data;
}

void airssys_fake_host_deny_endpoint(airssys_fake_host *host, const airssys_endpoint *endpoint) {
    put_server(host, endpoint)->denied = true;
}

bool airssys_ext_network_tcp_connect(airssys_ext_network_types_endpoint_t *endpoint, uint32_t *timeout_ms,
                                     airssys_ext_network_tcp_own_tcp_stream_t *result, fake_network_failure *failure) {
    (void)timeout_ms;
    airssys_fake_host *host = airssys_fake_current("tcp.connect");
    airssys_string name = airssys_fake_see_string(endpoint->host);
    if (name.len == 0 || memchr(name.ptr, '\0', name.len) != NULL || endpoint->port == 0) {
        failure->tag = AIRSSYS_EXT_NETWORK_TYPES_NETWORK_ERROR_INVALID_ARGUMENT;
        failure->val.invalid_argument =
            airssys_fake_give_string(AIRSSYS_STRING("the host is no name, or the port is 0"));
        return false;
    }
    const fake_server *server = find_server(host, name, endpoint->port);
    const fake_access access = {
        .kind = FAKE_NETWORK, .action = "outbound", .subject = name, .has_port = true, .port = endpoint->port};
    airssys_core_capabilities_permission_denial_t denial;
    if (!airssys_fake_decide(host, "ext-network/tcp.connect", &access, server != NULL && server->denied, &denial)) {
        failure->tag = AIRSSYS_EXT_NETWORK_TYPES_NETWORK_ERROR_PERMISSION_DENIED;
        failure->val.permission_denied = denial;
        return false;
    }
    if (server == NULL || server->answer == NULL) {
        return airssys_fake_refuse_network(
            failure, "the testing kit has no network, and airssys_fake_host_add_server was not told of this server");
    }
    fake_stream *stream = airssys_fake_keep(host, sizeof *stream);
    stream->server = server;
    stream->stats.established = (airssys_core_types_timestamp_t){host->now.seconds, host->now.nanoseconds};
    airssys_fake_list_add(&host->streams, stream);
    result->__handle = (int32_t)host->streams.count;
    return true;
}

static fake_stream **slot_of(const char *operation, int32_t handle) {
    airssys_fake_host *host = airssys_fake_current(operation);
    if (handle < 1 || (size_t)handle > host->streams.count || host->streams.items[handle - 1] == NULL) {
        airssys_fake_mistake("%s was called with a handle that is not open", operation);
    }
    return (fake_stream **)&host->streams.items[handle - 1];
}

typedef airssys_ext_network_tcp_borrow_tcp_stream_t stream_handle;

static fake_stream *stream_of(const char *operation, stream_handle handle) {
    return *slot_of(operation, handle.__handle);
}

void airssys_ext_network_tcp_tcp_stream_drop_own(airssys_ext_network_tcp_own_tcp_stream_t handle) {
    *slot_of("tcp.tcp-stream drop", handle.__handle) = NULL;
}

/* Gives what there is, at most this much, and lets the server answer if there is nothing. */
static airssys_bytes take(fake_stream *stream, size_t length) {
    if (stream->reading_ended || length == 0) {
        return (airssys_bytes){NULL, 0};
    }
    if (stream->answered.len == 0 && stream->unanswered.len > 0) {
        airssys_bytes sent = stream->unanswered;
        stream->unanswered = (airssys_bytes){NULL, 0};
        stream->answered = airssys_fake_keep_bytes(airssys_fake_current("tcp.tcp-stream.read"),
                                                   stream->server->answer(stream->server->data, sent));
    }
    airssys_bytes taken = {stream->answered.ptr, length < stream->answered.len ? length : stream->answered.len};
    stream->answered.ptr += taken.len;
    stream->answered.len -= taken.len;
    stream->stats.bytes_received += taken.len;
    return taken;
}

bool airssys_ext_network_tcp_method_tcp_stream_read(stream_handle self, uint32_t max_bytes,
                                                    airssys_bindings_list_u8_t *result, fake_network_failure *failure) {
    (void)failure;
    fake_stream *stream = stream_of("tcp.tcp-stream.read", self);
    *result = airssys_fake_give_bytes(take(stream, max_bytes < MAX_READ_BYTES ? max_bytes : MAX_READ_BYTES));
    return true;
}

bool airssys_ext_network_tcp_method_tcp_stream_read_exact(stream_handle self, uint32_t length,
                                                          airssys_bindings_list_u8_t *result,
                                                          fake_network_failure *failure) {
    fake_stream *stream = stream_of("tcp.tcp-stream.read-exact", self);
    if (length > MAX_READ_BYTES) {
        failure->tag = AIRSSYS_EXT_NETWORK_TYPES_NETWORK_ERROR_INVALID_ARGUMENT;
        failure->val.invalid_argument = airssys_fake_give_string(AIRSSYS_STRING("the length is above the limit"));
        return false;
    }
    uint8_t *data = airssys_internal_allocate(length, 1);
    size_t count = 0;
    while (count < length) {
        airssys_bytes piece = take(stream, length - count);
        if (piece.len == 0) {
            free(data);
            failure->tag = AIRSSYS_EXT_NETWORK_TYPES_NETWORK_ERROR_END_OF_STREAM;
            failure->val.end_of_stream = count;
            return false;
        }
        memcpy(data + count, piece.ptr, piece.len);
        count += piece.len;
    }
    *result = (airssys_bindings_list_u8_t){length > 0 ? data : FAKE_NOWHERE, length};
    return true;
}

static bool put(fake_stream *stream, const airssys_bindings_list_u8_t *data, fake_network_failure *failure) {
    if (stream->writing_ended) {
        failure->tag = AIRSSYS_EXT_NETWORK_TYPES_NETWORK_ERROR_NOT_CONNECTED;
        return false;
    }
    size_t before = stream->unanswered.len;
    uint8_t *joined = airssys_fake_keep(airssys_fake_current("tcp.tcp-stream.write"), before + data->len);
    if (before > 0) {
        memcpy(joined, stream->unanswered.ptr, before);
    }
    if (data->len > 0) {
        memcpy(joined + before, data->ptr, data->len);
    }
    stream->unanswered = (airssys_bytes){joined, before + data->len};
    stream->stats.bytes_sent += data->len;
    return true;
}

bool airssys_ext_network_tcp_method_tcp_stream_write(stream_handle self, airssys_bindings_list_u8_t *data,
                                                     uint32_t *result, fake_network_failure *failure) {
    *result = (uint32_t)data->len;
    return put(stream_of("tcp.tcp-stream.write", self), data, failure);
}

bool airssys_ext_network_tcp_method_tcp_stream_write_all(stream_handle self, airssys_bindings_list_u8_t *data,
                                                         fake_network_failure *failure) {
    return put(stream_of("tcp.tcp-stream.write-all", self), data, failure);
}

bool airssys_ext_network_tcp_method_tcp_stream_shutdown(stream_handle self,
                                                        airssys_ext_network_types_shutdown_direction_t direction,
                                                        fake_network_failure *failure) {
    (void)failure;
    fake_stream *stream = stream_of("tcp.tcp-stream.shutdown", self);
    stream->reading_ended |= direction != AIRSSYS_EXT_NETWORK_TYPES_SHUTDOWN_DIRECTION_WRITE;
    stream->writing_ended |= direction != AIRSSYS_EXT_NETWORK_TYPES_SHUTDOWN_DIRECTION_READ;
    return true;
}

static airssys_ext_network_types_socket_address_t loopback(uint16_t port) {
    const airssys_socket_address address = {airssys_ipv4(127, 0, 0, 1), port};
    return airssys_internal_give_socket_address(&address);
}

bool airssys_ext_network_tcp_method_tcp_stream_local_address(stream_handle self,
                                                             airssys_ext_network_types_socket_address_t *result,
                                                             fake_network_failure *failure) {
    (void)failure;
    stream_of("tcp.tcp-stream.local-address", self);
    *result = loopback(CLIENT_PORT);
    return true;
}

bool airssys_ext_network_tcp_method_tcp_stream_remote_address(stream_handle self,
                                                              airssys_ext_network_types_socket_address_t *result,
                                                              fake_network_failure *failure) {
    (void)failure;
    *result = loopback(stream_of("tcp.tcp-stream.remote-address", self)->server->endpoint.port);
    return true;
}

bool airssys_ext_network_tcp_method_tcp_stream_options(stream_handle self,
                                                       airssys_ext_network_types_tcp_options_t *result,
                                                       fake_network_failure *failure) {
    (void)failure;
    *result = stream_of("tcp.tcp-stream.options", self)->options;
    return true;
}

bool airssys_ext_network_tcp_method_tcp_stream_set_options(stream_handle self,
                                                           airssys_ext_network_types_tcp_options_t *options,
                                                           fake_network_failure *failure) {
    (void)failure;
    stream_of("tcp.tcp-stream.set-options", self)->options = *options;
    return true;
}

void airssys_ext_network_tcp_method_tcp_stream_stats(stream_handle self,
                                                     airssys_ext_network_types_connection_stats_t *result) {
    *result = stream_of("tcp.tcp-stream.stats", self)->stats;
}

bool airssys_ext_network_tcp_method_tcp_stream_tls_info(stream_handle self,
                                                        airssys_ext_network_types_tls_info_t *result) {
    const fake_stream *stream = stream_of("tcp.tcp-stream.tls-info", self);
    if (!stream->tls_started) {
        return false;
    }
    *result = (airssys_ext_network_types_tls_info_t){
        .version = AIRSSYS_EXT_NETWORK_TYPES_TLS_VERSION_TLS13,
        .cipher_suite = airssys_fake_give_string(AIRSSYS_STRING("TLS_AES_128_GCM_SHA256")),
        .alpn = {.is_some = stream->alpn.has_value},
        .peer_certificate = {FAKE_NOWHERE, 0},
    };
    if (stream->alpn.has_value) {
        result->alpn.val = airssys_fake_give_string(stream->alpn.value);
    }
    return true;
}

bool airssys_ext_network_tcp_method_tcp_stream_start_tls(stream_handle self,
                                                         airssys_ext_network_types_tls_options_t *options,
                                                         airssys_ext_network_types_tls_info_t *result,
                                                         fake_network_failure *failure) {
    fake_stream *stream = stream_of("tcp.tcp-stream.start-tls", self);
    if (stream->tls_started) {
        failure->tag = AIRSSYS_EXT_NETWORK_TYPES_NETWORK_ERROR_INVALID_ARGUMENT;
        failure->val.invalid_argument = airssys_fake_give_string(AIRSSYS_STRING("TLS was started before"));
        return false;
    }
    stream->tls_started = true;
    if (options->alpn.len > 0) {
        stream->alpn.has_value = true;
        stream->alpn.value = airssys_fake_keep_string(airssys_fake_current("tcp.tcp-stream.start-tls"),
                                                      airssys_fake_see_string(options->alpn.ptr[0]));
    }
    return airssys_ext_network_tcp_method_tcp_stream_tls_info(self, result);
}
