/* What Component.toml permits, and what a refusal says. */
#include "permissions.h"

#include <stdlib.h>
#include <string.h>

/* The words of Component.toml for one kind of permission. */
typedef struct kind_words {
    const char *kind;
    const char *keys[3];
    const char *actions[4];
} kind_words;

static const kind_words KINDS[] = {
    [FAKE_FILESYSTEM] = {"filesystem", {"path", "action"}, {"read", "write", "delete", "list"}},
    [FAKE_NETWORK] = {"network", {"host", "action", "port"}, {"outbound", "inbound", "resolve"}},
    [FAKE_PROCESS] = {"process", {"program", "action"}, {"spawn", "signal"}},
    [FAKE_MESSAGING] = {"messaging", {"target"}, {NULL}},
};
enum { KIND_COUNT = sizeof KINDS / sizeof *KINDS };

/* No operation asks for it. */
static const char STORAGE[] = "storage";

static bool is_one_of(airssys_string word, const char *const *words, size_t count) {
    for (size_t i = 0; i < count && words[i] != NULL; i++) {
        if (airssys_string_equals(word, airssys_string_from_c(words[i]))) {
            return true;
        }
    }
    return false;
}

static void add(airssys_fake_host *host, const char *name, fake_access_kind kind, const fake_toml *entry) {
    const kind_words *words = &KINDS[kind];
    for (const fake_toml *value = entry->first; value != NULL; value = value->next) {
        if (!is_one_of(value->key, words->keys, sizeof words->keys / sizeof *words->keys)) {
            airssys_fake_mistake("%s: permissions.%s has an entry with an unknown key", name, words->kind);
        }
    }
    fake_permission *permission = airssys_fake_keep(host, sizeof *permission);
    permission->kind = kind;
    permission->action = airssys_fake_toml_text(entry, "action");
    if (words->actions[0] != NULL &&
        !is_one_of(permission->action, words->actions, sizeof words->actions / sizeof *words->actions)) {
        airssys_fake_mistake("%s: permissions.%s has an entry without an action that there is", name, words->kind);
    }
    permission->pattern = airssys_fake_toml_text(entry, words->keys[0]);
    const fake_toml *ports = airssys_fake_toml_at(entry, "port");
    permission->has_ports = ports != NULL;
    bool valid = ports == NULL || airssys_fake_parse_ports(ports, &permission->ports);
    switch (kind) {
    case FAKE_NETWORK:
        valid = valid && airssys_fake_parse_host_pattern(host, permission->pattern, &permission->host);
        break;
    case FAKE_MESSAGING:
        valid = valid && airssys_fake_is_target_pattern(permission->pattern);
        break;
    default:
        valid = valid && airssys_fake_is_path_pattern(permission->pattern);
        break;
    }
    if (!valid) {
        airssys_fake_mistake("%s: permissions.%s has an entry whose %s or port is none", name, words->kind,
                             words->keys[0]);
    }
    airssys_fake_list_add(&host->permissions, permission);
}

void airssys_fake_add_permissions(airssys_fake_host *host, const char *name, const fake_toml *table) {
    for (const fake_toml *list = table->first; list != NULL; list = list->next) {
        /* A package of a host's own: the fake host has none of its interfaces. */
        if (list->key.len != 0 && memchr(list->key.ptr, ':', list->key.len) != NULL) {
            continue;
        }
        size_t kind = 0;
        while (kind < KIND_COUNT && !airssys_string_equals(list->key, airssys_string_from_c(KINDS[kind].kind))) {
            kind++;
        }
        const bool is_storage = airssys_string_equals(list->key, airssys_string_from_c(STORAGE));
        if (list->kind != FAKE_TOML_LIST || (kind == KIND_COUNT && !is_storage)) {
            airssys_fake_mistake("%s: permissions has what is no list of permissions", name);
        }
        for (const fake_toml *entry = list->first; entry != NULL && !is_storage; entry = entry->next) {
            if (entry->kind != FAKE_TOML_TABLE) {
                airssys_fake_mistake("%s: an entry of permissions.%s is no table", name, KINDS[kind].kind);
            }
            add(host, name, (fake_access_kind)kind, entry);
        }
    }
}

static bool covers(airssys_fake_host *host, const fake_permission *permission, const fake_access *access) {
    if (permission->kind != access->kind) {
        return false;
    }
    if (access->kind == FAKE_MESSAGING) {
        return airssys_fake_target_matches(permission->pattern, &access->target);
    }
    if (!airssys_string_equals(permission->action, airssys_string_from_c(access->action))) {
        return false;
    }
    if (access->kind != FAKE_NETWORK) {
        return airssys_fake_path_matches(permission->pattern, access->subject);
    }
    const bool port_fits = !permission->has_ports || (access->has_port && permission->ports.first <= access->port &&
                                                      access->port <= permission->ports.last);
    return port_fits && airssys_fake_host_matches(host, &permission->host, access->subject, access->address);
}

bool airssys_fake_covers(const airssys_fake_host *host, const fake_access *access) {
    for (size_t i = 0; i < host->permissions.count; i++) {
        /* What is asked for is read anew, and kept by the fake: only its memory changes. */
        if (covers((airssys_fake_host *)host, host->permissions.items[i], access)) {
            return true;
        }
    }
    return false;
}

/* The character of UTF-8 that a text begins with, and its length. */
static uint32_t first_character(airssys_string text, size_t *length) {
    const unsigned char first = (unsigned char)*text.ptr;
    uint32_t character = first < 0x80   ? first
                         : first < 0xE0 ? first & 0x1FU
                         : first < 0xF0 ? first & 0x0FU
                                        : first & 0x07U;
    for (*length = 1; *length < text.len && ((unsigned char)text.ptr[*length] & 0xC0) == 0x80; ++*length) {
        character = character << 6 | ((unsigned char)text.ptr[*length] & 0x3FU);
    }
    return character;
}

/* Control characters, and those that have no width or turn the direction of writing. */
static bool is_invisible(uint32_t c) {
    static const uint32_t RANGES[][2] = {
        {0, 0x1F},        {0x7F, 0x9F},     {0xAD, 0xAD},     {0x61C, 0x61C},   {0x180E, 0x180E},   {0x200B, 0x200F},
        {0x2028, 0x202E}, {0x2060, 0x206F}, {0xFEFF, 0xFEFF}, {0xFFF9, 0xFFFB}, {0xE0000, 0xE007F},
    };
    for (size_t i = 0; i < sizeof RANGES / sizeof *RANGES; i++) {
        if (RANGES[i][0] <= c && c <= RANGES[i][1]) {
            return true;
        }
    }
    return false;
}

/* Appends a path as a pattern that covers it, in a TOML string: as the host writes it. */
static void append_path(airssys_string_builder *line, airssys_string path) {
    static const char ESCAPED[] = "\"\\\n\r\t";
    static const char LETTERS[] = "\"\\nrt";
    static const char DIGITS[] = "0123456789ABCDEF";
    while (path.len > 0) {
        size_t length;
        const uint32_t character = first_character(path, &length);
        const char *escaped = character < 0x80 && character > 0 ? strchr(ESCAPED, (int)character) : NULL;
        if (escaped != NULL) {
            airssys_string_builder_c(line, "\\");
            airssys_string_builder_text(line, (airssys_string){LETTERS + (escaped - ESCAPED), 1});
        } else if (character == '*' || character == '[' || character == '{') {
            airssys_string_builder_c(line, "?");
        } else if (is_invisible(character)) {
            const int digits = character <= 0xFFFF ? 4 : 8;
            airssys_string_builder_c(line, digits == 4 ? "\\u" : "\\U");
            for (int digit = digits - 1; digit >= 0; digit--) {
                airssys_string_builder_text(line, (airssys_string){DIGITS + (character >> (4 * digit) & 0xF), 1});
            }
        } else {
            airssys_string_builder_text(line, (airssys_string){path.ptr, length});
        }
        path = (airssys_string){path.ptr + length, path.len - length};
    }
}

/* Appends a name as a pattern that covers it. */
static void append_name(airssys_string_builder *line, airssys_string name) {
    while (name.len > 0) {
        size_t length;
        const uint32_t c = first_character(name, &length);
        const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
        airssys_string_builder_text(line, plain ? (airssys_string){name.ptr, 1} : AIRSSYS_STRING("?"));
        name = (airssys_string){name.ptr + length, name.len - length};
    }
}

airssys_string airssys_fake_missing(airssys_fake_host *host, const fake_access *access) {
    /* In the worst case each byte is written as six. */
    const size_t capacity = (access->subject.len + access->target.namespace_.len + access->target.name.len) * 6 + 128;
    airssys_string_builder line = airssys_string_builder_over(airssys_fake_keep(host, capacity), capacity);
    const kind_words *words = &KINDS[access->kind];
    bool possible = true;
    airssys_string_builder_c(&line, words->kind);
    airssys_string_builder_c(&line, " = [{ ");
    if (access->kind != FAKE_MESSAGING) {
        airssys_string_builder_c(&line, "action = \"");
        airssys_string_builder_c(&line, access->action);
        airssys_string_builder_c(&line, "\", ");
    }
    airssys_string_builder_c(&line, words->keys[0]);
    airssys_string_builder_c(&line, " = \"");
    switch (access->kind) {
    case FAKE_MESSAGING:
        possible = access->target.namespace_.len > 0 && access->target.name.len > 0;
        append_name(&line, access->target.namespace_);
        airssys_string_builder_c(&line, "/");
        append_name(&line, access->target.name);
        break;
    case FAKE_NETWORK:
        possible = airssys_fake_covering_host(host, access->subject, access->address, &line);
        break;
    default:
        possible = airssys_fake_path_matches(AIRSSYS_STRING("/**"), access->subject);
        append_path(&line, access->subject);
        break;
    }
    airssys_string_builder_c(&line, "\"");
    if (access->has_port) {
        airssys_string_builder_c(&line, ", port = ");
        airssys_string_builder_u64(&line, access->port);
    }
    airssys_string_builder_c(&line, " }]");
    return possible ? airssys_string_builder_view(&line) : (airssys_string){NULL, 0};
}

/* What it is done to, as a refusal names it. */
static airssys_string resource_of(airssys_fake_host *host, const fake_access *access) {
    const airssys_component_id *target = &access->target;
    const size_t capacity = access->subject.len + target->namespace_.len + target->name.len + target->version.len + 32;
    airssys_string_builder resource = airssys_string_builder_over(airssys_fake_keep(host, capacity), capacity);
    if (access->kind == FAKE_MESSAGING) {
        airssys_string_builder_text(&resource, target->namespace_);
        airssys_string_builder_c(&resource, "/");
        airssys_string_builder_text(&resource, target->name);
        airssys_string_builder_c(&resource, "@");
        airssys_string_builder_text(&resource, target->version);
        return airssys_string_builder_view(&resource);
    }
    const bool brackets = access->kind == FAKE_NETWORK && access->subject.len > 0 &&
                          memchr(access->subject.ptr, ':', access->subject.len) != NULL;
    airssys_string_builder_c(&resource, brackets ? "[" : "");
    airssys_string_builder_text(&resource, access->subject);
    airssys_string_builder_c(&resource, brackets ? "]" : "");
    if (access->has_port) {
        airssys_string_builder_c(&resource, ":");
        airssys_string_builder_u64(&resource, access->port);
    }
    return airssys_string_builder_view(&resource);
}

bool airssys_fake_decide(airssys_fake_host *host, const char *operation, const fake_access *access, bool denied,
                         airssys_core_capabilities_permission_denial_t *denial) {
    if (!denied && (host->permits_all || airssys_fake_covers(host, access))) {
        return true;
    }
    if (denial == NULL) {
        return false;
    }
    airssys_string missing = airssys_fake_missing(host, access);
    if (host->unfound.len > 0 && !denied) {
        const size_t capacity = missing.len + host->unfound.len + 64;
        airssys_string_builder why = airssys_string_builder_over(airssys_fake_keep(host, capacity), capacity);
        airssys_string_builder_text(&why, missing);
        airssys_string_builder_c(&why, " (there is no Component.toml in ");
        airssys_string_builder_text(&why, host->unfound);
        airssys_string_builder_c(&why, " or above it)");
        missing = airssys_string_builder_view(&why);
    }
    *denial = airssys_fake_give_denial(operation, resource_of(host, access), missing);
    return false;
}
