//! One person's 資格情報 as an XML document in the shape of
//! `OQSsiquc01res_*.xml` (OUT-56, oqs-wire 2.6 and 6.2): [`write()`] and
//! [`read()`].
//!
//! XML and JSON carry one message; here it only changes its clothes. Reading
//! is strict about form (no DTD, no attributes, bounded size and depth, no
//! member twice), because such files come from outside.

mod read;
#[cfg(test)]
mod tests;

pub use read::read;

use super::wire::entitlement::{given, result_info};
use super::wire::message::{Body, Envelope, Header, Message, ResultItem};
use crate::domain::entitlement::Eligibility;
use crate::domain::time::compact_date;
use crate::text::clean::clean;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use std::fmt;
use std::io;

/// Lists whose items are wrapped in an object in JSON and are repeated
/// children in XML.
const LISTS: [&str; 2] = ["ResultList", "SpecificDiseasesCertificateList"];

/// The document of one answer, UTF-8. `id` is the `ArbitraryFileIdentifier`
/// it was asked with, or empty.
pub fn write(answer: &Eligibility, institution: &str, id: &str) -> String {
    let envelope = Envelope {
        message: Message {
            message_header: Header {
                process_execution_time: given(&answer.executed),
                qualification_confirmation_date: Some(compact_date(answer.check_date)),
                medical_institution_code: given(institution),
                arbitrary_file_identifier: given(id),
                reference_classification: Some("2".to_owned()),
                segment_of_result: Some("1".to_owned()),
                character_code_identifier: Some("0".to_owned()),
                ..Header::default()
            },
            message_body: Body {
                processing_result_status: Some("1".to_owned()),
                processing_result_code: answer.remark.as_ref().and_then(|r| given(&r.code)),
                processing_result_message: answer.remark.as_ref().and_then(|r| given(&r.message)),
                qualification_validity: given(answer.validity.code()),
                result_list: answer
                    .entitlements
                    .iter()
                    .map(|one| ResultItem {
                        result_of_qualification_confirmation: result_info(one),
                    })
                    .collect(),
                ..Body::default()
            },
        },
    };
    document(&envelope)
}

fn document(envelope: &Envelope) -> String {
    // Through JSON text, because that keeps the members in specification
    // order, which a parsed `Value` would not.
    let json = serde_json::to_string(envelope).unwrap_or_default();
    let tree = serde_json::from_str(&json).unwrap_or(Node::Group(Vec::new()));
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    let declaration = BytesDecl::new("1.0", Some("UTF-8"), Some("no"));
    // Writing into memory cannot fail.
    let _ = writer
        .write_event(Event::Decl(declaration))
        .and_then(|()| children(&mut writer, &tree));
    let mut text = String::from_utf8(writer.into_inner()).unwrap_or_default();
    text.push('\n');
    text
}

/// A message between its two clothes.
enum Node {
    Text(String),
    Group(Vec<(String, Node)>),
    List(Vec<Node>),
}

fn children(writer: &mut Writer<Vec<u8>>, node: &Node) -> io::Result<()> {
    match node {
        Node::Text(_) => Ok(()),
        Node::List(items) => items.iter().try_for_each(|item| children(writer, item)),
        Node::Group(members) => members
            .iter()
            .try_for_each(|(name, value)| element(writer, name, value)),
    }
}

fn element(writer: &mut Writer<Vec<u8>>, name: &str, value: &Node) -> io::Result<()> {
    let element = writer.create_element(name);
    match value {
        Node::Text(text) => element
            .write_text_content(BytesText::new(&clean(text)))
            .map(drop),
        inner => element
            .write_inner_content(|writer| children(writer, inner))
            .map(drop),
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Seen;
        impl<'de> Visitor<'de> for Seen {
            type Value = Node;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text, an object or a list")
            }

            fn visit_str<E>(self, text: &str) -> Result<Node, E> {
                Ok(Node::Text(text.to_owned()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Node, A::Error> {
                let mut list = Vec::new();
                while let Some(item) = items.next_element()? {
                    list.push(item);
                }
                Ok(Node::List(list))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Node, A::Error> {
                let mut group = Vec::new();
                while let Some(member) = members.next_entry()? {
                    group.push(member);
                }
                Ok(Node::Group(group))
            }
        }
        from.deserialize_any(Seen)
    }
}
