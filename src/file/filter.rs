//! Filters in pcap-filter(7) syntax, compiled by libpcap.

use pcap::{BpfProgram, Capture, Linktype};

use crate::failure::Failure;
use crate::frame::{Frame, LinkType};
use crate::language::Values;
use crate::language::messages::file as messages;

mod bpf;

/// A filter for frames of one link type.
#[derive(Debug)]
pub struct Filter {
    program: bpf::Program,
}

impl Filter {
    /// Compiles an expression for frames that begin with `link`.
    ///
    /// # Errors
    /// The expression is not valid, or libpcap has no filters for this link type.
    pub fn compile(expression: &str, link: LinkType) -> Result<Filter, Failure> {
        let compiled = compile(expression, link);
        let program = compiled.map_err(|error| {
            let values = Values::none()
                .words("filter", format!("'{expression}'"))
                .words("link", link.to_string())
                .words("reason", error);
            // An expression that is good for Ethernet is no typing error.
            if link != LinkType::ETHERNET && compile(expression, LinkType::ETHERNET).is_ok() {
                Failure::bad_input(&messages::FILTER_LINK, values).next(&messages::FILTER_LINK_NEXT)
            } else {
                Failure::bad_input(&messages::FILTER_INVALID, values).next(&messages::FILTER_NEXT)
            }
        })?;
        Ok(Filter { program })
    }

    /// Whether the frame is one that the filter lets through.
    #[must_use]
    pub fn matches(&self, frame: &Frame<'_>) -> bool {
        self.program.run(frame.bytes, frame.wire_len) != 0
    }
}

fn compile(expression: &str, link: LinkType) -> Result<bpf::Program, String> {
    let words = |error: pcap::Error| match error {
        pcap::Error::PcapError(message) => message,
        other => other.to_string(),
    };
    let dead = Capture::dead(Linktype(dlt(link))).map_err(words)?;
    let program: BpfProgram = dead.compile(expression, true).map_err(words)?;
    // libpcap's own interpreter is given no wire length by the pcap crate, so `greater 1000` would judge a frame that
    // the capture cut short by what is left of it.
    bpf::Program::parse(program.get_instructions().iter().map(ToString::to_string))
        .ok_or_else(|| "unknown instruction in the compiled filter".to_owned())
}

/// Files number link types as LINKTYPE_; libpcap's functions take DLT_, which differ for a few old ones.
fn dlt(link: LinkType) -> i32 {
    match link.0 {
        100 => 11,
        101 => 12,
        102 => 15,
        103 => 16,
        other => i32::from(other),
    }
}

/// One expression, compiled once for each link type that the capture turns out to have.
#[derive(Debug)]
pub struct Filters {
    expression: String,
    compiled: Vec<(LinkType, Filter)>,
}

impl Filters {
    /// Filters of one expression; `links` are the link types known so far, so that a typing error shows at once.
    ///
    /// # Errors
    /// As [`Filter::compile`].
    pub fn new(expression: &str, links: impl IntoIterator<Item = LinkType>) -> Result<Filters, Failure> {
        let mut filters = Filters { expression: expression.to_owned(), compiled: Vec::new() };
        for link in links {
            filters.filter(link)?;
        }
        if filters.compiled.is_empty() {
            Filter::compile(expression, LinkType::ETHERNET)?;
        }
        Ok(filters)
    }

    /// Whether the frame is one that the filter lets through.
    ///
    /// # Errors
    /// The frame has a link type that the expression cannot be compiled for.
    pub fn matches(&mut self, frame: &Frame<'_>) -> Result<bool, Failure> {
        Ok(self.filter(frame.link)?.matches(frame))
    }

    fn filter(&mut self, link: LinkType) -> Result<&Filter, Failure> {
        if let Some(at) = self.compiled.iter().position(|(known, _)| *known == link) {
            return Ok(&self.compiled[at].1);
        }
        let filter = Filter::compile(&self.expression, link)?;
        self.compiled.push((link, filter));
        Ok(&self.compiled[self.compiled.len() - 1].1)
    }
}

#[cfg(test)]
mod tests;
