/* Does what no component should, one attack an operation. INIT, MESSAGE, CALLBACK, REQUEST, HEALTH and SHUTDOWN in its
 * environment, and the file /data/metadata, do one elsewhere: an operation, a blank, its input. */
#include "hostile.h"

static const airssys_component_config *config;

/* Does what the environment says for this occasion; nothing otherwise. */
static airssys_code occasion(const char *name, airssys_error *error) {
    for (size_t i = 0; config != NULL && i < config->environment_count; i++) {
        if (airssys_string_equals(config->environment[i].key, airssys_string_from_c(name))) {
            airssys_bytes output = {NULL, 0};
            airssys_code code = attack_line(config->environment[i].value, &output, error);
            airssys_bytes_free(&output);
            return code;
        }
    }
    return AIRSSYS_OK;
}

static airssys_code init(const airssys_component_config *given, airssys_error *error) {
    config = given;
    return occasion("INIT", error);
}

static airssys_code handle_message(const airssys_component_id *sender, airssys_bytes message, airssys_error *error) {
    (void)sender;
    (void)message;
    return occasion("MESSAGE", error);
}

static airssys_code handle_callback(airssys_string request_id, const airssys_outcome *outcome, airssys_error *error) {
    (void)request_id;
    keep_outcome(outcome);
    return occasion("CALLBACK", error);
}

static airssys_health_status health(void) {
    airssys_error error = {.code = AIRSSYS_OK};
    airssys_code code = occasion("HEALTH", &error);
    airssys_error_free(&error);
    return code == AIRSSYS_OK ? AIRSSYS_HEALTHY : AIRSSYS_UNHEALTHY;
}

static airssys_code shut_down(airssys_error *error) {
    return occasion("SHUTDOWN", error);
}

static airssys_code run_handle_request(airssys_bytes input, const airssys_execution_context *context,
                                       airssys_bytes *output, airssys_error *error) {
    (void)context;
    *output = airssys_bytes_copy(input);
    return occasion("REQUEST", error) == AIRSSYS_OK ? AIRSSYS_OK : AIRSSYS_PROCESSING_FAILED;
}

#define ATTACK(function, name)                                                                                         \
    static airssys_code run_##function(airssys_bytes input, const airssys_execution_context *context,                  \
                                       airssys_bytes *output, airssys_error *error) {                                  \
        (void)context;                                                                                                 \
        return attack(AIRSSYS_STRING(name), input, output, error);                                                     \
    }
#define ATTACKS(each)                                                                                                  \
    each(echo, "echo") each(trap, "trap") each(spin, "spin") each(recurse, "recurse")                                  \
        each(grow_memory, "grow-memory") each(grow_table, "grow-table") each(big_result, "big-result")                 \
            each(wild_result, "wild-result") each(panic, "panic") each(fail, "fail") each(exit, "exit")                \
                each(log, "log") each(log_fields, "log-fields") each(log_output, "log-output") each(print, "print")    \
                    each(open_files, "open-files") each(open_cursors, "open-cursors") each(deep_path, "deep-path")     \
                        each(denied, "denied") each(send, "send") each(request, "request")                             \
                            each(outcomes, "outcomes") each(sleep, "sleep")
#define OPERATION(function, name) {AIRSSYS_STRING_INIT(name), run_##function},

ATTACKS(ATTACK)

static const airssys_operation OPERATIONS[] = {
    ATTACKS(OPERATION){AIRSSYS_STRING_INIT(AIRSSYS_HANDLE_REQUEST), run_handle_request},
};

const airssys_component *airssys_component_define(void) {
    static airssys_component hostile = {
        .id = {AIRSSYS_STRING_INIT("tests"), AIRSSYS_STRING_INIT("hostile-c"), AIRSSYS_STRING_INIT("1.0.0")},
        .description = AIRSSYS_STRING_INIT("Does what no component should."),
        .operations = OPERATIONS,
        .operation_count = sizeof OPERATIONS / sizeof *OPERATIONS,
        .init = init,
        .handle_message = handle_message,
        .handle_callback = handle_callback,
        .health = health,
        .shutdown = shut_down,
    };
    static bool asked = false;
    if (!asked) {
        asked = true;
        airssys_bytes line, text;
        airssys_error error = {.code = AIRSSYS_OK};
        if (airssys_files_read_file(AIRSSYS_STRING("/data/metadata"), &line, &error) == AIRSSYS_OK &&
            attack_line(airssys_bytes_as_string(line), &text, &error) == AIRSSYS_OK) {
            hostile.description = airssys_bytes_as_string(text);
        }
        airssys_error_free(&error);
    }
    return &hostile;
}
