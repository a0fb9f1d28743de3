//! A report that writes nothing: it collects what the matching and the findings must know of the packets.

use std::borrow::Cow;
use std::io;

use super::packets::Sent;
use crate::frame::Time;
use crate::report::{CaptureInfo, Ending, Report};
use crate::timeline::{Event, What};
use crate::track::{ConnId, Connection, Connections};

/// The packets and connections of a capture.
#[derive(Clone, Debug, Default)]
pub struct Survey {
    /// The packets, in their order.
    pub packets: Vec<Sent>,
    /// The connections as they were at the end.
    pub connections: Vec<Connection>,
}

impl Report for Survey {
    fn begin(&mut self, _: &CaptureInfo) -> io::Result<()> {
        Ok(())
    }

    fn started(&mut self, _: Time) {}

    fn wants_notes(&self, _: Option<ConnId>) -> bool {
        false
    }

    fn wants_checksums(&self) -> bool {
        false
    }

    fn event(&mut self, event: &Event<'_>) -> io::Result<()> {
        if let What::Packet(packet) = &event.what {
            self.packets.push(Sent::of(packet));
        }
        Ok(())
    }

    fn end(&mut self, connections: &Connections<'_>, _: &Ending) -> io::Result<()> {
        self.connections = connections.iter().map(Cow::into_owned).collect();
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        Ok(())
    }
}
