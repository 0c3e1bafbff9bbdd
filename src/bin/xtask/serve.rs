//! The command `serve`: build, serve, open, and build again at each change.

use std::{
    net::{Ipv4Addr, TcpListener},
    process::Command,
};

use crate::{
    build,
    step::{Failure, Outcome, not_started, say},
};

/// Where we look for a free port when none is named.
const PORTS: std::ops::Range<u16> = 8080..8100;

/// Serves the page until it is interrupted.
///
/// # Errors
///
/// When no port is free, a tool is missing, or Trunk ends.
pub(crate) fn run(port: Option<u16>, open: bool, release: bool) -> Outcome {
    let port = free_port(port)?;
    let mut trunk = build::trunk()?;
    // Not `dist`: what is served carries Trunk's script for reloading.
    trunk.args(["serve", "--dist", "target/serve", "--port", &port.to_string()]);
    if open {
        trunk.arg("--open");
    }
    if release {
        trunk.arg("--release");
    }
    say("build the page (2 to 4 minutes the first time, then seconds)");
    say(format!("then serve it at http://127.0.0.1:{port}/ until you press Ctrl+C"));
    wait(&mut trunk)
}

/// Becomes Trunk, so that whoever ends this program ends Trunk.
#[cfg(unix)]
fn wait(trunk: &mut Command) -> Outcome {
    use std::os::unix::process::CommandExt;
    let error = trunk.exec();
    Err(not_started(trunk, &error))
}

#[cfg(not(unix))]
fn wait(trunk: &mut Command) -> Outcome {
    let status = trunk.status().map_err(|error| not_started(trunk, &error))?;
    if status.success() {
        return Ok(());
    }
    Err(Failure::new(format!("serving ended ({status}); see what was said above")))
}

fn free_port(wanted: Option<u16>) -> Outcome<u16> {
    let is_free = |port: &u16| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok();
    match wanted {
        Some(port) if is_free(&port) => Ok(port),
        Some(port) => Err(Failure::new(format!(
            "port {port} is in use or not allowed; leave --port off, or name another"
        ))),
        None => PORTS.into_iter().find(is_free).ok_or_else(|| {
            Failure::new("ports 8080 to 8099 are all in use; name another with --port")
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_in_use_is_named_and_not_taken() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        let Failure(sentence) = free_port(Some(port)).unwrap_err();
        assert!(sentence.contains(&port.to_string()), "{sentence}");
    }
}
