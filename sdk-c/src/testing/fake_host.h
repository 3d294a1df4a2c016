/*
 * The fake host of the testing kit, from within. Private to it.
 *
 * The sources here take the place of the generated bindings: they implement the imports over the one fake that exists.
 */
#ifndef AIRSSYS_SRC_TESTING_FAKE_HOST_H
#define AIRSSYS_SRC_TESTING_FAKE_HOST_H

#include <airssys/testing.h>

#include "../conversions.h"

typedef airssys_ext_filesystem_types_filesystem_error_t fake_filesystem_failure;
typedef airssys_core_types_messaging_error_t fake_messaging_failure;
typedef airssys_ext_network_types_network_error_t fake_network_failure;
typedef airssys_ext_process_types_process_error_t fake_process_failure;

/* Pointers, in the order in which they were added. */
typedef struct fake_list {
    void **items;
    size_t count;
} fake_list;

void airssys_fake_list_add(fake_list *list, void *item);

/* Memory that goes with the fake. */
typedef struct fake_memory fake_memory;

typedef enum fake_state { FAKE_NEW, FAKE_RUNNING, FAKE_NOT_STARTED, FAKE_ENDED } fake_state;

typedef struct fake_path_denial {
    const char *path; /* normal */
    unsigned actions;
} fake_path_denial;

typedef struct fake_component {
    airssys_component_metadata metadata;
    bool mailbox_full;
} fake_component;

struct airssys_fake_host {
    fake_memory *memory;
    fake_state state;
    airssys_component_id self;
    uint64_t calls;
    airssys_timestamp now;
    struct fake_node *root;
    fake_list handles;     /* fake_handle, NULL where closed */
    fake_list permissions; /* fake_permission */
    bool permits_all;
    airssys_string unfound;   /* where a Component.toml was looked for in vain; empty if there is one */
    fake_list denied_paths;   /* fake_path_denial */
    fake_list denied_targets; /* char: namespace/name, or namespace and an asterisk */
    fake_list components;     /* fake_component */
    fake_list servers;        /* fake_server */
    fake_list streams;        /* fake_stream, NULL where closed */
    fake_list programs;       /* fake_program */
    fake_list messages;       /* airssys_fake_sent */
    fake_list requests;       /* airssys_fake_sent */
    fake_list log;            /* airssys_fake_log_record */
};

/* Takes permissions and metadata from a Component.toml: this one, or that in the current folder or the nearest above. */
void airssys_fake_use_component_toml(airssys_fake_host *host, const char *path);
void airssys_fake_find_component_toml(airssys_fake_host *host);

/* Ends the program with a message: for mistakes of the test, or of the component, that a host answers with a trap. */
#if defined(__GNUC__)
__attribute__((__format__(__printf__, 1, 2)))
#endif
AIRSSYS_NORETURN void airssys_fake_mistake(const char *format, ...);

/* The fake that there is; `operation` is what needs it. */
airssys_fake_host *airssys_fake_current(const char *operation);

/* Zeroed memory, and copies, that go with the fake. Copies end with a NUL that does not count. */
void *airssys_fake_keep(airssys_fake_host *host, size_t size);
airssys_string airssys_fake_keep_string(airssys_fake_host *host, airssys_string text);
airssys_bytes airssys_fake_keep_bytes(airssys_fake_host *host, airssys_bytes bytes);
airssys_component_id airssys_fake_keep_id(airssys_fake_host *host, airssys_component_id id);
airssys_component_metadata airssys_fake_keep_metadata(airssys_fake_host *host,
                                                      const airssys_component_metadata *metadata);

/* A denial of an operation, with the line that Component.toml lacks. */
airssys_core_capabilities_permission_denial_t airssys_fake_give_denial(const char *operation, airssys_string resource,
                                                                       airssys_string missing);

/* Fill a failure with `unsupported` and this text, and give false, so that an import can end with it. */
bool airssys_fake_refuse_network(fake_network_failure *failure, const char *what);
bool airssys_fake_refuse_process(fake_process_failure *failure, const char *what);

/* The id that a text of the form namespace/name@version names. */
airssys_component_id airssys_fake_parse_id(airssys_fake_host *host, const char *text);
bool airssys_fake_same_id(airssys_component_id left, airssys_component_id right);

/* What the component says of itself, kept. */
airssys_component_metadata airssys_fake_own_metadata(airssys_fake_host *host);
/* The id that it runs under. */
airssys_component_id airssys_fake_own_id(airssys_fake_host *host);

/* Values as the other side gets them: owned by who gets them, and a pointer to nothing if empty. */
airssys_bindings_string_t airssys_fake_give_string(airssys_string text);
airssys_bindings_list_u8_t airssys_fake_give_bytes(airssys_bytes bytes);
airssys_bindings_list_string_t airssys_fake_give_strings(airssys_string_list list);
airssys_core_types_component_id_t airssys_fake_give_id(airssys_component_id id);
#define FAKE_NOWHERE ((void *)1)

/* Views of what the component lends. */
static inline airssys_string airssys_fake_see_string(airssys_bindings_string_t text) {
    return (airssys_string){(const char *)text.ptr, text.len};
}

static inline airssys_component_id airssys_fake_see_id(const airssys_core_types_component_id_t *id) {
    return (airssys_component_id){airssys_fake_see_string(id->namespace_), airssys_fake_see_string(id->name),
                                  airssys_fake_see_string(id->version)};
}

#endif
