/* The life of a fake, and the memory of what it gives. */
#include "fake_host.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tree.h"

struct fake_memory {
    fake_memory *next;
    max_align_t content[];
};

/* The imports are functions without an argument that could name it. */
static airssys_fake_host *current;

void airssys_fake_mistake(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fputs("airssys testing: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(EXIT_FAILURE);
}

static airssys_fake_host *start(void) {
    if (current != NULL) {
        airssys_fake_mistake("there is a fake host already; free it with airssys_fake_host_free first");
    }
    current = airssys_internal_allocate(1, sizeof *current);
    current->now = (airssys_timestamp){1000000000, 0};
    current->root = airssys_fake_tree_new(current->now);
    return current;
}

airssys_fake_host *airssys_fake_host_new(void) {
    airssys_fake_host *host = start();
    airssys_fake_find_component_toml(host);
    return host;
}

airssys_fake_host *airssys_fake_host_new_of(const char *component_toml) {
    airssys_fake_host *host = start();
    airssys_fake_use_component_toml(host, component_toml);
    return host;
}

void airssys_fake_host_free(airssys_fake_host *host) {
    if (host == NULL) {
        return;
    }
    if (host != current) {
        airssys_fake_mistake("this fake host does not exist any more");
    }
    airssys_fake_tree_free(host);
    free(host->handles.items);
    airssys_internal_declared_in_test = NULL;
    free(host->permissions.items);
    free(host->denied_paths.items);
    free(host->denied_targets.items);
    free(host->components.items);
    free(host->servers.items);
    free(host->streams.items);
    free(host->programs.items);
    free(host->messages.items);
    free(host->requests.items);
    free(host->log.items);
    while (host->memory != NULL) {
        fake_memory *next = host->memory->next;
        free(host->memory);
        host->memory = next;
    }
    free(host);
    current = NULL;
}

airssys_fake_host *airssys_fake_current(const char *operation) {
    if (current == NULL) {
        airssys_fake_mistake("%s was called without a host; make one with airssys_fake_host_new", operation);
    }
    return current;
}

void airssys_fake_list_add(fake_list *list, void *item) {
    void **grown = realloc(list->items, (list->count + 1) * sizeof *grown);
    if (grown == NULL) {
        airssys_fake_mistake("out of memory");
    }
    list->items = grown;
    list->items[list->count++] = item;
}

void *airssys_fake_keep(airssys_fake_host *host, size_t size) {
    fake_memory *memory = airssys_internal_allocate(1, sizeof *memory + size);
    memory->next = host->memory;
    host->memory = memory;
    return memory->content;
}

airssys_bytes airssys_fake_keep_bytes(airssys_fake_host *host, airssys_bytes bytes) {
    uint8_t *kept = airssys_fake_keep(host, bytes.len + 1);
    if (bytes.len > 0) {
        memcpy(kept, bytes.ptr, bytes.len);
    }
    return (airssys_bytes){kept, bytes.len};
}

airssys_string airssys_fake_keep_string(airssys_fake_host *host, airssys_string text) {
    return airssys_bytes_as_string(airssys_fake_keep_bytes(host, airssys_string_as_bytes(text)));
}

airssys_component_id airssys_fake_keep_id(airssys_fake_host *host, airssys_component_id id) {
    return (airssys_component_id){airssys_fake_keep_string(host, id.namespace_),
                                  airssys_fake_keep_string(host, id.name), airssys_fake_keep_string(host, id.version)};
}

static airssys_string_list keep_list(airssys_fake_host *host, airssys_string_list list) {
    airssys_string *kept = airssys_fake_keep(host, list.len * sizeof *kept);
    for (size_t i = 0; i < list.len; i++) {
        kept[i] = airssys_fake_keep_string(host, list.ptr[i]);
    }
    return (airssys_string_list){kept, list.len};
}

airssys_component_metadata airssys_fake_keep_metadata(airssys_fake_host *host,
                                                      const airssys_component_metadata *metadata) {
    return (airssys_component_metadata){
        .id = airssys_fake_keep_id(host, metadata->id),
        .description = airssys_fake_keep_string(host, metadata->description),
        .authors = keep_list(host, metadata->authors),
        .license = {metadata->license.has_value, airssys_fake_keep_string(host, metadata->license.value)},
        .operations = keep_list(host, metadata->operations),
    };
}

airssys_component_id airssys_fake_parse_id(airssys_fake_host *host, const char *text) {
    const char *slash = strchr(text, '/');
    const char *at = slash != NULL ? strchr(slash, '@') : NULL;
    if (at == NULL || slash == text || at == slash + 1 || at[1] == '\0') {
        airssys_fake_mistake("\"%s\" is no component; write namespace/name@version, as in acme/resizer@1.2.0", text);
    }
    return airssys_fake_keep_id(host, (airssys_component_id){{text, (size_t)(slash - text)},
                                                             {slash + 1, (size_t)(at - slash - 1)},
                                                             airssys_string_from_c(at + 1)});
}

bool airssys_fake_same_id(airssys_component_id left, airssys_component_id right) {
    return airssys_string_equals(left.namespace_, right.namespace_) && airssys_string_equals(left.name, right.name) &&
           airssys_string_equals(left.version, right.version);
}

airssys_bindings_string_t airssys_fake_give_string(airssys_string text) {
    if (text.len == 0) {
        return (airssys_bindings_string_t){FAKE_NOWHERE, 0};
    }
    uint8_t *copy = airssys_internal_allocate(text.len, 1);
    memcpy(copy, text.ptr, text.len);
    return (airssys_bindings_string_t){copy, text.len};
}

airssys_bindings_list_u8_t airssys_fake_give_bytes(airssys_bytes bytes) {
    airssys_bindings_string_t given = airssys_fake_give_string(airssys_bytes_as_string(bytes));
    return (airssys_bindings_list_u8_t){given.ptr, given.len};
}

airssys_bindings_list_string_t airssys_fake_give_strings(airssys_string_list list) {
    if (list.len == 0) {
        return (airssys_bindings_list_string_t){FAKE_NOWHERE, 0};
    }
    airssys_bindings_string_t *given = airssys_internal_allocate(list.len, sizeof *given);
    for (size_t i = 0; i < list.len; i++) {
        given[i] = airssys_fake_give_string(list.ptr[i]);
    }
    return (airssys_bindings_list_string_t){given, list.len};
}

airssys_core_types_component_id_t airssys_fake_give_id(airssys_component_id id) {
    return (airssys_core_types_component_id_t){airssys_fake_give_string(id.namespace_),
                                               airssys_fake_give_string(id.name), airssys_fake_give_string(id.version)};
}

airssys_core_capabilities_permission_denial_t airssys_fake_give_denial(const char *operation, airssys_string resource,
                                                                       airssys_string missing) {
    return (airssys_core_capabilities_permission_denial_t){
        airssys_fake_give_string(airssys_string_from_c(operation)),
        airssys_fake_give_string(resource),
        airssys_fake_give_string(missing),
    };
}
