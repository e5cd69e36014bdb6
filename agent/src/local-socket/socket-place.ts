import { open } from "node:fs/promises";
import { basename, dirname } from "node:path";

/** A name for a socket that the kernel takes however long its path is (it allows 107 bytes), until it is closed. Throws what the file system says. */
export async function openSocketPlace(path: string): Promise<{ readonly name: string; close(): Promise<void> }> {
  const directory = await open(dirname(path), "r");
  return { name: `/proc/self/fd/${directory.fd}/${basename(path)}`, close: () => directory.close() };
}
