/* Counts equal lines with the programs of the host: sort | uniq -c | sort -rn, without a shell. */
#include <airssys/airssys.h>

/* A child has the environment that its command names and no other. This makes the order that of the bytes. */
#define ENVIRONMENT {.set = locale, .set_count = 1}
static const airssys_key_value locale[] = {{AIRSSYS_STRING_INIT("LC_ALL"), AIRSSYS_STRING_INIT("C")}};

/* What a program says when it fails is collected with the output. */
#define STREAMS \
    { \
        .stderr_ = {.kind = AIRSSYS_STDIO_PIPED} \
    }

static const airssys_string count[] = {AIRSSYS_STRING_INIT("-c")};
static const airssys_string most_first[] = {AIRSSYS_STRING_INIT("-rn")};
static const airssys_command stages[] = {
    {.program = AIRSSYS_STRING_INIT("/usr/bin/sort"), .environment = ENVIRONMENT, .stdio = STREAMS},
    {.program = AIRSSYS_STRING_INIT("/usr/bin/uniq"),
     .arguments = {count, 1},
     .environment = ENVIRONMENT,
     .stdio = STREAMS},
    {.program = AIRSSYS_STRING_INIT("/usr/bin/sort"),
     .arguments = {most_first, 1},
     .environment = ENVIRONMENT,
     .stdio = STREAMS},
};

/* Fails as a stage did: names it, how it ended, and what was written to standard error. */
static airssys_code fail(const airssys_command *stage, airssys_exit_status status, airssys_bytes written,
                         airssys_error *error) {
    /* What does not fit is left out. */
    char buffer[1024];
    airssys_string_builder text = airssys_string_builder_over(buffer, sizeof buffer);
    airssys_string_builder_text(&text, stage->program);
    for (size_t i = 0; i < stage->arguments.len; i++) {
        airssys_string_builder_c(&text, " ");
        airssys_string_builder_text(&text, stage->arguments.ptr[i]);
    }
    if (status.kind == AIRSSYS_EXIT_CODE) {
        airssys_string_builder_c(&text, ": ended with the code ");
        airssys_string_builder_i64(&text, status.code);
    } else {
        airssys_string_builder_c(&text, ": ended by a signal");
    }
    airssys_string_builder_c(&text, ": ");
    airssys_string_builder_text(&text, airssys_bytes_as_string(written));
    return airssys_error_set(error, AIRSSYS_PROCESSING_FAILED, airssys_string_builder_view(&text));
}

/* Takes text and gives each line with how often it came, the most frequent first. */
static airssys_code count_lines(airssys_bytes input, const airssys_execution_context *context, airssys_bytes *output,
                                airssys_error *error) {
    (void)context;
    /* The host starts all three or none, and feeds and empties them at the same time. */
    airssys_pipeline_output result;
    airssys_code code = airssys_processes_run_pipeline(stages, sizeof stages / sizeof *stages, input, &result, error);
    if (code != AIRSSYS_OK) {
        return code;
    }
    /* A program that fails is no error of the pipeline: the statuses tell. */
    for (size_t i = 0; i < result.status_count && code == AIRSSYS_OK; i++) {
        if (!airssys_exit_status_is_success(result.statuses[i])) {
            code = fail(&stages[i], result.statuses[i], result.stderr_, error);
        }
    }
    if (code == AIRSSYS_OK) {
        /* Moved, not copied: what is empty then is freed without harm. */
        *output = result.stdout_;
        result.stdout_ = (airssys_bytes){NULL, 0};
    }
    airssys_pipeline_output_free(&result);
    return code;
}

static const airssys_operation operations[] = {{AIRSSYS_STRING_INIT("count-lines"), count_lines}};

static const airssys_component component = {
    .operations = operations,
    .operation_count = 1,
};

const airssys_component *airssys_component_define(void) {
    return &component;
}
