//! The coercion rules as rows: the reference page shows them, and each example is a test.

use super::super::words::{Words, words};
use super::{super::property::Property, Kind};

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub struct CoercionRule {
    /// Its name.
    pub name: &'static str,
    /// The properties it is for.
    pub properties: Words,
    /// What it takes and what becomes of it.
    pub rule: Words,
    /// A property with a value as JSON, and what becomes of it: JSON, `absent`, or the code of a reason.
    pub examples: &'static [(Property, &'static str, &'static str)],
}

use Property::{
    AddressFormatted, Birthday, EmailVerified, Gender, Name, Nickname, ServerCustomId, Website,
};

const EVERY: Words = words("every property", "すべてのプロパティ");
const BIRTHDAY: Words = words("`birthday`", "`birthday`");
const GENDER: Words = words("`gender`", "`gender`");
const TEXTS: Words = words(
    "`nickname`, `first_name`, `last_name` and the other texts",
    "`nickname`、`first_name`、`last_name` などの文字列",
);
const ID: Words = words("`server_custom_id`", "`server_custom_id`");

/// Every coercion rule. Those of a birthday are tried from top to bottom.
pub const COERCION_RULES: &[CoercionRule] = &[
    CoercionRule {
        name: "absent",
        properties: EVERY,
        rule: words(
            "`null`, a missing member and an empty text are absent: the property stays as it is.",
            "`null`、存在しないメンバー、空の文字列は「なし」です。プロパティは変わりません。",
        ),
        examples: &[
            (Nickname, "null", "absent"),
            (Birthday, "\"\"", "absent"),
            (Nickname, "\"  \"", "absent"),
            (ServerCustomId, "\"\"", "absent"),
            (EmailVerified, "null", "absent"),
        ],
    },
    CoercionRule {
        name: "birthday.digits",
        properties: BIRTHDAY,
        rule: words(
            "Eight digits, as text or number, are `YYYYMMDD` and never an epoch.",
            "8 桁の数字は、文字列でも数値でも `YYYYMMDD` です。エポック秒とは読みません。",
        ),
        examples: &[
            (Birthday, "\"19900515\"", "\"1990-05-15\""),
            (Birthday, "19900515", "\"1990-05-15\""),
            (Birthday, "19901345", "no_such_day"),
        ],
    },
    CoercionRule {
        name: "birthday.year",
        properties: BIRTHDAY,
        rule: words(
            "Four digits are a year, which is no birthday.",
            "4 桁の数字は年であり、生年月日ではありません。",
        ),
        examples: &[
            (Birthday, "1990", "year_only"),
            (Birthday, "\"1990\"", "year_only"),
        ],
    },
    CoercionRule {
        name: "birthday.epoch",
        properties: BIRTHDAY,
        rule: words(
            "Any other integer, as text or number, is an epoch: below 100,000,000,000 in seconds, from there on in milliseconds. The day is that of UTC.",
            "それ以外の整数は、文字列でも数値でもエポックです。100,000,000,000 未満は秒、以上はミリ秒で、UTC の日付になります。",
        ),
        examples: &[
            (Birthday, "642729600", "\"1990-05-15\""),
            (Birthday, "642729600000", "\"1990-05-15\""),
            (Birthday, "\"642729600\"", "\"1990-05-15\""),
            (Birthday, "-86400", "\"1969-12-31\""),
            (Birthday, "0", "\"1970-01-01\""),
            (Birthday, "642729600.5", "not_a_date"),
            (Birthday, "6e8", "not_a_date"),
            (Birthday, "99999999999", "in_future"),
            (Birthday, "99999999999999999999", "not_a_date"),
        ],
    },
    CoercionRule {
        name: "birthday.date",
        properties: BIRTHDAY,
        rule: words(
            "`YYYY-MM-DD` and `YYYY/MM/DD`.",
            "`YYYY-MM-DD` と `YYYY/MM/DD`。",
        ),
        examples: &[
            (Birthday, "\"1990-05-15\"", "\"1990-05-15\""),
            (Birthday, "\" 1990/05/15 \"", "\"1990-05-15\""),
            (Birthday, "\"2024-02-29\"", "\"2024-02-29\""),
            (Birthday, "\"2023-02-29\"", "no_such_day"),
            (Birthday, "\"1990-13-01\"", "no_such_day"),
            (Birthday, "\"1990-5-15\"", "not_a_date"),
            (Birthday, "\"15.05.1990\"", "not_a_date"),
            (Birthday, "\"+990-05-15\"", "not_a_date"),
            (Birthday, "\"05/15/1990\"", "not_a_date"),
        ],
    },
    CoercionRule {
        name: "birthday.timestamp",
        properties: BIRTHDAY,
        rule: words(
            "A time stamp of RFC 3339 gives the date as it is written; the offset does not move it.",
            "RFC 3339 のタイムスタンプは、書かれている日付をそのまま使います。オフセットで日付は変わりません。",
        ),
        examples: &[
            (Birthday, "\"1990-05-15T00:00:00Z\"", "\"1990-05-15\""),
            (Birthday, "\"1990-05-15T00:30:00+09:00\"", "\"1990-05-15\""),
            (
                Birthday,
                "\"1990-05-15T23:59:59.999-08:00\"",
                "\"1990-05-15\"",
            ),
            (Birthday, "\"1990-02-30T00:00:00Z\"", "not_a_date"),
            (Birthday, "\"1990-05-15T00:00:00\"", "not_a_date"),
        ],
    },
    CoercionRule {
        name: "birthday.range",
        properties: BIRTHDAY,
        rule: words(
            "A day of the calendar, from 1900 on and not in the future. Other JSON types are invalid.",
            "1900 年以降の、未来ではない実在する日に限ります。ほかの JSON 型は無効です。",
        ),
        examples: &[
            (Birthday, "\"1900-01-01\"", "\"1900-01-01\""),
            (Birthday, "\"1899-12-31\"", "before_1900"),
            (Birthday, "\"0000-05-15\"", "before_1900"),
            (Birthday, "\"2026-11-23\"", "\"2026-11-23\""),
            (Birthday, "\"2026-11-24\"", "in_future"),
            (Birthday, "true", "wrong_type"),
            (Birthday, "{\"year\":1990}", "wrong_type"),
        ],
    },
    CoercionRule {
        name: "gender.words",
        properties: GENDER,
        rule: words(
            "`female`, `male`, `other`, `prefer not to answer`, without regard to case. `/login/api` alone shows the first two as `f` and `m`.",
            "`female`、`male`、`other`、`prefer not to answer`。大文字と小文字は区別しません。`/login/api` だけが、最初の 2 つを `f` と `m` で返します。",
        ),
        examples: &[
            (Gender, "\"female\"", "\"female\""),
            (Gender, "\" Male \"", "\"male\""),
            (
                Gender,
                "\"Prefer not to answer\"",
                "\"prefer not to answer\"",
            ),
        ],
    },
    CoercionRule {
        name: "gender.synonyms",
        properties: GENDER,
        rule: words(
            "Synonyms stand for them; the settings can add words, numbers too. Any other word is invalid.",
            "同義語も使えます。設定で、数値を含む言葉を追加できます。それ以外の言葉は無効です。",
        ),
        examples: &[
            (Gender, "\"F\"", "\"female\""),
            (Gender, "\"m\"", "\"male\""),
            (Gender, "\"女性\"", "\"female\""),
            (Gender, "\"男\"", "\"male\""),
            (Gender, "\"non-binary\"", "\"other\""),
            (Gender, "\"その他\"", "\"other\""),
            (Gender, "\"回答しない\"", "\"prefer not to answer\""),
            (Gender, "\"unknown\"", "unknown_gender"),
            (Gender, "1", "unknown_gender"),
            (Gender, "[\"male\"]", "wrong_type"),
        ],
    },
    CoercionRule {
        name: "text.scalar",
        properties: TEXTS,
        rule: words(
            "A string; a number as it is written; a boolean as `true` or `false`. Arrays and objects are invalid.",
            "文字列。数値は書かれたとおりの文字列に、真偽値は `true` か `false` になります。配列とオブジェクトは無効です。",
        ),
        examples: &[
            (Nickname, "\"gamer123\"", "\"gamer123\""),
            (Nickname, "9007199254740993", "\"9007199254740993\""),
            (Nickname, "1.50", "\"1.50\""),
            (Nickname, "true", "\"true\""),
            (Nickname, "[\"a\"]", "wrong_type"),
            (Nickname, "{}", "wrong_type"),
        ],
    },
    CoercionRule {
        name: "text.form",
        properties: TEXTS,
        rule: words(
            "Trimmed, in Unicode normalization form C, without control characters, at most 255 characters (`name` 128, `zoneinfo` 64, `locale` 35).",
            "前後の空白を除き、Unicode 正規化形式 C にします。制御文字は使えません。255 文字まで（`name` は 128、`zoneinfo` は 64、`locale` は 35）。",
        ),
        examples: &[
            (Nickname, "\"  Zo\\u0065\\u0308 \"", "\"Zo\u{eb}\""),
            (Nickname, "\"a\\u0000b\"", "control_character"),
            (Nickname, "\"a\\nb\"", "control_character"),
            (
                Name,
                "\"0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789\"",
                "too_long",
            ),
        ],
    },
    CoercionRule {
        name: "lines",
        properties: words("the members of `address`", "`address` のメンバー"),
        rule: words(
            "As text, and line breaks may stand in it; they become `\\n`. `address.formatted` has 1,024 characters, `address.street_address` 512, `address.postal_code` 32, the others 255.",
            "文字列と同じで、改行も使えます。改行は `\\n` になります。`address.formatted` は 1,024 文字、`address.street_address` は 512 文字、`address.postal_code` は 32 文字、ほかは 255 文字までです。",
        ),
        examples: &[
            (
                AddressFormatted,
                "\"1 Main St\\r\\nSpringfield\\n\"",
                "\"1 Main St\\nSpringfield\"",
            ),
            (AddressFormatted, "\"a\\tb\"", "control_character"),
        ],
    },
    CoercionRule {
        name: "server_custom_id",
        properties: ID,
        rule: words(
            "A string, or an integer digit for digit as it is written; never a number with fraction or exponent. 1 to 255 of `A`-`Z`, `a`-`z`, digits, `.`, `-`, `_`.",
            "文字列か、書かれたとおりの整数です。小数や指数で書かれた数値は使えません。`A`-`Z`、`a`-`z`、数字、`.`、`-`、`_` の 1～255 文字です。",
        ),
        examples: &[
            (ServerCustomId, "\"12345678\"", "\"12345678\""),
            (ServerCustomId, "12345678", "\"12345678\""),
            (
                ServerCustomId,
                "123456789012345678901234567890",
                "\"123456789012345678901234567890\"",
            ),
            (ServerCustomId, "1e20", "not_an_integer"),
            (ServerCustomId, "1.0", "not_an_integer"),
            (ServerCustomId, "\"a b\"", "wrong_characters"),
            (ServerCustomId, "\" 1\"", "wrong_characters"),
            (ServerCustomId, "\"１２\"", "wrong_characters"),
            (ServerCustomId, "true", "wrong_type"),
            (ServerCustomId, "[1]", "wrong_type"),
        ],
    },
    CoercionRule {
        name: "web_address",
        properties: words(
            "`profile`, `picture`, `website`",
            "`profile`、`picture`、`website`",
        ),
        rule: words(
            "A string that is an absolute http or https URL of at most 2,048 bytes.",
            "2,048 バイトまでの、http または https の絶対 URL。",
        ),
        examples: &[
            (
                Website,
                "\"https://player.example/\"",
                "\"https://player.example/\"",
            ),
            (Website, "\"javascript:alert(1)\"", "not_a_web_address"),
            (Website, "\"/me\"", "not_a_web_address"),
            (Website, "1", "wrong_type"),
        ],
    },
    CoercionRule {
        name: "flag",
        properties: words("`email_verified`", "`email_verified`"),
        rule: words(
            "`true` or `false`, nothing else. Taken only where the operator allows it by a setting of its own; `true` verifies the address that the call was about, `false` takes nothing back.",
            "`true` か `false` だけです。専用の設定で許可した場合にだけ使えます。`true` は呼び出しの対象のアドレスを確認済みにし、`false` は何も取り消しません。",
        ),
        examples: &[
            (EmailVerified, "true", "true"),
            (EmailVerified, "false", "false"),
            (EmailVerified, "\"true\"", "wrong_type"),
            (EmailVerified, "1", "wrong_type"),
        ],
    },
    CoercionRule {
        name: "custom_data",
        properties: words("`custom_data.<name>`", "`custom_data.<name>`"),
        rule: words(
            "Any JSON value, as it is. Integers beyond 64 bits, which would be rounded, are invalid; so is what would make the custom data larger than 64 KiB or deeper than 32 levels.",
            "任意の JSON 値をそのまま保存します。丸められてしまう 64 ビットを超える整数と、カスタムデータを 64 KiB または 32 階層より大きくする値は無効です。",
        ),
        examples: &[],
    },
];

impl Kind {
    /// The names of the rules that values of this type go through.
    pub fn rules(self) -> impl Iterator<Item = &'static CoercionRule> {
        let prefixes: &[&str] = match self {
            Self::Birthday => &["birthday."],
            Self::Gender => &["gender."],
            Self::Text { .. } => &["text."],
            Self::Lines { .. } => &["text.", "lines"],
            Self::ServerCustomId => &["server_custom_id"],
            Self::WebAddress => &["web_address"],
            Self::Flag => &["flag"],
            Self::Json => &["custom_data"],
        };
        COERCION_RULES.iter().filter(move |rule| {
            rule.name == "absent" || prefixes.iter().any(|prefix| rule.name.starts_with(prefix))
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::super::{document::parse, value::PropertyValue};
    use super::super::{Coerced, Coercion, GenderSynonyms};
    use super::*;
    use crate::{custom_data::CustomData, profile::Profile, time::Timestamp};

    /// 2026-11-23T12:00:00Z
    const NOW: Timestamp = Timestamp::from_seconds(1_795_435_200);

    fn coerced(kind: Kind, json: &str) -> Coerced {
        let synonyms = GenderSynonyms::default();
        Coercion::new(NOW, &synonyms).coerce(kind, &parse(json).unwrap())
    }

    fn told(property: &Property, json: &str) -> String {
        match coerced(property.kind(), json) {
            Coerced::Value(value) => value.to_value().to_string(),
            Coerced::Absent => "absent".to_owned(),
            Coerced::Invalid(reason) => reason.as_str().to_owned(),
        }
    }

    #[test]
    fn every_example_of_every_rule_holds() {
        for rule in COERCION_RULES {
            for (property, json, expected) in rule.examples {
                assert_eq!(told(property, json), *expected, "{}: {json}", rule.name);
            }
        }
    }

    #[test]
    fn every_property_has_rules_of_its_own() {
        for property in Property::NAMED {
            assert!(property.kind().rules().count() > 1, "{property}");
        }
    }

    #[test]
    fn custom_data_takes_what_can_be_kept_exactly() {
        let property = Property::parse("custom_data.x").unwrap();
        let deep = |levels: usize| format!("{}1{}", "[".repeat(levels), "]".repeat(levels));
        for (json, expected) in [
            ("{\"a\":[1,2.5,\"x\",null]}", "{\"a\":[1,2.5,\"x\",null]}"),
            ("9007199254740993", "9007199254740993"),
            ("[18446744073709551616]", "not_exact"),
            ("\"\\u0000\"", "too_large"),
            ("\" \"", "absent"),
            ("null", "absent"),
            (&deep(31), &deep(31)),
            (&deep(32), "too_large"),
        ] {
            assert_eq!(told(&property, json), expected, "{json}");
        }
        let large = format!("\"{}\"", "x".repeat(64 * 1024));
        assert_eq!(told(&property, &large), "too_large");
    }

    fn json() -> impl Strategy<Value = String> {
        prop_oneof![
            any::<String>().prop_map(|text| serde_json::json!(text).to_string()),
            any::<i64>().prop_map(|number| number.to_string()),
            "-?[1-9][0-9]{0,25}(\\.[0-9]{1,3})?(e[0-9])?",
            "\"[0-9]{4}[-/][0-9]{2}[-/][0-9]{2}\"",
            "\"(https?:|ftp:)//[a-z.]{1,9}/[ -~&&[^\"\\\\]]{0,9}\"",
            Just("[{}]".to_owned()),
        ]
    }

    proptest! {
        /// What a map writes, the register takes: the rules of the profile hold for every value.
        #[test]
        fn what_is_taken_meets_the_rules_of_the_profile(json in json()) {
            for property in Property::NAMED {
                let Coerced::Value(value) = coerced(property.kind(), &json) else { continue };
                if let PropertyValue::Text(text) = &value {
                    prop_assert_eq!(text.trim(), text.as_str());
                    prop_assert!(!text.is_empty());
                    let mut profile = Profile::default();
                    if let Some(slot) = super::super::super::value::slot(&mut profile, property) {
                        *slot = Some(text.clone());
                        prop_assert_eq!(profile.clone().checked().unwrap(), profile);
                    }
                }
            }
        }

        #[test]
        fn what_custom_data_takes_can_be_kept(json in json()) {
            if let Coerced::Value(value) = coerced(Kind::Json, &json) {
                let members = [("x".to_owned(), value.to_value())].into_iter().collect();
                prop_assert!(CustomData::parse(members).is_ok());
            }
        }

        #[test]
        fn a_birthday_is_a_day_that_has_been(json in json()) {
            if let Coerced::Value(PropertyValue::Text(day)) = coerced(Kind::Birthday, &json) {
                prop_assert!(("1900-01-01".to_owned()..="2026-11-23".to_owned()).contains(&day));
            }
        }
    }
}
