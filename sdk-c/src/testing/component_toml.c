/* Finding Component.toml, and taking from it what a test needs. */

/* getcwd */
#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "permissions.h"

/* The longest path of the machine that is looked at. */
enum { MAX_FILE_PATH_BYTES = 4096 };

static airssys_string_list texts_of(airssys_fake_host *host, const fake_toml *list) {
    size_t count = 0;
    for (const fake_toml *item = list != NULL ? list->first : NULL; item != NULL; item = item->next) {
        count++;
    }
    airssys_string *texts = airssys_fake_keep(host, (count + 1) * sizeof *texts);
    count = 0;
    for (const fake_toml *item = list != NULL ? list->first : NULL; item != NULL; item = item->next) {
        if (item->kind == FAKE_TOML_TEXT) {
            texts[count++] = item->text;
        }
    }
    return (airssys_string_list){texts, count};
}

/* Reads a whole file, as far as one may be long; says whether there is one. */
static bool read_file(airssys_fake_host *host, const char *path, airssys_string *content) {
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return false;
    }
    /* One byte more than the limit tells whether there was more. */
    char *buffer = airssys_fake_keep(host, FAKE_MAX_TOML_BYTES + 1);
    const size_t length = fread(buffer, 1, FAKE_MAX_TOML_BYTES + 1, file);
    const bool failed = ferror(file) != 0;
    fclose(file);
    *content = (airssys_string){buffer, length};
    return !failed;
}

static void use(airssys_fake_host *host, const char *path, airssys_string content) {
    const fake_toml *root = airssys_fake_parse_toml(host, path, content);
    const fake_toml *permissions = airssys_fake_toml_at(root, "permissions");
    if (permissions != NULL && permissions->kind == FAKE_TOML_TABLE) {
        airssys_fake_add_permissions(host, path, permissions);
    }
    const fake_toml *component = airssys_fake_toml_at(root, "component");
    airssys_component_id id = {.version = airssys_fake_toml_text(component, "version")};
    if (!airssys_string_cut(airssys_fake_toml_text(component, "name"), AIRSSYS_STRING("/"), &id.namespace_, &id.name)) {
        return;
    }
    airssys_component_metadata *metadata = airssys_fake_keep(host, sizeof *metadata);
    const airssys_string license = airssys_fake_toml_text(component, "license");
    *metadata = (airssys_component_metadata){
        .id = id,
        .description = airssys_fake_toml_text(component, "description"),
        .authors = texts_of(host, airssys_fake_toml_at(component, "authors")),
        .license = {license.len > 0, license},
        .operations = texts_of(host, airssys_fake_toml_at(component, "operations")),
    };
    airssys_internal_declared_in_test = metadata;
}

void airssys_fake_use_component_toml(airssys_fake_host *host, const char *path) {
    airssys_string content;
    if (!read_file(host, path, &content)) {
        airssys_fake_mistake("%s cannot be read", path);
    }
    use(host, path, content);
}

void airssys_fake_find_component_toml(airssys_fake_host *host) {
    static const char NAME[] = "/Component.toml";
    char path[MAX_FILE_PATH_BYTES + sizeof NAME];
    if (getcwd(path, MAX_FILE_PATH_BYTES) == NULL) {
        airssys_fake_mistake("the current folder has no path");
    }
    host->unfound = airssys_fake_keep_string(host, airssys_string_from_c(path));
    for (char *end = path + strlen(path); end != NULL; end = strrchr(path, '/')) {
        airssys_string content;
        strcpy(end, NAME);
        if (read_file(host, path, &content)) {
            host->unfound = (airssys_string){NULL, 0};
            use(host, path, content);
            return;
        }
        *end = '\0';
    }
}

void airssys_fake_host_permit(airssys_fake_host *host, const char *lines) {
    const char *name = "airssys_fake_host_permit";
    airssys_fake_add_permissions(host, name, airssys_fake_parse_toml(host, name, airssys_string_from_c(lines)));
}

void airssys_fake_host_permit_all(airssys_fake_host *host) {
    host->permits_all = true;
}
