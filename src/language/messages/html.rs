//! Messages of the HTML report.

use super::{Message, Text, messages};

messages! {

    LANGUAGE: "Language" / "Bahasa";
    THEME: "Light or dark" / "Terang atau gelap";
    PRINT: "Print" / "Cetak";
    SKIP: "To the packets" / "Ke daftar paket";
    LADDER: "The packets between the ends" / "Paket di antara kedua ujung";
    REPLAY: "Step through the exchange" / "Telusuri pertukaran langkah demi langkah";
    FIRST: "First packet" / "Paket pertama";
    PREVIOUS: "Previous packet" / "Paket sebelumnya";
    NEXT: "Next packet" / "Paket berikutnya";
    LAST: "Last packet: show everything" / "Paket terakhir: tampilkan semua";
    PLAY: "Play or pause" / "Putar atau jeda";
    FLAGS: "Flags, packet by packet" / "Flag, paket demi paket";
    FLAGS_HELP: "One column per packet, in order: above the line the client's, below it the server's." /
        "Satu kolom per paket, berurutan: di atas garis milik client, di bawahnya milik server.";
    PACKETS: "All packets" / "Semua paket";
    PACKETS_HELP: "Arrow keys go through the list; the packet chosen is explained beside it." /
        "Tombol panah menelusuri daftar; paket yang dipilih dijelaskan di sampingnya.";
    CUT: "{shown} of {total} packets are in this page, the first and the last ones (--limit)." /
        "{shown} dari {total} paket ada di halaman ini, yang pertama dan yang terakhir (--limit).";
    FILTER: "Filter, e.g. SYN, tcp:3, :443, retransmission" / "Saring, mis. SYN, tcp:3, :443, retransmission";
    FILTER_CONNECTIONS: "Filter, e.g. RST, 10.0.0.2, :443" / "Saring, mis. RST, 10.0.0.2, :443";
    SHOWN: "shown" / "ditampilkan";
    OF: "of" / "dari";
    DETAILS: "The packet chosen" / "Paket yang dipilih";
    CHOOSE: "Choose a packet in the diagram or in the list." / "Pilih paket pada diagram atau pada daftar.";
    BYTES: "First bytes of the frame" / "Byte awal frame";
    BYTES_OF: "{shown} of {total} bytes" / "{shown} dari {total} byte";
    MORE: "More about it" / "Selengkapnya";
    STATISTICS: "Statistics" / "Statistik";
    TIMELINES: "Each packet with its explanation" / "Tiap paket dengan penjelasannya";
    NO_SCRIPT: "Without JavaScript the page shows the diagram and the packets that a report holds; with it, every packet, its bytes, and the step-through." /
        "Tanpa JavaScript halaman ini memuat diagram dan paket yang termuat dalam laporan; dengan JavaScript, semua paket, byte-nya, dan penelusuran langkah demi langkah.";
    FRAME: "frame" / "frame";
    TIME: "time" / "waktu";
    WINDOW: "window" / "window";
    STATES: "states" / "status";
    SORT: "Sort by this column" / "Urutkan menurut kolom ini";
    MADE_BY: "Made by netscope {version}." / "Dibuat dengan netscope {version}.";
}
