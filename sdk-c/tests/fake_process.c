/* The part of the fake host that is processes, their streams and signals. */
#include <stdio.h>
#include <stdlib.h>

#include "fake_host.h"

typedef airssys_ext_process_types_process_error_t failure_t;
typedef airssys_ext_process_types_exit_status_t status_t;
typedef airssys_ext_process_processes_borrow_process_t process_handle;

static const char *option_text(bool is_some, uint64_t value, char *text) {
    snprintf(text, 24, is_some ? "%llu" : "none", (unsigned long long)value);
    return text;
}

static status_t exit_code(int32_t code) {
    status_t status = {.tag = AIRSSYS_EXT_PROCESS_TYPES_EXIT_STATUS_CODE};
    status.val.code = code;
    return status;
}

static airssys_ext_process_types_signal_t other_signal(void) {
    airssys_ext_process_types_signal_t signal = {.tag = AIRSSYS_EXT_PROCESS_TYPES_SIGNAL_OTHER};
    signal.val.other = UINT8_MAX;
    return signal;
}

static status_t signaled(void) {
    status_t status = {.tag = AIRSSYS_EXT_PROCESS_TYPES_EXIT_STATUS_SIGNALED};
    status.val.signaled = other_signal();
    return status;
}

static airssys_ext_process_types_process_info_t fake_info(void) {
    return (airssys_ext_process_types_process_info_t){
        .id = UINT32_MAX,
        .program = fake_string(FAKE_PATH, fake_host_answers_empty() ? 0 : sizeof FAKE_PATH - 1),
        .arguments = fake_strings(),
        .started = {UINT64_MAX, 999999999},
        .state = AIRSSYS_EXT_PROCESS_TYPES_PROCESS_STATE_EXITED,
        .exit = {true, signaled()},
    };
}

static void note_stdio(const char *name, const airssys_ext_process_types_stdio_t *stdio) {
    if (stdio->tag >= AIRSSYS_EXT_PROCESS_TYPES_STDIO_READ_FILE &&
        stdio->tag <= AIRSSYS_EXT_PROCESS_TYPES_STDIO_APPEND_FILE) {
        fake_note("  %s %u %S", name, FAKE_NUMBER(stdio->tag), &stdio->val.read_file);
    } else {
        fake_note("  %s %u", name, FAKE_NUMBER(stdio->tag));
    }
}

static void note_limits(const airssys_ext_process_types_process_limits_t *limits) {
    char texts[5][24];
    fake_note("  limits %s %s %s %s %s",
              option_text(limits->max_memory_bytes.is_some, limits->max_memory_bytes.val, texts[0]),
              option_text(limits->max_cpu_time_ms.is_some, limits->max_cpu_time_ms.val, texts[1]),
              option_text(limits->max_wall_time_ms.is_some, limits->max_wall_time_ms.val, texts[2]),
              option_text(limits->max_open_files.is_some, limits->max_open_files.val, texts[3]),
              option_text(limits->max_output_bytes.is_some, limits->max_output_bytes.val, texts[4]));
}

static void note_command(const airssys_ext_process_types_command_t *command) {
    fake_note("  program %S", &command->program);
    for (size_t i = 0; i < command->arguments.len; i++) {
        fake_note("  argument %S", &command->arguments.ptr[i]);
    }
    for (size_t i = 0; i < command->environment.inherit.len; i++) {
        fake_note("  inherit %S", &command->environment.inherit.ptr[i]);
    }
    for (size_t i = 0; i < command->environment.set.len; i++) {
        fake_note("  set %S=%S", &command->environment.set.ptr[i].f0, &command->environment.set.ptr[i].f1);
    }
    if (command->working_directory.is_some) {
        fake_note("  in %S", &command->working_directory.val);
    }
    note_stdio("stdin", &command->stdio.stdin_);
    note_stdio("stdout", &command->stdio.stdout_);
    note_stdio("stderr", &command->stdio.stderr_);
    note_limits(&command->limits);
}

/* processes */

bool airssys_ext_process_processes_spawn(airssys_ext_process_types_command_t *command,
                                         airssys_ext_process_processes_own_process_t *result, failure_t *failure) {
    fake_note("processes.spawn");
    note_command(command);
    if (!fake_process_succeeds(failure)) {
        return false;
    }
    result->__handle = fake_open_handle();
    return true;
}

void airssys_ext_process_processes_process_drop_own(airssys_ext_process_processes_own_process_t handle) {
    (void)handle;
    fake_note("processes.process drop");
    fake_close_handle();
}

static bool answer_output(airssys_ext_process_types_process_output_t *result, failure_t *failure) {
    if (!fake_process_succeeds(failure)) {
        return false;
    }
    *result = (airssys_ext_process_types_process_output_t){exit_code(INT32_MIN), fake_bytes(), fake_bytes()};
    return true;
}

bool airssys_ext_process_processes_run(airssys_ext_process_types_command_t *command, airssys_bindings_list_u8_t *input,
                                       airssys_ext_process_types_process_output_t *result, failure_t *failure) {
    fake_note("processes.run %B", input);
    note_command(command);
    return answer_output(result, failure);
}

bool airssys_ext_process_processes_run_pipeline(airssys_ext_process_processes_list_command_t *commands,
                                                airssys_bindings_list_u8_t *input,
                                                airssys_ext_process_types_pipeline_output_t *result,
                                                failure_t *failure) {
    fake_note("processes.run-pipeline %B", input);
    for (size_t i = 0; i < commands->len; i++) {
        note_command(&commands->ptr[i]);
    }
    if (!fake_process_succeeds(failure)) {
        return false;
    }
    status_t *statuses = calloc(2, sizeof *statuses);
    statuses[0] = signaled();
    statuses[1] = exit_code(INT32_MAX);
    *result = (airssys_ext_process_types_pipeline_output_t){{statuses, 2}, fake_bytes(), fake_bytes()};
    return true;
}

bool airssys_ext_process_processes_wait_any(airssys_ext_process_processes_list_process_id_t *ids, uint32_t *timeout_ms,
                                            airssys_ext_process_processes_option_finished_t *result,
                                            failure_t *failure) {
    char timeout[24];
    fake_note("processes.wait-any %s", option_text(timeout_ms != NULL, timeout_ms != NULL ? *timeout_ms : 0, timeout));
    for (size_t i = 0; i < ids->len; i++) {
        fake_note("  %u", FAKE_NUMBER(ids->ptr[i]));
    }
    *result = (airssys_ext_process_processes_option_finished_t){!fake_host_answers_empty(), {1, exit_code(3)}};
    return fake_process_succeeds(failure);
}

void airssys_ext_process_processes_list_processes(airssys_ext_process_processes_list_process_info_t *result) {
    fake_note("processes.list-processes");
    if (fake_host_answers_empty()) {
        *result = (airssys_ext_process_processes_list_process_info_t){FAKE_NOWHERE, 0};
        return;
    }
    airssys_ext_process_types_process_info_t *infos = calloc(2, sizeof *infos);
    infos[0] = fake_info();
    infos[1] = fake_info();
    infos[1].exit.is_some = false;
    *result = (airssys_ext_process_processes_list_process_info_t){infos, 2};
}

static bool answer_info(airssys_ext_process_types_process_info_t *result, failure_t *failure) {
    if (!fake_process_succeeds(failure)) {
        return false;
    }
    *result = fake_info();
    return true;
}

bool airssys_ext_process_processes_get_process_info(uint32_t id, airssys_ext_process_types_process_info_t *result,
                                                    failure_t *failure) {
    fake_note("processes.get-process-info %u", FAKE_NUMBER(id));
    return answer_info(result, failure);
}

uint32_t airssys_ext_process_processes_method_process_id(process_handle self) {
    (void)self;
    fake_note("processes.process.id");
    return UINT32_MAX;
}

bool airssys_ext_process_processes_method_process_info(process_handle self,
                                                       airssys_ext_process_types_process_info_t *result,
                                                       failure_t *failure) {
    (void)self;
    fake_note("processes.process.info");
    return answer_info(result, failure);
}

bool airssys_ext_process_processes_method_process_wait(process_handle self, status_t *result, failure_t *failure) {
    (void)self;
    fake_note("processes.process.wait");
    *result = signaled();
    return fake_process_succeeds(failure);
}

static bool answer_optional_status(airssys_ext_process_processes_option_exit_status_t *result, failure_t *failure) {
    result->is_some = !fake_host_answers_empty();
    result->val = exit_code(-1);
    return fake_process_succeeds(failure);
}

bool airssys_ext_process_processes_method_process_wait_timeout(
    process_handle self, uint32_t timeout_ms, airssys_ext_process_processes_option_exit_status_t *result,
    failure_t *failure) {
    (void)self;
    fake_note("processes.process.wait-timeout %u", FAKE_NUMBER(timeout_ms));
    return answer_optional_status(result, failure);
}

bool airssys_ext_process_processes_method_process_try_wait(process_handle self,
                                                           airssys_ext_process_processes_option_exit_status_t *result,
                                                           failure_t *failure) {
    (void)self;
    fake_note("processes.process.try-wait");
    return answer_optional_status(result, failure);
}

bool airssys_ext_process_processes_method_process_is_running(process_handle self) {
    (void)self;
    fake_note("processes.process.is-running");
    return true;
}

bool airssys_ext_process_processes_method_process_usage(process_handle self,
                                                        airssys_ext_process_types_process_usage_t *result,
                                                        failure_t *failure) {
    (void)self;
    fake_note("processes.process.usage");
    *result = (airssys_ext_process_types_process_usage_t){1, 2, UINT64_MAX};
    return fake_process_succeeds(failure);
}

bool airssys_ext_process_processes_method_process_limits(process_handle self,
                                                         airssys_ext_process_types_process_limits_t *result,
                                                         failure_t *failure) {
    (void)self;
    fake_note("processes.process.limits");
    *result = (airssys_ext_process_types_process_limits_t){
        {true, UINT64_MAX}, {false, 0}, {true, 0}, {true, UINT32_MAX}, {true, 5}};
    return fake_process_succeeds(failure);
}

bool airssys_ext_process_processes_method_process_set_limits(process_handle self,
                                                             airssys_ext_process_types_process_limits_t *limits,
                                                             failure_t *failure) {
    (void)self;
    fake_note("processes.process.set-limits");
    note_limits(limits);
    return fake_process_succeeds(failure);
}

/* stdio */

bool airssys_ext_process_stdio_write_stdin(process_handle process, airssys_bindings_list_u8_t *data, uint32_t *result,
                                           failure_t *failure) {
    (void)process;
    fake_note("stdio.write-stdin %B", data);
    *result = UINT32_MAX;
    return fake_process_succeeds(failure);
}

bool airssys_ext_process_stdio_close_stdin(process_handle process, failure_t *failure) {
    (void)process;
    fake_note("stdio.close-stdin");
    return fake_process_succeeds(failure);
}

static bool answer_bytes(airssys_bindings_list_u8_t *result, failure_t *failure) {
    if (!fake_process_succeeds(failure)) {
        return false;
    }
    *result = fake_bytes();
    return true;
}

bool airssys_ext_process_stdio_read_stdout(process_handle process, uint32_t max_bytes,
                                           airssys_bindings_list_u8_t *result, failure_t *failure) {
    (void)process;
    fake_note("stdio.read-stdout %u", FAKE_NUMBER(max_bytes));
    return answer_bytes(result, failure);
}

bool airssys_ext_process_stdio_read_stderr(process_handle process, uint32_t max_bytes,
                                           airssys_bindings_list_u8_t *result, failure_t *failure) {
    (void)process;
    fake_note("stdio.read-stderr %u", FAKE_NUMBER(max_bytes));
    return answer_bytes(result, failure);
}

bool airssys_ext_process_stdio_read_stdout_to_end(process_handle process, airssys_bindings_list_u8_t *result,
                                                  failure_t *failure) {
    (void)process;
    fake_note("stdio.read-stdout-to-end");
    return answer_bytes(result, failure);
}

bool airssys_ext_process_stdio_read_stderr_to_end(process_handle process, airssys_bindings_list_u8_t *result,
                                                  failure_t *failure) {
    (void)process;
    fake_note("stdio.read-stderr-to-end");
    return answer_bytes(result, failure);
}

bool airssys_ext_process_stdio_communicate(process_handle process, airssys_bindings_list_u8_t *input,
                                           airssys_ext_process_types_process_output_t *result, failure_t *failure) {
    (void)process;
    fake_note("stdio.communicate %B", input);
    return answer_output(result, failure);
}

/* signals */

bool airssys_ext_process_signals_send_signal(process_handle process, airssys_ext_process_types_signal_t *signal,
                                             airssys_ext_process_types_signal_target_t target, failure_t *failure) {
    (void)process;
    if (signal->tag == AIRSSYS_EXT_PROCESS_TYPES_SIGNAL_OTHER) {
        fake_note("signals.send-signal other %u %u", FAKE_NUMBER(signal->val.other), FAKE_NUMBER(target));
    } else {
        fake_note("signals.send-signal %u %u", FAKE_NUMBER(signal->tag), FAKE_NUMBER(target));
    }
    return fake_process_succeeds(failure);
}

bool airssys_ext_process_signals_interrupt(process_handle process, failure_t *failure) {
    (void)process;
    fake_note("signals.interrupt");
    return fake_process_succeeds(failure);
}

bool airssys_ext_process_signals_terminate(process_handle process, uint32_t grace_ms, status_t *result,
                                           failure_t *failure) {
    (void)process;
    fake_note("signals.terminate %u", FAKE_NUMBER(grace_ms));
    *result = signaled();
    return fake_process_succeeds(failure);
}

bool airssys_ext_process_signals_kill(process_handle process, failure_t *failure) {
    (void)process;
    fake_note("signals.kill");
    return fake_process_succeeds(failure);
}

bool airssys_ext_process_signals_kill_group(process_handle process, failure_t *failure) {
    (void)process;
    fake_note("signals.kill-group");
    return fake_process_succeeds(failure);
}

bool airssys_ext_process_signals_suspend(process_handle process, failure_t *failure) {
    (void)process;
    fake_note("signals.suspend");
    return fake_process_succeeds(failure);
}

bool airssys_ext_process_signals_resume(process_handle process, failure_t *failure) {
    (void)process;
    fake_note("signals.resume");
    return fake_process_succeeds(failure);
}

/* Each time the next of the kinds of change, and then none. */
bool airssys_ext_process_signals_wait_state_change(process_handle process, uint32_t *timeout_ms,
                                                   airssys_ext_process_signals_option_state_change_t *result,
                                                   failure_t *failure) {
    static unsigned next;
    char timeout[24];
    (void)process;
    fake_note("signals.wait-state-change %s",
              option_text(timeout_ms != NULL, timeout_ms != NULL ? *timeout_ms : 0, timeout));
    unsigned kind = next++ % 4;
    result->is_some = kind != 3;
    result->val.tag = (uint8_t)kind;
    if (kind == AIRSSYS_EXT_PROCESS_TYPES_STATE_CHANGE_STOPPED) {
        result->val.val.stopped = other_signal();
    } else if (kind == AIRSSYS_EXT_PROCESS_TYPES_STATE_CHANGE_EXITED) {
        result->val.val.exited = exit_code(INT32_MIN);
    }
    return fake_process_succeeds(failure);
}

bool airssys_ext_process_signals_parse_signal(airssys_bindings_string_t *name_or_number,
                                              airssys_ext_process_types_signal_t *result, failure_t *failure) {
    fake_note("signals.parse-signal %S", name_or_number);
    *result = other_signal();
    return fake_process_succeeds(failure);
}

void airssys_ext_process_signals_list_signals(airssys_ext_process_signals_list_signal_info_t *result) {
    fake_note("signals.list-signals");
    if (fake_host_answers_empty()) {
        *result = (airssys_ext_process_signals_list_signal_info_t){FAKE_NOWHERE, 0};
        return;
    }
    airssys_ext_process_types_signal_info_t *infos = calloc(2, sizeof *infos);
    infos[0] = (airssys_ext_process_types_signal_info_t){
        {.tag = AIRSSYS_EXT_PROCESS_TYPES_SIGNAL_TERMINATE}, 15, fake_string("SIGTERM", 7)};
    infos[1] = (airssys_ext_process_types_signal_info_t){other_signal(), UINT8_MAX, fake_string("SIGX", 4)};
    *result = (airssys_ext_process_signals_list_signal_info_t){infos, 2};
}
