//! How far the reading of a capture is: one line on standard error, while it takes long and nothing else is shown.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::Session;
use super::console::Level;
use crate::analysis::Reached;
use crate::file::open::Capture;
use crate::language::messages::cli as messages;
use crate::language::{Lang, Value, Values, numbers};

/// Work that is done sooner shows nothing.
const PATIENCE: Duration = Duration::from_millis(500);
/// How often the line changes.
const PACE: Duration = Duration::from_millis(100);

/// The line under way, or nothing where none is wanted. Dropping it clears the line.
pub(super) struct Progress(Option<Arc<Shared>>);

struct Shared {
    reached: Arc<Reached>,
    line: Mutex<Line>,
    changed: Condvar,
}

#[derive(Default)]
struct Line {
    bar: Option<ProgressBar>,
    over: bool,
}

impl Progress {
    /// Begins to look on, where standard error is a terminal and `-q` was not given.
    pub(super) fn start(session: &Session, capture: &Capture) -> Progress {
        if !session.environment.moves() || session.console.level < Level::Normal {
            return Progress(None);
        }
        let shared = Arc::new(Shared {
            reached: Arc::new(Reached::default()),
            line: Mutex::new(Line::default()),
            changed: Condvar::new(),
        });
        let painter = Painter {
            lang: session.lang,
            bytes: capture.progress(),
            total: capture.size().filter(|size| *size > 0),
            reached: Arc::clone(&shared.reached),
            since: Instant::now(),
        };
        let watched = Arc::clone(&shared);
        // Without the thread there is no line, and nothing else is missing.
        let spawned = std::thread::Builder::new().name("progress".to_owned()).spawn(move || watched.paint(&painter));
        Progress(spawned.ok().map(|_| shared))
    }

    /// What the analysis is to keep up to date.
    pub(super) fn reached(&self) -> Option<Arc<Reached>> {
        self.0.as_ref().map(|shared| Arc::clone(&shared.reached))
    }

    /// Clears the line for good when it is called; it may be called again.
    pub(super) fn ending(&self) -> impl Fn() + Send + use<> {
        let shared = self.0.clone();
        move || {
            if let Some(shared) = &shared {
                shared.end();
            }
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.ending()();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Line> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The line is gone when this returns, whoever calls it.
    fn end(&self) {
        let mut line = self.lock();
        line.over = true;
        if let Some(bar) = line.bar.take() {
            bar.finish_and_clear();
        }
        self.changed.notify_all();
    }

    fn paint(&self, painter: &Painter) {
        let mut pause = PATIENCE;
        let mut line = self.lock();
        loop {
            let waited = self.changed.wait_timeout_while(line, pause, |line| !line.over);
            (line, _) = waited.unwrap_or_else(PoisonError::into_inner);
            if line.over {
                return;
            }
            painter.draw(line.bar.get_or_insert_with(|| painter.bar()));
            pause = PACE;
        }
    }
}

/// What the line is made of.
struct Painter {
    lang: Lang,
    bytes: Arc<AtomicU64>,
    /// Length of the file, where it has one.
    total: Option<u64>,
    reached: Arc<Reached>,
    since: Instant,
}

impl Painter {
    fn bar(&self) -> ProgressBar {
        let template = if self.total.is_some() { "{percent:>3} % [{wide_bar}] {msg}" } else { "{spinner} {wide_msg}" };
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_spinner());
        let style = style.progress_chars("=> ").tick_chars("|/-\\ ");
        let bar = ProgressBar::with_draw_target(self.total, ProgressDrawTarget::stderr()).with_style(style);
        // Whole from the first drawing on.
        let done = self.bytes.load(Ordering::Relaxed);
        bar.with_position(done).with_message(self.text(done, self.since.elapsed()))
    }

    fn draw(&self, bar: &ProgressBar) {
        let done = self.bytes.load(Ordering::Relaxed);
        bar.set_position(done);
        bar.set_message(self.text(done, self.since.elapsed()));
        bar.tick();
    }

    fn text(&self, done: u64, elapsed: Duration) -> String {
        let lang = self.lang;
        let (what, read) = match self.total {
            Some(total) => {
                (&messages::READ_OF, Values::none().words("done", mega(lang, done)).words("total", mega(lang, total)))
            }
            None => (&messages::READ_SO_FAR, Values::none().words("done", mega(lang, done))),
        };
        let values = Values::none()
            .words("read", what.text.fill(lang, &read))
            .with("packets", Value::Count(self.reached.packets.load(Ordering::Relaxed)))
            .with("connections", Value::Count(self.reached.connections.load(Ordering::Relaxed)));
        match self.total.and_then(|total| time_left(done, total, elapsed)) {
            Some(left) => messages::PROGRESS_LEFT.text.fill(lang, &values.words("left", clock(lang, left))),
            None => messages::PROGRESS.text.fill(lang, &values),
        }
    }
}

/// Megabytes, with one place as long as they are few.
#[allow(clippy::cast_precision_loss, reason = "shown with few digits")]
fn mega(lang: Lang, bytes: u64) -> String {
    numbers::decimal(lang, bytes as f64 / 1e6, usize::from(bytes < 100_000_000))
}

/// Seconds left at the pace so far, rounded up; nothing before the first byte or once all are read.
fn time_left(done: u64, total: u64, elapsed: Duration) -> Option<u64> {
    let left = total.checked_sub(done).filter(|left| *left > 0)?;
    let nanos = elapsed.as_nanos().checked_mul(u128::from(left))?.checked_div(u128::from(done))?;
    u64::try_from(nanos.div_ceil(1_000_000_000)).ok()
}

fn clock(lang: Lang, seconds: u64) -> String {
    let (minutes, rest) = (seconds / 60, seconds % 60);
    let values = Values::none().with("min", Value::Count(minutes)).with("s", Value::Number(rest));
    if minutes == 0 { messages::SECONDS.text.fill(lang, &values) } else { messages::MINUTES.text.fill(lang, &values) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn painter(lang: Lang, total: Option<u64>) -> Painter {
        let reached = Reached::default();
        reached.packets.store(1_234_567, Ordering::Relaxed);
        reached.connections.store(20_000, Ordering::Relaxed);
        Painter { lang, bytes: Arc::default(), total, reached: Arc::new(reached), since: Instant::now() }
    }

    #[test]
    fn the_line_says_bytes_packets_connections_and_time_left() {
        let second = Duration::from_secs(1);
        assert_eq!(
            painter(Lang::En, Some(1_000_000_000)).text(250_000_000, second),
            "250 of 1000 MB · packets 1,234,567 · connections 20,000 · 3 s left"
        );
        assert_eq!(
            painter(Lang::Id, Some(1_000_000_000)).text(12_500_000, second),
            "12,5 dari 1000 MB · paket 1.234.567 · koneksi 20.000 · sisa waktu 1 menit 19 detik"
        );
        assert_eq!(
            painter(Lang::En, None).text(5_400_000, second),
            "5.4 MB · packets 1,234,567 · connections 20,000",
            "a pipe has no end to tell the time from"
        );
    }

    #[test]
    fn the_time_left_is_what_the_pace_so_far_gives() {
        let seconds = Duration::from_secs;
        assert_eq!(time_left(25, 100, seconds(2)), Some(6));
        assert_eq!(time_left(99, 100, seconds(2)), Some(1), "never 0 s while something is left");
        assert_eq!(time_left(0, 100, seconds(2)), None);
        assert_eq!(time_left(100, 100, seconds(2)), None);
        assert_eq!(time_left(200, 100, seconds(2)), None, "a file that grew");
        assert_eq!(time_left(1, u64::MAX, seconds(u64::MAX)), None);
        assert_eq!(clock(Lang::En, 59), "59 s");
        assert_eq!(clock(Lang::En, 60), "1 min 0 s");
    }
}
