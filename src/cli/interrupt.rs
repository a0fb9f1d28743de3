//! Ctrl-C while packets are read: what was read so far is still shown.

use std::sync::atomic::{AtomicBool, Ordering};

static STOPPED: AtomicBool = AtomicBool::new(false);

/// The flag that the first Ctrl-C sets, for a reader that looks at it between two frames; `stop` is called as well.
pub(super) fn flag(stop: impl Fn() + Send + 'static) -> &'static AtomicBool {
    watch(stop);
    &STOPPED
}

/// Calls `stop` at the first Ctrl-C. The second ends the program at once, for input that never comes.
pub(super) fn watch(stop: impl Fn() + Send + 'static) {
    let watcher = move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build();
        let Ok(runtime) = runtime else { return };
        runtime.block_on(async {
            while tokio::signal::ctrl_c().await.is_ok() {
                if STOPPED.swap(true, Ordering::Relaxed) {
                    std::process::exit(i32::from(crate::failure::Exit::Interrupted.code()));
                }
                stop();
            }
        });
    };
    // Without the watcher Ctrl-C still ends the program, as it does any other.
    let _ = std::thread::Builder::new().name("ctrl-c".to_owned()).spawn(watcher);
}
