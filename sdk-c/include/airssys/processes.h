/**
 * @file
 * @brief Starting programs of the host as child processes, waiting for them, and what is known about them.
 *
 * Needs the extension `ext-process`. No shell is involved: program and arguments reach the operating system unchanged. A
 * child gets only the environment that its command names, a process group of its own, the limits that apply, and no file
 * descriptor of the host. The host confines it to the permissions of the component, or refuses to start it unless the
 * operator says otherwise.
 *
 * @code
 * static const airssys_string arguments[] = {AIRSSYS_STRING_INIT("-r")};
 * airssys_command sort = {
 *     .program = AIRSSYS_STRING_INIT("/usr/bin/sort"),
 *     .arguments = {arguments, 1},
 *     .stdio = {.stdout_ = {AIRSSYS_STDIO_PIPED}, .stderr_ = {AIRSSYS_STDIO_PIPED}},
 * };
 * airssys_process_output output;
 * airssys_code code = airssys_processes_run(&sort, AIRSSYS_BYTES("a\nb\n"), &output, error);
 * airssys_process_output_free(&output);
 * @endcode
 *
 * **Spawn errors.** Every function that starts a program can give: ::AIRSSYS_PERMISSION_DENIED,
 * ::AIRSSYS_PROGRAM_NOT_FOUND, ::AIRSSYS_NOT_EXECUTABLE, ::AIRSSYS_INVALID_ARGUMENT (a text has a NUL or is not UTF-8,
 * the name of a variable is empty, contains `=` or is one with which programs load code, a stream has a kind that is not
 * for it, the working directory is none, or a limit is above the host's), ::AIRSSYS_TOO_MANY_PROCESSES, ::AIRSSYS_UNSUPPORTED (the host cannot confine the
 * child, or cannot give it such a stream) and ::AIRSSYS_IO.
 */
#ifndef AIRSSYS_PROCESSES_H
#define AIRSSYS_PROCESSES_H

#include <airssys/error.h>
#include <airssys/process_types.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The kinds of ::airssys_stdio. */
typedef enum airssys_stdio_kind {
    AIRSSYS_STDIO_NULL,        /**< Nowhere: nothing to read, and what is written is lost. */
    AIRSSYS_STDIO_PIPED,       /**< A pipe to the component, which uses it through stdio.h. */
    AIRSSYS_STDIO_INHERIT,     /**< The stream of the host, if the host allows it. */
    AIRSSYS_STDIO_READ_FILE,   /**< From a file. For standard input. Needs the permission `read`. */
    AIRSSYS_STDIO_WRITE_FILE,  /**< To a file, created or cut to length 0. For outputs. Needs `write`. */
    AIRSSYS_STDIO_APPEND_FILE, /**< To the end of a file, created if missing. For outputs. Needs `write`. */
    AIRSSYS_STDIO_TO_STDOUT    /**< To where standard output goes. For standard error. */
} airssys_stdio_kind;

/** Where a standard stream of a process comes from or goes to. All zeros is ::AIRSSYS_STDIO_NULL. */
typedef struct airssys_stdio {
    airssys_stdio_kind kind; /**< Which. */
    airssys_string path;     /**< Of the kinds with a file: its guest path; else unused. */
} airssys_stdio;

/** The standard streams of a process. (`stdin`, `stdout` and `stderr` are macros, therefore the underscores.) */
typedef struct airssys_stdio_config {
    airssys_stdio stdin_;  /**< Standard input. */
    airssys_stdio stdout_; /**< Standard output. */
    airssys_stdio stderr_; /**< Standard error. */
} airssys_stdio_config;

/**
 * The environment variables of a process: those named here and no others. All zeros: none at all.
 *
 * Names with which any program would load code that is not its own are ::AIRSSYS_INVALID_ARGUMENT: those that begin with
 * `LD_` or `MALLOC_`, and `GCONV_PATH`, `GETCONF_DIR`, `GLIBC_TUNABLES`, `LOCPATH`, `MUSL_LOCPATH` and `NLSPATH`.
 */
typedef struct airssys_environment {
    airssys_string_list inherit; /**< Names of entries of the component's own environment to pass on, if it has them. */
    const airssys_key_value *set; /**< Names and values to set. They go before inherited ones. */
    size_t set_count;             /**< How many of these there are. */
} airssys_environment;

/** The limits of a process. None means that the host's default applies; no limit can be above the host's. */
typedef struct airssys_process_limits {
    airssys_optional_u64 max_memory_bytes; /**< Most memory. A process that needs more fails or is killed. */
    airssys_optional_u64 max_cpu_time_ms;  /**< Most CPU time in milliseconds; it may be rounded up to seconds. */
    airssys_optional_u64 max_wall_time_ms; /**< Longest time in milliseconds; then it is killed with its group. */
    airssys_optional_u32 max_open_files;   /**< Most files that it may have open. */
    airssys_optional_u64 max_output_bytes; /**< Most bytes that the functions which collect output take of a stream. */
} airssys_process_limits;

/** What to start and how. All zeros but the program is a good start. */
typedef struct airssys_command {
    airssys_string program;                    /**< An absolute path of the host, or a name without `/` to look up. */
    airssys_string_list arguments;             /**< The arguments, without the program itself. */
    airssys_environment environment;           /**< The environment variables. */
    airssys_optional_string working_directory; /**< The guest path to start in; none leaves it to the host. */
    airssys_stdio_config stdio;                /**< The standard streams. */
    airssys_process_limits limits;             /**< The limits. */
} airssys_command;

/** What a process does. */
typedef enum airssys_process_state {
    AIRSSYS_PROCESS_RUNNING, /**< It runs, or could. */
    AIRSSYS_PROCESS_STOPPED, /**< A signal has stopped it. */
    AIRSSYS_PROCESS_EXITED   /**< It has ended. */
} airssys_process_state;

/** What is known about a process. Free an owned one with airssys_process_info_free(). */
typedef struct airssys_process_info {
    airssys_process_id id;             /**< Its id. */
    airssys_string program;            /**< The absolute path of its program, with links resolved. */
    airssys_string_list arguments;     /**< Its arguments, without the program itself. */
    airssys_timestamp started;         /**< When it was started. */
    airssys_process_state state;       /**< What it does. */
    airssys_optional_exit_status exit; /**< How it has ended, if it has. */
} airssys_process_info;

/** A list of processes. */
typedef struct airssys_process_info_list {
    const airssys_process_info *ptr; /**< The first element; NULL only if `len` is 0. */
    size_t len;                      /**< How many there are. */
} airssys_process_info_list;

/** What a process has used since its start. Owns nothing. */
typedef struct airssys_process_usage {
    uint64_t user_time_ms;       /**< CPU time in its own code, in milliseconds. */
    uint64_t system_time_ms;     /**< CPU time in the operating system on its behalf, in milliseconds. */
    uint64_t max_resident_bytes; /**< The most memory that it had in use at one time, in bytes. */
} airssys_process_usage;

/** How the processes of a pipeline have ended and what they wrote. Free it with airssys_pipeline_output_free(). */
typedef struct airssys_pipeline_output {
    const airssys_exit_status *statuses; /**< How each has ended, in the order of the commands. */
    size_t status_count;                 /**< How many there are. */
    airssys_bytes stdout_;               /**< What the last one wrote to standard output. */
    airssys_bytes stderr_;               /**< What all of them wrote to standard error, as it came. */
} airssys_pipeline_output;

/** The first of several processes to end. Owns nothing. */
typedef struct airssys_finished {
    uint32_t index;             /**< Its place in the list that was given, from 0. */
    airssys_exit_status status; /**< How it has ended. */
} airssys_finished;

/** The first of several processes to end, or none if the time has passed. */
typedef struct airssys_optional_finished {
    bool has_value;         /**< Whether one has ended. */
    airssys_finished value; /**< Which, and how. */
} airssys_optional_finished;

/**
 * Frees what an owned info points to and makes it empty.
 * @param info Not NULL.
 */
void airssys_process_info_free(airssys_process_info *info);

/**
 * Frees an owned list with its infos and makes it empty.
 * @param list Not NULL; an empty one is fine.
 */
void airssys_process_info_list_free(airssys_process_info_list *list);

/**
 * Frees what an owned output points to and makes it empty.
 * @param output Not NULL.
 */
void airssys_pipeline_output_free(airssys_pipeline_output *output);

/**
 * Starts a program and returns without waiting for it.
 *
 * Permission: `process = [{ action = "spawn", program = "<path>" }]`, where the path is absolute and with links
 * resolved. Files among the standard streams need their filesystem permission as well.
 * @param command Borrowed, not NULL.
 * @param process Not NULL. Owned; give it up with airssys_process_drop().
 * @param error   May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK or a spawn error.
 */
airssys_code airssys_processes_spawn(const airssys_command *command, airssys_process *process, airssys_error *error);

/**
 * Starts a program, writes to it, collects what it writes, and waits until it has ended. All of it goes on at once, so
 * that large input and output do not block each other. A program that does not read its input, or fails, is no error of
 * this function.
 *
 * Permission: `process = [{ action = "spawn", program = "<path>" }]`.
 * @param command Borrowed, not NULL. Its standard input is not used; an output that is not piped gives nothing.
 * @param input   What the program reads. Borrowed.
 * @param output  Not NULL. Owned; free it with airssys_process_output_free().
 * @param error   May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, ::AIRSSYS_TIMEOUT or ::AIRSSYS_OUTPUT_TOO_LARGE (the process and what it has started are gone),
 *         or a spawn error.
 */
airssys_code airssys_processes_run(const airssys_command *command, airssys_bytes input, airssys_process_output *output,
                                   airssys_error *error);

/**
 * Starts several programs, each of which reads what the one before it writes, and waits until all have ended. One that
 * fails does not end the others and shows in the statuses.
 *
 * Permission: `process = [{ action = "spawn", program = "<path>" }]` for each program. If it is missing for one, none is
 * started.
 * @param commands      Borrowed. Their standard input and output are not used. May be NULL if @p command_count is 0.
 * @param command_count How many there are; at least one.
 * @param input         What the first one reads. Borrowed.
 * @param output        Not NULL. Owned; free it with airssys_pipeline_output_free().
 * @param error         May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, ::AIRSSYS_INVALID_ARGUMENT (also for no command), ::AIRSSYS_TIMEOUT or
 *         ::AIRSSYS_OUTPUT_TOO_LARGE (all of them are gone), or a spawn error.
 */
airssys_code airssys_processes_run_pipeline(const airssys_command *commands, size_t command_count, airssys_bytes input,
                                            airssys_pipeline_output *output, airssys_error *error);

/**
 * Waits until one of several processes has ended. If several have, it is the first in the list.
 *
 * Permission: none, for the component's own processes.
 * @param ids        Borrowed.
 * @param id_count   How many there are; at least one.
 * @param timeout_ms Milliseconds, then it gives none; none waits as long as the call may take.
 * @param finished   Not NULL.
 * @param error      May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, ::AIRSSYS_INVALID_ARGUMENT (the list is empty), ::AIRSSYS_PROCESS_NOT_FOUND or ::AIRSSYS_IO.
 */
airssys_code airssys_processes_wait_any(const airssys_process_id *ids, size_t id_count, airssys_optional_u32 timeout_ms,
                                        airssys_optional_finished *finished, airssys_error *error);

/**
 * Gives the processes whose handles the component holds, ended ones included.
 *
 * Permission: none.
 * @param processes Not NULL. Owned; free it with airssys_process_info_list_free().
 */
void airssys_processes_list_processes(airssys_process_info_list *processes);

/**
 * Says what one of the component's processes is and what it does.
 *
 * Permission: none, for the component's own processes.
 * @param id    Which.
 * @param info  Not NULL. Owned; free it with airssys_process_info_free().
 * @param error May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, ::AIRSSYS_PROCESS_NOT_FOUND or ::AIRSSYS_IO.
 */
airssys_code airssys_processes_get_process_info(airssys_process_id id, airssys_process_info *info,
                                                airssys_error *error);

/**
 * Gives the id of a process.
 *
 * Permission: none; held by the handle.
 * @param process Borrowed.
 */
airssys_process_id airssys_process_get_id(airssys_process process);

/**
 * Says what a process is and what it does, before and after it has ended.
 *
 * Permission: none; held by the handle.
 * @param process Borrowed.
 * @param info    Not NULL. Owned; free it with airssys_process_info_free().
 * @param error   May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK or ::AIRSSYS_IO.
 */
airssys_code airssys_process_get_info(airssys_process process, airssys_process_info *info, airssys_error *error);

/**
 * Waits until a process has ended, as long as the call may take. Output that nobody reads can keep it from ending;
 * airssys_stdio_communicate() reads it while it waits.
 *
 * Permission: none; held by the handle.
 * @param process Borrowed.
 * @param status  Not NULL.
 * @param error   May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK or ::AIRSSYS_IO.
 */
airssys_code airssys_process_wait(airssys_process process, airssys_exit_status *status, airssys_error *error);

/**
 * Waits until a process has ended, but at most this many milliseconds.
 *
 * Permission: none; held by the handle.
 * @param process    Borrowed.
 * @param timeout_ms Milliseconds.
 * @param status     Not NULL. None if it still goes on.
 * @param error      May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK or ::AIRSSYS_IO.
 */
airssys_code airssys_process_wait_timeout(airssys_process process, uint32_t timeout_ms,
                                          airssys_optional_exit_status *status, airssys_error *error);

/**
 * Says how a process has ended, without waiting.
 *
 * Permission: none; held by the handle.
 * @param process Borrowed.
 * @param status  Not NULL. None if it still goes on.
 * @param error   May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK or ::AIRSSYS_IO.
 */
airssys_code airssys_process_try_wait(airssys_process process, airssys_optional_exit_status *status,
                                      airssys_error *error);

/**
 * Says whether a process has not ended yet. A stopped process has not.
 *
 * Permission: none; held by the handle.
 * @param process Borrowed.
 */
bool airssys_process_is_running(airssys_process process);

/**
 * Gives what a process has used, also after it has ended.
 *
 * Permission: none; held by the handle.
 * @param process Borrowed.
 * @param usage   Not NULL.
 * @param error   May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, ::AIRSSYS_UNSUPPORTED (the host cannot measure it) or ::AIRSSYS_IO.
 */
airssys_code airssys_process_get_usage(airssys_process process, airssys_process_usage *usage, airssys_error *error);

/**
 * Gives the limits that a process runs under.
 *
 * Permission: none; held by the handle.
 * @param process Borrowed.
 * @param limits  Not NULL.
 * @param error   May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK or ::AIRSSYS_IO.
 */
airssys_code airssys_process_get_limits(airssys_process process, airssys_process_limits *limits, airssys_error *error);

/**
 * Sets the limits of a process, all at once. They count from its start.
 *
 * Permission: none; held by the handle.
 * @param process Borrowed.
 * @param limits  Borrowed, not NULL.
 * @param error   May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, ::AIRSSYS_ALREADY_EXITED, ::AIRSSYS_INVALID_ARGUMENT (above the host's limit),
 *         ::AIRSSYS_UNSUPPORTED (the host cannot change a limit of a running process) or ::AIRSSYS_IO.
 */
airssys_code airssys_process_set_limits(airssys_process process, const airssys_process_limits *limits,
                                        airssys_error *error);

/**
 * Gives up a process: kills it and what it has started, if they have not ended. One that is dropped already is fine.
 * @param process Not NULL; is dropped then.
 */
void airssys_process_drop(airssys_process *process);

#ifdef __cplusplus
}
#endif

#endif
