// The first script of every web worker. The page compiles worker_bg.wasm once and posts the module to
// each worker as `{module}`; this instantiates it at once, inside that message's own handler. So the
// Rust side listens before the next message is delivered, and none is lost. What came before the
// module is kept, and delivered in its order afterwards.
"use strict";
importScripts(`worker.js${self.location.search}`);

const early = [];

function start(module) {
  self.removeEventListener("message", receive);
  try {
    wasm_bindgen.initSync({ module });
  } catch (error) {
    self.postMessage({ panic: String(error) });
    self.close();
    return;
  }
  for (const { data, ports } of early) {
    self.dispatchEvent(new MessageEvent("message", { data, ports: [...ports] }));
  }
}

function receive(event) {
  if (event.data && event.data.module instanceof WebAssembly.Module) start(event.data.module);
  else early.push(event);
}

self.addEventListener("message", receive);
