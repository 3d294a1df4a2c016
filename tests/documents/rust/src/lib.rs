//! The README of the Rust SDK: its component, and its examples against the fake host.

// block: sdk-rust/README.md#airssys-wasm-sdk

#[cfg(test)]
mod tests {
    use std::error::Error;

    use airssys_wasm_sdk::processes::{ExitStatus, ProcessOutput};
    use airssys_wasm_sdk::testing::FakeHost;

    use super::*;

    #[test]
    fn lines_are_counted() {
        // block: sdk-rust/README.md#tests
    }

    #[test]
    fn a_file_is_read() -> Result<(), Box<dyn Error>> {
        let host = FakeHost::new();
        host.put("/data/orders.csv", "1\n2\n3\n");
        // block: sdk-rust/README.md#files
        assert_eq!(orders, 3);
        Ok(())
    }

    #[test]
    fn a_connection_is_used() -> Result<(), Box<dyn Error>> {
        let host = FakeHost::new();
        host.permit_all();
        host.add_server(("example.com", 443), |request| {
            assert!(request.starts_with(b"GET / HTTP/1.1\r\n"));
            b"HTTP/1.1 200 OK\r\n\r\n".to_vec()
        });
        // block: sdk-rust/README.md#network
        assert_eq!(status.transpose()?.as_deref(), Some("HTTP/1.1 200 OK"));
        Ok(())
    }

    #[test]
    fn a_program_is_run() -> Result<(), Box<dyn Error>> {
        let host = FakeHost::new();
        host.permit_all();
        host.add_program("/usr/bin/sort", |call| {
            assert_eq!((&*call.arguments, &*call.stdin), (&["-n".to_owned()][..], &b"10\n9\n"[..]));
            assert_eq!(call.environment, [("LC_ALL".to_owned(), "C".to_owned())]);
            ProcessOutput { status: ExitStatus::Code(0), stdout: b"9\n10\n".to_vec(), stderr: Vec::new() }
        });
        // block: sdk-rust/README.md#processes
        assert_eq!(output.stdout, b"9\n10\n");
        Ok(())
    }
}
