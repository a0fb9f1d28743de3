//! An exchange by chance, always the same for the same seed.

use std::time::Duration;

use fastrand::Rng;
use netscope::live::exchange::{Place, Request};
use netscope::scenario::rule::Rule;
use netscope::scenario::wire::Wire;
use netscope::scenario::{Action, Expect, Op, Payload, SocketOption, Why};

/// An exchange that cannot come to an end of itself is given so long.
const LIMIT: Duration = Duration::from_secs(12);

/// What two programs do, and where. Every third exchange runs over a wire, most of these with loss.
pub(crate) fn request(seed: u64) -> Request {
    let mut random = Rng::with_seed(seed);
    let wire = seed.is_multiple_of(3).then(|| wire(&mut random, seed));
    let mut client = vec![Op::Connect];
    let mut server = vec![Op::Listen { backlog: 8, reuse: random.bool() }, Op::Accept];
    for ops in [&mut client, &mut server] {
        settings(&mut random, ops);
        talk(&mut random, ops);
        end(&mut random, ops);
    }
    Request {
        client: any(client),
        server: any(server),
        message: None,
        port: None,
        ipv6: random.u8(..4) == 0,
        place: Place::Private,
        clients: 1,
        seed,
        timeout: LIMIT,
        wire,
        witness: true,
    }
}

/// Nothing is expected: an end may well have been reset before it is through.
fn any(ops: Vec<Op>) -> Vec<Action> {
    ops.into_iter().map(|op| Action { op, expect: Expect::Any }).collect()
}

fn settings(random: &mut Rng, ops: &mut Vec<Op>) {
    // Nobody waits for ever, whatever the other end does.
    ops.push(Op::SetOption(SocketOption::ReceiveTimeout(random.u32(20..120))));
    if random.bool() {
        ops.push(Op::SetOption(SocketOption::NoDelay(true)));
    }
    if random.u8(..3) == 0 {
        ops.push(Op::SetOption(SocketOption::QuickAck(random.bool())));
    }
}

fn talk(random: &mut Rng, ops: &mut Vec<Op>) {
    let mut open = true;
    for _ in 0..random.u8(..7) {
        match random.u8(..10) {
            0..=3 if open => {
                let size = if random.u8(..4) == 0 { random.u32(1..20_000) } else { random.u32(1..200) };
                let payload = Payload::Filler(size);
                ops.push(if random.u8(..6) == 0 { Op::SendMore(payload) } else { Op::Send(payload) });
            }
            0..=5 => ops.push(Op::RecvUpTo(random.u32(1..8_000))),
            6 | 7 => ops.push(pause(random)),
            8 if open => {
                ops.push(Op::ShutdownWrite);
                open = false;
            }
            _ => ops.push(Op::RecvToEnd),
        }
    }
}

fn end(random: &mut Rng, ops: &mut Vec<Op>) {
    match random.u8(..10) {
        // Stays open: FIN-WAIT-2 and CLOSE-WAIT for good.
        0 => {}
        // An abort.
        1 => ops.extend([Op::SetOption(SocketOption::Linger(0)), Op::Close]),
        // A close that waits for the last ACK.
        2 => ops.extend([Op::SetOption(SocketOption::Linger(1)), Op::Close]),
        // A close that loses nothing.
        3 | 4 => ops.extend([Op::ShutdownWrite, Op::RecvToEnd, Op::Close]),
        // A close with whatever is unread.
        _ => ops.push(Op::Close),
    }
}

fn pause(random: &mut Rng) -> Op {
    // Mostly shorter than a delayed ACK, at times longer.
    let ms = if random.u8(..5) == 0 { random.u32(40..60) } else { random.u32(1..6) };
    Op::Pause { ms, why: Why::Interval }
}

fn wire(random: &mut Rng, seed: u64) -> Wire {
    let rule = |text: String| Rule::parse(&text).expect("a rule");
    let mut wire = Wire { delay: Duration::from_micros(random.u64(500..15_000)), seed, ..Wire::default() };
    if random.u8(..4) > 0 {
        wire.loss.push(rule(format!("{}%", random.u8(2..20))));
    }
    if random.u8(..4) == 0 {
        wire.duplicate.push(rule(format!("{}%", random.u8(2..20))));
    }
    wire
}
