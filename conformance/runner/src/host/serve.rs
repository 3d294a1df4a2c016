//! Our own host behind the protocol: what `airssys-wasm conformance host` runs, and a model for the adapters of others.

use std::sync::Arc;

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::mpsc;

use super::own::{OwnHost, Policy};
use super::protocol::{Answer, Ask, HostError, Outcome, PROTOCOL, Reply, Request};

/// Answers the requests of `input` on `output` until `input` ends.
///
/// # Errors
/// The first line is no `start` of this version of the protocol, a line is no request, or the other side is gone.
pub async fn serve(
    input: impl AsyncBufRead + Unpin,
    mut output: impl AsyncWrite + Unpin + Send + 'static,
    policy: Policy,
) -> Result<()> {
    let mut lines = input.lines();
    let (answers, mut waiting) = mpsc::unbounded_channel::<Answer>();
    let writer = tokio::spawn(async move {
        while let Some(answer) = waiting.recv().await {
            let mut line = serde_json::to_vec(&answer)?;
            line.push(b'\n');
            output.write_all(&line).await?;
            output.flush().await?;
        }
        Ok::<_, anyhow::Error>(())
    });
    let mut host: Option<Arc<OwnHost>> = None;
    while let Some(line) = lines.next_line().await? {
        let Ask { id, request } = serde_json::from_str(&line).with_context(|| format!("no request: {line}"))?;
        let host = match (&host, request) {
            (None, Request::Start { protocol, settings }) if protocol == PROTOCOL => {
                host = Some(Arc::new(OwnHost::new(&settings, policy)?));
                let started = Reply::Started(policy.host_name());
                answers.send(Answer { id, outcome: Outcome::Ok(started) })?;
                continue;
            }
            (None, other) => bail!("the first request has to be a start of {PROTOCOL}, not {other:?}"),
            (Some(host), request) => (Arc::clone(host), request),
        };
        let (host, request) = host;
        let answers = answers.clone();
        tokio::spawn(async move {
            // A task of its own, so that a request is answered even if the host panics.
            let asked = tokio::spawn(async move { host.ask(request).await }).await;
            let outcome = match asked {
                Ok(Ok(reply)) => Outcome::Ok(reply),
                Ok(Err(error)) => Outcome::Error(error),
                Err(panic) => {
                    Outcome::Error(HostError { code: "host-fault".to_owned(), text: panic.to_string(), guest: None })
                }
            };
            // Nobody listens any more.
            let _ = answers.send(Answer { id, outcome });
        });
    }
    drop(answers);
    writer.await?
}
