#include <airssys/host_services.h>

#include <assert.h>
#include <stdlib.h>

#include "conversions.h"

static_assert((int)AIRSSYS_LOG_TRACE == AIRSSYS_CORE_TYPES_LOG_LEVEL_TRACE, "log levels are in the contract's order");
static_assert((int)AIRSSYS_LOG_ERROR == AIRSSYS_CORE_TYPES_LOG_LEVEL_ERROR, "log levels are in the contract's order");

/* Gives the caller's own text if it is UTF-8, else a copy: what release_copy() frees. */
static airssys_bindings_string_t lend_or_copy(airssys_string text) {
    return airssys_string_is_utf8(text) ? airssys_internal_lend_string(text) : airssys_internal_give_string_copy(text);
}

static void release_copy(airssys_bindings_string_t given, airssys_string text) {
    if ((const char *)given.ptr != text.ptr) {
        free(given.ptr);
    }
}

void airssys_log(airssys_log_level level, airssys_string message, const airssys_key_value *fields, size_t field_count) {
    airssys_bindings_string_t text = lend_or_copy(message);
    airssys_bindings_tuple2_string_string_t *pairs = airssys_internal_allocate(field_count, sizeof *pairs);
    for (size_t i = 0; i < field_count; i++) {
        pairs[i].f0 = lend_or_copy(fields[i].key);
        pairs[i].f1 = lend_or_copy(fields[i].value);
    }
    airssys_bindings_list_tuple2_string_string_t list = {pairs, field_count};
    airssys_core_host_services_log((airssys_core_host_services_log_level_t)level, &text, &list);
    for (size_t i = 0; i < field_count; i++) {
        release_copy(pairs[i].f0, fields[i].key);
        release_copy(pairs[i].f1, fields[i].value);
    }
    free(pairs);
    release_copy(text, message);
}

void airssys_log_info(airssys_string message) {
    airssys_log(AIRSSYS_LOG_INFO, message, NULL, 0);
}

void airssys_log_warn(airssys_string message) {
    airssys_log(AIRSSYS_LOG_WARN, message, NULL, 0);
}

void airssys_log_error(airssys_string message) {
    airssys_log(AIRSSYS_LOG_ERROR, message, NULL, 0);
}

void airssys_panic(airssys_string message) {
    airssys_key_value kind = {AIRSSYS_STRING("kind"), AIRSSYS_STRING("panic")};
    airssys_log(AIRSSYS_LOG_ERROR, message, &kind, 1);
    __builtin_trap();
}

#ifdef __wasm__
/* Ends a failed assertion as a panic, which the host can show with its place; the one of the C library would write to
 * standard error and bring all of stdio along. Weak, for an author may have another. */
__attribute__((weak)) _Noreturn void __assert_fail(const char *expression, const char *file, int line,
                                                   const char *function) {
    char buffer[512];
    airssys_string_builder location = airssys_string_builder_over(buffer, sizeof buffer / 2);
    airssys_string_builder_c(&location, file);
    airssys_string_builder_c(&location, ":");
    airssys_string_builder_u64(&location, (uint64_t)line);
    airssys_string_builder message = airssys_string_builder_over(buffer + sizeof buffer / 2, sizeof buffer / 2);
    airssys_string_builder_c(&message, "assertion failed in ");
    airssys_string_builder_c(&message, function);
    airssys_string_builder_c(&message, ": ");
    airssys_string_builder_c(&message, expression);
    airssys_key_value fields[] = {
        {AIRSSYS_STRING("kind"), AIRSSYS_STRING("panic")},
        {AIRSSYS_STRING("location"), airssys_string_builder_view(&location)},
    };
    airssys_log(AIRSSYS_LOG_ERROR, airssys_string_builder_view(&message), fields, 2);
    __builtin_trap();
}
#endif

static bool component_id_is_utf8(const airssys_component_id *id) {
    return airssys_string_is_utf8(id->namespace_) && airssys_string_is_utf8(id->name) &&
           airssys_string_is_utf8(id->version);
}

/* An id that is not UTF-8 names no component, and the host would trap on it. */
static airssys_code refuse_component_id(const airssys_component_id *id, airssys_error *error) {
    airssys_internal_succeed(error);
    if (error != NULL) {
        error->code = AIRSSYS_COMPONENT_NOT_FOUND;
        error->component = airssys_component_id_copy(id);
    }
    return AIRSSYS_COMPONENT_NOT_FOUND;
}

airssys_code airssys_send_message(const airssys_component_id *target, airssys_bytes message, airssys_error *error) {
    if (!component_id_is_utf8(target)) {
        return refuse_component_id(target, error);
    }
    airssys_core_types_component_id_t lent_target = airssys_internal_lend_component_id(target);
    airssys_bindings_list_u8_t lent_message = airssys_internal_lend_bytes(message);
    airssys_core_types_messaging_error_t failure;
    if (!airssys_core_host_services_send_message(&lent_target, &lent_message, &failure)) {
        return airssys_internal_take_messaging_error(&failure, error);
    }
    return airssys_internal_succeed(error);
}

airssys_code airssys_send_request(const airssys_component_id *target, airssys_bytes request, uint32_t timeout_ms,
                                  airssys_string *request_id, airssys_error *error) {
    *request_id = (airssys_string){NULL, 0};
    if (!component_id_is_utf8(target)) {
        return refuse_component_id(target, error);
    }
    airssys_core_types_component_id_t lent_target = airssys_internal_lend_component_id(target);
    airssys_bindings_list_u8_t lent_request = airssys_internal_lend_bytes(request);
    airssys_core_types_request_id_t id;
    airssys_core_types_messaging_error_t failure;
    if (!airssys_core_host_services_send_request(&lent_target, &lent_request, timeout_ms, &id, &failure)) {
        return airssys_internal_take_messaging_error(&failure, error);
    }
    *request_id = airssys_internal_take_string(id);
    return airssys_internal_succeed(error);
}

airssys_code airssys_cancel_request(airssys_string request_id, airssys_error *error) {
    if (!airssys_string_is_utf8(request_id)) {
        return airssys_error_set(error, AIRSSYS_UNKNOWN_REQUEST, request_id);
    }
    airssys_core_types_request_id_t lent = airssys_internal_lend_string(request_id);
    airssys_core_types_messaging_error_t failure;
    if (!airssys_core_host_services_cancel_request(&lent, &failure)) {
        return airssys_internal_take_messaging_error(&failure, error);
    }
    return airssys_internal_succeed(error);
}

airssys_timestamp airssys_current_time(void) {
    airssys_core_types_timestamp_t now;
    airssys_core_host_services_current_time(&now);
    return airssys_internal_timestamp(now);
}

void airssys_sleep(uint32_t duration_ms) {
    airssys_core_host_services_sleep(duration_ms);
}

void airssys_list_components(airssys_component_id_list *components) {
    airssys_core_host_services_list_component_id_t list;
    airssys_core_host_services_list_components(&list);
    airssys_component_id *taken = airssys_internal_allocate(list.len, sizeof *taken);
    for (size_t i = 0; i < list.len; i++) {
        taken[i] = airssys_internal_take_component_id(list.ptr[i]);
    }
    if (list.len > 0) {
        free(list.ptr);
    }
    *components = (airssys_component_id_list){taken, list.len};
}

airssys_code airssys_get_component_metadata(const airssys_component_id *id, airssys_component_metadata *metadata,
                                            airssys_error *error) {
    *metadata = (airssys_component_metadata){.description = {NULL, 0}};
    if (!component_id_is_utf8(id)) {
        return refuse_component_id(id, error);
    }
    airssys_core_types_component_id_t lent = airssys_internal_lend_component_id(id);
    airssys_core_types_component_metadata_t found;
    airssys_core_types_messaging_error_t failure;
    if (!airssys_core_host_services_get_component_metadata(&lent, &found, &failure)) {
        return airssys_internal_take_messaging_error(&failure, error);
    }
    metadata->id = airssys_internal_take_component_id(found.id);
    metadata->description = airssys_internal_take_string(found.description);
    metadata->authors = airssys_internal_take_string_list(found.authors);
    metadata->license = airssys_internal_take_optional_string(found.license);
    metadata->operations = airssys_internal_take_string_list(found.operations);
    return airssys_internal_succeed(error);
}
