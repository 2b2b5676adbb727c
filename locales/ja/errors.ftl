# エラーの説明。項目名は「error-」にコードを続け、ピリオドをハイフンに置き換えたものです。

error-guard-invalid_input = リクエストの形式に誤りがあります。示された箇所を修正して、もう一度送信してください。
error-guard-invalid_pagination = ページ番号または1ページの件数が範囲外です。ページは1から、件数は1から100までで指定してください。

error-request-invalid_input = リクエストを解釈できません。パラメーターを確認してください。
error-request-malformed_json = 本文が正しいJSONではありません。確認して、もう一度送信してください。
error-request-body_too_large = 本文が大きすぎます。分けて送信してください。
error-request-unsupported_media_type = このメディアタイプは受け付けていません。Content-Typeヘッダーを確認してください。
error-request-not_found = このアドレスには何もありません。
error-request-method_not_allowed = このアドレスでは、そのメソッドを使えません。APIリファレンスを確認してください。
error-request-too_many = この接続元からのリクエストが多すぎます。しばらく待ってから、もう一度お試しください。
error-request-cross_site = ほかのサイトから送られたため、受け付けませんでした。このサイトのページを開いて、もう一度送信してください。

error-auth-authorization_header_missing = Authorizationヘッダーがありません。「Bearer」に続けてアクセストークンを送信してください。
error-auth-authorization_token_type_not_supported = この認証方式は使えません。「Bearer」に続けてアクセストークンを送信してください。
error-auth-unauthorized = アクセストークンが有効ではありません。新しいトークンを取得して、もう一度お試しください。
error-auth-forbidden = このアクセストークンでは許可されていません。必要なスコープを持つトークンを使ってください。

error-entity-not_found = 存在しないか、すでに削除されています。
error-entity-not_exists_with_id = このIDに該当するものはありません。IDを確認してください。
error-entity-relation_foreign_key_not_found = リクエストで参照しているものが存在しません。IDを確認してください。
error-entity-value_too_long = 値が長すぎます。短くして、もう一度送信してください。
error-entity-unique_integrity_violation = 同じものがすでに存在します。
error-entity-too_many = これ以上は作成できません。
error-entity-changed_meanwhile = ほかの操作で同時に変更されました。読み込み直して、もう一度変更してください。

error-user-username_already_in_use = このユーザー名はすでに使われています。別のユーザー名を選んでください。
error-user-email_already_in_use = このメールアドレスは、別のアカウントで使われています。
error-user-phone_already_in_use = この電話番号は、別のアカウントで使われています。
error-user-invalid_phone = 国際電話番号の形式ではありません。国番号から入力してください。
error-user-cannot_delete_self = ご自身のアカウントはここでは削除できません。別の管理者に依頼してください。
error-user-password_and_digest = パスワードとダイジェストは、どちらか一方だけを送信してください。
error-user-password_algorithm_required = パスワードのダイジェストには、アルゴリズムの指定が必要です。
error-user-password_digest_invalid = パスワードのダイジェストが、アルゴリズムの形式と合っていません。両方を確認してください。
error-user-suspended = このアカウントは停止されています。サービスの運営者にお問い合わせください。
error-user-user_not_exist = この連絡先のアカウントはありません。入力内容を確認するか、アカウントを作成してください。
error-user-terms_not_accepted = 続けるには、同意のチェックを入れてください。
error-user-sign_in_method_not_enabled = この方法は現在利用できません。別の方法を選んでください。

error-password-rejected = 別のパスワードを設定してください。
error-password_rejected-too_short = { $min }文字以上で設定してください。
error-password_rejected-too_long = { $max }文字以内で設定してください。
error-password_rejected-unsupported_characters = 入力できないことのある文字が含まれています。その文字を除いてください。
error-password_rejected-pwned = 多くの人が使っている、推測されやすいパスワードです。別のパスワードを設定してください。
error-password_rejected-restricted-user_info = ユーザー名や名前に似すぎています。別のパスワードを設定してください。
error-password_rejected-restricted-repetition = 同じ文字の繰り返しや連番は推測されやすいため使えません。別のパスワードを設定してください。

error-session-invalid_credentials = アカウントまたはパスワードが正しくありません。確認して、もう一度お試しください。
error-session-not_found = サインインの手続きが終了しているか、別のブラウザーで開始されています。アプリケーションに戻ってやり直してください。
error-session-verification_blocked_too_many_attempts = 試行回数が上限に達しました。数分ほど待ってから、もう一度お試しください。

error-setup-link_not_valid = このリンクは使用済みか、新しいリンクに置き換えられています。サーバーの出力から最新のリンクを探してください。

error-signing_key-next_too_young = 次の署名鍵は、公開されてからの時間がまだ足りません。しばらく待つか、猶予時間を短くして切り替えてください。
error-signing_key-in_use = この鍵は署名に使われているか、次に使われます。先に鍵を切り替えてください。削除できるのは以前の鍵だけです。

error-application-type_fixed = アプリケーションの種類は変更できません。新しいアプリケーションを作成してください。
error-application-secret_name_in_use = 同じ名前のシークレットがあります。別の名前を指定してください。
error-application-secret_not_found = この名前のシークレットはありません。
error-application-secrets_not_supported = 公開クライアントのアプリケーションは、シークレットを持てません。
error-application-saml-use_saml_app_api = SAMLアプリケーションはここでは作成できません。
error-application-type_not_supported = この種類のアプリケーションには対応していません。
error-application-invalid_third_party_application_type = マシンアプリケーションはサードパーティーにできません。サインインを行わないためです。
error-application-id_already_in_use = このIDのアプリケーションはすでに存在します。別のIDを指定してください。

error-resource-resource_identifier_in_use = この識別子のリソースはすでに存在します。別の識別子を指定してください。
error-resource-cannot_change_built_in = Management API のリソースは組み込みのため、変更できません。
error-scope-name_exists = このリソースには同じ名前のスコープがあります。別の名前を指定してください。
error-role-name_in_use = 同じ名前のロールがあります。別の名前を指定してください。

error-user_storage-required_value_missing = サインインを完了できませんでした。サービス側のユーザーデータに必要な値がありません。サービスにお問い合わせください。

error-server-internal = サーバーで問題が発生しました。
error-server-unavailable = サービスを一時的に利用できません。少し時間をおいて、もう一度お試しください。
error-server-overloaded = ただいま大変混み合っています。少し時間をおいて、もう一度お試しください。

error-oidc-invalid_request = アプリケーションから送られたリクエストを解釈できません。
error-oidc-invalid_client = アプリケーションを確認できませんでした。
error-oidc-invalid_grant = 許可は使用済みか、期限が切れたか、取り消されています。もう一度サインインしてください。
error-oidc-unauthorized_client = このアプリケーションは、このサインイン方法を利用できません。
error-oidc-unsupported_grant_type = このグラントタイプには対応していません。
error-oidc-unsupported_response_type = このレスポンスタイプには対応していません。
error-oidc-unsupported_response_mode = このレスポンスモードには対応していません。
error-oidc-invalid_scope = アプリケーションが、許可されていないスコープを求めました。
error-oidc-insufficient_scope = アクセストークンに、必要なスコープがありません。
error-oidc-invalid_target = アプリケーションが、存在しないか許可されていないリソースを求めました。
error-oidc-invalid_token = アクセストークンが有効ではありません。新しいトークンを取得してください。
error-oidc-invalid_redirect_uri = アプリケーションが指定した戻り先のアドレスは、登録されていません。
error-oidc-access_denied = アクセスは許可されませんでした。
error-oidc-login_required = 先にサインインが必要です。
error-oidc-consent_required = 先に同意が必要です。
error-oidc-interaction_required = 先にご本人の操作が必要です。
error-oidc-account_selection_required = 先にアカウントの選択が必要です。
error-oidc-unmet_authentication_requirements = サインインの強度が、アプリケーションの求める条件を満たしていません。
error-oidc-request_not_supported = リクエストオブジェクトには対応していません。
error-oidc-request_uri_not_supported = リクエストURIには対応していません。
error-oidc-registration_not_supported = リクエスト内でのクライアント登録には対応していません。
error-oidc-invalid_request_uri = このリクエストURIは利用できません。
error-oidc-invalid_request_object = このリクエストオブジェクトは利用できません。
error-oidc-server_error = サーバーで問題が発生しました。
error-oidc-temporarily_unavailable = サービスを一時的に利用できません。少し時間をおいて、もう一度お試しください。

# 項目ごとの決まり
rule-required = 入力してください。
rule-too_long = 長すぎます。短くしてください。
rule-username = 半角の英字・数字・アンダースコアだけを使い、先頭は数字以外にしてください。
rule-email = 「name@example.com」のようなメールアドレスを入力してください。
error-verification_code-not_found = コードが送信されていないか、すでに使用されています。新しいコードを取得してください。
error-verification_code-expired = コードの有効期限が切れています。新しいコードを取得してください。
error-verification_code-exceed_max_try = コードの入力回数が上限に達しました。新しいコードを取得してください。
error-verification_code-code_mismatch = コードが正しくありません。確認するか、新しいコードを取得してください。
error-verification_code-phone_mismatch = このコードは別の電話番号に送信されたものです。
error-verification_code-email_mismatch = このコードは別のメールアドレスに送信されたものです。
error-request-message_rate_limited = コードの送信回数が上限に達しました。しばらく待ってから、もう一度お試しください。
error-request-recipient_not_allowed = この番号にはメッセージを送信できません。別の番号をお使いください。
error-request-recipient_country_not_allowed = この国の番号にはメッセージを送信できません。別の国の番号をお使いください。
error-connector-not_found = このメッセージを送信できるコネクタが設定されていません。
error-connector-not_found_with_connector_id = このIDのコネクタの種類はありません。
error-connector-template_not_found = コネクタにこのメッセージのテンプレートがありません。
error-connector-invalid_config = 設定がコネクタに合っていません。
error-connector-general = メッセージを送信できませんでした。
rule-phone = 電話番号を入力してください。国外の番号は「+」と国番号から入力してください。
rule-phone_country = 「+」と国番号を付けて電話番号を入力してください(例: +81 90 1234 5678)。
