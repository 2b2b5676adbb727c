//! What all pages share: language, the operator's brand, the title.

use crate::{Argument, Brand, Language, assets, form::Agreement, text};

/// The parts around the content of a page.
#[derive(Debug, Clone)]
pub struct Layout {
    /// The language of the page.
    pub language: Language,
    /// Where the same page is found in other languages, in the order shown. Empty hides the choice.
    /// After a refused form this is the address that shows the form, as the answer has none.
    pub language_links: Vec<(Language, String)>,
    /// The operator's brand.
    pub brand: Brand,
}

impl Layout {
    /// A page of Meibo's own look, without a choice of languages.
    #[must_use]
    pub fn new(language: Language) -> Self {
        Self {
            language,
            language_links: Vec::new(),
            brand: Brand::default(),
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
        match &self.brand.name {
            Some(name) => crate::shown(name),
            None => "Meibo".to_owned(),
        }
    }

    /// What stands at the foot: the words of each link, and where it leads.
    pub(crate) fn links(&self) -> Vec<(String, String)> {
        self.in_words(self.brand.links.all())
    }

    fn in_words(&self, links: Vec<(&'static str, String)>) -> Vec<(String, String)> {
        let word = |(id, href): (&str, String)| (self.text(id), href);
        links.into_iter().map(word).collect()
    }

    /// The mark that a person sets to agree; nothing when there is nothing to agree to.
    pub(crate) fn agreement(&self) -> Option<Agreement> {
        let sentence = self.brand.links.agreement()?;
        Some(Agreement {
            sentence: self.text(sentence),
            links: self.in_words(self.brand.links.agreed()),
        })
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
