/**
 * @file
 * @brief Error codes and what comes with them.
 *
 * A function that can fail returns an ::airssys_code and takes, as its last argument, a pointer to an
 * ::airssys_error that it fills. Who needs only the code passes NULL:
 *
 * @code
 * airssys_error error;
 * airssys_bytes content;
 * if (airssys_files_read_file(AIRSSYS_STRING("/data/a.txt"), &content, &error) == AIRSSYS_NOT_FOUND) {
 *     // error.text is "/data/a.txt"
 *     airssys_error_free(&error);
 * }
 * @endcode
 *
 * The function overwrites the error without reading it: it need not be set before, and one that is filled must be
 * freed before it is used again.
 */
#ifndef AIRSSYS_ERROR_H
#define AIRSSYS_ERROR_H

#include <airssys/process_types.h>
#include <airssys/string_builder.h>
#include <airssys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * What went wrong: one code for each error case of the contract. Cases of the same name share a code.
 *
 * Each comment says which member of ::airssys_error the case fills; "-" means that the code says it all.
 */
typedef enum airssys_code {
    AIRSSYS_OK = 0, /**< Nothing went wrong. - */

    /* Files, directories and paths. */
    AIRSSYS_NOT_FOUND,           /**< Nothing is at this path, or a directory on the way is missing. `text`: path. */
    AIRSSYS_ALREADY_EXISTS,      /**< There is something at this path already. `text`: path. */
    AIRSSYS_INVALID_PATH,        /**< Not absolute, empty, with NUL, not UTF-8, or too long. `text`: which. */
    AIRSSYS_NOT_A_DIRECTORY,     /**< This must be a directory. `text`: path. */
    AIRSSYS_IS_A_DIRECTORY,      /**< This must not be a directory. `text`: path. */
    AIRSSYS_DIRECTORY_NOT_EMPTY, /**< This directory must be empty. `text`: path. */
    AIRSSYS_TOO_MANY_LINKS,      /**< Too many symbolic links, a loop, or one that may not be followed. `text`: path. */
    AIRSSYS_NAME_TOO_LONG,       /**< A segment is longer than 255 bytes. `text`: path. */
    AIRSSYS_CROSS_DEVICE,        /**< Source and destination are on different mounts. `text`: path. */
    AIRSSYS_LOCKED,              /**< Another handle holds a lock, and the time has passed. `text`: path. */
    AIRSSYS_INVALID_ARGUMENT,    /**< An argument makes no sense. `text`: which. */
    AIRSSYS_UNSUPPORTED,         /**< The host or its filesystem cannot do this. `text`: what. */
    AIRSSYS_QUOTA_EXCEEDED,      /**< A limit, or the room on the device, is exhausted. `text`: which. */
    AIRSSYS_TOO_MANY_OPEN_FILES, /**< As many files and cursors are open as may be, by default 256. - */
    AIRSSYS_IO,                  /**< The host's operating system failed. `text`: how. */

    /* The network. */
    AIRSSYS_CONNECTION_REFUSED,         /**< Nothing listens at the address. - */
    AIRSSYS_CONNECTION_RESET,           /**< The peer has reset the connection. - */
    AIRSSYS_CONNECTION_ABORTED,         /**< It was ended on this side of the network, for example by the host. - */
    AIRSSYS_NOT_CONNECTED,              /**< The socket has no peer, or the direction was shut down. - */
    AIRSSYS_HOST_UNREACHABLE,           /**< There is no way to the host of the address. - */
    AIRSSYS_NETWORK_UNREACHABLE,        /**< There is no way to the network of the address. - */
    AIRSSYS_ADDRESS_IN_USE,             /**< Another socket has this address and port. - */
    AIRSSYS_ADDRESS_NOT_AVAILABLE,      /**< The address is not one of this machine. - */
    AIRSSYS_NAME_NOT_FOUND,             /**< No such name, or no address of the family. `text`: what was looked up. */
    AIRSSYS_TEMPORARY_RESOLVER_FAILURE, /**< The resolver gives no answer; trying again may help. `text`: why. */
    AIRSSYS_TLS_HANDSHAKE,              /**< The peer has no TLS, or nothing in common. `text`: what went wrong. */
    AIRSSYS_CERTIFICATE_INVALID,        /**< The host does not trust the peer's certificate. `text`: why. */
    AIRSSYS_DATAGRAM_TOO_LARGE,         /**< The datagram is longer than 65,507 bytes. - */
    AIRSSYS_END_OF_STREAM,              /**< The peer closed before all bytes came. `received`: how many did. */
    AIRSSYS_POOL_EXHAUSTED,             /**< All connections of the pool were in use for too long. - */
    AIRSSYS_TOO_MANY_SOCKETS,           /**< As many sockets are open as may be. - */

    /* Processes. */
    AIRSSYS_PROGRAM_NOT_FOUND,  /**< There is no such program. `text`: the program. */
    AIRSSYS_NOT_EXECUTABLE,     /**< The program cannot be executed. `text`: the program. */
    AIRSSYS_PROCESS_NOT_FOUND,  /**< The component has no process of this id. `process_id`. */
    AIRSSYS_ALREADY_EXITED,     /**< The process has ended. `exit_status`: how. */
    AIRSSYS_NOT_PIPED,          /**< This stream is not a pipe to the component. `stream`. */
    AIRSSYS_STDIN_CLOSED,       /**< Standard input is closed, on this side or by the process. - */
    AIRSSYS_TOO_MANY_PROCESSES, /**< There are as many processes as may be. - */
    AIRSSYS_OUTPUT_TOO_LARGE,   /**< The process has written more than the limit. `limit`: in bytes. */

    /* Everywhere. */
    AIRSSYS_PERMISSION_DENIED, /**< The permission is missing. `denial` from the host; `text` from an operation. */
    AIRSSYS_TIMEOUT,           /**< Something took too long. `text`: what, except for the network and processes. */

    /* Messages and requests. */
    AIRSSYS_COMPONENT_NOT_FOUND, /**< No such component, or not visible. `component`. */
    AIRSSYS_MAILBOX_FULL,        /**< The target's mailbox is full; nothing was queued. `component`. */
    AIRSSYS_PAYLOAD_TOO_LARGE,   /**< The message is larger than allowed. `limit`: the limit in bytes. */
    AIRSSYS_UNKNOWN_REQUEST,     /**< No unfinished request has this id. `text`: the id. */
    AIRSSYS_DELIVERY_FAILED,     /**< It could not be delivered for another reason. `text`: which. */

    /* What a component's own functions return. */
    AIRSSYS_INITIALIZATION_FAILED, /**< The component could not be set up. `text`: why. */
    AIRSSYS_CONFIGURATION_INVALID, /**< The environment or data is not what it needs. `text`: what is wrong. */
    AIRSSYS_INVALID_MESSAGE,       /**< It does not understand the message or outcome. `text`: why. */
    AIRSSYS_RESOURCE_EXHAUSTED,    /**< It ran out of something. `text`: of what. */
    AIRSSYS_INTERNAL,              /**< Anything else within the component. `text`: what. */
    AIRSSYS_UNKNOWN_OPERATION,     /**< It has no operation of this name. `text`: the name. */
    AIRSSYS_INVALID_INPUT,         /**< The input is not what the operation takes. `text`: why. */
    AIRSSYS_PROCESSING_FAILED      /**< The operation began and failed. `text`: why. */
} airssys_code;

/**
 * An error: the code, and what comes with its case. Members that the case does not fill are empty or 0.
 * It owns all that it points to; free it with airssys_error_free().
 */
typedef struct airssys_error {
    airssys_code code;                /**< Which case it is; ::AIRSSYS_OK if none. */
    airssys_string text;              /**< The path, id or explanation of the case. Owned. */
    airssys_permission_denial denial; /**< Of ::AIRSSYS_PERMISSION_DENIED from the host. Owned. */
    airssys_component_id component;   /**< Of ::AIRSSYS_COMPONENT_NOT_FOUND and ::AIRSSYS_MAILBOX_FULL. Owned. */
    uint64_t limit;                   /**< Of ::AIRSSYS_PAYLOAD_TOO_LARGE and ::AIRSSYS_OUTPUT_TOO_LARGE, in bytes. */
    uint64_t received;                /**< Of ::AIRSSYS_END_OF_STREAM, in bytes. */
    airssys_process_id process_id;    /**< Of ::AIRSSYS_PROCESS_NOT_FOUND. */
    airssys_exit_status exit_status;  /**< Of ::AIRSSYS_ALREADY_EXITED. */
    airssys_stdio_stream stream;      /**< Of ::AIRSSYS_NOT_PIPED. */
} airssys_error;

/**
 * Fills an error and returns its code, so that a function can end with `return airssys_error_set(...)`.
 * @param error Where to; overwritten. May be NULL. Free it with airssys_error_free().
 * @param code  The case. With ::AIRSSYS_OK the error becomes empty.
 * @param text  What comes with it. Borrowed; the error gets a copy.
 * @return @p code.
 */
airssys_code airssys_error_set(airssys_error *error, airssys_code code, airssys_string text);

/**
 * Frees what an error owns and makes it empty.
 * @param error Not NULL; must have been filled or be all zeros.
 */
void airssys_error_free(airssys_error *error);

/**
 * Gives the name of a case as the contract spells it, for example `not-found`.
 * @return A NUL-terminated text of static storage duration; not to be freed. `ok` for ::AIRSSYS_OK.
 */
const char *airssys_code_name(airssys_code code);

/**
 * Writes an error for people: its name, and what comes with it. A denial is a sentence, the same in every SDK, with the
 * missing line of Component.toml.
 * @param error   Borrowed, not NULL.
 * @param builder Where to append it; not NULL.
 */
void airssys_error_describe(const airssys_error *error, airssys_string_builder *builder);

#ifdef __cplusplus
}
#endif

#endif
