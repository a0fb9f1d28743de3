//! The few rtnetlink requests that a wire needs.

use std::io;
use std::net::IpAddr;
use std::os::fd::{AsRawFd, BorrowedFd};

use netlink_sys::protocols::NETLINK_ROUTE;

/// `<linux/if_link.h>`, `<linux/veth.h>`, `<linux/if_addr.h>`, `<linux/neighbour.h>`.
const IFLA_ADDRESS: u16 = 1;
const IFLA_IFNAME: u16 = 3;
const IFLA_LINKINFO: u16 = 18;
const IFLA_NET_NS_FD: u16 = 28;
const IFLA_INFO_KIND: u16 = 1;
const IFLA_INFO_DATA: u16 = 2;
const VETH_INFO_PEER: u16 = 1;
const IFA_ADDRESS: u16 = 1;
const IFA_LOCAL: u16 = 2;
/// No search for others with the same address: it would delay the first packet by a second.
const IFA_F_NODAD: u8 = 2;
const NDA_DST: u16 = 1;
const NDA_LLADDR: u16 = 2;
const NUD_PERMANENT: u16 = 0x80;
/// A request for what exists already.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "flags of 16 bits")]
const CHANGE: u16 = (libc::NLM_F_REQUEST | libc::NLM_F_ACK) as u16;

/// A request under construction.
struct Request {
    kind: u16,
    flags: u16,
    body: Vec<u8>,
}

impl Request {
    fn new(kind: u16) -> Request {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "flags of 16 bits")]
        let flags = (libc::NLM_F_REQUEST | libc::NLM_F_ACK | libc::NLM_F_CREATE | libc::NLM_F_EXCL) as u16;
        Request { kind, flags, body: Vec::new() }
    }

    fn attribute(&mut self, kind: u16, value: &[u8]) {
        self.nested(kind, |body| body.body.extend(value));
    }

    fn nested(&mut self, kind: u16, value: impl FnOnce(&mut Request)) {
        let start = self.body.len();
        self.body.extend([0, 0]);
        self.body.extend(kind.to_ne_bytes());
        value(self);
        let length = u16::try_from(self.body.len() - start).unwrap_or(u16::MAX);
        self.body[start..start + 2].copy_from_slice(&length.to_ne_bytes());
        self.body.resize(self.body.len().next_multiple_of(4), 0);
    }

    fn name(&mut self, name: &str) {
        self.attribute(IFLA_IFNAME, &[name.as_bytes(), &[0]].concat());
    }

    /// Sends it in the calling thread's network and waits for the kernel's word.
    fn send(self) -> io::Result<()> {
        let length = u32::try_from(self.body.len() + 16).unwrap_or(u32::MAX);
        let mut message = Vec::with_capacity(self.body.len() + 16);
        message.extend(length.to_ne_bytes());
        message.extend(self.kind.to_ne_bytes());
        message.extend(self.flags.to_ne_bytes());
        message.extend([0; 8]);
        message.extend(self.body);
        let socket = netlink_sys::Socket::new(NETLINK_ROUTE)?;
        socket.connect(&netlink_sys::SocketAddr::new(0, 0))?;
        socket.send(&message, 0)?;
        let (answer, _) = socket.recv_from_full()?;
        // An nlmsgerr: the error's number, negated, follows the header; 0 is the acknowledgement.
        match answer.get(16..20).and_then(|bytes| bytes.try_into().ok()).map(i32::from_ne_bytes) {
            Some(0) => Ok(()),
            Some(errno) => Err(io::Error::from_raw_os_error(-errno)),
            None => Err(io::Error::from(io::ErrorKind::UnexpectedEof)),
        }
    }
}

/// A pair of connected Ethernet interfaces, the second one in another network.
pub(super) fn add_pair(name: &str, peer: &str, hardware: [u8; 6], network: BorrowedFd<'_>) -> io::Result<()> {
    let mut request = Request::new(libc::RTM_NEWLINK);
    // struct ifinfomsg.
    request.body.extend([0; 16]);
    request.name(name);
    request.nested(IFLA_LINKINFO, |info| {
        info.attribute(IFLA_INFO_KIND, b"veth");
        info.nested(IFLA_INFO_DATA, |data| {
            data.nested(VETH_INFO_PEER, |other| {
                other.body.extend([0; 16]);
                other.name(peer);
                other.attribute(IFLA_ADDRESS, &hardware);
                other.attribute(IFLA_NET_NS_FD, &network.as_raw_fd().to_ne_bytes());
            });
        });
    });
    request.send()
}

/// An address of an interface; `prefix` bits of it name the network.
pub(super) fn add_address(interface: u32, address: IpAddr, prefix: u8) -> io::Result<()> {
    let mut request = Request::new(libc::RTM_NEWADDR);
    // struct ifaddrmsg.
    request.body.extend([family(address), prefix, if address.is_ipv6() { IFA_F_NODAD } else { 0 }, 0]);
    request.body.extend(interface.to_ne_bytes());
    request.attribute(IFA_LOCAL, &octets(address));
    request.attribute(IFA_ADDRESS, &octets(address));
    request.send()
}

/// Takes an address away from an interface.
pub(super) fn remove_address(interface: u32, address: IpAddr, prefix: u8) -> io::Result<()> {
    let mut request = Request::new(libc::RTM_DELADDR);
    request.flags = CHANGE;
    request.body.extend([family(address), prefix, 0, 0]);
    request.body.extend(interface.to_ne_bytes());
    request.attribute(IFA_LOCAL, &octets(address));
    request.send()
}

/// The way to one address through an interface, and the address that is written as the sender's.
pub(super) fn add_route(interface: u32, to: IpAddr, from: IpAddr) -> io::Result<()> {
    let mut request = Request::new(libc::RTM_NEWROUTE);
    let whole = u8::try_from(octets(to).len() * 8).unwrap_or_default();
    // struct rtmsg.
    request.body.extend([family(to), whole, 0, 0]);
    request.body.extend([libc::RT_TABLE_MAIN, libc::RTPROT_STATIC, libc::RT_SCOPE_LINK, libc::RTN_UNICAST]);
    request.body.extend([0; 4]);
    request.attribute(libc::RTA_DST, &octets(to));
    request.attribute(libc::RTA_OIF, &interface.to_ne_bytes());
    request.attribute(libc::RTA_PREFSRC, &octets(from));
    request.send()
}

/// The hardware address of a neighbour, so that nobody has to ask for it.
pub(super) fn add_neighbour(interface: u32, address: IpAddr, hardware: [u8; 6]) -> io::Result<()> {
    let mut request = Request::new(libc::RTM_NEWNEIGH);
    // struct ndmsg.
    request.body.extend([family(address), 0, 0, 0]);
    request.body.extend(interface.to_ne_bytes());
    request.body.extend(NUD_PERMANENT.to_ne_bytes());
    request.body.extend([0, 0]);
    request.attribute(NDA_DST, &octets(address));
    request.attribute(NDA_LLADDR, &hardware);
    request.send()
}

fn family(address: IpAddr) -> u8 {
    let family = if address.is_ipv6() { libc::AF_INET6 } else { libc::AF_INET };
    u8::try_from(family).unwrap_or_default()
}

fn octets(address: IpAddr) -> Vec<u8> {
    match address {
        IpAddr::V4(four) => four.octets().to_vec(),
        IpAddr::V6(six) => six.octets().to_vec(),
    }
}
