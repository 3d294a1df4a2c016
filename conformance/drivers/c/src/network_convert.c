#include "network_convert.h"

exports_airssys_ext_network_tcp_own_tcp_stream_t give_stream(airssys_tcp_stream stream) {
    exports_airssys_ext_network_tcp_tcp_stream_t *exported = allocate(1, sizeof *exported);
    exported->stream = stream;
    return exports_airssys_ext_network_tcp_tcp_stream_new(exported);
}

airssys_ip_address view_ip_address(const airssys_ext_network_types_ip_address_t *address) {
    if (address->tag == AIRSSYS_EXT_NETWORK_TYPES_IP_ADDRESS_IPV4) {
        const airssys_ext_network_types_ipv4_address_t *ip = &address->val.ipv4;
        return airssys_ipv4(ip->f0, ip->f1, ip->f2, ip->f3);
    }
    const airssys_ext_network_types_ipv6_address_t *ip = &address->val.ipv6;
    const uint16_t groups[8] = {ip->f0, ip->f1, ip->f2, ip->f3, ip->f4, ip->f5, ip->f6, ip->f7};
    return airssys_ipv6(groups);
}

airssys_ext_network_types_ip_address_t give_ip_address(const airssys_ip_address *address) {
    airssys_ext_network_types_ip_address_t given;
    if (address->kind == AIRSSYS_IPV4) {
        const uint8_t *ip = address->ipv4;
        given.tag = AIRSSYS_EXT_NETWORK_TYPES_IP_ADDRESS_IPV4;
        given.val.ipv4 = (airssys_ext_network_types_ipv4_address_t){ip[0], ip[1], ip[2], ip[3]};
    } else {
        const uint16_t *ip = address->ipv6;
        given.tag = AIRSSYS_EXT_NETWORK_TYPES_IP_ADDRESS_IPV6;
        given.val.ipv6 =
            (airssys_ext_network_types_ipv6_address_t){ip[0], ip[1], ip[2], ip[3], ip[4], ip[5], ip[6], ip[7]};
    }
    return given;
}

airssys_socket_address view_socket_address(const airssys_ext_network_types_socket_address_t *address) {
    return (airssys_socket_address){view_ip_address(&address->ip), address->port};
}

airssys_ext_network_types_socket_address_t give_socket_address(const airssys_socket_address *address) {
    return (airssys_ext_network_types_socket_address_t){give_ip_address(&address->ip), address->port};
}

airssys_endpoint view_endpoint(const airssys_ext_network_types_endpoint_t *endpoint) {
    return (airssys_endpoint){view_string(&endpoint->host), endpoint->port};
}

bool finish_network(airssys_code code, airssys_error *error, network_failure *to) {
    switch (code) {
    case AIRSSYS_OK:
        return true;
    case AIRSSYS_PERMISSION_DENIED:
        to->tag = AIRSSYS_EXT_NETWORK_TYPES_NETWORK_ERROR_PERMISSION_DENIED;
        to->val.permission_denied = give_denial(&error->denial);
        break;
    case AIRSSYS_CONNECTION_REFUSED:
        to->tag = AIRSSYS_EXT_NETWORK_TYPES_NETWORK_ERROR_CONNECTION_REFUSED;
        break;
    case AIRSSYS_CONNECTION_RESET:
        to->tag = AIRSSYS_EXT_NETWORK_TYPES_NETWORK_ERROR_CONNECTION_RESET;
        break;
    case AIRSSYS_CONNECTION_ABORTED:
        to->tag = AIRSSYS_EXT_NETWORK_TYPES_NETWORK_ERROR_CONNECTION_ABORTED;
        break;
    case AIRSSYS_NOT_CONNECTED:
        to->tag = AIRSSYS_EXT_NETWORK_TYPES_NETWORK_ERROR_NOT_CONNECTED;
        break;
    case AIRSSYS_TIMEOUT:
        to->tag = AIRSSYS_EXT_NETWORK_TYPES_NETWORK_ERROR_TIMEOUT;
        break;
    case AIRSSYS_HOST_UNREACHABLE:
        to->tag = AIRSSYS_EXT_NETWORK_TYPES_NETWORK_ERROR_HOST_UNREACHABLE;
        break;
    case AIRSSYS_NETWORK_UNREACHABLE:
        to->tag = AIRSSYS_EXT_NETWORK_TYPES_NETWORK_ERROR_NETWORK_UNREACHABLE;
        break;
    case AIRSSYS_ADDRESS_IN_USE:
        to->tag = AIRSSYS_EXT_NETWORK_TYPES_NETWORK_ERROR_ADDRESS_IN_USE;
        break;
    case AIRSSYS_ADDRESS_NOT_AVAILABLE:
        to->tag = AIRSSYS_EXT_NETWORK_TYPES_NETWORK_ERROR_ADDRESS_NOT_AVAILABLE;
        break;
    case AIRSSYS_NAME_NOT_FOUND:
        to->tag = AIRSSYS_EXT_NETWORK_TYPES_NETWORK_ERROR_NAME_NOT_FOUND;
        to->val.name_not_found = give_text(error);
        break;
    case AIRSSYS_TEMPORARY_RESOLVER_FAILURE:
        to->tag = AIRSSYS_EXT_NETWORK_TYPES_NETWORK_ERROR_TEMPORARY_RESOLVER_FAILURE;
        to->val.temporary_resolver_failure = give_text(error);
        break;
    case AIRSSYS_INVALID_ARGUMENT:
        to->tag = AIRSSYS_EXT_NETWORK_TYPES_NETWORK_ERROR_INVALID_ARGUMENT;
        to->val.invalid_argument = give_text(error);
        break;
    case AIRSSYS_UNSUPPORTED:
        to->tag = AIRSSYS_EXT_NETWORK_TYPES_NETWORK_ERROR_UNSUPPORTED;
        to->val.unsupported = give_text(error);
        break;
    case AIRSSYS_TLS_HANDSHAKE:
        to->tag = AIRSSYS_EXT_NETWORK_TYPES_NETWORK_ERROR_TLS_HANDSHAKE;
        to->val.tls_handshake = give_text(error);
        break;
    case AIRSSYS_CERTIFICATE_INVALID:
        to->tag = AIRSSYS_EXT_NETWORK_TYPES_NETWORK_ERROR_CERTIFICATE_INVALID;
        to->val.certificate_invalid = give_text(error);
        break;
    case AIRSSYS_DATAGRAM_TOO_LARGE:
        to->tag = AIRSSYS_EXT_NETWORK_TYPES_NETWORK_ERROR_DATAGRAM_TOO_LARGE;
        break;
    case AIRSSYS_END_OF_STREAM:
        to->tag = AIRSSYS_EXT_NETWORK_TYPES_NETWORK_ERROR_END_OF_STREAM;
        to->val.end_of_stream = error->received;
        break;
    case AIRSSYS_POOL_EXHAUSTED:
        to->tag = AIRSSYS_EXT_NETWORK_TYPES_NETWORK_ERROR_POOL_EXHAUSTED;
        break;
    case AIRSSYS_TOO_MANY_SOCKETS:
        to->tag = AIRSSYS_EXT_NETWORK_TYPES_NETWORK_ERROR_TOO_MANY_SOCKETS;
        break;
    case AIRSSYS_IO:
        to->tag = AIRSSYS_EXT_NETWORK_TYPES_NETWORK_ERROR_IO;
        to->val.io = give_text(error);
        break;
    default:
        airssys_panic(AIRSSYS_STRING("the SDK gave a code that is not a network error"));
    }
    airssys_error_free(error);
    return false;
}
