//! Where the page reads the identity server's model from: the guide offers three ways.

use crate::words::Words;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Source {
    /// `fetchUserInfo`: as it is now, with the person's own token.
    #[default]
    Userinfo,
    /// `getIdTokenClaims`: as it was at sign-in or at the last refresh, without a request.
    IdToken,
    /// `GET /api/users/{id}`: as it is now, with the back end's token.
    Management,
}

impl Source {
    pub(crate) const ALL: [Self; 3] = [Self::Userinfo, Self::IdToken, Self::Management];

    /// The value of `?source=`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Userinfo => "userinfo",
            Self::IdToken => "id_token",
            Self::Management => "management",
        }
    }

    /// From a query; the default for one that names none.
    pub(crate) fn from_query(query: Option<&str>) -> Self {
        let query = query.unwrap_or_default();
        let (_, name) = url::form_urlencoded::parse(query.as_bytes())
            .find(|(name, _)| name == "source")
            .unwrap_or_default();
        Self::ALL
            .into_iter()
            .find(|source| source.name() == name)
            .unwrap_or_default()
    }

    pub(crate) fn label(self, words: &Words) -> &'static str {
        let [userinfo, id_token, management] = words.sources;
        match self {
            Self::Userinfo => userinfo,
            Self::IdToken => id_token,
            Self::Management => management,
        }
    }
}
