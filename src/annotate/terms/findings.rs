//! The findings of `run`: what each means, and what mends it. One whose name is an event's is explained there.

use super::{Term, TermKind};
use crate::language::Text;

const fn finding(
    name: &'static str,
    title: [&'static str; 2],
    text: [&'static str; 2],
    sources: &'static [&'static str],
) -> Term {
    let title = Text { en: title[0], id: title[1] };
    Term { name, kind: TermKind::Finding, title, text: Text { en: text[0], id: text[1] }, sources }
}

pub(super) const FINDINGS: &[Term] = &[
    finding(
        "never-ran",
        ["the program ended before it used a socket", "program berakhir sebelum memakai socket"],
        [
            "The program was started and ended with an error before it had done anything with a socket. Most often the interpreter \
             found a syntax error or an indentation slip, or a file or module is missing. The last lines that it wrote say which. When \
             the server never ran, netscope does not start the clients.",
            "Program sudah dijalankan, tetapi berakhir dengan galat sebelum melakukan apa pun dengan socket. Biasanya \
             interpreter menemukan kesalahan sintaks atau indentasi, atau ada berkas maupun modul yang tidak ditemukan. \
             Pesan terakhir program menyebutkan penyebabnya. Jika server tidak pernah berjalan, client tidak dijalankan.",
        ],
        &["exit(3)"],
    ),
    finding(
        "port-in-use",
        ["bind() failed with EADDRINUSE", "bind() gagal dengan EADDRINUSE"],
        [
            "Another socket has the port. Either it is still open, perhaps in a server that was started before, or a \
             connection of that port is in TIME-WAIT, as it is for 60 seconds at the end that closed first. \
             SO_REUSEADDR allows the port in the second case and not in the first; on Linux it must have been set \
             before bind() in the earlier run as well, so set it always.",
            "Port itu sedang dimiliki socket lain. Bisa jadi socket itu masih terbuka, misalnya pada server yang \
             dijalankan sebelumnya, atau ada koneksi pada port itu yang masih dalam TIME-WAIT, yaitu selama 60 detik \
             di ujung yang menutup lebih dahulu. SO_REUSEADDR mengatasi kasus kedua, bukan kasus pertama; di Linux \
             opsi ini harus sudah dipasang sebelum bind() pada server sebelumnya juga, jadi pasanglah selalu.",
        ],
        &["RFC 9293 §3.6.1"],
    ),
    finding(
        "bind-failed",
        ["bind() could not have that address or port", "bind() tidak mendapat alamat atau port itu"],
        [
            "EADDRNOTAVAIL: a server can be bound only to an address of its own host. In the private network of netscope run \
             these are 127.0.0.1 and ::1; an address of your local network exists only with --host, and the name of the \
             machine may stand for such an address. 0.0.0.0 takes what comes to any address. EACCES: on Linux ports below \
             1024 belong to privileged programs.",
            "EADDRNOTAVAIL: server hanya dapat di-bind ke alamat milik host-nya sendiri. Di jaringan privat netscope run \
             alamat itu adalah 127.0.0.1 dan ::1; alamat jaringan lokal Anda hanya ada dengan --host, dan nama mesin bisa \
             jadi menunjuk ke alamat seperti itu. 0.0.0.0 menerima apa yang datang ke alamat mana pun. EACCES: di Linux port \
             di bawah 1024 hanya untuk program berhak istimewa.",
        ],
        &["bind(2)", "ip(7)"],
    ),
    finding(
        "connect-before-listen",
        ["connect() came before listen()", "connect() mendahului listen()"],
        [
            "A port answers SYNs only once a socket on it has called listen(). Before that the kernel refuses them with a \
             RST, also when bind() has already given the port to the server. Start the client later, or let it try again \
             when it gets ECONNREFUSED.",
            "Sebuah port baru menjawab SYN setelah socket-nya memanggil listen(). Sebelum itu kernel menolaknya dengan RST, \
             walaupun bind() sudah memberikan port itu kepada server. Jalankan client belakangan, atau biarkan ia mencoba \
             lagi ketika mendapat ECONNREFUSED.",
        ],
        &["RFC 9293 §3.5.2"],
    ),
    finding(
        "connect-refused",
        ["connect() to a port where nobody listens", "connect() ke port yang tidak ada pendengarnya"],
        [
            "The SYN reached the host, no socket listens on the port, and the kernel answered with a RST; connect() fails \
             with ECONNREFUSED. Compare the port numbers of client and server, and the address that the server is bound to.",
            "SYN sampai di host, tetapi tidak ada socket yang listen pada port itu sehingga kernel menjawab dengan RST dan \
             connect() gagal dengan ECONNREFUSED. Bandingkan nomor port client dan server, juga alamat yang dipakai server \
             pada bind().",
        ],
        &["RFC 9293 §3.5.2"],
    ),
    finding(
        "not-reachable",
        ["an address outside the private network", "alamat di luar jaringan privat"],
        [
            "netscope run puts the programs into a network of their own in which only the loopback addresses 127.0.0.1 and \
             ::1 exist. Everything else gives ENETUNREACH. Use 127.0.0.1 or localhost in both programs, or run them with \
             --host in the machine's own network. Over a wire 127.0.0.1 is the server's host.",
            "netscope run menempatkan program dalam jaringan tersendiri yang hanya memiliki alamat loopback 127.0.0.1 dan \
             ::1. Alamat lain menghasilkan ENETUNREACH. Pakailah 127.0.0.1 atau localhost di kedua program, atau jalankan \
             dengan --host di jaringan mesin ini sendiri. Lewat kabel, 127.0.0.1 adalah host server.",
        ],
        &["connect(2)"],
    ),
    finding(
        "eof-ignored",
        ["recv() returned 0 and the loop went on", "recv() menghasilkan 0, tetapi loop terus berjalan"],
        [
            "recv() returns 0 (in Python an empty bytes object) when the peer's FIN has come (it closed, or shut \
             down its sending direction) and everything has been read. It will return 0 for ever. A loop that does \
             not end there runs at full speed and never closes its socket. Test for it; in Python: if not data: \
             break.",
            "recv() menghasilkan 0 (di Python: bytes kosong) ketika FIN dari pihak lain sudah datang (ia menutup \
             socket, atau menutup arah kirimnya) dan semua data sudah dibaca. Selanjutnya hasilnya selalu 0. Loop \
             yang tidak berhenti di situ berputar tanpa henti dan tidak pernah menutup socket-nya. Periksalah; di \
             Python: if not data: break.",
        ],
        &["recv(2)"],
    ),
    finding(
        "close-with-unread-data",
        ["closed while data was unread: RST instead of FIN", "menutup saat data belum dibaca: RST, bukan FIN"],
        [
            "When a program closes a socket whose receive buffer still holds data, the kernel tells the peer with a \
             RST that this data was lost. At the peer send() fails with ECONNRESET, and so does recv() once what had \
             already arrived is read; a reply that had not left yet is lost. Read until recv() returns 0 before you \
             close.",
            "Jika program menutup socket yang buffer penerimanya masih berisi data, kernel memberi tahu pihak lain \
             dengan RST bahwa data itu hilang. Di sana send() gagal dengan ECONNRESET, demikian pula recv() setelah \
             data yang sudah tiba habis dibaca; balasan yang belum terkirim ikut hilang. Bacalah sampai recv() \
             menghasilkan 0 sebelum menutup.",
        ],
        &["RFC 2525 §2.17", "RFC 9293 §3.6.1"],
    ),
    finding(
        "write-after-close",
        ["written after the peer had closed", "menulis setelah pihak lain menutup"],
        [
            "The first write after the peer's close() still succeeds: it only hands bytes to the own kernel. The peer's \
             kernel answers them with a RST, and the next write fails with EPIPE or ECONNRESET; in C, SIGPIPE ends the \
             program unless it is ignored. recv() would have said it earlier by returning 0.",
            "Penulisan pertama setelah close() pihak lain masih berhasil karena hanya menyerahkan byte kepada kernel \
             sendiri. Kernel pihak lain menjawabnya dengan RST, dan penulisan berikutnya gagal dengan EPIPE atau \
             ECONNRESET; di C, SIGPIPE menghentikan program kecuali diabaikan. recv() sudah lebih dahulu menunjukkannya \
             dengan hasil 0.",
        ],
        &["RFC 9293 §3.6.1", "send(2)"],
    ),
    finding(
        "use-after-close",
        ["a call on a descriptor that was closed", "pemanggilan pada descriptor yang sudah ditutup"],
        [
            "After close() the descriptor is no socket any more, and every call on it fails with EBADF. The usual cause is \
             a close() that is indented one level too deep, inside the loop that serves the client: one message is \
             answered, and then the loop goes on without a socket.",
            "Setelah close() descriptor itu bukan socket lagi, dan setiap pemanggilan padanya gagal dengan EBADF. Penyebab \
             yang lazim: close() terindentasi satu tingkat terlalu dalam, di dalam loop yang melayani client. Satu pesan \
             dijawab, lalu loop berlanjut tanpa socket.",
        ],
        &["close(2)"],
    ),
    finding(
        "still-held",
        ["closed in one process, still open in another", "ditutup di satu proses, masih terbuka di proses lain"],
        [
            "fork() and dup() copy descriptors. The kernel sends the FIN only when the last copy is closed. In a server \
             that forks, the parent must close the connection after the fork, and the child the listening socket; \
             otherwise the client waits for an end that does not come.",
            "fork() dan dup() menggandakan descriptor. Kernel baru mengirim FIN ketika salinan terakhir ditutup. Pada \
             server yang memakai fork, parent harus menutup socket koneksi setelah fork, dan child menutup socket yang \
             listen; jika tidak, client menunggu akhir yang tidak kunjung datang.",
        ],
        &["close(2)", "fork(2)"],
    ),
    finding(
        "never-closed",
        ["the peer closed, this end never did", "pihak lain sudah menutup, ujung ini tidak pernah"],
        [
            "After the peer's FIN this end is in CLOSE-WAIT until its program calls close(). No timer ends that state. A \
             server that forgets it keeps a descriptor for every client that ever came, until accept() fails with EMFILE.",
            "Setelah FIN dari pihak lain, ujung ini berada di CLOSE-WAIT sampai programnya memanggil close(). Tidak \
             ada timer yang mengakhiri status itu. Server yang melupakannya menyimpan satu descriptor untuk setiap \
             client yang pernah datang, sampai accept() gagal dengan EMFILE.",
        ],
        &["RFC 9293 §3.3.2"],
    ),
    finding(
        "udp-nobody-listens",
        ["datagrams to a port without a socket", "datagram ke port tanpa socket"],
        [
            "UDP has no handshake: sendto() succeeds whether anybody is there or not. The kernel at the other end \
             usually answers with ICMP port unreachable. A connected UDP socket gets that as ECONNREFUSED from its \
             next call; an unconnected one is not told, and waits.",
            "UDP tidak mengenal handshake: sendto() berhasil, ada penerima atau tidak. Kernel di ujung lain biasanya \
             menjawab dengan ICMP port unreachable. Socket UDP yang di-connect menerimanya sebagai ECONNREFUSED pada \
             pemanggilan berikutnya; yang tidak di-connect tidak diberi tahu dan terus menunggu.",
        ],
        &["RFC 1122 §4.1.3.3", "udp(7)"],
    ),
    finding(
        "both-wait",
        ["both ends wait for the other to send", "kedua ujung menunggu lawannya mengirim"],
        [
            "Everything that was sent has been read, and both programs are in recv(). The connection is healthy, and \
             nothing will ever happen on it: the programs disagree about whose turn it is. A protocol must say who speaks \
             first, and how a message ends.",
            "Semua yang dikirim sudah dibaca, dan kedua program berada di recv(). Koneksinya sehat, tetapi tidak akan \
             terjadi apa-apa lagi: kedua program tidak sepakat giliran siapa. Sebuah protokol harus menentukan siapa yang \
             berbicara lebih dahulu dan bagaimana sebuah pesan berakhir.",
        ],
        &["recv(2)"],
    ),
    finding(
        "waits-for-ever",
        ["a call that had not returned when the time was up", "pemanggilan yang belum kembali saat waktu habis"],
        [
            "The call was waiting for something that had not come when netscope ended the programs: data, a connection, \
             room in the buffer. With UDP a lost or unanswered datagram does that. A time limit (settimeout(), \
             SO_RCVTIMEO, poll()) turns it into an error that the program can handle.",
            "Pemanggilan itu menunggu sesuatu yang belum datang ketika netscope menghentikan program: data, koneksi, atau \
             ruang di buffer. Pada UDP, datagram yang hilang atau tidak dijawab menyebabkannya. Batas waktu (settimeout(), \
             SO_RCVTIMEO, poll()) mengubahnya menjadi galat yang dapat ditangani program.",
        ],
        &["recv(2)", "socket(7)"],
    ),
    finding(
        "word-is-no-close",
        ["a word such as close taken for the end", "kata seperti close dianggap akhir koneksi"],
        [
            "To TCP the word is payload. A direction of the connection ends with a FIN, and the kernel sends it when \
             a program calls close() or shutdown(), or ends itself. If the word is to mean the end, the program that \
             reads it must call close(), and the other must read until recv() returns 0.",
            "Bagi TCP kata itu hanyalah payload. Satu arah koneksi berakhir dengan FIN, dan kernel mengirimnya \
             ketika sebuah program memanggil close() atau shutdown(), atau ketika program itu berakhir. Jika kata \
             itu dimaksudkan sebagai akhir, program yang membacanya harus memanggil close(), dan yang lain membaca \
             sampai recv() menghasilkan 0.",
        ],
        &["RFC 9293 §3.6"],
    ),
    finding(
        "short-send",
        ["send() took only a part", "send() hanya menerima sebagian"],
        [
            "send() returns how many bytes it took, which can be fewer than asked: when the socket does not block, or a \
             signal came. The rest is not sent by anybody. sendall() in Python, or a loop in C, goes on with the rest.",
            "send() mengembalikan jumlah byte yang diterimanya, yang bisa lebih sedikit daripada yang diminta: bila socket \
             tidak memblokir, atau ada sinyal. Sisanya tidak dikirim oleh siapa pun. sendall() di Python, atau loop di C, \
             melanjutkan dengan sisanya.",
        ],
        &["send(2)"],
    ),
    finding(
        "messages-glued",
        ["one recv() returned several messages", "satu recv() mengembalikan beberapa pesan"],
        [
            "TCP keeps the order of bytes and not the boundaries of calls. What was sent in two calls can come out of one \
             recv(). It is no mistake if the program looks for the end of a message itself, by a line feed or by a length \
             in front; it is one if it takes each recv() for a message.",
            "TCP menjaga urutan byte, bukan batas pemanggilan. Yang dikirim dengan dua pemanggilan bisa keluar dari satu \
             recv(). Ini bukan kesalahan bila program mencari sendiri akhir pesannya, lewat baris baru atau panjang di \
             depannya; ini kesalahan bila setiap recv() dianggap satu pesan.",
        ],
        &["RFC 9293 §3.9.1"],
    ),
    finding(
        "message-split",
        ["a message came in pieces", "sebuah pesan datang dalam potongan"],
        [
            "recv() returns what is there, up to the room it was given, and does not wait for more (unless \
             MSG_WAITALL asks for it). A message that was sent in one call can need several. Read on until the line \
             feed or the length says that it is whole.",
            "recv() mengembalikan yang sudah ada, sebanyak ruang yang diberikan, dan tidak menunggu sisanya (kecuali \
             diminta dengan MSG_WAITALL). Pesan yang dikirim dengan satu pemanggilan bisa memerlukan beberapa. \
             Bacalah terus sampai baris baru atau panjangnya menyatakan bahwa pesan sudah utuh.",
        ],
        &["RFC 9293 §3.9.1"],
    ),
    finding(
        "one-at-a-time",
        ["a server that serves one client at a time", "server yang melayani satu client pada satu waktu"],
        [
            "The kernel completes the handshake and takes the request of the next client as long as there is room in the \
             listener's queue; the program need not have called accept() for that. So the second client is connected, its \
             send() succeeds, and then nothing comes until the first is closed. Serve each client in a thread or a process \
             of its own, or ask poll() or select() which socket has something to read.",
            "Kernel menyelesaikan handshake dan menerima permintaan client berikutnya selama masih ada tempat di antrean \
             listener; program tidak perlu memanggil accept() untuk itu. Jadi client kedua sudah tersambung dan send() \
             berhasil, tetapi tidak ada balasan sampai koneksi yang pertama ditutup. Layanilah setiap client di thread atau \
             prosesnya sendiri, atau tanyakan kepada poll() atau select() socket mana yang dapat dibaca.",
        ],
        &["listen(2)", "accept(2)"],
    ),
    finding(
        "nagle-delayed-ack",
        ["write, write, read: 40 ms lost", "tulis, tulis, baca: 40 ms terbuang"],
        [
            "Nagle's algorithm sends a small segment only when nothing is waiting for its ACK. The receiver's kernel delays \
             that ACK, since a reply could carry it; but the reply needs the second piece. Both wait until the timer of the \
             delayed ACK ends it, on Linux after 40 ms. Put the message together and write it in one call (in C writev()). \
             TCP_NODELAY switches Nagle's algorithm off where pieces must leave at once.",
            "Algoritma Nagle hanya mengirim segmen kecil bila tidak ada data yang masih menunggu ACK. Kernel penerima menunda \
             ACK itu karena mungkin bisa ditumpangkan pada balasan; padahal balasannya memerlukan potongan kedua. Keduanya \
             saling menunggu sampai timer delayed ACK habis, di Linux setelah 40 ms. Susunlah pesan sampai lengkap, lalu \
             tulis dengan satu pemanggilan (di C: writev()). TCP_NODELAY mematikan algoritma Nagle bila potongan memang harus \
             langsung dikirim.",
        ],
        &["RFC 1122 §4.2.3.4", "RFC 1122 §4.2.3.2"],
    ),
];
