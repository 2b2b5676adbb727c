//! Japanese.

use super::{Message, Words};
use crate::code_problem::CodeProblem;
use crate::field::Field;
use crate::problem::Problem;

pub(super) static WORDS: Words = Words {
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
    contact: "連絡先",
    contact_lead: "新しい連絡先は、保存する前に検証コードで確認します。",
    about_you: "あなたについて",
    address: "住所",
    business: "ご注文とお支払い",
    business_lead: "このアプリのデータベースに保存される情報です。",
    verified: "確認済み",
    unverified: "未確認",
    verified_unsaved: "確認できました。保存すると反映されます。",
    new_address: "新しい連絡先です。保存する前にコードを送ってください。",
    send_code: "コードを送る",
    send_new_code: "新しいコードを送る",
    code: "検証コード",
    code_hint: "数字6桁です。10分間有効です。",
    check_code: "コードを確認する",
    code_right: "コードを確認しました。保存すると新しい連絡先が反映されます。",
    stored_now: "現在の保存内容:",
    nothing_stored: "未設定",
    kept: "登録済み（末尾）",
    keep_hint: "空欄のままにすると、登録済みの番号はそのままです。",
    remove: "登録済みの番号を削除する",
    source: "読み込み元",
    source_hint: "認証サーバーの情報をどこから読み込むかを選べます。",
    sources: ["UserInfo", "IDトークン", "管理API"],
    save: "保存する",
    saved: "保存しました。",
    session_ended: "セッションが終了しました。続けるには、もう一度サインインしてください。",
    not_saved: "保存されていません。印のついた項目をご確認ください。",
    refused: "保存されていません。入力された値を認証サーバーが受け付けませんでした。",
    changed: "保存されていません。別のウィンドウなどで、プロフィールがすでに変更されています。\
              この画面と異なる項目には、現在の保存内容を入力欄の下に表示しています。\
              必要に応じて書き直し、もう一度保存すると、この画面の内容に置き換わります。",
    uncertain: "認証サーバーから応答がありませんでした。「連絡先」「あなたについて」「住所」は保存された可能性があります。\
                「ご注文とお支払い」は保存されていません。入力内容は残っていますので、もう一度保存してください。\
                二重に処理されることはありません。",
    half_saved: "「連絡先」「あなたについて」「住所」は保存しました。\
                 「ご注文とお支払い」は、このアプリのデータベースの不具合により保存されていません。\
                 入力内容は残っていますので、しばらくしてからもう一度保存してください。二重に処理されることはありません。",
    unavailable_save: "保存されていません。現在、認証サーバーに接続できません。入力内容は残っていますので、しばらくしてからもう一度お試しください。",
    unavailable_own: "保存されていません。このアプリのデータベースに不具合があります。入力内容は残っていますので、しばらくしてからもう一度お試しください。",
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
    own_unavailable: Message {
        title: "現在ご利用いただけません",
        text: "このアプリのデータベースを読み込めません。しばらくしてからもう一度お試しください。",
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
    code_sent: [
        "検証コードを送りました。届いたメールをご確認ください。宛先:",
        "検証コードを送りました。届いたメッセージをご確認ください。宛先:",
    ],
    numbers: [
        (
            "社会保障番号",
            "空白やハイフンは、あってもなくてもかまいません。",
        ),
        (
            "支払い方法",
            "カード番号を入力してください。空白やハイフンは、あってもなくてもかまいません。",
        ),
    ],
    genders: ["指定しない", "女性", "男性", "その他"],
    field,
    problem,
    code_problem,
};

fn field(field: Field) -> (&'static str, &'static str) {
    match field {
        Field::Email => ("メールアドレス", ""),
        Field::Phone => (
            "電話番号",
            "090-1234-5678 や +81 90 1234 5678 のように入力してください。",
        ),
        Field::Name => ("表示名", ""),
        Field::Nickname => ("ニックネーム", ""),
        Field::FamilyName => ("姓", ""),
        Field::GivenName => ("名", ""),
        Field::Picture => (
            "写真のアドレス",
            "ウェブアドレス（例: https://example.com/me.png）",
        ),
        Field::Gender => ("性別", ""),
        Field::Birthdate => (
            "生年月日",
            "年-月-日（例: 1990-05-15）。年だけでもかまいません。",
        ),
        Field::StreetAddress => ("番地・建物名", ""),
        Field::Locality => ("市区町村", ""),
        Field::Region => ("都道府県", ""),
        Field::PostalCode => ("郵便番号", ""),
        Field::Country => ("国", ""),
        Field::Age => ("年齢", ""),
        Field::ShippingAddress => (
            "送付先住所",
            "宛名を含めて、荷物に書くとおりに入力してください。",
        ),
    }
}

fn problem(problem: Problem) -> &'static str {
    match problem {
        Problem::TooLong => "もう少し短くしてください。",
        Problem::Control => "改行や見えない文字を取り除いてください。",
        Problem::NotWebAddress => {
            "https:// または http:// で始まるウェブアドレスを入力してください。"
        }
        Problem::NotBirthdate => "1990-05-15 のように、年-月-日の形で入力してください。",
        Problem::NotEmail => "name@example.com のようなメールアドレスを入力してください。",
        Problem::NotPhone => {
            "090-1234-5678 や +81 90 1234 5678 のような電話番号を入力してください。"
        }
        Problem::NotAge => "0から150までの整数を入力してください。",
        Problem::NotSocialSecurityNumber => "英数字9文字から20文字で入力してください。",
        Problem::NotCardNumber => "カード番号が正しくありません。カードをご確認ください。",
        Problem::NotVerified => {
            "新しい連絡先です。コードを送り、届いたコードを入力してから保存してください。"
        }
        Problem::Taken => "別のアカウントで使われています。ほかのものを入力してください。",
        Problem::Refused => "認証サーバーが受け付けませんでした。別の値を入力してください。",
    }
}

fn code_problem(problem: CodeProblem) -> &'static str {
    match problem {
        CodeProblem::Wrong => "コードが違います。もう一度ご確認ください。",
        CodeProblem::Empty => "届いたコードを入力してください。",
        CodeProblem::NoCode => "この宛先に有効なコードがありません。新しいコードを送ってください。",
        CodeProblem::Expired => "コードの有効期限が切れています。新しいコードを送ってください。",
        CodeProblem::TooManyTries => {
            "入力の回数が上限に達したため、このコードは使えなくなりました。新しいコードを送ってください。"
        }
        CodeProblem::TooManyMessages => {
            "コードの送信が上限に達しました。最長で10分ほど待ってから、もう一度送ってください。"
        }
        CodeProblem::CannotSend => "現在、認証サーバーからこの宛先にコードを送ることができません。",
        CodeProblem::Same => "登録済みの連絡先です。コードは必要ありません。",
        CodeProblem::Unavailable => {
            "現在、認証サーバーに接続できません。しばらくしてからもう一度お試しください。"
        }
    }
}
