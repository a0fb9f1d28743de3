//! The expectations of the scenarios against their recorded captures, and the checker against captures that were
//! tampered with: a check that finds nothing wrong with those would be worth nothing.
#![allow(clippy::disallowed_methods, reason = "reads the recorded captures")]

use std::path::Path;

use netscope::analysis;
use netscope::check::{Outcome, Seen, check};
use netscope::file::open;
use netscope::frame::{FrameSource as _, Interface, LinkType, MemorySource, OwnedFrame};
use netscope::language::Lang;
use netscope::scenario::{SCENARIOS, Scenario, Variant};

/// A capture in memory.
struct Capture {
    name: String,
    variant: &'static Variant,
    interfaces: Vec<Interface>,
    frames: Vec<OwnedFrame>,
}

impl Capture {
    fn read(scenario: &'static Scenario, variant: &'static Variant) -> Capture {
        let name =
            if scenario.has_variants() { format!("{}-{}", scenario.name, variant.name) } else { scenario.name.into() };
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("captures").join(&name).with_extension("pcapng");
        let mut file = open::open(path.to_str().expect("UTF-8")).unwrap_or_else(|failure| panic!("{failure}"));
        let mut frames = Vec::new();
        while let Some(frame) = file.next_frame().unwrap_or_else(|damage| panic!("{name}: {damage:?}")) {
            frames.push(OwnedFrame {
                time: frame.time,
                interface: frame.interface,
                link: frame.link,
                wire_len: frame.wire_len,
                bytes: frame.bytes.to_vec(),
            });
        }
        Capture { name, variant, interfaces: file.interfaces().to_vec(), frames }
    }

    fn all() -> impl Iterator<Item = Capture> {
        SCENARIOS
            .iter()
            .flat_map(|scenario| scenario.variants.iter().map(move |variant| Capture::read(scenario, variant)))
    }

    /// The check of these frames in place of the recorded ones.
    fn check(&self, frames: &[OwnedFrame]) -> Outcome {
        let mut seen = Seen::default();
        let mut source = MemorySource::new(frames, &self.interfaces);
        analysis::run(&mut source, analysis::Request::default(), &mut seen).expect("a report that writes nothing");
        check(&self.variant.expect, &seen, 1)
    }

    /// Fails when the check is content with these frames.
    fn must_differ(&self, frames: &[OwnedFrame], what: &str) {
        assert!(!self.check(frames).held(), "{}: {what}, and the check holds", self.name);
    }
}

/// Where the TCP header of a frame begins.
fn tcp_at(frame: &OwnedFrame) -> Option<usize> {
    let ip = match frame.link {
        LinkType::ETHERNET => 14,
        LinkType::RAW => 0,
        other => panic!("the demos record no {other:?}"),
    };
    let bytes = &frame.bytes;
    match bytes[ip] >> 4 {
        4 => (bytes[ip + 9] == 6).then(|| ip + usize::from(bytes[ip] & 15) * 4),
        _ => (bytes[ip + 6] == 6).then_some(ip + 40),
    }
}

fn flags(frame: &OwnedFrame) -> Option<u8> {
    tcp_at(frame).map(|at| frame.bytes[at + 13])
}

#[test]
fn every_expectation_holds_on_its_recorded_capture() {
    for capture in Capture::all() {
        let outcome = capture.check(&capture.frames);
        let told: Vec<String> = outcome.differences.iter().flat_map(|difference| difference.lines(Lang::En)).collect();
        assert!(outcome.held(), "{}:\n{}", capture.name, told.join("\n"));
        assert_eq!(outcome.packets, capture.frames.len(), "{}", capture.name);
    }
}

#[test]
fn without_a_packet_that_must_be_there_it_fails() {
    let (mut dropped, mut spared) = (0, 0);
    for capture in Capture::all() {
        let outcome = capture.check(&capture.frames);
        for packet in outcome.talks.iter().flat_map(|talk| &talk.packets) {
            if packet.optional {
                spared += 1;
                continue;
            }
            let mut frames = capture.frames.clone();
            frames.remove(usize::try_from(packet.frame).expect("small") - 1);
            capture.must_differ(&frames, &format!("{} (packet {}) is gone", packet.came, packet.frame));
            dropped += 1;
        }
    }
    assert!(dropped > 200 && spared * 5 < dropped, "{dropped} dropped, {spared} may be absent");
}

#[test]
fn with_one_flag_turned_over_it_fails() {
    let mut flipped = 0;
    for capture in Capture::all() {
        for (index, bit) in (0..capture.frames.len()).flat_map(|index| (0..8).map(move |bit| (index, bit))) {
            let mut frames = capture.frames.clone();
            let Some(at) = tcp_at(&frames[index]) else { continue };
            frames[index].bytes[at + 13] ^= 1 << bit;
            capture.must_differ(&frames, &format!("flag {bit} of packet {} is turned over", index + 1));
            flipped += 1;
        }
    }
    assert!(flipped > 1500, "{flipped}");
}

#[test]
fn with_the_two_fins_exchanged_it_fails() {
    let mut exchanged = 0;
    for capture in Capture::all() {
        let outcome = capture.check(&capture.frames);
        for talk in &outcome.talks {
            let fin = |way: &str| {
                let packet =
                    talk.packets.iter().find(|packet| packet.came.starts_with(way) && packet.came.contains("FIN"));
                packet.map(|packet| usize::try_from(packet.frame).expect("small") - 1)
            };
            let (Some(client), Some(server)) = (fin("C>S"), fin("S>C")) else { continue };
            let mut frames = capture.frames.clone();
            frames.swap(client, server);
            let (one, other) = (frames[client].time, frames[server].time);
            (frames[client].time, frames[server].time) = (other, one);
            capture.must_differ(&frames, "the FINs are exchanged");
            exchanged += 1;
        }
    }
    assert!(exchanged > 10, "{exchanged}");
}

#[test]
fn the_frames_are_taken_apart_rightly() {
    let tcp = Capture::all().find(|capture| capture.name == "tcp").expect("there");
    assert_eq!(tcp.frames.iter().take(3).map(flags).collect::<Vec<_>>(), [Some(2), Some(18), Some(16)]);
    let udp = Capture::all().find(|capture| capture.name.starts_with("udp")).expect("there");
    assert!(udp.frames.iter().all(|frame| flags(frame).is_none()));
}
