//! Link layers: from the first byte of a frame to an IP header or an ARP message.

use etherparse::ArpPacketSlice;

use super::span::{Span, be16};
use super::{Arp, Packet, Stop, StopReason, Transport, bridge, ip, media, tunnel, wifi};
use crate::frame::LinkType;

/// Decodes a frame that begins with `link`.
#[inline]
pub(super) fn decode<'a>(link: LinkType, frame: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    match link {
        LinkType::ETHERNET => ethernet(frame, packet),
        LinkType::LINUX_SLL => sll(frame, packet),
        LinkType::LINUX_SLL2 => sll2(frame, packet),
        LinkType::NULL => null(frame, packet),
        LinkType::LOOP => family(u32::from_be_bytes(*frame.head("loop")?), frame, packet),
        // 12 and 14 are DLT_RAW of systems that wrote it into files unchanged.
        LinkType::RAW | LinkType::IPV4 | LinkType(12 | 14) => ip::ip(frame, packet),
        LinkType::IPV6 => ip::ipv6(frame, packet),
        LinkType::PPP | LinkType::PPP_HDLC => ppp_hdlc(frame, packet),
        LinkType::C_HDLC => cisco_hdlc(frame, packet),
        LinkType::FRELAY => frame_relay(frame, packet),
        LinkType::IEEE802_11 => wifi::decode(frame, packet),
        LinkType::IEEE802_11_RADIOTAP => wifi::radiotap(frame, packet),
        LinkType::IEEE802_11_PRISM => wifi::prism(frame, packet),
        LinkType::IEEE802_11_AVS => wifi::avs(frame, packet),
        LinkType::PPI => wifi::ppi(frame, packet),
        LinkType::MPLS => tunnel::mpls(frame, packet),
        LinkType::PPP_WITH_DIR => {
            let _direction: &[u8; 1] = frame.head("ppp with direction")?;
            ppp_hdlc(frame.skip(1), packet)
        }
        LinkType::PPP_ETHER => pppoe(frame, packet),
        link => media::decode(link, frame, packet),
    }
}

/// A frame of the link type that a header before it names.
pub(super) fn within<'a>(kind: u32, frame: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    let number = u16::try_from(kind).map_err(|_| frame.unsupported("link type", kind))?;
    decode(LinkType(number), frame.deeper("link type")?, packet)
}

#[inline]
pub(super) fn ethernet<'a>(frame: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    let header: &[u8; 14] = frame.head("ethernet")?;
    match be16(header, 12) {
        // Cisco's ISL has a length there, below addresses of its own.
        0..=1500 if matches!(header, [1 | 3, 0, 0x0c, 0, 0, ..]) => bridge::isl(frame, packet),
        ether_type => typed(ether_type, frame.skip(14), packet),
    }
}

/// The layer that an Ethernet type, or a length in its place, announces.
#[inline]
pub(super) fn typed<'a>(mut ether_type: u16, span: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    let mut span = span.deeper("ethertype")?;
    loop {
        return match ether_type {
            0x0800 => ip::ip(span, packet),
            0x86dd => ip::ipv6(span, packet),
            0x0806 => arp(span, packet),
            0x8100 | 0x88a8 | 0x9100 => {
                let tag: &[u8; 4] = span.head("vlan")?;
                ether_type = be16(tag, 2);
                span = span.skip(4);
                continue;
            }
            // The tags of virtual machines' ports, of rings (IEC 62439-3) and of redundant streams (IEEE 802.1CB).
            0x8926 | 0x892f | 0xf1c1 => {
                let tag: &[u8; 6] = span.head("tag")?;
                ether_type = be16(tag, 4);
                span = span.skip(6);
                continue;
            }
            // The tags of port extenders (IEEE 802.1BR) and of Cisco's security groups.
            0x893f | 0x8909 => {
                let tag: &[u8; 8] = span.head("tag")?;
                ether_type = be16(tag, 6);
                span = span.skip(8);
                continue;
            }
            0x6558 => ethernet(span, packet),
            0x880b => ppp_hdlc(span, packet),
            0x8847 | 0x8848 => tunnel::mpls(span, packet),
            0x8864 => pppoe(span, packet),
            // A provider's backbone (IEEE 802.1ah): an identifier, then the customer's frame.
            0x88e7 => {
                let _service: &[u8; 4] = span.head("i-tag")?;
                ethernet(span.skip(4), packet)
            }
            // Cisco's FabricPath: a tree and a hop limit, then the customer's frame.
            0x8903 => {
                let _tag: &[u8; 2] = span.head("fabricpath")?;
                ethernet(span.skip(2), packet)
            }
            0x894f => tunnel::nsh(span, packet),
            // 802.2 in frames that are too long for a length.
            0x8870 => llc(span, packet),
            0x22f3 => bridge::trill(span, packet),
            0x4305 => bridge::batman(span, packet),
            0x88bb | 0xbbbb => wifi::lwapp(span, packet),
            0..=1500 => llc(span.limit(ether_type.into(), "ethernet length"), packet),
            _ => Err(span.unsupported("ethertype", ether_type)),
        };
    }
}

/// IEEE 802.2 with SNAP (RFC 1042).
pub(super) fn llc<'a>(span: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    match span.head("llc")? {
        [0xaa, 0xaa, 0x03] => snap(span.skip(3), 0, packet),
        [0x06, _, 0x03] => ip::ip(span.skip(3), packet),
        [0xfe, 0xfe, 0x03] => network_protocol(span.skip(3), packet),
        saps => Err(span.unsupported("llc dsap", saps[0])),
    }
}

/// The organisation's code and its protocol. `pad` bytes stand before an Ethernet frame that was bridged (RFC 2684).
pub(super) fn snap<'a>(span: Span<'a>, pad: usize, packet: &mut Packet<'a>) -> Result<(), Stop> {
    let snap: &[u8; 5] = span.head("snap")?;
    match ([snap[0], snap[1], snap[2]], be16(snap, 3)) {
        // A length has no meaning here, so `typed` must not see one.
        ([0, 0, 0 | 0xf8], ether_type @ 1501..) => typed(ether_type, span.skip(5), packet),
        ([0, 0x80, 0xc2], 1 | 7) => {
            span.first("snap", 5 + pad)?;
            ethernet(span.skip(5 + pad).deeper("snap")?, packet)
        }
        (_, ether_type) => Err(span.unsupported("snap protocol", ether_type)),
    }
}

/// A network layer protocol identifier (ISO 9577).
fn network_protocol<'a>(span: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    let id: &[u8; 1] = span.head("nlpid")?;
    match id[0] {
        0x80 => snap(span.skip(1), 0, packet),
        0x8e => ip::ipv6(span.skip(1), packet),
        0xcc => ip::ip(span.skip(1), packet),
        0xcf => ppp(span.skip(1), packet),
        other => Err(span.unsupported("nlpid", other)),
    }
}

/// Frame relay (RFC 2427): an address whose last byte is odd, then a protocol identifier or Cisco's Ethernet type.
pub(super) fn frame_relay<'a>(frame: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    let frame = frame.deeper("frame relay")?;
    let Some(last) = frame.bytes.iter().take(4).position(|byte| byte & 1 == 1) else {
        let _address: &[u8; 4] = frame.head("frame relay")?;
        return Err(frame.invalid("frame relay", "address", frame.bytes[3]));
    };
    let rest = frame.skip(last + 1);
    match rest.head("frame relay")? {
        [0x03, 0] => network_protocol(rest.skip(2), packet),
        [0x03, _] => network_protocol(rest.skip(1), packet),
        &[high, low] => match u16::from_be_bytes([high, low]) {
            ether_type @ 1501.. => typed(ether_type, rest.skip(2), packet),
            other => Err(rest.unsupported("frame relay protocol", other)),
        },
    }
}

/// Cisco's framing of serial lines.
pub(super) fn cisco_hdlc<'a>(frame: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    let header: &[u8; 4] = frame.head("cisco hdlc")?;
    match be16(header, 2) {
        ether_type @ 1501.. => typed(ether_type, frame.skip(4), packet),
        other => Err(frame.unsupported("cisco hdlc protocol", other)),
    }
}

/// Linux cooked capture: what the kernel knows of any interface, in 16 bytes.
fn sll<'a>(frame: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    let header: &[u8; 16] = frame.head("linux_sll")?;
    cooked(be16(header, 2), be16(header, 14), frame, 16, packet)
}

/// The second version, with the interface index.
fn sll2<'a>(frame: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    let header: &[u8; 20] = frame.head("linux_sll2")?;
    cooked(be16(header, 8), be16(header, 0), frame, 20, packet)
}

fn cooked<'a>(
    hardware: u16,
    protocol: u16,
    frame: Span<'a>,
    header: usize,
    packet: &mut Packet<'a>,
) -> Result<(), Stop> {
    // With some hardware the protocol field is no Ethernet type.
    match hardware {
        770 => return frame_relay(frame.skip(header), packet),
        778 => return tunnel::gre_protocol(protocol, false, frame.skip(header), packet),
        803 => return wifi::radiotap(frame.skip(header), packet),
        // Netlink.
        824 => return Err(frame.unsupported("arphrd", hardware)),
        _ => {}
    }
    match protocol {
        // "Any", PPP, 802.2 LLC and the kernel's other numbers below 0x600.
        0x0003 => ethernet(frame.skip(header).deeper("linux protocol")?, packet),
        0x0007 => ppp_hdlc(frame.skip(header), packet),
        0x0004 => llc(frame.skip(header), packet),
        0x0000..=0x05ff => Err(frame.skip(header).unsupported("linux protocol", protocol)),
        _ => typed(protocol, frame.skip(header), packet),
    }
}

/// The family is in the byte order of the machine that captured, which the file need not share. Some programs put an
/// Ethernet type there, or PPP.
fn null<'a>(frame: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    let bytes: &[u8; 4] = frame.head("null")?;
    if bytes.starts_with(&[0xff, 0x03]) {
        return ppp_hdlc(frame, packet);
    }
    let number = u32::from_le_bytes(*bytes).min(u32::from_be_bytes(*bytes));
    match u16::try_from(number) {
        Ok(ether_type @ 1501..) => typed(ether_type, frame.skip(4), packet),
        _ => family(number, frame, packet),
    }
}

pub(super) fn family<'a>(family: u32, frame: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    match family {
        2 => ip::ip(frame.skip(4), packet),
        // AF_INET6 of Linux, BSD, FreeBSD and macOS.
        10 | 24 | 28 | 30 => ip::ipv6(frame.skip(4), packet),
        _ => Err(frame.unsupported("address family", family)),
    }
}

/// PPP in HDLC-like framing, in which the address and control bytes may be compressed away (RFC 1661 section 6.6).
pub(super) fn ppp_hdlc<'a>(frame: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    let first: &[u8; 1] = frame.head("ppp")?;
    match first[0] {
        0xff => {
            let _address_control: &[u8; 2] = frame.head("ppp")?;
            ppp(frame.skip(2), packet)
        }
        // Cisco HDLC, which the same link type carries.
        0x0f | 0x8f => cisco_hdlc(frame, packet),
        _ => ppp(frame, packet),
    }
}

/// The protocol field, one byte when it is odd (RFC 1661 section 6.5), and what it announces.
fn ppp<'a>(span: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    let first: &[u8; 1] = span.head("ppp")?;
    let (protocol, header) =
        if first[0] & 1 == 1 { (first[0].into(), 1) } else { (be16::<2>(span.head("ppp")?, 0), 2) };
    let rest = span.skip(header);
    match protocol {
        // Some programs put Ethernet types here, too.
        0x0021 | 0x0800 => ip::ip(rest, packet),
        0x0031 => {
            // A bridged frame (RFC 3518): flags, the kind of network, the frame.
            let bridged: &[u8; 2] = rest.head("bcp")?;
            match bridged[1] {
                1 => ethernet(rest.skip(2).deeper("bcp")?, packet),
                kind => Err(rest.unsupported("bcp type", kind)),
            }
        }
        0x0057 | 0x86dd => ip::ipv6(rest, packet),
        0x003d => multilink(rest.deeper("ppp multilink")?, packet),
        0x004b => llc(rest, packet),
        0x0281 | 0x0283 => tunnel::mpls(rest.deeper("mpls")?, packet),
        _ => Err(span.unsupported("ppp protocol", protocol)),
    }
}

/// Several links as one (RFC 1990): packets that are whole, whose begin and end bits are both set.
fn multilink<'a>(span: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    let header: &[u8; 4] = span.head("ppp multilink")?;
    if header[0] & 0xc0 != 0xc0 {
        return Err(span.stop("ppp multilink", StopReason::Fragment));
    }
    ppp(span.skip(4), packet)
}

/// PPP over Ethernet, session stage (RFC 2516).
fn pppoe<'a>(span: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    let header: &[u8; 6] = span.head("pppoe")?;
    if header[0] != 0x11 {
        return Err(span.invalid("pppoe", "version and type", header[0]));
    }
    if header[1] != 0 {
        return Err(span.unsupported("pppoe code", header[1]));
    }
    ppp(span.skip(6).limit(be16(header, 4).into(), "pppoe length"), packet)
}

pub(super) fn arp<'a>(span: Span<'a>, packet: &mut Packet<'a>) -> Result<(), Stop> {
    let fixed: &[u8; 8] = span.head("arp")?;
    // ATM puts other lengths into the same places (RFC 2225).
    if be16(fixed, 0) == 19 {
        return Err(span.unsupported("arp hardware", 19u32));
    }
    let len = 8 + 2 * (usize::from(fixed[4]) + usize::from(fixed[5]));
    let message = span.first("arp", len)?;
    let arp = ArpPacketSlice::from_slice(message).map_err(|_| span.invalid("arp", "address length", fixed[5]))?;
    let address = |bytes: &[u8]| <[u8; 4]>::try_from(bytes).ok().map(Into::into);
    let is_ipv4 = arp.proto_addr_type().0 == 0x0800;
    packet.transport = Transport::Arp(Arp {
        operation: arp.operation().0,
        sender: address(arp.sender_protocol_addr()).filter(|_| is_ipv4),
        target: address(arp.target_protocol_addr()).filter(|_| is_ipv4),
    });
    Ok(())
}
