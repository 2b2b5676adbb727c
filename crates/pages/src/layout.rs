//! What all pages share: language, the operator's brand, the title.

use crate::{Argument, Language, assets, text};

/// How an operator presents the service. All addresses are paths on this server.
#[derive(Debug, Clone)]
pub struct Brand {
    /// The name that stands where `Meibo` stands otherwise.
    pub name: String,
    /// The operator's picture in place of the seal.
    pub logo_href: Option<String>,
    /// A stylesheet that sets `--accent` and `--paper`.
    pub stylesheet_href: Option<String>,
}

/// The parts around the content of a page.
#[derive(Debug, Clone)]
pub struct Layout {
    /// The language of the page.
    pub language: Language,
    /// Where the same page is found in other languages, in the order shown. Empty hides the choice.
    /// After a refused form this is the address that shows the form, as the answer has none.
    pub language_links: Vec<(Language, String)>,
    /// The operator's brand; without one the page is Meibo's.
    pub brand: Option<Brand>,
}

impl Layout {
    /// A page of Meibo's own look, without a choice of languages.
    #[must_use]
    pub const fn new(language: Language) -> Self {
        Self {
            language,
            language_links: Vec::new(),
            brand: None,
        }
    }

    /// The message `id` in the page's language.
    pub(crate) fn text(&self, id: &str) -> String {
        text::text(self.language, id)
    }

    /// The message `id` with arguments in the page's language.
    pub(crate) fn text_with(&self, id: &str, arguments: &[Argument<'_>]) -> String {
        text::text_with(self.language, id, arguments)
    }

    /// The title of a page with a form; a screen reader hears first that something was refused.
    pub(crate) fn form_title(&self, id: &str, has_error: bool) -> String {
        let title = self.text(id);
        if has_error {
            self.text_with("title-with-error", &[("title", title.into())])
        } else {
            title
        }
    }

    /// The name of the service.
    pub(crate) fn name(&self) -> String {
        self.brand
            .as_ref()
            .map_or_else(|| "Meibo".to_owned(), |brand| crate::shown(&brand.name))
    }

    pub(crate) fn logo(&self) -> Option<&str> {
        self.brand.as_ref()?.logo_href.as_deref()
    }

    pub(crate) fn brand_stylesheet(&self) -> Option<&str> {
        self.brand.as_ref()?.stylesheet_href.as_deref()
    }

    /// Where the file `name` of `static/` is served.
    #[expect(
        clippy::unused_self,
        reason = "templates reach functions through the layout"
    )]
    pub(crate) fn asset(&self, name: &str) -> &'static str {
        assets::url(name)
    }
}
