import assert from "node:assert/strict";
import { test } from "node:test";
import fluentLogger from "fluent-logger";
import { startTestReceiver } from "../testing/test-receiver.ts";

// fluent-logger 3.4.1, the client that most Node programs have; its own TLS does not end its handshake, with fluentd either, and is left out.
const modes: readonly { readonly name: string; readonly options: fluentLogger.Options }[] = [
  { name: "plain", options: {} },
  { name: "with acknowledgements", options: { requireAckResponse: true, ackResponseTimeout: 10_000 } },
  {
    name: "packed, with acknowledgements",
    options: { eventMode: "PackedForward", flushInterval: 20, requireAckResponse: true },
  },
  {
    name: "compressed, signed in",
    options: {
      eventMode: "CompressedPackedForward",
      flushInterval: 20,
      requireAckResponse: true,
      security: { clientHostname: "client", sharedKey: "s", username: "u", password: "p" },
    },
  },
];

for (const { name, options } of modes) {
  test(`what fluent-logger sends is stored, ${name}`, async () => {
    const isSignedIn = options.security !== undefined;
    const receiver = await startTestReceiver({
      senders: [isSignedIn ? { username: "u", password: "p", secret: "s" } : { networks: ["127.0.0.1"] }],
    });
    const sender = fluentLogger.createFluentSender("app", {
      host: "127.0.0.1",
      port: receiver.forwardPort,
      timeout: 10,
      internalLogger: { info: () => undefined, error: () => undefined },
      ...options,
    });
    const messages = Array.from({ length: 20 }, (_, index) => `line ${index}`);
    const recordOf = (message: string) => ({ message, level: "warn", n: 1 });
    await Promise.all(
      messages.slice(0, -1).map(
        (message) =>
          new Promise<void>((resolve, reject) => {
            sender.emit("web", recordOf(message), (error) => (error == null ? resolve() : reject(error)));
          }),
      ),
    );
    await new Promise<void>((resolve) => sender.end("web", recordOf(messages.at(-1) ?? ""), () => resolve()));
    // It says that it is sent before it is, unless it asks for acknowledgements.
    while (receiver.store.records.length < messages.length) await new Promise((go) => setTimeout(go, 5));
    assert.deepEqual(
      receiver.store.records.map((record) => [record.source, record.message, record.severity, record.fields]),
      messages.map((message) => ["app.web", message, "warning", { n: 1 }]),
    );
    await receiver.stop();
  });
}
