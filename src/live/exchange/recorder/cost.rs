//! What noting a call costs beside the call itself. `docs/run.md` says what came of it:
//!
//! ```sh
//! cargo test --release --lib recorder::cost -- --ignored --nocapture
//! ```

use std::time::Instant;

use super::*;

/// Pairs of calls in a round.
const PAIRS: u32 = 2_000;
/// On a busy machine the smallest of many counts.
const ROUNDS: u32 = 50;

/// The smallest time that a call took on average, in microseconds, over so many rounds of pairs.
fn smallest(mut pair: impl FnMut()) -> f64 {
    let mut best = f64::INFINITY;
    for _ in 0..ROUNDS {
        let begin = Instant::now();
        for _ in 0..PAIRS {
            pair();
        }
        best = best.min(begin.elapsed().as_secs_f64() * 1e6 / f64::from(2 * PAIRS));
    }
    best
}

#[test]
#[ignore = "a measurement"]
fn noting_a_call() {
    let (near, far) = Socket::pair(Domain::UNIX, Type::STREAM, None).expect("a pair");
    let (data, mut room) = (b"kirim jadwal praktikum", [std::mem::MaybeUninit::uninit(); 64]);
    let bare = smallest(|| {
        near.send_with_flags(data, libc::MSG_NOSIGNAL).expect("room");
        far.recv(&mut room).expect("data");
    });
    // The list grows as it does in an exchange; a new one for each round would measure other things.
    let recorder = Recorder::new(Log::new(None), Side::Client, 5000);
    let noted = smallest(|| {
        recorder.send(&near, data, 0).expect("room");
        let _ = recorder.recv(&far, 64).expect("data");
        recorder.log.lock().calls.truncate(64);
    });
    println!("a call: {bare:.2} us, noted: {noted:.2} us, more: {:.2} us", noted - bare);
    assert!(noted > bare);
}
