/**
 * @file
 * @brief TCP connections, with and without TLS.
 *
 * Needs the extension `ext-network`.
 *
 * @code
 * airssys_endpoint endpoint = {AIRSSYS_STRING("example.com"), 443};
 * airssys_tls_options tls = {.server_name = endpoint.host};
 * airssys_tcp_stream stream;
 * airssys_code code = airssys_tcp_connect(&endpoint, (airssys_optional_u32){true, 5000}, &stream, error);
 * if (code == AIRSSYS_OK) {
 *     code = airssys_tcp_stream_start_tls(stream, &tls, NULL, error);
 * }
 * // airssys_tcp_stream_write_all(), airssys_tcp_stream_read() ...
 * airssys_tcp_stream_close(&stream);
 * @endcode
 *
 * **Stream errors.** Every operation on a stream can give, besides the codes that its documentation lists:
 * ::AIRSSYS_CONNECTION_RESET, ::AIRSSYS_CONNECTION_ABORTED, ::AIRSSYS_NOT_CONNECTED and ::AIRSSYS_IO.
 */
#ifndef AIRSSYS_TCP_H
#define AIRSSYS_TCP_H

#include <airssys/error.h>
#include <airssys/network_types.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * A TCP connection. Its permission was checked when it was made and is not checked again.
 *
 * Owned by who made or accepted it, and closed by airssys_tcp_stream_close(). A copy of the struct is the same handle
 * and must not be closed a second time.
 */
typedef struct airssys_tcp_stream {
    int32_t handle; /**< Private. 0 if it is closed. */
} airssys_tcp_stream;

/**
 * A socket that accepts TCP connections. Owned by who made it, and closed by airssys_tcp_listener_close(). A copy of
 * the struct is the same handle and must not be closed a second time.
 */
typedef struct airssys_tcp_listener {
    int32_t handle; /**< Private. 0 if it is closed. */
} airssys_tcp_listener;

/** How airssys_tcp_listen() sets up a listener. */
typedef struct airssys_listen_options {
    uint32_t backlog;   /**< How many connections may wait to be accepted. The operating system may lower it. */
    bool reuse_address; /**< Whether to take an address that an earlier listener has left a short time ago. */
    bool ipv6_only;     /**< Whether a listener on an IPv6 address refuses IPv4 connections. */
} airssys_listen_options;

/** Which direction of a connection ends. */
typedef enum airssys_shutdown_direction {
    AIRSSYS_SHUTDOWN_READ,  /**< Receiving. */
    AIRSSYS_SHUTDOWN_WRITE, /**< Sending. The peer sees the end of the stream. */
    AIRSSYS_SHUTDOWN_BOTH   /**< Both. */
} airssys_shutdown_direction;

/** The options of a TCP connection. */
typedef struct airssys_tcp_options {
    bool no_delay;                             /**< Whether to send small pieces at once (`TCP_NODELAY`). */
    airssys_optional_u32 keep_alive_ms;        /**< Milliseconds without traffic before probing; none: never. */
    airssys_optional_u32 read_timeout_ms;      /**< How long a read waits; none: as long as the call may take. */
    airssys_optional_u32 write_timeout_ms;     /**< How long a write waits; none: as long as the call may take. */
    airssys_optional_u32 receive_buffer_bytes; /**< Size of the receive buffer; none: as the system chooses. */
    airssys_optional_u32 send_buffer_bytes;    /**< Size of the send buffer; none: as the system chooses. */
} airssys_tcp_options;

/** What has gone over a connection. Owns nothing. */
typedef struct airssys_connection_stats {
    airssys_timestamp established; /**< When the connection was made. */
    uint64_t bytes_sent;           /**< How many bytes were sent. With TLS, before they were encrypted. */
    uint64_t bytes_received;       /**< How many bytes were received. With TLS, after they were decrypted. */
} airssys_connection_stats;

/** A version of TLS. Older ones are not offered. */
typedef enum airssys_tls_version {
    AIRSSYS_TLS_1_2, /**< TLS 1.2. */
    AIRSSYS_TLS_1_3  /**< TLS 1.3. */
} airssys_tls_version;

/** How to start TLS. The host alone decides which certificates are trusted. */
typedef struct airssys_tls_options {
    airssys_string server_name; /**< The name that the peer's certificate must be for; sent to the peer (SNI). */
    airssys_string_list alpn;   /**< Application protocols to offer, the preferred one first. May be empty. */
} airssys_tls_options;

/** What the two sides of a TLS connection have agreed on. Free an owned one with airssys_tls_info_free(). */
typedef struct airssys_tls_info {
    airssys_tls_version version;    /**< The version. */
    airssys_string cipher_suite;    /**< The suite by its IANA name, for example `TLS_AES_128_GCM_SHA256`. */
    airssys_optional_string alpn;   /**< The application protocol that the peer chose, if any. */
    airssys_bytes peer_certificate; /**< The peer's certificate, in DER. */
} airssys_tls_info;

/**
 * Frees what an owned info points to and makes it empty.
 * @param info Not NULL.
 */
void airssys_tls_info_free(airssys_tls_info *info);

/**
 * Makes a connection. If a name has several addresses, it tries each in turn.
 *
 * Permission: `network = [{ action = "outbound", host = "<host>", port = <port> }]`. A permission for a name includes
 * its resolution and its addresses, except loopback, link-local, private and metadata addresses and those of the host's
 * own machine and networks: these need an IP literal or a CIDR range of their own.
 * @param endpoint   Where to. Borrowed, not NULL.
 * @param timeout_ms Milliseconds, resolution included; none waits as long as the call may take.
 * @param stream     Not NULL. Owned; close it with airssys_tcp_stream_close().
 * @param error      May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, ::AIRSSYS_PERMISSION_DENIED, ::AIRSSYS_CONNECTION_REFUSED, ::AIRSSYS_TIMEOUT,
 *         ::AIRSSYS_NAME_NOT_FOUND, ::AIRSSYS_TEMPORARY_RESOLVER_FAILURE, ::AIRSSYS_HOST_UNREACHABLE,
 *         ::AIRSSYS_NETWORK_UNREACHABLE, ::AIRSSYS_INVALID_ARGUMENT (the host is empty, has a NUL, is not UTF-8 or not a
 *         name, or the port is 0), ::AIRSSYS_TOO_MANY_SOCKETS, ::AIRSSYS_CONNECTION_RESET,
 *         ::AIRSSYS_CONNECTION_ABORTED or ::AIRSSYS_IO.
 */
airssys_code airssys_tcp_connect(const airssys_endpoint *endpoint, airssys_optional_u32 timeout_ms,
                                 airssys_tcp_stream *stream, airssys_error *error);

/**
 * Listens for connections on an address of this machine.
 *
 * Permission: `network = [{ action = "inbound", host = "<address>", port = <port> }]`.
 * @param address  Where. With the port 0 the host chooses one, which airssys_tcp_listener_local_address() then gives.
 *                 Borrowed, not NULL.
 * @param options  How. Borrowed, not NULL.
 * @param listener Not NULL. Owned; close it with airssys_tcp_listener_close().
 * @param error    May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, ::AIRSSYS_PERMISSION_DENIED, ::AIRSSYS_ADDRESS_IN_USE, ::AIRSSYS_ADDRESS_NOT_AVAILABLE,
 *         ::AIRSSYS_TOO_MANY_SOCKETS or ::AIRSSYS_IO.
 */
airssys_code airssys_tcp_listen(const airssys_socket_address *address, const airssys_listen_options *options,
                                airssys_tcp_listener *listener, airssys_error *error);

/**
 * Waits for a connection and accepts it.
 *
 * Permission: none; held by the handle.
 * @param listener   Borrowed.
 * @param timeout_ms Milliseconds; none waits as long as the call may take.
 * @param stream     Not NULL. Owned; close it with airssys_tcp_stream_close().
 * @param error      May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, ::AIRSSYS_TIMEOUT, ::AIRSSYS_TOO_MANY_SOCKETS or ::AIRSSYS_IO.
 */
airssys_code airssys_tcp_listener_accept(airssys_tcp_listener listener, airssys_optional_u32 timeout_ms,
                                         airssys_tcp_stream *stream, airssys_error *error);

/**
 * Gives the address and port that a listener has.
 *
 * Permission: none; held by the handle.
 * @param listener Borrowed.
 * @param address  Not NULL.
 * @param error    May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK or ::AIRSSYS_IO.
 */
airssys_code airssys_tcp_listener_local_address(airssys_tcp_listener listener, airssys_socket_address *address,
                                                airssys_error *error);

/**
 * Stops the listening and closes the connections that nobody has accepted; those that were accepted go on. A listener
 * that is closed already is fine.
 * @param listener Not NULL; is closed then.
 */
void airssys_tcp_listener_close(airssys_tcp_listener *listener);

/**
 * Receives bytes: waits until there are some and gives those that are there.
 *
 * Permission: none; held by the handle.
 * @param stream    Borrowed.
 * @param max_bytes Most bytes to receive; the host's own limit is 16 MiB by default.
 * @param data      Not NULL. Empty when the peer has closed its side, reading was shut down, or @p max_bytes is 0. Owned;
 *                  free it with airssys_bytes_free().
 * @param error     May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, ::AIRSSYS_TIMEOUT (nothing came within the read timeout of the options) or a stream error.
 */
airssys_code airssys_tcp_stream_read(airssys_tcp_stream stream, uint32_t max_bytes, airssys_bytes *data,
                                     airssys_error *error);

/**
 * Receives this many bytes, and waits until all are there.
 *
 * Permission: none; held by the handle.
 * @param stream Borrowed.
 * @param length How many; at most the host's limit, default 16 MiB.
 * @param data   Not NULL. Owned; free it with airssys_bytes_free().
 * @param error  May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, ::AIRSSYS_END_OF_STREAM (the peer closed its side before; airssys_error::received bytes came and
 *         are lost), ::AIRSSYS_INVALID_ARGUMENT (more than the host's limit), ::AIRSSYS_TIMEOUT or a stream error.
 */
airssys_code airssys_tcp_stream_read_exact(airssys_tcp_stream stream, uint32_t length, airssys_bytes *data,
                                           airssys_error *error);

/**
 * Sends bytes: waits until at least one is taken. Taken does not mean received by the peer.
 *
 * Permission: none; held by the handle.
 * @param stream  Borrowed.
 * @param data    Borrowed.
 * @param written Gets how many were taken, which may be less than given. May be NULL.
 * @param error   May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, ::AIRSSYS_TIMEOUT (nothing was taken within the write timeout) or a stream error.
 */
airssys_code airssys_tcp_stream_write(airssys_tcp_stream stream, airssys_bytes data, uint32_t *written,
                                      airssys_error *error);

/**
 * Sends all bytes. After an error, some of them may have been sent.
 *
 * Permission: none; held by the handle.
 * @param stream Borrowed.
 * @param data   Borrowed.
 * @param error  May be NULL. Free it with airssys_error_free().
 * @return As airssys_tcp_stream_write().
 */
airssys_code airssys_tcp_stream_write_all(airssys_tcp_stream stream, airssys_bytes data, airssys_error *error);

/**
 * Ends one direction or both. After ::AIRSSYS_SHUTDOWN_WRITE the peer sees the end of the stream, and it can still send.
 *
 * Permission: none; held by the handle.
 * @param stream    Borrowed; it stays open.
 * @param direction Which.
 * @param error     May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, ::AIRSSYS_NOT_CONNECTED (it has ended already) or ::AIRSSYS_IO.
 */
airssys_code airssys_tcp_stream_shutdown(airssys_tcp_stream stream, airssys_shutdown_direction direction,
                                         airssys_error *error);

/**
 * Gives the address and port on this side.
 *
 * Permission: none; held by the handle.
 * @param stream  Borrowed.
 * @param address Not NULL.
 * @param error   May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, ::AIRSSYS_NOT_CONNECTED or ::AIRSSYS_IO.
 */
airssys_code airssys_tcp_stream_local_address(airssys_tcp_stream stream, airssys_socket_address *address,
                                              airssys_error *error);

/**
 * Gives the address and port on the peer's side.
 *
 * Permission: none; held by the handle.
 * @param stream  Borrowed.
 * @param address Not NULL.
 * @param error   May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, ::AIRSSYS_NOT_CONNECTED or ::AIRSSYS_IO.
 */
airssys_code airssys_tcp_stream_remote_address(airssys_tcp_stream stream, airssys_socket_address *address,
                                               airssys_error *error);

/**
 * Gives the options of a connection.
 *
 * Permission: none; held by the handle.
 * @param stream  Borrowed.
 * @param options Not NULL.
 * @param error   May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK or ::AIRSSYS_IO.
 */
airssys_code airssys_tcp_stream_get_options(airssys_tcp_stream stream, airssys_tcp_options *options,
                                            airssys_error *error);

/**
 * Sets the options of a connection, all at once. Timeouts hold from the next read or write on. To change some, get them
 * first.
 *
 * Permission: none; held by the handle.
 * @param stream  Borrowed.
 * @param options Borrowed, not NULL.
 * @param error   May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, ::AIRSSYS_INVALID_ARGUMENT (a value that the host cannot set) or ::AIRSSYS_IO.
 */
airssys_code airssys_tcp_stream_set_options(airssys_tcp_stream stream, const airssys_tcp_options *options,
                                            airssys_error *error);

/**
 * Gives the exact number of bytes that have gone over a connection each way.
 *
 * Permission: none; held by the handle.
 * @param stream Borrowed.
 */
airssys_connection_stats airssys_tcp_stream_get_stats(airssys_tcp_stream stream);

/**
 * Starts TLS 1.2 or 1.3 as the client. From then on, all functions work on the encrypted connection. After an error the
 * connection is of no more use.
 *
 * Permission: none; held by the handle.
 * @param stream  Borrowed.
 * @param options Borrowed, not NULL.
 * @param info    Gets what was agreed on. May be NULL. Owned; free it with airssys_tls_info_free().
 * @param error   May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, ::AIRSSYS_CERTIFICATE_INVALID, ::AIRSSYS_TLS_HANDSHAKE, ::AIRSSYS_INVALID_ARGUMENT (the server
 *         name is neither a name nor an address, a text is not UTF-8, or TLS was started before), ::AIRSSYS_TIMEOUT or a
 *         stream error.
 */
airssys_code airssys_tcp_stream_start_tls(airssys_tcp_stream stream, const airssys_tls_options *options,
                                          airssys_tls_info *info, airssys_error *error);

/**
 * Gives what airssys_tcp_stream_start_tls() has agreed on.
 *
 * Permission: none; held by the handle.
 * @param stream Borrowed.
 * @param info   Not NULL; empty if there is none. Owned; free it with airssys_tls_info_free().
 * @return Whether TLS has started.
 */
bool airssys_tcp_stream_get_tls_info(airssys_tcp_stream stream, airssys_tls_info *info);

/**
 * Closes a connection. One that is closed already is fine.
 * @param stream Not NULL; is closed then.
 */
void airssys_tcp_stream_close(airssys_tcp_stream *stream);

#ifdef __cplusplus
}
#endif

#endif
