//! Gives back the bytes it is given: what is measured around it is the way in and out.

use airssys_wasm_sdk::component;

#[derive(Default)]
struct Echo;

#[component]
impl Echo {
    #[operation]
    fn echo(&mut self, input: Vec<u8>) -> Vec<u8> {
        input
    }
}
