/* Answers queries from a database of the host. */
#include <airssys/airssys.h>

#include <stdlib.h>
#include <string.h>

#include "imports.h"
#include "json.h"

/* Many more than a statement has places for. */
enum { MAX_PARAMETERS = 64 };

/* What the input asks. */
typedef struct question {
    airssys_string database, sql;
    acme_database_client_value_t parameters[MAX_PARAMETERS];
    size_t parameter_count;
} question;

static imports_string_t passed(airssys_string text) {
    return (imports_string_t){(uint8_t *)text.ptr, text.len};
}

static void free_question(question *asked) {
    airssys_string_free(&asked->database);
    airssys_string_free(&asked->sql);
    for (size_t i = 0; i < asked->parameter_count; i++) {
        acme_database_client_value_free(&asked->parameters[i]);
    }
}

static void read_parameter(json_reader *reader, acme_database_client_value_t *value) {
    if (json_is(reader, '"')) {
        value->tag = ACME_DATABASE_CLIENT_VALUE_TEXT;
        value->val.text = passed(json_text(reader));
    } else if (json_is(reader, '0')) {
        value->tag = ACME_DATABASE_CLIENT_VALUE_NUMBER;
        value->val.number = json_number(reader);
    } else {
        value->tag = ACME_DATABASE_CLIENT_VALUE_NULL;
        json_null(reader);
    }
}

static void read_parameters(json_reader *reader, question *asked) {
    json_expect(reader, '[');
    if (json_take(reader, ']')) {
        return;
    }
    do {
        if (asked->parameter_count == MAX_PARAMETERS) {
            reader->failed = true;
            return;
        }
        read_parameter(reader, &asked->parameters[asked->parameter_count++]);
    } while (json_take(reader, ','));
    json_expect(reader, ']');
}

static bool read_question(airssys_bytes input, question *asked) {
    json_reader reader = json_read(input);
    json_expect(&reader, '{');
    do {
        airssys_string name = json_text(&reader);
        json_expect(&reader, ':');
        if (airssys_string_equals(name, AIRSSYS_STRING("database")) && asked->database.ptr == NULL) {
            asked->database = json_text(&reader);
        } else if (airssys_string_equals(name, AIRSSYS_STRING("sql")) && asked->sql.ptr == NULL) {
            asked->sql = json_text(&reader);
        } else if (airssys_string_equals(name, AIRSSYS_STRING("parameters")) && asked->parameter_count == 0) {
            read_parameters(&reader, asked);
        } else {
            reader.failed = true;
        }
        airssys_string_free(&name);
    } while (json_take(&reader, ','));
    json_expect(&reader, '}');
    return json_ended(&reader) && asked->database.ptr != NULL && asked->sql.ptr != NULL;
}

static void write_field(json_writer *to, const char *before, imports_string_t text) {
    json_write(to, before);
    json_write_text(to, (const char *)text.ptr, text.len);
}

static void write_value(json_writer *to, const acme_database_client_value_t *value) {
    switch (value->tag) {
    case ACME_DATABASE_CLIENT_VALUE_NUMBER:
        json_write_number(to, value->val.number);
        break;
    case ACME_DATABASE_CLIENT_VALUE_TEXT:
        write_field(to, "", value->val.text);
        break;
    case ACME_DATABASE_CLIENT_VALUE_BLOB:
        json_write(to, "{\"blob\":[");
        for (size_t i = 0; i < value->val.blob.len; i++) {
            json_write(to, i == 0 ? "" : ",");
            json_write_number(to, value->val.blob.ptr[i]);
        }
        json_write(to, "]}");
        break;
    default:
        json_write(to, "null");
    }
}

static void write_rows(json_writer *to, const acme_database_client_list_list_value_t *rows) {
    json_write(to, "[");
    for (size_t i = 0; i < rows->len; i++) {
        json_write(to, i == 0 ? "[" : ",[");
        for (size_t j = 0; j < rows->ptr[i].len; j++) {
            json_write(to, j == 0 ? "" : ",");
            write_value(to, &rows->ptr[i].ptr[j]);
        }
        json_write(to, "]");
    }
    json_write(to, "]");
}

static void write_failure(json_writer *to, const acme_database_client_failure_t *failure) {
    switch (failure->tag) {
    case ACME_DATABASE_CLIENT_FAILURE_PERMISSION_DENIED:
        write_field(to, "{\"error\":{\"code\":\"permission-denied\",\"operation\":", failure->val.permission_denied.operation);
        write_field(to, ",\"resource\":", failure->val.permission_denied.resource);
        write_field(to, ",\"missing\":", failure->val.permission_denied.missing);
        break;
    case ACME_DATABASE_CLIENT_FAILURE_INVALID_SQL:
        write_field(to, "{\"error\":{\"code\":\"invalid-sql\",\"message\":", failure->val.invalid_sql);
        break;
    case ACME_DATABASE_CLIENT_FAILURE_TOO_LARGE:
        json_write(to, "{\"error\":{\"code\":\"too-large\"");
        break;
    default:
        json_write(to, "{\"error\":{\"code\":\"timed-out\"");
    }
    json_write(to, "}}");
}

/* The input is {"database": "…", "sql": "…", "parameters": […]}; the output is the rows, or {"error": {"code": "…"}}. */
static airssys_code query(airssys_bytes input, const airssys_execution_context *context, airssys_bytes *output,
                          airssys_error *error) {
    (void)context;
    question asked = {0};
    if (!read_question(input, &asked)) {
        free_question(&asked);
        return airssys_error_set(error, AIRSSYS_INVALID_INPUT,
                                 AIRSSYS_STRING("expected database, sql and parameters, of which each is null, a number or text"));
    }
    imports_string_t database = passed(asked.database), sql = passed(asked.sql);
    acme_database_client_list_value_t parameters = {asked.parameters, asked.parameter_count};
    acme_database_client_list_list_value_t rows;
    acme_database_client_failure_t failure;
    json_writer answer = {0};
    /* Arguments are borrowed; what comes back is freed here. */
    if (acme_database_client_query(&database, &sql, &parameters, &rows, &failure)) {
        write_rows(&answer, &rows);
        acme_database_client_list_list_value_free(&rows);
    } else {
        write_failure(&answer, &failure);
        acme_database_client_failure_free(&failure);
    }
    free_question(&asked);
    *output = json_written(&answer);
    return AIRSSYS_OK;
}

static const airssys_operation operations[] = {{AIRSSYS_STRING_INIT("query"), query}};

static const airssys_component database = {
    .operations = operations,
    .operation_count = 1,
};

const airssys_component *airssys_component_define(void) {
    return &database;
}
