/* fork */
#define _POSIX_C_SOURCE 200809L

#include <airssys/airssys.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../src/conversions.h"
#include "check.h"
#include "fake_host.h"
#include "lifecycle_call.h"

static const airssys_component_config *kept_config;
/* What the functions of the component return next. */
static airssys_code next_code;
static const char *next_text = "";

static airssys_code fail_next(airssys_error *error) {
    return airssys_error_set(error, next_code, airssys_string_from_c(next_text));
}

static airssys_code run_echo(airssys_bytes input, const airssys_execution_context *context, airssys_bytes *output,
                             airssys_error *error) {
    CHECK(output->ptr == NULL && error->code == AIRSSYS_OK);
    CHECK(IS(context->request_id, "call-1"));
    CHECK(context->caller.kind == AIRSSYS_CALLER_COMPONENT && IS(context->caller.component.name, "x"));
    CHECK(context->caller.external.len == 0);
    CHECK(context->deadline.has_value && context->deadline.value.seconds == UINT64_MAX);
    CHECK(context->trace_parent.has_value && IS(context->trace_parent.value, "00-trace"));
    *output = airssys_bytes_copy(input);
    return AIRSSYS_OK;
}

static airssys_code run_fail(airssys_bytes input, const airssys_execution_context *context, airssys_bytes *output,
                             airssys_error *error) {
    (void)context;
    /* An output beside a failure is dropped, and must not leak. */
    *output = airssys_bytes_copy(input);
    return fail_next(error);
}

static airssys_code run_read(airssys_bytes input, const airssys_execution_context *context, airssys_bytes *output,
                             airssys_error *error) {
    (void)context;
    return airssys_files_read_file(airssys_bytes_as_string(input), output, error);
}

/* Fails without a word, after an error that it got over. */
static airssys_code run_recover(airssys_bytes input, const airssys_execution_context *context, airssys_bytes *output,
                                airssys_error *error) {
    (void)input;
    (void)context;
    (void)output;
    airssys_error_set(error, AIRSSYS_IO, AIRSSYS_STRING("got over"));
    return AIRSSYS_OK;
}

/* Gives no bytes, but memory all the same. */
static airssys_code run_empty(airssys_bytes input, const airssys_execution_context *context, airssys_bytes *output,
                              airssys_error *error) {
    (void)input;
    (void)context;
    (void)error;
    *output = (airssys_bytes){malloc(16), 0};
    return AIRSSYS_OK;
}

static airssys_code init(const airssys_component_config *config, airssys_error *error) {
    kept_config = config;
    return fail_next(error);
}

static airssys_code handle_message(const airssys_component_id *sender, airssys_bytes message, airssys_error *error) {
    CHECK(IS(sender->name, "sender"));
    CHECK(IS(airssys_bytes_as_string(message), "a message"));
    return fail_next(error);
}

static airssys_code handle_callback(airssys_string request_id, const airssys_outcome *outcome, airssys_error *error) {
    CHECK(IS(request_id, "request-7"));
    CHECK(IS(airssys_bytes_as_string(outcome->reply), "reply") == outcome->succeeded);
    CHECK(IS(outcome->failure, "timeout") == !outcome->succeeded);
    return fail_next(error);
}

static airssys_health_status health(void) {
    return AIRSSYS_DEGRADED;
}

static airssys_code shut_down(airssys_error *error) {
    return fail_next(error);
}

static const airssys_string AUTHORS[] = {AIRSSYS_STRING_INIT("A"), AIRSSYS_STRING_INIT("B\xFF")};
static const airssys_operation OPERATIONS[] = {
    {AIRSSYS_STRING_INIT("echo"), run_echo},   {AIRSSYS_STRING_INIT("fail"), run_fail},
    {AIRSSYS_STRING_INIT("read"), run_read},   {AIRSSYS_STRING_INIT("recover"), run_recover},
    {AIRSSYS_STRING_INIT("empty"), run_empty},
};

static const airssys_component FULL = {
    .id = {AIRSSYS_STRING_INIT("acme"), AIRSSYS_STRING_INIT("test"), AIRSSYS_STRING_INIT("1.2.3")},
    .description = AIRSSYS_STRING_INIT("Tests."),
    .authors = {AUTHORS, 2},
    .license = {true, AIRSSYS_STRING_INIT("MIT")},
    .operations = OPERATIONS,
    .operation_count = sizeof OPERATIONS / sizeof *OPERATIONS,
    .init = init,
    .handle_message = handle_message,
    .handle_callback = handle_callback,
    .health = health,
    .shutdown = shut_down,
};
static const airssys_component BARE = {
    .id = {AIRSSYS_STRING_INIT("acme"), AIRSSYS_STRING_INIT("bare"), AIRSSYS_STRING_INIT("0.0.1")},
};
static const airssys_component *defined = &FULL;

const airssys_component *airssys_component_define(void) {
    return defined;
}

static const airssys_bytes NOTHING = {NULL, 0};

static void operations_are_found_by_name(void) {
    CHECK_TEXT(call_execute("echo", airssys_string_as_bytes(AIRSSYS_STRING("bytes"))), "ok:bytes");
    CHECK_TEXT(call_execute("echo", NOTHING), "ok:");
    CHECK_TEXT(call_execute("empty", NOTHING), "ok:");
    CHECK_TEXT(call_execute("recover", NOTHING), "ok:");
    CHECK_TEXT(call_execute("ech", NOTHING), "0:ech");
    CHECK_TEXT(call_execute("", NOTHING), "0:");
}

static void failures_of_operations_keep_their_case(void) {
    static const struct {
        airssys_code code;
        const char *expected;
    } CASES[] = {
        {AIRSSYS_UNKNOWN_OPERATION, "0:why"},
        {AIRSSYS_INVALID_INPUT, "1:why"},
        {AIRSSYS_PROCESSING_FAILED, "2:why"},
        {AIRSSYS_PERMISSION_DENIED, "3:why"},
        {AIRSSYS_TIMEOUT, "4:why"},
        {AIRSSYS_RESOURCE_EXHAUSTED, "5:why"},
        {AIRSSYS_NOT_FOUND, "2:not-found: why"},
        {AIRSSYS_INTERNAL, "2:internal: why"},
    };
    next_text = "why";
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        next_code = CASES[i].code;
        CHECK_TEXT(call_execute("fail", airssys_string_as_bytes(AIRSSYS_STRING("input"))), CASES[i].expected);
    }
    next_code = AIRSSYS_INVALID_INPUT;
    next_text = "";
    CHECK_TEXT(call_execute("fail", NOTHING), "1:");
    next_text = "not UTF-8: \xFF";
    CHECK_TEXT(call_execute("fail", NOTHING), "1:not UTF-8: \xEF\xBF\xBD");
}

static void an_error_of_the_host_can_be_passed_on(void) {
    const airssys_bytes path = airssys_string_as_bytes(AIRSSYS_STRING("/data/a"));
    fake_host_reset();
    fake_host_fail_filesystem(AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_PERMISSION_DENIED);
    CHECK_TEXT(call_execute("read", path), "3:" FAKE_REFUSAL);
    fake_host_fail_filesystem(AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_TOO_MANY_OPEN_FILES);
    CHECK_TEXT(call_execute("read", path), "2:too-many-open-files");
    fake_host_fail_filesystem(AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_QUOTA_EXCEEDED);
    CHECK_TEXT(call_execute("read", path), "2:quota-exceeded: " FAKE_TEXT);
    fake_host_reset();
}

static void failures_of_the_lifecycle_keep_their_case(void) {
    static const struct {
        airssys_code code;
        const char *expected;
    } CASES[] = {
        {AIRSSYS_INITIALIZATION_FAILED, "0:why"},
        {AIRSSYS_CONFIGURATION_INVALID, "1:why"},
        {AIRSSYS_INVALID_MESSAGE, "2:why"},
        {AIRSSYS_RESOURCE_EXHAUSTED, "3:why"},
        {AIRSSYS_INTERNAL, "4:why"},
        {AIRSSYS_OK, "ok:"},
    };
    next_text = "why";
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        next_code = CASES[i].code;
        CHECK_TEXT(call_init("key", "value"), CASES[i].expected);
        CHECK_TEXT(call_handle_message("a message"), CASES[i].expected);
        CHECK_TEXT(call_handle_callback(true, "reply"), CASES[i].expected);
        CHECK_TEXT(call_handle_callback(false, "timeout"), CASES[i].expected);
        CHECK_TEXT(call_shutdown(), CASES[i].expected);
    }
}

static void an_error_of_the_host_tells_which_function_of_the_lifecycle_it_left(void) {
    next_text = "why";
    next_code = AIRSSYS_NOT_FOUND;
    CHECK_TEXT(call_init("key", "value"), "0:not-found: why");
    CHECK_TEXT(call_handle_message("a message"), "4:not-found: why");
    CHECK_TEXT(call_handle_callback(true, "reply"), "4:not-found: why");
    CHECK_TEXT(call_shutdown(), "4:not-found: why");
    /* One case of the contract by name, but one of operations alone. */
    next_code = AIRSSYS_TIMEOUT;
    CHECK_TEXT(call_init("key", "value"), "0:timeout: why");
    CHECK_TEXT(call_shutdown(), "4:timeout: why");
}

static void the_configuration_may_be_kept(void) {
    next_code = AIRSSYS_OK;
    CHECK_TEXT(call_init("key", "value"), "ok:");
    CHECK_TEXT(call_execute("echo", NOTHING), "ok:");
    CHECK(IS(kept_config->id.name, "self"));
    CHECK(kept_config->environment_count == 1);
    CHECK(IS(kept_config->environment[0].key, "key") && IS(kept_config->environment[0].value, "value"));
    CHECK(kept_config->data.has_value && kept_config->data.value.len == 0);
    CHECK(kept_config->limits.max_memory_bytes.has_value && kept_config->limits.max_memory_bytes.value == UINT64_MAX);
    CHECK(!kept_config->limits.max_cpu_time_ms.has_value && !kept_config->limits.max_execution_time_ms.has_value);
}

static void what_is_defined_shows_in_the_metadata(void) {
    CHECK_TEXT(call_metadata(), "acme/test@1.2.3|Tests.|A,B\xEF\xBF\xBD,|MIT|echo,fail,read,recover,empty,|");
    CHECK(call_health() == AIRSSYS_CORE_TYPES_HEALTH_STATUS_DEGRADED);
}

/* Whether to ask for the metadata ends the instance; tried in a child. */
static bool metadata_panics(void) {
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        call_metadata();
        _exit(0);
    }
    int status = 0;
    CHECK(waitpid(child, &status, 0) == child);
    return WIFSIGNALED(status);
}

static void what_is_left_out_is_what_component_toml_says(void) {
    static const airssys_string names[] = {AIRSSYS_STRING_INIT("empty"), AIRSSYS_STRING_INIT("recover"),
                                           AIRSSYS_STRING_INIT("read"), AIRSSYS_STRING_INIT("fail"),
                                           AIRSSYS_STRING_INIT("echo")};
    static airssys_component_metadata toml = {
        .id = {AIRSSYS_STRING_INIT("acme"), AIRSSYS_STRING_INIT("test"), AIRSSYS_STRING_INIT("1.2.3")},
        .description = AIRSSYS_STRING_INIT("Of the file."),
        .license = {true, AIRSSYS_STRING_INIT("Apache-2.0")},
        .operations = {names, 5},
    };
    airssys_internal_declared_in_test = &toml;
    /* What the component has of its own counts. */
    CHECK_TEXT(call_metadata(), "acme/test@1.2.3|Tests.|A,B\xEF\xBF\xBD,|MIT|echo,fail,read,recover,empty,|");
    airssys_component nameless = *defined;
    nameless.id = (airssys_component_id){.name = {NULL, 0}};
    nameless.description = (airssys_string){NULL, 0};
    nameless.license.has_value = false;
    nameless.authors.len = 0;
    const airssys_component *before = defined;
    defined = &nameless;
    CHECK_TEXT(call_metadata(), "acme/test@1.2.3|Of the file.||Apache-2.0|echo,fail,read,recover,empty,|");
    toml.operations.len = 0;
    CHECK_TEXT(call_metadata(), "acme/test@1.2.3|Of the file.||Apache-2.0|echo,fail,read,recover,empty,|");
    toml.operations.len = 4;
    CHECK(metadata_panics());
    toml.operations.len = 5;
    nameless.id = (airssys_component_id){AIRSSYS_STRING("acme"), AIRSSYS_STRING("test"), AIRSSYS_STRING("1.2.4")};
    CHECK(metadata_panics());
    airssys_internal_declared_in_test = NULL;
    nameless.id = (airssys_component_id){.name = {NULL, 0}};
    CHECK(metadata_panics());
    defined = before;
}

static void what_is_left_out_has_a_default(void) {
    defined = &BARE;
    CHECK_TEXT(call_metadata(), "acme/bare@0.0.1|||||");
    CHECK_TEXT(call_init("key", "value"), "ok:");
    CHECK_TEXT(call_execute("echo", NOTHING), "0:echo");
    CHECK_TEXT(call_handle_message("a message"), "2:messages are not handled");
    CHECK_TEXT(call_handle_callback(true, "reply"), "ok:");
    CHECK(call_health() == AIRSSYS_CORE_TYPES_HEALTH_STATUS_HEALTHY);
    CHECK_TEXT(call_shutdown(), "ok:");
    defined = &FULL;
}

int main(void) {
    operations_are_found_by_name();
    failures_of_operations_keep_their_case();
    an_error_of_the_host_can_be_passed_on();
    failures_of_the_lifecycle_keep_their_case();
    an_error_of_the_host_tells_which_function_of_the_lifecycle_it_left();
    the_configuration_may_be_kept();
    what_is_defined_shows_in_the_metadata();
    what_is_left_out_is_what_component_toml_says();
    what_is_left_out_has_a_default();
    return CHECK_RESULT;
}
