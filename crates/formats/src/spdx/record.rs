// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Objects of a JSON document: a [`record!`] is a struct that passes over what it does not know and takes any other
//! type as empty, noting both.

/// What was tolerated in one record. Takes no memory while there is nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Faults(Option<Box<FaultList>>);

/// The faults of one record.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct FaultList {
    /// The record itself is of another type.
    pub(super) wrong_type: bool,
    /// Fields that the format does not have; at most [`Faults::KEPT`].
    pub(super) unknown: Vec<Box<str>>,
}

impl Faults {
    /// Names of unknown fields kept for one record.
    const KEPT: usize = 32;

    /// The faults, if there are any.
    pub(super) fn list(&self) -> Option<&FaultList> {
        self.0.as_deref()
    }

    /// Notes that the record is of another type.
    pub(super) fn wrong_type() -> Self {
        Self(Some(Box::new(FaultList { wrong_type: true, unknown: Vec::new() })))
    }

    /// Notes a field that the format does not have.
    pub(super) fn unknown(&mut self, name: &str) {
        let list = &mut self.0.get_or_insert_default().unknown;
        if list.len() < Self::KEPT {
            list.push(name.chars().take(80).collect::<String>().into());
        }
    }
}

/// Visitor methods for everything that is not what was expected: drained and replaced by `$instead`.
macro_rules! otherwise {
    ($instead:expr; $($kind:ident),*) => { $($crate::spdx::record::otherwise!(@ $kind $instead);)* };
    (@ text $instead:expr) => {
        fn visit_str<E: serde::de::Error>(self, _: &str) -> Result<Self::Value, E> {
            Ok($instead)
        }
    };
    (@ map $instead:expr) => {
        fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
            serde::de::IgnoredAny.visit_map(map)?;
            Ok($instead)
        }
    };
    (@ sequence $instead:expr) => {
        fn visit_seq<A: serde::de::SeqAccess<'de>>(self, sequence: A) -> Result<Self::Value, A::Error> {
            serde::de::IgnoredAny.visit_seq(sequence)?;
            Ok($instead)
        }
    };
    (@ scalar $instead:expr) => {
        fn visit_bool<E: serde::de::Error>(self, _: bool) -> Result<Self::Value, E> {
            Ok($instead)
        }
        fn visit_i64<E: serde::de::Error>(self, _: i64) -> Result<Self::Value, E> {
            Ok($instead)
        }
        fn visit_u64<E: serde::de::Error>(self, _: u64) -> Result<Self::Value, E> {
            Ok($instead)
        }
        fn visit_f64<E: serde::de::Error>(self, _: f64) -> Result<Self::Value, E> {
            Ok($instead)
        }
        fn visit_unit<E: serde::de::Error>(self) -> Result<Self::Value, E> {
            Ok($instead)
        }
    };
}
pub(super) use otherwise;

/// A struct read from an object: named fields are read, those after `skip` are passed over, all others are noted as
/// unknown. Anything but an object gives the empty record with a fault.
macro_rules! record {
    ($(#[$meta:meta])* $name:ident { $($(#[$field_meta:meta])* $field:ident: $kind:ty = $($key:literal)|+,)* } skip $($skipped:literal)|*) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq)]
        pub(in $crate::spdx) struct $name<'a> {
            $($(#[$field_meta])* pub(in $crate::spdx) $field: $kind,)*
            /// What was tolerated.
            pub(in $crate::spdx) faults: $crate::spdx::record::Faults,
            /// Line of the document, where it is read by lines; else 0.
            pub(in $crate::spdx) line: u32,
        }

        impl $crate::spdx::list::Element for $name<'_> {
            fn is_blank(&self) -> bool {
                true $(&& self.$field == Default::default())*
            }
        }

        impl<'de> serde::de::Deserialize<'de> for $name<'de> {
            #[inline]
            fn deserialize<D: serde::de::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                #[expect(non_camel_case_types, reason = "the keys are named as the fields are")]
                enum Key { $($field,)* Skipped, Unknown(Box<str>) }

                struct KeyVisitor;

                impl serde::de::Visitor<'_> for KeyVisitor {
                    type Value = Key;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        formatter.write_str("a key")
                    }

                    #[inline]
                    fn visit_str<E: serde::de::Error>(self, key: &str) -> Result<Key, E> {
                        Ok(match key {
                            $($($key)|+ => Key::$field,)*
                            $($skipped => Key::Skipped,)*
                            _ => Key::Unknown(key.into()),
                        })
                    }
                }

                impl<'de> serde::de::Deserialize<'de> for Key {
                    #[inline]
                    fn deserialize<D: serde::de::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                        deserializer.deserialize_identifier(KeyVisitor)
                    }
                }

                struct RecordVisitor;

                impl<'de> serde::de::Visitor<'de> for RecordVisitor {
                    type Value = $name<'de>;

                    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        formatter.write_str("an object")
                    }

                    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                        let mut record = $name::default();
                        while let Some(key) = map.next_key()? {
                            match key {
                                $(Key::$field => record.$field = map.next_value()?,)*
                                Key::Skipped => { map.next_value::<serde::de::IgnoredAny>()?; }
                                Key::Unknown(name) => {
                                    record.faults.unknown(&name);
                                    map.next_value::<serde::de::IgnoredAny>()?;
                                }
                            }
                        }
                        Ok(record)
                    }

                    $crate::spdx::record::otherwise! {
                        $name { faults: $crate::spdx::record::Faults::wrong_type(), ..$name::default() };
                        text, scalar, sequence
                    }
                }

                deserializer.deserialize_any(RecordVisitor)
            }
        }
    };
}
pub(super) use record;

#[cfg(test)]
mod tests {
    use super::super::field::Field;
    use super::*;

    record! {
        /// A record to test with.
        Sample { name: Field<'a> = "name" | "title", } skip "passed"
    }

    #[test]
    fn records_take_everything() {
        for (json, name, wrong_type, unknown) in [
            (r#"{"name":"a"}"#, "a", false, 0),
            (r#"{"title":"a","passed":[1],"new":{},"newer":1}"#, "a", false, 2),
            ("[1]", "", true, 0),
            ("null", "", true, 0),
            (r#""text""#, "", true, 0),
            ("1e9", "", true, 0),
        ] {
            let record: Sample<'_> = serde_json::from_str(json).unwrap();
            let faults = record.faults.list().cloned().unwrap_or_default();
            assert_eq!(
                (record.name.as_str(), faults.wrong_type, faults.unknown.len()),
                (name, wrong_type, unknown),
                "{json}"
            );
        }
        assert_eq!(size_of::<Faults>(), size_of::<usize>());
    }
}
