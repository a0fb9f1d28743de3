//! The system calls that are followed.

/// What is to be read of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Socket,
    Bind,
    Listen,
    Accept,
    Connect,
    SendTo,
    SendMsg,
    SendMmsg,
    Write,
    Writev,
    SendFile,
    Splice,
    RecvFrom,
    RecvMsg,
    RecvMmsg,
    Read,
    Readv,
    Close,
    CloseRange,
    Shutdown,
    SetOption,
    GetOption,
    Dup,
    Dup2,
    Dup3,
    Poll,
    Select,
    Epoll,
    /// With a time in nanoseconds.
    EpollFine,
    ExitGroup,
    IoUring,
    Fcntl,
    Clone,
    Clone3,
    Fork,
    Exec,
    /// Never noted: it is only to see what it would see without a tracer.
    Affinity,
}

/// One call.
pub(super) struct Spec {
    pub(super) number: i64,
    pub(super) name: &'static str,
    pub(super) kind: Kind,
}

macro_rules! calls {
    ($($(#[$cfg:meta])* $number:ident $name:ident $kind:ident)*) => {
        /// All of them.
        pub(super) static CALLS: &[Spec] = &[$(
            $(#[$cfg])*
            Spec { number: libc::$number as i64, name: stringify!($name), kind: Kind::$kind },
        )*];
    };
}

calls! {
    SYS_read read Read
    SYS_write write Write
    SYS_close close Close
    SYS_recvfrom recvfrom RecvFrom
    SYS_sendto sendto SendTo
    SYS_sendmsg sendmsg SendMsg
    SYS_recvmsg recvmsg RecvMsg
    SYS_readv readv Readv
    SYS_writev writev Writev
    SYS_socket socket Socket
    SYS_bind bind Bind
    SYS_listen listen Listen
    SYS_accept accept Accept
    SYS_accept4 accept4 Accept
    SYS_connect connect Connect
    SYS_shutdown shutdown Shutdown
    SYS_sendmmsg sendmmsg SendMmsg
    SYS_recvmmsg recvmmsg RecvMmsg
    SYS_sendfile sendfile SendFile
    SYS_splice splice Splice
    SYS_close_range close_range CloseRange
    SYS_setsockopt setsockopt SetOption
    SYS_getsockopt getsockopt GetOption
    SYS_dup dup Dup
    #[cfg(target_arch = "x86_64")]
    SYS_dup2 dup2 Dup2
    SYS_dup3 dup3 Dup3
    #[cfg(target_arch = "x86_64")]
    SYS_poll poll Poll
    SYS_ppoll ppoll Poll
    #[cfg(target_arch = "x86_64")]
    SYS_select select Select
    SYS_pselect6 pselect6 Select
    #[cfg(target_arch = "x86_64")]
    SYS_epoll_wait epoll_wait Epoll
    SYS_epoll_pwait epoll_pwait Epoll
    SYS_epoll_pwait2 epoll_pwait2 EpollFine
    SYS_exit_group exit_group ExitGroup
    SYS_io_uring_setup io_uring_setup IoUring
    SYS_fcntl fcntl Fcntl
    SYS_clone clone Clone
    SYS_clone3 clone3 Clone3
    #[cfg(target_arch = "x86_64")]
    SYS_fork fork Fork
    #[cfg(target_arch = "x86_64")]
    SYS_vfork vfork Fork
    SYS_execve execve Exec
    SYS_sched_getaffinity sched_getaffinity Affinity
    SYS_sched_setaffinity sched_setaffinity Affinity
}

/// Of calls that do many things, the second arguments for which they are followed; none: for all.
pub(super) const fn only_for(kind: Kind) -> Option<[u32; 2]> {
    match kind {
        Kind::Fcntl => Some([libc::F_DUPFD.cast_unsigned(), libc::F_DUPFD_CLOEXEC.cast_unsigned()]),
        _ => None,
    }
}

/// The call of this number.
pub(super) fn find(number: i64) -> Option<&'static Spec> {
    CALLS.iter().find(|spec| spec.number == number)
}
