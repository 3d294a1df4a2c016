//! A run of the suite: which cells there are, who runs them, and what each came to.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use airssys_wasm::{CacheFolder, Dns, LoadOptions, Runtime, RuntimeConfig, TrustStore};
use airssys_wasm_toolchain::{Cache, Event, Progress};
use anyhow::{Context, Result, bail};

use crate::case::{Case, Kind, Requirement, read_all, read_requirements};
use crate::contract::{Contract, LIFECYCLE};
use crate::drivers::{Driver, find};
use crate::expect::star_matches;
use crate::expectations::Expectations;
use crate::fixture::{Authority, HostUnderTest, NameServer, Programs};
use crate::report::{Cell, Failure, Outcome, Report};
use crate::run_case::{LaxHost, Verdict, run_case};

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
    root: PathBuf,
}

/// Which cells to run, and how.
#[derive(Debug, Clone, Default)]
pub struct RunOptions {
    /// Only these SDKs; all when empty.
    pub sdks: Vec<String>,
    /// Only operations that match, `*` for any text.
    pub operation: Option<String>,
    /// Only cases of this name.
    pub case: Option<String>,
    /// Where the random values come from.
    pub seed: u64,
    /// Component files to use instead of building the drivers, by SDK; for checking the suite itself.
    pub components: BTreeMap<String, PathBuf>,
    /// Environment that every instance gets besides the case's own; for checking the suite itself.
    pub environment: Vec<(String, String)>,
    /// A host with a broken permission check; for checking the suite itself.
    pub lax: LaxHost,
    /// Where compiled components are kept; the default folder when `None`.
    pub compiled: Option<PathBuf>,
    /// Cells run at a time; by default twice the processors, since some cases wait.
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
        Ok(Self { contract, cases, requirements, drivers, root: root.to_owned() })
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
        let drivers = self.chosen_drivers(options)?;
        let cases = self.chosen_cases(options)?;
        let mut cells = self.gap_cells(options, &drivers);
        let mut work = Vec::new();
        for driver in &drivers {
            let component = match options.components.get(&driver.sdk) {
                Some(file) => Ok(file.clone()),
                None => driver.build(cache, progress),
            };
            match component {
                Ok(file) => work.extend(cases.iter().map(|case| (driver.sdk.clone(), file.clone(), Arc::clone(case)))),
                Err(error) => cells.extend(cases.iter().map(|case| {
                    let failure = Failure::new("build", format!("{error:#}"));
                    cell(&driver.sdk, case, Outcome::Missing, Some(failure))
                })),
            }
        }
        let needs_programs = work.iter().any(|(_, _, case)| !case.body.programs.is_empty());
        let programs = needs_programs.then(|| Programs::build(&self.root, cache).map(Arc::new)).transpose()?;
        cells.extend(self.run_cells(work, options, programs, progress).await?);
        let operations: BTreeSet<String> =
            cells.iter().filter(|cell| cell.operation != SUITE).map(|cell| cell.operation.clone()).collect();
        let sdks = drivers.iter().map(|driver| driver.sdk.clone()).collect();
        Ok(Report::new(options.seed, sdks, operations.into_iter().collect(), cells))
    }

    fn chosen_drivers(&self, options: &RunOptions) -> Result<Vec<Driver>> {
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
                        kind: Kind::Ok,
                        outcome: Outcome::Missing,
                        detail: None,
                    }
                })
                .collect::<Vec<_>>()
        };
        drivers.iter().flat_map(of).collect()
    }

    /// Compiles each driver once, into the cache, before many hosts at a time ask for it. What goes wrong here goes
    /// wrong in the cells again, and is told there.
    async fn compile(&self, work: &[(String, PathBuf, Arc<Case>)], options: &RunOptions, progress: &dyn Progress) {
        let Ok(runtime) = Runtime::new(plain_config(options)) else { return };
        let files: BTreeSet<&PathBuf> = work.iter().map(|(_, file, _)| file).collect();
        for file in files {
            progress.report(Event::Step(&format!("compiling {}", file.display())));
            let mut unstarted = LoadOptions::default();
            unstarted.start = false;
            if let Ok(component) = runtime.load_component_with(file.as_path(), unstarted).await {
                let _ = component.shutdown().await;
            }
        }
    }

    async fn run_cells(
        &self,
        work: Vec<(String, PathBuf, Arc<Case>)>,
        options: &RunOptions,
        programs: Option<Arc<Programs>>,
        progress: &dyn Progress,
    ) -> Result<Vec<Cell>> {
        let expectations: BTreeMap<String, Expectations> = self
            .drivers
            .iter()
            .map(|driver| {
                let path = self.root.join("conformance/expectations").join(format!("{}.toml", driver.sdk));
                Ok((driver.sdk.clone(), Expectations::read(&path)?))
            })
            .collect::<Result<_>>()?;
        let jobs = options.jobs.unwrap_or_else(|| 2 * std::thread::available_parallelism().map_or(1, usize::from));
        let total = work.len();
        self.compile(&work, options, progress).await;
        let queue = Mutex::new(work.into_iter());
        let done = Mutex::new(Vec::new());
        // Instances of a case have fixed ids, so cases that run at the same time need hosts of their own.
        let mut workers = Vec::new();
        let authority = Arc::new(Authority::new().context("failed to make certificates")?);
        for _ in 0..jobs.max(1) {
            let host = host_under_test(options, &authority, programs.as_ref()).await?;
            let (queue, done, expectations) = (&queue, &done, &expectations);
            workers.push(async move {
                loop {
                    let Some((sdk, file, case)) = queue.lock().expect("no panic while queueing").next() else { break };
                    let verdict = run_case(
                        &self.contract,
                        &host,
                        &file,
                        &case,
                        options.seed,
                        &options.environment,
                        &options.lax,
                    )
                    .await;
                    let judged = judge(&sdk, &case, verdict, &expectations[&sdk], options.seed);
                    let mut done = done.lock().expect("no panic while collecting");
                    done.push(judged);
                    if done.len() % PROGRESS_CELLS == 0 {
                        progress.report(Event::Step(&format!("{} of {total} cases", done.len())));
                    }
                }
            });
        }
        join_all(workers).await;
        Ok(done.into_inner().expect("no panic while collecting"))
    }
}

/// How long the host under test waits for `shutdown`: its default would be most of the time that the suite takes.
const SHUTDOWN_GRACE: Duration = Duration::from_secs(1);
/// What the host under test lists at most: its default would take longer to fill than all other cases together.
const MAX_LIST_ENTRIES: usize = 4000;
/// Sockets that a component under test may have: a case that reaches the limit writes each one down.
const MAX_SOCKETS: u32 = 8;
/// How long the host under test waits for a name server that is silent; the default would hold a case up.
const RESOLVER_TIMEOUT: Duration = Duration::from_secs(3);
/// After how many cells progress is told.
const PROGRESS_CELLS: usize = 50;

/// Stands for the suite as a whole where a cell belongs to no operation.
const SUITE: &str = "suite";

/// A host with its own resolver, so that the names of a case are its own, too.
async fn host_under_test(
    options: &RunOptions,
    authority: &Arc<Authority>,
    programs: Option<&Arc<Programs>>,
) -> Result<HostUnderTest> {
    let names = NameServer::start().await?;
    let mut config = plain_config(options);
    config.network.trust = TrustStore::Roots(vec![authority.root()]);
    config.network.dns = Dns::Servers(vec![names.address()]);
    config.network.limits.max_sockets = MAX_SOCKETS;
    config.network.limits.resolver_timeout = RESOLVER_TIMEOUT;
    let runtime = Runtime::new(config).context("failed to start the host under test")?;
    Ok(HostUnderTest { runtime, names, authority: authority.clone(), programs: programs.cloned() })
}

/// What every host under test has in common.
fn plain_config(options: &RunOptions) -> RuntimeConfig {
    let mut config = RuntimeConfig::default();
    config.filesystem_limits.max_list_entries = MAX_LIST_ENTRIES;
    config.shutdown_grace = SHUTDOWN_GRACE;
    if let Some(folder) = &options.compiled {
        config.cache = CacheFolder::At(folder.clone());
    }
    config
}

impl RunOptions {
    fn takes(&self, case: &Case) -> bool {
        let short = case.operation.split_once('/').map_or(case.operation.as_str(), |(_, short)| short);
        self.operation.as_deref().is_none_or(|glob| star_matches(glob, &case.operation) || star_matches(glob, short))
            && self.case.as_deref().is_none_or(|name| name == case.name)
    }
}

/// Polls all futures on this task until all are done.
async fn join_all(futures: Vec<impl Future<Output = ()>>) {
    let mut futures: Vec<_> = futures.into_iter().map(|future| Some(Box::pin(future))).collect();
    std::future::poll_fn(|context| {
        for slot in &mut futures {
            if slot.as_mut().is_some_and(|future| future.as_mut().poll(context).is_ready()) {
                *slot = None;
            }
        }
        if futures.iter().all(Option::is_none) { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
}

fn cell(sdk: &str, case: &Case, outcome: Outcome, detail: Option<Failure>) -> Cell {
    Cell {
        sdk: sdk.to_owned(),
        operation: case.operation.clone(),
        case: case.name.clone(),
        kind: case.body.kind,
        outcome,
        detail,
    }
}

fn judge(sdk: &str, case: &Case, verdict: Verdict, expectations: &Expectations, seed: u64) -> Cell {
    let expected = expectations.of(&case.operation, &case.name);
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
        failure.repeat = format!(
            "airssys-wasm conformance run --sdk {sdk} --operation '{}' --case {} --seed {seed}",
            case.operation, case.name
        );
        failure
    });
    cell(sdk, case, outcome, detail)
}
