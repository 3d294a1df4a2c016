#include <airssys/error.h>

#include "conversions.h"

airssys_code airssys_error_set(airssys_error *error, airssys_code code, airssys_string text) {
    if (error != NULL) {
        *error = (airssys_error){.code = code};
        if (code != AIRSSYS_OK) {
            error->text = airssys_string_copy(text);
        }
    }
    return code;
}

void airssys_error_free(airssys_error *error) {
    airssys_string_free(&error->text);
    airssys_string_free(&error->denial.operation);
    airssys_string_free(&error->denial.resource);
    airssys_string_free(&error->denial.missing);
    airssys_component_id_free(&error->component);
    *error = (airssys_error){.code = AIRSSYS_OK};
}

const char *airssys_code_name(airssys_code code) {
    switch (code) {
    case AIRSSYS_OK:
        return "ok";
    case AIRSSYS_NOT_FOUND:
        return "not-found";
    case AIRSSYS_ALREADY_EXISTS:
        return "already-exists";
    case AIRSSYS_INVALID_PATH:
        return "invalid-path";
    case AIRSSYS_NOT_A_DIRECTORY:
        return "not-a-directory";
    case AIRSSYS_IS_A_DIRECTORY:
        return "is-a-directory";
    case AIRSSYS_DIRECTORY_NOT_EMPTY:
        return "directory-not-empty";
    case AIRSSYS_TOO_MANY_LINKS:
        return "too-many-links";
    case AIRSSYS_NAME_TOO_LONG:
        return "name-too-long";
    case AIRSSYS_CROSS_DEVICE:
        return "cross-device";
    case AIRSSYS_LOCKED:
        return "locked";
    case AIRSSYS_INVALID_ARGUMENT:
        return "invalid-argument";
    case AIRSSYS_UNSUPPORTED:
        return "unsupported";
    case AIRSSYS_QUOTA_EXCEEDED:
        return "quota-exceeded";
    case AIRSSYS_TOO_MANY_OPEN_FILES:
        return "too-many-open-files";
    case AIRSSYS_IO:
        return "io";
    case AIRSSYS_CONNECTION_REFUSED:
        return "connection-refused";
    case AIRSSYS_CONNECTION_RESET:
        return "connection-reset";
    case AIRSSYS_CONNECTION_ABORTED:
        return "connection-aborted";
    case AIRSSYS_NOT_CONNECTED:
        return "not-connected";
    case AIRSSYS_HOST_UNREACHABLE:
        return "host-unreachable";
    case AIRSSYS_NETWORK_UNREACHABLE:
        return "network-unreachable";
    case AIRSSYS_ADDRESS_IN_USE:
        return "address-in-use";
    case AIRSSYS_ADDRESS_NOT_AVAILABLE:
        return "address-not-available";
    case AIRSSYS_NAME_NOT_FOUND:
        return "name-not-found";
    case AIRSSYS_TEMPORARY_RESOLVER_FAILURE:
        return "temporary-resolver-failure";
    case AIRSSYS_TLS_HANDSHAKE:
        return "tls-handshake";
    case AIRSSYS_CERTIFICATE_INVALID:
        return "certificate-invalid";
    case AIRSSYS_DATAGRAM_TOO_LARGE:
        return "datagram-too-large";
    case AIRSSYS_END_OF_STREAM:
        return "end-of-stream";
    case AIRSSYS_POOL_EXHAUSTED:
        return "pool-exhausted";
    case AIRSSYS_TOO_MANY_SOCKETS:
        return "too-many-sockets";
    case AIRSSYS_PROGRAM_NOT_FOUND:
        return "program-not-found";
    case AIRSSYS_NOT_EXECUTABLE:
        return "not-executable";
    case AIRSSYS_PROCESS_NOT_FOUND:
        return "process-not-found";
    case AIRSSYS_ALREADY_EXITED:
        return "already-exited";
    case AIRSSYS_NOT_PIPED:
        return "not-piped";
    case AIRSSYS_STDIN_CLOSED:
        return "stdin-closed";
    case AIRSSYS_TOO_MANY_PROCESSES:
        return "too-many-processes";
    case AIRSSYS_OUTPUT_TOO_LARGE:
        return "output-too-large";
    case AIRSSYS_PERMISSION_DENIED:
        return "permission-denied";
    case AIRSSYS_TIMEOUT:
        return "timeout";
    case AIRSSYS_COMPONENT_NOT_FOUND:
        return "component-not-found";
    case AIRSSYS_MAILBOX_FULL:
        return "mailbox-full";
    case AIRSSYS_PAYLOAD_TOO_LARGE:
        return "payload-too-large";
    case AIRSSYS_UNKNOWN_REQUEST:
        return "unknown-request";
    case AIRSSYS_DELIVERY_FAILED:
        return "delivery-failed";
    case AIRSSYS_INITIALIZATION_FAILED:
        return "initialization-failed";
    case AIRSSYS_CONFIGURATION_INVALID:
        return "configuration-invalid";
    case AIRSSYS_INVALID_MESSAGE:
        return "invalid-message";
    case AIRSSYS_RESOURCE_EXHAUSTED:
        return "resource-exhausted";
    case AIRSSYS_INTERNAL:
        return "internal";
    case AIRSSYS_UNKNOWN_OPERATION:
        return "unknown-operation";
    case AIRSSYS_INVALID_INPUT:
        return "invalid-input";
    case AIRSSYS_PROCESSING_FAILED:
        return "processing-failed";
    }
    return "not a code";
}

static void describe_exit_status(airssys_exit_status status, airssys_string_builder *builder) {
    if (status.kind == AIRSSYS_EXIT_CODE) {
        airssys_string_builder_c(builder, ": with the code ");
        airssys_string_builder_i64(builder, status.code);
        return;
    }
    /* The numbers of the others are the host's alone to know. */
    airssys_string_builder_c(builder, ": by a signal");
    if (status.signal.kind == AIRSSYS_SIGNAL_OTHER) {
        airssys_string_builder_c(builder, ", number ");
        airssys_string_builder_u64(builder, status.signal.number);
    }
}

/* What a case carries that is no text. */
static void describe_number(const airssys_error *error, airssys_string_builder *builder) {
    static const char *const STREAMS[] = {"stdin", "stdout", "stderr"};
    switch (error->code) {
    case AIRSSYS_PAYLOAD_TOO_LARGE:
    case AIRSSYS_OUTPUT_TOO_LARGE:
        airssys_string_builder_c(builder, ": the limit is ");
        airssys_string_builder_u64(builder, error->limit);
        airssys_string_builder_c(builder, " bytes");
        break;
    case AIRSSYS_END_OF_STREAM:
        airssys_string_builder_c(builder, ": after ");
        airssys_string_builder_u64(builder, error->received);
        airssys_string_builder_c(builder, " bytes");
        break;
    case AIRSSYS_PROCESS_NOT_FOUND:
        airssys_string_builder_c(builder, ": ");
        airssys_string_builder_u64(builder, error->process_id);
        break;
    case AIRSSYS_ALREADY_EXITED:
        describe_exit_status(error->exit_status, builder);
        break;
    case AIRSSYS_NOT_PIPED:
        airssys_string_builder_c(builder, ": ");
        airssys_string_builder_c(builder, STREAMS[error->stream]);
        break;
    default:
        break;
    }
}

/* The text of a refusal is the same in every SDK. */
static void describe_denial(const airssys_permission_denial *denial, airssys_string_builder *builder) {
    airssys_string_builder_c(builder, "permission denied: ");
    airssys_string_builder_text(builder, denial->operation);
    airssys_string_builder_c(builder, " on ");
    airssys_string_builder_text(builder, denial->resource);
    if (denial->missing.len == 0) {
        airssys_string_builder_c(builder, ": no permission can allow it");
        return;
    }
    airssys_string_builder_c(builder, ": needs ");
    airssys_string_builder_text(builder, denial->missing);
    airssys_string_builder_c(builder, " in [permissions] of Component.toml, and the operator's grant");
}

void airssys_error_describe(const airssys_error *error, airssys_string_builder *builder) {
    if (error->denial.operation.len > 0) {
        describe_denial(&error->denial, builder);
        return;
    }
    airssys_string_builder_c(builder, airssys_code_name(error->code));
    if (error->text.len > 0) {
        airssys_string_builder_c(builder, ": ");
        airssys_string_builder_text(builder, error->text);
    }
    if (error->component.name.len > 0) {
        airssys_string_builder_c(builder, ": ");
        airssys_string_builder_text(builder, error->component.namespace_);
        airssys_string_builder_c(builder, "/");
        airssys_string_builder_text(builder, error->component.name);
        airssys_string_builder_c(builder, "@");
        airssys_string_builder_text(builder, error->component.version);
    }
    describe_number(error, builder);
}
