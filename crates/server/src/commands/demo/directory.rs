//! The demo's directory: known by a mark, so that the demo never takes another one for its own.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

/// The file that marks a directory as the demo's.
const MARK: &str = "made-by-meibo-demo";

/// The example application's own database.
pub(super) const PROFILE_APP_DATABASE: &str = "profile-app.db";

/// Everything that a demo leaves in its directory.
const FILES: &[&str] = &[
    "meibo.db",
    "meibo.db-wal",
    "meibo.db-shm",
    "secret.key",
    PROFILE_APP_DATABASE,
    "profile-app.db-wal",
    "profile-app.db-shm",
    "profile-app.key",
];

/// A directory that only demos have used, and one at a time.
pub(super) struct DemoDirectory {
    path: PathBuf,
    /// Locked for as long as this demo runs.
    _mark: File,
}

impl DemoDirectory {
    /// Takes a directory that is new, empty, or from an earlier demo.
    ///
    /// # Errors
    /// It is somebody else's, another demo runs in it, or it cannot be made.
    pub(super) fn open(path: &Path) -> Result<Self> {
        let context = || path.display().to_string();
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(path)
            .with_context(context)?;
        let mark = path.join(MARK);
        let is_marked = mark.try_exists().with_context(context)?;
        if !is_marked && fs::read_dir(path).with_context(context)?.next().is_some() {
            bail!(
                "{} holds files that no demo has made; choose another directory with --data-dir",
                path.display()
            );
        }
        let mark = File::create(&mark).with_context(context)?;
        if mark.try_lock().is_err() {
            bail!(
                "another demo runs in {}; end it, or choose another directory with --data-dir",
                path.display()
            );
        }
        Ok(Self {
            path: path.to_owned(),
            _mark: mark,
        })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Removes what demos have made.
    ///
    /// # Errors
    /// A file cannot be removed.
    pub(super) fn empty(&self) -> Result<()> {
        for name in FILES {
            let path = self.path.join(name);
            match fs::remove_file(&path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(error).with_context(|| path.display().to_string());
                }
                _ => {}
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_demos_made_is_removed() {
        let parent = tempfile::tempdir().unwrap();
        let path = parent.path().join(".meibo-demo");
        let directory = DemoDirectory::open(&path).unwrap();
        fs::write(path.join("meibo.db"), "x").unwrap();
        fs::write(path.join("notes.txt"), "x").unwrap();
        drop(directory);
        let directory = DemoDirectory::open(&path).unwrap();
        directory.empty().unwrap();
        directory.empty().unwrap();
        assert!(!path.join("meibo.db").exists());
        assert!(path.join("notes.txt").exists());
    }

    #[test]
    fn two_demos_do_not_share_a_directory() {
        let parent = tempfile::tempdir().unwrap();
        let first = DemoDirectory::open(parent.path()).unwrap();
        let error = DemoDirectory::open(first.path()).err().unwrap();
        assert!(error.to_string().contains("another demo runs"), "{error}");
        drop(first);
        assert!(DemoDirectory::open(parent.path()).is_ok());
    }

    #[test]
    fn a_directory_in_use_is_left_alone() {
        let production = tempfile::tempdir().unwrap();
        let database = production.path().join("meibo.db");
        fs::write(&database, "x").unwrap();
        let error = DemoDirectory::open(production.path()).err().unwrap();
        assert!(error.to_string().contains("--data-dir"), "{error}");
        assert!(database.exists());
    }
}
