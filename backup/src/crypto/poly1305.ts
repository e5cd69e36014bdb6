import { loadModule } from "../wasm/index.ts";

/** Poly1305 with one `r`, message after message. */
export interface Poly1305 {
  /** Writes the tag (16 bytes) of a message under the one-time pad `s` (16 bytes) into `tag`. */
  authenticate(message: Uint8Array, s: Uint8Array, tag: Uint8Array): void;
}

const tagBytes = 16;

/** Poly1305 with this `r` (16 bytes, masked here as the paper says). */
export function createPoly1305(r: Uint8Array): Poly1305 {
  const module = loadModule("poly1305");
  const { memory } = module;
  const [begin, update, finish] = [module.call("begin"), module.call("update"), module.call("finish")];
  const inputAt = module.constant("inputAt");
  const inputBytes = module.constant("inputBytes");
  memory.set(r, 0);
  module.call("setKey")();
  return {
    authenticate(message, s, tag) {
      memory.set(s, 16);
      begin();
      for (let from = 0; from < message.length; from += inputBytes) {
        const length = Math.min(inputBytes, message.length - from);
        memory.set(message.subarray(from, from + length), inputAt);
        update(length);
      }
      finish();
      tag.set(memory.subarray(32, 32 + tagBytes));
    },
  };
}
