/**
 * @file
 * @brief What the host calls: the life of a component from `init` to `shutdown`.
 *
 * A component is one ::airssys_component that airssys_component_define() returns. The host calls its functions one at
 * a time, so they need no locks. What they are given is borrowed for the call, unless it says otherwise; what they
 * return must be owned by them, and the SDK frees it.
 */
#ifndef AIRSSYS_COMPONENT_LIFECYCLE_H
#define AIRSSYS_COMPONENT_LIFECYCLE_H

#include <airssys/error.h>
#include <airssys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The name of the operation by which the request of another component arrives. */
#define AIRSSYS_HANDLE_REQUEST "handle-request"

/** The limits that a component runs under. None means that the host's default applies. */
typedef struct airssys_resource_limits {
    airssys_optional_u64 max_memory_bytes;      /**< Most linear memory, in bytes. */
    airssys_optional_u64 max_cpu_time_ms;       /**< Most CPU time of one call, in milliseconds. */
    airssys_optional_u64 max_execution_time_ms; /**< Longest wall-clock time of one call, in ms; default 30,000. */
} airssys_resource_limits;

/** What a component is started with, as Component.toml and the operator have it. */
typedef struct airssys_component_config {
    airssys_component_id id;              /**< The id under which the component runs. */
    const airssys_key_value *environment; /**< The entries of `environment`, in order; not the host's own. */
    size_t environment_count;             /**< How many there are. */
    airssys_optional_bytes data;          /**< The bytes of `data`; none if there is no such key. */
    airssys_resource_limits limits;       /**< The limits that the component asked for. */
} airssys_component_config;

/** The kinds of ::airssys_caller. */
typedef enum airssys_caller_kind {
    AIRSSYS_CALLER_COMPONENT, /**< Another component, by a request. */
    AIRSSYS_CALLER_EXTERNAL,  /**< Someone outside of the host. */
    AIRSSYS_CALLER_HOST       /**< The host itself. */
} airssys_caller_kind;

/** Who asked for a call. Set by the host; no component can forge it. */
typedef struct airssys_caller {
    airssys_caller_kind kind;       /**< Which of the members below counts. */
    airssys_component_id component; /**< Of ::AIRSSYS_CALLER_COMPONENT: which; else empty. */
    airssys_string external;        /**< Of ::AIRSSYS_CALLER_EXTERNAL: the embedder's name for it; else empty. */
} airssys_caller;

/** The circumstances of one call of an operation. */
typedef struct airssys_execution_context {
    airssys_string request_id;            /**< Identifies this call. */
    airssys_caller caller;                /**< Who asked for it. */
    airssys_optional_timestamp deadline;  /**< When the host ends it, if it does. */
    airssys_optional_string trace_parent; /**< The W3C `traceparent` it belongs to, if it is traced. */
} airssys_execution_context;

/** What came of a request that was sent with airssys_send_request(). */
typedef struct airssys_outcome {
    bool succeeded;         /**< Whether there is a reply. */
    airssys_bytes reply;    /**< The reply; empty unless it succeeded. */
    airssys_string failure; /**< `timeout`, `cancelled`, `component-gone`, or `failed: ` and the error; else empty. */
} airssys_outcome;

/** What a component says of its own condition. */
typedef enum airssys_health_status {
    AIRSSYS_HEALTHY,       /**< Everything works. */
    AIRSSYS_DEGRADED,      /**< It works, but not as well as it should. */
    AIRSSYS_UNHEALTHY,     /**< It does not work. */
    AIRSSYS_HEALTH_UNKNOWN /**< It cannot tell. */
} airssys_health_status;

/**
 * Runs one operation: bytes in, bytes out.
 * @param input   Borrowed for the call.
 * @param context Borrowed for the call; not NULL.
 * @param output  Empty. On success, store owned bytes here, for example from airssys_bytes_copy(); the SDK frees them.
 * @param error   Empty. On failure, fill it, for example with airssys_error_set(); the SDK frees it. Not NULL.
 * @return ::AIRSSYS_OK, or the code of the failure. ::AIRSSYS_UNKNOWN_OPERATION, ::AIRSSYS_INVALID_INPUT,
 *         ::AIRSSYS_PROCESSING_FAILED, ::AIRSSYS_PERMISSION_DENIED, ::AIRSSYS_TIMEOUT and ::AIRSSYS_RESOURCE_EXHAUSTED
 *         reach the caller as they are. Any other one, such as that of a failed file operation, arrives as
 *         `processing-failed` with airssys_error_describe() as its text.
 */
typedef airssys_code airssys_operation_function(airssys_bytes input, const airssys_execution_context *context,
                                                airssys_bytes *output, airssys_error *error);

/** One operation of a component. */
typedef struct airssys_operation {
    airssys_string name;             /**< The name by which it is called. */
    airssys_operation_function *run; /**< What runs it; not NULL. */
} airssys_operation;

/**
 * A component: what it is, and the functions that the host calls. Each function may be NULL, which stands for the
 * behaviour in brackets.
 *
 * What it is stands in Component.toml, and `airssys-wasm build` takes it from there: leave out `id`, `description`,
 * `authors` and `license`. An id of its own must be that of Component.toml, and the operations those that it lists, if it
 * lists any; otherwise the component does not start.
 *
 * `init`, `handle_message`, `handle_callback` and `shutdown` fail with ::AIRSSYS_INITIALIZATION_FAILED,
 * ::AIRSSYS_CONFIGURATION_INVALID, ::AIRSSYS_INVALID_MESSAGE, ::AIRSSYS_RESOURCE_EXHAUSTED or ::AIRSSYS_INTERNAL and a
 * text. Any other code, such as one of the host, arrives with airssys_error_describe() as its text: from `init` as
 * `initialization-failed`, from the others as `internal`. They are given an empty error that is not NULL, and the SDK
 * frees what they put into it.
 */
typedef struct airssys_component {
    airssys_component_id id;             /**< Name and version. [Those of Component.toml.] */
    airssys_string description;          /**< What it is for, in a sentence. [That of Component.toml.] */
    airssys_string_list authors;         /**< Its authors, each as `Name <address>`. [Those of Component.toml.] */
    airssys_optional_string license;     /**< Its license as an SPDX expression. [That of Component.toml.] */
    const airssys_operation *operations; /**< What it can do. A name that is not here is `unknown-operation`. */
    size_t operation_count;              /**< How many operations there are. */

    /**
     * Starts the component. Called once, before all others. An error stops the start, and the operator sees its text.
     * `config` is borrowed for the life of the component: it may be kept. [Succeeds.]
     */
    airssys_code (*init)(const airssys_component_config *config, airssys_error *error);

    /**
     * Takes a message from another component. The host sets the sender. Both are borrowed for the call. The sender does
     * not learn of an error, which is logged. [Refuses it with ::AIRSSYS_INVALID_MESSAGE.]
     */
    airssys_code (*handle_message)(const airssys_component_id *sender, airssys_bytes message, airssys_error *error);

    /**
     * Takes the outcome of a request of this component, exactly once for each. Both are borrowed for the call.
     * [Succeeds.]
     */
    airssys_code (*handle_callback)(airssys_string request_id, const airssys_outcome *outcome, airssys_error *error);

    /** Says how the component is. [Healthy.] */
    airssys_health_status (*health)(void);

    /** Ends the component. Called once, and nothing after it. The instance goes even after an error. [Succeeds.] */
    airssys_code (*shutdown)(airssys_error *error);
} airssys_component;

/**
 * Defines the component. **The author writes this function.** It may be called before `init`, more than once, and gives
 * the same answer each time.
 * @return Not NULL, of static storage duration.
 */
const airssys_component *airssys_component_define(void);

#ifdef __cplusplus
}
#endif

#endif
