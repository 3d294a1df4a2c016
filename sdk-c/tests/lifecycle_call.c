#include "lifecycle_call.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake_host.h"

static char result[1024];

static airssys_bindings_string_t give(const char *text) {
    return fake_string(text, strlen(text));
}

static airssys_bindings_list_u8_t give_list(const char *bytes, size_t len) {
    airssys_bindings_string_t list = fake_string(bytes, len);
    return (airssys_bindings_list_u8_t){list.ptr, list.len};
}

/* As the generated bindings do after a call: what is empty is not freed. */
static void release(void *memory, size_t len) {
    if (len > 0) {
        free(memory);
    }
}

static const char *show(bool succeeded, int tag, const uint8_t *text, size_t len) {
    int start = succeeded ? snprintf(result, sizeof result, "ok:") : snprintf(result, sizeof result, "%d:", tag);
    snprintf(result + start, sizeof result - (size_t)start, "%.*s", (int)len, len > 0 ? (const char *)text : "");
    return result;
}

static const char *show_component(bool succeeded, airssys_core_types_component_error_t *failure) {
    if (succeeded) {
        return show(true, 0, NULL, 0);
    }
    airssys_bindings_string_t text = failure->val.internal;
    const char *shown = show(false, failure->tag, text.ptr, text.len);
    release(text.ptr, text.len);
    return shown;
}

const char *call_execute(const char *operation, airssys_bytes input) {
    airssys_bindings_string_t name = give(operation);
    airssys_bindings_list_u8_t bytes = give_list((const char *)input.ptr, input.len);
    airssys_core_types_execution_context_t context = {
        .request_id = give("call-1"),
        .caller = {.tag = AIRSSYS_CORE_TYPES_CALLER_COMPONENT,
                   .val = {.component = {give("acme"), give("x"), give("1")}}},
        .deadline = {true, {UINT64_MAX, 5}},
        .trace_parent = {true, give("00-trace")},
    };
    airssys_bindings_list_u8_t output;
    airssys_core_types_execution_error_t failure;
    bool succeeded = exports_airssys_core_component_lifecycle_execute(&name, &bytes, &context, &output, &failure);
    if (succeeded) {
        const char *shown = show(true, 0, output.ptr, output.len);
        release(output.ptr, output.len);
        return shown;
    }
    airssys_bindings_string_t text = failure.val.processing_failed;
    const char *shown = show(false, failure.tag, text.ptr, text.len);
    release(text.ptr, text.len);
    return shown;
}

const char *call_init(const char *key, const char *value) {
    airssys_bindings_tuple2_string_string_t *pairs = malloc(sizeof *pairs);
    pairs[0].f0 = give(key);
    pairs[0].f1 = give(value);
    airssys_core_types_component_config_t config = {
        .id = {give("acme"), give("self"), give("2.0.0")},
        .environment = {pairs, 1},
        .data = {true, give_list("", 0)},
        .limits = {.max_memory_bytes = {true, UINT64_MAX}, .max_cpu_time_ms = {false, 0}},
    };
    airssys_core_types_component_error_t failure;
    return show_component(exports_airssys_core_component_lifecycle_init(&config, &failure), &failure);
}

const char *call_handle_message(const char *message) {
    airssys_core_types_component_id_t sender = {give("acme"), give("sender"), give("1.0.0")};
    airssys_bindings_list_u8_t bytes = give_list(message, strlen(message));
    airssys_core_types_component_error_t failure;
    return show_component(exports_airssys_core_component_lifecycle_handle_message(&sender, &bytes, &failure), &failure);
}

const char *call_handle_callback(bool succeeded, const char *content) {
    airssys_bindings_string_t request = give("request-7");
    exports_airssys_core_component_lifecycle_result_list_u8_string_t outcome = {.is_err = !succeeded};
    if (succeeded) {
        outcome.val.ok = give_list(content, strlen(content));
    } else {
        outcome.val.err = give(content);
    }
    airssys_core_types_component_error_t failure;
    return show_component(exports_airssys_core_component_lifecycle_handle_callback(&request, &outcome, &failure),
                          &failure);
}

const char *call_shutdown(void) {
    airssys_core_types_component_error_t failure;
    return show_component(exports_airssys_core_component_lifecycle_shutdown(&failure), &failure);
}

/* Appends a text to the result and frees it. */
static void append(airssys_bindings_string_t text, const char *end) {
    size_t used = strlen(result);
    snprintf(result + used, sizeof result - used, "%.*s%s", (int)text.len, text.len > 0 ? (const char *)text.ptr : "",
             end);
    release(text.ptr, text.len);
}

static void append_list(airssys_bindings_list_string_t list) {
    for (size_t i = 0; i < list.len; i++) {
        append(list.ptr[i], ",");
    }
    release(list.ptr, list.len);
    append((airssys_bindings_string_t){NULL, 0}, "|");
}

const char *call_metadata(void) {
    airssys_core_types_component_metadata_t metadata;
    exports_airssys_core_component_lifecycle_metadata(&metadata);
    result[0] = '\0';
    append(metadata.id.namespace_, "/");
    append(metadata.id.name, "@");
    append(metadata.id.version, "|");
    append(metadata.description, "|");
    append_list(metadata.authors);
    if (metadata.license.is_some) {
        append(metadata.license.val, "");
    }
    append((airssys_bindings_string_t){NULL, 0}, "|");
    append_list(metadata.operations);
    return result;
}

int call_health(void) {
    return exports_airssys_core_component_lifecycle_health();
}
