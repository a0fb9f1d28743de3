//! What a kernel counts of a network: `/proc/net/netstat`, `/proc/net/snmp` and `/proc/net/snmp6`.

use std::fs;
use std::io;

use super::packet_socket::now;
use crate::timeline::{CountedIn, Tally};
use crate::track::Side;

/// Numbers that only say how things are, or are set: a difference of them counts nothing.
const NO_COUNTERS: [&str; 7] =
    ["TcpCurrEstab", "TcpRtoAlgorithm", "TcpRtoMin", "TcpRtoMax", "TcpMaxConn", "IpForwarding", "IpDefaultTTL"];

/// All counters of one network at one moment, by source and name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Reading(Vec<(CountedIn, String, u64)>);

impl Reading {
    /// Those of the calling thread's network. A file that this kernel does not have is left out, as all of IPv6 may be.
    ///
    /// # Errors
    /// `netstat` cannot be read: every kernel with TCP has it.
    pub(super) fn take() -> io::Result<Reading> {
        let mut all = parse_pairs(CountedIn::Netstat, &fs::read_to_string("/proc/thread-self/net/netstat")?);
        if let Ok(text) = fs::read_to_string("/proc/thread-self/net/snmp") {
            all.extend(parse_pairs(CountedIn::Snmp, &text));
        }
        if let Ok(text) = fs::read_to_string("/proc/thread-self/net/snmp6") {
            all.extend(parse_lines(&text));
        }
        Ok(Reading(all))
    }

    /// What one counter has gained since, zero included; none for one that this kernel does not have.
    pub(super) fn gained(&self, before: &Reading, name: &str) -> Option<u64> {
        let of = |reading: &Reading| reading.0.iter().find(|(_, known, _)| known == name).map(|(.., count)| *count);
        Some(of(self)?.saturating_sub(of(before)?))
    }

    /// What has moved since, a tally for each source; `side` is whose kernel it is, none for one of both ends.
    pub(super) fn since(&self, before: &Reading, side: Option<Side>) -> Vec<Tally> {
        let time = now();
        let tally = |source| {
            let ours = self.0.iter().filter(|(from, ..)| *from == source);
            let moved = ours.filter_map(|(_, name, _)| Some((name.clone(), self.gained(before, name)?)));
            Tally { time, side, source, moved: moved.filter(|(_, gained)| *gained > 0).collect() }
        };
        CountedIn::ALL.map(tally).into_iter().filter(|tally| !tally.moved.is_empty()).collect()
    }
}

/// `TcpExt: SyncookiesSent …` above `TcpExt: 0 …`. The names are those of nstat, but for `TcpExt`, whose counters need none
/// before their own.
fn parse_pairs(source: CountedIn, text: &str) -> Vec<(CountedIn, String, u64)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut all = Vec::new();
    for pair in lines.chunks(2) {
        let [Some((group, names)), Some((same, values))] = [0, 1].map(|at| pair.get(at)?.split_once(':')) else {
            continue;
        };
        if group != same {
            continue;
        }
        let prefix = if group == "TcpExt" { "" } else { group };
        for (name, value) in names.split_whitespace().zip(values.split_whitespace()) {
            push(&mut all, source, format!("{prefix}{name}"), value);
        }
    }
    all
}

/// `Udp6NoPorts   3`
fn parse_lines(text: &str) -> Vec<(CountedIn, String, u64)> {
    let mut all = Vec::new();
    for (name, value) in text.lines().filter_map(|line| line.split_once(char::is_whitespace)) {
        push(&mut all, CountedIn::Snmp6, name.to_owned(), value.trim());
    }
    all
}

fn push(all: &mut Vec<(CountedIn, String, u64)>, source: CountedIn, name: String, value: &str) {
    // A number below zero stands for "no limit", and is no counter.
    if let (Ok(count), false) = (value.parse(), NO_COUNTERS.contains(&name.as_str())) {
        all.push((source, name, count));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NETSTAT: &str =
        "TcpExt: SyncookiesSent TCPTimeouts TCPLossProbes\nTcpExt: 0 3 1\nIpExt: InNoRoutes\nIpExt: 7\n";
    const SNMP: &str = "Tcp: MaxConn CurrEstab RetransSegs\nTcp: -1 2 4\nUdp: NoPorts\nUdp: 5\n";

    fn entry(source: CountedIn, name: &str, count: u64) -> (CountedIn, String, u64) {
        (source, name.to_owned(), count)
    }

    #[test]
    fn counters_are_named_by_the_line_above_them() {
        let netstat = CountedIn::Netstat;
        let expected = [("SyncookiesSent", 0), ("TCPTimeouts", 3), ("TCPLossProbes", 1), ("IpExtInNoRoutes", 7)];
        assert_eq!(parse_pairs(netstat, NETSTAT), expected.map(|(name, count)| entry(netstat, name, count)));
        let snmp = CountedIn::Snmp;
        assert_eq!(parse_pairs(snmp, SNMP), [entry(snmp, "TcpRetransSegs", 4), entry(snmp, "UdpNoPorts", 5)]);
        let six = CountedIn::Snmp6;
        assert_eq!(parse_lines("Udp6NoPorts      \t3\nIp6InReceives \t9\n")[0], entry(six, "Udp6NoPorts", 3));
        assert_eq!(parse_pairs(netstat, ""), []);
        // Lines that do not belong together are no pair.
        assert_eq!(parse_pairs(netstat, "TcpExt: A\nIpExt: 1\n"), []);
    }

    #[test]
    fn only_what_has_moved_is_told_by_its_source() {
        let before = Reading([parse_pairs(CountedIn::Netstat, NETSTAT), parse_pairs(CountedIn::Snmp, SNMP)].concat());
        let mut after = before.clone();
        after.0.iter_mut().filter(|(_, name, _)| name == "TCPTimeouts").for_each(|entry| entry.2 += 2);
        let told = after.since(&before, Some(Side::Client));
        assert_eq!(told.len(), 1);
        assert_eq!((told[0].source, told[0].side), (CountedIn::Netstat, Some(Side::Client)));
        assert_eq!(told[0].moved, [("TCPTimeouts".to_owned(), 2)]);
        let gained = |name| after.gained(&before, name);
        assert_eq!([gained("TCPTimeouts"), gained("TCPLossProbes"), gained("Unknown")], [Some(2), Some(0), None]);
    }

    #[test]
    fn this_kernel_counts_datagrams() {
        let before = Reading::take().expect("netstat");
        let socket = std::net::UdpSocket::bind("127.0.0.1:0").expect("bind");
        socket.send_to(b"x", socket.local_addr().expect("address")).expect("send");
        let gained = Reading::take().expect("netstat").gained(&before, "UdpOutDatagrams");
        // Others of this machine may send as well.
        assert!(gained.is_some_and(|gained| gained > 0), "{gained:?}");
    }
}
