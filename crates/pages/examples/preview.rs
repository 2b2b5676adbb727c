//! Writes every page in every state and language, with its assets, into the folder that is given:
//! `cargo run -p meibo-pages --example preview -- target/preview`. Serve it with any file server.

use std::{env, error::Error, fs, path::PathBuf};

use meibo_pages::{Language, assets, samples};

fn main() -> Result<(), Box<dyn Error>> {
    let folder: PathBuf = env::args_os()
        .nth(1)
        .ok_or("Name a folder to write to.")?
        .into();
    for language in Language::ALL {
        let pages = folder.join(language.tag());
        fs::create_dir_all(&pages)?;
        for (name, document) in
            samples::every_page(language, &samples::SampleWords::ordinary(language))?
        {
            fs::write(pages.join(format!("{name}.html")), document)?;
        }
    }
    for asset in assets::all() {
        let path = folder.join(asset.url.trim_start_matches('/'));
        fs::create_dir_all(path.parent().ok_or("An asset has no folder.")?)?;
        fs::write(path, &asset.bytes)?;
    }
    Ok(())
}
