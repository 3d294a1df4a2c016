#include <airssys/udp.h>

#include "network_conversions.h"

#ifdef AIRSSYS_EXT_NETWORK_TYPES_NETWORK_ERROR_IO
static airssys_ext_network_udp_borrow_udp_socket_t borrow(airssys_udp_socket socket) {
    return (airssys_ext_network_udp_borrow_udp_socket_t){socket.handle};
}

void airssys_datagram_free(airssys_datagram *datagram) {
    airssys_bytes_free(&datagram->data);
    *datagram = (airssys_datagram){.truncated = false};
}

airssys_code airssys_udp_bind(const airssys_socket_address *address, airssys_udp_socket *socket, airssys_error *error) {
    *socket = (airssys_udp_socket){0};
    airssys_ext_network_types_socket_address_t given = airssys_internal_give_socket_address(address);
    airssys_ext_network_udp_own_udp_socket_t bound;
    network_failure failure;
    if (!airssys_ext_network_udp_bind(&given, &bound, &failure)) {
        return airssys_internal_take_network_error(&failure, error);
    }
    socket->handle = bound.__handle;
    return airssys_internal_succeed(error);
}

airssys_code airssys_udp_socket_connect(airssys_udp_socket socket, const airssys_socket_address *remote,
                                        airssys_error *error) {
    airssys_ext_network_types_socket_address_t given = airssys_internal_give_socket_address(remote);
    network_failure failure;
    bool succeeded = airssys_ext_network_udp_method_udp_socket_connect(borrow(socket), &given, &failure);
    return airssys_internal_finish_network(succeeded, &failure, error);
}

airssys_code airssys_udp_socket_send(airssys_udp_socket socket, airssys_bytes data, uint32_t *sent,
                                     airssys_error *error) {
    airssys_bindings_list_u8_t lent = airssys_internal_lend_bytes(data);
    uint32_t count = 0;
    network_failure failure;
    bool succeeded = airssys_ext_network_udp_method_udp_socket_send(borrow(socket), &lent, &count, &failure);
    if (sent != NULL) {
        *sent = succeeded ? count : 0;
    }
    return airssys_internal_finish_network(succeeded, &failure, error);
}

airssys_code airssys_udp_socket_send_to(airssys_udp_socket socket, airssys_bytes data,
                                        const airssys_socket_address *remote, uint32_t *sent, airssys_error *error) {
    airssys_bindings_list_u8_t lent = airssys_internal_lend_bytes(data);
    airssys_ext_network_types_socket_address_t given = airssys_internal_give_socket_address(remote);
    uint32_t count = 0;
    network_failure failure;
    bool succeeded = airssys_ext_network_udp_method_udp_socket_send_to(borrow(socket), &lent, &given, &count, &failure);
    if (sent != NULL) {
        *sent = succeeded ? count : 0;
    }
    return airssys_internal_finish_network(succeeded, &failure, error);
}

airssys_code airssys_udp_socket_receive(airssys_udp_socket socket, uint32_t max_bytes, airssys_datagram *datagram,
                                        airssys_error *error) {
    *datagram = (airssys_datagram){.truncated = false};
    airssys_ext_network_types_datagram_t found;
    network_failure failure;
    if (!airssys_ext_network_udp_method_udp_socket_receive(borrow(socket), max_bytes, &found, &failure)) {
        return airssys_internal_take_network_error(&failure, error);
    }
    *datagram = (airssys_datagram){
        .data = airssys_internal_take_bytes(found.data),
        .source = airssys_internal_take_socket_address(&found.source),
        .truncated = found.truncated,
    };
    return airssys_internal_succeed(error);
}

airssys_code airssys_udp_socket_local_address(airssys_udp_socket socket, airssys_socket_address *address,
                                              airssys_error *error) {
    *address = (airssys_socket_address){.port = 0};
    airssys_ext_network_types_socket_address_t found;
    network_failure failure;
    if (!airssys_ext_network_udp_method_udp_socket_local_address(borrow(socket), &found, &failure)) {
        return airssys_internal_take_network_error(&failure, error);
    }
    *address = airssys_internal_take_socket_address(&found);
    return airssys_internal_succeed(error);
}

airssys_code airssys_udp_socket_get_options(airssys_udp_socket socket, airssys_udp_options *options,
                                            airssys_error *error) {
    *options = (airssys_udp_options){.broadcast = false};
    airssys_ext_network_types_udp_options_t found;
    network_failure failure;
    if (!airssys_ext_network_udp_method_udp_socket_options(borrow(socket), &found, &failure)) {
        return airssys_internal_take_network_error(&failure, error);
    }
    *options = (airssys_udp_options){
        .broadcast = found.broadcast,
        .time_to_live = {found.time_to_live.is_some, found.time_to_live.is_some ? found.time_to_live.val : 0},
        .receive_timeout_ms = airssys_internal_take_optional_u32(found.receive_timeout_ms),
        .multicast_loop = found.multicast_loop,
    };
    return airssys_internal_succeed(error);
}

airssys_code airssys_udp_socket_set_options(airssys_udp_socket socket, const airssys_udp_options *options,
                                            airssys_error *error) {
    airssys_ext_network_types_udp_options_t given = {
        .broadcast = options->broadcast,
        .time_to_live = {options->time_to_live.has_value, options->time_to_live.value},
        .receive_timeout_ms = airssys_internal_give_optional_u32(options->receive_timeout_ms),
        .multicast_loop = options->multicast_loop,
    };
    network_failure failure;
    bool succeeded = airssys_ext_network_udp_method_udp_socket_set_options(borrow(socket), &given, &failure);
    return airssys_internal_finish_network(succeeded, &failure, error);
}

airssys_code airssys_udp_socket_join_multicast(airssys_udp_socket socket, const airssys_ip_address *group,
                                               airssys_error *error) {
    airssys_ext_network_types_ip_address_t given = airssys_internal_give_ip_address(group);
    network_failure failure;
    bool succeeded = airssys_ext_network_udp_method_udp_socket_join_multicast(borrow(socket), &given, &failure);
    return airssys_internal_finish_network(succeeded, &failure, error);
}

airssys_code airssys_udp_socket_leave_multicast(airssys_udp_socket socket, const airssys_ip_address *group,
                                                airssys_error *error) {
    airssys_ext_network_types_ip_address_t given = airssys_internal_give_ip_address(group);
    network_failure failure;
    bool succeeded = airssys_ext_network_udp_method_udp_socket_leave_multicast(borrow(socket), &given, &failure);
    return airssys_internal_finish_network(succeeded, &failure, error);
}

void airssys_udp_socket_close(airssys_udp_socket *socket) {
    if (socket->handle != 0) {
        airssys_ext_network_udp_udp_socket_drop_own((airssys_ext_network_udp_own_udp_socket_t){socket->handle});
        socket->handle = 0;
    }
}
#endif
