//! WASI for guests whose language brings it along, so that what a standard library does works where it is permitted:
//!
//! - clocks and randomness are real, output goes into the log, the one argument is the name of
//!   the component, and there is no environment;
//! - [files](descriptors) are those of [`filesystem`](super::filesystem), with every path asked for as in the contract;
//! - [sockets] are WASI's own, counted among those of [`network`](super::network), and every address is asked for;
//! - [names] are looked up by the host's resolver, each one asked for.
//!
//! Nothing is decided here: the component's gate says yes or no, and records it under the name of the WASI function.

mod datagrams;
mod descriptor;
mod descriptors;
mod names;
mod output;
mod sockets;
mod streams;
mod values;
mod work;

use airssys_wasm_policy::ComponentId;
use wasmtime::component::{HasSelf, Linker};
use wasmtime_wasi::cli::{WasiCli, WasiCliView};
use wasmtime_wasi::p2::bindings::{self, cli, random};
use wasmtime_wasi::random::{WasiRandom, WasiRandomView};
use wasmtime_wasi::sockets::{WasiSockets, WasiSocketsView};
use wasmtime_wasi::{WasiCtx, WasiCtxBuilder};

pub(crate) use output::Output;
pub(crate) use sockets::Sockets;
pub(crate) use streams::Buffers;

use crate::instance::State;

/// Random bytes in one call.
const MAX_RANDOM_BYTES: u64 = 1 << 20;

/// What a guest gets of WASI's own implementation. Its folders and addresses are not among it.
pub(crate) fn context(id: &ComponentId, output: &Output) -> WasiCtx {
    WasiCtxBuilder::new()
        .arg(format!("{}/{}", id.namespace, id.name))
        .stdout(output.stdout.clone())
        .stderr(output.stderr.clone())
        .max_random_size(MAX_RANDOM_BYTES)
        .allow_tcp(false)
        .allow_udp(false)
        .allow_ip_name_lookup(false)
        .build()
}

/// Everything of WASI that guests can import, interface by interface: what is new in a later version of the engine is
/// not offered before somebody has looked at it.
pub(crate) fn add_to_linker(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    let itself: fn(&mut State) -> &mut State = |state| state;
    // `wasi:io`, `wasi:clocks`, and of the others what needs no question.
    wasmtime_wasi::p2::add_to_linker_proxy_interfaces_async(linker)?;
    random::insecure::add_to_linker::<State, WasiRandom>(linker, State::random)?;
    random::insecure_seed::add_to_linker::<State, WasiRandom>(linker, State::random)?;
    cli::exit::add_to_linker::<State, WasiCli>(linker, State::cli)?;
    cli::environment::add_to_linker::<State, WasiCli>(linker, State::cli)?;
    cli::terminal_input::add_to_linker::<State, WasiCli>(linker, State::cli)?;
    cli::terminal_output::add_to_linker::<State, WasiCli>(linker, State::cli)?;
    cli::terminal_stdin::add_to_linker::<State, WasiCli>(linker, State::cli)?;
    cli::terminal_stdout::add_to_linker::<State, WasiCli>(linker, State::cli)?;
    cli::terminal_stderr::add_to_linker::<State, WasiCli>(linker, State::cli)?;

    bindings::filesystem::preopens::add_to_linker::<State, HasSelf<State>>(linker, itself)?;
    bindings::filesystem::types::add_to_linker::<State, HasSelf<State>>(linker, itself)?;

    let options = bindings::sockets::network::LinkOptions::default();
    bindings::sockets::network::add_to_linker::<State, WasiSockets>(linker, &options, State::sockets)?;
    bindings::sockets::instance_network::add_to_linker::<State, WasiSockets>(linker, State::sockets)?;
    bindings::sockets::udp::add_to_linker::<State, HasSelf<State>>(linker, itself)?;
    bindings::sockets::tcp::add_to_linker::<State, HasSelf<State>>(linker, itself)?;
    bindings::sockets::tcp_create_socket::add_to_linker::<State, HasSelf<State>>(linker, itself)?;
    bindings::sockets::udp_create_socket::add_to_linker::<State, HasSelf<State>>(linker, itself)?;
    bindings::sockets::ip_name_lookup::add_to_linker::<State, HasSelf<State>>(linker, itself)?;
    Ok(())
}
