#include <airssys/airssys.h>

#include <stdlib.h>
#include <string.h>

static const airssys_string JOURNAL = AIRSSYS_STRING_INIT("/data/journal.txt");

/* Adds the input as a line to the journal, and answers how many lines it has now. */
static airssys_code add(airssys_bytes input, const airssys_execution_context *context, airssys_bytes *output,
                        airssys_error *error) {
    (void)context;
    if (input.len == 0 || memchr(input.ptr, '\n', input.len) != NULL) {
        return airssys_error_set(error, AIRSSYS_INVALID_INPUT, AIRSSYS_STRING("an entry is one line of text"));
    }
    uint8_t *line = malloc(input.len + 1);
    if (line == NULL) {
        return airssys_error_set(error, AIRSSYS_RESOURCE_EXHAUSTED, AIRSSYS_STRING("memory for the entry"));
    }
    memcpy(line, input.ptr, input.len);
    line[input.len] = '\n';
    airssys_code code = airssys_files_append_file(JOURNAL, (airssys_bytes){line, input.len + 1}, error);
    free(line);
    if (code != AIRSSYS_OK) {
        return code; /* the caller sees why; of a refusal, the line that Component.toml lacks */
    }

    airssys_bytes journal;
    code = airssys_files_read_file(JOURNAL, &journal, error);
    if (code != AIRSSYS_OK) {
        return code;
    }
    uint64_t entries = 0;
    for (size_t i = 0; i < journal.len; i++) {
        entries += journal.ptr[i] == '\n';
    }
    airssys_bytes_free(&journal);
    char buffer[32];
    airssys_string_builder answer = airssys_string_builder_over(buffer, sizeof buffer);
    airssys_string_builder_u64(&answer, entries);
    *output = airssys_bytes_copy(airssys_string_as_bytes(airssys_string_builder_view(&answer)));
    return AIRSSYS_OK;
}

/* Answers the journal as it is. */
static airssys_code list(airssys_bytes input, const airssys_execution_context *context, airssys_bytes *output,
                         airssys_error *error) {
    (void)input;
    (void)context;
    airssys_code code = airssys_files_read_file(JOURNAL, output, error);
    /* Nothing was added yet: the journal is empty. The SDK frees an error that is not passed on. */
    return code == AIRSSYS_NOT_FOUND ? AIRSSYS_OK : code;
}

static const airssys_operation operations[] = {
    {AIRSSYS_STRING_INIT("add"), add},
    {AIRSSYS_STRING_INIT("list"), list},
};

/* Id, description and operations are those of Component.toml. */
static const airssys_component component = {
    .operations = operations,
    .operation_count = sizeof operations / sizeof *operations,
};

const airssys_component *airssys_component_define(void) {
    return &component;
}
