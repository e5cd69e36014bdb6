import type { DiscoveredKind, DiscoveredThing } from "@mycloud/protocol/service-proposal";

/** What a finder says of a thing. */
export interface FoundThing {
  readonly kind: DiscoveredKind;
  readonly key: string;
  readonly title: string;
  readonly serviceName: string;
  readonly command: string;
  readonly arguments: readonly string[];
  readonly checkIntervalSeconds?: number;
}

/** Characters that no service may have in its name. */
const illegal = /[`~!$%^&*|'"<>?,()=;\p{Cc}]/gu;

/** A found thing as it is proposed: its name one that a service may have, its arguments free of macros. Null where its key is too long. Pure. */
export function proposedThing(found: FoundThing): DiscoveredThing | null {
  const { kind, key, title, command } = found;
  if (key === "" || key.length > 255 || !key.isWellFormed()) return null;
  const serviceName = found.serviceName.replace(illegal, "_").slice(0, 120).trim();
  return {
    kind,
    key,
    title: title.slice(0, 255),
    check: {
      serviceName,
      command,
      // A `$` in a mount point begins no macro.
      arguments: found.arguments.map((argument) => argument.replaceAll("$", "$$$$")),
      checkIntervalSeconds: found.checkIntervalSeconds ?? 60,
    },
  };
}
