//! E02 `syn-options`: options in the SYN.

use crate::annotate::{Context, Match, Rule};
use crate::decode::TcpOptions;
use crate::language::{Text, Value};
use crate::track::step::SynFact;

pub(super) static RULE: Rule = Rule {
    name: "syn-options",
    number: 2,
    title: Text { en: "Options in the SYN", id: "Opsi di dalam SYN" },
    note: Text {
        en: "In the options of its SYN {src} states what it can do: {text}. Window scaling and timestamps come into \
             use only if both SYNs carry them.",
        id: "Lewat opsi pada SYN-nya {src} menyatakan kemampuannya: {text}. Window scaling dan timestamp hanya \
             dipakai bila kedua SYN memuatnya.",
    },
    more: Text {
        en: "The MSS is not negotiated: each end states the largest segment that it is ready to receive, and the two \
             values may differ. It counts without the fixed headers; options such as timestamps (12 bytes a segment) \
             come out of it. On loopback it is near 65,495 because the interface takes packets of 64 KiB (netscope \
             sets its private loopback to 1,500 bytes, as on Ethernet); on Ethernet 1,460 is usual. The window field \
             of a SYN is never scaled, whatever its options say.",
        id: "MSS tidak dinegosiasikan: tiap ujung menyebutkan segmen terbesar yang siap diterimanya, dan kedua nilai \
             boleh berbeda. Header tetap tidak ikut dihitung, tetapi opsi seperti timestamp (12 byte per segmen) \
             mengambil tempat di dalamnya. Di loopback nilainya sekitar 65.495 karena interface-nya menerima paket \
             64 KiB (loopback privat netscope diatur 1.500 byte seperti Ethernet); di Ethernet lazimnya 1.460. Field \
             window pada SYN tidak pernah diskalakan, apa pun isi opsinya.",
    },
    sources: &["RFC 9293 §3.2", "RFC 9293 §3.7.1", "RFC 7323 §2", "RFC 7323 §3", "RFC 2018 §2"],
    check,
};

fn check(context: &Context<'_>) -> Option<Match> {
    let (segment, _, facts) = context.tcp()?;
    let new = matches!(facts.syn?, SynFact::Open | SynFact::Crossing(_) | SynFact::Accept) && !segment.flags.rst();
    let offered = offered(&segment.options);
    if !new || offered.is_empty() {
        return None;
    }
    Some(Match::certain().value("text", Value::Words(offered.join(", ").into())))
}

/// The abilities that a SYN offers, in words that are the same in both languages.
fn offered(options: &TcpOptions) -> Vec<String> {
    let mss = options.mss.map(|mss| format!("MSS {mss}"));
    // RFC 7323 section 2.3: a shift above 14 counts as 14.
    let scale = options.window_scale.map(|shift| format!("window scale {shift} (×{})", 1_u32 << shift.min(14)));
    let sack = options.sack_permitted.then(|| "SACK".to_owned());
    let timestamps = options.timestamps.map(|_| "timestamp".to_owned());
    [mss, sack, timestamps, scale].into_iter().flatten().collect()
}

#[cfg(test)]
pub(super) mod tests {
    use crate::annotate::testkit::Case;

    pub(in crate::annotate) const CASES: &[Case] = &[
        Case::Fires(
            "in the SYN",
            1,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
        ",
        ),
        Case::Fires(
            "in the answer",
            2,
            r"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
        ",
        ),
        Case::Silent(
            "a SYN without options",
            1,
            r"
            0 C>S SYN
        ",
        ),
        Case::Silent(
            "timestamps on data",
            4,
            r#"
            0    C>S SYN mss=1460 ws=7 sack_ok
            0.1  S>C SYN,ACK mss=1460 ws=7 sack_ok
            0.2  C>S ACK
            1    C>S PSH,ACK ts=2,1 "halo"
        "#,
        ),
        Case::Silent(
            "sent again",
            2,
            r"
            0    C>S SYN mss=1460
            1000 C>S SYN mss=1460
        ",
        ),
        Case::Silent(
            "on a SYN that resets",
            1,
            r"
            0    C>S SYN,RST mss=1460
        ",
        ),
    ];
}
