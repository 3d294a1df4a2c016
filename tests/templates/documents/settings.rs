//! Component.toml as documents show it.

use airssys_wasm::policy::Manifest;

use super::blocks::blocks;

/// The settings of a host, which are another file. They need one more, so that the host's own tests read them.
const OF_A_HOST: &str = "host/runtime/README.md#settings-of-a-host";

/// What a Component.toml needs besides the lines that are shown.
const COMPONENT: &str = "[component]\nname = \"acme/hello\"\nversion = \"0.1.0\"\n\n";

#[test]
fn every_component_toml_is_valid() {
    for block in blocks().iter().filter(|block| block.language == "toml" && block.name != OF_A_HOST) {
        let (name, shown) = (&block.name, &block.text);
        let text = if shown.contains("[component]") { shown.clone() } else { format!("{COMPONENT}{shown}") };
        Manifest::parse(&text, name).unwrap_or_else(|errors| panic!("{errors}\n{text}"));
    }
}
