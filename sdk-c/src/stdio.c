#include <airssys/stdio.h>

#include "process_conversions.h"

#ifdef AIRSSYS_EXT_PROCESS_TYPES_PROCESS_ERROR_IO
#define borrow airssys_internal_borrow_process

airssys_code airssys_stdio_write_stdin(airssys_process process, airssys_bytes data, uint32_t *written,
                                       airssys_error *error) {
    airssys_bindings_list_u8_t lent = airssys_internal_lend_bytes(data);
    uint32_t count = 0;
    process_failure failure;
    bool succeeded = airssys_ext_process_stdio_write_stdin(borrow(process), &lent, &count, &failure);
    if (written != NULL) {
        *written = succeeded ? count : 0;
    }
    return airssys_internal_finish_process(succeeded, &failure, error);
}

airssys_code airssys_stdio_close_stdin(airssys_process process, airssys_error *error) {
    process_failure failure;
    bool succeeded = airssys_ext_process_stdio_close_stdin(borrow(process), &failure);
    return airssys_internal_finish_process(succeeded, &failure, error);
}

/* Takes the bytes that an import gave, or none if it failed. */
static airssys_code finish_bytes(bool succeeded, airssys_bindings_list_u8_t found, process_failure *failure,
                                 airssys_bytes *data, airssys_error *error) {
    *data = succeeded ? airssys_internal_take_bytes(found) : (airssys_bytes){NULL, 0};
    return airssys_internal_finish_process(succeeded, failure, error);
}

airssys_code airssys_stdio_read_stdout(airssys_process process, uint32_t max_bytes, airssys_bytes *data,
                                       airssys_error *error) {
    airssys_bindings_list_u8_t found = {NULL, 0};
    process_failure failure;
    bool succeeded = airssys_ext_process_stdio_read_stdout(borrow(process), max_bytes, &found, &failure);
    return finish_bytes(succeeded, found, &failure, data, error);
}

airssys_code airssys_stdio_read_stderr(airssys_process process, uint32_t max_bytes, airssys_bytes *data,
                                       airssys_error *error) {
    airssys_bindings_list_u8_t found = {NULL, 0};
    process_failure failure;
    bool succeeded = airssys_ext_process_stdio_read_stderr(borrow(process), max_bytes, &found, &failure);
    return finish_bytes(succeeded, found, &failure, data, error);
}

airssys_code airssys_stdio_read_stdout_to_end(airssys_process process, airssys_bytes *data, airssys_error *error) {
    airssys_bindings_list_u8_t found = {NULL, 0};
    process_failure failure;
    bool succeeded = airssys_ext_process_stdio_read_stdout_to_end(borrow(process), &found, &failure);
    return finish_bytes(succeeded, found, &failure, data, error);
}

airssys_code airssys_stdio_read_stderr_to_end(airssys_process process, airssys_bytes *data, airssys_error *error) {
    airssys_bindings_list_u8_t found = {NULL, 0};
    process_failure failure;
    bool succeeded = airssys_ext_process_stdio_read_stderr_to_end(borrow(process), &found, &failure);
    return finish_bytes(succeeded, found, &failure, data, error);
}

airssys_code airssys_stdio_communicate(airssys_process process, airssys_bytes input, airssys_process_output *output,
                                       airssys_error *error) {
    *output = (airssys_process_output){.status = {AIRSSYS_EXIT_CODE}};
    airssys_bindings_list_u8_t lent = airssys_internal_lend_bytes(input);
    airssys_ext_process_types_process_output_t found;
    process_failure failure;
    bool succeeded = airssys_ext_process_stdio_communicate(borrow(process), &lent, &found, &failure);
    if (succeeded) {
        *output = airssys_internal_take_process_output(&found);
    }
    return airssys_internal_finish_process(succeeded, &failure, error);
}
#endif
