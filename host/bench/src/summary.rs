//! Many measurements of one thing as a few numbers.

use serde::{Deserialize, Serialize};

/// The middle of some measurements, and how far apart they are.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// Half are below.
    pub median: f64,
    /// A tenth is below.
    pub tenth: f64,
    /// A tenth is above.
    pub ninetieth: f64,
    /// The smallest.
    pub min: f64,
    /// The largest.
    pub max: f64,
    /// How many there are.
    pub repetitions: usize,
}

impl Summary {
    /// Of at least one measurement.
    ///
    /// # Panics
    /// When there is none.
    pub fn of(mut values: Vec<f64>) -> Self {
        assert!(!values.is_empty(), "nothing was measured");
        values.sort_by(f64::total_cmp);
        let quantile = |part: f64| {
            let place = part * (values.len() - 1) as f64;
            let (below, above) = (values[place.floor() as usize], values[place.ceil() as usize]);
            below + (above - below) * place.fract()
        };
        Self {
            median: quantile(0.5),
            tenth: quantile(0.1),
            ninetieth: quantile(0.9),
            min: quantile(0.0),
            max: quantile(1.0),
            repetitions: values.len(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_in_the_middle_whatever_the_order() {
        let summary = Summary::of(vec![4.0, 1.0, 100.0, 2.0, 3.0]);
        assert_eq!((summary.median, summary.min, summary.max, summary.repetitions), (3.0, 1.0, 100.0, 5));
        let summary = Summary::of((0..=10).rev().map(f64::from).collect());
        assert_eq!((summary.tenth, summary.ninetieth), (1.0, 9.0));
        assert_eq!(Summary::of(vec![1.0, 2.0]).median, 1.5);
        assert_eq!(Summary::of(vec![7.0]).ninetieth, 7.0);
    }
}
