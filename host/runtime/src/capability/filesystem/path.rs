//! Paths as text.
