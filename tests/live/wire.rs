//! Just enough decoding to check what an exchange put on the wire, independent of the program's own.

use std::fmt;

use etherparse::{LaxSlicedPacket, TransportSlice};
use netscope::frame::Time;
use netscope::live::exchange::Recording;

/// One packet in the words of a test.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) time: Time,
    pub(crate) client: bool,
    pub(crate) from_port: u16,
    pub(crate) to_port: u16,
    pub(crate) v6: bool,
    /// Names of TCP's flags, or `UDP`, or `ICMP`.
    pub(crate) flags: Vec<&'static str>,
    pub(crate) data: Vec<u8>,
}

impl Line {
    pub(crate) fn has(&self, flag: &str) -> bool {
        self.flags.contains(&flag)
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.has("ICMP") {
            return f.write_str("ICMP");
        }
        let direction = if self.client { "C>S" } else { "S>C" };
        write!(f, "{direction} {} {}", self.flags.join(","), self.data.len())
    }
}

/// Every packet of a recording; each must be of a kind that exchanges make.
pub(crate) fn lines(recording: &Recording) -> Vec<Line> {
    recording
        .frames
        .iter()
        .map(|frame| {
            let packet = LaxSlicedPacket::from_ethernet(&frame.bytes).expect("Ethernet");
            let v6 = frame.bytes[12..14] == [0x86, 0xdd];
            let (ports, flags, data) = match packet.transport.as_ref().expect("a transport header") {
                TransportSlice::Tcp(tcp) => {
                    let flags = [
                        (tcp.syn(), "SYN"),
                        (tcp.fin(), "FIN"),
                        (tcp.rst(), "RST"),
                        (tcp.psh(), "PSH"),
                        (tcp.ack(), "ACK"),
                    ];
                    let names = flags.iter().filter(|(set, _)| *set).map(|(_, name)| *name).collect();
                    ((tcp.source_port(), tcp.destination_port()), names, tcp.payload().to_vec())
                }
                TransportSlice::Udp(udp) => {
                    ((udp.source_port(), udp.destination_port()), vec!["UDP"], udp.payload().to_vec())
                }
                TransportSlice::Icmpv4(_) | TransportSlice::Icmpv6(_) => ((0, 0), vec!["ICMP"], Vec::new()),
                TransportSlice::Igmp(_) => panic!("IGMP"),
            };
            let client = ports.1 == recording.server_port;
            Line { time: frame.time.expect("stamped"), client, from_port: ports.0, to_port: ports.1, v6, flags, data }
        })
        .collect()
}
