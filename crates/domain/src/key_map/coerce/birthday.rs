//! A birthday: a real day of the calendar, from 1900 until today.

use time::{Date, Month, OffsetDateTime, format_description::well_known::Rfc3339};

use super::super::{document::Json, reason::Reason};

/// Epochs of a smaller amount are seconds, others milliseconds: 1e11 s is the year 5138, 1e11 ms is 1973.
const MILLISECONDS_FROM: u64 = 100_000_000_000;

/// `YYYY-MM-DD`.
pub(super) fn coerce(json: &Json<'_>, today: Date) -> Result<String, Reason> {
    let text = match json {
        Json::Text(text) => text.trim(),
        Json::Number(text) => text,
        _ => return Err(Reason::WrongType),
    };
    let date = read(text)?;
    if date.year() < 1900 {
        return Err(Reason::Before1900);
    }
    if date > today {
        return Err(Reason::InFuture);
    }
    Ok(format!(
        "{:04}-{:02}-{:02}",
        date.year(),
        u8::from(date.month()),
        date.day()
    ))
}

/// The day of an epoch in seconds, in UTC; none outside of the years that `time` has.
pub(super) fn day_of(seconds: i64) -> Option<Date> {
    OffsetDateTime::from_unix_timestamp(seconds)
        .ok()
        .map(OffsetDateTime::date)
}

fn read(text: &str) -> Result<Date, Reason> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return match text.len() {
            // Eight digits are a date before they are an epoch, and a wrong date is not read as one.
            8 if digits.len() == 8 => day(text.get(..4), text.get(4..6), text.get(6..)),
            // As an epoch it would be the first hour of 1970.
            4 if digits.len() == 4 => Err(Reason::YearOnly),
            _ => epoch(text),
        };
    }
    for separator in ['-', '/'] {
        let parts: Vec<&str> = text.split(separator).collect();
        if let [year, month, date] = parts.as_slice()
            && (year.len(), month.len(), date.len()) == (4, 2, 2)
        {
            return day(Some(year), Some(month), Some(date));
        }
    }
    // The date as written: what the clock said where the stamp was made.
    if OffsetDateTime::parse(text, &Rfc3339).is_ok() {
        return day(text.get(..4), text.get(5..7), text.get(8..10));
    }
    Err(Reason::NotADate)
}

fn day(year: Option<&str>, month: Option<&str>, day: Option<&str>) -> Result<Date, Reason> {
    let number = |part: Option<&str>| -> Option<u16> {
        part.filter(|part| part.bytes().all(|byte| byte.is_ascii_digit()))?
            .parse()
            .ok()
    };
    let (Some(year), Some(month), Some(day)) = (number(year), number(month), number(day)) else {
        return Err(Reason::NotADate);
    };
    let month = u8::try_from(month)
        .ok()
        .and_then(|month| Month::try_from(month).ok());
    let day = u8::try_from(day).ok();
    month
        .zip(day)
        .and_then(|(month, day)| Date::from_calendar_date(year.into(), month, day).ok())
        .ok_or(Reason::NoSuchDay)
}

fn epoch(text: &str) -> Result<Date, Reason> {
    let number: i64 = text.parse().map_err(|_| Reason::NotADate)?;
    let seconds = if number.unsigned_abs() < MILLISECONDS_FROM {
        number
    } else {
        number.div_euclid(1000)
    };
    day_of(seconds).ok_or(Reason::NotADate)
}
