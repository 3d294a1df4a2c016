/**
 * @file
 * @brief The testing kit: unit tests of a component as a native program, over a fake host.
 *
 * A test compiles the component's own sources with the host compiler, links them with the CMake target
 * `airssys::testing`, and calls the component as a host does:
 *
 * @code
 * airssys_fake_host *host = airssys_fake_host_new();
 * airssys_fake_answer answer = airssys_fake_host_call(host, "greet", "World");
 * AIRSSYS_EXPECT_ANSWER(answer, AIRSSYS_OK, "Hello, World!");
 * airssys_fake_host_free(host);
 * @endcode
 *
 * **One fake a test.** Each begins with an empty filesystem in which only the root exists, with no other components,
 * servers or programs. There is one at a time. The component's own static variables outlive it: a component that keeps
 * something in them sets them up in airssys_component::init, which every fake calls.
 *
 * **Permissions** are those that Component.toml asks for, as if the operator had granted them all, and no others; a refusal
 * is the one of a real host. airssys_fake_host_permit() and airssys_fake_host_permit_all() add to them, and
 * airssys_fake_host_deny_path() and its kin refuse some of them.
 *
 * **Paths and commands** are taken as a real host takes them, whatever is permitted. A path that ends in `/` or `/.` leads to
 * nothing but a directory: a file is not found behind one, nor made there. A command cannot set or inherit `LD_PRELOAD` and
 * the other variables with which any program would load code that is not its own.
 *
 * **Ownership.** Arguments are borrowed. All that the fake gives belongs to it and stays until airssys_fake_host_free():
 * a test frees nothing else. Text that it gives as `const char *` is terminated by NUL.
 *
 * **Mistakes of a test**, such as an id that is none, or a component called without a fake, end the program with a
 * message. What a component does wrong is an answer.
 */
#ifndef AIRSSYS_TESTING_H
#define AIRSSYS_TESTING_H

#include <airssys/airssys.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A host without a runtime: it serves what the component imports and calls what it exports. */
typedef struct airssys_fake_host airssys_fake_host;

/**
 * Makes the fake that the component talks to from now on. What the component is and may do stands in the Component.toml in
 * the current folder or the nearest one above; a folder for building lies in that of the project. Without one, nothing
 * is permitted.
 * @return Owned, never NULL; free it with airssys_fake_host_free().
 */
AIRSSYS_MUST_USE airssys_fake_host *airssys_fake_host_new(void);

/**
 * Makes a fake as airssys_fake_host_new() does, for the component of this Component.toml.
 * @param component_toml The path of the file.
 * @return Owned, never NULL; free it with airssys_fake_host_free().
 */
AIRSSYS_MUST_USE airssys_fake_host *airssys_fake_host_new_of(const char *component_toml);

/**
 * Permits more than Component.toml asks for.
 * @param host  Borrowed.
 * @param lines One or more lines as they stand there below `[permissions]`.
 */
void airssys_fake_host_permit(airssys_fake_host *host, const char *lines);

/**
 * Permits everything that is not denied.
 * @param host Borrowed.
 */
void airssys_fake_host_permit_all(airssys_fake_host *host);

/**
 * Frees a fake and all that it has given.
 * @param host Owned; NULL is fine.
 */
void airssys_fake_host_free(airssys_fake_host *host);

/** @name Calling the component
 * The first call starts the component with an empty configuration, unless airssys_fake_host_init() has done it.
 * @{ */

/** What a call came to. */
typedef struct airssys_fake_answer {
    airssys_code code;    /**< ::AIRSSYS_OK, or the error as the caller gets it from a real host. */
    airssys_bytes output; /**< What the operation answers; empty after an error, and for calls that answer nothing. */
    const char *text;     /**< The same as a text; after an error the text of the error. Never NULL. */
} airssys_fake_answer;

/**
 * Starts the component.
 * @param host   Borrowed.
 * @param config Borrowed for the call. NULL stands for no environment, no data and no limits. An empty id stands for
 *               the one that airssys_component_define() gives.
 * @return The answer of airssys_component::init.
 */
airssys_fake_answer airssys_fake_host_init(airssys_fake_host *host, const airssys_component_config *config);

/**
 * Runs an operation, asked for by someone outside of the host.
 * @param host      Borrowed.
 * @param operation Its name.
 * @param input     The input as a text.
 * @return What the caller gets.
 */
airssys_fake_answer airssys_fake_host_call(airssys_fake_host *host, const char *operation, const char *input);

/**
 * Runs an operation.
 * @param host      Borrowed.
 * @param operation Its name.
 * @param input     Borrowed.
 * @param context   Who asks, and how long it may take. Borrowed; NULL stands for someone outside of the host and no
 *                  deadline.
 * @return What the caller gets.
 */
airssys_fake_answer airssys_fake_host_execute(airssys_fake_host *host, const char *operation, airssys_bytes input,
                                              const airssys_execution_context *context);

/**
 * Brings a request of another component, as the operation #AIRSSYS_HANDLE_REQUEST.
 * @param host    Borrowed.
 * @param sender  Who asks, as `namespace/name@version`.
 * @param request Borrowed.
 * @return What the other component gets.
 */
airssys_fake_answer airssys_fake_host_handle_request(airssys_fake_host *host, const char *sender,
                                                     airssys_bytes request);

/**
 * Brings a message of another component.
 * @param host    Borrowed.
 * @param sender  Who sends it, as `namespace/name@version`.
 * @param message Borrowed.
 * @return The answer of airssys_component::handle_message.
 */
airssys_fake_answer airssys_fake_host_handle_message(airssys_fake_host *host, const char *sender,
                                                     airssys_bytes message);

/**
 * Brings the reply to a request that the component has sent. If it was cancelled the reply is dropped, and the outcome
 * is the failure `cancelled`.
 * @param host       Borrowed.
 * @param request_id Which one; it must not have its outcome yet.
 * @param reply      Borrowed.
 * @return The answer of airssys_component::handle_callback.
 */
airssys_fake_answer airssys_fake_host_handle_reply(airssys_fake_host *host, airssys_string request_id,
                                                   airssys_bytes reply);

/**
 * Lets a request that the component has sent fail. If it was cancelled the outcome is the failure `cancelled`.
 * @param host       Borrowed.
 * @param request_id Which one; it must not have its outcome yet.
 * @param failure    As in airssys_outcome::failure, for example `timeout`.
 * @return The answer of airssys_component::handle_callback.
 */
airssys_fake_answer airssys_fake_host_handle_failure(airssys_fake_host *host, airssys_string request_id,
                                                     const char *failure);

/**
 * Asks the component how it is.
 * @param host Borrowed.
 */
airssys_health_status airssys_fake_host_health(airssys_fake_host *host);

/**
 * Asks the component what it is, as a host does before it starts it.
 * @param host Borrowed.
 */
const airssys_component_metadata *airssys_fake_host_metadata(airssys_fake_host *host);

/**
 * Ends the component. No call can follow.
 * @param host Borrowed.
 * @return The answer of airssys_component::shutdown.
 */
airssys_fake_answer airssys_fake_host_shutdown(airssys_fake_host *host);

/** @} */
/** @name Files
 * The guest's `/` is a tree in memory, and one mount. It behaves as the contract says, with these limits: there are no
 * symbolic links (creating and reading one is ::AIRSSYS_UNSUPPORTED), and a lock that another handle holds is
 * ::AIRSSYS_LOCKED at once, whatever the timeout.
 * @{ */

/**
 * Creates a file, or replaces the content of one, with all directories on the way. It asks no permission.
 * @param host    Borrowed.
 * @param path    Absolute.
 * @param content Borrowed.
 */
void airssys_fake_host_put_file(airssys_fake_host *host, const char *path, airssys_bytes content);

/**
 * Creates a directory and all on the way. One that exists is fine. It asks no permission.
 * @param host Borrowed.
 * @param path Absolute.
 */
void airssys_fake_host_put_directory(airssys_fake_host *host, const char *path);

/**
 * Gives the content of a file as it is now. It asks no permission.
 * @param host    Borrowed.
 * @param path    Absolute.
 * @param content Gets the content; not NULL. Belongs to the fake; empty if there is no such file.
 * @return Whether there is such a file.
 */
bool airssys_fake_host_get_file(airssys_fake_host *host, const char *path, airssys_bytes *content);

/**
 * Gives the content of a file as it is now, as a text. It asks no permission.
 * @param host Borrowed.
 * @param path Absolute.
 * @return NULL if there is no such file.
 */
const char *airssys_fake_host_file_text(airssys_fake_host *host, const char *path);

/**
 * Counts the files, directory cursors and connections that the component has open: 0 after a call that closes what it
 * opens.
 * @param host Borrowed.
 */
size_t airssys_fake_host_open_handles(const airssys_fake_host *host);

/** @} */
/** @name Permissions
 * All is permitted that the test does not deny. A denial is the one of a real host, with the line of Component.toml.
 * @{ */

/** Bits of the actions that `filesystem` permissions are about. */
enum {
    AIRSSYS_FAKE_READ = 1 << 0,   /**< The action `read`. */
    AIRSSYS_FAKE_WRITE = 1 << 1,  /**< The action `write`. */
    AIRSSYS_FAKE_DELETE = 1 << 2, /**< The action `delete`. */
    AIRSSYS_FAKE_LIST = 1 << 3,   /**< The action `list`. */
    AIRSSYS_FAKE_ANY = 0xF        /**< All of them. */
};

/**
 * Denies actions on a path and everything below it.
 * @param host    Borrowed.
 * @param path    Absolute; need not exist.
 * @param actions Which, as `AIRSSYS_FAKE_WRITE | AIRSSYS_FAKE_DELETE`.
 */
void airssys_fake_host_deny_path(airssys_fake_host *host, const char *path, unsigned actions);

/**
 * Denies messages and requests to a component in all its versions. The component neither lists nor describes it then.
 * @param host   Borrowed.
 * @param target `namespace/name`, or a whole namespace as `namespace/` and an asterisk.
 */
void airssys_fake_host_deny_target(airssys_fake_host *host, const char *target);

/**
 * Denies connections to an endpoint.
 * @param host     Borrowed.
 * @param endpoint Its host as the component gives it, and its port. Borrowed, not NULL.
 */
void airssys_fake_host_deny_endpoint(airssys_fake_host *host, const airssys_endpoint *endpoint);

/**
 * Denies starting a program.
 * @param host    Borrowed.
 * @param program Its path or name, as the component gives it.
 */
void airssys_fake_host_deny_program(airssys_fake_host *host, const char *program);

/** @} */
/** @name Servers and programs
 * Functions of the test take the place of servers and programs: airssys_tcp_connect() reaches the ones, and
 * airssys_processes_run() and airssys_processes_run_pipeline() start the others. All else of the network and of processes
 * is ::AIRSSYS_UNSUPPORTED.
 * @{ */

/**
 * What a server does. It is called when the component waits to receive and has sent something; when all that came back
 * is received and nothing more was sent, the stream is at its end.
 * @param data From airssys_fake_host_add_server().
 * @param sent What the component has sent since the last call. Borrowed for the call.
 * @return What comes back. A view; the fake copies it.
 */
typedef airssys_bytes airssys_fake_server_function(void *data, airssys_bytes sent);

/**
 * Makes a server that can be connected to, with and without TLS. TLS 1.3 it is, with the first protocol that is offered.
 * @param host     Borrowed.
 * @param endpoint Its host as the component gives it, and its port. Borrowed, not NULL.
 * @param answer   What it does; not NULL.
 * @param data     For @p answer; may be NULL.
 */
void airssys_fake_host_add_server(airssys_fake_host *host, const airssys_endpoint *endpoint,
                                  airssys_fake_server_function *answer, void *data);

/**
 * What a program does.
 * @param data      From airssys_fake_host_add_program().
 * @param arguments Borrowed for the call.
 * @param input     All that it reads. Borrowed for the call.
 * @return How it ends and what it writes. A view; the fake copies it.
 */
typedef airssys_process_output airssys_fake_program_function(void *data, airssys_string_list arguments,
                                                             airssys_bytes input);

/**
 * Makes a program that can be run.
 * @param host    Borrowed.
 * @param program Its path or name, as the component gives it.
 * @param run     What it does; not NULL.
 * @param data    For @p run; may be NULL.
 */
void airssys_fake_host_add_program(airssys_fake_host *host, const char *program, airssys_fake_program_function *run,
                                   void *data);

/** @} */
/** @name Other components
 * Those that exist, and what was sent to them. Nobody answers by itself: the test does.
 * @{ */

/** A message or request that the component has sent. */
typedef struct airssys_fake_sent {
    airssys_component_id target; /**< Whom to. */
    airssys_bytes content;       /**< What. */
    uint32_t timeout_ms;         /**< Of a request: the timeout in milliseconds; else 0. */
    airssys_string request_id;   /**< Of a request: its id; else empty. */
    bool cancelled;              /**< Of a request: whether the component has given it up. */
    bool finished;               /**< Of a request: whether its outcome was brought. */
} airssys_fake_sent;

/**
 * Adds a component that can be listed, and sent to.
 * @param host Borrowed.
 * @param id   `namespace/name@version`.
 */
void airssys_fake_host_add_component(airssys_fake_host *host, const char *id);

/**
 * Adds a component with all that it says of itself.
 * @param host     Borrowed.
 * @param metadata Borrowed, not NULL.
 */
void airssys_fake_host_add_component_with_metadata(airssys_fake_host *host, const airssys_component_metadata *metadata);

/**
 * Lets the mailbox of a component be full from now on, or have room again.
 * @param host Borrowed.
 * @param id   One that was added, as `namespace/name@version`.
 * @param full Whether it is full.
 */
void airssys_fake_host_set_mailbox_full(airssys_fake_host *host, const char *id, bool full);

/**
 * Counts the messages that the component has sent, without those that were refused.
 * @param host Borrowed.
 */
size_t airssys_fake_host_message_count(const airssys_fake_host *host);

/**
 * Gives a message that the component has sent.
 * @param host  Borrowed.
 * @param index Which, from 0 on in the order of sending; one that there is.
 */
const airssys_fake_sent *airssys_fake_host_message(const airssys_fake_host *host, size_t index);

/**
 * Counts the requests that the component has sent, without those that were refused.
 * @param host Borrowed.
 */
size_t airssys_fake_host_request_count(const airssys_fake_host *host);

/**
 * Gives a request that the component has sent.
 * @param host  Borrowed.
 * @param index Which, from 0 on in the order of sending; one that there is.
 */
const airssys_fake_sent *airssys_fake_host_request(const airssys_fake_host *host, size_t index);

/** @} */
/** @name Log and time
 * Records of the level error go to stderr as well, so that the text of airssys_panic() is seen.
 * @{ */

/** A record that the component has logged. */
typedef struct airssys_fake_log_record {
    airssys_log_level level;         /**< How important it is. */
    const char *message;             /**< What it says. */
    const airssys_key_value *fields; /**< Names and values. */
    size_t field_count;              /**< How many fields there are. */
} airssys_fake_log_record;

/**
 * Counts the records that the component has logged.
 * @param host Borrowed.
 */
size_t airssys_fake_host_log_count(const airssys_fake_host *host);

/**
 * Gives a record that the component has logged.
 * @param host  Borrowed.
 * @param index Which, from 0 on in the order of logging; one that there is.
 */
const airssys_fake_log_record *airssys_fake_host_log_record(const airssys_fake_host *host, size_t index);

/**
 * Sets the clock, which stands still but for airssys_sleep(): that advances it and does not wait. It begins at
 * 2001-09-09T01:46:40Z, which is 1,000,000,000 seconds.
 * @param host Borrowed.
 * @param time The present time.
 */
void airssys_fake_host_set_time(airssys_fake_host *host, airssys_timestamp time);

/** @} */
/** @name Expectations
 * For tests without a framework of their own: the first that does not hold says so on stderr and ends the program.
 * @{ */

/** Expects a condition to hold. */
#define AIRSSYS_EXPECT(condition) airssys_testing_expect((condition), #condition, __FILE__, __LINE__)

/** Expects a text of C to have these characters. @p actual may be NULL, which no text equals. */
#define AIRSSYS_EXPECT_TEXT(actual, expected) airssys_testing_expect_text((actual), (expected), __FILE__, __LINE__)

/**
 * The text of a refusal, the same in every SDK: what an operation answers that passes on the error of the host.
 * All three are text literals: the operation, for example `ext-filesystem/files.read-file`, the resource, for example
 * `/data/a`, and the line that is missing from `[permissions]` of Component.toml.
 */
#define AIRSSYS_FAKE_REFUSAL(operation, resource, missing)                                                             \
    "permission denied: " operation " on " resource ": needs " missing                                                 \
    " in [permissions] of Component.toml, and the operator's grant"

/** Expects an ::airssys_fake_answer to have this code and this text. */
#define AIRSSYS_EXPECT_ANSWER(answer, code, text) \
    airssys_testing_expect_answer((answer), (code), (text), __FILE__, __LINE__)

/**
 * Does what #AIRSSYS_EXPECT says.
 * @param holds     Whether it holds.
 * @param condition Its source.
 * @param file      Where it stands.
 * @param line      And the line.
 */
void airssys_testing_expect(bool holds, const char *condition, const char *file, int line);

/**
 * Does what #AIRSSYS_EXPECT_TEXT says.
 * @param actual   What there is.
 * @param expected What there should be.
 * @param file     Where it stands.
 * @param line     And the line.
 */
void airssys_testing_expect_text(const char *actual, const char *expected, const char *file, int line);

/**
 * Does what #AIRSSYS_EXPECT_ANSWER says.
 * @param answer What there is.
 * @param code   The code that there should be.
 * @param text   The text that there should be.
 * @param file   Where it stands.
 * @param line   And the line.
 */
void airssys_testing_expect_answer(airssys_fake_answer answer, airssys_code code, const char *text, const char *file,
                                   int line);

/** @} */

#ifdef __cplusplus
}
#endif

#endif
