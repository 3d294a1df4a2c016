#include <airssys/testing.h>

static const char FRIEND[] = "my-namespace/friend@1.0.0";

static bool is(airssys_string text, const char *expected) {
    return airssys_string_equals(text, airssys_string_from_c(expected));
}

static void tell_sends_a_message(airssys_fake_host *host) {
    airssys_fake_answer answer = airssys_fake_host_call(host, "tell", "my-namespace/friend@1.0.0 hello there");
    AIRSSYS_EXPECT_ANSWER(answer, AIRSSYS_OK, "");
    AIRSSYS_EXPECT(airssys_fake_host_message_count(host) == 1);
    const airssys_fake_sent *message = airssys_fake_host_message(host, 0);
    AIRSSYS_EXPECT(is(message->target.name, "friend") && is(message->target.version, "1.0.0"));
    AIRSSYS_EXPECT(is(airssys_bytes_as_string(message->content), "hello there"));
}

static void an_answer_arrives(airssys_fake_host *host) {
    airssys_fake_answer answer = airssys_fake_host_call(host, "ask", "my-namespace/friend@1.0.0 how are you?");
    const airssys_fake_sent *request = airssys_fake_host_request(host, 0);
    AIRSSYS_EXPECT(answer.code == AIRSSYS_OK && is(request->request_id, answer.text));
    AIRSSYS_EXPECT(request->timeout_ms == 5000 && is(airssys_bytes_as_string(request->content), "how are you?"));
    airssys_fake_host_handle_reply(host, request->request_id, AIRSSYS_BYTES("fine"));
    AIRSSYS_EXPECT_ANSWER(airssys_fake_host_call(host, "inbox", ""), AIRSSYS_OK, "answer to request-1: fine");
}

static void what_arrives_is_kept_in_order(airssys_fake_host *host) {
    AIRSSYS_EXPECT_ANSWER(airssys_fake_host_call(host, "inbox", ""), AIRSSYS_OK, "nothing has arrived");
    airssys_fake_host_call(host, "ask", "my-namespace/friend@1.0.0 how are you?");
    airssys_fake_host_handle_message(host, FRIEND, AIRSSYS_BYTES("hello"));
    airssys_fake_host_handle_failure(host, AIRSSYS_STRING("request-1"), "timeout");
    AIRSSYS_EXPECT_ANSWER(airssys_fake_host_call(host, "inbox", ""), AIRSSYS_OK,
                          "message from my-namespace/friend@1.0.0: hello\nno answer to request-1: timeout");
}

static void the_inbox_can_be_full(airssys_fake_host *host) {
    static const uint8_t large[16 * 1024];
    airssys_fake_answer answer = airssys_fake_host_handle_message(host, FRIEND, (airssys_bytes){large, sizeof large});
    AIRSSYS_EXPECT_ANSWER(answer, AIRSSYS_RESOURCE_EXHAUSTED, "the inbox is full");
    AIRSSYS_EXPECT_ANSWER(airssys_fake_host_call(host, "inbox", ""), AIRSSYS_OK, "nothing has arrived");
}

static void requests_are_answered(airssys_fake_host *host) {
    AIRSSYS_EXPECT_ANSWER(airssys_fake_host_handle_request(host, FRIEND, AIRSSYS_BYTES("hello")), AIRSSYS_OK,
                          "my-namespace/my-component heard: hello");
}

static void whom_nobody_knows_is_not_reached(airssys_fake_host *host) {
    AIRSSYS_EXPECT_ANSWER(airssys_fake_host_call(host, "tell", "my-namespace/nobody@1.0.0 hello"),
                          AIRSSYS_PROCESSING_FAILED, "component-not-found: my-namespace/nobody@1.0.0");
    airssys_fake_host_set_mailbox_full(host, FRIEND, true);
    AIRSSYS_EXPECT_ANSWER(airssys_fake_host_call(host, "ask", "my-namespace/friend@1.0.0 hello"),
                          AIRSSYS_PROCESSING_FAILED, "mailbox-full: my-namespace/friend@1.0.0");
}

static void a_refusal_shows_the_missing_line(airssys_fake_host *host) {
    airssys_fake_host_deny_target(host, "my-namespace/friend");
    AIRSSYS_EXPECT_ANSWER(airssys_fake_host_call(host, "tell", "my-namespace/friend@1.0.0 hello"),
                          AIRSSYS_PERMISSION_DENIED,
                          AIRSSYS_FAKE_REFUSAL("core/host-services.send-message", "my-namespace/friend@1.0.0",
                                               "messaging = [{ target = \"my-namespace/friend\" }]"));
}

static void an_input_names_whom_and_what(airssys_fake_host *host) {
    const char *inputs[] = {"", "hello", "friend@1.0.0 hello", "my-namespace/friend hello",
                            "my-namespace/friend@1.0.0"};
    for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++) {
        AIRSSYS_EXPECT_ANSWER(airssys_fake_host_call(host, "tell", inputs[i]), AIRSSYS_INVALID_INPUT,
                              "write namespace/name@version and a text");
    }
}

int main(void) {
    void (*const tests[])(airssys_fake_host *) = {
        tell_sends_a_message,
        an_answer_arrives,
        what_arrives_is_kept_in_order,
        the_inbox_can_be_full,
        requests_are_answered,
        whom_nobody_knows_is_not_reached,
        a_refusal_shows_the_missing_line,
        an_input_names_whom_and_what,
    };
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        airssys_fake_host *host = airssys_fake_host_new();
        airssys_fake_host_add_component(host, FRIEND);
        tests[i](host);
        airssys_fake_host_free(host);
    }
    return 0;
}
