#include <airssys/airssys.h>

/* Greets whom the input names: `World` gives `Hello, World!`. */
static airssys_code greet(airssys_bytes input, const airssys_execution_context *context, airssys_bytes *output,
                          airssys_error *error) {
    (void)context;
    if (input.len == 0) {
        return airssys_error_set(error, AIRSSYS_INVALID_INPUT, AIRSSYS_STRING("a name is needed, as in greet World"));
    }
    char buffer[256];
    airssys_string_builder greeting = airssys_string_builder_over(buffer, sizeof buffer);
    airssys_string_builder_c(&greeting, "Hello, ");
    airssys_string_builder_text(&greeting, airssys_bytes_as_string(input));
    airssys_string_builder_c(&greeting, "!");
    if (greeting.truncated) {
        return airssys_error_set(error, AIRSSYS_INVALID_INPUT, AIRSSYS_STRING("the name is too long"));
    }
    *output = airssys_bytes_copy(airssys_string_as_bytes(airssys_string_builder_view(&greeting)));
    return AIRSSYS_OK;
}

static const airssys_operation operations[] = {{AIRSSYS_STRING_INIT("greet"), greet}};

/* Id, description and operations are those of Component.toml. */
static const airssys_component component = {
    .operations = operations,
    .operation_count = sizeof operations / sizeof *operations,
};

const airssys_component *airssys_component_define(void) {
    return &component;
}
