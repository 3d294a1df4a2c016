//! The parts of WASI that the engine's own implementation does.

use airssys_wasm_policy::ComponentId;
use wasmtime_wasi::{WasiCtx, WasiCtxBuilder};

use super::output::Output;

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
