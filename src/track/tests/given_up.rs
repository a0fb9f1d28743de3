//! Connections that a kernel has ended by itself.

use super::*;
use crate::track::given_up::GivenUp;

const UNHEARD: &str = "
1    C>S PSH,ACK \"halo\"       => ESTABLISHED ESTABLISHED
201  C>S PSH,ACK seq=1 \"halo\" => ESTABLISHED ESTABLISHED
";

fn ends(tracker: &Tracker, index: u32) -> (Close, Option<ClosedBy>) {
    (close(tcp(tracker, index)), closed_by(tcp(tracker, index)))
}

#[test]
fn a_counter_ends_the_connection_that_waits_for_an_answer() {
    let (mut tracker, _) = after_handshake(UNHEARD);
    assert_eq!(ends(&tracker, 0), (Close::None, None));
    tracker.give_up(&[(Some(Side::Client), 1)], &[]);
    assert_eq!(ends(&tracker, 0), (Close::Timeout, Some(ClosedBy::One(Side::Client))));
    let expected = GivenUp { by: Side::Client, asked: 4, counted: true, told: false };
    assert_eq!(tcp(&tracker, 0).given_up, Some(expected));
}

#[test]
fn a_counter_says_nothing_of_another_kernel_or_of_another_number() {
    for counted in [vec![(Some(Side::Server), 1)], vec![(None, 2)], vec![(None, 0)], vec![]] {
        let (mut tracker, _) = after_handshake(UNHEARD);
        tracker.give_up(&counted, &[]);
        assert_eq!(ends(&tracker, 0), (Close::None, None), "{counted:?}");
    }
    // Nothing waits for an answer.
    let (mut tracker, _) = after_handshake("");
    tracker.give_up(&[(None, 1)], &[]);
    assert_eq!(ends(&tracker, 0), (Close::None, None));
}

#[test]
fn a_failed_call_says_which_end_it_was() {
    let id = ConnId { proto: Proto::Tcp, index: 0 };
    let (mut tracker, _) = after_handshake("");
    tracker.give_up(&[], &[(id, Side::Server), (id, Side::Client)]);
    let expected = GivenUp { by: Side::Server, asked: 3, counted: false, told: true };
    assert_eq!(tcp(&tracker, 0).given_up, Some(expected));
    // A connection that there is not, and one of UDP.
    let other = |proto, index| (ConnId { proto, index }, Side::Client);
    tracker.give_up(&[], &[other(Proto::Tcp, 7), other(Proto::Udp, 0)]);
}

#[test]
fn of_two_that_wait_the_call_says_which() {
    let two = "
0    C>S SYN cport=40000 => SYN-SENT SYN-RECEIVED
1    C>S SYN cport=40001 => SYN-SENT SYN-RECEIVED
";
    let (mut tracker, _) = follow(two);
    let id = |index| ConnId { proto: Proto::Tcp, index };
    tracker.give_up(&[(None, 1)], &[(id(1), Side::Client)]);
    assert_eq!([ends(&tracker, 0).0, ends(&tracker, 1).0], [Close::None, Close::Timeout]);
    let (mut tracker, _) = follow(two);
    tracker.give_up(&[(None, 2)], &[]);
    assert_eq!([ends(&tracker, 0).0, ends(&tracker, 1).0], [Close::Timeout, Close::Timeout]);
}

#[test]
fn a_rst_wins_over_what_the_kernel_counted() {
    let (mut tracker, _) = after_handshake("1 C>S PSH,ACK \"halo\"\n2 C>S RST,ACK => CLOSED CLOSED");
    tracker.give_up(&[(None, 1)], &[(ConnId { proto: Proto::Tcp, index: 0 }, Side::Client)]);
    assert_eq!(ends(&tracker, 0).0, Close::Rst);
}

#[test]
fn a_call_uses_up_what_its_own_kernel_counted() {
    let three = "
0    C>S SYN cport=40000 => SYN-SENT SYN-RECEIVED
1    C>S SYN cport=40001 => SYN-SENT SYN-RECEIVED
2    C>S SYN cport=40002 => SYN-SENT SYN-RECEIVED
";
    let id = |index| ConnId { proto: Proto::Tcp, index };
    let given_up = |counted: &[_], told: &[_]| {
        let (mut tracker, _) = follow(three);
        tracker.give_up(counted, told);
        [0, 1, 2].map(|index| tcp(&tracker, index).given_up.map(|given_up| given_up.counted))
    };
    let [first, second] = [0, 1].map(|index| (id(index), Side::Client));
    assert_eq!(given_up(&[(None, 1)], &[first, second]), [Some(true), Some(false), None], "it counted one of them");
    assert_eq!(given_up(&[(None, 1)], &[first]), [Some(true), None, None], "nothing is left for the others");
    assert_eq!(given_up(&[(Some(Side::Server), 1)], &[first]), [Some(false), None, None], "the other end's kernel");
    assert_eq!(given_up(&[(Some(Side::Client), 1)], &[first]), [Some(true), None, None]);
}
