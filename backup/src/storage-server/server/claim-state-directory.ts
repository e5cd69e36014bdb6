import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { InputError } from "../../error/index.ts";

/** A hold on a state directory. */
export interface Claim {
  release(): Promise<void>;
}

/**
 * Makes sure that no other server works on this directory. Throws InputError when one does. What is claimed is a socket in Linux's
 * abstract name space, named by the directory's device and inode: the system takes it back when the process dies, however it dies.
 */
export async function claimStateDirectory(identity: string, directory: string): Promise<Claim> {
  const server: Server = createServer((socket) => socket.destroy());
  server.listen(`\0mycloud-storage ${identity}`);
  try {
    await once(server, "listening");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EADDRINUSE")
      throw new InputError(`another storage server works on ${directory}`);
    throw error;
  }
  server.unref();
  return {
    async release() {
      server.close();
      await once(server, "close");
    },
  };
}
