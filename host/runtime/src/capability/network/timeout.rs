//! Waiting for no longer than the guest said.

use std::time::Duration;

use super::error::{NetworkError, Result};

/// Waits for `work`, no longer than `limit` if there is one. What is ready at once counts even if there is no time.
pub(super) async fn within<T>(limit: Option<Duration>, work: impl Future<Output = T>) -> Result<T> {
    match limit {
        None => Ok(work.await),
        Some(limit) => tokio::time::timeout(limit, work).await.map_err(|_| NetworkError::Timeout),
    }
}
