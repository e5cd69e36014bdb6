import { createHash } from "node:crypto";
import { realpath } from "node:fs/promises";
import { createServer } from "node:net";

/**
 * Takes the right to be the only agent on a state directory; resolves with what gives it back, or undefined when another has it.
 * It is an abstract Unix socket (unix(7)): the kernel gives it up with the process, also after kill -9.
 */
export async function becomeOnlyInstance(directory: string): Promise<(() => void) | undefined> {
  return await takeName(`mycloud-agent-${await digestOf(directory)}`);
}

/** A short name for a directory, whatever path leads to it. */
export async function digestOf(directory: string): Promise<string> {
  return createHash("sha256")
    .update(await realpath(directory))
    .digest("hex")
    .slice(0, 32);
}

/** Takes a name that one process of this machine has at a time, as `becomeOnlyInstance` does. */
export async function takeName(name: string): Promise<(() => void) | undefined> {
  const server = createServer((socket) => socket.destroy());
  return new Promise((resolve, reject) => {
    server.once("error", (error) => {
      if ("code" in error && error.code === "EADDRINUSE") resolve(undefined);
      else reject(error);
    });
    server.listen({ path: `\0${name}` }, () => {
      server.unref();
      resolve(() => server.close());
    });
  });
}
