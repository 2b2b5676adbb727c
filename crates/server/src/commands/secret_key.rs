//! `meibo secret-key`: the key that wraps all others.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use clap::{Args, Subcommand};
use meibo_app::{App, SecretKeySource};
use meibo_crypto::entropy::Entropy;
use meibo_crypto::seal::MasterKey;

use super::{Settings, app_config};
use crate::config::Config;
use crate::runtime;
use crate::telemetry::Logging;
use crate::terminal::print;

/// What `secret-key` can do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Print a new random key. It is stored nowhere.
    Generate,
    /// Seal every stored secret with a new data key; with a new secret key, also protect the data keys with that one.
    ///
    /// Servers may run meanwhile. With a new secret key restart each of them with it afterwards. The key file in the
    /// data directory, if that is in use, is replaced.
    Rotate(Rotate),
}

#[derive(Debug, Args)]
pub(crate) struct Rotate {
    /// The new secret key. Others on this machine can see it in the list of processes: prefer --new-secret-key-file.
    #[arg(long, value_name = "BASE64", conflicts_with = "new_secret_key_file")]
    new_secret_key: Option<String>,
    /// A file that holds the new secret key.
    #[arg(long, value_name = "PATH")]
    new_secret_key_file: Option<PathBuf>,
}

pub(crate) fn run(settings: &Settings, command: Command) -> Result<()> {
    match command {
        Command::Generate => {
            let key = MasterKey::generate(&Entropy::system());
            print(&format!("{}\n", key.to_base64().as_str()))?;
            Ok(())
        }
        Command::Rotate(arguments) => rotate(settings.for_command()?, &arguments),
    }
}

fn rotate(config: Config, arguments: &Rotate) -> Result<()> {
    let _logging = Logging::start(&config.log)?;
    let new_master = arguments.read()?;
    let has_new = new_master.is_some();
    let file = match &config.secret_key {
        SecretKeySource::File(path) => Some(path.clone()),
        SecretKeySource::Given(_) => None,
    };
    let public_url = config.public_url(config.first_port())?;
    let (report, replacement) = runtime::start(false)?.block_on(async {
        let app = App::open(app_config(config, public_url, 1)).await?;
        let replacement = match (&file, &new_master) {
            (Some(path), Some(key)) => Some(Replacement::prepare(path, key)?),
            _ => None,
        };
        let rotated = async {
            // first under the present secret key, so that servers that run can take the new data key over
            let report = app.rotate_data_key().await?;
            if let Some(key) = &new_master {
                app.exchange_secret_key(key).await?;
            }
            meibo_domain::Result::<_>::Ok(report)
        };
        let report = rotated.await;
        app.close().await;
        anyhow::Ok((report?, replacement))
    })?;
    let file = replacement.map(Replacement::finish).transpose()?;
    let mut text = format!(
        "{} secrets sealed anew, {} former data keys removed\n",
        report.resealed, report.removed_keys
    );
    if let Some(file) = file {
        text.push_str(&format!("{} holds the new secret key\n", file.display()));
    }
    if has_new {
        text.push_str("restart every server with the new secret key\n");
    }
    Ok(print(&text)?)
}

impl Rotate {
    fn read(&self) -> Result<Option<MasterKey>> {
        let (name, text) = match (&self.new_secret_key, &self.new_secret_key_file) {
            (Some(text), _) => ("--new-secret-key", text.clone()),
            (None, Some(path)) => {
                let name = "--new-secret-key-file";
                let text = fs::read_to_string(path)
                    .with_context(|| format!("{name}: {}", path.display()))?;
                (name, text)
            }
            (None, None) => return Ok(None),
        };
        Ok(Some(MasterKey::parse(&text).context(name)?))
    }
}

/// A key file that takes the place of another. The new key is on disk before the database takes it, so that a crash
/// between the two loses neither: the database then opens with the key in the `.new` file.
struct Replacement {
    new: PathBuf,
    path: PathBuf,
}

impl Replacement {
    fn prepare(path: &Path, key: &MasterKey) -> Result<Self> {
        let new = path.with_extension("key.new");
        let written = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&new)
            .and_then(|mut file| {
                file.write_all(key.to_base64().as_bytes())?;
                file.sync_all()
            });
        written.with_context(|| {
            format!(
                "{}: if it is left from a rotation that was cut off, it may hold the key that the database needs",
                new.display()
            )
        })?;
        Ok(Self {
            new,
            path: path.to_owned(),
        })
    }

    /// Puts the new file in its place.
    fn finish(self) -> Result<PathBuf> {
        let context = || format!("{} holds the new secret key", self.new.display());
        fs::rename(&self.new, &self.path).with_context(context)?;
        if let Some(directory) = self.path.parent() {
            // the name is as durable as the content
            fs::File::open(directory)
                .and_then(|directory| directory.sync_all())
                .with_context(context)?;
        }
        Ok(self.path)
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn the_new_key_is_on_disk_before_the_old_one_goes() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("secret.key");
        fs::write(&path, "old").unwrap();
        let key = MasterKey::generate(&Entropy::seeded(1));
        let replacement = Replacement::prepare(&path, &key).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        let new = directory.path().join("secret.key.new");
        assert_eq!(fs::read_to_string(&new).unwrap(), *key.to_base64());
        assert_eq!(
            fs::metadata(&new).unwrap().permissions().mode() & 0o777,
            0o600
        );

        let second = Replacement::prepare(&path, &key).err().unwrap();
        assert!(second.to_string().contains("secret.key.new"), "{second}");

        assert_eq!(replacement.finish().unwrap(), path);
        assert_eq!(fs::read_to_string(&path).unwrap(), *key.to_base64());
        assert!(!new.exists());
    }

    #[test]
    fn a_wrong_new_key_is_named_and_not_repeated() {
        let rotate = Rotate {
            new_secret_key: Some("s3cret".to_owned()),
            new_secret_key_file: None,
        };
        let error = format!("{:#}", rotate.read().unwrap_err());
        assert!(
            error.contains("--new-secret-key") && !error.contains("s3cret"),
            "{error}"
        );
    }
}
