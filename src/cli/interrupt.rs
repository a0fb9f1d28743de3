//! Ctrl-C while a capture file is read: what was read so far is still shown.

use std::sync::atomic::{AtomicBool, Ordering};

static STOP: AtomicBool = AtomicBool::new(false);

/// Starts to watch for Ctrl-C. The first sets the flag; the second ends the program at once, for input that never comes.
pub(super) fn watch() -> &'static AtomicBool {
    let watcher = || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build();
        let Ok(runtime) = runtime else { return };
        runtime.block_on(async {
            while tokio::signal::ctrl_c().await.is_ok() {
                if STOP.swap(true, Ordering::Relaxed) {
                    std::process::exit(i32::from(super::INTERRUPTED));
                }
            }
        });
    };
    // Without the watcher Ctrl-C still ends the program, as it does any other.
    let _ = std::thread::Builder::new().name("ctrl-c".to_owned()).spawn(watcher);
    &STOP
}
