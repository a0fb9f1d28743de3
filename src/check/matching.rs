//! A pattern against packets: which packet is which expected one, and where they part.

use crate::scenario::notation::{Expected, Pattern};

/// A pattern made ready: each node says what may come next.
pub(super) struct Machine<'p> {
    nodes: Vec<Node<'p>>,
    start: usize,
}

enum Node<'p> {
    /// This packet, then that node.
    Packet(&'p Expected, usize),
    /// One of these, the first preferred.
    Choice(Vec<usize>),
    /// The end.
    Accept,
}

/// A packet that may come (or the end), and the place before it from which it was reached.
#[derive(Clone, Copy)]
struct Reach {
    node: usize,
    from: Option<usize>,
}

/// Where packets and pattern part.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Mismatch<'p> {
    /// The index of the packet that does not fit; the number of packets when one is missing at the end.
    pub(super) at: usize,
    /// What could have come.
    pub(super) expected: Vec<&'p Expected>,
    /// The conversation could also have been over.
    pub(super) could_end: bool,
    /// What seems to have happened.
    pub(super) kind: Guess<'p>,
}

/// The smallest change that would make the packets fit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Guess<'p> {
    /// This packet is missing.
    Missing(&'p Expected),
    /// The packet is one too many.
    Surplus,
    /// The packet and the next have changed places.
    Swapped,
    /// None of these.
    Other,
}

impl<'p> Machine<'p> {
    pub(super) fn new(pattern: &'p Pattern) -> Self {
        let mut machine = Machine { nodes: vec![Node::Accept], start: 0 };
        machine.start = machine.compile(pattern, 0);
        machine
    }

    fn push(&mut self, node: Node<'p>) -> usize {
        self.nodes.push(node);
        self.nodes.len() - 1
    }

    /// The node at which a pattern begins that `next` follows.
    fn compile(&mut self, pattern: &'p Pattern, next: usize) -> usize {
        match pattern {
            Pattern::Packet(expected) => self.push(Node::Packet(expected, next)),
            Pattern::Sequence(parts) => parts.iter().rev().fold(next, |next, part| self.compile(part, next)),
            Pattern::OneOf(parts) => {
                let choices = parts.iter().map(|part| self.compile(part, next)).collect();
                self.push(Node::Choice(choices))
            }
            Pattern::AnyOrder(parts) => self.any_order(parts, next),
            Pattern::Repeat { min, max, of } => {
                let mut at = next;
                match max {
                    None => {
                        at = self.push(Node::Choice(Vec::new()));
                        let again = self.compile(of, at);
                        self.nodes[at] = Node::Choice(vec![again, next]);
                    }
                    Some(max) => {
                        for _ in *min..*max {
                            let once_more = self.compile(of, at);
                            at = self.push(Node::Choice(vec![once_more, next]));
                        }
                    }
                }
                (0..*min).fold(at, |next, _| self.compile(of, next))
            }
        }
    }

    /// One node for each set of parts that are still to come.
    fn any_order(&mut self, parts: &'p [Pattern], next: usize) -> usize {
        let all = 1_usize << parts.len();
        let mut nodes = vec![next; all];
        for left in 1..all {
            let first = (0..parts.len()).filter(|part| left & 1 << part != 0);
            let choices = first.map(|part| self.compile(&parts[part], nodes[left & !(1 << part)])).collect();
            nodes[left] = self.push(Node::Choice(choices));
        }
        nodes[all - 1]
    }

    /// Adds every packet (or the end) that may come at a node.
    fn enter(&self, node: usize, from: Option<usize>, seen: &mut [bool], reached: &mut Vec<Reach>) {
        let mut open = vec![node];
        while let Some(node) = open.pop() {
            if std::mem::replace(&mut seen[node], true) {
                continue;
            }
            match &self.nodes[node] {
                Node::Choice(choices) => open.extend(choices.iter().rev()),
                Node::Packet(..) | Node::Accept => reached.push(Reach { node, from }),
            }
        }
    }

    fn entry(&self, node: usize) -> Vec<Reach> {
        let mut reached = Vec::new();
        self.enter(node, None, &mut vec![false; self.nodes.len()], &mut reached);
        reached
    }

    /// What may come after a packet.
    fn step(&self, before: &[Reach], fits: impl Fn(&Expected) -> bool) -> Vec<Reach> {
        let (mut seen, mut reached) = (vec![false; self.nodes.len()], Vec::new());
        for (index, reach) in before.iter().enumerate() {
            match &self.nodes[reach.node] {
                Node::Packet(expected, next) if fits(expected) => {
                    self.enter(*next, Some(index), &mut seen, &mut reached);
                }
                _ => {}
            }
        }
        reached
    }

    fn accepts(&self, reached: &[Reach]) -> bool {
        reached.iter().any(|reach| matches!(self.nodes[reach.node], Node::Accept))
    }

    /// Whether these packets, by index, bring what was reached to the end.
    fn finishes(
        &self,
        mut reached: Vec<Reach>,
        packets: impl Iterator<Item = usize>,
        fits: &impl Fn(&Expected, usize) -> bool,
    ) -> bool {
        for packet in packets {
            reached = self.step(&reached, |expected| fits(expected, packet));
        }
        self.accepts(&reached)
    }

    /// The expected packet of each of `count` packets, or where they part.
    pub(super) fn run(
        &self,
        count: usize,
        fits: impl Fn(&Expected, usize) -> bool,
    ) -> Result<Vec<&'p Expected>, Mismatch<'p>> {
        let mut history = vec![self.entry(self.start)];
        for packet in 0..count {
            let reached = self.step(&history[packet], |expected| fits(expected, packet));
            if reached.is_empty() {
                return Err(self.mismatch(&history[packet], packet, count, &fits));
            }
            history.push(reached);
        }
        match history[count].iter().position(|reach| matches!(self.nodes[reach.node], Node::Accept)) {
            Some(end) => Ok(self.assigned(&history, end)),
            None => Err(self.mismatch(&history[count], count, count, &fits)),
        }
    }

    /// Goes back from the end to the packets that led there.
    fn assigned(&self, history: &[Vec<Reach>], end: usize) -> Vec<&'p Expected> {
        let mut assigned = Vec::with_capacity(history.len());
        let mut index = end;
        for at in (1..history.len()).rev() {
            let Some(before) = history[at][index].from else { break };
            if let Node::Packet(expected, _) = &self.nodes[history[at - 1][before].node] {
                assigned.push(*expected);
            }
            index = before;
        }
        assigned.reverse();
        assigned
    }

    fn mismatch(
        &self,
        reached: &[Reach],
        at: usize,
        count: usize,
        fits: &impl Fn(&Expected, usize) -> bool,
    ) -> Mismatch<'p> {
        let mut expected: Vec<&'p Expected> = Vec::new();
        let mut kind = Guess::Other;
        for reach in reached {
            let Node::Packet(packet, next) = &self.nodes[reach.node] else { continue };
            if !expected.iter().any(|known| known.text == packet.text) {
                expected.push(packet);
            }
            if kind == Guess::Other && self.finishes(self.entry(*next), at..count, fits) {
                kind = Guess::Missing(packet);
            }
        }
        if kind == Guess::Other && at < count {
            let swapped = [at + 1, at].into_iter().chain(at + 2..count);
            if self.finishes(reached.to_vec(), at + 1..count, fits) {
                kind = Guess::Surplus;
            } else if at + 1 < count && self.finishes(reached.to_vec(), swapped, fits) {
                kind = Guess::Swapped;
            }
        }
        Mismatch { at, expected, could_end: self.accepts(reached), kind }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::notation;

    /// Packets and patterns are told apart by their length alone.
    fn run(pattern: &'static str, lengths: &[u32]) -> Result<Vec<u32>, (usize, Vec<u32>, String)> {
        let pattern = notation::packets(pattern).expect("it can be read");
        let machine = Machine::new(&pattern);
        let result = machine.run(lengths.len(), |expected, at| expected.len.0 == lengths[at]);
        let lens = |expected: &[&Expected]| expected.iter().map(|expected| expected.len.0).collect::<Vec<_>>();
        result.map(|assigned| lens(&assigned)).map_err(|wrong| {
            let kind = match wrong.kind {
                Guess::Missing(packet) => format!("missing {}", packet.len.0),
                other => format!("{other:?}").to_lowercase(),
            };
            (wrong.at, lens(&wrong.expected), kind)
        })
    }

    const SOME: &str =
        "C>S [] len=1\n~C>S [] len=2\n2..3 × C>S [] len=3\n( C>S [] len=4 | C>S [] len=5 , C>S [] len=6 )";

    #[test]
    fn what_may_be_absent_may_be_absent() {
        for fits in [&[1, 3, 3, 4][..], &[1, 2, 3, 3, 4], &[1, 3, 3, 3, 5, 6], &[1, 2, 3, 3, 3, 4]] {
            assert_eq!(run(SOME, fits), Ok(fits.to_vec()));
        }
    }

    #[test]
    fn where_they_part_is_said_with_the_likeliest_cause() {
        let missing = |what: u32| format!("missing {what}");
        assert_eq!(run(SOME, &[3, 3, 4]), Err((0, vec![1], missing(1))));
        assert_eq!(run(SOME, &[1, 3, 4]), Err((2, vec![3], missing(3))));
        assert_eq!(run(SOME, &[1, 3, 3]), Err((3, vec![3, 4, 5], missing(4))));
        assert_eq!(run(SOME, &[1, 7, 3, 3, 4]), Err((1, vec![2, 3], "surplus".into())));
        assert_eq!(run(SOME, &[1, 3, 3, 6, 5]), Err((3, vec![3, 4, 5], "swapped".into())));
        assert_eq!(run(SOME, &[1, 3, 7, 8, 4]), Err((2, vec![3], "other".into())));
        assert_eq!(run(SOME, &[1, 3, 3, 4, 4]), Err((4, vec![], "surplus".into())));
    }

    #[test]
    fn any_order_and_loops_without_limit() {
        let any = "{ C>S [] len=1 , ~C>S [] len=2 , C>S [] len=3 }";
        for fits in [[1, 2, 3], [3, 2, 1], [2, 3, 1]] {
            assert_eq!(run(any, &fits), Ok(fits.to_vec()));
        }
        assert_eq!(run(any, &[3, 1]), Ok(vec![3, 1]));
        assert!(run(any, &[1, 1, 3]).is_err());
        let many = "1.. × ( ~C>S [] len=1 , ~C>S [] len=2 )\nC>S [] len=3";
        assert_eq!(run(many, &[1, 2, 1, 1, 3]), Ok(vec![1, 2, 1, 1, 3]));
        assert_eq!(run(many, &[3]), Ok(vec![3]));
    }
}
