#include "fake_host.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NO_FAILURE = 0xFF };

static char calls[16384];
static size_t calls_length;
static uint8_t filesystem_failure = NO_FAILURE;
static uint8_t messaging_failure = NO_FAILURE;
static uint8_t network_failure = NO_FAILURE;
static uint8_t process_failure = NO_FAILURE;
static int open_handles;
static int32_t next_handle = 1;
static bool answer_empty;
static bool print_calls;

void fake_host_reset(void) {
    calls_length = 0;
    calls[0] = '\0';
    filesystem_failure = NO_FAILURE;
    messaging_failure = NO_FAILURE;
    network_failure = NO_FAILURE;
    process_failure = NO_FAILURE;
    answer_empty = false;
}

int fake_host_open_handles(void) {
    return open_handles;
}

int32_t fake_open_handle(void) {
    open_handles++;
    return next_handle++;
}

void fake_close_handle(void) {
    open_handles--;
}

const char *fake_host_calls(void) {
    return calls;
}

bool fake_host_answers_empty(void) {
    return answer_empty;
}

void fake_host_print_calls(void) {
    print_calls = true;
}

void fake_host_fail_filesystem(uint8_t tag) {
    filesystem_failure = tag;
}

void fake_host_fail_messaging(uint8_t tag) {
    messaging_failure = tag;
}

void fake_host_fail_network(uint8_t tag) {
    network_failure = tag;
}

void fake_host_fail_process(uint8_t tag) {
    process_failure = tag;
}

void fake_host_answer_empty(void) {
    answer_empty = true;
}

static void note_bytes(const uint8_t *bytes, size_t len) {
    for (size_t i = 0; i < len; i++) {
        if (calls_length + 3 > sizeof calls) {
            abort();
        }
        if (bytes[i] == '\0') {
            calls[calls_length++] = '\\';
        }
        calls[calls_length++] = bytes[i] == '\0' ? '0' : (char)bytes[i];
    }
    calls[calls_length] = '\0';
}

void fake_note(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    for (; *format != '\0'; format++) {
        if (*format != '%') {
            note_bytes((const uint8_t *)format, 1);
            continue;
        }
        format++;
        if (*format == 'S') {
            const airssys_bindings_string_t *text = va_arg(arguments, const airssys_bindings_string_t *);
            note_bytes(text->ptr, text->len);
        } else if (*format == 'B') {
            const airssys_bindings_list_u8_t *bytes = va_arg(arguments, const airssys_bindings_list_u8_t *);
            note_bytes(bytes->ptr, bytes->len);
        } else if (*format == 's') {
            const char *text = va_arg(arguments, const char *);
            note_bytes((const uint8_t *)text, strlen(text));
        } else {
            char digits[24];
            int count = snprintf(digits, sizeof digits, "%llu", va_arg(arguments, unsigned long long));
            note_bytes((const uint8_t *)digits, (size_t)count);
        }
    }
    va_end(arguments);
    note_bytes((const uint8_t *)"\n", 1);
    if (print_calls) {
        fputs(calls, stdout);
        fflush(stdout);
    }
}

airssys_bindings_string_t fake_string(const char *text, size_t len) {
    if (len == 0) {
        return (airssys_bindings_string_t){FAKE_NOWHERE, 0};
    }
    uint8_t *copy = malloc(len);
    memcpy(copy, text, len);
    return (airssys_bindings_string_t){copy, len};
}

#define STRING(literal) fake_string(literal, answer_empty ? 0 : sizeof literal - 1)

airssys_bindings_list_u8_t fake_bytes(void) {
    airssys_bindings_string_t bytes = STRING(FAKE_BYTES);
    return (airssys_bindings_list_u8_t){bytes.ptr, bytes.len};
}

static airssys_core_capabilities_permission_denial_t fake_denial(void) {
    return (airssys_core_capabilities_permission_denial_t){
        STRING(FAKE_OPERATION),
        STRING(FAKE_RESOURCE),
        STRING(FAKE_MISSING),
    };
}

static airssys_core_types_component_id_t fake_id(void) {
    return (airssys_core_types_component_id_t){STRING("acme"), STRING("other"), STRING("1.2.3")};
}

/* Fills the failure that the test has set, if any; says whether the call succeeds. */
bool fake_filesystem_succeeds(airssys_ext_filesystem_types_filesystem_error_t *failure) {
    if (filesystem_failure == NO_FAILURE) {
        return true;
    }
    failure->tag = filesystem_failure;
    if (filesystem_failure == AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_PERMISSION_DENIED) {
        failure->val.permission_denied = fake_denial();
    } else if (filesystem_failure != AIRSSYS_EXT_FILESYSTEM_TYPES_FILESYSTEM_ERROR_TOO_MANY_OPEN_FILES) {
        failure->val.io = STRING(FAKE_TEXT);
    }
    return false;
}

bool fake_network_succeeds(airssys_ext_network_types_network_error_t *failure) {
    if (network_failure == NO_FAILURE) {
        return true;
    }
    failure->tag = network_failure;
    switch (network_failure) {
    case AIRSSYS_EXT_NETWORK_TYPES_NETWORK_ERROR_PERMISSION_DENIED:
        failure->val.permission_denied = fake_denial();
        break;
    case AIRSSYS_EXT_NETWORK_TYPES_NETWORK_ERROR_END_OF_STREAM:
        failure->val.end_of_stream = UINT64_MAX;
        break;
    case AIRSSYS_EXT_NETWORK_TYPES_NETWORK_ERROR_NAME_NOT_FOUND:
    case AIRSSYS_EXT_NETWORK_TYPES_NETWORK_ERROR_TEMPORARY_RESOLVER_FAILURE:
    case AIRSSYS_EXT_NETWORK_TYPES_NETWORK_ERROR_INVALID_ARGUMENT:
    case AIRSSYS_EXT_NETWORK_TYPES_NETWORK_ERROR_UNSUPPORTED:
    case AIRSSYS_EXT_NETWORK_TYPES_NETWORK_ERROR_TLS_HANDSHAKE:
    case AIRSSYS_EXT_NETWORK_TYPES_NETWORK_ERROR_CERTIFICATE_INVALID:
    case AIRSSYS_EXT_NETWORK_TYPES_NETWORK_ERROR_IO:
        failure->val.io = STRING(FAKE_TEXT);
        break;
    default:
        break;
    }
    return false;
}

bool fake_process_succeeds(airssys_ext_process_types_process_error_t *failure) {
    if (process_failure == NO_FAILURE) {
        return true;
    }
    failure->tag = process_failure;
    switch (process_failure) {
    case AIRSSYS_EXT_PROCESS_TYPES_PROCESS_ERROR_PERMISSION_DENIED:
        failure->val.permission_denied = fake_denial();
        break;
    case AIRSSYS_EXT_PROCESS_TYPES_PROCESS_ERROR_PROCESS_NOT_FOUND:
        failure->val.process_not_found = UINT32_MAX;
        break;
    case AIRSSYS_EXT_PROCESS_TYPES_PROCESS_ERROR_ALREADY_EXITED:
        failure->val.already_exited.tag = AIRSSYS_EXT_PROCESS_TYPES_EXIT_STATUS_CODE;
        failure->val.already_exited.val.code = INT32_MIN;
        break;
    case AIRSSYS_EXT_PROCESS_TYPES_PROCESS_ERROR_NOT_PIPED:
        failure->val.not_piped = AIRSSYS_EXT_PROCESS_TYPES_STDIO_STREAM_STDERR;
        break;
    case AIRSSYS_EXT_PROCESS_TYPES_PROCESS_ERROR_OUTPUT_TOO_LARGE:
        failure->val.output_too_large = UINT64_MAX;
        break;
    case AIRSSYS_EXT_PROCESS_TYPES_PROCESS_ERROR_STDIN_CLOSED:
    case AIRSSYS_EXT_PROCESS_TYPES_PROCESS_ERROR_TIMEOUT:
    case AIRSSYS_EXT_PROCESS_TYPES_PROCESS_ERROR_TOO_MANY_PROCESSES:
        break;
    default:
        failure->val.io = STRING(FAKE_TEXT);
        break;
    }
    return false;
}

static bool messaging_succeeds(airssys_core_types_messaging_error_t *failure) {
    if (messaging_failure == NO_FAILURE) {
        return true;
    }
    failure->tag = messaging_failure;
    switch (messaging_failure) {
    case AIRSSYS_CORE_TYPES_MESSAGING_ERROR_COMPONENT_NOT_FOUND:
    case AIRSSYS_CORE_TYPES_MESSAGING_ERROR_MAILBOX_FULL:
        failure->val.component_not_found = fake_id();
        break;
    case AIRSSYS_CORE_TYPES_MESSAGING_ERROR_PERMISSION_DENIED:
        failure->val.permission_denied = fake_denial();
        break;
    case AIRSSYS_CORE_TYPES_MESSAGING_ERROR_PAYLOAD_TOO_LARGE:
        failure->val.payload_too_large = UINT64_MAX;
        break;
    default:
        failure->val.timeout = STRING(FAKE_TEXT);
        break;
    }
    return false;
}

/* host-services */

void airssys_core_host_services_log(airssys_core_types_log_level_t level, airssys_bindings_string_t *message,
                                    airssys_bindings_list_tuple2_string_string_t *fields) {
    fake_note("host-services.log %u %S", FAKE_NUMBER(level), message);
    for (size_t i = 0; i < fields->len; i++) {
        fake_note("  %S=%S", &fields->ptr[i].f0, &fields->ptr[i].f1);
    }
}

bool airssys_core_host_services_send_message(airssys_core_types_component_id_t *target,
                                             airssys_bindings_list_u8_t *message,
                                             airssys_core_types_messaging_error_t *failure) {
    fake_note("host-services.send-message %S/%S@%S %B", &target->namespace_, &target->name, &target->version, message);
    return messaging_succeeds(failure);
}

bool airssys_core_host_services_send_request(airssys_core_types_component_id_t *target,
                                             airssys_bindings_list_u8_t *request, uint32_t timeout_ms,
                                             airssys_core_types_request_id_t *result,
                                             airssys_core_types_messaging_error_t *failure) {
    fake_note("host-services.send-request %S/%S@%S %B %u", &target->namespace_, &target->name, &target->version,
              request, FAKE_NUMBER(timeout_ms));
    if (!messaging_succeeds(failure)) {
        return false;
    }
    *result = STRING("request-7");
    return true;
}

bool airssys_core_host_services_cancel_request(airssys_core_types_request_id_t *request,
                                               airssys_core_types_messaging_error_t *failure) {
    fake_note("host-services.cancel-request %S", request);
    return messaging_succeeds(failure);
}

void airssys_core_host_services_current_time(airssys_core_types_timestamp_t *result) {
    fake_note("host-services.current-time");
    *result = (airssys_core_types_timestamp_t){UINT64_MAX, 999999999};
}

void airssys_core_host_services_sleep(uint32_t duration_ms) {
    fake_note("host-services.sleep %u", FAKE_NUMBER(duration_ms));
}

void airssys_core_host_services_list_components(airssys_core_host_services_list_component_id_t *result) {
    fake_note("host-services.list-components");
    if (answer_empty) {
        *result = (airssys_core_host_services_list_component_id_t){FAKE_NOWHERE, 0};
        return;
    }
    airssys_core_types_component_id_t *ids = calloc(2, sizeof *ids);
    ids[0] = fake_id();
    ids[1] = fake_id();
    *result = (airssys_core_host_services_list_component_id_t){ids, 2};
}

airssys_bindings_list_string_t fake_strings(void) {
    if (answer_empty) {
        return (airssys_bindings_list_string_t){FAKE_NOWHERE, 0};
    }
    airssys_bindings_string_t *list = calloc(2, sizeof *list);
    list[0] = STRING(FAKE_PATH);
    list[1] = fake_string("", 0);
    return (airssys_bindings_list_string_t){list, 2};
}

bool airssys_core_host_services_get_component_metadata(airssys_core_types_component_id_t *id,
                                                       airssys_core_types_component_metadata_t *result,
                                                       airssys_core_types_messaging_error_t *failure) {
    fake_note("host-services.get-component-metadata %S/%S@%S", &id->namespace_, &id->name, &id->version);
    if (!messaging_succeeds(failure)) {
        return false;
    }
    *result = (airssys_core_types_component_metadata_t){
        fake_id(), STRING("A description."), fake_strings(), {!answer_empty, {NULL, 0}}, fake_strings()};
    if (!answer_empty) {
        result->license.val = STRING("MIT");
    }
    return true;
}
