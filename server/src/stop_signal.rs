//! What the system tells a process: to stop, to stop immediately, and what is not for it.

/// Resolves when the process is asked to stop: an interrupt, or a termination.
pub async fn stop_signal() {
    next().await;
}

/// As [`stop_signal`]; from then on the next signal of the kind ends the process immediately,
/// with the exit code that shells give: 130 after an interrupt, 143 after a termination.
pub(crate) async fn first_of_two() {
    next().await;
    tokio::spawn(async {
        let code = next().await;
        tracing::warn!(
            "Asked to stop a second time: ending immediately. What was under way is sent again at the next start."
        );
        std::process::exit(code);
    });
}

/// Waits for the next, and says which exit code it stands for.
async fn next() -> i32 {
    const INTERRUPTED: i32 = 130;
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        const TERMINATED: i32 = 143;
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            return tokio::select! {
                _ = interrupt => INTERRUPTED,
                _ = terminate.recv() => TERMINATED,
            };
        }
    }
    if interrupt.await.is_err() {
        std::future::pending::<()>().await;
    }
    INTERRUPTED
}

/// Logs signals that ask other programs to read their configuration or to open their log
/// anew, and does nothing else: without this they end the process.
pub(crate) fn ignore_others() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        for (kind, name) in [
            (SignalKind::hangup(), "SIGHUP"),
            (SignalKind::user_defined1(), "SIGUSR1"),
            (SignalKind::user_defined2(), "SIGUSR2"),
        ] {
            match signal(kind) {
                Ok(mut signals) => {
                    tokio::spawn(async move {
                        while signals.recv().await.is_some() {
                            tracing::info!(
                                "{name} is ignored. To read the configuration anew, stop the server and start it."
                            );
                        }
                    });
                }
                Err(error) => tracing::warn!(%error, "{name} cannot be ignored."),
            }
        }
    }
}
