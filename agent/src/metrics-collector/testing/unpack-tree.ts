import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { testDirectory } from "../../agent/testing/test-directory.ts";
import type { CollectorPlaces } from "../collector.ts";

/** Lays a recorded machine out as files: one file a machine is easier to read and to review than four hundred. */
export function unpackTree(name: string): CollectorPlaces {
  const root = testDirectory();
  const text = readFileSync(fileURLToPath(new URL(`../fixtures/${name}.tree`, import.meta.url)), "utf8");
  for (const piece of text.split(/^==> /m).slice(1)) {
    const end = piece.indexOf("\n");
    const path = join(root, piece.slice(0, end));
    const content = piece.slice(end + 1);
    mkdirSync(dirname(path), { recursive: true });
    if (content.startsWith("-> ")) symlinkSync(content.slice(3).trim(), path);
    else writeFileSync(path, content);
  }
  return { procRoot: join(root, "proc"), sysRoot: join(root, "sys"), root, udevRoot: join(root, "run/udev/data") };
}
