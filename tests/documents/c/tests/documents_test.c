/* The fragments of the README, in functions, against the fake host. */
#include <airssys/testing.h>

static airssys_code connection(airssys_error *error) {
    // block: sdk-c/README.md#network
    return code;
}

static airssys_code program(airssys_bytes input, airssys_error *error) {
    // block: sdk-c/README.md#processes
    if (code == AIRSSYS_OK) {
        AIRSSYS_EXPECT(output.status.code == 0);
        AIRSSYS_EXPECT(airssys_string_equals(airssys_bytes_as_string(output.stdout_), AIRSSYS_STRING("b a")));
        airssys_process_output_free(&output);
    }
    return code;
}

static airssys_bytes answer(void *data, airssys_bytes sent) {
    (void)data;
    return sent;
}

static airssys_process_output run(void *data, airssys_string_list arguments, airssys_bytes input) {
    (void)data;
    AIRSSYS_EXPECT(arguments.len == 0);
    return (airssys_process_output){.stdout_ = input};
}

static void expect_denial(airssys_code code, airssys_error *error, airssys_string missing) {
    AIRSSYS_EXPECT(code == AIRSSYS_PERMISSION_DENIED);
    AIRSSYS_EXPECT(airssys_string_equals(error->denial.missing, missing));
    airssys_error_free(error);
}

int main(void) {
    airssys_fake_host *host = airssys_fake_host_new();
    const airssys_endpoint endpoint = {AIRSSYS_STRING("example.com"), 443};
    airssys_fake_host_add_server(host, &endpoint, answer, NULL);
    airssys_fake_host_add_program(host, "/usr/bin/sort", run, NULL);

    airssys_error error;
    expect_denial(connection(&error), &error,
                  AIRSSYS_STRING("network = [{ action = \"outbound\", host = \"example.com\", port = 443 }]"));
    expect_denial(program(AIRSSYS_BYTES("b a"), &error), &error,
                  AIRSSYS_STRING("process = [{ action = \"spawn\", program = \"/usr/bin/sort\" }]"));

    airssys_fake_host_permit_all(host);
    AIRSSYS_EXPECT(connection(&error) == AIRSSYS_OK);
    AIRSSYS_EXPECT(airssys_fake_host_open_handles(host) == 0);
    AIRSSYS_EXPECT(program(AIRSSYS_BYTES("b a"), &error) == AIRSSYS_OK);
    airssys_fake_host_free(host);
    return 0;
}
