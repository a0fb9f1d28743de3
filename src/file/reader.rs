//! A reader of either format.

use std::io::Read;

use super::window::Window;
use super::{pcap, pcapng};
use crate::frame::{Damage, Frame, FrameSource, Interface};

pub(super) type Stream = Box<dyn Read + Send>;

pub(super) enum Reader {
    Pcap(Box<pcap::Reader<Stream>>),
    Pcapng(Box<pcapng::Reader<Stream>>),
}

impl Reader {
    /// The file says that it holds what was seen beside the packets.
    pub(super) fn announces_beside(&self) -> bool {
        matches!(self, Reader::Pcapng(reader) if reader.announces_beside())
    }

    /// What was seen beside the packets, as far as it has been read.
    pub(super) fn beside(&self) -> &str {
        match self {
            Reader::Pcapng(reader) => reader.beside(),
            Reader::Pcap(_) => "",
        }
    }

    pub(super) fn format(&self) -> &'static str {
        match self {
            Reader::Pcap(_) => "pcap",
            Reader::Pcapng(_) => "pcapng",
        }
    }

    /// Where its bytes come from.
    #[inline]
    pub(super) fn window(&mut self) -> &mut Window<Stream> {
        match self {
            Reader::Pcap(reader) => reader.window(),
            Reader::Pcapng(reader) => reader.window(),
        }
    }
}

impl FrameSource for Reader {
    #[inline]
    fn next_frame(&mut self) -> Result<Option<Frame<'_>>, Damage> {
        match self {
            Reader::Pcap(reader) => reader.next_frame(),
            Reader::Pcapng(reader) => reader.next_frame(),
        }
    }

    fn interfaces(&self) -> &[Interface] {
        match self {
            Reader::Pcap(reader) => reader.interfaces(),
            Reader::Pcapng(reader) => reader.interfaces(),
        }
    }
}
