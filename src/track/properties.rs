//! What must hold for any sequence of segments, however little sense it makes: which arrows a state may take, and what
//! must not matter to anything that is said of a connection.
//!
//! The segments come from a small alphabet of numbers, so that they hit each other's edges all the time.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr};

use proptest::prelude::*;

use super::close::{close, closed_by, half_close};
use super::*;
use crate::decode::{Ip, Packet, TcpFlags, TcpOptions, TcpSegment, Transport};
use crate::frame::Time;

/// The largest scaled window and more.
const FAR: u32 = 1 << 20;
const FILLER: [u8; 4] = [b'x'; 4];
const FLAGS: [u16; 14] = [
    TcpFlags::SYN,
    TcpFlags::SYN | TcpFlags::ACK,
    TcpFlags::ACK,
    TcpFlags::ACK,
    TcpFlags::ACK,
    TcpFlags::ACK | TcpFlags::PSH,
    TcpFlags::ACK | TcpFlags::PSH,
    TcpFlags::FIN | TcpFlags::ACK,
    TcpFlags::FIN | TcpFlags::ACK,
    TcpFlags::FIN,
    TcpFlags::RST,
    TcpFlags::RST | TcpFlags::ACK,
    0,
    TcpFlags::SYN | TcpFlags::FIN | TcpFlags::ACK,
];
/// Nanoseconds between two segments: copies, round trips, timers.
const PAUSES: [i64; 7] = [0, 1_000, 1_000_000, 5_000_000, 40_000_000, 250_000_000, 600_000_000];

/// One segment; its numbers count from the ISN of the end that they belong to.
#[derive(Clone, Debug)]
struct Line {
    client: bool,
    flags: u16,
    seq: u32,
    ack: u32,
    len: u32,
    window: u16,
    sack: Option<(u32, u32)>,
    /// Window scale and SACK are offered, where the segment is a SYN.
    options: bool,
    pause: i64,
}

/// What must not matter.
#[derive(Clone, Copy, Debug, Default)]
struct Shift {
    /// The ISNs of client and server.
    isn: [u32; 2],
    /// Nanoseconds.
    time: i64,
    /// Another conversation goes on in between.
    neighbour: bool,
    /// The labels of the textbook analyser, whose definitions take the number zero on the wire for "not known".
    unlabelled: bool,
}

fn line() -> impl Strategy<Value = Line> {
    let numbers = (0_u32..10, 0_u32..12, 0_u32..4, prop::option::weighted(0.15, (0_u32..12, 1_u32..4)));
    let rest = (prop::sample::select(vec![0, 1, 3, 502, 502, 65_535_u16]), any::<bool>());
    let choice = (any::<bool>(), prop::sample::select(FLAGS.to_vec()), prop::sample::select(PAUSES.to_vec()));
    (numbers, rest, choice).prop_map(|((seq, ack, len, sack), (window, options), (client, flags, pause))| {
        let sack = sack.map(|(left, len)| (left, left + len));
        Line { client, flags, seq, ack, len, window, sack, options, pause }
    })
}

/// Conversations: from the middle, or after a handshake.
fn lines() -> impl Strategy<Value = Vec<Line>> {
    let handshake =
        [(true, TcpFlags::SYN, 0, 0), (false, TcpFlags::SYN | TcpFlags::ACK, 0, 1), (true, TcpFlags::ACK, 1, 1)].map(
            |(client, flags, seq, ack)| Line {
                client,
                flags,
                seq,
                ack,
                len: 0,
                window: 502,
                sack: None,
                options: true,
                pause: 1_000_000,
            },
        );
    (any::<bool>(), prop::collection::vec(line(), 1..24)).prop_map(move |(opened, rest)| {
        let begin = if opened { handshake.to_vec() } else { Vec::new() };
        begin.into_iter().chain(rest).collect()
    })
}

/// Just before the numbers wrap, just before their sign turns, anywhere.
fn isn() -> impl Strategy<Value = u32> {
    prop_oneof![u32::MAX - 12..=u32::MAX, (1 << 31) - 12..=1_u32 << 31, any::<u32>()]
}

/// As [`isn`], but nowhere within a window of zero.
fn isn_far_from_zero() -> impl Strategy<Value = u32> {
    prop_oneof![(1 << 31) - 12..=1_u32 << 31, FAR..u32::MAX - FAR]
}

fn packet(line: &Line, number: u64, time: i64, isn: [u32; 2], ports: [u16; 2]) -> Packet<'static> {
    let (own, peer) = if line.client { (0, 1) } else { (1, 0) };
    let address = |end: usize| IpAddr::V4(Ipv4Addr::new(10, 0, 0, if end == 0 { 1 } else { 2 }));
    let edge = |at: u32| Seq(isn[peer]).plus(at);
    let flags = TcpFlags(line.flags);
    let mut options = TcpOptions::default();
    if flags.syn() && line.options {
        options = TcpOptions { mss: Some(4), window_scale: Some(2), sack_permitted: true, ..options };
    }
    if let Some((left, right)) = line.sack.filter(|_| flags.ack()) {
        options.sack_blocks[0] = (edge(left), edge(right));
        options.sack_count = 1;
    }
    let segment = TcpSegment {
        src_port: ports[own],
        dst_port: ports[peer],
        seq: Seq(isn[own]).plus(line.seq),
        ack: if flags.ack() { edge(line.ack) } else { Seq(0) },
        flags,
        window: line.window,
        urgent: 0,
        options,
        covered: None,
        len: line.len,
        payload: &FILLER[..line.len as usize],
        sound: true,
        complete: true,
    };
    let ip = Ip { src: address(own), dst: address(peer), protocol: 6, ttl: 64, fragment: false };
    Packet {
        number,
        time: Some(Time(time)),
        interface: 0,
        captured_len: 40 + line.len,
        wire_len: 40 + line.len,
        bytes: &[],
        ip: Some(ip),
        transport: Transport::Tcp(segment),
        fragment: None,
        stop: None,
        passage: None,
    }
}

/// Every step of the conversation, and the connections at its end.
fn follow(lines: &[Line], shift: Shift) -> (Vec<Step>, Tracker) {
    let mut tracker = Tracker::new();
    let mut time = shift.time;
    let mut steps = Vec::new();
    for (line, number) in lines.iter().zip(1..) {
        time += line.pause;
        if shift.neighbour && number > 1 {
            tracker.push(&packet(line, number, time, [7, 9], [40_001, 80]));
        }
        steps.push(tracker.push(&packet(line, number, time, shift.isn, [40_000, 80])));
    }
    (steps, tracker)
}

/// All that is said of the conversation, packet by packet and as a whole.
fn said(lines: &[Line], shift: Shift) -> Vec<String> {
    let (steps, tracker) = follow(lines, shift);
    // Connections are numbered in the order of their first packet: the neighbour moves the numbers, nothing else.
    let mut order: Vec<ConnId> = Vec::new();
    let mut out = Vec::new();
    for mut step in steps {
        let id = step.conn.take().expect("every packet is TCP");
        if !order.contains(&id) {
            order.push(id);
        }
        if let Some(tcp) = step.tcp.as_mut().filter(|_| shift.unlabelled) {
            tcp.labels = super::labels::Labels::default();
        }
        out.push(format!("{:?} {step:?}", order.iter().position(|known| *known == id)));
    }
    for id in order {
        let conn = tracker.connection(id).expect("it has packets");
        out.push(format!(
            "{:?} {:?} {:?} {:?} {} {} {:?} {:?} {:?} {:?} {:?}",
            conn.states,
            conn.bytes,
            conn.bytes_after_fin,
            conn.rtt,
            conn.zeek.history(),
            conn.zeek.conn_state(Proto::Tcp).name(),
            conn.completeness.value(conn.packets.iter().sum()),
            close(conn),
            closed_by(conn),
            half_close(conn).map(|half| (half.by, half.begin.frame, half.end.frame, half.bytes_after, half.accepted)),
            (conn.requests, conn.late_data_acked),
        ));
    }
    out
}

/// The arrows of RFC 9293 Figure 5 (those that begin a connection need a SYN), and behind them those that the capture adds by what it shows later.
#[allow(clippy::unnested_or_patterns, reason = "one line is one state of the figure")]
fn arrow(from: State, to: State, syn: bool) -> bool {
    use State::*;
    let reopens = matches!((from, to), (Closed | Listen | TimeWait, SynSent | SynReceived));
    let goes_on = matches!(
        (from, to),
        (SynSent, SynReceived | Established)
            | (SynReceived, Established | FinWait1)
            | (Established, FinWait1 | CloseWait)
            | (FinWait1, FinWait2 | Closing)
            | (FinWait2 | Closing, TimeWait)
            | (CloseWait, LastAck)
            | (_, Closed)
            // The ACK of its SYN-ACK was not captured, and the FIN behind it was.
            | (SynReceived, CloseWait)
            // The FIN taken as received had not arrived when this end sent its own.
            | (CloseWait, Closing)
    );
    goes_on || reopens && syn
}

/// One packet may be worth several arrows, as an ACK of the FIN with a FIN is; none of these ways leads through an end.
fn way(from: State, to: State, syn: bool, arrows: u32) -> bool {
    from == to
        || arrow(from, to, syn)
        || arrows > 1
            && State::ALL.iter().any(|next| {
                !matches!(next, State::Closed | State::TimeWait)
                    && arrow(from, *next, syn)
                    && way(*next, to, syn, arrows - 1)
            })
}

/// What moves an end out of an opening state may prove as well that the capture missed the end of the handshake.
fn missed(from: State) -> u32 {
    u32::from(matches!(from, State::SynSent | State::SynReceived))
}

#[test]
fn the_ways_exclude_what_they_should() {
    for (from, to) in [
        (State::CloseWait, State::Established),
        (State::FinWait2, State::FinWait1),
        (State::TimeWait, State::LastAck),
        (State::FinWait2, State::CloseWait),
        (State::LastAck, State::CloseWait),
        (State::Established, State::SynSent),
        (State::FinWait2, State::LastAck),
    ] {
        assert!(!way(from, to, false, 3), "{from:?} to {to:?}");
    }
    assert!(way(State::FinWait1, State::TimeWait, false, 2) && !way(State::Established, State::TimeWait, false, 2));
    assert!(way(State::TimeWait, State::SynReceived, true, 1) && !way(State::TimeWait, State::SynReceived, false, 3));
}

fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 600,
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(0x6e65_7473),
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    /// States go along the arrows. What is known becomes unknown only where a segment shows it to be untrue: a SYN that
    /// was taken to be received, or a RST that went where unanswered probes went.
    #[test]
    fn states_go_along_the_arrows(lines in lines()) {
        let (steps, _) = follow(&lines, Shift::default());
        for (step, line) in steps.iter().zip(&lines) {
            let (tcp, flags) = (step.tcp.as_ref().expect("a segment"), TcpFlags(line.flags));
            // SYN and FIN in one segment open and close at once.
            let (syn, arrows) = (flags.syn(), if flags.syn() && flags.fin() { 4 } else { 2 });
            for side in [Side::Client, Side::Server] {
                match (tcp.before.of(side), tcp.after.of(side)) {
                    (Some(from), Some(to)) => prop_assert!(way(from, to, syn, arrows + missed(from)), "{side:?} {from:?} to {to:?} by {line:?}"),
                    (None, _) | (Some(State::SynReceived), None) => {}
                    (Some(from), None) => prop_assert!(
                        flags.rst() && step.from == Some(side.other()),
                        "{side:?} {from:?} forgotten by {line:?}"
                    ),
                }
            }
        }
    }

    /// An ACK moves the receiver on only where the receiver's FIN is covered, by it or by one before.
    #[test]
    fn an_ack_closes_nothing_unless_it_covers_the_fin(lines in lines()) {
        let (steps, _) = follow(&lines, Shift::default());
        let mut fin_end: HashMap<(Option<ConnId>, bool), u32> = HashMap::new();
        let mut acked: HashMap<(Option<ConnId>, bool), u32> = HashMap::new();
        for (step, line) in steps.iter().zip(&lines) {
            let flags = TcpFlags(line.flags);
            if flags.ack() && !flags.rst() {
                let highest = acked.entry((step.conn, !line.client)).or_default();
                *highest = line.ack.max(*highest);
            }
            if flags.fin() && !flags.rst() {
                fin_end.entry((step.conn, line.client)).or_insert(line.seq + line.len + u32::from(flags.syn()) + 1);
            }
            let tcp = step.tcp.as_ref().expect("a segment");
            let receiver = if line.client { Side::Server } else { Side::Client };
            let moved = (tcp.before.of(receiver), tcp.after.of(receiver));
            let closes = matches!(
                moved,
                (Some(State::FinWait1), Some(State::FinWait2 | State::TimeWait))
                    | (Some(State::Closing), Some(State::TimeWait))
                    | (Some(State::LastAck), Some(State::Closed))
            );
            if closes && !flags.rst() {
                let end = fin_end.get(&(step.conn, !line.client));
                let reached = acked.get(&(step.conn, !line.client));
                prop_assert!(end.is_some() && reached >= end, "{moved:?} by {line:?}: FIN {end:?}, ACK {reached:?}");
            }
        }
    }

    /// Where the numbers of either end begin changes nothing, wrapped or not.
    #[test]
    fn the_isns_do_not_matter(lines in lines(), client in isn(), server in isn()) {
        let with = |isn| said(&lines, Shift { isn, unlabelled: true, ..Shift::default() });
        prop_assert_eq!(with([FAR, 5 * FAR]), with([client, server]));
    }

    /// Nor does it change the labels, as long as no number is zero.
    #[test]
    fn the_isns_do_not_matter_to_labels(
        lines in lines(), client in isn_far_from_zero(), server in isn_far_from_zero(),
    ) {
        let with = |isn| said(&lines, Shift { isn, ..Shift::default() });
        prop_assert_eq!(with([FAR, 5 * FAR]), with([client, server]));
    }

    /// When the capture was made changes nothing, times before 1970 included; only a SYN at the time zero has none.
    #[test]
    fn the_date_does_not_matter(lines in lines(), time in -4_000_000_000_000_000_000_i64..4_000_000_000_000_000_000) {
        let with = |time| said(&lines, Shift { time, ..Shift::default() });
        prop_assert_eq!(with(1), with(time));
    }

    /// What goes on between other ports changes nothing.
    #[test]
    fn a_neighbour_does_not_matter(lines in lines()) {
        prop_assert_eq!(said(&lines, Shift::default()), said(&lines, Shift { neighbour: true, ..Shift::default() }));
    }

    /// How many connections are at hand changes nothing: packing loses nothing.
    #[test]
    fn packing_does_not_matter(talks in talks(), connections_only in any::<bool>(), ended in 0_usize..2) {
        let limits = Limits { ready: 1, ended, packed: usize::MAX };
        prop_assert_eq!(kept(&talks, connections_only, Limits::default()), kept(&talks, connections_only, limits));
    }

    /// No more connections are kept than the limits say, and it is said how many were not.
    #[test]
    fn what_is_forgotten_is_counted(talks in talks(), ready in 1_usize..3, packed in 0_usize..3) {
        let mut tracker = Tracker::new().keeping(Limits { ready, ended: ready - 1, packed });
        for packet in packets(&talks) {
            let step = tracker.push(&packet);
            let id = step.conn.expect("every packet is TCP");
            prop_assert!(tracker.connection(id).is_some(), "that of the last packet is at hand");
        }
        prop_assert!(tracker.connections().count() <= ready + packed);
        prop_assert_eq!(tracker.connections().count() as u64 + tracker.forgotten(), tracker.len() as u64);
    }
}

/// Four conversations at the same time: which of them each segment belongs to.
fn talks() -> impl Strategy<Value = Vec<(Line, u16)>> {
    (lines(), prop::collection::vec((line(), 0_u16..4), 1..40)).prop_map(|(first, rest)| {
        let first = first.into_iter().map(|line| (line, 0));
        first.zip(rest.clone()).flat_map(|(one, other)| [one, other]).chain(rest).collect()
    })
}

fn packets(talks: &[(Line, u16)]) -> Vec<Packet<'static>> {
    let mut time = 0;
    let mut packets = Vec::new();
    for ((line, talk), number) in talks.iter().zip(1..) {
        time += line.pause;
        packets.push(packet(line, number, time, [FAR, 5 * FAR], [40_000 + talk, 80]));
    }
    packets
}

/// All that a tracker with these limits says.
fn kept(talks: &[(Line, u16)], connections_only: bool, limits: Limits) -> Vec<String> {
    let tracker = if connections_only { Tracker::connections_only() } else { Tracker::new() };
    let mut tracker = tracker.keeping(limits);
    let mut said: Vec<String> = packets(talks).iter().map(|packet| format!("{:?}", tracker.push(packet))).collect();
    said.extend(tracker.connections().map(|conn| format!("{conn:?}")));
    said
}
