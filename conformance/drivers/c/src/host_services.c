/* The export host-services: each function forwards to the SDK. */
#include <stdlib.h>

#include "convert.h"

void exports_airssys_core_host_services_log(airssys_core_types_log_level_t level, airssys_bindings_string_t *message,
                                            airssys_bindings_list_tuple2_string_string_t *fields) {
    static const airssys_log_level LEVELS[] = {
        [AIRSSYS_CORE_TYPES_LOG_LEVEL_TRACE] = AIRSSYS_LOG_TRACE,
        [AIRSSYS_CORE_TYPES_LOG_LEVEL_DEBUG] = AIRSSYS_LOG_DEBUG,
        [AIRSSYS_CORE_TYPES_LOG_LEVEL_INFO] = AIRSSYS_LOG_INFO,
        [AIRSSYS_CORE_TYPES_LOG_LEVEL_WARN] = AIRSSYS_LOG_WARN,
        [AIRSSYS_CORE_TYPES_LOG_LEVEL_ERROR] = AIRSSYS_LOG_ERROR,
    };
    airssys_key_value *viewed = allocate(fields->len, sizeof *viewed);
    for (size_t i = 0; i < fields->len; i++) {
        viewed[i] = (airssys_key_value){view_string(&fields->ptr[i].f0), view_string(&fields->ptr[i].f1)};
    }
    airssys_log(LEVELS[level], view_string(message), viewed, fields->len);
    free(viewed);
    airssys_bindings_string_free(message);
    airssys_bindings_list_tuple2_string_string_free(fields);
}

bool exports_airssys_core_host_services_send_message(airssys_core_types_component_id_t *target,
                                                     airssys_bindings_list_u8_t *message,
                                                     airssys_core_types_messaging_error_t *failure) {
    airssys_component_id viewed = view_component_id(target);
    airssys_error error;
    airssys_code code = airssys_send_message(&viewed, view_bytes(message), &error);
    airssys_core_types_component_id_free(target);
    airssys_bindings_list_u8_free(message);
    return code == AIRSSYS_OK ? true : give_messaging_error(&error, failure);
}

bool exports_airssys_core_host_services_send_request(airssys_core_types_component_id_t *target,
                                                     airssys_bindings_list_u8_t *request, uint32_t timeout_ms,
                                                     airssys_core_types_request_id_t *result,
                                                     airssys_core_types_messaging_error_t *failure) {
    airssys_component_id viewed = view_component_id(target);
    airssys_string request_id;
    airssys_error error;
    airssys_code code = airssys_send_request(&viewed, view_bytes(request), timeout_ms, &request_id, &error);
    airssys_core_types_component_id_free(target);
    airssys_bindings_list_u8_free(request);
    *result = give_string(request_id);
    return code == AIRSSYS_OK ? true : give_messaging_error(&error, failure);
}

bool exports_airssys_core_host_services_cancel_request(airssys_core_types_request_id_t *request,
                                                       airssys_core_types_messaging_error_t *failure) {
    airssys_error error;
    airssys_code code = airssys_cancel_request(view_string(request), &error);
    airssys_core_types_request_id_free(request);
    return code == AIRSSYS_OK ? true : give_messaging_error(&error, failure);
}

void exports_airssys_core_host_services_current_time(airssys_core_types_timestamp_t *result) {
    *result = give_timestamp(airssys_current_time());
}

void exports_airssys_core_host_services_sleep(uint32_t duration_ms) {
    airssys_sleep(duration_ms);
}

void exports_airssys_core_host_services_list_components(
    exports_airssys_core_host_services_list_component_id_t *result) {
    airssys_component_id_list components;
    airssys_list_components(&components);
    airssys_core_types_component_id_t *given = allocate(components.len, sizeof *given);
    for (size_t i = 0; i < components.len; i++) {
        given[i] = give_component_id_copy(&components.ptr[i]);
    }
    *result = (exports_airssys_core_host_services_list_component_id_t){given, components.len};
    airssys_component_id_list_free(&components);
}

bool exports_airssys_core_host_services_get_component_metadata(airssys_core_types_component_id_t *id,
                                                               airssys_core_types_component_metadata_t *result,
                                                               airssys_core_types_messaging_error_t *failure) {
    airssys_component_id viewed = view_component_id(id);
    airssys_component_metadata metadata;
    airssys_error error;
    airssys_code code = airssys_get_component_metadata(&viewed, &metadata, &error);
    airssys_core_types_component_id_free(id);
    if (code != AIRSSYS_OK) {
        return give_messaging_error(&error, failure);
    }
    *result = (airssys_core_types_component_metadata_t){
        .id = give_component_id_copy(&metadata.id),
        .description = give_string_copy(metadata.description),
        .authors = give_string_list_copy(metadata.authors),
        .license = {metadata.license.has_value, give_string_copy(metadata.license.value)},
        .operations = give_string_list_copy(metadata.operations),
    };
    airssys_component_metadata_free(&metadata);
    return true;
}
