//! What is wrong on purpose.

use serde::Serialize;

use crate::host::Flaw;

/// What is mutated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// The SDK of a driver.
    Guest,
    /// The host under test.
    Host,
}

/// A guest or a host that is wrong in one way.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Mutant {
    /// Its name, and for a guest the lie that it tells.
    pub name: &'static str,
    /// What is mutated.
    pub side: Side,
    /// The package of the contract whose cases must notice.
    pub package: &'static str,
    /// The operations among which a case must fail, as [`RunOptions::operation`](crate::RunOptions::operation) has them.
    pub operations: &'static str,
    /// What it does wrong.
    pub wrong: &'static str,
    #[serde(skip)]
    pub(super) flaw: Option<Flaw>,
}
