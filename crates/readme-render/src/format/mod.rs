//! Python's two ways of filling text: `'%d' % x` and `'{:d}'.format(x)`.

mod braces;
mod percent;
mod spec;

pub use braces::braces;
pub use percent::percent;
