use super::{
    ACCEPT, AWAIT_TOLD, Action, CLOSE, CLOSE_LISTENER, CONNECT, Claim, Expectation, Judgement, LISTEN, Level, Op,
    Payload, Question, Scenario, TELL, TO_END, Talk, Text, UNTIL_ACKED, Variant,
};

const fn write(bytes: u32) -> Action {
    Action::ok(Op::Send(Payload::Filler(bytes)))
}

const fn read(bytes: u32) -> Action {
    Action::ok(Op::RecvAll(Payload::Filler(bytes)))
}

/// Where the kernel sets PSH when a write takes several segments.
pub(super) static SCENARIO: Scenario = Scenario {
    name: "psh-large-write",
    level: Level::Basic,
    title: Text { en: "PSH in writes of several segments", id: "PSH pada penulisan yang terdiri atas beberapa segmen" },
    lesson: Text {
        en: "The kernel sets PSH at the end of a write, and also within a long one; it does not mark the end of a \
             message.",
        id: "Kernel memasang PSH di akhir sebuah penulisan, dan juga di tengah penulisan yang panjang; PSH bukan \
             penanda akhir pesan.",
    },
    variants: &[
        Variant {
            name: "one-write",
            title: Text { en: "10000 bytes in one send", id: "10000 byte dalam satu send" },
            client: &[CONNECT, write(10_000), UNTIL_ACKED, TELL, AWAIT_TOLD, CLOSE],
            server: &[LISTEN, ACCEPT, AWAIT_TOLD, read(10_000), TELL, TO_END, CLOSE, CLOSE_LISTENER],
            expect: Expectation::of(&[Talk {
                packets: "
                H
                # On a busy machine the server's kernel takes in several at once, and acknowledges them together.
                6 × ( C>S [ACK] len=1448 : data-no-psh , 0..2 × S>C [ACK] )
                C>S [PSH,ACK] len=1312 : data-psh
                1..2 × S>C [ACK]
                ( X3(C) | X4(C) )
            ",
                ..Talk::CLIENT_CLOSES
            }]),
            claims: &[Claim {
                says: Text { en: "Data above 1500 bytes is fragmented.", id: "Data di atas 1500 byte difragmentasi." },
                happened: Text {
                    en: "TCP cuts it into segments that fit (MSS); fragmentation is something that IP does to a packet that is too long, and it does not happen here.",
                    id: "TCP memotongnya menjadi segmen yang muat (MSS); fragmentasi dilakukan IP pada paket yang terlalu panjang, dan di sini tidak terjadi.",
                },
                verdict: Judgement::Incomplete,
                at: "data-no-psh",
            }],
            ..Variant::BARE
        },
        Variant {
            name: "three-writes",
            title: Text { en: "three sends of 2000 bytes", id: "tiga kali send masing-masing 2000 byte" },
            client: &[CONNECT, write(2_000), write(2_000), write(2_000), UNTIL_ACKED, TELL, AWAIT_TOLD, CLOSE],
            server: &[LISTEN, ACCEPT, AWAIT_TOLD, read(6_000), TELL, TO_END, CLOSE, CLOSE_LISTENER],
            expect: Expectation::of(&[Talk {
                packets: "
                H
                3 × ( C>S [ACK] len=1448 : data-no-psh , 0..2 × S>C [ACK] , C>S [PSH,ACK] len=552 : data-psh , 0..2 × S>C [ACK] )
                ( X3(C) | X4(C) )
            ",
                ..Talk::CLIENT_CLOSES
            }]),
            ..Variant::BARE
        },
        Variant {
            name: "long-write",
            title: Text {
                en: "60000 bytes: one PSH in the middle of the write",
                id: "60000 byte: satu PSH di tengah penulisan",
            },
            client: &[CONNECT, write(60_000), UNTIL_ACKED, TELL, AWAIT_TOLD, CLOSE],
            server: &[LISTEN, ACCEPT, AWAIT_TOLD, read(60_000), TELL, TO_END, CLOSE, CLOSE_LISTENER],
            expect: Expectation::of(&[Talk {
                packets: "
                H
                # Half of the largest window that the client has seen decides where: a server's kernel that is kept waiting
                # acknowledges later, and opens its window later.
                (
                    20 × ( C>S [ACK] len=1448 , 0..2 × S>C [ACK] ) , C>S [PSH,ACK] len=1448 : data-psh , 0..2 × S>C [ACK] , 20 × ( C>S [ACK] len=1448 , 0..2 × S>C [ACK] ) |
                    21 × ( C>S [ACK] len=1448 , 0..2 × S>C [ACK] ) , C>S [PSH,ACK] len=1448 : data-psh , 0..2 × S>C [ACK] , 19 × ( C>S [ACK] len=1448 , 0..2 × S>C [ACK] ) |
                    22 × ( C>S [ACK] len=1448 , 0..2 × S>C [ACK] ) , C>S [PSH,ACK] len=1448 : data-psh , 0..2 × S>C [ACK] , 18 × ( C>S [ACK] len=1448 , 0..2 × S>C [ACK] ) |
                    23 × ( C>S [ACK] len=1448 , 0..2 × S>C [ACK] ) , C>S [PSH,ACK] len=1448 : data-psh , 0..2 × S>C [ACK] , 17 × ( C>S [ACK] len=1448 , 0..2 × S>C [ACK] ) |
                    24 × ( C>S [ACK] len=1448 , 0..2 × S>C [ACK] ) , C>S [PSH,ACK] len=1448 : data-psh , 0..2 × S>C [ACK] , 16 × ( C>S [ACK] len=1448 , 0..2 × S>C [ACK] ) |
                    25 × ( C>S [ACK] len=1448 , 0..2 × S>C [ACK] ) , C>S [PSH,ACK] len=1448 : data-psh , 0..2 × S>C [ACK] , 15 × ( C>S [ACK] len=1448 , 0..2 × S>C [ACK] ) |
                    26 × ( C>S [ACK] len=1448 , 0..2 × S>C [ACK] ) , C>S [PSH,ACK] len=1448 : data-psh , 0..2 × S>C [ACK] , 14 × ( C>S [ACK] len=1448 , 0..2 × S>C [ACK] ) |
                    27 × ( C>S [ACK] len=1448 , 0..2 × S>C [ACK] ) , C>S [PSH,ACK] len=1448 : data-psh , 0..2 × S>C [ACK] , 13 × ( C>S [ACK] len=1448 , 0..2 × S>C [ACK] ) |
                    28 × ( C>S [ACK] len=1448 , 0..2 × S>C [ACK] ) , C>S [PSH,ACK] len=1448 : data-psh , 0..2 × S>C [ACK] , 12 × ( C>S [ACK] len=1448 , 0..2 × S>C [ACK] ) |
                    29 × ( C>S [ACK] len=1448 , 0..2 × S>C [ACK] ) , C>S [PSH,ACK] len=1448 : data-psh , 0..2 × S>C [ACK] , 11 × ( C>S [ACK] len=1448 , 0..2 × S>C [ACK] ) |
                    30 × ( C>S [ACK] len=1448 , 0..2 × S>C [ACK] ) , C>S [PSH,ACK] len=1448 : data-psh , 0..2 × S>C [ACK] , 10 × ( C>S [ACK] len=1448 , 0..2 × S>C [ACK] ) |
                    31 × ( C>S [ACK] len=1448 , 0..2 × S>C [ACK] ) , C>S [PSH,ACK] len=1448 : data-psh , 0..2 × S>C [ACK] , 9 × ( C>S [ACK] len=1448 , 0..2 × S>C [ACK] ) |
                    32 × ( C>S [ACK] len=1448 , 0..2 × S>C [ACK] ) , C>S [PSH,ACK] len=1448 : data-psh , 0..2 × S>C [ACK] , 8 × ( C>S [ACK] len=1448 , 0..2 × S>C [ACK] )
                )
                C>S [PSH,ACK] len=632 : data-psh
                # The ACK may take longer than the timer of the tail loss probe.
                (
                    ~S>C [ACK] ack=60001 sack=none
                |
                    C>S [PSH,ACK] len=632 : tail-loss-probe
                    S>C [ACK] ack=60001 sack=59369-60001 : spurious-dsack
                )
                ~S>C [ACK]   # a window update
                ( X3(C) | X4(C) )
            ",
                ..Talk::CLIENT_CLOSES
            }]),
            ..Variant::BARE
        },
    ],
    question: Some(Question {
        asks: Text {
            en: "If three writes give three segments with PSH, may the receiver count messages by PSH?",
            id: "Jika tiga penulisan menghasilkan tiga segmen ber-PSH, bolehkah penerima menghitung pesan dari PSH?",
        },
        answer: Text {
            en: "No. Writes may be merged, a long one gets PSH in its middle too, and no program sees the flag at all.",
            id: "Tidak. Beberapa penulisan dapat digabung, penulisan panjang juga mendapat PSH di tengahnya, dan program sama sekali tidak melihat flag itu.",
        },
    }),
};
