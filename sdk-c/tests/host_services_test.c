#include <airssys/host_services.h>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "fake_host.h"

static const airssys_component_id TARGET = {AIRSSYS_STRING_INIT("acme"), AIRSSYS_STRING_INIT("x"),
                                            AIRSSYS_STRING_INIT("1.0.0")};
static const airssys_component_id BAD = {AIRSSYS_STRING_INIT("acme"), AIRSSYS_STRING_INIT("\xFF"),
                                         AIRSSYS_STRING_INIT("1.0.0")};

static void records_are_logged_with_their_fields(void) {
    fake_host_reset();
    const airssys_key_value fields[] = {
        {AIRSSYS_STRING_INIT("key"), AIRSSYS_STRING_INIT("a\0b")},
        {AIRSSYS_STRING_INIT(""), AIRSSYS_STRING_INIT("")},
    };
    airssys_log(AIRSSYS_LOG_TRACE, AIRSSYS_STRING("trace"), fields, 2);
    airssys_log(AIRSSYS_LOG_DEBUG, AIRSSYS_STRING(""), NULL, 0);
    airssys_log_info(AIRSSYS_STRING("info"));
    airssys_log_warn(AIRSSYS_STRING("warn"));
    airssys_log_error(AIRSSYS_STRING("error"));
    CHECK_TEXT(fake_host_calls(), "host-services.log 0 trace\n  key=a\\0b\n  =\n"
                                  "host-services.log 1 \n"
                                  "host-services.log 2 info\n"
                                  "host-services.log 3 warn\n"
                                  "host-services.log 4 error\n");
}

static void what_is_not_utf8_is_replaced_in_the_log(void) {
    fake_host_reset();
    const airssys_key_value field = {AIRSSYS_STRING_INIT("\xC3"), AIRSSYS_STRING_INIT("fine")};
    airssys_log(AIRSSYS_LOG_INFO, AIRSSYS_STRING("a\xFF\xC3\xA4\xF0\x9F"), &field, 1);
    CHECK_TEXT(fake_host_calls(), "host-services.log 2 a\xEF\xBF\xBD\xC3\xA4\xEF\xBF\xBD\xEF\xBF\xBD\n"
                                  "  \xEF\xBF\xBD=fine\n");
}

static void messages_and_requests_are_sent(void) {
    fake_host_reset();
    airssys_error error;
    airssys_string id;
    CHECK(airssys_send_message(&TARGET, (airssys_bytes){(const uint8_t *)"\0m", 2}, &error) == AIRSSYS_OK);
    CHECK(airssys_send_request(&TARGET, (airssys_bytes){NULL, 0}, UINT32_MAX, &id, &error) == AIRSSYS_OK);
    CHECK(IS(id, "request-7"));
    CHECK(airssys_cancel_request(id, &error) == AIRSSYS_OK);
    airssys_string_free(&id);
    CHECK_TEXT(fake_host_calls(), "host-services.send-message acme/x@1.0.0 \\0m\n"
                                  "host-services.send-request acme/x@1.0.0  4294967295\n"
                                  "host-services.cancel-request request-7\n");
}

static void time_passes_through(void) {
    fake_host_reset();
    airssys_timestamp now = airssys_current_time();
    CHECK(now.seconds == UINT64_MAX && now.nanoseconds == 999999999);
    airssys_sleep(0);
    CHECK_TEXT(fake_host_calls(), "host-services.current-time\nhost-services.sleep 0\n");
}

static void components_are_listed_and_described(void) {
    fake_host_reset();
    airssys_component_id_list list;
    airssys_list_components(&list);
    CHECK(list.len == 2 && IS(list.ptr[1].namespace_, "acme") && IS(list.ptr[1].name, "other") &&
          IS(list.ptr[1].version, "1.2.3"));
    airssys_component_id_list_free(&list);
    CHECK(list.ptr == NULL && list.len == 0);
    airssys_component_metadata metadata;
    CHECK(airssys_get_component_metadata(&TARGET, &metadata, NULL) == AIRSSYS_OK);
    CHECK(IS(metadata.id.name, "other") && IS(metadata.description, "A description."));
    CHECK(metadata.authors.len == 2 && IS(metadata.authors.ptr[0], FAKE_PATH) && metadata.operations.len == 2);
    CHECK(metadata.license.has_value && IS(metadata.license.value, "MIT"));
    airssys_component_metadata_free(&metadata);

    fake_host_answer_empty();
    airssys_list_components(&list);
    CHECK(list.len == 0);
    airssys_component_id_list_free(&list);
    CHECK(airssys_get_component_metadata(&TARGET, &metadata, NULL) == AIRSSYS_OK);
    CHECK(!metadata.license.has_value && metadata.authors.len == 0);
    airssys_component_metadata_free(&metadata);
}

static void every_error_case_has_its_code(void) {
    static const airssys_code CODES[] = {
        AIRSSYS_COMPONENT_NOT_FOUND, AIRSSYS_PERMISSION_DENIED, AIRSSYS_MAILBOX_FULL,
        AIRSSYS_PAYLOAD_TOO_LARGE,   AIRSSYS_TIMEOUT,           AIRSSYS_UNKNOWN_REQUEST,
        AIRSSYS_DELIVERY_FAILED,
    };
    for (uint8_t tag = 0; tag < sizeof CODES / sizeof *CODES; tag++) {
        fake_host_reset();
        fake_host_fail_messaging(tag);
        airssys_error error;
        airssys_string id;
        airssys_code code = CODES[tag];
        bool has_component = code == AIRSSYS_COMPONENT_NOT_FOUND || code == AIRSSYS_MAILBOX_FULL;
        CHECK(airssys_send_request(&TARGET, (airssys_bytes){NULL, 0}, 1, &id, &error) == code);
        CHECK(id.ptr == NULL);
        CHECK(error.code == code);
        CHECK(IS(error.component.name, "other") == has_component);
        CHECK(IS(error.denial.missing, FAKE_MISSING) == (code == AIRSSYS_PERMISSION_DENIED));
        CHECK(error.limit == (code == AIRSSYS_PAYLOAD_TOO_LARGE ? UINT64_MAX : 0));
        CHECK(IS(error.text, FAKE_TEXT) == (tag >= AIRSSYS_CORE_TYPES_MESSAGING_ERROR_TIMEOUT));
        airssys_error_free(&error);
        CHECK(airssys_send_message(&TARGET, (airssys_bytes){NULL, 0}, NULL) == code);
        CHECK(airssys_cancel_request(AIRSSYS_STRING("x"), NULL) == code);
        airssys_component_metadata metadata;
        CHECK(airssys_get_component_metadata(&TARGET, &metadata, NULL) == code);
        airssys_component_metadata_free(&metadata);
    }
}

static void an_id_that_is_not_utf8_never_reaches_the_host(void) {
    fake_host_reset();
    airssys_error error;
    airssys_string id;
    airssys_component_metadata metadata;
    CHECK(airssys_send_message(&BAD, (airssys_bytes){NULL, 0}, &error) == AIRSSYS_COMPONENT_NOT_FOUND);
    CHECK(IS(error.component.name, "\xFF"));
    airssys_error_free(&error);
    CHECK(airssys_send_request(&BAD, (airssys_bytes){NULL, 0}, 1, &id, NULL) == AIRSSYS_COMPONENT_NOT_FOUND);
    CHECK(airssys_get_component_metadata(&BAD, &metadata, NULL) == AIRSSYS_COMPONENT_NOT_FOUND);
    CHECK(airssys_cancel_request(AIRSSYS_STRING("\xFF"), NULL) == AIRSSYS_UNKNOWN_REQUEST);
    CHECK_TEXT(fake_host_calls(), "");
}

static void errors_are_described(void) {
    char buffer[512];
    airssys_error error;
    airssys_string_builder builder = airssys_string_builder_over(buffer, sizeof buffer);
    airssys_error_set(&error, AIRSSYS_NOT_FOUND, AIRSSYS_STRING("/a"));
    airssys_error_describe(&error, &builder);
    airssys_error_free(&error);
    airssys_string_builder_c(&builder, "|");
    error = (airssys_error){.code = AIRSSYS_PAYLOAD_TOO_LARGE, .limit = 1048576};
    airssys_error_describe(&error, &builder);
    airssys_string_builder_c(&builder, "|");
    error = (airssys_error){.code = AIRSSYS_MAILBOX_FULL, .component = TARGET};
    airssys_error_describe(&error, &builder);
    airssys_string_builder_c(&builder, "|");
    error = (airssys_error){.code = AIRSSYS_PERMISSION_DENIED,
                            .denial = {AIRSSYS_STRING("op"), AIRSSYS_STRING("/a"), AIRSSYS_STRING("line")}};
    airssys_error_describe(&error, &builder);
    airssys_string_builder_c(&builder, "|");
    error.denial.missing = AIRSSYS_STRING("");
    airssys_error_describe(&error, &builder);
    CHECK(IS(airssys_string_builder_view(&builder),
             "not-found: /a|payload-too-large: the limit is 1048576 bytes|mailbox-full: acme/x@1.0.0|"
             "permission denied: op on /a: needs line in [permissions] of Component.toml, and the operator's grant|"
             "permission denied: op on /a: no permission can allow it"));
}

/* The child panics; what it logged comes back through a pipe. */
static void a_panic_logs_its_message_and_traps(void) {
    int ends[2];
    CHECK(pipe(ends) == 0);
    pid_t child = fork();
    if (child == 0) {
        fake_host_reset();
        dup2(ends[1], STDOUT_FILENO);
        fake_host_print_calls();
        airssys_panic(AIRSSYS_STRING("gone\xFF"));
    }
    close(ends[1]);
    char seen[128] = "";
    size_t length = 0;
    for (ssize_t count = 1; count > 0 && length < sizeof seen - 1; length += (size_t)count) {
        count = read(ends[0], seen + length, sizeof seen - 1 - length);
        CHECK(count >= 0);
    }
    close(ends[0]);
    int status = 0;
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(WIFSIGNALED(status) && (WTERMSIG(status) == SIGILL || WTERMSIG(status) == SIGTRAP));
    /* All calls so far are printed with each note: the record, then its field. */
    CHECK_TEXT(seen, "host-services.log 4 gone\xEF\xBF\xBD\n"
                     "host-services.log 4 gone\xEF\xBF\xBD\n  kind=panic\n");
}

int main(void) {
    records_are_logged_with_their_fields();
    what_is_not_utf8_is_replaced_in_the_log();
    messages_and_requests_are_sent();
    time_passes_through();
    components_are_listed_and_described();
    every_error_case_has_its_code();
    an_id_that_is_not_utf8_never_reaches_the_host();
    errors_are_described();
    a_panic_logs_its_message_and_traps();
    return CHECK_RESULT;
}
