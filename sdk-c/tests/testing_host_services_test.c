#include <airssys/testing.h>

#include <stdlib.h>

#include "check.h"

static const airssys_component_id X = {AIRSSYS_STRING_INIT("acme"), AIRSSYS_STRING_INIT("x"),
                                       AIRSSYS_STRING_INIT("1.0.0")};
static const airssys_component_id SELF = {AIRSSYS_STRING_INIT("acme"), AIRSSYS_STRING_INIT("tested"),
                                          AIRSSYS_STRING_INIT("1.2.3")};

static void log_records_are_kept(airssys_fake_host *host) {
    const airssys_key_value field = {AIRSSYS_STRING_INIT("key"), AIRSSYS_STRING_INIT("value")};
    airssys_log(AIRSSYS_LOG_TRACE, AIRSSYS_STRING("first"), &field, 1);
    airssys_log_warn(AIRSSYS_STRING(""));
    CHECK(airssys_fake_host_log_count(host) == 2);
    const airssys_fake_log_record *record = airssys_fake_host_log_record(host, 0);
    CHECK(record->level == AIRSSYS_LOG_TRACE && record->field_count == 1);
    CHECK_TEXT(record->message, "first");
    CHECK(IS(record->fields[0].key, "key") && IS(record->fields[0].value, "value"));
    CHECK(airssys_fake_host_log_record(host, 1)->level == AIRSSYS_LOG_WARN);
    CHECK_TEXT(airssys_fake_host_log_record(host, 1)->message, "");
}

static void the_clock_stands_still_but_for_sleeping(airssys_fake_host *host) {
    CHECK(airssys_current_time().seconds == 1000000000 && airssys_current_time().nanoseconds == 0);
    airssys_sleep(1500);
    airssys_sleep(600);
    CHECK(airssys_current_time().seconds == 1000000002 && airssys_current_time().nanoseconds == 100000000);
    airssys_fake_host_set_time(host, (airssys_timestamp){5, 7});
    CHECK(airssys_current_time().seconds == 5 && airssys_current_time().nanoseconds == 7);
    airssys_sleep(UINT32_MAX);
    CHECK(airssys_current_time().seconds == 5 + 4294967 && airssys_current_time().nanoseconds == 295000007);
}

static void what_is_sent_is_kept(airssys_fake_host *host) {
    airssys_fake_host_add_component(host, "acme/x@1.0.0");
    airssys_string id;
    CHECK(airssys_send_message(&X, AIRSSYS_BYTES("one"), NULL) == AIRSSYS_OK);
    CHECK(airssys_send_message(&SELF, AIRSSYS_BYTES(""), NULL) == AIRSSYS_OK);
    CHECK(airssys_send_request(&X, AIRSSYS_BYTES("ask"), 5000, &id, NULL) == AIRSSYS_OK);
    CHECK(airssys_fake_host_message_count(host) == 2 && airssys_fake_host_request_count(host) == 1);
    const airssys_fake_sent *message = airssys_fake_host_message(host, 0);
    CHECK(IS(message->target.namespace_, "acme") && IS(message->target.name, "x") &&
          IS(message->target.version, "1.0.0"));
    CHECK(IS(airssys_bytes_as_string(message->content), "one") && message->request_id.len == 0);
    CHECK(IS(airssys_fake_host_message(host, 1)->target.name, "tested"));
    const airssys_fake_sent *request = airssys_fake_host_request(host, 0);
    CHECK(IS(airssys_bytes_as_string(request->content), "ask") && request->timeout_ms == 5000);
    CHECK(airssys_string_equals(request->request_id, id) && !request->cancelled && !request->finished);
    airssys_string_free(&id);
}

static void a_request_is_cancelled_once(airssys_fake_host *host) {
    airssys_fake_host_add_component(host, "acme/x@1.0.0");
    airssys_string id;
    airssys_error error;
    CHECK(airssys_send_request(&X, AIRSSYS_BYTES("ask"), 1, &id, NULL) == AIRSSYS_OK);
    CHECK(airssys_cancel_request(id, NULL) == AIRSSYS_OK);
    CHECK(airssys_fake_host_request(host, 0)->cancelled);
    CHECK(airssys_cancel_request(id, &error) == AIRSSYS_UNKNOWN_REQUEST && airssys_string_equals(error.text, id));
    airssys_error_free(&error);
    CHECK(airssys_cancel_request(AIRSSYS_STRING("other"), NULL) == AIRSSYS_UNKNOWN_REQUEST);
    airssys_string_free(&id);
}

static void what_does_not_exist_is_not_reached(airssys_fake_host *host) {
    airssys_error error;
    airssys_string id;
    airssys_fake_host_add_component(host, "acme/x@2.0.0");
    CHECK(airssys_send_message(&X, AIRSSYS_BYTES("m"), &error) == AIRSSYS_COMPONENT_NOT_FOUND);
    CHECK(IS(error.component.name, "x") && IS(error.component.version, "1.0.0"));
    airssys_error_free(&error);
    CHECK(airssys_send_request(&X, AIRSSYS_BYTES("m"), 1, &id, NULL) == AIRSSYS_COMPONENT_NOT_FOUND);
    CHECK(airssys_fake_host_message_count(host) == 0 && airssys_fake_host_request_count(host) == 0);
}

static void a_mailbox_can_be_full(airssys_fake_host *host) {
    airssys_error error;
    airssys_fake_host_add_component(host, "acme/x@1.0.0");
    airssys_fake_host_set_mailbox_full(host, "acme/x@1.0.0", true);
    CHECK(airssys_send_message(&X, AIRSSYS_BYTES("m"), &error) == AIRSSYS_MAILBOX_FULL);
    CHECK(IS(error.component.name, "x"));
    airssys_error_free(&error);
    airssys_fake_host_set_mailbox_full(host, "acme/x@1.0.0", false);
    CHECK(airssys_send_message(&X, AIRSSYS_BYTES("m"), NULL) == AIRSSYS_OK);
}

static void a_message_can_be_too_large(airssys_fake_host *host) {
    enum { LIMIT = 1 << 20 };
    airssys_fake_host_add_component(host, "acme/x@1.0.0");
    uint8_t *bytes = calloc(LIMIT + 1, 1);
    airssys_error error;
    CHECK(airssys_send_message(&X, (airssys_bytes){bytes, LIMIT}, NULL) == AIRSSYS_OK);
    CHECK(airssys_send_message(&X, (airssys_bytes){bytes, LIMIT + 1}, &error) == AIRSSYS_PAYLOAD_TOO_LARGE);
    CHECK(error.limit == LIMIT);
    airssys_error_free(&error);
    free(bytes);
}

static void a_denied_target_shows_the_missing_line(airssys_fake_host *host) {
    airssys_fake_host_add_component(host, "acme/x@1.0.0");
    airssys_fake_host_deny_target(host, "acme/x");
    airssys_error error;
    airssys_string id;
    CHECK(airssys_send_message(&X, AIRSSYS_BYTES("m"), &error) == AIRSSYS_PERMISSION_DENIED);
    CHECK(IS(error.denial.operation, "core/host-services.send-message"));
    CHECK(IS(error.denial.resource, "acme/x@1.0.0"));
    CHECK(IS(error.denial.missing, "messaging = [{ target = \"acme/x\" }]"));
    airssys_error_free(&error);
    CHECK(airssys_send_request(&X, AIRSSYS_BYTES("m"), 1, &id, &error) == AIRSSYS_PERMISSION_DENIED);
    CHECK(IS(error.denial.operation, "core/host-services.send-request"));
    airssys_error_free(&error);
    CHECK(airssys_send_message(&SELF, AIRSSYS_BYTES("m"), NULL) == AIRSSYS_OK);
    airssys_fake_host_deny_target(host, "acme/*");
    CHECK(airssys_send_message(&SELF, AIRSSYS_BYTES("m"), NULL) == AIRSSYS_PERMISSION_DENIED);
}

static void components_are_listed_and_described(airssys_fake_host *host) {
    const airssys_string operations[] = {AIRSSYS_STRING_INIT("run")};
    const airssys_component_metadata full = {.id = X,
                                             .description = AIRSSYS_STRING_INIT("Is x."),
                                             .license = {true, AIRSSYS_STRING_INIT("MIT")},
                                             .operations = {operations, 1}};
    airssys_fake_host_add_component_with_metadata(host, &full);
    airssys_fake_host_add_component(host, "secret/y@1.0.0");
    airssys_fake_host_deny_target(host, "secret/*");
    airssys_component_id_list list;
    airssys_list_components(&list);
    CHECK(list.len == 2 && IS(list.ptr[0].name, "tested") && IS(list.ptr[1].name, "x"));
    airssys_component_id_list_free(&list);

    airssys_component_metadata metadata;
    CHECK(airssys_get_component_metadata(&X, &metadata, NULL) == AIRSSYS_OK);
    CHECK(IS(metadata.description, "Is x.") && IS(metadata.license.value, "MIT") && metadata.authors.len == 0);
    CHECK(metadata.operations.len == 1 && IS(metadata.operations.ptr[0], "run"));
    airssys_component_metadata_free(&metadata);
    CHECK(airssys_get_component_metadata(&SELF, &metadata, NULL) == AIRSSYS_OK);
    CHECK(IS(metadata.description, "Is tested."));
    airssys_component_metadata_free(&metadata);
    const airssys_component_id secret = {AIRSSYS_STRING_INIT("secret"), AIRSSYS_STRING_INIT("y"),
                                         AIRSSYS_STRING_INIT("1.0.0")};
    CHECK(airssys_get_component_metadata(&secret, &metadata, NULL) == AIRSSYS_COMPONENT_NOT_FOUND);
}

int main(void) {
    void (*const tests[])(airssys_fake_host *) = {
        log_records_are_kept,        the_clock_stands_still_but_for_sleeping, what_is_sent_is_kept,
        a_request_is_cancelled_once, what_does_not_exist_is_not_reached,      a_mailbox_can_be_full,
        a_message_can_be_too_large,  a_denied_target_shows_the_missing_line,  components_are_listed_and_described,
    };
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        airssys_fake_host *host = airssys_fake_host_new();
        airssys_fake_host_permit_all(host);
        tests[i](host);
        airssys_fake_host_free(host);
    }
    return CHECK_RESULT;
}
