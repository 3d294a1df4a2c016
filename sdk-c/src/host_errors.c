/* The errors that imports give, as those of the SDK. */
#include <assert.h>

#include "process_conversions.h"

airssys_code airssys_internal_succeed(airssys_error *error) {
    return airssys_error_set(error, AIRSSYS_OK, (airssys_string){NULL, 0});
}

/* Moves what the temporary error owns to where the caller wants it. */
static airssys_code hand_over(airssys_error taken, airssys_error *error) {
    airssys_code code = taken.code;
    if (error != NULL) {
        *error = taken;
    } else {
        airssys_error_free(&taken);
    }
    return code;
}

static airssys_code hand_over_text(airssys_code code, airssys_bindings_string_t text, airssys_error *error) {
    return hand_over((airssys_error){.code = code, .text = airssys_internal_take_string(text)}, error);
}

static airssys_code hand_over_denial(const airssys_core_capabilities_permission_denial_t *denial,
                                     airssys_error *error) {
    airssys_error taken = {.code = AIRSSYS_PERMISSION_DENIED};
    taken.denial.operation = airssys_internal_take_string(denial->operation);
    taken.denial.resource = airssys_internal_take_string(denial->resource);
    taken.denial.missing = airssys_internal_take_string(denial->missing);
    return hand_over(taken, error);
}

airssys_code airssys_internal_take_filesystem_error(airssys_ext_filesystem_types_filesystem_error_t *from,
                                                    airssys_error *error) {
    switch (from->tag) {
    case AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_NOT_FOUND:
        return hand_over_text(AIRSSYS_NOT_FOUND, from->val.not_found, error);
    case AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_PERMISSION_DENIED:
        return hand_over_denial(&from->val.permission_denied, error);
    case AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_ALREADY_EXISTS:
        return hand_over_text(AIRSSYS_ALREADY_EXISTS, from->val.already_exists, error);
    case AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_INVALID_PATH:
        return hand_over_text(AIRSSYS_INVALID_PATH, from->val.invalid_path, error);
    case AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_NOT_A_DIRECTORY:
        return hand_over_text(AIRSSYS_NOT_A_DIRECTORY, from->val.not_a_directory, error);
    case AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_IS_A_DIRECTORY:
        return hand_over_text(AIRSSYS_IS_A_DIRECTORY, from->val.is_a_directory, error);
    case AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_DIRECTORY_NOT_EMPTY:
        return hand_over_text(AIRSSYS_DIRECTORY_NOT_EMPTY, from->val.directory_not_empty, error);
    case AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_TOO_MANY_LINKS:
        return hand_over_text(AIRSSYS_TOO_MANY_LINKS, from->val.too_many_links, error);
    case AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_NAME_TOO_LONG:
        return hand_over_text(AIRSSYS_NAME_TOO_LONG, from->val.name_too_long, error);
    case AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_CROSS_DEVICE:
        return hand_over_text(AIRSSYS_CROSS_DEVICE, from->val.cross_device, error);
    case AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_LOCKED:
        return hand_over_text(AIRSSYS_LOCKED, from->val.locked, error);
    case AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_INVALID_ARGUMENT:
        return hand_over_text(AIRSSYS_INVALID_ARGUMENT, from->val.invalid_argument, error);
    case AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_UNSUPPORTED:
        return hand_over_text(AIRSSYS_UNSUPPORTED, from->val.unsupported, error);
    case AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_QUOTA_EXCEEDED:
        return hand_over_text(AIRSSYS_QUOTA_EXCEEDED, from->val.quota_exceeded, error);
    case AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_TOO_MANY_OPEN_FILES:
        return hand_over((airssys_error){.code = AIRSSYS_TOO_MANY_OPEN_FILES}, error);
    case AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_IO:
        return hand_over_text(AIRSSYS_IO, from->val.io, error);
    default:
        airssys_panic(AIRSSYS_STRING("the host gave a filesystem error that the contract does not have"));
    }
}

airssys_code airssys_internal_take_messaging_error(airssys_core_types_messaging_error_t *from, airssys_error *error) {
    airssys_error taken = {.code = AIRSSYS_OK};
    switch (from->tag) {
    case AIRSSYS_CORE_TYPES_MESSAGING_ERROR_COMPONENT_NOT_FOUND:
        taken.code = AIRSSYS_COMPONENT_NOT_FOUND;
        taken.component = airssys_internal_take_component_id(from->val.component_not_found);
        return hand_over(taken, error);
    case AIRSSYS_CORE_TYPES_MESSAGING_ERROR_PERMISSION_DENIED:
        return hand_over_denial(&from->val.permission_denied, error);
    case AIRSSYS_CORE_TYPES_MESSAGING_ERROR_MAILBOX_FULL:
        taken.code = AIRSSYS_MAILBOX_FULL;
        taken.component = airssys_internal_take_component_id(from->val.mailbox_full);
        return hand_over(taken, error);
    case AIRSSYS_CORE_TYPES_MESSAGING_ERROR_PAYLOAD_TOO_LARGE:
        taken.code = AIRSSYS_PAYLOAD_TOO_LARGE;
        taken.limit = from->val.payload_too_large;
        return hand_over(taken, error);
    case AIRSSYS_CORE_TYPES_MESSAGING_ERROR_TIMEOUT:
        return hand_over_text(AIRSSYS_TIMEOUT, from->val.timeout, error);
    case AIRSSYS_CORE_TYPES_MESSAGING_ERROR_UNKNOWN_REQUEST:
        return hand_over_text(AIRSSYS_UNKNOWN_REQUEST, from->val.unknown_request, error);
    case AIRSSYS_CORE_TYPES_MESSAGING_ERROR_DELIVERY_FAILED:
        return hand_over_text(AIRSSYS_DELIVERY_FAILED, from->val.delivery_failed, error);
    default:
        airssys_panic(AIRSSYS_STRING("the host gave a messaging error that the contract does not have"));
    }
}

#ifdef AIRSSYS_EXT_NETWORK_TYPES_NETWORK_ERROR_IO
airssys_code airssys_internal_take_network_error(airssys_ext_network_types_network_error_t *from,
                                                 airssys_error *error) {
    switch (from->tag) {
    case AIRSSYS_EXT_NETWORK_TYPES_NETWORK_ERROR_PERMISSION_DENIED:
        return hand_over_denial(&from->val.permission_denied, error);
    case AIRSSYS_EXT_NETWORK_TYPES_NETWORK_ERROR_CONNECTION_REFUSED:
        return hand_over((airssys_error){.code = AIRSSYS_CONNECTION_REFUSED}, error);
    case AIRSSYS_EXT_NETWORK_TYPES_NETWORK_ERROR_CONNECTION_RESET:
        return hand_over((airssys_error){.code = AIRSSYS_CONNECTION_RESET}, error);
    case AIRSSYS_EXT_NETWORK_TYPES_NETWORK_ERROR_CONNECTION_ABORTED:
        return hand_over((airssys_error){.code = AIRSSYS_CONNECTION_ABORTED}, error);
    case AIRSSYS_EXT_NETWORK_TYPES_NETWORK_ERROR_NOT_CONNECTED:
        return hand_over((airssys_error){.code = AIRSSYS_NOT_CONNECTED}, error);
    case AIRSSYS_EXT_NETWORK_TYPES_NETWORK_ERROR_TIMEOUT:
        return hand_over((airssys_error){.code = AIRSSYS_TIMEOUT}, error);
    case AIRSSYS_EXT_NETWORK_TYPES_NETWORK_ERROR_HOST_UNREACHABLE:
        return hand_over((airssys_error){.code = AIRSSYS_HOST_UNREACHABLE}, error);
    case AIRSSYS_EXT_NETWORK_TYPES_NETWORK_ERROR_NETWORK_UNREACHABLE:
        return hand_over((airssys_error){.code = AIRSSYS_NETWORK_UNREACHABLE}, error);
    case AIRSSYS_EXT_NETWORK_TYPES_NETWORK_ERROR_ADDRESS_IN_USE:
        return hand_over((airssys_error){.code = AIRSSYS_ADDRESS_IN_USE}, error);
    case AIRSSYS_EXT_NETWORK_TYPES_NETWORK_ERROR_ADDRESS_NOT_AVAILABLE:
        return hand_over((airssys_error){.code = AIRSSYS_ADDRESS_NOT_AVAILABLE}, error);
    case AIRSSYS_EXT_NETWORK_TYPES_NETWORK_ERROR_NAME_NOT_FOUND:
        return hand_over_text(AIRSSYS_NAME_NOT_FOUND, from->val.name_not_found, error);
    case AIRSSYS_EXT_NETWORK_TYPES_NETWORK_ERROR_TEMPORARY_RESOLVER_FAILURE:
        return hand_over_text(AIRSSYS_TEMPORARY_RESOLVER_FAILURE, from->val.temporary_resolver_failure, error);
    case AIRSSYS_EXT_NETWORK_TYPES_NETWORK_ERROR_INVALID_ARGUMENT:
        return hand_over_text(AIRSSYS_INVALID_ARGUMENT, from->val.invalid_argument, error);
    case AIRSSYS_EXT_NETWORK_TYPES_NETWORK_ERROR_UNSUPPORTED:
        return hand_over_text(AIRSSYS_UNSUPPORTED, from->val.unsupported, error);
    case AIRSSYS_EXT_NETWORK_TYPES_NETWORK_ERROR_TLS_HANDSHAKE:
        return hand_over_text(AIRSSYS_TLS_HANDSHAKE, from->val.tls_handshake, error);
    case AIRSSYS_EXT_NETWORK_TYPES_NETWORK_ERROR_CERTIFICATE_INVALID:
        return hand_over_text(AIRSSYS_CERTIFICATE_INVALID, from->val.certificate_invalid, error);
    case AIRSSYS_EXT_NETWORK_TYPES_NETWORK_ERROR_DATAGRAM_TOO_LARGE:
        return hand_over((airssys_error){.code = AIRSSYS_DATAGRAM_TOO_LARGE}, error);
    case AIRSSYS_EXT_NETWORK_TYPES_NETWORK_ERROR_END_OF_STREAM:
        return hand_over((airssys_error){.code = AIRSSYS_END_OF_STREAM, .received = from->val.end_of_stream}, error);
    case AIRSSYS_EXT_NETWORK_TYPES_NETWORK_ERROR_POOL_EXHAUSTED:
        return hand_over((airssys_error){.code = AIRSSYS_POOL_EXHAUSTED}, error);
    case AIRSSYS_EXT_NETWORK_TYPES_NETWORK_ERROR_TOO_MANY_SOCKETS:
        return hand_over((airssys_error){.code = AIRSSYS_TOO_MANY_SOCKETS}, error);
    case AIRSSYS_EXT_NETWORK_TYPES_NETWORK_ERROR_IO:
        return hand_over_text(AIRSSYS_IO, from->val.io, error);
    default:
        airssys_panic(AIRSSYS_STRING("the host gave a network error that the contract does not have"));
    }
}
#endif

#ifdef AIRSSYS_EXT_PROCESS_TYPES_PROCESS_ERROR_IO
static_assert((int)AIRSSYS_STDIO_STREAM_STDIN == AIRSSYS_EXT_PROCESS_TYPES_STDIO_STREAM_STDIN &&
                  (int)AIRSSYS_STDIO_STREAM_STDOUT == AIRSSYS_EXT_PROCESS_TYPES_STDIO_STREAM_STDOUT &&
                  (int)AIRSSYS_STDIO_STREAM_STDERR == AIRSSYS_EXT_PROCESS_TYPES_STDIO_STREAM_STDERR,
              "streams are in the contract's order");

airssys_code airssys_internal_take_process_error(airssys_ext_process_types_process_error_t *from,
                                                 airssys_error *error) {
    switch (from->tag) {
    case AIRSSYS_EXT_PROCESS_TYPES_PROCESS_ERROR_PERMISSION_DENIED:
        return hand_over_denial(&from->val.permission_denied, error);
    case AIRSSYS_EXT_PROCESS_TYPES_PROCESS_ERROR_PROGRAM_NOT_FOUND:
        return hand_over_text(AIRSSYS_PROGRAM_NOT_FOUND, from->val.program_not_found, error);
    case AIRSSYS_EXT_PROCESS_TYPES_PROCESS_ERROR_NOT_EXECUTABLE:
        return hand_over_text(AIRSSYS_NOT_EXECUTABLE, from->val.not_executable, error);
    case AIRSSYS_EXT_PROCESS_TYPES_PROCESS_ERROR_PROCESS_NOT_FOUND:
        return hand_over((airssys_error){.code = AIRSSYS_PROCESS_NOT_FOUND, .process_id = from->val.process_not_found},
                         error);
    case AIRSSYS_EXT_PROCESS_TYPES_PROCESS_ERROR_ALREADY_EXITED:
        return hand_over((airssys_error){.code = AIRSSYS_ALREADY_EXITED,
                                         .exit_status = airssys_internal_exit_status(&from->val.already_exited)},
                         error);
    case AIRSSYS_EXT_PROCESS_TYPES_PROCESS_ERROR_NOT_PIPED:
        return hand_over(
            (airssys_error){.code = AIRSSYS_NOT_PIPED, .stream = (airssys_stdio_stream)from->val.not_piped}, error);
    case AIRSSYS_EXT_PROCESS_TYPES_PROCESS_ERROR_STDIN_CLOSED:
        return hand_over((airssys_error){.code = AIRSSYS_STDIN_CLOSED}, error);
    case AIRSSYS_EXT_PROCESS_TYPES_PROCESS_ERROR_TIMEOUT:
        return hand_over((airssys_error){.code = AIRSSYS_TIMEOUT}, error);
    case AIRSSYS_EXT_PROCESS_TYPES_PROCESS_ERROR_TOO_MANY_PROCESSES:
        return hand_over((airssys_error){.code = AIRSSYS_TOO_MANY_PROCESSES}, error);
    case AIRSSYS_EXT_PROCESS_TYPES_PROCESS_ERROR_OUTPUT_TOO_LARGE:
        return hand_over((airssys_error){.code = AIRSSYS_OUTPUT_TOO_LARGE, .limit = from->val.output_too_large}, error);
    case AIRSSYS_EXT_PROCESS_TYPES_PROCESS_ERROR_INVALID_ARGUMENT:
        return hand_over_text(AIRSSYS_INVALID_ARGUMENT, from->val.invalid_argument, error);
    case AIRSSYS_EXT_PROCESS_TYPES_PROCESS_ERROR_UNSUPPORTED:
        return hand_over_text(AIRSSYS_UNSUPPORTED, from->val.unsupported, error);
    case AIRSSYS_EXT_PROCESS_TYPES_PROCESS_ERROR_IO:
        return hand_over_text(AIRSSYS_IO, from->val.io, error);
    default:
        airssys_panic(AIRSSYS_STRING("the host gave a process error that the contract does not have"));
    }
}
#endif
