/* The fake decides as hosts do: a table says what these decide. */
#include <airssys/testing.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../src/testing/permissions.h"
#include "check.h"
#include "table.h"

static airssys_component_id id_of(airssys_fake_host *host, airssys_string text) {
    return airssys_fake_parse_id(host, airssys_fake_keep_string(host, text).ptr);
}

/* Fails the test and names the row. */
static void expect(bool holds, const fake_toml *row, const char *problem) {
    if (!holds) {
        airssys_string kind = airssys_fake_toml_text(row, "kind"), pattern = airssys_fake_toml_text(row, "pattern"),
                       resource = airssys_fake_toml_text(row, "resource");
        printf("%s: %.*s \"%.*s\" \"%.*s\"\n", problem, (int)kind.len, kind.ptr, (int)pattern.len, pattern.ptr,
               (int)resource.len, resource.ptr);
    }
    CHECK(holds);
}

static bool is_pattern(airssys_fake_host *host, const fake_toml *row, fake_host_pattern *hosts, fake_ports *ports) {
    const airssys_string pattern = airssys_fake_toml_text(row, "pattern");
    if (has_word(row, "kind", "host")) {
        return airssys_fake_parse_host_pattern(host, pattern, hosts);
    }
    if (has_word(row, "kind", "port")) {
        return airssys_fake_parse_ports(airssys_fake_toml_at(row, "pattern"), ports);
    }
    return has_word(row, "kind", "target") ? airssys_fake_is_target_pattern(pattern)
                                           : airssys_fake_is_path_pattern(pattern);
}

static void each_pattern_covers_what_the_table_says(airssys_fake_host *host) {
    for (const fake_toml *row = read_table(host, "covered"); row != NULL; row = row->next) {
        const airssys_string pattern = airssys_fake_toml_text(row, "pattern");
        const airssys_string resource = airssys_fake_toml_text(row, "resource");
        fake_host_pattern hosts;
        fake_ports ports = {0, 0};
        const bool every_port = has_word(row, "kind", "port") && has_word(row, "pattern", "null");
        expect(every_port || is_pattern(host, row, &hosts, &ports), row, "no pattern");
        bool covered;
        if (has_word(row, "kind", "host")) {
            covered = airssys_fake_host_matches(host, &hosts, resource, airssys_fake_toml_text(row, "address"));
        } else if (has_word(row, "kind", "port")) {
            const fake_toml *port = airssys_fake_toml_at(row, "resource");
            covered = every_port ||
                      (port->kind == FAKE_TOML_INTEGER && ports.first <= port->integer && port->integer <= ports.last);
        } else if (has_word(row, "kind", "target")) {
            const airssys_component_id target = id_of(host, resource);
            covered = airssys_fake_target_matches(pattern, &target);
        } else {
            covered = airssys_fake_path_matches(pattern, resource);
        }
        expect(covered == has_word(row, "allowed", "true"), row, covered ? "covered" : "not covered");
    }
}

static void each_pattern_outside_the_form_is_refused(airssys_fake_host *host) {
    for (const fake_toml *row = read_table(host, "refused"); row != NULL; row = row->next) {
        fake_host_pattern hosts;
        fake_ports ports;
        expect(!is_pattern(host, row, &hosts, &ports), row, "taken");
    }
}

static void each_denial_names_the_line_of_the_table_and_the_line_allows_it(airssys_fake_host *host) {
    static const char *const KINDS[] = {"filesystem", "network", "process", "messaging"};
    for (const fake_toml *row = read_table(host, "missing"); row != NULL; row = row->next) {
        const fake_toml *asked = airssys_fake_toml_at(row, "access");
        fake_access access = {.kind = FAKE_FILESYSTEM};
        while (!has_word(asked, "permission", KINDS[access.kind])) {
            access.kind++;
        }
        access.action = airssys_fake_keep_string(host, airssys_fake_toml_text(asked, "action")).ptr;
        access.subject = airssys_fake_toml_text(asked, access.kind == FAKE_NETWORK   ? "host"
                                                       : access.kind == FAKE_PROCESS ? "program"
                                                                                     : "path");
        access.address = airssys_fake_toml_text(asked, "address");
        const fake_toml *port = airssys_fake_toml_at(asked, "port");
        access.has_port = port != NULL;
        access.port = port != NULL ? (uint16_t)port->integer : 0;
        if (access.kind == FAKE_MESSAGING) {
            access.target = id_of(host, airssys_fake_toml_text(asked, "target"));
        }
        const airssys_string line = airssys_fake_missing(host, &access);
        const airssys_string expected = airssys_fake_toml_text(row, "missing");
        if (!airssys_string_equals(line, expected)) {
            printf("got %.*s, expected %.*s\n", (int)line.len, line.ptr, (int)expected.len, expected.ptr);
        }
        CHECK(airssys_string_equals(line, expected));
        host->permissions.count = 0;
        CHECK(!airssys_fake_covers(host, &access));
        if (line.len > 0) {
            airssys_fake_host_permit(host, airssys_fake_keep_string(host, line).ptr);
            CHECK(airssys_fake_covers(host, &access));
        }
    }
}

static void toml_is_read(airssys_fake_host *host) {
    const fake_toml *root = airssys_fake_parse_toml(
        host, "a test",
        AIRSSYS_STRING("# a comment\r\ntop = 'lit\\eral' # another\n[component]\n"
                       "\"quoted key\" = \"a\\tb\\u00e4\\U0001F980\\\"\"\n"
                       "operations = [\n  \"greet\", # with a comment\n  'count',\n]\n"
                       "long = \"\"\"\none \\\n   two\nthree\"\"\"\nraw = '''\nx\"y'''\n"
                       "[[permissions.process]]\naction = \"spawn\"\n[[permissions.process]]\naction = \"signal\"\n"
                       "[limits]\nbytes = 1_048_576\nwhen = 2026-01-01\na.b.c = -1\n"));
    CHECK(IS(airssys_fake_toml_text(root, "top"), "lit\\eral"));
    const fake_toml *component = airssys_fake_toml_at(root, "component");
    CHECK(IS(airssys_fake_toml_text(component, "quoted key"), "a\tb\xC3\xA4\xF0\x9F\xA6\x80\""));
    const fake_toml *operations = airssys_fake_toml_at(component, "operations");
    CHECK(IS(operations->first->text, "greet") && IS(operations->last->text, "count"));
    CHECK(IS(airssys_fake_toml_text(component, "long"), "one two\nthree"));
    CHECK(IS(airssys_fake_toml_text(component, "raw"), "x\"y"));
    const fake_toml *process = airssys_fake_toml_at(airssys_fake_toml_at(root, "permissions"), "process");
    CHECK(process->kind == FAKE_TOML_LIST && IS(airssys_fake_toml_text(process->last, "action"), "signal"));
    const fake_toml *limits = airssys_fake_toml_at(root, "limits");
    CHECK(airssys_fake_toml_at(limits, "bytes")->integer == 1048576);
    CHECK(airssys_fake_toml_at(limits, "when")->kind == FAKE_TOML_OTHER);
    CHECK(airssys_fake_toml_at(airssys_fake_toml_at(airssys_fake_toml_at(limits, "a"), "b"), "c")->integer == -1);
}

static void the_component_may_do_what_its_component_toml_asks_for_and_nothing_else(void) {
    airssys_fake_host *host = airssys_fake_host_new_of(COMPONENT_TOML);
    airssys_bytes content;
    airssys_error error;
    airssys_fake_host_put_file(host, "/data/a", AIRSSYS_BYTES("x"));
    airssys_fake_host_put_file(host, "/secret", AIRSSYS_BYTES("x"));
    CHECK(airssys_files_read_file(AIRSSYS_STRING("/data/a"), &content, NULL) == AIRSSYS_OK);
    airssys_bytes_free(&content);
    CHECK(airssys_files_read_file(AIRSSYS_STRING("/data/../secret"), &content, &error) == AIRSSYS_PERMISSION_DENIED);
    CHECK(IS(error.denial.resource, "/secret"));
    CHECK(IS(error.denial.missing, "filesystem = [{ action = \"read\", path = \"/secret\" }]"));
    airssys_error_free(&error);
    airssys_fake_host_permit(host, "filesystem = [{ action = \"read\", path = \"/secret\" }]");
    CHECK(airssys_files_read_file(AIRSSYS_STRING("/secret"), &content, NULL) == AIRSSYS_OK);
    airssys_bytes_free(&content);
    airssys_fake_host_deny_path(host, "/secret", AIRSSYS_FAKE_READ);
    CHECK(airssys_files_read_file(AIRSSYS_STRING("/secret"), &content, NULL) == AIRSSYS_PERMISSION_DENIED);
    const airssys_endpoint endpoint = {AIRSSYS_STRING("example.com"), 443};
    airssys_tcp_stream stream;
    CHECK(airssys_tcp_connect(&endpoint, (airssys_optional_u32){false, 0}, &stream, &error) ==
          AIRSSYS_PERMISSION_DENIED);
    CHECK(IS(error.denial.missing, "network = [{ action = \"outbound\", host = \"example.com\", port = 443 }]"));
    airssys_error_free(&error);
    airssys_fake_host_free(host);
}

static void without_a_component_toml_nothing_may_be_done_and_the_refusal_says_why(void) {
    airssys_fake_host *host = airssys_fake_host_new();
    airssys_bytes content;
    airssys_error error;
    airssys_fake_host_put_file(host, "/data/a", AIRSSYS_BYTES("x"));
    CHECK(airssys_files_read_file(AIRSSYS_STRING("/data/a"), &content, &error) == AIRSSYS_PERMISSION_DENIED);
    CHECK(airssys_string_starts_with(error.denial.missing,
                                     AIRSSYS_STRING("filesystem = [{ action = \"read\", path = \"/data/a\" }] (there "
                                                    "is no Component.toml in ")));
    airssys_error_free(&error);
    airssys_fake_host_permit_all(host);
    CHECK(airssys_files_read_file(AIRSSYS_STRING("/data/a"), &content, NULL) == AIRSSYS_OK);
    airssys_bytes_free(&content);
    airssys_fake_host_free(host);
}

static void permissions_for_a_hosts_own_interfaces_are_passed_over(airssys_fake_host *host) {
    airssys_bytes content;
    airssys_fake_host_put_file(host, "/data/a", AIRSSYS_BYTES("x"));
    airssys_fake_host_permit(host, "\"acme:database\" = [{ action = \"query\", table = \"*\" }]");
    CHECK(airssys_files_read_file(AIRSSYS_STRING("/data/a"), &content, NULL) == AIRSSYS_PERMISSION_DENIED);
    airssys_fake_host_permit(host, "filesystem = [{ action = \"read\", path = \"/data/a\" }]");
    CHECK(airssys_files_read_file(AIRSSYS_STRING("/data/a"), &content, NULL) == AIRSSYS_OK);
    airssys_bytes_free(&content);
}

int main(void) {
    static void (*const WITH_A_HOST[])(airssys_fake_host *) = {
        each_pattern_covers_what_the_table_says,
        each_pattern_outside_the_form_is_refused,
        each_denial_names_the_line_of_the_table_and_the_line_allows_it,
        toml_is_read,
        permissions_for_a_hosts_own_interfaces_are_passed_over,
    };
    for (size_t i = 0; i < sizeof WITH_A_HOST / sizeof *WITH_A_HOST; i++) {
        airssys_fake_host *host = airssys_fake_host_new();
        WITH_A_HOST[i](host);
        airssys_fake_host_free(host);
    }
    the_component_may_do_what_its_component_toml_asks_for_and_nothing_else();
    without_a_component_toml_nothing_may_be_done_and_the_refusal_says_why();
    return CHECK_RESULT;
}
