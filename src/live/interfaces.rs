//! The interfaces of this machine, and which of them to capture on when none is named.

use std::net::IpAddr;

use crate::failure::Failure;
use crate::language::Values;
use crate::language::messages::live as say;

/// An interface of this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetworkInterface {
    /// Its name.
    pub name: String,
    /// Its addresses.
    pub addresses: Vec<IpAddr>,
    /// Up.
    pub up: bool,
    /// Up, and with a carrier.
    pub running: bool,
    /// A loopback interface.
    pub loopback: bool,
}

/// The interfaces in the system's order.
#[must_use]
pub fn list() -> Vec<NetworkInterface> {
    pnet::datalink::interfaces()
        .into_iter()
        .map(|interface| NetworkInterface {
            addresses: interface.ips.iter().map(pnet::ipnetwork::IpNetwork::ip).collect(),
            up: interface.is_up(),
            running: interface.is_running(),
            loopback: interface.is_loopback(),
            name: interface.name,
        })
        .collect()
}

/// The interface to capture on when none is named: the first that runs and has an address, not a loopback if possible.
///
/// # Errors
/// When none is up.
pub fn default() -> Result<NetworkInterface, Failure> {
    let all = list();
    choose(&all).cloned().ok_or_else(|| {
        Failure::bad_input(&say::NO_INTERFACE, Values::none().words("list", names(&all))).next(&say::NO_INTERFACE_NEXT)
    })
}

/// Their names, for messages.
#[must_use]
pub fn names(interfaces: &[NetworkInterface]) -> String {
    interfaces.iter().map(|interface| interface.name.as_str()).collect::<Vec<_>>().join(", ")
}

fn choose(interfaces: &[NetworkInterface]) -> Option<&NetworkInterface> {
    interfaces
        .iter()
        .filter(|interface| interface.up)
        // The first of the best: `min_by_key` keeps the order among equals.
        .min_by_key(|interface| (interface.loopback, !interface.running, interface.addresses.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn interface(name: &str, up: bool, address: bool, loopback: bool) -> NetworkInterface {
        let addresses = if address { vec![IpAddr::from([10, 0, 0, 1])] } else { Vec::new() };
        NetworkInterface { name: name.to_owned(), addresses, up, running: up, loopback }
    }

    #[test]
    fn the_default_is_a_real_interface_with_an_address() {
        let all = [
            interface("lo", true, true, true),
            interface("wlan0", true, false, false),
            interface("eth0", true, true, false),
            interface("eth1", true, true, false),
        ];
        assert_eq!(choose(&all).map(|i| i.name.as_str()), Some("eth0"));
        assert_eq!(choose(&all[..1]).map(|i| i.name.as_str()), Some("lo"));
        assert_eq!(choose(&[interface("eth0", false, true, false)]), None);
        assert_eq!(names(&all), "lo, wlan0, eth0, eth1");
    }

    #[test]
    fn this_machine_has_a_loopback() {
        assert!(list().iter().any(|interface| interface.loopback));
    }
}
