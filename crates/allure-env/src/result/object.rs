//! A JSON object of which some keys are known, read from whatever stands in its place.

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

        impl<'de: 'a, 'a> serde::Deserialize<'de> for $name<'a> {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                use serde::de::{IgnoredAny, MapAccess, SeqAccess, Visitor};
                use std::fmt;

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

pub(crate) use object;
