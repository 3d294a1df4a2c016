//! A host in another process, behind JSON lines on its standard input and output.

use std::collections::HashMap;
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin, Command};
use tokio::sync::{Mutex as AsyncMutex, oneshot};

use super::protocol::{Answer, Ask, HostError, Outcome, PROTOCOL, Reply, Request, Settings};

/// How long a host may take for one answer: longer than any case, and than to compile the largest driver.
const ANSWER: Duration = Duration::from_secs(300);

/// A host that was started by a command. Dropping it ends its process.
pub struct RemoteHost {
    /// What it says that it is.
    pub name: String,
    command: String,
    input: AsyncMutex<ChildStdin>,
    waiting: Arc<Mutex<Waiting>>,
    _process: Child,
}

#[derive(Default)]
struct Waiting {
    next: u64,
    /// `None` when the host has ended: nobody will answer any more.
    replies: Option<HashMap<u64, oneshot::Sender<Outcome>>>,
    /// Why it has ended.
    ended: String,
}

impl RemoteHost {
    /// Starts the host: the words of `command` are the program and its arguments, without a shell.
    ///
    /// # Errors
    /// It does not start, or does not answer to `start`.
    pub async fn start(command: &str, settings: &Settings) -> Result<Self> {
        let mut words = command.split_whitespace();
        let program = words.next().context("--host needs a command")?;
        let mut process = Command::new(program)
            .args(words)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("failed to start the host `{command}`"))?;
        let input = process.stdin.take().context("the host has no standard input")?;
        let output = process.stdout.take().context("the host has no standard output")?;
        let replies = Some(HashMap::new());
        let waiting = Arc::new(Mutex::new(Waiting { next: 1, replies, ended: String::new() }));
        tokio::spawn(read(BufReader::new(output), Arc::clone(&waiting)));
        let mut host = Self {
            name: String::new(),
            command: command.to_owned(),
            input: AsyncMutex::new(input),
            waiting,
            _process: process,
        };
        let start = Request::Start { protocol: PROTOCOL.to_owned(), settings: settings.clone() };
        match host.ask(start).await? {
            Ok(Reply::Started(name)) => host.name = name,
            Ok(other) => bail!("the host `{command}` answers to start with {other:?}"),
            Err(error) => bail!("the host `{command}` does not start: {error}"),
        }
        Ok(host)
    }

    /// Asks the host.
    ///
    /// # Errors
    /// The outer error: the host is gone, or what it says is no answer.
    pub async fn ask(&self, request: Request) -> Result<Result<Reply, HostError>> {
        let (reply, answer) = oneshot::channel();
        let id = {
            let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
            let id = waiting.next;
            waiting.next += 1;
            let Some(replies) = &mut waiting.replies else {
                bail!("the host `{}` has ended: {}", self.command, waiting.ended);
            };
            replies.insert(id, reply);
            id
        };
        let mut line = serde_json::to_vec(&Ask { id, request })?;
        line.push(b'\n');
        {
            let mut input = self.input.lock().await;
            input.write_all(&line).await.with_context(|| format!("the host `{}` takes no requests", self.command))?;
            input.flush().await?;
        }
        let answered = tokio::time::timeout(ANSWER, answer).await;
        match answered.with_context(|| format!("the host `{}` did not answer within {ANSWER:?}", self.command))? {
            Ok(Outcome::Ok(reply)) => Ok(Ok(reply)),
            Ok(Outcome::Error(error)) => Ok(Err(error)),
            Err(_) => {
                let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
                bail!("the host `{}` has ended: {}", self.command, waiting.ended)
            }
        }
    }
}

/// Hands out answers until there are no more.
async fn read(output: BufReader<tokio::process::ChildStdout>, waiting: Arc<Mutex<Waiting>>) {
    let mut lines = output.lines();
    let ended = loop {
        let line = match lines.next_line().await {
            Ok(Some(line)) => line,
            Ok(None) => break "its standard output is closed".to_owned(),
            Err(error) => break format!("failed to read its standard output: {error}"),
        };
        let answer: Answer = match serde_json::from_str(&line) {
            Ok(answer) => answer,
            Err(error) => break format!("a line of it is no answer: {error}: {line:.200}"),
        };
        let mut waiting = waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(reply) = waiting.replies.as_mut().and_then(|replies| replies.remove(&answer.id)) else {
            break format!("it answers to request {}, which nobody has sent", answer.id);
        };
        // A case that ran out of time waits no more.
        let _ = reply.send(answer.outcome);
    };
    let mut waiting = waiting.lock().unwrap_or_else(PoisonError::into_inner);
    waiting.ended = ended;
    waiting.replies = None;
}
