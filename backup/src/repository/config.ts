import { randomBytes } from "node:crypto";
import { z } from "zod";
import { generatePolynomial } from "../chunker/index.ts";
import { DamagedError, InputError } from "../error/index.ts";
import type { RepositoryConfig } from "./repository.ts";

const ConfigDocument = z.object({
  version: z.int(),
  id: z.string().regex(/^[0-9a-f]{64}$/),
  chunker_polynomial: z.string().regex(/^[0-9a-f]{1,16}$/),
});

/** A config for a new repository; with `copyChunkerFrom` both cut files alike, so that copying between them adds nothing twice. */
export function createConfig(options: {
  readonly version?: 1 | 2 | undefined;
  readonly copyChunkerFrom?: RepositoryConfig | undefined;
}): RepositoryConfig {
  return {
    version: options.version ?? 2,
    id: randomBytes(32).toString("hex"),
    chunkerPolynomial: options.copyChunkerFrom?.chunkerPolynomial ?? generatePolynomial(),
  };
}

/** The JSON of a config, as restic has it. */
export function encodeConfig(config: RepositoryConfig): Buffer {
  const { version, id, chunkerPolynomial } = config;
  return Buffer.from(JSON.stringify({ version, id, chunker_polynomial: chunkerPolynomial }));
}

/** Reads the JSON of a config. Throws DamagedError for another form, InputError for a version of the format that is newer than this program. */
export function decodeConfig(document: unknown): RepositoryConfig {
  const parsed = ConfigDocument.safeParse(document);
  if (!parsed.success) throw new DamagedError("config", `has not the form of one: ${z.prettifyError(parsed.error)}`);
  const { version, id, chunker_polynomial: chunkerPolynomial } = parsed.data;
  if (version !== 1 && version !== 2) {
    throw new InputError(`the repository has version ${version} of the format; this program knows 1 and 2`);
  }
  return { version, id, chunkerPolynomial };
}
