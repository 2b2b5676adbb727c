//! Every page in every state and language.

use std::collections::HashSet;

use super::html::{Element, elements};
use crate::{
    FormPostPage, Language, RegisterPage, SignInPage, assets,
    samples::{SampleWords, every_page},
};

fn documents() -> impl Iterator<Item = (Language, String, String)> {
    Language::ALL.into_iter().flat_map(|language| {
        let pages = every_page(language, &SampleWords::ordinary(language)).unwrap();
        pages
            .into_iter()
            .map(move |(name, document)| (language, name, document))
    })
}

fn all<'a>(elements: &'a [Element], name: &str) -> Vec<&'a Element> {
    elements.iter().filter(|element| element.is(name)).collect()
}

#[test]
fn every_page_has_a_language_a_title_a_main_part_and_one_heading() {
    for (language, name, document) in documents() {
        let page = elements(&document);
        assert_eq!(
            all(&page, "html")[0].get("lang"),
            Some(language.tag()),
            "{name}"
        );
        for once in ["html", "head", "title", "body", "header", "main", "h1"] {
            assert_eq!(all(&page, once).len(), 1, "{name}: {once}");
        }
        let heading = all(&page, "h1")[0].text.trim().to_owned();
        let title = &all(&page, "title")[0].text;
        assert!(
            !heading.is_empty() && title.contains(" · ") && title.chars().count() > 10,
            "{name}: {title}"
        );
        assert!(
            page.iter().any(|one| one.get("name") == Some("viewport")),
            "{name}"
        );
    }
}

#[test]
fn nothing_is_inline_and_nothing_comes_from_elsewhere() {
    for (_, name, document) in documents() {
        for element in elements(&document) {
            assert!(
                !element.is("style") && !element.is("iframe") && !element.is("base"),
                "{name}"
            );
            if element.is("script") {
                assert!(
                    element.text.is_empty() && element.get("type") == Some("module"),
                    "{name}"
                );
            }
            for (attribute, value) in &element.attributes {
                assert!(
                    attribute != "style" && !attribute.starts_with("on"),
                    "{name}: {attribute}"
                );
                let is_address =
                    ["src", "href", "action", "formaction", "srcset"].contains(&attribute.as_str());
                let leaves = element.is("form") && name.starts_with("form-post");
                if is_address && !leaves {
                    let is_mail = element.is("a") && value.starts_with("mailto:");
                    let is_local = is_mail
                        || value.starts_with('?')
                        || (value.starts_with('/') && !value.starts_with("//"));
                    assert!(is_local, "{name}: {attribute}={value}");
                }
                if value.starts_with(assets::PREFIX) {
                    assert!(assets::asset(value).is_some(), "{name}: {value}");
                }
            }
        }
    }
}

#[test]
fn every_input_that_is_seen_has_a_label() {
    for (_, name, document) in documents() {
        let page = elements(&document);
        for input in all(&page, "input")
            .into_iter()
            .filter(|input| input.get("type") != Some("hidden"))
        {
            let is_inside = input.path.last().is_some_and(|parent| parent == "label");
            let is_named = page.iter().any(|label| {
                label.is("label")
                    && label.get("for") == input.get("id")
                    && !label.text.trim().is_empty()
            });
            assert!(is_inside || is_named, "{name}: {:?}", input.get("id"));
        }
    }
}

#[test]
fn ids_are_unique_and_what_refers_to_them_finds_them() {
    for (_, name, document) in documents() {
        let page = elements(&document);
        let mut ids = HashSet::new();
        for id in page.iter().filter_map(|element| element.get("id")) {
            assert!(ids.insert(id), "{name}: {id} twice");
        }
        for reference in ["for", "aria-describedby", "aria-labelledby", "data-reveals"] {
            for target in page
                .iter()
                .filter_map(|element| element.get(reference))
                .flat_map(str::split_whitespace)
            {
                assert!(ids.contains(target), "{name}: {reference} names {target}");
            }
        }
    }
}

/// Robots and password managers know these; a change breaks them.
#[test]
fn names_of_fields_and_buttons_are_stable() {
    for (name, expected) in [
        (
            "sign-in-1",
            "identifier:username password:current-password submit",
        ),
        (
            "register-1",
            "username:username password:new-password submit",
        ),
        (
            "sign-in-4",
            "identifier:username password:current-password submit submit",
        ),
        ("address-1", "identifier:username submit"),
        ("address-2", "identifier:email submit"),
        ("address-5", "identifier:tel submit"),
        (
            "code-1",
            "identifier code:one-time-code submit identifier submit",
        ),
        ("proved-account-1", "submit"),
        ("proved-account-2", "password:new-password submit"),
        ("new-password-1", "password:new-password submit"),
        ("setup-1", "username:username password:new-password submit"),
        ("consent-1", "sign_in decision=allow decision=deny"),
        ("sign-out-1", "state decision=sign_out decision=stay"),
        ("form-post-1", "code state submit"),
    ] {
        for (_, _, document) in documents().filter(|(_, found, _)| found == name) {
            let controls: Vec<String> = elements(&document)
                .iter()
                .filter(|one| one.is("button") || (one.is("input") && one.get("name").is_some()))
                .map(
                    |one| match (one.get("name"), one.get("value"), one.get("autocomplete")) {
                        (Some(name), _, Some(autocomplete)) => format!("{name}:{autocomplete}"),
                        (Some(name), Some(value), None) if one.is("button") => {
                            format!("{name}={value}")
                        }
                        (Some(name), _, None) => name.to_owned(),
                        (None, ..) => one.get("type").unwrap_or_default().to_owned(),
                    },
                )
                .collect();
            assert_eq!(controls.join(" "), expected, "{name}");
        }
    }
}

/// The first submit button is what Enter presses, and what a robot finds.
#[test]
fn the_primary_button_is_the_first_of_its_form_and_of_the_page() {
    let mut forms = 0;
    for (_, name, document) in documents() {
        let page = elements(&document);
        forms += all(&page, "form").len();
        assert!(
            all(&page, "form")
                .iter()
                .all(|form| form.get("method") == Some("post")),
            "{name}"
        );
        for (place, button) in all(&page, "button").iter().enumerate() {
            assert_eq!(button.get("type"), Some("submit"), "{name}");
            assert_eq!(button.get("class") == Some("primary"), place == 0, "{name}");
            assert!(button.path.iter().any(|parent| parent == "form"), "{name}");
        }
    }
    assert!(forms >= 2 * 13);
}

#[test]
fn an_error_stands_at_its_field() {
    let words = SampleWords::ordinary(Language::En);
    let refused = &SignInPage::samples(Language::En, &words)[1];
    let page = elements(&refused.render().unwrap());
    let password = page
        .iter()
        .find(|element| element.get("id") == Some("password"))
        .unwrap();
    assert_eq!(password.get("aria-invalid"), Some("true"));
    assert_eq!(password.get("aria-describedby"), Some("password-error"));
    assert!(password.get("autofocus").is_some());
    let said = page
        .iter()
        .find(|element| element.get("id") == Some("password-error"))
        .unwrap();
    assert!(
        said.text
            .contains("The account or the password is not right.")
    );
    assert!(all(&page, "title")[0].text.starts_with("Error: "));

    let register = &RegisterPage::samples(Language::En, &words)[1];
    let page = elements(&register.render().unwrap());
    let invalid = page
        .iter()
        .filter(|element| element.get("aria-invalid").is_some());
    assert_eq!(
        invalid
            .map(|element| element.get("id").unwrap())
            .collect::<Vec<_>>(),
        ["username", "password"]
    );
}

#[test]
fn a_password_is_never_written_back() {
    for (_, name, document) in documents() {
        for input in elements(&document)
            .iter()
            .filter(|input| input.get("type") == Some("password"))
        {
            assert_eq!(input.get("value"), None, "{name}");
        }
    }
}

#[test]
fn one_element_at_most_takes_the_focus() {
    for (_, name, document) in documents() {
        let focused = elements(&document)
            .iter()
            .filter(|element| element.get("autofocus").is_some())
            .count();
        assert!(focused <= 1, "{name}");
    }
}

fn hostile() -> [String; 8] {
    [
        "<script>alert(1)</script><img src=x onerror=alert(1)>".to_owned(),
        "\"><svg/onload=alert(1)>' autofocus onfocus='alert(1)".to_owned(),
        "</title></textarea></script><!--".to_owned(),
        "admin\u{202e}nimda\u{2066}\u{200b}\u{feff}".to_owned(),
        "{{ 7*7 }} {% raw %} { $application } ${7*7} <%= 7 %> &amp;lt;".to_owned(),
        "a\r\nSet-Cookie: b=c\r\n\r\n<h1>d</h1>\0".to_owned(),
        "\u{1f469}\u{200d}\u{1f4bb} 名簿 ي e\u{301}".to_owned(),
        "<&'\"".repeat(2500),
    ]
}

/// The elements and the names of their attributes: what no content may change.
fn skeleton(document: &str) -> Vec<(String, Vec<String>)> {
    let names = |element: Element| {
        element
            .attributes
            .into_iter()
            .map(|(name, _)| name)
            .collect()
    };
    elements(document)
        .into_iter()
        .map(|element| (element.name.clone(), names(element)))
        .collect()
}

#[test]
fn hostile_content_changes_no_markup() {
    for language in Language::ALL {
        let plain = every_page(language, &SampleWords::all("x")).unwrap();
        for text in hostile() {
            let pages = every_page(language, &SampleWords::all(&text)).unwrap();
            for ((name, document), (_, expected)) in pages.iter().zip(&plain) {
                assert_eq!(skeleton(document), skeleton(expected), "{name}: {text:?}");
            }
        }
    }
}

#[test]
fn names_from_others_turn_no_sentence_around() {
    for language in Language::ALL {
        let words = SampleWords {
            message: String::new(),
            ..SampleWords::all("admin\u{202e}nimda\u{2066}\u{200b}")
        };
        for (name, document) in every_page(language, &words).unwrap() {
            let page = elements(&document);
            for prose in page
                .iter()
                .filter(|element| ["title", "h1", "p", "button"].contains(&element.name.as_str()))
            {
                let has_hidden = prose.text.contains(['\u{202e}', '\u{2066}', '\u{200b}']);
                assert!(!has_hidden, "{name}: {:?}", prose.text);
            }
        }
    }
}

#[test]
fn what_is_sent_back_stays_as_it_was() {
    for text in hostile() {
        let words = SampleWords::all(&text);
        let page = elements(
            &FormPostPage::samples(Language::En, &words)[0]
                .render()
                .unwrap(),
        );
        let state = page
            .iter()
            .find(|element| element.get("name") == Some("state"))
            .unwrap();
        assert_eq!(state.get("value"), Some(text.as_str()));
        let page = elements(
            &SignInPage::samples(Language::Ja, &words)[1]
                .render()
                .unwrap(),
        );
        let identifier = page
            .iter()
            .find(|element| element.get("id") == Some("identifier"))
            .unwrap();
        assert_eq!(identifier.get("value"), Some(text.as_str()));
    }
}
