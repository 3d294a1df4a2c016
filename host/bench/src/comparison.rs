//! Several ways to the same, measured in turns: a round has a batch of each, so that all see the same machine.

use std::time::Duration;

use anyhow::Result;
use serde::{Deserialize, Serialize};

use crate::family::Family;
use crate::plan::Plan;
use crate::summary::Summary;

/// Several ways to the same. The first one is what the others are compared with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// What it belongs to.
    pub family: Family,
    /// With what it is done, such as the language of a guest.
    pub subject: String,
    /// What is done, such as a size.
    pub what: String,
    /// The ways.
    pub ways: Vec<Way>,
}

/// One way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Way {
    /// What it is called.
    pub name: String,
    /// How many times as fast as the first way it is, of batches of the same round. None for the first way.
    pub speed: Option<Summary>,
    /// Nanoseconds for one.
    pub cost_ns: Option<Summary>,
    /// Why it is not measured.
    pub missing: Option<String>,
}

/// Does something so often, and says how long it took together.
pub type Batch<'a> = Box<dyn FnMut(usize) -> Result<Duration> + 'a>;

/// A way with its name, or with the reason why there is none.
pub type Named<'a> = (String, Result<Batch<'a>, String>);

/// Measures ways in turns.
///
/// # Errors
/// Fails as the batches do. The first way must be there.
pub fn in_turns(ways: Vec<Named<'_>>, plan: &Plan) -> Result<Vec<Way>> {
    let mut measured = Vec::new();
    let mut present = Vec::new();
    for (name, batch) in ways {
        let (missing, batch) = match batch {
            Ok(batch) => (None, Some(batch)),
            Err(reason) => (Some(reason), None),
        };
        measured.push(Way { name, speed: None, cost_ns: None, missing });
        if let Some(mut batch) = batch {
            let count = count_in(plan.batch(), &mut batch)?;
            present.push((measured.len() - 1, count, batch, Vec::new()));
        }
    }
    for round in 0..plan.batches {
        // Another one goes first in each round: what the one before leaves in the caches is spread over all.
        let first = round % present.len().max(1);
        for place in (first..present.len()).chain(0..first) {
            let (_, count, batch, costs) = &mut present[place];
            costs.push(batch(*count)?.as_nanos() as f64 / *count as f64);
        }
    }
    let base = present.first().map(|(_, _, _, costs)| costs.clone()).unwrap_or_default();
    for (place, (index, _, _, costs)) in present.into_iter().enumerate() {
        let way = &mut measured[index];
        if place > 0 {
            way.speed = Some(Summary::of(base.iter().zip(&costs).map(|(base, cost)| base / cost).collect()));
        }
        way.cost_ns = Some(Summary::of(costs));
    }
    Ok(measured)
}

/// How often something fits into a time, found by doubling, which warms it up as well.
///
/// # Errors
/// Fails as the batch does.
pub fn count_in(time: Duration, batch: &mut Batch<'_>) -> Result<usize> {
    let mut count = 1;
    loop {
        let took = batch(count)?;
        if took * 2 >= time {
            return Ok(count);
        }
        count *= 2;
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// A comparison of two ways that are there and one that is not.
    pub fn comparison(family: Family, subject: &str, what: &str, cost: f64) -> Comparison {
        let number = |median: f64| Some(Summary::of(vec![median / 2.0, median, median * 1.5]));
        let way = |name: &str, speed: Option<f64>, cost| Way {
            name: name.to_owned(),
            speed: speed.and_then(number),
            cost_ns: number(cost),
            missing: None,
        };
        let missing = Way {
            name: "Another".to_owned(),
            speed: None,
            cost_ns: None,
            missing: Some("it cannot be had".to_owned()),
        };
        let ways = vec![way("Component::call", None, cost), way("engine", Some(4.0), cost / 4.0), missing];
        Comparison { family, subject: subject.to_owned(), what: what.to_owned(), ways }
    }

    #[test]
    fn ways_take_turns_and_are_compared_with_the_first() {
        let order = std::cell::RefCell::new(String::new());
        let way = |name: &'static str, each: u64| -> Named<'_> {
            let order = &order;
            let batch = move |count: usize| {
                order.borrow_mut().push_str(name);
                Ok(Duration::from_millis(each * count as u64))
            };
            (name.to_owned(), Ok(Box::new(batch)))
        };
        let ways = vec![way("a", 20), ("b".to_owned(), Err("there is none".to_owned())), way("c", 10)];
        let measured = in_turns(ways, &Plan { batches: 4, batch_ms: 20, ..Plan::QUICK }).unwrap();
        assert!(order.borrow().ends_with("accaacca"), "{}", order.borrow());
        let [first, missing, last] = measured.as_slice() else { panic!("three ways") };
        assert_eq!((first.speed, first.cost_ns.unwrap().median), (None, 20e6));
        assert_eq!((missing.cost_ns, missing.missing.as_deref()), (None, Some("there is none")));
        assert_eq!((last.speed.unwrap().median, last.cost_ns.unwrap().median), (2.0, 10e6));
    }

    #[test]
    fn a_way_that_fails_is_no_way_that_is_not_there() {
        let failing: Batch<'_> = Box::new(|_| anyhow::bail!("broken"));
        let failed = in_turns(vec![("a".to_owned(), Ok(failing))], &Plan::QUICK);
        assert_eq!(failed.unwrap_err().to_string(), "broken");
    }
}
