//! The words on the pages, in each language.

use crate::language::Language;
use crate::profile::{Field, Problem};

/// Everything a page says that is not a person's own data.
pub(crate) struct Words {
    pub(crate) app: &'static str,
    pub(crate) home_title: &'static str,
    pub(crate) home_lead: &'static str,
    pub(crate) welcome: &'static str,
    pub(crate) welcome_lead: &'static str,
    pub(crate) sign_in: &'static str,
    pub(crate) sign_out: &'static str,
    pub(crate) to_profile: &'static str,
    pub(crate) to_start: &'static str,
    pub(crate) try_again: &'static str,
    pub(crate) profile_title: &'static str,
    pub(crate) profile_lead: &'static str,
    pub(crate) about_you: &'static str,
    pub(crate) contact: &'static str,
    pub(crate) contact_lead: &'static str,
    pub(crate) email: &'static str,
    pub(crate) phone: &'static str,
    pub(crate) verified: &'static str,
    pub(crate) unverified: &'static str,
    pub(crate) not_set: &'static str,
    pub(crate) save: &'static str,
    pub(crate) saved: &'static str,
    pub(crate) session_ended: &'static str,
    pub(crate) not_saved: &'static str,
    pub(crate) refused: &'static str,
    pub(crate) unavailable_save: &'static str,
    pub(crate) unavailable_read: &'static str,
    pub(crate) languages: &'static str,
    pub(crate) denied: Message,
    pub(crate) sign_in_failed: Message,
    pub(crate) unavailable: Message,
    pub(crate) stale_form: Message,
    pub(crate) bad_form: Message,
    pub(crate) not_found: Message,
    fields: [(&'static str, &'static str); 7],
    genders: [&'static str; 4],
    problems: [&'static str; 5],
}

/// A page that says one thing.
#[derive(Clone, Copy)]
pub(crate) struct Message {
    pub(crate) title: &'static str,
    pub(crate) text: &'static str,
}

impl Words {
    pub(crate) fn of(language: Language) -> &'static Self {
        match language {
            Language::English => &ENGLISH,
            Language::Japanese => &JAPANESE,
        }
    }

    pub(crate) fn label(&self, field: Field) -> &'static str {
        self.field(field).0
    }

    /// What to write there; empty when the label says it.
    pub(crate) fn hint(&self, field: Field) -> &'static str {
        self.field(field).1
    }

    fn field(&self, field: Field) -> (&'static str, &'static str) {
        let [
            name,
            nickname,
            given_name,
            family_name,
            picture,
            gender,
            birthdate,
        ] = self.fields;
        match field {
            Field::Name => name,
            Field::Nickname => nickname,
            Field::GivenName => given_name,
            Field::FamilyName => family_name,
            Field::Picture => picture,
            Field::Gender => gender,
            Field::Birthdate => birthdate,
        }
    }

    /// The values of `gender` that the form offers, with their words.
    pub(crate) fn genders(&self) -> [(&'static str, &'static str); 4] {
        let [unset, female, male, other] = self.genders;
        [
            ("", unset),
            ("female", female),
            ("male", male),
            ("other", other),
        ]
    }

    pub(crate) fn problem(&self, problem: Problem) -> &'static str {
        let [too_long, control, not_web_address, not_birthdate, refused] = self.problems;
        match problem {
            Problem::TooLong => too_long,
            Problem::Control => control,
            Problem::NotWebAddress => not_web_address,
            Problem::NotBirthdate => not_birthdate,
            Problem::Refused => refused,
        }
    }
}

static ENGLISH: Words = Words {
    app: "Profile app",
    home_title: "Your profile, in one place",
    home_lead: "Sign in to see and change what this app knows about you.",
    welcome: "Hello, ",
    welcome_lead: "You are signed in.",
    sign_in: "Sign in",
    sign_out: "Sign out",
    to_profile: "Open your profile",
    to_start: "Back to the start",
    try_again: "Try again",
    profile_title: "Your profile",
    profile_lead: "Change what you like, then save.",
    about_you: "About you",
    contact: "Contact",
    contact_lead: "These can only be read here.",
    email: "Email",
    phone: "Phone",
    verified: "verified",
    unverified: "not verified",
    not_set: "not set",
    save: "Save",
    saved: "Saved.",
    session_ended: "Your session has ended. Sign in again to continue.",
    not_saved: "Nothing was saved. Look at the marked fields.",
    refused: "Nothing was saved: the identity server did not accept these values.",
    unavailable_save: "Nothing was saved: the identity server cannot be reached right now. Your entries are still here; try again in a minute.",
    unavailable_read: "The identity server cannot be reached right now. You see what was known when you signed in.",
    languages: "Language",
    denied: Message {
        title: "You are not signed in",
        text: "The sign-in was cancelled. Nothing has changed.",
    },
    sign_in_failed: Message {
        title: "The sign-in did not work",
        text: "It may have taken too long, or it was started in another window. Please start again.",
    },
    unavailable: Message {
        title: "Not available right now",
        text: "The identity server cannot be reached. Try again in a minute.",
    },
    stale_form: Message {
        title: "This page was too old",
        text: "Nothing has changed. Open the page again and repeat your entry.",
    },
    bad_form: Message {
        title: "The form could not be read",
        text: "Nothing has changed. Open the page again and repeat your entry.",
    },
    not_found: Message {
        title: "No such page",
        text: "The address may be mistyped.",
    },
    fields: [
        ("Display name", ""),
        ("Nickname", ""),
        ("Given name", ""),
        ("Family name", ""),
        (
            "Picture address",
            "A web address, such as https://example.com/me.png",
        ),
        ("Gender", ""),
        (
            "Date of birth",
            "Year, month, day: 1990-05-15. The year alone will do.",
        ),
    ],
    genders: ["Not stated", "Female", "Male", "Other"],
    problems: [
        "Shorten this.",
        "Remove line breaks and invisible characters.",
        "Write a web address that begins with https:// or http://.",
        "Write a date as year, month, day, such as 1990-05-15.",
        "The identity server did not accept this. Change it.",
    ],
};

static JAPANESE: Words = Words {
    app: "プロフィールアプリ",
    home_title: "あなたのプロフィールを、ひとつの場所に",
    home_lead: "サインインすると、このアプリに登録されている情報の確認と変更ができます。",
    welcome: "ようこそ、",
    welcome_lead: "サインインしています。",
    sign_in: "サインイン",
    sign_out: "サインアウト",
    to_profile: "プロフィールを開く",
    to_start: "最初のページへ戻る",
    try_again: "もう一度試す",
    profile_title: "プロフィール",
    profile_lead: "変更したい項目を書き換えて、保存してください。",
    about_you: "あなたについて",
    contact: "連絡先",
    contact_lead: "ここでは確認のみできます。",
    email: "メールアドレス",
    phone: "電話番号",
    verified: "確認済み",
    unverified: "未確認",
    not_set: "未設定",
    save: "保存する",
    saved: "保存しました。",
    session_ended: "セッションが終了しました。続けるには、もう一度サインインしてください。",
    not_saved: "保存されていません。印のついた項目をご確認ください。",
    refused: "保存されていません。入力された値を認証サーバーが受け付けませんでした。",
    unavailable_save: "保存されていません。現在、認証サーバーに接続できません。入力内容は残っていますので、しばらくしてからもう一度お試しください。",
    unavailable_read: "現在、認証サーバーに接続できません。サインインした時点の情報を表示しています。",
    languages: "言語",
    denied: Message {
        title: "サインインしていません",
        text: "サインインは取り消されました。何も変更されていません。",
    },
    sign_in_failed: Message {
        title: "サインインできませんでした",
        text: "時間がかかりすぎたか、別のウィンドウで始めた可能性があります。最初からやり直してください。",
    },
    unavailable: Message {
        title: "現在ご利用いただけません",
        text: "認証サーバーに接続できません。しばらくしてからもう一度お試しください。",
    },
    stale_form: Message {
        title: "ページの有効期限が切れています",
        text: "何も変更されていません。ページを開き直して、もう一度入力してください。",
    },
    bad_form: Message {
        title: "フォームを読み取れませんでした",
        text: "何も変更されていません。ページを開き直して、もう一度入力してください。",
    },
    not_found: Message {
        title: "ページが見つかりません",
        text: "アドレスが間違っている可能性があります。",
    },
    fields: [
        ("表示名", ""),
        ("ニックネーム", ""),
        ("名", ""),
        ("姓", ""),
        (
            "写真のアドレス",
            "ウェブアドレス（例: https://example.com/me.png）",
        ),
        ("性別", ""),
        (
            "生年月日",
            "年-月-日（例: 1990-05-15）。年だけでもかまいません。",
        ),
    ],
    genders: ["指定しない", "女性", "男性", "その他"],
    problems: [
        "もう少し短くしてください。",
        "改行や見えない文字を取り除いてください。",
        "https:// または http:// で始まるウェブアドレスを入力してください。",
        "1990-05-15 のように、年-月-日の形で入力してください。",
        "認証サーバーが受け付けませんでした。別の値を入力してください。",
    ],
};
