//! Messages of `file`.

use super::{Message, Text, messages};

messages! {
    // Opening.
    STANDARD_INPUT: "standard input" / "masukan standar";
    STANDARD_OUTPUT: "standard output" / "keluaran standar";
    INPUT_MISSING: "{file}: there is no such file" / "{file}: berkas tidak ditemukan";
    INPUT_MISSING_NEXT:
        "Check the name and the directory; `-` reads standard input."
        / "Periksa nama dan direktorinya; `-` membaca masukan standar.";
    INPUT_DIRECTORY: "{file}: this is a directory, not a capture file" / "{file}: ini direktori, bukan berkas capture";
    INPUT_DIRECTORY_NEXT:
        "Name one pcap or pcapng file in it." / "Sebutkan satu berkas pcap atau pcapng di dalamnya.";
    INPUT_FORBIDDEN: "{file}: this user may not read the file" / "{file}: pengguna ini tidak berhak membaca berkas tersebut";
    INPUT_FORBIDDEN_NEXT:
        "`ls -l {file}` shows who may; its owner can allow it with `chmod a+r`."
        / "`ls -l {file}` menunjukkan siapa yang berhak; pemiliknya dapat memberi izin dengan `chmod a+r`.";
    INPUT_FAILED: "{file}: cannot be opened: {reason}" / "{file}: tidak dapat dibuka: {reason}";
    INPUT_TERMINAL:
        "standard input is a terminal: no capture is piped into it"
        / "masukan standar adalah terminal: tidak ada capture yang dialirkan ke dalamnya";
    INPUT_TERMINAL_NEXT:
        "Pipe one in, as in `tcpdump -w - | netscope open -`, or name a file."
        / "Alirkan capture, misalnya `tcpdump -w - | netscope open -`, atau sebutkan nama berkas.";
    INPUT_EMPTY: "{file}: the file is empty: byte 0 is its end" / "{file}: berkas kosong: byte 0 adalah akhirnya";
    INPUT_EMPTY_NEXT:
        "A capture without packets still has a file header of 24 bytes or more; record it again."
        / "Capture tanpa paket pun memiliki header berkas sedikitnya 24 byte; rekam ulang.";
    HEADER_CUT:
        "{file}: the file is cut off inside its {format} header: {had} of {needed} bytes are there (offset 0, before frame 1)"
        / "{file}: berkas terpotong di dalam header {format}: hanya ada {had} dari {needed} byte (offset 0, sebelum frame 1)";
    HEADER_CUT_NEXT:
        "Copy or record the file again; nothing of it can be shown."
        / "Salin atau rekam ulang berkas itu; tidak ada bagiannya yang dapat ditampilkan.";
    HEADER_VERSION:
        "{file}: {format} version {major}.{minor} is unknown (offset 4, before frame 1)"
        / "{file}: versi {format} {major}.{minor} tidak dikenal (offset 4, sebelum frame 1)";
    HEADER_LINK:
        "{file}: the link type field of the pcap header is {value}, where bits that must be zero are set (offset 20, before frame 1)"
        / "{file}: field jenis link pada header pcap bernilai {value}, padahal ada bit yang harus nol (offset 20, sebelum frame 1)";
    HEADER_DAMAGED_NEXT:
        "The file is damaged from its first bytes on; copy or record it again."
        / "Berkas rusak sejak byte pertama; salin atau rekam ulang.";

    // What is no capture.
    FOREIGN_CAPTURE:
        "{file}: this is a capture in the format {format}{inside}, which netscope does not read"
        / "{file}: ini capture berformat {format}{inside}, yang tidak dibaca netscope";
    FOREIGN_CAPTURE_NEXT:
        "Convert it with Wireshark's editcap: editcap -F pcapng {file} converted.pcapng"
        / "Ubah dahulu dengan editcap dari Wireshark: editcap -F pcapng {file} converted.pcapng";
    FOREIGN_ARCHIVE: "{file}: this is {format} data{inside}" / "{file}: ini data {format}{inside}";
    FOREIGN_ARCHIVE_NEXT:
        "Unpack it first (`{command}`); netscope itself unpacks gzip and zstd, once."
        / "Buka dahulu (`{command}`); netscope sendiri hanya membuka gzip dan zstd, satu lapis.";
    FOREIGN_OTHER: "{file}: this is {format}{inside}, not a capture" / "{file}: ini {format}{inside}, bukan capture";
    FOREIGN_OTHER_NEXT:
        "netscope opens pcap and pcapng files, as tcpdump -w and Wireshark write them."
        / "netscope membuka berkas pcap dan pcapng seperti yang ditulis tcpdump -w dan Wireshark.";
    FOREIGN_UNKNOWN:
        "{file}: the format is unknown: the file begins with {bytes}{inside}, neither pcap nor pcapng"
        / "{file}: format tidak dikenal: berkas diawali {bytes}{inside}, bukan pcap maupun pcapng";
    FOREIGN_UNKNOWN_NEXT:
        "If Wireshark opens it, convert it: editcap -F pcapng {file} converted.pcapng"
        / "Bila Wireshark dapat membukanya, ubah dahulu: editcap -F pcapng {file} converted.pcapng";
    INSIDE_GZIP: " inside gzip" / " di dalam gzip";
    INSIDE_ZSTD: " inside zstd" / " di dalam zstd";
    A_TEXT: "a text file" / "berkas teks";
    AN_HTML_PAGE: "an HTML page" / "halaman HTML";
    AN_XML_TEXT: "an XML file" / "berkas XML";
    A_JSON_TEXT: "a JSON file" / "berkas JSON";
    A_PDF: "a PDF document" / "dokumen PDF";
    AN_IMAGE: "an image" / "gambar";
    A_PROGRAM: "a program" / "program";

    // Damage part-way.
    DAMAGE_CUT:
        "{file}: the capture is cut off at byte {offset}, in frame {frame}: {had} of the {needed} bytes of this record are there"
        / "{file}: capture terpotong pada byte {offset}, di frame {frame}: hanya ada {had} dari {needed} byte rekaman ini";
    DAMAGE_LENGTH:
        "{file}: damaged at byte {offset}, in frame {frame}: {field} {value}, where at most {limit} is possible"
        / "{file}: rusak pada byte {offset}, di frame {frame}: {field} {value}, padahal paling besar {limit}";
    DAMAGE_INTERFACE:
        "{file}: damaged at byte {offset}, in frame {frame}: the packet names interface {index}, which the section does not describe"
        / "{file}: rusak pada byte {offset}, di frame {frame}: paket menyebut interface {index} yang tidak dijelaskan section-nya";
    DAMAGE_TRAILER:
        "{file}: damaged at byte {offset}, in frame {frame}: the block gives its length as {leading} at its start and {trailing} at its end"
        / "{file}: rusak pada byte {offset}, di frame {frame}: blok menyebut panjang {leading} di awal dan {trailing} di akhir";
    DAMAGE_BYTE_ORDER:
        "{file}: damaged at byte {offset}, in frame {frame}: a header without a valid byte-order magic"
        / "{file}: rusak pada byte {offset}, di frame {frame}: header tanpa byte-order magic yang sah";
    DAMAGE_BLOCK:
        "{file}: damaged at byte {offset}, in frame {frame}: a block of type {kind} that is too short for its own fields"
        / "{file}: rusak pada byte {offset}, di frame {frame}: blok berjenis {kind} terlalu pendek untuk field-nya sendiri";
    DAMAGE_VERSION:
        "{file}: stopped at byte {offset}, in frame {frame}: a section of the unknown pcapng version {major}.{minor} begins"
        / "{file}: berhenti pada byte {offset}, di frame {frame}: mulai section dengan versi pcapng {major}.{minor} yang tidak dikenal";
    DAMAGE_EXPANSION:
        "{file}: stopped at byte {offset}, in frame {frame}: {input} compressed bytes have become more than {output}, which looks like a decompression bomb (the limit is 1000 times, beyond 1 GiB)"
        / "{file}: berhenti pada byte {offset}, di frame {frame}: {input} byte terkompresi telah menjadi lebih dari {output}, seperti bom dekompresi (batasnya 1000 kali, di atas 1 GiB)";
    DAMAGE_COMPRESSION:
        "{file}: the compressed data is damaged after byte {offset} of its content, in frame {frame}: {reason}"
        / "{file}: data terkompresi rusak setelah byte {offset} dari isinya, di frame {frame}: {reason}";
    DAMAGE_READ:
        "{file}: reading failed after byte {offset}, in frame {frame}: {reason}"
        / "{file}: pembacaan gagal setelah byte {offset}, di frame {frame}: {reason}";
    DAMAGE_COMPRESSION_NEXT:
        "What came out before is shown. The damage may lie earlier: gzip and zstd notice some of it only by a checksum behind it."
        / "Yang sudah terbuka sebelumnya ditampilkan. Kerusakannya bisa terletak lebih awal: sebagian baru diketahui gzip dan zstd dari checksum sesudahnya.";
    DAMAGE_NEXT:
        "Everything before it is shown." / "Semua yang ada sebelumnya ditampilkan.";

    // Output.
    OUTPUT_FAILED: "{file}: cannot be written: {reason}" / "{file}: tidak dapat ditulis: {reason}";
    OUTPUT_NEXT:
        "Nothing was left there; name another place with -o."
        / "Tidak ada yang tertinggal di sana; sebutkan tempat lain dengan -o.";
    STANDARD_OUTPUT_NEXT:
        "What it was given so far is not complete. With -o FILE nothing but a complete file appears."
        / "Yang sudah tertulis di sana tidak lengkap. Dengan -o BERKAS, berkas hanya muncul bila sudah lengkap.";
    OUTPUT_DIRECTORY: "{file}: this is a directory; an output file needs a name" / "{file}: ini direktori; berkas keluaran memerlukan nama";
    OUTPUT_NO_DIRECTORY: "{file}: the directory {directory} does not exist" / "{file}: direktori {directory} tidak ada";
    OUTPUT_NO_DIRECTORY_NEXT: "Make it first: mkdir -p {directory}" / "Buat dahulu: mkdir -p {directory}";
    OUTPUT_FORBIDDEN: "{file}: this user may not write there" / "{file}: pengguna ini tidak berhak menulis di sana";
    OUTPUT_FORBIDDEN_NEXT:
        "Name a file in a directory of your own, as in ~/result or /tmp/result."
        / "Sebutkan berkas di direktori milik sendiri, misalnya ~/hasil atau /tmp/hasil.";
    SAVE_EXTENSION:
        "{file}: the name must end in .pcap or .pcapng, so that the format is known"
        / "{file}: nama harus berakhiran .pcap atau .pcapng agar formatnya diketahui";
    SAVE_EXTENSION_NEXT:
        ".pcapng keeps the explanations as packet comments; .pcap is read by the oldest tools."
        / ".pcapng menyimpan penjelasan sebagai komentar paket; .pcap dapat dibaca alat yang paling lama.";
    SAVE_LINK_TYPES:
        "{file}: a .pcap file holds one link type, and this capture has {first} and {second}"
        / "{file}: berkas .pcap memuat satu jenis link, sedangkan capture ini memiliki {first} dan {second}";
    SAVE_LINK_TYPES_NEXT: "Save it as .pcapng." / "Simpan sebagai .pcapng.";

    // What a saved file says of its packets, and what it holds beside them.
    COMMENT_CALL: "Made by {who}: {call}" / "Dibuat oleh {who}: {call}";
    COMMENT_CALL_LATER:
        "Made by {who}, and sent after the call had returned: {call}"
        / "Dibuat oleh {who} dan dikirim setelah pemanggilannya selesai: {call}";
    COMMENT_PROGRAM: "the program" / "program";
    COMMENT_NO_PACKET:
        "No packet: a system call of {who}, listed here by netscope"
        / "Bukan paket: system call dari {who}, didaftarkan di sini oleh netscope";
    COMMENT_MADE_ONE:
        "No packet: a system call of {who}, listed here by netscope. It made frame {frame}"
        / "Bukan paket: system call dari {who}, didaftarkan di sini oleh netscope. Panggilan ini membuat frame {frame}";
    COMMENT_MADE:
        "No packet: a system call of {who}, listed here by netscope. It made the frames {frames}"
        / "Bukan paket: system call dari {who}, didaftarkan di sini oleh netscope. Panggilan ini membuat frame {frames}";
    COMMENT_KERNEL_BECAUSE:
        "Made by the kernel on its own, because of frame {frame}" / "Dibuat kernel sendiri, karena frame {frame}";
    COMMENT_KERNEL: "Made by the kernel on its own" / "Dibuat kernel sendiri";
    COMMENT_EXIT:
        "Made by the kernel when the process ended with this socket still open"
        / "Dibuat kernel ketika proses berakhir sementara socket ini masih terbuka";
    BESIDE_UNKNOWN:
        "{file}: {n} of the lines that tell of calls and kernel states are damaged or of a later netscope, and left out"
        / "{file}: {n} baris tentang system call dan status dari kernel rusak atau berasal dari netscope yang lebih baru, dan dilewati";
    BESIDE_TOO_LARGE:
        "{file}: the calls in it are not shown, because the capture is too large to find out which packets they made"
        / "{file}: system call di dalamnya tidak ditampilkan karena capture terlalu besar untuk mencari paket buatan masing-masing";

    // Filters.
    FILTER_INVALID: "the filter {filter} is not valid: {reason}" / "filter {filter} tidak sah: {reason}";
    FILTER_NEXT:
        "The syntax is that of pcap-filter(7), for example: 'tcp port 80 and host 127.0.0.1'"
        / "Sintaksnya mengikuti pcap-filter(7), misalnya: 'tcp port 80 and host 127.0.0.1'";
    FILTER_LINK:
        "the filter {filter} cannot be used on frames of link type {link}: {reason}"
        / "filter {filter} tidak dapat dipakai pada frame dengan jenis link {link}: {reason}";
    FILTER_LINK_NEXT:
        "Leave the filter out for this capture." / "Hilangkan filter untuk capture ini.";
}
