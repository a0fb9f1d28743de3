//! Messages of `check`: what a run is held against, and where it differs.

use super::{Message, Text, messages};

messages! {
    HOLDS: "holds" / "sesuai";
    DIFFERS: "differs" / "berbeda";
    PACKETS: "{n} packets" / "{n} paket";
    PACKETS_ONE: "1 packet" / "1 paket";
    ALL_HOLD: "{n} of {of} hold, in {time}" / "{n} dari {of} sesuai, dalam {time}";
    UNJUDGED: "not judged, since the kernel's counters were not read: {counters}" /
        "tidak dinilai karena penghitung kernel tidak dibaca: {counters}";

    // Differences.
    UNREADABLE: "the expectation cannot be read: {error}" / "harapan skenario tidak dapat dibaca: {error}";
    DROPPED: "the kernel dropped {n} packets, so that nothing can be said" /
        "kernel membuang {n} paket, sehingga tidak ada yang dapat disimpulkan";
    STRAY: "packet {frame} belongs to no conversation" / "paket {frame} bukan bagian dari percakapan mana pun";
    SURPLUS_TALK: "{conn}: nothing expects this conversation" / "{conn}: percakapan ini tidak diharapkan";
    NO_TALK: "a conversation is missing that begins with {packet}" /
        "tidak ada percakapan yang dimulai dengan {packet}";
    AFTER: "{conn}, after packet {frame} ({packet}):" / "{conn}, setelah paket {frame} ({packet}):";
    AT_BEGINNING: "{conn}, at the beginning:" / "{conn}, di awal:";
    EXPECTED: "expected: {what}" / "diharapkan: {what}";
    CAME: "came: {what}" / "yang datang: {what}";
    OR: "or" / "atau";
    THE_END: "the end" / "akhir percakapan";
    MISSING: "{packet} is missing; with it all would fit" / "{packet} tidak ada; dengan paket itu semuanya sesuai";
    SURPLUS: "this packet is one too many; without it all would fit" /
        "paket ini berlebih; tanpa paket itu semuanya sesuai";
    SWAPPED: "this packet and the next have changed places" / "paket ini dan paket berikutnya bertukar tempat";
    NOT_ON: "packet {frame} ({packet}): {rule} does not fire" / "paket {frame} ({packet}): {rule} tidak muncul";
    NOWHERE: "{rule} fires on no packet" / "{rule} tidak muncul pada paket mana pun";
    FIRES: "{rule} fires and must not" / "{rule} muncul, padahal tidak boleh";
    PATH: "{conn}, states of {side}:" / "{conn}, status {side}:";
    ENDED: "{conn}, how it ended:" / "{conn}, cara berakhirnya:";
    COUNTER: "kernel counter: expected {what}, gained {n}" /
        "penghitung kernel: diharapkan {what}, bertambah {n}";
}
