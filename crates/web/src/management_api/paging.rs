//! Lists by pages: the parameters `page` and `page_size`, and the headers that tell the rest.

use axum::{
    extract::FromRequestParts,
    response::{IntoResponse, Response},
};
use http::{HeaderName, HeaderValue, header, request::Parts};
use meibo_domain::page::{Page, PageRequest};
use serde::Serialize;
use url::Url;

use crate::{
    extract::Query,
    respond::{Document, Failure},
    state::AppState,
};

const TOTAL_NUMBER: HeaderName = HeaderName::from_static("total-number");

/// The page that a request asks for, and where its neighbours are.
#[derive(Debug, Clone)]
pub(crate) struct Paging {
    request: PageRequest,
    is_asked_for: bool,
    url: Url,
    others: Vec<(String, String)>,
}

impl Paging {
    fn parse(public_url: &Url, path: &str, query: Query) -> Result<Self, meibo_domain::Error> {
        let (page, page_size) = (query.first("page"), query.first("page_size"));
        let request = PageRequest::parse(page, page_size)?;
        let is_asked_for = page.is_some() || page_size.is_some();
        let mut url = public_url.clone();
        url.set_path(path);
        let is_other = |(name, _): &(String, String)| name != "page" && name != "page_size";
        let others = query.0.into_iter().filter(is_other).collect();
        Ok(Self {
            request,
            is_asked_for,
            url,
            others,
        })
    }

    /// The page; the first one when none is asked for.
    pub(crate) const fn request(&self) -> PageRequest {
        self.request
    }

    /// The page, for lists that are given whole when none is asked for.
    pub(crate) fn if_asked_for(&self) -> Option<PageRequest> {
        self.is_asked_for.then_some(self.request)
    }

    /// The answer with one page.
    pub(crate) fn answer<T, V: Serialize>(&self, page: Page<T>, view: impl Fn(T) -> V) -> Response {
        let items: Vec<V> = page.items.into_iter().map(view).collect();
        let mut response = Document(items).into_response();
        response
            .headers_mut()
            .insert(TOTAL_NUMBER, page.total.into());
        if let Ok(links) = HeaderValue::from_str(&self.links(page.total)) {
            response.headers_mut().insert(header::LINK, links);
        }
        response
    }

    /// As [`Paging::answer`]; a list that is given whole has no headers of pages.
    pub(crate) fn answer_if_asked_for<T, V: Serialize>(
        &self,
        page: Page<T>,
        view: impl Fn(T) -> V,
    ) -> Response {
        if self.is_asked_for {
            return self.answer(page, view);
        }
        Document(page.items.into_iter().map(view).collect::<Vec<V>>()).into_response()
    }

    /// The header `Link` (RFC 8288).
    fn links(&self, total: i64) -> String {
        let size = self.request.limit();
        let last = total.max(1).div_euclid(size) + i64::from(total.max(1).rem_euclid(size) > 0);
        let page = i64::from(self.request.page);
        let neighbours = [
            ("first", Some(1)),
            ("prev", (page > 1).then(|| last.min(page - 1))),
            ("next", (page < last).then_some(page + 1)),
            ("last", Some(last)),
        ];
        let links = neighbours.into_iter().filter_map(|(relation, page)| {
            Some(format!("<{}>; rel=\"{relation}\"", self.url_of(page?)))
        });
        links.collect::<Vec<_>>().join(", ")
    }

    fn url_of(&self, page: i64) -> Url {
        let mut url = self.url.clone();
        url.query_pairs_mut()
            .extend_pairs(&self.others)
            .append_pair("page", &page.to_string())
            .append_pair("page_size", &self.request.page_size.to_string());
        url
    }
}

/// Cuts the page `request` out of a whole list; without one, the page is the list.
pub(super) fn cut<T>(items: Vec<T>, request: Option<PageRequest>) -> Page<T> {
    let total = i64::try_from(items.len()).unwrap_or(i64::MAX);
    let Some(request) = request else {
        return Page { items, total };
    };
    let place = |number: i64| usize::try_from(number).unwrap_or(usize::MAX);
    let items = items
        .into_iter()
        .skip(place(request.offset()))
        .take(place(request.limit()));
    Page {
        items: items.collect(),
        total,
    }
}

impl FromRequestParts<AppState> for Paging {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Failure> {
        let query = Query::from_request_parts(parts, state).await?;
        Ok(Self::parse(
            &state.config.public_url,
            parts.uri.path(),
            query,
        )?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paging(query: &str) -> Paging {
        let pairs = serde_urlencoded::from_str(query).unwrap();
        let url = Url::parse("https://id.example").unwrap();
        Paging::parse(&url, "/api/users", Query(pairs)).unwrap()
    }

    fn links(query: &str, total: i64) -> Vec<(String, String)> {
        let header = paging(query).links(total);
        let link = |link: &str| {
            let (url, relation) = link.split_once(">; rel=").unwrap();
            let query = url.strip_prefix("<https://id.example/api/users?").unwrap();
            (relation.trim_matches('"').to_owned(), query.to_owned())
        };
        header.split(", ").map(link).collect()
    }

    fn expected(list: &[(&str, &str)]) -> Vec<(String, String)> {
        list.iter()
            .map(|(relation, query)| ((*relation).into(), (*query).into()))
            .collect()
    }

    #[test]
    fn neighbours_of_a_page() {
        let page = |number: u32| format!("page={number}&page_size=20");
        for (asked, total, list) in [
            ("", 0, &[("first", 1), ("last", 1)][..]),
            ("", 20, &[("first", 1), ("last", 1)]),
            ("", 21, &[("first", 1), ("next", 2), ("last", 2)]),
            (
                "page=2",
                60,
                &[("first", 1), ("prev", 1), ("next", 3), ("last", 3)],
            ),
            ("page=3", 60, &[("first", 1), ("prev", 2), ("last", 3)]),
            ("page=9", 60, &[("first", 1), ("prev", 3), ("last", 3)]),
        ] {
            let list: Vec<_> = list
                .iter()
                .map(|(name, number)| (*name, page(*number)))
                .collect();
            let list: Vec<_> = list
                .iter()
                .map(|(name, query)| (*name, query.as_str()))
                .collect();
            assert_eq!(links(asked, total), expected(&list), "{asked} of {total}");
        }
    }

    #[test]
    fn other_parameters_stay_and_cannot_break_out() {
        let given = "search=%25a%3E%3B%20rel%3D%22x%22%2C%25&page=1&page_size=5&mode=like";
        let kept = "search=%25a%3E%3B+rel%3D%22x%22%2C%25&mode=like";
        let header = paging(given).links(6);
        assert!(
            header.contains(&format!("?{kept}&page=2&page_size=5>; rel=\"next\"")),
            "{header}"
        );
        assert_eq!(header.matches("rel=").count(), 3, "{header}");
    }

    #[test]
    fn a_whole_list_is_cut() {
        let cut = |query: &str| cut((1..=5).collect(), paging(query).if_asked_for());
        assert_eq!(
            cut("page=2&page_size=2"),
            Page {
                items: vec![3, 4],
                total: 5
            }
        );
        assert_eq!(
            cut("page=9&page_size=2"),
            Page {
                items: vec![],
                total: 5
            }
        );
        assert_eq!(
            cut(""),
            Page {
                items: (1..=5).collect(),
                total: 5
            }
        );
        assert!(
            paging("").if_asked_for().is_none() && paging("page_size=5").if_asked_for().is_some()
        );
    }
}
