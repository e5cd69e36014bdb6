import type { TsigKeyConfiguration } from "@mycloud/protocol/name-server";
import { type DomainName, lowerName, parseName } from "../name/index.ts";
import type { TsigKey } from "../tsig/index.ts";

/** The keys that messages are signed with, by name. */
export class Keyring {
  readonly #keys = new Map<DomainName, TsigKey>();

  /** Throws NameError. */
  constructor(keys: readonly TsigKeyConfiguration[]) {
    for (const { name, algorithm, secret } of keys) {
      const keyName = lowerName(parseName(name));
      this.#keys.set(keyName, { name: keyName, algorithm, secret: Buffer.from(secret, "base64") });
    }
  }

  /** `name` in lower case. */
  find(name: DomainName): TsigKey | undefined {
    return this.#keys.get(name);
  }

  /** The key of another server (null: messages to it are not signed). A name that no key has is an error: never unsigned instead. */
  forPeer(name: string | null): TsigKey | undefined {
    if (name === null) return undefined;
    const key = this.#keys.get(lowerName(parseName(name)));
    if (key === undefined) throw new MissingKeyError(`there is no TSIG key ${JSON.stringify(name)}`);
    return key;
  }
}

/** A key that the configuration names and does not have. */
export class MissingKeyError extends Error {
  override readonly name = "MissingKeyError";
}
