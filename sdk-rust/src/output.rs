//! What the standard library writes and how it exits, where it is made of WASI (`wasi = true`).

/// Writes out what the component has printed without ending the line: nothing else would before the next line.
pub(crate) fn flush() {
    #[cfg(target_os = "wasi")]
    {
        // Output that cannot be written is lost, as it is at the end of a program.
        let _ = std::io::Write::flush(&mut std::io::stdout());
    }
}

#[cfg(target_os = "wasi")]
mod exit {
    use crate::{LogLevel, host_services};

    /// Stands in for the C library's, which tells the host of success and failure only: the host learns the status from
    /// this record.
    #[allow(unsafe_code, reason = "the linker takes it in place of the C library's function of this name and type")]
    #[unsafe(no_mangle)]
    extern "C" fn _Exit(status: i32) -> ! {
        host_services::log(LogLevel::Error, "exited", &[("kind", "exit"), ("status", &status.to_string())]);
        core::arch::wasm32::unreachable()
    }

    /// The same by its other name, which the C library defines in the same place.
    #[allow(unsafe_code, reason = "the linker takes it in place of the C library's function of this name and type")]
    #[unsafe(no_mangle)]
    extern "C" fn _exit(status: i32) -> ! {
        _Exit(status)
    }
}
