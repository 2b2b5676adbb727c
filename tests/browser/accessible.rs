//! What a screen reader and a finger need of a page.

use serde_json::json;

use crate::support::chromium::Browser;

/// One title, heading and main part; a name for everything that can be used; a finger's width of 44 px.
/// `arguments[0]` is the language that the page must be in.
const FAULTS: &str = r"
const language = arguments[0];
const found = [];
const all = (selector) => [...document.querySelectorAll(selector)];
const name = (element) => `<${element.localName} id='${element.id}' name='${element.name ?? ''}'>`;
const spoken = (element) => (element.getAttribute('aria-label') ?? element.textContent).trim();
const isSeen = (element) => element.checkVisibility();
if (document.documentElement.lang !== language) found.push(`the language is ${document.documentElement.lang}`);
if (document.title.trim() === '') found.push('no title');
for (const one of ['h1', 'main']) {
    if (all(one).length !== 1) found.push(`${all(one).length} times <${one}>`);
}
let level = 1;
for (const heading of all('h1, h2, h3, h4')) {
    const next = Number(heading.localName[1]);
    if (next > level + 1) found.push(`<${heading.localName}> follows <h${level}>`);
    level = next;
}
const ids = all('[id]').map((element) => element.id);
for (const id of ids.filter((id, place) => ids.indexOf(id) !== place)) found.push(`twice id='${id}'`);
for (const field of all('input:not([type=hidden]), select, textarea')) {
    if (![...field.labels].some((label) => spoken(label) !== '')) found.push(`no label: ${name(field)}`);
}
for (const element of all('button, a[href], nav')) {
    if (spoken(element) === '') found.push(`no words: ${name(element)}`);
}
for (const picture of all('img')) {
    if (!picture.hasAttribute('alt')) found.push(`no alternative: ${picture.src}`);
    if (!picture.complete || picture.naturalWidth === 0) found.push(`no picture: ${picture.src}`);
}
for (const element of all('[aria-describedby], [aria-labelledby]')) {
    for (const id of `${element.getAttribute('aria-describedby') ?? ''} ${element.getAttribute('aria-labelledby') ?? ''}`.split(' ')) {
        if (id !== '' && !document.getElementById(id)) found.push(`${name(element)} names a missing #${id}`);
    }
}
for (const field of all('[aria-invalid]')) {
    if (!field.hasAttribute('aria-describedby')) found.push(`wrong without a reason: ${name(field)}`);
}
for (const element of all('button:not([aria-hidden=true]), select, input:not([type=hidden], [type=checkbox]), label:has([type=checkbox]), nav a')) {
    const { height } = element.getBoundingClientRect();
    if (isSeen(element) && height < 43.5) found.push(`${height} px high: ${name(element)} ${spoken(element)}`);
}
return found;
";

impl Browser {
    /// What keeps people out of the page; `language` is the one that it should be in.
    pub(super) async fn barriers(&self, language: &str) -> Vec<String> {
        let answer = self
            .execute(FAULTS, vec![json!(language)])
            .await
            .expect("the script runs in the page");
        answer
            .convert()
            .expect("the script returns a list of texts")
    }
}
