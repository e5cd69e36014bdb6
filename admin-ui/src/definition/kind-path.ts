import { storedKinds } from "@mycloud/protocol/definition";
import type { ResourceKind } from "@mycloud/protocol/resource";

const otherPaths = {
  Host: "hosts",
  Check: "checks",
  Service: "services",
  Contact: "contacts",
  NotificationRule: "notification-rules",
  Zone: "dns/zones",
} as const;
/** Kinds whose page is the form. */
const withoutPage = new Set<ResourceKind>(["Check", "Contact", "NotificationRule"]);

/** The name of a kind's resource in the console. Pure. */
export function resourceOf(kind: ResourceKind): string {
  return isOther(kind) ? otherPaths[kind] : storedKinds[kind].path;
}

/** Where a definition is shown. Pure. */
export function pageOf(kind: ResourceKind, id: number): string {
  return `/${resourceOf(kind)}/${id}${withoutPage.has(kind) ? "" : "/show"}`;
}

/** How a sentence calls a kind: `notification rule`. Pure. */
export function kindTitle(kind: ResourceKind): string {
  return kind.replace(/(?<=[a-z])[A-Z]/g, " $&").toLowerCase();
}

function isOther(kind: ResourceKind): kind is keyof typeof otherPaths {
  return Object.hasOwn(otherPaths, kind);
}
