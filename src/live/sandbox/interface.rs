//! An interface's switches, by ioctl and rtnetlink.
#![allow(unsafe_code, reason = "interfaces are set by ioctl")]

use std::ffi::CString;
use std::io;
use std::os::fd::AsRawFd;

use netlink_sys::protocols::NETLINK_ROUTE;
use socket2::{Domain, Socket, Type};

/// `<linux/ethtool.h>`: switch TCP segmentation offload, generic segmentation and generic receive offload.
const ETHTOOL_OFFLOADS: [u32; 3] = [0x1f, 0x24, 0x2c];
/// Checksums of received and of sent packets.
const ETHTOOL_CHECKSUMS: [u32; 2] = [0x15, 0x17];
/// `<linux/sockios.h>`.
const SIOCETHTOOL: libc::c_ulong = 0x8946;
/// `<linux/if_link.h>`.
const IFLA_GSO_MAX_SEGS: u16 = 40;

/// The control socket of one interface.
pub(in crate::live) struct Control {
    socket: Socket,
    name: [libc::c_char; libc::IFNAMSIZ],
}

#[repr(C)]
struct EthtoolValue {
    command: u32,
    data: u32,
}

impl Control {
    pub(in crate::live) fn open(name: &str) -> io::Result<Control> {
        let mut padded = [0; libc::IFNAMSIZ];
        if name.len() >= padded.len() {
            return Err(io::Error::from(io::ErrorKind::InvalidInput));
        }
        for (to, from) in padded.iter_mut().zip(name.bytes()) {
            *to = libc::c_char::from_ne_bytes([from]);
        }
        Ok(Control { socket: Socket::new(Domain::IPV4, Type::DGRAM, None)?, name: padded })
    }

    pub(in crate::live) fn bring_up(&self) -> io::Result<()> {
        let mut request = self.request();
        self.ioctl(libc::SIOCGIFFLAGS, &mut request)?;
        // SAFETY: SIOCGIFFLAGS has just filled this member of the union.
        let flags = unsafe { request.ifr_ifru.ifru_flags };
        #[allow(clippy::cast_possible_truncation, reason = "IFF_UP is 1")]
        let up = libc::IFF_UP as libc::c_short;
        request.ifr_ifru.ifru_flags = flags | up;
        self.ioctl(libc::SIOCSIFFLAGS, &mut request)
    }

    pub(super) fn set_mtu(&self, mtu: i32) -> io::Result<()> {
        let mut request = self.request();
        request.ifr_ifru.ifru_mtu = mtu;
        self.ioctl(libc::SIOCSIFMTU, &mut request)
    }

    /// So that a captured frame is one segment. A driver that refuses one of them is left alone.
    pub(in crate::live) fn switch_offloads_off(&self) {
        self.switch_off(&ETHTOOL_OFFLOADS);
    }

    /// So that a packet is sent with the checksum that it arrives with. A loopback interface cannot do that.
    pub(in crate::live) fn compute_checksums(&self) {
        self.switch_off(&ETHTOOL_CHECKSUMS);
    }

    fn switch_off(&self, features: &[u32]) {
        for &command in features {
            let mut value = EthtoolValue { command, data: 0 };
            let mut request = self.request();
            request.ifr_ifru.ifru_data = (&raw mut value).cast();
            let _ = self.ioctl(SIOCETHTOOL, &mut request);
        }
    }

    fn request(&self) -> libc::ifreq {
        // SAFETY: ifreq is plain data for which all zeros is a valid value.
        let mut request: libc::ifreq = unsafe { std::mem::zeroed() };
        request.ifr_name = self.name;
        request
    }

    #[allow(clippy::useless_conversion, reason = "ioctl's request has another type with musl")]
    fn ioctl(&self, code: libc::c_ulong, request: &mut libc::ifreq) -> io::Result<()> {
        let pointer: *mut libc::ifreq = request;
        // SAFETY: the request is a whole ifreq that outlives the call, and so is what its data member points to.
        let result = unsafe { libc::ioctl(self.socket.as_raw_fd(), code as _, pointer) };
        if result < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
    }
}

/// The number of an interface.
pub(crate) fn index(name: &str) -> io::Result<u32> {
    let name = CString::new(name)?;
    // SAFETY: the name is a C string that outlives the call.
    match unsafe { libc::if_nametoindex(name.as_ptr()) } {
        0 => Err(io::Error::last_os_error()),
        index => Ok(index),
    }
}

/// Makes TCP hand over one segment at a time, so that PSH stands where a textbook puts it.
pub(in crate::live) fn limit_gso_segments(name: &str, segments: u32) -> io::Result<()> {
    let index = index(name)?;
    // struct nlmsghdr, struct ifinfomsg, one attribute.
    let mut message = Vec::with_capacity(40);
    message.extend(40u32.to_ne_bytes());
    message.extend(libc::RTM_NEWLINK.to_ne_bytes());
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "flags of 16 bits")]
    message.extend(((libc::NLM_F_REQUEST | libc::NLM_F_ACK) as u16).to_ne_bytes());
    message.extend([0; 8]);
    message.extend([0; 4]);
    message.extend(index.to_ne_bytes());
    message.extend([0; 8]);
    message.extend(8u16.to_ne_bytes());
    message.extend(IFLA_GSO_MAX_SEGS.to_ne_bytes());
    message.extend(segments.to_ne_bytes());

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
