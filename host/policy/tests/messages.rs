//! What a person reads: the messages for broken manifests and for denials, word for word.

use std::sync::Arc;

use airssys_wasm_policy::{
    Access, AuditRecord, AuditSink, FilesystemAction, Gate, Manifest, NetworkAction, Operation, Permissions,
    ProcessAction,
};
use insta::assert_snapshot;

/// The messages for a manifest that has to be wrong.
fn problems(text: &str) -> String {
    Manifest::parse(text, "Component.toml").expect_err("the manifest has to be wrong").to_string()
}

/// The messages for a manifest whose `[component]` is right and whose rest is wrong. The rest starts on line 4.
fn problems_below(rest: &str) -> String {
    problems(&format!("[component]\nname = \"acme/hello\"\nversion = \"0.1.0\"\n{rest}"))
}

#[test]
fn everything_wrong_is_told_at_once_and_in_the_order_of_the_file() {
    let text = r#"[component]
name = "Acme/My Component"
version = "1.0"
descripton = "Says hello."
authors = "A <a@example.org>"
license = " "
operations = ["greet", "", "greet", "say hello", 7]
language = "rust"

[build]
language = "typescript"
source = "../src"
engine = "v8"
world = "with_filesystem"

[permissions]
filesystem = [
    { action = "raed", path = "/data/**" },
    { action = "read", path = "data" },
    { action = "read", paht = "/data" },
    { action = "read", path = "/a" },
    { action = "read", path = "/a" },
]
network = [{ action = "outbound", host = "https://example.com/", port = "http" }]

[limits]
max_memory_bytes = 1
max-open-files = 0

[config]
environment = { PORT = 8080 }

[premissions]
"#;
    assert_snapshot!(problems(text));
}

#[test]
fn an_empty_file_lacks_the_component() {
    assert_snapshot!(problems(""), @r#"Component.toml:1:1: component: missing (help: write [component] with name = "acme/hello" and version = "0.1.0")"#);
    assert_snapshot!(problems("[build]\nlanguage = \"rust\"\n"), @r#"Component.toml:1:1: component: missing (help: write [component] with name = "acme/hello" and version = "0.1.0")"#);
}

#[test]
fn a_component_needs_name_and_version() {
    assert_snapshot!(problems("# A comment.\n\n[component]\nauthors = []\n"), @r#"
    Component.toml:3:1: component.name: missing (help: write name = "acme/hello")
    Component.toml:3:1: component.version: missing (help: write version = "0.1.0")
    "#);
    assert_snapshot!(problems("component = { name = \"acme/hello\" }"), @r#"Component.toml:1:13: component.version: missing (help: write version = "0.1.0")"#);
    assert_snapshot!(problems("component.name = \"acme/hello\"\n"), @r#"Component.toml:1:1: component.version: missing (help: write version = "0.1.0")"#);
    assert_snapshot!(problems("component = \"acme/hello\""), @"Component.toml:1:13: component: expected a table, found a string");
    assert_snapshot!(problems("[[component]]\nname = \"acme/hello\""), @"Component.toml:1:1: component: expected a table, found an array");
}

#[test]
fn text_that_is_not_toml_has_a_place_too() {
    assert_snapshot!(problems("[component]\nname = acme/hello\n"), @"Component.toml:2:8: not valid TOML: string values must be quoted, expected literal string");
    assert_snapshot!(problems("[component\nname = \"acme/hello\"\n"), @"Component.toml:1:11: not valid TOML: unclosed table, expected `]`");
    assert_snapshot!(problems("[component]\nname = \"acme/hello\nversion = \"0.1.0\"\n"), @r#"Component.toml:2:19: not valid TOML: invalid basic string, expected `"`"#);
    assert_snapshot!(problems_below("name = \"acme/other\"\n"), @"Component.toml:4:1: not valid TOML: duplicate key");
    assert_snapshot!(problems_below("[component]\n"), @"Component.toml:4:2: not valid TOML: duplicate key");
    assert_snapshot!(problems_below("[limits]\nmax-memory-bytes = 99999999999999999999\n"), @"Component.toml:5:20: not valid TOML: integer number overflowed");
    assert_snapshot!(problems_below("description = \"\\q\"\n"), @r#"Component.toml:4:17: not valid TOML: missing escaped value, expected `b`, `e`, `f`, `n`, `r`, `\`, `"`, `x`, `u`, `U`"#);
    assert_snapshot!(problems_below("description = \"\0\"\n"), @r"Component.toml:4:16: not valid TOML: invalid basic string, expected non-double-quote visible characters, `\`");
    assert_snapshot!(problems_below("[permissions]\nfilesystem = [{ action = \"read\", path = \"/data\" }\n"), @"Component.toml:5:50: not valid TOML: unclosed array, expected `]`");
    assert_snapshot!(problems_below(&format!("x = {}", "[".repeat(10_000))), @"Component.toml:4:85: not valid TOML: cannot recurse further; max recursion depth met");
}

#[test]
fn a_column_counts_characters() {
    assert_snapshot!(problems_below("[config]\r\nenvironment = { \"größe🦀\" = 1 }\r\nlimit = {}\r\n"), @r#"
    Component.toml:5:28: config.environment."größe🦀": expected a string, found an integer (help: write "1")
    Component.toml:6:1: config.limit: unknown key (help: known here: environment, data)
    "#);
    assert_snapshot!(problems("\u{feff}[component]\nname = \"acme/hello\"\nversion = \"1.0.0\"\nx = 1\n[y]\n"), @"
    Component.toml:4:1: component.x: unknown key (help: known here: name, version, description, authors, license, operations)
    Component.toml:5:2: y: unknown key (help: known here: component, build, imports, permissions, limits, config)
    ");
}

#[test]
fn an_unknown_key_comes_with_the_one_that_was_meant() {
    assert_snapshot!(problems_below("autors = []\n"), @"Component.toml:4:1: component.autors: unknown key (help: did you mean `authors`?)");
    assert_snapshot!(problems_below("world = \"minimal\"\n"), @"Component.toml:4:1: component.world: unknown key (help: `world` belongs to [build])");
    assert_snapshot!(problems_below("color = \"red\"\n"), @"Component.toml:4:1: component.color: unknown key (help: known here: name, version, description, authors, license, operations)");
    assert_snapshot!(problems_below("\"odd\\nkey\" = 1\n\"a.b\" = 2\n"), @r#"
    Component.toml:4:1: component."odd\nkey": unknown key (help: known here: name, version, description, authors, license, operations)
    Component.toml:5:1: component."a.b": unknown key (help: known here: name, version, description, authors, license, operations)
    "#);
    assert_snapshot!(problems_below("[limits]\nMax_CPU_time_ms = 5\nname = 1\n"), @"
    Component.toml:5:1: limits.Max_CPU_time_ms: unknown key (help: did you mean `max-cpu-time-ms`?)
    Component.toml:6:1: limits.name: unknown key (help: `name` belongs to [component])
    ");
    assert_snapshot!(problems_below("[permissions.filesystems]\n"), @"Component.toml:4:14: permissions.filesystems: unknown key (help: did you mean `filesystem`?)");
    assert_snapshot!(problems_below("[[permissions.messaging]]\ntarget = \"acme/*\"\nreason = \"x\"\n"), @"Component.toml:6:1: permissions.messaging[0].reason: unknown key (help: known here: target)");
    assert_snapshot!(problems_below("[dependencies]\nserde = \"1\"\n"), @"Component.toml:4:2: dependencies: unknown key (help: known here: component, build, imports, permissions, limits, config)");
}

#[test]
fn names_and_versions_have_a_form() {
    let with = |name: &str, version: &str| problems(&format!("[component]\nname = {name}\nversion = {version}\n"));
    assert_snapshot!(with("\"hello\"", "\"v1.2\""), @r#"
    Component.toml:2:8: component.name: no `/` in component name "hello" (help: write `namespace/name`, as in "acme/hello")
    Component.toml:3:11: component.version: "v1.2" is not a semantic version: unexpected character 'v' while parsing major version number (help: write "1.2.0")
    "#);
    assert_snapshot!(with("\"acme/hello@1.0.0\"", "\"latest\""), @r#"
    Component.toml:2:8: component.name: character other than a-z, 0-9 and `-` in component name "acme/hello@1.0.0" (help: write `namespace/name`, as in "acme/hello")
    Component.toml:3:11: component.version: "latest" is not a semantic version: unexpected character 'l' while parsing major version number (help: write three numbers, as in "1.2.0")
    "#);
    assert_snapshot!(with("\"acme/a/b\"", "\"01.2.3\""), @r#"
    Component.toml:2:8: component.name: character other than a-z, 0-9 and `-` in component name "acme/a/b" (help: write `namespace/name`, as in "acme/hello")
    Component.toml:3:11: component.version: "01.2.3" is not a semantic version: invalid leading zero in major version number (help: write three numbers, as in "1.2.0")
    "#);
    assert_snapshot!(with("\"Acme/Hello_World\"", "1.0"), @r#"
    Component.toml:2:8: component.name: character other than a-z, 0-9 and `-` in component name "Acme/Hello_World" (help: write "acme/hello-world")
    Component.toml:3:11: component.version: expected a string, found a float (help: write "1.0")
    "#);
    assert_snapshot!(with("[\"acme\", \"hello\"]", "1"), @r#"
    Component.toml:2:8: component.name: expected a string, found an array
    Component.toml:3:11: component.version: expected a string, found an integer (help: write "1")
    "#);
}

#[test]
fn the_build_section_is_checked() {
    assert_snapshot!(problems_below("[build]\nlanguage = \"golang\"\n"), @r#"Component.toml:5:12: build.language: unknown language "golang" (help: write "go"; allowed: "rust", "go", "js", "python", "c")"#);
    assert_snapshot!(problems_below("[build]\nlanguage = \"C++\"\n"), @r#"Component.toml:5:12: build.language: unknown language "C++" (help: write "c"; allowed: "rust", "go", "js", "python", "c")"#);
    assert_snapshot!(problems_below("[build]\nlanguage = \"cobol\"\n"), @r#"Component.toml:5:12: build.language: unknown language "cobol" (help: allowed: "rust", "go", "js", "python", "c")"#);
    assert_snapshot!(problems_below("[build]\nlanguage = \"go\"\nengine = \"quickjs\"\n"), @r#"Component.toml:6:10: build.engine: only for language = "js", and this is "go" (help: leave it out, or set the language)"#);
    assert_snapshot!(problems_below("[build]\nengine = \"qjs\"\n"), @r#"
    Component.toml:5:10: build.engine: unknown engine "qjs" (help: write "quickjs"; allowed: "starlingmonkey", "quickjs")
    Component.toml:5:10: build.engine: only for language = "js", and no language is given (help: leave it out, or set the language)
    "#);
    assert_snapshot!(problems_below("[build]\nengine = \"quickjs\"\n"), @r#"Component.toml:5:10: build.engine: only for language = "js", and no language is given (help: leave it out, or set the language)"#);
    assert_snapshot!(problems_below("[build]\nlanguage = \"go\"\nwasi = true\n"), @r#"Component.toml:6:8: build.wasi: only for language = "rust" or language = "c", and this is "go" (help: leave it out, or set the language)"#);
    assert_snapshot!(problems_below("[build]\nlanguage = \"c\"\nwasi = \"true\"\n"), @"Component.toml:6:8: build.wasi: expected a boolean, found a string (help: write true, without quotes)");
    assert_snapshot!(problems_below("[build]\nlanguage = \"c\"\nwasi = 1\n"), @"Component.toml:6:8: build.wasi: expected a boolean, found an integer (help: write true or false)");
    assert_snapshot!(problems_below("[build]\nlanguage = \"rust\"\nbindings = \"gen\"\n"), @r#"Component.toml:6:12: build.bindings: only for language = "go" or language = "c", and this is "rust" (help: leave it out, or set the language)"#);
    assert_snapshot!(problems_below("[build]\nlanguage = \"fortran\"\nbindings = \"gen\"\n"), @r#"Component.toml:5:12: build.language: unknown language "fortran" (help: allowed: "rust", "go", "js", "python", "c")"#);
    assert_snapshot!(problems_below("[build]\nsource = \"/src\"\nbindings = \"a/../../b\"\nlanguage = \"go\"\n"), @r#"
    Component.toml:5:10: build.source: absolute path: "/src" (help: write it relative to the folder of this file)
    Component.toml:6:12: build.bindings: `..` in a path: "a/../../b" (help: it has to stay inside the folder of this file)
    "#);
    assert_snapshot!(problems_below("[build]\nsource = \"C:/src\"\nsdk = \"..\\\\sdk\"\n"), @r#"
    Component.toml:5:10: build.source: absolute path: "C:/src" (help: write it relative to the folder of this file)
    Component.toml:6:7: build.sdk: `\` in a path: "..\\sdk" (help: write `/` between folders, on Windows too)
    "#);
    assert_snapshot!(problems_below("[build]\nsource = \"\"\nworld = \"airssys:worlds/full\"\nsdk = \"\\u0000\"\n"), @r#"
    Component.toml:5:10: build.source: empty path: "" (help: write "." for the folder of this file)
    Component.toml:6:9: build.world: character other than a-z, 0-9 and `-` in world "airssys:worlds/full" (help: write the name alone, as in "with-filesystem")
    Component.toml:7:7: build.sdk: control character in a path: "\0" (help: write a path of printable characters)
    "#);
}

#[test]
fn filesystem_permissions_are_checked() {
    let with = |fields: &str| problems_below(&format!("[permissions]\nfilesystem = [{fields}]\n"));
    assert_snapshot!(with("{}"), @r#"
    Component.toml:5:15: permissions.filesystem[0].action: missing (help: write action = "read")
    Component.toml:5:15: permissions.filesystem[0].path: missing (help: write path = "/data/**")
    "#);
    assert_snapshot!(with("{ action = \"remove\", path = \"/data/../etc\" }"), @r#"
    Component.toml:5:26: permissions.filesystem[0].action: unknown filesystem action "remove" (help: write "delete"; allowed: "read", "write", "delete", "list")
    Component.toml:5:43: permissions.filesystem[0].path: `..` in path pattern "/data/../etc" (help: write the path it leads to)
    "#);
    assert_snapshot!(with("{ action = \"Read\", path = \"/data/\" }"), @r#"
    Component.toml:5:26: permissions.filesystem[0].action: unknown filesystem action "Read" (help: write "read"; allowed: "read", "write", "delete", "list")
    Component.toml:5:41: permissions.filesystem[0].path: empty segment in path pattern "/data/" (help: write single slashes and none at the end, or `/**` for all that is below)
    "#);
    assert_snapshot!(with("{ action = \"all\", path = \"//data\" }"), @r#"
    Component.toml:5:26: permissions.filesystem[0].action: unknown filesystem action "all" (help: allowed: "read", "write", "delete", "list")
    Component.toml:5:40: permissions.filesystem[0].path: empty segment in path pattern "//data" (help: write single slashes and none at the end, or `/**` for all that is below)
    "#);
    assert_snapshot!(with("{ action = true, path = \"/data**\" }"), @r#"
    Component.toml:5:26: permissions.filesystem[0].action: expected a string, found a boolean (help: write "true")
    Component.toml:5:39: permissions.filesystem[0].path: `**` that is not a whole segment in path pattern "/data**" (help: write `*` within a segment, or `/**/` for any segments)
    "#);
    assert_snapshot!(with("{ action = \"read\", path = \"/[a-z]\" }, { action = \"read\", path = \"/{a,b}\" }"), @r#"
    Component.toml:5:41: permissions.filesystem[0].path: `[` in path pattern "/[a-z]" (help: only `*`, `**` and `?` are special; write `?` for that one character)
    Component.toml:5:79: permissions.filesystem[1].path: `{` in path pattern "/{a,b}" (help: only `*`, `**` and `?` are special; write `?` for that one character)
    "#);
    assert_snapshot!(with("{ action = \"read\", path = \"\" }, { action = \"read\", path = \"/a\\u0000\" }"), @r#"
    Component.toml:5:41: permissions.filesystem[0].path: path pattern "" is not absolute (help: start it with `/`: guest paths are absolute)
    Component.toml:5:73: permissions.filesystem[1].path: NUL in path pattern "/a\0" (help: no path can hold one)
    "#);
    assert_snapshot!(with("\"/data/**\", 7, []"), @"
    Component.toml:5:15: permissions.filesystem[0]: expected a table, found a string
    Component.toml:5:27: permissions.filesystem[1]: expected a table, found an integer
    Component.toml:5:30: permissions.filesystem[2]: expected a table, found an array
    ");
    assert_snapshot!(problems_below("[permissions]\nfilesystem = { action = \"read\", path = \"/data\" }\n"), @"Component.toml:5:14: permissions.filesystem: expected an array, found a table (help: write [{ … }], even for one)");
    assert_snapshot!(problems_below("[permissions]\nfilesystem = \"/data\"\n"), @r#"Component.toml:5:14: permissions.filesystem: expected an array, found a string (help: write ["/data"], even for one)"#);
    assert_snapshot!(problems("permissions = [\"filesystem\"]\n"), @r#"
    Component.toml:1:1: component: missing (help: write [component] with name = "acme/hello" and version = "0.1.0")
    Component.toml:1:15: permissions: expected a table, found an array
    "#);
}

#[test]
fn network_permissions_are_checked() {
    let with = |host: &str, port: &str| {
        problems_below(&format!(
            "[permissions]\nnetwork = [{{ action = \"outbound\", host = \"{host}\", port = {port} }}]\n"
        ))
    };
    assert_snapshot!(with("api.example.com:443", "\"443\""), @r#"
    Component.toml:5:42: permissions.network[0].host: brackets or a port in host pattern "api.example.com:443" (help: write the host alone, an IPv6 address without brackets, and the port as `port`)
    Component.toml:5:72: permissions.network[0].port: "443" is one port, not a range (help: write 443, without quotes)
    "#);
    assert_snapshot!(with("[::1]", "65536"), @r#"
    Component.toml:5:42: permissions.network[0].host: brackets or a port in host pattern "[::1]" (help: write the host alone, an IPv6 address without brackets, and the port as `port`)
    Component.toml:5:58: permissions.network[0].port: 65536 is not a port (help: ports go from 0 to 65535)
    "#);
    assert_snapshot!(with("api.*.com", "-1"), @r#"
    Component.toml:5:42: permissions.network[0].host: `*` inside of host pattern "api.*.com" (help: `*` stands alone, or as the first label as in "*.example.com")
    Component.toml:5:62: permissions.network[0].port: -1 is not a port (help: ports go from 0 to 65535)
    "#);
    assert_snapshot!(with("*example.com", "\"90-80\""), @r#"
    Component.toml:5:42: permissions.network[0].host: `*` inside of host pattern "*example.com" (help: `*` stands alone, or as the first label as in "*.example.com")
    Component.toml:5:65: permissions.network[0].port: range of ports "90-80" ends before it starts (help: write "80-90")
    "#);
    assert_snapshot!(with("10.0.0.1/8", "\"80,443\""), @r#"
    Component.toml:5:42: permissions.network[0].host: "10.0.0.1/8" has bits set after the first 8 (help: write "10.0.0.0/8", or "10.0.0.1" for that one address)
    Component.toml:5:63: permissions.network[0].port: "80,443" is not a range of ports (help: write one port as an integer, or a range as in "8000-8100")
    "#);
    assert_snapshot!(with("10.0.0.0/33", "1.5"), @r#"
    Component.toml:5:42: permissions.network[0].host: no number of bits from 0 to 32 after the `/` in "10.0.0.0/33" (help: write a block as in "10.0.0.0/8", or a name without a path)
    Component.toml:5:64: permissions.network[0].port: expected an integer or a string, found a float
    "#);
    assert_snapshot!(with("127.1", "[80]"), @r#"
    Component.toml:5:42: permissions.network[0].host: not a complete IP address: host pattern "127.1" (help: write all four numbers, as in "127.0.0.1")
    Component.toml:5:58: permissions.network[0].port: expected an integer or a string, found an array
    "#);
    assert_snapshot!(with("bücher.example", "1"), @r#"Component.toml:5:42: permissions.network[0].host: letters outside ASCII in host pattern "bücher.example" (help: write the name in its ASCII form, which starts with `xn--`)"#);
    assert_snapshot!(with("example.com/path", "1"), @r#"Component.toml:5:42: permissions.network[0].host: no IP address before the `/` in "example.com/path" (help: write a block as in "10.0.0.0/8", or a name without a path)"#);
    assert_snapshot!(with("exa mple.com", "1"), @r#"Component.toml:5:42: permissions.network[0].host: not a host name: host pattern "exa mple.com" (help: write a name, an IP address, a CIDR block, "*.example.com" or "*")"#);
    assert_snapshot!(
        problems_below("[permissions]\nnetwork = [{ action = \"resolve\", host = \"*\", port = 53 }]\n"),
        @"Component.toml:5:53: permissions.network[0].port: looking up a name takes no port (help: leave it out)"
    );
    assert_snapshot!(problems_below("[permissions]\nnetwork = [{ action = \"connect\" }]\n"), @r#"
    Component.toml:5:12: permissions.network[0].host: missing (help: write host = "api.example.com")
    Component.toml:5:23: permissions.network[0].action: unknown network action "connect" (help: write "outbound"; allowed: "outbound", "inbound", "resolve")
    "#);
}

#[test]
fn the_other_permissions_are_checked() {
    assert_snapshot!(problems_below("[permissions]\nprocess = [{ action = \"exec\", program = \"git\" }]\n"), @r#"
    Component.toml:5:23: permissions.process[0].action: unknown process action "exec" (help: write "spawn"; allowed: "spawn", "signal")
    Component.toml:5:41: permissions.process[0].program: path pattern "git" is not absolute (help: start it with `/`: guest paths are absolute)
    "#);
    assert_snapshot!(problems_below("[permissions]\nstorage = [{ namespace = \"../x\", max-bytes = 0 }]\n"), @r#"
    Component.toml:5:26: permissions.storage[0].namespace: character other than a-z, 0-9 and `-` in storage namespace "../x" (help: write a name as in "cache")
    Component.toml:5:46: permissions.storage[0].max-bytes: 0 would allow nothing (help: leave it out for the host's default)
    "#);
    assert_snapshot!(problems_below("[permissions]\nstorage = [{ max-bytes = \"10\" }]\n"), @r#"
    Component.toml:5:12: permissions.storage[0].namespace: missing (help: write namespace = "cache")
    Component.toml:5:26: permissions.storage[0].max-bytes: expected an integer, found a string (help: write 10, without quotes)
    "#);
    let target = |target: &str| problems_below(&format!("[permissions]\nmessaging = [{{ target = \"{target}\" }}]\n"));
    assert_snapshot!(target("*"), @r#"Component.toml:5:25: permissions.messaging[0].target: no `/` in target pattern "*" (help: write "*/*" for every component)"#);
    assert_snapshot!(target("acme"), @r#"Component.toml:5:25: permissions.messaging[0].target: no `/` in target pattern "acme" (help: write `namespace/name`, as in "acme/*")"#);
    assert_snapshot!(target("acme/"), @r#"Component.toml:5:25: permissions.messaging[0].target: empty part in target pattern "acme/" (help: write `namespace/name`, as in "acme/*")"#);
    assert_snapshot!(target("Acme/x"), @r#"Component.toml:5:25: permissions.messaging[0].target: 'A' in target pattern "Acme/x" (help: names hold a-z, 0-9 and `-`; `*` and `?` stand for what varies)"#);
    assert_snapshot!(target("acme/x@"), @r#"Component.toml:5:25: permissions.messaging[0].target: empty version in target pattern "acme/x@" (help: leave out the `@` for every version)"#);
    assert_snapshot!(target("acme/x@^1.0"), @r#"Component.toml:5:25: permissions.messaging[0].target: '^' in target pattern "acme/x@^1.0" (help: write a version as in "@1.2.0" or a pattern as in "@1.*")"#);
    assert_snapshot!(target("acme/x/y"), @r#"Component.toml:5:25: permissions.messaging[0].target: '/' in target pattern "acme/x/y" (help: names hold a-z, 0-9 and `-`; `*` and `?` stand for what varies)"#);
}

#[test]
fn a_permission_given_twice_is_a_slip() {
    assert_snapshot!(problems_below(
        r#"[permissions]
messaging = [
    { target = "acme/*" },
    { target = "acme/other" },
    { target = "acme/*" },
]
network = [{ action = "inbound", host = "EXAMPLE.com." }, { action = "inbound", host = "example.com" }]
"#
    ), @"
    Component.toml:8:5: permissions.messaging[2]: the same permission is given on line 6 (help: leave one out)
    Component.toml:10:59: permissions.network[1]: the same permission is given on line 10 (help: leave one out)
    ");
}

#[test]
fn limits_are_amounts() {
    assert_snapshot!(problems_below(
        r#"[limits]
max-memory-bytes = 0
max-cpu-time-ms = -5
max-execution-time-ms = "1000"
max-open-files = 4294967296
max-mailbox-messages = 1.5
"#
    ), @"
    Component.toml:5:20: limits.max-memory-bytes: 0 would allow nothing (help: leave it out for the host's default)
    Component.toml:6:19: limits.max-cpu-time-ms: -5 is below zero
    Component.toml:7:25: limits.max-execution-time-ms: expected an integer, found a string (help: write 1000, without quotes)
    Component.toml:8:18: limits.max-open-files: 4294967296 is too large
    Component.toml:9:24: limits.max-mailbox-messages: expected an integer, found a float
    ");
    assert_snapshot!(problems_below("[limits]\nmax-memory-bytes = \"64 MiB\"\nmax-open-files = true\n"), @"
    Component.toml:5:20: limits.max-memory-bytes: expected an integer, found a string (help: write 67108864, without quotes)
    Component.toml:6:18: limits.max-open-files: expected an integer, found a boolean
    ");
}

#[test]
fn config_is_text() {
    assert_snapshot!(problems_below(
        r#"[config]
data = [1, 2]
[config.environment]
A = 1
B = true
C = 2024-01-01
"" = "x"
"D=E" = "x"
F = { G = "x" }
H.I = "x"
"#
    ), @r#"
    Component.toml:5:8: config.data: expected a string, found an array
    Component.toml:7:5: config.environment.A: expected a string, found an integer (help: write "1")
    Component.toml:8:5: config.environment.B: expected a string, found a boolean (help: write "true")
    Component.toml:9:5: config.environment.C: expected a string, found a date or time (help: write "2024-01-01")
    Component.toml:10:6: config.environment."": "" cannot name an environment value (help: write a name as in LOG_LEVEL)
    Component.toml:11:9: config.environment."D=E": "D=E" cannot name an environment value (help: write a name as in LOG_LEVEL)
    Component.toml:12:5: config.environment.F: expected a string, found a table
    Component.toml:13:1: config.environment.H: expected a string, found a table
    "#);
    assert_snapshot!(problems_below("[config]\nenvironment = [\"A=1\"]\n"), @r#"Component.toml:5:15: config.environment: expected a table, found an array (help: write { KEY = "value" })"#);
}

#[test]
fn grants_are_read_as_the_permissions_section() {
    let grants =
        |text: &str| Permissions::parse(text, "grants.toml").expect_err("the grants have to be wrong").to_string();
    assert_snapshot!(grants("[permissions]\nfilesystem = []\n"), @"grants.toml:1:2: permissions: unknown key (help: leave [permissions] out: this file has its keys, at top level)");
    assert_snapshot!(grants("filesystem = [{ action = \"read\" }]\nmesaging = []\n"), @r#"
    grants.toml:1:15: filesystem[0].path: missing (help: write path = "/data/**")
    grants.toml:2:1: mesaging: unknown key (help: did you mean `messaging`?)
    "#);
    assert_snapshot!(grants("filesystem = ["), @"grants.toml:1:15: not valid TOML: unclosed array, expected `]`");
}

struct Unheard;

impl AuditSink for Unheard {
    fn record(&self, _: AuditRecord) {}
}

/// What is printed for a denial.
fn denied(declared: &str, operation: &'static str, access: Access) -> String {
    let declared = Permissions::parse(declared, "Component.toml").unwrap();
    let component = "acme/hello@0.1.0".parse().unwrap();
    let gate = Gate::new(component, declared, Permissions::none(), Arc::new(Unheard));
    gate.authorize(Operation(operation), access).unwrap_err().to_string()
}

#[test]
fn a_denial_says_who_could_allow_it_and_how() {
    let read = |path: &str| Access::Filesystem { action: FilesystemAction::Read, path: path.to_owned() };
    let open = "ext-filesystem/files.open";
    assert_snapshot!(denied("", open, read("/data/a.txt")), @r#"
    ext-filesystem/files.open on "/data/a.txt" is not permitted to acme/hello@0.1.0
    help: the component does not declare it; its author can, in its Component.toml:

        [permissions]
        filesystem = [{ action = "read", path = "/data/a.txt" }]
    "#);
    assert_snapshot!(
        denied("filesystem = [{ action = \"read\", path = \"/data/**\" }]", open, read("/data/a.txt")),
        @r#"
    ext-filesystem/files.open on "/data/a.txt" is not permitted to acme/hello@0.1.0
    help: the component declares it, the host does not grant it; its operator can:

        [permissions]
        filesystem = [{ action = "read", path = "/data/a.txt" }]
    "#
    );
    assert_snapshot!(denied("", open, read("/data/../etc/passwd")), @r#"
    ext-filesystem/files.open on "/data/../etc/passwd" is not permitted to acme/hello@0.1.0
    help: no permission can allow this
    "#);
    assert_snapshot!(denied("", open, read("/data/\"q\" \\ \n\u{202e}\u{e0041} größe 🦀 [1] *.txt")), @r#"
    ext-filesystem/files.open on "/data/\"q\" \\ \n\u{202e}\u{e0041} größe 🦀 [1] *.txt" is not permitted to acme/hello@0.1.0
    help: the component does not declare it; its author can, in its Component.toml:

        [permissions]
        filesystem = [{ action = "read", path = "/data/\"q\" \\ \n\u202E\U000E0041 größe 🦀 ?1] ?.txt" }]
    "#);

    let send = "core/host-services.send-message";
    assert_snapshot!(denied("", send, Access::Messaging { target: "acme/other@1.2.0".parse().unwrap() }), @r#"
    core/host-services.send-message on "acme/other@1.2.0" is not permitted to acme/hello@0.1.0
    help: the component does not declare it; its author can, in its Component.toml:

        [permissions]
        messaging = [{ target = "acme/other" }]
    "#);

    let connect = |host: &str, address: Option<&str>| {
        let address = address.map(|address| address.parse().unwrap());
        let access =
            Access::Network { action: NetworkAction::Outbound, host: host.to_owned(), port: Some(443), address };
        denied("network = [{ action = \"outbound\", host = \"*\" }]", "ext-network/tcp.connect", access)
    };
    assert_snapshot!(connect("API.Example.com.", None), @r#"
    ext-network/tcp.connect on "API.Example.com.:443" is not permitted to acme/hello@0.1.0
    help: the component declares it, the host does not grant it; its operator can:

        [permissions]
        network = [{ action = "outbound", host = "api.example.com", port = 443 }]
    "#);
    assert_snapshot!(connect("rebound.example.com", Some("169.254.169.254")), @r#"
    ext-network/tcp.connect on "rebound.example.com:443 (169.254.169.254)" is not permitted to acme/hello@0.1.0
    help: the component does not declare it; its author can, in its Component.toml:

        [permissions]
        network = [{ action = "outbound", host = "169.254.169.254", port = 443 }]
    "#);
    assert_snapshot!(connect("::ffff:127.0.0.1", None), @r#"
    ext-network/tcp.connect on "[::ffff:127.0.0.1]:443" is not permitted to acme/hello@0.1.0
    help: the component does not declare it; its author can, in its Component.toml:

        [permissions]
        network = [{ action = "outbound", host = "127.0.0.1", port = 443 }]
    "#);

    let spawn = Access::Process { action: ProcessAction::Spawn, program: "/usr/bin/git".to_owned() };
    assert_snapshot!(denied("", "ext-process/processes.spawn", spawn), @r#"
    ext-process/processes.spawn on "/usr/bin/git" is not permitted to acme/hello@0.1.0
    help: the component does not declare it; its author can, in its Component.toml:

        [permissions]
        process = [{ action = "spawn", program = "/usr/bin/git" }]
    "#);
}
