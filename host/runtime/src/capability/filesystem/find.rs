//! `directories.find`.

use std::collections::HashSet;
use std::vec;

use airssys_wasm_policy::FilesystemAction::List;
use airssys_wasm_policy::{Operation, PathPattern};

use super::attempt::{Attempt, Interrupted};
use super::listing::{ListedEntry, Listing};
use super::resolve::{Existing, Target};
use super::stat::Inode;
use super::tree::{Allowance, check_depth};
use super::walk::FinalLink;
use super::{FileType, Filesystem, FilesystemError, FindOptions, Result, path};

const FIND: Operation = Operation("ext-filesystem/directories.find");

/// A directory on the way.
struct Level {
    listing: Listing,
    entries: vec::IntoIter<ListedEntry>,
    /// The path by which the guest reached it, links and all.
    shown: String,
    /// Its resolved path, which permissions are about.
    real: String,
}

impl Filesystem {
    /// `directories.find`.
    ///
    /// # Errors
    /// As in the contract.
    pub fn find(&self, root: &str, options: &FindOptions) -> Result<Vec<String>> {
        // Rooted, because patterns are absolute; what it is matched with is made so, too.
        let pattern: PathPattern = match options.pattern.strip_prefix('/') {
            None if !options.pattern.is_empty() => format!("/{}", options.pattern)
                .parse()
                .map_err(|error| FilesystemError::InvalidArgument(format!("{error}")))?,
            _ => {
                let problem = "the pattern must be a path relative to the root of the search";
                return Err(FilesystemError::InvalidArgument(problem.to_owned()));
            }
        };
        self.attempt(|| self.find_once(root, &pattern, options))
    }

    fn find_once(&self, root: &str, pattern: &PathPattern, options: &FindOptions) -> Attempt<Vec<String>> {
        let target = self.resolve(root, FinalLink::Follow)?.authorize(self, FIND, &[List])?;
        let limit = options.limit.map_or(usize::MAX, |limit| limit as usize);
        let max_depth = options.max_depth.map_or(usize::MAX, |depth| depth as usize);
        let mut results = Vec::new();
        let mut result_bytes = 0;
        let mut allowance = Allowance::new(self);
        let mut visited = HashSet::new();
        let start = self.listing(&target)?;
        if max_depth == 0 || limit == 0 {
            return Ok(results);
        }
        visited.extend(inode(&start));
        let mut levels = vec![self.level(start, target.path().to_owned(), target.path().to_owned(), &target)?];
        while let Some(level) = levels.last_mut() {
            let Some(entry) = level.entries.next() else {
                levels.pop();
                continue;
            };
            allowance.take_one()?;
            let shown = path::join(&level.shown, &entry.name);
            let relative = shown[target.path().len()..].trim_start_matches('/');
            if pattern.matches(&format!("/{relative}")) {
                if results.len() == self.shared.limits.max_find_results {
                    let limit = results.len();
                    return Err(FilesystemError::QuotaExceeded(format!("more than {limit} results")).into());
                }
                result_bytes += shown.len();
                if result_bytes > self.shared.limits.max_find_bytes {
                    let limit = self.shared.limits.max_find_bytes;
                    return Err(FilesystemError::QuotaExceeded(format!("results of more than {limit} bytes")).into());
                }
                results.push(shown.clone());
                if results.len() == limit {
                    break;
                }
            }
            if levels.len() >= max_depth {
                continue;
            }
            let Some((below, real)) = self.enter(&levels, &entry, options.follow_links, &target)? else { continue };
            if options.follow_links && !inode(&below).is_none_or(|inode| visited.insert(inode)) {
                continue;
            }
            check_depth(levels.len())?;
            let level = self.level(below, shown, real, &target)?;
            levels.push(level);
            // Each level by itself is bounded, but there may be many.
            let limit = self.shared.limits.max_list_entries;
            if levels.iter().map(|level| level.entries.len()).sum::<usize>() > limit {
                let problem = format!("directories in each other with more than {limit} entries");
                return Err(FilesystemError::QuotaExceeded(problem).into());
            }
        }
        Ok(results)
    }

    /// The directory that an entry is or leads to, if it is one that the component may list.
    fn enter(
        &self,
        levels: &[Level],
        entry: &ListedEntry,
        follow_links: bool,
        root: &Target,
    ) -> Attempt<Option<(Listing, String)>> {
        let Some(level) = levels.last() else { return Ok(None) };
        let real = path::join(&level.real, &entry.name);
        match entry.file_type {
            FileType::Directory if self.allows(List, &real) => {
                drop(self.ask(FIND, List, &real)?);
                let below =
                    self.listing_below(root, &level.listing, entry, &real).map_err(|errno| root.failed(errno))?;
                Ok(below.map(|below| (below, real)))
            }
            FileType::SymbolicLink if follow_links => {
                // A path that became too long by following links leads nowhere.
                let Ok(resolved) = self.resolve(&real, FinalLink::Follow) else { return Ok(None) };
                if !self.allows(List, resolved.path()) {
                    return Ok(None);
                }
                let Ok(target) = resolved.authorize(self, FIND, &[List]) else { return Ok(None) };
                match target.found() {
                    Ok(Existing::Entry { found, .. }) if !found.stat.is_directory() => Ok(None),
                    Ok(_) => match self.listing(&target) {
                        Ok(listing) => Ok(Some((listing, target.path().to_owned()))),
                        Err(Interrupted::Moved) => Ok(None),
                        Err(failed) => Err(failed),
                    },
                    Err(_) => Ok(None),
                }
            }
            _ => Ok(None),
        }
    }

    /// Reads a directory whole, to go through it in order.
    fn level(&self, mut listing: Listing, shown: String, real: String, root: &Target) -> Result<Level> {
        let entries = self.sorted(&mut listing, root)?.into_iter();
        Ok(Level { listing, entries, shown, real })
    }

    /// All entries, sorted by the bytes of their names.
    pub(super) fn sorted(&self, listing: &mut Listing, target: &Target) -> Result<Vec<ListedEntry>> {
        let limit = self.shared.limits.max_list_entries;
        let mut entries = Vec::new();
        for entry in listing {
            if entries.len() == limit {
                return Err(FilesystemError::QuotaExceeded(format!("a directory of more than {limit} entries")));
            }
            entries.push(entry.map_err(|errno| target.failed(errno))?);
        }
        entries.sort_unstable_by(|a, b| a.raw.cmp(&b.raw));
        Ok(entries)
    }
}

fn inode(listing: &Listing) -> Option<Inode> {
    listing.fd().and_then(super::stat::Stat::of).ok().map(|stat| stat.inode())
}
