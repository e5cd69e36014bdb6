import { type DomainName, lowerName, parseName } from "../name/index.ts";

/** The algorithms that keys may have (RFC 8945 §6), by their names without the dot at the end. */
export const tsigAlgorithms = {
  "hmac-sha1": "sha1",
  "hmac-sha224": "sha224",
  "hmac-sha256": "sha256",
  "hmac-sha384": "sha384",
  "hmac-sha512": "sha512",
} as const;
export type TsigAlgorithm = keyof typeof tsigAlgorithms;

/** A secret that two servers share, under a name that both know. */
export interface TsigKey {
  /** In lower case. */
  readonly name: DomainName;
  readonly algorithm: TsigAlgorithm;
  readonly secret: Buffer;
}

/** An algorithm by its name on the wire, in any case; undefined for one that is not known. */
export function algorithmOf(name: DomainName): TsigAlgorithm | undefined {
  const wanted = lowerName(name);
  return algorithms.find((algorithm) => parseName(algorithm) === wanted);
}

const algorithms = Object.keys(tsigAlgorithms).filter((name): name is TsigAlgorithm => name in tsigAlgorithms);
