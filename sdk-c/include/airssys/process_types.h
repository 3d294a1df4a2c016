/**
 * @file
 * @brief What processes.h, stdio.h and signals.h share, and what an error of a process carries.
 */
#ifndef AIRSSYS_PROCESS_TYPES_H
#define AIRSSYS_PROCESS_TYPES_H

#include <airssys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * A child of this component. Owned by who spawned it, and given up by airssys_process_drop(), which kills it if it has
 * not ended. A copy of the struct is the same handle and must not be dropped a second time.
 */
typedef struct airssys_process {
    int32_t handle; /**< Private. 0 if it is dropped. */
} airssys_process;

/** The id of a process that the component has started. Those of other processes mean nothing here. */
typedef uint32_t airssys_process_id;

/** One of the standard streams of a process. */
typedef enum airssys_stdio_stream {
    AIRSSYS_STDIO_STREAM_STDIN,  /**< Standard input. */
    AIRSSYS_STDIO_STREAM_STDOUT, /**< Standard output. */
    AIRSSYS_STDIO_STREAM_STDERR  /**< Standard error. */
} airssys_stdio_stream;

/** The kinds of ::airssys_signal. Their numbers belong to the host; airssys_signals_list_signals() gives them. */
typedef enum airssys_signal_kind {
    AIRSSYS_SIGNAL_HANGUP,    /**< `SIGHUP`: its terminal or its parent is gone. */
    AIRSSYS_SIGNAL_INTERRUPT, /**< `SIGINT`: interrupted by the user. */
    AIRSSYS_SIGNAL_QUIT,      /**< `SIGQUIT`: end with a core dump. */
    AIRSSYS_SIGNAL_ABORT,     /**< `SIGABRT`: the process has given up on itself. */
    AIRSSYS_SIGNAL_KILL,      /**< `SIGKILL`: end at once. Cannot be caught. */
    AIRSSYS_SIGNAL_USER1,     /**< `SIGUSR1`: what the program makes of it. */
    AIRSSYS_SIGNAL_USER2,     /**< `SIGUSR2`: what the program makes of it. */
    AIRSSYS_SIGNAL_PIPE,      /**< `SIGPIPE`: nobody reads the pipe that it writes to. */
    AIRSSYS_SIGNAL_ALARM,     /**< `SIGALRM`: a timer has run out. */
    AIRSSYS_SIGNAL_TERMINATE, /**< `SIGTERM`: end in order. */
    AIRSSYS_SIGNAL_STOP,      /**< `SIGSTOP`: stop until ::AIRSSYS_SIGNAL_CONTINUE. Cannot be caught. */
    AIRSSYS_SIGNAL_CONTINUE,  /**< `SIGCONT`: go on after a stop. */
    AIRSSYS_SIGNAL_OTHER      /**< Another one, by its number on the host. */
} airssys_signal_kind;

/** A signal. Owns nothing. */
typedef struct airssys_signal {
    airssys_signal_kind kind; /**< Which. */
    uint8_t number;           /**< Of ::AIRSSYS_SIGNAL_OTHER: its number on the host; else 0. */
} airssys_signal;

/** The kinds of ::airssys_exit_status. */
typedef enum airssys_exit_kind {
    AIRSSYS_EXIT_CODE,    /**< By itself, with a code. */
    AIRSSYS_EXIT_SIGNALED /**< By a signal. */
} airssys_exit_kind;

/** How a process has ended. Owns nothing. */
typedef struct airssys_exit_status {
    airssys_exit_kind kind; /**< Which of the members below counts. */
    int32_t code;           /**< Of ::AIRSSYS_EXIT_CODE; 0 usually means success, POSIX keeps 0 to 255. Else 0. */
    airssys_signal signal;  /**< Of ::AIRSSYS_EXIT_SIGNALED: the signal. */
} airssys_exit_status;

/** How a process has ended, or none if it has not. */
typedef struct airssys_optional_exit_status {
    bool has_value;            /**< Whether it has ended. */
    airssys_exit_status value; /**< How. */
} airssys_optional_exit_status;

/** How a process has ended and what it wrote. Free an owned one with airssys_process_output_free(). */
typedef struct airssys_process_output {
    airssys_exit_status status; /**< How it has ended. */
    airssys_bytes stdout_;      /**< What it wrote to standard output; empty if not piped. (`stdout` is a macro.) */
    airssys_bytes stderr_;      /**< What it wrote to standard error; empty if not piped. (`stderr` is a macro.) */
} airssys_process_output;

/** Says whether a process has ended by itself with the code 0. */
bool airssys_exit_status_is_success(airssys_exit_status status);

/**
 * Frees what an owned output points to and makes it empty.
 * @param output Not NULL.
 */
void airssys_process_output_free(airssys_process_output *output);

#ifdef __cplusplus
}
#endif

#endif
