/**
 * The name of a host in a zone, relative to it, by a registration's template; null where nothing of it can be in a name. What domain names of hosts do not
 * have (RFC 1123) becomes a hyphen. Pure.
 *
 * @example hostOwnerName("$name", "web1.dc.example.org", "example.org.") // "web1.dc"
 * @example hostOwnerName("$label.hosts", "DB 1.example.net", "example.org.") // "db-1.hosts"
 */
export function hostOwnerName(template: string, hostName: string, zoneName: string): string | null {
  const labels = hostName
    .toLowerCase()
    .replace(/\.$/, "")
    .split(".")
    .map((label) =>
      label
        .replace(/[^a-z0-9-]+/g, "-")
        .slice(0, 63)
        .replace(/^-+|-+$/g, ""),
    );
  const [label = ""] = labels;
  if (labels.includes("")) return null;
  const whole = `${labels.join(".")}.`;
  if (whole === zoneName) return template === "$name" ? "@" : null;
  const name = whole.endsWith(`.${zoneName}`) ? whole.slice(0, -zoneName.length - 1) : label;
  // An address as a host's name makes no label that means anything: 192.0.2.1 would be "192".
  if (/^\d+(\.\d+){3}\.$/.test(whole)) return null;
  const owner = template
    .replaceAll("$name", () => name)
    .replaceAll("$label", () => label)
    .toLowerCase();
  const isName = owner.split(".").every((each) => /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/.test(each));
  return isName && owner.length + zoneName.length < 250 ? owner : null;
}
