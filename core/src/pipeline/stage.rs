//! How one step becomes a tower layer.
//!
//! A step is a plain function from one type to the next ([`PipelineStage`]); the one
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
pub trait PipelineStage<In> {
    /// The next stage.
    type Out;

    /// Takes the step.
    fn apply(&self, input: In) -> Self::Out;
}

/// The layer of the step `R`.
#[derive(Clone, Copy, Debug)]
pub struct StageLayer<R>(R);

impl<R> StageLayer<R> {
    /// Puts `step` in front of whatever is layered.
    pub const fn new(step: R) -> Self {
        Self(step)
    }
}

impl<S, R: Clone> Layer<S> for StageLayer<R> {
    type Service = StageService<S, R>;

    fn layer(&self, inner: S) -> Self::Service {
        StageService {
            inner,
            step: self.0.clone(),
        }
    }
}

/// A service behind the step `R`: it is called with what the step makes.
#[derive(Clone, Copy, Debug)]
pub struct StageService<S, R> {
    inner: S,
    step: R,
}

impl<In, S, R> Service<In> for StageService<S, R>
where
    R: PipelineStage<In>,
    S: Service<R::Out>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, input: In) -> Self::Future {
        self.inner.call(self.step.apply(input))
    }
}
