//! The host's log behind the macros of the crate [`tracing`](https://docs.rs/tracing): the feature `tracing`.
//!
//! ```toml
//! airssys-wasm-sdk = { version = "0.1", features = ["tracing"] }
//! tracing = "0.1"
//! ```
//! ```
//! use airssys_wasm_sdk::testing::FakeHost;
//!
//! // In a component: in the function marked `#[init]`.
//! airssys_wasm_sdk::tracing::init();
//!
//! let host = FakeHost::new();
//! tracing::info_span!("order", id = 7).in_scope(|| tracing::warn!(width = 640, "resized"));
//! let record = &host.log()[0];
//! assert_eq!(record.message, "resized");
//! for (name, value) in [("span", "order"), ("order.id", "7"), ("width", "640")] {
//!     assert!(record.fields.contains(&(name.to_owned(), value.to_owned())));
//! }
//! ```

use std::fmt;

use ::tracing::field::{Field, Visit};
use ::tracing::span::{Attributes, Id, Record};
use ::tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;

use crate::{LogLevel, host_services};

/// Sends events to the host, for a subscriber that one puts together. A record has the fields `target` and, within spans,
/// `span` with their names (`outer:inner`), those of the spans as `inner.width`, and the event's own.
#[derive(Debug, Clone, Copy, Default)]
pub struct HostLayer;

/// Makes a subscriber of [`HostLayer`] the one of this program.
///
/// It may be called again. If the program has another subscriber already, that one stays.
pub fn init() {
    // It fails when there is one already.
    let _ = tracing_subscriber::registry().with(HostLayer).try_init();
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for HostLayer {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        span.extensions_mut().insert(fields);
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        if let Some(fields) = span.extensions_mut().get_mut::<Fields>() {
            values.record(fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        if !crate::is_with_host() {
            return;
        }
        let mut fields = vec![("target".to_owned(), event.metadata().target().to_owned())];
        let spans: Vec<_> = context.event_scope(event).into_iter().flat_map(|scope| scope.from_root()).collect();
        if !spans.is_empty() {
            let names: Vec<&str> = spans.iter().map(|span| span.name()).collect();
            fields.push(("span".to_owned(), names.join(":")));
        }
        for span in &spans {
            let extensions = span.extensions();
            let Some(of_span) = extensions.get::<Fields>() else { continue };
            let named = of_span.pairs.iter().map(|(name, value)| (format!("{}.{name}", span.name()), value.clone()));
            fields.extend(named);
        }
        let mut own = Fields::default();
        event.record(&mut own);
        fields.extend(own.pairs);
        let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        host_services::log(level(*event.metadata().level()), &own.message, &fields);
    }
}

fn level(level: Level) -> LogLevel {
    match level {
        Level::ERROR => LogLevel::Error,
        Level::WARN => LogLevel::Warn,
        Level::INFO => LogLevel::Info,
        Level::DEBUG => LogLevel::Debug,
        Level::TRACE => LogLevel::Trace,
    }
}

/// What an event or a span says.
#[derive(Default)]
struct Fields {
    message: String,
    pairs: Vec<(String, String)>,
}

impl Fields {
    fn keep(&mut self, field: &Field, value: String) {
        if field.name() == "message" {
            self.message = value;
            return;
        }
        // A span's field may be recorded anew.
        self.pairs.retain(|(name, _)| name != field.name());
        self.pairs.push((field.name().to_owned(), value));
    }
}

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.keep(field, value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.keep(field, format!("{value:?}"));
    }
}
