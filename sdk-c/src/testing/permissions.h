/* The [permissions] of Component.toml, decided as hosts decide them. Private to the testing kit. */
#ifndef AIRSSYS_SRC_TESTING_PERMISSIONS_H
#define AIRSSYS_SRC_TESTING_PERMISSIONS_H

#include "fake_host.h"
#include "toml.h"

typedef enum fake_access_kind { FAKE_FILESYSTEM, FAKE_NETWORK, FAKE_PROCESS, FAKE_MESSAGING } fake_access_kind;

/* What is asked for. */
typedef struct fake_access {
    fake_access_kind kind;
    const char *action;     /* not for messages */
    airssys_string subject; /* a path, the path of a program, or a host */
    airssys_string address; /* that a host leads to, if it is known; empty otherwise */
    bool has_port;          /* not for looking up a name */
    uint16_t port;
    airssys_component_id target; /* of a message */
} fake_access;

/* An address: its bytes, and how many there are. 0 is no address. */
typedef struct fake_address {
    uint8_t bytes[16];
    uint8_t length;
} fake_address;

/* A pattern over hosts: everything, a name, what is below a name, or a block of addresses. */
typedef struct fake_host_pattern {
    bool any, below;
    airssys_string name; /* empty for a block */
    fake_address base;
    unsigned prefix; /* bits that count */
} fake_host_pattern;

/* The ports from the first to the last. */
typedef struct fake_ports {
    uint16_t first, last;
} fake_ports;

/* One entry of [permissions]. */
typedef struct fake_permission {
    fake_access_kind kind;
    airssys_string action;
    airssys_string pattern; /* of a path, a program or a target */
    fake_host_pattern host;
    bool has_ports;
    fake_ports ports;
} fake_permission;

/* Adds the entries of a table. A mistake in it ends the program; `name` says what was read. */
void airssys_fake_add_permissions(airssys_fake_host *host, const char *name, const fake_toml *table);

/* Whether one of the permissions covers this. */
bool airssys_fake_covers(const airssys_fake_host *host, const fake_access *access);

/* The line that would allow it and no more than it, kept by the fake; empty if none can. */
airssys_string airssys_fake_missing(airssys_fake_host *host, const fake_access *access);

/* Whether the component may do this, which the test may have denied; the refusal of a host otherwise. */
bool airssys_fake_decide(airssys_fake_host *host, const char *operation, const fake_access *access, bool denied,
                         airssys_core_capabilities_permission_denial_t *denial);

/* Patterns. Those that read one say whether it has the right form. */
bool airssys_fake_is_path_pattern(airssys_string text);
bool airssys_fake_path_matches(airssys_string pattern, airssys_string path);
bool airssys_fake_is_target_pattern(airssys_string text);
bool airssys_fake_target_matches(airssys_string pattern, const airssys_component_id *target);
bool airssys_fake_parse_ports(const fake_toml *value, fake_ports *ports);
bool airssys_fake_parse_host_pattern(airssys_fake_host *host, airssys_string text, fake_host_pattern *pattern);

/* Whether a host, which leads to an address if that is not empty, is covered. */
bool airssys_fake_host_matches(airssys_fake_host *host, const fake_host_pattern *pattern, airssys_string name,
                               airssys_string address);

/* Appends the narrowest pattern that covers a host; says whether there is one. */
bool airssys_fake_covering_host(airssys_fake_host *host, airssys_string name, airssys_string address,
                                airssys_string_builder *pattern);

#endif
