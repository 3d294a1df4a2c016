/* The component that the tests of the kit call: each function does one thing that they look at. */
#include <airssys/airssys.h>

#include "testing_component.h"

const airssys_component_config *seen_config;
bool init_fails;

static airssys_code echo(airssys_bytes input, const airssys_execution_context *context, airssys_bytes *output,
                         airssys_error *error) {
    (void)context;
    (void)error;
    *output = airssys_bytes_copy(input);
    return AIRSSYS_OK;
}

/* Writes who asked, the id of the call, its deadline and its trace. */
static airssys_code who(airssys_bytes input, const airssys_execution_context *context, airssys_bytes *output,
                        airssys_error *error) {
    (void)input;
    (void)error;
    char buffer[256];
    airssys_string_builder text = airssys_string_builder_over(buffer, sizeof buffer);
    airssys_string_builder_text(&text, context->request_id);
    switch (context->caller.kind) {
    case AIRSSYS_CALLER_COMPONENT:
        airssys_string_builder_c(&text, " component ");
        airssys_string_builder_text(&text, context->caller.component.name);
        break;
    case AIRSSYS_CALLER_EXTERNAL:
        airssys_string_builder_c(&text, " external ");
        airssys_string_builder_text(&text, context->caller.external);
        break;
    case AIRSSYS_CALLER_HOST:
        airssys_string_builder_c(&text, " host");
        break;
    }
    if (context->deadline.has_value) {
        airssys_string_builder_c(&text, " until ");
        airssys_string_builder_u64(&text, context->deadline.value.seconds);
    }
    if (context->trace_parent.has_value) {
        airssys_string_builder_c(&text, " trace ");
        airssys_string_builder_text(&text, context->trace_parent.value);
    }
    *output = airssys_bytes_copy(airssys_string_as_bytes(airssys_string_builder_view(&text)));
    return AIRSSYS_OK;
}

static airssys_code read_file(airssys_bytes input, const airssys_execution_context *context, airssys_bytes *output,
                              airssys_error *error) {
    (void)context;
    return airssys_files_read_file(airssys_bytes_as_string(input), output, error);
}

static airssys_code leak(airssys_bytes input, const airssys_execution_context *context, airssys_bytes *output,
                         airssys_error *error) {
    (void)context;
    (void)output;
    airssys_file file;
    return airssys_files_open(airssys_bytes_as_string(input), AIRSSYS_OPEN_READ, &file, error);
}

static airssys_code init(const airssys_component_config *config, airssys_error *error) {
    seen_config = config;
    return init_fails ? airssys_error_set(error, AIRSSYS_CONFIGURATION_INVALID, AIRSSYS_STRING("a key is missing"))
                      : AIRSSYS_OK;
}

static airssys_code handle_message(const airssys_component_id *sender, airssys_bytes message, airssys_error *error) {
    if (message.len == 0) {
        return airssys_error_set(error, AIRSSYS_INVALID_MESSAGE, AIRSSYS_STRING("an empty message"));
    }
    airssys_key_value field = {AIRSSYS_STRING("sender"), sender->name};
    airssys_log(AIRSSYS_LOG_DEBUG, airssys_bytes_as_string(message), &field, 1);
    return AIRSSYS_OK;
}

static airssys_code handle_callback(airssys_string request_id, const airssys_outcome *outcome, airssys_error *error) {
    (void)error;
    airssys_key_value field = {AIRSSYS_STRING("id"), request_id};
    airssys_log(AIRSSYS_LOG_DEBUG, outcome->succeeded ? airssys_bytes_as_string(outcome->reply) : outcome->failure,
                &field, 1);
    return AIRSSYS_OK;
}

static airssys_health_status health(void) {
    return AIRSSYS_DEGRADED;
}

static airssys_code shut_down(airssys_error *error) {
    return airssys_error_set(error, AIRSSYS_INTERNAL, AIRSSYS_STRING("not tidy"));
}

static const airssys_operation operations[] = {
    {AIRSSYS_STRING_INIT("echo"), echo},
    {AIRSSYS_STRING_INIT("who"), who},
    {AIRSSYS_STRING_INIT("read-file"), read_file},
    {AIRSSYS_STRING_INIT("leak"), leak},
    {AIRSSYS_STRING_INIT(AIRSSYS_HANDLE_REQUEST), who},
};
static const airssys_string authors[] = {AIRSSYS_STRING_INIT("A <a@example.com>")};

static const airssys_component component = {
    .id = {AIRSSYS_STRING_INIT("acme"), AIRSSYS_STRING_INIT("tested"), AIRSSYS_STRING_INIT("1.2.3")},
    .description = AIRSSYS_STRING_INIT("Is tested."),
    .authors = {authors, 1},
    .license = {true, AIRSSYS_STRING_INIT("MIT")},
    .operations = operations,
    .operation_count = sizeof operations / sizeof *operations,
    .init = init,
    .handle_message = handle_message,
    .handle_callback = handle_callback,
    .health = health,
    .shutdown = shut_down,
};

const airssys_component *airssys_component_define(void) {
    return &component;
}
