#include <airssys/airssys.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Uses files as C does, and answers with what came of it: the result, or the
 * name of the error. */

enum { MOST = 4096 };

/* The input as a string that C can use. */
static char *text_of(airssys_bytes input) {
    char *text = malloc(input.len + 1);
    if (text == NULL) {
        abort();
    }
    memcpy(text, input.ptr, input.len);
    text[input.len] = '\0';
    return text;
}

static airssys_code answer(const char *text, size_t length, airssys_bytes *output) {
    airssys_bytes bytes = {(const uint8_t *)text, length};
    *output = airssys_bytes_copy(bytes);
    return AIRSSYS_OK;
}

static airssys_code say(const char *text, airssys_bytes *output) {
    return answer(text, strlen(text), output);
}

static airssys_code failed(airssys_bytes *output) {
    switch (errno) {
    case EACCES:
        return say("failed EACCES", output);
    case ENOENT:
        return say("failed ENOENT", output);
    case ENOTDIR:
        return say("failed ENOTDIR", output);
    case EISDIR:
        return say("failed EISDIR", output);
    default:
        return say(strerror(errno), output);
    }
}

static airssys_code read_file(airssys_bytes input, const airssys_execution_context *context, airssys_bytes *output,
                              airssys_error *error) {
    (void)context;
    (void)error;
    char *path = text_of(input);
    FILE *file = fopen(path, "r");
    free(path);
    if (file == NULL) {
        return failed(output);
    }
    char buffer[MOST];
    size_t length = fread(buffer, 1, sizeof buffer, file);
    fclose(file);
    return answer(buffer, length, output);
}

/* Ends the input at its first blank, and gives what comes after it. */
static char *split(char *input) {
    char *rest = strchr(input, ' ');
    if (rest == NULL) {
        return input + strlen(input);
    }
    *rest = '\0';
    return rest + 1;
}

static airssys_code put(airssys_bytes input, const char *mode, airssys_bytes *output) {
    char *path = text_of(input);
    char *text = split(path);
    FILE *file = fopen(path, mode);
    airssys_code code;
    if (file == NULL || fputs(text, file) < 0 || fclose(file) != 0) {
        code = failed(output);
    } else {
        char number[24];
        snprintf(number, sizeof number, "%zu", strlen(text));
        code = say(number, output);
    }
    free(path);
    return code;
}

/* Appends to a file: its path, a blank, the text. */
static airssys_code write_file(airssys_bytes input, const airssys_execution_context *context, airssys_bytes *output,
                               airssys_error *error) {
    (void)context;
    (void)error;
    return put(input, "a", output);
}

/* Writes a file anew: its path, a blank, the text. */
static airssys_code replace_file(airssys_bytes input, const airssys_execution_context *context, airssys_bytes *output,
                                 airssys_error *error) {
    (void)context;
    (void)error;
    return put(input, "w", output);
}

/* Renames a file: its path, a blank, the new one. */
static airssys_code rename_file(airssys_bytes input, const airssys_execution_context *context, airssys_bytes *output,
                                airssys_error *error) {
    (void)context;
    (void)error;
    char *path = text_of(input);
    int result = rename(path, split(path));
    free(path);
    return result == 0 ? say("renamed", output) : failed(output);
}

/* Makes a symbolic link: its path, a blank, its text. */
static airssys_code make_link(airssys_bytes input, const airssys_execution_context *context, airssys_bytes *output,
                              airssys_error *error) {
    (void)context;
    (void)error;
    char *path = text_of(input);
    int result = symlink(split(path), path);
    free(path);
    return result == 0 ? say("linked", output) : failed(output);
}

/* The text of a symbolic link, a blank, its size. */
static airssys_code read_link(airssys_bytes input, const airssys_execution_context *context, airssys_bytes *output,
                              airssys_error *error) {
    (void)context;
    (void)error;
    char *path = text_of(input);
    char text[MOST + 32];
    struct stat metadata;
    ssize_t length = readlink(path, text, MOST);
    int result = length < 0 ? -1 : lstat(path, &metadata);
    free(path);
    if (result != 0) {
        return failed(output);
    }
    snprintf(text + length, 32, " %lld", (long long)metadata.st_size);
    return say(text, output);
}

static airssys_code delete_file(airssys_bytes input, const airssys_execution_context *context, airssys_bytes *output,
                                airssys_error *error) {
    (void)context;
    (void)error;
    char *path = text_of(input);
    int result = remove(path);
    free(path);
    return result == 0 ? say("deleted", output) : failed(output);
}

/* Leaves the line open. */
static airssys_code print(airssys_bytes input, const airssys_execution_context *context, airssys_bytes *output,
                          airssys_error *error) {
    (void)context;
    (void)error;
    printf("%.*s", (int)input.len, (const char *)input.ptr);
    return say("", output);
}

static airssys_code leave(airssys_bytes input, const airssys_execution_context *context, airssys_bytes *output,
                          airssys_error *error) {
    (void)context;
    (void)output;
    (void)error;
    exit(atoi(text_of(input)));
}

static const airssys_operation operations[] = {
    {AIRSSYS_STRING_INIT("read"), read_file},       {AIRSSYS_STRING_INIT("write"), write_file},
    {AIRSSYS_STRING_INIT("replace"), replace_file}, {AIRSSYS_STRING_INIT("rename"), rename_file},
    {AIRSSYS_STRING_INIT("link"), make_link},       {AIRSSYS_STRING_INIT("readlink"), read_link},
    {AIRSSYS_STRING_INIT("delete"), delete_file},   {AIRSSYS_STRING_INIT("print"), print},
    {AIRSSYS_STRING_INIT("exit"), leave},
};

static const airssys_component wasi = {
    .operations = operations,
    .operation_count = sizeof operations / sizeof *operations,
};

const airssys_component *airssys_component_define(void) {
    return &wasi;
}
