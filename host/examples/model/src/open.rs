//! A model, and one that a component has opened.

use std::sync::Arc;

use linfa_logistic::MultiFittedLogisticRegression;

/// Tells three kinds of iris apart.
pub type Trained = MultiFittedLogisticRegression<f64, usize>;

/// A model in the hands of a component.
pub struct Open(pub Arc<Trained>);
