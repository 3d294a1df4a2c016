/* Gets a page over HTTPS: a connection, TLS on it, and as much of HTTP as that takes. */
#include <airssys/airssys.h>

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* How long the connection may take, and then each further piece of the answer. */
enum { TIMEOUT_MS = 10000 };

/* A server could send without end. */
enum { MAX_RESPONSE_BYTES = 8 << 20 };

/* How much is received at once, at most. */
enum { PIECE_BYTES = 64 << 10 };

/* Where a page is. The texts are views of the URL. */
typedef struct page {
    airssys_string authority; /* host and port as they are written */
    airssys_endpoint endpoint;
    airssys_string path;
} page;

static bool parse_port(airssys_string text, uint16_t *port) {
    uint32_t number = 0;
    for (size_t i = 0; i < text.len && number <= UINT16_MAX; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9') {
            return false;
        }
        number = number * 10 + (uint32_t)(text.ptr[i] - '0');
    }
    *port = (uint16_t)number;
    return text.len > 0 && number <= UINT16_MAX;
}

/* Takes apart https://host[:port][/path]. */
static bool parse_url(airssys_string url, page *parsed) {
    const airssys_string scheme = AIRSSYS_STRING("https://");
    if (!airssys_string_starts_with(url, scheme)) {
        return false;
    }
    for (size_t i = 0; i < url.len; i++) {
        /* A line break in the path would be one in the request. What is not ASCII has to come encoded. */
        if ((unsigned char)url.ptr[i] <= ' ' || (unsigned char)url.ptr[i] >= 0x7F) {
            return false;
        }
    }
    airssys_string rest = {url.ptr + scheme.len, url.len - scheme.len};
    bool has_path = airssys_string_cut(rest, AIRSSYS_STRING("/"), &parsed->authority, &parsed->path);
    if (has_path) {
        /* The path begins with the slash that it was cut at. */
        parsed->path.ptr--;
        parsed->path.len++;
    } else {
        parsed->path = AIRSSYS_STRING("/");
    }
    /* An IPv6 address has colons of its own, and therefore brackets. */
    airssys_string host = parsed->authority;
    airssys_string port = {NULL, 0};
    bool has_port;
    if (airssys_string_starts_with(host, AIRSSYS_STRING("["))) {
        host = (airssys_string){host.ptr + 1, host.len - 1};
        if (!airssys_string_cut(host, AIRSSYS_STRING("]"), &host, &port)) {
            return false;
        }
        has_port = airssys_string_starts_with(port, AIRSSYS_STRING(":"));
        if (!has_port && port.len > 0) {
            return false;
        }
        port = has_port ? (airssys_string){port.ptr + 1, port.len - 1} : port;
    } else {
        has_port = airssys_string_cut(host, AIRSSYS_STRING(":"), &host, &port);
    }
    parsed->endpoint = (airssys_endpoint){host, 443};
    return host.len > 0 && (!has_port || parse_port(port, &parsed->endpoint.port));
}

static airssys_code send_request(airssys_tcp_stream stream, const page *wanted, airssys_error *error) {
    char buffer[4096];
    airssys_string_builder request = airssys_string_builder_over(buffer, sizeof buffer);
    airssys_string_builder_c(&request, "GET ");
    airssys_string_builder_text(&request, wanted->path);
    airssys_string_builder_c(&request, " HTTP/1.1\r\nHost: ");
    airssys_string_builder_text(&request, wanted->authority);
    airssys_string_builder_c(&request, "\r\nConnection: close\r\n\r\n");
    if (request.truncated) {
        return airssys_error_set(error, AIRSSYS_INVALID_INPUT, AIRSSYS_STRING("the URL is too long"));
    }
    return airssys_tcp_stream_write_all(stream, airssys_string_as_bytes(airssys_string_builder_view(&request)), error);
}

/* Adds bytes to a response, which is owned. */
static airssys_code append(airssys_bytes *response, airssys_bytes piece, airssys_error *error) {
    if (piece.len > MAX_RESPONSE_BYTES - response->len) {
        return airssys_error_set(error, AIRSSYS_PROCESSING_FAILED, AIRSSYS_STRING("the response is too large"));
    }
    uint8_t *grown = realloc((void *)response->ptr, response->len + piece.len);
    if (grown == NULL) {
        return airssys_error_set(error, AIRSSYS_RESOURCE_EXHAUSTED, AIRSSYS_STRING("out of memory"));
    }
    memcpy(grown + response->len, piece.ptr, piece.len);
    *response = (airssys_bytes){grown, response->len + piece.len};
    return AIRSSYS_OK;
}

/* Says whether two texts are the same but for upper and lower case. */
static bool is_same_name(airssys_string one, airssys_string other) {
    bool same = one.len == other.len;
    for (size_t i = 0; same && i < one.len; i++) {
        same = tolower((unsigned char)one.ptr[i]) == tolower((unsigned char)other.ptr[i]);
    }
    return same;
}

/* Reads a length of a body. One that is too large, or no number, becomes the least that is too large. */
static size_t parse_length(airssys_string text) {
    size_t number = 0;
    for (size_t i = 0; i < text.len && number <= MAX_RESPONSE_BYTES; i++) {
        if (text.ptr[i] >= '0' && text.ptr[i] <= '9') {
            number = number * 10 + (size_t)(text.ptr[i] - '0');
        } else if (text.ptr[i] != ' ') {
            number = MAX_RESPONSE_BYTES + 1;
        }
    }
    return number <= MAX_RESPONSE_BYTES ? number : MAX_RESPONSE_BYTES + 1;
}

/* Gives how long the whole response is, as soon as its header has come and if it says so. */
static bool find_length(airssys_bytes response, size_t *length) {
    airssys_string header, rest, line, name, value;
    if (!airssys_string_cut(airssys_bytes_as_string(response), AIRSSYS_STRING("\r\n\r\n"), &header, &rest)) {
        return false;
    }
    const size_t header_length = header.len + 4;
    bool more = true;
    while (more) {
        more = airssys_string_cut(header, AIRSSYS_STRING("\r\n"), &line, &header);
        if (airssys_string_cut(line, AIRSSYS_STRING(":"), &name, &value) &&
            is_same_name(name, AIRSSYS_STRING("content-length"))) {
            *length = header_length + parse_length(value);
            return true;
        }
    }
    return false;
}

/* Receives the response: as much as its header says, else all until the server ends its side of the connection. Many
   servers just cut the connection when they have sent everything. */
static airssys_code receive(airssys_tcp_stream stream, airssys_bytes *response, airssys_error *error) {
    for (;;) {
        size_t length = 0;
        bool is_known = find_length(*response, &length);
        if (is_known && response->len >= length) {
            response->len = length;
            return AIRSSYS_OK;
        }
        if (length > MAX_RESPONSE_BYTES) {
            return airssys_error_set(error, AIRSSYS_PROCESSING_FAILED, AIRSSYS_STRING("the response is too large"));
        }
        airssys_bytes piece;
        airssys_code code = airssys_tcp_stream_read(stream, PIECE_BYTES, &piece, error);
        if (code == AIRSSYS_OK && piece.len == 0 && is_known) {
            return airssys_error_set(error, AIRSSYS_PROCESSING_FAILED,
                                     AIRSSYS_STRING("the connection ended in the middle of the response"));
        }
        if (code != AIRSSYS_OK || piece.len == 0) {
            return code;
        }
        code = append(response, piece, error);
        airssys_bytes_free(&piece);
        if (code != AIRSSYS_OK) {
            return code;
        }
    }
}

static airssys_code get(airssys_tcp_stream stream, const page *wanted, airssys_bytes *response, airssys_error *error) {
    static const airssys_string protocols[] = {AIRSSYS_STRING_INIT("http/1.1")};
    const airssys_tcp_options options = {.read_timeout_ms = {true, TIMEOUT_MS}};
    /* The certificate must be for this name. Whom to trust is for the host to decide. */
    const airssys_tls_options tls = {.server_name = wanted->endpoint.host, .alpn = {protocols, 1}};
    airssys_code code = airssys_tcp_stream_set_options(stream, &options, error);
    if (code == AIRSSYS_OK) {
        code = airssys_tcp_stream_start_tls(stream, &tls, NULL, error);
    }
    if (code == AIRSSYS_OK) {
        code = send_request(stream, wanted, error);
    }
    return code == AIRSSYS_OK ? receive(stream, response, error) : code;
}

/* Gives what comes after the header of a response that says 200. */
static airssys_code body(airssys_bytes response, airssys_bytes *output, airssys_error *error) {
    airssys_string header, content, status, version, words, nothing;
    if (!airssys_string_cut(airssys_bytes_as_string(response), AIRSSYS_STRING("\r\n\r\n"), &header, &content)) {
        return airssys_error_set(error, AIRSSYS_PROCESSING_FAILED, AIRSSYS_STRING("no header came"));
    }
    airssys_string_cut(header, AIRSSYS_STRING("\r\n"), &status, &nothing);
    airssys_string_cut(status, AIRSSYS_STRING(" "), &version, &words);
    airssys_string_cut(words, AIRSSYS_STRING(" "), &words, &nothing);
    if (!airssys_string_equals(words, AIRSSYS_STRING("200"))) {
        return airssys_error_set(error, AIRSSYS_PROCESSING_FAILED, status);
    }
    *output = airssys_bytes_copy(airssys_string_as_bytes(content));
    return AIRSSYS_OK;
}

/* Takes a URL, https://host[:port]/path, and gives the body as the server sends it. */
static airssys_code fetch(airssys_bytes input, const airssys_execution_context *context, airssys_bytes *output,
                          airssys_error *error) {
    (void)context;
    page wanted;
    if (!parse_url(airssys_bytes_as_string(input), &wanted)) {
        return airssys_error_set(error, AIRSSYS_INVALID_INPUT, AIRSSYS_STRING("expected https://host[:port]/path"));
    }
    airssys_tcp_stream stream;
    airssys_code code = airssys_tcp_connect(&wanted.endpoint, (airssys_optional_u32){true, TIMEOUT_MS}, &stream, error);
    if (code != AIRSSYS_OK) {
        /* Without the permission this is the refusal, with the line that Component.toml lacks. */
        return code;
    }
    airssys_bytes response = {NULL, 0};
    code = get(stream, &wanted, &response, error);
    airssys_tcp_stream_close(&stream);
    if (code == AIRSSYS_OK) {
        code = body(response, output, error);
    }
    airssys_bytes_free(&response);
    return code;
}

static const airssys_operation operations[] = {{AIRSSYS_STRING_INIT("fetch"), fetch}};

static const airssys_component component = {
    .operations = operations,
    .operation_count = 1,
};

const airssys_component *airssys_component_define(void) {
    return &component;
}
