#include "dump.h"

#include <stdlib.h>

void dump_append(airssys_bytes *journal, dump_writer *write, const void *subject) {
    airssys_string_builder measured = airssys_string_builder_over(NULL, 0);
    write(&measured, subject);
    size_t len = journal->len + measured.required;
    char *grown = realloc((void *)journal->ptr, len);
    if (grown == NULL && len > 0) {
        airssys_panic(AIRSSYS_STRING("out of memory"));
    }
    airssys_string_builder line = airssys_string_builder_over(grown + journal->len, measured.required);
    write(&line, subject);
    *journal = (airssys_bytes){(const uint8_t *)grown, len};
}

airssys_bytes dump(dump_writer *write, const void *subject) {
    airssys_bytes dumped = {NULL, 0};
    dump_append(&dumped, write, subject);
    return dumped;
}

static void write_hex(airssys_string_builder *builder, airssys_string text) {
    airssys_string_builder_hex_bytes(builder, airssys_string_as_bytes(text));
}

static void write_text_line(airssys_string_builder *builder, const char *key, airssys_string value) {
    airssys_string_builder_c(builder, key);
    airssys_string_builder_c(builder, "=");
    write_hex(builder, value);
    airssys_string_builder_c(builder, "\n");
}

static void write_limit_line(airssys_string_builder *builder, const char *key, airssys_optional_u64 limit) {
    if (limit.has_value) {
        airssys_string_builder_c(builder, key);
        airssys_string_builder_c(builder, "=");
        airssys_string_builder_u64(builder, limit.value);
        airssys_string_builder_c(builder, "\n");
    }
}

static void write_id(airssys_string_builder *builder, const airssys_component_id *id) {
    write_hex(builder, id->namespace_);
    airssys_string_builder_c(builder, "/");
    write_hex(builder, id->name);
    airssys_string_builder_c(builder, "@");
    write_hex(builder, id->version);
}

void dump_config(airssys_string_builder *builder, const void *subject) {
    const airssys_component_config *config = subject;
    write_text_line(builder, "id.namespace", config->id.namespace_);
    write_text_line(builder, "id.name", config->id.name);
    write_text_line(builder, "id.version", config->id.version);
    for (size_t i = 0; i < config->environment_count; i++) {
        airssys_string_builder_c(builder, "environment.");
        write_hex(builder, config->environment[i].key);
        airssys_string_builder_c(builder, "=");
        write_hex(builder, config->environment[i].value);
        airssys_string_builder_c(builder, "\n");
    }
    if (config->data.has_value) {
        write_text_line(builder, "data", airssys_bytes_as_string(config->data.value));
    }
    write_limit_line(builder, "limits.max-memory-bytes", config->limits.max_memory_bytes);
    write_limit_line(builder, "limits.max-cpu-time-ms", config->limits.max_cpu_time_ms);
    write_limit_line(builder, "limits.max-execution-time-ms", config->limits.max_execution_time_ms);
}

void dump_context(airssys_string_builder *builder, const void *subject) {
    const airssys_execution_context *context = subject;
    write_text_line(builder, "request-id", context->request_id);
    airssys_string_builder_c(builder, "caller=");
    switch (context->caller.kind) {
    case AIRSSYS_CALLER_COMPONENT:
        airssys_string_builder_c(builder, "component:");
        write_id(builder, &context->caller.component);
        break;
    case AIRSSYS_CALLER_EXTERNAL:
        airssys_string_builder_c(builder, "external:");
        write_hex(builder, context->caller.external);
        break;
    case AIRSSYS_CALLER_HOST:
        airssys_string_builder_c(builder, "host");
        break;
    }
    airssys_string_builder_c(builder, "\n");
    if (context->deadline.has_value) {
        airssys_string_builder_c(builder, "deadline=");
        airssys_string_builder_u64(builder, context->deadline.value.seconds);
        airssys_string_builder_c(builder, ".");
        airssys_string_builder_u64(builder, context->deadline.value.nanoseconds);
        airssys_string_builder_c(builder, "\n");
    }
    if (context->trace_parent.has_value) {
        write_text_line(builder, "trace-parent", context->trace_parent.value);
    }
}

void dump_message(airssys_string_builder *builder, const void *subject) {
    const dumped_message *dumped = subject;
    airssys_string_builder_c(builder, "message=");
    write_id(builder, dumped->sender);
    airssys_string_builder_c(builder, ":");
    airssys_string_builder_hex_bytes(builder, dumped->message);
    airssys_string_builder_c(builder, "\n");
}

void dump_callback(airssys_string_builder *builder, const void *subject) {
    const dumped_callback *dumped = subject;
    airssys_string_builder_c(builder, "callback=");
    write_hex(builder, dumped->request_id);
    if (dumped->outcome->succeeded) {
        airssys_string_builder_c(builder, ":ok:");
        airssys_string_builder_hex_bytes(builder, dumped->outcome->reply);
    } else {
        airssys_string_builder_c(builder, ":err:");
        write_hex(builder, dumped->outcome->failure);
    }
    airssys_string_builder_c(builder, "\n");
}
