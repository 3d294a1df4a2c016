#include <airssys/airssys.h>

#include <stdlib.h>
#include <string.h>

/* What has arrived, a line each. More than this is refused, so that no sender can exhaust the memory. */
static char inbox_buffer[16 * 1024];
static airssys_string_builder inbox_lines;

static airssys_code init(const airssys_component_config *config, airssys_error *error) {
    (void)config;
    (void)error;
    inbox_lines = airssys_string_builder_over(inbox_buffer, sizeof inbox_buffer);
    return AIRSSYS_OK;
}

/* Cuts a text at the first of a character. Both parts must have something in them. */
static bool cut(airssys_string text, char at, airssys_string *before, airssys_string *after) {
    const char *found = text.len > 0 ? memchr(text.ptr, at, text.len) : NULL;
    if (found == NULL) {
        return false;
    }
    *before = (airssys_string){text.ptr, (size_t)(found - text.ptr)};
    *after = (airssys_string){found + 1, text.len - before->len - 1};
    return before->len > 0 && after->len > 0;
}

/* Reads an input such as `acme/printer@1.0.0 a text`. What it gives points into the input. */
static airssys_code parse(airssys_bytes input, airssys_component_id *target, airssys_string *text,
                          airssys_error *error) {
    airssys_string id;
    airssys_string name_and_version;
    if (!cut(airssys_bytes_as_string(input), ' ', &id, text) || !cut(id, '/', &target->namespace_, &name_and_version) ||
        !cut(name_and_version, '@', &target->name, &target->version)) {
        return airssys_error_set(error, AIRSSYS_INVALID_INPUT,
                                 AIRSSYS_STRING("write namespace/name@version and a text"));
    }
    return AIRSSYS_OK;
}

/* Sends a text as a message. */
static airssys_code tell(airssys_bytes input, const airssys_execution_context *context, airssys_bytes *output,
                         airssys_error *error) {
    (void)context;
    (void)output;
    airssys_component_id target;
    airssys_string text;
    airssys_code code = parse(input, &target, &text, error);
    if (code != AIRSSYS_OK) {
        return code;
    }
    /* An error of the SDK can be passed on as it is; of a refusal the caller sees the line that Component.toml lacks. */
    return airssys_send_message(&target, airssys_string_as_bytes(text), error);
}

/* Sends a text as a request, and answers its id. What comes of it arrives at handle_callback. */
static airssys_code ask(airssys_bytes input, const airssys_execution_context *context, airssys_bytes *output,
                        airssys_error *error) {
    (void)context;
    airssys_component_id target;
    airssys_string text;
    airssys_code code = parse(input, &target, &text, error);
    if (code != AIRSSYS_OK) {
        return code;
    }
    const uint32_t timeout_ms = 5000;
    airssys_string request_id;
    code = airssys_send_request(&target, airssys_string_as_bytes(text), timeout_ms, &request_id, error);
    *output = airssys_string_as_bytes(request_id);
    return code;
}

/* Answers what has arrived. */
static airssys_code inbox(airssys_bytes input, const airssys_execution_context *context, airssys_bytes *output,
                          airssys_error *error) {
    (void)input;
    (void)context;
    (void)error;
    airssys_string lines = airssys_string_builder_view(&inbox_lines);
    if (lines.len == 0) {
        lines = AIRSSYS_STRING("nothing has arrived");
    }
    *output = airssys_bytes_copy(airssys_string_as_bytes(lines));
    return AIRSSYS_OK;
}

/* Answers a request of another component. */
static airssys_code handle_request(airssys_bytes input, const airssys_execution_context *context, airssys_bytes *output,
                                   airssys_error *error) {
    (void)context;
    const airssys_string heard = AIRSSYS_STRING("my-namespace/my-component heard: ");
    char *buffer = malloc(heard.len + input.len);
    if (buffer == NULL) {
        return airssys_error_set(error, AIRSSYS_RESOURCE_EXHAUSTED, AIRSSYS_STRING("memory for the answer"));
    }
    airssys_string_builder answer = airssys_string_builder_over(buffer, heard.len + input.len);
    airssys_string_builder_text(&answer, heard);
    airssys_string_builder_text(&answer, airssys_bytes_as_string(input));
    *output = airssys_string_as_bytes(airssys_string_builder_view(&answer));
    return AIRSSYS_OK;
}

/* Adds a line to the inbox, or nothing of it if there is no room. */
static airssys_code arrive(const char *what, airssys_string from, airssys_string text, airssys_error *error) {
    airssys_string_builder lines = inbox_lines;
    airssys_string_builder_c(&lines, lines.length > 0 ? "\n" : "");
    airssys_string_builder_c(&lines, what);
    airssys_string_builder_text(&lines, from);
    airssys_string_builder_c(&lines, ": ");
    airssys_string_builder_text(&lines, text);
    if (lines.truncated) {
        return airssys_error_set(error, AIRSSYS_RESOURCE_EXHAUSTED, AIRSSYS_STRING("the inbox is full"));
    }
    inbox_lines = lines;
    return AIRSSYS_OK;
}

static airssys_code handle_message(const airssys_component_id *sender, airssys_bytes message, airssys_error *error) {
    char buffer[512]; /* more than an id can have */
    airssys_string_builder id = airssys_string_builder_over(buffer, sizeof buffer);
    airssys_string_builder_text(&id, sender->namespace_);
    airssys_string_builder_c(&id, "/");
    airssys_string_builder_text(&id, sender->name);
    airssys_string_builder_c(&id, "@");
    airssys_string_builder_text(&id, sender->version);
    return arrive("message from ", airssys_string_builder_view(&id), airssys_bytes_as_string(message), error);
}

static airssys_code handle_callback(airssys_string request_id, const airssys_outcome *outcome, airssys_error *error) {
    if (outcome->succeeded) {
        return arrive("answer to ", request_id, airssys_bytes_as_string(outcome->reply), error);
    }
    return arrive("no answer to ", request_id, outcome->failure, error);
}

static const airssys_operation operations[] = {
    {AIRSSYS_STRING_INIT("tell"), tell},
    {AIRSSYS_STRING_INIT("ask"), ask},
    {AIRSSYS_STRING_INIT("inbox"), inbox},
    {AIRSSYS_STRING_INIT(AIRSSYS_HANDLE_REQUEST), handle_request},
};

/* Id, description and operations are those of Component.toml. */
static const airssys_component component = {
    .operations = operations,
    .operation_count = sizeof operations / sizeof *operations,
    .init = init,
    .handle_message = handle_message,
    .handle_callback = handle_callback,
};

const airssys_component *airssys_component_define(void) {
    return &component;
}
