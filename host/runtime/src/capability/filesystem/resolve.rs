//! From a guest path to a place on the host, and the only way to it.
//!
//! How the walk goes is in [`walk`](super::walk). A [`Resolved`] tells nothing about what was found, not even whether
//! there was anything. That is in the [`Target`], which takes a permit for the resolved path to make.

use airssys_wasm_policy::{Access, Denial, FilesystemAction, MountProblem, Operation, Permissions, Permit, suggest};
use rustix::fd::OwnedFd;
use rustix::io::Errno;

use super::mounts::MountedDirectory;
use super::path::{self, Ending};
use super::temporary_name::is_temporary;
use super::walk::{Entry, FinalLink, Found, Obstacle, Place, Walk};
use super::{FileType, Filesystem, FilesystemError, Result};

/// The end of a walk, whose outcome nobody has been permitted to know yet.
pub(super) struct Resolved {
    path: String,
    mount: Option<usize>,
    outcome: std::result::Result<Place, Obstacle>,
    ending: Ending,
    given: String,
    /// If the way led through a link that the component may know nothing about: what the path would have been, had the
    /// link been none.
    mask: Option<String>,
}

/// The end of a walk, and the permits to do something there.
pub(super) struct Target {
    /// Held as long as the place can be reached: there is no target without them.
    _permits: Vec<Permit>,
    path: String,
    mount: Option<usize>,
    outcome: std::result::Result<Place, Obstacle>,
    ending: Ending,
    given: String,
}

impl Target {
    /// The resolved guest path, the one that is permitted.
    pub(super) fn path(&self) -> &str {
        &self.path
    }

    /// The mount it is in; none for a directory above all mounts.
    pub(super) fn mount(&self) -> Option<usize> {
        self.mount
    }

    /// The place, or why there is none.
    pub(super) fn place(&self) -> Result<&Place> {
        let given = || self.given.clone();
        self.outcome.as_ref().map_err(|obstacle| match obstacle {
            Obstacle::Missing | Obstacle::Unmounted => FilesystemError::NotFound(given()),
            Obstacle::NotADirectory | Obstacle::SlashBehindFile => FilesystemError::NotADirectory(given()),
            Obstacle::TooManyLinks => FilesystemError::TooManyLinks(given()),
            Obstacle::NameTooLong => FilesystemError::NameTooLong(given()),
            Obstacle::LinkNotText => FilesystemError::Io("a link on the way is not UTF-8".to_owned()),
            Obstacle::System(errno) => FilesystemError::from_errno(*errno, &self.given),
        })
    }

    /// The name in a directory that the path ends with.
    ///
    /// # Errors
    /// There is no place; or it is the root of the guest's tree or of a mount, which is a directory without a name.
    pub(super) fn entry(&self) -> Result<&Entry> {
        match self.place()? {
            Place::Entry(entry) => Ok(entry),
            Place::MountRoot(_) | Place::Synthetic => Err(FilesystemError::IsADirectory(self.given.clone())),
        }
    }

    /// The name for a file that is made if there is none.
    ///
    /// # Errors
    /// As [`Target::entry`]; and the path ends in `/`, where a file cannot be.
    pub(super) fn file_entry(&self) -> Result<&Entry> {
        match &self.outcome {
            Ok(Place::Entry(_)) if self.ending == Ending::Slash => Err(self.failed(Errno::ISDIR)),
            Err(Obstacle::SlashBehindFile) => Err(self.failed(Errno::ISDIR)),
            _ => self.entry(),
        }
    }

    /// The name for a directory that is made, or for something else that is.
    ///
    /// # Errors
    /// There is something already; or the path ends in `/` and no directory is made.
    pub(super) fn free_entry(&self, makes: FileType) -> Result<&Entry> {
        match &self.outcome {
            Ok(Place::Entry(entry)) if entry.found.is_none() => {
                if self.ending == Ending::Plain || makes == FileType::Directory {
                    Ok(entry)
                } else {
                    Err(self.failed(Errno::NOENT))
                }
            }
            Ok(_) | Err(Obstacle::SlashBehindFile) => Err(self.failed(Errno::EXIST)),
            Err(_) => self.entry(),
        }
    }

    /// What the end of the path says of what it means.
    pub(super) fn ending(&self) -> Ending {
        self.ending
    }

    /// What is there.
    pub(super) fn found(&self) -> Result<Existing<'_>> {
        match self.place()? {
            Place::Entry(Entry { found: Some(found), parent, name }) => Ok(Existing::Entry { parent, name, found }),
            Place::Entry(_) => Err(FilesystemError::NotFound(self.given.clone())),
            Place::MountRoot(root) => Ok(Existing::MountRoot(root)),
            Place::Synthetic => Ok(Existing::Synthetic),
        }
    }

    /// The error for a system call that failed there.
    pub(super) fn failed(&self, errno: Errno) -> FilesystemError {
        FilesystemError::from_errno(errno, &self.given)
    }

    /// The path as the guest gave it, for errors.
    pub(super) fn given(&self) -> String {
        self.given.clone()
    }
}

/// What is at the end of a path.
pub(super) enum Existing<'a> {
    Entry { parent: &'a OwnedFd, name: &'a str, found: &'a Found },
    MountRoot(&'a OwnedFd),
    Synthetic,
}

impl Filesystem {
    /// Walks to the end of a guest path.
    ///
    /// # Errors
    /// Only those that the text of the path alone shows.
    pub(super) fn resolve(&self, given: &str, final_link: FinalLink) -> Result<Resolved> {
        let segments = path::segments(given)?;
        if segments.iter().any(|segment| is_temporary(segment.as_bytes())) {
            return Err(FilesystemError::InvalidPath("a name in it is one of the host's own".to_owned()));
        }
        let pending = segments.iter().map(|segment| (*segment).to_owned()).collect();
        let mut walk = Walk::new(self, pending, Ending::of(given));
        let outcome = walk.run(final_link);
        let (mask, ending) = (walk.mask.take(), walk.ending);
        let (path, mount) = walk.end(&outcome);
        Ok(Resolved { path, mount, outcome, ending, given: given.to_owned(), mask })
    }

    /// Whether the component may do this; for leaving out, never for letting happen.
    pub(super) fn allows(&self, action: FilesystemAction, path: &str) -> bool {
        self.gate.allows(&Access::Filesystem { action, path: path.to_owned() })
    }

    /// Asks for one path that was reached from a permitted one.
    pub(super) fn ask(&self, operation: Operation, action: FilesystemAction, path: &str) -> Result<Permit> {
        let access = Access::Filesystem { action, path: path.to_owned() };
        Ok(self.gate.authorize(self.asking(operation), access)?)
    }

    /// What is missing of the mounts where none shows this path.
    fn missing_mount(&self, path: &str) -> MountProblem {
        let folder = self.gate.folder_for(path);
        let nearest = suggest(&folder, self.shared.mounts.iter().map(MountedDirectory::guest)).map(str::to_owned);
        MountProblem::Missing { folder, nearest }
    }

    fn read_only_mount(&self, mount: Option<usize>) -> MountProblem {
        let folder = mount.map(|mount| self.shared.mounts.get(mount).guest().to_owned()).unwrap_or_default();
        MountProblem::ReadOnly { folder }
    }

    /// Whether there is anything that the component may do with this path, so that it may know what is there.
    pub(super) fn may_know(&self, path: &str) -> bool {
        use FilesystemAction::{Delete, List, Read, Write};
        [Read, List, Write, Delete].into_iter().any(|action| self.allows(action, path))
    }
}

impl Resolved {
    /// The resolved guest path.
    pub(super) fn path(&self) -> &str {
        &self.path
    }

    /// What is there, if anything. No guest may get to know it without a permit.
    pub(super) fn into_place(self) -> Option<Place> {
        self.outcome.ok()
    }

    /// Whether it is in a mount where nothing may be changed.
    pub(super) fn is_read_only(&self, filesystem: &Filesystem) -> bool {
        self.mount.is_some_and(|mount| filesystem.shared.mounts.get(mount).read_only)
    }

    /// Whether there is nothing, for an operation that only what is missing has to be asked for. The guest must not learn
    /// it without a permit.
    pub(super) fn is_missing(&self) -> bool {
        matches!(self.outcome, Ok(Place::Entry(Entry { found: None, .. })) | Err(_))
    }

    /// Asks for all of these actions.
    pub(super) fn authorize(
        self,
        filesystem: &Filesystem,
        operation: Operation,
        actions: &[FilesystemAction],
    ) -> Result<Target> {
        let unmounted = self.mount.is_none() && matches!(self.outcome, Err(Obstacle::Unmounted));
        let read_only = self.is_read_only(filesystem);
        let operation = filesystem.asking(operation);
        let mut permits = Vec::with_capacity(actions.len());
        for action in actions {
            let access = Access::Filesystem { action: *action, path: self.path.clone() };
            let changes = matches!(action, FilesystemAction::Write | FilesystemAction::Delete);
            let problem = match unmounted {
                true => Some(filesystem.missing_mount(&self.path)),
                false => (changes && read_only).then(|| filesystem.read_only_mount(self.mount)),
            };
            let decision = match problem {
                Some(problem) => Err(filesystem.gate.refuse(operation, &access, problem)),
                None => filesystem.gate.authorize(operation, access),
            };
            permits.push(decision.map_err(|denial| self.masked(filesystem, *action, denial))?);
        }
        let Self { path, mount, outcome, ending, given, .. } = self;
        Ok(Target { _permits: permits, path, mount, outcome, ending, given })
    }

    /// Asks for one of these actions; if none is allowed, the first is what is missing.
    pub(super) fn authorize_any(
        self,
        filesystem: &Filesystem,
        operation: Operation,
        actions: &[FilesystemAction],
    ) -> Result<Target> {
        let allowed = actions.iter().find(|action| filesystem.allows(**action, &self.path));
        let action = allowed.or(actions.first()).copied();
        self.authorize(filesystem, operation, action.as_slice())
    }

    /// A denial that does not tell where a link leads that the component may know nothing about. The audit log has the
    /// truth.
    fn masked(&self, filesystem: &Filesystem, action: FilesystemAction, mut denial: Denial) -> Denial {
        match &self.mask {
            Some(mask) if !filesystem.allows(action, mask) => {
                let access = Access::Filesystem { action, path: mask.clone() };
                denial.resource = mask.clone();
                denial.missing = Permissions::covering(&access).map(|line| line.to_string()).unwrap_or_default();
                denial.mount = None;
                denial
            }
            _ => denial,
        }
    }
}
