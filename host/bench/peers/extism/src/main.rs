//! Calls a plug-in of Extism, as `cargo dev bench` says: `extism PLUGIN`.

use std::time::{Duration, Instant};

use airssys_wasm_bench_turns::{Peer, serve};
use anyhow::{Context, Result, ensure};
use extism::{CompiledPlugin, Manifest, Plugin, PluginBuilder, Wasm};

struct Extism {
    compiled: CompiledPlugin,
    plugin: Plugin,
}

impl Peer for Extism {
    fn calls(&mut self, payload: &[u8], calls: usize) -> Result<Duration> {
        let started = Instant::now();
        for _ in 0..calls {
            let output: Vec<u8> = self.plugin.call("echo", payload)?;
            ensure!(output.len() == payload.len(), "the plug-in gives back another number of bytes");
        }
        Ok(started.elapsed())
    }

    fn instances(&mut self, instances: usize) -> Result<Duration> {
        let mut took = Duration::ZERO;
        for _ in 0..instances {
            let started = Instant::now();
            let mut plugin = Plugin::new_from_compiled(&self.compiled)?;
            // What is made at the first call only is part of an instance, too.
            plugin.call::<_, Vec<u8>>("echo", [0x5a; 16].as_slice())?;
            took += started.elapsed();
        }
        Ok(took)
    }
}

fn main() -> Result<()> {
    let file = std::env::args_os().nth(1).context("the plug-in to call is not named")?;
    let manifest = Manifest::new([Wasm::data(std::fs::read(file)?)]);
    let compiled = CompiledPlugin::new(PluginBuilder::new(manifest).with_wasi(true).with_cache_disabled())?;
    let mut plugin = Plugin::new_from_compiled(&compiled)?;
    let payload = b"sixteen bytes...".as_slice();
    ensure!(plugin.call::<_, Vec<u8>>("echo", payload)? == payload, "the plug-in gives back other bytes");
    serve(&mut Extism { compiled, plugin })
}
