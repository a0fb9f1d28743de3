//! The settings of this machine that change what an exchange looks like. TCP's are those of the network we are in.

use std::fs;

use crate::report::Settings;

/// Those of the kernel's TCP settings that change which packets are to be expected.
const NAMES: [&str; 13] = [
    "tcp_congestion_control",
    "tcp_timestamps",
    "tcp_sack",
    "tcp_dsack",
    "tcp_window_scaling",
    "tcp_ecn",
    "tcp_syn_linear_timeouts",
    "tcp_tw_reuse",
    "tcp_fin_timeout",
    "tcp_invalid_ratelimit",
    "tcp_rto_min_us",
    "tcp_early_retrans",
    "tcp_pingpong_thresh",
];

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
