/* What the host does for every component: the log, messages, time. */
#include <stdio.h>
#include <string.h>

#include "permissions.h"

/* As the host has it. */
enum { MAX_MESSAGE_BYTES = 1 << 20 };

/* The log. */

void airssys_core_host_services_log(airssys_core_types_log_level_t level, airssys_bindings_string_t *message,
                                    airssys_bindings_list_tuple2_string_string_t *fields) {
    if (level == AIRSSYS_CORE_TYPES_LOG_LEVEL_ERROR) {
        fprintf(stderr, "the component logs an error: %.*s\n", (int)message->len,
                message->len > 0 ? (const char *)message->ptr : "");
    }
    airssys_fake_host *host = airssys_fake_current("host-services.log");
    airssys_key_value *kept = airssys_fake_keep(host, fields->len * sizeof *kept);
    for (size_t i = 0; i < fields->len; i++) {
        kept[i].key = airssys_fake_keep_string(host, airssys_fake_see_string(fields->ptr[i].f0));
        kept[i].value = airssys_fake_keep_string(host, airssys_fake_see_string(fields->ptr[i].f1));
    }
    airssys_fake_log_record *record = airssys_fake_keep(host, sizeof *record);
    *record = (airssys_fake_log_record){
        .level = (airssys_log_level)level,
        .message = airssys_fake_keep_string(host, airssys_fake_see_string(*message)).ptr,
        .fields = kept,
        .field_count = fields->len,
    };
    airssys_fake_list_add(&host->log, record);
}

static void *item(const fake_list *list, size_t index, const char *what) {
    if (index >= list->count) {
        airssys_fake_mistake("there is no %s %zu; the component has %zu", what, index, list->count);
    }
    return list->items[index];
}

size_t airssys_fake_host_log_count(const airssys_fake_host *host) {
    return host->log.count;
}

const airssys_fake_log_record *airssys_fake_host_log_record(const airssys_fake_host *host, size_t index) {
    return item(&host->log, index, "log record");
}

/* Time. */

void airssys_core_host_services_current_time(airssys_core_types_timestamp_t *result) {
    airssys_fake_host *host = airssys_fake_current("host-services.current-time");
    *result = (airssys_core_types_timestamp_t){host->now.seconds, host->now.nanoseconds};
}

void airssys_core_host_services_sleep(uint32_t duration_ms) {
    airssys_fake_host *host = airssys_fake_current("host-services.sleep");
    uint64_t nanoseconds = host->now.nanoseconds + (uint64_t)(duration_ms % 1000) * 1000000;
    host->now.seconds += duration_ms / 1000 + nanoseconds / 1000000000;
    host->now.nanoseconds = (uint32_t)(nanoseconds % 1000000000);
}

void airssys_fake_host_set_time(airssys_fake_host *host, airssys_timestamp time) {
    host->now = time;
}

/* Other components. */

void airssys_fake_host_add_component_with_metadata(airssys_fake_host *host,
                                                   const airssys_component_metadata *metadata) {
    fake_component *added = airssys_fake_keep(host, sizeof *added);
    added->metadata = airssys_fake_keep_metadata(host, metadata);
    airssys_fake_list_add(&host->components, added);
}

void airssys_fake_host_add_component(airssys_fake_host *host, const char *id) {
    airssys_component_metadata metadata = {.id = airssys_fake_parse_id(host, id)};
    airssys_fake_host_add_component_with_metadata(host, &metadata);
}

static fake_component *find(airssys_fake_host *host, airssys_component_id id) {
    for (size_t i = 0; i < host->components.count; i++) {
        fake_component *component = host->components.items[i];
        if (airssys_fake_same_id(component->metadata.id, id)) {
            return component;
        }
    }
    return NULL;
}

void airssys_fake_host_set_mailbox_full(airssys_fake_host *host, const char *id, bool full) {
    fake_component *component = find(host, airssys_fake_parse_id(host, id));
    if (component == NULL) {
        airssys_fake_mistake("%s was not added; do it with airssys_fake_host_add_component", id);
    }
    component->mailbox_full = full;
}

void airssys_fake_host_deny_target(airssys_fake_host *host, const char *target) {
    const char *slash = strchr(target, '/');
    if (slash == NULL || slash == target || slash[1] == '\0' || strchr(slash, '@') != NULL) {
        airssys_fake_mistake("\"%s\" is no target; write namespace/name or namespace/*, without a version", target);
    }
    airssys_string kept = airssys_fake_keep_string(host, airssys_string_from_c(target));
    airssys_fake_list_add(&host->denied_targets, (void *)kept.ptr);
}

static bool is_denied(const airssys_fake_host *host, airssys_component_id id) {
    for (size_t i = 0; i < host->denied_targets.count; i++) {
        const char *denied = host->denied_targets.items[i];
        const char *name = strchr(denied, '/') + 1;
        if (airssys_string_equals(id.namespace_, (airssys_string){denied, (size_t)(name - denied - 1)}) &&
            (strcmp(name, "*") == 0 || airssys_string_equals(id.name, airssys_string_from_c(name)))) {
            return true;
        }
    }
    return false;
}

/* Whether messages may go to this component; the refusal otherwise, if asked for. */
static bool may_send(airssys_fake_host *host, const char *operation, airssys_component_id target,
                     airssys_core_capabilities_permission_denial_t *denial) {
    const fake_access access = {.kind = FAKE_MESSAGING, .target = target};
    return airssys_fake_decide(host, operation, &access, is_denied(host, target), denial);
}

/* Whether the target takes it; the failure otherwise, in the order in which the host looks. */
static bool reaches(airssys_fake_host *host, const char *operation, airssys_component_id target, size_t size,
                    fake_messaging_failure *failure) {
    airssys_core_capabilities_permission_denial_t denial;
    if (!may_send(host, operation, target, &denial)) {
        failure->tag = AIRSSYS_CORE_TYPES_MESSAGING_ERROR_PERMISSION_DENIED;
        failure->val.permission_denied = denial;
        return false;
    }
    if (size > MAX_MESSAGE_BYTES) {
        failure->tag = AIRSSYS_CORE_TYPES_MESSAGING_ERROR_PAYLOAD_TOO_LARGE;
        failure->val.payload_too_large = MAX_MESSAGE_BYTES;
        return false;
    }
    const fake_component *found = find(host, target);
    if (found == NULL && !airssys_fake_same_id(airssys_fake_own_id(host), target)) {
        failure->tag = AIRSSYS_CORE_TYPES_MESSAGING_ERROR_COMPONENT_NOT_FOUND;
        failure->val.component_not_found = airssys_fake_give_id(target);
        return false;
    }
    if (found != NULL && found->mailbox_full) {
        failure->tag = AIRSSYS_CORE_TYPES_MESSAGING_ERROR_MAILBOX_FULL;
        failure->val.mailbox_full = airssys_fake_give_id(target);
        return false;
    }
    return true;
}

static airssys_fake_sent *keep_sent(airssys_fake_host *host, fake_list *list, airssys_component_id target,
                                    const airssys_bindings_list_u8_t *content) {
    airssys_fake_sent *sent = airssys_fake_keep(host, sizeof *sent);
    sent->target = airssys_fake_keep_id(host, target);
    sent->content = airssys_fake_keep_bytes(host, (airssys_bytes){content->ptr, content->len});
    airssys_fake_list_add(list, sent);
    return sent;
}

bool airssys_core_host_services_send_message(airssys_core_types_component_id_t *target,
                                             airssys_bindings_list_u8_t *message, fake_messaging_failure *failure) {
    airssys_fake_host *host = airssys_fake_current("host-services.send-message");
    airssys_component_id id = airssys_fake_see_id(target);
    if (!reaches(host, "core/host-services.send-message", id, message->len, failure)) {
        return false;
    }
    keep_sent(host, &host->messages, id, message);
    return true;
}

bool airssys_core_host_services_send_request(airssys_core_types_component_id_t *target,
                                             airssys_bindings_list_u8_t *request, uint32_t timeout_ms,
                                             airssys_core_types_request_id_t *result, fake_messaging_failure *failure) {
    airssys_fake_host *host = airssys_fake_current("host-services.send-request");
    airssys_component_id id = airssys_fake_see_id(target);
    if (!reaches(host, "core/host-services.send-request", id, request->len, failure)) {
        return false;
    }
    airssys_fake_sent *sent = keep_sent(host, &host->requests, id, request);
    char buffer[32];
    airssys_string_builder written = airssys_string_builder_over(buffer, sizeof buffer);
    airssys_string_builder_c(&written, "request-");
    airssys_string_builder_u64(&written, host->requests.count);
    sent->request_id = airssys_fake_keep_string(host, airssys_string_builder_view(&written));
    sent->timeout_ms = timeout_ms;
    *result = airssys_fake_give_string(sent->request_id);
    return true;
}

bool airssys_core_host_services_cancel_request(airssys_core_types_request_id_t *request,
                                               fake_messaging_failure *failure) {
    airssys_fake_host *host = airssys_fake_current("host-services.cancel-request");
    for (size_t i = 0; i < host->requests.count; i++) {
        airssys_fake_sent *sent = host->requests.items[i];
        if (airssys_string_equals(sent->request_id, airssys_fake_see_string(*request)) && !sent->finished &&
            !sent->cancelled) {
            sent->cancelled = true;
            return true;
        }
    }
    failure->tag = AIRSSYS_CORE_TYPES_MESSAGING_ERROR_UNKNOWN_REQUEST;
    failure->val.unknown_request = airssys_fake_give_string(airssys_fake_see_string(*request));
    return false;
}

size_t airssys_fake_host_message_count(const airssys_fake_host *host) {
    return host->messages.count;
}

const airssys_fake_sent *airssys_fake_host_message(const airssys_fake_host *host, size_t index) {
    return item(&host->messages, index, "message");
}

size_t airssys_fake_host_request_count(const airssys_fake_host *host) {
    return host->requests.count;
}

const airssys_fake_sent *airssys_fake_host_request(const airssys_fake_host *host, size_t index) {
    return item(&host->requests, index, "request");
}

void airssys_core_host_services_list_components(airssys_core_host_services_list_component_id_t *result) {
    airssys_fake_host *host = airssys_fake_current("host-services.list-components");
    airssys_core_types_component_id_t *ids = airssys_internal_allocate(host->components.count + 1, sizeof *ids);
    size_t count = 0;
    ids[count++] = airssys_fake_give_id(airssys_fake_own_id(host));
    for (size_t i = 0; i < host->components.count; i++) {
        const fake_component *component = host->components.items[i];
        if (may_send(host, "", component->metadata.id, NULL)) {
            ids[count++] = airssys_fake_give_id(component->metadata.id);
        }
    }
    *result = (airssys_core_host_services_list_component_id_t){ids, count};
}

bool airssys_core_host_services_get_component_metadata(airssys_core_types_component_id_t *id,
                                                       airssys_core_types_component_metadata_t *result,
                                                       fake_messaging_failure *failure) {
    airssys_fake_host *host = airssys_fake_current("host-services.get-component-metadata");
    airssys_component_id seen = airssys_fake_see_id(id);
    airssys_component_metadata found;
    const fake_component *component = find(host, seen);
    if (airssys_fake_same_id(airssys_fake_own_id(host), seen)) {
        found = airssys_fake_own_metadata(host);
    } else if (component != NULL && may_send(host, "", seen, NULL)) {
        found = component->metadata;
    } else {
        failure->tag = AIRSSYS_CORE_TYPES_MESSAGING_ERROR_COMPONENT_NOT_FOUND;
        failure->val.component_not_found = airssys_fake_give_id(seen);
        return false;
    }
    *result = (airssys_core_types_component_metadata_t){
        .id = airssys_fake_give_id(seen),
        .description = airssys_fake_give_string(found.description),
        .authors = airssys_fake_give_strings(found.authors),
        .license = {.is_some = found.license.has_value},
        .operations = airssys_fake_give_strings(found.operations),
    };
    if (found.license.has_value) {
        result->license.val = airssys_fake_give_string(found.license.value);
    }
    return true;
}
