import { createHash } from "node:crypto";
import { type DomainName, lowerName } from "../name/index.ts";
import { encodeBase32Hex, OctetReader, recordTypes } from "../record/index.ts";
import type { Zone, ZoneNode } from "../zone/index.ts";
import { rrsetOf } from "./locate.ts";

/** More rounds than this are work for an attacker's sake (RFC 9276 §3.2): such a zone is answered without proofs, which validators take for bogus. */
const maximumIterations = 500;
const sha1 = 1;

/** The hashed names of a zone, in order: a circle, each covering what hashes between it and the next (RFC 5155). */
export class Nsec3Chain {
  readonly #salt: Buffer;
  readonly #iterations: number;
  readonly #zone: Zone;

  /** Undefined for a zone without NSEC3PARAM. */
  static of(zone: Zone): Nsec3Chain | undefined {
    const apex = zone.find(zone.apex);
    for (const rdata of (apex && rrsetOf(apex, recordTypes.NSEC3PARAM)?.rdatas) ?? []) {
      const reader = new OctetReader(Buffer.from(rdata, "latin1"));
      const algorithm = reader.u8();
      reader.u8();
      const iterations = reader.u16();
      if (algorithm === sha1 && iterations <= maximumIterations) {
        return new Nsec3Chain(zone, iterations, reader.bytes(reader.u8()));
      }
    }
    return undefined;
  }

  private constructor(zone: Zone, iterations: number, salt: Buffer) {
    this.#iterations = iterations;
    this.#salt = salt;
    this.#zone = zone;
  }

  /** The record of a name's hash, if there is one. */
  matching(name: DomainName): ZoneNode | undefined {
    const hashed = this.#hash(name);
    const owner = this.#zone.nsec3OwnerAtOrBefore(hashed);
    return owner === hashed ? this.#zone.find(owner) : undefined;
  }

  /** The record whose span a name's hash falls into. */
  covering(name: DomainName): ZoneNode | undefined {
    const owner = this.#zone.nsec3OwnerAtOrBefore(this.#hash(name));
    return owner === undefined ? undefined : this.#zone.find(owner);
  }

  /** The name that a name's NSEC3 record has, in lower case. */
  #hash(name: DomainName): DomainName {
    let digest = createHash("sha1")
      .update(Buffer.from(lowerName(name), "latin1"))
      .update(this.#salt)
      .digest();
    for (let round = 0; round < this.#iterations; round += 1) {
      digest = createHash("sha1").update(digest).update(this.#salt).digest();
    }
    const label = encodeBase32Hex(digest).toLowerCase();
    return (String.fromCharCode(label.length) + label + this.#zone.apex) as DomainName;
  }
}
