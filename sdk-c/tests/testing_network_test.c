/* Servers and programs of the test, and all of the network and of processes that the kit does not have. */
#include <airssys/testing.h>

#include "check.h"
#include "testing_component.h"

static airssys_bytes echo(void *data, airssys_bytes sent) {
    ++*(int *)data;
    return sent;
}

static airssys_tcp_stream connect(const airssys_endpoint *endpoint) {
    airssys_tcp_stream stream;
    CHECK(airssys_tcp_connect(endpoint, (airssys_optional_u32){false, 0}, &stream, NULL) == AIRSSYS_OK);
    return stream;
}

static void a_server_answers_what_was_sent(airssys_fake_host *host) {
    int answers = 0;
    const airssys_endpoint endpoint = {AIRSSYS_STRING("example.com"), 7};
    airssys_fake_host_add_server(host, &endpoint, echo, &answers);
    airssys_tcp_stream stream = connect(&endpoint);
    airssys_bytes data;
    airssys_error error;
    CHECK(airssys_fake_host_open_handles(host) == 1);
    CHECK(airssys_tcp_stream_write_all(stream, AIRSSYS_BYTES("ab"), NULL) == AIRSSYS_OK);
    CHECK(airssys_tcp_stream_write_all(stream, AIRSSYS_BYTES("cd"), NULL) == AIRSSYS_OK);
    CHECK(answers == 0);
    CHECK(airssys_tcp_stream_read(stream, 3, &data, NULL) == AIRSSYS_OK && IS(airssys_bytes_as_string(data), "abc"));
    airssys_bytes_free(&data);
    CHECK(airssys_tcp_stream_read_exact(stream, 2, &data, &error) == AIRSSYS_END_OF_STREAM && error.received == 1);
    airssys_error_free(&error);
    CHECK(airssys_tcp_stream_read(stream, 3, &data, NULL) == AIRSSYS_OK && data.len == 0);
    CHECK(answers == 1);
    airssys_connection_stats stats = airssys_tcp_stream_get_stats(stream);
    CHECK(stats.bytes_sent == 4 && stats.bytes_received == 4);
    CHECK(airssys_tcp_stream_shutdown(stream, AIRSSYS_SHUTDOWN_WRITE, NULL) == AIRSSYS_OK);
    CHECK(airssys_tcp_stream_write_all(stream, AIRSSYS_BYTES("e"), NULL) == AIRSSYS_NOT_CONNECTED);
    airssys_tcp_stream_close(&stream);
    CHECK(airssys_fake_host_open_handles(host) == 0);
}

static void tls_takes_the_first_protocol(airssys_fake_host *host) {
    int answers = 0;
    static const airssys_string PROTOCOLS[] = {AIRSSYS_STRING_INIT("h2"), AIRSSYS_STRING_INIT("http/1.1")};
    const airssys_endpoint endpoint = {AIRSSYS_STRING("tls.example.com"), 443};
    const airssys_tls_options options = {endpoint.host, {PROTOCOLS, 2}};
    airssys_fake_host_add_server(host, &endpoint, echo, &answers);
    airssys_tcp_stream stream = connect(&endpoint);
    airssys_tls_info info;
    CHECK(!airssys_tcp_stream_get_tls_info(stream, &info));
    CHECK(airssys_tcp_stream_start_tls(stream, &options, &info, NULL) == AIRSSYS_OK);
    CHECK(info.version == AIRSSYS_TLS_1_3 && IS(info.alpn.value, "h2"));
    airssys_tls_info_free(&info);
    CHECK(airssys_tcp_stream_start_tls(stream, &options, NULL, NULL) == AIRSSYS_INVALID_ARGUMENT);
    airssys_tcp_stream_close(&stream);
}

static void a_denial_is_that_of_a_host(airssys_fake_host *host) {
    const airssys_endpoint endpoint = {AIRSSYS_STRING("denied.example.com"), 443};
    airssys_fake_host_deny_endpoint(host, &endpoint);
    airssys_tcp_stream stream;
    airssys_error error;
    CHECK(airssys_tcp_connect(&endpoint, (airssys_optional_u32){false, 0}, &stream, &error) ==
          AIRSSYS_PERMISSION_DENIED);
    CHECK(IS(error.denial.operation, "ext-network/tcp.connect"));
    CHECK(IS(error.denial.resource, "denied.example.com:443"));
    CHECK(IS(error.denial.missing, "network = [{ action = \"outbound\", host = \"denied.example.com\", port = 443 }]"));
    airssys_error_free(&error);
}

static void all_else_is_unsupported(void) {
    const airssys_socket_address any = {airssys_ipv4(0, 0, 0, 0), 0};
    const airssys_endpoint endpoint = {AIRSSYS_STRING("unknown.example.com"), 443};
    const airssys_endpoint no_port = {endpoint.host, 0};
    const airssys_listen_options listen_options = {.backlog = 1};
    const airssys_pool_options pool_options = {.max_connections = 1};
    const airssys_optional_u32 forever = {false, 0};
    const airssys_command command = {.program = AIRSSYS_STRING_INIT("/bin/true")};
    airssys_tcp_stream stream;
    airssys_tcp_listener listener;
    airssys_udp_socket socket;
    airssys_ip_address_list addresses;
    airssys_process process;
    airssys_process_output output;
    airssys_process_info_list processes;
    airssys_signal_info_list signals;
    airssys_error error;
    CHECK(airssys_tcp_connect(&endpoint, forever, &stream, &error) == AIRSSYS_UNSUPPORTED && error.text.len > 0);
    airssys_error_free(&error);
    CHECK(airssys_tcp_connect(&no_port, forever, &stream, NULL) == AIRSSYS_INVALID_ARGUMENT);
    CHECK(airssys_tcp_listen(&any, &listen_options, &listener, NULL) == AIRSSYS_UNSUPPORTED);
    CHECK(airssys_udp_bind(&any, &socket, NULL) == AIRSSYS_UNSUPPORTED);
    CHECK(airssys_connections_resolve_host(endpoint.host, AIRSSYS_IP_FAMILY_ANY, &addresses, NULL) ==
          AIRSSYS_UNSUPPORTED);
    airssys_connection_pool pool = airssys_connection_pool_new(&pool_options);
    CHECK(airssys_connection_pool_acquire(pool, &endpoint, &stream, NULL) == AIRSSYS_UNSUPPORTED);
    CHECK(airssys_connection_pool_get_stats(pool).open == 0);
    airssys_connection_pool_close(&pool);
    CHECK(airssys_processes_spawn(&command, &process, NULL) == AIRSSYS_UNSUPPORTED);
    CHECK(airssys_processes_run(&command, AIRSSYS_BYTES(""), &output, NULL) == AIRSSYS_UNSUPPORTED);
    airssys_processes_list_processes(&processes);
    airssys_signals_list_signals(&signals);
    CHECK(processes.len == 0 && signals.len == 0);
}

static airssys_process_output exclaim(void *data, airssys_string_list arguments, airssys_bytes input) {
    (void)data;
    (void)input;
    return (airssys_process_output){
        .status = {.code = (int32_t)arguments.len},
        .stdout_ = AIRSSYS_BYTES("out"),
        .stderr_ = AIRSSYS_BYTES("err"),
    };
}

static void a_stream_that_is_not_piped_gives_nothing(airssys_fake_host *host) {
    static const airssys_string ARGUMENTS[] = {AIRSSYS_STRING_INIT("a"), AIRSSYS_STRING_INIT("b")};
    const airssys_command command = {
        .program = AIRSSYS_STRING_INIT("exclaim"),
        .arguments = {ARGUMENTS, 2},
        .stdio = {.stderr_ = {.kind = AIRSSYS_STDIO_PIPED}},
    };
    airssys_fake_host_add_program(host, "exclaim", exclaim, NULL);
    airssys_process_output output;
    CHECK(airssys_processes_run(&command, AIRSSYS_BYTES(""), &output, NULL) == AIRSSYS_OK);
    CHECK(output.status.code == 2 && output.stdout_.len == 0 && IS(airssys_bytes_as_string(output.stderr_), "err"));
    airssys_process_output_free(&output);
    airssys_pipeline_output outputs;
    CHECK(airssys_processes_run_pipeline(NULL, 0, AIRSSYS_BYTES(""), &outputs, NULL) == AIRSSYS_INVALID_ARGUMENT);
}

int main(void) {
    airssys_fake_host *host = airssys_fake_host_new();
    airssys_fake_host_permit_all(host);
    a_server_answers_what_was_sent(host);
    tls_takes_the_first_protocol(host);
    a_denial_is_that_of_a_host(host);
    all_else_is_unsupported();
    a_stream_that_is_not_piped_gives_nothing(host);
    airssys_fake_host_free(host);
    return CHECK_RESULT;
}
