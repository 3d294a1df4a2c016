#include "convert.h"

#include <stdlib.h>

void *allocate(size_t count, size_t size) {
    void *memory = count > 0 ? calloc(count, size) : NULL;
    if (memory == NULL && count > 0) {
        airssys_panic(AIRSSYS_STRING("out of memory"));
    }
    return memory;
}

airssys_component_id view_component_id(const airssys_core_types_component_id_t *id) {
    return (airssys_component_id){view_string(&id->namespace_), view_string(&id->name), view_string(&id->version)};
}

airssys_string_list view_string_list(const airssys_bindings_list_string_t *list) {
    airssys_string *viewed = allocate(list->len, sizeof *viewed);
    for (size_t i = 0; i < list->len; i++) {
        viewed[i] = view_string(&list->ptr[i]);
    }
    return (airssys_string_list){viewed, list->len};
}

airssys_core_types_timestamp_t give_timestamp(airssys_timestamp time) {
    return (airssys_core_types_timestamp_t){time.seconds, time.nanoseconds};
}

airssys_core_types_component_id_t give_component_id_copy(const airssys_component_id *id) {
    return (airssys_core_types_component_id_t){
        give_string_copy(id->namespace_),
        give_string_copy(id->name),
        give_string_copy(id->version),
    };
}

airssys_bindings_list_string_t give_string_list_copy(airssys_string_list list) {
    airssys_bindings_string_t *given = allocate(list.len, sizeof *given);
    for (size_t i = 0; i < list.len; i++) {
        given[i] = give_string_copy(list.ptr[i]);
    }
    return (airssys_bindings_list_string_t){given, list.len};
}

static airssys_ext_filesystem_types_option_timestamp_t give_optional_timestamp(airssys_optional_timestamp time) {
    return (airssys_ext_filesystem_types_option_timestamp_t){time.has_value, give_timestamp(time.value)};
}

static airssys_ext_filesystem_types_file_type_t give_file_type(airssys_file_type type) {
    switch (type) {
    case AIRSSYS_FILE_TYPE_REGULAR:
        return AIRSSYS_EXT_FILESYSTEM_TYPES_FILE_TYPE_REGULAR;
    case AIRSSYS_FILE_TYPE_DIRECTORY:
        return AIRSSYS_EXT_FILESYSTEM_TYPES_FILE_TYPE_DIRECTORY;
    case AIRSSYS_FILE_TYPE_SYMBOLIC_LINK:
        return AIRSSYS_EXT_FILESYSTEM_TYPES_FILE_TYPE_SYMBOLIC_LINK;
    case AIRSSYS_FILE_TYPE_OTHER:
        break;
    }
    return AIRSSYS_EXT_FILESYSTEM_TYPES_FILE_TYPE_OTHER;
}

airssys_ext_filesystem_types_file_metadata_t give_file_metadata(const airssys_file_metadata *metadata) {
    return (airssys_ext_filesystem_types_file_metadata_t){
        .file_type = give_file_type(metadata->type),
        .size = metadata->size,
        .permissions = (airssys_ext_filesystem_types_file_permissions_t)metadata->permissions,
        .links = metadata->links,
        .accessed = give_optional_timestamp(metadata->accessed),
        .modified = give_optional_timestamp(metadata->modified),
        .created = give_optional_timestamp(metadata->created),
    };
}

airssys_core_capabilities_permission_denial_t give_denial(const airssys_permission_denial *denial) {
    return (airssys_core_capabilities_permission_denial_t){
        give_string_copy(denial->operation),
        give_string_copy(denial->resource),
        give_string_copy(denial->missing),
    };
}

airssys_bindings_string_t give_text(airssys_error *error) {
    airssys_bindings_string_t text = give_string(error->text);
    error->text = (airssys_string){NULL, 0};
    return text;
}

bool give_filesystem_error(airssys_error *error, airssys_ext_filesystem_types_filesystem_error_t *to) {
    switch (error->code) {
    case AIRSSYS_NOT_FOUND:
        to->tag = AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_NOT_FOUND;
        to->val.not_found = give_text(error);
        break;
    case AIRSSYS_PERMISSION_DENIED:
        to->tag = AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_PERMISSION_DENIED;
        to->val.permission_denied = give_denial(&error->denial);
        break;
    case AIRSSYS_ALREADY_EXISTS:
        to->tag = AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_ALREADY_EXISTS;
        to->val.already_exists = give_text(error);
        break;
    case AIRSSYS_INVALID_PATH:
        to->tag = AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_INVALID_PATH;
        to->val.invalid_path = give_text(error);
        break;
    case AIRSSYS_NOT_A_DIRECTORY:
        to->tag = AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_NOT_A_DIRECTORY;
        to->val.not_a_directory = give_text(error);
        break;
    case AIRSSYS_IS_A_DIRECTORY:
        to->tag = AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_IS_A_DIRECTORY;
        to->val.is_a_directory = give_text(error);
        break;
    case AIRSSYS_DIRECTORY_NOT_EMPTY:
        to->tag = AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_DIRECTORY_NOT_EMPTY;
        to->val.directory_not_empty = give_text(error);
        break;
    case AIRSSYS_TOO_MANY_LINKS:
        to->tag = AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_TOO_MANY_LINKS;
        to->val.too_many_links = give_text(error);
        break;
    case AIRSSYS_NAME_TOO_LONG:
        to->tag = AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_NAME_TOO_LONG;
        to->val.name_too_long = give_text(error);
        break;
    case AIRSSYS_CROSS_DEVICE:
        to->tag = AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_CROSS_DEVICE;
        to->val.cross_device = give_text(error);
        break;
    case AIRSSYS_LOCKED:
        to->tag = AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_LOCKED;
        to->val.locked = give_text(error);
        break;
    case AIRSSYS_INVALID_ARGUMENT:
        to->tag = AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_INVALID_ARGUMENT;
        to->val.invalid_argument = give_text(error);
        break;
    case AIRSSYS_UNSUPPORTED:
        to->tag = AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_UNSUPPORTED;
        to->val.unsupported = give_text(error);
        break;
    case AIRSSYS_QUOTA_EXCEEDED:
        to->tag = AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_QUOTA_EXCEEDED;
        to->val.quota_exceeded = give_text(error);
        break;
    case AIRSSYS_TOO_MANY_OPEN_FILES:
        to->tag = AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_TOO_MANY_OPEN_FILES;
        break;
    case AIRSSYS_IO:
        to->tag = AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_IO;
        to->val.io = give_text(error);
        break;
    default:
        airssys_panic(AIRSSYS_STRING("the SDK gave a code that is not a filesystem error"));
    }
    airssys_error_free(error);
    return false;
}

bool give_messaging_error(airssys_error *error, airssys_core_types_messaging_error_t *to) {
    switch (error->code) {
    case AIRSSYS_COMPONENT_NOT_FOUND:
        to->tag = AIRSSYS_CORE_TYPES_MESSAGING_ERROR_COMPONENT_NOT_FOUND;
        to->val.component_not_found = give_component_id_copy(&error->component);
        break;
    case AIRSSYS_PERMISSION_DENIED:
        to->tag = AIRSSYS_CORE_TYPES_MESSAGING_ERROR_PERMISSION_DENIED;
        to->val.permission_denied = give_denial(&error->denial);
        break;
    case AIRSSYS_MAILBOX_FULL:
        to->tag = AIRSSYS_CORE_TYPES_MESSAGING_ERROR_MAILBOX_FULL;
        to->val.mailbox_full = give_component_id_copy(&error->component);
        break;
    case AIRSSYS_PAYLOAD_TOO_LARGE:
        to->tag = AIRSSYS_CORE_TYPES_MESSAGING_ERROR_PAYLOAD_TOO_LARGE;
        to->val.payload_too_large = error->limit;
        break;
    case AIRSSYS_TIMEOUT:
        to->tag = AIRSSYS_CORE_TYPES_MESSAGING_ERROR_TIMEOUT;
        to->val.timeout = give_text(error);
        break;
    case AIRSSYS_UNKNOWN_REQUEST:
        to->tag = AIRSSYS_CORE_TYPES_MESSAGING_ERROR_UNKNOWN_REQUEST;
        to->val.unknown_request = give_text(error);
        break;
    case AIRSSYS_DELIVERY_FAILED:
        to->tag = AIRSSYS_CORE_TYPES_MESSAGING_ERROR_DELIVERY_FAILED;
        to->val.delivery_failed = give_text(error);
        break;
    default:
        airssys_panic(AIRSSYS_STRING("the SDK gave a code that is not a messaging error"));
    }
    airssys_error_free(error);
    return false;
}
