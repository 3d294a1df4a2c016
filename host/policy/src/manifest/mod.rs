//! Component.toml: what a component is, how it is built, what it asks for.

mod document;
mod error;
mod keys;
mod node;
mod permission_lists;
mod problems;
mod read;
mod sections;
mod suggest;

pub use document::document;
pub use error::{ManifestError, ManifestErrors};
pub use node::{Node, Section};
pub use problems::{Problems, Sections};
pub use sections::{BuildSection, ComponentSection, ConfigSection, Engine, Import, Language, Limits, Manifest};
pub use suggest::suggest;

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::{FilesystemAction, FilesystemPermission, Permissions, PortRange};

    const WHOLE: &str = r#"
[component]
name = "acme/hello"            # namespace/name
version = "0.1.0-rc.1+b5"
description = "Says hello."
authors = ["A <a@example.org>"]
license = "MIT"
operations = ["greet"]

[build]
language = "js"
source = "src/index.ts"
world = "with-filesystem"
engine = "starlingmonkey"
sdk = "../../../sdk-js"

[permissions]
filesystem = [{ action = "read", path = "/data/**" }]
network = [{ action = "outbound", host = "api.example.com", port = 443 }]
process = [{ action = "spawn", program = "/usr/bin/git" }]
storage = [{ namespace = "cache", max-bytes = 1048576 }]

[[permissions.messaging]]
target = "acme/*"

[limits]
max-memory-bytes = 9007199254740993
max-cpu-time-ms = 1
max-execution-time-ms = 2
max-open-files = 4294967295
max-mailbox-messages = 4

[config]
data = "größe🦀\u0000"

[config.environment]
Z = "last letter first"
A = ""
"odd key" = "x=y"
"#;

    #[test]
    fn a_whole_manifest_arrives_unchanged() {
        let manifest = Manifest::parse(WHOLE, "Component.toml").unwrap();
        assert_eq!(manifest.id().to_string(), "acme/hello@0.1.0-rc.1+b5");
        assert_eq!(manifest.component.description, "Says hello.");
        assert_eq!(manifest.component.authors, ["A <a@example.org>"]);
        assert_eq!(manifest.component.license.as_deref(), Some("MIT"));
        assert_eq!(manifest.component.operations, ["greet"]);
        let build = BuildSection {
            language: Some(Language::Js),
            source: Some("src/index.ts".to_owned()),
            world: Some("with-filesystem".to_owned()),
            engine: Some(Engine::Starlingmonkey),
            bindings: None,
            sdk: Some("../../../sdk-js".to_owned()),
            wasi: false,
        };
        assert_eq!(manifest.build, build);
        let read = FilesystemPermission { action: FilesystemAction::Read, path: "/data/**".parse().unwrap() };
        assert_eq!(manifest.permissions.filesystem, [read]);
        assert_eq!(manifest.permissions.network[0].port, Some(PortRange::single(443)));
        assert_eq!(manifest.permissions.process[0].program.as_str(), "/usr/bin/git");
        assert_eq!(manifest.permissions.storage[0].max_bytes, Some(1_048_576));
        assert_eq!(manifest.permissions.messaging[0].target.to_string(), "acme/*");
        let limits = Limits {
            max_memory_bytes: Some(9_007_199_254_740_993),
            max_cpu_time: Some(Duration::from_millis(1)),
            max_execution_time: Some(Duration::from_millis(2)),
            max_open_files: Some(u32::MAX),
            max_mailbox_messages: Some(4),
        };
        assert_eq!(manifest.limits, limits);
        let environment = [("Z", "last letter first"), ("A", ""), ("odd key", "x=y")];
        assert_eq!(manifest.config.environment, environment.map(|(key, value)| (key.to_owned(), value.to_owned())));
        assert_eq!(manifest.config.data.as_deref(), Some("größe🦀\0".as_bytes()));
    }

    #[test]
    fn what_is_absent_allows_nothing_and_asks_for_nothing() {
        let manifest = Manifest::parse("[component]\nname = \"a/b\"\nversion = \"1.0.0\"", "x").unwrap();
        assert_eq!(manifest.permissions, Permissions::none());
        assert_eq!(manifest.build, BuildSection::default());
        assert_eq!(manifest.limits, Limits::default());
        assert_eq!(manifest.config, ConfigSection::default());
        assert_eq!((manifest.component.license, manifest.component.description.as_str()), (None, ""));
    }

    #[test]
    fn bindings_are_for_go_and_c() {
        for language in Language::ALL {
            let text = format!(
                "[component]\nname = \"a/b\"\nversion = \"1.0.0\"\n[build]\nlanguage = \"{language}\"\nbindings = \"gen\""
            );
            let allowed = matches!(language, Language::Go | Language::C);
            assert_eq!(Manifest::parse(&text, "x").is_ok(), allowed, "{language}");
        }
    }

    #[test]
    fn a_hostile_manifest_costs_a_bounded_amount() {
        let too_large = "#".repeat((1 << 20) + 1);
        assert_eq!(Manifest::parse(&too_large, "x").unwrap_err().0.len(), 1);

        let keys: String = (0..50_000).map(|index| format!("k{index} = 1\n")).collect();
        let errors = Manifest::parse(&keys, "x").unwrap_err().0;
        assert_eq!(errors.len(), 1001);
        assert_eq!(errors.last().unwrap().problem, "more than 1000 problems, the others are left out");

        let list: String = (0..1025).map(|index| format!("{{ target = \"a/b{index}\" }},")).collect();
        let errors = Permissions::parse(&format!("messaging = [{list}]"), "x").unwrap_err().0;
        assert_eq!((errors.len(), errors[0].key.as_str()), (1, "messaging[1024]"));
    }

    #[test]
    fn the_worst_permissions_that_are_accepted_are_soon_matched() {
        // Patterns that lead on with every byte of the path and cover it with none.
        let list = |count: usize, pattern: &str| {
            let each = |index| format!("{{ action = \"read\", path = \"{pattern}{index:04}\" }},");
            format!("filesystem = [{}]", (0..count).map(each).collect::<String>())
        };
        let path = "/a".repeat(2048);
        let mut worst = 0;
        for (count, pattern) in [(1024, "/**/a/**/a/**/a*a".to_owned()), (1024, "/**/*a*a/*?a".to_owned())]
            .into_iter()
            .chain([16, 60, 250].map(|count: usize| (count, "/**/a*a?".repeat((65_536 / count - 9) / 8) + "/")))
        {
            let permissions =
                Permissions::parse(&list(count, &pattern), "x").unwrap_or_else(|errors| panic!("{errors}"));
            let read = crate::Access::Filesystem { action: FilesystemAction::Read, path: path.clone() };
            assert!(!permissions.cover(&read), "{pattern}");
            worst = worst.max(permissions.filesystem.iter().map(|allowed| allowed.path.steps(&path)).sum());
        }
        // A step is a few instructions: this is some ten milliseconds.
        assert!((4_000_000..=9_000_000).contains(&worst), "{worst}");

        let errors = Permissions::parse(&list(1024, &"/**/a/*a".repeat(8)), "x").unwrap_err().0;
        assert_eq!(errors.len(), 1, "{errors:?}");
        assert_eq!(errors[0].problem, "more than 65536 bytes of patterns in all permissions");
        // All kinds share the room.
        let half = "x".repeat(4000);
        let text = |kind: &str, rest: &str| {
            let each = |index| format!("{{ {rest} = \"/{half}{index}\" }},");
            format!("{kind} = [{}]\n", (0..10).map(each).collect::<String>())
        };
        let filesystem = text("filesystem", "action = \"read\", path");
        let process = text("process", "action = \"spawn\", program");
        assert!(Permissions::parse(&filesystem, "x").is_ok() && Permissions::parse(&process, "x").is_ok());
        let errors = Permissions::parse(&format!("{filesystem}{process}"), "x").unwrap_err().0;
        assert_eq!((errors.len(), errors[0].key.as_str()), (1, "process[6]"));
    }

    #[test]
    fn what_is_wrong_is_told_in_a_bounded_text() {
        // Each of these quotes what it is about, and stands on one long line.
        let long = "x".repeat(100_000);
        for text in [
            format!("[component]\nname = \"{long}\"\nversion = \"{long}\"\noperations = [\"{long} {long}\"]"),
            format!("{long} = 1"),
            format!("[permissions]\nfilesystem = [{{ action = \"{long}\", path = \"{long}\", {long} = 1 }}]"),
            format!("[permissions]\nnetwork = [{{ action = \"outbound\", host = \"{long}/\", port = \"{long}\" }}]"),
            format!("[build]\nlanguage = \"{long}\"\nsource = \"/{long}\"\nworld = \"{long}\"\nwasi = \"{long}\""),
            format!("[limits]\nmax-open-files = \"{}\"", "9".repeat(100_000)),
            format!("[config]\nenvironment = \"{long}\""),
        ] {
            let errors = Manifest::parse(&text, "x").unwrap_err();
            for error in &errors.0 {
                assert!(
                    error.to_string().len() < 4096,
                    "{} bytes: {:.300}",
                    error.to_string().len(),
                    error.to_string()
                );
            }
        }
        let wrong = "[1], ".repeat(2000);
        let errors = Permissions::parse(&format!("messaging = [{wrong}]"), "x").unwrap_err().0;
        let columns: Vec<usize> = errors.iter().map(|error| error.column).take(3).collect();
        assert_eq!(columns, [14, 19, 24]);
    }

    #[test]
    fn no_depth_of_tables_or_keys_harms_who_reads_or_drops_it() {
        for text in [
            "a.".repeat(200_000) + "a = 1",
            format!("[{}a]", "a.".repeat(200_000)),
            format!("[[{}a]]", "a.".repeat(200_000)),
            "[".repeat(500_000),
            format!("a = {}", "[".repeat(500_000)),
            format!("a = {}", "{a=".repeat(300_000)),
            format!("a = {{ {}a = 1 }}", "a.".repeat(200_000)),
            (0..20_000).map(|index| format!("[a.b{index}.c.d.e.f.g.h]\n")).collect(),
        ] {
            assert!(!Manifest::parse(&text, "x").unwrap_err().0.is_empty());
        }
    }

    /// The same numbers every time (Marsaglia's xorshift), so that what fails once fails again.
    struct Numbers(u64);

    impl Numbers {
        fn below(&mut self, end: usize) -> usize {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            usize::try_from(self.0 % end as u64).unwrap()
        }
    }

    #[test]
    fn no_broken_manifest_panics_and_every_problem_has_a_place_in_the_file() {
        let pieces = [
            "\"",
            "'",
            "[",
            "]",
            "{",
            "}",
            "=",
            ".",
            ",",
            "\n",
            "\r\n",
            "#",
            "\\",
            "0",
            "-1",
            "1.5",
            "true",
            "é",
            "🦀",
            "\0",
            "[[",
            "]]",
            "\"\"\"",
            "*",
            "/",
            "..",
            "99999999999",
            "\u{feff}",
            " ",
            "a",
            "name",
            "permissions.",
            "component",
            "{}",
            "[]",
        ];
        let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
        let mut refused = 0;
        for _ in 0..4000 {
            let mut text = WHOLE.to_owned();
            for _ in 0..=numbers.below(4) {
                let from = text.floor_char_boundary(numbers.below(text.len() + 1));
                let to = text.ceil_char_boundary(from + numbers.below(text.len() - from + 1).min(numbers.below(12)));
                text.replace_range(from..to, pieces[numbers.below(pieces.len())]);
            }
            let Err(errors) = Manifest::parse(&text, "Component.toml") else { continue };
            refused += 1;
            assert!(!errors.0.is_empty());
            let lines: Vec<&str> = text.split('\n').collect();
            let mut last = (0, 0);
            for error in &errors.0 {
                assert!((1..=lines.len()).contains(&error.line), "{error}\n{text}");
                assert!((1..=lines[error.line - 1].chars().count() + 1).contains(&error.column), "{error}\n{text}");
                assert!((error.line, error.column) >= last, "{errors}");
                last = (error.line, error.column);
                assert!(!error.to_string().contains('\n'), "{error}");
            }
        }
        assert!(refused > 2000, "{refused}");
    }
}
