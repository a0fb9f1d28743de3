//! The words of `report`'s help, and what can be wrong with its command line.

use super::super::{Message, Text, messages};

messages! {
    ABOUT: "Write a lab report about a capture, a demo or your own programs" /
        "Membuat laporan praktikum tentang capture, demo, atau program Anda sendiri";
    MORE: "Aims, settings, steps, results and questions come from the packets; prediction, theory, answers, analysis and \
         conclusion are left to the student. Give one of FILE, --demo and --run." /
        "Tujuan, pengaturan, langkah, hasil, dan pertanyaan berasal dari paket; prediksi, dasar teori, jawaban, analisis, \
         dan kesimpulan diisi mahasiswa. Berikan salah satu: BERKAS, --demo, atau --run.";
    OPT_DEMO: "Run this exchange and report on it; netscope demo --list lists them" /
        "Menjalankan pertukaran ini dan melaporkannya; daftarnya: netscope demo --list";
    OPT_VARIANT: "Of this variant; without it, the usual one" / "Varian ini; jika kosong, varian yang biasa";
    OPT_RUN: "Run your own programs, given as for netscope run, and report on them" /
        "Menjalankan program Anda sendiri, ditulis seperti pada netscope run, dan melaporkannya";
    OPT_KEY: "With answers, explanations and verdicts, for the teacher" /
        "Beserta kunci jawaban, penjelasan, dan kesimpulan netscope, untuk dosen";
    OPT_FORMAT: "One of: {allowed}. Default: what the ending of --output says, else {default}" /
        "Salah satu dari: {allowed}. Bawaan: menurut akhiran --output, atau {default}";

    NEEDS: "report needs something to report on: a capture FILE, --demo SCENARIO or --run" /
        "report memerlukan bahan: BERKAS capture, --demo SKENARIO, atau --run";
    NEEDS_NEXT: "For example: netscope report --demo half-close -o report.docx" /
        "Misalnya: netscope report --demo half-close -o laporan.docx";
    ONE_VARIANT: "a lab report is about one exchange; {scenario} has the variants {allowed}" /
        "laporan praktikum membahas satu pertukaran; {scenario} mempunyai varian {allowed}";
    ONE_VARIANT_NEXT: "Name one of them with --variant." / "Sebutkan salah satunya dengan --variant.";
    NOT_FOR: "{option} has no meaning for a report on {what}" / "{option} tidak berlaku untuk laporan tentang {what}";
    A_FILE: "a capture file" / "berkas capture";
    A_DEMO: "a demo" / "demo";
    A_RUN: "programs of your own" / "program Anda sendiri";
    DOCX_TO_TERMINAL: "a word processor's document cannot be shown in a terminal" /
        "dokumen pengolah kata tidak dapat ditampilkan di terminal";
    DOCX_TO_TERMINAL_NEXT: "Write it to a file: -o report.docx" / "Tulis ke berkas: -o laporan.docx";
}
