#include <airssys/signals.h>

#include <assert.h>
#include <stdlib.h>

#include "process_conversions.h"

#ifdef AIRSSYS_EXT_PROCESS_TYPES_PROCESS_ERROR_IO
static_assert((int)AIRSSYS_SIGNAL_TARGET_PROCESS == AIRSSYS_EXT_PROCESS_TYPES_SIGNAL_TARGET_PROCESS &&
                  (int)AIRSSYS_SIGNAL_TARGET_GROUP == AIRSSYS_EXT_PROCESS_TYPES_SIGNAL_TARGET_GROUP &&
                  (int)AIRSSYS_STATE_CHANGE_STOPPED == AIRSSYS_EXT_PROCESS_TYPES_STATE_CHANGE_STOPPED &&
                  (int)AIRSSYS_STATE_CHANGE_CONTINUED == AIRSSYS_EXT_PROCESS_TYPES_STATE_CHANGE_CONTINUED &&
                  (int)AIRSSYS_STATE_CHANGE_EXITED == AIRSSYS_EXT_PROCESS_TYPES_STATE_CHANGE_EXITED,
              "enumerations are in the contract's order");

#define borrow airssys_internal_borrow_process

airssys_code airssys_signals_send_signal(airssys_process process, airssys_signal signal, airssys_signal_target target,
                                         airssys_error *error) {
    airssys_ext_process_types_signal_t given = airssys_internal_give_signal(signal);
    process_failure failure;
    bool succeeded = airssys_ext_process_signals_send_signal(
        borrow(process), &given, (airssys_ext_process_types_signal_target_t)target, &failure);
    return airssys_internal_finish_process(succeeded, &failure, error);
}

airssys_code airssys_signals_interrupt(airssys_process process, airssys_error *error) {
    process_failure failure;
    bool succeeded = airssys_ext_process_signals_interrupt(borrow(process), &failure);
    return airssys_internal_finish_process(succeeded, &failure, error);
}

airssys_code airssys_signals_terminate(airssys_process process, uint32_t grace_ms, airssys_exit_status *status,
                                       airssys_error *error) {
    airssys_ext_process_types_exit_status_t found;
    process_failure failure;
    bool succeeded = airssys_ext_process_signals_terminate(borrow(process), grace_ms, &found, &failure);
    if (status != NULL) {
        *status = succeeded ? airssys_internal_exit_status(&found) : (airssys_exit_status){.kind = AIRSSYS_EXIT_CODE};
    }
    return airssys_internal_finish_process(succeeded, &failure, error);
}

airssys_code airssys_signals_kill(airssys_process process, airssys_error *error) {
    process_failure failure;
    bool succeeded = airssys_ext_process_signals_kill(borrow(process), &failure);
    return airssys_internal_finish_process(succeeded, &failure, error);
}

airssys_code airssys_signals_kill_group(airssys_process process, airssys_error *error) {
    process_failure failure;
    bool succeeded = airssys_ext_process_signals_kill_group(borrow(process), &failure);
    return airssys_internal_finish_process(succeeded, &failure, error);
}

airssys_code airssys_signals_suspend(airssys_process process, airssys_error *error) {
    process_failure failure;
    bool succeeded = airssys_ext_process_signals_suspend(borrow(process), &failure);
    return airssys_internal_finish_process(succeeded, &failure, error);
}

airssys_code airssys_signals_resume(airssys_process process, airssys_error *error) {
    process_failure failure;
    bool succeeded = airssys_ext_process_signals_resume(borrow(process), &failure);
    return airssys_internal_finish_process(succeeded, &failure, error);
}

static airssys_state_change take_state_change(const airssys_ext_process_types_state_change_t *change) {
    airssys_state_change taken = {.kind = (airssys_state_change_kind)change->tag};
    if (change->tag == AIRSSYS_EXT_PROCESS_TYPES_STATE_CHANGE_STOPPED) {
        taken.signal = airssys_internal_signal(change->val.stopped);
    } else if (change->tag == AIRSSYS_EXT_PROCESS_TYPES_STATE_CHANGE_EXITED) {
        taken.status = airssys_internal_exit_status(&change->val.exited);
    }
    return taken;
}

airssys_code airssys_signals_wait_state_change(airssys_process process, airssys_optional_u32 timeout_ms,
                                               airssys_optional_state_change *change, airssys_error *error) {
    *change = (airssys_optional_state_change){.has_value = false};
    airssys_ext_process_signals_option_state_change_t found;
    process_failure failure;
    bool succeeded = airssys_ext_process_signals_wait_state_change(
        borrow(process), timeout_ms.has_value ? &timeout_ms.value : NULL, &found, &failure);
    if (succeeded && found.is_some) {
        *change = (airssys_optional_state_change){true, take_state_change(&found.val)};
    }
    return airssys_internal_finish_process(succeeded, &failure, error);
}

airssys_code airssys_signals_parse_signal(airssys_string name_or_number, airssys_signal *signal, airssys_error *error) {
    *signal = (airssys_signal){.kind = AIRSSYS_SIGNAL_HANGUP};
    if (!airssys_internal_accept_text(name_or_number, "the signal", error)) {
        return AIRSSYS_INVALID_ARGUMENT;
    }
    airssys_bindings_string_t lent = airssys_internal_lend_string(name_or_number);
    airssys_ext_process_types_signal_t found;
    process_failure failure;
    bool succeeded = airssys_ext_process_signals_parse_signal(&lent, &found, &failure);
    if (succeeded) {
        *signal = airssys_internal_signal(found);
    }
    return airssys_internal_finish_process(succeeded, &failure, error);
}

void airssys_signal_info_list_free(airssys_signal_info_list *list) {
    for (size_t i = 0; i < list->len; i++) {
        airssys_string name = list->ptr[i].name;
        airssys_string_free(&name);
    }
    free((void *)list->ptr);
    *list = (airssys_signal_info_list){NULL, 0};
}

void airssys_signals_list_signals(airssys_signal_info_list *signals) {
    airssys_ext_process_signals_list_signal_info_t found;
    airssys_ext_process_signals_list_signals(&found);
    airssys_signal_info *taken = airssys_internal_allocate(found.len, sizeof *taken);
    for (size_t i = 0; i < found.len; i++) {
        taken[i].signal = airssys_internal_signal(found.ptr[i].signal);
        taken[i].number = found.ptr[i].number;
        taken[i].name = airssys_internal_take_string(found.ptr[i].name);
    }
    if (found.len > 0) {
        free(found.ptr);
    }
    *signals = (airssys_signal_info_list){taken, found.len};
}
#endif
