//! `bauta tor-config`: what to write into torrc for an onion service in front of this server.

use std::path::Path;

use crate::cli::TorConfigArgs;
use crate::config::Config;
use crate::failure::{Failure, Outcome};
use crate::output;

/// What each line is for is said beside it, since operators should know what they paste.
pub fn run(args: &TorConfigArgs) -> Outcome<()> {
    let config = Config::load(&args.data.clone().into())?;
    let set = config.onion.as_ref().map(|onion| onion.socket.clone());
    let socket = args
        .socket
        .clone()
        .or(set)
        .unwrap_or_else(|| config.data.join("onion.sock"));
    let socket = std::path::absolute(&socket)
        .map_err(|error| Failure::new(format!("{} is no path: {error}", socket.display())))?;
    output::line(&block(&socket, &args.directory));
    Ok(())
}

/// The block, with what comes after it as comments.
fn block(socket: &Path, directory: &Path) -> String {
    format!(
        "# Bauta's onion service. Add to /etc/tor/torrc of Tor 0.4.8 or later, and reload Tor, whose user must be in the group of\n\
         # the socket.\n\
         \n\
         HiddenServiceDir {directory}\n\
         HiddenServiceVersion 3\n\
         HiddenServicePort 80 unix:{socket}\n\
         \n\
         # Names the circuit, never a person: Bauta keys its limits with it and forgets it.\n\
         HiddenServiceExportCircuitID haproxy\n\
         \n\
         # A flood is answered by work that the attacker's Tor must do. Needs no script in the browser.\n\
         HiddenServicePoWDefensesEnabled 1\n\
         HiddenServiceMaxStreams 20\n\
         HiddenServiceMaxStreamsCloseCircuit 1\n\
         \n\
         # Nothing about clients in Tor's log.\n\
         SafeLogging 1\n\
         Log warn syslog\n\
         AvoidDiskWrites 1\n\
         \n\
         # Then the name is in {directory}/hostname. Give it to Bauta in its own configuration, and start it anew:\n\
         #\n\
         #   [onion]\n\
         #   socket = \"{socket}\"\n\
         #   host = \"….onion\"",
        directory = directory.display(),
        socket = socket.display(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Vec<&str> {
        let lines = text.lines().map(str::trim);
        lines
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
            .collect()
    }

    #[test]
    fn it_says_what_the_sample_in_contrib_says() {
        let sample = include_str!("../../../../contrib/torrc");
        let made = block(
            Path::new("/run/bauta/onion.sock"),
            Path::new("/var/lib/tor/bauta"),
        );
        assert_eq!(said(&made), said(sample));
    }
}
