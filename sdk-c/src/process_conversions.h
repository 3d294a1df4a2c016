/* Between the public types of processes and the generated ones. Private to the SDK's own sources; see conversions.h. */
#ifndef AIRSSYS_SRC_PROCESS_CONVERSIONS_H
#define AIRSSYS_SRC_PROCESS_CONVERSIONS_H

#include "conversions.h"

#ifdef AIRSSYS_EXT_PROCESS_TYPES_PROCESS_ERROR_IO
typedef airssys_ext_process_types_process_error_t process_failure;

/* What a function that can fail ends with. */
static inline airssys_code airssys_internal_finish_process(bool succeeded, process_failure *failure,
                                                           airssys_error *error) {
    return succeeded ? airssys_internal_succeed(error) : airssys_internal_take_process_error(failure, error);
}

static inline airssys_ext_process_processes_borrow_process_t airssys_internal_borrow_process(airssys_process process) {
    return (airssys_ext_process_processes_borrow_process_t){process.handle};
}

airssys_signal airssys_internal_signal(airssys_ext_process_types_signal_t signal);
airssys_ext_process_types_signal_t airssys_internal_give_signal(airssys_signal signal);
airssys_exit_status airssys_internal_exit_status(const airssys_ext_process_types_exit_status_t *status);
airssys_process_output airssys_internal_take_process_output(const airssys_ext_process_types_process_output_t *output);

/*
 * Refuses a command with text that is not UTF-8, which the host would trap on: fills the error and returns false. Else
 * the lent command points to the caller's memory and to lists of its own, which airssys_internal_return_command frees.
 */
bool airssys_internal_lend_command(const airssys_command *command, airssys_ext_process_types_command_t *lent,
                                   airssys_error *error);
void airssys_internal_return_command(airssys_ext_process_types_command_t *lent);

airssys_ext_process_types_process_limits_t airssys_internal_give_process_limits(const airssys_process_limits *limits);
airssys_process_limits airssys_internal_take_process_limits(const airssys_ext_process_types_process_limits_t *limits);
#endif

#endif
