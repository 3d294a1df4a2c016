/**
 * @file
 * @brief Sending signals to processes and seeing what they do.
 *
 * Needs the extension `ext-process`. The permission for a signal names the program of the process, as an absolute path
 * with links resolved.
 */
#ifndef AIRSSYS_SIGNALS_H
#define AIRSSYS_SIGNALS_H

#include <airssys/error.h>
#include <airssys/process_types.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Whom a signal is for. */
typedef enum airssys_signal_target {
    AIRSSYS_SIGNAL_TARGET_PROCESS, /**< The process alone. */
    AIRSSYS_SIGNAL_TARGET_GROUP    /**< The process and all that it has started and that are still in its group. */
} airssys_signal_target;

/** The kinds of ::airssys_state_change. */
typedef enum airssys_state_change_kind {
    AIRSSYS_STATE_CHANGE_STOPPED,   /**< A signal has stopped it. */
    AIRSSYS_STATE_CHANGE_CONTINUED, /**< It goes on after it was stopped. */
    AIRSSYS_STATE_CHANGE_EXITED     /**< It has ended. */
} airssys_state_change_kind;

/** A change of what a process does. Owns nothing. */
typedef struct airssys_state_change {
    airssys_state_change_kind kind; /**< Which of the members below counts. */
    airssys_signal signal;          /**< Of ::AIRSSYS_STATE_CHANGE_STOPPED: the signal. */
    airssys_exit_status status;     /**< Of ::AIRSSYS_STATE_CHANGE_EXITED: how. */
} airssys_state_change;

/** A change of what a process does, or none if the time has passed. */
typedef struct airssys_optional_state_change {
    bool has_value;             /**< Whether there was a change. */
    airssys_state_change value; /**< Which. */
} airssys_optional_state_change;

/** A signal with its number and name. */
typedef struct airssys_signal_info {
    airssys_signal signal; /**< The signal. */
    uint8_t number;        /**< Its number on the host. */
    airssys_string name;   /**< Its name with the prefix, for example `SIGTERM`. */
} airssys_signal_info;

/** A list of signals. */
typedef struct airssys_signal_info_list {
    const airssys_signal_info *ptr; /**< The first element; NULL only if `len` is 0. */
    size_t len;                     /**< How many there are. */
} airssys_signal_info_list;

/**
 * Frees an owned list with its names and makes it empty.
 * @param list Not NULL; an empty one is fine.
 */
void airssys_signal_info_list_free(airssys_signal_info_list *list);

/**
 * Sends a signal. It does not wait for the effect.
 *
 * Permission: `process = [{ action = "signal", program = "<path>" }]`.
 * @param process Borrowed.
 * @param signal  Which.
 * @param target  Whom it is for.
 * @param error   May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, ::AIRSSYS_PERMISSION_DENIED, ::AIRSSYS_ALREADY_EXITED, ::AIRSSYS_INVALID_ARGUMENT (the host has
 *         no signal of this number) or ::AIRSSYS_IO.
 */
airssys_code airssys_signals_send_signal(airssys_process process, airssys_signal signal, airssys_signal_target target,
                                         airssys_error *error);

/**
 * Sends ::AIRSSYS_SIGNAL_INTERRUPT.
 *
 * Permission: `process = [{ action = "signal", program = "<path>" }]`.
 * @param process Borrowed.
 * @param error   May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, ::AIRSSYS_PERMISSION_DENIED, ::AIRSSYS_ALREADY_EXITED or ::AIRSSYS_IO.
 */
airssys_code airssys_signals_interrupt(airssys_process process, airssys_error *error);

/**
 * Ends a process: sends ::AIRSSYS_SIGNAL_TERMINATE, waits, then sends ::AIRSSYS_SIGNAL_KILL. It returns when the process
 * has ended.
 *
 * Permission: `process = [{ action = "signal", program = "<path>" }]`.
 * @param process  Borrowed.
 * @param grace_ms How many milliseconds to wait between the two.
 * @param status   Gets how it has ended. May be NULL.
 * @param error    May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, ::AIRSSYS_PERMISSION_DENIED, ::AIRSSYS_ALREADY_EXITED (before the call) or ::AIRSSYS_IO.
 */
airssys_code airssys_signals_terminate(airssys_process process, uint32_t grace_ms, airssys_exit_status *status,
                                       airssys_error *error);

/**
 * Sends ::AIRSSYS_SIGNAL_KILL. What the process has started goes on until the handle is dropped.
 *
 * Permission: `process = [{ action = "signal", program = "<path>" }]`.
 * @param process Borrowed.
 * @param error   May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, ::AIRSSYS_PERMISSION_DENIED, ::AIRSSYS_ALREADY_EXITED or ::AIRSSYS_IO.
 */
airssys_code airssys_signals_kill(airssys_process process, airssys_error *error);

/**
 * Sends ::AIRSSYS_SIGNAL_KILL to a process and everything in its process group.
 *
 * Permission: `process = [{ action = "signal", program = "<path>" }]`.
 * @param process Borrowed.
 * @param error   May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, ::AIRSSYS_PERMISSION_DENIED, ::AIRSSYS_ALREADY_EXITED (all of them) or ::AIRSSYS_IO.
 */
airssys_code airssys_signals_kill_group(airssys_process process, airssys_error *error);

/**
 * Sends ::AIRSSYS_SIGNAL_STOP. The state of the process is then ::AIRSSYS_PROCESS_STOPPED.
 *
 * Permission: `process = [{ action = "signal", program = "<path>" }]`.
 * @param process Borrowed.
 * @param error   May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, ::AIRSSYS_PERMISSION_DENIED, ::AIRSSYS_ALREADY_EXITED or ::AIRSSYS_IO.
 */
airssys_code airssys_signals_suspend(airssys_process process, airssys_error *error);

/**
 * Sends ::AIRSSYS_SIGNAL_CONTINUE. If the process was stopped, its state is then ::AIRSSYS_PROCESS_RUNNING.
 *
 * Permission: `process = [{ action = "signal", program = "<path>" }]`.
 * @param process Borrowed.
 * @param error   May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, ::AIRSSYS_PERMISSION_DENIED, ::AIRSSYS_ALREADY_EXITED or ::AIRSSYS_IO.
 */
airssys_code airssys_signals_resume(airssys_process process, airssys_error *error);

/**
 * Waits for the next change of what a process does. A change that came before the call and that this function has not
 * given yet counts. When the process has ended, it gives ::AIRSSYS_STATE_CHANGE_EXITED each time.
 *
 * Permission: none; held by the handle.
 * @param process    Borrowed.
 * @param timeout_ms Milliseconds, then it gives none; none waits as long as the call may take.
 * @param change     Not NULL.
 * @param error      May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK or ::AIRSSYS_IO.
 */
airssys_code airssys_signals_wait_state_change(airssys_process process, airssys_optional_u32 timeout_ms,
                                               airssys_optional_state_change *change, airssys_error *error);

/**
 * Gives the signal of a name, with or without the prefix, or of a number of the host: `TERM`, `SIGTERM` and `15` are all
 * ::AIRSSYS_SIGNAL_TERMINATE.
 *
 * Permission: none.
 * @param name_or_number Borrowed.
 * @param signal         Not NULL.
 * @param error          May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK or ::AIRSSYS_INVALID_ARGUMENT (the host has no such signal).
 */
airssys_code airssys_signals_parse_signal(airssys_string name_or_number, airssys_signal *signal, airssys_error *error);

/**
 * Gives the signals of the host with their numbers and names. airssys_signals_parse_signal() takes each of them.
 *
 * Permission: none.
 * @param signals Not NULL. Owned; free it with airssys_signal_info_list_free().
 */
void airssys_signals_list_signals(airssys_signal_info_list *signals);

#ifdef __cplusplus
}
#endif

#endif
