/* Between the public types of the network and those of the driver's exports; see convert.h. */
#ifndef DRIVER_NETWORK_CONVERT_H
#define DRIVER_NETWORK_CONVERT_H

#include "convert.h"

typedef airssys_ext_network_types_network_error_t network_failure;

/* What the driver's tcp-stream holds. Pools give and take streams, too. */
struct exports_airssys_ext_network_tcp_tcp_stream_t {
    airssys_tcp_stream stream;
};

/* A tcp-stream of the driver that holds this one. */
exports_airssys_ext_network_tcp_own_tcp_stream_t give_stream(airssys_tcp_stream stream);

airssys_ip_address view_ip_address(const airssys_ext_network_types_ip_address_t *address);
airssys_ext_network_types_ip_address_t give_ip_address(const airssys_ip_address *address);
airssys_socket_address view_socket_address(const airssys_ext_network_types_socket_address_t *address);
airssys_ext_network_types_socket_address_t give_socket_address(const airssys_socket_address *address);
airssys_endpoint view_endpoint(const airssys_ext_network_types_endpoint_t *endpoint);

/* What an export ends with: moves the error into that of the export unless it is AIRSSYS_OK. */
bool finish_network(airssys_code code, airssys_error *error, network_failure *to);

#endif
