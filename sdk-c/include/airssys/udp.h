/**
 * @file
 * @brief UDP datagrams.
 *
 * Needs the extension `ext-network`. A datagram is at most 65,507 bytes long, may be empty, and may get lost.
 */
#ifndef AIRSSYS_UDP_H
#define AIRSSYS_UDP_H

#include <airssys/error.h>
#include <airssys/network_types.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * A UDP socket. Owned by who bound it, and closed by airssys_udp_socket_close(). A copy of the struct is the same handle
 * and must not be closed a second time.
 */
typedef struct airssys_udp_socket {
    int32_t handle; /**< Private. 0 if it is closed. */
} airssys_udp_socket;

/** The options of a UDP socket. */
typedef struct airssys_udp_options {
    bool broadcast;                          /**< Whether the socket may send to broadcast addresses. */
    airssys_optional_u8 time_to_live;        /**< How many routers a datagram may pass; none: as the system chooses. */
    airssys_optional_u32 receive_timeout_ms; /**< How long a receive waits; none: as long as the call may take. */
    bool multicast_loop;                     /**< Whether its own multicast datagrams come back to this machine. */
} airssys_udp_options;

/** A datagram that was received. Free an owned one with airssys_datagram_free(). */
typedef struct airssys_datagram {
    airssys_bytes data;            /**< Its content, cut to the length that was asked for. Empty is data, not an end. */
    airssys_socket_address source; /**< Who has sent it. */
    bool truncated;                /**< Whether it was longer than `data`. What was cut off is lost. */
} airssys_datagram;

/**
 * Frees what an owned datagram points to and makes it empty.
 * @param datagram Not NULL.
 */
void airssys_datagram_free(airssys_datagram *datagram);

/**
 * Makes a socket with an address of this machine.
 *
 * Permission: `network = [{ action = "inbound", host = "<address>", port = <port> }]`.
 * @param address With the port 0 the host chooses one, which airssys_udp_socket_local_address() then gives. Borrowed, not
 *                NULL.
 * @param socket  Not NULL. Owned; close it with airssys_udp_socket_close().
 * @param error   May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, ::AIRSSYS_PERMISSION_DENIED, ::AIRSSYS_ADDRESS_IN_USE, ::AIRSSYS_ADDRESS_NOT_AVAILABLE,
 *         ::AIRSSYS_TOO_MANY_SOCKETS or ::AIRSSYS_IO.
 */
airssys_code airssys_udp_bind(const airssys_socket_address *address, airssys_udp_socket *socket, airssys_error *error);

/**
 * Sets the peer that airssys_udp_socket_send() sends to. From then on, datagrams of others are not received. Nothing is
 * sent.
 *
 * Permission: `network = [{ action = "outbound", host = "<address>", port = <port> }]`.
 * @param socket Borrowed.
 * @param remote The peer. Borrowed, not NULL.
 * @param error  May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, ::AIRSSYS_PERMISSION_DENIED, ::AIRSSYS_INVALID_ARGUMENT (the port is 0, or the address is not of
 *         the socket's family), ::AIRSSYS_NETWORK_UNREACHABLE, ::AIRSSYS_HOST_UNREACHABLE or ::AIRSSYS_IO.
 */
airssys_code airssys_udp_socket_connect(airssys_udp_socket socket, const airssys_socket_address *remote,
                                        airssys_error *error);

/**
 * Sends one datagram to the peer that airssys_udp_socket_connect() has set.
 *
 * Permission: `network = [{ action = "outbound", host = "<address>", port = <port> }]` for the peer.
 * @param socket Borrowed.
 * @param data   Borrowed; may be empty.
 * @param sent   Gets its length. May be NULL.
 * @param error  May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, ::AIRSSYS_NOT_CONNECTED (no peer is set), ::AIRSSYS_DATAGRAM_TOO_LARGE,
 *         ::AIRSSYS_PERMISSION_DENIED, ::AIRSSYS_CONNECTION_REFUSED (to an earlier datagram),
 *         ::AIRSSYS_NETWORK_UNREACHABLE, ::AIRSSYS_HOST_UNREACHABLE or ::AIRSSYS_IO.
 */
airssys_code airssys_udp_socket_send(airssys_udp_socket socket, airssys_bytes data, uint32_t *sent,
                                     airssys_error *error);

/**
 * Sends one datagram to this address.
 *
 * Permission: `network = [{ action = "outbound", host = "<address>", port = <port> }]`, checked for each datagram.
 * @param socket Borrowed.
 * @param data   Borrowed; may be empty.
 * @param remote Whom to. Borrowed, not NULL.
 * @param sent   Gets its length. May be NULL.
 * @param error  May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, ::AIRSSYS_PERMISSION_DENIED, ::AIRSSYS_DATAGRAM_TOO_LARGE, ::AIRSSYS_INVALID_ARGUMENT (the port
 *         is 0, or the address is not of the socket's family), ::AIRSSYS_NETWORK_UNREACHABLE,
 *         ::AIRSSYS_HOST_UNREACHABLE or ::AIRSSYS_IO.
 */
airssys_code airssys_udp_socket_send_to(airssys_udp_socket socket, airssys_bytes data,
                                        const airssys_socket_address *remote, uint32_t *sent, airssys_error *error);

/**
 * Waits for one datagram.
 *
 * Permission: none; held by the handle.
 * @param socket    Borrowed.
 * @param max_bytes Most bytes to take of it; the rest is lost and airssys_datagram::truncated is set.
 * @param datagram  Not NULL. Owned; free it with airssys_datagram_free().
 * @param error     May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, ::AIRSSYS_TIMEOUT (nothing came within the timeout of the options), ::AIRSSYS_CONNECTION_REFUSED
 *         (to an earlier datagram) or ::AIRSSYS_IO.
 */
airssys_code airssys_udp_socket_receive(airssys_udp_socket socket, uint32_t max_bytes, airssys_datagram *datagram,
                                        airssys_error *error);

/**
 * Gives the address and port of a socket.
 *
 * Permission: none; held by the handle.
 * @param socket  Borrowed.
 * @param address Not NULL.
 * @param error   May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK or ::AIRSSYS_IO.
 */
airssys_code airssys_udp_socket_local_address(airssys_udp_socket socket, airssys_socket_address *address,
                                              airssys_error *error);

/**
 * Gives the options of a socket.
 *
 * Permission: none; held by the handle.
 * @param socket  Borrowed.
 * @param options Not NULL.
 * @param error   May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK or ::AIRSSYS_IO.
 */
airssys_code airssys_udp_socket_get_options(airssys_udp_socket socket, airssys_udp_options *options,
                                            airssys_error *error);

/**
 * Sets the options of a socket, all at once. To change some, get them first.
 *
 * Permission: none; held by the handle.
 * @param socket  Borrowed.
 * @param options Borrowed, not NULL.
 * @param error   May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, ::AIRSSYS_INVALID_ARGUMENT (a value that the host cannot set) or ::AIRSSYS_IO.
 */
airssys_code airssys_udp_socket_set_options(airssys_udp_socket socket, const airssys_udp_options *options,
                                            airssys_error *error);

/**
 * Begins to receive what is sent to a multicast group.
 *
 * Permission: `network = [{ action = "inbound", host = "<group>" }]`.
 * @param socket Borrowed.
 * @param group  Borrowed, not NULL.
 * @param error  May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, ::AIRSSYS_PERMISSION_DENIED, ::AIRSSYS_INVALID_ARGUMENT (no multicast address, or not of the
 *         socket's family), ::AIRSSYS_ADDRESS_IN_USE (it is in the group already) or ::AIRSSYS_IO.
 */
airssys_code airssys_udp_socket_join_multicast(airssys_udp_socket socket, const airssys_ip_address *group,
                                               airssys_error *error);

/**
 * Stops to receive what is sent to a multicast group.
 *
 * Permission: `network = [{ action = "inbound", host = "<group>" }]`.
 * @param socket Borrowed.
 * @param group  Borrowed, not NULL.
 * @param error  May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, ::AIRSSYS_PERMISSION_DENIED, ::AIRSSYS_INVALID_ARGUMENT (no multicast address, or not of the
 *         socket's family), ::AIRSSYS_ADDRESS_NOT_AVAILABLE (it is not in the group) or ::AIRSSYS_IO.
 */
airssys_code airssys_udp_socket_leave_multicast(airssys_udp_socket socket, const airssys_ip_address *group,
                                                airssys_error *error);

/**
 * Closes a socket. One that is closed already is fine.
 * @param socket Not NULL; is closed then.
 */
void airssys_udp_socket_close(airssys_udp_socket *socket);

#ifdef __cplusplus
}
#endif

#endif
