//! Messages of `report`.

use super::{Message, Text, messages};

messages! {

    CLIENT: "client" / "client";
    SERVER: "server" / "server";
    BOTH_ENDS: "both ends" / "kedua ujung";
    NOBODY: "nobody" / "tidak ada";

    SOURCE_LINE: "{source} · packets: {packets}" / "{source} · paket: {packets}";
    SOURCE_CONNECTIONS: "connections: {connections}" / "koneksi: {connections}";
    DROPPED: "dropped by the kernel: {n}" / "dibuang kernel: {n}";
    SETTINGS: "Settings of this machine: {settings}" / "Pengaturan mesin ini: {settings}";
    NO_CONNECTIONS: "No TCP connection and no UDP conversation to show." /
        "Tidak ada koneksi TCP maupun percakapan UDP yang dapat ditampilkan.";
    NONE_LEFT: "The filter leaves none of the connections of this capture (without it: {n})." /
        "Filter ini tidak menyisakan satu koneksi pun dari capture ini (tanpa filter: {n}).";
    CONNECTIONS: "Connections" / "Koneksi";
    LIST_CUT: "{shown} of {total} connections, in the order of their first packet. All of them: --limit\u{a0}{limit}, or --connections --format\u{a0}csv." /
        "{shown} dari {total} koneksi, menurut urutan paket pertamanya. Semuanya: --limit\u{a0}{limit}, atau --connections --format\u{a0}csv.";
    LIST_HINT: "The packets of one connection: --conn\u{a0}{conn}" / "Paket dari satu koneksi: --conn\u{a0}{conn}";
    INTERLEAVED_HINT: "All of them interleaved: --columns\u{a0}frame,conn,dir,flags,len,data" /
        "Semuanya berselang-seling: --columns\u{a0}frame,conn,dir,flags,len,data";
    ALIKE: "{n} × such as {conn}: {verdict} {basis}" / "{n} × seperti {conn}: {verdict} {basis}";
    ROWS_CUT: "{shown} of {total} packets. All of them: --limit\u{a0}{limit}, or --format\u{a0}csv." /
        "{shown} dari {total} paket. Semuanya: --limit\u{a0}{limit}, atau --format\u{a0}csv.";
    GAP: "{n} packets are left out here. All of them: --limit\u{a0}{limit}, or --format\u{a0}csv." /
        "{n} paket tidak ditampilkan di sini. Semuanya: --limit\u{a0}{limit}, atau --format\u{a0}csv.";
    OTHERS: "Also captured, outside these connections: {list}. Every packet: --format\u{a0}csv." /
        "Ikut tertangkap, di luar koneksi ini: {list}. Semua paket: --format\u{a0}csv.";
    OTHERS_ALONE: "Captured: {list}. Every packet: --format\u{a0}csv." / "Yang tertangkap: {list}. Semua paket: --format\u{a0}csv.";
    OTHER_KIND: "other" / "lainnya";

    COL_NUMBER: "#" / "#";
    COL_MILLIS: "ms" / "ms";
    COL_PASSING: "+ms" / "+ms";
    LOST: "lost" / "hilang";
    COL_WAY: "way" / "arah";
    COL_FLAGS: "flags" / "flag";
    COL_SEQ: "seq" / "seq";
    COL_ACK: "ack" / "ack";
    COL_LEN: "len" / "len";
    COL_DATA: "payload" / "payload";
    COL_CLIENT_STATE: "client state" / "status client";
    COL_SERVER_STATE: "server state" / "status server";
    COL_STATES: "states" / "status";
    COL_NOTE: "explanation" / "penjelasan";
    COL_CONN: "conn" / "conn";
    COL_DURATION: "duration" / "lama";
    COL_PACKETS: "packets" / "paket";
    COL_BYTES: "bytes C→S / S→C" / "byte C→S / S→C";
    COL_CLOSE: "close" / "penutupan";
    COL_VERDICT: "verdict" / "kesimpulan";

    VERDICT: "Verdict" / "Kesimpulan";
    EVIDENCE_ONE: "frame {frames}" / "frame {frames}";
    EVIDENCE: "frames {frames}" / "frame {frames}";
    CANDIDATES: "not excluded: {names}" / "belum dapat disingkirkan: {names}";
    AS_BEFORE: "{title} (as in frame {frame})" / "{title} (seperti frame {frame})";
    CERTAIN: "certain" / "pasti";
    LIKELY: "likely" / "kemungkinan besar";
    POSSIBLE: "possible" / "mungkin";
    CLIENT_BY_SYN_ACK: "client: the end that was sent the SYN-ACK" / "client: ujung yang dikirimi SYN-ACK";
    CLIENT_BY_PORT: "client: taken to be the end without a server's port" /
        "client: dianggap ujung yang tidak memakai port server";
    CLIENT_BY_FIRST: "client: taken to be the sender of the first packet" /
        "client: dianggap pengirim paket pertama";
    CLIENT_BY_REQUEST: "client: the end that had sent to another port of the server before" /
        "client: ujung yang sebelumnya mengirim ke port lain milik server";

    HALF_CLOSED: "Half-closed" / "Half-closed";
    HALF_SPAN: "From frame {from} to frame {to}, {duration}: {by} no longer sends, only {other} still may." /
        "Dari frame {from} sampai frame {to}, {duration}: {by} tidak mengirim lagi, hanya {other} yang masih boleh mengirim.";
    HALF_SPAN_UNTIMED: "From frame {from} to frame {to}: {by} no longer sends, only {other} still may." /
        "Dari frame {from} sampai frame {to}: {by} tidak mengirim lagi, hanya {other} yang masih boleh mengirim.";
    HALF_BEGINS: "Since frame {from}: {by} no longer sends, only {other} still may." /
        "Sejak frame {from}: {by} tidak mengirim lagi, hanya {other} yang masih boleh mengirim.";
    HALF_CROSSED: "From frame {from} to frame {to}, but in effect at no time: the FINs crossed, each end had closed before it saw the other's FIN." /
        "Dari frame {from} sampai frame {to}, tetapi sebenarnya tidak pernah: kedua FIN berpapasan, tiap ujung sudah menutup sebelum melihat FIN lawannya.";
    HALF_NO_BYTES: "No data was sent in that time." / "Tidak ada data yang lewat selama itu.";
    HALF_BYTES_ACKED: "Bytes from {other} in that time: {n}, acknowledged." /
        "Byte dari {other} selama itu: {n}, diakui (ACK).";
    HALF_BYTES_RESET: "Bytes from {other} in that time: {n}, answered with RST." /
        "Byte dari {other} selama itu: {n}, dibalas RST.";
    HALF_BYTES_UNKNOWN: "Bytes from {other} in that time: {n}; the capture does not show whether they were taken." /
        "Byte dari {other} selama itu: {n}; capture tidak memperlihatkan apakah diterima.";
    HALF_NEVER_ENDED: "It did not end: {other} had sent no FIN when the capture ended." /
        "Belum berakhir: {other} belum mengirim FIN sampai capture selesai.";
    HALF_ENDED_BY_RST: "A RST ended it." / "RST mengakhirinya.";
    HALF_NONE: "At no time: the FIN of {other} itself acknowledges that of {by}, and no data lies between them." /
        "Tidak pernah: FIN dari {other} sekaligus mengakui FIN dari {by}, dan tidak ada data di antaranya.";
    SPAN_BYTES: "{n} B {way}" / "{n} B {way}";

    SPAN_BEGIN: "{side} {flag} #{frame}" / "{flag} {side} #{frame}";
    SPAN_END: "#{frame} {side} {flag}" / "#{frame} {flag} {side}";
    CLOSE: "Close" / "Penutupan";
    CLOSE_TIMEOUT: "No RST was captured: by the word of its kernel the {side} gave up, without a packet." /
        "Tidak ada RST yang tertangkap: menurut kernel-nya, {side} menyerah tanpa mengirim paket.";
    CLOSE_OPEN: "Neither FIN nor RST was captured: nothing in this capture ends the connection." /
        "Tidak ada FIN maupun RST yang tertangkap: tidak ada paket dalam capture ini yang mengakhiri koneksi.";
    FIRST_FIN: "first FIN" / "FIN pertama";
    SECOND_FIN: "second FIN" / "FIN kedua";
    FIN_AT: "{side}, frame {frame}" / "{side}, frame {frame}";
    FIN_LATER: "{side}, frame {frame}, {duration} after the first" / "{side}, frame {frame}, {duration} setelah yang pertama";
    FIN_MISSING: "not captured" / "tidak tertangkap";
    FIN_NONE_BUT_RST: "none captured, the RST ends the connection" / "tidak ada yang tertangkap, RST mengakhiri koneksi";
    SEGMENTS: "segments" / "segmen";
    AND_MORE: "and more" / "dan seterusnya";
    RST_LABEL: "RST" / "RST";
    RST_REFUSAL: "{side}, frame {frame}: refuses the SYN of frame {other}; SYN-RECEIVED there was only assumed, the state was CLOSED" /
        "{side}, frame {frame}: menolak SYN pada frame {other}; SYN-RECEIVED di sana hanya dugaan, statusnya CLOSED";
    RST_ANSWER: "{side}, frame {frame}: answers frame {other}, for which its kernel has no open socket" /
        "{side}, frame {frame}: menjawab frame {other}; di kernel-nya tidak ada socket terbuka untuk itu";
    RST_ACTIVE: "{side}, frame {frame}: ends the connection at once, in both directions" /
        "{side}, frame {frame}: mengakhiri koneksi seketika, di kedua arah";
    RST_GIVES_UP: "{side}, frame {frame}: gives up, because its probes were not answered; the other end may not know" /
        "{side}, frame {frame}: menyerah karena probe-nya tidak dijawab; ujung lain mungkin tidak tahu";
    RST_UNCLEAR: "{side}, frame {frame}: the packets do not show its cause" /
        "{side}, frame {frame}: paket tidak memperlihatkan sebabnya";
    TIME_WAIT: "TIME-WAIT" / "TIME-WAIT";
    TIME_WAIT_ONE: "{side} (60 s on Linux)" / "{side} (60 detik di Linux)";
    TIME_WAIT_ITSELF: "the one socket (60 s on Linux): its own FIN came back" / "satu-satunya socket itu (60 detik di Linux): FIN-nya sendiri yang datang";
    TIME_WAIT_BOTH: "both ends (60 s on Linux): the FINs crossed" /
        "kedua ujung (60 detik di Linux): FIN berpapasan";
    TIME_WAIT_RST: "nobody: after a RST there is nothing to wait for" /
        "tidak ada: setelah RST tidak ada lagi yang perlu ditunggu";
    TIME_WAIT_NOT_YET: "nobody yet" / "belum ada";
    KERNEL: "The states by the kernel's own word" / "Status menurut kernel sendiri";
    KERNEL_AGREES: "The packets show each of them, in the same order." /
        "Semuanya terlihat juga dari paket, dengan urutan yang sama.";
    KERNEL_ASIDE: "In parentheses: a state that passes without a packet of its own." /
        "Dalam tanda kurung: status yang berlalu tanpa paket tersendiri.";
    KERNEL_DIFFERS: "The kernel of the {side} said {state} after {after}; by the packets the state was {inferred}. No packet told of that change." /
        "Kernel {side} menyatakan {state} setelah {after}; menurut paket statusnya {inferred}. Tidak ada paket yang memberitakan perubahan itu.";
    KERNEL_RESET_TAKEN: "The kernel of the {side} took the RST as valid: the connection ended there at that moment." /
        "Kernel {side} menerima RST itu sebagai sah: di sana koneksi berakhir pada saat itu.";
    KERNEL_RESET: "The kernel of the {side} gives {reason} as its reason for the RST." /
        "Kernel {side} menyebut {reason} sebagai alasan RST.";
    CLOSED_FIN: "FIN by {side}" / "FIN oleh {side}";
    CLOSED_FIN_BOTH: "FIN by both" / "FIN oleh keduanya";
    CLOSED_TIMEOUT: "{side} gave up" / "{side} menyerah";
    CLOSED_HALF: "FIN by {side} only" / "FIN oleh {side} saja";
    CLOSED_RST: "RST by {side}" / "RST oleh {side}";
    CLOSED_REFUSED: "refused by {side}" / "ditolak {side}";
    CLOSED_UNANSWERED: "no answer" / "tanpa jawaban";
    CLOSED_OPEN: "open" / "terbuka";

    COURSE: "What course texts say" / "Pernyataan materi kuliah";
    COURSE_SAYS: "Course text: {claim}" / "Materi kuliah: {claim}";
    QUESTION: "Question" / "Pertanyaan";
    ANSWER: "Answer" / "Jawaban";

    STORY: "Look-ups, requests and answers" / "Pencarian nama, request, dan jawaban";
    STORY_LOOKUP: "frame {frame}: looks up {name} ({type}): {answer}, {duration} (answer in frame {later})" /
        "frame {frame}: mencari {name} ({type}): {answer}, {duration} (jawaban pada frame {later})";
    STORY_LOOKUP_UNTIMED: "frame {frame}: looks up {name} ({type}): {answer} (answer in frame {later})" /
        "frame {frame}: mencari {name} ({type}): {answer} (jawaban pada frame {later})";
    STORY_NO_ANSWER: "frame {frame}: looks up {name} ({type}): no answer captured" /
        "frame {frame}: mencari {name} ({type}): tidak ada jawaban dalam capture ini";
    STORY_CONNECTS: "frame {frame}: {conn} to {server}, an address of {name}" /
        "frame {frame}: {conn} ke {server}, salah satu alamat {name}";
    STORY_EXCHANGE: "frame {frame}, {conn}: {request} → {answer}, {duration} (answer in frame {later})" /
        "frame {frame}, {conn}: {request} → {answer}, {duration} (jawaban pada frame {later})";
    STORY_EXCHANGE_UNTIMED: "frame {frame}, {conn}: {request} → {answer} (answer in frame {later})" /
        "frame {frame}, {conn}: {request} → {answer} (jawaban pada frame {later})";
    STORY_UNANSWERED: "frame {frame}, {conn}: {request} → no answer captured" /
        "frame {frame}, {conn}: {request} → tidak ada jawaban dalam capture ini";
    STORY_MORE: "and {n} more" / "dan {n} lagi";
    FOLLOW_TURN: "{way} from frame {frame}" / "{way} mulai frame {frame}";
    FOLLOW_GAP: "[{n} not captured]" / "[{n} tidak tertangkap]";
    FOLLOW_NOTHING: "No payload was sent on this connection." / "Tidak ada payload yang dikirim pada koneksi ini.";

    LADDER_NAME: "Packets between the ends" / "Paket di antara kedua ujung";
    PART: "part {n} of {of}" / "bagian {n} dari {of}";
    TABLE_NAME: "Table" / "Tabel";
    FIGURE_NAME: "Figure" / "Gambar";
    TABLE_PACKETS: "Packets of {conn}" / "Paket dari {conn}";
    LADDER_GAP: "… {n} packets are left out here …" / "… {n} paket tidak ditampilkan di sini …";
    LADDER_CUT: "{n} packets are left out. All of them: --limit\u{a0}{limit}." /
        "{n} paket tidak ditampilkan. Semuanya: --limit\u{a0}{limit}.";
    LADDER_LANES: "{n} connections have no room beside the others and are not drawn. One of them alone: --conn\u{a0}{conn}" /
        "{n} koneksi tidak mendapat tempat di samping yang lain dan tidak digambar. Satu saja di antaranya: --conn\u{a0}{conn}";
    LADDER_EMPTY: "There is no packet of a connection to draw." / "Tidak ada paket koneksi yang dapat digambar.";
    MERMAID_CUT: "{n} packets are left out: Mermaid draws no longer text. Fewer of them: --conn or --limit" /
        "{n} paket tidak ditampilkan: Mermaid tidak menggambar teks yang lebih panjang. Kurangi dengan --conn atau --limit";
    LADDER_TIME: "Time runs down, not to scale; ms counts from the first packet." /
        "Waktu berjalan ke bawah, tidak menurut skala; ms dihitung sejak paket pertama.";
    LADDER_STATES: "seq and ack are relative; the states beside the lanes are inferred from the packets." /
        "seq dan ack bersifat relatif; status di samping lajur disimpulkan (inferred) dari paket.";
    LADDER_CALLS: "● is a system call, beside the program that made it." / "● adalah system call, di sisi program yang memanggilnya.";
    LADDER_KERNEL: "{mark} before a state: the kernel, asked for the socket, named the same one." /
        "{mark} di depan status: kernel, ketika ditanya tentang socket-nya, menyebut status yang sama.";
    LADDER_SLANT: "An arrow goes down as far as the packet took to arrive." /
        "Panah turun sejauh lama perjalanan paket sampai tiba.";

    LEGEND: "Legend" / "Keterangan";
    LEGEND_STATES: "States are those of RFC 9293, inferred from the packets once each has been sent and received; {mark}\u{a0}marks a change, ?\u{a0}what they cannot tell. Before the first SYN the server is taken to be in LISTEN." /
        "Status mengikuti RFC 9293 dan disimpulkan (inferred) dari paket, setelah paket itu dikirim dan diterima; {mark}\u{a0}menandai perubahan, ?\u{a0}menandai yang tidak dapat diketahui. Sebelum SYN pertama, server dianggap berstatus LISTEN.";
    BOLD: "bold type" / "huruf tebal";
    LEGEND_KERNEL: "{mark} stands in its place where the kernel, asked again and again for this socket (sock_diag), named the same state. What came and went between two questions stays without it." /
        "{mark} menggantikannya bila kernel, yang terus-menerus ditanya tentang socket ini (sock_diag), menyebut status yang sama. Status yang berlalu di antara dua pertanyaan tetap tanpa tanda itu.";
    LEGEND_NUMBERS: "seq and ack are relative, len is the payload in bytes, ms counts from the first packet." /
        "seq dan ack bersifat relatif, len adalah payload dalam byte, ms dihitung sejak paket pertama.";
    LEGEND_WIRE: "+ms is how long a packet was under way; a lost one moves only its sender, ×2 marks one that arrived twice, ↷ one that a later packet overtook. The sender's state is the one after it left, the receiver's the one after it arrived. Each arrival has a frame number of its own." /
        "+ms adalah lama paket di perjalanan; paket yang hilang hanya mengubah pengirimnya, ×2 menandai paket yang tiba dua kali, ↷ paket yang tersusul paket sesudahnya. Status pengirim adalah status setelah paket berangkat, status penerima setelah paket tiba. Setiap kedatangan memiliki nomor frame sendiri.";
    COUNTED_ONE: "Counted by the kernel meanwhile: {list}" / "Dihitung kernel selama itu: {list}";
    COUNTED: "Counted by the kernels at both ends: {list}" / "Dihitung oleh kernel di kedua ujung: {list}";
    LEGEND_NUMBERS_UDP: "len is the payload in bytes, ms counts from the first packet." /
        "len adalah payload dalam byte, ms dihitung sejak paket pertama.";
    LEGEND_RULES: "More about a name in brackets: netscope\u{a0}explain\u{a0}NAME" /
        "Penjelasan untuk nama dalam kurung siku: netscope\u{a0}explain\u{a0}NAMA";
    LEGEND_CALLS: "Lines such as C connect(…) (P: a program that is both ends) are system calls of that end: one that takes data or a connection stands where it returned, any other where it began, and a time in brackets is how long it took. →\u{a0}#N is the packet that it made, by the bytes that it wrote. What no call made is the kernel's." /
        "Baris seperti C connect(…) (P: program yang menjadi kedua ujung) adalah system call di ujung itu: yang menerima data atau koneksi ditulis saat ia kembali, yang lain saat dimulai; waktu dalam kurung adalah lamanya. →\u{a0}#N adalah paket yang dihasilkannya, menurut byte yang ditulisnya. Paket yang tidak dihasilkan system call mana pun berasal dari kernel.";
    LEGEND_HALF: "{mark} marks the half-closed time." / "{mark} menandai masa half-closed.";

    COMPARISON: "Side by side" / "Berdampingan";
    CMP_FIRST_FIN: "first FIN by" / "FIN pertama dari";
    CMP_SEGMENTS: "the close" / "penutupan";
    CMP_HALF: "half-closed" / "half-closed";
    CMP_HALF_NEVER: "never" / "tidak pernah";
    CMP_HALF_CROSSED: "in effect never: the FINs crossed" / "sebenarnya tidak pernah: kedua FIN berpapasan";
    CMP_HALF_WHO: "{duration}; only {other} may still send" / "{duration}; hanya {other} yang masih boleh mengirim";
    CMP_BYTES_NONE: "no data in it" / "tidak ada data selama itu";
    CMP_BYTES_ACKED: "bytes in it: {n}, acknowledged" / "byte selama itu: {n}, diakui (ACK)";
    CMP_BYTES_RESET: "bytes in it: {n}, reset" / "byte selama itu: {n}, dibalas RST";
    CMP_BYTES_UNKNOWN: "bytes in it: {n}" / "byte selama itu: {n}";
    CMP_TIME_WAIT: "TIME-WAIT at" / "TIME-WAIT di";
    CMP_VERDICT: "verdict" / "kesimpulan";

    // Programs.
    NEVER_RETURNED: "(did not return)" / "(tidak kembali)";
    STILL_OPEN: "(copies still open: {n})" / "(salinan yang masih terbuka: {n})";
    CALLS: "Calls" / "System call";
    FINDINGS: "Found in the programs" / "Temuan pada program";
    PROGRAMS: "Programs" / "Program";
    PROGRAM: "program" / "program";
    PROGRAM_EXIT: "ended with exit code {code}" / "berakhir dengan kode keluar {code}";
    PROGRAM_SIGNAL: "was ended by {signal}" / "dihentikan oleh {signal}";
    PROGRAM_STOPPED: "still ran and was told to end" / "masih berjalan lalu dihentikan";
    PROGRAMS_STOPPED: "netscope ended the programs here" / "di sini netscope menghentikan program";
    MORE_CALLS: "{n} further lines of calls are not shown" / "{n} baris system call lainnya tidak ditampilkan";
    PROGRAM_NEVER: "was not started" / "tidak dijalankan";
    LEVEL_ERROR: "error" / "galat";
    LEVEL_WARNING: "warning" / "peringatan";
    LEVEL_NOTE: "note" / "catatan";
}
