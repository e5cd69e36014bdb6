// Writes the pages of docs/ that are made from the program.
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { generatedPages } from "./documentation/index.ts";

for (const { path, make } of generatedPages) {
  await writeFile(fileURLToPath(new URL(`../${path}`, import.meta.url)), make());
  console.log(path);
}
