#include <airssys/string_builder.h>

#include "check.h"

static void text_of_every_kind_is_appended(void) {
    char buffer[128];
    airssys_string_builder builder = airssys_string_builder_over(buffer, sizeof buffer);
    airssys_string_builder_text(&builder, AIRSSYS_STRING("a\0b"));
    airssys_string_builder_c(&builder, " ");
    airssys_string_builder_u64(&builder, UINT64_MAX);
    airssys_string_builder_c(&builder, " ");
    airssys_string_builder_i64(&builder, INT64_MIN);
    airssys_string_builder_c(&builder, " ");
    airssys_string_builder_i64(&builder, 0);
    airssys_string_builder_c(&builder, " ");
    airssys_string_builder_hex(&builder, UINT64_MAX);
    airssys_string_builder_c(&builder, " ");
    airssys_string_builder_hex(&builder, 0);
    airssys_string_builder_c(&builder, " ");
    airssys_string_builder_hex_bytes(&builder, airssys_string_as_bytes(AIRSSYS_STRING("\x00\xAB\x0F")));
    CHECK(IS(airssys_string_builder_view(&builder),
             "a\0b 18446744073709551615 -9223372036854775808 0 ffffffffffffffff 0 00ab0f"));
    CHECK(!builder.truncated);
    CHECK(builder.required == builder.length);
}

/* Builds into a buffer of each size with a guard behind it. */
static void nothing_is_written_past_the_buffer(void) {
    for (size_t capacity = 0; capacity <= 24; capacity++) {
        char buffer[32];
        memset(buffer, '#', sizeof buffer);
        airssys_string_builder builder = airssys_string_builder_over(buffer, capacity);
        airssys_string_builder_c(&builder, "abc");
        airssys_string_builder_i64(&builder, -1234567);
        airssys_string_builder_hex_bytes(&builder, airssys_string_as_bytes(AIRSSYS_STRING("xyz")));
        airssys_string_builder_c(&builder, "end");
        CHECK(builder.length <= capacity);
        CHECK(builder.required == 20);
        CHECK(builder.truncated == (capacity < 20));
        for (size_t i = builder.length; i < sizeof buffer; i++) {
            CHECK(buffer[i] == '#');
        }
    }
}

static void a_text_is_cut_between_characters(void) {
    for (size_t capacity = 0; capacity < 4; capacity++) {
        char buffer[4];
        airssys_string_builder builder = airssys_string_builder_over(buffer, capacity);
        airssys_string_builder_text(&builder, AIRSSYS_STRING("\xF0\x9F\x8E\x88"));
        CHECK(builder.length == 0);
        CHECK(builder.truncated);
    }
    char buffer[4];
    airssys_string_builder builder = airssys_string_builder_over(buffer, sizeof buffer);
    airssys_string_builder_text(&builder, AIRSSYS_STRING("abc\xC3\xA4"));
    CHECK(IS(airssys_string_builder_view(&builder), "abc"));
}

static void a_number_is_never_cut(void) {
    char buffer[4];
    airssys_string_builder builder = airssys_string_builder_over(buffer, sizeof buffer);
    airssys_string_builder_u64(&builder, 12345);
    CHECK(builder.length == 0);
    CHECK(builder.truncated);
    CHECK(builder.required == 5);
}

static void nothing_follows_what_was_left_out(void) {
    char buffer[4];
    airssys_string_builder builder = airssys_string_builder_over(buffer, sizeof buffer);
    airssys_string_builder_u64(&builder, 12345);
    airssys_string_builder_c(&builder, "ab");
    CHECK(builder.length == 0);
    CHECK(builder.required == 7);
}

static void no_buffer_at_all_still_counts(void) {
    airssys_string_builder builder = airssys_string_builder_over(NULL, 0);
    airssys_string_builder_text(&builder, (airssys_string){NULL, 0});
    CHECK(!builder.truncated);
    airssys_string_builder_c(&builder, "four");
    CHECK(builder.required == 4);
    CHECK(builder.truncated);
}

int main(void) {
    text_of_every_kind_is_appended();
    nothing_is_written_past_the_buffer();
    a_text_is_cut_between_characters();
    a_number_is_never_cut();
    nothing_follows_what_was_left_out();
    no_buffer_at_all_still_counts();
    return CHECK_RESULT;
}
