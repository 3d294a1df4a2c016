//! `signals`: what the host's signals are called, and sending them.

use std::time::Duration;

use airssys_wasm_policy::{Access, Operation, ProcessAction};

use super::child::Process;
use super::{ExitStatus, ProcessError, ProcessState, Result, Signal, SignalInfo, SignalTarget, StateChange};

/// How long `suspend` and `resume` wait for the state to follow. It follows at once, unless the machine is overloaded;
/// the signal has been sent in any case.
const STATE_FOLLOWS_WITHIN: Duration = Duration::from_secs(2);

/// The signals with a name of their own, in the order of their numbers, which start at 1.
const NAMES: [&str; 31] = [
    "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM",
    "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO",
    "PWR", "SYS",
];
/// The first of the signals for realtime use: those before it belong to the threads of the C library.
const FIRST_REALTIME: u8 = 34;
const LAST_REALTIME: u8 = 64;

impl Signal {
    pub const HANGUP: Signal = Signal(1);
    pub const INTERRUPT: Signal = Signal(2);
    pub const QUIT: Signal = Signal(3);
    pub const ABORT: Signal = Signal(6);
    pub const KILL: Signal = Signal(9);
    pub const USER1: Signal = Signal(10);
    pub const USER2: Signal = Signal(12);
    pub const PIPE: Signal = Signal(13);
    pub const ALARM: Signal = Signal(14);
    pub const TERMINATE: Signal = Signal(15);
    pub const CONTINUE: Signal = Signal(18);
    pub const STOP: Signal = Signal(19);

    /// `signals.parse-signal`.
    ///
    /// # Errors
    /// As in the contract.
    pub fn parse(name_or_number: &str) -> Result<Signal> {
        let known = Signal::list();
        let found = match name_or_number.parse::<u8>() {
            Ok(number) => known.into_iter().find(|info| info.signal.0 == number),
            Err(_) => known.into_iter().find(|info| {
                info.name == name_or_number || info.name.strip_prefix("SIG").is_some_and(|name| name == name_or_number)
            }),
        };
        found
            .map(|info| info.signal)
            .ok_or_else(|| ProcessError::InvalidArgument("the host has no such signal".to_owned()))
    }

    /// `signals.list-signals`.
    pub fn list() -> Vec<SignalInfo> {
        let named =
            (1..).zip(NAMES).map(|(number, name)| SignalInfo { signal: Signal(number), name: format!("SIG{name}") });
        let realtime = (FIRST_REALTIME..=LAST_REALTIME).map(|number| SignalInfo {
            signal: Signal(number),
            name: match number - FIRST_REALTIME {
                0 => "SIGRTMIN".to_owned(),
                above => format!("SIGRTMIN+{above}"),
            },
        });
        named.chain(realtime).collect()
    }

    fn is_known(self) -> bool {
        (1..=NAMES.len() as u8).contains(&self.0) || (FIRST_REALTIME..=LAST_REALTIME).contains(&self.0)
    }
}

impl Process {
    /// `signals.send-signal`.
    ///
    /// # Errors
    /// As in the contract.
    pub async fn send_signal(&self, signal: Signal, target: SignalTarget) -> Result<()> {
        self.send(Operation("ext-process/signals.send-signal"), signal, target).await
    }

    /// `signals.interrupt`.
    ///
    /// # Errors
    /// As in the contract.
    pub async fn interrupt(&self) -> Result<()> {
        self.send(Operation("ext-process/signals.interrupt"), Signal::INTERRUPT, SignalTarget::Process).await
    }

    /// `signals.terminate`.
    ///
    /// # Errors
    /// As in the contract.
    pub async fn terminate(&self, grace: Duration) -> Result<ExitStatus> {
        let operation = Operation("ext-process/signals.terminate");
        self.send(operation, Signal::TERMINATE, SignalTarget::Process).await?;
        if let Some(status) = self.wait_timeout(grace).await {
            return Ok(status);
        }
        match self.deliver(Signal::KILL, SignalTarget::Process) {
            Ok(()) | Err(ProcessError::AlreadyExited(_)) => Ok(self.wait().await),
            Err(error) => Err(error),
        }
    }

    /// `signals.kill`.
    ///
    /// # Errors
    /// As in the contract.
    pub async fn kill(&self) -> Result<()> {
        self.send(Operation("ext-process/signals.kill"), Signal::KILL, SignalTarget::Process).await
    }

    /// `signals.kill-group`.
    ///
    /// # Errors
    /// As in the contract.
    pub async fn kill_group(&self) -> Result<()> {
        self.send(Operation("ext-process/signals.kill-group"), Signal::KILL, SignalTarget::Group).await
    }

    /// `signals.suspend`.
    ///
    /// # Errors
    /// As in the contract.
    pub async fn suspend(&self) -> Result<()> {
        self.send(Operation("ext-process/signals.suspend"), Signal::STOP, SignalTarget::Process).await
    }

    /// `signals.resume`.
    ///
    /// # Errors
    /// As in the contract.
    pub async fn resume(&self) -> Result<()> {
        self.send(Operation("ext-process/signals.resume"), Signal::CONTINUE, SignalTarget::Process).await
    }

    /// `signals.wait-state-change`.
    pub async fn wait_state_change(&self, timeout: Option<Duration>) -> Option<StateChange> {
        self.next_change(timeout).await
    }

    async fn send(&self, operation: Operation, signal: Signal, target: SignalTarget) -> Result<()> {
        let access = Access::Process { action: ProcessAction::Signal, program: self.program().to_owned() };
        let _permit = self.gate().authorize(operation, access)?;
        if !signal.is_known() {
            return Err(ProcessError::InvalidArgument(format!("the host has no signal {}", signal.0)));
        }
        if target == SignalTarget::Group && self.group_has_ended().await? {
            return Err(ProcessError::AlreadyExited(self.wait().await));
        }
        self.deliver(signal, target)?;
        // Another stop could hide this one from the host, and the state is to be as the contract says afterwards.
        match signal {
            Signal::STOP => self.follow(|state| state != ProcessState::Running).await,
            Signal::CONTINUE => self.follow(|state| state != ProcessState::Stopped).await,
            _ => {}
        }
        Ok(())
    }

    async fn follow(&self, reached: impl Fn(ProcessState) -> bool) {
        let _ = tokio::time::timeout(STATE_FOLLOWS_WITHIN, self.until(|status| reached(status.state()))).await;
    }
}
