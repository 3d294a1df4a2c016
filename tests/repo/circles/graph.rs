//! Which file depends on which, and where that goes in a circle.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;

use super::modules::Crate;

/// Files that depend on each other, each by way of the others.
#[derive(Debug, PartialEq, Eq)]
pub struct Circle {
    /// Their paths in the crate, sorted.
    pub files: Vec<String>,
    /// From which to which of them, with the paths in the code that tie them.
    pub ties: Vec<(String, String, String)>,
}

impl fmt::Display for Circle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} files", self.files.len())?;
        for (from, to, path) in &self.ties {
            write!(f, "\n    {from} -> {to} by {path}")?;
        }
        Ok(())
    }
}

/// For each file the files that it depends on, each with one of the paths in the code that say so.
fn edges(known: &Crate) -> BTreeMap<usize, BTreeMap<usize, String>> {
    let mut edges: BTreeMap<usize, BTreeMap<usize, String>> = BTreeMap::new();
    for mention in &known.mentions {
        let from = known.modules[mention.module].file;
        for to in known.files_of(mention).into_iter().filter(|to| *to != from) {
            edges.entry(from).or_default().entry(to).or_insert_with(|| mention.path.join("::"));
        }
    }
    edges
}

/// The circles of a crate, whose files are told by their paths in `folder`.
pub fn circles(known: &Crate, folder: &Path) -> Vec<Circle> {
    let edges = edges(known);
    let reached: Vec<BTreeSet<usize>> = (0..known.files.len()).map(|file| reached_from(file, &edges)).collect();
    let name = |file: usize| {
        let path = &known.files[file];
        path.strip_prefix(folder).unwrap_or(path).display().to_string()
    };
    let (mut found, mut told) = (Vec::new(), BTreeSet::new());
    for file in 0..known.files.len() {
        let circle: BTreeSet<usize> =
            reached[file].iter().copied().filter(|other| reached[*other].contains(&file)).collect();
        if circle.is_empty() || !told.insert(circle.clone()) {
            continue;
        }
        let mut ties = Vec::new();
        for from in &circle {
            let within = edges[from].iter().filter(|(to, _)| circle.contains(*to));
            ties.extend(within.map(|(to, path)| (name(*from), name(*to), path.clone())));
        }
        ties.sort();
        let mut files: Vec<String> = circle.iter().map(|file| name(*file)).collect();
        files.sort();
        found.push(Circle { files, ties });
    }
    found
}

/// All files that can be reached, the first one only if there is a way back.
fn reached_from(file: usize, edges: &BTreeMap<usize, BTreeMap<usize, String>>) -> BTreeSet<usize> {
    let (mut reached, mut next) = (BTreeSet::new(), vec![file]);
    while let Some(here) = next.pop() {
        for to in edges.get(&here).into_iter().flat_map(BTreeMap::keys) {
            if reached.insert(*to) {
                next.push(*to);
            }
        }
    }
    reached
}
