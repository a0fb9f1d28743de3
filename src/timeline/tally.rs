//! What a kernel counted while an exchange ran.

use crate::frame::Time;
use crate::track::Side;

/// The file below `/proc/net` that a counter is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CountedIn {
    /// `netstat`: what Linux counts beyond the standards, `TcpExt` above all.
    Netstat,
    /// `snmp`: the counters of the MIBs (RFC 4022, RFC 4113, RFC 4293).
    Snmp,
    /// `snmp6`: the same of IPv6.
    Snmp6,
}

impl CountedIn {
    /// All of them.
    pub const ALL: [CountedIn; 3] = [CountedIn::Netstat, CountedIn::Snmp, CountedIn::Snmp6];

    /// Its name in the records.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            CountedIn::Netstat => "netstat",
            CountedIn::Snmp => "snmp",
            CountedIn::Snmp6 => "snmp6",
        }
    }
}

/// What one file's counters have gained. They are those of a whole network and name no connection.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Tally {
    /// When it was read, at the end of the exchange.
    pub time: Time,
    /// Whose kernel; none where both ends are one host.
    pub side: Option<Side>,
    /// Where.
    pub source: CountedIn,
    /// By name, as `nstat` has it without `TcpExt`: `TCPTimeouts`, `TcpRetransSegs`. Only those that moved.
    pub moved: Vec<(String, u64)>,
}

impl Tally {
    /// What one counter has gained.
    #[must_use]
    pub fn gained(&self, name: &str) -> u64 {
        self.moved.iter().find(|(known, _)| known == name).map_or(0, |(_, gained)| *gained)
    }

    /// Those that tell what a capture alone does not: repairs, losses, aborts, full queues.
    pub fn telling(&self) -> impl Iterator<Item = (&str, u64)> {
        TELLING.iter().map(|name| (*name, self.gained(name))).filter(|(_, gained)| *gained > 0)
    }
}

/// In this order they are shown to people. Counters of ordinary traffic are not among them.
const TELLING: [&str; 45] = [
    "TCPTimeouts",
    "TCPLossProbes",
    "TCPLossProbeRecovery",
    "TCPFastRetrans",
    "TCPSlowStartRetrans",
    "TCPLostRetransmit",
    "TCPRetransFail",
    "TCPSynRetrans",
    "TcpRetransSegs",
    "TCPDSACKRecv",
    "TCPDSACKOldSent",
    "TCPDSACKOfoSent",
    "TCPOFOQueue",
    "TCPSACKReorder",
    "TCPSpuriousRTOs",
    "DelayedACKs",
    "DelayedACKLost",
    "TCPToZeroWindowAdv",
    "TCPFromZeroWindowAdv",
    "TCPWinProbe",
    "TCPKeepAlive",
    "TCPChallengeACK",
    "TCPSYNChallenge",
    "TCPAbortOnTimeout",
    "TCPAbortOnClose",
    "TCPAbortOnData",
    "TCPAbortOnLinger",
    "TCPAbortOnMemory",
    "TcpAttemptFails",
    "TcpEstabResets",
    "TcpOutRsts",
    "TcpInErrs",
    "EmbryonicRsts",
    "ListenOverflows",
    "ListenDrops",
    "TCPReqQFullDrop",
    "TCPBacklogDrop",
    "TCPRcvQDrop",
    "TCPZeroWindowDrop",
    "UdpNoPorts",
    "UdpInErrors",
    "UdpRcvbufErrors",
    "Udp6NoPorts",
    "Udp6InErrors",
    "Udp6RcvbufErrors",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_shown_what_tells_something() {
        let moved = [("IpInReceives", 9), ("TcpOutRsts", 1), ("TCPTimeouts", 3)];
        let moved = moved.map(|(name, gained)| (name.to_owned(), gained)).to_vec();
        let tally = Tally { time: Time(0), side: None, source: CountedIn::Snmp, moved };
        assert_eq!(tally.telling().collect::<Vec<_>>(), [("TCPTimeouts", 3), ("TcpOutRsts", 1)]);
        assert_eq!((tally.gained("IpInReceives"), tally.gained("TcpInErrs")), (9, 0));
    }
}
