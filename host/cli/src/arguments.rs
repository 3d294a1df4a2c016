//! What can be typed.

#![allow(rustdoc::broken_intra_doc_links, rustdoc::invalid_html_tags, reason = "these comments are the help")]

use std::ffi::OsString;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use airssys_wasm_policy::{Engine, Language, amount};
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::exit_code;

/// Builds, calls, inspects and checks WebAssembly components.
#[derive(Debug, Parser)]
#[command(name = "airssys-wasm", version, after_help = exit_code::HELP, propagate_version = true)]
pub struct Arguments {
    /// How results are written to standard output.
    #[arg(long, global = true, value_enum, default_value_t = Format::Human)]
    pub format: Format,
    /// Say more on standard error: the log of guests, and when given twice the decisions of the policy.
    #[arg(long, short, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// How results are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Human,
    /// For programs: one JSON document with a schema name.
    Json,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a project for a component.
    New(New),
    /// Build the component of a Component.toml.
    Build(Build),
    /// Call one operation of a component and print its answer.
    Call(Call),
    /// Say what a component imports, exports and asks for, without running it.
    Inspect(Inspect),
    /// Check SDKs against every operation of the contract.
    Conformance(Conformance),
    /// Install the compilers that components need.
    Toolchain(Toolchain),
    /// Say which compilers there are, what is wrong with them, and the fix.
    Doctor,
    /// Print a completion script.
    Completions(Completions),
}

/// Arguments of `new`.
#[derive(Debug, Args)]
pub struct New {
    /// The component's name: NAME, or NAMESPACE/NAME.
    pub name: Option<String>,
    /// The language: rust, go, js, ts, python or c.
    #[arg(long = "lang", value_name = "LANGUAGE")]
    pub language: Option<String>,
    /// The template: minimal, files or messenger [default: minimal].
    #[arg(long)]
    pub template: Option<String>,
    /// The folder to make it in, new or empty but for version control; those above it are made, too [default: the
    /// component's name].
    #[arg(long, value_name = "FOLDER")]
    pub path: Option<PathBuf>,
    /// Describe the templates, and make nothing.
    #[arg(long, conflicts_with_all = ["name", "language", "template", "path"])]
    pub list: bool,
}

/// Arguments of `build`.
#[derive(Debug, Args)]
pub struct Build {
    /// A Component.toml, or the folder it is in.
    #[arg(default_value = ".")]
    pub path: PathBuf,
    /// Where to write the component [default: target/airssys/<name>.wasm beside Component.toml, <name>@<engine>.wasm
    /// with --engine].
    #[arg(long, short)]
    pub output: Option<PathBuf>,
    /// JavaScript engine, instead of the one in Component.toml.
    #[arg(long, value_parser = parse_engine)]
    pub engine: Option<Engine>,
    /// Do not optimise, and keep what a backtrace needs to show the lines of the source.
    #[arg(long)]
    pub debug: bool,
    /// Compile it for this machine too, so that the first call need not.
    #[arg(long)]
    pub compile: bool,
    /// Make the component anew, even if nothing that goes into it has changed.
    #[arg(long)]
    pub force: bool,
    /// Do not check the types of TypeScript.
    #[arg(long)]
    pub no_check: bool,
}

/// Arguments of `call`.
#[derive(Debug, Args)]
pub struct Call {
    /// The component.
    pub file: PathBuf,
    /// The operation.
    pub operation: String,
    /// The input: any bytes, @FILE, or - for standard input [default: empty].
    pub input: Option<OsString>,
    /// A folder that the component sees, as GUEST=HOST or GUEST=HOST:ro. May be given several times.
    #[arg(long, value_name = "GUEST=HOST[:ro]")]
    pub mount: Vec<OsString>,
    /// Permissions to grant: a file with the keys of [permissions].
    #[arg(long, value_name = "FILE", conflicts_with = "grant_declared")]
    pub grant: Option<PathBuf>,
    /// Grant all that the component's own Component.toml asks for, and say what that is.
    #[arg(long)]
    pub grant_declared: bool,
    /// Another component to load before this one, so that they can send each other messages; what is granted is granted to
    /// each. May be given several times.
    #[arg(long, value_name = "FILE")]
    pub with: Vec<PathBuf>,
    /// Settings of the host, as host/runtime/README.md describes them: permissions, mounts, limits, network, programs, cache,
    /// records. Other options go before it.
    #[arg(long, value_name = "FILE")]
    pub host_config: Option<PathBuf>,
    /// Memory of the component, as in 256MiB, instead of what its Component.toml and the host say.
    #[arg(long, value_name = "SIZE", value_parser = parse_memory)]
    pub memory: Option<u64>,
    /// Time for the call, as in 500ms, 30s or 5m, instead of what its Component.toml and the host say.
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    pub timeout: Option<Duration>,
    /// How much all files together may have in the folders that the component may write to, as in 1GiB.
    #[arg(long, value_name = "SIZE", value_parser = parse_size)]
    pub quota: Option<u64>,
    /// Keep compiled components in this folder [default: compiled in $AIRSSYS_WASM_CACHE, else in airssys-wasm of
    /// $XDG_CACHE_HOME or ~/.cache].
    #[arg(long, value_name = "FOLDER")]
    pub cache: Option<PathBuf>,
    /// Append every decision of the policy to this file, as lines of JSON, instead of showing them.
    #[arg(long, value_name = "FILE")]
    pub audit: Option<PathBuf>,
    /// Append the log of the component to this file too, as lines of JSON.
    #[arg(long, value_name = "FILE")]
    pub log: Option<PathBuf>,
    /// A name server to ask, as ADDRESS or ADDRESS:PORT, instead of those of the system and of /etc/hosts. May be given
    /// several times.
    #[arg(long, value_name = "ADDRESS", value_parser = parse_name_server)]
    pub dns_server: Vec<SocketAddr>,
    /// A PEM file of certificate authorities to trust besides those of the system. May be given several times.
    #[arg(long, value_name = "FILE")]
    pub trust_ca: Vec<PathBuf>,
    /// Start programs that cannot be confined to the component's permissions: they can do all that you can.
    #[arg(long)]
    pub allow_unconfined_children: bool,
    /// Let programs that the component starts use this terminal.
    #[arg(long)]
    pub inherit_stdio: bool,
}

/// Arguments of `inspect`.
#[derive(Debug, Args)]
pub struct Inspect {
    /// The component.
    pub file: PathBuf,
    /// Ask the component for its operations, which runs its metadata with nothing granted: for one whose Component.toml
    /// does not list them.
    #[arg(long)]
    pub operations: bool,
}

/// Arguments of `conformance`.
#[derive(Debug, Args)]
pub struct Conformance {
    /// What to do with the suite.
    #[command(subcommand)]
    pub command: ConformanceCommand,
}

/// The subcommands of `conformance`.
#[derive(Debug, Subcommand)]
pub enum ConformanceCommand {
    /// Build the drivers and run the cases.
    Run(ConformanceRun),
    /// Write a report that `run --format json` has made in another form.
    Report(ConformanceReport),
    /// Say what has changed from one report to another; fails if something that passed does not any more.
    Compare(ConformanceCompare),
    /// Try the suite on guests and hosts that are wrong in one way each; fails if no case notices one.
    SelfTest(ConformanceSelfTest),
    /// Answer the suite's requests on standard input and output as a host under test, for `run --host`.
    Host(ConformanceHost),
}

/// Arguments of `conformance report`.
#[derive(Debug, Args)]
pub struct ConformanceReport {
    /// The report, as JSON.
    pub report: PathBuf,
    /// The form to write.
    #[arg(long = "as", value_name = "FORM", value_enum)]
    pub form: ReportForm,
    /// Write it to this file instead of standard output.
    #[arg(long, short)]
    pub output: Option<PathBuf>,
}

/// A form that a report is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReportForm {
    /// JUnit XML, for CI systems.
    Junit,
    /// Test Anything Protocol, version 14.
    Tap,
    /// The matrix by operation, as Markdown.
    Markdown,
    /// The matrix by interface, as Markdown for a README.
    Summary,
    /// One page with everything: search, and every case by a click.
    Html,
    /// JSON for a badge of shields.io's endpoint.
    Badge,
    /// What `run` prints for people.
    Text,
}

/// Arguments of `conformance compare`.
#[derive(Debug, Args)]
pub struct ConformanceCompare {
    /// The earlier report, as JSON.
    pub old: PathBuf,
    /// The later report, as JSON.
    pub new: PathBuf,
}

/// Arguments of `conformance self-test`.
#[derive(Debug, Args)]
pub struct ConformanceSelfTest {
    /// Only mutants whose names match, e.g. '*-unchecked'.
    #[arg(long, value_name = "GLOB")]
    pub mutant: Option<String>,
    /// What random values are made from [default: random, and printed].
    #[arg(long)]
    pub seed: Option<u64>,
    /// The checkout that holds the suite [default: the one around the current folder].
    #[arg(long, value_name = "FOLDER")]
    pub suite: Option<PathBuf>,
}

/// Arguments of `conformance host`.
#[derive(Debug, Args)]
pub struct ConformanceHost {
    /// Allow everything, whatever a component declares: shows what the suite says about a host without our policy.
    #[arg(long)]
    pub without_policy: bool,
}

/// Arguments of `conformance run`.
#[derive(Debug, Args)]
pub struct ConformanceRun {
    /// Only this SDK: rust, go, js, js@quickjs, python or c. May be given several times.
    #[arg(long)]
    pub sdk: Vec<String>,
    /// Only operations that match, e.g. 'files.*' or 'tcp.connect,udp.*'.
    #[arg(long, value_name = "GLOB")]
    pub operation: Option<String>,
    /// Only the case of this name.
    #[arg(long, value_name = "NAME")]
    pub case: Option<String>,
    /// Check this driver component instead of those of the SDKs.
    #[arg(long, value_name = "FILE", conflicts_with = "sdk")]
    pub guest: Option<PathBuf>,
    /// Check the host that this command starts, which speaks the protocol of conformance/host.md, instead of ours.
    #[arg(long, value_name = "COMMAND")]
    pub host: Option<String>,
    /// What random values are made from [default: random, and printed].
    #[arg(long)]
    pub seed: Option<u64>,
    /// Write the report to this file instead of standard output.
    #[arg(long, short)]
    pub output: Option<PathBuf>,
    /// The checkout that holds the suite [default: the one around the current folder].
    #[arg(long, value_name = "FOLDER")]
    pub suite: Option<PathBuf>,
}

/// Arguments of `toolchain`.
#[derive(Debug, Args)]
pub struct Toolchain {
    /// What to do with the toolchains.
    #[command(subcommand)]
    pub command: ToolchainCommand,
}

/// The subcommands of `toolchain`.
#[derive(Debug, Subcommand)]
pub enum ToolchainCommand {
    /// Install what is missing, into the cache folder only.
    Install(ToolchainInstall),
}

/// Arguments of `toolchain install`.
#[derive(Debug, Args)]
pub struct ToolchainInstall {
    /// Languages: rust, go, js, python, c.
    #[arg(required_unless_present = "all", value_parser = parse_language)]
    pub languages: Vec<Language>,
    /// Every language.
    #[arg(long, conflicts_with = "languages")]
    pub all: bool,
}

/// Arguments of `completions`.
#[derive(Debug, Args)]
pub struct Completions {
    /// The shell.
    pub shell: clap_complete::Shell,
}

fn parse_language(text: &str) -> Result<Language, String> {
    text.parse().map_err(|_| {
        let known: Vec<String> = Language::ALL.iter().map(ToString::to_string).collect();
        format!("there are {}", known.join(", "))
    })
}

/// The longest time that can be given: a year.
const MAX_TIMEOUT_MS: u64 = 365 * 24 * 3_600_000;

/// The port of name servers, where none is named.
const NAME_SERVER_PORT: u16 = 53;

fn parse_name_server(text: &str) -> Result<SocketAddr, String> {
    let address = text.parse().map(|address: IpAddr| SocketAddr::new(address, NAME_SERVER_PORT));
    address.or_else(|_| text.parse()).map_err(|_| "write an IP address, as in 9.9.9.9 or [::1]:5353".to_owned())
}

/// An amount above zero.
fn some(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    amount(text, units).filter(|amount| *amount > 0)
}

fn parse_size(text: &str) -> Result<u64, String> {
    let units = [("", 1), ("B", 1), ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("TiB", 1 << 40)];
    let size = some(text, &units);
    size.ok_or_else(|| "write a size above zero in bytes, or with its unit, as in 64KiB, 256MiB or 1GiB".to_owned())
}

fn parse_memory(text: &str) -> Result<u64, String> {
    let size = parse_size(text)?;
    let fits = size <= airssys_wasm::limits::MAX_MEMORY_BYTES;
    fits.then_some(size).ok_or_else(|| "a component can address no more than 4GiB".to_owned())
}

fn parse_time(text: &str) -> Result<Duration, String> {
    let units = [("ms", 1), ("s", 1000), ("m", 60_000), ("min", 60_000), ("h", 3_600_000)];
    let milliseconds = some(text, &units).filter(|milliseconds| *milliseconds <= MAX_TIMEOUT_MS);
    milliseconds
        .map(Duration::from_millis)
        .ok_or_else(|| "write a time with its unit, as in 500ms, 30s, 5m or 1h, a year at most".to_owned())
}

fn parse_engine(text: &str) -> Result<Engine, String> {
    text.parse().map_err(|_| "there are starlingmonkey and quickjs".to_owned())
}
