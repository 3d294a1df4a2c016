//! Gets a page over HTTPS: a connection, TLS on it, and as much of HTTP as that takes.

use std::time::Duration;

use airssys_wasm_sdk::tcp::{self, Endpoint, TcpOptions, TcpStream, TlsOptions};
use airssys_wasm_sdk::{ExecutionError, component};

/// How long to wait for the connection, and then for each further piece of the answer.
const TIMEOUT: Duration = Duration::from_secs(10);

/// A server could send without end.
const MAX_RESPONSE_BYTES: usize = 8 << 20;

/// A longer header is none: it is looked for anew with each piece.
const MAX_HEADER_BYTES: usize = 64 << 10;

/// How much is received at once, at most.
const PIECE_BYTES: u32 = 64 << 10;

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

        body(receive(&stream)?)
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

/// Receives the response: as much as its header says, else all until the server ends its side of the connection. Many
/// servers just cut the connection when they have sent everything.
fn receive(stream: &TcpStream) -> Result<Vec<u8>, ExecutionError> {
    let mut response = Vec::new();
    loop {
        let length = length(&response);
        if let Some(length) = length.filter(|length| response.len() >= *length) {
            response.truncate(length);
            return Ok(response);
        }
        if length.unwrap_or(0).max(response.len()) > MAX_RESPONSE_BYTES {
            return Err(failed("the response is too large"));
        }
        let piece = stream.read(PIECE_BYTES)?;
        if piece.is_empty() && length.is_some() {
            return Err(failed("the connection ended in the middle of the response"));
        }
        if piece.is_empty() {
            return Ok(response);
        }
        response.extend(piece);
    }
}

/// Where the header of a response ends, with its empty line.
fn header_end(response: &[u8]) -> Option<usize> {
    let start = &response[..response.len().min(MAX_HEADER_BYTES)];
    start.windows(4).position(|bytes| bytes == b"\r\n\r\n").map(|at| at + 4)
}

/// How long the whole response is, as soon as its header has come and if it says so.
fn length(response: &[u8]) -> Option<usize> {
    let end = header_end(response)?;
    let header = String::from_utf8_lossy(&response[..end]);
    let value = header.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().to_owned())
    })?;
    // A length that no number can hold is too large as well.
    Some(value.parse::<usize>().map_or(usize::MAX, |body| end.saturating_add(body)))
}

/// What comes after the header of a response that says 200.
fn body(mut response: Vec<u8>) -> Result<Vec<u8>, ExecutionError> {
    let end = header_end(&response).ok_or_else(|| failed("no header came"))?;
    let body = response.split_off(end);
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
