#include <airssys/process_types.h>

#include <assert.h>
#include <stdlib.h>

#include "process_conversions.h"

bool airssys_exit_status_is_success(airssys_exit_status status) {
    return status.kind == AIRSSYS_EXIT_CODE && status.code == 0;
}

void airssys_process_output_free(airssys_process_output *output) {
    airssys_bytes_free(&output->stdout_);
    airssys_bytes_free(&output->stderr_);
    *output = (airssys_process_output){.status = {AIRSSYS_EXIT_CODE}};
}

#ifdef AIRSSYS_EXT_PROCESS_TYPES_PROCESS_ERROR_IO
static_assert((int)AIRSSYS_SIGNAL_HANGUP == AIRSSYS_EXT_PROCESS_TYPES_SIGNAL_HANGUP &&
                  (int)AIRSSYS_SIGNAL_INTERRUPT == AIRSSYS_EXT_PROCESS_TYPES_SIGNAL_INTERRUPT &&
                  (int)AIRSSYS_SIGNAL_QUIT == AIRSSYS_EXT_PROCESS_TYPES_SIGNAL_QUIT &&
                  (int)AIRSSYS_SIGNAL_ABORT == AIRSSYS_EXT_PROCESS_TYPES_SIGNAL_ABORT &&
                  (int)AIRSSYS_SIGNAL_KILL == AIRSSYS_EXT_PROCESS_TYPES_SIGNAL_KILL &&
                  (int)AIRSSYS_SIGNAL_USER1 == AIRSSYS_EXT_PROCESS_TYPES_SIGNAL_USER1 &&
                  (int)AIRSSYS_SIGNAL_USER2 == AIRSSYS_EXT_PROCESS_TYPES_SIGNAL_USER2 &&
                  (int)AIRSSYS_SIGNAL_PIPE == AIRSSYS_EXT_PROCESS_TYPES_SIGNAL_PIPE &&
                  (int)AIRSSYS_SIGNAL_ALARM == AIRSSYS_EXT_PROCESS_TYPES_SIGNAL_ALARM &&
                  (int)AIRSSYS_SIGNAL_TERMINATE == AIRSSYS_EXT_PROCESS_TYPES_SIGNAL_TERMINATE &&
                  (int)AIRSSYS_SIGNAL_STOP == AIRSSYS_EXT_PROCESS_TYPES_SIGNAL_STOP &&
                  (int)AIRSSYS_SIGNAL_CONTINUE == AIRSSYS_EXT_PROCESS_TYPES_SIGNAL_CONTINUE &&
                  (int)AIRSSYS_SIGNAL_OTHER == AIRSSYS_EXT_PROCESS_TYPES_SIGNAL_OTHER,
              "signals are in the contract's order");
static_assert((int)AIRSSYS_STDIO_NULL == AIRSSYS_EXT_PROCESS_TYPES_STDIO_NULL &&
                  (int)AIRSSYS_STDIO_PIPED == AIRSSYS_EXT_PROCESS_TYPES_STDIO_PIPED &&
                  (int)AIRSSYS_STDIO_INHERIT == AIRSSYS_EXT_PROCESS_TYPES_STDIO_INHERIT &&
                  (int)AIRSSYS_STDIO_READ_FILE == AIRSSYS_EXT_PROCESS_TYPES_STDIO_READ_FILE &&
                  (int)AIRSSYS_STDIO_WRITE_FILE == AIRSSYS_EXT_PROCESS_TYPES_STDIO_WRITE_FILE &&
                  (int)AIRSSYS_STDIO_APPEND_FILE == AIRSSYS_EXT_PROCESS_TYPES_STDIO_APPEND_FILE &&
                  (int)AIRSSYS_STDIO_TO_STDOUT == AIRSSYS_EXT_PROCESS_TYPES_STDIO_TO_STDOUT,
              "kinds of streams are in the contract's order");

airssys_signal airssys_internal_signal(airssys_ext_process_types_signal_t signal) {
    return (airssys_signal){(airssys_signal_kind)signal.tag,
                            signal.tag == AIRSSYS_EXT_PROCESS_TYPES_SIGNAL_OTHER ? signal.val.other : 0};
}

airssys_ext_process_types_signal_t airssys_internal_give_signal(airssys_signal signal) {
    airssys_ext_process_types_signal_t given = {.tag = (uint8_t)signal.kind};
    given.val.other = signal.number;
    return given;
}

airssys_exit_status airssys_internal_exit_status(const airssys_ext_process_types_exit_status_t *status) {
    if (status->tag == AIRSSYS_EXT_PROCESS_TYPES_EXIT_STATUS_SIGNALED) {
        return (airssys_exit_status){.kind = AIRSSYS_EXIT_SIGNALED,
                                     .signal = airssys_internal_signal(status->val.signaled)};
    }
    return (airssys_exit_status){.kind = AIRSSYS_EXIT_CODE, .code = status->val.code};
}

airssys_process_output airssys_internal_take_process_output(const airssys_ext_process_types_process_output_t *output) {
    return (airssys_process_output){
        .status = airssys_internal_exit_status(&output->status),
        .stdout_ = airssys_internal_take_bytes(output->stdout_),
        .stderr_ = airssys_internal_take_bytes(output->stderr_),
    };
}

static bool accept_stdio(const airssys_stdio *stdio, airssys_error *error) {
    bool has_path = stdio->kind == AIRSSYS_STDIO_READ_FILE || stdio->kind == AIRSSYS_STDIO_WRITE_FILE ||
                    stdio->kind == AIRSSYS_STDIO_APPEND_FILE;
    return !has_path || airssys_internal_accept_text(stdio->path, "the path of a standard stream", error);
}

static bool accept_command(const airssys_command *command, airssys_error *error) {
    const airssys_environment *environment = &command->environment;
    for (size_t i = 0; i < environment->set_count; i++) {
        if (!airssys_internal_accept_text(environment->set[i].key, "the name of a variable", error) ||
            !airssys_internal_accept_text(environment->set[i].value, "the value of a variable", error)) {
            return false;
        }
    }
    return airssys_internal_accept_text(command->program, "the program", error) &&
           airssys_internal_accept_texts(command->arguments, "an argument", error) &&
           airssys_internal_accept_texts(environment->inherit, "the name of a variable", error) &&
           (!command->working_directory.has_value ||
            airssys_internal_accept_text(command->working_directory.value, "the working directory", error)) &&
           accept_stdio(&command->stdio.stdin_, error) && accept_stdio(&command->stdio.stdout_, error) &&
           accept_stdio(&command->stdio.stderr_, error);
}

static airssys_ext_process_types_stdio_t lend_stdio(const airssys_stdio *stdio) {
    /* The kinds with a path keep it at the same place. */
    airssys_ext_process_types_stdio_t lent = {.tag = (uint8_t)stdio->kind};
    lent.val.read_file = airssys_internal_lend_string(stdio->path);
    return lent;
}

bool airssys_internal_lend_command(const airssys_command *command, airssys_ext_process_types_command_t *lent,
                                   airssys_error *error) {
    if (!accept_command(command, error)) {
        return false;
    }
    const airssys_environment *environment = &command->environment;
    airssys_bindings_tuple2_string_string_t *set = airssys_internal_allocate(environment->set_count, sizeof *set);
    for (size_t i = 0; i < environment->set_count; i++) {
        set[i].f0 = airssys_internal_lend_string(environment->set[i].key);
        set[i].f1 = airssys_internal_lend_string(environment->set[i].value);
    }
    *lent = (airssys_ext_process_types_command_t){
        .program = airssys_internal_lend_string(command->program),
        .arguments = airssys_internal_lend_string_list(command->arguments),
        .environment =
            {
                .inherit = airssys_internal_lend_string_list(environment->inherit),
                .set = {set, environment->set_count},
            },
        .working_directory = {command->working_directory.has_value,
                              airssys_internal_lend_string(command->working_directory.value)},
        .stdio =
            {
                lend_stdio(&command->stdio.stdin_),
                lend_stdio(&command->stdio.stdout_),
                lend_stdio(&command->stdio.stderr_),
            },
        .limits = airssys_internal_give_process_limits(&command->limits),
    };
    return true;
}

void airssys_internal_return_command(airssys_ext_process_types_command_t *lent) {
    free(lent->arguments.ptr);
    free(lent->environment.inherit.ptr);
    free(lent->environment.set.ptr);
}

airssys_ext_process_types_process_limits_t airssys_internal_give_process_limits(const airssys_process_limits *limits) {
    return (airssys_ext_process_types_process_limits_t){
        .max_memory_bytes = airssys_internal_give_optional_u64(limits->max_memory_bytes),
        .max_cpu_time_ms = airssys_internal_give_optional_u64(limits->max_cpu_time_ms),
        .max_wall_time_ms = airssys_internal_give_optional_u64(limits->max_wall_time_ms),
        .max_open_files = airssys_internal_give_optional_u32(limits->max_open_files),
        .max_output_bytes = airssys_internal_give_optional_u64(limits->max_output_bytes),
    };
}

airssys_process_limits airssys_internal_take_process_limits(const airssys_ext_process_types_process_limits_t *limits) {
    return (airssys_process_limits){
        .max_memory_bytes = airssys_internal_take_optional_u64(limits->max_memory_bytes),
        .max_cpu_time_ms = airssys_internal_take_optional_u64(limits->max_cpu_time_ms),
        .max_wall_time_ms = airssys_internal_take_optional_u64(limits->max_wall_time_ms),
        .max_open_files = airssys_internal_take_optional_u32(limits->max_open_files),
        .max_output_bytes = airssys_internal_take_optional_u64(limits->max_output_bytes),
    };
}
#endif
