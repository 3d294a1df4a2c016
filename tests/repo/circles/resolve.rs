//! From a path to the files with what it names: re-exports are looked through, so that a file which names something by
//! the root of its crate depends on where that is defined, and not on the root.

use std::collections::BTreeSet;

use super::modules::{Binding, Crate, Mention, ROOT, Segments};

/// No path is that long: it is of imports that lead to themselves, as `use tool::tool` does for who takes both names for
/// the same.
const MAX_SEGMENTS: usize = 32;

/// Places that a search has come through, against imports that lead to themselves.
type Seen = BTreeSet<(usize, Segments)>;

impl Crate {
    /// The files with what a mention names; none if that is another crate's.
    pub fn files_of(&self, mention: &Mention) -> BTreeSet<usize> {
        match mention.is_macro {
            true => self.file_of_macro(mention.module, &mention.path[0]).into_iter().collect(),
            false => self.files_at(mention.module, &mention.path, &mut Seen::new()),
        }
    }

    /// A macro that is called by its name alone is one of this module or of a module around it, unless it was imported.
    fn file_of_macro(&self, module: usize, name: &str) -> Option<usize> {
        let mut here = module;
        loop {
            let bindings = self.modules[here].names.get(name);
            if bindings.is_some_and(|bindings| bindings.contains(&Binding::Macro)) {
                return Some(self.modules[here].file);
            }
            if here == ROOT {
                return None;
            }
            here = self.modules[here].parent;
        }
    }

    fn files_at(&self, from: usize, path: &[String], seen: &mut Seen) -> BTreeSet<usize> {
        if path.len() > MAX_SEGMENTS || !seen.insert((from, path.to_vec())) {
            return BTreeSet::new();
        }
        match self.beginning(from, path) {
            Some((module, [])) => BTreeSet::from([self.modules[module].file]),
            Some((module, rest)) => self.files_in(module, rest, true, seen),
            None => self.files_in(from, path, false, seen),
        }
    }

    /// The module at which a path begins that says so, and the rest of the path.
    fn beginning<'a>(&self, from: usize, path: &'a [String]) -> Option<(usize, &'a [String])> {
        let (first, mut rest) = path.split_first()?;
        let mut module = match first.as_str() {
            "crate" => ROOT,
            "self" => from,
            "super" => self.modules[from].parent,
            _ => return None,
        };
        while let Some((next, after)) = rest.split_first()
            && next == "super"
        {
            (module, rest) = (self.modules[module].parent, after);
        }
        Some((module, rest))
    }

    /// Searches a name, and the rest of a path in that. A name that a module `must` have and does not show is made there by
    /// a macro.
    fn files_in(&self, module: usize, path: &[String], must: bool, seen: &mut Seen) -> BTreeSet<usize> {
        let Some((name, rest)) = path.split_first() else { return BTreeSet::new() };
        let own = &self.modules[module];
        if let Some(bindings) = own.names.get(name) {
            let modules: Vec<&Binding> =
                bindings.iter().filter(|binding| matches!(binding, Binding::Module(_))).collect();
            // More follows only after a module, or a type, which cannot have the name of a module.
            let bindings = if rest.is_empty() || modules.is_empty() { bindings.iter().collect() } else { modules };
            return bindings.into_iter().flat_map(|binding| self.files_behind(module, binding, rest, seen)).collect();
        }
        for glob in &own.globs {
            if let Some(target) = self.module_at(module, glob, seen)
                && self.modules[target].names.contains_key(name)
            {
                return self.files_in(target, path, true, seen);
            }
        }
        if must { BTreeSet::from([own.file]) } else { BTreeSet::new() }
    }

    fn files_behind(&self, module: usize, binding: &Binding, rest: &[String], seen: &mut Seen) -> BTreeSet<usize> {
        match binding {
            Binding::Item | Binding::Macro => BTreeSet::from([self.modules[module].file]),
            Binding::Module(inner) if rest.is_empty() => BTreeSet::from([self.modules[*inner].file]),
            Binding::Module(inner) => self.files_in(*inner, rest, true, seen),
            Binding::Import(path) => {
                let whole: Segments = path.iter().chain(rest).cloned().collect();
                self.files_at(module, &whole, seen)
            }
        }
    }

    /// The module that a path leads to.
    fn module_at(&self, from: usize, path: &[String], seen: &mut Seen) -> Option<usize> {
        // A mark of its own: the same path may be searched for what is in it.
        let mark = path.iter().cloned().chain(["*".to_owned()]).collect();
        if !seen.insert((from, mark)) {
            return None;
        }
        let (mut module, rest) = self.beginning(from, path).unwrap_or((from, path));
        for name in rest {
            let bindings = self.modules[module].names.get(name)?;
            module = bindings.iter().find_map(|binding| match binding {
                Binding::Module(inner) => Some(*inner),
                Binding::Import(path) => self.module_at(module, path, seen),
                Binding::Item | Binding::Macro => None,
            })?;
        }
        Some(module)
    }
}
