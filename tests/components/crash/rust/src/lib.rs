//! Dies in every way that Rust knows. The functions that die have names of their own, to be found in a backtrace.

use airssys_wasm_sdk::component;

#[derive(Default)]
struct Crash;

#[component]
impl Crash {
    #[operation]
    fn panic(&mut self, input: Vec<u8>) -> String {
        pick(&[1, 2, 3], input.len() + 7).to_string()
    }

    #[operation]
    fn trap(&mut self) {
        stop()
    }

    #[operation]
    fn recurse(&mut self, input: Vec<u8>) -> String {
        deeper(input.len() as u64).to_string()
    }

    #[operation]
    fn abort(&mut self) {
        give_up()
    }
}

fn pick(numbers: &[u32], at: usize) -> u32 {
    numbers[at]
}

/// The trap of the machine, of which Rust knows nothing.
fn stop() {
    core::arch::wasm32::unreachable()
}

#[expect(unconditional_recursion, reason = "it is to crash")]
fn deeper(depth: u64) -> u64 {
    let next = std::hint::black_box(depth + 1);
    deeper(next) + next
}

fn give_up() {
    std::process::abort()
}
