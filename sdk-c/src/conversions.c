#include "conversions.h"

#include <stdlib.h>

airssys_core_types_component_id_t airssys_internal_lend_component_id(const airssys_component_id *id) {
    return (airssys_core_types_component_id_t){
        airssys_internal_lend_string(id->namespace_),
        airssys_internal_lend_string(id->name),
        airssys_internal_lend_string(id->version),
    };
}

airssys_component_id airssys_internal_take_component_id(airssys_core_types_component_id_t id) {
    return (airssys_component_id){
        airssys_internal_take_string(id.namespace_),
        airssys_internal_take_string(id.name),
        airssys_internal_take_string(id.version),
    };
}

airssys_string_list airssys_internal_take_string_list(airssys_bindings_list_string_t list) {
    airssys_string *taken = airssys_internal_allocate(list.len, sizeof *taken);
    for (size_t i = 0; i < list.len; i++) {
        taken[i] = airssys_internal_take_string(list.ptr[i]);
    }
    if (list.len > 0) {
        free(list.ptr);
    }
    return (airssys_string_list){taken, list.len};
}

airssys_code airssys_internal_succeed(airssys_error *error) {
    return airssys_error_set(error, AIRSSYS_OK, (airssys_string){NULL, 0});
}

/* Moves what the temporary error owns to where the caller wants it. */
static airssys_code hand_over(airssys_error taken, airssys_error *error) {
    airssys_code code = taken.code;
    if (error != NULL) {
        *error = taken;
    } else {
        airssys_error_free(&taken);
    }
    return code;
}

static airssys_code hand_over_text(airssys_code code, airssys_bindings_string_t text, airssys_error *error) {
    return hand_over((airssys_error){.code = code, .text = airssys_internal_take_string(text)}, error);
}

static airssys_code hand_over_denial(const airssys_core_capabilities_permission_denial_t *denial,
                                     airssys_error *error) {
    airssys_error taken = {.code = AIRSSYS_PERMISSION_DENIED};
    taken.denial.operation = airssys_internal_take_string(denial->operation);
    taken.denial.resource = airssys_internal_take_string(denial->resource);
    taken.denial.missing = airssys_internal_take_string(denial->missing);
    return hand_over(taken, error);
}

airssys_code airssys_internal_take_filesystem_error(airssys_ext_filesystem_types_filesystem_error_t *from,
                                                    airssys_error *error) {
    switch (from->tag) {
    case AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_NOT_FOUND:
        return hand_over_text(AIRSSYS_NOT_FOUND, from->val.not_found, error);
    case AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_PERMISSION_DENIED:
        return hand_over_denial(&from->val.permission_denied, error);
    case AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_ALREADY_EXISTS:
        return hand_over_text(AIRSSYS_ALREADY_EXISTS, from->val.already_exists, error);
    case AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_INVALID_PATH:
        return hand_over_text(AIRSSYS_INVALID_PATH, from->val.invalid_path, error);
    case AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_NOT_A_DIRECTORY:
        return hand_over_text(AIRSSYS_NOT_A_DIRECTORY, from->val.not_a_directory, error);
    case AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_IS_A_DIRECTORY:
        return hand_over_text(AIRSSYS_IS_A_DIRECTORY, from->val.is_a_directory, error);
    case AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_DIRECTORY_NOT_EMPTY:
        return hand_over_text(AIRSSYS_DIRECTORY_NOT_EMPTY, from->val.directory_not_empty, error);
    case AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_TOO_MANY_LINKS:
        return hand_over_text(AIRSSYS_TOO_MANY_LINKS, from->val.too_many_links, error);
    case AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_NAME_TOO_LONG:
        return hand_over_text(AIRSSYS_NAME_TOO_LONG, from->val.name_too_long, error);
    case AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_CROSS_DEVICE:
        return hand_over_text(AIRSSYS_CROSS_DEVICE, from->val.cross_device, error);
    case AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_LOCKED:
        return hand_over_text(AIRSSYS_LOCKED, from->val.locked, error);
    case AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_INVALID_ARGUMENT:
        return hand_over_text(AIRSSYS_INVALID_ARGUMENT, from->val.invalid_argument, error);
    case AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_UNSUPPORTED:
        return hand_over_text(AIRSSYS_UNSUPPORTED, from->val.unsupported, error);
    case AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_QUOTA_EXCEEDED:
        return hand_over_text(AIRSSYS_QUOTA_EXCEEDED, from->val.quota_exceeded, error);
    case AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_TOO_MANY_OPEN_FILES:
        return hand_over((airssys_error){.code = AIRSSYS_TOO_MANY_OPEN_FILES}, error);
    case AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_IO:
        return hand_over_text(AIRSSYS_IO, from->val.io, error);
    default:
        airssys_panic(AIRSSYS_STRING("the host gave a filesystem error that the contract does not have"));
    }
}

airssys_code airssys_internal_take_messaging_error(airssys_core_types_messaging_error_t *from, airssys_error *error) {
    airssys_error taken = {.code = AIRSSYS_OK};
    switch (from->tag) {
    case AIRSSYS_CORE_TYPES_MESSAGING_ERROR_COMPONENT_NOT_FOUND:
        taken.code = AIRSSYS_COMPONENT_NOT_FOUND;
        taken.component = airssys_internal_take_component_id(from->val.component_not_found);
        return hand_over(taken, error);
    case AIRSSYS_CORE_TYPES_MESSAGING_ERROR_PERMISSION_DENIED:
        return hand_over_denial(&from->val.permission_denied, error);
    case AIRSSYS_CORE_TYPES_MESSAGING_ERROR_MAILBOX_FULL:
        taken.code = AIRSSYS_MAILBOX_FULL;
        taken.component = airssys_internal_take_component_id(from->val.mailbox_full);
        return hand_over(taken, error);
    case AIRSSYS_CORE_TYPES_MESSAGING_ERROR_PAYLOAD_TOO_LARGE:
        taken.code = AIRSSYS_PAYLOAD_TOO_LARGE;
        taken.limit = from->val.payload_too_large;
        return hand_over(taken, error);
    case AIRSSYS_CORE_TYPES_MESSAGING_ERROR_TIMEOUT:
        return hand_over_text(AIRSSYS_TIMEOUT, from->val.timeout, error);
    case AIRSSYS_CORE_TYPES_MESSAGING_ERROR_UNKNOWN_REQUEST:
        return hand_over_text(AIRSSYS_UNKNOWN_REQUEST, from->val.unknown_request, error);
    case AIRSSYS_CORE_TYPES_MESSAGING_ERROR_DELIVERY_FAILED:
        return hand_over_text(AIRSSYS_DELIVERY_FAILED, from->val.delivery_failed, error);
    default:
        airssys_panic(AIRSSYS_STRING("the host gave a messaging error that the contract does not have"));
    }
}

bool airssys_internal_accept_path(airssys_string path, airssys_error *error) {
    if (airssys_string_is_utf8(path)) {
        return true;
    }
    airssys_error_set(error, AIRSSYS_INVALID_PATH, AIRSSYS_STRING("the path is not UTF-8"));
    return false;
}

static airssys_optional_timestamp optional_timestamp(airssys_ext_filesystem_types_option_timestamp_t time) {
    airssys_optional_timestamp converted = {time.is_some, {0, 0}};
    if (time.is_some) {
        converted.value = airssys_internal_timestamp(time.val);
    }
    return converted;
}

airssys_file_metadata airssys_internal_file_metadata(const airssys_ext_filesystem_types_file_metadata_t *metadata) {
    return (airssys_file_metadata){
        .type = (airssys_file_type)metadata->file_type,
        .size = metadata->size,
        .permissions = metadata->permissions,
        .links = metadata->links,
        .accessed = optional_timestamp(metadata->accessed),
        .modified = optional_timestamp(metadata->modified),
        .created = optional_timestamp(metadata->created),
    };
}
