import { createHash } from "node:crypto";
import { realpath } from "node:fs/promises";
import { createServer } from "node:net";
import { StartError } from "./exit-code.ts";

/**
 * Makes sure that one name server alone writes to a directory, by an abstract socket (unix(7)) of its name: the kernel takes it back with the process,
 * however that ends. Rejects with StartError where another one runs; the result lets go.
 */
export async function lockDirectory(directory: string): Promise<() => void> {
  const path = await realpath(directory);
  const name = createHash("sha256").update(path).digest("hex").slice(0, 32);
  const server = createServer((socket) => socket.destroy());
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen({ path: `\0mycloud-dns-${name}` }, resolve);
    });
  } catch (error) {
    throw new StartError(
      "addressInUse",
      `a name server runs already with ${directory}; choose another with --state-dir`,
      error,
    );
  }
  server.unref();
  return () => server.close();
}
