/* What a test does wrong ends its program with a message; each is tried in a process of its own. */
#include <airssys/testing.h>

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "testing_component.h"

static void no_fake(void) {
    airssys_log_info(AIRSSYS_STRING("nobody hears it"));
}

static void two_fakes(void) {
    airssys_fake_host *first = airssys_fake_host_new();
    airssys_fake_host_permit_all(first);
    airssys_fake_host *second = airssys_fake_host_new();
    airssys_fake_host_permit_all(second);
    CHECK(first == second);
}

static void a_bad_id(void) {
    airssys_fake_host_add_component(airssys_fake_host_new(), "acme/x");
}

static void a_bad_target(void) {
    airssys_fake_host_deny_target(airssys_fake_host_new(), "acme/x@1.0.0");
}

static void a_relative_path(void) {
    airssys_fake_host_put_directory(airssys_fake_host_new(), "data");
}

static void no_such_record(void) {
    CHECK(airssys_fake_host_log_record(airssys_fake_host_new(), 0) == NULL);
}

static void an_outcome_for_nothing(void) {
    airssys_fake_host_handle_failure(airssys_fake_host_new(), AIRSSYS_STRING("request-9"), "timeout");
}

static void called_after_shutdown(void) {
    airssys_fake_host *host = airssys_fake_host_new();
    airssys_fake_host_permit_all(host);
    airssys_fake_host_shutdown(host);
    airssys_fake_host_call(host, "echo", "");
}

static void started_twice(void) {
    airssys_fake_host *host = airssys_fake_host_new();
    airssys_fake_host_permit_all(host);
    airssys_fake_host_call(host, "echo", "");
    airssys_fake_host_init(host, NULL);
}

static void init_needs_a_configuration(void) {
    init_fails = true;
    airssys_fake_host_call(airssys_fake_host_new(), "echo", "");
}

static void a_closed_file(void) {
    airssys_fake_host *host = airssys_fake_host_new();
    airssys_fake_host_permit_all(host);
    airssys_fake_host_put_file(host, "/a", AIRSSYS_BYTES("x"));
    airssys_file file;
    CHECK(airssys_files_open(AIRSSYS_STRING("/a"), AIRSSYS_OPEN_READ, &file, NULL) == AIRSSYS_OK);
    airssys_file copy = file;
    airssys_file_close(&file);
    airssys_file_close(&copy);
}

static void a_file_of_an_earlier_fake(void) {
    airssys_fake_host *host = airssys_fake_host_new();
    airssys_fake_host_permit_all(host);
    airssys_fake_host_put_file(host, "/a", AIRSSYS_BYTES("x"));
    airssys_file file;
    CHECK(airssys_files_open(AIRSSYS_STRING("/a"), AIRSSYS_OPEN_READ, &file, NULL) == AIRSSYS_OK);
    airssys_fake_host_free(host);
    host = airssys_fake_host_new();
    airssys_fake_host_permit_all(host);
    airssys_fake_host_put_file(host, "/a", AIRSSYS_BYTES("x"));
    airssys_file other;
    CHECK(airssys_files_open(AIRSSYS_STRING("/a"), AIRSSYS_OPEN_READ, &other, NULL) == AIRSSYS_OK);
    airssys_file_close(&file);
}

static void an_expectation(void) {
    AIRSSYS_EXPECT(1 + 1 == 3);
}

static void an_expected_text(void) {
    AIRSSYS_EXPECT_TEXT(NULL, "text");
}

static void an_expected_answer(void) {
    airssys_fake_answer answer = {AIRSSYS_NOT_FOUND, {NULL, 0}, "/a"};
    AIRSSYS_EXPECT_ANSWER(answer, AIRSSYS_OK, "x");
}

static const struct {
    void (*run)(void);
    const char *message;
} MISTAKES[] = {
    {no_fake, "host-services.log was called without a host; make one with airssys_fake_host_new"},
    {two_fakes, "there is a fake host already"},
    {a_bad_id, "\"acme/x\" is no component; write namespace/name@version"},
    {a_bad_target, "\"acme/x@1.0.0\" is no target; write namespace/name"},
    {a_relative_path, "\"data\" cannot be used: the path is not absolute"},
    {no_such_record, "there is no log record 0; the component has 0"},
    {an_outcome_for_nothing, "the request \"request-9\" was not sent"},
    {called_after_shutdown, "the component cannot be called: it was shut down"},
    {started_twice, "the component was started already"},
    {init_needs_a_configuration, "(configuration-invalid: a key is missing); start it with airssys_fake_host_init"},
    {a_closed_file, "ext-filesystem/files.file was called with a handle that is not open"},
    {a_file_of_an_earlier_fake, "ext-filesystem/files.file was called with a handle that is not open"},
    {an_expectation, "this does not hold: 1 + 1 == 3"},
    {an_expected_text, "expected: text\n  got:      none"},
    {an_expected_answer, "expected: ok: x\n  got:      not-found: /a"},
};

/* What the process says on stderr before it fails. */
static void run_in_a_process(void (*run)(void), char *said, size_t capacity) {
    int ends[2];
    CHECK(pipe(ends) == 0);
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        run();
        exit(EXIT_SUCCESS);
    }
    close(ends[1]);
    size_t used = 0;
    for (ssize_t count = 1; count > 0; used += count > 0 ? (size_t)count : 0) {
        count = read(ends[0], said + used, capacity - 1 - used);
    }
    said[used] = '\0';
    close(ends[0]);
    int status = 0;
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) != 0);
}

int main(void) {
    static char said[1 << 16];
    for (size_t i = 0; i < sizeof MISTAKES / sizeof *MISTAKES; i++) {
        run_in_a_process(MISTAKES[i].run, said, sizeof said);
        if (strstr(said, MISTAKES[i].message) == NULL) {
            CHECK_TEXT(said, MISTAKES[i].message);
        }
    }
    return CHECK_RESULT;
}
