// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Fields of things in the registry, set one by one from words: what the command line's flags and the pages' forms give.

use serde::Serialize;
use underpin_model::registry::{Agency, AgencyId, Deployment, DeploymentId, MappingRule, System};

use crate::error::{OfficeError, Result};
use crate::house::Desk;

/// New values: the field's name and what it is to hold. No value empties the field; only lists take several.
pub type Fields = Vec<(String, Vec<String>)>;

/// A field that changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct FieldChange {
    /// Its name.
    pub field: String,
    /// What it held.
    pub before: String,
    /// What it holds now.
    pub after: String,
}

/// Something whose fields can be set.
pub trait Settable {
    /// Sets one field. References may be names; the desk finds what they mean.
    ///
    /// # Errors
    /// `invalid-field` for a field that is not there or a value that does not fit; `not-found` and `ambiguous-name`.
    fn set(&mut self, field: &str, values: &[String], desk: &Desk) -> Result<()>;
}

impl Settable for Agency {
    fn set(&mut self, field: &str, values: &[String], desk: &Desk) -> Result<()> {
        match field {
            "name" => self.name = required(field, values)?,
            "aliases" => self.aliases = list(values),
            "parent" => {
                let parent = one(field, values)?;
                self.parent = match parent.is_empty() {
                    true => None,
                    false => Some(desk.agency_called(&parent)?.id.clone()),
                };
            }
            "contact" => self.contact = one(field, values)?,
            "declared_systems" => self.declared_systems = number(field, &one(field, values)?)?,
            "predecessors" => self.predecessors = list(values).into_iter().map(AgencyId).collect(),
            _ => return Err(no_field("agency", field)),
        }
        Ok(())
    }
}

impl Settable for System {
    fn set(&mut self, field: &str, values: &[String], desk: &Desk) -> Result<()> {
        match field {
            "name" => self.name = required(field, values)?,
            "aliases" => self.aliases = list(values),
            "agency" => self.agency = desk.agency_called(&required(field, values)?)?.id.clone(),
            "purpose" => self.purpose = one(field, values)?,
            "operator" => self.operator = one(field, values)?,
            "supplier" => self.supplier = one(field, values)?,
            "support" => self.support = one(field, values)?,
            "contact" => self.contact = one(field, values)?,
            "confidentiality" => self.confidentiality = word(field, values)?,
            "integrity" => self.integrity = word(field, values)?,
            "availability" => self.availability = word(field, values)?,
            "exposure" => self.exposure = word(field, values)?,
            "classification" => self.classification = word(field, values)?,
            "status" => self.status = word(field, values)?,
            "depends_on" => {
                let found = list(values).into_iter().map(|text| Ok(desk.system_called(&text)?.id.clone()));
                self.depends_on = found.collect::<Result<_>>()?;
            }
            "compartments" => self.compartments = list(values),
            _ => return Err(no_field("system", field)),
        }
        Ok(())
    }
}

impl Settable for Deployment {
    fn set(&mut self, field: &str, values: &[String], desk: &Desk) -> Result<()> {
        match field {
            "system" => self.system = desk.system_called(&required(field, values)?)?.id.clone(),
            "name" => self.name = one(field, values)?,
            "environment" => self.environment = one(field, values)?,
            "location" => self.location = one(field, values)?,
            "exposure" => self.exposure = word(field, values)?,
            _ => return Err(no_field("deployment", field)),
        }
        Ok(())
    }
}

impl Settable for MappingRule {
    fn set(&mut self, field: &str, values: &[String], desk: &Desk) -> Result<()> {
        match field {
            "on" => self.on = word(field, values)?,
            "pattern" => self.pattern = required(field, values)?,
            "system" => self.system = desk.system_called(&required(field, values)?)?.id.clone(),
            "deployment" => {
                let id = one(field, values)?;
                self.deployment = (!id.is_empty()).then_some(DeploymentId(id));
            }
            _ => return Err(no_field("mapping", field)),
        }
        Ok(())
    }
}

/// Sets all fields, one after the other.
///
/// # Errors
/// Those of the first that does not fit.
pub fn set_all<T: Settable>(value: &mut T, fields: &Fields, desk: &Desk) -> Result<()> {
    fields.iter().try_for_each(|(field, values)| value.set(field, values, desk))
}

/// The fields in which two things differ, in alphabetical order.
pub fn differences<T: Serialize>(before: Option<&T>, after: Option<&T>) -> Vec<FieldChange> {
    let fields = |value: Option<&T>| match value.map(serde_json::to_value) {
        Some(Ok(serde_json::Value::Object(fields))) => fields,
        _ => serde_json::Map::new(),
    };
    let (before, after) = (fields(before), fields(after));
    let names = if after.is_empty() { before.keys() } else { after.keys() };
    let names: Vec<String> = names.cloned().collect();
    let change = |field: String| {
        let (old, new) = (shown(before.get(&field)), shown(after.get(&field)));
        (old != new).then_some(FieldChange { field, before: old, after: new })
    };
    names.into_iter().filter_map(change).collect()
}

/// A value as people write it: lists joined by semicolons.
pub fn shown(value: Option<&serde_json::Value>) -> String {
    match value {
        None | Some(serde_json::Value::Null) => String::new(),
        Some(serde_json::Value::String(text)) => text.clone(),
        Some(serde_json::Value::Array(items)) => {
            items.iter().map(|item| shown(Some(item))).collect::<Vec<_>>().join("; ")
        }
        Some(other) => other.to_string(),
    }
}

fn invalid(message: String) -> OfficeError {
    OfficeError::new("invalid-field", message)
}

fn no_field(kind: &str, field: &str) -> OfficeError {
    invalid(format!("a registered {kind} has no field {field:?}"))
}

fn one(field: &str, values: &[String]) -> Result<String> {
    match values {
        [] => Ok(String::new()),
        [only] if !only.chars().any(char::is_control) => Ok(only.trim().to_owned()),
        [_] => Err(invalid(format!("{field} holds a control character"))),
        _ => Err(invalid(format!("{field} takes one value"))),
    }
}

fn required(field: &str, values: &[String]) -> Result<String> {
    let value = one(field, values)?;
    if value.is_empty() { Err(invalid(format!("{field} must not be empty"))) } else { Ok(value) }
}

fn word<T: std::str::FromStr<Err = String> + Default>(field: &str, values: &[String]) -> Result<T> {
    let value = one(field, values)?;
    if value.is_empty() {
        Ok(T::default())
    } else {
        value.parse().map_err(|error| invalid(format!("{field}: {error}")))
    }
}

fn number(field: &str, text: &str) -> Result<Option<u64>> {
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| invalid(format!("{field}: {text:?} is no whole number")))
}

/// Values given one by one or with semicolons between them.
fn list(values: &[String]) -> Vec<String> {
    let texts = values.iter().flat_map(|value| value.split(';')).map(str::trim).filter(|text| !text.is_empty());
    let mut list: Vec<String> = Vec::new();
    for text in texts {
        if !list.iter().any(|known| known == text) {
            list.push(text.to_owned());
        }
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_name_only_what_changes() {
        let before = System { id: "portal".into(), name: "Portal".to_owned(), ..System::default() };
        let mut after = before.clone();
        after.aliases = vec!["P".to_owned(), "Q".to_owned()];
        let change = |field: &str, before: &str, after: &str| FieldChange {
            field: field.to_owned(),
            before: before.to_owned(),
            after: after.to_owned(),
        };
        assert_eq!(differences(Some(&before), Some(&after)), [change("aliases", "", "P; Q")]);
        assert_eq!(differences(Some(&before), Some(&before)), []);
    }

    #[test]
    fn lists_take_several_values_and_drop_repetitions() {
        let texts = |values: &[&str]| values.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        assert_eq!(list(&texts(&["a; b", "b", " c ;"])), texts(&["a", "b", "c"]));
        assert!(one("contact", &texts(&["a", "b"])).is_err());
        assert!(number("declared_systems", "-1").is_err());
        assert_eq!(number("declared_systems", "7").expect("a number"), Some(7));
    }
}
