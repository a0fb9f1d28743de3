//! What went wrong in the user's programs.

use super::{Message, Text, messages};

messages! {
    WHO_PROGRAM: "the program" / "program";
    PLACE: "{source} calls {call}()" / "{source} memanggil {call}()";
    NEVER_RAN:
        "{who} never got as far as a socket: it ended with exit code {code}. Its last words: {words}" /
        "{who} tidak pernah sampai membuat socket: berakhir dengan kode keluar {code}. Kata terakhirnya: {words}";
    NEVER_RAN_SILENT:
        "{who} never got as far as a socket: it ended with exit code {code} and said nothing" /
        "{who} tidak pernah sampai membuat socket: berakhir dengan kode keluar {code} tanpa pesan apa pun";
    PORT_IN_USE:
        "{who} cannot have port {port}: bind() failed with EADDRINUSE because another socket of this run still has it" /
        "{who} tidak mendapat port {port}: bind() gagal dengan EADDRINUSE karena socket lain dalam percobaan ini masih \
         memakainya";
    PORT_IN_TIME_WAIT:
        "{who} cannot have port {port}: bind() failed with EADDRINUSE because a connection of that port is still in \
         TIME-WAIT. Set SO_REUSEADDR before bind()" /
        "{who} tidak mendapat port {port}: bind() gagal dengan EADDRINUSE karena sebuah koneksi pada port itu masih \
         dalam TIME-WAIT. Pasang SO_REUSEADDR sebelum bind()";
    CONNECT_BEFORE_LISTEN:
        "{who} called connect() before the server listened on port {port}: the kernel refused it with a RST, and listen() \
         came {late} too late" /
        "{who} memanggil connect() sebelum server listen pada port {port}: kernel menolaknya dengan RST, dan listen() \
         terlambat {late}";
    CONNECT_REFUSED:
        "{who} called connect() to port {port}, where nobody listens: the kernel refused it with a RST" /
        "{who} memanggil connect() ke port {port}, padahal tidak ada yang listen di situ: kernel menolaknya dengan RST";
    CONNECT_WRONG_PORT:
        "{who} called connect() to port {port}, but the server listens on port {other}" /
        "{who} memanggil connect() ke port {port}, padahal server listen pada port {other}";
    NOT_REACHABLE:
        "{who} asked for {address}, which cannot be reached from here: only 127.0.0.1 and ::1 exist in the private network. \
         Use 127.0.0.1, or --host for the machine's own network" /
        "{who} menuju {address} yang tidak terjangkau dari sini: di jaringan privat hanya ada 127.0.0.1 dan ::1. Pakailah \
         127.0.0.1, atau --host untuk jaringan mesin ini sendiri";
    NOT_REACHABLE_HOST:
        "{who} asked for {address}, which this machine cannot reach" /
        "{who} menuju {address} yang tidak terjangkau dari mesin ini";
    NOT_REACHABLE_WIRE:
        "{who} asked for {address}, which cannot be reached over the wire: the server's host is 127.0.0.1 (and 192.0.2.2 and \
         2001:db8::2), the client's 127.0.0.2 (and 192.0.2.1 and 2001:db8::1)" /
        "{who} menuju {address} yang tidak terjangkau lewat kabel: host server adalah 127.0.0.1 (dan 192.0.2.2 serta \
         2001:db8::2), host client 127.0.0.2 (dan 192.0.2.1 serta 2001:db8::1)";
    CONNECT_OWN_HOST:
        "{who} called connect() to {address}, which over the wire is its own host, not the server's: use 127.0.0.1" /
        "{who} memanggil connect() ke {address}, yang lewat kabel adalah hostnya sendiri, bukan host server: pakailah 127.0.0.1";
    EOF_IGNORED:
        "{who} goes on calling {call}() after it returned 0 ({n} times): 0 is the end of the data, the peer has closed, and \
         the loop must end there" /
        "{who} terus memanggil {call}() setelah hasilnya 0 ({n} kali): 0 berarti akhir data, pihak lain sudah menutup, dan \
         loop harus berhenti di situ";
    CLOSE_WITH_UNREAD_DATA:
        "{who} closed with {unread} still unread: the kernel then sends a RST instead of a FIN, and the peer loses the \
         connection" /
        "{who} menutup socket padahal {unread} belum dibaca: kernel lalu mengirim RST, bukan FIN, dan pihak lain \
         kehilangan koneksinya";
    WRITE_AFTER_CLOSE:
        "{who} wrote after the peer had closed: {call}() failed with {error}" /
        "{who} menulis setelah pihak lain menutup: {call}() gagal dengan {error}";
    WRITE_AFTER_CLOSE_SIGPIPE:
        "{who} wrote after the peer had closed, and SIGPIPE ended it" /
        "{who} menulis setelah pihak lain menutup, lalu dihentikan oleh SIGPIPE";
    USE_AFTER_CLOSE:
        "{who} called {call}() on a descriptor that it had closed before (EBADF). Is close() inside the loop?" /
        "{who} memanggil {call}() pada descriptor yang sudah ditutupnya sendiri (EBADF). Apakah close() berada di dalam \
         loop?";
    NEVER_CLOSED:
        "{who} never closed its socket although the peer had closed (frame {fin}): the connection stays in CLOSE-WAIT as long \
         as the program runs" /
        "{who} tidak pernah menutup socketnya padahal pihak lain sudah menutup (frame {fin}): koneksi tertahan di CLOSE-WAIT \
         selama program berjalan";
    STILL_HELD:
        "{who} closed the socket, but another process still has a copy of the descriptor ({left}): no FIN was sent" /
        "{who} menutup socket, tetapi proses lain masih memegang salinan descriptornya ({left}): FIN tidak terkirim";
    UDP_NOBODY_LISTENS:
        "{who} sent datagrams to port {port}, where no socket is bound: the kernel answered with ICMP port unreachable" /
        "{who} mengirim datagram ke port {port}, padahal tidak ada socket di situ: kernel menjawab dengan ICMP port \
         unreachable";
    UDP_OTHER_PORT:
        "the reply came from port {port}, not from the one that was asked: a connected socket never sees it" /
        "balasan datang dari port {port}, bukan dari port yang ditanya: socket yang di-connect tidak akan melihatnya";
    WAITS_FOR_EVER:
        "{who} was still waiting in {call}() when the time was up, for {waited}: nothing came" /
        "{who} masih menunggu pada {call}() ketika waktunya habis, sudah {waited}: tidak ada yang datang";
    BOTH_WAIT:
        "client and server each wait in {call}() for the other to send: neither ever will" /
        "client dan server sama-sama menunggu kiriman lawannya pada {call}(): tidak satu pun akan mengirim";
    WORD_IS_NO_CLOSE:
        "{who} sent the word \"{word}\", which is payload like any other: no program called close() or shutdown(), and the \
         connection stayed open" /
        "{who} mengirim kata \"{word}\", yang bagi TCP hanya payload biasa: tidak ada program yang memanggil close() atau \
         shutdown(), sehingga koneksi tetap terbuka";
    MESSAGES_GLUED:
        "one {call}() of {who} returned what the peer had sent in {n} calls: TCP is a stream of bytes, and a recv() is not a \
         message" /
        "satu {call}() dari {who} mengembalikan yang dikirim lawannya dalam {n} pemanggilan: TCP adalah aliran byte, dan satu \
         recv() bukan satu pesan";
    MESSAGE_SPLIT:
        "a message of {sent} reached {who} in {n} pieces, the first of {got}: a recv() is not a message, read on until it is \
         whole" /
        "pesan sepanjang {sent} sampai di {who} dalam {n} potongan, yang pertama {got}: satu recv() bukan satu pesan, bacalah \
         terus sampai utuh";
    ONE_AT_A_TIME:
        "{who} serves one client at a time: a second one was connected and had sent its request (frame {frame}), which nobody \
         looked at for {waited} because {who} sat in {call}() of the first" /
        "{who} hanya melayani satu client pada satu waktu: client kedua sudah tersambung dan mengirim permintaannya (frame \
         {frame}), tetapi selama {waited} tidak diurus karena {who} menunggu di {call}() milik client pertama";
    NAGLE_DELAYED_ACK:
        "{who} wrote a message in two calls and then waited for the reply: Nagle's algorithm held the second {call}() back \
         until the first was acknowledged, and the peer's kernel delayed that ACK. It cost {waited} ({n} times). Write the \
         message in one call" /
        "{who} menulis satu pesan dengan dua pemanggilan lalu menunggu balasan: algoritma Nagle menahan {call}() kedua sampai \
         yang pertama di-ACK, sedangkan kernel di ujung lain menunda ACK itu (delayed ACK). Waktu yang terbuang {waited} ({n} \
         kali). Tulislah pesan itu dengan satu pemanggilan";
    SHORT_SEND:
        "{call}() of {who} took only {taken} of {asked}, and the rest was never sent: use sendall(), or call it again" /
        "{call}() dari {who} hanya menerima {taken} dari {asked}, dan sisanya tidak pernah dikirim: pakailah sendall(), atau \
         panggil lagi";
}
