// Compiles backup/src/wasm/*.as (AssemblyScript) to the .wasm beside them, which are committed:
//
//   npm run build:wasm
//
// The compiler is a package of its own in this folder, installed here on first use. Each .wasm carries the SHA-256 of its source in a
// custom section, so that a unit test can say when somebody changed one and not the other.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sourceSection } from "../../backup/src/wasm/source-section.ts";

interface Compiler {
  main(
    options: readonly string[],
    files: {
      readFile(name: string, baseDirectory: string): string | null;
      writeFile(name: string, content: Uint8Array | string): void;
    },
  ): Promise<{ readonly error: Error | null; readonly stderr: { toString(): string } }>;
}

const compilerDirectory = import.meta.dirname;
const sourceDirectory = join(import.meta.dirname, "../../backup/src/wasm");

for (const file of readdirSync(sourceDirectory).filter((name) => name.endsWith(".as"))) {
  const name = file.slice(0, -".as".length);
  const source = readFileSync(join(sourceDirectory, file), "utf8");
  const module = withSection(await compile(name, source), sourceSection, createHash("sha256").update(source).digest());
  writeFileSync(join(sourceDirectory, `${name}.wasm`), module);
  console.error(`${name}.wasm: ${module.length} bytes`);
}

async function compile(name: string, source: string): Promise<Uint8Array> {
  const compiler = await loadCompiler();
  let module: Uint8Array | null = null;
  // The compiler knows only the ending .ts; ours keeps the sources out of sight of tools for TypeScript, which they are not quite.
  const { error, stderr } = await compiler.main(
    [
      `${name}.ts`,
      "-o",
      `${name}.wasm`,
      "-O3",
      "--noAssert",
      "--runtime",
      "stub",
      "--enable",
      "simd",
      "--initialMemory",
      "2",
      "--use",
      "abort=",
    ],
    {
      readFile: (asked) => (asked === `${name}.ts` ? source : null),
      writeFile: (_, content) => {
        if (typeof content !== "string") module = content;
      },
    },
  );
  if (error !== null || module === null) throw new Error(`${name}.as does not compile: ${stderr.toString()}`);
  return module;
}

async function loadCompiler(): Promise<Compiler> {
  const entry = join(compilerDirectory, "node_modules/assemblyscript/dist/asc.js");
  if (!existsSync(entry))
    execFileSync("npm", ["ci", "--no-audit", "--no-fund"], { cwd: compilerDirectory, stdio: "inherit" });
  return import(entry);
}

/** The module with one more custom section at its end (WebAssembly core specification, 5.5.3). */
function withSection(module: Uint8Array, name: string, content: Uint8Array): Uint8Array {
  const nameBytes = Buffer.from(name);
  // Both lengths are below 128, so each is one byte of LEB128.
  return Buffer.concat([
    module,
    Buffer.from([0, 1 + nameBytes.length + content.length, nameBytes.length]),
    nameBytes,
    content,
  ]);
}
