//! Searching users: the only statement whose text is put together at run time.

use meibo_domain::{
    page::{Page, PageRequest},
    search::{Condition, Match, SearchField, UserSearch},
    user::User,
};

use crate::{
    db::{Db, DbError, Sql, Value},
    users::{COLUMNS, from_row},
};

/// A page of the users that a search with conditions finds, newest first. Runs on the slow reader,
/// for a pattern that begins with `%` reads the whole table.
pub(crate) async fn list(
    db: &Db,
    search: &UserSearch,
    page: PageRequest,
) -> Result<Page<User>, DbError> {
    let (condition, mut params) = condition(search);
    let count = Sql::from(format!("SELECT COUNT(*) FROM users WHERE {condition}"));
    let total = db
        .query_slow(&count, &params)
        .await?
        .first()
        .map_or(Ok(0), |row| row.int(0))?;
    let limit = params.len() + 1;
    let select = Sql::from(format!(
        "SELECT {COLUMNS} FROM users WHERE {condition} ORDER BY created_at DESC, id DESC LIMIT ${limit} OFFSET ${}",
        limit + 1
    ));
    params.push(page.limit().into());
    params.push(page.offset().into());
    let rows = db.query_slow(&select, &params).await?;
    Ok(Page {
        items: rows.iter().map(from_row).collect::<Result<_, _>>()?,
        total,
    })
}

/// Every shape of the search statement, for the test that prepares each on both engines.
pub(crate) fn shapes() -> Vec<Sql> {
    let like = Condition {
        fields: SearchField::ALL.to_vec(),
        matching: Match::Like("%a%".into()),
    };
    let exact = Condition {
        fields: SearchField::ALL.to_vec(),
        matching: Match::Exact(vec!["a".into(), "b".into()]),
    };
    [true, false]
        .into_iter()
        .flat_map(|flag| {
            let search = UserSearch {
                conditions: vec![like.clone(), exact.clone()],
                all_must_hold: flag,
                is_case_sensitive: flag,
            };
            let (condition, _) = condition(&search);
            [
                Sql::from(format!("SELECT COUNT(*) FROM users WHERE {condition}")),
                Sql::from(format!("SELECT {COLUMNS} FROM users WHERE {condition}")),
            ]
        })
        .collect()
}

fn condition(search: &UserSearch) -> (String, Vec<Value>) {
    let mut params: Vec<Value> = Vec::new();
    let terms: Vec<String> = search
        .conditions
        .iter()
        .map(|one| term(one, search.is_case_sensitive, &mut params))
        .collect();
    let joint = if search.all_must_hold {
        " AND "
    } else {
        " OR "
    };
    (terms.join(joint), params)
}

fn term(condition: &Condition, is_case_sensitive: bool, params: &mut Vec<Value>) -> String {
    // Case is folded by the database on both sides: two hands might fold a letter differently.
    let fold = |text: String| {
        if is_case_sensitive {
            text
        } else {
            format!("LOWER({text})")
        }
    };
    let mut place = |text: &str| {
        params.push(Value::from(text.to_owned()));
        fold(format!("${}", params.len()))
    };
    let test = match &condition.matching {
        Match::Exact(values) => {
            let places: Vec<String> = values.iter().map(|value| place(value)).collect();
            format!("IN ({})", places.join(", "))
        }
        // A backslash is a character like any other; only % and _ are special.
        Match::Like(pattern) => {
            format!("LIKE {} ESCAPE '\\'", place(&pattern.replace('\\', "\\\\")))
        }
    };
    let tests: Vec<String> = condition
        .fields
        .iter()
        .map(|field| format!("{} {test}", fold(column(*field).to_owned())))
        .collect();
    format!("({})", tests.join(" OR "))
}

/// Phone numbers are searched without their `+`, as the contract writes them.
const fn column(field: SearchField) -> &'static str {
    match field {
        SearchField::Id => "id",
        SearchField::PrimaryEmail => "primary_email",
        SearchField::PrimaryPhone => "REPLACE(primary_phone, '+', '')",
        SearchField::Username => "username",
        SearchField::Name => "name",
    }
}
