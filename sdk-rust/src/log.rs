//! The host's log behind the macros of the crate [`log`](https://docs.rs/log): the feature `log`.
//!
//! ```toml
//! airssys-wasm-sdk = { version = "0.1", features = ["log"] }
//! log = { version = "0.4", features = ["kv"] }
//! ```
//! ```
//! use airssys_wasm_sdk::testing::FakeHost;
//!
//! // In a component: in the function marked `#[init]`.
//! airssys_wasm_sdk::log::init();
//!
//! let host = FakeHost::new();
//! log::warn!(width = 640; "resized");
//! assert_eq!(host.log()[0].message, "resized");
//! assert!(host.log()[0].fields.contains(&("width".to_owned(), "640".to_owned())));
//! ```

use ::log::kv::{Error, Key, Value, VisitSource};
use ::log::{Level, LevelFilter, Log, Metadata, Record};

use crate::{LogLevel, host_services};

struct HostLog;

/// Sends the records of the crate `log` to the host, of every level: `log::set_max_level` leaves some out. A record has the
/// fields `target` and, if they are known, `location`, and its own key-value pairs.
///
/// It may be called again. If the program has another logger already, that one stays.
pub fn init() {
    if ::log::set_logger(&HostLog).is_ok() {
        ::log::set_max_level(LevelFilter::Trace);
    }
}

impl Log for HostLog {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        crate::is_with_host()
    }

    fn log(&self, record: &Record<'_>) {
        if !crate::is_with_host() {
            return;
        }
        let level = match record.level() {
            Level::Error => LogLevel::Error,
            Level::Warn => LogLevel::Warn,
            Level::Info => LogLevel::Info,
            Level::Debug => LogLevel::Debug,
            Level::Trace => LogLevel::Trace,
        };
        let mut fields = Fields(vec![("target".to_owned(), record.target().to_owned())]);
        if let (Some(file), Some(line)) = (record.file(), record.line()) {
            fields.0.push(("location".to_owned(), format!("{file}:{line}")));
        }
        // A value that cannot be shown is left out; the record counts all the same.
        let _ = record.key_values().visit(&mut fields);
        let fields: Vec<_> = fields.0.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        host_services::log(level, &record.args().to_string(), &fields);
    }

    fn flush(&self) {}
}

struct Fields(Vec<(String, String)>);

impl<'a> VisitSource<'a> for Fields {
    fn visit_pair(&mut self, key: Key<'a>, value: Value<'a>) -> Result<(), Error> {
        self.0.push((key.to_string(), value.to_string()));
        Ok(())
    }
}
