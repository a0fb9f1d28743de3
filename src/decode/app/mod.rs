//! What the payload of a segment or datagram is. One file per protocol, one line in [`DISSECTORS`].

use crate::track::Proto;

mod dns;
pub mod http;

/// A recognised message of an application protocol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppMessage {
    /// `http`, …
    pub proto: &'static str,
    /// `request`, `response`, …
    pub kind: &'static str,
    /// The line that a person would read first.
    pub summary: String,
    /// Named parts: `method`, `target`, `status`, …
    pub fields: Vec<(&'static str, String)>,
    /// How the receiver finds the end of the message's body.
    pub body: Body,
}

impl AppMessage {
    /// A named part.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(key, _)| *key == name).map(|(_, value)| value.as_str())
    }
}

/// How the end of a message's body is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Body {
    /// There is no body, or it does not matter.
    None,
    /// By a length or by chunks.
    Delimited,
    /// Only by the end of the connection (RFC 9112 section 6.3, rule 8).
    UntilClose,
}

/// Recognises one protocol.
#[derive(Debug)]
pub struct Dissector {
    /// The protocol's name.
    pub name: &'static str,
    /// Which transport it runs on.
    pub transport: Proto,
    /// False for a payload that `dissect` would turn away at a glance.
    pub fits: fn(payload: &[u8], ports: (u16, u16)) -> bool,
    /// Reads the beginning of a payload; ports as in the packet.
    pub dissect: fn(payload: &[u8], ports: (u16, u16)) -> Option<AppMessage>,
}

/// Every protocol that netscope recognises.
pub static DISSECTORS: &[&Dissector] = &[&http::HTTP, &dns::DNS, &dns::DNS_TCP];

/// What a payload is, when a dissector knows it.
#[must_use]
pub fn dissect(transport: Proto, payload: &[u8], ports: (u16, u16)) -> Option<AppMessage> {
    DISSECTORS
        .iter()
        .filter(|dissector| dissector.transport == transport)
        .find_map(|dissector| (dissector.dissect)(payload, ports))
}

/// False when no dissector will know the payload, told by its first bytes and the ports.
#[inline]
#[must_use]
pub fn may_know(transport: Proto, payload: &[u8], ports: (u16, u16)) -> bool {
    DISSECTORS.iter().any(|dissector| dissector.transport == transport && (dissector.fits)(payload, ports))
}
