/* Asks a model of the host. */
#include <airssys/airssys.h>

#include <stdlib.h>
#include <string.h>

#include "imports.h"
#include "json.h"

/* Many more than a model is trained with. */
enum { MAX_FEATURES = 1024 };

/* What the input asks. */
typedef struct question {
    airssys_string model;
    double features[MAX_FEATURES];
    size_t feature_count;
    bool has_features;
} question;

static void read_features(json_reader *reader, question *asked) {
    asked->has_features = true;
    json_expect(reader, '[');
    if (json_take(reader, ']')) {
        return;
    }
    do {
        if (asked->feature_count == MAX_FEATURES) {
            reader->failed = true;
            return;
        }
        asked->features[asked->feature_count++] = json_number(reader);
    } while (json_take(reader, ','));
    json_expect(reader, ']');
}

static bool read_question(airssys_bytes input, question *asked) {
    json_reader reader = json_read(input);
    json_expect(&reader, '{');
    do {
        airssys_string name = json_text(&reader);
        json_expect(&reader, ':');
        if (airssys_string_equals(name, AIRSSYS_STRING("model")) && asked->model.ptr == NULL) {
            asked->model = json_text(&reader);
        } else if (airssys_string_equals(name, AIRSSYS_STRING("features")) && !asked->has_features) {
            read_features(&reader, asked);
        } else {
            reader.failed = true;
        }
        airssys_string_free(&name);
    } while (json_take(&reader, ','));
    json_expect(&reader, '}');
    return json_ended(&reader) && asked->model.ptr != NULL && asked->has_features;
}

static void write_field(json_writer *to, const char *before, imports_string_t text) {
    json_write(to, before);
    json_write_text(to, (const char *)text.ptr, text.len);
}

static void write_failure(json_writer *to, const acme_model_inference_failure_t *failure) {
    switch (failure->tag) {
    case ACME_MODEL_INFERENCE_FAILURE_PERMISSION_DENIED:
        write_field(to, "{\"error\":{\"code\":\"permission-denied\",\"operation\":", failure->val.permission_denied.operation);
        write_field(to, ",\"resource\":", failure->val.permission_denied.resource);
        write_field(to, ",\"missing\":", failure->val.permission_denied.missing);
        break;
    case ACME_MODEL_INFERENCE_FAILURE_NOT_FOUND:
        write_field(to, "{\"error\":{\"code\":\"not-found\",\"message\":", failure->val.not_found);
        break;
    case ACME_MODEL_INFERENCE_FAILURE_INVALID_INPUT:
        write_field(to, "{\"error\":{\"code\":\"invalid-input\",\"message\":", failure->val.invalid_input);
        break;
    default:
        json_write(to, "{\"error\":{\"code\":\"busy\"");
    }
    json_write(to, "}}");
}

/* Opens the model, asks it, and gives it back to the host. */
static bool ask(question *asked, imports_list_f64_t *numbers, acme_model_inference_failure_t *failure) {
    imports_string_t name = {(uint8_t *)asked->model.ptr, asked->model.len};
    imports_list_f64_t features = {asked->features, asked->feature_count};
    acme_model_inference_own_model_t model;
    if (!acme_model_inference_static_model_open(&name, &model, failure)) {
        return false;
    }
    const bool answered =
        acme_model_inference_method_model_infer(acme_model_inference_borrow_model(model), &features, numbers, failure);
    acme_model_inference_model_drop_own(model);
    return answered;
}

/* The input is {"model": "…", "features": […]}; the output is the numbers that the model gives, or
 * {"error": {"code": "…"}}. */
static airssys_code infer(airssys_bytes input, const airssys_execution_context *context, airssys_bytes *output,
                          airssys_error *error) {
    (void)context;
    question asked = {0};
    if (!read_question(input, &asked)) {
        airssys_string_free(&asked.model);
        return airssys_error_set(error, AIRSSYS_INVALID_INPUT, AIRSSYS_STRING("expected model and features, which are numbers"));
    }
    imports_list_f64_t numbers;
    acme_model_inference_failure_t failure;
    json_writer answer = {0};
    if (ask(&asked, &numbers, &failure)) {
        json_write(&answer, "[");
        for (size_t i = 0; i < numbers.len; i++) {
            json_write(&answer, i == 0 ? "" : ",");
            json_write_number(&answer, numbers.ptr[i]);
        }
        json_write(&answer, "]");
        imports_list_f64_free(&numbers);
    } else {
        write_failure(&answer, &failure);
        acme_model_inference_failure_free(&failure);
    }
    airssys_string_free(&asked.model);
    *output = json_written(&answer);
    return AIRSSYS_OK;
}

static const airssys_operation operations[] = {{AIRSSYS_STRING_INIT("infer"), infer}};

static const airssys_component model = {
    .operations = operations,
    .operation_count = 1,
};

const airssys_component *airssys_component_define(void) {
    return &model;
}
