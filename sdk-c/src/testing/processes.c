/*
 * What of processes is not in a fake. What would make a handle fails with `unsupported`, and without one nothing else
 * can be asked for but by mistake.
 */
#include "fake_host.h"

bool airssys_fake_refuse_process(fake_process_failure *failure, const char *what) {
    failure->tag = AIRSSYS_EXT_PROCESS_TYPES_PROCESS_ERROR_UNSUPPORTED;
    failure->val.unsupported = airssys_fake_give_string(airssys_string_from_c(what));
    return false;
}

static bool refuse(const char *operation, fake_process_failure *failure) {
    airssys_fake_current(operation);
    return airssys_fake_refuse_process(failure, "the testing kit has no processes but the programs that are run");
}

AIRSSYS_NORETURN static void no_handle(const char *operation) {
    airssys_fake_mistake("%s was called with a handle that is not open", operation);
}

/* processes */

airssys_ext_process_processes_process_id_t
airssys_ext_process_processes_method_process_id(airssys_ext_process_processes_borrow_process_t self) {
    (void)self;
    no_handle("processes.process.id");
}

bool airssys_ext_process_processes_method_process_info(airssys_ext_process_processes_borrow_process_t self,
                                                       airssys_ext_process_processes_process_info_t *result,
                                                       airssys_ext_process_processes_process_error_t *failure) {
    (void)self;
    (void)result;
    (void)failure;
    no_handle("processes.process.info");
}

bool airssys_ext_process_processes_method_process_wait(airssys_ext_process_processes_borrow_process_t self,
                                                       airssys_ext_process_processes_exit_status_t *result,
                                                       airssys_ext_process_processes_process_error_t *failure) {
    (void)self;
    (void)result;
    (void)failure;
    no_handle("processes.process.wait");
}

bool airssys_ext_process_processes_method_process_wait_timeout(
    airssys_ext_process_processes_borrow_process_t self, uint32_t timeout_ms,
    airssys_ext_process_processes_option_exit_status_t *result,
    airssys_ext_process_processes_process_error_t *failure) {
    (void)self;
    (void)timeout_ms;
    (void)result;
    (void)failure;
    no_handle("processes.process.wait-timeout");
}

bool airssys_ext_process_processes_method_process_try_wait(airssys_ext_process_processes_borrow_process_t self,
                                                           airssys_ext_process_processes_option_exit_status_t *result,
                                                           airssys_ext_process_processes_process_error_t *failure) {
    (void)self;
    (void)result;
    (void)failure;
    no_handle("processes.process.try-wait");
}

bool airssys_ext_process_processes_method_process_is_running(airssys_ext_process_processes_borrow_process_t self) {
    (void)self;
    no_handle("processes.process.is-running");
}

bool airssys_ext_process_processes_method_process_usage(airssys_ext_process_processes_borrow_process_t self,
                                                        airssys_ext_process_processes_process_usage_t *result,
                                                        airssys_ext_process_processes_process_error_t *failure) {
    (void)self;
    (void)result;
    (void)failure;
    no_handle("processes.process.usage");
}

bool airssys_ext_process_processes_method_process_limits(airssys_ext_process_processes_borrow_process_t self,
                                                         airssys_ext_process_processes_process_limits_t *result,
                                                         airssys_ext_process_processes_process_error_t *failure) {
    (void)self;
    (void)result;
    (void)failure;
    no_handle("processes.process.limits");
}

bool airssys_ext_process_processes_method_process_set_limits(airssys_ext_process_processes_borrow_process_t self,
                                                             airssys_ext_process_processes_process_limits_t *limits,
                                                             airssys_ext_process_processes_process_error_t *failure) {
    (void)self;
    (void)limits;
    (void)failure;
    no_handle("processes.process.set-limits");
}

bool airssys_ext_process_processes_spawn(airssys_ext_process_processes_command_t *command,
                                         airssys_ext_process_processes_own_process_t *result,
                                         airssys_ext_process_processes_process_error_t *failure) {
    (void)command;
    (void)result;
    return refuse("processes.spawn", failure);
}

bool airssys_ext_process_processes_wait_any(airssys_ext_process_processes_list_process_id_t *ids, uint32_t *timeout_ms,
                                            airssys_ext_process_processes_option_finished_t *result,
                                            airssys_ext_process_processes_process_error_t *failure) {
    (void)ids;
    (void)timeout_ms;
    (void)result;
    return refuse("processes.wait-any", failure);
}

void airssys_ext_process_processes_list_processes(airssys_ext_process_processes_list_process_info_t *result) {
    airssys_fake_current("processes.list-processes");
    result->ptr = FAKE_NOWHERE;
    result->len = 0;
}

bool airssys_ext_process_processes_get_process_info(airssys_ext_process_processes_process_id_t id,
                                                    airssys_ext_process_processes_process_info_t *result,
                                                    airssys_ext_process_processes_process_error_t *failure) {
    (void)id;
    (void)result;
    return refuse("processes.get-process-info", failure);
}

void airssys_ext_process_processes_process_drop_own(airssys_ext_process_processes_own_process_t handle) {
    (void)handle;
    no_handle("processes.process drop");
}

/* stdio */

bool airssys_ext_process_stdio_write_stdin(airssys_ext_process_stdio_borrow_process_t process,
                                           airssys_bindings_list_u8_t *data, uint32_t *result,
                                           airssys_ext_process_stdio_process_error_t *failure) {
    (void)process;
    (void)data;
    (void)result;
    (void)failure;
    no_handle("stdio.write-stdin");
}

bool airssys_ext_process_stdio_close_stdin(airssys_ext_process_stdio_borrow_process_t process,
                                           airssys_ext_process_stdio_process_error_t *failure) {
    (void)process;
    (void)failure;
    no_handle("stdio.close-stdin");
}

bool airssys_ext_process_stdio_read_stdout(airssys_ext_process_stdio_borrow_process_t process, uint32_t max_bytes,
                                           airssys_bindings_list_u8_t *result,
                                           airssys_ext_process_stdio_process_error_t *failure) {
    (void)process;
    (void)max_bytes;
    (void)result;
    (void)failure;
    no_handle("stdio.read-stdout");
}

bool airssys_ext_process_stdio_read_stderr(airssys_ext_process_stdio_borrow_process_t process, uint32_t max_bytes,
                                           airssys_bindings_list_u8_t *result,
                                           airssys_ext_process_stdio_process_error_t *failure) {
    (void)process;
    (void)max_bytes;
    (void)result;
    (void)failure;
    no_handle("stdio.read-stderr");
}

bool airssys_ext_process_stdio_read_stdout_to_end(airssys_ext_process_stdio_borrow_process_t process,
                                                  airssys_bindings_list_u8_t *result,
                                                  airssys_ext_process_stdio_process_error_t *failure) {
    (void)process;
    (void)result;
    (void)failure;
    no_handle("stdio.read-stdout-to-end");
}

bool airssys_ext_process_stdio_read_stderr_to_end(airssys_ext_process_stdio_borrow_process_t process,
                                                  airssys_bindings_list_u8_t *result,
                                                  airssys_ext_process_stdio_process_error_t *failure) {
    (void)process;
    (void)result;
    (void)failure;
    no_handle("stdio.read-stderr-to-end");
}

bool airssys_ext_process_stdio_communicate(airssys_ext_process_stdio_borrow_process_t process,
                                           airssys_bindings_list_u8_t *input,
                                           airssys_ext_process_stdio_process_output_t *result,
                                           airssys_ext_process_stdio_process_error_t *failure) {
    (void)process;
    (void)input;
    (void)result;
    (void)failure;
    no_handle("stdio.communicate");
}

/* signals */

bool airssys_ext_process_signals_send_signal(airssys_ext_process_signals_borrow_process_t process,
                                             airssys_ext_process_signals_signal_t *signal,
                                             airssys_ext_process_signals_signal_target_t target,
                                             airssys_ext_process_signals_process_error_t *failure) {
    (void)process;
    (void)signal;
    (void)target;
    (void)failure;
    no_handle("signals.send-signal");
}

bool airssys_ext_process_signals_interrupt(airssys_ext_process_signals_borrow_process_t process,
                                           airssys_ext_process_signals_process_error_t *failure) {
    (void)process;
    (void)failure;
    no_handle("signals.interrupt");
}

bool airssys_ext_process_signals_terminate(airssys_ext_process_signals_borrow_process_t process, uint32_t grace_ms,
                                           airssys_ext_process_signals_exit_status_t *result,
                                           airssys_ext_process_signals_process_error_t *failure) {
    (void)process;
    (void)grace_ms;
    (void)result;
    (void)failure;
    no_handle("signals.terminate");
}

bool airssys_ext_process_signals_kill(airssys_ext_process_signals_borrow_process_t process,
                                      airssys_ext_process_signals_process_error_t *failure) {
    (void)process;
    (void)failure;
    no_handle("signals.kill");
}

bool airssys_ext_process_signals_kill_group(airssys_ext_process_signals_borrow_process_t process,
                                            airssys_ext_process_signals_process_error_t *failure) {
    (void)process;
    (void)failure;
    no_handle("signals.kill-group");
}

bool airssys_ext_process_signals_suspend(airssys_ext_process_signals_borrow_process_t process,
                                         airssys_ext_process_signals_process_error_t *failure) {
    (void)process;
    (void)failure;
    no_handle("signals.suspend");
}

bool airssys_ext_process_signals_resume(airssys_ext_process_signals_borrow_process_t process,
                                        airssys_ext_process_signals_process_error_t *failure) {
    (void)process;
    (void)failure;
    no_handle("signals.resume");
}

bool airssys_ext_process_signals_wait_state_change(airssys_ext_process_signals_borrow_process_t process,
                                                   uint32_t *timeout_ms,
                                                   airssys_ext_process_signals_option_state_change_t *result,
                                                   airssys_ext_process_signals_process_error_t *failure) {
    (void)process;
    (void)timeout_ms;
    (void)result;
    (void)failure;
    no_handle("signals.wait-state-change");
}

bool airssys_ext_process_signals_parse_signal(airssys_bindings_string_t *name_or_number,
                                              airssys_ext_process_signals_signal_t *result,
                                              airssys_ext_process_signals_process_error_t *failure) {
    (void)name_or_number;
    (void)result;
    return refuse("signals.parse-signal", failure);
}

void airssys_ext_process_signals_list_signals(airssys_ext_process_signals_list_signal_info_t *result) {
    airssys_fake_current("signals.list-signals");
    result->ptr = FAKE_NOWHERE;
    result->len = 0;
}
