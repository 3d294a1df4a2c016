//! The interfaces of WASI that guests can import.

use wasmtime::component::{HasSelf, Linker};
use wasmtime_wasi::cli::{WasiCli, WasiCliView};
use wasmtime_wasi::p2::bindings::{self, cli, random};
use wasmtime_wasi::random::{WasiRandom, WasiRandomView};
use wasmtime_wasi::sockets::{WasiSockets, WasiSocketsView};

use crate::host_state::HostState;

/// Everything of WASI that guests can import, interface by interface: what is new in a later version of the engine is
/// not offered before somebody has looked at it.
pub(crate) fn add_to_linker(linker: &mut Linker<HostState>) -> wasmtime::Result<()> {
    let itself: fn(&mut HostState) -> &mut HostState = |state| state;
    // `wasi:io`, `wasi:clocks`, and of the others what needs no question.
    wasmtime_wasi::p2::add_to_linker_proxy_interfaces_async(linker)?;
    random::insecure::add_to_linker::<HostState, WasiRandom>(linker, HostState::random)?;
    random::insecure_seed::add_to_linker::<HostState, WasiRandom>(linker, HostState::random)?;
    cli::exit::add_to_linker::<HostState, WasiCli>(linker, HostState::cli)?;
    cli::environment::add_to_linker::<HostState, WasiCli>(linker, HostState::cli)?;
    cli::terminal_input::add_to_linker::<HostState, WasiCli>(linker, HostState::cli)?;
    cli::terminal_output::add_to_linker::<HostState, WasiCli>(linker, HostState::cli)?;
    cli::terminal_stdin::add_to_linker::<HostState, WasiCli>(linker, HostState::cli)?;
    cli::terminal_stdout::add_to_linker::<HostState, WasiCli>(linker, HostState::cli)?;
    cli::terminal_stderr::add_to_linker::<HostState, WasiCli>(linker, HostState::cli)?;

    bindings::filesystem::preopens::add_to_linker::<HostState, HasSelf<HostState>>(linker, itself)?;
    bindings::filesystem::types::add_to_linker::<HostState, HasSelf<HostState>>(linker, itself)?;

    let options = bindings::sockets::network::LinkOptions::default();
    bindings::sockets::network::add_to_linker::<HostState, WasiSockets>(linker, &options, HostState::sockets)?;
    bindings::sockets::instance_network::add_to_linker::<HostState, WasiSockets>(linker, HostState::sockets)?;
    bindings::sockets::udp::add_to_linker::<HostState, HasSelf<HostState>>(linker, itself)?;
    bindings::sockets::tcp::add_to_linker::<HostState, HasSelf<HostState>>(linker, itself)?;
    bindings::sockets::tcp_create_socket::add_to_linker::<HostState, HasSelf<HostState>>(linker, itself)?;
    bindings::sockets::udp_create_socket::add_to_linker::<HostState, HasSelf<HostState>>(linker, itself)?;
    bindings::sockets::ip_name_lookup::add_to_linker::<HostState, HasSelf<HostState>>(linker, itself)?;
    Ok(())
}
