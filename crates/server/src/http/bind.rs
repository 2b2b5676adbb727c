//! Listening sockets.

use std::io;
use std::net::{SocketAddr, TcpListener};

use crate::config::ListenAddress;

/// An address cannot be listened on.
#[derive(Debug, thiserror::Error)]
#[error("cannot listen on {address}: {reason}")]
pub(crate) struct BindError {
    /// Which one.
    pub(crate) address: SocketAddr,
    /// What is wrong and what to do.
    pub(crate) reason: String,
}

/// Listens on every address. With port 0 the system chooses one port for all addresses of `localhost`.
///
/// # Errors
/// The first address that cannot be had; then none is.
pub(crate) fn bind(addresses: &[ListenAddress]) -> Result<Vec<TcpListener>, BindError> {
    let mut listeners = Vec::new();
    for address in addresses {
        let (first, also) = address.addresses();
        let listener = listen(first).map_err(|error| explain(first, &error))?;
        let port = listener.local_addr().map_or(first.port(), |at| at.port());
        listeners.push(listener);
        let Some(also) = also.map(|ip| SocketAddr::new(ip, port)) else {
            continue;
        };
        match listen(also) {
            Ok(listener) => listeners.push(listener),
            // a machine without IPv6 has no ::1; another program on ::1 would get half of our visitors
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
                return Err(explain(also, &error));
            }
            Err(_) => {}
        }
    }
    Ok(listeners)
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let listener = TcpListener::bind(address)?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

fn explain(address: SocketAddr, error: &io::Error) -> BindError {
    let reason = match error.kind() {
        io::ErrorKind::AddrInUse => {
            "another program listens there; stop it, or choose another port".to_owned()
        }
        io::ErrorKind::PermissionDenied => {
            "not allowed; choose a port from 1024 on, or give the program the right".to_owned()
        }
        io::ErrorKind::AddrNotAvailable => "this machine does not have this address".to_owned(),
        _ => error.to_string(),
    };
    BindError { address, reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn localhost_has_one_port_for_its_addresses() {
        let listeners = bind(&[ListenAddress::Localhost(0)]).unwrap();
        let ports: Vec<u16> = listeners
            .iter()
            .map(|listener| listener.local_addr().unwrap().port())
            .collect();
        assert!(ports[0] != 0 && ports.iter().all(|port| *port == ports[0]));
    }

    #[test]
    fn a_taken_port_is_named() {
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = taken.local_addr().unwrap();
        let error = bind(&[ListenAddress::Address(address)]).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "cannot listen on {address}: another program listens there; stop it, or choose another port"
            )
        );
    }
}
