//! The settings of this machine that change what an exchange looks like. TCP's are those of the network we are in.

use std::fs;

use crate::report::Settings;

/// Those of the kernel's TCP settings that change which packets are to be expected.
const NAMES: [&str; 14] = [
    "tcp_congestion_control",
    "tcp_timestamps",
    "tcp_sack",
    "tcp_dsack",
    "tcp_window_scaling",
    "tcp_ecn",
    "tcp_syncookies",
    "tcp_syn_linear_timeouts",
    "tcp_tw_reuse",
    "tcp_fin_timeout",
    "tcp_invalid_ratelimit",
    "tcp_rto_min_us",
    "tcp_early_retrans",
    "tcp_pingpong_thresh",
];

/// More clients than this meet on the same ticks of the kernel's timers.
const CROWD: u16 = 8;

/// Prepares a network that is the exchange's own, before anything happens in it; what a kernel does not have stays as it is.
///
/// With SYN cookies, whose handshakes need no room in any queue, a client may be connected to a server that has never heard of
/// it: where several SYNs meet at a queue for one, that leaves clients waiting for ever. And a crowd that repeats its SYNs in ever
/// longer steps meets again and again, since timers of many seconds are kept in steps of a half.
pub(super) fn make(clients: u16) {
    let set = |name: &str, value: &str| drop(fs::write(format!("/proc/sys/net/ipv4/{name}"), value));
    set("tcp_syncookies", "0");
    if clients > CROWD {
        set("tcp_syn_linear_timeouts", "100");
        set("tcp_syn_retries", "100");
    }
}

/// Reads them; what this kernel does not have is left out.
pub(in crate::live) fn read() -> Settings {
    let line = |path: &str| fs::read_to_string(path).ok().map(|text| text.trim().to_owned());
    let kernel = ["ostype", "osrelease"].iter().filter_map(|name| line(&format!("/proc/sys/kernel/{name}")));
    Settings {
        kernel: kernel.collect::<Vec<_>>().join(" "),
        tcp: NAMES
            .iter()
            .filter_map(|name| Some(((*name).to_owned(), line(&format!("/proc/sys/net/ipv4/{name}"))?)))
            .collect(),
    }
}
