/* Calls the exports of the component as a host does: arguments are given away, results are freed. */
#include <stdlib.h>

#include "fake_host.h"

static const airssys_code COMPONENT_CODES[] = {
    [AIRSSYS_CORE_TYPES_COMPONENT_ERROR_INITIALIZATION_FAILED] = AIRSSYS_INITIALIZATION_FAILED,
    [AIRSSYS_CORE_TYPES_COMPONENT_ERROR_CONFIGURATION_INVALID] = AIRSSYS_CONFIGURATION_INVALID,
    [AIRSSYS_CORE_TYPES_COMPONENT_ERROR_INVALID_MESSAGE] = AIRSSYS_INVALID_MESSAGE,
    [AIRSSYS_CORE_TYPES_COMPONENT_ERROR_RESOURCE_EXHAUSTED] = AIRSSYS_RESOURCE_EXHAUSTED,
    [AIRSSYS_CORE_TYPES_COMPONENT_ERROR_INTERNAL] = AIRSSYS_INTERNAL,
};
static const airssys_code EXECUTION_CODES[] = {
    [AIRSSYS_CORE_TYPES_EXECUTION_ERROR_UNKNOWN_OPERATION] = AIRSSYS_UNKNOWN_OPERATION,
    [AIRSSYS_CORE_TYPES_EXECUTION_ERROR_INVALID_INPUT] = AIRSSYS_INVALID_INPUT,
    [AIRSSYS_CORE_TYPES_EXECUTION_ERROR_PROCESSING_FAILED] = AIRSSYS_PROCESSING_FAILED,
    [AIRSSYS_CORE_TYPES_EXECUTION_ERROR_PERMISSION_DENIED] = AIRSSYS_PERMISSION_DENIED,
    [AIRSSYS_CORE_TYPES_EXECUTION_ERROR_TIMEOUT] = AIRSSYS_TIMEOUT,
    [AIRSSYS_CORE_TYPES_EXECUTION_ERROR_RESOURCE_EXHAUSTED] = AIRSSYS_RESOURCE_EXHAUSTED,
};

/* Keeps a result for the test, and frees it as a host does: what is empty owns nothing. */
static airssys_bytes keep_result(airssys_fake_host *host, uint8_t *ptr, size_t len) {
    airssys_bytes kept = airssys_fake_keep_bytes(host, (airssys_bytes){ptr, len});
    if (len > 0) {
        free(ptr);
    }
    return kept;
}

static airssys_fake_answer succeeded(airssys_bytes kept_output) {
    return (airssys_fake_answer){AIRSSYS_OK, kept_output, (const char *)kept_output.ptr};
}

static airssys_fake_answer failed(airssys_fake_host *host, airssys_code code, airssys_bindings_string_t text) {
    return (airssys_fake_answer){code, {NULL, 0}, (const char *)keep_result(host, text.ptr, text.len).ptr};
}

static airssys_fake_answer component_answer(airssys_fake_host *host, bool success,
                                            airssys_core_types_component_error_t *failure) {
    if (success) {
        return (airssys_fake_answer){AIRSSYS_OK, {NULL, 0}, ""};
    }
    return failed(host, COMPONENT_CODES[failure->tag], failure->val.internal);
}

static airssys_bindings_option_u64_t give_limit(airssys_optional_u64 limit) {
    return (airssys_bindings_option_u64_t){limit.has_value, limit.value};
}

static airssys_core_types_component_config_t give_config(airssys_component_id id,
                                                         const airssys_component_config *config) {
    airssys_bindings_tuple2_string_string_t *environment = FAKE_NOWHERE;
    if (config->environment_count > 0) {
        environment = airssys_internal_allocate(config->environment_count, sizeof *environment);
    }
    for (size_t i = 0; i < config->environment_count; i++) {
        environment[i].f0 = airssys_fake_give_string(config->environment[i].key);
        environment[i].f1 = airssys_fake_give_string(config->environment[i].value);
    }
    airssys_core_types_component_config_t given = {
        .id = airssys_fake_give_id(id),
        .environment = {environment, config->environment_count},
        .data = {.is_some = config->data.has_value},
        .limits =
            {
                .max_memory_bytes = give_limit(config->limits.max_memory_bytes),
                .max_cpu_time_ms = give_limit(config->limits.max_cpu_time_ms),
                .max_execution_time_ms = give_limit(config->limits.max_execution_time_ms),
            },
    };
    if (config->data.has_value) {
        given.data.val = airssys_fake_give_bytes(config->data.value);
    }
    return given;
}

airssys_fake_answer airssys_fake_host_init(airssys_fake_host *host, const airssys_component_config *config) {
    static const airssys_component_config NOTHING = {.environment = NULL};
    if (host->state != FAKE_NEW) {
        airssys_fake_mistake("the component was started already; a host does it once, before all other calls");
    }
    config = config != NULL ? config : &NOTHING;
    if (config->id.name.len > 0) {
        host->self = airssys_fake_keep_id(host, config->id);
    }
    airssys_core_types_component_config_t given = give_config(airssys_fake_own_id(host), config);
    airssys_core_types_component_error_t failure;
    bool success = exports_airssys_core_component_lifecycle_init(&given, &failure);
    host->state = success ? FAKE_RUNNING : FAKE_NOT_STARTED;
    return component_answer(host, success, &failure);
}

/* No component is called before it was started. */
static void be_running(airssys_fake_host *host) {
    if (host->state == FAKE_NEW) {
        airssys_fake_answer answer = airssys_fake_host_init(host, NULL);
        if (answer.code != AIRSSYS_OK) {
            airssys_fake_mistake("the component did not start with an empty configuration (%s: %s); start it with "
                                 "airssys_fake_host_init",
                                 airssys_code_name(answer.code), answer.text);
        }
    }
    if (host->state != FAKE_RUNNING) {
        airssys_fake_mistake("the component cannot be called: %s",
                             host->state == FAKE_ENDED ? "it was shut down" : "its init failed");
    }
}

static airssys_core_types_execution_context_t give_context(const airssys_execution_context *context) {
    airssys_core_types_execution_context_t given = {
        .request_id = airssys_fake_give_string(context->request_id),
        .deadline = {context->deadline.has_value,
                     {context->deadline.value.seconds, context->deadline.value.nanoseconds}},
        .trace_parent = {.is_some = context->trace_parent.has_value},
    };
    if (context->trace_parent.has_value) {
        given.trace_parent.val = airssys_fake_give_string(context->trace_parent.value);
    }
    switch (context->caller.kind) {
    case AIRSSYS_CALLER_COMPONENT:
        given.caller.tag = AIRSSYS_CORE_TYPES_CALLER_COMPONENT;
        given.caller.val.component = airssys_fake_give_id(context->caller.component);
        break;
    case AIRSSYS_CALLER_EXTERNAL:
        given.caller.tag = AIRSSYS_CORE_TYPES_CALLER_EXTERNAL;
        given.caller.val.external = airssys_fake_give_string(context->caller.external);
        break;
    case AIRSSYS_CALLER_HOST:
        given.caller.tag = AIRSSYS_CORE_TYPES_CALLER_HOST;
        break;
    }
    return given;
}

/* The context of a call by someone, with an id that no call before it had. */
static airssys_execution_context context_for(airssys_fake_host *host, airssys_caller caller) {
    char buffer[32];
    airssys_string_builder id = airssys_string_builder_over(buffer, sizeof buffer);
    airssys_string_builder_c(&id, "call-");
    airssys_string_builder_u64(&id, ++host->calls);
    return (airssys_execution_context){
        .request_id = airssys_fake_keep_string(host, airssys_string_builder_view(&id)),
        .caller = caller,
    };
}

airssys_fake_answer airssys_fake_host_execute(airssys_fake_host *host, const char *operation, airssys_bytes input,
                                              const airssys_execution_context *context) {
    be_running(host);
    airssys_caller tester = {.kind = AIRSSYS_CALLER_EXTERNAL, .external = AIRSSYS_STRING("test")};
    airssys_execution_context own = context != NULL ? *context : context_for(host, tester);
    airssys_bindings_string_t given_name = airssys_fake_give_string(airssys_string_from_c(operation));
    airssys_bindings_list_u8_t given_input = airssys_fake_give_bytes(input);
    airssys_core_types_execution_context_t given_context = give_context(&own);
    airssys_bindings_list_u8_t output;
    airssys_core_types_execution_error_t failure;
    if (exports_airssys_core_component_lifecycle_execute(&given_name, &given_input, &given_context, &output,
                                                         &failure)) {
        return succeeded(keep_result(host, output.ptr, output.len));
    }
    return failed(host, EXECUTION_CODES[failure.tag], failure.val.processing_failed);
}

airssys_fake_answer airssys_fake_host_call(airssys_fake_host *host, const char *operation, const char *input) {
    return airssys_fake_host_execute(host, operation, airssys_string_as_bytes(airssys_string_from_c(input)), NULL);
}

airssys_fake_answer airssys_fake_host_handle_request(airssys_fake_host *host, const char *sender,
                                                     airssys_bytes request) {
    airssys_caller caller = {.kind = AIRSSYS_CALLER_COMPONENT, .component = airssys_fake_parse_id(host, sender)};
    airssys_execution_context context = context_for(host, caller);
    return airssys_fake_host_execute(host, AIRSSYS_HANDLE_REQUEST, request, &context);
}

airssys_fake_answer airssys_fake_host_handle_message(airssys_fake_host *host, const char *sender,
                                                     airssys_bytes message) {
    be_running(host);
    airssys_core_types_component_id_t given_sender = airssys_fake_give_id(airssys_fake_parse_id(host, sender));
    airssys_bindings_list_u8_t given_message = airssys_fake_give_bytes(message);
    airssys_core_types_component_error_t failure;
    bool success = exports_airssys_core_component_lifecycle_handle_message(&given_sender, &given_message, &failure);
    return component_answer(host, success, &failure);
}

/* Brings the outcome of a request, which is this reply, or a failure if there is none. */
static airssys_fake_answer finish(airssys_fake_host *host, airssys_string request_id, const airssys_bytes *reply,
                                  airssys_string failure) {
    be_running(host);
    airssys_fake_sent *found = NULL;
    for (size_t i = 0; i < host->requests.count; i++) {
        airssys_fake_sent *sent = host->requests.items[i];
        if (airssys_string_equals(sent->request_id, request_id)) {
            found = sent;
        }
    }
    if (found == NULL || found->finished) {
        airssys_fake_mistake("the request \"%.*s\" %s", (int)request_id.len, request_id.len > 0 ? request_id.ptr : "",
                             found == NULL ? "was not sent" : "has its outcome already");
    }
    found->finished = true;
    exports_airssys_core_component_lifecycle_result_list_u8_string_t outcome = {.is_err = true};
    if (found->cancelled) {
        outcome.val.err = airssys_fake_give_string(AIRSSYS_STRING("cancelled"));
    } else if (reply == NULL) {
        outcome.val.err = airssys_fake_give_string(failure);
    } else {
        outcome.is_err = false;
        outcome.val.ok = airssys_fake_give_bytes(*reply);
    }
    airssys_core_types_request_id_t given_id = airssys_fake_give_string(request_id);
    airssys_core_types_component_error_t error;
    bool success = exports_airssys_core_component_lifecycle_handle_callback(&given_id, &outcome, &error);
    return component_answer(host, success, &error);
}

airssys_fake_answer airssys_fake_host_handle_reply(airssys_fake_host *host, airssys_string request_id,
                                                   airssys_bytes reply) {
    return finish(host, request_id, &reply, (airssys_string){NULL, 0});
}

airssys_fake_answer airssys_fake_host_handle_failure(airssys_fake_host *host, airssys_string request_id,
                                                     const char *failure) {
    return finish(host, request_id, NULL, airssys_string_from_c(failure));
}

airssys_health_status airssys_fake_host_health(airssys_fake_host *host) {
    be_running(host);
    return (airssys_health_status)exports_airssys_core_component_lifecycle_health();
}

airssys_fake_answer airssys_fake_host_shutdown(airssys_fake_host *host) {
    be_running(host);
    airssys_core_types_component_error_t failure;
    bool success = exports_airssys_core_component_lifecycle_shutdown(&failure);
    host->state = FAKE_ENDED;
    return component_answer(host, success, &failure);
}

airssys_component_metadata airssys_fake_own_metadata(airssys_fake_host *host) {
    airssys_core_types_component_metadata_t given;
    exports_airssys_core_component_lifecycle_metadata(&given);
    airssys_component_metadata taken = {
        .id = airssys_internal_take_component_id(given.id),
        .description = airssys_internal_take_string(given.description),
        .authors = airssys_internal_take_string_list(given.authors),
        .license = airssys_internal_take_optional_string(given.license),
        .operations = airssys_internal_take_string_list(given.operations),
    };
    airssys_component_metadata kept = airssys_fake_keep_metadata(host, &taken);
    airssys_component_metadata_free(&taken);
    return kept;
}

airssys_component_id airssys_fake_own_id(airssys_fake_host *host) {
    if (host->self.name.len == 0) {
        host->self = airssys_fake_own_metadata(host).id;
    }
    return host->self;
}

const airssys_component_metadata *airssys_fake_host_metadata(airssys_fake_host *host) {
    airssys_component_metadata *kept = airssys_fake_keep(host, sizeof *kept);
    *kept = airssys_fake_own_metadata(host);
    return kept;
}
