#include <airssys/testing.h>

/* What the server was sent, and what it sends back. */
typedef struct exchange {
    airssys_string request;
    airssys_string response;
} exchange;

static airssys_bytes answer(void *data, airssys_bytes sent) {
    exchange *current = data;
    airssys_string_free(&current->request);
    current->request = airssys_string_copy(airssys_bytes_as_string(sent));
    return airssys_string_as_bytes(current->response);
}

static void a_page_is_fetched(airssys_fake_host *host, exchange *current) {
    current->response = AIRSSYS_STRING("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nhello\r\n\r\nyou");
    AIRSSYS_EXPECT_ANSWER(airssys_fake_host_call(host, "fetch", "https://example.com/a?b=c"), AIRSSYS_OK,
                          "hello\r\n\r\nyou");
    AIRSSYS_EXPECT(airssys_string_equals(
        current->request, AIRSSYS_STRING("GET /a?b=c HTTP/1.1\r\nHost: example.com\r\nConnection: close\r\n\r\n")));
    AIRSSYS_EXPECT_ANSWER(airssys_fake_host_call(host, "fetch", "https://[::1]:8443"), AIRSSYS_OK, "hello\r\n\r\nyou");
    AIRSSYS_EXPECT(airssys_string_equals(
        current->request, AIRSSYS_STRING("GET / HTTP/1.1\r\nHost: [::1]:8443\r\nConnection: close\r\n\r\n")));
}

static void other_answers_fail(airssys_fake_host *host, exchange *current) {
    current->response = AIRSSYS_STRING("HTTP/1.1 404 Not Found\r\n\r\nno");
    AIRSSYS_EXPECT_ANSWER(airssys_fake_host_call(host, "fetch", "https://example.com/"), AIRSSYS_PROCESSING_FAILED,
                          "HTTP/1.1 404 Not Found");
    current->response = AIRSSYS_STRING("what?");
    AIRSSYS_EXPECT_ANSWER(airssys_fake_host_call(host, "fetch", "https://example.com/"), AIRSSYS_PROCESSING_FAILED,
                          "no header came");
    current->response = AIRSSYS_STRING("");
    AIRSSYS_EXPECT_ANSWER(airssys_fake_host_call(host, "fetch", "https://example.com/"), AIRSSYS_PROCESSING_FAILED,
                          "no header came");
}

static void the_length_in_the_header_says_where_the_response_ends(airssys_fake_host *host, exchange *current) {
    current->response = AIRSSYS_STRING("HTTP/1.1 200 OK\r\ncontent-LENGTH: 5\r\n\r\nhello and more");
    AIRSSYS_EXPECT_ANSWER(airssys_fake_host_call(host, "fetch", "https://example.com/"), AIRSSYS_OK, "hello");
    current->response = AIRSSYS_STRING("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello");
    AIRSSYS_EXPECT_ANSWER(airssys_fake_host_call(host, "fetch", "https://example.com/"), AIRSSYS_PROCESSING_FAILED,
                          "the connection ended in the middle of the response");
    current->response = AIRSSYS_STRING("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nhello");
    AIRSSYS_EXPECT_ANSWER(airssys_fake_host_call(host, "fetch", "https://example.com/"), AIRSSYS_PROCESSING_FAILED,
                          "the response is too large");
}

static void what_is_no_url_is_refused(airssys_fake_host *host) {
    static const char *const BAD[] = {
        "",
        "http://example.com/",
        "https://",
        "https:///a",
        "https://example.com:/",
        "https://example.com:65536/",
        "https://example.com:1x/",
        "https://[::1/",
        "https://[::1]8443/",
        "https://example.com/a b",
        "https://example.com/\r\nX: y",
    };
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        AIRSSYS_EXPECT_ANSWER(airssys_fake_host_call(host, "fetch", BAD[i]), AIRSSYS_INVALID_INPUT,
                              "expected https://host[:port]/path");
    }
}

int main(void) {
    airssys_fake_host *host = airssys_fake_host_new_of(COMPONENT_TOML);
    const airssys_endpoint known = {AIRSSYS_STRING("example.com"), 443};
    const airssys_endpoint loopback = {AIRSSYS_STRING("::1"), 8443};
    airssys_fake_host_permit(host, "network = [{ action = \"outbound\", host = \"::1\", port = 8443 }]");
    airssys_fake_host_permit(host, "network = [{ action = \"outbound\", host = \"example.org\" }]");
    exchange current = {{NULL, 0}, {NULL, 0}};
    airssys_fake_host_add_server(host, &known, answer, &current);
    airssys_fake_host_add_server(host, &loopback, answer, &current);
    a_page_is_fetched(host, &current);
    other_answers_fail(host, &current);
    the_length_in_the_header_says_where_the_response_ends(host, &current);
    what_is_no_url_is_refused(host);
    AIRSSYS_EXPECT(airssys_fake_host_call(host, "fetch", "https://example.org/").code == AIRSSYS_PROCESSING_FAILED);
    airssys_fake_host_deny_endpoint(host, &known);
    AIRSSYS_EXPECT_ANSWER(airssys_fake_host_call(host, "fetch", "https://example.com/"), AIRSSYS_PERMISSION_DENIED,
                          AIRSSYS_FAKE_REFUSAL("ext-network/tcp.connect", "example.com:443",
                                               "network = [{ action = \"outbound\", host = \"example.com\", port = 443 "
                                               "}]"));
    AIRSSYS_EXPECT(airssys_fake_host_open_handles(host) == 0);
    airssys_string_free(&current.request);
    airssys_fake_host_free(host);
    return 0;
}
