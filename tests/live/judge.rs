//! Who made which packet, by the bytes that were written, against the tracepoint that tells in whose turn each left.

use std::collections::BTreeMap;

use netscope::analysis;
use netscope::calls::owner::{self, Matched};
use netscope::calls::survey::Survey;
use netscope::frame::MemorySource;
use netscope::live::exchange::{Recording, Request, Transmit};
use netscope::timeline::{Owner, Traced};
use netscope::track::Side;

use super::super::{recording, request};

/// Whether the kernel tells. Without root it does not, and that is said; a kernel that was built without tracepoints
/// cannot.
fn is_told() -> bool {
    // SAFETY-free ways to the user's id: the owner of our own process.
    let root = std::os::unix::fs::MetadataExt::uid(&std::fs::metadata("/proc/self").expect("proc")) == 0;
    let built = std::fs::read_to_string("/proc/filesystems").is_ok_and(|all| all.contains("tracefs"));
    if root && built {
        return true;
    }
    let why = if root { "this kernel has no tracefs" } else { "only root may hear tracepoints" };
    println!("skipped: {why}");
    eprintln!("skipped: {why}");
    assert!(root || std::env::var_os("CI").is_none(), "in continuous integration this runs as root");
    false
}

fn heard(scenario: &str, variant: &str) -> Option<Recording> {
    recording(&Request { witness: true, ..request(scenario, variant) })
}

/// By frame: when and in whose turn it left. Both are in the order of time, and the tracepoint comes right behind the stamp
/// that the capture gives.
fn transmits(recording: &Recording) -> BTreeMap<u64, Transmit> {
    /// How far two clocks that were read one after the other may be apart.
    const APART: i64 = 20_000;
    let mut left = recording.transmits.as_slice();
    let mut found = BTreeMap::new();
    for (index, frame) in recording.frames.iter().enumerate() {
        let time = frame.time.expect("a live capture has times");
        let at = left.iter().position(|sent| sent.len == frame.wire_len && sent.time.since(time) > -APART);
        if let Some(at) = at {
            found.insert(index as u64 + 1, left[at]);
            left = &left[at + 1..];
        }
    }
    found
}

fn owners(recording: &Recording) -> Matched {
    let mut survey = Survey::default();
    let mut frames = MemorySource::new(&recording.frames, &recording.interfaces);
    analysis::run(&mut frames, analysis::Request::default(), &mut survey).expect("nothing is written");
    owner::find(&recording.calls, &survey.packets)
}

#[test]
fn what_left_in_a_thread_s_own_turn_belongs_to_that_thread_s_call() {
    if !is_told() {
        return;
    }
    let mut judged = 0;
    for (scenario, variant) in [
        ("tcp", "default"),
        ("half-close", "default"),
        ("close-unread-data", "default"),
        ("linger-zero-abort", "default"),
        ("message-boundaries", "tcp"),
        ("message-boundaries", "udp"),
        ("fin-triggers", "dup"),
        ("nagle-delayed-ack", "nagle"),
        ("psh-large-write", "long-write"),
        ("zero-window", "default"),
    ] {
        let Some(recording) = heard(scenario, variant) else { return };
        let (sent, matched) = (transmits(&recording), owners(&recording));
        for (frame, transmit) in sent {
            let place = format!("{scenario} {variant} frame {frame}: {transmit:?}");
            // What the kernel sends in its own time may still be what a call wrote: Nagle's, or held by a window.
            if !transmit.own {
                continue;
            }
            let running = recording.calls.iter().find(|call| {
                call.tid == transmit.tid
                    && call.entry <= transmit.time
                    && call.exit.is_some_and(|exit| transmit.time <= exit)
            });
            let Some(running) = running else { continue };
            match matched.owners[&frame] {
                Owner::Call(id) => {
                    let owner = &matched.calls[id as usize];
                    // In its own turn, or later in that of another call of the same program, which found it waiting.
                    let later = owner.deferred.contains(&frame);
                    assert_eq!(owner.call.tid, transmit.tid, "{place}: {:?}", owner.call);
                    assert!(running.id == id || later && running.id > id, "{place}: in the turn of {running:?}");
                    judged += usize::from(running.id == id);
                }
                // A program's turn is also used to answer what has come meanwhile, and to repeat.
                Owner::Kernel(_) => {}
                Owner::Exit => panic!("{place}: nothing ended"),
            }
        }
    }
    assert!(judged >= 40, "{judged} packets were judged");
}

#[test]
fn the_kernel_says_why_it_resets() {
    if !is_told() {
        return;
    }
    for (scenario, variant, wanted) in
        [("close-unread-data", "default", "TCP_ABORT_ON_CLOSE"), ("connection-refused", "no-server", "NO_SOCKET")]
    {
        let Some(recording) = heard(scenario, variant) else { return };
        let resets: Vec<_> = recording
            .traces
            .iter()
            .filter_map(|trace| if let Traced::Reset { reason } = &trace.what { Some(reason) } else { None })
            .collect();
        // Kernels before 6.9 give no reason.
        assert!(resets.iter().all(|reason| reason.as_ref().is_none_or(|reason| reason == wanted)), "{resets:?}");
        assert_eq!(resets.len(), 1, "{scenario}: {:?}", recording.traces);
        // The other end takes it, by a tracepoint of its own.
        let taken = recording.traces.iter().filter(|trace| trace.what == Traced::ResetTaken);
        assert_eq!(
            taken.map(|trace| trace.side).collect::<Vec<_>>(),
            [Side::Client],
            "{scenario}: {:?}",
            recording.traces
        );
    }
}
