import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { generatedFiles } from "./generated-files.ts";

// Run: node dashboards/src/generate/write-generated.ts
const directory = fileURLToPath(new URL("../../generated", import.meta.url));
await rm(directory, { recursive: true, force: true });
for (const [name, text] of generatedFiles()) {
  const path = join(directory, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}
