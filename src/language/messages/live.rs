//! Messages of `live`.

use super::{Message, Text, messages};

messages! {
    // Private networks: one pair for each rule that can forbid them.
    PRIVATE_USERNS_OFF:
        "no private network: this machine forbids user namespaces to ordinary users (kernel.unprivileged_userns_clone is 0)" /
        "jaringan privat tidak tersedia: mesin ini melarang user namespace bagi pengguna biasa (kernel.unprivileged_userns_clone bernilai 0)";
    PRIVATE_USERNS_OFF_CURE:
        "allow it with: sudo sysctl -w kernel.unprivileged_userns_clone=1" /
        "izinkan dengan: sudo sysctl -w kernel.unprivileged_userns_clone=1";
    PRIVATE_APPARMOR:
        "no private network: AppArmor takes its privileges away inside user namespaces (kernel.apparmor_restrict_unprivileged_userns is 1; {call} gave {errno})" /
        "jaringan privat tidak tersedia: AppArmor mencabut hak di dalam user namespace (kernel.apparmor_restrict_unprivileged_userns bernilai 1; {call} menghasilkan {errno})";
    PRIVATE_APPARMOR_CURE:
        "allow it with: sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0" /
        "izinkan dengan: sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0";
    PRIVATE_MAX_USERNS:
        "no private network: this machine allows no further user namespaces (user.max_user_namespaces; {call} gave {errno})" /
        "jaringan privat tidak tersedia: mesin ini tidak mengizinkan user namespace lagi (user.max_user_namespaces; {call} menghasilkan {errno})";
    PRIVATE_MAX_USERNS_CURE:
        "allow it with: sudo sysctl -w user.max_user_namespaces=10000" /
        "izinkan dengan: sudo sysctl -w user.max_user_namespaces=10000";
    PRIVATE_MAX_NETNS:
        "no private network: this machine allows no network namespaces (user.max_net_namespaces is 0; {call} gave {errno})" /
        "jaringan privat tidak tersedia: mesin ini tidak mengizinkan network namespace (user.max_net_namespaces bernilai 0; {call} menghasilkan {errno})";
    PRIVATE_MAX_NETNS_CURE:
        "allow it with: sudo sysctl -w user.max_net_namespaces=10000" /
        "izinkan dengan: sudo sysctl -w user.max_net_namespaces=10000";
    PRIVATE_SECCOMP:
        "no private network: a seccomp filter, as containers have it, refuses {call} ({errno})" /
        "jaringan privat tidak tersedia: filter seccomp, seperti pada container, menolak {call} ({errno})";
    PRIVATE_SECCOMP_CURE:
        "allow it with: docker run --security-opt seccomp=unconfined … or, as root inside, docker run --cap-add SYS_ADMIN …" /
        "izinkan dengan: docker run --security-opt seccomp=unconfined … atau, sebagai root di dalamnya, docker run --cap-add SYS_ADMIN …";
    PRIVATE_NOT_BUILT:
        "no private network: this kernel was built without user or network namespaces ({call} gave {errno})" /
        "jaringan privat tidak tersedia: kernel ini dibuat tanpa user namespace atau network namespace ({call} menghasilkan {errno})";
    PRIVATE_UNKNOWN:
        "no private network: the kernel refuses {call} ({errno})" /
        "jaringan privat tidak tersedia: kernel menolak {call} ({errno})";
    PRIVATE_NO_PACKET_SOCKET:
        "no capture: packet sockets are refused in the private network as well ({errno})" /
        "capture tidak mungkin: packet socket juga ditolak di dalam jaringan privat ({errno})";
    PRIVATE_OTHER_CURE:
        "use the machine's own loopback instead: sudo {program} demo tcp --host" /
        "gunakan loopback mesin sebagai gantinya: sudo {program} demo tcp --host";

    // The host's own loopback.
    HOST_NOT_ALLOWED:
        "no capture on this machine's own loopback: it needs the capability CAP_NET_RAW ({errno})" /
        "capture pada loopback mesin ini tidak diizinkan: diperlukan capability CAP_NET_RAW ({errno})";
    HOST_NOT_ALLOWED_CURE:
        "allow it with: sudo setcap cap_net_raw+ep {program}" /
        "izinkan dengan: sudo setcap cap_net_raw+ep {program}";
    HOST_ROOT_WITHOUT_RAW:
        "no capture on this machine's own loopback: this root has lost the capability CAP_NET_RAW ({errno})" /
        "capture pada loopback mesin ini tidak diizinkan: root di sini tidak memiliki capability CAP_NET_RAW ({errno})";
    HOST_ROOT_WITHOUT_RAW_CURE:
        "allow it with: docker run --cap-add NET_RAW …" /
        "izinkan dengan: docker run --cap-add NET_RAW …";
    NO_PACKET_SOCKET:
        "no capture: this kernel gives no packet socket ({errno})" /
        "capture tidak mungkin: kernel ini tidak menyediakan packet socket ({errno})";
    NO_PACKET_SOCKET_NEXT:
        "load it with: sudo modprobe af_packet" /
        "muat modulnya dengan: sudo modprobe af_packet";
    WIRE_REFUSED:
        "two hosts with a wire between them cannot be set up here ({errno}: {error})" /
        "dua host dengan kabel di antaranya tidak dapat dibuat di sini ({errno}: {error})";
    WIRE_NO_VETH_CURE:
        "the kernel lacks virtual Ethernet pairs; load them with: sudo modprobe veth" /
        "kernel belum memuat pasangan Ethernet virtual; muat dengan: sudo modprobe veth";
    WIRE_CURE:
        "{program} doctor says what this machine allows; as root it may work: sudo {program} demo tcp --delay 20ms" /
        "{program} doctor memeriksa apa yang diizinkan mesin ini; sebagai root mungkin berhasil: sudo {program} demo tcp --delay 20ms";
    TRACEPOINTS_NOT_ROOT:
        "only root may hear the kernel's tracepoints; demos go without them" /
        "tracepoint kernel hanya boleh dibaca oleh root; demo berjalan tanpa tracepoint";
    TRACEPOINTS_NOT_ROOT_CURE:
        "for the reasons of resets and the moments of state changes: sudo netscope demo …" /
        "untuk alasan reset dan saat perubahan status: sudo netscope demo …";
    TRACEPOINTS_LACKING:
        "this kernel has no tracepoints for TCP (tracefs, CONFIG_EVENT_TRACING); demos go without them" /
        "kernel ini tidak punya tracepoint untuk TCP (tracefs, CONFIG_EVENT_TRACING); demo berjalan tanpa tracepoint";
    TRACEPOINTS_REFUSED:
        "the kernel's tracepoints are refused ({errno}); demos go without them" /
        "tracepoint kernel ditolak ({errno}); demo berjalan tanpa tracepoint";
    TRACEPOINTS_REFUSED_CURE:
        "in a container: docker run --cap-add SYS_ADMIN --cap-add PERFMON …" /
        "di dalam container: docker run --cap-add SYS_ADMIN --cap-add PERFMON …";
    TRACING_REFUSED:
        "programs cannot be followed through their system calls here ({errno}: {error})" /
        "system call program tidak dapat diikuti di sini ({errno}: {error})";
    TRACING_CURE:
        "ptrace must be allowed: sudo sysctl -w kernel.yama.ptrace_scope=1; in a container: docker run --cap-add SYS_PTRACE --security-opt seccomp=unconfined …" /
        "ptrace harus diizinkan: sudo sysctl -w kernel.yama.ptrace_scope=1; di dalam container: docker run --cap-add SYS_PTRACE --security-opt seccomp=unconfined …";
    WIRE_WAS_LATE: "this machine is so busy that packets stayed on the wire longer than asked for: timers may have run out because of that" /
        "mesin ini sedang sangat sibuk sehingga paket tertahan di kabel lebih lama daripada yang diminta: bisa jadi ada timer yang habis karena itu";
    NOT_FINISHED:
        "the exchange had not come to rest when its time was up; shown is what was captured until then" /
        "pertukaran belum tuntas ketika batas waktunya habis; yang ditampilkan adalah yang terekam sampai saat itu";

    FALLBACK_TO_HOST:
        "the private network is not allowed here; this ran on the machine's own loopback" /
        "jaringan privat tidak diizinkan di sini; pertukaran ini berjalan pada loopback mesin";

    // Exchanges.
    PORT_IN_USE:
        "port {port} is in use by another program" /
        "port {port} sedang dipakai program lain";
    PORT_IN_USE_NEXT:
        "choose another with --port, or leave it away" /
        "pilih port lain dengan --port, atau hilangkan opsi itu";
    PORT_FORBIDDEN:
        "port {port} may not be used by this user (EACCES)" /
        "port {port} tidak boleh dipakai pengguna ini (EACCES)";
    PORT_FORBIDDEN_NEXT:
        "choose one from 1024 on, or allow it with: sudo sysctl -w net.ipv4.ip_unprivileged_port_start={port}" /
        "pilih port mulai dari 1024, atau izinkan dengan: sudo sysctl -w net.ipv4.ip_unprivileged_port_start={port}";
    NO_ADDRESS:
        "this machine has no address {address}" /
        "mesin ini tidak memiliki alamat {address}";
    NO_ADDRESS_NEXT:
        "IPv6 may be switched off: sudo sysctl -w net.ipv6.conf.lo.disable_ipv6=0" /
        "IPv6 mungkin dimatikan: sudo sysctl -w net.ipv6.conf.lo.disable_ipv6=0";
    EMPTY_MESSAGE:
        "the message is empty: without a byte there is no packet to show" /
        "pesannya kosong: tanpa satu byte pun tidak ada paket yang dapat ditampilkan";
    NEEDS_PRIVATE_NETWORK:
        "this exchange changes the network (it lets an end vanish, or its wire loses or delays packets) and runs only in a private one; \
         leave out --host" /
        "pertukaran ini mengubah jaringan (salah satu ujung lenyap, atau kabelnya menghilangkan atau menunda paket) sehingga hanya dapat dijalankan di \
         jaringan privat; hilangkan --host";
    UNEXPECTED_ERROR:
        "the exchange went wrong: {side}'s {call} failed with {got}" /
        "pertukaran tidak berjalan semestinya: {call} oleh {side} gagal dengan {got}";
    UNEXPECTED_SUCCESS:
        "the exchange went wrong: {side}'s {call} succeeded, but was to fail with {expected}" /
        "pertukaran tidak berjalan semestinya: {call} oleh {side} berhasil, padahal seharusnya gagal dengan {expected}";
    UNEXPECTED_OTHER_ERROR:
        "the exchange went wrong: {side}'s {call} failed with {got} instead of {expected}" /
        "pertukaran tidak berjalan semestinya: {call} oleh {side} gagal dengan {got}, bukan {expected}";
    ENDED_EARLY:
        "the exchange went wrong: the data for {side} ended after {got} of {wanted} bytes" /
        "pertukaran tidak berjalan semestinya: data untuk {side} berakhir setelah {got} dari {wanted} byte";
    TIMED_OUT:
        "the exchange did not finish within {limit}" /
        "pertukaran tidak selesai dalam {limit}";
    TIMED_OUT_IN_CALL:
        "the exchange did not finish within {limit}: {side} was waiting in {call}" /
        "pertukaran tidak selesai dalam {limit}: {side} masih menunggu pada {call}";
    TIMED_OUT_IN_CALLS:
        "the exchange did not finish within {limit}: {first} was waiting in {first_call}, {second} in {second_call}" /
        "pertukaran tidak selesai dalam {limit}: {first} masih menunggu pada {first_call}, {second} pada {second_call}";
    UNSETTLED:
        "the connections did not come to rest within {limit}, so the capture would not be complete" /
        "koneksi tidak kunjung tenang dalam {limit}, sehingga capture tidak akan lengkap";
    INTERRUPTED:
        "interrupted" /
        "dihentikan";
    SYSTEM:
        "{call} failed: {error}" /
        "{call} gagal: {error}";
    HELPER_NOT_STARTED:
        "the helper process {program} could not be started: {error}" /
        "proses pembantu {program} tidak dapat dijalankan: {error}";
    HELPER_DIED:
        "the helper process ended without an answer ({status}): {error}" /
        "proses pembantu berakhir tanpa jawaban ({status}): {error}";

    // Live capture.
    NO_SUCH_INTERFACE:
        "there is no interface {name}; this machine has: {list}" /
        "tidak ada interface {name}; mesin ini memiliki: {list}";
    NO_INTERFACE:
        "no interface is up that could be captured on" /
        "tidak ada interface aktif yang dapat di-capture";
    NO_INTERFACE_NEXT:
        "name one with -i; this machine has: {list}" /
        "sebutkan salah satu dengan -i; mesin ini memiliki: {list}";
    INTERFACE_DOWN:
        "the interface {name} is down" /
        "interface {name} tidak aktif";
    INTERFACE_DOWN_NEXT:
        "bring it up with: sudo ip link set {name} up" /
        "aktifkan dengan: sudo ip link set {name} up";
    CAPTURING_ON:
        "capturing on {name}; Ctrl-C ends it" /
        "capture berjalan pada {name}; Ctrl-C untuk mengakhiri";
    CAPTURE_NOT_ALLOWED:
        "capturing on {name} needs the capability CAP_NET_RAW" /
        "capture pada {name} memerlukan capability CAP_NET_RAW";
    CAPTURE_NOT_ALLOWED_CURE:
        "allow it with: sudo setcap cap_net_raw+ep {program}, or run it with sudo" /
        "izinkan dengan: sudo setcap cap_net_raw+ep {program}, atau jalankan dengan sudo";
    CAPTURE_FAILED:
        "capturing on {name} failed: {error}" /
        "capture pada {name} gagal: {error}";
    LIVE_BAD_FILTER:
        "the filter \"{filter}\" is not understood: {error}" /
        "filter \"{filter}\" tidak dapat dipahami: {error}";
    LIVE_BAD_FILTER_NEXT:
        "the syntax is that of pcap-filter(7), for example: tcp port 8000" /
        "sintaksnya mengikuti pcap-filter(7), misalnya: tcp port 8000";

    // doctor.
    ABILITY_PRIVATE:
        "exchanges in a private network (demo)" /
        "pertukaran dalam jaringan privat (demo)";
    ABILITY_HOST:
        "exchanges on this machine's own loopback (demo --host)" /
        "pertukaran pada loopback mesin (demo --host)";
    ABILITY_CAPTURE:
        "live capture on real interfaces (capture)" /
        "capture langsung pada interface sungguhan (capture)";
    ABILITY_TRACEPOINTS:
        "the kernel's tracepoints: moments of state changes, reasons of resets (demo)" /
        "tracepoint kernel: saat perubahan status, alasan reset (demo)";
    ABILITY_TRACING:
        "following programs through their system calls (run)" /
        "mengikuti system call program (run)";
    ABILITY_SAVE:
        "saving to the current directory (--save, --output)" /
        "menyimpan ke direktori ini (--save, --output)";
    ABILITY_STATES:
        "the states of TCP sockets by the kernel's own word (demo)" /
        "status socket TCP menurut kernel sendiri (demo)";
    STATES_REFUSED:
        "the kernel does not answer for a single TCP socket (sock_diag): {error}; demos run without its word" /
        "kernel tidak menjawab pertanyaan tentang satu socket TCP (sock_diag): {error}; demo tetap berjalan tanpa keterangannya";
    STATES_REFUSED_CURE:
        "load the kernel's modules for it: sudo modprobe tcp_diag" /
        "muat modul kernel untuk itu: sudo modprobe tcp_diag";
    CAPTURE_NOT_COMPILED:
        "this netscope was built without libpcap" /
        "netscope ini dibuat tanpa libpcap";
    CAPTURE_NOT_COMPILED_CURE:
        "install libpcap's headers (Debian, Ubuntu: sudo apt-get install libpcap-dev) and build with the feature libpcap" /
        "pasang header libpcap (Debian, Ubuntu: sudo apt-get install libpcap-dev) lalu build dengan fitur libpcap";
    SAVE_REFUSED:
        "a file in {directory} cannot be written: {error}" /
        "berkas di {directory} tidak dapat ditulis: {error}";
    SAVE_REFUSED_CURE:
        "change to a directory of your own, or name one: --save ~/capture.pcapng" /
        "pindah ke direktori milik sendiri, atau sebutkan letaknya: --save ~/capture.pcapng";
}
