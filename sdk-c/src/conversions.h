/*
 * Between the public types and the generated ones. Private to the SDK's own sources.
 *
 * "lend" makes a generated value that points to the caller's memory, for an argument of an import. "take" moves what a
 * generated value owns into a public one. "give" moves it the other way, for the result of an export. Nothing is copied
 * unless a name says so.
 *
 * Which header airssys_bindings.h is, the include path decides: src/generated, or the bindings of a world with more
 * exports. The generator writes the same names for every world (see README.md). Those of a world without the network or
 * without processes lack their types: what needs these is then left out, by asking for the last case of their errors.
 */
#ifndef AIRSSYS_SRC_CONVERSIONS_H
#define AIRSSYS_SRC_CONVERSIONS_H

#include <airssys/airssys.h>

#include "airssys_bindings.h"

#ifndef __wasm__
/* What Component.toml says, once the testing kit has read it. */
extern const airssys_component_metadata *airssys_internal_declared_in_test;
#endif

/* Gives zeroed memory from malloc, NULL for none at all, and panics when there is not enough. */
void *airssys_internal_allocate(size_t count, size_t size);

static inline airssys_bindings_string_t airssys_internal_lend_string(airssys_string text) {
    /* The generated type is not const, but an import only reads its arguments. */
    return (airssys_bindings_string_t){(uint8_t *)text.ptr, text.len};
}

static inline airssys_bindings_list_u8_t airssys_internal_lend_bytes(airssys_bytes bytes) {
    return (airssys_bindings_list_u8_t){(uint8_t *)bytes.ptr, bytes.len};
}

/* An empty list or string comes with a pointer to nothing, which must not be freed: it becomes NULL. */
static inline airssys_string airssys_internal_take_string(airssys_bindings_string_t text) {
    return (airssys_string){text.len > 0 ? (const char *)text.ptr : NULL, text.len};
}

static inline airssys_bytes airssys_internal_take_bytes(airssys_bindings_list_u8_t bytes) {
    return (airssys_bytes){bytes.len > 0 ? bytes.ptr : NULL, bytes.len};
}

static inline airssys_optional_string airssys_internal_take_optional_string(airssys_bindings_option_string_t text) {
    airssys_optional_string taken = {text.is_some, {NULL, 0}};
    if (text.is_some) {
        taken.value = airssys_internal_take_string(text.val);
    }
    return taken;
}

static inline airssys_optional_u32 airssys_internal_take_optional_u32(airssys_bindings_option_u32_t number) {
    return (airssys_optional_u32){number.is_some, number.is_some ? number.val : 0};
}

static inline airssys_bindings_option_u32_t airssys_internal_give_optional_u32(airssys_optional_u32 number) {
    return (airssys_bindings_option_u32_t){number.has_value, number.value};
}

static inline airssys_optional_u64 airssys_internal_take_optional_u64(airssys_bindings_option_u64_t number) {
    return (airssys_optional_u64){number.is_some, number.is_some ? number.val : 0};
}

static inline airssys_bindings_option_u64_t airssys_internal_give_optional_u64(airssys_optional_u64 number) {
    return (airssys_bindings_option_u64_t){number.has_value, number.value};
}

static inline airssys_timestamp airssys_internal_timestamp(airssys_core_types_timestamp_t time) {
    return (airssys_timestamp){time.seconds, time.nanoseconds};
}

airssys_core_types_component_id_t airssys_internal_lend_component_id(const airssys_component_id *id);
airssys_component_id airssys_internal_take_component_id(airssys_core_types_component_id_t id);
airssys_string_list airssys_internal_take_string_list(airssys_bindings_list_string_t list);
/* Texts that are lent, in a list of its own: free its `ptr`. */
airssys_bindings_list_string_t airssys_internal_lend_string_list(airssys_string_list list);

/* The host frees what it is given when len is above 0 only, so an empty text or list must own nothing. */
airssys_bindings_list_u8_t airssys_internal_give_bytes(airssys_bytes bytes);
/* Bytes that are not UTF-8 are replaced: the host would trap on them. */
airssys_bindings_string_t airssys_internal_give_string(airssys_string text);
airssys_bindings_string_t airssys_internal_give_string_copy(airssys_string text);
/* A copy in which each byte that is not part of well-formed UTF-8 is U+FFFD. */
airssys_string airssys_internal_utf8_copy(airssys_string text);

/* Makes the error empty, if there is one, and returns AIRSSYS_OK. */
airssys_code airssys_internal_succeed(airssys_error *error);
/* Move what the case carries into the error, or free it if there is none, and return its code. */
airssys_code airssys_internal_take_filesystem_error(airssys_ext_filesystem_types_filesystem_error_t *from,
                                                    airssys_error *error);
airssys_code airssys_internal_take_messaging_error(airssys_core_types_messaging_error_t *from, airssys_error *error);
#ifdef AIRSSYS_EXT_NETWORK_TYPES_NETWORK_ERROR_IO
airssys_code airssys_internal_take_network_error(airssys_ext_network_types_network_error_t *from, airssys_error *error);
#endif
#ifdef AIRSSYS_EXT_PROCESS_TYPES_PROCESS_ERROR_IO
airssys_code airssys_internal_take_process_error(airssys_ext_process_types_process_error_t *from, airssys_error *error);
#endif

/* Refuses a path that is not UTF-8, which the host would trap on: fills the error and returns false. */
bool airssys_internal_accept_path(airssys_string path, airssys_error *error);
/* The same for other text; `what` is what the error calls it. */
bool airssys_internal_accept_text(airssys_string text, const char *what, airssys_error *error);
bool airssys_internal_accept_texts(airssys_string_list texts, const char *what, airssys_error *error);

airssys_file_metadata airssys_internal_file_metadata(const airssys_ext_filesystem_types_file_metadata_t *metadata);

#endif
