/* The component itself: what a host sees of its life. */
#include <airssys/airssys.h>

#include "dump.h"

/* What init was given. Empty before. */
static const airssys_component_config *config;
static airssys_bytes messages;
static airssys_bytes callbacks;
static airssys_health_status health = AIRSSYS_HEALTHY;

/* Removes a prefix; says whether it was there. */
static bool strip_prefix(airssys_string *text, const char *prefix) {
    airssys_string expected = airssys_string_from_c(prefix);
    if (!airssys_string_starts_with(*text, expected)) {
        return false;
    }
    text->ptr += expected.len;
    text->len -= expected.len;
    return true;
}

static bool equals(airssys_string text, const char *other) {
    return airssys_string_equals(text, airssys_string_from_c(other));
}

AIRSSYS_NORETURN static void spin(void) {
    /* Volatile, so that no compiler takes the loop for one that ends. */
    static volatile bool forever = true;
    while (forever) {
    }
    __builtin_unreachable();
}

/* Fails as "<case>:<text>" says, with the code that has that name. */
static airssys_code fail_as(airssys_string failure, airssys_error *error) {
    static const airssys_code CODES[] = {
        AIRSSYS_INITIALIZATION_FAILED,
        AIRSSYS_CONFIGURATION_INVALID,
        AIRSSYS_INVALID_MESSAGE,
        AIRSSYS_RESOURCE_EXHAUSTED,
        AIRSSYS_INTERNAL,
        AIRSSYS_UNKNOWN_OPERATION,
        AIRSSYS_INVALID_INPUT,
        AIRSSYS_PROCESSING_FAILED,
        AIRSSYS_PERMISSION_DENIED,
        AIRSSYS_TIMEOUT,
    };
    for (size_t i = 0; i < sizeof CODES / sizeof *CODES; i++) {
        airssys_string text = failure;
        if (strip_prefix(&text, airssys_code_name(CODES[i])) && strip_prefix(&text, ":")) {
            return airssys_error_set(error, CODES[i], text);
        }
    }
    return airssys_error_set(error, AIRSSYS_INVALID_INPUT, AIRSSYS_STRING("no such case"));
}

static const airssys_string *environment(const char *key) {
    for (size_t i = 0; config != NULL && i < config->environment_count; i++) {
        if (equals(config->environment[i].key, key)) {
            return &config->environment[i].value;
        }
    }
    return NULL;
}

/* Reads the file that a variable of the environment names, if it is set, and lets the error pass. */
static airssys_code reads(const char *variable, airssys_error *error) {
    const airssys_string *path = environment(variable);
    if (path == NULL) {
        return AIRSSYS_OK;
    }
    airssys_bytes content;
    airssys_code code = airssys_files_read_file(*path, &content, error);
    if (code == AIRSSYS_OK) {
        airssys_bytes_free(&content);
    }
    return code;
}

static airssys_code init(const airssys_component_config *given, airssys_error *error) {
    config = given;
    const airssys_string *message = environment("INIT_PANIC");
    if (message != NULL) {
        airssys_panic(*message);
    }
    const airssys_string *failure = environment("INIT_FAIL");
    return failure != NULL ? fail_as(*failure, error) : reads("INIT_READS", error);
}

static airssys_code run_echo(airssys_bytes input, const airssys_execution_context *context, airssys_bytes *output,
                             airssys_error *error) {
    (void)context;
    (void)error;
    *output = airssys_bytes_copy(input);
    return AIRSSYS_OK;
}

static airssys_code run_config(airssys_bytes input, const airssys_execution_context *context, airssys_bytes *output,
                               airssys_error *error) {
    (void)input;
    (void)context;
    if (config == NULL) {
        return airssys_error_set(error, AIRSSYS_PROCESSING_FAILED, AIRSSYS_STRING("there was no init"));
    }
    *output = dump(dump_config, config);
    return AIRSSYS_OK;
}

static airssys_code run_context(airssys_bytes input, const airssys_execution_context *context, airssys_bytes *output,
                                airssys_error *error) {
    (void)input;
    (void)error;
    *output = dump(dump_context, context);
    return AIRSSYS_OK;
}

static airssys_code run_messages(airssys_bytes input, const airssys_execution_context *context, airssys_bytes *output,
                                 airssys_error *error) {
    (void)input;
    (void)context;
    (void)error;
    *output = airssys_bytes_copy(messages);
    return AIRSSYS_OK;
}

static airssys_code run_callbacks(airssys_bytes input, const airssys_execution_context *context, airssys_bytes *output,
                                  airssys_error *error) {
    (void)input;
    (void)context;
    (void)error;
    *output = airssys_bytes_copy(callbacks);
    return AIRSSYS_OK;
}

static airssys_code run_fail(airssys_bytes input, const airssys_execution_context *context, airssys_bytes *output,
                             airssys_error *error) {
    (void)context;
    (void)output;
    return fail_as(airssys_bytes_as_string(input), error);
}

static airssys_code run_panic(airssys_bytes input, const airssys_execution_context *context, airssys_bytes *output,
                              airssys_error *error) {
    (void)context;
    (void)output;
    (void)error;
    airssys_panic(airssys_bytes_as_string(input));
}

static airssys_code run_spin(airssys_bytes input, const airssys_execution_context *context, airssys_bytes *output,
                             airssys_error *error) {
    (void)input;
    (void)context;
    (void)output;
    (void)error;
    spin();
}

static airssys_code run_handle_request(airssys_bytes input, const airssys_execution_context *context,
                                       airssys_bytes *output, airssys_error *error) {
    (void)context;
    airssys_string request = airssys_bytes_as_string(input);
    if (equals(request, "spin")) {
        spin();
    }
    if (strip_prefix(&request, "reply:")) {
        *output = airssys_bytes_copy(airssys_string_as_bytes(request));
        return AIRSSYS_OK;
    }
    if (strip_prefix(&request, "panic:")) {
        airssys_panic(request);
    }
    if (strip_prefix(&request, "fail:")) {
        return airssys_error_set(error, AIRSSYS_PROCESSING_FAILED, request);
    }
    return airssys_error_set(error, AIRSSYS_PROCESSING_FAILED, AIRSSYS_STRING("unknown request"));
}

static airssys_code handle_message(const airssys_component_id *sender, airssys_bytes message, airssys_error *error) {
    airssys_string text = airssys_bytes_as_string(message);
    if (strip_prefix(&text, "reject:")) {
        return airssys_error_set(error, AIRSSYS_INVALID_MESSAGE, text);
    }
    if (strip_prefix(&text, "health:")) {
        health = equals(text, "degraded")    ? AIRSSYS_DEGRADED
                 : equals(text, "unhealthy") ? AIRSSYS_UNHEALTHY
                 : equals(text, "unknown")   ? AIRSSYS_HEALTH_UNKNOWN
                                             : AIRSSYS_HEALTHY;
    }
    dumped_message dumped = {sender, message};
    dump_append(&messages, dump_message, &dumped);
    return AIRSSYS_OK;
}

static airssys_code handle_callback(airssys_string request_id, const airssys_outcome *outcome, airssys_error *error) {
    (void)error;
    dumped_callback dumped = {request_id, outcome};
    dump_append(&callbacks, dump_callback, &dumped);
    return AIRSSYS_OK;
}

static airssys_health_status report_health(void) {
    return health;
}

static airssys_code shut_down(airssys_error *error) {
    if (environment("SHUTDOWN_SPIN") != NULL) {
        spin();
    }
    const airssys_string *failure = environment("SHUTDOWN_FAIL");
    return failure != NULL ? fail_as(*failure, error) : reads("SHUTDOWN_READS", error);
}

static const airssys_string AUTHORS[] = {AIRSSYS_STRING_INIT("The airssys-wasm authors")};

static const airssys_operation OPERATIONS[] = {
    {AIRSSYS_STRING_INIT("echo"), run_echo},
    {AIRSSYS_STRING_INIT("config"), run_config},
    {AIRSSYS_STRING_INIT("context"), run_context},
    {AIRSSYS_STRING_INIT("messages"), run_messages},
    {AIRSSYS_STRING_INIT("callbacks"), run_callbacks},
    {AIRSSYS_STRING_INIT("fail"), run_fail},
    {AIRSSYS_STRING_INIT("panic"), run_panic},
    {AIRSSYS_STRING_INIT("spin"), run_spin},
    {AIRSSYS_STRING_INIT(AIRSSYS_HANDLE_REQUEST), run_handle_request},
};

static const airssys_component DRIVER = {
    .id = {AIRSSYS_STRING_INIT("airssys"), AIRSSYS_STRING_INIT("driver-c"), AIRSSYS_STRING_INIT("1.0.0")},
    .description = AIRSSYS_STRING_INIT("Forwards every operation of the contract through the C SDK."),
    .authors = {AUTHORS, sizeof AUTHORS / sizeof *AUTHORS},
    .license = {true, AIRSSYS_STRING_INIT("MIT OR Apache-2.0")},
    .operations = OPERATIONS,
    .operation_count = sizeof OPERATIONS / sizeof *OPERATIONS,
    .init = init,
    .handle_message = handle_message,
    .handle_callback = handle_callback,
    .health = report_health,
    .shutdown = shut_down,
};

const airssys_component *airssys_component_define(void) {
    return &DRIVER;
}
