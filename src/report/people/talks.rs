//! What a capture tells across connections: names looked up, the connections to their addresses, and on each the
//! requests with their answers. A consumer of events only; everything it keeps is bounded.

use std::net::IpAddr;

use rustc_hash::FxHashMap;

use super::http::{Exchange, Exchanges, Place};
use crate::decode::Transport;
use crate::decode::app::AppMessage;
use crate::language::messages::{Message, report as say};
use crate::language::{Lang, Value as Word, Values};
use crate::report::text::{safe, shorten};
use crate::timeline::PacketEvent;
use crate::track::{ConnId, Connections, Proto};

/// Look-ups and exchanges that are remembered.
const MAX_REMEMBERED: usize = 256;
/// Connections that are read for HTTP.
const MAX_CONNECTIONS: usize = 64;
/// Lines that are told.
const MAX_LINES: usize = 40;
/// The port of multicast DNS.
const MULTICAST_DNS: u16 = 5353;
/// Columns of a request or name.
const MAX_WORDS: usize = 120;

#[derive(Debug)]
struct Lookup {
    /// `None` where a group was asked.
    conn: Option<ConnId>,
    /// What tells questions of one asker apart.
    id: String,
    name: String,
    kind: String,
    asked: Place,
    answer: Option<(String, Place)>,
}

/// What was heard so far.
#[derive(Debug, Default)]
pub struct Talks {
    lookups: Vec<Lookup>,
    readers: FxHashMap<ConnId, Exchanges>,
    exchanges: Vec<(ConnId, Exchange)>,
    /// What was heard beyond that, and not remembered.
    more: u64,
}

impl Talks {
    /// Takes in one packet.
    pub fn packet(&mut self, event: &PacketEvent<'_>) {
        let Some((conn, from)) = event.step.conn.zip(event.step.from) else { return };
        let at = Place { frame: event.packet.number, time: event.packet.time };
        let app = event.step.app.as_ref();
        if let Some(message) = app.filter(|message| message.proto == "dns") {
            // One host asks a group, and another answers the group (RFC 6762).
            let group =
                matches!(&event.packet.transport, Transport::Udp(datagram) if datagram.dst_port == MULTICAST_DNS);
            self.lookup(Some(conn).filter(|_| !group), message, at);
            return;
        }
        let Transport::Tcp(segment) = &event.packet.transport else { return };
        let http = app.is_some_and(|message| message.proto == "http");
        if http && self.readers.len() < MAX_CONNECTIONS {
            self.readers.entry(conn).or_default();
        }
        let Some(reader) = self.readers.get_mut(&conn) else {
            let request = app.is_some_and(|message| message.proto == "http" && message.kind == "request");
            self.more += u64::from(request && event.step.tcp.as_ref().is_some_and(|tcp| tcp.facts.new_bytes > 0));
            return;
        };
        for exchange in reader.segment(from, segment, at) {
            if self.exchanges.len() < MAX_REMEMBERED {
                self.exchanges.push((conn, exchange));
            } else {
                self.more += 1;
            }
        }
    }

    fn lookup(&mut self, conn: Option<ConnId>, message: &AppMessage, at: Place) {
        let (Some(name), Some(kind)) = (message.field("name"), message.field("type")) else { return };
        let id = message.field("id").unwrap_or_default();
        // The case of a name means nothing (RFC 4343): resolvers mix it to make answers harder to forge.
        let open = self.lookups.iter_mut().find(|lookup| {
            lookup.conn == conn
                && lookup.id == id
                && lookup.name.eq_ignore_ascii_case(name)
                && lookup.kind == kind
                && lookup.answer.is_none()
        });
        if message.kind == "query" {
            // The same question again waits for the same answer.
            if open.is_some() {
                return;
            }
            if self.lookups.len() < MAX_REMEMBERED {
                let (id, name, kind) = (id.to_owned(), name.to_owned(), kind.to_owned());
                self.lookups.push(Lookup { conn, id, name, kind, asked: at, answer: None });
            } else {
                self.more += 1;
            }
        } else if let Some(lookup) = open {
            let said = message.field("answers").filter(|answers| !answers.is_empty()).or(message.field("rcode"));
            lookup.answer = Some((said.unwrap_or_default().to_owned(), at));
        }
    }

    /// The name whose look-up gave this address before the frame.
    fn name_of(&self, address: IpAddr, before: u64) -> Option<&Lookup> {
        let address = address.to_string();
        self.lookups.iter().rfind(|lookup| {
            lookup
                .answer
                .as_ref()
                .is_some_and(|(said, at)| at.frame < before && said.split(' ').any(|part| part == address))
        })
    }

    /// The sentences, in the order in which things began; those of a connection together.
    #[must_use]
    pub fn tell(mut self, connections: &Connections<'_>, lang: Lang) -> Vec<String> {
        if self.lookups.is_empty() && self.readers.is_empty() {
            return Vec::new();
        }
        for (conn, reader) in &mut self.readers {
            for exchange in reader.unanswered() {
                if self.exchanges.len() < MAX_REMEMBERED {
                    self.exchanges.push((*conn, exchange));
                } else {
                    self.more += 1;
                }
            }
        }
        self.exchanges.sort_by_key(|(conn, exchange)| (*conn, exchange.asked.frame));
        let mut told: Vec<(u64, Vec<String>)> =
            self.lookups.iter().map(|lookup| (lookup.asked.frame, vec![lookup.sentence(lang)])).collect();
        for conn in connections.iter().filter(|conn| conn.id.proto == Proto::Tcp) {
            let name = self.name_of(conn.server.ip(), conn.first.frame);
            let exchanges = self.exchanges.iter().filter(|(id, _)| *id == conn.id);
            let mut lines: Vec<String> = exchanges.map(|(id, exchange)| sentence(*id, exchange, lang)).collect();
            if let Some(lookup) = name {
                let values = Values::none()
                    .with("frame", Word::Number(conn.first.frame))
                    .words("conn", conn.id.to_string())
                    .words("server", conn.server.to_string())
                    .words("name", words(&lookup.name));
                lines.insert(0, say::STORY_CONNECTS.text.fill(lang, &values));
            }
            told.push((conn.first.frame, lines));
        }
        told.sort_by_key(|(frame, _)| *frame);
        let mut lines: Vec<String> = told.into_iter().flat_map(|(_, lines)| lines).collect();
        let more = lines.len().saturating_sub(MAX_LINES) as u64 + self.more;
        lines.truncate(MAX_LINES);
        if more > 0 {
            lines.push(say::STORY_MORE.text.fill(lang, &Values::none().with("n", Word::Count(more))));
        }
        lines
    }
}

fn words(text: &str) -> String {
    shorten(&safe(text), MAX_WORDS)
}

/// Fills a sentence about a question and its answer; `timed` where both have a time.
fn answered(messages: [&Message; 2], asked: Place, at: Place, values: Values, lang: Lang) -> String {
    let values = values.with("later", Word::Number(at.frame));
    match asked.time.zip(at.time).map(|(asked, at)| at.since(asked)) {
        Some(took) => messages[0].text.fill(lang, &values.with("duration", Word::Duration(took))),
        None => messages[1].text.fill(lang, &values),
    }
}

impl Lookup {
    fn sentence(&self, lang: Lang) -> String {
        let values = Values::none()
            .with("frame", Word::Number(self.asked.frame))
            .words("name", words(&self.name))
            .words("type", self.kind.clone());
        match &self.answer {
            None => say::STORY_NO_ANSWER.text.fill(lang, &values),
            Some((said, at)) => {
                let values = values.words("answer", words(said));
                answered([&say::STORY_LOOKUP, &say::STORY_LOOKUP_UNTIMED], self.asked, *at, values, lang)
            }
        }
    }
}

fn sentence(conn: ConnId, exchange: &Exchange, lang: Lang) -> String {
    let values = Values::none()
        .with("frame", Word::Number(exchange.asked.frame))
        .words("conn", conn.to_string())
        .words("request", words(&exchange.request));
    match &exchange.answer {
        None => say::STORY_UNANSWERED.text.fill(lang, &values),
        Some((status, at)) => {
            let values = values.words("answer", words(status));
            answered([&say::STORY_EXCHANGE, &say::STORY_EXCHANGE_UNTIMED], exchange.asked, *at, values, lang)
        }
    }
}
