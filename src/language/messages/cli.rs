//! Messages of `cli`: labels, errors and notices. The words of `--help` are in [`help`].

use super::{Message, Text, messages};

pub mod help;
pub mod lab;

messages! {

    ERROR: "error" / "galat";
    WARNING: "warning" / "peringatan";

    // Wrong usage.
    UNKNOWN_OPTION: "there is no option {value} here" / "tidak ada opsi {value} di sini";
    UNKNOWN_COMMAND: "there is no command \"{value}\"" / "tidak ada perintah \"{value}\"";
    NO_COMMAND: "say what to do: a command is missing" / "perintah belum disebutkan";
    BAD_CHOICE: "{option} cannot be \"{value}\"; it is one of: {allowed}" /
        "{option} tidak dapat berupa \"{value}\"; pilihannya: {allowed}";
    BAD_VALUE: "{option} cannot be \"{value}\"" / "{option} tidak dapat berupa \"{value}\"";
    MISSING_VALUE: "{option} needs a value" / "{option} memerlukan nilai";
    MISSING_ARGUMENT: "{option} is missing" / "{option} belum diberikan";
    ONLY_ONCE: "{option} may be given only once" / "{option} hanya boleh diberikan satu kali";
    EXCLUDE: "{option} and {other} exclude each other" / "{option} dan {other} tidak dapat dipakai bersama";
    ONE_TOO_MANY: "\"{value}\" is one argument too many" / "\"{value}\" adalah argumen yang berlebih";
    TAKES_NO_VALUE: "{option} takes no value" / "{option} tidak menerima nilai";
    ONLY_LADDER: "the format {format} draws packets between the ends, so there is nothing that {option} could change" /
        "format {format} menggambar paket antara kedua ujung, sehingga {option} tidak dapat mengubah apa pun";
    ONLY_LADDER_NEXT: "A table takes it: --format table, markdown or csv." /
        "Opsi itu berlaku untuk tabel: --format table, markdown, atau csv.";
    NOT_UTF8: "an argument is not valid UTF-8 text" / "ada argumen yang bukan teks UTF-8 yang sah";
    UNUSABLE: "these arguments do not fit together" / "argumen-argumen ini tidak cocok satu sama lain";
    SEE_HELP: "{command} --help says what there is." / "{command} --help memuat daftarnya.";
    FILTER_IN_QUOTES: "A filter of several words stands in quotes: 'tcp port 80'. {command} --help says what there is." /
        "Filter yang terdiri dari beberapa kata diapit tanda kutip: 'tcp port 80'. {command} --help memuat daftarnya.";
    MEANT: "Did you mean {nearest}? {command} --help says what there is." /
        "Apakah maksudnya {nearest}? {command} --help memuat daftarnya.";
    MEANT_ONLY: "Did you mean {nearest}?" / "Apakah maksudnya {nearest}?";
    UNKNOWN_TERM: "\"{value}\" is no flag, state, rule or analysis fact that netscope knows" /
        "\"{value}\" bukan flag, status, aturan, atau fakta analisis yang dikenal netscope";
    SEE_TERMS: "netscope explain, without a term, lists them." / "netscope explain tanpa istilah memuat daftarnya.";
    MEANT_TERM: "Did you mean {nearest}? netscope explain, without a term, lists them all." /
        "Apakah maksudnya {nearest}? netscope explain tanpa istilah memuat semuanya.";

    // The forms of values.
    FORM_CONN: "A connection is a number as in the list of connections: 3, tcp:3 or udp:0." /
        "Koneksi disebut dengan nomornya dalam daftar koneksi: 3, tcp:3, atau udp:0.";
    FORM_NUMBER: "It is a whole number from {low} to {high}." / "Nilainya bilangan bulat dari {low} sampai {high}.";
    FORM_PAYLOAD: "It is none, all, or a number of bytes." / "Nilainya none, all, atau jumlah byte.";
    FORM_DURATION: "It is a number with its unit: 500ms, 10s, 2m or 1h." /
        "Nilainya bilangan beserta satuannya: 500ms, 10s, 2m, atau 1h.";
    FORM_INTERVAL: "It is a number with its unit: 500us, 10ms, 1s, 2m or 1h." /
        "Nilainya bilangan beserta satuannya: 500us, 10ms, 1s, 2m, atau 1h.";
    FORM_DELAY: "It is a number with its unit, at most 10s: 20ms, 1s or 500us." /
        "Nilainya bilangan beserta satuannya, paling banyak 10s: 20ms, 1s, atau 500us.";
    RULE_AT: "From character {at} on (\"{word}\") it is no rule. Possible there: {expected}." /
        "Mulai karakter ke-{at} (\"{word}\") teks ini bukan aturan. Yang mungkin di situ: {expected}.";
    RULE_ENDS: "The rule ends too early. Possible there: {expected}." /
        "Aturan ini berakhir terlalu dini. Yang mungkin di situ: {expected}.";
    RULE_START: "client or server; every or last; a kind of packet (data, SYN, SYN,ACK, ACK, FIN, RST, packet); a share (2%)" /
        "client atau server; every atau last; jenis paket (data, SYN, SYN,ACK, ACK, FIN, RST, packet); persentase (2%)";
    RULE_KIND: "data, SYN, SYN,ACK, ACK, FIN, RST or packet; behind last only ACK" /
        "data, SYN, SYN,ACK, ACK, FIN, RST, atau packet; di belakang last hanya ACK";
    RULE_NUMBER: "a number (3), a range (3..5 or 3..) or a share (2%)" /
        "nomor (3), rentang (3..5 atau 3..), atau persentase (2%)";
    RULE_RANGE: "numbers from 1 on, the lower one first (3..5)" / "nomor mulai dari 1, yang lebih kecil lebih dulu (3..5)";
    RULE_SHARE: "a share from 0% to 100%, with at most four decimals" /
        "persentase dari 0% sampai 100%, paling banyak empat angka desimal";
    RULE_LATE: "how many places late (2), or how long (30ms)" / "terlambat berapa posisi (2), atau berapa lama (30ms)";
    RULE_NOTHING: "nothing more; --reorder takes \"by 2\" or \"by 30ms\" at the end" /
        "tidak ada lagi; hanya --reorder yang menerima \"by 2\" atau \"by 30ms\" di akhir";
    SEED_ALONE: "--seed decides nothing without a rule with a share, such as --loss 2%" /
        "--seed tidak menentukan apa pun tanpa aturan berpersentase, misalnya --loss 2%";
    NO_WIRE: "{scenario} talks to itself inside one host: there is no wire between its ends, and it ran without one" /
        "{scenario} berkomunikasi dengan dirinya sendiri di dalam satu host: tidak ada kabel di antara kedua ujungnya, sehingga dijalankan tanpa kabel";
    WIRE_AS_PCAP: "{path} cannot hold an exchange over a wire: each packet was captured where it left and where it arrived" /
        "{path} tidak dapat memuat pertukaran lewat kabel: setiap paket terekam saat berangkat dan saat tiba";
    CALLS_AS_PCAP: "{path} cannot hold system calls beside packets" /
        "{path} tidak dapat memuat system call di samping paket";
    CALLS_AS_PCAP_NEXT: "Save it as .pcapng, or leave out --calls-as-packets." /
        "Simpan sebagai .pcapng, atau hilangkan --calls-as-packets.";
    WIRE_AS_PCAP_NEXT: "Save it as .pcapng, which keeps both capture points apart." /
        "Simpan sebagai .pcapng, yang memisahkan kedua titik capture.";
    FORM_COLUMNS: "The columns are: {allowed}." / "Kolom yang ada: {allowed}.";
    UNKNOWN_COLUMN: "there is no column \"{value}\"" / "tidak ada kolom \"{value}\"";

    // Formats and files.
    UNKNOWN_ENDING: "the ending {value} of {path} names no format" / "akhiran {value} pada {path} bukan nama format";
    ENDING_NEXT: "Choose one of {allowed}, or say the format with --format." /
        "Pilih salah satu dari {allowed}, atau sebutkan formatnya dengan --format.";
    ENDING_IS_SAVE: "--save FILE keeps packets; --output FILE keeps the report: {allowed}." /
        "--save BERKAS menyimpan paket; --output BERKAS menyimpan laporan: {allowed}.";
    SAME_FILE: "{path} cannot hold both the report and the packets" /
        "{path} tidak dapat memuat laporan sekaligus paketnya";

    // Connections.
    FOLLOW_ONE: "--follow shows the text of one connection" / "--follow menampilkan teks dari satu koneksi";
    FOLLOW_ONE_NEXT: "Name it with --conn N; --connections lists them." /
        "Sebutkan dengan --conn N; --connections memuat daftarnya.";
    PLOT_NO_TCP: "there is nothing to plot: the capture has no TCP connection" /
        "tidak ada yang dapat digambar: capture ini tidak memuat koneksi TCP";
    PLOT_NO_TCP_NEXT: "Plots show sequence numbers, ACKs and windows, which only TCP has. For UDP see netscope stats." /
        "Grafik menampilkan nomor urut, ACK dan window, yang hanya ada pada TCP. Untuk UDP lihat netscope stats.";
    PLOT_UDP: "{value} is a UDP conversation, and plots are of TCP connections" /
        "{value} adalah percakapan UDP, sedangkan grafik hanya untuk koneksi TCP";
    PLOT_SEVERAL: "a plot shows one connection, and the capture has {n} TCP connections" /
        "grafik menampilkan satu koneksi, sedangkan capture ini memuat {n} koneksi TCP";
    PLOT_SEVERAL_NEXT: "Name one with --conn N; netscope open FILE --connections lists them." /
        "Sebutkan salah satu dengan --conn N; netscope open BERKAS --connections memuat daftarnya.";
    PLOT_TERMINAL: "a PNG picture cannot be shown in a terminal" / "gambar PNG tidak dapat ditampilkan di terminal";
    PLOT_TERMINAL_NEXT: "Write it to a file: -o plot.png." / "Tulis ke berkas: -o plot.png.";
    NO_SUCH_CONN: "there is no connection {value}: the capture has {n} {proto} connections, numbered from 0" /
        "tidak ada koneksi {value}: capture ini memuat {n} koneksi {proto}, bernomor mulai dari 0";
    NO_SUCH_CONN_ONE: "there is no connection {value}: the capture has one {proto} connection, number 0" /
        "tidak ada koneksi {value}: capture ini memuat satu koneksi {proto}, yaitu nomor 0";
    NO_SUCH_CONN_NONE: "there is no connection {value}: the capture has no {proto} connection" /
        "tidak ada koneksi {value}: capture ini tidak memuat koneksi {proto}";
    CONN_IS_UDP: "A bare number means TCP. Write udp:{index} for the UDP conversation of that number." /
        "Nomor tanpa awalan berarti TCP. Tulis udp:{index} untuk percakapan UDP bernomor itu.";
    CONN_LIST: "--connections lists them." / "--connections menampilkan daftarnya.";

    // How it went.
    INTERRUPTED: "interrupted: only what was read so far is shown" /
        "dihentikan: hanya yang sudah terbaca yang ditampilkan";

    SAVED: "{n} packets saved to {path}." / "{n} paket disimpan ke {path}.";
    SAVED_ONE: "One packet saved to {path}." / "Satu paket disimpan ke {path}.";
    FORGOTTEN: "there were more connections than are kept: the {n} that had been idle longest are left out" /
        "koneksinya lebih banyak daripada yang disimpan: {n} yang paling lama diam tidak ditampilkan";
    DROPPED: "the kernel dropped {n} packets before they could be captured: the picture has gaps" /
        "kernel membuang {n} paket sebelum sempat ditangkap: gambaran ini tidak lengkap";
    LARGE_PAGE: "The page will have about {size} MB, for about {n} packets. --conn N or --limit N makes it smaller." /
        "Halaman ini akan berukuran sekitar {size} MB, untuk sekitar {n} paket. --conn N atau --limit N memperkecilnya.";
    READING: "{n} packets read from {source}." / "{n} paket terbaca dari {source}.";
    PROGRESS: "{read} · packets {packets} · connections {connections}" / "{read} · paket {packets} · koneksi {connections}";
    PROGRESS_LEFT: "{read} · packets {packets} · connections {connections} · {left} left" /
        "{read} · paket {packets} · koneksi {connections} · sisa waktu {left}";
    READ_OF: "{done} of {total} MB" / "{done} dari {total} MB";
    READ_SO_FAR: "{done} MB" / "{done} MB";
    SECONDS: "{s} s" / "{s} detik";
    MINUTES: "{min} min {s} s" / "{min} menit {s} detik";
    RUNNING: "Running {scenario}." / "Menjalankan {scenario}.";
    LISTENING: "Capturing on {interface}. Ctrl-C ends it." / "Menangkap di {interface}. Ctrl-C mengakhirinya.";

    // Lists.
    TERMS_NEXT: "netscope explain NAME explains one of them; upper and lower case do not matter." /
        "netscope explain NAMA menjelaskan salah satunya; huruf besar dan kecil tidak dibedakan.";
    ALLOWED: "yes" / "ya";
    FORBIDDEN: "no" / "tidak";
    VARIANTS: "variants" / "varian";
    SCENARIOS_NEXT: "netscope demo NAME runs one of them; several names are shown one after the other." /
        "netscope demo NAMA menjalankan salah satunya; beberapa nama ditampilkan berurutan.";
    UNKNOWN_VARIANT: "the scenario {scenario} has no variant \"{value}\"; it has: {allowed}" /
        "skenario {scenario} tidak mempunyai varian \"{value}\"; pilihannya: {allowed}";
    NO_VARIANTS: "the scenario {scenario} has no variants" / "skenario {scenario} tidak mempunyai varian";
    NO_MESSAGE: "--message changes nothing here: none of these exchanges sends the user's own text" /
        "--message tidak berpengaruh di sini: tidak satu pun pertukaran ini mengirim teks dari pengguna";
    NO_CLIENTS: "--clients changes nothing here: each of these exchanges has one client" /
        "--clients tidak berpengaruh di sini: setiap pertukaran ini mempunyai satu client";
    VARIANT_WITHOUT: "--variant needs the name of a scenario" / "--variant memerlukan nama skenario";

    // run.
    RUN_NEEDS: "run needs a server and a client, or one program behind --" /
        "run memerlukan server dan client, atau satu program di belakang --";
    RUN_NEEDS_NEXT: "For example: netscope run --server 'python3 server.py' --client 'python3 client.py'" /
        "Misalnya: netscope run --server 'python3 server.py' --client 'python3 client.py'";
    RUN_ONE_HOST: "one program has no wire between its ends: the options of the wire need --server and --client" /
        "satu program tidak memiliki kabel di antara kedua ujungnya: opsi kabel memerlukan --server dan --client";
    RUN_INPUTS: "there are {inputs} --input for {clients} clients" /
        "ada {inputs} --input untuk {clients} client";
    RUN_BAD_INPUT: "\"{value}\" has an escape that is not known" / "\"{value}\" memuat escape yang tidak dikenal";
    RUN_BAD_INPUT_NEXT: "Known are \\n, \\r, \\t, \\0, \\\\ and \\xNN." / "Yang dikenal: \\n, \\r, \\t, \\0, \\\\, dan \\xNN.";
    RUN_TIME_UP: "the time was up, and what still ran was ended; shown is what happened until then" /
        "waktunya habis dan yang masih berjalan dihentikan; yang ditampilkan adalah kejadian sampai saat itu";
    RUN_INTERRUPTED: "interrupted; shown is what happened until then" /
        "dihentikan; yang ditampilkan adalah kejadian sampai saat itu";
    RUN_IMPATIENT: "the server did not listen within 10 seconds; the clients began all the same" /
        "server tidak listen dalam 10 detik; client tetap dijalankan";
    RUN_MISSED: "the programs made so many calls that {n} of them were not kept" /
        "program membuat begitu banyak system call sehingga {n} di antaranya tidak disimpan";
    RUN_IO_URING: "a program uses io_uring: what it does that way is no system call and is missing among the calls" /
        "ada program yang memakai io_uring: yang dilakukan lewat itu bukan system call sehingga tidak tampak di sini";
}
