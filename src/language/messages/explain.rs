//! Messages of `explain` and of the pages made from the catalogue.

use super::{Message, Text, messages};

messages! {
    FLAG: "TCP flag" / "Flag TCP";
    STATE: "TCP state" / "Status TCP";
    CONCEPT: "Term" / "Istilah";
    CONCEPTS: "Terms of TCP courses" / "Istilah dalam kuliah TCP";
    ANALYSIS: "Label of Wireshark on a packet" / "Label Wireshark untuk paket";
    ANALYSES: "Labels of Wireshark on a packet (analysis)" / "Label Wireshark untuk paket (analysis)";
    EVENT: "Packet event" / "Kejadian pada paket";
    LABEL: "Label of another program" / "Label dari program lain";
    LABELS: "Labels of Zeek and Wireshark on a connection" / "Label Zeek dan Wireshark untuk koneksi";
    VERDICT: "Verdict on a connection" / "Kesimpulan tentang koneksi";
    FINDING: "Finding of netscope run" / "Temuan netscope run";
    FINDINGS: "Findings of netscope run" / "Temuan netscope run";
    AS_VERDICT: "As a verdict" / "Sebagai kesimpulan";
    SOURCES: "Sources" / "Sumber";
    SEE_ALSO: "See also" / "Lihat juga";
    FLAGS: "Flags" / "Flag TCP";
    STATES: "States" / "Status koneksi";
    EVENTS: "Packet events" / "Kejadian pada paket";
    VERDICTS: "Verdicts that are no packet event" / "Kesimpulan yang bukan kejadian pada paket";
    DOC_TITLE: "What netscope recognises" / "Apa yang dikenali netscope";
    DOC_INTRO: "Every flag, state and packet event that netscope explains, with the sentence that it prints and what the sentence must not be taken for. `netscope explain NAME` shows the same on the terminal." / "Semua flag, status, dan kejadian pada paket yang dijelaskan netscope, beserta kalimat yang dicetaknya dan hal yang tidak boleh disimpulkan darinya. `netscope explain NAMA` menampilkan hal yang sama di terminal.";
    DOC_ORDER: "A packet may show several events. The first of this list is its main annotation, the others are badges:" / "Satu paket dapat menunjukkan beberapa kejadian. Yang pertama dalam daftar ini menjadi anotasi utama, selebihnya menjadi lencana (badge):";
    DOC_GENERATED: "This page is made from the catalogue in `src/annotate`; do not edit it by hand." / "Halaman ini dibuat dari katalog di `src/annotate`; jangan disunting langsung.";
    THE_SENDER: "the sender" / "pengirim";
    THE_RECEIVER: "the receiver" / "penerima";
    ONE_END: "one end" / "satu ujung";
    THE_OTHER_END: "the other end" / "ujung lain";
    UNIT: " bytes" / " byte";
    WHAT_IT_SENT: "its probes (or to what it kept sending again)" / "probe-nya (atau segmen yang terus diulangnya)";
    N_BYTES: "N bytes" / "N byte";
}
