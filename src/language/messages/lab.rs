//! Messages of the lab report.

use super::{Message, Text, messages};

pub mod questions;

messages! {
    TITLE: "Lab report" / "Laporan Praktikum";
    FILE_STEM: "report" / "laporan";
    KEY: "Teacher's key" / "Kunci untuk dosen";
    KEY_WARNING: "This copy has the answers and verdicts. Students get the one made without --key." /
        "Salinan ini memuat kunci jawaban dan kesimpulan netscope. Mahasiswa mendapat salinan yang dibuat tanpa --key.";
    OF_FILE: "Packets of {file}" / "Paket pada {file}";
    OF_RUN: "A client and a server of our own" / "Client dan server buatan sendiri";

    NAME: "Name" / "Nama";
    NUMBER: "Student number" / "NIM";
    CLASS: "Class" / "Kelas";
    COURSE: "Course" / "Mata kuliah";
    LECTURER: "Lecturer" / "Dosen";
    DATE: "Date of the experiment" / "Tanggal praktikum";

    AIMS: "Aims" / "Tujuan";
    AIMS_HINT: "Proposed; change them to those of your course." / "Usulan; sesuaikan dengan tujuan di kelas Anda.";
    AIM_WATCH: "Watch this exchange packet by packet: {title}." / "Mengamati pertukaran ini paket demi paket: {title}.";
    AIM_TEST: "Test this statement with the captured packets: {lesson}" /
        "Menguji pernyataan ini dengan paket yang tertangkap: {lesson}";
    AIM_OPEN: "Read how a TCP connection is opened, with the sequence and acknowledgment numbers of each end." /
        "Membaca cara koneksi TCP dibuka, beserta nomor seq dan ack tiap ujung.";
    AIM_DATA: "Tell what the flags, numbers and lengths of packets with payload say, and what they do not say." /
        "Menjelaskan apa yang dinyatakan flag, nomor, dan panjang paket yang membawa payload, dan apa yang tidak.";
    AIM_CLOSE: "Find out who closed the connection, with which packets, and in which state that left both ends." /
        "Menentukan siapa yang menutup koneksi, dengan paket mana, dan status kedua ujung setelahnya.";
    AIM_UDP: "Tell how a UDP conversation differs from a TCP connection, by its packets." /
        "Menjelaskan beda percakapan UDP dari koneksi TCP berdasarkan paketnya.";
    AIM_PROGRAMS: "Tell which call of which program made each packet, and mend what went wrong." /
        "Menjelaskan pemanggilan program mana yang menghasilkan tiap paket, dan memperbaiki yang tidak beres.";

    THEORY: "Theory" / "Dasar Teori";
    THEORY_HINT: "Write the theory in your own words. The terms below occur in this capture; `netscope explain TERM` explains each." /
        "Tulis dasar teori dengan kata-kata sendiri. Istilah di bawah ini muncul dalam capture ini; `netscope explain ISTILAH` menjelaskan masing-masing.";
    TABLE_TERMS: "Terms that occur in this capture" / "Istilah yang muncul dalam capture ini";
    COL_TERM: "term" / "istilah";
    COL_IN_SHORT: "in short" / "singkatnya";
    COL_SOURCE: "source" / "sumber";

    PREDICTION: "Prediction" / "Prediksi";
    PREDICTION_HINT: "Fill this in before you look at the results: which packets do you expect, in which order, and why?" /
        "Isi sebelum melihat hasil: paket apa saja yang Anda perkirakan, dalam urutan apa, dan mengapa?";
    TABLE_PREDICTION: "Packets that I expect" / "Paket yang saya perkirakan";
    COL_FROM_TO: "from → to" / "dari → ke";
    COL_REASON: "reason" / "alasan";

    TOOLS: "Tools and settings" / "Alat dan Pengaturan";
    TABLE_TOOLS: "Tools and settings of this capture" / "Alat dan pengaturan pada capture ini";
    COL_WHAT: "what" / "butir";
    COL_VALUE: "value" / "nilai";
    ROW_TOOL: "Analyser" / "Penganalisis";
    ROW_RECORDER: "Captured by" / "Direkam dengan";
    ROW_SOURCE: "Source of the packets" / "Sumber paket";
    ROW_FIRST: "First packet at" / "Waktu paket pertama";
    ROW_SYSTEM: "Operating system" / "Sistem operasi";
    ROW_HARDWARE: "Hardware" / "Perangkat keras";
    ROW_TCP: "TCP settings (sysctl net.ipv4)" / "Pengaturan TCP (sysctl net.ipv4)";
    ROW_INTERFACES: "Interfaces" / "Interface";
    ROW_COUNTED: "Counted by the kernel" / "Dihitung kernel";
    UNKNOWN: "unknown: the file does not say" / "tidak diketahui: tidak disebut di berkas";
    UNTIMED: "unknown: the packets have no time" / "tidak diketahui: paket tidak memuat waktu";

    STEPS: "Steps" / "Langkah Percobaan";
    STEP_RECORDED: "How the packets were captured (program, command, machine) is not known to netscope; write it here:" /
        "Cara paket ini direkam (program, perintah, mesin) tidak diketahui netscope; tulis di sini:";
    STEP_SAVED: "The capture was made with this command; further options are not in the file:" /
        "Capture ini dibuat dengan perintah berikut; opsi lainnya tidak disebut di berkas:";
    STEP_DEMO: "Run the exchange between client and server, capture its packets and write this report:" /
        "Jalankan pertukaran antara client dan server, rekam paketnya, dan buat laporan ini:";
    STEP_RUN: "Run the programs, capture their packets and calls, and write this report:" /
        "Jalankan program-programnya, rekam paket dan system call-nya, dan buat laporan ini:";
    STEP_OPEN: "Open the capture and read the packets one after the other:" /
        "Buka hasil capture dan baca paketnya satu per satu:";
    STEP_LADDER: "Draw the packets between both ends:" / "Gambarkan paket di antara kedua ujung:";
    STEP_REPORT: "Write this report from it:" / "Buat laporan ini darinya:";
    STEP_AGAIN: "Watch it in the terminal. This is a new run: ports and times are others than in this report." /
        "Amati di terminal. Ini percobaan baru: port dan waktunya lain dari yang ada di laporan ini.";
    STEP_EXPLAIN: "Look up what is unclear:" / "Cari penjelasan yang belum jelas:";
    PROGRAMS_CALL: "What the programs of this exchange call, in order:" /
        "Pemanggilan oleh program pada pertukaran ini, berurutan:";

    RESULTS: "Results" / "Hasil Pengamatan";
    RESULTS_HINT: "States are inferred from the packets; the capture holds no state. What packets cannot show stands as ?." /
        "Status disimpulkan dari paket; capture tidak memuat status. Yang tidak dapat diperlihatkan paket ditulis ?.";
    TABLE_CONNECTIONS: "Connections of the capture" / "Koneksi dalam capture";
    TABLE_PACKETS: "Packets of {conn}, client {client} (C), server {server} (S)" /
        "Paket {conn}, client {client} (C), server {server} (S)";
    TABLE_INTERLEAVED: "Packets of the connections in the figure, in the order of time" /
        "Paket dari koneksi pada gambar, menurut urutan waktu";
    TABLE_CALLS: "System calls of the programs; → names the packets that a call made" /
        "System call program; → menyebut paket yang dihasilkannya";
    TABLE_FINDINGS: "What netscope found in the programs" / "Temuan netscope pada program";
    TABLE_STORY: "Names, connections and requests, in order" / "Nama, koneksi, dan request, berurutan";
    COL_MEANING: "meaning (in your words)" / "arti (isi sendiri)";
    COL_WHO: "who" / "siapa";
    COL_CALL: "call" / "pemanggilan";
    COL_LEVEL: "level" / "tingkat";
    COL_FINDING: "finding" / "temuan";
    COL_STORY: "what happened" / "yang terjadi";
    COL_STATES: "states (inferred)" / "status (disimpulkan)";
    COL_LINE: "as packet analysers print it" / "seperti ditulis penganalisis paket";
    TABLE_LINES: "Options, windows and errors of some packets" / "Opsi, window, dan pesan galat pada beberapa paket";
    TABLE_EXPLAINED: "Key: what netscope says of each packet" / "Kunci: penjelasan netscope tentang tiap paket";
    INTERFACE: "{name} ({link}, time stamps of {resolution})" / "{name} ({link}, ketelitian waktu {resolution})";
    CONFIRMED: "✓: the kernel itself named this state as well." / "✓: kernel sendiri juga menyebut status ini.";
    FIGURE_LADDER: "The packets between both ends, time running down" / "Paket di antara kedua ujung; waktu berjalan ke bawah";
    FIGURE_OUTPUT: "Output of {program}" / "Keluaran {program}";
    NOTHING_WRITTEN: "(nothing)" / "(tidak ada)";

    QUESTIONS: "Questions" / "Pertanyaan";
    LOOK_AT: "Packets to look at: {frames}" / "Paket yang perlu dilihat: {frames}";
    LOOK_AT_MORE: "Packets to look at: {frames}, …" / "Paket yang perlu dilihat: {frames}, …";
    ANSWER: "Answer" / "Jawaban";
    KEY_ANSWER: "Key" / "Kunci";
    KEY_PACKET: "Packet {frame}: {note}" / "Paket {frame}: {note}";
    KEY_PACKET_UNSURE: "Packet {frame} ({certainty}): {note}" / "Paket {frame} ({certainty}): {note}";
    NO_QUESTIONS: "There is nothing in this capture that netscope asks about." /
        "Tidak ada yang ditanyakan netscope tentang capture ini.";

    ANALYSIS: "Analysis" / "Analisis";
    ANALYSIS_HINT: "Your own: what do the results show, what did you not expect, what can the packets not tell?" /
        "Tulisan Anda: apa yang ditunjukkan hasil, apa yang di luar prediksi, apa yang tidak dapat diketahui dari paket?";
    CONCLUSION: "Conclusion" / "Kesimpulan";
    CONCLUSION_HINT: "Your own: answer the aims." / "Tulisan Anda: jawab tujuan di atas.";
    VERDICTS: "Key: netscope's verdict on each connection" / "Kunci: kesimpulan netscope tentang tiap koneksi";

    REFERENCES: "References" / "Daftar Pustaka";
    SECTIONS: "{document}. {sections}." / "{document}. {sections}.";
    MADE_BY: "Made with netscope {version}. Aims, settings, steps, results and questions come from the capture; prediction, theory, answers, analysis and conclusion are the student's." /
        "Dibuat dengan netscope {version}. Tujuan, pengaturan, langkah, hasil, dan pertanyaan berasal dari capture; prediksi, dasar teori, jawaban, analisis, dan kesimpulan adalah tulisan mahasiswa.";
    MADE_BY_KEY: "Made with netscope {version}, which also gave the answers, explanations and verdicts of this copy for the teacher." /
        "Dibuat dengan netscope {version}; kunci jawaban, penjelasan, dan kesimpulan pada salinan untuk dosen ini juga berasal darinya.";
}
