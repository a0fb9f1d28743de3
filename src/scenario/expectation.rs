//! What an exchange must look like, as data: few lines of text a conversation, read by [`super::notation`].

/// What a run of a variant is held against. A conversation is judged by itself, so that several may interleave freely.
#[derive(Clone, Copy, Debug)]
pub struct Expectation {
    /// The conversations; every one of the capture must be one of them, and each as often as it says.
    pub talks: &'static [Talk],
    /// Names of rules that must fire somewhere in the exchange; `!name` must not.
    pub rules: &'static [&'static str],
    /// What the kernel's own counters must have gained, where they were read: `TCPFastRetrans=1`, `TCPTimeouts=0`,
    /// `TCPLossProbes>=1`.
    pub counters: &'static [&'static str],
}

impl Expectation {
    /// Nothing: to be filled with `..Expectation::NONE`.
    pub const NONE: Expectation = Expectation { talks: &[], rules: &[], counters: &[] };

    /// These conversations, and nothing about rules and counters.
    #[must_use]
    pub const fn of(talks: &'static [Talk]) -> Expectation {
        Expectation { talks, ..Expectation::NONE }
    }
}

/// How one conversation (a TCP connection, the datagrams between two ports) must look.
#[derive(Clone, Copy, Debug)]
pub struct Talk {
    /// How often it happens.
    pub times: Times,
    /// Every packet, in the order of leaving. A line or a comma separates them:
    ///
    /// ```text
    /// H                                  SYN, SYN-ACK, ACK
    /// C>S [PSH,ACK] 'halo'               these bytes; `len=4`, `len=4..7`, `len=*` where they do not matter
    /// ~S>C [ACK]                         may be absent: timing decides
    /// X3(C), X4(S)                       close in three or four segments, begun by the client, by the server
    /// C>S [FIN,ACK] seq=5 ack=10 win=0   numbers where they matter: relative, window in bytes
    /// C>S [ACK] lost                     did not arrive; `late`: arrived after a later one
    /// S>C [ACK] sack=11-21               SACK blocks; `sack`: any; `sack=none`
    /// C>S [FIN,ACK] : fin-first          rules that must fire on this packet
    /// 3 × C>S [ACK] len=1448             3.. or 2..5 for a choice; ( … , … ) groups, ( … | … ) is one of them,
    /// { … , … }                          any order
    /// C>S UDP 'connect'                  UDP; `S>C ICMP port-unreachable`
    /// ```
    ///
    /// Without `len` a TCP segment has no payload. `#` begins a comment.
    pub packets: &'static str,
    /// The states of the client after its packets, repeated ones once: `open → FIN-WAIT-1 → ~FIN-WAIT-2 → TIME-WAIT`.
    /// `open` is SYN-SENT → ESTABLISHED for the client, SYN-RECEIVED → ESTABLISHED for the server, `?` is where the packets
    /// cannot tell. Empty: not judged.
    pub client: &'static str,
    /// The same of the server.
    pub server: &'static str,
    /// How it ends, as `close` and `closed_by` say: `fin by client`, `rst by server`, `none`. Empty: not judged.
    pub end: &'static str,
}

impl Talk {
    /// Nothing, once: to be filled with `..Talk::ONCE`.
    pub const ONCE: Talk = Talk { times: Times::Exactly(1), packets: "", client: "", server: "", end: "" };

    /// Nobody closes.
    pub const OPEN: Talk = Talk { client: "open", server: "open", end: "none", ..Talk::ONCE };

    /// The client closes first; whether the server's FIN carries its ACK is open.
    pub const CLIENT_CLOSES: Talk = Talk {
        client: "open → FIN-WAIT-1 → ~FIN-WAIT-2 → TIME-WAIT",
        server: "open → CLOSE-WAIT → LAST-ACK → CLOSED",
        end: "fin by client",
        ..Talk::ONCE
    };

    /// The server's FIN carries the ACK of the client's.
    pub const CLIENT_CLOSES_IN_THREE: Talk =
        Talk { client: "open → FIN-WAIT-1 → TIME-WAIT", ..Talk::CLIENT_CLOSES };

    /// The ACK of the client's FIN comes alone.
    pub const CLIENT_CLOSES_IN_FOUR: Talk =
        Talk { client: "open → FIN-WAIT-1 → FIN-WAIT-2 → TIME-WAIT", ..Talk::CLIENT_CLOSES };

    /// The client has closed, and answers what still comes with RST.
    pub const CLIENT_CLOSES_THEN_RESETS: Talk = Talk {
        client: "open → FIN-WAIT-1 → FIN-WAIT-2 → CLOSED",
        server: "open → CLOSE-WAIT → CLOSED",
        end: "rst by client",
        ..Talk::ONCE
    };

    /// The client ends it with RST, without any FIN.
    pub const CLIENT_RESETS: Talk =
        Talk { client: "open → CLOSED", server: "open → CLOSED", end: "rst by client", ..Talk::ONCE };

    /// The server closes first; whether the client's FIN carries its ACK is open.
    pub const SERVER_CLOSES: Talk = Talk::CLIENT_CLOSES.by_server("fin by server");

    /// The ACK of the server's FIN comes alone.
    pub const SERVER_CLOSES_IN_FOUR: Talk = Talk::CLIENT_CLOSES_IN_FOUR.by_server("fin by server");

    /// The server has closed, and answers what still comes with RST.
    pub const SERVER_CLOSES_THEN_RESETS: Talk = Talk::CLIENT_CLOSES_THEN_RESETS.by_server("rst by server");

    /// The server ends it with RST, without any FIN.
    pub const SERVER_RESETS: Talk = Talk::CLIENT_RESETS.by_server("rst by server");

    /// The same with the ends exchanged.
    const fn by_server(self, end: &'static str) -> Talk {
        Talk { client: self.server, server: self.client, end, ..self }
    }
}

/// How often a conversation happens in an exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Times {
    /// So often.
    Exactly(u32),
    /// Once for every client of the exchange.
    PerClient,
    /// Once for each of so many clients, or for all where there are fewer.
    First(u32),
    /// Once for each client beyond so many.
    Beyond(u32),
}
