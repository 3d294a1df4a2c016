#include <airssys/testing.h>

#include "check.h"
#include "testing_component.h"

#define CHECK_ANSWER(actual, expected_code, expected_text) \
    do { \
        airssys_fake_answer answer = (actual); \
        CHECK(answer.code == (expected_code)); \
        CHECK_TEXT(answer.text, expected_text); \
    } while (0)

static void operations_answer_bytes_and_text(airssys_fake_host *host) {
    airssys_fake_answer answer = airssys_fake_host_execute(host, "echo", AIRSSYS_BYTES("a\0b"), NULL);
    CHECK(answer.code == AIRSSYS_OK && IS(airssys_bytes_as_string(answer.output), "a\0b"));
    CHECK_ANSWER(airssys_fake_host_call(host, "echo", ""), AIRSSYS_OK, "");
    CHECK_ANSWER(airssys_fake_host_call(host, "echo", "text"), AIRSSYS_OK, "text");
    /* The earlier answer is still there. */
    CHECK(IS(airssys_bytes_as_string(answer.output), "a\0b"));
    CHECK_ANSWER(airssys_fake_host_call(host, "none", "x"), AIRSSYS_UNKNOWN_OPERATION, "none");
}

static void errors_arrive_as_from_a_host(airssys_fake_host *host) {
    CHECK_ANSWER(airssys_fake_host_call(host, "read-file", "/a"), AIRSSYS_PROCESSING_FAILED, "not-found: /a");
    airssys_fake_host_deny_path(host, "/a", AIRSSYS_FAKE_READ);
    CHECK_ANSWER(airssys_fake_host_call(host, "read-file", "/a"), AIRSSYS_PERMISSION_DENIED,
                 AIRSSYS_FAKE_REFUSAL("ext-filesystem/files.read-file", "/a",
                                      "filesystem = [{ action = \"read\", path = \"/a\" }]"));
}

static void a_call_has_a_context(airssys_fake_host *host) {
    CHECK_ANSWER(airssys_fake_host_call(host, "who", ""), AIRSSYS_OK, "call-1 external test");
    CHECK_ANSWER(airssys_fake_host_call(host, "who", ""), AIRSSYS_OK, "call-2 external test");
    CHECK_ANSWER(airssys_fake_host_handle_request(host, "acme/other@2.0.0", AIRSSYS_BYTES("hi")), AIRSSYS_OK,
                 "call-3 component other");
    airssys_execution_context context = {
        .request_id = AIRSSYS_STRING("mine"),
        .caller = {.kind = AIRSSYS_CALLER_HOST},
        .deadline = {true, {7, 0}},
        .trace_parent = {true, AIRSSYS_STRING_INIT("00-1")},
    };
    CHECK_ANSWER(airssys_fake_host_execute(host, "who", AIRSSYS_BYTES(""), &context), AIRSSYS_OK,
                 "mine host until 7 trace 00-1");
}

static void init_passes_the_configuration(airssys_fake_host *host) {
    const airssys_key_value environment[] = {{AIRSSYS_STRING_INIT("LEVEL"), AIRSSYS_STRING_INIT("3")}};
    const airssys_component_config config = {
        .id = {AIRSSYS_STRING_INIT("acme"), AIRSSYS_STRING_INIT("other-name"), AIRSSYS_STRING_INIT("9.0.0")},
        .environment = environment,
        .environment_count = 1,
        .data = {true, {(const uint8_t *)"data", 4}},
        .limits = {.max_cpu_time_ms = {true, 5}},
    };
    CHECK_ANSWER(airssys_fake_host_init(host, &config), AIRSSYS_OK, "");
    CHECK(IS(seen_config->id.name, "other-name") && seen_config->environment_count == 1);
    CHECK(IS(seen_config->environment[0].key, "LEVEL") && IS(seen_config->environment[0].value, "3"));
    CHECK(seen_config->data.has_value && IS(airssys_bytes_as_string(seen_config->data.value), "data"));
    CHECK(seen_config->limits.max_cpu_time_ms.value == 5 && !seen_config->limits.max_memory_bytes.has_value);
}

static void the_first_call_starts_the_component(airssys_fake_host *host) {
    seen_config = NULL;
    CHECK(airssys_fake_host_health(host) == AIRSSYS_DEGRADED);
    CHECK(seen_config != NULL && IS(seen_config->id.name, "tested") && seen_config->environment_count == 0);
    CHECK(seen_config != NULL && !seen_config->data.has_value);
}

static void init_can_fail(airssys_fake_host *host) {
    init_fails = true;
    CHECK_ANSWER(airssys_fake_host_init(host, NULL), AIRSSYS_CONFIGURATION_INVALID, "a key is missing");
    init_fails = false;
}

static void messages_arrive(airssys_fake_host *host) {
    CHECK_ANSWER(airssys_fake_host_handle_message(host, "acme/other@2.0.0", AIRSSYS_BYTES("hi")), AIRSSYS_OK, "");
    CHECK_TEXT(airssys_fake_host_log_record(host, 0)->message, "hi");
    CHECK(IS(airssys_fake_host_log_record(host, 0)->fields[0].value, "other"));
    CHECK_ANSWER(airssys_fake_host_handle_message(host, "acme/other@2.0.0", AIRSSYS_BYTES("")), AIRSSYS_INVALID_MESSAGE,
                 "an empty message");
}

static airssys_string send_request(void) {
    const airssys_component_id target = {AIRSSYS_STRING_INIT("acme"), AIRSSYS_STRING_INIT("x"),
                                         AIRSSYS_STRING_INIT("1.0.0")};
    airssys_string id;
    CHECK(airssys_send_request(&target, AIRSSYS_BYTES("?"), 5000, &id, NULL) == AIRSSYS_OK);
    return id;
}

static void outcomes_of_requests_arrive(airssys_fake_host *host) {
    airssys_fake_host_add_component(host, "acme/x@1.0.0");
    airssys_string replied = send_request();
    airssys_string failed = send_request();
    airssys_string cancelled = send_request();
    CHECK_ANSWER(airssys_fake_host_handle_reply(host, replied, AIRSSYS_BYTES("yes")), AIRSSYS_OK, "");
    CHECK_ANSWER(airssys_fake_host_handle_failure(host, failed, "timeout"), AIRSSYS_OK, "");
    CHECK(airssys_cancel_request(cancelled, NULL) == AIRSSYS_OK);
    CHECK_ANSWER(airssys_fake_host_handle_reply(host, cancelled, AIRSSYS_BYTES("late")), AIRSSYS_OK, "");
    CHECK_TEXT(airssys_fake_host_log_record(host, 0)->message, "yes");
    CHECK(airssys_string_equals(airssys_fake_host_log_record(host, 0)->fields[0].value, replied));
    CHECK_TEXT(airssys_fake_host_log_record(host, 1)->message, "timeout");
    CHECK_TEXT(airssys_fake_host_log_record(host, 2)->message, "cancelled");
    CHECK(airssys_fake_host_request(host, 0)->finished && airssys_fake_host_request(host, 2)->cancelled);
    airssys_string_free(&replied);
    airssys_string_free(&failed);
    airssys_string_free(&cancelled);
}

static void metadata_is_what_was_defined(airssys_fake_host *host) {
    const airssys_component_metadata *metadata = airssys_fake_host_metadata(host);
    CHECK(IS(metadata->id.name, "tested") && IS(metadata->description, "Is tested."));
    CHECK(metadata->authors.len == 1 && IS(metadata->authors.ptr[0], "A <a@example.com>"));
    CHECK(metadata->license.has_value && IS(metadata->license.value, "MIT"));
    CHECK(metadata->operations.len == 5 && IS(metadata->operations.ptr[4], "handle-request"));
}

static void shutdown_answers(airssys_fake_host *host) {
    CHECK_ANSWER(airssys_fake_host_shutdown(host), AIRSSYS_INTERNAL, "not tidy");
}

static void open_handles_are_counted(airssys_fake_host *host) {
    airssys_fake_host_put_file(host, "/a", AIRSSYS_BYTES("x"));
    CHECK(airssys_fake_host_open_handles(host) == 0);
    CHECK_ANSWER(airssys_fake_host_call(host, "leak", "/a"), AIRSSYS_OK, "");
    CHECK(airssys_fake_host_open_handles(host) == 1);
}

int main(void) {
    void (*const tests[])(airssys_fake_host *) = {
        operations_answer_bytes_and_text,
        errors_arrive_as_from_a_host,
        a_call_has_a_context,
        init_passes_the_configuration,
        the_first_call_starts_the_component,
        init_can_fail,
        messages_arrive,
        outcomes_of_requests_arrive,
        metadata_is_what_was_defined,
        shutdown_answers,
        open_handles_are_counted,
    };
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        airssys_fake_host *host = airssys_fake_host_new();
        airssys_fake_host_permit_all(host);
        tests[i](host);
        airssys_fake_host_free(host);
    }
    return CHECK_RESULT;
}
