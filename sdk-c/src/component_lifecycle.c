/* The exports of every component: each finds what the author defined, converts both ways, and frees what is left. */
#include <airssys/component_lifecycle.h>

#include <assert.h>
#include <stdlib.h>

#include "conversions.h"

static_assert((int)AIRSSYS_HEALTHY == AIRSSYS_CORE_TYPES_HEALTH_STATUS_HEALTHY &&
                  (int)AIRSSYS_DEGRADED == AIRSSYS_CORE_TYPES_HEALTH_STATUS_DEGRADED &&
                  (int)AIRSSYS_UNHEALTHY == AIRSSYS_CORE_TYPES_HEALTH_STATUS_UNHEALTHY &&
                  (int)AIRSSYS_HEALTH_UNKNOWN == AIRSSYS_CORE_TYPES_HEALTH_STATUS_UNKNOWN,
              "health states are in the contract's order");

typedef exports_airssys_core_component_lifecycle_component_error_t component_failure;
typedef exports_airssys_core_component_lifecycle_execution_error_t execution_failure;

#ifdef __wasm__
/* Only where airssys-wasm build has built the component: it writes down what Component.toml says. */
extern const airssys_component_metadata airssys_internal_declared __attribute__((weak));

/* Only where the component uses stdio: the build links it then. */
void airssys_internal_flush_output(void) __attribute__((weak));
#else
const airssys_component_metadata *airssys_internal_declared_in_test;
#endif

/* Writes out what the component has printed without ending the line: nothing else would before the next line. */
static void flush_output(void) {
#ifdef __wasm__
    if (airssys_internal_flush_output != NULL) {
        airssys_internal_flush_output();
    }
#endif
}

static const airssys_component *component(void) {
    const airssys_component *defined = airssys_component_define();
    if (defined == NULL) {
        airssys_panic(AIRSSYS_STRING("airssys_component_define returned NULL"));
    }
    return defined;
}

/* The description of an error, in memory of its own. */
static airssys_string describe(const airssys_error *error) {
    airssys_string_builder measured = airssys_string_builder_over(NULL, 0);
    airssys_error_describe(error, &measured);
    char *buffer = airssys_internal_allocate(measured.required, 1);
    airssys_string_builder built = airssys_string_builder_over(buffer, measured.required);
    airssys_error_describe(error, &built);
    return airssys_string_builder_view(&built);
}

/* Moves the text out of an error. */
static airssys_bindings_string_t give_text(airssys_error *error) {
    airssys_bindings_string_t text = airssys_internal_give_string(error->text);
    error->text = (airssys_string){NULL, 0};
    return text;
}

/* Turns what an author's function left behind into the result of an export; the code it returned is what counts. A code
   that the function cannot give, such as one of the host, becomes the case `other`. */
static bool finish(airssys_code code, airssys_error *error, uint8_t other, component_failure *failure) {
    flush_output();
    if (code == AIRSSYS_OK) {
        airssys_error_free(error);
        return true;
    }
    error->code = code;
    switch (code) {
    case AIRSSYS_INITIALIZATION_FAILED:
        failure->tag = AIRSSYS_CORE_TYPES_COMPONENT_ERROR_INITIALIZATION_FAILED;
        failure->val.initialization_failed = give_text(error);
        break;
    case AIRSSYS_CONFIGURATION_INVALID:
        failure->tag = AIRSSYS_CORE_TYPES_COMPONENT_ERROR_CONFIGURATION_INVALID;
        failure->val.configuration_invalid = give_text(error);
        break;
    case AIRSSYS_INVALID_MESSAGE:
        failure->tag = AIRSSYS_CORE_TYPES_COMPONENT_ERROR_INVALID_MESSAGE;
        failure->val.invalid_message = give_text(error);
        break;
    case AIRSSYS_RESOURCE_EXHAUSTED:
        failure->tag = AIRSSYS_CORE_TYPES_COMPONENT_ERROR_RESOURCE_EXHAUSTED;
        failure->val.resource_exhausted = give_text(error);
        break;
    case AIRSSYS_INTERNAL:
        failure->tag = AIRSSYS_CORE_TYPES_COMPONENT_ERROR_INTERNAL;
        failure->val.internal = give_text(error);
        break;
    default:
        /* Every case carries a text. */
        failure->tag = other;
        failure->val.internal = airssys_internal_give_string(describe(error));
        break;
    }
    airssys_error_free(error);
    return false;
}

static void finish_execution(airssys_code code, airssys_error *error, execution_failure *failure) {
    error->code = code;
    switch (code) {
    case AIRSSYS_UNKNOWN_OPERATION:
        failure->tag = AIRSSYS_CORE_TYPES_EXECUTION_ERROR_UNKNOWN_OPERATION;
        failure->val.unknown_operation = give_text(error);
        break;
    case AIRSSYS_INVALID_INPUT:
        failure->tag = AIRSSYS_CORE_TYPES_EXECUTION_ERROR_INVALID_INPUT;
        failure->val.invalid_input = give_text(error);
        break;
    case AIRSSYS_PROCESSING_FAILED:
        failure->tag = AIRSSYS_CORE_TYPES_EXECUTION_ERROR_PROCESSING_FAILED;
        failure->val.processing_failed = give_text(error);
        break;
    case AIRSSYS_PERMISSION_DENIED:
        /* From the host it comes with a denial, which is what the caller should see. */
        if (error->text.len == 0 && error->denial.operation.len > 0) {
            error->text = describe(error);
        }
        failure->tag = AIRSSYS_CORE_TYPES_EXECUTION_ERROR_PERMISSION_DENIED;
        failure->val.permission_denied = give_text(error);
        break;
    case AIRSSYS_TIMEOUT:
        failure->tag = AIRSSYS_CORE_TYPES_EXECUTION_ERROR_TIMEOUT;
        failure->val.timeout = give_text(error);
        break;
    case AIRSSYS_RESOURCE_EXHAUSTED:
        failure->tag = AIRSSYS_CORE_TYPES_EXECUTION_ERROR_RESOURCE_EXHAUSTED;
        failure->val.resource_exhausted = give_text(error);
        break;
    default:
        failure->tag = AIRSSYS_CORE_TYPES_EXECUTION_ERROR_PROCESSING_FAILED;
        failure->val.processing_failed = airssys_internal_give_string(describe(error));
        break;
    }
    airssys_error_free(error);
}

static airssys_component_config take_config(const airssys_core_types_component_config_t *config) {
    airssys_key_value *environment = airssys_internal_allocate(config->environment.len, sizeof *environment);
    for (size_t i = 0; i < config->environment.len; i++) {
        environment[i].key = airssys_internal_take_string(config->environment.ptr[i].f0);
        environment[i].value = airssys_internal_take_string(config->environment.ptr[i].f1);
    }
    if (config->environment.len > 0) {
        free(config->environment.ptr);
    }
    airssys_component_config taken = {
        .id = airssys_internal_take_component_id(config->id),
        .environment = environment,
        .environment_count = config->environment.len,
        .data = {.has_value = config->data.is_some},
        .limits =
            {
                .max_memory_bytes = airssys_internal_take_optional_u64(config->limits.max_memory_bytes),
                .max_cpu_time_ms = airssys_internal_take_optional_u64(config->limits.max_cpu_time_ms),
                .max_execution_time_ms = airssys_internal_take_optional_u64(config->limits.max_execution_time_ms),
            },
    };
    if (config->data.is_some) {
        taken.data.value = airssys_internal_take_bytes(config->data.val);
    }
    return taken;
}

static void free_config(airssys_component_config *config) {
    airssys_component_id_free(&config->id);
    for (size_t i = 0; i < config->environment_count; i++) {
        airssys_key_value entry = config->environment[i];
        airssys_string_free(&entry.key);
        airssys_string_free(&entry.value);
    }
    free((void *)config->environment);
    airssys_bytes_free(&config->data.value);
}

bool exports_airssys_core_component_lifecycle_init(airssys_core_types_component_config_t *config,
                                                   component_failure *failure) {
    /* Static, for the author may keep what is in it. A host starts a component once; only a test starts another. */
    static airssys_component_config kept;
    free_config(&kept);
    kept = take_config(config);
    airssys_error error = {.code = AIRSSYS_OK};
    airssys_code code = component()->init != NULL ? component()->init(&kept, &error) : AIRSSYS_OK;
    return finish(code, &error, AIRSSYS_CORE_TYPES_COMPONENT_ERROR_INITIALIZATION_FAILED, failure);
}

static airssys_execution_context take_context(const airssys_core_types_execution_context_t *context) {
    airssys_execution_context taken = {
        .request_id = airssys_internal_take_string(context->request_id),
        .caller = {.kind = AIRSSYS_CALLER_HOST},
        .deadline = {.has_value = context->deadline.is_some},
        .trace_parent = airssys_internal_take_optional_string(context->trace_parent),
    };
    if (context->caller.tag == AIRSSYS_CORE_TYPES_CALLER_COMPONENT) {
        taken.caller.kind = AIRSSYS_CALLER_COMPONENT;
        taken.caller.component = airssys_internal_take_component_id(context->caller.val.component);
    } else if (context->caller.tag == AIRSSYS_CORE_TYPES_CALLER_EXTERNAL) {
        taken.caller.kind = AIRSSYS_CALLER_EXTERNAL;
        taken.caller.external = airssys_internal_take_string(context->caller.val.external);
    }
    if (context->deadline.is_some) {
        taken.deadline.value = airssys_internal_timestamp(context->deadline.val);
    }
    return taken;
}

static void free_context(airssys_execution_context *context) {
    airssys_string_free(&context->request_id);
    airssys_component_id_free(&context->caller.component);
    airssys_string_free(&context->caller.external);
    airssys_string_free(&context->trace_parent.value);
}

static const airssys_operation *find_operation(airssys_string name) {
    const airssys_component *defined = component();
    for (size_t i = 0; i < defined->operation_count; i++) {
        if (airssys_string_equals(defined->operations[i].name, name)) {
            return &defined->operations[i];
        }
    }
    return NULL;
}

bool exports_airssys_core_component_lifecycle_execute(airssys_bindings_string_t *operation,
                                                      airssys_bindings_list_u8_t *input,
                                                      airssys_core_types_execution_context_t *context,
                                                      airssys_bindings_list_u8_t *result, execution_failure *failure) {
    airssys_string name = airssys_internal_take_string(*operation);
    airssys_bytes taken_input = airssys_internal_take_bytes(*input);
    airssys_execution_context taken_context = take_context(context);
    airssys_bytes output = {NULL, 0};
    airssys_error error = {.code = AIRSSYS_OK};

    const airssys_operation *found = find_operation(name);
    airssys_code code = found != NULL ? found->run(taken_input, &taken_context, &output, &error)
                                      : airssys_error_set(&error, AIRSSYS_UNKNOWN_OPERATION, name);

    flush_output();
    airssys_string_free(&name);
    airssys_bytes_free(&taken_input);
    free_context(&taken_context);
    if (code == AIRSSYS_OK) {
        airssys_error_free(&error);
        *result = airssys_internal_give_bytes(output);
        return true;
    }
    airssys_bytes_free(&output);
    finish_execution(code, &error, failure);
    return false;
}

bool exports_airssys_core_component_lifecycle_handle_message(airssys_core_types_component_id_t *sender,
                                                             airssys_bindings_list_u8_t *message,
                                                             component_failure *failure) {
    airssys_component_id taken_sender = airssys_internal_take_component_id(*sender);
    airssys_bytes taken_message = airssys_internal_take_bytes(*message);
    airssys_error error = {.code = AIRSSYS_OK};
    airssys_code code =
        component()->handle_message != NULL
            ? component()->handle_message(&taken_sender, taken_message, &error)
            : airssys_error_set(&error, AIRSSYS_INVALID_MESSAGE, AIRSSYS_STRING("messages are not handled"));
    airssys_component_id_free(&taken_sender);
    airssys_bytes_free(&taken_message);
    return finish(code, &error, AIRSSYS_CORE_TYPES_COMPONENT_ERROR_INTERNAL, failure);
}

bool exports_airssys_core_component_lifecycle_handle_callback(
    airssys_core_types_request_id_t *request, exports_airssys_core_component_lifecycle_result_list_u8_string_t *outcome,
    component_failure *failure) {
    airssys_string request_id = airssys_internal_take_string(*request);
    airssys_outcome taken = {.succeeded = !outcome->is_err};
    if (outcome->is_err) {
        taken.failure = airssys_internal_take_string(outcome->val.err);
    } else {
        taken.reply = airssys_internal_take_bytes(outcome->val.ok);
    }
    airssys_error error = {.code = AIRSSYS_OK};
    airssys_code code =
        component()->handle_callback != NULL ? component()->handle_callback(request_id, &taken, &error) : AIRSSYS_OK;
    airssys_string_free(&request_id);
    airssys_string_free(&taken.failure);
    airssys_bytes_free(&taken.reply);
    return finish(code, &error, AIRSSYS_CORE_TYPES_COMPONENT_ERROR_INTERNAL, failure);
}

/* What Component.toml says, or NULL where that is not known. */
static const airssys_component_metadata *declared(void) {
#ifdef __wasm__
    return &airssys_internal_declared;
#else
    return airssys_internal_declared_in_test;
#endif
}

static bool is_same_id(const airssys_component_id *one, const airssys_component_id *other) {
    return airssys_string_equals(one->namespace_, other->namespace_) && airssys_string_equals(one->name, other->name) &&
           airssys_string_equals(one->version, other->version);
}

/* Panics if the operations are not those that Component.toml lists, which need not list them. */
static void check_operations(const airssys_component *defined, const airssys_component_metadata *toml) {
    bool same = toml->operations.len == 0 || toml->operations.len == defined->operation_count;
    for (size_t i = 0; same && i < toml->operations.len; i++) {
        same = find_operation(toml->operations.ptr[i]) != NULL;
    }
    if (!same) {
        airssys_panic(
            AIRSSYS_STRING("the operations that airssys_component_define gives are not those of Component.toml"));
    }
}

/* What the component says of itself, with what it leaves empty from Component.toml. Borrowed from both. */
static airssys_component_metadata describe_component(const airssys_component *defined) {
    airssys_component_metadata described = {
        .id = defined->id,
        .description = defined->description,
        .authors = defined->authors,
        .license = defined->license,
    };
    const airssys_component_metadata *toml = declared();
    const bool has_id = defined->id.namespace_.len + defined->id.name.len + defined->id.version.len > 0;
    if (toml == NULL) {
        if (!has_id) {
            airssys_panic(
                AIRSSYS_STRING("what Component.toml says is not known here: build with airssys-wasm build, or "
                               "give the component an id"));
        }
        return described;
    }
    if (has_id && !is_same_id(&defined->id, &toml->id)) {
        airssys_panic(
            AIRSSYS_STRING("the id that airssys_component_define gives is not that of Component.toml: leave it out"));
    }
    check_operations(defined, toml);
    described.id = toml->id;
    if (described.description.len == 0) {
        described.description = toml->description;
    }
    if (described.authors.len == 0) {
        described.authors = toml->authors;
    }
    if (!described.license.has_value) {
        described.license = toml->license;
    }
    return described;
}

void exports_airssys_core_component_lifecycle_metadata(airssys_core_types_component_metadata_t *result) {
    const airssys_component *defined = component();
    const airssys_component_metadata described = describe_component(defined);
    airssys_bindings_string_t *authors = airssys_internal_allocate(described.authors.len, sizeof *authors);
    for (size_t i = 0; i < described.authors.len; i++) {
        authors[i] = airssys_internal_give_string_copy(described.authors.ptr[i]);
    }
    airssys_bindings_string_t *operations = airssys_internal_allocate(defined->operation_count, sizeof *operations);
    for (size_t i = 0; i < defined->operation_count; i++) {
        operations[i] = airssys_internal_give_string_copy(defined->operations[i].name);
    }
    *result = (airssys_core_types_component_metadata_t){
        .id =
            {
                airssys_internal_give_string_copy(described.id.namespace_),
                airssys_internal_give_string_copy(described.id.name),
                airssys_internal_give_string_copy(described.id.version),
            },
        .description = airssys_internal_give_string_copy(described.description),
        .authors = {authors, described.authors.len},
        .license = {.is_some = described.license.has_value},
        .operations = {operations, defined->operation_count},
    };
    if (described.license.has_value) {
        result->license.val = airssys_internal_give_string_copy(described.license.value);
    }
}

airssys_core_types_health_status_t exports_airssys_core_component_lifecycle_health(void) {
    airssys_health_status status = component()->health != NULL ? component()->health() : AIRSSYS_HEALTHY;
    flush_output();
    return (airssys_core_types_health_status_t)status;
}

bool exports_airssys_core_component_lifecycle_shutdown(component_failure *failure) {
    airssys_error error = {.code = AIRSSYS_OK};
    airssys_code code = component()->shutdown != NULL ? component()->shutdown(&error) : AIRSSYS_OK;
    return finish(code, &error, AIRSSYS_CORE_TYPES_COMPONENT_ERROR_INTERNAL, failure);
}
