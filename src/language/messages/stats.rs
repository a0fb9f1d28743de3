//! Messages of `stats`.

use super::{Message, Text, messages};

messages! {

    HIERARCHY: "Protocol hierarchy" / "Hierarki protokol";
    CONVERSATIONS: "Conversations" / "Percakapan";
    ENDPOINTS: "Endpoints" / "Titik ujung (endpoint)";
    LENGTHS: "Packet lengths" / "Panjang paket";
    HTTP: "HTTP requests and responses" / "Request dan response HTTP";
    FLAGS: "TCP flags" / "Flag TCP";
    THROUGHPUT: "Throughput over time" / "Throughput menurut waktu";

    PROTOCOL: "protocol" / "protokol";
    PACKETS: "packets" / "paket";
    BYTES: "bytes" / "byte";
    SHARE: "% of bytes" / "% byte";
    CONVERSATION: "conversation" / "percakapan";
    A: "A" / "A";
    B: "B" / "B";
    PACKETS_AB: "packets A→B" / "paket A→B";
    BYTES_AB: "bytes A→B" / "byte A→B";
    PACKETS_BA: "packets B→A" / "paket B→A";
    BYTES_BA: "bytes B→A" / "byte B→A";
    START: "start (s)" / "mulai (detik)";
    DURATION: "duration (s)" / "lama (detik)";
    ADDRESS: "address" / "alamat";
    SENT_PACKETS: "packets sent" / "paket dikirim";
    SENT_BYTES: "bytes sent" / "byte dikirim";
    GOT_PACKETS: "packets received" / "paket diterima";
    GOT_BYTES: "bytes received" / "byte diterima";
    ALL: "all" / "semua";
    EXACTLY: "exactly {flags}" / "tepat {flags}";
    RANGE: "frame length" / "panjang frame";
    AVERAGE: "average" / "rata-rata";
    SMALLEST: "smallest" / "terkecil";
    LARGEST: "largest" / "terbesar";
    WHAT: "what" / "jenis";
    DETAIL: "method or status" / "metode atau status";
    COUNT: "count" / "jumlah";
    REQUEST: "request" / "request";
    INFORMATIONAL: "1xx: informational" / "1xx: informasi";
    SUCCESS: "2xx: success" / "2xx: berhasil";
    REDIRECTION: "3xx: redirection" / "3xx: pengalihan";
    CLIENT_ERROR: "4xx: client error" / "4xx: kesalahan client";
    SERVER_ERROR: "5xx: server error" / "5xx: kesalahan server";
    BROKEN: "other status" / "status lain";
    FLAG: "flags" / "flag";
    CLIENT_SENT: "from the client" / "dari client";
    SERVER_SENT: "from the server" / "dari server";
    FROM: "from (s)" / "dari (detik)";
    TO: "to (s)" / "sampai (detik)";
    BITS: "bits/s" / "bit/s";

    NOTHING: "nothing" / "tidak ada";
    CUT: "{shown} of {total} rows. All of them: --limit\u{a0}{total}, or --format\u{a0}csv." /
        "{shown} dari {total} baris. Semuanya: --limit\u{a0}{total}, atau --format\u{a0}csv.";
    COUNTED: "Bytes are those of whole frames as they were on the wire. A packet that was captured at both ends of a wire counts once." /
        "Byte dihitung dari seluruh frame seperti di jaringan. Paket yang tertangkap di kedua ujung kabel dihitung satu kali.";
}
