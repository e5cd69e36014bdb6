import type { ViewedObject } from "../../status-view/index.ts";

/** Replaces the macros that stand in notes and links: names, address, state, custom variables. Unknown ones stay as they are. Pure. */
export function expandMacros(text: string | null, object: ViewedObject): string {
  if (text === null) return "";
  if (!text.includes("$")) return text;
  const host = object.kind === "host" ? object : object.host;
  const service = object.kind === "service" ? object : undefined;
  return text.replaceAll(/\$([A-Z0-9_]{1,80})\$/g, (macro, name: string) => {
    if (name.startsWith("_HOST")) return host.settings.variables[name.slice(5)] ?? macro;
    if (name.startsWith("_SERVICE")) return service?.settings.variables[name.slice(8)] ?? macro;
    switch (name) {
      case "HOSTNAME":
        return host.name;
      case "HOSTALIAS":
      case "HOSTDISPLAYNAME":
        return host.displayName ?? host.name;
      case "HOSTADDRESS":
        return host.address ?? host.name;
      case "SERVICEDESC":
      case "SERVICEDISPLAYNAME":
        return service?.name ?? macro;
      case "HOSTGROUPNAME":
        return host.groups[0] ?? "";
      default:
        return macro;
    }
  });
}
