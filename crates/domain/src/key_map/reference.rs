//! The tables of the reference page, written from the rules themselves.

use std::fmt::Write as _;

use super::{
    coerce::{COERCION_RULES, Gender},
    find::FINDING_RULES,
    property::{NEVER_MAPPED, Property},
    reason::Reason,
    words::Language,
};

/// The names of the tables, as the page's markers have them: `<!-- table: finding -->` … `<!-- end -->`.
pub const TABLES: [&str; 5] = [
    "finding",
    "properties",
    "coercion",
    "reasons",
    "never_mapped",
];

const END: &str = "<!-- end -->";

/// The page with every table between its markers written anew; what stands elsewhere is kept.
#[must_use]
pub fn fill(page: &str, language: Language) -> String {
    let mut page = page.to_owned();
    for name in TABLES {
        let opening = format!("<!-- table: {name} -->");
        if let Some((before, rest)) = page.split_once(&opening)
            && let Some((_, after)) = rest.split_once(END)
        {
            page = format!(
                "{before}{opening}\n\n{}\n{END}{after}",
                table(name, language)
            );
        }
    }
    page
}

fn table(name: &str, language: Language) -> String {
    let is_english = language == Language::En;
    let heading = |en: &'static str, ja: &'static str| if is_english { en } else { ja };
    let mut text = String::new();
    match name {
        "finding" => {
            text += heading(
                "| | Key | What it finds | Rule |\n| --- | --- | --- | --- |\n",
                "| | キー | 見つけるもの | 規則 |\n| --- | --- | --- | --- |\n",
            );
            for (at, row) in FINDING_RULES.iter().enumerate() {
                let _ = writeln!(
                    text,
                    "| {} | {} | {} | `{}` |",
                    at + 1,
                    row.key.get(language),
                    row.finds.get(language),
                    row.name
                );
            }
        }
        "properties" => {
            text += heading(
                "| Property | Rules |\n| --- | --- |\n",
                "| プロパティ | 規則 |\n| --- | --- |\n",
            );
            for property in Property::NAMED {
                let rules: Vec<String> = property
                    .kind()
                    .rules()
                    .map(|rule| format!("`{}`", rule.name))
                    .collect();
                let _ = writeln!(text, "| `{property}` | {} |", rules.join(", "));
            }
            text += "| `custom_data.<name>` | `absent`, `custom_data` |\n";
        }
        "coercion" => {
            text += heading(
                "| Rule | For | What becomes of a value | Examples |\n| --- | --- | --- | --- |\n",
                "| 規則 | 対象 | 値の変換 | 例 |\n| --- | --- | --- | --- |\n",
            );
            for rule in COERCION_RULES {
                let shown = rule
                    .examples
                    .iter()
                    .filter(|(_, json, _)| json.len() <= 40)
                    .take(4);
                let examples: Vec<String> = shown
                    .map(|(_, json, result)| format!("`{json}` → `{result}`"))
                    .collect();
                let _ = writeln!(
                    text,
                    "| `{}` | {} | {} | {} |",
                    rule.name,
                    rule.properties.get(language),
                    rule.rule.get(language),
                    examples.join("<br>")
                );
            }
            text += heading("\nSynonyms of the genders:\n\n", "\n性別の同義語:\n\n");
            for gender in Gender::ALL {
                let words: Vec<String> = gender
                    .synonyms()
                    .iter()
                    .map(|word| format!("`{word}`"))
                    .collect();
                let _ = writeln!(text, "- `{}`: {}", gender.as_str(), words.join(", "));
            }
        }
        "reasons" => {
            text += heading(
                "| Reason | Meaning |\n| --- | --- |\n",
                "| 理由 | 意味 |\n| --- | --- |\n",
            );
            for reason in Reason::ALL {
                let _ = writeln!(
                    text,
                    "| `{}` | {} |",
                    reason.as_str(),
                    reason.words().get(language)
                );
            }
        }
        _ => {
            text += heading(
                "| Names | Why not |\n| --- | --- |\n",
                "| 名前 | 理由 |\n| --- | --- |\n",
            );
            let reasons = NEVER_MAPPED.chunk_by(|one, other| one.why == other.why);
            for refused in reasons {
                let names: Vec<String> = refused
                    .iter()
                    .map(|refused| format!("`{}`", refused.name))
                    .collect();
                let why = refused
                    .first()
                    .map_or("", |refused| refused.why.get(language));
                let _ = writeln!(text, "| {} | {why} |", names.join(", "));
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_replace_what_stands_between_their_markers() {
        let page = "# Page\n<!-- table: reasons -->\nstale words\n<!-- end -->\nafter\n<!-- table: finding --><!-- end -->\n";
        let filled = fill(page, Language::En);
        assert!(filled.starts_with("# Page\n<!-- table: reasons -->\n\n| Reason | Meaning |"));
        assert!(filled.contains("<!-- end -->\nafter\n") && !filled.contains("stale words"));
        assert!(filled.contains("| 4 |"));
        assert_eq!(fill(&filled, Language::En), filled);
        assert_ne!(fill(&filled, Language::Ja), filled);
        assert_eq!(fill("no markers", Language::Ja), "no markers");
    }
}
