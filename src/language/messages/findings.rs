//! What went wrong in the user's programs.

use super::{Message, Text, messages};

messages! {
    WHO_PROGRAM: "the program" / "program";
    PLACE: "{source} calls {call}()" / "{source} memanggil {call}()";
    NEVER_RAN:
        "{who} ended with exit code {code} before it had used a socket. The last that it wrote: {words}" /
        "{who} berakhir dengan kode keluar {code} sebelum memakai socket. Pesan terakhirnya: {words}";
    NEVER_RAN_SILENT:
        "{who} ended with exit code {code} before it had used a socket, and said nothing" /
        "{who} berakhir dengan kode keluar {code} sebelum memakai socket, tanpa pesan apa pun";
    PORT_IN_USE:
        "{who} cannot have port {port}: {call}() failed with EADDRINUSE because another socket of this run still has it" /
        "{who} tidak mendapat port {port}: {call}() gagal dengan EADDRINUSE karena socket lain dalam percobaan ini masih \
         memakainya";
    PORT_IN_TIME_WAIT:
        "{who} cannot have port {port}: {call}() failed with EADDRINUSE because a connection of that port is still in \
         TIME-WAIT. Set SO_REUSEADDR before bind(), in every run of the server" /
        "{who} tidak mendapat port {port}: {call}() gagal dengan EADDRINUSE karena sebuah koneksi pada port itu masih \
         dalam TIME-WAIT. Pasang SO_REUSEADDR sebelum bind(), setiap kali server dijalankan";
    PORT_OF_ANOTHER:
        "{who} cannot have port {port}: {call}() failed with EADDRINUSE because another program of this machine has it, or a \
         connection of that port is still in TIME-WAIT (ss -tanp shows which)" /
        "{who} tidak mendapat port {port}: {call}() gagal dengan EADDRINUSE karena program lain di mesin ini memakainya, atau \
         sebuah koneksi pada port itu masih dalam TIME-WAIT (lihat ss -tanp)";
    BIND_NO_SUCH_ADDRESS:
        "{who} asked bind() for {address}, which does not exist here (EADDRNOTAVAIL): only 127.0.0.1 and ::1 exist in the \
         private network. Use 127.0.0.1 or 0.0.0.0, or --host for the machine's own network" /
        "{who} meminta {address} pada bind(), padahal alamat itu tidak ada di sini (EADDRNOTAVAIL): di jaringan privat hanya \
         ada 127.0.0.1 dan ::1. Pakailah 127.0.0.1 atau 0.0.0.0, atau --host untuk jaringan mesin ini sendiri";
    BIND_NO_SUCH_ADDRESS_HOST:
        "{who} asked bind() for {address}, an address that this machine does not have (EADDRNOTAVAIL)" /
        "{who} meminta {address} pada bind(), padahal mesin ini tidak memiliki alamat itu (EADDRNOTAVAIL)";
    BIND_NOT_ALLOWED:
        "{who} may not have port {port} (EACCES): on Linux ports below 1024 are for privileged programs. Use a higher one" /
        "{who} tidak boleh memakai port {port} (EACCES): di Linux port di bawah 1024 hanya untuk program berhak istimewa. \
         Pakailah port yang lebih tinggi";
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
    CONNECT_OTHER_ADDRESS:
        "{who} called connect() to {address}, but the server listens at {listener} only" /
        "{who} memanggil connect() ke {address}, padahal server hanya listen di {listener}";
    CONNECT_TOO_LATE:
        "{who} called connect() to port {port}, where the server no longer listened: it had closed its listening socket, or \
         had ended" /
        "{who} memanggil connect() ke port {port} ketika server tidak lagi listen di situ: socket yang listen sudah ditutup, \
         atau programnya sudah berakhir";
    NOT_REACHABLE_NAME:
        "{who} wanted to look up a name and asked {address} (DNS), which cannot be reached from here: in the private network \
         only localhost and the names of /etc/hosts are known. Use localhost, or --host for the machine's own network" /
        "{who} hendak mencari alamat sebuah nama dan bertanya ke {address} (DNS) yang tidak terjangkau dari sini: di jaringan \
         privat hanya localhost dan nama dalam /etc/hosts yang dikenal. Pakailah localhost, atau --host untuk jaringan mesin \
         ini sendiri";
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
        "{who} memanggil connect() ke {address}, yang lewat kabel adalah host-nya sendiri, bukan host server: pakailah 127.0.0.1";
    EOF_IGNORED:
        "{who} goes on calling {call}() after it returned 0 ({n} times): 0 means that the peer will send no more \
         (its FIN has come), and the loop that reads must end there" /
        "{who} terus memanggil {call}() setelah hasilnya 0 ({n} kali): 0 berarti pihak lain tidak akan mengirim lagi \
         (FIN-nya sudah datang), dan loop yang membaca harus berhenti di situ";
    EOF_IGNORED_WRITES:
        "{who} goes on although {call}() had returned 0: 0 means that the peer will send no more (its FIN has come), and the \
         loop that reads must end there. Since then {write}() failed {n} times" /
        "{who} terus berjalan padahal {call}() sudah menghasilkan 0: 0 berarti pihak lain tidak akan mengirim lagi (FIN-nya \
         sudah datang), dan loop yang membaca harus berhenti di situ. Sejak itu {write}() gagal {n} kali";
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
    WRITE_AFTER_CLOSE_LOST:
        "{who} wrote after the peer had closed: {call}() only handed the data to the kernel, the peer's kernel answered with a \
         RST, and they are lost" /
        "{who} menulis setelah pihak lain menutup: {call}() hanya menyerahkan data kepada kernel, kernel di ujung lain \
         menjawab dengan RST, dan data itu hilang";
    USE_AFTER_CLOSE:
        "{who} called {call}() on a descriptor that it had closed before (EBADF). Is close() inside the loop?" /
        "{who} memanggil {call}() pada descriptor yang sudah ditutupnya sendiri (EBADF). Apakah close() berada di dalam \
         loop?";
    NEVER_CLOSED:
        "{who} never closed its socket although the peer's FIN had come (frame {fin}): the connection stays in \
         CLOSE-WAIT as long as the program runs" /
        "{who} tidak pernah menutup socket-nya padahal FIN dari pihak lain sudah datang (frame {fin}): koneksi \
         tertahan di CLOSE-WAIT selama program berjalan";
    STILL_HELD:
        "{who} closed the socket, but another process still has a copy of the descriptor ({left}): no FIN was sent" /
        "{who} menutup socket, tetapi proses lain masih memegang salinan descriptor-nya ({left}): FIN tidak terkirim";
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
    BOTH_WAIT_EACH:
        "client and server each wait for the other to send, the client in {call}(), the server in {other}(): neither ever will" /
        "client dan server sama-sama menunggu kiriman lawannya, client pada {call}(), server pada {other}(): tidak satu pun \
         akan mengirim";
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
