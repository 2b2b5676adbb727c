//! Table `users`.

use meibo_domain::{
    custom_data::CustomData,
    email::EmailAddress,
    ids::{ApplicationId, UserId},
    page::{Page, PageRequest},
    password::PasswordAlgorithm,
    phone::PhoneNumber,
    search::UserSearch,
    time::Timestamp,
    user::{Identifier, PasswordDigest, User, Verifiable},
    username::Username,
};
use uuid::Uuid;

use crate::{
    db::{Batch, Db, DbError, Row, Table, Touch, Value},
    statements, users_search, values,
};

macro_rules! columns {
    () => {
        "users.id, users.login_id, users.version, users.username, users.primary_email, \
         users.email_verified_at, users.primary_phone, users.phone_verified_at, users.name, \
         users.avatar, users.profile, users.custom_data, users.password_digest, \
         users.password_algorithm, users.password_updated_at, users.is_suspended, users.application_id, \
         users.last_sign_in_at, users.created_at, users.updated_at"
    };
}

pub(crate) use columns;

/// The columns that [`from_row`] reads, in its order.
pub(crate) const COLUMNS: &str = columns!();

/// How many they are: where the columns of something else begin in a row of both.
pub(crate) const COLUMN_COUNT: usize = count(COLUMNS);

/// Counts names between commas.
const fn count(columns: &str) -> usize {
    let (mut rest, mut count) = (columns.as_bytes(), 1);
    while let [byte, after @ ..] = rest {
        if *byte == b',' {
            count += 1;
        }
        rest = after;
    }
    count
}

statements! {
    GET = concat!("SELECT ", columns!(), " FROM users WHERE id = $1");
    FIND_BY_USERNAME = concat!("SELECT ", columns!(), " FROM users WHERE username_key = $1");
    FIND_BY_EMAIL = concat!("SELECT ", columns!(), " FROM users WHERE verified_email_key = $1");
    FIND_BY_PHONE = concat!("SELECT ", columns!(), " FROM users WHERE verified_phone_key = $1");
    IS_ACTIVE = "SELECT id FROM users WHERE id = $1 AND is_suspended = 0";
    COUNT = "SELECT COUNT(*) FROM users";
    LIST = concat!(
        "SELECT ", columns!(), " FROM users WHERE id IN \
         (SELECT id FROM users ORDER BY created_at DESC, id DESC LIMIT $1 OFFSET $2) \
         ORDER BY created_at DESC, id DESC"
    );
    INSERT = "INSERT INTO users (id, login_id, version, username, username_key, primary_email, email_key, \
        verified_email_key, email_verified_at, primary_phone, verified_phone_key, phone_verified_at, name, \
        avatar, profile, custom_data, password_digest, password_algorithm, password_updated_at, is_suspended, \
        application_id, last_sign_in_at, created_at, updated_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, \
        $21, $22, $23, $24)";
    UPDATE = "UPDATE users SET version = $3, username = $4, username_key = $5, primary_email = $6, \
        email_key = $7, verified_email_key = $8, email_verified_at = $9, primary_phone = $10, \
        verified_phone_key = $11, phone_verified_at = $12, name = $13, avatar = $14, profile = $15, \
        custom_data = $16, password_digest = $17, password_algorithm = $18, password_updated_at = $19, \
        is_suspended = $20, updated_at = $21 WHERE id = $1 AND version = $2";
    RECORD_SIGN_IN = "UPDATE users SET last_sign_in_at = $3, application_id = COALESCE(application_id, $4) \
        WHERE id = $1 AND version = $2";
    HOLD = "UPDATE users SET version = version WHERE id = $1 AND version = $2";
    DELETE = "DELETE FROM users WHERE id = $1";
}

/// The user of an id.
///
/// # Errors
/// The database's.
pub async fn get(db: &Db, id: &UserId) -> Result<Option<User>, DbError> {
    db.query_opt(&GET, &values![id.as_str()])
        .await?
        .as_ref()
        .map(from_row)
        .transpose()
}

/// The user whom an identifier names: a username, or a verified address.
///
/// # Errors
/// The database's.
pub async fn find(db: &Db, identifier: &Identifier) -> Result<Option<User>, DbError> {
    let sql = match identifier {
        Identifier::Username(_) => &FIND_BY_USERNAME,
        Identifier::Email(_) => &FIND_BY_EMAIL,
        Identifier::Phone(_) => &FIND_BY_PHONE,
    };
    db.query_opt(sql, &values![identifier.key()])
        .await?
        .as_ref()
        .map(from_row)
        .transpose()
}

/// Does the user exist, and is it not suspended?
///
/// # Errors
/// The database's.
pub async fn is_active(db: &Db, id: &UserId) -> Result<bool, DbError> {
    Ok(db
        .query_opt(&IS_ACTIVE, &values![id.as_str()])
        .await?
        .is_some())
}

/// A page of the users that a search finds, newest first.
///
/// # Errors
/// The database's.
pub async fn list(db: &Db, search: &UserSearch, page: PageRequest) -> Result<Page<User>, DbError> {
    if !search.conditions.is_empty() {
        return users_search::list(db, search, page).await;
    }
    let page_values = values![page.limit(), page.offset()];
    let rows = db.query(&LIST, &page_values);
    let (rows, total) = futures_util::try_join!(rows, db.query(&COUNT, &[]))?;
    let total = total.first().map_or(Ok(0), |row| row.int(0))?;
    Ok(Page {
        items: rows.iter().map(from_row).collect::<Result<_, _>>()?,
        total,
    })
}

/// Adds a new user.
pub fn insert(batch: Batch, user: &User) -> Batch {
    let mut params = values![user.id.as_str(), user.login_id.to_string()];
    params.push(user.version.into());
    params.extend(changing_values(user));
    params.extend(values![
        user.application_id
            .as_ref()
            .map(|id| id.as_str().to_owned()),
        user.last_sign_in_at.map(Timestamp::millis),
        user.created_at.0,
        user.updated_at.0,
    ]);
    batch.expect(1, Table::Users, &INSERT, params)
}

/// Saves a changed user; conflicts when somebody else changed it since it was read. What a sign-in
/// notes is left alone: it may have been noted since then, for that does not grow the version.
pub fn update(batch: Batch, user: &User) -> Batch {
    let mut params = values![user.id.as_str(), user.version - 1, user.version];
    params.extend(changing_values(user));
    params.push(user.updated_at.0.into());
    batch
        .expect(1, Table::Users, &UPDATE, params)
        .conflict("user.version")
}

/// Notes a sign-in of a user; conflicts when somebody changed it since it was read. This alone does
/// not grow the version. It stands in the place of [`unchanged`], not beside it: two sign-ins at
/// once would each hold the row that the other is about to write.
pub fn record_sign_in(
    batch: Batch,
    user: &User,
    application: Option<&ApplicationId>,
    now: Timestamp,
) -> Batch {
    let application = application.map(|id| id.as_str().to_owned());
    batch
        .expect(
            1,
            Table::Users,
            &RECORD_SIGN_IN,
            values![user.id.as_str(), user.version, now.0, application],
        )
        .conflict("user.version")
}

/// Deletes a user and, by the foreign keys, everything that hangs on it.
pub fn delete(batch: Batch, id: &UserId) -> Batch {
    batch.expect(1, Table::Users, &DELETE, values![id.as_str()])
}

/// A guard: the user is as it was read.
#[must_use]
pub fn unchanged(user: &User) -> Touch {
    Touch {
        table: Table::Users,
        id: user.id.as_str().to_owned(),
        version: user.version,
    }
}

/// A guard as [`unchanged`], which also keeps everybody else who holds the user waiting until the
/// batch is committed. It stands for a set that belongs to the user and has a limit.
pub fn hold(batch: Batch, user: &User) -> Batch {
    batch
        .expect(
            1,
            Table::Users,
            &HOLD,
            values![user.id.as_str(), user.version],
        )
        .conflict("user.version")
}

/// The 17 values from `username` to `is_suspended`, in the order of both statements.
fn changing_values(user: &User) -> Vec<Value> {
    let email = user.primary_email.as_ref();
    let phone = user.primary_phone.as_ref();
    let password = user.password.as_ref();
    values![
        user.username
            .as_ref()
            .map(|username| username.as_str().to_owned()),
        user.username.as_ref().map(Username::key),
        email.map(|email| email.value.as_str().to_owned()),
        email.map(|email| email.value.key()),
        user.verified_email().map(EmailAddress::key),
        email
            .and_then(|email| email.verified_at)
            .map(Timestamp::millis),
        phone.map(|phone| phone.value.as_str().to_owned()),
        user.verified_phone().map(|phone| phone.as_str().to_owned()),
        phone
            .and_then(|phone| phone.verified_at)
            .map(Timestamp::millis),
        user.name.clone(),
        user.avatar.clone(),
        serde_json::json!(user.profile).to_string(),
        serde_json::json!(user.custom_data).to_string(),
        password.map(|password| password.digest.clone()),
        password.map(|password| password.algorithm.as_str().to_owned()),
        password.map(|password| password.updated_at.0),
        user.is_suspended,
    ]
}

/// Reads a row of [`COLUMNS`].
pub(crate) fn from_row(row: &Row) -> Result<User, DbError> {
    let verified_email = row.opt_int(5)?.map(Timestamp);
    let verified_phone = row.opt_int(7)?.map(Timestamp);
    Ok(User {
        id: row.parse(0, UserId::parse)?,
        login_id: row.parse(1, |text| Uuid::parse_str(&text))?,
        version: row.int(2)?,
        username: row.opt_text(3)?.map(Username::from_stored),
        primary_email: row.opt_text(4)?.map(|value| Verifiable {
            value: EmailAddress::from_stored(value),
            verified_at: verified_email,
        }),
        primary_phone: row.opt_text(6)?.map(|value| Verifiable {
            value: PhoneNumber::from_stored(value),
            verified_at: verified_phone,
        }),
        name: row.opt_text(8)?,
        avatar: row.opt_text(9)?,
        profile: row.json(10)?,
        custom_data: row.json::<CustomData>(11)?,
        password: password(row)?,
        is_suspended: row.bool(15)?,
        application_id: row
            .opt_text(16)?
            .and_then(|id| ApplicationId::parse(id).ok()),
        last_sign_in_at: row.opt_int(17)?.map(Timestamp),
        created_at: Timestamp(row.int(18)?),
        updated_at: Timestamp(row.int(19)?),
    })
}

fn password(row: &Row) -> Result<Option<PasswordDigest>, DbError> {
    let (Some(digest), Some(updated_at)) = (row.opt_text(12)?, row.opt_int(14)?) else {
        return Ok(None);
    };
    let algorithm = row.parse(13, |text| {
        PasswordAlgorithm::parse(&text).ok_or("an unknown algorithm")
    })?;
    Ok(Some(PasswordDigest {
        digest,
        algorithm,
        updated_at: Timestamp(updated_at),
    }))
}
