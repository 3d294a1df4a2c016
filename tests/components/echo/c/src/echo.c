#include <airssys/airssys.h>

/* Gives back the bytes it is given: what is measured around it is the way in and out. */
static airssys_code echo(airssys_bytes input, const airssys_execution_context *context, airssys_bytes *output,
                         airssys_error *error) {
    (void)context;
    (void)error;
    *output = airssys_bytes_copy(input);
    return AIRSSYS_OK;
}

static const airssys_operation operations[] = {{AIRSSYS_STRING_INIT("echo"), echo}};

static const airssys_component echoing = {
    .id = {AIRSSYS_STRING_INIT("airssys"), AIRSSYS_STRING_INIT("echo-c"), AIRSSYS_STRING_INIT("1.0.0")},
    .description = AIRSSYS_STRING_INIT("Gives back the bytes it is given."),
    .operations = operations,
    .operation_count = 1,
};

const airssys_component *airssys_component_define(void) {
    return &echoing;
}
