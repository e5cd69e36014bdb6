import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { matchesHost, type SelectableHost } from "@mycloud/protocol/selector";
import { findSecurityFault, type SnmpCredentialInput } from "@mycloud/protocol/snmp";
import { compileSnmpUser, type SnmpUser } from "../snmp-message/index.ts";

/** Who may send traps: the enabled credentials that could work. */
export interface TrapSenders {
  /** The credentials that have a community, compared in a time that tells nothing. */
  withCommunity(community: Buffer): readonly SnmpCredentialInput[];
  readonly users: readonly SnmpUser[];
  credentialOf(user: SnmpUser): SnmpCredentialInput | undefined;
}

export function compileTrapSenders(credentials: readonly SnmpCredentialInput[]): TrapSenders {
  const working = credentials
    .filter((credential) => credential.isEnabled && findSecurityFault(credential) === null)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  // Digests have one length, and nobody outside knows the key: how long comparing takes says nothing about any community.
  const key = randomBytes(32);
  const digest = (community: Buffer | string) => createHmac("sha256", key).update(community).digest();
  const communities = working
    .filter(({ version }) => version !== "3")
    .map((credential) => ({ credential, digest: digest(credential.community ?? "") }));
  const byUser = new Map<SnmpUser, SnmpCredentialInput>();
  for (const credential of working) {
    const user = compileSnmpUser(credential);
    if (user !== null) byUser.set(user, credential);
  }
  return {
    withCommunity(community) {
      const sent = digest(community);
      return communities.filter((known) => timingSafeEqual(known.digest, sent)).map(({ credential }) => credential);
    },
    users: [...byUser.keys()],
    credentialOf: (user) => byUser.get(user),
  };
}

/** Whether one of the credentials is for the host: that of another device does not speak for it. Pure. */
export function mayBeOf(credentials: readonly SnmpCredentialInput[], host: SelectableHost): boolean {
  return credentials.some(({ selector }) => matchesHost(selector, host));
}
