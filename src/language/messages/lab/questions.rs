//! The questions of the lab report, and what the teacher's key says to them.

use super::super::{Message, Text, messages};

messages! {
    HANDSHAKE: "Which packets open the connection, and what does each of them say with its flags, seq and ack? Do they show that the server's program has called accept()?" /
        "Paket mana yang membuka koneksi, dan apa yang dinyatakan tiap paket itu dengan flag, seq, dan ack? Apakah paket itu menunjukkan bahwa program server sudah memanggil accept()?";
    HANDSHAKE_KEY: "The SYN announces the client's initial number, the SYN-ACK announces the server's and acknowledges the client's, the last ACK acknowledges the server's; a SYN uses up one number. The server's kernel does this by itself once the program has called listen(): packets do not show accept()." /
        "SYN mengumumkan nomor awal client, SYN-ACK mengumumkan nomor awal server sekaligus mengakui nomor client, ACK terakhir mengakui nomor server; satu SYN memakai satu nomor. Kernel server melakukannya sendiri setelah program memanggil listen(): accept() tidak terlihat di paket.";
    OPTIONS: "Which MSS does each end announce in its SYN? What is limited by it, and is that the same as IP fragmentation?" /
        "Berapa MSS yang diumumkan tiap ujung dalam SYN-nya? Apa yang dibatasi olehnya, dan apakah itu sama dengan fragmentasi IP?";
    OPTIONS_KEY: "The MSS is the largest segment that its sender is ready to receive, counted without the fixed headers: the other end's TCP cuts its data accordingly, and options such as timestamps (12 bytes) take their part of it. IP fragmentation cuts packets that are already made, and is something else." /
        "MSS adalah ukuran segmen terbesar yang siap diterima pengirimnya, tanpa header tetap: TCP di ujung lain memotong datanya menurut itu, dan opsi seperti timestamp (12 byte) mengambil sebagian tempatnya. Fragmentasi IP memotong paket yang sudah jadi, dan itu hal lain.";
    PSH: "Who sets PSH in these packets, the program or its kernel? Does the flag force the other end to answer? Give the reason from the packets." /
        "Siapa yang memasang PSH pada paket ini, program atau kernel-nya? Apakah flag itu memaksa ujung lain menjawab? Beri alasan dari paketnya.";
    PSH_KEY: "The kernel, usually on the last segment of what a call handed over. It forces no answer, and the bytes could be read without it (RFC 9293 §3.9.1.2)." /
        "Kernel, biasanya pada segmen terakhir dari data yang diserahkan satu pemanggilan. PSH tidak memaksa jawaban, dan byte-nya dapat dibaca tanpa PSH (RFC 9293 §3.9.1.2).";
    NO_PSH: "These segments carry payload without PSH. What tells them from the ones that have it?" /
        "Segmen ini membawa payload tanpa PSH. Apa bedanya dengan segmen yang memakai PSH?";
    ACK: "What does the ACK in these packets confirm: that the bytes have reached the other end's TCP, or that its program has read them? How could one tell?" /
        "Apa yang dipastikan ACK pada paket ini: bahwa byte-nya sampai di TCP ujung lain, atau bahwa programnya sudah membacanya? Bagaimana cara membedakannya?";
    ACK_KEY: "Only that they have reached the other end's TCP. Whether the program has read them no packet shows; an answer of the program would be a sign of it, and its system calls, where they were recorded, tell." /
        "Hanya bahwa byte-nya sampai di TCP ujung lain. Apakah program sudah membacanya tidak terlihat di paket mana pun; jawaban dari program bisa menjadi tandanya, dan system call-nya, bila terekam, memastikannya.";
    DELAYED: "This ACK came noticeably later than the data that it acknowledges. Who waited, and for what?" /
        "ACK ini datang jauh setelah data yang diakuinya. Siapa yang menunggu, dan menunggu apa?";
    WORD: "These packets carry the word \"close\". Which flags do they have, in which states are both ends afterwards, and may the sender still send? Which packet really ends a direction, if there is one?" /
        "Paket ini membawa kata \"close\". Flag apa yang dimilikinya, apa status kedua ujung setelahnya, dan masih bolehkah pengirimnya mengirim? Paket mana yang sebenarnya mengakhiri satu arah, jika ada?";
    WORD_KEY: "It is payload like any other. States change with SYN, FIN, RST and the ACKs of SYN and FIN, not with what the payload says, and it takes a FIN to end one direction: it comes from shutdown(SHUT_WR), close() or the program's end (RFC 9293 §3.6)." /
        "Itu payload biasa. Status berubah oleh SYN, FIN, RST, serta ACK untuk SYN dan FIN, bukan oleh isi payload, dan satu arah baru berakhir dengan FIN: FIN berasal dari shutdown(SHUT_WR), close(), atau berakhirnya program (RFC 9293 §3.6).";
    WHO: "Who closed the connection first, and in which packet do you see it? Can the packets tell close() from shutdown(SHUT_WR)?" /
        "Siapa yang lebih dulu menutup koneksi, dan di paket mana terlihat? Dapatkah paket membedakan close() dari shutdown(SHUT_WR)?";
    HALF: "From which packet to which is the connection half-closed? Who no longer sends then, who still may, and who still receives?" /
        "Dari paket mana sampai paket mana koneksi itu half-closed? Siapa yang saat itu tidak lagi mengirim, siapa yang masih boleh, dan siapa yang masih menerima?";
    HALF_KEY: "Half-closed begins with a FIN, not with a word in the payload. Its sender sends no more data and may still receive; the other end may still send (RFC 9293 §3.6.1)." /
        "Half-closed dimulai oleh FIN, bukan oleh sebuah kata di payload. Pengirim FIN tidak lagi mengirim data tetapi masih boleh menerima; ujung lain masih boleh mengirim (RFC 9293 §3.6.1).";
    HALF_NEVER: "Was the connection half-closed at any time? Compare the ack of the second FIN with the seq of the first." /
        "Apakah koneksi ini pernah half-closed? Bandingkan ack pada FIN kedua dengan seq pada FIN pertama.";
    SEGMENTS: "How many segments does the closing take from the first FIN on? Which of them could have been one, and what does that depend on?" /
        "Berapa segmen yang dipakai untuk menutup koneksi sejak FIN pertama? Segmen mana yang bisa digabung, dan itu bergantung pada apa?";
    SEGMENTS_KEY: "The ACK of the first FIN and the second FIN travel together when the second program closes before its kernel has sent that ACK; otherwise they are two segments." /
        "ACK untuk FIN pertama dan FIN kedua berjalan bersama bila program kedua menutup sebelum kernel-nya mengirim ACK itu; jika tidak, keduanya menjadi dua segmen.";
    NUMBER: "The FIN in packet {frame} carries {n} of payload. By how much is the ack that covers it larger than its seq, and why?" /
        "FIN pada paket {frame} membawa payload {n}. Berapa selisih ack yang mencakupnya dengan seq-nya, dan mengapa?";
    NUMBER_KEY: "By the payload and one more: a FIN uses up one sequence number, so that it can be acknowledged and sent again like data." /
        "Sebesar payload ditambah satu: FIN memakai satu nomor urut sehingga dapat diakui dan dikirim ulang seperti data.";
    TIME_WAIT: "Which end is in TIME-WAIT when the capture ends, why that one, and what does it wait for?" /
        "Ujung mana yang berada di TIME-WAIT saat capture berakhir, mengapa ujung itu, dan apa yang ditunggunya?";
    TIME_WAIT_KEY: "The end that closed first, both where the FINs crossed. It can answer a repeated FIN once more, and old segments die out before the same ports are used again (RFC 9293 §3.6.1)." /
        "Ujung yang menutup lebih dulu, atau keduanya bila FIN berpapasan. Ujung itu masih dapat menjawab FIN yang diulang, dan segmen lama habis sebelum port yang sama dipakai lagi (RFC 9293 §3.6.1).";
    RESET: "What does the RST in packet {frame} answer, or does it answer nothing? What may its sender's program have done before, and what becomes of data still under way?" /
        "Apa yang dijawab RST pada paket {frame}, atau apakah RST itu tidak menjawab apa pun? Apa yang mungkin dilakukan program pengirimnya sebelum itu, dan apa yang terjadi pada data yang masih di jalan?";
    RESET_KEY: "A RST ends both directions at once; nothing is acknowledged any more and what is under way is lost." /
        "RST mengakhiri kedua arah seketika; tidak ada lagi yang diakui, dan yang masih di jalan hilang.";
    REFUSED: "Who answered the SYN with RST, and what does connect() tell the client's program? Would the packets differ if the server had called bind() but not listen()?" /
        "Siapa yang menjawab SYN dengan RST, dan apa yang diberitahukan connect() kepada program client? Apakah paketnya berbeda jika server sudah memanggil bind() tetapi belum listen()?";
    REFUSED_KEY: "As a rule the server's kernel, because nothing listens at that port (a firewall that rejects answers in the same way): connect() fails with ECONNREFUSED. With bind() alone nothing listens either, so the packets are the same." /
        "Biasanya kernel server, karena tidak ada yang mendengarkan di port itu (firewall yang menolak menjawab dengan cara yang sama): connect() gagal dengan ECONNREFUSED. Dengan bind() saja tetap belum ada yang mendengarkan, jadi paketnya sama.";
    STILL_OPEN: "Is the connection closed when the capture ends? Name what is missing for it." /
        "Apakah koneksi sudah tertutup saat capture berakhir? Sebutkan apa yang belum ada.";
    REPEATED: "Packet {frame} repeats an earlier one. Which one, and what may have made its sender repeat it? Does the repeat by itself show that something was lost?" /
        "Paket {frame} mengulang paket sebelumnya. Paket yang mana, dan apa yang mungkin membuat pengirimnya mengulang? Apakah pengulangan itu sendiri membuktikan bahwa ada yang hilang?";
    SPECIAL: "Packet {frame}: {title}. How do its flags and numbers show that, and what would happen without it?" /
        "Paket {frame}: {title}. Bagaimana hal itu terlihat dari flag dan nomornya, dan apa yang terjadi tanpa paket itu?";
    HTTP: "What does the client ask for, what does the server answer, and how does the client know where the body of the answer ends?" /
        "Apa yang diminta client, apa jawaban server, dan bagaimana client mengetahui akhir body jawaban itu?";
    HTTP_KEY: "By Content-Length or by chunks where the head names them; otherwise the server's FIN ends the body (RFC 9112 §6.3)." /
        "Dari Content-Length atau chunk jika disebut di head; jika tidak, FIN dari server yang mengakhiri body (RFC 9112 §6.3).";
    UDP: "Which packets open this UDP conversation, which confirm that a datagram arrived, and which close it?" /
        "Paket mana yang membuka percakapan UDP ini, mana yang memastikan datagram sampai, dan mana yang menutupnya?";
    UDP_KEY: "None: UDP knows neither connections nor acknowledgments (RFC 768). A datagram with the word \"connect\" is data like any other; an answer, where there is one, comes from the program." /
        "Tidak ada: UDP tidak mengenal koneksi maupun pengakuan (RFC 768). Datagram berisi kata \"connect\" adalah data biasa; jawaban, jika ada, berasal dari program.";
    OTHER_PORT: "To which port does the client send, and from which one does the answer come? What becomes of what the client sends to each of them afterwards?" /
        "Ke port mana client mengirim, dan dari port mana jawaban datang? Apa yang terjadi pada kiriman client berikutnya ke masing-masing port itu?";
    ICMP: "Who sent this ICMP message, about which packet, and does the program that sent the datagram learn of it?" /
        "Siapa yang mengirim pesan ICMP ini, tentang paket mana, dan apakah program pengirim datagram mengetahuinya?";
    CLAIM: "A course text says: \"{claim}\" Is that right, incomplete, wrong, or the reverse of what happens? Prove it with packets." /
        "Sebuah teks kuliah menyatakan: \"{claim}\" Apakah itu benar, kurang lengkap, keliru, atau terbalik? Buktikan dengan paket.";
    CLAIM_KEY: "{Verdict}: {happened}" / "{Verdict}: {happened}";
    FINDINGS: "Take each finding of the table: which call in which program is its cause, and what must be changed there?" /
        "Ambil tiap temuan pada tabel: pemanggilan mana di program mana yang menjadi sebabnya, dan apa yang harus diubah di sana?";
}
