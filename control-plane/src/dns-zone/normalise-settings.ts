import { type DomainName, formatName, parseName } from "@mycloud/dns/name";
import type { ZoneSettings } from "@mycloud/protocol/dns-zone";
import { InputError } from "../error/index.ts";
import { parseOrRefuse, type ZoneName } from "./zone-name.ts";

/**
 * A zone's settings with all names in full, and what its SOA record left open filled in: the first name server, and hostmaster at the zone. Throws
 * InputError.
 */
export function normaliseSettings(
  settings: ZoneSettings,
  zone: ZoneName,
  kind: "primary" | "secondary",
  nameServers: readonly string[],
): ZoneSettings {
  const { authority } = settings;
  if (kind === "secondary" && settings.primaries.length === 0) {
    const message = "is empty; a secondary zone is fetched from its primaries";
    throw new InputError(`primaries ${message}`, [{ field: "primaries", message }]);
  }
  if (kind === "primary" && settings.primaries.length > 0) {
    const message = "is for secondary zones; the records of this one are defined here";
    throw new InputError(`primaries ${message}`, [{ field: "primaries", message }]);
  }
  const primaryNameServer = authority.primaryNameServer ?? nameServers[0] ?? zone.text;
  return {
    ...settings,
    authority: {
      ...authority,
      primaryNameServer: formatName(parseOrRefuse(primaryNameServer, "authority.primaryNameServer")),
      hostmaster: formatName(readHostmaster(authority.hostmaster, zone)),
    },
    updatePolicy: settings.updatePolicy.map((grant, index) => ({
      ...grant,
      key: grant.key === "*" ? "*" : keyName(grant.key, `updatePolicy.${index}.key`),
      name: grant.name === null ? null : formatName(parseOrRefuse(grant.name, `updatePolicy.${index}.name`, zone.apex)),
    })),
  };
}

/** A mail address becomes a name: dots before the @ belong to the first label (RFC 1035 §8). */
function readHostmaster(text: string | null, zone: ZoneName): DomainName {
  if (text === null) return parseName("hostmaster", zone.apex);
  const at = text.lastIndexOf("@");
  if (at < 0) return parseOrRefuse(text, "authority.hostmaster");
  const local = text.slice(0, at).replace(/[.\\]/g, "\\$&");
  return parseOrRefuse(`${local}.${text.slice(at + 1)}`, "authority.hostmaster");
}

/** Names of keys are compared without the dot at their end, in lower case. */
function keyName(text: string, field: string): string {
  return formatName(parseOrRefuse(text.toLowerCase(), field)).slice(0, -1);
}
