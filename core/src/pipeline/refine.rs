//! How one step becomes a tower layer.
//!
//! A step is a plain function from one type to the next ([`Refine`]); the one
//! generic layer here puts it in front of a service. So each step is read and
//! tested without tower, and a stack in the wrong order has no `Service`
//! implementation: it does not compile.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;
use tower::{Layer, Service};

use crate::rejection::Rejection;

/// One step of the pure way: from one stage of a conversion to the next.
pub trait Refine<In> {
    /// The next stage.
    type Out;

    /// Takes the step.
    ///
    /// # Errors
    ///
    /// Everything about the conversion that this step cannot let through.
    fn refine(&self, input: In) -> Result<Self::Out, Rejection>;
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

/// A service behind the step `R`: what the step lets through, it is called with.
#[derive(Clone, Copy, Debug)]
pub struct Refined<S, R> {
    inner: S,
    step: R,
}

impl<In, S, R> Service<In> for Refined<S, R>
where
    R: Refine<In>,
    S: Service<R::Out>,
    S::Error: From<Rejection>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = RefinedFuture<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, input: In) -> Self::Future {
        match self.step.refine(input) {
            Ok(output) => RefinedFuture::Passed {
                inner: self.inner.call(output),
            },
            Err(rejection) => RefinedFuture::Rejected {
                rejection: Some(rejection),
            },
        }
    }
}

pin_project! {
    /// The outcome of a step, or of what stands behind it.
    #[project = RefinedProjection]
    pub enum RefinedFuture<F> {
        /// The step let the conversion through.
        Passed {
            #[pin]
            inner: F,
        },
        /// The step did not; the rejection is taken at the first poll.
        Rejected {
            rejection: Option<Rejection>,
        },
    }
}

impl<F, T, E> Future for RefinedFuture<F>
where
    F: Future<Output = Result<T, E>>,
    E: From<Rejection>,
{
    type Output = Result<T, E>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project() {
            RefinedProjection::Passed { inner } => inner.poll(context),
            RefinedProjection::Rejected { rejection } => match rejection.take() {
                Some(rejection) => Poll::Ready(Err(rejection.into())),
                None => Poll::Pending,
            },
        }
    }
}
