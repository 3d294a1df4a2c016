/* The export udp: each function forwards to the SDK, and the driver's own resource holds the SDK's handle. */
#include <stdlib.h>

#include "network_convert.h"

typedef exports_airssys_ext_network_udp_udp_socket_t exported_socket;

struct exports_airssys_ext_network_udp_udp_socket_t {
    airssys_udp_socket socket;
};

void exports_airssys_ext_network_udp_udp_socket_destructor(exported_socket *self) {
    airssys_udp_socket_close(&self->socket);
    free(self);
}

bool exports_airssys_ext_network_udp_bind(airssys_ext_network_types_socket_address_t *address,
                                          exports_airssys_ext_network_udp_own_udp_socket_t *result,
                                          network_failure *failure) {
    airssys_socket_address viewed = view_socket_address(address);
    airssys_udp_socket socket;
    airssys_error error;
    airssys_code code = airssys_udp_bind(&viewed, &socket, &error);
    if (code == AIRSSYS_OK) {
        exported_socket *exported = allocate(1, sizeof *exported);
        exported->socket = socket;
        *result = exports_airssys_ext_network_udp_udp_socket_new(exported);
    }
    return finish_network(code, &error, failure);
}

bool exports_airssys_ext_network_udp_method_udp_socket_connect(exported_socket *self,
                                                               airssys_ext_network_types_socket_address_t *remote,
                                                               network_failure *failure) {
    airssys_socket_address viewed = view_socket_address(remote);
    airssys_error error;
    airssys_code code = airssys_udp_socket_connect(self->socket, &viewed, &error);
    return finish_network(code, &error, failure);
}

bool exports_airssys_ext_network_udp_method_udp_socket_send(exported_socket *self, airssys_bindings_list_u8_t *data,
                                                            uint32_t *result, network_failure *failure) {
    airssys_error error;
    airssys_code code = airssys_udp_socket_send(self->socket, view_bytes(data), result, &error);
    airssys_bindings_list_u8_free(data);
    return finish_network(code, &error, failure);
}

bool exports_airssys_ext_network_udp_method_udp_socket_send_to(exported_socket *self, airssys_bindings_list_u8_t *data,
                                                               airssys_ext_network_types_socket_address_t *remote,
                                                               uint32_t *result, network_failure *failure) {
    airssys_socket_address viewed = view_socket_address(remote);
    airssys_error error;
    airssys_code code = airssys_udp_socket_send_to(self->socket, view_bytes(data), &viewed, result, &error);
    airssys_bindings_list_u8_free(data);
    return finish_network(code, &error, failure);
}

bool exports_airssys_ext_network_udp_method_udp_socket_receive(exported_socket *self, uint32_t max_bytes,
                                                               airssys_ext_network_types_datagram_t *result,
                                                               network_failure *failure) {
    airssys_datagram datagram;
    airssys_error error;
    airssys_code code = airssys_udp_socket_receive(self->socket, max_bytes, &datagram, &error);
    *result = (airssys_ext_network_types_datagram_t){
        give_bytes(datagram.data),
        give_socket_address(&datagram.source),
        datagram.truncated,
    };
    return finish_network(code, &error, failure);
}

bool exports_airssys_ext_network_udp_method_udp_socket_local_address(exported_socket *self,
                                                                     airssys_ext_network_types_socket_address_t *result,
                                                                     network_failure *failure) {
    airssys_socket_address address;
    airssys_error error;
    airssys_code code = airssys_udp_socket_local_address(self->socket, &address, &error);
    *result = give_socket_address(&address);
    return finish_network(code, &error, failure);
}

bool exports_airssys_ext_network_udp_method_udp_socket_options(exported_socket *self,
                                                               airssys_ext_network_types_udp_options_t *result,
                                                               network_failure *failure) {
    airssys_udp_options options;
    airssys_error error;
    airssys_code code = airssys_udp_socket_get_options(self->socket, &options, &error);
    *result = (airssys_ext_network_types_udp_options_t){
        .broadcast = options.broadcast,
        .time_to_live = {options.time_to_live.has_value, options.time_to_live.value},
        .receive_timeout_ms = give_optional_u32(options.receive_timeout_ms),
        .multicast_loop = options.multicast_loop,
    };
    return finish_network(code, &error, failure);
}

bool exports_airssys_ext_network_udp_method_udp_socket_set_options(exported_socket *self,
                                                                   airssys_ext_network_types_udp_options_t *options,
                                                                   network_failure *failure) {
    airssys_udp_options viewed = {
        .broadcast = options->broadcast,
        .time_to_live = {options->time_to_live.is_some, options->time_to_live.is_some ? options->time_to_live.val : 0},
        .receive_timeout_ms = view_optional_u32(options->receive_timeout_ms),
        .multicast_loop = options->multicast_loop,
    };
    airssys_error error;
    airssys_code code = airssys_udp_socket_set_options(self->socket, &viewed, &error);
    return finish_network(code, &error, failure);
}

bool exports_airssys_ext_network_udp_method_udp_socket_join_multicast(exported_socket *self,
                                                                      airssys_ext_network_types_ip_address_t *group,
                                                                      network_failure *failure) {
    airssys_ip_address viewed = view_ip_address(group);
    airssys_error error;
    airssys_code code = airssys_udp_socket_join_multicast(self->socket, &viewed, &error);
    return finish_network(code, &error, failure);
}

bool exports_airssys_ext_network_udp_method_udp_socket_leave_multicast(exported_socket *self,
                                                                       airssys_ext_network_types_ip_address_t *group,
                                                                       network_failure *failure) {
    airssys_ip_address viewed = view_ip_address(group);
    airssys_error error;
    airssys_code code = airssys_udp_socket_leave_multicast(self->socket, &viewed, &error);
    return finish_network(code, &error, failure);
}
