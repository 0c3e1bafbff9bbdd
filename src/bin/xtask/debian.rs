//! Packages of Debian and its relatives, for machines where nothing else may be downloaded.

use std::{env::consts, fs, process::Command};

use crate::step::{Failure, Outcome, ask, carry_out};

/// Whether this is Debian or a system made from it.
pub(crate) fn is_here() -> bool {
    consts::OS == "linux"
        && fs::read_to_string("/etc/os-release").is_ok_and(|text| {
            let mut lines = text.lines();
            lines.any(|line| line.strip_prefix("ID").is_some_and(|rest| rest.contains("debian")))
        })
}

/// Installs those of `packages` that are missing, for which one must be root.
///
/// # Errors
///
/// When one is missing and we are not root, or apt-get fails.
pub(crate) fn install(packages: &[&str], why: &str) -> Outcome {
    let missing: Vec<&str> =
        packages.iter().copied().filter(|package| !is_installed(package)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let list = missing.join(" ");
    let by_hand = format!("apt-get update && apt-get install --no-install-recommends {list}");
    if ask(Command::new("id").arg("-u")).as_deref() != Some("0") {
        return Err(Failure::new(format!(
            "{why} needs packages of Debian: as root, run `{by_hand}`, then try again"
        )));
    }
    let remedy = format!("see what apt-get said above, run `{by_hand}` by hand, then try again");
    carry_out("bring the list of Debian packages up to date", apt_get().arg("update"), &remedy)?;
    let mut install = apt_get();
    install.args(["install", "--yes", "--no-install-recommends"]).args(&missing);
    carry_out(&format!("install {list} for {why} (a minute or two)"), &mut install, &remedy)
}

fn is_installed(package: &str) -> bool {
    ask(Command::new("dpkg-query").args(["--show", "--showformat", "${db:Status-Status}", package]))
        .as_deref()
        == Some("installed")
}

fn apt_get() -> Command {
    let mut command = Command::new("apt-get");
    command.arg("--quiet").env("DEBIAN_FRONTEND", "noninteractive");
    command
}
