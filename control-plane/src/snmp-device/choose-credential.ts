import { matchesHost, type SelectableHost } from "@mycloud/protocol/selector";
import { findSecurityFault, type SnmpCredentialInput } from "@mycloud/protocol/snmp";

/**
 * The credential that a device is asked with: the first by name that is enabled, matches it, and can work. One whose secrets do not open, because the master
 * key is another, cannot. Pure.
 */
export function chooseCredential<Credential extends SnmpCredentialInput>(
  host: SelectableHost,
  credentials: readonly Credential[],
): Credential | undefined {
  return credentials
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .find(
      (credential) =>
        credential.isEnabled && findSecurityFault(credential) === null && matchesHost(credential.selector, host),
    );
}
