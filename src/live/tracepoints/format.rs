//! How a tracepoint lays out its fields, by the kernel's own description, and reading them.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// The layout of one tracepoint.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Format {
    /// Its number.
    pub(super) id: u16,
    /// By name: offset and size in bytes.
    fields: BTreeMap<String, (usize, usize)>,
    /// By number: the names that the kernel has for values of `reason`.
    reasons: BTreeMap<u64, String>,
}

impl Format {
    /// From the text of a `format` file; none when it has no number.
    pub(super) fn parse(text: &str) -> Option<Format> {
        let mut format = Format::default();
        let mut id = None;
        for line in text.lines().map(str::trim) {
            if let Some(number) = line.strip_prefix("ID: ") {
                id = number.parse().ok();
            } else if let Some(field) = line.strip_prefix("field:") {
                format.field(field);
            } else if let Some((_, list)) = line.split_once("__print_symbolic(REC->reason,") {
                format.reasons = symbols(list);
            }
        }
        Some(Format { id: id?, ..format })
    }

    /// `__u8 saddr[28]; offset:32; size:28; signed:0;`, with tabs between
    fn field(&mut self, field: &str) {
        let mut parts = field.split(';').map(str::trim);
        let Some(declared) = parts.next() else { return };
        let name = declared.rsplit([' ', '*']).next().unwrap_or_default();
        let name = name.split('[').next().unwrap_or_default();
        let (mut offset, mut size) = (None, None);
        for part in parts {
            match part.split_once(':') {
                Some(("offset", number)) => offset = number.parse().ok(),
                Some(("size", number)) => size = number.parse().ok(),
                _ => {}
            }
        }
        if let (Some(offset), Some(size)) = (offset, size) {
            self.fields.insert(name.to_owned(), (offset, size));
        }
    }

    /// The bytes of a field.
    fn bytes<'a>(&self, raw: &'a [u8], name: &str) -> Option<&'a [u8]> {
        let (offset, size) = *self.fields.get(name)?;
        raw.get(offset..offset.checked_add(size)?)
    }

    /// A number of up to eight bytes.
    pub(super) fn number(&self, raw: &[u8], name: &str) -> Option<u64> {
        let bytes = self.bytes(raw, name)?;
        let mut whole = [0u8; 8];
        let at = if cfg!(target_endian = "big") { 8usize.checked_sub(bytes.len())? } else { 0 };
        whole.get_mut(at..at + bytes.len())?.copy_from_slice(bytes);
        Some(u64::from_ne_bytes(whole))
    }

    /// The kernel's name for the value of `reason`; a number that has none is shown as it is.
    pub(super) fn reason(&self, raw: &[u8]) -> Option<String> {
        let number = self.number(raw, "reason")?;
        Some(self.reasons.get(&number).cloned().unwrap_or_else(|| number.to_string()))
    }

    /// The socket's own address and its peer's, in either of the two ways in which tracepoints hold them.
    pub(super) fn ends(&self, raw: &[u8]) -> Option<(SocketAddr, SocketAddr)> {
        if self.fields.get("saddr")?.1 == 28 {
            return Some((sockaddr(self.bytes(raw, "saddr")?)?, sockaddr(self.bytes(raw, "daddr")?)?));
        }
        let six = self.number(raw, "family")? == u64::from(libc::AF_INET6.cast_unsigned());
        let end = |four: &str, six_name: &str, port: &str| {
            let ip: IpAddr = if six {
                Ipv6Addr::from(<[u8; 16]>::try_from(self.bytes(raw, six_name)?).ok()?).into()
            } else {
                Ipv4Addr::from(<[u8; 4]>::try_from(self.bytes(raw, four)?).ok()?).into()
            };
            Some(SocketAddr::new(ip, u16::try_from(self.number(raw, port)?).ok()?))
        };
        Some((end("saddr", "saddr_v6", "sport")?, end("daddr", "daddr_v6", "dport")?))
    }
}

/// A `struct sockaddr_in` or `sockaddr_in6`.
fn sockaddr(bytes: &[u8]) -> Option<SocketAddr> {
    crate::calls::text::socket_address(bytes)
}

/// ` { 0, "NOT_SPECIFIED" }, { 1, "NO_SOCKET" })`
fn symbols(list: &str) -> BTreeMap<u64, String> {
    list.split('{')
        .skip(1)
        .filter_map(|entry| {
            let (number, rest) = entry.split_once(',')?;
            Some((number.trim().parse().ok()?, rest.split('"').nth(1)?.to_owned()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATE: &str = "name: inet_sock_set_state
ID: 2287
format:
\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;
\tfield:const void * skaddr;\toffset:8;\tsize:8;\tsigned:0;
\tfield:int newstate;\toffset:20;\tsize:4;\tsigned:1;
\tfield:__u16 sport;\toffset:24;\tsize:2;\tsigned:0;
\tfield:__u16 dport;\toffset:26;\tsize:2;\tsigned:0;
\tfield:__u16 family;\toffset:28;\tsize:2;\tsigned:0;
\tfield:__u8 saddr[4];\toffset:32;\tsize:4;\tsigned:0;
\tfield:__u8 daddr[4];\toffset:36;\tsize:4;\tsigned:0;
\tfield:__u8 saddr_v6[16];\toffset:40;\tsize:16;\tsigned:0;
\tfield:__u8 daddr_v6[16];\toffset:56;\tsize:16;\tsigned:0;
";

    const RESET: &str = "ID: 2280
\tfield:enum sk_rst_reason reason;\toffset:0;\tsize:4;\tsigned:0;
\tfield:__u8 saddr[28];\toffset:4;\tsize:28;\tsigned:0;
\tfield:__u8 daddr[28];\toffset:32;\tsize:28;\tsigned:0;
print fmt: \"%s\", REC->state ? __print_symbolic(REC->state, { TCP_CLOSE, \"TCP_CLOSE\" }) : \"UNKNOWN\", __print_symbolic(REC->reason, { 0, \"NOT_SPECIFIED\" }, { 11, \"TCP_ABORT_ON_CLOSE\" })
";

    #[test]
    fn fields_are_read_where_the_kernel_says_they_are() {
        let format = Format::parse(STATE).expect("it has a number");
        assert_eq!(format.id, 2287);
        let mut raw = vec![0u8; 72];
        raw[20..24].copy_from_slice(&7u32.to_ne_bytes());
        raw[24..26].copy_from_slice(&5000u16.to_ne_bytes());
        raw[26..28].copy_from_slice(&40000u16.to_ne_bytes());
        raw[28..30].copy_from_slice(&2u16.to_ne_bytes());
        raw[32..40].copy_from_slice(&[127, 0, 0, 1, 10, 0, 0, 2]);
        assert_eq!(format.number(&raw, "newstate"), Some(7));
        let expected = ("127.0.0.1:5000".parse().expect("address"), "10.0.0.2:40000".parse().expect("address"));
        assert_eq!(format.ends(&raw), Some(expected));
        raw[28..30].copy_from_slice(&10u16.to_ne_bytes());
        assert_eq!(format.ends(&raw).map(|ends| ends.0.is_ipv6()), Some(true));
        // A kernel that gives less than it describes.
        assert_eq!(format.ends(&raw[..40]), None);
        assert_eq!(format.number(&raw, "missing"), None);
        assert_eq!(Format::parse("name: x"), None);
    }

    #[test]
    fn reasons_have_the_kernels_names() {
        let format = Format::parse(RESET).expect("it has a number");
        let mut raw = vec![0u8; 60];
        raw[0] = 11;
        raw[4..12].copy_from_slice(&[2, 0, 0x13, 0x88, 127, 0, 0, 1]);
        raw[32..40].copy_from_slice(&[2, 0, 0x9c, 0x40, 127, 0, 0, 1]);
        assert_eq!(format.reason(&raw).as_deref(), Some("TCP_ABORT_ON_CLOSE"));
        assert_eq!(format.ends(&raw).map(|(own, peer)| (own.port(), peer.port())), Some((5000, 40000)));
        raw[0] = 99;
        assert_eq!(format.reason(&raw).as_deref(), Some("99"));
    }
}
