/*
 * Between the public types of the SDK and those of the driver's exports.
 *
 * An export owns its arguments: it views them, calls the SDK, and frees them with the generated functions. It gives its
 * results away: "give" moves what the SDK's caller owns, or copies where the name says so.
 */
#ifndef DRIVER_CONVERT_H
#define DRIVER_CONVERT_H

#include <airssys/airssys.h>

#include "airssys_bindings.h"

static inline airssys_string view_string(const airssys_bindings_string_t *text) {
    return (airssys_string){(const char *)text->ptr, text->len};
}

static inline airssys_bytes view_bytes(const airssys_bindings_list_u8_t *bytes) {
    return (airssys_bytes){bytes->ptr, bytes->len};
}

static inline airssys_optional_u32 view_optional_u32(airssys_bindings_option_u32_t number) {
    return (airssys_optional_u32){number.is_some, number.is_some ? number.val : 0};
}

static inline airssys_bindings_option_u32_t give_optional_u32(airssys_optional_u32 number) {
    return (airssys_bindings_option_u32_t){number.has_value, number.value};
}

/* Of an optional number that is a parameter. */
static inline airssys_optional_u32 view_u32_parameter(const uint32_t *number) {
    return (airssys_optional_u32){number != NULL, number != NULL ? *number : 0};
}

/* A list of its own, which is freed, of texts that are viewed. */
airssys_string_list view_string_list(const airssys_bindings_list_string_t *list);

airssys_component_id view_component_id(const airssys_core_types_component_id_t *id);

static inline airssys_bindings_string_t give_string(airssys_string text) {
    return (airssys_bindings_string_t){(uint8_t *)text.ptr, text.len};
}

static inline airssys_bindings_string_t give_string_copy(airssys_string text) {
    return give_string(airssys_string_copy(text));
}

static inline airssys_bindings_list_u8_t give_bytes(airssys_bytes bytes) {
    return (airssys_bindings_list_u8_t){(uint8_t *)bytes.ptr, bytes.len};
}

airssys_core_types_timestamp_t give_timestamp(airssys_timestamp time);
airssys_core_types_component_id_t give_component_id_copy(const airssys_component_id *id);
airssys_bindings_list_string_t give_string_list_copy(airssys_string_list list);
airssys_ext_filesystem_types_file_metadata_t give_file_metadata(const airssys_file_metadata *metadata);

airssys_core_capabilities_permission_denial_t give_denial(const airssys_permission_denial *denial);
/* Moves the text out of an error. */
airssys_bindings_string_t give_text(airssys_error *error);

/* Move an error into that of an export, and return false, which is what an export returns then. */
bool give_filesystem_error(airssys_error *error, airssys_ext_filesystem_types_filesystem_error_t *to);
bool give_messaging_error(airssys_error *error, airssys_core_types_messaging_error_t *to);

/* Memory for the elements of a list: NULL for none; panics when there is not enough. */
void *allocate(size_t count, size_t size);

#endif
