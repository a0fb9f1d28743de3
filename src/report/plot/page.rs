//! The plots of a page: of which connections, and how many the page can hold.

use super::collect::Talk;
use super::figure::figure;
use super::{Kind, draw};
use crate::frame::Time;
use crate::language::Lang;
use crate::timeline::PacketEvent;
use crate::track::{ConnId, Connections, Proto, Side};

/// Connections of which a page shows plots, and how many of these are chosen for what was sent again.
const MOST_SHOWN: usize = 4;
const FOR_TROUBLE: usize = 2;
/// Connections that are followed at a time: only the end tells which are shown.
const MOST_TALKS: usize = 24;
/// The newest ones are not given up for newer ones, because what they will carry is not known yet.
const YOUNG: usize = 8;
/// What a segment that was sent again counts, in bytes, when one has to be given up.
const AGAIN_COUNTS: u64 = 10_000;
/// Segments with data from which on one of several connections is worth plots, and the quieter direction of one.
const ENOUGH: u64 = 3;
/// Bytes of plots beyond the first connection's: always, and for each packet that the page has. The page is to be no larger than
/// the JSON lines of its packets, which take twice what the packets themselves take in the page.
const ALWAYS: usize = 128 << 10;
const FOR_EACH_PACKET: usize = 100;

/// Collects for a report that shows plots among other things.
#[derive(Debug, Default)]
pub struct Plots {
    start: Option<Time>,
    /// In the order of their first packets.
    talks: Vec<Talk>,
    /// The highest number of a connection so far: what was given up does not come back.
    newest: Option<u32>,
    packets: usize,
}

/// The plots of a page.
#[derive(Clone, Debug, Default)]
pub struct Shown {
    /// By connection, in the order of their numbers.
    pub plots: Vec<(ConnId, Vec<Drawn>)>,
    /// There are TCP connections with data of which none are shown.
    pub more: bool,
}

/// A plot in both languages.
#[derive(Clone, Debug, Default)]
pub struct Drawn {
    /// An `<svg>` element whose words are there in both languages, by the classes `en` and `id`; its colours are the page's.
    pub svg: String,
    /// What stands below it, by language.
    pub captions: [String; 2],
}

impl Plots {
    /// The time of the capture's first packet.
    pub fn started(&mut self, time: Time) {
        self.start.get_or_insert(time);
    }

    /// Takes in one packet.
    pub fn packet(&mut self, packet: &PacketEvent<'_>) {
        self.packets += 1;
        let Some(conn) = packet.step.conn.filter(|conn| conn.proto == Proto::Tcp) else { return };
        // What goes on at present is at the end.
        if let Some(place) = self.talks.iter().rposition(|talk| talk.conn == conn) {
            self.talks[place].packet(packet, self.start);
        } else if self.newest.is_none_or(|newest| conn.index > newest) {
            self.newest = Some(conn.index);
            self.make_room();
            let mut talk = Talk::new(conn, None);
            talk.packet(packet, self.start);
            self.talks.push(talk);
        }
    }

    /// Gives up the connection that matters least.
    fn make_room(&mut self) {
        if self.talks.len() < MOST_TALKS {
            return;
        }
        let old = self.talks.len() - YOUNG;
        let counts = |talk: &Talk| data(talk).saturating_add(AGAIN_COUNTS.saturating_mul(again(talk)));
        let least = self.talks[..old].iter().enumerate().min_by_key(|(_, talk)| counts(talk));
        if let Some((place, _)) = least {
            self.talks.remove(place);
        }
    }

    /// The plots of those connections that had most to send again and of those that carried most, as far as there is room.
    #[must_use]
    pub fn draw(self, connections: &Connections<'_>) -> Shown {
        let room = ALWAYS.max(FOR_EACH_PACKET.saturating_mul(self.packets));
        let mut plots: Vec<(ConnId, Vec<Drawn>)> = Vec::new();
        let mut bytes = 0;
        for talk in chosen(self.talks) {
            let conn = talk.conn;
            let drawn = drawn(talk, connections);
            let size: usize = drawn.iter().map(|drawn| drawn.svg.len() + drawn.captions.concat().len()).sum();
            if drawn.is_empty() || (!plots.is_empty() && bytes + size > room) {
                continue;
            }
            // The first is the one that the page is most about.
            bytes += if plots.is_empty() { 0 } else { size };
            plots.push((conn, drawn));
        }
        plots.sort_by_key(|(conn, _)| *conn);
        let with_data = |conn: &ConnId| {
            conn.proto == Proto::Tcp && connections.find(*conn).is_some_and(|conn| conn.bytes.iter().any(|n| *n > 0))
        };
        let shown = |conn: &ConnId| plots.iter().any(|(shown, _)| shown == conn);
        let more = connections.ids().iter().any(|conn| !shown(conn) && with_data(conn));
        Shown { plots, more }
    }
}

/// Payload bytes of both ends.
fn data(talk: &Talk) -> u64 {
    talk.ways.iter().map(|way| way.bytes).sum()
}

/// Segments of both ends that were sent again.
fn again(talk: &Talk) -> u64 {
    talk.ways.iter().map(|way| way.again.total()).sum()
}

/// Those that may be shown, most data first; among them those with most segments sent again.
fn chosen(mut talks: Vec<Talk>) -> Vec<Talk> {
    if talks.len() > 1 {
        talks.retain(|talk| talk.ways.iter().any(|way| way.segments.total() + way.again.total() >= ENOUGH));
    }
    talks.sort_by_key(|talk| (std::cmp::Reverse(again(talk)), talk.conn));
    let troubled = talks.iter().take(FOR_TROUBLE).take_while(|talk| again(talk) > 0).count();
    let mut rest = talks.split_off(troubled);
    rest.sort_by_key(|talk| (std::cmp::Reverse(data(talk)), talk.conn));
    talks.extend(rest);
    talks.truncate(MOST_SHOWN);
    talks.sort_by_key(|talk| (std::cmp::Reverse(data(talk)), talk.conn));
    talks
}

fn drawn(mut talk: Talk, connections: &Connections<'_>) -> Vec<Drawn> {
    let Some(known) = connections.find(talk.conn) else { return Vec::new() };
    talk.settle();
    let ends = [known.client.to_string(), known.server.to_string()];
    let main = talk.sender();
    let shown = |from: Side| {
        let way = &talk.ways[from.index()];
        let segments = way.segments.total() + way.again.total();
        way.bytes > 0 && (from == main || segments >= ENOUGH)
    };
    let mut drawn = Vec::new();
    for from in [main, main.other()].into_iter().filter(|from| shown(*from)) {
        for kind in Kind::ALL {
            let figures = Lang::ALL.map(|lang| figure(&talk, &ends, from, kind, lang));
            if figures[0].empty.is_none() {
                let captions = figures.each_ref().map(|figure| figure.notes.join(" "));
                drawn.push(Drawn { svg: draw::inline(figures.each_ref()), captions });
            }
        }
    }
    drawn
}
