//! Sockets that were closed again without having been used: runtimes make them to learn what the machine can do (Java, Go),
//! and resolvers to sort addresses.

use rustc_hash::FxHashMap;

use crate::timeline::{CallSeen, Deed};
use crate::track::Proto;

/// Marks the calls on such sockets. A call that failed is none of them: its program may have given up for it.
pub fn mark(calls: &mut [CallSeen]) {
    // By socket: nothing was done with it so far, and it is closed.
    let mut sockets: FxHashMap<u64, (bool, bool)> = FxHashMap::default();
    for seen in calls.iter() {
        let Some(socket) = seen.call.socket else { continue };
        let (idle, closed) = sockets.entry(socket.cookie).or_insert((true, false));
        *idle &= is_idle(seen, socket.proto);
        *closed |= seen.call.gives_back(socket.cookie) == Some(0) && !seen.late;
    }
    for seen in calls.iter_mut() {
        let state = seen.call.socket.and_then(|socket| sockets.get(&socket.cookie));
        seen.unused = state == Some(&(true, true));
    }
}

/// A call after which a socket has still not been used.
fn is_idle(seen: &CallSeen, proto: Proto) -> bool {
    let harmless = match seen.call.deed {
        Deed::Create | Deed::SetOption | Deed::Close { .. } => true,
        Deed::Bind(address) => address.port() == 0,
        // It only looks for a way: no packet leaves.
        Deed::Connect(_) => proto == Proto::Udp,
        _ => false,
    };
    harmless && seen.call.returned().is_some() && seen.frames.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calls::owner;
    use crate::calls::testkit::{Made, calls, close};
    use crate::track::Side;

    fn unused(proto: Proto, made: Vec<Made>) -> Vec<bool> {
        let mut matched = owner::find(&calls(proto, made), &[]);
        mark(&mut matched.calls);
        matched.calls.iter().map(|seen| seen.unused).collect()
    }

    fn made(deed: Deed) -> Made {
        Made(0.0, Some(0.1), Side::Client, deed, 0)
    }

    #[test]
    fn a_socket_that_was_only_tried_is_unused() {
        let to = "10.0.0.2:5001".parse().expect("address");
        let any = "0.0.0.0:0".parse().expect("address");
        let end = || close(1.0, 1.1, Side::Client);
        let tried = vec![made(Deed::Create), made(Deed::SetOption), made(Deed::Bind(any)), end()];
        assert_eq!(unused(Proto::Tcp, tried), [true; 4]);
        assert_eq!(unused(Proto::Udp, vec![made(Deed::Create), made(Deed::Connect(to)), end()]), [true; 3]);
        // Used, or still open, or given up.
        assert_eq!(unused(Proto::Tcp, vec![made(Deed::Create), made(Deed::Connect(to)), end()]), [false; 3]);
        assert_eq!(unused(Proto::Udp, vec![made(Deed::Create), made(Deed::Bind(to)), end()]), [false; 3]);
        assert_eq!(unused(Proto::Tcp, vec![made(Deed::Create), made(Deed::SetOption)]), [false; 2]);
    }
}
