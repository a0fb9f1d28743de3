//! HTTP/1.x exchanges of one connection: each request with its answer, read from both streams in order.
//!
//! Heads may be spread over segments and several may share one; bodies are skipped by their length or chunks. Memory is
//! bounded: a head longer than `MAX_HEAD` is given up, and so are more requests under way than `MAX_PENDING`.

use std::collections::VecDeque;

use crate::decode::TcpSegment;
use crate::decode::app::{AppMessage, Body, dissect};
use crate::frame::Time;
use crate::track::reassembly::{Piece, Reassembly};
use crate::track::{Proto, Side};

/// Bytes of a head that are waited for.
const MAX_HEAD: usize = 16 * 1024;
/// Bytes that are kept ahead of a hole.
const MAX_AHEAD: usize = 64 * 1024;
/// Requests of a connection whose answers are awaited.
const MAX_PENDING: usize = 64;

/// Where and when something was captured.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// The frame.
    pub frame: u64,
    /// Its time.
    pub time: Option<Time>,
}

/// A request and, where it was captured, its answer.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// `GET /`.
    pub request: String,
    /// The frame in which its head is complete.
    pub asked: Place,
    /// `200 OK`, and the frame in which the head of the answer is complete.
    pub answer: Option<(String, Place)>,
}

/// What the next bytes of a stream are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    /// A head.
    #[default]
    Head,
    /// So many bytes of a body.
    Skip(u64),
    /// The line with the size of a chunk.
    ChunkSize,
    /// So many bytes of a chunk, its line end included.
    Chunk(u64),
    /// The lines after the last chunk.
    Trailer,
    /// Nothing that can be read any more, until a segment begins with a head.
    Lost,
}

#[derive(Debug)]
struct Reader {
    stream: Reassembly,
    state: State,
    /// The beginning of a head or of a line.
    kept: Vec<u8>,
}

impl Default for Reader {
    fn default() -> Self {
        Reader { stream: Reassembly::with_limit(MAX_AHEAD), state: State::Head, kept: Vec::new() }
    }
}

impl Reader {
    /// Takes bytes in order; hands over every head that is complete.
    fn data(&mut self, mut bytes: &[u8], answers_head: &mut dyn FnMut() -> bool, heads: &mut Vec<AppMessage>) {
        if self.state == State::Lost && dissect(Proto::Tcp, bytes, (0, 0)).is_some() {
            self.state = State::Head;
        }
        while !bytes.is_empty() {
            match self.state {
                State::Lost => return,
                State::Skip(left) | State::Chunk(left) => {
                    let taken = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len());
                    bytes = &bytes[taken..];
                    self.pass(taken as u64);
                }
                State::Head => {
                    let Some((&byte, rest)) = bytes.split_first() else { return };
                    bytes = rest;
                    self.kept.push(byte);
                    if byte == b'\n' && (self.kept.ends_with(b"\r\n\r\n") || self.kept.ends_with(b"\n\n")) {
                        self.head(answers_head, heads);
                    } else if self.kept.len() == MAX_HEAD {
                        self.lose();
                    }
                }
                State::ChunkSize | State::Trailer => {
                    let Some((&byte, rest)) = bytes.split_first() else { return };
                    bytes = rest;
                    self.kept.push(byte);
                    if byte == b'\n' {
                        self.line();
                    } else if self.kept.len() == MAX_HEAD {
                        self.lose();
                    }
                }
            }
        }
    }

    /// Bytes that were not captured: inside a body they do not matter.
    fn gap(&mut self, n: u32) {
        match self.state {
            State::Skip(left) | State::Chunk(left) if left >= u64::from(n) => self.pass(n.into()),
            _ => self.lose(),
        }
    }

    fn pass(&mut self, n: u64) {
        self.state = match self.state {
            State::Skip(left) if left > n => State::Skip(left - n),
            State::Chunk(left) if left > n => State::Chunk(left - n),
            State::Chunk(_) => State::ChunkSize,
            _ => State::Head,
        };
    }

    fn lose(&mut self) {
        self.kept.clear();
        self.state = State::Lost;
    }

    fn line(&mut self) {
        let line = std::mem::take(&mut self.kept);
        let line = line.trim_ascii();
        self.state = match self.state {
            State::Trailer if line.is_empty() => State::Head,
            State::Trailer => State::Trailer,
            _ => {
                let digits = line.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii();
                let size = std::str::from_utf8(digits).ok().and_then(|text| u32::from_str_radix(text, 16).ok());
                match size {
                    Some(0) => State::Trailer,
                    Some(size) => State::Chunk(u64::from(size) + 2),
                    None => State::Lost,
                }
            }
        };
    }

    fn head(&mut self, answers_head: &mut dyn FnMut() -> bool, heads: &mut Vec<AppMessage>) {
        let head = std::mem::take(&mut self.kept);
        let Some(message) = dissect(Proto::Tcp, &head, (0, 0)).filter(|message| message.proto == "http") else {
            self.state = State::Lost;
            return;
        };
        let code = message.field("code").unwrap_or_default();
        let bodiless = message.kind == "response" && !code.starts_with('1') && answers_head();
        self.state = match message.body {
            // What follows is another protocol.
            _ if code == "101" || message.field("method") == Some("CONNECT") => State::Lost,
            _ if bodiless => State::Head,
            Body::None => State::Head,
            Body::UntilClose => State::Lost,
            Body::Delimited => body(&head),
        };
        heads.push(message);
    }
}

/// How a body that ends by length or chunks is passed over.
fn body(head: &[u8]) -> State {
    let value = |name: &str| {
        head.split(|byte| *byte == b'\n').skip(1).find_map(|line| {
            let at = line.iter().position(|byte| *byte == b':')?;
            let (key, value) = (line.get(..at)?, line.get(at + 1..)?);
            key.eq_ignore_ascii_case(name.as_bytes()).then(|| value.trim_ascii())
        })
    };
    if value("transfer-encoding").is_some() {
        return State::ChunkSize;
    }
    let length = value("content-length").and_then(|value| std::str::from_utf8(value).ok()?.parse::<u64>().ok());
    match length {
        Some(0) => State::Head,
        Some(length) => State::Skip(length),
        None => State::Lost,
    }
}

/// The exchanges of one connection under way.
#[derive(Debug, Default)]
pub struct Exchanges {
    readers: [Reader; 2],
    pending: VecDeque<(String, Place)>,
}

impl Exchanges {
    /// Follows one segment; the exchanges that it completes.
    pub fn segment(&mut self, from: Side, segment: &TcpSegment<'_>, at: Place) -> Vec<Exchange> {
        if segment.flags.rst() {
            return Vec::new();
        }
        let first = segment.seq.plus(u32::from(segment.flags.syn()));
        let mut heads = Vec::new();
        let pending = &self.pending;
        let mut answered = 0;
        let mut answers_head = || {
            let to_head = pending.get(answered).is_some_and(|(request, _)| request.starts_with("HEAD "));
            answered += 1;
            to_head
        };
        let [client, server] = &mut self.readers;
        let (own, peer) = if from == Side::Client { (client, server) } else { (server, client) };
        if segment.flags.ack() && !segment.flags.syn() {
            let Reader { stream, .. } = peer;
            let mut gaps = Vec::new();
            let mut late = Vec::new();
            stream.acknowledged(segment.ack, &mut |piece| match piece {
                Piece::Gap(n) => gaps.push((n, late.len())),
                Piece::Data(bytes) => late.push(bytes.to_vec()),
            });
            // Rare, so that the copies do not matter: what came behind a hole is not read for heads.
            if !gaps.is_empty() {
                let skipped = gaps.iter().map(|(n, _)| u64::from(*n)).sum::<u64>();
                let skipped = skipped + late.iter().map(|bytes| bytes.len() as u64).sum::<u64>();
                peer.gap(u32::try_from(skipped).unwrap_or(u32::MAX));
            }
        }
        let mut pieces = Vec::new();
        if segment.flags.syn() {
            own.stream.begins(first);
        }
        own.stream.segment(first, segment.len, segment.payload, &mut |piece| match piece {
            Piece::Data(bytes) => pieces.push(Ok(bytes.to_vec())),
            Piece::Gap(n) => pieces.push(Err(n)),
        });
        if segment.flags.fin() {
            own.stream.ends(first.plus(segment.len));
        }
        for piece in pieces {
            match piece {
                Ok(bytes) => own.data(&bytes, &mut answers_head, &mut heads),
                Err(n) => own.gap(n),
            }
        }
        heads.into_iter().filter_map(|head| self.head(&head, at)).collect()
    }

    fn head(&mut self, head: &AppMessage, at: Place) -> Option<Exchange> {
        if head.kind == "request" {
            let request = format!("{} {}", head.field("method")?, head.field("target")?);
            if self.pending.len() == MAX_PENDING {
                self.pending.pop_front();
            }
            self.pending.push_back((request, at));
            return None;
        }
        // An interim answer (100 Continue) is followed by the real one.
        if head.field("code").is_some_and(|code| code.starts_with('1') && code != "101") {
            return None;
        }
        let (request, asked) = self.pending.pop_front()?;
        Some(Exchange { request, asked, answer: Some((head.field("status")?.to_owned(), at)) })
    }

    /// The requests that were not answered.
    pub fn unanswered(&mut self) -> impl Iterator<Item = Exchange> {
        self.pending.drain(..).map(|(request, asked)| Exchange { request, asked, answer: None })
    }
}
