//! Why a value was not taken.

use serde::{Deserialize, Serialize};

use super::words::{Words, words};

macro_rules! reasons {
    ($($variant:ident $code:literal $en:literal $ja:literal;)+) => {
        /// Why a value was not taken, or was left as it is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum Reason { $(#[doc = $en] #[serde(rename = $code)] $variant,)+ }

        impl Reason {
            /// Every reason.
            pub const ALL: &[Reason] = &[$(Self::$variant,)+];

            /// The wire form.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// The reason for people.
            #[must_use]
            pub const fn words(self) -> Words {
                match self { $(Self::$variant => words($en, $ja),)+ }
            }
        }
    };
}

reasons! {
    WrongType "wrong_type" "The value has a JSON type that this property does not take." "このプロパティでは使えない JSON の型です。";
    TooLong "too_long" "The text is too long." "文字列が長すぎます。";
    ControlCharacter "control_character" "The text has control characters." "制御文字が含まれています。";
    NotADate "not_a_date" "The value is not written as one of the forms of a date." "日付として読める書き方ではありません。";
    YearOnly "year_only" "Four digits are a year, not a birthday." "4 桁の数字は年であり、生年月日ではありません。";
    NoSuchDay "no_such_day" "The calendar does not have this day." "暦に存在しない日です。";
    InFuture "in_future" "The day is in the future." "未来の日付です。";
    Before1900 "before_1900" "The year is before 1900." "1900 年より前の日付です。";
    UnknownGender "unknown_gender" "The word is neither a gender nor one of its synonyms." "性別でも、その同義語でもありません。";
    NotAnInteger "not_an_integer" "A number with a fraction or an exponent is no id." "小数や指数で書かれた数値は ID として使えません。";
    WrongCharacters "wrong_characters" "The id is not 1 to 255 of letters, digits, '.', '-' and '_'." "ID は英数字と「.」「-」「_」の 1～255 文字ではありません。";
    NotAWebAddress "not_a_web_address" "The text is not an http or https URL." "http または https の URL ではありません。";
    NotExact "not_exact" "A number in the value would be rounded." "値の中の数値が丸められてしまいます。";
    TooLarge "too_large" "The custom data would be larger than 64 KiB, deeper than 32 levels, or hold a NUL." "カスタムデータが 64 KiB または 32 階層を超えるか、NUL 文字を含みます。";
    NoAddressToVerify "no_address_to_verify" "The call was not about the user's email address." "この呼び出しは、ユーザーのメールアドレスについてのものではありません。";
    NotWithdrawn "not_withdrawn" "A verified address stays verified." "確認済みのアドレスは、確認済みのままです。";
    HasValue "has_value" "The property has a value, and the entry fills only empty ones." "値がすでにあり、この項目は空の場合だけ設定します。";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wire_form_is_the_code() {
        for reason in Reason::ALL {
            assert_eq!(
                serde_json::json!(reason),
                serde_json::json!(reason.as_str())
            );
        }
    }
}
