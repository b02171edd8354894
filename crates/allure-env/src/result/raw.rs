//! The fields of a result file that counting and checking need, whatever their types.
//!
//! Fields as `io.qameta.allure.model` names them. Of a field that is there twice, the last one
//! counts, in both generators.

use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::loose::{List, Loose};

/// Declares an object that can be read from any JSON value; `wrong` says it was no object.
macro_rules! object {
    ($(#[$doc:meta])* $name:ident { $($field:ident: $type:ty = $key:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq)]
        pub(crate) struct $name<'a> {
            /// It is something else than an object.
            pub wrong: bool,
            /// A key that differs from a known one by its case only: Allure 2 takes it.
            pub odd_case: bool,
            $(pub $field: $type,)*
        }

        impl<'de: 'a, 'a> Deserialize<'de> for $name<'a> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Object<'a>(std::marker::PhantomData<$name<'a>>);

                impl<'a> Object<'a> {
                    fn wrong<E>() -> Result<$name<'a>, E> {
                        Ok($name { wrong: true, ..$name::default() })
                    }
                }

                impl<'de: 'a, 'a> Visitor<'de> for Object<'a> {
                    type Value = $name<'a>;

                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str("a value")
                    }

                    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                        let mut object = $name::default();
                        while let Some(key) = map.next_key::<Loose<'de>>()? {
                            match key.js_text().unwrap_or_default() {
                                $($key => object.$field = map.next_value()?,)*
                                other => {
                                    let odd = [$($key),*].iter().any(|key| key.eq_ignore_ascii_case(other));
                                    object.odd_case |= odd;
                                    map.next_value::<IgnoredAny>()?;
                                }
                            }
                        }
                        Ok(object)
                    }

                    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                        while seq.next_element::<IgnoredAny>()?.is_some() {}
                        Self::wrong()
                    }

                    fn visit_unit<E>(self) -> Result<Self::Value, E> {
                        Self::wrong()
                    }

                    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
                        Self::wrong()
                    }

                    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
                        Self::wrong()
                    }

                    fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
                        Self::wrong()
                    }

                    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
                        Self::wrong()
                    }

                    fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
                        Self::wrong()
                    }
                }
                deserializer.deserialize_any(Object(std::marker::PhantomData))
            }
        }
    };
}

object! {
    /// `*-result.json`.
    Raw {
        uuid: Loose<'a> = "uuid",
        history_id: Loose<'a> = "historyId",
        test_case_id: Loose<'a> = "testCaseId",
        test_case_name: Loose<'a> = "testCaseName",
        full_name: Loose<'a> = "fullName",
        name: Loose<'a> = "name",
        title_path: List<Loose<'a>> = "titlePath",
        labels: List<Named<'a>> = "labels",
        links: List<Named<'a>> = "links",
        status: Loose<'a> = "status",
        details: Option<Details<'a>> = "statusDetails",
        description: Loose<'a> = "description",
        description_html: Loose<'a> = "descriptionHtml",
        steps: List<Step<'a>> = "steps",
        attachments: List<Attachment<'a>> = "attachments",
        parameters: List<Parameter<'a>> = "parameters",
        start: Loose<'a> = "start",
        stop: Loose<'a> = "stop",
    }
}

object! {
    /// `statusDetails`.
    Details {
        message: Loose<'a> = "message",
        trace: Loose<'a> = "trace",
        known: Loose<'a> = "known",
        muted: Loose<'a> = "muted",
        flaky: Loose<'a> = "flaky",
    }
}

object! {
    /// A label or a link: what has a name and perhaps a value.
    Named {
        name: Loose<'a> = "name",
        value: Loose<'a> = "value",
    }
}

object! {
    /// A parameter.
    Parameter {
        name: Loose<'a> = "name",
        value: Loose<'a> = "value",
        excluded: Loose<'a> = "excluded",
    }
}

object! {
    /// A reference to a file beside the result.
    Attachment {
        name: Loose<'a> = "name",
        source: Loose<'a> = "source",
        media_type: Loose<'a> = "type",
    }
}

object! {
    /// A step or a fixture, with the steps below it.
    Step {
        name: Loose<'a> = "name",
        status: Loose<'a> = "status",
        details: Option<Details<'a>> = "statusDetails",
        steps: List<Step<'a>> = "steps",
        attachments: List<Attachment<'a>> = "attachments",
        parameters: List<Parameter<'a>> = "parameters",
        start: Loose<'a> = "start",
        stop: Loose<'a> = "stop",
    }
}

impl Raw<'_> {
    /// Whether a key that matters differs from a known one by its case only.
    pub(crate) fn any_odd_case(&self) -> bool {
        self.odd_case
            || self.labels.items().any(|label| label.odd_case)
            || self.parameters.items().any(|parameter| parameter.odd_case)
    }
}
