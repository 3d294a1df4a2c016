#include <airssys/testing.h>

static airssys_fake_answer answer_to(airssys_fake_host *host, airssys_string request_id) {
    return airssys_fake_host_execute(host, "answer", airssys_string_as_bytes(request_id), NULL);
}

int main(void) {
    airssys_fake_host *host = airssys_fake_host_new_of(COMPONENT_TOML);
    airssys_fake_host_add_component(host, "examples/ask-rust@0.1.0");
    airssys_fake_answer asked = airssys_fake_host_call(host, "ask", "examples/ask-rust@0.1.0\nhow are\nyou?");
    const airssys_fake_sent *request = airssys_fake_host_request(host, 0);
    AIRSSYS_EXPECT(asked.code == AIRSSYS_OK && request->timeout_ms == 10000);
    AIRSSYS_EXPECT(airssys_string_equals(airssys_bytes_as_string(asked.output), request->request_id));
    AIRSSYS_EXPECT(airssys_string_equals(airssys_bytes_as_string(request->content), AIRSSYS_STRING("how are\nyou?")));
    AIRSSYS_EXPECT_ANSWER(answer_to(host, request->request_id), AIRSSYS_PROCESSING_FAILED, "no answer yet");
    airssys_fake_host_handle_reply(host, request->request_id, AIRSSYS_BYTES("well"));
    AIRSSYS_EXPECT_ANSWER(answer_to(host, request->request_id), AIRSSYS_OK, "well");

    airssys_fake_host_call(host, "ask", "examples/ask-rust@0.1.0\nand now?");
    const airssys_fake_sent *second = airssys_fake_host_request(host, 1);
    airssys_fake_host_handle_failure(host, second->request_id, "component-gone");
    AIRSSYS_EXPECT_ANSWER(answer_to(host, second->request_id), AIRSSYS_PROCESSING_FAILED, "component-gone");
    AIRSSYS_EXPECT_ANSWER(answer_to(host, request->request_id), AIRSSYS_OK, "well");

    /* A hundred outcomes later the first are forgotten. */
    for (size_t i = 2; i < 101; i++) {
        airssys_fake_host_call(host, "ask", "examples/ask-rust@0.1.0\n");
        airssys_fake_host_handle_reply(host, airssys_fake_host_request(host, i)->request_id, AIRSSYS_BYTES(""));
    }
    AIRSSYS_EXPECT_ANSWER(answer_to(host, request->request_id), AIRSSYS_PROCESSING_FAILED, "no answer yet");
    AIRSSYS_EXPECT_ANSWER(answer_to(host, second->request_id), AIRSSYS_PROCESSING_FAILED, "component-gone");

    AIRSSYS_EXPECT_ANSWER(airssys_fake_host_call(host, "ask", "nobody"), AIRSSYS_INVALID_INPUT,
                          "expected namespace/name@version and a text, a line each");
    AIRSSYS_EXPECT_ANSWER(airssys_fake_host_handle_request(host, "examples/ask-rust@0.1.0", AIRSSYS_BYTES("hello")),
                          AIRSSYS_OK, "c says: hello");
    airssys_fake_host_free(host);
    return 0;
}
