import type { AccessRule } from "@mycloud/protocol/dns-zone";
import { type DomainName, lowerName, parseName } from "../name/index.ts";
import { PrefixSet } from "./prefix-set.ts";

/** Who may do something: a list of rules, any of which is enough. */
export class AccessList {
  readonly #rules: readonly { readonly prefixes: PrefixSet; readonly key: DomainName | undefined }[];
  /** Whether everybody may: then nobody need be looked at. */
  readonly isOpen: boolean;

  /** Throws PrefixError and NameError. */
  constructor(rules: readonly AccessRule[]) {
    this.#rules = rules.map(({ prefixes, key }) => ({
      prefixes: new PrefixSet(prefixes),
      key: key === null ? undefined : lowerName(parseName(key)),
    }));
    this.isOpen = this.#rules.some(({ prefixes, key }) => key === undefined && prefixes.isEverything);
  }

  /** `address`: 4 or 16 octets. `key`: what the message was signed with, its signature having held. */
  allows(address: Uint8Array, key: DomainName | undefined): boolean {
    return (
      this.isOpen ||
      this.#rules.some((rule) => (rule.key === undefined || rule.key === key) && rule.prefixes.has(address))
    );
  }
}
