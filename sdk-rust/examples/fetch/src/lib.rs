//! Gets a page over HTTPS: a connection, TLS on it, and as much of HTTP as that takes.

use std::io::Read;
use std::time::Duration;

use airssys_wasm_sdk::tcp::{self, Endpoint, TcpOptions, TlsOptions};
use airssys_wasm_sdk::{ExecutionError, component};

/// How long to wait for the connection, and then for each further piece of the answer.
const TIMEOUT: Duration = Duration::from_secs(10);

/// A server could send without end.
const MAX_RESPONSE_BYTES: u64 = 8 << 20;

#[derive(Default)]
struct Fetch;

#[component]
impl Fetch {
    /// The input is a URL, `https://host[:port]/path`; the output is the body as the server sends it.
    #[operation]
    fn fetch(&mut self, url: String) -> Result<Vec<u8>, ExecutionError> {
        let url = Url::parse(url.trim_end())
            .ok_or_else(|| ExecutionError::InvalidInput("expected https://host[:port]/path".to_owned()))?;

        let stream = tcp::connect(&url.endpoint, Some(TIMEOUT))?;
        stream.set_options(&TcpOptions { read_timeout: Some(TIMEOUT), ..TcpOptions::default() })?;
        // The certificate must be for this name. Whom to trust is for the host to decide.
        stream.start_tls(&TlsOptions::new(&url.endpoint.host).with_alpn(["http/1.1"]))?;

        let Url { authority, path, .. } = &url;
        let request = format!("GET {path} HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes())?;

        // A stream is a std::io::Read: one byte more than the limit tells whether there was more.
        let mut response = Vec::new();
        let length = stream.take(MAX_RESPONSE_BYTES + 1).read_to_end(&mut response)? as u64;
        if length > MAX_RESPONSE_BYTES {
            return Err(failed("the response is too large"));
        }
        body(response)
    }
}

/// The parts of a URL that a request needs.
struct Url<'a> {
    authority: &'a str,
    endpoint: Endpoint,
    path: &'a str,
}

impl<'a> Url<'a> {
    fn parse(url: &'a str) -> Option<Self> {
        // A line break in the path would be one in the request.
        if !url.bytes().all(|byte| byte.is_ascii_graphic()) {
            return None;
        }
        let rest = url.strip_prefix("https://")?;
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let endpoint = authority.parse().or_else(|_| format!("{authority}:443").parse()).ok()?;
        Some(Self { authority, endpoint, path: if path.is_empty() { "/" } else { path } })
    }
}

/// What comes after the header of a response that says 200.
fn body(mut response: Vec<u8>) -> Result<Vec<u8>, ExecutionError> {
    let end = response.windows(4).position(|bytes| bytes == b"\r\n\r\n").ok_or_else(|| failed("no header came"))?;
    let body = response.split_off(end + 4);
    let header = String::from_utf8_lossy(&response);
    let status = header.lines().next().unwrap_or_default();
    match status.split(' ').nth(1) {
        Some("200") => Ok(body),
        _ => Err(failed(status)),
    }
}

fn failed(why: &str) -> ExecutionError {
    ExecutionError::ProcessingFailed(why.to_string())
}
