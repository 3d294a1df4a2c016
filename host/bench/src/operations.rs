//! Operations of a guest beside the same in native Rust. A call of the guest does one many times, so that what is measured
//! is the operation and not the call.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use airssys_wasm::policy::Permissions;
use airssys_wasm::{Mount, RuntimeConfig};
use anyhow::{Context, Result, bail};

use crate::comparison::{Batch, Comparison, Named, in_turns};
use crate::family::Family;
use crate::host::Host;
use crate::numbers::bytes;
use crate::plan::{FILES, Plan};
use crate::task::Code;

/// How the guest's way is called.
const GUEST: &str = "component";
/// How the other way is called.
const NATIVE: &str = "native Rust";
/// What goes through a connection and comes back.
const MESSAGE: [u8; 16] = [0x5a; 16];
/// The program that ends at once.
const PROGRAM: &str = "/bin/true";

/// Measures them all.
///
/// # Errors
/// Fails when the guest or the system does.
pub fn measure(code: &Code, plan: &Plan) -> Result<Vec<Comparison>> {
    let folder = tempfile::tempdir()?;
    for size in FILES {
        std::fs::write(folder.path().join(size.to_string()), vec![0x5a; size])?;
    }
    let server = echo_server()?;
    let program = std::fs::canonicalize(PROGRAM).with_context(|| format!("there is no {PROGRAM}"))?;
    let program = program.to_str().context("a program with a name that is no text")?;
    let permissions = format!(
        r#"filesystem = [{{ action = "read", path = "/data/**" }}]
network = [{{ action = "outbound", host = "{}", port = {} }}]
process = [{{ action = "spawn", program = "{program}" }}]"#,
        server.ip(),
        server.port(),
    );
    let permissions = Permissions::parse(&permissions, "permissions of the measurement")?;
    let mut config = RuntimeConfig::default();
    config.granted = permissions.clone();
    config.mounts = vec![Mount::read_only("/data", folder.path())];
    let host = Host::with_config(&code.cache, config)?;
    let component = host.load_with(&code.component, |start| start.declare(permissions))?;

    let mut comparisons = Vec::new();
    let mut compare = |what: &str, operation: &str, argument: &str, native: Batch<'_>| -> Result<()> {
        let guest = |count: usize| host.operation(&component, operation, &format!("{count} {argument}"), 1);
        let ways: Vec<Named<'_>> = vec![(GUEST.to_owned(), Ok(Box::new(guest))), (NATIVE.to_owned(), Ok(native))];
        let ways = in_turns(ways, plan)?;
        let (subject, what) = ("rust".to_owned(), what.to_owned());
        comparisons.push(Comparison { family: Family::Operations, subject, what, ways });
        Ok(())
    };
    for size in FILES {
        let file = folder.path().join(size.to_string());
        let what = format!("open and read {}", bytes(size as f64));
        compare(&what, "read", &format!("/data/{size}"), Box::new(|count| read(&file, count)))?;
    }
    let mut connection = TcpStream::connect(server)?;
    connection.set_nodelay(true)?;
    let what = format!("{} through TCP and back", bytes(MESSAGE.len() as f64));
    compare(&what, "exchange", &server.to_string(), Box::new(|count| exchange(&mut connection, count)))?;
    compare(&format!("run {PROGRAM}"), "run", program, Box::new(|count| run(program, count)))?;
    host.shut_down(component)?;
    Ok(comparisons)
}

/// Gives back what comes, on every connection, until this process ends.
fn echo_server() -> Result<SocketAddr> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    let address = listener.local_addr()?;
    std::thread::spawn(move || {
        for connection in listener.incoming() {
            let Ok(mut connection) = connection else { continue };
            std::thread::spawn(move || {
                let mut message = MESSAGE;
                let _ = connection.set_nodelay(true);
                while connection.read_exact(&mut message).and_then(|()| connection.write_all(&message)).is_ok() {}
            });
        }
    });
    Ok(address)
}

fn read(file: &Path, count: usize) -> Result<Duration> {
    let started = Instant::now();
    for _ in 0..count {
        if std::fs::read(file)?.is_empty() {
            bail!("{} is empty", file.display());
        }
    }
    Ok(started.elapsed())
}

fn exchange(connection: &mut TcpStream, count: usize) -> Result<Duration> {
    let started = Instant::now();
    let mut message = MESSAGE;
    for _ in 0..count {
        connection.write_all(&message)?;
        connection.read_exact(&mut message)?;
    }
    Ok(started.elapsed())
}

fn run(program: &str, count: usize) -> Result<Duration> {
    let started = Instant::now();
    for _ in 0..count {
        let output = Command::new(program).stdin(Stdio::null()).output()?;
        if !output.status.success() {
            bail!("{program} ended with {}", output.status);
        }
    }
    Ok(started.elapsed())
}
