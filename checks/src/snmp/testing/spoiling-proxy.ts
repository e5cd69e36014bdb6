import { createSocket } from "node:dgram";
import { once } from "node:events";

/** For tests: stands between a session and a device, and changes what the device answers. */
export interface SpoilingProxy {
  readonly port: number;
  /** Undefined: nothing is changed. */
  spoil: ((answer: Buffer) => Buffer) | undefined;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function startSpoilingProxy(devicePort: number): Promise<SpoilingProxy> {
  const front = createSocket("udp4");
  const back = createSocket("udp4");
  front.bind(0, "127.0.0.1");
  back.bind(0, "127.0.0.1");
  await Promise.all([once(front, "listening"), once(back, "listening")]);
  let asker: { readonly port: number; readonly address: string } | undefined;
  const proxy: SpoilingProxy = {
    port: front.address().port,
    spoil: undefined,
    async [Symbol.asyncDispose]() {
      await Promise.all([front, back].map((socket) => new Promise<void>((resolve) => socket.close(resolve))));
    },
  };
  front.on("message", (message, from) => {
    asker = from;
    back.send(message, devicePort, "127.0.0.1");
  });
  back.on("message", (answer) => {
    if (asker !== undefined) front.send(proxy.spoil?.(answer) ?? answer, asker.port, asker.address);
  });
  return proxy;
}
