//! What runs in Node, and decides with everything else what a build makes.

/// Bundles a program and puts it into a component.
pub(super) const JAVASCRIPT: &str = include_str!("javascript.mjs");
