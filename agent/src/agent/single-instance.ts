import { createHash } from "node:crypto";
import { realpath } from "node:fs/promises";
import { createServer } from "node:net";

/**
 * Takes the right to be the only agent on a state directory; resolves with what gives it back, or undefined when another has it.
 * It is an abstract Unix socket (unix(7)): the kernel gives it up with the process, also after kill -9.
 */
export async function becomeOnlyInstance(directory: string): Promise<(() => void) | undefined> {
  const name = createHash("sha256")
    .update(await realpath(directory))
    .digest("hex")
    .slice(0, 32);
  const server = createServer((socket) => socket.destroy());
  return new Promise((resolve, reject) => {
    server.once("error", (error) => {
      if ("code" in error && error.code === "EADDRINUSE") resolve(undefined);
      else reject(error);
    });
    server.listen({ path: `\0mycloud-agent-${name}` }, () => {
      server.unref();
      resolve(() => server.close());
    });
  });
}
