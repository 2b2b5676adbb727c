# ページの文言。英語と同じ項目と引数を持ちます。

title-with-error = エラー：{ $title }
language-nav = 言語
links-nav = このサービスについて
terms-of-use = 利用規約
privacy-policy = プライバシーポリシー
support-website = ヘルプ
support-email = お問い合わせ
agree-both = 利用規約とプライバシーポリシーに同意します。
agree-terms = 利用規約に同意します。
agree-privacy = プライバシーポリシーに同意します。

# 入力欄
username = ユーザー名
email = メールアドレス
username-or-email = ユーザー名またはメールアドレス
username-or-phone = ユーザー名または電話番号
username-email-or-phone = ユーザー名・メールアドレス・電話番号
password = パスワード
show-password = パスワードを表示する
phone = 電話番号
email-or-phone = メールアドレスまたは電話番号
code = 検証コード
code-hint = 6桁の数字です。届くまでに1分ほどかかることがあります。
username-hint = 半角の英字・数字・アンダースコアが使えます。先頭は英字かアンダースコアにしてください。
password-hint = { $min }文字以上で設定してください。いくつかの単語をつなげると、覚えやすく安全です。

# サインイン
sign-in-title = サインイン
sign-in-lead = 「{ $application }」を利用するには、サインインしてください。
sign-in-lead-plain = おかえりなさい。
sign-in-submit = サインイン
wait-attempts =
    { $minutes ->
       *[other] 試行回数が上限に達しました。{ $minutes }分ほど待ってから、もう一度お試しください。
    }
wait-attempts-hours = 試行回数が上限に達しました。{ $hours }時間ほど待ってから、もう一度お試しください。
sign-in-no-account = アカウントをお持ちでない方は
sign-in-register = アカウントを作成
sign-in-with-code = コードでサインイン
sign-in-forgot-password = パスワードをお忘れですか？

# コードによるアドレスの確認
address-title-sign-in = コードでサインイン
address-title-forgot-password = パスワードを再設定
address-lead-sign-in = 検証コードをお送りします。入力すると「{ $application }」に進めます。
address-lead-sign-in-plain = サインインのための検証コードをお送りします。
address-lead-register = 検証コードをお送りします。入力すると「{ $application }」に進めます。
address-lead-register-plain = ご本人の連絡先であることを確かめるために、検証コードをお送りします。
address-lead-forgot-password = アカウントの連絡先を入力してください。検証コードをお送りします。
address-submit = コードを送信
code-title = コードを入力
code-lead = { $address } に検証コードを送信しました。
code-submit = 次へ進む
code-resend = 新しいコードを送信
wait-codes =
    { $minutes ->
       *[other] コードの送信回数が上限に達しました。{ $minutes }分ほど待ってから、もう一度お試しください。
    }
wait-codes-hours = コードの送信回数が上限に達しました。{ $hours }時間ほど待ってから、もう一度お試しください。
code-other-address = 別の連絡先を使う
way-password = パスワードでサインイン
way-sign-in = お持ちのアカウントでサインイン
way-register = アカウントを作成
way-register-username = ユーザー名で作成する
way-register-address = メールアドレスまたは電話番号で作成する
proved-account-lead = { $address } を確認しました。この連絡先のアカウントはまだありません。新しく作成しますか？

# パスワードの再設定
new-password-title = 新しいパスワードを設定
new-password-lead = { $address } のアカウントのパスワードを設定します。
new-password-caution = すべての端末でサインアウトされます。
new-password-submit = パスワードを変更
password-changed-title = パスワードを変更しました
password-changed-body = すべての端末でサインアウトしました。新しいパスワードでサインインしてください。
password-changed-next = サインイン

# アカウントの作成
register-title = アカウントを作成
register-lead = 「{ $application }」を利用するためのアカウントを作成します。
register-lead-plain = 必要なのは、ユーザー名とパスワードだけです。
register-submit = アカウントを作成
register-have-account = アカウントをお持ちの方は
register-sign-in = サインイン

# 同意
consent-title = アクセスの許可
consent-lead = 「{ $application }」が、あなたのアカウントの利用を求めています。
consent-person = { $person } としてサインイン中
consent-scopes = 求められている内容
consent-no-scopes = ご本人であることの確認だけを求めています。
consent-caution = 心当たりのないアプリケーションの場合は「許可しない」を選んでください。情報は渡されません。
consent-allow = 許可する
consent-deny = 許可しない
consent-other-account = 別の方ですか？
consent-other-account-link = ほかのアカウントを使う
scope-openid = ご本人であることの確認
scope-profile = プロフィール（名前や写真など）の閲覧
scope-email = メールアドレスの閲覧
scope-phone = 電話番号の閲覧
scope-address = 住所の閲覧
scope-custom_data = アプリケーションがプロフィールと一緒に保存しているデータの閲覧
scope-identities = 連携している外部アカウントの閲覧
scope-roles = ロールの閲覧
scope-offline_access = あなたが操作していない間のアクセス

# サインアウト
sign-out-title = サインアウト
sign-out-question = サインアウトしますか？
sign-out-person = { $person } としてサインインしています。
sign-out-submit = サインアウト
sign-out-stay = サインインしたままにする
signed-out-title = サインアウトしました
signed-out-body = このページは閉じてかまいません。共用のパソコンでは、ブラウザーも閉じてください。
signed-out-return = 「{ $application }」に戻る

# 最初の管理者
setup-title = 最初の管理者を作成
setup-lead = このサーバーはまだ設定されていません。管理を担当する方のユーザー名とパスワードを決めてください。
setup-submit = 管理者を作成
setup-done-title = 管理者を作成しました
setup-done-body = { $username } がこのサーバーの所有者になりました。設定に使ったリンクは無効になっています。
setup-done-next = 次へ進む

# トップページ
home-title = サインインとプロフィールを、ひとつの名簿に
home-lead = このサーバーは、アプリケーションを利用する方のサインインとプロフィールを管理しています。
home-people = サインインするには、お使いになるアプリケーションを開いてください。そこからサインインの画面に進めます。
home-developers = 開発者の方へ
home-api = APIリファレンス
home-api-note = すべてのAPIを読み、その場で試せます。
home-discovery = OpenID設定情報
home-discovery-note = アプリケーションの接続に必要な情報をまとめています。
home-issuer = 発行者（issuer）

# デモの受信箱
inbox-title = デモの受信箱
inbox-lead = メールとSMSは実際には送信されず、新しい順にここに表示されます。
inbox-refresh = 再読み込み
inbox-empty = まだ何も届いていません。検証コードを送信してから、再読み込みしてください。
inbox-email = メール
inbox-sms = SMS

# アプリケーションへの受け渡し
form-post-title = 少々お待ちください
form-post-body = アプリケーションに戻ります。画面が変わらないときは「続ける」を押してください。
form-post-submit = 続ける

# 問題が起きたとき：種類ごとの見出しと、次にできること
problem-title-invalid = リクエストを処理できませんでした
problem-title-unauthenticated = もう一度サインインしてください
problem-title-forbidden = このページは利用できません
problem-title-not-found = ページが見つかりません
problem-title-conflict = ほかの操作で先に変更されました
problem-title-too-large = データが大きすぎます
problem-title-too-many = しばらくお待ちください
problem-title-internal = サーバーで問題が発生しました
problem-title-unavailable = ただいま利用できません
problem-hint-invalid = 元のアプリケーションに戻り、最初からやり直してください。
problem-hint-unauthenticated = アプリケーションに戻り、サインインし直してください。
problem-hint-forbidden = 利用できるはずの場合は、このサービスの運営者にお問い合わせください。
problem-hint-not-found = アドレスを確かめるか、元のアプリケーションに戻ってください。
problem-hint-conflict = ページを読み込み直し、もう一度変更してください。
problem-hint-too-large = 内容を減らして、もう一度お試しください。
problem-hint-too-many = 数分ほど待ってから、もう一度お試しください。
problem-hint-internal = もう一度お試しください。繰り返し起きる場合は、下のリクエストIDを添えてサービスの運営者にお知らせください。
problem-hint-unavailable = 少し時間をおいて、もう一度お試しください。
problem-technical = 技術的な情報
problem-detail = 詳細
problem-code = コード
problem-request-id = リクエストID
