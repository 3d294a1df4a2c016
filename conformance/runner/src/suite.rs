//! A run of the suite: which cells there are, who runs them, and what each came to.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use airssys_wasm_toolchain::{Cache, Event, Progress};
use anyhow::{Context, Result, bail};

use crate::case::{Case, Kind, Requirement, read_all, read_requirements};
use crate::contract::{Contract, LIFECYCLE};
use crate::drivers::{Driver, DriverFiles, find};
use crate::expect::star_matches;
use crate::expectations::Expectations;
use crate::fixture::{Authority, NameServer, Programs, Surroundings};
use crate::host::protocol::{Load, Request, Settings};
use crate::host::val::Bytes;
use crate::host::{Flaw, Host, MutantHost, OwnHost, Policy, RemoteHost};
use crate::instance_id::instance_id;
use crate::join::join_all;
use crate::report::{Cell, Failure, Outcome, Report, SUITE, Times};
use crate::run_case::{Shared, Verdict, run_case};

/// The suite as it stands on disk.
#[derive(Debug)]
pub struct Suite {
    /// The operations.
    pub contract: Contract,
    /// The cases.
    pub cases: Vec<Case>,
    /// What must be shown of each operation.
    pub requirements: BTreeMap<String, Requirement>,
    /// The columns.
    pub drivers: Vec<Driver>,
    /// What each column is known not to carry.
    expectations: BTreeMap<String, Expectations>,
    pub(crate) root: PathBuf,
}

/// One cell that is to be run: a case on a driver, and where it is paired, the driver of its peers.
struct Work {
    case: Arc<Case>,
    own: BuiltDriver,
    peer: Option<BuiltDriver>,
}

/// An SDK, and the file of its driver.
#[derive(Clone)]
struct BuiltDriver {
    sdk: String,
    file: PathBuf,
}

/// Which cells to run, and how.
#[derive(Debug, Clone, Default)]
pub struct RunOptions {
    /// Only these SDKs, and pairs of these; all when empty.
    pub sdks: Vec<String>,
    /// Only operations that match one of these, apart by commas, `*` for any text.
    pub operation: Option<String>,
    /// Only cases of this name.
    pub case: Option<String>,
    /// Where the random values come from.
    pub seed: u64,
    /// Component files to use instead of building the drivers, by SDK; for checking the suite itself.
    pub components: BTreeMap<String, PathBuf>,
    /// Environment that every instance gets besides the case's own; for checking the suite itself.
    pub environment: Vec<(String, String)>,
    /// What is wrong with our own host; for checking the suite itself.
    pub flaw: Option<Flaw>,
    /// A driver component to check instead of the drivers.
    pub guest: Option<PathBuf>,
    /// The command that starts the host under test; our own in this process when `None`.
    pub host: Option<String>,
    /// Where compiled components are kept; the default folder when `None`.
    pub compiled: Option<PathBuf>,
    /// Cells run at a time; by default several for each processor, since some cases wait.
    pub jobs: Option<usize>,
}

impl Suite {
    /// Reads the suite of a checkout.
    ///
    /// # Errors
    /// Fails when the contract, a case or a driver cannot be read, or a case belongs to no operation.
    pub fn read(root: &Path) -> Result<Self> {
        let contract = Contract::read(&root.join("wit"))?;
        let cases = read_all(&root.join("conformance/cases"))?;
        for case in &cases {
            contract.operation(&case.operation).with_context(|| case.path.display().to_string())?;
        }
        let requirements = read_requirements(&root.join("conformance/cases"))?;
        for name in requirements.keys() {
            contract.operation(name).context("conformance/cases/requirements.json")?;
        }
        let drivers = find(&root.join("conformance/drivers"))?;
        let expectations = read_expectations(&root.join("conformance/expectations"), &drivers, &cases)?;
        Ok(Self { contract, cases, requirements, drivers, expectations, root: root.to_owned() })
    }

    /// The folder of the checkout that holds the suite, upward from `from`.
    ///
    /// # Errors
    /// Fails when there is none.
    pub fn find_root(from: &Path) -> Result<PathBuf> {
        from.ancestors()
            .find(|folder| folder.join("conformance/cases/requirements.json").is_file())
            .map(Path::to_owned)
            .with_context(|| format!("{} is in no checkout with a conformance suite", from.display()))
    }

    /// Operations that lack a case which their requirements call for, as sentences.
    pub fn gaps(&self) -> Vec<String> {
        let mut gaps = Vec::new();
        for operation in self.contract.operations() {
            let name = &operation.name;
            let Some(requirement) = self.requirements.get(name) else {
                gaps.push(format!("{name}: requirements.json does not know it"));
                continue;
            };
            let own: Vec<&Case> = self.cases.iter().filter(|case| case.operation == *name).collect();
            let has = |kind: Kind| own.iter().any(|case| case.body.kind == kind);
            let shown = has(Kind::Ok) || (name.starts_with(LIFECYCLE) && has(Kind::Lifecycle));
            if !shown {
                gaps.push(format!("{name}: no ok case"));
            }
            if requirement.permission.is_needed() && !has(Kind::Denied) {
                gaps.push(format!("{name}: no denied case"));
            }
            for error in &operation.errors {
                if !requirement.errors.contains(error) && !requirement.left_out.contains_key(error) {
                    gaps.push(format!("{name}: requirements.json neither demands {error} nor leaves it out"));
                }
            }
            for error in &requirement.errors {
                let quoted = format!("\"{error}\"");
                let covered = own.iter().any(|case| {
                    matches!(case.body.kind, Kind::Error | Kind::Edge | Kind::Lifecycle | Kind::Denied)
                        && (case.body.steps.iter().any(|step| step.to_string().contains(&quoted))
                            || (error == "permission-denied" && case.body.kind == Kind::Denied))
                });
                if !covered {
                    gaps.push(format!("{name}: no case shows {error}"));
                }
            }
        }
        gaps
    }

    /// Builds what is to be checked and runs the cells.
    ///
    /// # Errors
    /// Fails when nothing matches the options or the host cannot start; a failing cell is no error.
    pub async fn run(&self, options: &RunOptions, cache: &Cache, progress: &dyn Progress) -> Result<Report> {
        let (began, started) = (Instant::now(), SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs());
        let drivers = self.chosen_drivers(options)?;
        let cases = self.chosen_cases(options)?;
        let mut cells = self.gap_cells(options, &drivers);
        let built: Vec<(String, Result<BuiltDriver>)> = drivers
            .iter()
            .map(|driver| {
                let file = match options.guest.as_ref().or_else(|| options.components.get(&driver.sdk)) {
                    Some(file) => Ok(file.clone()),
                    None => driver.build(cache, progress),
                };
                (driver.sdk.clone(), file.map(|file| BuiltDriver { sdk: driver.sdk.clone(), file }))
            })
            .collect();
        let (work, unbuilt) = cells_of(&cases, &built);
        cells.extend(unbuilt);
        let needs_programs = work.iter().any(|work| !work.case.body.programs.is_empty());
        let programs = needs_programs.then(|| Programs::build(&self.root, cache).map(Arc::new)).transpose()?;
        let (host, ran) = self.run_cells(work, options, programs, progress).await?;
        cells.extend(ran);
        let sdks = drivers.iter().map(|driver| driver.sdk.clone()).collect();
        let times = Times { started, milliseconds: milliseconds(began.elapsed()) };
        Ok(Report::new(options.seed, host, times, sdks, cells, &self.cases))
    }

    fn chosen_drivers(&self, options: &RunOptions) -> Result<Vec<Driver>> {
        if let Some(guest) = &options.guest {
            return Ok(vec![Driver { sdk: GUEST.to_owned(), manifest: guest.clone(), engine: None }]);
        }
        let known: Vec<&str> = self.drivers.iter().map(|driver| driver.sdk.as_str()).collect();
        if let Some(unknown) = options.sdks.iter().find(|sdk| !known.contains(&sdk.as_str())) {
            bail!("no SDK is named {unknown}; there are {}", known.join(", "));
        }
        let chosen = |driver: &&Driver| options.sdks.is_empty() || options.sdks.contains(&driver.sdk);
        Ok(self.drivers.iter().filter(chosen).cloned().collect())
    }

    fn chosen_cases(&self, options: &RunOptions) -> Result<Vec<Arc<Case>>> {
        let chosen: Vec<Arc<Case>> =
            self.cases.iter().filter(|case| options.takes(case)).cloned().map(Arc::new).collect();
        if chosen.is_empty() {
            bail!("no case matches; `airssys-wasm conformance run --operation '*'` runs all");
        }
        Ok(chosen)
    }

    /// A required case that nobody wrote is missing for every SDK.
    fn gap_cells(&self, options: &RunOptions, drivers: &[Driver]) -> Vec<Cell> {
        if options.operation.is_some() || options.case.is_some() {
            return Vec::new();
        }
        let gaps = self.gaps();
        let of = |driver: &Driver| {
            gaps.iter()
                .map(|gap| {
                    let (operation, lacks) = gap.split_once(": ").unwrap_or((SUITE, gap));
                    Cell {
                        sdk: driver.sdk.clone(),
                        operation: operation.to_owned(),
                        case: lacks.to_owned(),
                        peer: None,
                        kind: Kind::Ok,
                        outcome: Outcome::Missing,
                        detail: None,
                        decisions: Vec::new(),
                        milliseconds: 0,
                    }
                })
                .collect::<Vec<_>>()
        };
        drivers.iter().flat_map(of).collect()
    }

    /// Compiles each driver once, into the cache, before many hosts at a time ask for it. What goes wrong here goes
    /// wrong in the cells again, and is told there.
    async fn compile(&self, work: &[Work], options: &RunOptions, progress: &dyn Progress) -> Result<()> {
        let host = start_host(options, None).await?;
        let files: BTreeSet<&PathBuf> = work.iter().map(|work| &work.own.file).collect();
        for file in files {
            progress.report(Event::Step(&format!("compiling {}", file.display())));
            let component = instance_id("compiled");
            let load = Load::unstarted(component.clone(), file);
            if host.ask(Request::Load(Box::new(load))).await?.is_ok() {
                let _ = host.ask(Request::Unload { component }).await?;
            }
        }
        Ok(())
    }

    async fn run_cells(
        &self,
        work: Vec<Work>,
        options: &RunOptions,
        programs: Option<Arc<Programs>>,
        progress: &dyn Progress,
    ) -> Result<(String, Vec<Cell>)> {
        let jobs =
            options.jobs.unwrap_or_else(|| JOBS_PER_CPU * std::thread::available_parallelism().map_or(1, usize::from));
        let total = work.len();
        if jobs > 1 {
            self.compile(&work, options, progress).await?;
        }
        let queue = Mutex::new(work.into_iter());
        let done = Mutex::new(Vec::new());
        // Instances of a case have fixed ids, so cases that run at the same time need hosts of their own.
        let mut workers = Vec::new();
        let mut name = String::new();
        let authority = Arc::new(Authority::new().context("failed to make certificates")?);
        for _ in 0..jobs.max(1) {
            let names = NameServer::start().await?;
            let surroundings = Surroundings { names, authority: authority.clone(), programs: programs.clone() };
            let host = start_host(options, Some(&surroundings)).await?;
            host.name().clone_into(&mut name);
            let (queue, done) = (&queue, &done);
            workers.push(async move {
                loop {
                    let Some(work) = queue.lock().expect("no panic while queueing").next() else { break };
                    let shared = Shared {
                        contract: &self.contract,
                        host: &host,
                        surroundings: &surroundings,
                        seed: options.seed,
                        environment: &options.environment,
                    };
                    let began = Instant::now();
                    let (verdict, decisions) = run_case(&shared, work.drivers(), &work.case).await;
                    let mut judged = judge(&work, verdict, self.expectations.get(&work.own.sdk), options);
                    judged.decisions = decisions;
                    judged.milliseconds = milliseconds(began.elapsed());
                    let mut done = done.lock().expect("no panic while collecting");
                    done.push(judged);
                    if done.len() % PROGRESS_CELLS == 0 {
                        progress.report(Event::Step(&format!("{} of {total} cases", done.len())));
                    }
                }
            });
        }
        join_all(workers).await;
        Ok((name, done.into_inner().expect("no panic while collecting")))
    }
}

impl Work {
    fn drivers(&self) -> DriverFiles<'_> {
        DriverFiles { own: &self.own.file, each: &self.peer.as_ref().unwrap_or(&self.own).file }
    }

    fn peer(&self) -> Option<&str> {
        self.peer.as_ref().map(|peer| peer.sdk.as_str())
    }
}

/// What is to be run, and a cell for whatever a driver is missing for.
fn cells_of(cases: &[Arc<Case>], drivers: &[(String, Result<BuiltDriver>)]) -> (Vec<Work>, Vec<Cell>) {
    let (mut work, mut unbuilt) = (Vec::new(), Vec::new());
    for (sdk, own) in drivers {
        for case in cases {
            let peers: Vec<Option<&(String, Result<BuiltDriver>)>> =
                if case.is_paired() { drivers.iter().map(Some).collect() } else { vec![None] };
            for peer in peers {
                let built = peer.map(|(_, driver)| driver.as_ref()).transpose();
                match own.as_ref().and_then(|own| Ok((own, built?))) {
                    Ok((own, peer)) => {
                        work.push(Work { case: Arc::clone(case), own: own.clone(), peer: peer.cloned() });
                    }
                    Err(error) => {
                        let failure = Failure::new("build", format!("{error:#}"));
                        let peer = peer.map(|(sdk, _)| sdk.as_str());
                        unbuilt.push(cell(sdk, peer, case, Outcome::Missing, Some(failure)));
                    }
                }
            }
        }
    }
    (work, unbuilt)
}

/// Cells that are run at a time for each processor.
const JOBS_PER_CPU: usize = 4;
/// How long the host under test waits for `shutdown`: its default would be most of the time that the suite takes.
const SHUTDOWN_GRACE_MS: u64 = 1000;
/// What the host under test lists at most: its default would take longer to fill than all other cases together.
const MAX_LIST_ENTRIES: u64 = 4000;
/// Sockets that a component has at most: a case that reaches the limit writes each one down.
const MAX_SOCKETS: u32 = 8;
/// Processes that a component has at most, for the same reason.
const MAX_PROCESSES: u32 = 4;
/// How long the host waits for a name server that is silent; most defaults would hold a case up.
const RESOLVER_TIMEOUT_MS: u64 = 3000;
/// After how many cells progress is told.
const PROGRESS_CELLS: usize = 50;
/// The one column of a run on somebody's own component.
const GUEST: &str = "guest";

/// The host under test.
async fn start_host(options: &RunOptions, surroundings: Option<&Surroundings>) -> Result<Host> {
    let programs = surroundings.and_then(|around| around.programs.as_ref());
    let settings = Settings {
        list_entries: MAX_LIST_ENTRIES,
        shutdown_grace_ms: SHUTDOWN_GRACE_MS,
        compiled: options.compiled.as_ref().map(|folder| folder.to_string_lossy().into_owned()),
        sockets: MAX_SOCKETS,
        processes: MAX_PROCESSES,
        resolver_timeout_ms: RESOLVER_TIMEOUT_MS,
        name_servers: surroundings.map(|around| around.names.address().to_string()).into_iter().collect(),
        trusted_certificates: surroundings.map(|around| Bytes(around.authority.root())).into_iter().collect(),
        program_folders: programs
            .map(|programs| programs.folder().to_string_lossy().into_owned())
            .into_iter()
            .collect(),
    };
    Ok(match (&options.host, options.flaw) {
        (Some(command), _) => Host::Remote(Box::new(RemoteHost::start(command, &settings).await?)),
        (None, Some(flaw)) => Host::Mutant(Box::new(MutantHost::new(&settings, flaw)?)),
        (None, None) => Host::Own(Box::new(OwnHost::new(&settings, Policy::Enforced)?)),
    })
}

/// Reads what each column is known not to carry. A file of no column, and an entry that fits no case, are errors: they
/// would excuse what is not there.
fn read_expectations(folder: &Path, drivers: &[Driver], cases: &[Case]) -> Result<BTreeMap<String, Expectations>> {
    let mut expectations = BTreeMap::new();
    for entry in std::fs::read_dir(folder).with_context(|| format!("failed to read {}", folder.display()))? {
        let path = entry?.path();
        let sdk = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if path.extension().is_none_or(|ending| ending != "toml") || !drivers.iter().any(|driver| driver.sdk == sdk) {
            bail!("{} belongs to no SDK", path.display());
        }
        let read = Expectations::read(&path)?;
        for entry in &read.expected {
            if !cases.iter().any(|case| entry.is_for(&case.operation, &case.name)) {
                bail!("{}: {} {} fits no case", path.display(), entry.operation, entry.case);
            }
        }
        expectations.insert(sdk, read);
    }
    Ok(expectations)
}

pub(crate) fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

impl RunOptions {
    /// The command that runs one cell again.
    fn repeat(&self, sdk: &str, peer: Option<&str>, case: &Case) -> String {
        let quoted = |text: &str| format!("'{}'", text.replace('\'', "'\\''"));
        let mut command = "airssys-wasm conformance run".to_owned();
        match &self.guest {
            Some(file) => command.push_str(&format!(" --guest {}", quoted(&file.to_string_lossy()))),
            None => command.push_str(&format!(" --sdk {sdk}")),
        }
        if let Some(peer) = peer.filter(|peer| *peer != sdk) {
            command.push_str(&format!(" --sdk {peer}"));
        }
        if let Some(host) = &self.host {
            command.push_str(&format!(" --host {}", quoted(host)));
        }
        command + &format!(" --operation '{}' --case {} --seed {}", case.operation, case.name, self.seed)
    }

    fn takes(&self, case: &Case) -> bool {
        let short = case.operation.split_once('/').map_or(case.operation.as_str(), |(_, short)| short);
        let matches = |glob: &str| star_matches(glob, &case.operation) || star_matches(glob, short);
        self.operation.as_deref().is_none_or(|globs| globs.split(',').any(matches))
            && self.case.as_deref().is_none_or(|name| name == case.name)
    }
}

fn cell(sdk: &str, peer: Option<&str>, case: &Case, outcome: Outcome, detail: Option<Failure>) -> Cell {
    Cell {
        sdk: sdk.to_owned(),
        operation: case.operation.clone(),
        case: case.name.clone(),
        peer: peer.map(str::to_owned),
        kind: case.body.kind,
        outcome,
        detail,
        decisions: Vec::new(),
        milliseconds: 0,
    }
}

fn judge(work: &Work, verdict: Verdict, expectations: Option<&Expectations>, options: &RunOptions) -> Cell {
    let (sdk, case) = (work.own.sdk.as_str(), &*work.case);
    let expected = expectations.and_then(|entries| entries.of(&case.operation, &case.name));
    let (outcome, detail) = match (verdict, expected) {
        (Verdict::Pass, None) => (Outcome::Pass, None),
        (Verdict::Pass, Some(entry)) => {
            let difference = format!("it passes, but is expected to fail: {}", entry.reason);
            (Outcome::UnexpectedPass, Some(Failure::new("expectations", difference)))
        }
        (Verdict::Fail(failure), None) => (Outcome::Fail, Some(*failure)),
        (Verdict::Fail(mut failure), Some(entry)) => {
            failure.reason = Some(format!("{} ({})", entry.reason, entry.link));
            (Outcome::ExpectedFailure, Some(*failure))
        }
        (Verdict::Missing(what), _) => (Outcome::Missing, Some(Failure::new("driver", what))),
        (Verdict::Harness(error), _) => (Outcome::HarnessError, Some(Failure::new("suite", error))),
    };
    let detail = detail.map(|mut failure| {
        failure.repeat = options.repeat(sdk, work.peer(), case);
        failure
    });
    cell(sdk, work.peer(), case, outcome, detail)
}
