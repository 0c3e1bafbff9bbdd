//! Parcels as JavaScript carries them: an array of buffers, the header first, which all change
//! hands.

use crate::live::wire::Parcel;
use bytes::Bytes;
use js_sys::{Array, ArrayBuffer, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};

/// The buffers of a parcel: both what is posted, and what changes hands.
pub(super) fn buffers_of(parcel: &Parcel) -> Array {
    std::iter::once(&parcel.header)
        .chain(&parcel.payloads)
        .map(|bytes| Uint8Array::from(&bytes[..]).buffer())
        .collect()
}

/// The parcel that was posted; nothing when it was something else.
pub(super) fn parcel_of(message: &JsValue) -> Option<Parcel> {
    let buffers = message.dyn_ref::<Array>()?;
    let bytes = |buffer: JsValue| {
        let buffer = buffer.dyn_into::<ArrayBuffer>().ok()?;
        Some(Bytes::from(Uint8Array::new(&buffer).to_vec()))
    };
    let mut all = buffers.iter().map(bytes).collect::<Option<Vec<Bytes>>>()?.into_iter();
    Some(Parcel { header: all.next()?, payloads: all.collect() })
}
