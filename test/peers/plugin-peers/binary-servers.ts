import type { Socket } from "node:net";
import { createServer } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import type { Cleanup } from "../../support/index.ts";
import { listen } from "./line-servers.ts";

/** A time server of RFC 868: four bytes, seconds since 1900. */
export function startOldTimeServer(cleanup: Cleanup): Promise<number> {
  return listen(
    cleanup,
    createServer((socket) => {
      const now = Buffer.alloc(4);
      now.writeUInt32BE(Math.floor(Date.now() / 1000) + 2_208_988_800);
      socket.end(now);
    }),
  );
}

/** A directory server: every bind succeeds, every search finds nothing (RFC 4511, in BER). */
export function startDirectoryServer(
  cleanup: Cleanup,
  certificate?: { readonly key: Buffer; readonly cert: Buffer },
): Promise<number> {
  const serve = (socket: Socket) => {
    socket.on("error", () => socket.destroy());
    socket.on("data", (request: Buffer) => {
      // 30 length 02 01 id operation: messages of these plugins are shorter than 128 bytes, or have a length of more bytes.
      const at = (request[1] ?? 0) < 0x80 ? 2 : 2 + ((request[1] ?? 0) & 0x7f);
      const [id, operation] = [request[at + 2] ?? 0, request[at + 3] ?? 0];
      const answer = { 96: 0x61, 99: 0x65, 119: 0x78 }[operation];
      // Result: success, no matched name, no words.
      if (answer !== undefined) socket.write(Buffer.from([0x30, 12, 2, 1, id, answer, 7, 10, 1, 0, 4, 0, 4, 0]));
    });
  };
  return listen(cleanup, certificate === undefined ? createServer(serve) : createTlsServer(certificate, serve));
}

/** A PostgreSQL server as far as a client that connects and goes (protocol 3.0): no TLS, no password, ready. */
export function startPostgresServer(cleanup: Cleanup): Promise<number> {
  return listen(
    cleanup,
    createServer((socket) => {
      socket.on("error", () => socket.destroy());
      socket.on("data", (request: Buffer) => {
        const wantsTls = request.length === 8;
        if (wantsTls) socket.write("N");
        else if (request[0] === 0) {
          const parameter = (name: string, value: string) => {
            const text = Buffer.from(`${name}\0${value}\0`);
            const head = Buffer.from([0x53, 0, 0, 0, text.length + 4]);
            return Buffer.concat([head, text]);
          };
          const ok = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0]);
          const ready = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);
          socket.write(
            Buffer.concat([ok, parameter("server_version", "15.4"), parameter("client_encoding", "UTF8"), ready]),
          );
        }
      });
    }),
  );
}
