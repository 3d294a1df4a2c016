/* Asks other components, and answers them. */
#include <airssys/airssys.h>

#include <stdlib.h>

/* How long another component may take to answer. */
enum { TIMEOUT_MS = 10000 };

/* Outcomes that nobody asks for must not pile up: a new one takes the place of the oldest. */
enum { MAX_OUTCOMES = 100 };

/* What came of a request. */
typedef struct kept_outcome {
    airssys_string request_id;
    airssys_code code;
    airssys_bytes reply;    /* if the code is AIRSSYS_OK */
    airssys_string failure; /* if it is not */
} kept_outcome;

static kept_outcome outcomes[MAX_OUTCOMES];
static size_t oldest;

/* Takes a line namespace/name@version and the text to send, and gives the id of the request. */
static airssys_code ask(airssys_bytes input, const airssys_execution_context *context, airssys_bytes *output,
                        airssys_error *error) {
    (void)context;
    airssys_string line, text, request_id;
    airssys_component_id target;
    if (!airssys_string_cut(airssys_bytes_as_string(input), AIRSSYS_STRING("\n"), &line, &text) ||
        !airssys_component_id_parse(line, &target)) {
        return airssys_error_set(error, AIRSSYS_INVALID_INPUT,
                                 AIRSSYS_STRING("expected namespace/name@version and a text, a line each"));
    }
    /* It does not wait: the outcome comes to handle_callback, when this operation has returned. */
    airssys_code code = airssys_send_request(&target, airssys_string_as_bytes(text), TIMEOUT_MS, &request_id, error);
    *output = airssys_string_as_bytes(request_id);
    return code;
}

/* Called exactly once a request: with the reply, or with why there is none. */
static airssys_code handle_callback(airssys_string request_id, const airssys_outcome *outcome, airssys_error *error) {
    (void)error;
    kept_outcome *kept = &outcomes[oldest];
    oldest = (oldest + 1) % MAX_OUTCOMES;
    airssys_string_free(&kept->request_id);
    airssys_bytes_free(&kept->reply);
    airssys_string_free(&kept->failure);
    /* What a call is given is borrowed for the call: who keeps it copies it. */
    *kept = (kept_outcome){
        .request_id = airssys_string_copy(request_id),
        .code = outcome->succeeded ? AIRSSYS_OK : AIRSSYS_PROCESSING_FAILED,
        .reply = airssys_bytes_copy(outcome->reply),
        .failure = airssys_string_copy(outcome->failure),
    };
    return AIRSSYS_OK;
}

/* Takes the id of a request and gives the reply to it. */
static airssys_code answer(airssys_bytes input, const airssys_execution_context *context, airssys_bytes *output,
                           airssys_error *error) {
    (void)context;
    const airssys_string request_id = airssys_bytes_as_string(input);
    for (size_t i = 0; i < MAX_OUTCOMES; i++) {
        const kept_outcome *kept = &outcomes[i];
        if (kept->request_id.len > 0 && airssys_string_equals(kept->request_id, request_id)) {
            *output = airssys_bytes_copy(kept->reply);
            return airssys_error_set(error, kept->code, kept->failure);
        }
    }
    return airssys_error_set(error, AIRSSYS_PROCESSING_FAILED, AIRSSYS_STRING("no answer yet"));
}

/* A request of another component arrives as this operation; what it puts out is the reply. */
static airssys_code handle_request(airssys_bytes input, const airssys_execution_context *context, airssys_bytes *output,
                                   airssys_error *error) {
    (void)context;
    (void)error;
    const airssys_string says = AIRSSYS_STRING("c says: ");
    const size_t length = says.len + input.len;
    char *reply = malloc(length);
    if (reply == NULL) {
        return airssys_error_set(error, AIRSSYS_RESOURCE_EXHAUSTED, AIRSSYS_STRING("out of memory"));
    }
    airssys_string_builder text = airssys_string_builder_over(reply, length);
    airssys_string_builder_text(&text, says);
    airssys_string_builder_text(&text, airssys_bytes_as_string(input));
    *output = airssys_string_as_bytes(airssys_string_builder_view(&text));
    return AIRSSYS_OK;
}

static const airssys_operation operations[] = {
    {AIRSSYS_STRING_INIT("ask"), ask},
    {AIRSSYS_STRING_INIT("answer"), answer},
    {AIRSSYS_STRING_INIT(AIRSSYS_HANDLE_REQUEST), handle_request},
};

static const airssys_component component = {
    .operations = operations,
    .operation_count = sizeof operations / sizeof *operations,
    .handle_callback = handle_callback,
};

const airssys_component *airssys_component_define(void) {
    return &component;
}
