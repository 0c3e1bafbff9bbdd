//! A web worker as the page sees it: start it, post to it, hear from it, end it.
//!
//! It knows how a worker is loaded and how one fails, and nothing of what the messages mean.

use std::{
    cell::{Cell, OnceCell},
    rc::Rc,
};

use js_sys::{Array, Object, Promise, Reflect, WebAssembly};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{ErrorEvent, MessageEvent, Response, Worker};

thread_local! {
    /// The compiled program of all workers. Compiling takes longer than starting from it, so it is done once a page.
    static MODULE: OnceCell<Promise> = const { OnceCell::new() };
}

/// A running web worker. Dropping it terminates the worker, at once and in the middle of a loop too.
pub(crate) struct WorkerLink {
    worker: Worker,
    // The browser calls these for as long as the worker lives.
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(ErrorEvent)>,
}

impl WorkerLink {
    /// Starts a worker. Messages may be posted right away: its loader keeps them until the program runs.
    ///
    /// `on_failure` hears once, in words, of a program that could not be loaded or of a panic. A worker that has
    /// failed is closed; start another.
    ///
    /// # Errors
    ///
    /// When the browser refuses to make a worker at all.
    pub(crate) fn start(
        on_message: impl Fn(JsValue) + 'static,
        on_failure: impl FnOnce(String) + 'static,
    ) -> Result<Self, JsValue> {
        let worker = Worker::new(&with_build("worker_loader.js"))?;
        let failure = Failure(Rc::new(Cell::new(Some(Box::new(on_failure)))));
        let panicked = failure.clone();
        let on_message = Closure::new(move |event: MessageEvent| match panic_in(&event.data()) {
            Some(message) => panicked.tell(message),
            None => on_message(event.data()),
        });
        let erred = failure.clone();
        let on_error = Closure::new(move |event: ErrorEvent| erred.tell(reason_of(&event)));
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        post_module(worker.clone(), failure);
        Ok(Self { worker, _on_message: on_message, _on_error: on_error })
    }

    /// Posts a message, which is copied, but for the buffers in it: they change hands.
    ///
    /// # Errors
    ///
    /// When the browser cannot copy `message` or has given a buffer away already.
    pub(crate) fn post(&self, message: &JsValue, buffers: &Array) -> Result<(), JsValue> {
        self.worker.post_message_with_transfer(message, buffers)
    }
}

impl Drop for WorkerLink {
    fn drop(&mut self) {
        // What was posted before may still be delivered, to closures that are gone with this.
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

/// Who is told of the first failure. After a panic's message an error without meaning follows, from the
/// trap that ends the program.
#[derive(Clone)]
struct Failure(Rc<Cell<Option<OnFailure>>>);

type OnFailure = Box<dyn FnOnce(String)>;

impl Failure {
    fn tell(&self, reason: String) {
        if let Some(on_failure) = self.0.take() {
            on_failure(reason);
        }
    }
}

/// Sends the compiled program to the loader, which waits for it.
fn post_module(worker: Worker, failure: Failure) {
    spawn_local(async move {
        let sent = async {
            let module =
                JsFuture::from(MODULE.with(|module| module.get_or_init(compile).clone())).await?;
            let message = Object::new();
            Reflect::set(&message, &"module".into(), &module)?;
            worker.post_message(&message)
        };
        if let Err(reason) = sent.await {
            failure.tell(format!("the worker's program could not be loaded: {}", words(&reason)));
        }
    });
}

fn compile() -> Promise {
    wasm_bindgen_futures::future_to_promise(async {
        let window = web_sys::window().ok_or("workers are started by a page")?;
        let address = with_build("worker_bg.wasm");
        let response: Response =
            JsFuture::from(window.fetch_with_str(&address)).await?.unchecked_into();
        if !response.ok() {
            return Err(format!("{address} answered {}", response.status()).into());
        }
        // Compiling while it arrives needs the right MIME type, which not every static host sends.
        let copy = response.clone()?;
        let arriving: Promise = Promise::resolve(&JsValue::from(response));
        match JsFuture::from(WebAssembly::compile_streaming(&arriving)).await {
            Ok(module) => Ok(module),
            Err(_) => {
                let bytes = JsFuture::from(copy.array_buffer()?).await?;
                JsFuture::from(WebAssembly::compile(&bytes)).await
            }
        }
    })
}

/// A file's address with the build's id: file names of workers carry no hash, and a new page must not
/// meet an old worker out of some cache.
fn with_build(file: &str) -> String {
    web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| document.query_selector("meta[name=millrace-build]").ok().flatten())
        .and_then(|meta| meta.get_attribute("content"))
        .map_or_else(|| file.to_owned(), |build| format!("{file}?build={build}"))
}

fn panic_in(message: &JsValue) -> Option<String> {
    Reflect::get(message, &"panic".into()).ok()?.as_string()
}

fn reason_of(event: &ErrorEvent) -> String {
    // Where the script cannot be loaded, it is a plain event, which has no message at all.
    let message = Reflect::get(event, &"message".into()).ok().and_then(|it| it.as_string());
    match message.unwrap_or_default() {
        message if message.is_empty() => "the worker could not be loaded".to_owned(),
        message => message,
    }
}

fn words(reason: &JsValue) -> String {
    reason.as_string().unwrap_or_else(|| format!("{reason:?}"))
}
