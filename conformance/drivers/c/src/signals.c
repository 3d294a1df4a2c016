/* The export signals: each function forwards to the SDK. */
#include <stdlib.h>

#include "process_convert.h"

bool exports_airssys_ext_process_signals_send_signal(exported_process *process,
                                                     airssys_ext_process_types_signal_t *signal,
                                                     airssys_ext_process_types_signal_target_t target,
                                                     process_failure *failure) {
    airssys_error error;
    airssys_code code = airssys_signals_send_signal(process->process, view_signal(signal),
                                                    target == AIRSSYS_EXT_PROCESS_TYPES_SIGNAL_TARGET_GROUP
                                                        ? AIRSSYS_SIGNAL_TARGET_GROUP
                                                        : AIRSSYS_SIGNAL_TARGET_PROCESS,
                                                    &error);
    return finish_process(code, &error, failure);
}

bool exports_airssys_ext_process_signals_interrupt(exported_process *process, process_failure *failure) {
    airssys_error error;
    airssys_code code = airssys_signals_interrupt(process->process, &error);
    return finish_process(code, &error, failure);
}

bool exports_airssys_ext_process_signals_terminate(exported_process *process, uint32_t grace_ms,
                                                   airssys_ext_process_types_exit_status_t *result,
                                                   process_failure *failure) {
    airssys_exit_status status;
    airssys_error error;
    airssys_code code = airssys_signals_terminate(process->process, grace_ms, &status, &error);
    *result = give_exit_status(status);
    return finish_process(code, &error, failure);
}

bool exports_airssys_ext_process_signals_kill(exported_process *process, process_failure *failure) {
    airssys_error error;
    airssys_code code = airssys_signals_kill(process->process, &error);
    return finish_process(code, &error, failure);
}

bool exports_airssys_ext_process_signals_kill_group(exported_process *process, process_failure *failure) {
    airssys_error error;
    airssys_code code = airssys_signals_kill_group(process->process, &error);
    return finish_process(code, &error, failure);
}

bool exports_airssys_ext_process_signals_suspend(exported_process *process, process_failure *failure) {
    airssys_error error;
    airssys_code code = airssys_signals_suspend(process->process, &error);
    return finish_process(code, &error, failure);
}

bool exports_airssys_ext_process_signals_resume(exported_process *process, process_failure *failure) {
    airssys_error error;
    airssys_code code = airssys_signals_resume(process->process, &error);
    return finish_process(code, &error, failure);
}

static airssys_ext_process_types_state_change_t give_state_change(const airssys_state_change *change) {
    airssys_ext_process_types_state_change_t given;
    switch (change->kind) {
    case AIRSSYS_STATE_CHANGE_STOPPED:
        given.tag = AIRSSYS_EXT_PROCESS_TYPES_STATE_CHANGE_STOPPED;
        given.val.stopped = give_signal(change->signal);
        break;
    case AIRSSYS_STATE_CHANGE_CONTINUED:
        given.tag = AIRSSYS_EXT_PROCESS_TYPES_STATE_CHANGE_CONTINUED;
        break;
    case AIRSSYS_STATE_CHANGE_EXITED:
        given.tag = AIRSSYS_EXT_PROCESS_TYPES_STATE_CHANGE_EXITED;
        given.val.exited = give_exit_status(change->status);
        break;
    }
    return given;
}

bool exports_airssys_ext_process_signals_wait_state_change(
    exported_process *process, uint32_t *timeout_ms, exports_airssys_ext_process_signals_option_state_change_t *result,
    process_failure *failure) {
    airssys_optional_state_change change;
    airssys_error error;
    airssys_code code =
        airssys_signals_wait_state_change(process->process, view_u32_parameter(timeout_ms), &change, &error);
    result->is_some = change.has_value;
    if (change.has_value) {
        result->val = give_state_change(&change.value);
    }
    return finish_process(code, &error, failure);
}

bool exports_airssys_ext_process_signals_parse_signal(airssys_bindings_string_t *name_or_number,
                                                      airssys_ext_process_types_signal_t *result,
                                                      process_failure *failure) {
    airssys_signal signal;
    airssys_error error;
    airssys_code code = airssys_signals_parse_signal(view_string(name_or_number), &signal, &error);
    airssys_bindings_string_free(name_or_number);
    *result = give_signal(signal);
    return finish_process(code, &error, failure);
}

void exports_airssys_ext_process_signals_list_signals(exports_airssys_ext_process_signals_list_signal_info_t *result) {
    airssys_signal_info_list infos;
    airssys_signals_list_signals(&infos);
    airssys_ext_process_types_signal_info_t *given = allocate(infos.len, sizeof *given);
    for (size_t i = 0; i < infos.len; i++) {
        given[i].signal = give_signal(infos.ptr[i].signal);
        given[i].number = infos.ptr[i].number;
        given[i].name = give_string_copy(infos.ptr[i].name);
    }
    *result = (exports_airssys_ext_process_signals_list_signal_info_t){given, infos.len};
    airssys_signal_info_list_free(&infos);
}
