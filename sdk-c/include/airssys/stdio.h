/**
 * @file
 * @brief The standard streams of a process that are ::AIRSSYS_STDIO_PIPED.
 *
 * Needs the extension `ext-process`. Not the `stdio.h` of C, which has no place in a component.
 */
#ifndef AIRSSYS_STDIO_H
#define AIRSSYS_STDIO_H

#include <airssys/error.h>
#include <airssys/process_types.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Writes to the standard input of a process: waits until the pipe takes at least one byte.
 *
 * Permission: none; held by the handle.
 * @param process Borrowed.
 * @param data    Borrowed.
 * @param written Gets how many bytes the pipe took, which may be less than given. May be NULL.
 * @param error   May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, ::AIRSSYS_NOT_PIPED, ::AIRSSYS_STDIN_CLOSED (on this side or by the process) or ::AIRSSYS_IO.
 */
airssys_code airssys_stdio_write_stdin(airssys_process process, airssys_bytes data, uint32_t *written,
                                       airssys_error *error);

/**
 * Closes the standard input of a process, which then reads the end of its input.
 *
 * Permission: none; held by the handle.
 * @param process Borrowed.
 * @param error   May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, ::AIRSSYS_NOT_PIPED, ::AIRSSYS_STDIN_CLOSED (already) or ::AIRSSYS_IO.
 */
airssys_code airssys_stdio_close_stdin(airssys_process process, airssys_error *error);

/**
 * Reads from the standard output of a process: waits until there is something and gives what is there.
 *
 * Permission: none; held by the handle.
 * @param process   Borrowed.
 * @param max_bytes Most bytes to read; the host's own limit is 16 MiB by default.
 * @param data      Not NULL. Empty at the end, or if @p max_bytes is 0. Owned; free it with airssys_bytes_free().
 * @param error     May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, ::AIRSSYS_NOT_PIPED or ::AIRSSYS_IO.
 */
airssys_code airssys_stdio_read_stdout(airssys_process process, uint32_t max_bytes, airssys_bytes *data,
                                       airssys_error *error);

/**
 * Reads from the standard error of a process, as airssys_stdio_read_stdout() does.
 *
 * Permission: none; held by the handle.
 * @param process   Borrowed.
 * @param max_bytes Most bytes to read; the host's own limit is 16 MiB by default.
 * @param data      Not NULL. Empty at the end, or if @p max_bytes is 0. Owned; free it with airssys_bytes_free().
 * @param error     May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, ::AIRSSYS_NOT_PIPED or ::AIRSSYS_IO.
 */
airssys_code airssys_stdio_read_stderr(airssys_process process, uint32_t max_bytes, airssys_bytes *data,
                                       airssys_error *error);

/**
 * Reads the standard output of a process until its end.
 *
 * Permission: none; held by the handle.
 * @param process Borrowed.
 * @param data    Not NULL. Owned; free it with airssys_bytes_free().
 * @param error   May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, ::AIRSSYS_NOT_PIPED, ::AIRSSYS_OUTPUT_TOO_LARGE or ::AIRSSYS_IO.
 */
airssys_code airssys_stdio_read_stdout_to_end(airssys_process process, airssys_bytes *data, airssys_error *error);

/**
 * Reads the standard error of a process until its end.
 *
 * Permission: none; held by the handle.
 * @param process Borrowed.
 * @param data    Not NULL. Owned; free it with airssys_bytes_free().
 * @param error   May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, ::AIRSSYS_NOT_PIPED, ::AIRSSYS_OUTPUT_TOO_LARGE or ::AIRSSYS_IO.
 */
airssys_code airssys_stdio_read_stderr_to_end(airssys_process process, airssys_bytes *data, airssys_error *error);

/**
 * Writes to a process, closes its standard input, reads both outputs until their end, and waits until it has ended. All
 * of it goes on at once, so that large input and output do not block each other.
 *
 * Permission: none; held by the handle.
 * @param process Borrowed.
 * @param input   Borrowed. A process that ends without reading all of it is no error.
 * @param output  Not NULL. An output that is not piped is empty. Owned; free it with airssys_process_output_free().
 * @param error   May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, ::AIRSSYS_NOT_PIPED or ::AIRSSYS_STDIN_CLOSED (there is input, but no open pipe for it),
 *         ::AIRSSYS_OUTPUT_TOO_LARGE, ::AIRSSYS_TIMEOUT (the process and what it has started are gone) or ::AIRSSYS_IO.
 */
airssys_code airssys_stdio_communicate(airssys_process process, airssys_bytes input, airssys_process_output *output,
                                       airssys_error *error);

#ifdef __cplusplus
}
#endif

#endif
