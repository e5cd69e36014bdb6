import { readFileSync } from "node:fs";
import { join } from "node:path";
import { rootDirectory } from "./root-directory.ts";

/** The version in the root package.json. */
export function programVersion(root = rootDirectory): string {
  const document: unknown = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const isObject = typeof document === "object" && document !== null;
  if (isObject && "version" in document && typeof document.version === "string") return document.version;
  throw new TypeError(`${join(root, "package.json")} names no version`);
}
