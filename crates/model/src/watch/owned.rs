// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Records that no longer borrow from their source, for those that were decoded or mended on the way.

use std::borrow::Cow;

use crate::inventory::Text;

use super::advisory::{Advisory, Affected, Event, Import, NativeRange, Range, Severity};
use super::cve::{AnyOf, Configuration, CpeMatch, CveRecord};
use super::end_of_life::{Lifecycle, Release};
use super::exploitation::{Exploited, Likelihood};

fn text(text: Text<'_>) -> Text<'static> {
    Cow::Owned(text.into_owned())
}

fn texts(list: Vec<Text<'_>>) -> Vec<Text<'static>> {
    list.into_iter().map(text).collect()
}

fn pairs(list: Vec<(Text<'_>, Text<'_>)>) -> Vec<(Text<'static>, Text<'static>)> {
    list.into_iter().map(|(name, value)| (text(name), text(value))).collect()
}

fn each<T, U>(list: Vec<T>, own: impl Fn(T) -> U) -> Vec<U> {
    list.into_iter().map(own).collect()
}

/// `into_owned` for types of texts (`text`), lists of texts (`texts`), pairs of texts (`pairs`), lists of such types
/// (`each`) and values that borrow nothing (`same`).
macro_rules! owned {
    ($($name:ident { $($kind:ident: $($field:ident),+;)* })*) => {$(
        impl $name<'_> {
            /// The same with texts of its own.
            pub fn into_owned(self) -> $name<'static> {
                $name { $($($field: owned!(@ $kind self.$field),)+)* }
            }
        }
    )*};
    (@ same $value:expr) => { $value };
    (@ text $value:expr) => { text($value) };
    (@ texts $value:expr) => { texts($value) };
    (@ pairs $value:expr) => { pairs($value) };
    (@ each $value:expr) => { each($value, |value| value.into_owned()) };
}

owned! {
    Advisory {
        text: id, summary, details;
        texts: aliases, related, upstream, weaknesses;
        same: published, modified, withdrawn, gaps;
        pairs: references;
        each: severities, affected;
    }
    Affected {
        text: ecosystem, name, purl, status_word, module, informational;
        texts: versions, architectures, platforms;
        same: status, is_inexact;
        each: ranges, severities, imports, native_ranges;
    }
    Severity { text: system, value, source; }
    NativeRange { text: text; same: is_unaffected; }
    Import { text: path; texts: symbols; }
    Range { same: kind; text: repository; each: events; }
    CveRecord {
        text: id, assigner, title, description;
        same: is_rejected, published, modified, ssvc, gaps;
        texts: weaknesses, references;
        each: severities, configurations, packages;
    }
    Configuration { each: vulnerable, beside, without; }
    AnyOf { each: names; }
    CpeMatch { text: name, from_including, from_excluding, to_including, to_excluding; }
    Exploited {
        text: vulnerability, product, name, action;
        texts: aliases;
        same: added, due, ransomware;
    }
    Likelihood { text: vulnerability; same: score, percentile; }
    Lifecycle { text: id, title, category, policy; pairs: identifiers; each: releases; same: gaps; }
    Release {
        text: cycle, codename, latest;
        same: is_long_term, released, active_support, security_support, extended_support, latest_released;
    }
}

impl Event<'_> {
    /// The same with a text of its own.
    pub fn into_owned(self) -> Event<'static> {
        match self {
            Self::Introduced(version) => Event::Introduced(text(version)),
            Self::Fixed(version) => Event::Fixed(text(version)),
            Self::LastAffected(version) => Event::LastAffected(text(version)),
            Self::Limit(version) => Event::Limit(text(version)),
        }
    }
}
