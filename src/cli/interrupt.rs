//! Ctrl-C while packets are read: what was read so far is still shown.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;

use tokio::signal::unix::{SignalKind, signal};

static STOPPED: AtomicBool = AtomicBool::new(false);

/// The flag that the first Ctrl-C sets, for a reader that looks at it between two frames; `stop` is called as well.
pub(super) fn flag(stop: impl Fn() + Send + 'static) -> &'static AtomicBool {
    watch(stop);
    &STOPPED
}

/// Calls `stop` at the first Ctrl-C. The second ends the program at once, for input that never comes.
pub(super) fn watch(stop: impl Fn() + Send + 'static) {
    let (ready, watching) = mpsc::channel::<()>();
    let watcher = move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build();
        let Ok(runtime) = runtime else { return };
        runtime.block_on(async {
            let Ok(mut interrupts) = signal(SignalKind::interrupt()) else { return };
            drop(ready);
            while interrupts.recv().await.is_some() {
                if STOPPED.swap(true, Ordering::Relaxed) {
                    std::process::exit(i32::from(crate::failure::Exit::Interrupted.code()));
                }
                stop();
            }
        });
    };
    // Without the watcher Ctrl-C still ends the program, as it does any other.
    let _ = std::thread::Builder::new().name("ctrl-c".to_owned()).spawn(watcher);
    // On a busy machine the thread may come late: from here on Ctrl-C must find it watching.
    let _ = watching.recv();
}
