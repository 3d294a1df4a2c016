/* Between the public types of the network and the generated ones. Private to the SDK's own sources; see conversions.h. */
#ifndef AIRSSYS_SRC_NETWORK_CONVERSIONS_H
#define AIRSSYS_SRC_NETWORK_CONVERSIONS_H

#include "conversions.h"

#ifdef AIRSSYS_EXT_NETWORK_TYPES_NETWORK_ERROR_IO
typedef airssys_ext_network_types_network_error_t network_failure;

/* What a function that can fail ends with. */
static inline airssys_code airssys_internal_finish_network(bool succeeded, network_failure *failure,
                                                           airssys_error *error) {
    return succeeded ? airssys_internal_succeed(error) : airssys_internal_take_network_error(failure, error);
}

airssys_ext_network_types_ip_address_t airssys_internal_give_ip_address(const airssys_ip_address *address);
airssys_ip_address airssys_internal_take_ip_address(const airssys_ext_network_types_ip_address_t *address);
airssys_ext_network_types_socket_address_t airssys_internal_give_socket_address(const airssys_socket_address *address);
airssys_socket_address airssys_internal_take_socket_address(const airssys_ext_network_types_socket_address_t *address);
airssys_ext_network_types_endpoint_t airssys_internal_lend_endpoint(const airssys_endpoint *endpoint);
#endif

#endif
