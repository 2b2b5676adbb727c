//! Pages of a list: `page` from 1, `page_size` 1 to 100, 20 unless told.

use crate::{Error, ErrorCode, Result};

/// Items on a page unless told.
pub const DEFAULT_PAGE_SIZE: u32 = 20;

/// Items on a page at most.
pub const MAX_PAGE_SIZE: u32 = 100;

/// Which part of a list is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageRequest {
    /// From 1.
    pub page: u32,
    /// 1 to 100.
    pub page_size: u32,
}

impl PageRequest {
    /// Reads the two query parameters.
    ///
    /// # Errors
    /// `guard.invalid_pagination` when one is no number or out of range.
    pub fn parse(page: Option<&str>, page_size: Option<&str>) -> Result<Self> {
        let read = |text: Option<&str>, default: u32, max: u32| match text {
            None => Ok(default),
            Some(text) => text
                .parse::<u32>()
                .ok()
                .filter(|number| (1..=max).contains(number) && !text.starts_with('+'))
                .ok_or_else(|| Error::new(ErrorCode::InvalidPagination)),
        };
        Ok(Self {
            page: read(page, 1, 10_000_000)?,
            page_size: read(page_size, DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE)?,
        })
    }

    /// Items before this page.
    #[must_use]
    pub fn offset(self) -> i64 {
        i64::from(self.page.saturating_sub(1)) * i64::from(self.page_size)
    }

    /// Items on this page at most.
    #[must_use]
    pub fn limit(self) -> i64 {
        i64::from(self.page_size)
    }
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The items in order.
    pub items: Vec<T>,
    /// Items of the whole list.
    pub total: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds() {
        let page = PageRequest::parse(Some("3"), Some("50")).unwrap();
        assert_eq!((page.offset(), page.limit()), (100, 50));
        assert_eq!(
            PageRequest::parse(None, None).unwrap(),
            PageRequest {
                page: 1,
                page_size: 20
            }
        );
        for (page, size) in [
            ("0", "20"),
            ("-1", "20"),
            ("1", "0"),
            ("1", "101"),
            ("x", "20"),
            ("", "20"),
            ("+1", "20"),
            ("99999999999", "1"),
        ] {
            let error = PageRequest::parse(Some(page), Some(size)).unwrap_err();
            assert_eq!(error.code(), ErrorCode::InvalidPagination, "{page} {size}");
        }
    }
}
