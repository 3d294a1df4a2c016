#include <airssys/testing.h>

/* Puts the first argument, if any, before what it reads, so that the order of the stages can be seen. */
static airssys_process_output sort(void *data, airssys_string_list arguments, airssys_bytes input) {
    static char buffer[256];
    airssys_string_builder output = airssys_string_builder_over(buffer, sizeof buffer);
    airssys_string_builder_c(&output, data);
    for (size_t i = 0; i < arguments.len; i++) {
        airssys_string_builder_c(&output, " ");
        airssys_string_builder_text(&output, arguments.ptr[i]);
    }
    airssys_string_builder_c(&output, "(");
    airssys_string_builder_text(&output, airssys_bytes_as_string(input));
    airssys_string_builder_c(&output, ")");
    return (airssys_process_output){.stdout_ = airssys_string_as_bytes(airssys_string_builder_view(&output))};
}

static airssys_process_output fail(void *data, airssys_string_list arguments, airssys_bytes input) {
    (void)data;
    (void)arguments;
    (void)input;
    return (airssys_process_output){.status = {.code = 2}, .stderr_ = AIRSSYS_BYTES("no room")};
}

static airssys_process_output die(void *data, airssys_string_list arguments, airssys_bytes input) {
    (void)data;
    (void)arguments;
    (void)input;
    return (airssys_process_output){.status = {.kind = AIRSSYS_EXIT_SIGNALED, .signal = {AIRSSYS_SIGNAL_KILL, 0}}};
}

int main(void) {
    airssys_fake_host *host = airssys_fake_host_new_of(COMPONENT_TOML);
    AIRSSYS_EXPECT(airssys_fake_host_call(host, "count-lines", "b").code == AIRSSYS_PROCESSING_FAILED);
    airssys_fake_host_add_program(host, "/usr/bin/sort", sort, "sort");
    airssys_fake_host_add_program(host, "/usr/bin/uniq", sort, "uniq");
    AIRSSYS_EXPECT_ANSWER(airssys_fake_host_call(host, "count-lines", "b"), AIRSSYS_OK, "sort -rn(uniq -c(sort(b)))");
    airssys_fake_host_add_program(host, "/usr/bin/uniq", fail, NULL);
    AIRSSYS_EXPECT_ANSWER(airssys_fake_host_call(host, "count-lines", "b"), AIRSSYS_PROCESSING_FAILED,
                          "/usr/bin/uniq -c: ended with the code 2: no room");
    airssys_fake_host_add_program(host, "/usr/bin/uniq", die, NULL);
    AIRSSYS_EXPECT_ANSWER(airssys_fake_host_call(host, "count-lines", "b"), AIRSSYS_PROCESSING_FAILED,
                          "/usr/bin/uniq -c: ended by a signal: ");
    airssys_fake_host_deny_program(host, "/usr/bin/uniq");
    AIRSSYS_EXPECT_ANSWER(airssys_fake_host_call(host, "count-lines", "b"), AIRSSYS_PERMISSION_DENIED,
                          AIRSSYS_FAKE_REFUSAL("ext-process/processes.run-pipeline", "/usr/bin/uniq",
                                               "process = [{ action = \"spawn\", program = \"/usr/bin/uniq\" }]"));
    airssys_fake_host_free(host);
    return 0;
}
