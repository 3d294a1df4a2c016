//! How long work tells what it is doing.

/// Something that happened during long work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event<'a> {
    /// A step began, e.g. "compiling C".
    Step(&'a str),
    /// A tool wrote a line.
    Output {
        /// Which tool.
        tool: &'a str,
        /// What it wrote, without the line end.
        line: &'a str,
    },
    /// The author's own program wrote a line while it was built, which is for the author to see.
    Said {
        /// What it wrote, without the line end.
        line: &'a str,
    },
}

/// Who is told. Any `Fn(Event<'_>)` that can be shared between threads will do.
pub trait Progress: Sync {
    /// Takes one event; called from any thread, at any rate.
    fn report(&self, event: Event<'_>);
}

impl<F: Fn(Event<'_>) + Sync> Progress for F {
    fn report(&self, event: Event<'_>) {
        self(event);
    }
}

/// Tells nobody.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn report(&self, _: Event<'_>) {}
}
