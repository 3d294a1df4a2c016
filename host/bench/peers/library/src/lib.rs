//! Gives back the bytes it is given, in memory of its own: as much as a program without any boundary has to do.

/// Bytes that belong to the library until they are given to [`release`].
#[repr(C)]
#[derive(Debug)]
pub struct Buffer {
    /// Where they are.
    pub bytes: *mut u8,
    /// How many.
    pub length: usize,
}

/// Gives back the bytes it is given.
///
/// # Safety
/// There are `length` bytes at `bytes`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn echo(bytes: *const u8, length: usize) -> Buffer {
    // SAFETY: the caller says so.
    let input = unsafe { std::slice::from_raw_parts(bytes, length) };
    let output = Box::into_raw(input.to_vec().into_boxed_slice());
    Buffer { bytes: output.cast(), length }
}

/// Frees what [`echo`] gave.
///
/// # Safety
/// The buffer is one of [`echo`], and given once.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn release(buffer: Buffer) {
    // SAFETY: `echo` made it of a box of this length.
    drop(unsafe { Box::from_raw(std::ptr::slice_from_raw_parts_mut(buffer.bytes, buffer.length)) });
}
