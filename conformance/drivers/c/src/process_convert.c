#include "process_convert.h"

#include <stdlib.h>

static const airssys_signal_kind SIGNALS[] = {
    [AIRSSYS_EXT_PROCESS_TYPES_SIGNAL_HANGUP] = AIRSSYS_SIGNAL_HANGUP,
    [AIRSSYS_EXT_PROCESS_TYPES_SIGNAL_INTERRUPT] = AIRSSYS_SIGNAL_INTERRUPT,
    [AIRSSYS_EXT_PROCESS_TYPES_SIGNAL_QUIT] = AIRSSYS_SIGNAL_QUIT,
    [AIRSSYS_EXT_PROCESS_TYPES_SIGNAL_ABORT] = AIRSSYS_SIGNAL_ABORT,
    [AIRSSYS_EXT_PROCESS_TYPES_SIGNAL_KILL] = AIRSSYS_SIGNAL_KILL,
    [AIRSSYS_EXT_PROCESS_TYPES_SIGNAL_USER1] = AIRSSYS_SIGNAL_USER1,
    [AIRSSYS_EXT_PROCESS_TYPES_SIGNAL_USER2] = AIRSSYS_SIGNAL_USER2,
    [AIRSSYS_EXT_PROCESS_TYPES_SIGNAL_PIPE] = AIRSSYS_SIGNAL_PIPE,
    [AIRSSYS_EXT_PROCESS_TYPES_SIGNAL_ALARM] = AIRSSYS_SIGNAL_ALARM,
    [AIRSSYS_EXT_PROCESS_TYPES_SIGNAL_TERMINATE] = AIRSSYS_SIGNAL_TERMINATE,
    [AIRSSYS_EXT_PROCESS_TYPES_SIGNAL_STOP] = AIRSSYS_SIGNAL_STOP,
    [AIRSSYS_EXT_PROCESS_TYPES_SIGNAL_CONTINUE] = AIRSSYS_SIGNAL_CONTINUE,
    [AIRSSYS_EXT_PROCESS_TYPES_SIGNAL_OTHER] = AIRSSYS_SIGNAL_OTHER,
};

static const airssys_stdio_kind STDIO[] = {
    [AIRSSYS_EXT_PROCESS_TYPES_STDIO_NULL] = AIRSSYS_STDIO_NULL,
    [AIRSSYS_EXT_PROCESS_TYPES_STDIO_PIPED] = AIRSSYS_STDIO_PIPED,
    [AIRSSYS_EXT_PROCESS_TYPES_STDIO_INHERIT] = AIRSSYS_STDIO_INHERIT,
    [AIRSSYS_EXT_PROCESS_TYPES_STDIO_READ_FILE] = AIRSSYS_STDIO_READ_FILE,
    [AIRSSYS_EXT_PROCESS_TYPES_STDIO_WRITE_FILE] = AIRSSYS_STDIO_WRITE_FILE,
    [AIRSSYS_EXT_PROCESS_TYPES_STDIO_APPEND_FILE] = AIRSSYS_STDIO_APPEND_FILE,
    [AIRSSYS_EXT_PROCESS_TYPES_STDIO_TO_STDOUT] = AIRSSYS_STDIO_TO_STDOUT,
};

static const airssys_ext_process_types_stdio_stream_t STREAMS[] = {
    [AIRSSYS_STDIO_STREAM_STDIN] = AIRSSYS_EXT_PROCESS_TYPES_STDIO_STREAM_STDIN,
    [AIRSSYS_STDIO_STREAM_STDOUT] = AIRSSYS_EXT_PROCESS_TYPES_STDIO_STREAM_STDOUT,
    [AIRSSYS_STDIO_STREAM_STDERR] = AIRSSYS_EXT_PROCESS_TYPES_STDIO_STREAM_STDERR,
};

airssys_signal view_signal(const airssys_ext_process_types_signal_t *signal) {
    bool is_other = signal->tag == AIRSSYS_EXT_PROCESS_TYPES_SIGNAL_OTHER;
    return (airssys_signal){SIGNALS[signal->tag], is_other ? signal->val.other : 0};
}

airssys_ext_process_types_signal_t give_signal(airssys_signal signal) {
    airssys_ext_process_types_signal_t given = {.tag = AIRSSYS_EXT_PROCESS_TYPES_SIGNAL_OTHER};
    given.val.other = signal.number;
    for (uint8_t tag = 0; tag < sizeof SIGNALS / sizeof *SIGNALS; tag++) {
        if (SIGNALS[tag] == signal.kind) {
            given.tag = tag;
        }
    }
    return given;
}

airssys_ext_process_types_exit_status_t give_exit_status(airssys_exit_status status) {
    airssys_ext_process_types_exit_status_t given;
    if (status.kind == AIRSSYS_EXIT_SIGNALED) {
        given.tag = AIRSSYS_EXT_PROCESS_TYPES_EXIT_STATUS_SIGNALED;
        given.val.signaled = give_signal(status.signal);
    } else {
        given.tag = AIRSSYS_EXT_PROCESS_TYPES_EXIT_STATUS_CODE;
        given.val.code = status.code;
    }
    return given;
}

airssys_ext_process_types_process_output_t give_process_output(const airssys_process_output *output) {
    return (airssys_ext_process_types_process_output_t){
        give_exit_status(output->status),
        give_bytes(output->stdout_),
        give_bytes(output->stderr_),
    };
}

static airssys_optional_u64 view_optional_u64(airssys_bindings_option_u64_t number) {
    return (airssys_optional_u64){number.is_some, number.is_some ? number.val : 0};
}

static airssys_bindings_option_u64_t give_optional_u64(airssys_optional_u64 number) {
    return (airssys_bindings_option_u64_t){number.has_value, number.value};
}

airssys_process_limits view_process_limits(const airssys_ext_process_types_process_limits_t *limits) {
    return (airssys_process_limits){
        .max_memory_bytes = view_optional_u64(limits->max_memory_bytes),
        .max_cpu_time_ms = view_optional_u64(limits->max_cpu_time_ms),
        .max_wall_time_ms = view_optional_u64(limits->max_wall_time_ms),
        .max_open_files = view_optional_u32(limits->max_open_files),
        .max_output_bytes = view_optional_u64(limits->max_output_bytes),
    };
}

airssys_ext_process_types_process_limits_t give_process_limits(const airssys_process_limits *limits) {
    return (airssys_ext_process_types_process_limits_t){
        .max_memory_bytes = give_optional_u64(limits->max_memory_bytes),
        .max_cpu_time_ms = give_optional_u64(limits->max_cpu_time_ms),
        .max_wall_time_ms = give_optional_u64(limits->max_wall_time_ms),
        .max_open_files = give_optional_u32(limits->max_open_files),
        .max_output_bytes = give_optional_u64(limits->max_output_bytes),
    };
}

static airssys_stdio view_stdio(const airssys_ext_process_types_stdio_t *stdio) {
    airssys_stdio viewed = {.kind = STDIO[stdio->tag]};
    switch (stdio->tag) {
    case AIRSSYS_EXT_PROCESS_TYPES_STDIO_READ_FILE:
        viewed.path = view_string(&stdio->val.read_file);
        break;
    case AIRSSYS_EXT_PROCESS_TYPES_STDIO_WRITE_FILE:
        viewed.path = view_string(&stdio->val.write_file);
        break;
    case AIRSSYS_EXT_PROCESS_TYPES_STDIO_APPEND_FILE:
        viewed.path = view_string(&stdio->val.append_file);
        break;
    default:
        break;
    }
    return viewed;
}

airssys_command view_command(const airssys_ext_process_types_command_t *command) {
    size_t set_count = command->environment.set.len;
    airssys_key_value *set = allocate(set_count, sizeof *set);
    for (size_t i = 0; i < set_count; i++) {
        set[i].key = view_string(&command->environment.set.ptr[i].f0);
        set[i].value = view_string(&command->environment.set.ptr[i].f1);
    }
    airssys_command viewed = {
        .program = view_string(&command->program),
        .arguments = view_string_list(&command->arguments),
        .environment = {view_string_list(&command->environment.inherit), set, set_count},
        .working_directory = {.has_value = command->working_directory.is_some},
        .stdio =
            {
                view_stdio(&command->stdio.stdin_),
                view_stdio(&command->stdio.stdout_),
                view_stdio(&command->stdio.stderr_),
            },
        .limits = view_process_limits(&command->limits),
    };
    if (viewed.working_directory.has_value) {
        viewed.working_directory.value = view_string(&command->working_directory.val);
    }
    return viewed;
}

void free_viewed_command(airssys_command *command) {
    free((void *)command->arguments.ptr);
    free((void *)command->environment.inherit.ptr);
    free((void *)command->environment.set);
}

bool finish_process(airssys_code code, airssys_error *error, process_failure *to) {
    switch (code) {
    case AIRSSYS_OK:
        return true;
    case AIRSSYS_PERMISSION_DENIED:
        to->tag = AIRSSYS_EXT_PROCESS_TYPES_PROCESS_ERROR_PERMISSION_DENIED;
        to->val.permission_denied = give_denial(&error->denial);
        break;
    case AIRSSYS_PROGRAM_NOT_FOUND:
        to->tag = AIRSSYS_EXT_PROCESS_TYPES_PROCESS_ERROR_PROGRAM_NOT_FOUND;
        to->val.program_not_found = give_text(error);
        break;
    case AIRSSYS_NOT_EXECUTABLE:
        to->tag = AIRSSYS_EXT_PROCESS_TYPES_PROCESS_ERROR_NOT_EXECUTABLE;
        to->val.not_executable = give_text(error);
        break;
    case AIRSSYS_PROCESS_NOT_FOUND:
        to->tag = AIRSSYS_EXT_PROCESS_TYPES_PROCESS_ERROR_PROCESS_NOT_FOUND;
        to->val.process_not_found = error->process_id;
        break;
    case AIRSSYS_ALREADY_EXITED:
        to->tag = AIRSSYS_EXT_PROCESS_TYPES_PROCESS_ERROR_ALREADY_EXITED;
        to->val.already_exited = give_exit_status(error->exit_status);
        break;
    case AIRSSYS_NOT_PIPED:
        to->tag = AIRSSYS_EXT_PROCESS_TYPES_PROCESS_ERROR_NOT_PIPED;
        to->val.not_piped = STREAMS[error->stream];
        break;
    case AIRSSYS_STDIN_CLOSED:
        to->tag = AIRSSYS_EXT_PROCESS_TYPES_PROCESS_ERROR_STDIN_CLOSED;
        break;
    case AIRSSYS_TIMEOUT:
        to->tag = AIRSSYS_EXT_PROCESS_TYPES_PROCESS_ERROR_TIMEOUT;
        break;
    case AIRSSYS_TOO_MANY_PROCESSES:
        to->tag = AIRSSYS_EXT_PROCESS_TYPES_PROCESS_ERROR_TOO_MANY_PROCESSES;
        break;
    case AIRSSYS_OUTPUT_TOO_LARGE:
        to->tag = AIRSSYS_EXT_PROCESS_TYPES_PROCESS_ERROR_OUTPUT_TOO_LARGE;
        to->val.output_too_large = error->limit;
        break;
    case AIRSSYS_INVALID_ARGUMENT:
        to->tag = AIRSSYS_EXT_PROCESS_TYPES_PROCESS_ERROR_INVALID_ARGUMENT;
        to->val.invalid_argument = give_text(error);
        break;
    case AIRSSYS_UNSUPPORTED:
        to->tag = AIRSSYS_EXT_PROCESS_TYPES_PROCESS_ERROR_UNSUPPORTED;
        to->val.unsupported = give_text(error);
        break;
    case AIRSSYS_IO:
        to->tag = AIRSSYS_EXT_PROCESS_TYPES_PROCESS_ERROR_IO;
        to->val.io = give_text(error);
        break;
    default:
        airssys_panic(AIRSSYS_STRING("the SDK gave a code that is not a process error"));
    }
    airssys_error_free(error);
    return false;
}
