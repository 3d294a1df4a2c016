/**
 * @file
 * @brief What the host does for every component: logging, messages to other components, and time.
 */
#ifndef AIRSSYS_HOST_SERVICES_H
#define AIRSSYS_HOST_SERVICES_H

#include <airssys/error.h>
#include <airssys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/** How important a log record is, from the least to the most. */
typedef enum airssys_log_level {
    AIRSSYS_LOG_TRACE, /**< Step by step detail. */
    AIRSSYS_LOG_DEBUG, /**< For those who look for a fault. */
    AIRSSYS_LOG_INFO,  /**< The normal course of events. */
    AIRSSYS_LOG_WARN,  /**< Unexpected, but dealt with. */
    AIRSSYS_LOG_ERROR  /**< Something failed. */
} airssys_log_level;

/**
 * Writes a record to the host's structured log, which adds the component's id. It never fails and never waits.
 *
 * By the host's limits a message has at most 64 KiB and a record 64 fields; more is cut off and counted. What is not
 * UTF-8 is replaced byte by byte with U+FFFD.
 *
 * Permission: none.
 * @param level       How important it is.
 * @param message     Borrowed.
 * @param fields      Names and values. Borrowed; may be NULL if @p field_count is 0.
 * @param field_count How many fields there are.
 */
void airssys_log(airssys_log_level level, airssys_string message, const airssys_key_value *fields, size_t field_count);

/**
 * Logs a message without fields at the level info, as airssys_log() does.
 * @param message Borrowed.
 */
void airssys_log_info(airssys_string message);

/**
 * Logs a message without fields at the level warn, as airssys_log() does.
 * @param message Borrowed.
 */
void airssys_log_warn(airssys_string message);

/**
 * Logs a message without fields at the level error, as airssys_log() does.
 * @param message Borrowed.
 */
void airssys_log_error(airssys_string message);

/**
 * Ends the instance at once: logs the message at the level error and traps. The host reports the trap with the
 * component and the operation, and discards the instance. For what must never happen; other failures are errors.
 * @param message Borrowed.
 */
AIRSSYS_NORETURN void airssys_panic(airssys_string message);

/**
 * Puts a message into the mailbox of another component and returns when it is there, not when it is handled. Each
 * message is delivered at most once, and those of one sender to one target in order.
 *
 * Permission: `messaging = [{ target = "<namespace>/<name>" }]`.
 * @param target  Whom it is for. Borrowed, not NULL.
 * @param message At most the host's limit, default 1 MiB. Borrowed.
 * @param error   May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, ::AIRSSYS_PERMISSION_DENIED, ::AIRSSYS_COMPONENT_NOT_FOUND, ::AIRSSYS_MAILBOX_FULL (at once,
 *         without waiting for room), ::AIRSSYS_PAYLOAD_TOO_LARGE, ::AIRSSYS_TIMEOUT or ::AIRSSYS_DELIVERY_FAILED.
 */
airssys_code airssys_send_message(const airssys_component_id *target, airssys_bytes message, airssys_error *error);

/**
 * Sends a request to another component and returns its id at once. The target gets it as the operation
 * #AIRSSYS_HANDLE_REQUEST; the outcome arrives at airssys_component::handle_callback, exactly once, after the present
 * call has returned. After an error there is no callback.
 *
 * Permission: `messaging = [{ target = "<namespace>/<name>" }]`.
 * @param target     Whom it is for. Borrowed, not NULL.
 * @param request    At most the host's limit, default 1 MiB. Borrowed.
 * @param timeout_ms Milliseconds from now until the host gives up and the outcome is the failure `timeout`.
 * @param request_id Not NULL. Gets the id. Owned; free it with airssys_string_free().
 * @param error      May be NULL. Free it with airssys_error_free().
 * @return As airssys_send_message().
 */
airssys_code airssys_send_request(const airssys_component_id *target, airssys_bytes request, uint32_t timeout_ms,
                                  airssys_string *request_id, airssys_error *error);

/**
 * Gives up a request of this component. Its outcome is then the failure `cancelled`, and a late reply is dropped.
 *
 * Permission: none, for the component's own requests.
 * @param request_id From airssys_send_request(). Borrowed.
 * @param error      May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, or ::AIRSSYS_UNKNOWN_REQUEST if it is not this component's or has its outcome already.
 */
airssys_code airssys_cancel_request(airssys_string request_id, airssys_error *error);

/** Gives the present time, which never goes back within one component. Permission: none. */
airssys_timestamp airssys_current_time(void);

/**
 * Waits, without blocking a thread of the host. Ends early, and the call with it, when the deadline of the call passes.
 *
 * Permission: none.
 * @param duration_ms How long, in milliseconds.
 */
void airssys_sleep(uint32_t duration_ms);

/**
 * Lists the components that this component may send to, and the component itself.
 *
 * Permission: none. A component that no `messaging` permission covers is left out.
 * @param components Not NULL. Owned; free it with airssys_component_id_list_free().
 */
void airssys_list_components(airssys_component_id_list *components);

/**
 * Gives the metadata of a component that airssys_list_components() lists.
 *
 * Permission: `messaging = [{ target = "<namespace>/<name>" }]`, or none for the component itself.
 * @param id       Which. Borrowed, not NULL.
 * @param metadata Not NULL. Owned; free it with airssys_component_metadata_free().
 * @param error    May be NULL. Free it with airssys_error_free().
 * @return ::AIRSSYS_OK, or ::AIRSSYS_COMPONENT_NOT_FOUND if there is none or the permission is missing; the two are not
 *         told apart.
 */
airssys_code airssys_get_component_metadata(const airssys_component_id *id, airssys_component_metadata *metadata,
                                            airssys_error *error);

#ifdef __cplusplus
}
#endif

#endif
