//! The host's side of a case: real folders and files behind the mounts, made before it and checked after.

use std::collections::BTreeMap;
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use airssys_wasm::Mount;
use anyhow::{Context, Result, bail};
use serde_json::Value;
use tempfile::TempDir;

use crate::case::MountSpec;
use crate::scope::Scope;

/// The folders of one running case; removed when dropped.
#[derive(Debug)]
pub struct Fixture {
    folder: TempDir,
    mounts: Vec<Mount>,
}

/// What a host's side looked like: each path with what stood there.
#[derive(Debug, PartialEq, Eq)]
pub struct Snapshot(BTreeMap<PathBuf, String>);

impl Fixture {
    /// Makes a fresh folder for each mount, and `outside` with its secret beside them.
    ///
    /// # Errors
    /// Fails when the disk does.
    pub fn new(mounts: &[MountSpec]) -> Result<Self> {
        let folder = TempDir::with_prefix("airssys-conformance-").context("failed to make a folder")?;
        let outside = folder.path().join("outside");
        std::fs::create_dir(&outside)?;
        std::fs::write(outside.join("secret"), b"what no guest may read")?;
        let mut made = Vec::new();
        for (number, mount) in mounts.iter().enumerate() {
            let host = folder.path().join(format!("mount-{number}"));
            std::fs::create_dir(&host)?;
            made.push(Mount { guest: mount.guest().to_owned(), host, read_only: mount.read_only() });
        }
        Ok(Self { folder, mounts: made })
    }

    /// The mounts, for the host under test.
    pub fn mounts(&self) -> Vec<Mount> {
        self.mounts.clone()
    }

    /// Host path of the folder that no mount shows.
    pub fn outside(&self) -> PathBuf {
        self.folder.path().join("outside")
    }

    /// The host path behind a guest path.
    fn host(&self, scope: &Scope, guest: &Value) -> Result<PathBuf> {
        let guest = scope.text(guest)?;
        let under = |mount: &Mount| {
            let rest = guest.strip_prefix(mount.guest.trim_end_matches('/'))?;
            if rest.is_empty() {
                return Some(mount.host.clone());
            }
            Some(mount.host.join(rest.strip_prefix('/')?))
        };
        let longest = self.mounts.iter().filter(|mount| under(mount).is_some()).max_by_key(|mount| mount.guest.len());
        longest.and_then(under).with_context(|| format!("{guest} is under no mount of the case"))
    }

    /// Does what `given` says.
    ///
    /// # Errors
    /// Fails when it says something else, or the disk does.
    pub fn prepare(&self, scope: &Scope, given: &[Value]) -> Result<()> {
        for step in given {
            self.prepare_one(scope, step).with_context(|| format!("given {step}"))?;
        }
        Ok(())
    }

    fn prepare_one(&self, scope: &Scope, step: &Value) -> Result<()> {
        if let Some(file) = step.get("file") {
            let path = self.host(scope, file)?;
            let content = step.get("content").map_or(Ok(Vec::new()), |content| scope.bytes(content))?;
            std::fs::write(&path, content)?;
            if let Some(seconds) = step.get("modified") {
                let seconds = u64::try_from(scope.number(seconds)?)?;
                let time = std::time::UNIX_EPOCH + std::time::Duration::from_secs(seconds);
                std::fs::File::options().write(true).open(&path)?.set_modified(time)?;
            }
            return set_mode(&path, step.get("mode"));
        }
        if let Some(directory) = step.get("directory") {
            let path = self.host(scope, directory)?;
            std::fs::create_dir_all(&path)?;
            return set_mode(&path, step.get("mode"));
        }
        if let Some(link) = step.get("symlink") {
            let target = scope.text(step.get("target").context("a symlink needs a target")?)?;
            return Ok(symlink(target, self.host(scope, link)?)?);
        }
        if let Some(fifo) = step.get("fifo") {
            use rustix::fs::{CWD, FileType, Mode, mknodat};
            return Ok(mknodat(CWD, self.host(scope, fifo)?, FileType::Fifo, Mode::from_raw_mode(0o666), 0)?);
        }
        if let Some(socket) = step.get("socket") {
            std::os::unix::net::UnixListener::bind(self.host(scope, socket)?)?;
            return Ok(());
        }
        if let Some(directory) = step.get("files") {
            let folder = self.host(scope, directory)?;
            let count = step.get("count").and_then(Value::as_u64).context("files needs a count")?;
            // Hard links: a filesystem is slow to make inodes anew that it has just let go.
            let first = folder.join("f00000");
            std::fs::write(&first, b"")?;
            for number in 1..count {
                std::fs::hard_link(&first, folder.join(format!("f{number:05}")))?;
            }
            return Ok(());
        }
        if let Some(path) = step.get("remove") {
            let path = self.host(scope, path)?;
            let directory = path.symlink_metadata()?.is_dir();
            let removed = if directory { std::fs::remove_dir_all(path) } else { std::fs::remove_file(path) };
            return removed.context("failed to remove");
        }
        if let Some(from) = step.get("rename") {
            let to = step.get("to").context("rename needs to")?;
            return Ok(std::fs::rename(self.host(scope, from)?, self.host(scope, to)?)?);
        }
        if let Some(path) = step.get("path") {
            return set_mode(&self.host(scope, path)?, step.get("mode"));
        }
        bail!("the format has no such form")
    }

    /// Checks what `host` says.
    ///
    /// # Errors
    /// The outer error is the harness's; the inner one is the difference.
    pub fn check(&self, scope: &Scope, checks: &[Value]) -> Result<Result<(), String>> {
        for check in checks {
            if let Err(difference) = self.check_one(scope, check).with_context(|| format!("host {check}"))? {
                return Ok(Err(format!("on the host: {difference}")));
            }
        }
        Ok(Ok(()))
    }

    fn check_one(&self, scope: &Scope, check: &Value) -> Result<Result<(), String>> {
        if let Some(file) = check.get("file") {
            let path = self.host(scope, file)?;
            let name = scope.text(file)?;
            if !path.symlink_metadata().is_ok_and(|metadata| metadata.is_file()) {
                return Ok(Err(format!("{name} is no file")));
            }
            if let Some(content) = check.get("content") {
                let (wanted, got) = (scope.bytes(content)?, std::fs::read(&path)?);
                if wanted != got {
                    let wanted = crate::value::show_bytes(&wanted, 48);
                    return Ok(Err(format!("{name}: expected {wanted}, got {}", crate::value::show_bytes(&got, 48))));
                }
            }
            return check_mode(&path, &name, check.get("mode"));
        }
        if let Some(directory) = check.get("directory") {
            let (path, name) = (self.host(scope, directory)?, scope.text(directory)?);
            if !path.symlink_metadata().is_ok_and(|metadata| metadata.is_dir()) {
                return Ok(Err(format!("{name} is no directory")));
            }
            return check_mode(&path, &name, check.get("mode"));
        }
        if let Some(link) = check.get("symlink") {
            let name = scope.text(link)?;
            let target = scope.text(check.get("target").context("a symlink needs a target")?)?;
            return Ok(match std::fs::read_link(self.host(scope, link)?) {
                Ok(got) if got == Path::new(&target) => Ok(()),
                Ok(got) => Err(format!("{name} leads to {got:?}, not {target:?}")),
                Err(error) => Err(format!("{name} is no link: {error}")),
            });
        }
        if let Some(path) = check.get("absent") {
            let there = self.host(scope, path)?.symlink_metadata().is_ok();
            return Ok(if there { Err(format!("{} is there", scope.text(path)?)) } else { Ok(()) });
        }
        if let Some(directory) = check.get("names") {
            let wanted = check.get("are").and_then(Value::as_array).context("names needs are")?;
            let wanted = wanted.iter().map(|name| scope.text(name)).collect::<Result<Vec<_>>>()?;
            let read = std::fs::read_dir(self.host(scope, directory)?)?;
            let mut got: Vec<String> =
                read.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect::<Result<_>>()?;
            got.sort();
            return Ok(if got == wanted { Ok(()) } else { Err(format!("the names are {got:?}, not {wanted:?}")) });
        }
        if let Some(path) = check.get("modified") {
            let wanted = scope.number(check.get("is").context("modified needs is")?)?;
            let got = i128::from(self.host(scope, path)?.metadata()?.mtime());
            return Ok(if got == wanted { Ok(()) } else { Err(format!("modified at {got}, not {wanted}")) });
        }
        bail!("the format has no such form")
    }

    /// What stands behind the mounts and outside now.
    ///
    /// # Errors
    /// Fails when the disk does.
    pub fn snapshot(&self) -> Result<Snapshot> {
        let mut paths = BTreeMap::new();
        visit(self.folder.path(), &mut paths)?;
        Ok(Snapshot(paths))
    }
}

impl Snapshot {
    /// The first difference, for people.
    pub fn difference(&self, later: &Self) -> Option<String> {
        let shown = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        for (path, what) in &self.0 {
            match later.0.get(path) {
                None => return Some(format!("{} is gone", shown(path))),
                Some(other) if other != what => return Some(format!("{} changed", shown(path))),
                Some(_) => {}
            }
        }
        later.0.keys().find(|path| !self.0.contains_key(*path)).map(|path| format!("{} is new", shown(path)))
    }
}

fn visit(folder: &Path, paths: &mut BTreeMap<PathBuf, String>) -> Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let metadata = path.symlink_metadata()?;
        let kind = metadata.file_type();
        let content = if kind.is_file() {
            format!("{:?}", std::fs::read(&path).ok())
        } else if kind.is_symlink() {
            format!("{:?}", std::fs::read_link(&path)?)
        } else {
            String::new()
        };
        let special = kind.is_fifo() || kind.is_socket();
        let what = format!("{kind:?} {special} {:o} {} {content}", metadata.mode(), metadata.mtime());
        paths.insert(path.clone(), what);
        if kind.is_dir() {
            visit(&path, paths)?;
        }
    }
    Ok(())
}

fn mode_of(mode: &Value) -> Result<u32> {
    let text = mode.as_str().context("a mode is a text such as \"0644\"")?;
    u32::from_str_radix(text, 8).with_context(|| format!("{text} is no octal mode"))
}

fn set_mode(path: &Path, mode: Option<&Value>) -> Result<()> {
    let Some(mode) = mode else { return Ok(()) };
    Ok(std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode_of(mode)?))?)
}

fn check_mode(path: &Path, name: &str, mode: Option<&Value>) -> Result<Result<(), String>> {
    let Some(mode) = mode else { return Ok(Ok(())) };
    let (wanted, got) = (mode_of(mode)?, path.metadata()?.mode() & 0o777);
    Ok(if wanted == got { Ok(()) } else { Err(format!("{name} has mode {got:04o}, not {wanted:04o}")) })
}
