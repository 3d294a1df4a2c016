//! Uses files and sockets as Rust does, and answers with what came of it: the result, or the name of the error.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs as _};

use airssys_wasm_sdk::{ExecutionContext, ExecutionError, component};

#[derive(Default)]
struct Wasi;

#[component]
impl Wasi {
    #[operation]
    fn read(&mut self, path: String) -> String {
        answer(fs::read_to_string(path))
    }

    #[operation]
    fn write(&mut self, input: String) -> String {
        let (path, text) = input.split_once(' ').unwrap_or((&input, ""));
        let file = File::options().append(true).create(true).open(path);
        answer(file.and_then(|mut file| file.write_all(text.as_bytes())).map(|()| text.len().to_string()))
    }

    #[operation]
    fn replace(&mut self, input: String) -> String {
        let (path, text) = input.split_once(' ').unwrap_or((&input, ""));
        answer(fs::write(path, text).map(|()| text.len().to_string()))
    }

    #[operation]
    fn rename(&mut self, input: String) -> String {
        let (path, new) = input.split_once(' ').unwrap_or((&input, ""));
        answer(fs::rename(path, new).map(|()| "renamed".to_owned()))
    }

    #[operation]
    fn readlink(&mut self, path: String) -> String {
        answer(fs::read_link(&path).and_then(|text| {
            let size = fs::symlink_metadata(&path)?.len();
            Ok(format!("{} {size}", text.display()))
        }))
    }

    #[operation]
    fn delete(&mut self, path: String) -> String {
        answer(fs::remove_file(path).map(|()| "deleted".to_owned()))
    }

    #[operation]
    fn list(&mut self, path: String) -> String {
        answer(fs::read_dir(path).and_then(|entries| {
            let names: io::Result<Vec<String>> =
                entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect();
            let mut names = names?;
            names.sort();
            Ok(names.join(" "))
        }))
    }

    #[operation]
    fn connect(&mut self, address: String) -> String {
        answer(TcpStream::connect(address).and_then(|mut connection| {
            let mut text = String::new();
            connection.read_to_string(&mut text)?;
            Ok(text)
        }))
    }

    /// Leaves the line open.
    #[operation]
    fn print(&mut self, text: String) {
        print!("{text}");
    }

    #[operation]
    fn exit(&mut self, status: String) {
        std::process::exit(status.parse().expect("a number"));
    }

    #[operation]
    fn arguments(&self) -> String {
        std::env::args().collect::<Vec<_>>().join(" ")
    }

    #[operation]
    fn r#move(&self) -> String {
        "moved".to_owned()
    }

    #[operation(name = "another-name")]
    fn this_name(&self, context: &ExecutionContext) -> Result<String, ExecutionError> {
        Ok(context.request_id.clone())
    }

    #[operation]
    #[cfg(feature = "never")]
    fn sometimes(&self, of: NoSuchType) {}

    #[operation]
    #[cfg(not(feature = "never"))]
    fn always(&self) -> Vec<u8> {
        b"there".to_vec()
    }

    #[operation]
    fn resolve(&mut self, name: String) -> String {
        match (name.as_str(), 80).to_socket_addrs() {
            Ok(mut addresses) => addresses.find(SocketAddr::is_ipv4).map_or_else(String::new, |to| to.ip().to_string()),
            Err(_) => "failed to resolve".to_owned(),
        }
    }
}

/// The result, or the name that C has for the error.
fn answer(result: io::Result<String>) -> String {
    let name = |error: io::Error| match error.kind() {
        io::ErrorKind::PermissionDenied => "EACCES".to_owned(),
        io::ErrorKind::NotFound => "ENOENT".to_owned(),
        io::ErrorKind::NotADirectory => "ENOTDIR".to_owned(),
        io::ErrorKind::IsADirectory => "EISDIR".to_owned(),
        kind => format!("{kind:?}"),
    };
    result.unwrap_or_else(|error| format!("failed {}", name(error)))
}
