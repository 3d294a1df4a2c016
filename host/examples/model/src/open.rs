//! A model as components have it.

use std::sync::Arc;

use linfa_logistic::MultiFittedLogisticRegression;

/// Tells three kinds of iris apart.
pub type Trained = MultiFittedLogisticRegression<f64, usize>;

/// A model in the hands of a component.
pub struct Open(pub(crate) Arc<Trained>);
