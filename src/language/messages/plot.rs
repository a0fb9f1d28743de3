//! Messages of `plot` and of the plots in the page.

use super::{Message, Text, messages};

messages! {

    TIME_SEQUENCE: "Time and sequence numbers (Stevens)" / "Waktu dan nomor urut (Stevens)";
    TCPTRACE: "Time and sequence numbers (tcptrace)" / "Waktu dan nomor urut (tcptrace)";
    THROUGHPUT: "Throughput and goodput" / "Throughput dan goodput";
    RTT: "Round-trip time" / "Round-trip time (RTT)";
    IN_FLIGHT: "Bytes in flight and window" / "Byte in flight dan window";
    WAY: "{conn}: data from {from} {source} to {to} {target}" / "{conn}: data dari {from} {source} ke {to} {target}";

    AXIS_TIME: "time since the connection's first packet ({unit})" / "waktu sejak paket pertama koneksi ({unit})";
    AXIS_SEQ: "relative sequence number (bytes)" / "nomor urut relatif (byte)";
    AXIS_RATE: "rate ({unit})" / "laju ({unit})";
    AXIS_RTT: "round-trip time ({unit})" / "round-trip time ({unit})";
    AXIS_BYTES: "bytes" / "byte";

    SEGMENT: "segment" / "segmen";
    AGAIN: "sent again" / "dikirim ulang";
    PROBE: "probe" / "probe";
    ACKED: "acknowledged up to" / "sudah diakui sampai";
    EDGE: "right edge of the window" / "tepi kanan window";
    SACKED: "SACK block" / "blok SACK";
    CLOSED: "window closed" / "window tertutup";
    SENT: "throughput: payload sent" / "throughput: payload terkirim";
    DELIVERED: "goodput: payload acknowledged" / "goodput: payload yang diakui";
    TRIP: "from a segment to its ACK" / "dari segmen sampai ACK-nya";
    FLIGHT: "bytes in flight" / "byte in flight";
    WINDOW: "window announced by the receiver" / "window yang diumumkan penerima";

    SUMMARY: "Segments with data: {segments}. Sent again: {again}. Payload: {bytes}." /
        "Segmen berisi data: {segments}. Dikirim ulang: {again}. Payload: {bytes}.";
    HERE: "Times are those of the place where the packets were captured." /
        "Waktu dicatat di tempat paket direkam.";
    BOTH_ENDS: "Seen from the sender of the data: segments when they left, ACKs when they arrived." /
        "Dilihat dari pengirim data: segmen saat berangkat, ACK saat tiba.";
    RATE_NOTE: "Moving average over the {window} before each moment, headers not counted. Throughput counts what was sent, also again; goodput what was newly acknowledged." /
        "Rata-rata bergerak selama {window} sebelum setiap saat, tanpa header. Throughput menghitung yang dikirim, termasuk kiriman ulang; goodput menghitung yang baru diakui.";
    RTT_NOTE: "Each point is an ACK with exactly the end of a segment as its number: the time since that segment was sent (tcp.analysis.ack_rtt). After a loss an ACK also waits until the gap is filled." /
        "Setiap titik adalah ACK yang nomornya tepat akhir sebuah segmen: waktu sejak segmen itu dikirim (tcp.analysis.ack_rtt). Setelah ada segmen yang hilang, ACK juga menunggu sampai celahnya terisi.";
    RTT_UNCLEAR: "Left out: {n} ACKs of segments that were sent more than once, because which copy they answer cannot be told (Karn's algorithm)." /
        "Tidak digambar: {n} ACK untuk segmen yang dikirim lebih dari sekali, karena salinan mana yang dijawab tidak dapat diketahui (algoritma Karn).";
    FLIGHT_NOTE: "In flight: sent and not acknowledged yet, by the packets captured, without what SACK blocks cover (tcp.analysis.bytes_in_flight)." /
        "In flight: sudah dikirim dan belum diakui, menurut paket yang terekam, tanpa yang tercakup blok SACK (tcp.analysis.bytes_in_flight).";
    WINDOW_UNKNOWN: "The window is unknown and not drawn: its scale is told by the SYNs alone, and the capture lacks them." /
        "Window tidak diketahui dan tidak digambar: skalanya hanya disebut dalam SYN, dan SYN tidak ada dalam capture.";
    WINDOW_ABOVE: "Beyond the plot: {what}, up to {n}." / "Melampaui gambar: {what}, sampai {n}.";
    GAPS: "Left out: bytes in flight after {n} segments that follow a gap in the capture, up to the next ACK." /
        "Tidak digambar: byte in flight setelah {n} segmen sesudah bagian yang tidak terekam, sampai ACK berikutnya.";
    THINNED: "Of {total} points {shown} are kept: of every 16 neighbours the first, last, lowest and highest." /
        "Dari {total} titik disimpan {shown}: dari tiap 16 titik bertetangga yang pertama, terakhir, terendah dan tertinggi.";
    UNTIMED: "Left out: {n} packets without a time." / "Tidak digambar: {n} paket tanpa waktu.";
    OTHER_WAY: "The other direction carried {n}: --from {side}." / "Arah sebaliknya membawa {n}: --from {side}.";
    NO_DATA: "No data in this direction." / "Tidak ada data ke arah ini.";
    NO_TRIP: "No round-trip time can be told." / "Round-trip time tidak dapat diketahui.";
    PLOTS: "Plots" / "Grafik";
    CHOSEN: "Drawn here: {list}, picked for much data or for segments sent again. Of another connection: netscope plot FILE --conn N --kind time-sequence" /
        "Yang digambar di sini: {list}, dipilih karena datanya banyak atau ada kiriman ulang. Untuk koneksi lain: netscope plot BERKAS --conn N --kind time-sequence";
}
