//! Does an operation of the host many times in one call. Each input is how often, a space, and with what.

use std::collections::HashMap;
use std::net::SocketAddr;

use airssys_wasm_sdk::processes::Command;
use airssys_wasm_sdk::tcp::{self, TcpStream};
use airssys_wasm_sdk::{ExecutionError, component, files};

/// What goes through a connection and comes back.
const MESSAGE: [u8; 16] = [0x5a; 16];

#[derive(Default)]
struct Operations {
    /// A connection to each address, from the first call on.
    connections: HashMap<String, TcpStream>,
}

#[component]
impl Operations {
    /// Opens a file, reads all of it and closes it.
    #[operation]
    fn read(&mut self, input: String) -> Result<String, ExecutionError> {
        let (times, path) = parsed(&input)?;
        let mut bytes = 0;
        for _ in 0..times {
            bytes += files::read_file(path)?.len();
        }
        Ok(bytes.to_string())
    }

    /// Sends sixteen bytes through a connection and waits until they are back.
    #[operation]
    fn exchange(&mut self, input: String) -> Result<String, ExecutionError> {
        let (times, address) = parsed(&input)?;
        if !self.connections.contains_key(address) {
            let to: SocketAddr = address.parse().map_err(|_| invalid("an address and a port"))?;
            self.connections.insert(address.to_owned(), tcp::connect(to, None)?);
        }
        let connection = &self.connections[address];
        for _ in 0..times {
            connection.write_all(&MESSAGE)?;
            if connection.read_exact(MESSAGE.len() as u32)? != MESSAGE {
                return Err(ExecutionError::ProcessingFailed("other bytes came back".to_owned()));
            }
        }
        Ok(times.to_string())
    }

    /// Runs a program to its end.
    #[operation]
    fn run(&mut self, input: String) -> Result<String, ExecutionError> {
        let (times, program) = parsed(&input)?;
        for _ in 0..times {
            let output = Command::new(program).run(&[])?;
            if !output.status.success() {
                return Err(ExecutionError::ProcessingFailed(format!("{program} failed")));
            }
        }
        Ok(times.to_string())
    }
}

fn parsed(input: &str) -> Result<(u32, &str), ExecutionError> {
    let parts = input.split_once(' ').and_then(|(times, with)| Some((times.parse().ok()?, with)));
    parts.ok_or_else(|| invalid("how often, a space, and with what"))
}

fn invalid(expected: &str) -> ExecutionError {
    ExecutionError::InvalidInput(format!("expected {expected}"))
}
