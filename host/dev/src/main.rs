//! cargo dev: what a contributor and CI run.

fn main() {}
