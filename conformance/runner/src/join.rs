//! Waiting for many futures on one task.

/// Polls all futures on this task until all are done, and gives what they came to.
pub(crate) async fn join_all<T>(futures: Vec<impl Future<Output = T>>) -> Vec<T> {
    let mut futures: Vec<_> = futures.into_iter().map(|future| Some(Box::pin(future))).collect();
    let mut done: Vec<Option<T>> = futures.iter().map(|_| None).collect();
    std::future::poll_fn(|context| {
        for (slot, done) in futures.iter_mut().zip(&mut done) {
            if let Some(std::task::Poll::Ready(value)) = slot.as_mut().map(|future| future.as_mut().poll(context)) {
                (*slot, *done) = (None, Some(value));
            }
        }
        if futures.iter().all(Option::is_none) { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    done.into_iter().flatten().collect()
}
