//! One line about a packet as packet analysers print it.

use std::fmt::Write as _;

use crate::decode::{Arp, IcmpMessage, Packet, Stop, StopReason, TcpSegment, Transport};
use crate::frame::LinkType;
use crate::track::Step;

/// The `info` of a record. It is the same in every language, as its keys are.
#[must_use]
pub fn info(packet: &Packet<'_>, step: &Step) -> String {
    match &packet.transport {
        Transport::Tcp(segment) => tcp(segment, step),
        Transport::Udp(datagram) => format!("{} → {} Len={}", datagram.src_port, datagram.dst_port, datagram.len),
        Transport::Icmp(message) => icmp(message),
        Transport::Icmpv6(message) => icmpv6(message),
        Transport::Arp(arp) => address_resolution(arp),
        Transport::Other => other(packet),
    }
}

fn tcp(segment: &TcpSegment<'_>, step: &Step) -> String {
    let mut out = String::with_capacity(120);
    number(&mut out, "", segment.src_port.into());
    number(&mut out, " → ", segment.dst_port.into());
    let mut separator = " [";
    for name in segment.flags.names() {
        out.push_str(separator);
        out.push_str(name);
        separator = ", ";
    }
    out.push_str(if separator == " [" { " [<None>]" } else { "]" });
    let tracked = step.tcp.as_ref();
    number(&mut out, " Seq=", tracked.map_or(segment.seq.0, |tcp| tcp.seq));
    if segment.flags.ack() {
        number(&mut out, " Ack=", tracked.and_then(|tcp| tcp.ack).unwrap_or(segment.ack.0));
    }
    number(&mut out, " Win=", tracked.map_or(u32::from(segment.window), |tcp| tcp.window));
    if segment.flags.has(crate::decode::TcpFlags::URG) {
        number(&mut out, " Urg=", segment.urgent.into());
    }
    number(&mut out, " Len=", segment.len);
    tcp_options(&mut out, segment, step);
    out
}

fn number(out: &mut String, name: &str, number: u32) {
    out.push_str(name);
    out.push_str(itoa::Buffer::new().format(number));
}

/// The options in the order in which Linux sends them: MSS, SACK permitted, timestamps, window scale, SACK blocks.
fn tcp_options(out: &mut String, segment: &TcpSegment<'_>, step: &Step) {
    let options = &segment.options;
    if let Some(mss) = options.mss {
        let _ = write!(out, " MSS={mss}");
    }
    if options.sack_permitted {
        out.push_str(" SACK_PERM");
    }
    if let Some((value, echo)) = options.timestamps {
        number(out, " TSval=", value);
        number(out, " TSecr=", echo);
    }
    if let Some(shift) = options.window_scale {
        // RFC 7323 section 2.3: a shift above 14 counts as 14.
        let _ = write!(out, " WS={}", 1_u32 << u32::from(shift.min(14)));
    }
    let relative = step.tcp.as_ref().map(|tcp| &tcp.sack);
    for (index, (left, right)) in options.sack().iter().enumerate() {
        let (left, right) = relative.and_then(|sack| sack.get(index)).copied().unwrap_or((left.0, right.0));
        let _ = write!(out, " SLE={left} SRE={right}");
    }
}

fn icmp(message: &IcmpMessage<'_>) -> String {
    let name = match message.kind {
        0 => "Echo (ping) reply",
        3 => "Destination unreachable",
        4 => "Source quench",
        5 => "Redirect",
        8 => "Echo (ping) request",
        11 => "Time-to-live exceeded",
        12 => "Parameter problem",
        13 => "Timestamp request",
        14 => "Timestamp reply",
        kind => return format!("ICMP type {kind} code {}", message.code),
    };
    let detail = match (message.kind, message.code) {
        (3, 0) => "Network unreachable",
        (3, 1) => "Host unreachable",
        (3, 2) => "Protocol unreachable",
        (3, 3) => "Port unreachable",
        (3, 4) => "Fragmentation needed",
        (3, 5) => "Source route failed",
        (3, 9) => "Network administratively prohibited",
        (3, 10) => "Host administratively prohibited",
        (3, 13) => "Communication administratively filtered",
        (11, 0) => "Time to live exceeded in transit",
        (11, 1) => "Fragment reassembly time exceeded",
        (3 | 5 | 11 | 12, code) => return format!("{name} (code {code})"),
        _ => return name.to_owned(),
    };
    format!("{name} ({detail})")
}

fn icmpv6(message: &IcmpMessage<'_>) -> String {
    let name = match message.kind {
        1 => "Destination Unreachable",
        2 => "Packet Too Big",
        3 => "Time Exceeded",
        4 => "Parameter Problem",
        128 => "Echo (ping) request",
        129 => "Echo (ping) reply",
        130 => "Multicast Listener Query",
        131 => "Multicast Listener Report",
        133 => "Router Solicitation",
        134 => "Router Advertisement",
        135 => "Neighbor Solicitation",
        136 => "Neighbor Advertisement",
        137 => "Redirect",
        143 => "Multicast Listener Report Message v2",
        kind => return format!("ICMPv6 type {kind} code {}", message.code),
    };
    let detail = match (message.kind, message.code) {
        (1, 0) => "no route to destination",
        (1, 1) => "Administratively prohibited",
        (1, 2) => "Beyond scope of source address",
        (1, 3) => "Address unreachable",
        (1, 4) => "Port unreachable",
        (3, 0) => "hop limit exceeded in transit",
        (3, 1) => "fragment reassembly time exceeded",
        (1 | 3 | 4, code) => return format!("{name} (code {code})"),
        _ => return name.to_owned(),
    };
    format!("{name} ({detail})")
}

fn address_resolution(arp: &Arp) -> String {
    let name =
        |address: Option<std::net::IpAddr>| address.map_or_else(|| "?".to_owned(), |address| address.to_string());
    let (sender, target) = (name(arp.sender), name(arp.target));
    match arp.operation {
        1 if arp.sender == arp.target => format!("ARP Announcement for {sender}"),
        1 => format!("Who has {target}? Tell {sender}"),
        2 => format!("{sender} answers {target}"),
        operation => format!("ARP operation {operation}, {sender} to {target}"),
    }
}

fn other(packet: &Packet<'_>) -> String {
    let what = match packet.ip {
        Some(ip) if ip.fragment => return fragment(packet, ip.protocol),
        Some(ip) => match &packet.stop {
            // Then the stop names it.
            Some(Stop { layer: "ip protocol", .. }) => String::new(),
            _ => format!("IP protocol {}", ip.protocol),
        },
        None => String::new(),
    };
    match &packet.stop {
        Some(stop) if what.is_empty() => stopped(stop),
        Some(stop) => format!("{what}: {}", stopped(stop)),
        None if what.is_empty() => "Unknown".to_owned(),
        None => what,
    }
}

/// A piece of a datagram that is not complete with it.
fn fragment(packet: &Packet<'_>, protocol: u8) -> String {
    let name = match protocol {
        1 => " (ICMP)",
        6 => " (TCP)",
        17 => " (UDP)",
        58 => " (ICMPv6)",
        _ => "",
    };
    let mut out = format!("Fragmented IP protocol {protocol}{name}");
    if let Some(fragment) = packet.fragment {
        let more = if fragment.more { ", more follow" } else { ", the last" };
        let cut = if fragment.payload.is_none() { ", cut" } else { "" };
        let _ = write!(out, ", off={}, id=0x{:04x}{more}{cut}", fragment.offset, fragment.id);
    }
    out
}

/// Layers whose numbers everybody writes in hexadecimal.
const HEXADECIMAL: [&str; 6] =
    ["ethertype", "snap protocol", "ppp protocol", "gre protocol", "linux protocol", "cisco hdlc protocol"];

/// Why decoding ended, in a few words.
fn stopped(stop: &Stop) -> String {
    let layer = stop.layer;
    match stop.why {
        StopReason::Unsupported(number) if layer == "link type" => match u16::try_from(number).map(LinkType) {
            Ok(link) if link.name().is_some() => format!("link type {link} ({number}) is not decoded"),
            _ => format!("link type {number} is not decoded"),
        },
        StopReason::Unsupported(number) if layer == "ip protocol" => format!("IP protocol {number} is not decoded"),
        StopReason::Unsupported(number) if HEXADECIMAL.contains(&layer) => {
            format!("{layer} 0x{number:04x} is not decoded")
        }
        StopReason::Unsupported(number) => format!("{layer} {number} is not decoded"),
        StopReason::Short { needed, had, limited_by } => {
            format!("{layer} needs {needed} bytes, {had} there ({limited_by})")
        }
        StopReason::Invalid { field, value } => format!("{layer} with impossible {field} {value}"),
        StopReason::Fragment => format!("{layer} fragment"),
        StopReason::Depth => format!("{layer} within too many layers is not decoded"),
    }
}
