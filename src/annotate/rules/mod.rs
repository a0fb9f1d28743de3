//! The rules, one file each. A new rule is one file, its `mod` line, and its place in the order of choice.

use super::Rule;

mod ack_again;
mod app_close_message;
mod captured_twice;
mod challenge_ack;
mod connection_aborted;
mod data_no_psh;
mod data_psh;
mod delayed_ack;
mod dup_ack;
mod fast_retransmission;
mod fin_ack_merged;
mod fin_first;
mod fin_second;
mod fin_with_data;
mod half_close_begins;
mod half_close_data;
mod handshake_ack;
mod http_body_ends_with_fin;
mod http_request;
mod http_response;
mod icmp_port_unreachable;
mod keep_alive;
mod keep_alive_ack;
mod last_ack;
mod nagle_hold;
mod out_of_order;
mod piggybacked_ack;
mod port_reuse;
mod pure_ack;
mod retransmission_rto;
mod retransmission_unclear;
mod rst_abort;
mod rst_after_close;
mod rst_ignored;
mod rst_no_connection;
mod rst_refused;
mod rst_timeout;
mod rst_unacceptable_ack;
mod rst_unread;
mod sack;
mod simultaneous_close;
mod simultaneous_open;
mod spurious_dsack;
mod syn;
mod syn_ack;
mod syn_options;
mod syn_retransmission;
mod tail_loss_probe;
mod time_wait_reack;
mod udp_datagram;
mod udp_other_port;
mod urgent;
mod window_update;
mod zero_window;
mod zero_window_probe;

/// Lists the rules from their modules, so that neither a rule nor its test cases can be left out of a list.
macro_rules! rules {
    ($($module:ident,)*) => {
        /// Every rule, in the order of choice: the first that fits is a packet's main annotation, the others are its badges.
        pub static RULES: &[&Rule] = &[$(&$module::RULE),*];

        /// The packets on which each rule fires, and those on which it nearly does.
        #[cfg(test)]
        pub(super) static CASES: &[(&Rule, &[super::testkit::Case])] = &[$((&$module::RULE, $module::tests::CASES)),*];
    };
}

rules! {
    rst_refused,
    rst_after_close,
    rst_unacceptable_ack,
    rst_no_connection,
    rst_timeout,
    connection_aborted,
    rst_unread,
    rst_abort,
    rst_ignored,
    simultaneous_open,
    port_reuse,
    syn_retransmission,
    syn,
    syn_ack,
    syn_options,
    challenge_ack,
    fin_ack_merged,
    simultaneous_close,
    fin_second,
    fin_first,
    half_close_begins,
    last_ack,
    time_wait_reack,
    half_close_data,
    fin_with_data,
    zero_window_probe,
    keep_alive,
    fast_retransmission,
    tail_loss_probe,
    retransmission_rto,
    captured_twice,
    retransmission_unclear,
    out_of_order,
    zero_window,
    urgent,
    app_close_message,
    http_request,
    http_response,
    http_body_ends_with_fin,
    nagle_hold,
    data_psh,
    data_no_psh,
    piggybacked_ack,
    keep_alive_ack,
    spurious_dsack,
    dup_ack,
    sack,
    window_update,
    handshake_ack,
    delayed_ack,
    pure_ack,
    ack_again,
    udp_other_port,
    udp_datagram,
    icmp_port_unreachable,
}

/// The rule with this name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.name == name)
}
