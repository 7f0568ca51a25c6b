// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Which part of a list a page shows, and where the others are. Every list says how long it is.

use crate::exports::with_pairs;
use crate::frame::Frame;

/// A part of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pager {
    /// Number of the page, from 1.
    pub page: u64,
    /// Pages in all.
    pub pages: u64,
    /// Rows in all.
    pub total: u64,
    /// Number of the first row that is shown, from 1; 0 when there is none.
    pub first: u64,
    /// Number of the last row that is shown.
    pub last: u64,
    /// Address of the page before; empty when this is the first.
    pub before: String,
    /// Address of the page after; empty when this is the last.
    pub after: String,
}

impl Pager {
    /// A page of a list; one that is not there becomes the nearest that is.
    pub fn new(frame: &Frame, asked: u64, total: u64, rows: u64) -> Self {
        let pages = total.div_ceil(rows.max(1)).max(1);
        let page = asked.clamp(1, pages);
        let address = |page: u64| {
            let mut pairs = frame.kept.clone();
            if !frame.chosen_day.is_empty() {
                pairs.push(("as-of".to_owned(), frame.chosen_day.clone()));
            }
            pairs.push(("page".to_owned(), page.to_string()));
            with_pairs(&frame.path, &pairs)
        };
        Self {
            page,
            pages,
            total,
            first: if total == 0 { 0 } else { (page - 1) * rows + 1 },
            last: (page * rows).min(total),
            before: if page > 1 { address(page - 1) } else { String::new() },
            after: if page < pages { address(page + 1) } else { String::new() },
        }
    }

    /// Rows to pass over.
    pub fn skipped(&self) -> usize {
        usize::try_from(self.first.saturating_sub(1)).unwrap_or(usize::MAX)
    }
}

#[cfg(test)]
mod tests {
    use underpin_render::Language;

    use super::*;
    use crate::frame::Place;
    use crate::visitor::Visitor;

    fn frame(address: &str) -> Frame {
        let uri = address.parse().expect("an address");
        let visitor = Visitor {
            signed: None,
            is_unknown: false,
            awaits_factor: false,
            waiting: 0,
            inactive: Vec::new(),
            language: Language::English,
            uri,
            as_of: None,
            is_lost: false,
        };
        Frame::new(&visitor, Place::Nowhere)
    }

    #[test]
    fn a_page_that_is_not_there_is_the_nearest() {
        let frame = frame("/documents?state=purged&page=3");
        for (asked, total, expected) in [
            (0, 120, (1, 3, 1, 50)),
            (2, 120, (2, 3, 51, 100)),
            (3, 120, (3, 3, 101, 120)),
            (99, 120, (3, 3, 101, 120)),
            (1, 0, (1, 1, 0, 0)),
            (1, 50, (1, 1, 1, 50)),
        ] {
            let pager = Pager::new(&frame, asked, total, 50);
            assert_eq!((pager.page, pager.pages, pager.first, pager.last), expected, "{asked} of {total}");
        }
        let middle = Pager::new(&frame, 2, 120, 50);
        assert_eq!(middle.before, "/documents?state=purged&page=1");
        assert_eq!(middle.after, "/documents?state=purged&page=3");
        let only = Pager::new(&frame, 1, 50, 50);
        assert_eq!((only.before, only.after), (String::new(), String::new()));
    }
}
