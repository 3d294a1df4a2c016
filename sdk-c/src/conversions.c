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

airssys_bindings_list_string_t airssys_internal_lend_string_list(airssys_string_list list) {
    airssys_bindings_string_t *lent = airssys_internal_allocate(list.len, sizeof *lent);
    for (size_t i = 0; i < list.len; i++) {
        lent[i] = airssys_internal_lend_string(list.ptr[i]);
    }
    return (airssys_bindings_list_string_t){lent, list.len};
}

bool airssys_internal_accept_path(airssys_string path, airssys_error *error) {
    if (airssys_string_is_utf8(path)) {
        return true;
    }
    airssys_error_set(error, AIRSSYS_INVALID_PATH, AIRSSYS_STRING("the path is not UTF-8"));
    return false;
}

bool airssys_internal_accept_text(airssys_string text, const char *what, airssys_error *error) {
    if (airssys_string_is_utf8(text)) {
        return true;
    }
    char buffer[64];
    airssys_string_builder problem = airssys_string_builder_over(buffer, sizeof buffer);
    airssys_string_builder_c(&problem, what);
    airssys_string_builder_c(&problem, " is not UTF-8");
    airssys_error_set(error, AIRSSYS_INVALID_ARGUMENT, airssys_string_builder_view(&problem));
    return false;
}

bool airssys_internal_accept_texts(airssys_string_list texts, const char *what, airssys_error *error) {
    for (size_t i = 0; i < texts.len; i++) {
        if (!airssys_internal_accept_text(texts.ptr[i], what, error)) {
            return false;
        }
    }
    return true;
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
