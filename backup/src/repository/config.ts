import { randomBytes } from "node:crypto";
import { generatePolynomial } from "../chunker/polynomial.ts";
import { DocumentFields } from "../document/index.ts";
import { DamagedError, InputError } from "../error/index.ts";
import type { RepositoryConfig } from "./repository.ts";

const idForm = /^[0-9a-f]{64}$/;
const polynomialForm = /^[0-9a-f]{1,16}$/;

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
  const damaged = (message: string) => new DamagedError("config", `has not the form of one: ${message}`);
  const fields = new DocumentFields(document, damaged);
  const version = fields.wholeNumber("version");
  const id = fields.text("id", { isForm: (text) => idForm.test(text) });
  const chunkerPolynomial = fields.text("chunker_polynomial", { isForm: (text) => polynomialForm.test(text) });
  if (version !== 1 && version !== 2) {
    throw new InputError(`the repository has version ${version} of the format; this program knows 1 and 2`);
  }
  return { version, id, chunkerPolynomial };
}
