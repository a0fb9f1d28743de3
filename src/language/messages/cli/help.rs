//! The words of `--help`, the man page and the completions.

use super::{Message, Text, messages};

messages! {

    // Headings and the words of the usage line.
    USAGE: "Usage" / "Pemakaian";
    COMMANDS: "Commands" / "Perintah";
    ARGUMENTS: "Arguments" / "Argumen";
    OPTIONS: "Options" / "Opsi";
    OUTPUT_OPTIONS: "Output" / "Keluaran";
    EXCHANGE_OPTIONS: "Exchange" / "Pertukaran";
    WIRE_OPTIONS: "A wire between two hosts" / "Kabel di antara dua host";
    GENERAL_OPTIONS: "General" / "Umum";
    EXAMPLES: "Examples" / "Contoh";
    EXIT_CODES: "Exit codes" / "Kode keluar";
    VALUE_COMMAND: "COMMAND" / "PERINTAH";
    VALUE_OPTIONS: "OPTIONS" / "OPSI";
    VALUE_SCENARIO: "SCENARIO" / "SKENARIO";
    VALUE_FILE: "FILE" / "BERKAS";
    VALUE_FILTER: "FILTER" / "FILTER";
    VALUE_TERM: "TERM" / "ISTILAH";
    VALUE_SHELL: "SHELL" / "SHELL";
    VALUE_TEXT: "TEXT" / "TEKS";
    VALUE_RULE: "RULE" / "ATURAN";
    VALUE_TIME: "TIME" / "WAKTU";
    VALUE_NAME: "NAME" / "NAMA";
    VALUE_COLUMNS: "A,B,…" / "A,B,…";
    VALUE_INTERFACE: "IFACE" / "INTERFACE";
    VALUE_WHEN: "WHEN" / "KAPAN";

    // Headings of the man page.
    MAN_NAME: "NAME" / "NAMA";
    MAN_SYNOPSIS: "SYNOPSIS" / "RINGKASAN";
    MAN_OPTIONS: "OPTIONS" / "OPSI";
    MAN_COMMANDS: "COMMANDS" / "PERINTAH";
    MAN_EXIT: "EXIT STATUS" / "KODE KELUAR";

    // Commands.
    ABOUT: "Shows what really happens between a client and a server, packet by packet, and explains it." /
        "Menunjukkan apa yang sebenarnya terjadi antara client dan server, paket demi paket, beserta penjelasannya.";
    ABOUT_DEMO: "Run built-in client/server exchanges, capture them and explain them" /
        "Menjalankan pertukaran client/server bawaan, menangkapnya, dan menjelaskannya";
    ABOUT_OPEN: "Explain a saved capture" / "Menjelaskan capture yang tersimpan";
    ABOUT_STATS: "Count what is in a saved capture" / "Menghitung isi capture yang tersimpan";
    MORE_STATS: "Protocols, conversations, endpoints, packet lengths, HTTP requests and responses, TCP flags, throughput over time." /
        "Protokol, percakapan, titik ujung, panjang paket, request dan response HTTP, flag TCP, throughput menurut waktu.";
    OPT_SECTION: "Only this table; may be repeated: {allowed}" / "Hanya tabel ini; boleh diulang: {allowed}";
    OPT_INTERVAL: "Length of an interval of the throughput: 10ms, 1s. Default: what gives a short table" /
        "Panjang interval throughput: 10ms, 1s. Bawaan: yang menghasilkan tabel pendek";
    OPT_STATS_FORMAT: "One of: {allowed}. Default: what the ending of --output says, else table" /
        "Salah satu dari: {allowed}. Bawaan: menurut akhiran --output, atau table";
    ABOUT_PLOT: "Draw one TCP connection of a saved capture over time" /
        "Menggambar grafik satu koneksi TCP dari capture menurut waktu";
    MORE_PLOT: "Sequence numbers with ACKs, window, retransmissions and SACK blocks, throughput and goodput, round-trip time, bytes in flight: as SVG or PNG, or the numbers as CSV or JSON." /
        "Nomor urut dengan ACK, window, kiriman ulang dan blok SACK, throughput dan goodput, round-trip time, byte in flight: sebagai SVG atau PNG, atau angkanya sebagai CSV atau JSON.";
    OPT_KIND: "What to draw: {allowed}" / "Yang digambar: {allowed}";
    OPT_FROM: "Whose data: client or server. Default: the end that sent more" /
        "Data dari siapa: client atau server. Bawaan: ujung yang mengirim lebih banyak";
    OPT_PLOT_INTERVAL: "Throughput is averaged over this time: 10ms, 1s. Default: about a twentieth of the connection" /
        "Throughput dirata-ratakan selama waktu ini: 10ms, 1s. Bawaan: sekitar seperdua puluh lama koneksi";
    OPT_PLOT_FORMAT: "One of: {allowed}. Default: what the ending of --output says, else svg" /
        "Salah satu dari: {allowed}. Bawaan: menurut akhiran --output, atau svg";
    OPT_PLOT_CONN: "TCP connection N, where the file has several" / "Koneksi TCP N, bila capture memuat beberapa";
    VALUE_KIND: "KIND" / "JENIS";
    VALUE_END: "END" / "UJUNG";
    ABOUT_CAPTURE: "Explain live traffic of an interface" / "Menjelaskan lalu lintas langsung sebuah interface";
    ABOUT_EXPLAIN: "Explain a flag, state, rule or analysis fact in plain words" /
        "Menjelaskan flag, status, aturan, atau fakta analisis dengan kata-kata biasa";
    ABOUT_DOCTOR: "Say what this machine allows, why not, and what would mend it" /
        "Memeriksa apa yang diizinkan mesin ini, sebab larangannya, dan perintah perbaikannya";
    ABOUT_COMPLETIONS: "Print completions for a shell" / "Mencetak pelengkapan perintah untuk sebuah shell";
    ABOUT_MAN: "Print the man page" / "Mencetak halaman man";

    MORE_DEMO: "Each exchange runs in a private network of its own: real sockets, the real kernel, nothing scripted into the output. When one scenario is named, all its variants are shown; when several are, the first variant of each, so that they compare well. --variant chooses." /
        "Setiap pertukaran berjalan di jaringan privatnya sendiri: socket sungguhan, kernel sungguhan, tidak ada keluaran yang dikarang. Jika satu skenario disebut, semua variannya ditampilkan; jika beberapa, varian pertama dari masing-masing agar mudah dibandingkan. Pilihan lain: --variant.";
    MORE_OPEN: "Reads pcap and pcapng, also compressed with gzip or zstd. First come the connections with a verdict each, then the timeline of the one asked for with --conn, or of the only one." /
        "Membaca pcap dan pcapng, juga yang dikompresi dengan gzip atau zstd. Daftar koneksi beserta kesimpulannya tampil lebih dahulu, lalu urutan paket dari koneksi yang dipilih dengan --conn atau satu-satunya koneksi.";
    MORE_CAPTURE: "Shows each packet when it comes and the connections at the end. Ctrl-C ends it properly." /
        "Menampilkan setiap paket saat datang dan koneksinya di akhir. Ctrl-C mengakhirinya dengan tertib.";
    EXIT_CODES_TEXT: "0 done; 1 a check did not hold; 2 wrong usage, unreadable or malformed input; 3 this machine does not allow it; 130 interrupted" /
        "0 selesai; 1 pemeriksaan tidak sesuai; 2 salah pemakaian, masukan tidak terbaca atau rusak; 3 tidak diizinkan mesin ini; 130 dihentikan";

    // Arguments.
    ARG_SCENARIOS: "What to show; without one, the list of scenarios" /
        "Yang akan ditampilkan; jika kosong, daftar skenario";
    ARG_FILE: "The capture; - is standard input" / "Berkas capture; - berarti masukan standar";
    ARG_FILTER: "Show only packets that this filter takes, in the language of pcap-filter(7): 'tcp port 8000'. Frame numbers and states stay those of the whole capture" /
        "Hanya menampilkan paket yang lolos filter ini, dalam bahasa pcap-filter(7): 'tcp port 8000'. Nomor frame dan status tetap menurut seluruh capture";
    ARG_CAPTURE_FILTER: "Capture only packets that this filter takes, in the language of pcap-filter(7): 'tcp port 8000'" /
        "Hanya menangkap paket yang lolos filter ini, dalam bahasa pcap-filter(7): 'tcp port 8000'";
    ARG_TERM: "What to explain; without it, the list of terms" / "Yang akan dijelaskan; jika kosong, daftar istilah";
    ARG_SHELL: "The shell: {allowed}" / "Shell yang dipakai: {allowed}";

    // The exchange.
    OPT_LIST: "List the scenarios" / "Menampilkan daftar skenario";
    OPT_ALL: "Run every scenario with every variant" / "Menjalankan setiap skenario dengan semua variannya";
    OPT_VARIANT: "Run this variant; all for each of them" / "Menjalankan varian ini; all untuk semuanya";
    OPT_CHECK: "Hold each exchange, several at a time, against what its scenario expects and say what differs; without a scenario: all of them" /
        "Membandingkan setiap pertukaran, beberapa sekaligus, dengan harapan skenarionya dan menyebut perbedaannya; tanpa skenario: semuanya";
    OPT_MESSAGE: "The text that the client sends" / "Teks yang dikirim client";
    OPT_CLIENTS: "So many clients at once, where a server serves several (multithread-exit, udp-color-server, …)" /
        "Sekian client sekaligus, bila server melayani beberapa client (multithread-exit, udp-color-server, …)";
    OPT_PORT: "The server's port" / "Port server";
    OPT_IPV6: "Use IPv6" / "Memakai IPv6";
    OPT_HOST: "Use the machine's own loopback instead of a private one" /
        "Memakai loopback mesin ini, bukan loopback privat";

    // The wire.
    OPT_DELAY: "Time from one end to the other: 20ms" / "Waktu dari satu ujung ke ujung lain: 20ms";
    OPT_LOSS: "Lose the packets that this rule names; may be repeated" /
        "Menghilangkan paket yang disebut aturan ini; boleh diulang";
    OPT_DUPLICATE: "Deliver these packets twice; may be repeated" / "Menyampaikan paket ini dua kali; boleh diulang";
    OPT_REORDER: "Let later packets overtake these; may be repeated" /
        "Membuat paket ini disusul paket sesudahnya; boleh diulang";
    OPT_SEED: "What the shares of rules (2%) begin with: the same number, the same choice. Default: 1" /
        "Awal pilihan acak untuk aturan berpersentase (2%): bilangan sama, pilihan sama. Bawaan: 1";
    WIRE_HOSTS: "Each option of the wire puts client and server on hosts of their own." /
        "Setiap opsi kabel menempatkan client dan server di host masing-masing.";
    RULE_COUNT: "A RULE names packets, counted as they leave, repeated ones included:" /
        "ATURAN menyebut paket, dihitung saat berangkat, termasuk yang dikirim ulang:";
    RULE_DATA: "the client's third packet with payload (default: first)" /
        "paket ketiga client yang berpayload (bawaan: pertama)";
    RULE_RANGES: "a range; 3.. is from the third on" / "rentang; 3.. berarti mulai dari yang ketiga";
    RULE_EVERY: "all of a kind, from either end" / "semua dari satu jenis, dari kedua ujung";
    RULE_LAST: "the first pure ACK after both FINs" / "ACK murni pertama setelah kedua FIN";
    RULE_SHARES: "a share, at random (--seed)" / "persentase, dipilih acak (--seed)";
    RULE_BY: "for --reorder: 2 places late, or by 30ms (default: 1)" /
        "--reorder: terlambat 2 posisi, atau by 30ms (bawaan: 1)";
    RULE_KINDS: "Kinds: data, SYN, SYN,ACK, ACK (without payload), FIN, RST, packet (any)." /
        "Jenis: data, SYN, SYN,ACK, ACK (tanpa payload), FIN, RST, packet (apa saja).";

    // Capture.
    OPT_CAPTURE_INTERFACE: "The interface; without it, the first one that is up and has an address" /
        "Interface yang dipakai; jika kosong, interface pertama yang aktif dan beralamat";
    OPT_COUNT: "Stop after so many packets" / "Berhenti setelah sekian paket";
    OPT_DURATION: "Stop after this time: 500ms, 10s, 2m" / "Berhenti setelah waktu ini: 500ms, 10s, 2m";

    // The output.
    OPT_FORMAT: "For people: {people}; for programs: {programs}. Default: what the ending of --output says, else {default}" /
        "Untuk dibaca orang: {people}; untuk program: {programs}. Bawaan: menurut akhiran --output, atau {default}";
    OPT_OUTPUT: "Write to this file; its ending picks the format" / "Menulis ke berkas ini; akhirannya menentukan format";
    OPT_CONNECTIONS: "One row per connection instead of one per packet" / "Satu baris per koneksi, bukan per paket";
    OPT_CONN: "Only this connection: 3, tcp:3 or udp:0; may be repeated" /
        "Hanya koneksi ini: 3, tcp:3, atau udp:0; boleh diulang";
    OPT_FOLLOW: "With --conn N: the text of that conversation, in order, by direction" /
        "Bersama --conn N: teks percakapan itu, berurutan, menurut arahnya";
    OPT_LIMIT: "At most so many rows in the formats for people" / "Paling banyak sekian baris dalam format untuk dibaca orang";
    OPT_COLUMNS: "Columns of the table: {allowed}" / "Kolom tabel: {allowed}";
    OPT_PAYLOAD: "Bytes of payload to show: none, a number or all. Default: 64" /
        "Jumlah byte payload yang ditampilkan: none, bilangan, atau all. Bawaan: 64";
    OPT_ANSWERS: "Give the answers to the questions that close the scenarios" /
        "Menyertakan jawaban atas pertanyaan di akhir skenario";
    OPT_CALLS: "With --save FILE.pcapng: list the programs' system calls among the packets for Wireshark, each with a frame number" /
        "Bersama --save BERKAS.pcapng: mendaftarkan system call program di antara paket untuk Wireshark, masing-masing bernomor frame";
    OPT_SAVE: "Keep the packets: .pcapng with everything that is shown, for 'open'; .pcap plain" /
        "Menyimpan paketnya: .pcapng beserta semua yang ditampilkan, untuk 'open'; .pcap polos";

    // General.
    OPT_LANG: "Language: en or id. Default: from LC_ALL, LC_MESSAGES, LANG" /
        "Bahasa: en atau id. Bawaan: menurut LC_ALL, LC_MESSAGES, LANG";
    OPT_COLOR: "Colour: auto, always or never. Default: auto, only on a terminal" /
        "Warna: auto, always, atau never. Bawaan: auto, hanya di terminal";
    OPT_QUIET: "Say less on standard error" / "Lebih sedikit keterangan di standard error";
    OPT_VERBOSE: "Say more on standard error" / "Lebih banyak keterangan di standard error";
    OPT_HELP: "Print this help" / "Menampilkan bantuan ini";
    OPT_VERSION: "Print the version" / "Menampilkan versi";

    // run.
    PROGRAM_OPTIONS: "Programs" / "Program";
    VALUE_PROGRAM: "CMD" / "PERINTAH";
    ABOUT_RUN: "Run your own server and client and see their calls beside their packets" /
        "Menjalankan server dan client Anda sendiri dan menampilkan system call di samping paketnya";
    MORE_RUN: "Both programs run unmodified in a private network where 127.0.0.1, ::1 and localhost work. The clients begin \
         when the server listens." /
        "Kedua program berjalan tanpa perubahan dalam jaringan privat; 127.0.0.1, ::1, dan localhost berfungsi di \
         dalamnya. Client mulai ketika server sudah listen.";
    OPT_RUN_PORT: "The server's port: the clients begin when it is ready there. Default: at any port" /
        "Port server: client baru dijalankan setelah server siap di port itu. Bawaan: port mana pun";
    OPT_RUN_HOST: "Use the machine's own network instead of a private one; what goes over its loopback is shown" /
        "Memakai jaringan mesin ini, bukan jaringan privat; yang ditampilkan adalah lalu lintas loopback-nya";
    WIRE_RUN: "127.0.0.1 and localhost are the server's host then, so that programs need no change; the client's is \
         127.0.0.2." /
        "127.0.0.1 dan localhost lalu menjadi host server sehingga program tidak perlu diubah; host client adalah 127.0.0.2.";
    ARG_COMMAND: "One program that is both server and client" / "Satu program yang menjadi server sekaligus client";
    OPT_SERVER: "The server, as it would be typed in a shell" / "Server, ditulis seperti di shell";
    OPT_CLIENT: "A client, as it would be typed in a shell; may repeat" /
        "Client, ditulis seperti di shell; boleh diulang";
    OPT_RUN_CLIENTS: "Run each client N times at once" / "Menjalankan setiap client N kali sekaligus";
    OPT_INPUT: "What is typed for the clients, with \\n for Enter; repeated: for the first client, the second, … Without it \
         the terminal goes to the client" /
        "Yang diketikkan untuk client, dengan \\n untuk Enter; bila diulang: untuk client pertama, kedua, … Tanpa opsi \
         ini terminal menjadi milik client";
    OPT_SERVER_INPUT: "What is typed for the server" / "Yang diketikkan untuk server";
    OPT_CLIENT_DELAY: "Let the clients begin so long after the server is ready" /
        "Client mulai sekian lama setelah server siap";
    OPT_TIMEOUT: "End everything after this time (30s, or never while the terminal is the client's)" /
        "Mengakhiri semuanya setelah waktu ini (30s, atau tidak pernah selama terminal dipakai client)";
}
