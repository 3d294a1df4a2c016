/* The export stdio: each function forwards to the SDK. */
#include "process_convert.h"

bool exports_airssys_ext_process_stdio_write_stdin(exported_process *process, airssys_bindings_list_u8_t *data,
                                                   uint32_t *result, process_failure *failure) {
    airssys_error error;
    airssys_code code = airssys_stdio_write_stdin(process->process, view_bytes(data), result, &error);
    airssys_bindings_list_u8_free(data);
    return finish_process(code, &error, failure);
}

bool exports_airssys_ext_process_stdio_close_stdin(exported_process *process, process_failure *failure) {
    airssys_error error;
    airssys_code code = airssys_stdio_close_stdin(process->process, &error);
    return finish_process(code, &error, failure);
}

bool exports_airssys_ext_process_stdio_read_stdout(exported_process *process, uint32_t max_bytes,
                                                   airssys_bindings_list_u8_t *result, process_failure *failure) {
    airssys_bytes data;
    airssys_error error;
    airssys_code code = airssys_stdio_read_stdout(process->process, max_bytes, &data, &error);
    *result = give_bytes(data);
    return finish_process(code, &error, failure);
}

bool exports_airssys_ext_process_stdio_read_stderr(exported_process *process, uint32_t max_bytes,
                                                   airssys_bindings_list_u8_t *result, process_failure *failure) {
    airssys_bytes data;
    airssys_error error;
    airssys_code code = airssys_stdio_read_stderr(process->process, max_bytes, &data, &error);
    *result = give_bytes(data);
    return finish_process(code, &error, failure);
}

bool exports_airssys_ext_process_stdio_read_stdout_to_end(exported_process *process, airssys_bindings_list_u8_t *result,
                                                          process_failure *failure) {
    airssys_bytes data;
    airssys_error error;
    airssys_code code = airssys_stdio_read_stdout_to_end(process->process, &data, &error);
    *result = give_bytes(data);
    return finish_process(code, &error, failure);
}

bool exports_airssys_ext_process_stdio_read_stderr_to_end(exported_process *process, airssys_bindings_list_u8_t *result,
                                                          process_failure *failure) {
    airssys_bytes data;
    airssys_error error;
    airssys_code code = airssys_stdio_read_stderr_to_end(process->process, &data, &error);
    *result = give_bytes(data);
    return finish_process(code, &error, failure);
}

bool exports_airssys_ext_process_stdio_communicate(exported_process *process, airssys_bindings_list_u8_t *input,
                                                   airssys_ext_process_types_process_output_t *result,
                                                   process_failure *failure) {
    airssys_process_output output;
    airssys_error error;
    airssys_code code = airssys_stdio_communicate(process->process, view_bytes(input), &output, &error);
    airssys_bindings_list_u8_free(input);
    *result = give_process_output(&output);
    return finish_process(code, &error, failure);
}
