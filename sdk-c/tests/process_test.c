#include <airssys/processes.h>
#include <airssys/signals.h>
#include <airssys/stdio.h>

#include "check.h"
#include "fake_host.h"

#define CONTENT airssys_string_as_bytes(AIRSSYS_STRING(FAKE_BYTES))
#define SEEN_CONTENT \
    "\\0\xFF" \
    "bytes"

static const airssys_string ARGUMENTS[] = {AIRSSYS_STRING_INIT("-c"), AIRSSYS_STRING_INIT("a \"b\"\0c")};
static const airssys_string INHERITED[] = {AIRSSYS_STRING_INIT("HOME")};
static const airssys_key_value SET[] = {{AIRSSYS_STRING_INIT("LC_ALL"), AIRSSYS_STRING_INIT("")}};
static const airssys_command COMMAND = {
    .program = AIRSSYS_STRING_INIT("/bin/sh"),
    .arguments = {ARGUMENTS, 2},
    .environment = {.inherit = {INHERITED, 1}, .set = SET, .set_count = 1},
    .working_directory = {true, AIRSSYS_STRING_INIT("/work")},
    .stdio =
        {
            .stdin_ = {AIRSSYS_STDIO_READ_FILE, AIRSSYS_STRING_INIT("/in")},
            .stdout_ = {AIRSSYS_STDIO_APPEND_FILE, AIRSSYS_STRING_INIT("/out")},
            .stderr_ = {.kind = AIRSSYS_STDIO_TO_STDOUT},
        },
    .limits = {.max_memory_bytes = {true, UINT64_MAX}, .max_open_files = {true, 0}},
};
#define SEEN_COMMAND \
    "  program /bin/sh\n  argument -c\n  argument a \"b\"\\0c\n  inherit HOME\n  set LC_ALL=\n  in /work\n" \
    "  stdin 3 /in\n  stdout 5 /out\n  stderr 6\n  limits 18446744073709551615 none none 0 none\n"
static const airssys_command PLAIN = {.program = AIRSSYS_STRING_INIT("true")};
#define SEEN_PLAIN "  program true\n  stdin 0\n  stdout 0\n  stderr 0\n  limits none none none none none\n"

static bool is_content(airssys_bytes bytes) {
    return IS(airssys_bytes_as_string(bytes), FAKE_BYTES);
}

static bool is_other(airssys_signal signal) {
    return signal.kind == AIRSSYS_SIGNAL_OTHER && signal.number == UINT8_MAX;
}

static bool is_signaled(airssys_exit_status status) {
    return status.kind == AIRSSYS_EXIT_SIGNALED && is_other(status.signal) && !airssys_exit_status_is_success(status);
}

static bool is_code(airssys_exit_status status, int32_t code) {
    return status.kind == AIRSSYS_EXIT_CODE && status.code == code;
}

static airssys_process spawned(void) {
    airssys_process process;
    CHECK(airssys_processes_spawn(&PLAIN, &process, NULL) == AIRSSYS_OK);
    return process;
}

static void commands_arrive_whole(void) {
    fake_host_reset();
    airssys_process process;
    airssys_process_output output;
    airssys_pipeline_output outputs;
    CHECK(airssys_processes_spawn(&COMMAND, &process, NULL) == AIRSSYS_OK);
    CHECK(airssys_processes_run(&COMMAND, CONTENT, &output, NULL) == AIRSSYS_OK);
    CHECK(is_code(output.status, INT32_MIN) && is_content(output.stdout_) && is_content(output.stderr_));
    airssys_process_output_free(&output);
    const airssys_command both[] = {COMMAND, PLAIN};
    CHECK(airssys_processes_run_pipeline(both, 2, CONTENT, &outputs, NULL) == AIRSSYS_OK);
    CHECK(outputs.status_count == 2 && is_signaled(outputs.statuses[0]) && is_code(outputs.statuses[1], INT32_MAX));
    CHECK(is_content(outputs.stdout_) && is_content(outputs.stderr_));
    airssys_pipeline_output_free(&outputs);
    CHECK(fake_host_open_handles() == 1);
    airssys_process_drop(&process);
    airssys_process_drop(&process);
    CHECK(fake_host_open_handles() == 0);
    CHECK_TEXT(fake_host_calls(),
               "processes.spawn\n" SEEN_COMMAND "processes.run " SEEN_CONTENT "\n" SEEN_COMMAND
               "processes.run-pipeline " SEEN_CONTENT "\n" SEEN_COMMAND SEEN_PLAIN "processes.process drop\n");
}

static bool is_fake_info(const airssys_process_info *info) {
    return info->id == UINT32_MAX && IS(info->program, FAKE_PATH) && info->arguments.len == 2 &&
           info->started.seconds == UINT64_MAX && info->state == AIRSSYS_PROCESS_EXITED;
}

static void processes_pass_everything_on(void) {
    airssys_process process = spawned();
    fake_host_reset();
    airssys_process_info info;
    airssys_process_info_list infos;
    airssys_exit_status status;
    airssys_optional_exit_status optional;
    airssys_optional_finished finished;
    airssys_process_usage usage;
    airssys_process_limits limits;
    const airssys_process_id ids[] = {7, UINT32_MAX};
    CHECK(airssys_process_get_id(process) == UINT32_MAX);
    CHECK(airssys_process_get_info(process, &info, NULL) == AIRSSYS_OK && is_fake_info(&info));
    CHECK(info.exit.has_value && is_signaled(info.exit.value));
    airssys_process_info_free(&info);
    CHECK(airssys_processes_get_process_info(7, &info, NULL) == AIRSSYS_OK && is_fake_info(&info));
    airssys_process_info_free(&info);
    airssys_processes_list_processes(&infos);
    CHECK(infos.len == 2 && is_fake_info(&infos.ptr[1]) && !infos.ptr[1].exit.has_value);
    airssys_process_info_list_free(&infos);
    CHECK(airssys_process_wait(process, &status, NULL) == AIRSSYS_OK && is_signaled(status));
    CHECK(airssys_process_wait_timeout(process, UINT32_MAX, &optional, NULL) == AIRSSYS_OK);
    CHECK(optional.has_value && is_code(optional.value, -1));
    CHECK(airssys_process_try_wait(process, &optional, NULL) == AIRSSYS_OK && optional.has_value);
    CHECK(airssys_process_is_running(process));
    CHECK(airssys_process_get_usage(process, &usage, NULL) == AIRSSYS_OK);
    CHECK(usage.user_time_ms == 1 && usage.system_time_ms == 2 && usage.max_resident_bytes == UINT64_MAX);
    CHECK(airssys_process_get_limits(process, &limits, NULL) == AIRSSYS_OK);
    CHECK(limits.max_memory_bytes.value == UINT64_MAX && !limits.max_cpu_time_ms.has_value);
    CHECK(airssys_process_set_limits(process, &limits, NULL) == AIRSSYS_OK);
    CHECK(airssys_processes_wait_any(ids, 2, (airssys_optional_u32){true, 0}, &finished, NULL) == AIRSSYS_OK);
    CHECK(finished.has_value && finished.value.index == 1 && is_code(finished.value.status, 3));
    CHECK_TEXT(fake_host_calls(), "processes.process.id\n"
                                  "processes.process.info\n"
                                  "processes.get-process-info 7\n"
                                  "processes.list-processes\n"
                                  "processes.process.wait\n"
                                  "processes.process.wait-timeout 4294967295\n"
                                  "processes.process.try-wait\n"
                                  "processes.process.is-running\n"
                                  "processes.process.usage\n"
                                  "processes.process.limits\n"
                                  "processes.process.set-limits\n  limits 18446744073709551615 none 0 4294967295 5\n"
                                  "processes.wait-any 0\n  7\n  4294967295\n");
    airssys_process_drop(&process);
}

static void what_has_not_ended_has_no_status(void) {
    airssys_process process = spawned();
    fake_host_reset();
    fake_host_answer_empty();
    airssys_optional_exit_status optional;
    airssys_optional_finished finished;
    airssys_process_info_list infos;
    airssys_process_output output;
    CHECK(airssys_process_try_wait(process, &optional, NULL) == AIRSSYS_OK && !optional.has_value);
    CHECK(airssys_process_wait_timeout(process, 0, &optional, NULL) == AIRSSYS_OK && !optional.has_value);
    CHECK(airssys_processes_wait_any(NULL, 0, (airssys_optional_u32){false, 0}, &finished, NULL) == AIRSSYS_OK);
    CHECK(!finished.has_value);
    airssys_processes_list_processes(&infos);
    CHECK(infos.len == 0);
    airssys_process_info_list_free(&infos);
    CHECK(airssys_processes_run(&PLAIN, CONTENT, &output, NULL) == AIRSSYS_OK && output.stdout_.ptr == NULL);
    airssys_process_output_free(&output);
    airssys_process_drop(&process);
}

static void streams_pass_everything_on(void) {
    airssys_process process = spawned();
    fake_host_reset();
    airssys_bytes data;
    uint32_t written;
    airssys_process_output output;
    CHECK(airssys_stdio_write_stdin(process, CONTENT, &written, NULL) == AIRSSYS_OK && written == UINT32_MAX);
    CHECK(airssys_stdio_close_stdin(process, NULL) == AIRSSYS_OK);
    CHECK(airssys_stdio_read_stdout(process, UINT32_MAX, &data, NULL) == AIRSSYS_OK && is_content(data));
    airssys_bytes_free(&data);
    CHECK(airssys_stdio_read_stderr(process, 0, &data, NULL) == AIRSSYS_OK && is_content(data));
    airssys_bytes_free(&data);
    CHECK(airssys_stdio_read_stdout_to_end(process, &data, NULL) == AIRSSYS_OK && is_content(data));
    airssys_bytes_free(&data);
    CHECK(airssys_stdio_read_stderr_to_end(process, &data, NULL) == AIRSSYS_OK && is_content(data));
    airssys_bytes_free(&data);
    CHECK(airssys_stdio_communicate(process, CONTENT, &output, NULL) == AIRSSYS_OK && is_content(output.stderr_));
    airssys_process_output_free(&output);
    CHECK_TEXT(fake_host_calls(), "stdio.write-stdin " SEEN_CONTENT "\n"
                                  "stdio.close-stdin\n"
                                  "stdio.read-stdout 4294967295\n"
                                  "stdio.read-stderr 0\n"
                                  "stdio.read-stdout-to-end\n"
                                  "stdio.read-stderr-to-end\n"
                                  "stdio.communicate " SEEN_CONTENT "\n");
    airssys_process_drop(&process);
}

static void signals_pass_everything_on(void) {
    airssys_process process = spawned();
    fake_host_reset();
    airssys_exit_status status;
    airssys_optional_state_change change;
    airssys_signal signal;
    airssys_signal_info_list infos;
    const airssys_optional_u32 forever = {false, 0};
    CHECK(airssys_signals_send_signal(process, (airssys_signal){AIRSSYS_SIGNAL_CONTINUE, 0},
                                      AIRSSYS_SIGNAL_TARGET_GROUP, NULL) == AIRSSYS_OK);
    CHECK(airssys_signals_send_signal(process, (airssys_signal){AIRSSYS_SIGNAL_OTHER, 255},
                                      AIRSSYS_SIGNAL_TARGET_PROCESS, NULL) == AIRSSYS_OK);
    CHECK(airssys_signals_interrupt(process, NULL) == AIRSSYS_OK);
    CHECK(airssys_signals_terminate(process, UINT32_MAX, &status, NULL) == AIRSSYS_OK && is_signaled(status));
    CHECK(airssys_signals_kill(process, NULL) == AIRSSYS_OK);
    CHECK(airssys_signals_kill_group(process, NULL) == AIRSSYS_OK);
    CHECK(airssys_signals_suspend(process, NULL) == AIRSSYS_OK);
    CHECK(airssys_signals_resume(process, NULL) == AIRSSYS_OK);
    CHECK(airssys_signals_wait_state_change(process, forever, &change, NULL) == AIRSSYS_OK);
    CHECK(change.has_value && change.value.kind == AIRSSYS_STATE_CHANGE_STOPPED && is_other(change.value.signal));
    CHECK(airssys_signals_wait_state_change(process, forever, &change, NULL) == AIRSSYS_OK);
    CHECK(change.has_value && change.value.kind == AIRSSYS_STATE_CHANGE_CONTINUED);
    CHECK(airssys_signals_wait_state_change(process, forever, &change, NULL) == AIRSSYS_OK);
    CHECK(change.value.kind == AIRSSYS_STATE_CHANGE_EXITED && is_code(change.value.status, INT32_MIN));
    CHECK(airssys_signals_wait_state_change(process, (airssys_optional_u32){true, 5}, &change, NULL) == AIRSSYS_OK);
    CHECK(!change.has_value);
    CHECK(airssys_signals_parse_signal(AIRSSYS_STRING("SIGX"), &signal, NULL) == AIRSSYS_OK && is_other(signal));
    airssys_signals_list_signals(&infos);
    CHECK(infos.len == 2 && infos.ptr[0].signal.kind == AIRSSYS_SIGNAL_TERMINATE && infos.ptr[0].number == 15);
    CHECK(IS(infos.ptr[0].name, "SIGTERM") && is_other(infos.ptr[1].signal) && infos.ptr[1].number == 255);
    airssys_signal_info_list_free(&infos);
    CHECK_TEXT(fake_host_calls(), "signals.send-signal 11 1\n"
                                  "signals.send-signal other 255 0\n"
                                  "signals.interrupt\n"
                                  "signals.terminate 4294967295\n"
                                  "signals.kill\n"
                                  "signals.kill-group\n"
                                  "signals.suspend\n"
                                  "signals.resume\n"
                                  "signals.wait-state-change none\n"
                                  "signals.wait-state-change none\n"
                                  "signals.wait-state-change none\n"
                                  "signals.wait-state-change 5\n"
                                  "signals.parse-signal SIGX\n"
                                  "signals.list-signals\n");
    airssys_process_drop(&process);
}

static void every_error_case_has_its_code(void) {
    static const struct {
        airssys_code code;
        const char *described;
    } CASES[] = {
        {AIRSSYS_PERMISSION_DENIED, FAKE_REFUSAL},
        {AIRSSYS_PROGRAM_NOT_FOUND, "program-not-found: " FAKE_TEXT},
        {AIRSSYS_NOT_EXECUTABLE, "not-executable: " FAKE_TEXT},
        {AIRSSYS_PROCESS_NOT_FOUND, "process-not-found: 4294967295"},
        {AIRSSYS_ALREADY_EXITED, "already-exited: with the code -2147483648"},
        {AIRSSYS_NOT_PIPED, "not-piped: stderr"},
        {AIRSSYS_STDIN_CLOSED, "stdin-closed"},
        {AIRSSYS_TIMEOUT, "timeout"},
        {AIRSSYS_TOO_MANY_PROCESSES, "too-many-processes"},
        {AIRSSYS_OUTPUT_TOO_LARGE, "output-too-large: the limit is 18446744073709551615 bytes"},
        {AIRSSYS_INVALID_ARGUMENT, "invalid-argument: " FAKE_TEXT},
        {AIRSSYS_UNSUPPORTED, "unsupported: " FAKE_TEXT},
        {AIRSSYS_IO, "io: " FAKE_TEXT},
    };
    for (uint8_t tag = 0; tag < sizeof CASES / sizeof *CASES; tag++) {
        fake_host_reset();
        fake_host_fail_process(tag);
        airssys_error error;
        airssys_process_output output;
        airssys_pipeline_output outputs;
        CHECK(airssys_processes_run(&COMMAND, CONTENT, &output, &error) == CASES[tag].code);
        CHECK(error.code == CASES[tag].code && output.stdout_.ptr == NULL);
        char buffer[256];
        airssys_string_builder text = airssys_string_builder_over(buffer, sizeof buffer - 1);
        airssys_error_describe(&error, &text);
        buffer[text.length] = '\0';
        CHECK_TEXT(buffer, CASES[tag].described);
        airssys_error_free(&error);
        /* Nobody asks for the details: they must not leak. */
        CHECK(airssys_processes_run_pipeline(&COMMAND, 1, CONTENT, &outputs, NULL) == CASES[tag].code);
        CHECK(outputs.statuses == NULL);
    }
    fake_host_reset();
}

/* The host would trap on such text. */
static void text_that_is_not_utf8_never_reaches_the_host(void) {
    fake_host_reset();
    static const airssys_string BAD = AIRSSYS_STRING_INIT("\xFF");
    static const airssys_key_value BAD_VALUE[] = {{AIRSSYS_STRING_INIT("A"), AIRSSYS_STRING_INIT("\xFF")}};
    airssys_command bad[7];
    for (size_t i = 0; i < 7; i++) {
        bad[i] = COMMAND;
    }
    bad[0].program = BAD;
    bad[1].arguments = (airssys_string_list){&BAD, 1};
    bad[2].environment.inherit = (airssys_string_list){&BAD, 1};
    bad[3].environment.set = BAD_VALUE;
    bad[4].working_directory.value = BAD;
    bad[5].stdio.stdin_.path = BAD;
    bad[6].stdio.stdout_.path = BAD;
    airssys_process process;
    airssys_signal signal;
    airssys_error error;
    for (size_t i = 0; i < 7; i++) {
        CHECK(airssys_processes_spawn(&bad[i], &process, &error) == AIRSSYS_INVALID_ARGUMENT);
        CHECK(error.text.len > 0 && process.handle == 0);
        airssys_error_free(&error);
    }
    airssys_pipeline_output outputs;
    const airssys_command commands[] = {COMMAND, bad[0]};
    CHECK(airssys_processes_run_pipeline(commands, 2, CONTENT, &outputs, NULL) == AIRSSYS_INVALID_ARGUMENT);
    CHECK(airssys_signals_parse_signal(BAD, &signal, NULL) == AIRSSYS_INVALID_ARGUMENT);
    CHECK_TEXT(fake_host_calls(), "");
}

int main(void) {
    commands_arrive_whole();
    processes_pass_everything_on();
    what_has_not_ended_has_no_status();
    streams_pass_everything_on();
    signals_pass_everything_on();
    every_error_case_has_its_code();
    text_that_is_not_utf8_never_reaches_the_host();
    return CHECK_RESULT;
}
