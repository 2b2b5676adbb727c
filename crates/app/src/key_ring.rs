//! The data keys that seal secrets, and the secret key that wraps them.

use std::{
    io::{ErrorKind, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
    sync::Arc,
};

use meibo_crypto::seal::{DataKey, KeyRing, MasterKey, SealError};
use meibo_domain::{Error, ErrorCode, Result, time::Timestamp};
use meibo_store::{
    data_keys::{self, DataKeyRow},
    db::{Batch, CommitError, Db},
    settings,
};

use crate::{App, SecretKeySource, StartError};

/// The setting that says that keys were made; two nodes that start together cannot both set it.
const INITIALISED: &str = "data_keys.initialised";

/// The setting that holds the key from which the successors of refresh tokens are derived.
const SUCCESSOR_KEY: &str = "sealed.refresh_successor_key";

/// What a register's keys are made of.
pub(crate) struct Keys {
    pub(crate) master_key: MasterKey,
    pub(crate) key_ring: KeyRing,
    pub(crate) successor_key: [u8; 32],
}

/// Reads the keys of a register, and makes them when it is new.
///
/// # Errors
/// [`StartError::WrongSecretKey`] when the secret key is not the register's.
pub(crate) async fn open(
    db: &Db,
    source: SecretKeySource,
    entropy: &meibo_crypto::entropy::Entropy,
    now: Timestamp,
) -> Result<Keys, StartError> {
    let rows = data_keys::list(db).await?;
    let master_key = match source {
        SecretKeySource::Given(key) => key,
        SecretKeySource::File(path) => read_or_make(&path, rows.is_empty(), entropy)?,
    };
    let rows = if rows.is_empty() {
        make(db, &master_key, entropy, now).await?;
        data_keys::list(db).await?
    } else {
        rows
    };
    let key_ring = unwrap_all(&master_key, &rows).map_err(|error| match error {
        SealError::Refused => StartError::WrongSecretKey,
        other => StartError::Keys(other.to_string()),
    })?;
    let sealed = settings::get(db, SUCCESSOR_KEY).await?.unwrap_or_default();
    let opened = key_ring
        .open(
            &sealed,
            &meibo_store::resealing::setting_context(SUCCESSOR_KEY),
        )
        .map_err(|error| StartError::Keys(error.to_string()))?;
    let successor_key = <[u8; 32]>::try_from(opened.as_slice())
        .map_err(|_| StartError::Keys("the successor key is not 32 bytes".into()))?;
    Ok(Keys {
        master_key,
        key_ring,
        successor_key,
    })
}

/// The key ring of `rows`, the current key first.
pub(crate) fn unwrap_all(
    master_key: &MasterKey,
    rows: &[DataKeyRow],
) -> Result<KeyRing, SealError> {
    let mut keys = rows
        .iter()
        .map(|row| master_key.unwrap_key(&row.id, &row.wrapped));
    let current = keys.next().ok_or(SealError::Malformed)??;
    KeyRing::new(current, keys.collect::<Result<_, _>>()?)
}

async fn make(
    db: &Db,
    master_key: &MasterKey,
    entropy: &meibo_crypto::entropy::Entropy,
    now: Timestamp,
) -> Result<(), StartError> {
    let failed = |error: SealError| StartError::Keys(error.to_string());
    let key = DataKey::generate(entropy);
    let (id, wrapped) = (key.id().to_owned(), master_key.wrap(&key).map_err(failed)?);
    let ring = KeyRing::new(key, Vec::new()).map_err(failed)?;
    let context = meibo_store::resealing::setting_context(SUCCESSOR_KEY);
    let successor_key = ring
        .seal(&entropy.bytes::<32>(), &context)
        .map_err(failed)?;
    let batch = settings::insert(Batch::new(), INITIALISED, "1", now);
    let batch = data_keys::insert_current(batch, &id, &wrapped, now);
    let batch = settings::insert(batch, SUCCESSOR_KEY, &successor_key, now);
    match db.commit(batch).await {
        // Another node made them a moment ago.
        Ok(_)
        | Err(
            CommitError::Conflict { .. }
            | CommitError::Db(meibo_store::db::DbError::UniqueViolation { .. }),
        ) => Ok(()),
        Err(CommitError::Db(error)) => Err(error.into()),
    }
}

fn read_or_make(
    path: &Path,
    register_is_new: bool,
    entropy: &meibo_crypto::entropy::Entropy,
) -> Result<MasterKey, StartError> {
    let refuse = |reason: String| StartError::SecretKeyFile {
        path: path.to_owned(),
        reason,
    };
    let parse =
        |text: String| MasterKey::parse(text.trim()).map_err(|error| refuse(error.to_string()));
    match std::fs::read_to_string(path) {
        Ok(text) => parse(text),
        Err(error) if error.kind() == ErrorKind::NotFound && register_is_new => {
            write_new(path, &MasterKey::generate(entropy).to_base64(), entropy)
                .and_then(|()| std::fs::read_to_string(path))
                .map_err(|error| refuse(error.to_string()))
                .and_then(parse)
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Err(refuse(
            "it is missing, and the database was made with it; put it back, or give the key".into(),
        )),
        Err(error) => Err(refuse(error.to_string())),
    }
}

/// Puts `text` at `path`, whole and with mode 0600, unless a file is there already: another process
/// may have made it a moment ago, and then that one counts.
fn write_new(
    path: &Path,
    text: &str,
    entropy: &meibo_crypto::entropy::Entropy,
) -> std::io::Result<()> {
    let draft = path.with_extension(format!("key.{}", entropy.lowercase_alphanumeric(8)));
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&draft)?;
    let linked = file
        .write_all(text.as_bytes())
        .and_then(|()| file.sync_all())
        .and_then(|()| std::fs::hard_link(&draft, path));
    std::fs::remove_file(&draft)?;
    match linked {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    // The name must be as durable as what the register will seal with the key.
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    std::fs::File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

impl App {
    /// Seals `plaintext`, bound to `context`, for `batch` to store. The batch conflicts when another
    /// process has made a new data key meanwhile: the former one may be deleted at any moment then.
    pub(crate) async fn seal(
        &self,
        batch: Batch,
        plaintext: &[u8],
        context: &str,
    ) -> Result<(Batch, String)> {
        self.reload_key_ring().await?;
        let ring = self.key_ring.load_full();
        let sealed = ring.seal(plaintext, context).map_err(Error::internal)?;
        Ok((data_keys::still_current(batch, ring.current_id()), sealed))
    }

    /// Opens what was sealed; reads the data keys again when it was sealed with one that is new.
    pub(crate) async fn open_sealed(&self, sealed: &str, context: &str) -> Result<String> {
        let opened = match self.key_ring.load().open(sealed, context) {
            Err(SealError::UnknownKey { .. }) => {
                self.reload_key_ring().await?;
                self.key_ring.load().open(sealed, context)
            }
            other => other,
        };
        let plaintext = opened.map_err(Error::internal)?;
        String::from_utf8(plaintext.to_vec()).map_err(Error::internal)
    }

    /// Takes over data keys that another process made. When the current one is known, so are all.
    ///
    /// # Errors
    /// `server.unavailable` when they are wrapped under another secret key than this process has.
    pub(crate) async fn reload_key_ring(&self) -> Result<()> {
        let rows = data_keys::list(&self.db).await?;
        let known = self.key_ring.load();
        if rows.first().is_some_and(|row| row.id == known.current_id()) {
            return Ok(());
        }
        let ring = unwrap_all(&self.master_key, &rows).map_err(|error| match error {
            SealError::Refused => Error::new(ErrorCode::Unavailable)
                .caused_by("the secret key was changed; restart this server with the new one"),
            other => Error::internal(other),
        })?;
        tracing::info!(key = ring.current_id(), "a new data key is in use");
        self.key_ring.store(Arc::new(ring));
        Ok(())
    }
}
