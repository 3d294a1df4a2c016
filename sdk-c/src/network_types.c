#include <airssys/network_types.h>

#include <stdlib.h>
#include <string.h>

#include "network_conversions.h"

airssys_ip_address airssys_ipv4(uint8_t first, uint8_t second, uint8_t third, uint8_t fourth) {
    return (airssys_ip_address){.kind = AIRSSYS_IPV4, .ipv4 = {first, second, third, fourth}};
}

airssys_ip_address airssys_ipv6(const uint16_t groups[8]) {
    airssys_ip_address address = {.kind = AIRSSYS_IPV6};
    memcpy(address.ipv6, groups, sizeof address.ipv6);
    return address;
}

bool airssys_ip_address_equals(const airssys_ip_address *left, const airssys_ip_address *right) {
    if (left->kind != right->kind) {
        return false;
    }
    return left->kind == AIRSSYS_IPV4 ? memcmp(left->ipv4, right->ipv4, sizeof left->ipv4) == 0
                                      : memcmp(left->ipv6, right->ipv6, sizeof left->ipv6) == 0;
}

void airssys_ip_address_describe(const airssys_ip_address *address, airssys_string_builder *builder) {
    bool is_ipv4 = address->kind == AIRSSYS_IPV4;
    for (size_t i = 0; i < (is_ipv4 ? 4 : 8); i++) {
        if (i > 0) {
            airssys_string_builder_c(builder, is_ipv4 ? "." : ":");
        }
        if (is_ipv4) {
            airssys_string_builder_u64(builder, address->ipv4[i]);
        } else {
            airssys_string_builder_hex(builder, address->ipv6[i]);
        }
    }
}

void airssys_socket_address_describe(const airssys_socket_address *address, airssys_string_builder *builder) {
    bool is_ipv6 = address->ip.kind == AIRSSYS_IPV6;
    airssys_string_builder_c(builder, is_ipv6 ? "[" : "");
    airssys_ip_address_describe(&address->ip, builder);
    airssys_string_builder_c(builder, is_ipv6 ? "]:" : ":");
    airssys_string_builder_u64(builder, address->port);
}

void airssys_ip_address_list_free(airssys_ip_address_list *list) {
    free((void *)list->ptr);
    *list = (airssys_ip_address_list){NULL, 0};
}

#ifdef AIRSSYS_EXT_NETWORK_TYPES_NETWORK_ERROR_IO
airssys_ext_network_types_ip_address_t airssys_internal_give_ip_address(const airssys_ip_address *address) {
    airssys_ext_network_types_ip_address_t given;
    if (address->kind == AIRSSYS_IPV4) {
        const uint8_t *bytes = address->ipv4;
        given.tag = AIRSSYS_EXT_NETWORK_TYPES_IP_ADDRESS_IPV4;
        given.val.ipv4 = (airssys_ext_network_types_ipv4_address_t){bytes[0], bytes[1], bytes[2], bytes[3]};
    } else {
        const uint16_t *groups = address->ipv6;
        given.tag = AIRSSYS_EXT_NETWORK_TYPES_IP_ADDRESS_IPV6;
        given.val.ipv6 = (airssys_ext_network_types_ipv6_address_t){groups[0], groups[1], groups[2], groups[3],
                                                                    groups[4], groups[5], groups[6], groups[7]};
    }
    return given;
}

airssys_ip_address airssys_internal_take_ip_address(const airssys_ext_network_types_ip_address_t *address) {
    if (address->tag == AIRSSYS_EXT_NETWORK_TYPES_IP_ADDRESS_IPV4) {
        const airssys_ext_network_types_ipv4_address_t *bytes = &address->val.ipv4;
        return airssys_ipv4(bytes->f0, bytes->f1, bytes->f2, bytes->f3);
    }
    const airssys_ext_network_types_ipv6_address_t *groups = &address->val.ipv6;
    return airssys_ipv6((const uint16_t[8]){groups->f0, groups->f1, groups->f2, groups->f3, groups->f4, groups->f5,
                                            groups->f6, groups->f7});
}

airssys_ext_network_types_socket_address_t airssys_internal_give_socket_address(const airssys_socket_address *address) {
    return (airssys_ext_network_types_socket_address_t){airssys_internal_give_ip_address(&address->ip), address->port};
}

airssys_socket_address airssys_internal_take_socket_address(const airssys_ext_network_types_socket_address_t *address) {
    return (airssys_socket_address){airssys_internal_take_ip_address(&address->ip), address->port};
}

airssys_ext_network_types_endpoint_t airssys_internal_lend_endpoint(const airssys_endpoint *endpoint) {
    return (airssys_ext_network_types_endpoint_t){airssys_internal_lend_string(endpoint->host), endpoint->port};
}
#endif
