/* The export processes: each function forwards to the SDK, and the driver's own resource holds the SDK's handle. */
#include <stdlib.h>

#include "process_convert.h"

void exports_airssys_ext_process_processes_process_destructor(exported_process *self) {
    airssys_process_drop(&self->process);
    free(self);
}

bool exports_airssys_ext_process_processes_spawn(airssys_ext_process_types_command_t *command,
                                                 exports_airssys_ext_process_processes_own_process_t *result,
                                                 process_failure *failure) {
    airssys_command viewed = view_command(command);
    airssys_process process;
    airssys_error error;
    airssys_code code = airssys_processes_spawn(&viewed, &process, &error);
    free_viewed_command(&viewed);
    airssys_ext_process_types_command_free(command);
    if (code == AIRSSYS_OK) {
        exported_process *exported = allocate(1, sizeof *exported);
        exported->process = process;
        *result = exports_airssys_ext_process_processes_process_new(exported);
    }
    return finish_process(code, &error, failure);
}

bool exports_airssys_ext_process_processes_run(airssys_ext_process_types_command_t *command,
                                               airssys_bindings_list_u8_t *input,
                                               airssys_ext_process_types_process_output_t *result,
                                               process_failure *failure) {
    airssys_command viewed = view_command(command);
    airssys_process_output output;
    airssys_error error;
    airssys_code code = airssys_processes_run(&viewed, view_bytes(input), &output, &error);
    free_viewed_command(&viewed);
    airssys_ext_process_types_command_free(command);
    airssys_bindings_list_u8_free(input);
    *result = give_process_output(&output);
    return finish_process(code, &error, failure);
}

bool exports_airssys_ext_process_processes_run_pipeline(exports_airssys_ext_process_processes_list_command_t *commands,
                                                        airssys_bindings_list_u8_t *input,
                                                        airssys_ext_process_types_pipeline_output_t *result,
                                                        process_failure *failure) {
    airssys_command *viewed = allocate(commands->len, sizeof *viewed);
    for (size_t i = 0; i < commands->len; i++) {
        viewed[i] = view_command(&commands->ptr[i]);
    }
    airssys_pipeline_output output;
    airssys_error error;
    airssys_code code = airssys_processes_run_pipeline(viewed, commands->len, view_bytes(input), &output, &error);
    for (size_t i = 0; i < commands->len; i++) {
        free_viewed_command(&viewed[i]);
    }
    free(viewed);
    exports_airssys_ext_process_processes_list_command_free(commands);
    airssys_bindings_list_u8_free(input);
    airssys_ext_process_types_exit_status_t *statuses = allocate(output.status_count, sizeof *statuses);
    for (size_t i = 0; i < output.status_count; i++) {
        statuses[i] = give_exit_status(output.statuses[i]);
    }
    free((void *)output.statuses);
    *result = (airssys_ext_process_types_pipeline_output_t){
        {statuses, output.status_count},
        give_bytes(output.stdout_),
        give_bytes(output.stderr_),
    };
    return finish_process(code, &error, failure);
}

bool exports_airssys_ext_process_processes_wait_any(exports_airssys_ext_process_processes_list_process_id_t *ids,
                                                    uint32_t *timeout_ms,
                                                    exports_airssys_ext_process_processes_option_finished_t *result,
                                                    process_failure *failure) {
    airssys_optional_finished finished;
    airssys_error error;
    airssys_code code =
        airssys_processes_wait_any(ids->ptr, ids->len, view_u32_parameter(timeout_ms), &finished, &error);
    exports_airssys_ext_process_processes_list_process_id_free(ids);
    result->is_some = finished.has_value;
    result->val = (airssys_ext_process_types_finished_t){
        finished.value.index,
        give_exit_status(finished.value.status),
    };
    return finish_process(code, &error, failure);
}

/* Moves what an info owns. */
static airssys_ext_process_types_process_info_t give_info(airssys_process_info *info) {
    static const airssys_ext_process_types_process_state_t STATES[] = {
        [AIRSSYS_PROCESS_RUNNING] = AIRSSYS_EXT_PROCESS_TYPES_PROCESS_STATE_RUNNING,
        [AIRSSYS_PROCESS_STOPPED] = AIRSSYS_EXT_PROCESS_TYPES_PROCESS_STATE_STOPPED,
        [AIRSSYS_PROCESS_EXITED] = AIRSSYS_EXT_PROCESS_TYPES_PROCESS_STATE_EXITED,
    };
    airssys_ext_process_types_process_info_t given = {
        .id = info->id,
        .program = give_string_copy(info->program),
        .arguments = give_string_list_copy(info->arguments),
        .started = give_timestamp(info->started),
        .state = STATES[info->state],
        .exit = {info->exit.has_value, give_exit_status(info->exit.value)},
    };
    airssys_process_info_free(info);
    return given;
}

void exports_airssys_ext_process_processes_list_processes(
    exports_airssys_ext_process_processes_list_process_info_t *result) {
    airssys_process_info_list infos;
    airssys_processes_list_processes(&infos);
    airssys_ext_process_types_process_info_t *given = allocate(infos.len, sizeof *given);
    for (size_t i = 0; i < infos.len; i++) {
        airssys_process_info info = infos.ptr[i];
        given[i] = give_info(&info);
    }
    *result = (exports_airssys_ext_process_processes_list_process_info_t){given, infos.len};
    free((void *)infos.ptr);
}

bool exports_airssys_ext_process_processes_get_process_info(uint32_t id,
                                                            airssys_ext_process_types_process_info_t *result,
                                                            process_failure *failure) {
    airssys_process_info info;
    airssys_error error;
    airssys_code code = airssys_processes_get_process_info(id, &info, &error);
    *result = give_info(&info);
    return finish_process(code, &error, failure);
}

uint32_t exports_airssys_ext_process_processes_method_process_id(exported_process *self) {
    return airssys_process_get_id(self->process);
}

bool exports_airssys_ext_process_processes_method_process_info(exported_process *self,
                                                               airssys_ext_process_types_process_info_t *result,
                                                               process_failure *failure) {
    airssys_process_info info;
    airssys_error error;
    airssys_code code = airssys_process_get_info(self->process, &info, &error);
    *result = give_info(&info);
    return finish_process(code, &error, failure);
}

bool exports_airssys_ext_process_processes_method_process_wait(exported_process *self,
                                                               airssys_ext_process_types_exit_status_t *result,
                                                               process_failure *failure) {
    airssys_exit_status status;
    airssys_error error;
    airssys_code code = airssys_process_wait(self->process, &status, &error);
    *result = give_exit_status(status);
    return finish_process(code, &error, failure);
}

static exports_airssys_ext_process_processes_option_exit_status_t
give_optional_exit_status(airssys_optional_exit_status status) {
    return (exports_airssys_ext_process_processes_option_exit_status_t){
        status.has_value,
        give_exit_status(status.value),
    };
}

bool exports_airssys_ext_process_processes_method_process_wait_timeout(
    exported_process *self, uint32_t timeout_ms, exports_airssys_ext_process_processes_option_exit_status_t *result,
    process_failure *failure) {
    airssys_optional_exit_status status;
    airssys_error error;
    airssys_code code = airssys_process_wait_timeout(self->process, timeout_ms, &status, &error);
    *result = give_optional_exit_status(status);
    return finish_process(code, &error, failure);
}

bool exports_airssys_ext_process_processes_method_process_try_wait(
    exported_process *self, exports_airssys_ext_process_processes_option_exit_status_t *result,
    process_failure *failure) {
    airssys_optional_exit_status status;
    airssys_error error;
    airssys_code code = airssys_process_try_wait(self->process, &status, &error);
    *result = give_optional_exit_status(status);
    return finish_process(code, &error, failure);
}

bool exports_airssys_ext_process_processes_method_process_is_running(exported_process *self) {
    return airssys_process_is_running(self->process);
}

bool exports_airssys_ext_process_processes_method_process_usage(exported_process *self,
                                                                airssys_ext_process_types_process_usage_t *result,
                                                                process_failure *failure) {
    airssys_process_usage usage;
    airssys_error error;
    airssys_code code = airssys_process_get_usage(self->process, &usage, &error);
    *result = (airssys_ext_process_types_process_usage_t){
        usage.user_time_ms,
        usage.system_time_ms,
        usage.max_resident_bytes,
    };
    return finish_process(code, &error, failure);
}

bool exports_airssys_ext_process_processes_method_process_limits(exported_process *self,
                                                                 airssys_ext_process_types_process_limits_t *result,
                                                                 process_failure *failure) {
    airssys_process_limits limits;
    airssys_error error;
    airssys_code code = airssys_process_get_limits(self->process, &limits, &error);
    *result = give_process_limits(&limits);
    return finish_process(code, &error, failure);
}

bool exports_airssys_ext_process_processes_method_process_set_limits(exported_process *self,
                                                                     airssys_ext_process_types_process_limits_t *limits,
                                                                     process_failure *failure) {
    airssys_process_limits viewed = view_process_limits(limits);
    airssys_error error;
    airssys_code code = airssys_process_set_limits(self->process, &viewed, &error);
    return finish_process(code, &error, failure);
}
