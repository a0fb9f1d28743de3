//! Messages of the page that lists the scenarios.

use super::{Message, Text, messages};

messages! {
    TITLE: "The scenarios" / "Daftar skenario";
    INTRO: "Every exchange that `netscope demo` runs itself, over real sockets. `netscope demo NAME` runs all variants of one, `--variant` one of them, and `netscope demo --all --check` runs everything and holds it against what stands here: each packet, the states of both ends, the rules that must fire, and how it ends." /
        "Semua pertukaran yang dijalankan sendiri oleh `netscope demo` lewat socket sungguhan. `netscope demo NAMA` menjalankan semua varian sebuah skenario, `--variant` hanya satu, dan `netscope demo --all --check` menjalankan semuanya lalu membandingkannya dengan isi halaman ini: setiap paket, status kedua ujung, aturan yang harus muncul, dan cara berakhirnya.";
    GENERATED: "This page is made from `src/scenario`; do not edit it by hand." /
        "Halaman ini dibuat dari `src/scenario`; jangan disunting langsung.";
    ROUND: "One round of `netscope demo --all --check` takes 10.8 seconds for 71 variants on two processors that do nothing else; some variants wait for timers of the kernel. 20 rounds as root and, at the same time, 20 as an ordinary user, with builds running beside them (load 7 to 9), took 11 to 14 seconds each, and all held." /
        "Satu putaran `netscope demo --all --check` memerlukan 10,8 detik untuk 71 varian pada dua prosesor yang tidak mengerjakan hal lain; sebagian varian menunggu timer kernel. 20 putaran sebagai root dan, pada saat yang sama, 20 putaran sebagai pengguna biasa, dengan proses build di sampingnya (load 7 sampai 9), masing-masing memerlukan 11 sampai 14 detik, dan semuanya sesuai.";
    NOTATION: "How to read the packets" / "Cara membaca paketnya";
    NOTE_WAY: "`C>S` is sent by the client, `S>C` by the server; in brackets the flags; without `len` or a text there is no payload." /
        "`C>S` dikirim client, `S>C` dikirim server; di dalam kurung siku flag-nya; tanpa `len` atau teks berarti tidak ada payload.";
    NOTE_OPTIONAL: "`~` before a packet that may be absent, because timing decides; `( a | b )` is one of both; `n ×` so often; `{ a , b }` in either order." /
        "`~` menandai paket yang boleh tidak ada karena bergantung pada waktu; `( a | b )` salah satu dari keduanya; `n ×` sebanyak itu; `{ a , b }` dalam urutan mana pun.";
    NOTE_MACROS: "`H` is the handshake: SYN, SYN-ACK, ACK. `X3(C)` is a close in three segments that the client begins, `X4(S)` one in four that the server begins." /
        "`H` adalah handshake: SYN, SYN-ACK, ACK. `X3(C)` adalah penutupan dalam tiga segmen yang dimulai client, `X4(S)` dalam empat segmen yang dimulai server.";
    NOTE_RULES: "Behind a colon the rules that must fire on the packet." /
        "Di belakang titik dua ada aturan yang harus muncul pada paket itu.";
    NOTE_STATES: "States follow RFC 9293. `open` is SYN-SENT → ESTABLISHED for the client and SYN-RECEIVED → ESTABLISHED for the server; `?` is where the packets cannot tell." /
        "Status mengikuti RFC 9293. `open` berarti SYN-SENT → ESTABLISHED untuk client dan SYN-RECEIVED → ESTABLISHED untuk server; `?` berarti paketnya tidak dapat menunjukkannya.";
    NOTE_PROGRAMS: "A program is the line of its calls, an error after `→`; in square brackets stands what it waits for." /
        "Program ditulis sebagai urutan pemanggilannya, galat sesudah `→`; di dalam kurung siku tertulis apa yang ditunggunya.";
    NAME: "name" / "nama";
    LEVEL: "level" / "tingkat";
    SHOWS: "shows" / "isi";
    VARIANTS: "variants" / "varian";
    CLIENT: "client" / "client";
    SERVER: "server" / "server";
    ENDS: "ends" / "berakhir";
    TIMES: "{n} conversations like this" / "{n} percakapan seperti ini";
    PER_CLIENT: "a conversation like this for each client" / "satu percakapan seperti ini untuk tiap client";
    FIRST: "a conversation like this for each of the first {n} clients" /
        "satu percakapan seperti ini untuk tiap client dari {n} yang pertama";
    BEYOND: "a conversation like this for each further client" / "satu percakapan seperti ini untuk tiap client berikutnya";
    CLIENT_PROGRAM: "the client's program" / "program client";
    SERVER_PROGRAM: "the server's program" / "program server";
    CHILD_EXITS: "[the child exits]" / "[proses anak selesai]";
    PAUSE: "[{time}]" / "[{time}]";
    UNTIL_ACKED: "[until all is acknowledged]" / "[sampai semuanya diakui]";
    UNTIL_TOLD: "[until the other program is ready]" / "[sampai program lawan siap]";
    UNTIL_CROSSING: "[until the other's is under way]" / "[sampai paket lawan di perjalanan]";
    BOTH_AT_ONCE: "[both at once]" / "[keduanya bersamaan]";
    EACH_CLIENT: "for each client:" / "untuk tiap client:";
    THREAD: "thread:" / "thread:";
    BYTES: "{n} bytes" / "{n} byte";
    COLOUR: "colour" / "warna";
    COLOUR_NAME: "colour's name" / "nama warna";
    SCORE: "score" / "nilai";
    RULES: "rules that must fire as well" / "aturan lain yang harus muncul";
    NO_RULES: "rules that must not fire" / "aturan yang tidak boleh muncul";
    COUNTERS: "counters of the kernel" / "penghitung kernel";
    WAITS: "waits {time}: {why}" / "menunggu {time}: {why}";
    CLAIMS: "What course texts say" / "Pernyataan materi kuliah";
    QUESTION: "Question" / "Pertanyaan";
    ANSWER: "Answer" / "Jawaban";
}
