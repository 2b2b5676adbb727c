//! What the demo tells the person at the terminal.

use std::fmt;
use std::path::Path;

use meibo_domain::resource::{MANAGEMENT_API_INDICATOR, MANAGEMENT_API_SCOPE_ALL};

use super::register::{Addresses, BACK_END, Demo};

/// What to open, how to sign in, how to see the change from outside. Every command works as it is printed.
pub(super) struct Welcome<'a> {
    pub(super) directory: &'a Path,
    pub(super) addresses: &'a Addresses,
    pub(super) demo: &'a Demo,
    /// While nobody administers the server.
    pub(super) setup_link: Option<&'a str>,
}

impl fmt::Display for Welcome<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Addresses {
            server,
            profile_app,
            ..
        } = self.addresses;
        let Demo {
            user,
            password,
            machine_secret,
            ..
        } = self.demo;
        let identifier = user
            .username
            .as_ref()
            .map(ToString::to_string)
            .or_else(|| user.verified_email().map(ToString::to_string))
            .unwrap_or_default();
        write!(
            f,
            "Meibo {version}, the demo. Its files are in {directory}.

1. Open {profile_app} and sign in:

     username  {identifier}
     password  {password}

   Or press Create account there and give any address, such as you@example.com. Nothing leaves this machine:
   the code that is sent arrives at {server}/demo/inbox

2. Change the name on the profile page and save it. Change the email address or the phone number, too: a code
   goes to the new one and arrives in the same inbox. Sign out, and sign in with the new address and a code.

3. See the change as another program would, through the Management API:

     TOKEN=$(curl -s {server}/oidc/token -u {BACK_END}:{machine_secret} \\
       -d grant_type=client_credentials -d resource={MANAGEMENT_API_INDICATOR} -d scope={MANAGEMENT_API_SCOPE_ALL} \\
       | sed -E 's/.*\"access_token\":\"([^\"]+)\".*/\\1/')
     curl -s {server}/api/users/{id} -H \"Authorization: Bearer $TOKEN\"

The Management API is described at {server}/api
",
            version = env!("CARGO_PKG_VERSION"),
            directory = self.directory.display(),
            id = user.id,
        )?;
        if let Some(link) = self.setup_link {
            writeln!(
                f,
                "\nNobody administers this server yet. This link makes the first administrator; it works once, and until \
                 the next start:\n  {link}"
            )?;
        }
        f.write_str("\nCtrl-C ends the demo. The password is new at every start; --fresh forgets everything else, too.\n")
    }
}
