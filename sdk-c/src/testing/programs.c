/* Programs that the test writes: functions from arguments and input to output. */
#include <stdlib.h>
#include <string.h>

#include "../process_conversions.h"
#include "commands.h"
#include "permissions.h"

typedef struct fake_program {
    airssys_string name; /* kept */
    bool denied;
    airssys_fake_program_function *run; /* NULL if it was only denied */
    void *data;
} fake_program;

static fake_program *find_program(airssys_fake_host *host, airssys_string name) {
    for (size_t i = 0; i < host->programs.count; i++) {
        fake_program *program = host->programs.items[i];
        if (airssys_string_equals(program->name, name)) {
            return program;
        }
    }
    return NULL;
}

static fake_program *put_program(airssys_fake_host *host, const char *name) {
    fake_program *program = find_program(host, airssys_string_from_c(name));
    if (program == NULL) {
        program = airssys_fake_keep(host, sizeof *program);
        program->name = airssys_fake_keep_string(host, airssys_string_from_c(name));
        airssys_fake_list_add(&host->programs, program);
    }
    return program;
}

void airssys_fake_host_add_program(airssys_fake_host *host, const char *program, airssys_fake_program_function *run,
                                   void *data) {
    fake_program *added = put_program(host, program);
    added->run = run;
    added->data = data;
}

void airssys_fake_host_deny_program(airssys_fake_host *host, const char *program) {
    put_program(host, program)->denied = true;
}

/* Says whether a command can be run. */
static bool accept(airssys_fake_host *host, const char *operation, const airssys_ext_process_types_command_t *command,
                   fake_process_failure *failure) {
    if (!airssys_fake_check_command(command, failure)) {
        return false;
    }
    const fake_program *program = find_program(host, airssys_fake_see_string(command->program));
    const fake_access access = {
        .kind = FAKE_PROCESS, .action = "spawn", .subject = airssys_fake_see_string(command->program)};
    airssys_core_capabilities_permission_denial_t denial;
    if (!airssys_fake_decide(host, operation, &access, program != NULL && program->denied, &denial)) {
        failure->tag = AIRSSYS_EXT_PROCESS_TYPES_PROCESS_ERROR_PERMISSION_DENIED;
        failure->val.permission_denied = denial;
        return false;
    }
    if (program == NULL || program->run == NULL) {
        return airssys_fake_refuse_process(
            failure,
            "the testing kit has no processes, and airssys_fake_host_add_program was not told of this program");
    }
    return airssys_fake_check_variables(&command->environment, failure);
}

/* Runs a command that was accepted. The bytes of the output are kept by the fake. */
static airssys_process_output run(airssys_fake_host *host, const airssys_ext_process_types_command_t *command,
                                  airssys_bytes input) {
    const fake_program *program = find_program(host, airssys_fake_see_string(command->program));
    airssys_string *arguments = airssys_fake_keep(host, command->arguments.len * sizeof *arguments);
    for (size_t i = 0; i < command->arguments.len; i++) {
        arguments[i] = airssys_fake_see_string(command->arguments.ptr[i]);
    }
    airssys_process_output output =
        program->run(program->data, (airssys_string_list){arguments, command->arguments.len}, input);
    return (airssys_process_output){
        .status = output.status,
        .stdout_ = airssys_fake_keep_bytes(host, output.stdout_),
        .stderr_ = airssys_fake_keep_bytes(host, output.stderr_),
    };
}

static airssys_ext_process_types_exit_status_t give_status(airssys_exit_status status) {
    airssys_ext_process_types_exit_status_t given = {.tag = AIRSSYS_EXT_PROCESS_TYPES_EXIT_STATUS_CODE};
    if (status.kind == AIRSSYS_EXIT_CODE) {
        given.val.code = status.code;
    } else {
        given.tag = AIRSSYS_EXT_PROCESS_TYPES_EXIT_STATUS_SIGNALED;
        given.val.signaled = airssys_internal_give_signal(status.signal);
    }
    return given;
}

/* What a stream gives: nothing unless it is piped. */
static airssys_bytes piped(const airssys_ext_process_types_stdio_t *stdio, airssys_bytes written) {
    return stdio->tag == AIRSSYS_EXT_PROCESS_TYPES_STDIO_PIPED ? written : (airssys_bytes){NULL, 0};
}

bool airssys_ext_process_processes_run(airssys_ext_process_types_command_t *command, airssys_bindings_list_u8_t *input,
                                       airssys_ext_process_types_process_output_t *result,
                                       fake_process_failure *failure) {
    airssys_fake_host *host = airssys_fake_current("processes.run");
    /* Its own standard input is not used. */
    command->stdio.stdin_.tag = AIRSSYS_EXT_PROCESS_TYPES_STDIO_PIPED;
    if (!airssys_fake_check_input(input->len, failure) || !accept(host, "ext-process/processes.run", command, failure)) {
        return false;
    }
    airssys_process_output output = run(host, command, (airssys_bytes){input->ptr, input->len});
    *result = (airssys_ext_process_types_process_output_t){
        give_status(output.status),
        airssys_fake_give_bytes(piped(&command->stdio.stdout_, output.stdout_)),
        airssys_fake_give_bytes(piped(&command->stdio.stderr_, output.stderr_)),
    };
    return true;
}

bool airssys_ext_process_processes_run_pipeline(airssys_ext_process_processes_list_command_t *commands,
                                                airssys_bindings_list_u8_t *input,
                                                airssys_ext_process_types_pipeline_output_t *result,
                                                fake_process_failure *failure) {
    airssys_fake_host *host = airssys_fake_current("processes.run-pipeline");
    if (commands->len == 0) {
        return airssys_fake_refuse_argument(failure, "a pipeline of no commands");
    }
    if (!airssys_fake_check_input(input->len, failure)) {
        return false;
    }
    for (size_t i = 0; i < commands->len; i++) {
        commands->ptr[i].stdio.stdin_.tag = commands->ptr[i].stdio.stdout_.tag =
            AIRSSYS_EXT_PROCESS_TYPES_STDIO_PIPED;
        if (!accept(host, "ext-process/processes.run-pipeline", &commands->ptr[i], failure)) {
            return false;
        }
    }
    if (commands->len > FAKE_MAX_PROCESSES) {
        failure->tag = AIRSSYS_EXT_PROCESS_TYPES_PROCESS_ERROR_TOO_MANY_PROCESSES;
        return false;
    }
    airssys_ext_process_types_exit_status_t *statuses = airssys_internal_allocate(commands->len, sizeof *statuses);
    airssys_bytes passed = {input->ptr, input->len};
    airssys_bytes errors = {NULL, 0};
    for (size_t i = 0; i < commands->len; i++) {
        const airssys_ext_process_types_command_t *command = &commands->ptr[i];
        airssys_process_output output = run(host, command, passed);
        airssys_bytes written = piped(&command->stdio.stderr_, output.stderr_);
        statuses[i] = give_status(output.status);
        passed = output.stdout_;
        if (written.len > 0) {
            uint8_t *joined = airssys_fake_keep(host, errors.len + written.len);
            if (errors.len > 0) {
                memcpy(joined, errors.ptr, errors.len);
            }
            memcpy(joined + errors.len, written.ptr, written.len);
            errors = (airssys_bytes){joined, errors.len + written.len};
        }
    }
    *result = (airssys_ext_process_types_pipeline_output_t){
        {statuses, commands->len},
        airssys_fake_give_bytes(passed),
        airssys_fake_give_bytes(errors),
    };
    return true;
}
