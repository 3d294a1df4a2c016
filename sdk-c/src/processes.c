#include <airssys/processes.h>

#include <assert.h>
#include <stdlib.h>

#include "process_conversions.h"

#ifdef AIRSSYS_EXT_PROCESS_TYPES_PROCESS_ERROR_IO
static_assert((int)AIRSSYS_PROCESS_RUNNING == AIRSSYS_EXT_PROCESS_TYPES_PROCESS_STATE_RUNNING &&
                  (int)AIRSSYS_PROCESS_STOPPED == AIRSSYS_EXT_PROCESS_TYPES_PROCESS_STATE_STOPPED &&
                  (int)AIRSSYS_PROCESS_EXITED == AIRSSYS_EXT_PROCESS_TYPES_PROCESS_STATE_EXITED,
              "states are in the contract's order");

#define borrow airssys_internal_borrow_process

airssys_code airssys_processes_spawn(const airssys_command *command, airssys_process *process, airssys_error *error) {
    *process = (airssys_process){0};
    airssys_ext_process_types_command_t lent;
    if (!airssys_internal_lend_command(command, &lent, error)) {
        return AIRSSYS_INVALID_ARGUMENT;
    }
    airssys_ext_process_processes_own_process_t spawned;
    process_failure failure;
    bool succeeded = airssys_ext_process_processes_spawn(&lent, &spawned, &failure);
    airssys_internal_return_command(&lent);
    if (succeeded) {
        process->handle = spawned.__handle;
    }
    return airssys_internal_finish_process(succeeded, &failure, error);
}

airssys_code airssys_processes_run(const airssys_command *command, airssys_bytes input, airssys_process_output *output,
                                   airssys_error *error) {
    *output = (airssys_process_output){.status = {AIRSSYS_EXIT_CODE}};
    airssys_ext_process_types_command_t lent;
    if (!airssys_internal_lend_command(command, &lent, error)) {
        return AIRSSYS_INVALID_ARGUMENT;
    }
    airssys_bindings_list_u8_t lent_input = airssys_internal_lend_bytes(input);
    airssys_ext_process_types_process_output_t found;
    process_failure failure;
    bool succeeded = airssys_ext_process_processes_run(&lent, &lent_input, &found, &failure);
    airssys_internal_return_command(&lent);
    if (succeeded) {
        *output = airssys_internal_take_process_output(&found);
    }
    return airssys_internal_finish_process(succeeded, &failure, error);
}

void airssys_pipeline_output_free(airssys_pipeline_output *output) {
    free((void *)output->statuses);
    airssys_bytes_free(&output->stdout_);
    airssys_bytes_free(&output->stderr_);
    *output = (airssys_pipeline_output){.statuses = NULL};
}

static airssys_pipeline_output take_pipeline_output(const airssys_ext_process_types_pipeline_output_t *output) {
    airssys_exit_status *statuses = airssys_internal_allocate(output->statuses.len, sizeof *statuses);
    for (size_t i = 0; i < output->statuses.len; i++) {
        statuses[i] = airssys_internal_exit_status(&output->statuses.ptr[i]);
    }
    if (output->statuses.len > 0) {
        free(output->statuses.ptr);
    }
    return (airssys_pipeline_output){
        .statuses = statuses,
        .status_count = output->statuses.len,
        .stdout_ = airssys_internal_take_bytes(output->stdout_),
        .stderr_ = airssys_internal_take_bytes(output->stderr_),
    };
}

airssys_code airssys_processes_run_pipeline(const airssys_command *commands, size_t command_count, airssys_bytes input,
                                            airssys_pipeline_output *output, airssys_error *error) {
    *output = (airssys_pipeline_output){.statuses = NULL};
    airssys_ext_process_types_command_t *lent = airssys_internal_allocate(command_count, sizeof *lent);
    size_t lent_count = 0;
    while (lent_count < command_count &&
           airssys_internal_lend_command(&commands[lent_count], &lent[lent_count], error)) {
        lent_count++;
    }
    airssys_code code = AIRSSYS_INVALID_ARGUMENT;
    if (lent_count == command_count) {
        airssys_ext_process_processes_list_command_t list = {lent, lent_count};
        airssys_bindings_list_u8_t lent_input = airssys_internal_lend_bytes(input);
        airssys_ext_process_types_pipeline_output_t found;
        process_failure failure;
        bool succeeded = airssys_ext_process_processes_run_pipeline(&list, &lent_input, &found, &failure);
        if (succeeded) {
            *output = take_pipeline_output(&found);
        }
        code = airssys_internal_finish_process(succeeded, &failure, error);
    }
    for (size_t i = 0; i < lent_count; i++) {
        airssys_internal_return_command(&lent[i]);
    }
    free(lent);
    return code;
}

airssys_code airssys_processes_wait_any(const airssys_process_id *ids, size_t id_count, airssys_optional_u32 timeout_ms,
                                        airssys_optional_finished *finished, airssys_error *error) {
    *finished = (airssys_optional_finished){.has_value = false};
    airssys_ext_process_processes_list_process_id_t lent = {(uint32_t *)ids, id_count};
    airssys_ext_process_processes_option_finished_t found;
    process_failure failure;
    bool succeeded = airssys_ext_process_processes_wait_any(&lent, timeout_ms.has_value ? &timeout_ms.value : NULL,
                                                            &found, &failure);
    if (succeeded && found.is_some) {
        finished->has_value = true;
        finished->value = (airssys_finished){found.val.index, airssys_internal_exit_status(&found.val.status)};
    }
    return airssys_internal_finish_process(succeeded, &failure, error);
}

void airssys_process_info_free(airssys_process_info *info) {
    airssys_string_free(&info->program);
    airssys_string_list_free(&info->arguments);
    *info = (airssys_process_info){.id = 0};
}

void airssys_process_info_list_free(airssys_process_info_list *list) {
    for (size_t i = 0; i < list->len; i++) {
        airssys_process_info info = list->ptr[i];
        airssys_process_info_free(&info);
    }
    free((void *)list->ptr);
    *list = (airssys_process_info_list){NULL, 0};
}

static airssys_process_info take_info(const airssys_ext_process_types_process_info_t *info) {
    airssys_process_info taken = {
        .id = info->id,
        .program = airssys_internal_take_string(info->program),
        .arguments = airssys_internal_take_string_list(info->arguments),
        .started = airssys_internal_timestamp(info->started),
        .state = (airssys_process_state)info->state,
        .exit = {.has_value = info->exit.is_some},
    };
    if (info->exit.is_some) {
        taken.exit.value = airssys_internal_exit_status(&info->exit.val);
    }
    return taken;
}

void airssys_processes_list_processes(airssys_process_info_list *processes) {
    airssys_ext_process_processes_list_process_info_t found;
    airssys_ext_process_processes_list_processes(&found);
    airssys_process_info *taken = airssys_internal_allocate(found.len, sizeof *taken);
    for (size_t i = 0; i < found.len; i++) {
        taken[i] = take_info(&found.ptr[i]);
    }
    if (found.len > 0) {
        free(found.ptr);
    }
    *processes = (airssys_process_info_list){taken, found.len};
}

airssys_code airssys_processes_get_process_info(airssys_process_id id, airssys_process_info *info,
                                                airssys_error *error) {
    *info = (airssys_process_info){.id = 0};
    airssys_ext_process_types_process_info_t found;
    process_failure failure;
    bool succeeded = airssys_ext_process_processes_get_process_info(id, &found, &failure);
    if (succeeded) {
        *info = take_info(&found);
    }
    return airssys_internal_finish_process(succeeded, &failure, error);
}

airssys_process_id airssys_process_get_id(airssys_process process) {
    return airssys_ext_process_processes_method_process_id(borrow(process));
}

airssys_code airssys_process_get_info(airssys_process process, airssys_process_info *info, airssys_error *error) {
    *info = (airssys_process_info){.id = 0};
    airssys_ext_process_types_process_info_t found;
    process_failure failure;
    bool succeeded = airssys_ext_process_processes_method_process_info(borrow(process), &found, &failure);
    if (succeeded) {
        *info = take_info(&found);
    }
    return airssys_internal_finish_process(succeeded, &failure, error);
}

airssys_code airssys_process_wait(airssys_process process, airssys_exit_status *status, airssys_error *error) {
    *status = (airssys_exit_status){.kind = AIRSSYS_EXIT_CODE};
    airssys_ext_process_types_exit_status_t found;
    process_failure failure;
    bool succeeded = airssys_ext_process_processes_method_process_wait(borrow(process), &found, &failure);
    if (succeeded) {
        *status = airssys_internal_exit_status(&found);
    }
    return airssys_internal_finish_process(succeeded, &failure, error);
}

/* Takes the status that an import gave, or none if it gave none or failed. */
static airssys_code finish_status(bool succeeded, const airssys_ext_process_processes_option_exit_status_t *found,
                                  process_failure *failure, airssys_optional_exit_status *status,
                                  airssys_error *error) {
    *status = (airssys_optional_exit_status){.has_value = succeeded && found->is_some};
    if (status->has_value) {
        status->value = airssys_internal_exit_status(&found->val);
    }
    return airssys_internal_finish_process(succeeded, failure, error);
}

airssys_code airssys_process_wait_timeout(airssys_process process, uint32_t timeout_ms,
                                          airssys_optional_exit_status *status, airssys_error *error) {
    airssys_ext_process_processes_option_exit_status_t found;
    process_failure failure;
    bool succeeded =
        airssys_ext_process_processes_method_process_wait_timeout(borrow(process), timeout_ms, &found, &failure);
    return finish_status(succeeded, &found, &failure, status, error);
}

airssys_code airssys_process_try_wait(airssys_process process, airssys_optional_exit_status *status,
                                      airssys_error *error) {
    airssys_ext_process_processes_option_exit_status_t found;
    process_failure failure;
    bool succeeded = airssys_ext_process_processes_method_process_try_wait(borrow(process), &found, &failure);
    return finish_status(succeeded, &found, &failure, status, error);
}

bool airssys_process_is_running(airssys_process process) {
    return airssys_ext_process_processes_method_process_is_running(borrow(process));
}

airssys_code airssys_process_get_usage(airssys_process process, airssys_process_usage *usage, airssys_error *error) {
    *usage = (airssys_process_usage){.user_time_ms = 0};
    airssys_ext_process_types_process_usage_t found;
    process_failure failure;
    bool succeeded = airssys_ext_process_processes_method_process_usage(borrow(process), &found, &failure);
    if (succeeded) {
        *usage = (airssys_process_usage){found.user_time_ms, found.system_time_ms, found.max_resident_bytes};
    }
    return airssys_internal_finish_process(succeeded, &failure, error);
}

airssys_code airssys_process_get_limits(airssys_process process, airssys_process_limits *limits, airssys_error *error) {
    *limits = (airssys_process_limits){.max_open_files = {false, 0}};
    airssys_ext_process_types_process_limits_t found;
    process_failure failure;
    bool succeeded = airssys_ext_process_processes_method_process_limits(borrow(process), &found, &failure);
    if (succeeded) {
        *limits = airssys_internal_take_process_limits(&found);
    }
    return airssys_internal_finish_process(succeeded, &failure, error);
}

airssys_code airssys_process_set_limits(airssys_process process, const airssys_process_limits *limits,
                                        airssys_error *error) {
    airssys_ext_process_types_process_limits_t given = airssys_internal_give_process_limits(limits);
    process_failure failure;
    bool succeeded = airssys_ext_process_processes_method_process_set_limits(borrow(process), &given, &failure);
    return airssys_internal_finish_process(succeeded, &failure, error);
}

void airssys_process_drop(airssys_process *process) {
    if (process->handle != 0) {
        airssys_ext_process_processes_process_drop_own((airssys_ext_process_processes_own_process_t){process->handle});
        process->handle = 0;
    }
}
#endif
