//! How one step becomes a tower layer.
//!
//! A step is a plain function from one type to the next ([`Refine`]); the one
//! generic layer here puts it in front of a service. So each step is read and
//! tested without tower, and a stack in the wrong order has no `Service`
//! implementation: it does not compile.
//!
//! No step stops a conversion. What it finds wrong it notes and hands on, so
//! that a rejected conversion, too, reaches the end in hashed form, where it
//! can be kept: only the last step says whether it may be sent.

use std::task::{Context, Poll};

use tower::{Layer, Service};

/// One step of the pure way: from one stage of a conversion to the next.
pub trait Refine<In> {
    /// The next stage.
    type Out;

    /// Takes the step.
    fn refine(&self, input: In) -> Self::Out;
}

/// The layer of the step `R`.
#[derive(Clone, Copy, Debug)]
pub struct RefineLayer<R>(R);

impl<R> RefineLayer<R> {
    /// Puts `step` in front of whatever is layered.
    pub const fn new(step: R) -> Self {
        Self(step)
    }
}

impl<S, R: Clone> Layer<S> for RefineLayer<R> {
    type Service = Refined<S, R>;

    fn layer(&self, inner: S) -> Self::Service {
        Refined {
            inner,
            step: self.0.clone(),
        }
    }
}

/// A service behind the step `R`: it is called with what the step makes.
#[derive(Clone, Copy, Debug)]
pub struct Refined<S, R> {
    inner: S,
    step: R,
}

impl<In, S, R> Service<In> for Refined<S, R>
where
    R: Refine<In>,
    S: Service<R::Out>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, input: In) -> Self::Future {
        self.inner.call(self.step.refine(input))
    }
}
