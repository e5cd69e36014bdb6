import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { rootDirectory } from "./root-directory.ts";

/** The version in the root package.json. */
export function programVersion(root = rootDirectory): string {
  return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(join(root, "package.json"), "utf8"))).version;
}
