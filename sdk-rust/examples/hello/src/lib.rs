//! Says hello.

use airssys_wasm_sdk::component;

#[derive(Default)]
struct Hello;

#[component]
impl Hello {
    #[operation]
    fn greet(&mut self, name: String) -> String {
        format!("Hello, {name}!")
    }
}
